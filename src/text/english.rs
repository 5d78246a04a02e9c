//! The light stem of an English word.

use std::ops::Range;

/// The part of a folded English word that its other forms share, as a byte range of `word`. Never empty.
pub fn stem(word: &str) -> Range<usize> {
    0..word.len()
}
