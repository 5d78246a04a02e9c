//! The words of a segment without what is attached to them: without proclitics, and as a set of stems.

use super::token::{Analyzed, TokenKind};

/// The folded words of a segment without their conjunctions, prepositions and article, in their order. Where two
/// segments have the same, they have the same stems.
pub fn bare_words<'a>(segment: &'a Analyzed<'_>) -> Vec<&'a str> {
    let words = segment
        .tokens()
        .iter()
        .filter(|token| token.kind == TokenKind::Word);
    words
        .map(|token| segment.without_proclitics(token))
        .collect()
}

/// The distinct stems of a segment's words, in alphabetical order.
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
