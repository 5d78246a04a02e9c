//! The probability of each bead in a band, given all sequences of beads.
//!
//! The beads of a bitext form a path from node (0, 0) to (n, m). Its score is the sum of the evidence of its beads and of
//! the logarithms of their prior probabilities, where a gap costs more to open than to go on ([`State`]). In a run of
//! gaps the Arabic ones come first, so that each alignment is one path. The forward pass adds up, in log space, all
//! paths that lead to a node, the backward pass all that lead on from it; together they give the probability of each
//! bead ([`Posterior`]):
//!
//! ```text
//! P(bead) = exp(paths to its beginning + score + paths from its end − all paths)
//! ```
//!
//! A gap is the same gap wherever the other side is at that moment: its probability is the sum over all such places.
//!
//! Cost: for each node of the band that is alive some forty exponentials; 32 bytes for the forward pass.

use super::band::Band;
use super::model::{Counts, Prior, SHAPES, State, WIDEST};
use super::scorer::Scores;
use crate::lang::Sides;

/// The probabilities of all beads.
pub(super) struct Posterior {
    /// Filled beads that are not all but impossible: node, number of the shape, probability; from the last node to the
    /// first.
    pub(super) beads: Vec<(u32, u8, f32)>,
    /// For each segment the probability that it is a gap.
    pub(super) gaps: Sides<Vec<f64>>,
    /// How many beads of each shape are expected.
    pub(super) counts: Counts,
    /// The nodes that are not all but impossible.
    pub(super) alive: Vec<bool>,
}

/// Beads of a lower probability are never chosen.
const LEAST_PROBABLE: f64 = 0.002;

/// Nodes of a lower probability, as a logarithm, are ruled out.
const RULED_OUT: f64 = -25.0;

/// `ln Σ exp x`.
fn log_sum(values: &[f64]) -> f64 {
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return most;
    }
    // Terms under e^-30 of the largest are lost in rounding anyway.
    let sum: f64 = values
        .iter()
        .filter(|&&v| v > most - 30.0)
        .map(|v| (v - most).exp())
        .sum();
    most + sum.ln()
}

/// By the state that a path is in.
type ByState = [f64; 3];
const NO_PATH: ByState = [f64::NEG_INFINITY; 3];

/// What the forward pass keeps of a node.
#[derive(Clone, Copy)]
struct Forward {
    /// The paths that lead here and end in each state.
    states: ByState,
    /// The same, followed by a filled bead.
    filled: f64,
}

const NOWHERE: Forward = Forward {
    states: NO_PATH,
    filled: f64::NEG_INFINITY,
};

/// A forward and a backward pass over a band.
pub(super) struct Passes<'d> {
    pub(super) band: &'d Band,
    /// By node.
    pub(super) scores: &'d [Scores],
    pub(super) prior: &'d Prior,
    /// The nodes that are looked at.
    pub(super) alive: Vec<bool>,
}

impl Passes<'_> {
    /// Both passes.
    pub(super) fn posterior(&self) -> Posterior {
        let (n, m) = self.band.size();
        let forward = self.forward();
        let end = self.band.cell(n, m);
        let mut backward = Backward {
            passes: self,
            all: end.map_or(0.0, |end| log_sum(&forward[end].states)),
            forward,
            rows: Rows::default(),
            out: Posterior {
                beads: Vec::new(),
                gaps: Sides {
                    ar: vec![0.0; n],
                    en: vec![0.0; m],
                },
                counts: [0.0; SHAPES.len()],
                alive: vec![false; self.band.cells()],
            },
        };
        let mut end = self.band.cells();
        for i in (0..=n).rev() {
            let first = end - self.band.columns(i).len();
            backward.row(i, first);
            end = first;
        }
        backward.out
    }

    fn forward(&self) -> Vec<Forward> {
        let (n, _) = self.band.size();
        let mut out = vec![NOWHERE; self.band.cells()];
        let mut cell = 0;
        for i in 0..=n {
            for j in self.band.columns(i) {
                if self.alive[cell] {
                    let states = match (i, j) {
                        (0, 0) => [0.0, f64::NEG_INFINITY, f64::NEG_INFINITY],
                        _ => self.arrivals(&out, i, j),
                    };
                    out[cell] = Forward {
                        states,
                        filled: self.leave(&states, State::Filled),
                    };
                }
                cell += 1;
            }
        }
        out
    }

    /// The paths that lead to a node, from those that lead to the nodes before it.
    fn arrivals(&self, out: &[Forward], i: usize, j: usize) -> ByState {
        let mut filled = [f64::NEG_INFINITY; SHAPES.len()];
        for (shape, &(a, e)) in SHAPES.iter().enumerate() {
            if a > i || e > j {
                continue;
            }
            if let Some(before) = self.band.cell(i - a, j - e) {
                let score = f64::from(self.scores[before][shape]);
                filled[shape] = out[before].filled + self.prior.shapes[shape] + score;
            }
        }
        let gap = |before: Option<usize>, to: State| {
            before.map_or(f64::NEG_INFINITY, |b| self.leave(&out[b].states, to))
        };
        let above = i.checked_sub(1).and_then(|i| self.band.cell(i, j));
        let left = j.checked_sub(1).and_then(|j| self.band.cell(i, j));
        [
            log_sum(&filled),
            gap(above, State::ArabicGap),
            gap(left, State::EnglishGap),
        ]
    }

    /// The paths to a node, whatever they ended in, that go on to `to`.
    fn leave(&self, states: &ByState, to: State) -> f64 {
        let to = to as usize;
        log_sum(&State::ALL.map(|from| states[from as usize] + self.prior.steps[from as usize][to]))
    }
}

