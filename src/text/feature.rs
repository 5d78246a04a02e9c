//! What a segment is found by: its grams, and the key of its stems.
//!
//! The grams ([`super::gram`]) carry the score. The *key* is one number for the set of stems of the segment's words: segments
//! that differ in clitics, endings, order and punctuation alone share it, however few of their grams are the same, as
//! `حفظ` and `الحفظ`. Two sets of stems share a key by chance once in 2⁶¹; that costs a comparison and loses nothing.

use super::gram::{Gram, grams};
use super::stems::stems;
use super::token::Analyzed;

/// Keys are at least this, grams below it. Below 2⁶³ with all keys, so that each is a positive number in a database.
pub const KEYS: Gram = 1 << 62;

/// The features of a segment in ascending order: its grams and, where it has a word, its key, which is the last.
pub fn features(segment: &Analyzed<'_>) -> Vec<Gram> {
    let mut features = grams(segment);
    features.extend(key(segment));
    features
}

/// The grams among features.
pub fn grams_of(features: &[Gram]) -> &[Gram] {
    match features {
        [grams @ .., last] if *last >= KEYS => grams,
        all => all,
    }
}

/// The key of a segment's stems; `None` for a segment without a word.
pub fn key(segment: &Analyzed<'_>) -> Option<Gram> {
    let stems = stems(segment);
    if stems.is_empty() {
        return None;
    }
    // FNV-1a, the same on every machine; a stem ends with a byte that no text has.
    let bytes = stems.iter().flat_map(|stem| stem.bytes().chain([0xFF]));
    let hash = bytes.fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    Some(KEYS + (hash >> 2) % KEYS)
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

    #[test]
    fn the_key_is_behind_the_grams() {
        let segment = Analyzed::new("كتاب");
        let all = features(&segment);
        assert_eq!(grams_of(&all), grams(&segment));
        assert_eq!(all.last().copied(), key(&segment));
        assert!(i64::try_from(all[all.len() - 1]).is_ok());
        assert_eq!(grams_of(&[]), &[] as &[Gram]);
    }
}
