//! Ascending numbers to bytes and back: differences as LEB128.
//!
//! The first number is stored as it is, each further one as its difference to the one before, in groups of seven bits,
//! the lowest first. `[3, 4, 300]` is `03 01 a8 02`. Postings take about 1.2 bytes each.
//!
//! [`VERSION`] covers these bytes and everything that is put into them; a memory with another one is indexed anew.

use crate::text::fold::FOLD_VERSION;
use crate::text::gram::Gram;

/// The version of the index: of its bytes (the last two digits) and of the folding that its features are taken on.
pub const VERSION: u32 = FOLD_VERSION * 100 + 1;

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

/// The bytes of an ascending list.
pub fn encode(ascending: &[u32]) -> Vec<u8> {
    let mut out = Vec::with_capacity(ascending.len() + ascending.len() / 4 + 4);
    let mut previous = 0;
    for &value in ascending {
        debug_assert!(value >= previous);
        put(&mut out, u64::from(value - previous));
        previous = value;
    }
    out
}

/// The list that [`encode`] made bytes of. Damaged bytes give other numbers or an early end, never a panic.
pub fn decode(mut bytes: &[u8]) -> impl Iterator<Item = u32> {
    let mut previous = 0_u32;
    std::iter::from_fn(move || {
        // Nearly all differences are below 128.
        let delta = match bytes {
            [byte, rest @ ..] if *byte < 0x80 => {
                bytes = rest;
                u32::from(*byte)
            }
            _ => take(&mut bytes)? as u32,
        };
        previous = previous.wrapping_add(delta);
        Some(previous)
    })
}

/// The bytes of an ascending list of features.
pub fn encode_features(ascending: &[Gram]) -> Vec<u8> {
    let mut out = Vec::with_capacity(ascending.len() * 5);
    let mut previous = 0;
    for &gram in ascending {
        debug_assert!(gram >= previous);
        put(&mut out, gram - previous);
        previous = gram;
    }
    out
}

/// The features that [`encode_features`] made bytes of. Damaged bytes give other features, never a panic.
pub fn decode_features(mut bytes: &[u8]) -> Vec<Gram> {
    let mut out = Vec::with_capacity(bytes.len() / 4);
    let mut previous: Gram = 0;
    while let Some(delta) = take(&mut bytes) {
        previous = previous.wrapping_add(delta);
        out.push(previous);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_worked_example() {
        assert_eq!(encode(&[3, 4, 300]), [0x03, 0x01, 0xA8, 0x02]);
    }

    proptest! {
        #[test]
        fn decoding_gives_back_what_was_encoded(mut list in proptest::collection::vec(any::<u32>(), 0..200)) {
            list.sort_unstable();
            prop_assert_eq!(decode(&encode(&list)).collect::<Vec<_>>(), list);
        }

        #[test]
        fn features_come_back(mut list in proptest::collection::vec(any::<u64>(), 0..200)) {
            list.sort_unstable();
            prop_assert_eq!(decode_features(&encode_features(&list)), list);
        }

        #[test]
        fn any_bytes_are_read_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert!(decode(&bytes).count() <= bytes.len());
        }
    }
}
