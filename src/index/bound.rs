//! Why no unit at or above the cutoff is lost: the overlap score, which no score exceeds, and the bounds that candidates
//! are found by, with their proofs.
//!
//! Let `Q` and `U` be the feature sets ([`crate::text::gram`]) of the query and of a stored segment, `a` and `b` their
//! sizes, `s = |Q ∩ U|` and `W = 2a + b`. The *overlap score* is
//!
//! ```text
//! D = 3s / W                      shared features, those of the query counting double (Tversky 1977)
//! S = D / (1 + 24 (1 − D) / W)    less for short segments, in which a few features are shared by chance
//! B = 2S / (1 + S)                the scale on which one word of ten costs about ten points
//! ```
//!
//! The query counts double since a translator deletes what a match has too much faster than they write what it lacks.
//! The score of a match is `B` less costs and under caps ([`crate::matching::scorer`]), so it never exceeds `B`, and from
//! that alone follow, for a cutoff `t`:
//!
//! 1. **Needed overlap.** With `n = 3sW`, `B = 2n / (n + W² + 24 (W − 3s))`. `B ≥ t` is linear in `s` and means
//!    `s ≥ t W (W + 24) / (3 ((2 − t) W + 24 t))`. ([`needed_shared`])
//! 2. **It grows with `b`.** With `p = 2 − t > 0` and `q = 24 t ≥ 0`, the derivative of `(W² + 24 W) / (p W + q)` has the
//!    numerator `p W² + 2 q W + 24 q`, which is not negative.
//! 3. **Size window.** `s ≤ min(a, b)`. For `b ≥ a` the needed overlap must be `a` at most, which by 2 holds up to some
//!    `b`. For `b ≤ a` the best case is `s = b`; there `D = 3b / (2a + b)` and `W` grow with `b`, hence `B` too, so that it
//!    holds from some `b` on. Both ends are found by bisection. ([`size_window`])
//! 4. **Prefix.** By 2, the least overlap that is needed in the window is `m`, that of its smallest `b`. A unit that
//!    shares at least `m` of the `a` features of the query shares at least one of *any* `a − m + 1` of them: the others
//!    are only `m − 1`. So the union of the postings of the `a − m + 1` rarest features holds every unit that counts.
//!    ([`prefix_len`])
//! 5. **Prefix with a count.** The same for `k` instead of one: of the `m` shared features `m − k` at most are among the
//!    last `m − k` of the query's, in whichever order, so that `k` at least are among its first `a − m + k`. A unit that
//!    is in fewer than `k` of those lists is out. Features that a run does not have are shared with none of its units:
//!    with `l` lists in the run, the first `l − m + k` of them are enough.
//! 6. **Blocks.** A block's units are of ascending size, so that by 2 its first unit needs least, and a prefix that is long
//!    enough for that one is long enough for all. When `c` lists have been counted, a unit of size `b` in it that needs
//!    `m(b)` must have `c + m(b) − l` of them by 5 with `k = c + m(b) − l`: the larger units of a block are held to more.
//! 7. **Question.** With `n` features seen in a unit and `r` features not yet looked at, `s ≤ n + r`; where that is below
//!    the needed overlap, the unit is out.
//!
//! What a match scores is less than `B` wherever a word differs, and may be more where none does. A segment with the
//! query's key ([`crate::text::feature`]) may have the same words but for clitics, and then the same stems: [`matching::scorer`](crate::matching::scorer) gives it
//! [`STEM_FLOOR`] even where `B` is less, so all segments with the key are candidates. A segment without it has another
//! set of stems (equal sets have equal keys), and loses [`OTHER_WORDS`] hundredths of what is `B` at most, rounded up:
//! it scores `⌊0.97 B⌋` at most, and to reach `t` it needs `B ≥ ⌈t / 0.97⌉`. A query without a word has no key; all that can
//! be said then is `B`. ([`score_bound`], [`overlap_needed`])
//!
//! Worked example: `a = 100`, overlap score 70. Sizes from 47 to 346; a unit of size 47 needs all of its 47 features shared, so
//! the prefix is the 54 rarest. A unit of size 100 needs 56: it has one of the 45 rarest, and, by 5, four of the 48
//! rarest.
//!
//! Everything is in whole numbers: scores are hundredths of a point, 10 000 is 1.

use std::ops::RangeInclusive;

use crate::score::Score;

/// How strongly short segments are discounted: `S` is half of `D` where `W = 24 (1 − D)`, roughly.
const SHORT: u128 = 24;

/// The least score of a segment that differs from the query in clitics alone; in punctuation too, if it has two words or
/// more.
pub const STEM_FLOOR: Score = Score::from_points(85);

/// How much of the score another word costs, in hundredths: what only differs in clitics and punctuation stands above.
pub const OTHER_WORDS: u32 = 3;

/// The most that a segment can score whose overlap score is `overlap`, fuzzily. `has_key` says whether it has the query's
/// key; `None` where the query has none.
pub fn score_bound(overlap: Score, has_key: Option<bool>) -> Score {
    match has_key {
        None => overlap,
        Some(true) => overlap.max(STEM_FLOOR),
        Some(false) => Score::from_hundredths(overlap.hundredths() * (100 - OTHER_WORDS) / 100),
    }
}

