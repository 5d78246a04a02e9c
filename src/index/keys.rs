//! The keys of a run's members ([`crate::text::feature`]) as rows: which members have a key.
//!
//! Nearly every member has a key of its own, so that a list for each would be mostly row. Instead the pairs of key and
//! ordinal are put in order and cut into rows by the highest bits of the key, about [`ROW_MEMBERS`] to a row: for each
//! pair the difference of its key to the one before, and its ordinal. About five bytes a member.
//!
//! Worked example: a run of 500 members has four rows. The keys `0x8000_0005`, twice, and `0x8000_0105` of the ordinals
//! 7, 300 and 9 stand in row 2, as the differences and ordinals `5 7 0 300 256 9` behind its least key `0x8000_0000`.

use super::codec;
use crate::text::feature::Key;

/// About how many members share a row.
pub const ROW_MEMBERS: u32 = 128;

/// Which row of a run with so many members a key stands in, from 0.
pub fn row_of(key: Key, members: u32) -> u32 {
    ((u64::from(key.0) * rows(members)) >> 32) as u32
}

/// How many rows there are; a power of two, so that a row has the keys with the same highest bits.
pub fn rows(members: u32) -> u64 {
    u64::from((members / ROW_MEMBERS).max(1)).next_power_of_two()
}

/// The rows of ascending pairs of key and ordinal, each with its number; rows without a pair are left out.
pub fn encode(pairs: &[(Key, u32)], members: u32) -> impl Iterator<Item = (u32, Vec<u8>)> {
    let same_row =
        move |a: &(Key, u32), b: &(Key, u32)| row_of(a.0, members) == row_of(b.0, members);
    pairs.chunk_by(same_row).map(move |pairs| {
        let row = row_of(pairs[0].0, members);
        let mut out = Vec::with_capacity(pairs.len() * 6);
        let mut previous = least_of(row, members);
        for &(Key(key), ordinal) in pairs {
            codec::put(&mut out, u64::from(key) - previous);
            codec::put(&mut out, u64::from(ordinal));
            previous = u64::from(key);
        }
        (row, out)
    })
}

/// The pairs of a row, ascending. Damaged bytes give other pairs or an early end, never a panic.
pub fn decode(row: u32, members: u32, mut bytes: &[u8]) -> impl Iterator<Item = (Key, u32)> {
    let mut key = least_of(row, members);
    std::iter::from_fn(move || {
        let (step, ordinal) = (codec::take(&mut bytes)?, codec::take(&mut bytes)?);
        key = key.wrapping_add(step);
        Some((Key(key as u32), ordinal as u32))
    })
}

/// The least key that stands in a row.
fn least_of(row: u32, members: u32) -> u64 {
    (u64::from(row) << 32) / rows(members)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_worked_example() {
        let pairs = [
            (Key(0x8000_0005), 7),
            (Key(0x8000_0005), 300),
            (Key(0x8000_0105), 9),
        ];
        let rows: Vec<_> = encode(&pairs, 500).collect();
        assert_eq!(rows, [(2, vec![5, 7, 0, 0xAC, 0x02, 0x80, 0x02, 9])]);
    }

    proptest! {
        #[test]
        fn pairs_come_back_from_their_rows(
            mut pairs in proptest::collection::vec((any::<u32>().prop_map(Key), any::<u32>()), 0..300),
            members in 0..100_000_u32,
        ) {
            pairs.sort_unstable();
            let mut back = Vec::new();
            for (row, bytes) in encode(&pairs, members) {
                for (key, ordinal) in decode(row, members, &bytes) {
                    prop_assert_eq!(row_of(key, members), row);
                    back.push((key, ordinal));
                }
            }
            prop_assert_eq!(back, pairs);
        }

        #[test]
        fn any_bytes_are_read_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..100), row in any::<u32>()) {
            prop_assert!(decode(row, 9, &bytes).count() <= bytes.len());
        }
    }
}
