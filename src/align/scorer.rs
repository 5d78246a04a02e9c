//! What the evidence says about each bead that a band holds: words, length, paragraphs and edges, added up.
//!
//! The score is the logarithm of a likelihood ratio, as [`super`] has it, without the prior.

use super::band::Band;
use super::edge::Edges;
use super::model::{Extent, Model, SHAPES, WIDEST};
use super::paragraph::Paragraphs;
use super::table::{Half, Table};
use crate::lang::Sides;

/// Log scores of beads, whatever they are made of.
pub(super) struct Scorer<'d> {
    pub(super) band: &'d Band,
    pub(super) tables: Sides<Table>,
    /// For each segment the extents of the ranges of up to [`WIDEST`] segments that begin with it.
    pub(super) extents: Sides<Vec<[Extent; WIDEST]>>,
    pub(super) paragraphs: Option<Paragraphs>,
    pub(super) edges: Edges,
    pub(super) model: &'d Model,
}

/// The scores of the beads that begin at a node, by the number of their shape; minus infinity where there is none.
pub(super) type Scores = [f32; SHAPES.len()];

impl Scorer<'_> {
    /// The evidence for a bead that begins at a node; `None` where the band does not hold all of it.
    fn bead(&self, i: usize, j: usize, a: usize, e: usize) -> Option<f64> {
        let row = self.band.columns(i);
        if j + e > row.end || self.band.columns(i + a - 1).start > j {
            return None;
        }
        let words = self.words(i, j, a, e)?;
        let (ar, en) = (&self.extents.ar[i][a - 1], &self.extents.en[j][e - 1]);
        let paragraphs = self
            .paragraphs
            .as_ref()
            .map_or(0.0, |p| p.score(i, j, a, e));
        Some(
            words + self.model.length_score(ar, en) + paragraphs + self.edges.score((i, j), (a, e)),
        )
    }

    /// What the words of a bead say that the band holds.
    fn words(&self, i: usize, j: usize, a: usize, e: usize) -> Option<f64> {
        let first = self.band.cell(i, j)?;
        let mut sum = 0.0;
        for y in 0..e {
            sum += self.tables.en.at(first + y, a, e);
        }
        for x in 0..a {
            sum += self.tables.ar.at(self.band.cell(i + x, j)?, e, a);
        }
        let score = self.model.word_score(f64::from(sum), a + e);
        Some(if (a, e) == (2, 2) {
            score.max(self.moved(first, self.band.cell(i + 1, j)?))
        } else {
            score
        })
    }

    /// The same for a 2-2 that is two pairs of segments but for a piece, which moved from the second pair to the first
    /// on one side, or from the first to the second, whatever explains the words better. `first` and `second` are the
    /// nodes before the first English segment and either Arabic one.
    fn moved(&self, first: usize, second: usize) -> f64 {
        let Sides { ar, en } = &self.tables;
        let last = second + 1;
        let pairs = |one: f32, other: f32| {
            self.model.word_score(f64::from(one), 2) + self.model.word_score(f64::from(other), 2)
        };
        // The first Arabic segment shares something with the second English one.
        let forward = pairs(
            ar.moved(first, Half::First) + en.at(first, 1, 1),
            ar.at(last, 1, 1) + en.moved(first + 1, Half::Second),
        );
        let backward = pairs(
            ar.at(first, 1, 1) + en.moved(first, Half::First),
            ar.moved(second, Half::Second) + en.at(last, 1, 1),
        );
        forward.max(backward)
    }

    /// The evidence for each bead that begins at each node.
    pub(super) fn scores(&self) -> Vec<Scores> {
        let (n, m) = self.band.size();
        let mut out = Vec::with_capacity(self.band.cells());
        for i in 0..=n {
            for j in self.band.columns(i) {
                out.push(SHAPES.map(|(a, e)| {
                    if i + a > n || j + e > m || self.band.cell(i + a, j + e).is_none() {
                        return f32::NEG_INFINITY;
                    }
                    self.bead(i, j, a, e)
                        .map_or(f32::NEG_INFINITY, |score| score as f32)
                }));
            }
        }
        out
    }
}
