//! The stems of a segment's words as a set.

use super::token::{Analyzed, TokenKind};

/// The distinct stems of a segment's words, in order.
pub fn stems<'a>(segment: &'a Analyzed<'_>) -> Vec<&'a str> {
    let words = segment
        .tokens()
        .iter()
        .filter(|token| token.kind == TokenKind::Word);
    let mut stems: Vec<&str> = words.map(|token| segment.stem(token)).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}
