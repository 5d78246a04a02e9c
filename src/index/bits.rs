//! Ascending numbers as bits: the gaps between them in Rice code.
//!
//! A gap `g` is written as `g >> r` zeros, a one, and the lowest `r` bits of `g` (Rice 1979); `r` is chosen for the list
//! so that about half of the gaps need no zero. A posting takes about `log2(1 / density) + 1.5` bits, and in a list that
//! holds most units, where `r` is 0, the code is a bitmap. Bits are filled in from the lowest of each byte.
//!
//! Worked example: `[3, 4, 9]` from 0 has the gaps 3, 0 and 4 (numbers between neighbours), their mean is 2.3, `r` is 1:
//! `01 1`, `1 0`, `001 0` in the order of writing, behind a byte that holds `r`: `01 8e 00`.

/// The code of ascending numbers, none below `base` and none twice.
pub fn encode(ascending: &[u32], base: u32) -> Vec<u8> {
    let (Some(last), count) = (ascending.last(), ascending.len() as u64) else {
        return Vec::new();
    };
    // Of geometrically distributed gaps the best parameter is log2 of ln 2 times their mean (Kiely 2004).
    let between = u64::from(last - base + 1) - count;
    let r = (between * 69 / (count * 100))
        .checked_ilog2()
        .map_or(0, |r| r + 1)
        .min(MOST_LOW_BITS);
    let mut writer = Writer {
        out: vec![r as u8],
        bits: 0,
        len: 0,
    };
    let mut next = base;
    for &number in ascending {
        let gap = number - next;
        next = number + 1;
        writer.zeros(gap >> r);
        writer.put(1 | u64::from(gap & ((1 << r) - 1)) << 1, 1 + r);
    }
    writer.finish()
}

/// Hands the first `count` numbers that [`encode`] made bytes of to `visit`. Damaged bytes give other numbers or fewer,
/// never a panic.
pub fn decode(bytes: &[u8], count: u32, base: u32, mut visit: impl FnMut(u32)) {
    let Some((&r, bytes)) = bytes.split_first() else {
        return;
    };
    let r = u32::from(r).min(MOST_LOW_BITS);
    let mut reader = Reader { bytes, at: 0 };
    let mut next = base;
    for _ in 0..count {
        let Some(gap) = reader.gap(r) else {
            return;
        };
        let number = next.wrapping_add(gap);
        next = number.wrapping_add(1);
        visit(number);
    }
}

/// Gaps are below 2³², so that more low bits would be no use.
const MOST_LOW_BITS: u32 = 31;

struct Writer {
    out: Vec<u8>,
    bits: u64,
    len: u32,
}

impl Writer {
    /// Appends the lowest `len` bits of `bits`, 32 at most; the others must be zero.
    fn put(&mut self, bits: u64, len: u32) {
        self.bits |= bits << self.len;
        self.len += len;
        if self.len >= 32 {
            self.out
                .extend_from_slice(&(self.bits as u32).to_le_bytes());
            self.bits >>= 32;
            self.len -= 32;
        }
    }

    fn zeros(&mut self, mut count: u32) {
        while count > 31 {
            self.put(0, 31);
            count -= 31;
        }
        self.put(0, count);
    }

    fn finish(mut self) -> Vec<u8> {
        let bytes = self.len.div_ceil(8) as usize;
        self.out
            .extend_from_slice(&self.bits.to_le_bytes()[..bytes]);
        self.out
    }
}

struct Reader<'b> {
    bytes: &'b [u8],
    /// How many bits are behind.
    at: usize,
}

/// As many of the bits ahead are sure to be seen at once.
const AHEAD: u32 = 57;

impl Reader<'_> {
    /// The bits ahead, the next one lowest; zeros behind the end.
    #[inline]
    fn ahead(&self) -> u64 {
        let rest = self.bytes.get(self.at / 8..).unwrap_or_default();
        let word = match rest.first_chunk() {
            Some(&eight) => u64::from_le_bytes(eight),
            None => last_word(rest),
        };
        word >> (self.at % 8)
    }

    /// The next gap; `None` at the end.
    #[inline]
    fn gap(&mut self, r: u32) -> Option<u32> {
        let ahead = self.ahead();
        let zeros = ahead.trailing_zeros();
        let len = zeros + 1 + r;
        if len > AHEAD {
            return self.long_gap(r);
        }
        self.at += len as usize;
        Some(low_bits(ahead >> (zeros + 1), r) | zeros << r)
    }

    /// The next gap, however many zeros it begins with.
    #[cold]
    fn long_gap(&mut self, r: u32) -> Option<u32> {
        let mut high = 0_u32;
        loop {
            let zeros = self.ahead().trailing_zeros();
            if zeros < AHEAD {
                self.at += zeros as usize + 1;
                high = high.wrapping_add(zeros);
                break;
            }
            high = high.wrapping_add(AHEAD);
            self.at += AHEAD as usize;
            if self.at >= self.bytes.len() * 8 {
                return None;
            }
        }
        let low = low_bits(self.ahead(), r);
        self.at += r as usize;
        Some((high << r).wrapping_add(low))
    }
}

/// The lowest `r` bits, 31 at most.
#[inline]
fn low_bits(bits: u64, r: u32) -> u32 {
    bits as u32 & ((1 << r) - 1)
}

/// Fewer than eight bytes as the lowest ones of a word.
#[cold]
fn last_word(rest: &[u8]) -> u64 {
    let mut eight = [0; 8];
    eight[..rest.len()].copy_from_slice(rest);
    u64::from_le_bytes(eight)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(bytes: &[u8], count: usize, base: u32) -> Vec<u32> {
        let mut out = Vec::new();
        decode(bytes, count as u32, base, |number| out.push(number));
        out
    }

    #[test]
    fn the_worked_example() {
        let bytes = encode(&[3, 4, 9], 0);
        assert_eq!(bytes, [1, 0b1000_1110, 0]);
        assert_eq!(decoded(&bytes, 3, 0), [3, 4, 9]);
    }

    #[test]
    fn a_full_list_is_a_bitmap() {
        let all: Vec<u32> = (64..64 + 800).collect();
        assert_eq!(encode(&all, 64).len(), 1 + 100);
    }

    #[test]
    fn a_gap_may_be_longer_than_what_is_read_at_once() {
        let mut list: Vec<u32> = (0..2_000).collect();
        list.extend([2_056, 2_057, 2_115, 2_300, 1 << 20]);
        assert_eq!(decoded(&encode(&list, 0), list.len(), 0), list);
    }

    proptest! {
        #[test]
        fn decoding_gives_back_what_was_encoded(
            set in prop_oneof![
                proptest::collection::btree_set(0..2_000_u32, 0..500),
                proptest::collection::btree_set(any::<u32>().prop_map(|n| n / 2), 0..50),
            ],
            below in 0..100_u32,
        ) {
            let list: Vec<u32> = set.into_iter().collect();
            let base = list.first().map_or(0, |first| first.saturating_sub(below));
            prop_assert_eq!(decoded(&encode(&list, base), list.len(), base), list);
        }

        #[test]
        fn any_bytes_are_read_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..100), count in 0..3_000_usize) {
            prop_assert!(decoded(&bytes, count, 7).len() <= count);
        }
    }
}
