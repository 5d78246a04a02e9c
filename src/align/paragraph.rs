//! Which segments begin a paragraph, as weak evidence for which beads do.
//!
//! Where a bead's first segments begin a paragraph on both sides it gains `ln(1 − t + t / q)`, with
//! [`Model::paragraph_trust`] `t` and the share `q` of segments that begin one; where one side has a beginning that the
//! other side has not, at the head of the bead or inside it, it loses `−ln(1 − t)` for each.

use super::model::Model;
use crate::lang::Sides;

/// The beginnings of paragraphs on both sides.
#[derive(Debug)]
pub(super) struct Paragraphs {
    /// Running counts of beginnings, one longer than the segments.
    starts: Sides<Vec<u32>>,
    both: f64,
    one: f64,
}

impl Paragraphs {
    /// From the number of the paragraph of each segment. `None` where they tell nothing: a side has one paragraph, or
    /// one a segment, or a number is missing.
    pub(super) fn new(
        numbers: Sides<&[u32]>,
        segments: Sides<usize>,
        model: &Model,
    ) -> Option<Self> {
        if (numbers.ar.len(), numbers.en.len()) != (segments.ar, segments.en) {
            return None;
        }
        let starts = numbers.map(|numbers| {
            let mut counts = vec![0];
            let mut before = None;
            for &number in numbers {
                let last = counts[counts.len() - 1];
                counts.push(last + u32::from(before != Some(number)));
                before = Some(number);
            }
            counts
        });
        let share = |counts: &[u32]| {
            let (last, segments) = (counts[counts.len() - 1], counts.len() - 1);
            (last > 1 && (last as usize) < segments).then(|| f64::from(last) / segments as f64)
        };
        let q = (share(&starts.ar)? * share(&starts.en)?).sqrt();
        let trust = model.paragraph_trust;
        Some(Self {
            starts,
            both: (1.0 - trust + trust / q).ln(),
            one: (1.0 - trust).ln(),
        })
    }

    /// The evidence for a bead of `a` and `e` segments that begins at a node.
    pub(super) fn score(&self, i: usize, j: usize, a: usize, e: usize) -> f64 {
        let first = |counts: &[u32], at: usize| counts[at + 1] - counts[at];
        let inside = |counts: &[u32], at: usize, width: usize| counts[at + width] - counts[at + 1];
        let heads = (first(&self.starts.ar, i), first(&self.starts.en, j));
        let head = match heads {
            (1, 1) => self.both,
            (0, 0) => 0.0,
            _ => self.one,
        };
        let broken = inside(&self.starts.ar, i, a) + inside(&self.starts.en, j, e);
        head + self.one * f64::from(broken)
    }
}
