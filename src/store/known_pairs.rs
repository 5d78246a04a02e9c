//! Which pairs are certainly not in the memory, without a look at the file, for imports that are large.
//!
//! A bit for each value of the upper bits of a pair's hash says whether a pair with such a hash has been stored. Nearly all
//! units of a large import are new ones, whose bit is not set; only for the others the index of pairs is asked. It is
//! begun once an import has asked so often that reading all hashes costs little beside, and lasts as long as the
//! transaction, within which nobody else writes.
//!
//! Cost: 16 MiB; of a million pairs that are not there, with a million that are, the index is asked for 7 500.

/// Bits of the hash that count.
const HASH_BITS: u32 = 27;

/// So many questions come before the hashes are read.
const LEAST_QUESTIONS: u64 = 1 << 10;

/// Reading a hash costs no more than this share of a question.
const HASHES_A_QUESTION: u64 = 8;

/// The hashes of the pairs that are stored, roughly.
#[derive(Debug, Default)]
pub(super) struct KnownPairs {
    questions: u64,
    /// Empty until it is worth it.
    bits: Vec<u64>,
}

impl KnownPairs {
    /// Whether the hashes of all pairs, at most `pairs`, are to be noted now: now and then asked before a question.
    pub(super) fn is_worth_it(&mut self, pairs: impl FnOnce() -> u64) -> bool {
        self.questions += 1;
        self.bits.is_empty()
            && self.questions >= LEAST_QUESTIONS
            && self.questions.is_power_of_two()
            && pairs() <= self.questions * HASHES_A_QUESTION
    }

    /// Begins with no pair; all that are there are to be noted next.
    pub(super) fn start(&mut self) {
        self.bits = vec![0; 1 << (HASH_BITS - 6)];
    }

    /// Notes that a pair is there.
    pub(super) fn note(&mut self, hash: u32) {
        let (word, bit) = place(hash);
        if let Some(word) = self.bits.get_mut(word) {
            *word |= bit;
        }
    }

    /// Whether a pair with that hash may be there.
    pub(super) fn may_hold(&self, hash: u32) -> bool {
        let (word, bit) = place(hash);
        self.bits.get(word).is_none_or(|word| word & bit != 0)
    }
}

/// A word and a bit in it.
fn place(hash: u32) -> (usize, u64) {
    let place = hash >> (u32::BITS - HASH_BITS);
    ((place >> 6) as usize, 1 << (place & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_pairs_may_be_there_until_it_is_started_and_the_noted_ones_then() {
        let mut pairs = KnownPairs::default();
        pairs.note(7);
        assert!(pairs.may_hold(7) && pairs.may_hold(u32::MAX));
        pairs.start();
        assert!(!pairs.may_hold(7) && !pairs.may_hold(u32::MAX));
        pairs.note(u32::MAX);
        assert!(pairs.may_hold(u32::MAX) && !pairs.may_hold(0));
    }

    #[test]
    fn it_is_worth_it_for_an_import_that_is_not_small() {
        let mut pairs = KnownPairs::default();
        let mut first = |stored: u64| (1..100_000_u64).find(|_| pairs.is_worth_it(|| stored));
        assert_eq!(first(0), Some(LEAST_QUESTIONS));
        let mut pairs = KnownPairs::default();
        let mut first = |stored: u64| (1..100_000_u64).find(|_| pairs.is_worth_it(|| stored));
        assert_eq!(first(100_000), Some(1 << 14));
    }
}
