//! The stems of a segment's words, as they come and as a set.

use super::token::{Analyzed, TokenKind};

/// The stems of a segment's words, in their order.
pub fn words<'a>(segment: &'a Analyzed<'_>) -> Vec<&'a str> {
    let words = segment
        .tokens()
        .iter()
        .filter(|token| token.kind == TokenKind::Word);
    words.map(|token| segment.stem(token)).collect()
}

/// The distinct stems among them, in alphabetical order.
pub fn stem_set(mut stems: Vec<&str>) -> Vec<&str> {
    stems.sort_unstable();
    stems.dedup();
    stems
}

/// The distinct stems of a segment's words, in alphabetical order.
pub fn stems<'a>(segment: &'a Analyzed<'_>) -> Vec<&'a str> {
    stem_set(words(segment))
}
