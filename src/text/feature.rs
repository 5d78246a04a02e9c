//! What a segment is found by: its grams, and the key of its stems.
//!
//! The grams ([`super::gram`]) carry the score. The *key* is one number for the set of stems of the segment's words: segments
//! that differ in clitics, endings, order and punctuation alone share it, however few of their grams are the same, as
//! `حفظ` and `الحفظ`. Two sets of stems share a key by chance once in 2³²; that costs a comparison and loses nothing.

use super::gram::{Gram, grams};
use super::stems::stems;
use super::token::Analyzed;
use crate::hash::fnv1a;

/// The key of a set of stems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub u32);

/// What a segment is found by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// Its grams, ascending, none twice.
    pub grams: Vec<Gram>,
    /// The key of its stems; `None` for a segment without a word.
    pub key: Option<Key>,
}

impl Features {
    /// The features of a segment.
    pub fn of(segment: &Analyzed<'_>) -> Self {
        Self {
            grams: grams(segment),
            key: key(segment),
        }
    }
}

/// The key of a segment's stems; `None` for one without a word.
pub fn key(segment: &Analyzed<'_>) -> Option<Key> {
    let stems = stems(segment);
    if stems.is_empty() {
        return None;
    }
    // A stem ends with a byte that no text has.
    let hash = fnv1a(stems.iter().flat_map(|stem| stem.bytes().chain([0xFF])));
    Some(Key((hash ^ hash >> 32) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_stems_have_the_same_key() {
        let of = |text: &str| key(&Analyzed::new(text));
        assert_eq!(of("حفظ"), of("والحفظ!"));
        assert_eq!(of("The files: open"), of("open the file"));
        assert_ne!(of("حفظ"), of("حذف"));
        assert_ne!(of("a bc"), of("ab c"));
        assert_eq!(of("12:30?"), None);
    }
}