/// The overlap score that a segment needs to reach `cutoff`, unless it shares the query's key; `keyed` says whether the
/// query has one. May be more than any segment has.
pub fn overlap_needed(cutoff: Score, keyed: bool) -> Score {
    if keyed {
        Score::from_hundredths((cutoff.hundredths() * 100).div_ceil(100 - OTHER_WORDS))
    } else {
        cutoff
    }
}

/// Twice the score of 1, in hundredths: the `2` of the formulas.
const TWO: u128 = 20_000;

/// `W`: the two sizes, the query's counting double.
fn weight(a: usize, b: usize) -> u128 {
    2 * a as u128 + b as u128
}

/// The overlap score of a query with `a` features and a stored segment with `b` of which `shared` are shared, rounded
/// down: the most that the score of these two segments can be. 0 where one has none.
pub fn overlap_score(shared: usize, a: usize, b: usize) -> Score {
    let (w, s) = (weight(a, b), shared as u128);
    let n = 3 * s * w;
    let score = (TWO * n)
        .checked_div(n + w * w + SHORT * (w - 3 * s))
        .unwrap_or(0);
    Score::from_hundredths(score as u32)
}

/// The least number of shared features at which a query with `a` features and a segment with `b` reach `cutoff`; at
/// least 1.
pub fn needed_shared(cutoff: Score, a: usize, b: usize) -> usize {
    let (w, t) = (weight(a, b), u128::from(cutoff.hundredths()));
    let needed = (t * w * (w + SHORT)).div_ceil((3 * ((TWO - t) * w + SHORT * t)).max(1));
    usize::try_from(needed).unwrap_or(usize::MAX).max(1)
}

/// The sizes at which a segment can reach `cutoff` with a query of `a` features. Never begins below 1; empty for a query
/// without features.
pub fn size_window(cutoff: Score, a: usize) -> RangeInclusive<usize> {
    let possible = |b: usize| needed_shared(cutoff, a, b) <= a.min(b);
    if a == 0 || !possible(a) {
        return RangeInclusive::new(1, 0);
    }
    let least = bisect(0, a, possible);
    let mut beyond = a + 1;
    while beyond < MOST_FEATURES && possible(beyond) {
        beyond *= 2;
    }
    let first_out = bisect(a, beyond, |b| !possible(b));
    least..=first_out - 1
}

/// No segment has as many features.
const MOST_FEATURES: usize = 1 << 40;

/// The least number above `low` and up to `high` for which `holds`, which is true of `high` and of all between.
fn bisect(mut low: usize, mut high: usize, holds: impl Fn(usize) -> bool) -> usize {
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
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
    /// An overlap score of at least this.
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
        assert_eq!(size_window(cutoff, 100), 47..=346);
        assert_eq!(needed_shared(cutoff, 100, 47), 47);
        assert_eq!(prefix_len(cutoff, 100), 54);
        assert_eq!(needed_shared(cutoff, 100, 100), 56);
    }

    #[test]
    fn the_worked_example_of_the_index() {
        let goal = overlap_needed(Score::from_points(70), true);
        assert_eq!(goal, Score::from_hundredths(7_217));
        assert_eq!(size_window(goal, 18), 11..=50);
        assert_eq!(needed_shared(goal, 18, 18), 12);
        assert_eq!(needed_shared(goal, 18, 22), 13);
        assert_eq!(overlap_score(14, 18, 22), Score::from_hundredths(7_878));
    }

    #[test]
    fn equal_sets_have_100_and_nothing_overflows_at_the_ends() {
        for size in [1, 7, 100, 30_000_000] {
            assert_eq!(overlap_score(size, size, size), Score::MAX);
            assert!(overlap_score(size - 1, size, size) < Score::MAX);
        }
        assert!(size_window(Score::MAX, 0).is_empty());
        assert_eq!(size_window(Score::MAX, 9), 9..=9);
        assert_eq!(prefix_len(Score::MAX, 1), 1);
        assert_eq!(prefix_len(Score::default(), 1), 1);
        assert_eq!(overlap_score(0, 0, 0), Score::default());
        assert!(*size_window(Score::from_hundredths(1), 30_000_000).end() > 30_000_000);
    }

    proptest! {
        #[test]
        fn the_needed_overlap_is_the_least_that_the_bound_lets_through(overlap in 0..=10_000_u32, cutoff in 1..=9_700_u32) {
            let (overlap, cutoff) = (Score::from_hundredths(overlap), Score::from_hundredths(cutoff));
            for keyed in [false, true] {
                let enough = overlap >= overlap_needed(cutoff, keyed);
                prop_assert_eq!(enough, score_bound(overlap, keyed.then_some(false)) >= cutoff);
            }
        }

        #[test]
        fn whatever_reaches_the_cutoff_is_inside_all_bounds(
            a in 1..400_usize, b in 1..1600_usize, share in 0.0..=1.0_f64, cutoff in 1..=10_000_u32,
        ) {
            let shared = (a.min(b) as f64 * share).round() as usize;
            let cutoff = Score::from_hundredths(cutoff);
            if overlap_score(shared, a, b) >= cutoff {
                prop_assert!(shared >= needed_shared(cutoff, a, b));
                prop_assert!(size_window(cutoff, a).contains(&b));
                // The features outside the prefix are too few to hold all that is shared.
                prop_assert!(shared > a - prefix_len(cutoff, a));
            } else {
                prop_assert!(shared < needed_shared(cutoff, a, b));
            }
            if size_window(cutoff, a).contains(&b) {
                prop_assert!(needed_shared(cutoff, a, b) <= a.min(b));
            }
        }
    }
}
