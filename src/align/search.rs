//! The search: probabilities of all beads in a band, and the beads with the highest expected number of right ones.
//!
//! The beads of a bitext form a path from node (0, 0) to (n, m). Its score is the sum of the evidence of its beads and of
//! the logarithms of their prior probabilities, where a gap costs more to open than to go on ([`State`]). The forward
//! pass adds up, in log space, all paths that lead to a node, the backward pass all that lead on from it; together they
//! give the probability of each bead. The beads returned are those of the path with the highest sum of
//! `ln(probability + tolerance)`: between the path of the highest expected number of right beads, which now and then
//! takes an impossible bead to save several doubtful ones, and the path of the highest product.
//!
//! Cost: for each node of the band some forty exponentials a pass, and 64 bytes for each side's table, 32 for the
//! forward pass, 8 for the choices.

use super::band::Band;
use super::model::{Counts, Model, Prior, SHAPES, State, WIDEST};
use super::table::Table;
use crate::lang::Sides;

/// Log scores of beads, whatever they are made of.
pub(super) struct Scorer<'d> {
    pub(super) band: &'d Band,
    pub(super) tables: Sides<Table>,
    /// Running sums of the lengths in characters, one longer than the segments.
    pub(super) lengths: Sides<Vec<f64>>,
    pub(super) paragraphs: Option<Paragraphs>,
    pub(super) model: &'d Model,
}

/// Which segments begin a paragraph, as weak evidence for which beads do.
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

    fn score(&self, i: usize, j: usize, a: usize, e: usize) -> f64 {
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

impl Scorer<'_> {
    /// The evidence for a bead that begins at a node; `None` where the band does not hold all of it.
    fn bead(&self, i: usize, j: usize, a: usize, e: usize) -> Option<f64> {
        let row = self.band.columns(i);
        if j + e > row.end || self.band.columns(i + a - 1).start > j {
            return None;
        }
        let first = self.band.cell(i, j)?;
        let mut sum = 0.0_f32;
        for y in 0..e {
            sum += self.tables.en.at(first + y, a);
        }
        for x in 0..a {
            sum += self.tables.ar.at(self.band.cell(i + x, j)?, e);
        }
        let ar = self.lengths.ar[i + a] - self.lengths.ar[i];
        let en = self.lengths.en[j + e] - self.lengths.en[j];
        let paragraphs = self
            .paragraphs
            .as_ref()
            .map_or(0.0, |p| p.score(i, j, a, e));
        Some(f64::from(sum) + self.model.length_score(ar, en) + paragraphs)
    }
}

/// A bead as it leaves a node: its extent and its probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) from: (usize, usize),
    pub(super) extent: (usize, usize),
    pub(super) probability: f64,
}

/// What the forward pass keeps of a node.
#[derive(Clone, Copy)]
struct Forward {
    /// The paths that lead here and end in each state.
    states: [f64; 3],
    /// The same, followed by a filled bead.
    filled: f64,
}

/// The choice at a node: a number of [`SHAPES`], or one of the two below.
type Choice = u8;
const ARABIC_GAP: Choice = SHAPES.len() as Choice;
const ENGLISH_GAP: Choice = ARABIC_GAP + 1;

fn extent(choice: Choice) -> (usize, usize) {
    match choice {
        ARABIC_GAP => (1, 0),
        ENGLISH_GAP => (0, 1),
        shape => SHAPES[usize::from(shape)],
    }
}

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

/// Both passes over a band, which always holds a path: gaps alone make one. With the beads come the counts that the
/// probabilities of all beads make.
pub(super) fn search(scorer: &Scorer<'_>, prior: &Prior) -> (Vec<Step>, Counts) {
    let forward = forward(scorer, prior);
    backward(scorer, prior, &forward)
}

fn forward(scorer: &Scorer<'_>, prior: &Prior) -> Vec<Forward> {
    let band = scorer.band;
    let (n, _) = band.size();
    let nowhere = Forward {
        states: [f64::NEG_INFINITY; 3],
        filled: f64::NEG_INFINITY,
    };
    let mut out = vec![nowhere; band.cells()];
    let mut terms = Vec::with_capacity(SHAPES.len());
    for i in 0..=n {
        for j in band.columns(i) {
            let Some(cell) = band.cell(i, j) else {
                continue;
            };
            let mut states = [f64::NEG_INFINITY; 3];
            if (i, j) == (0, 0) {
                states[State::Filled as usize] = 0.0;
            } else {
                terms.clear();
                for (shape, &(a, e)) in SHAPES.iter().enumerate() {
                    if a > i || e > j {
                        continue;
                    }
                    let Some(before) = band.cell(i - a, j - e) else {
                        continue;
                    };
                    if let Some(score) = scorer.bead(i - a, j - e, a, e) {
                        terms.push(out[before].filled + prior.shapes[shape] + score);
                    }
                }
                states[State::Filled as usize] = log_sum(&terms);
                let gap = |before: Option<usize>, to: State| {
                    before.map_or(f64::NEG_INFINITY, |b| leave(&out[b].states, prior, to))
                };
                let above = i.checked_sub(1).and_then(|i| band.cell(i, j));
                let left = j.checked_sub(1).and_then(|j| band.cell(i, j));
                states[State::ArabicGap as usize] = gap(above, State::ArabicGap);
                states[State::EnglishGap as usize] = gap(left, State::EnglishGap);
            }
            out[cell] = Forward {
                states,
                filled: leave(&states, prior, State::Filled),
            };
        }
    }
    out
}

