//! Numbers to bytes and back: LEB128, and ascending features as their differences in it.
//!
//! A number is written in groups of seven bits, the lowest first, the highest bit of a byte saying that more follow: 300 is
//! `ac 02`. Of ascending numbers the first is stored as it is, each further one as its difference to the one before.
//!
//! [`VERSION`] covers these bytes and everything else that the index stores; a memory with another one is indexed anew.

use crate::text::feature::{Features, Key};
use crate::text::fold::FOLD_VERSION;
use crate::text::gram::Gram;
use crate::text::stems::STEM_VERSION;

/// The version of the index: of its bytes (the last two digits), of the stems that its keys are taken on (two digits
/// more) and of the folding.
pub const VERSION: u32 = (FOLD_VERSION * 100 + STEM_VERSION) * 100 + 2;

/// Appends `value` to `out`.
pub fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// The number at the head of `bytes`, which is moved on behind it. `None` at the end and for bytes that [`put`] does
/// not make.
pub fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for (i, &byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7F) << (7 * i);
        if byte < 0x80 {
            *bytes = &bytes[i + 1..];
            return Some(value);
        }
    }
    None
}

/// The bytes of a segment's features: one more than the key, or 0 where there is none, then the grams.
pub fn encode_features(features: &Features) -> Vec<u8> {
    let mut out = Vec::with_capacity(features.grams.len() * 5 + 5);
    put(
        &mut out,
        features.key.map_or(0, |Key(key)| u64::from(key) + 1),
    );
    let mut previous = 0;
    for &gram in &features.grams {
        debug_assert!(gram >= previous);
        put(&mut out, gram - previous);
        previous = gram;
    }
    out
}

/// The features that [`encode_features`] made bytes of. Damaged bytes give other features, never a panic.
pub fn decode_features(mut bytes: &[u8]) -> Features {
    let key = take(&mut bytes).and_then(|key| key.checked_sub(1));
    let mut grams = Vec::with_capacity(bytes.len() / 4);
    let mut previous: Gram = 0;
    while let Some(delta) = take(&mut bytes) {
        previous = previous.wrapping_add(delta);
        grams.push(previous);
    }
    Features {
        grams,
        key: key.map(|key| Key(key as u32)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn features_come_back(mut grams in proptest::collection::vec(any::<u64>(), 0..200), key in any::<Option<u32>>()) {
            grams.sort_unstable();
            let features = Features { grams, key: key.map(Key) };
            prop_assert_eq!(decode_features(&encode_features(&features)), features);
        }

        #[test]
        fn any_bytes_are_read_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert!(decode_features(&bytes).grams.len() <= bytes.len());
        }
    }
}
