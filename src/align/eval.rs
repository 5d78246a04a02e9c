//! How good an alignment is: strict and lax precision, recall and F1 against gold beads.
//!
//! Strict: the bead is exactly a bead of the other alignment. Lax: it overlaps one on both sides, or is exactly one. Gaps
//! count in precision, not in recall. The definitions are those of vecalign's `score.py` (Thompson and Koehn 2019).
//! Counts of several documents add up.

use std::collections::HashSet;
use std::ops::{AddAssign, Range};

use crate::lang::Sides;

/// Beads of two alignments of the same documents, and how many of them agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// Of the beads that are judged.
    pub precision: Hits,
    /// Of the gold beads with both sides filled.
    pub recall: Hits,
}

/// How many beads of one alignment the other has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// Exactly.
    pub strict: usize,
    /// Exactly or overlapping on both sides.
    pub lax: usize,
    /// All beads.
    pub all: usize,
}

impl Quality {
    /// Compares the extents of beads with gold ones.
    pub fn of(judged: &[Sides<Range<usize>>], gold: &[Sides<Range<usize>>]) -> Self {
        let filled = |beads: &[Sides<Range<usize>>]| -> Vec<_> {
            let is_filled = |b: &&Sides<Range<usize>>| !b.ar.is_empty() && !b.en.is_empty();
            beads.iter().filter(is_filled).cloned().collect()
        };
        Self {
            precision: Hits::of(judged, gold),
            recall: Hits::of(&filled(gold), &filled(judged)),
        }
    }

    /// Strict F1, 0 to 1.
    pub fn strict_f1(&self) -> f64 {
        f1(self.precision.strict, self.recall.strict, self)
    }

    /// Lax F1, 0 to 1.
    pub fn lax_f1(&self) -> f64 {
        f1(self.precision.lax, self.recall.lax, self)
    }
}

/// The harmonic mean of precision and recall; 0 where either has nothing.
fn f1(precise: usize, recalled: usize, of: &Quality) -> f64 {
    let share = |hits: usize, all: usize| hits as f64 / all.max(1) as f64;
    let p = share(precise, of.precision.all);
    let r = share(recalled, of.recall.all);
    if p + r > 0.0 {
        2.0 * p * r / (p + r)
    } else {
        0.0
    }
}

impl Hits {
    fn of(beads: &[Sides<Range<usize>>], other: &[Sides<Range<usize>>]) -> Self {
        // Where an empty range stands says nothing.
        let key = |bead: &Sides<Range<usize>>| {
            let side = |range: &Range<usize>| (!range.is_empty()).then(|| range.clone());
            (side(&bead.ar), side(&bead.en))
        };
        let exact: HashSet<_> = other.iter().map(key).collect();
        let overlap = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
        // Both are in order, so that the first bead that may overlap moves on only.
        let mut first = 0;
        let mut hits = Self::default();
        for bead in beads {
            while first < other.len() && other[first].ar.end <= bead.ar.start {
                first += 1;
            }
            let near = other[first..]
                .iter()
                .take_while(|o| o.ar.start < bead.ar.end || o.ar.is_empty())
                .any(|o| overlap(&o.ar, &bead.ar) && overlap(&o.en, &bead.en));
            let strict = exact.contains(&key(bead));
            hits.strict += usize::from(strict);
            hits.lax += usize::from(strict || near);
            hits.all += 1;
        }
        hits
    }
}

impl AddAssign for Hits {
    fn add_assign(&mut self, other: Self) {
        self.strict += other.strict;
        self.lax += other.lax;
        self.all += other.all;
    }
}

impl AddAssign for Quality {
    fn add_assign(&mut self, other: Self) {
        self.precision += other.precision;
        self.recall += other.recall;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bead(ar: Range<usize>, en: Range<usize>) -> Sides<Range<usize>> {
        Sides { ar, en }
    }

    #[test]
    fn strict_is_exact_and_lax_overlaps() {
        let gold = [bead(0..1, 0..1), bead(1..2, 1..3), bead(2..3, 3..3)];
        let mine = [bead(0..1, 0..1), bead(1..2, 1..2), bead(2..3, 2..3)];
        let quality = Quality::of(&mine, &gold);
        assert_eq!(
            quality.precision,
            Hits {
                strict: 1,
                lax: 2,
                all: 3
            }
        );
        assert_eq!(
            quality.recall,
            Hits {
                strict: 1,
                lax: 2,
                all: 2
            }
        );
        assert!((quality.strict_f1() - 0.4).abs() < 1e-9);
    }

    #[test]
    fn equal_alignments_are_perfect_and_empty_ones_are_nothing() {
        let gold = [bead(0..0, 0..1), bead(0..2, 1..2), bead(2..3, 2..2)];
        assert_eq!(Quality::of(&gold, &gold).strict_f1(), 1.0);
        let elsewhere = [bead(3..3, 0..1), bead(0..2, 1..2), bead(2..3, 0..0)];
        assert_eq!(Quality::of(&elsewhere, &gold).strict_f1(), 1.0);
        assert_eq!(Quality::of(&[], &[]).lax_f1(), 0.0);
    }
}