/// The paths from each node to the end, by the state that led to the node, for the rows that beads can reach from the row
/// at hand; a row is kept under its number modulo their count.
type Rows = [Vec<ByState>; WIDEST + 1];

/// The backward pass on its way.
struct Backward<'d> {
    passes: &'d Passes<'d>,
    forward: Vec<Forward>,
    /// The sum of all paths.
    all: f64,
    rows: Rows,
    out: Posterior,
}

impl Backward<'_> {
    /// A row from its last node to the `first` one.
    fn row(&mut self, i: usize, first: usize) {
        let end = self.passes.band.size();
        let columns = self.passes.band.columns(i);
        let row = &mut self.rows[i % (WIDEST + 1)];
        row.clear();
        row.resize(columns.len(), NO_PATH);
        for j in columns.clone().rev() {
            let cell = first + j - columns.start;
            let onward = if (i, j) == end {
                [0.0; 3]
            } else if self.passes.alive[cell] {
                self.node((i, j), cell)
            } else {
                continue;
            };
            let states = &self.forward[cell].states;
            let through = State::ALL.map(|state| states[state as usize] + onward[state as usize]);
            self.out.alive[cell] = through.iter().any(|&t| t - self.all > RULED_OUT);
            self.rows[i % (WIDEST + 1)][j - columns.start] = onward;
        }
    }

    /// The paths on from a node, by the state that led to it.
    fn node(&mut self, at: (usize, usize), cell: usize) -> ByState {
        let next = [
            self.filled(at, cell),
            self.gap(at, cell, State::ArabicGap),
            self.gap(at, cell, State::EnglishGap),
        ];
        let steps = &self.passes.prior.steps;
        State::ALL.map(|from| {
            log_sum(&State::ALL.map(|to| steps[from as usize][to as usize] + next[to as usize]))
        })
    }

    /// The paths on by a filled bead, whose probability is noted.
    fn filled(&mut self, (i, j): (usize, usize), cell: usize) -> f64 {
        let here = self.forward[cell].filled;
        let mut paths = [f64::NEG_INFINITY; SHAPES.len()];
        for (shape, &(a, e)) in SHAPES.iter().enumerate() {
            let score = self.passes.scores[cell][shape];
            if score == f32::NEG_INFINITY {
                continue;
            }
            let after = self.after(i + a, j + e)[State::Filled as usize];
            paths[shape] = self.passes.prior.shapes[shape] + f64::from(score) + after;
            let through = here + paths[shape] - self.all;
            if through > RULED_OUT {
                let probability = through.exp();
                self.out.counts[shape] += probability;
                if probability >= LEAST_PROBABLE {
                    let bead = (cell as u32, shape as u8, probability as f32);
                    self.out.beads.push(bead);
                }
            }
        }
        log_sum(&paths)
    }

    /// The paths on by a gap, whose probability is noted.
    fn gap(&mut self, (i, j): (usize, usize), cell: usize, state: State) -> f64 {
        let (after, gaps, segment) = match state {
            State::ArabicGap => (self.after(i + 1, j), &mut self.out.gaps.ar, i),
            _ => (self.after(i, j + 1), &mut self.out.gaps.en, j),
        };
        let after = after[state as usize];
        let through = self.passes.leave(&self.forward[cell].states, state) + after - self.all;
        if through > RULED_OUT {
            gaps[segment] += through.exp();
        }
        after
    }

    /// The paths on from a node that was looked at before; none outside the band.
    fn after(&self, i: usize, j: usize) -> ByState {
        let (n, _) = self.passes.band.size();
        if i > n {
            return NO_PATH;
        }
        let columns = self.passes.band.columns(i);
        if columns.contains(&j) {
            self.rows[i % (WIDEST + 1)][j - columns.start]
        } else {
            NO_PATH
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::Model;

    #[test]
    fn sums_of_logarithms_are_those_of_the_numbers() {
        let sum = log_sum(&[1.0_f64.ln(), 2.0_f64.ln(), f64::NEG_INFINITY]);
        assert!((sum - 3.0_f64.ln()).abs() < 1e-12);
        assert_eq!(log_sum(&[f64::NEG_INFINITY; 2]), f64::NEG_INFINITY);
    }

    #[test]
    fn each_segment_is_in_a_bead_or_a_gap() {
        let (n, m) = (3, 4);
        let band = Band::full(n, m);
        let scores: Vec<Scores> = (0..=n)
            .flat_map(|i| (0..=m).map(move |j| (i, j)))
            .map(|(i, j)| {
                SHAPES.map(|(a, e)| {
                    let fits = i + a <= n && j + e <= m;
                    let score = ((i * 7 + j * 3 + a) % 5) as f32 - 2.0;
                    if fits { score } else { f32::NEG_INFINITY }
                })
            })
            .collect();
        let passes = Passes {
            band: &band,
            scores: &scores,
            prior: &Prior::new(&Model::default()),
            alive: vec![true; band.cells()],
        };
        let posterior = passes.posterior();
        for segment in 0..n {
            let holds = |&&(cell, shape, _): &&(u32, u8, f32)| {
                let from = cell as usize / (m + 1);
                (from..from + SHAPES[usize::from(shape)].0).contains(&segment)
            };
            let filled: f64 = posterior
                .beads
                .iter()
                .filter(holds)
                .map(|b| f64::from(b.2))
                .sum();
            // Beads that are all but impossible are not listed.
            assert!((filled + posterior.gaps.ar[segment] - 1.0).abs() < 0.03);
        }
    }
}
