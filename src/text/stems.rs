//! The words of a segment without what is attached to them, as a set of stems.

use super::token::Analyzed;

/// The version of the stems. Raised with every change after which some word has another one; a memory whose index was made
/// under another version is indexed anew, and its lexicon learned anew.
pub const STEM_VERSION: u32 = 2;

/// The distinct stems of a segment's words, in alphabetical order.
pub fn stems<'a>(segment: &'a Analyzed<'_>) -> Vec<&'a str> {
    // Most stems are told apart by the first eight bytes, as one number.
    let head = |stem: &str| {
        let mut head = [0; 8];
        let len = stem.len().min(head.len());
        head[..len].copy_from_slice(&stem.as_bytes()[..len]);
        u64::from_be_bytes(head)
    };
    let mut stems: Vec<(u64, &str)> = Vec::with_capacity(segment.tokens().len());
    stems.extend(segment.words().map(|token| {
        let stem = segment.stem(token);
        (head(stem), stem)
    }));
    stems.sort_unstable();
    stems.dedup();
    stems.iter().map(|&(_, stem)| stem).collect()
}