/// The paths to a node, whatever they ended in, that go on to `to`.
fn leave(states: &[f64; 3], prior: &Prior, to: State) -> f64 {
    let to = to as usize;
    log_sum(&State::ALL.map(|from| states[from as usize] + prior.steps[from as usize][to]))
}

/// What the backward pass keeps of a node while it works on the rows above.
#[derive(Clone, Copy)]
struct Backward {
    /// The paths from here to the end, by the state that led here.
    states: [f64; 3],
    /// The best sum of `ln(probability + tolerance)` from here to the end.
    best: f64,
}

const UNREACHED: Backward = Backward {
    states: [f64::NEG_INFINITY; 3],
    best: f64::NEG_INFINITY,
};

/// The rows of the backward pass that beads can reach from the row at hand, by their number modulo their count.
type Rows = [Vec<Backward>; WIDEST + 1];

fn backward(scorer: &Scorer<'_>, prior: &Prior, forward: &[Forward]) -> (Vec<Step>, Counts) {
    let band = scorer.band;
    let (n, m) = band.size();
    let mut pass = Pass {
        counts: [0.0; SHAPES.len()],
        scorer,
        prior,
        all: band
            .cell(n, m)
            .map_or(0.0, |end| log_sum(&forward[end].states)),
    };
    let mut choices: Vec<(Choice, f32)> = vec![(ENGLISH_GAP, 0.0); band.cells()];
    let mut rows: Rows = Default::default();
    for i in (0..=n).rev() {
        let columns = band.columns(i);
        let row = &mut rows[i % (WIDEST + 1)];
        row.clear();
        row.resize(columns.len(), UNREACHED);
        for j in columns.clone().rev() {
            let at = j - columns.start;
            if (i, j) == (n, m) {
                rows[i % (WIDEST + 1)][at] = Backward {
                    states: [0.0; 3],
                    best: 0.0,
                };
            } else if let Some(cell) = band.cell(i, j) {
                let (here, choice) = pass.node(&rows, &forward[cell], i, j);
                rows[i % (WIDEST + 1)][at] = here;
                choices[cell] = choice;
            }
        }
    }
    (trace(band, &choices), pass.counts)
}

/// What the backward pass knows at every node.
struct Pass<'d> {
    scorer: &'d Scorer<'d>,
    prior: &'d Prior,
    /// The logarithm of the sum over all paths.
    all: f64,
    counts: Counts,
}

impl Pass<'_> {
    fn after(&self, rows: &Rows, i: usize, j: usize) -> Backward {
        let (n, _) = self.scorer.band.size();
        if i > n {
            return UNREACHED;
        }
        let columns = self.scorer.band.columns(i);
        if columns.contains(&j) {
            rows[i % (WIDEST + 1)][j - columns.start]
        } else {
            UNREACHED
        }
    }

    /// The paths on from a node, and the step to take there with its probability.
    fn node(
        &mut self,
        rows: &Rows,
        here: &Forward,
        i: usize,
        j: usize,
    ) -> (Backward, (Choice, f32)) {
        let mut best = (f64::NEG_INFINITY, ENGLISH_GAP, 0.0);
        let (all, tolerance) = (self.all, self.scorer.model.tolerance);
        let mut offer = |choice: Choice, through: f64, rest: f64| {
            let probability = (through - all).exp();
            let value = (probability + tolerance).ln() + rest;
            if value > best.0 {
                best = (value, choice, probability);
            }
            probability
        };
        let mut filled = [f64::NEG_INFINITY; SHAPES.len()];
        for (shape, &(a, e)) in SHAPES.iter().enumerate() {
            let next = self.after(rows, i + a, j + e);
            if next.best == f64::NEG_INFINITY {
                continue;
            }
            if let Some(score) = self.scorer.bead(i, j, a, e) {
                filled[shape] =
                    self.prior.shapes[shape] + score + next.states[State::Filled as usize];
                self.counts[shape] +=
                    offer(shape as Choice, here.filled + filled[shape], next.best);
            }
        }
        let mut ons = [log_sum(&filled), f64::NEG_INFINITY, f64::NEG_INFINITY];
        for (state, choice) in [
            (State::ArabicGap, ARABIC_GAP),
            (State::EnglishGap, ENGLISH_GAP),
        ] {
            let (a, e) = extent(choice);
            let next = self.after(rows, i + a, j + e);
            if next.best > f64::NEG_INFINITY {
                let on = next.states[state as usize];
                ons[state as usize] = on;
                offer(
                    choice,
                    leave(&here.states, self.prior, state) + on,
                    next.best,
                );
            }
        }
        let states = State::ALL.map(|from| {
            let steps = &self.prior.steps[from as usize];
            log_sum(&State::ALL.map(|to| steps[to as usize] + ons[to as usize]))
        });
        let found = Backward {
            states,
            best: best.0,
        };
        (found, (best.1, best.2 as f32))
    }
}

fn trace(band: &Band, choices: &[(Choice, f32)]) -> Vec<Step> {
    let (n, m) = band.size();
    let mut steps = Vec::with_capacity(n.max(m));
    let (mut i, mut j) = (0, 0);
    while (i, j) != (n, m) {
        let Some(cell) = band.cell(i, j) else {
            break;
        };
        let (choice, probability) = choices[cell];
        let extent = extent(choice);
        steps.push(Step {
            from: (i, j),
            extent,
            probability: f64::from(probability),
        });
        i += extent.0;
        j += extent.1;
    }
    steps
}
