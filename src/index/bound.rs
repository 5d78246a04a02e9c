//! Why no unit at or above the cutoff is lost: the bounds that candidates are found by, with their proofs.
//!
//! Let `Q` and `U` be the feature sets ([`crate::text::gram`]) of the query and of a stored segment, `a` and `b` their
//! sizes, `s = |Q ∩ U|`, and `c` the cutoff as a share of 1. The score never exceeds the Dice coefficient of the two
//! sets, `D = 2s / (a + b)`: it is `D` less costs and under caps ([`crate::matching::scorer`]). So a unit that
//! scores `c` or more has `D ≥ c`, and from that alone follow
//!
//! 1. **Needed overlap.** `s ≥ c (a + b) / 2`. ([`needed_shared`])
//! 2. **Size window.** Since `s ≤ min(a, b)`, `b ≥ c a / (2 − c)` and `b ≤ a (2 − c) / c`. ([`size_window`])
//! 3. **Prefix.** By 1, needed overlap grows with `b`; let `m` be that of the smallest `b` in the window. A unit that
//!    shares at least `m` of the `a` features of the query shares at least one of *any* `a − m + 1` of them: the others
//!    are only `m − 1`. So the union of the postings of the `a − m + 1` rarest features holds every unit that counts.
//!    ([`prefix_len`])
//! 4. **Count.** With `n` features seen in a unit and `r` features not yet looked at, `s ≤ n + r`; where
//!    `n + r < c (a + b) / 2`, the unit is out.
//!
//! Worked example: `a = 100`, cutoff 70. Sizes from 54 to 185; a unit of size 54 needs 54 shared features, so the
//! prefix is the 47 rarest. A unit of size 100 needs 70.
//!
//! Everything is in whole numbers: scores are hundredths of a point, 10 000 is 1.

use std::ops::RangeInclusive;

use crate::score::Score;

/// Twice the score of 1, in hundredths: the `2` of Dice's formula.
const TWO: u64 = 20_000;

/// The Dice coefficient of two sets of sizes `a` and `b` that share `shared`, rounded down: the most that the score of
/// these two segments can be. Two empty sets have 0.
pub fn dice(shared: usize, a: usize, b: usize) -> Score {
    let total = (a + b) as u64;
    Score::from_hundredths((TWO * shared as u64).checked_div(total).unwrap_or(0) as u32)
}

/// The least number of shared features at which sets of sizes `a` and `b` reach `cutoff`; at least 1.
pub fn needed_shared(cutoff: Score, a: usize, b: usize) -> usize {
    let needed = (u64::from(cutoff.hundredths()) * (a + b) as u64).div_ceil(TWO);
    (needed as usize).max(1)
}

/// The sizes at which a set can reach `cutoff` with one of size `a`. Never begins below 1.
pub fn size_window(cutoff: Score, a: usize) -> RangeInclusive<usize> {
    let (a, cutoff) = (a as u64, u64::from(cutoff.hundredths()).max(1));
    let least = (a * cutoff).div_ceil(TWO - cutoff).max(1);
    let most = a * (TWO - cutoff) / cutoff;
    least as usize..=usize::try_from(most).unwrap_or(usize::MAX)
}

/// How many of a query's `a` features, whichever they are, every unit that reaches `cutoff` must have one of; `a` or
/// fewer.
pub fn prefix_len(cutoff: Score, a: usize) -> usize {
    let least = needed_shared(cutoff, a, *size_window(cutoff, a).start());
    (a + 1).saturating_sub(least).min(a)
}

/// What a search is for: which overlaps with the query's features are enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// A Dice coefficient of at least this.
    Reach(Score),
    /// All of the query's features: the unit may contain the text that they were taken from.
    Contain,
}

impl Goal {
    /// The sizes of sets that can be enough for a query of `a` features.
    pub fn sizes(self, a: usize) -> RangeInclusive<usize> {
        match self {
            Self::Reach(cutoff) => size_window(cutoff, a),
            Self::Contain => a.max(1)..=usize::MAX,
        }
    }

    /// The least number of shared features that is enough for sets of sizes `a`, the query's, and `b`.
    pub fn needed(self, a: usize, b: usize) -> usize {
        match self {
            Self::Reach(cutoff) => needed_shared(cutoff, a, b),
            Self::Contain => a.max(1),
        }
    }

    /// How many of the query's `a` features, whichever they are, every set that is enough has one of.
    pub fn prefix(self, a: usize) -> usize {
        match self {
            Self::Reach(cutoff) => prefix_len(cutoff, a),
            Self::Contain => a.min(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_worked_example() {
        let cutoff = Score::from_points(70);
        assert_eq!(size_window(cutoff, 100), 54..=185);
        assert_eq!(needed_shared(cutoff, 100, 54), 54);
        assert_eq!(prefix_len(cutoff, 100), 47);
        assert_eq!(needed_shared(cutoff, 100, 100), 70);
    }

    #[test]
    fn nothing_overflows_at_the_ends() {
        assert!(size_window(Score::MAX, 0).is_empty());
        assert_eq!(prefix_len(Score::MAX, 1), 1);
        assert_eq!(prefix_len(Score::default(), 1), 1);
        assert_eq!(dice(0, 0, 0), Score::default());
    }

    proptest! {
        #[test]
        fn whatever_reaches_the_cutoff_is_inside_all_bounds(
            a in 1..400_usize, b in 1..800_usize, share in 0.0..=1.0_f64, cutoff in 1..=10_000_u32,
        ) {
            let shared = (a.min(b) as f64 * share).round() as usize;
            let cutoff = Score::from_hundredths(cutoff);
            if dice(shared, a, b) >= cutoff {
                prop_assert!(shared >= needed_shared(cutoff, a, b));
                prop_assert!(size_window(cutoff, a).contains(&b));
                // The features outside the prefix are too few to hold all that is shared.
                prop_assert!(shared > a - prefix_len(cutoff, a));
            } else {
                prop_assert!(shared < needed_shared(cutoff, a, b));
            }
        }
    }
}
