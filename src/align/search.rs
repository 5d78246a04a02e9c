//! The search: probabilities of all beads in a band, and the beads with the highest expected number of right ones.
//!
//! The beads of a bitext form a path from node (0, 0) to (n, m). Its score is the sum of the evidence of its beads and of
//! the logarithms of their prior probabilities, where a gap costs more to open than to go on ([`State`]). In a run of
//! gaps the Arabic ones come first, so that each alignment is one path. The forward pass adds up, in log space, all
//! paths that lead to a node, the backward pass all that lead on from it; together they give the probability of each
//! bead ([`Posterior`]). A gap is the same gap wherever the other side is at that moment: its probability is the sum over
//! all such places.
//!
//! The passes run twice: what the first one finds tells how common each shape is in this document
//! ([`Prior::adapted`]), and the second one looks only at nodes that the first one did not rule out.
//!
//! The beads returned are those of the path with the highest sum of `ln(probability + tolerance)`: between the path of
//! the highest expected number of right beads, which now and then takes a bead that is hardly possible to save several
//! doubtful ones, and the path of the highest product.
//!
//! Cost: for each node of the band some forty exponentials in the first passes, far fewer in the second; 64 bytes for
//! the scores of its beads, 32 for the forward pass, 2 for the choices.

use super::band::Band;
use super::edge::Edges;
use super::model::{Counts, Extent, Model, Prior, SHAPES, State, WIDEST};
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
        let words = f64::from(self.words(i, j, a, e)?);
        let (ar, en) = (&self.extents.ar[i][a - 1], &self.extents.en[j][e - 1]);
        let paragraphs = self
            .paragraphs
            .as_ref()
            .map_or(0.0, |p| p.score(i, j, a, e));
        Some(
            self.model.word_score(words, a + e)
                + self.model.length_score(ar, en)
                + paragraphs
                + self.edges.score((i, j), (a, e)),
        )
    }

    /// The sum of the log ratios of the cues of a bead that the band holds.
    fn words(&self, i: usize, j: usize, a: usize, e: usize) -> Option<f32> {
        let first = self.band.cell(i, j)?;
        let mut sum = 0.0;
        for y in 0..e {
            sum += self.tables.en.at(first + y, a, e);
        }
        for x in 0..a {
            sum += self.tables.ar.at(self.band.cell(i + x, j)?, e, a);
        }
        if (a, e) == (2, 2) {
            sum = sum.max(self.moved(first, self.band.cell(i + 1, j)?));
        }
        Some(sum)
    }

    /// The same for a 2-2 that is two pairs of segments but for a piece, which moved from the second pair to the first
    /// on one side, or from the first to the second, whatever explains the cues better. `first` and `second` are the nodes
    /// before the first English segment and either Arabic one.
    fn moved(&self, first: usize, second: usize) -> f32 {
        let Sides { ar, en } = &self.tables;
        let last = second + 1;
        // The first Arabic segment shares something with the second English one.
        let forward = ar.moved(first, Half::First) + en.moved(first + 1, Half::Second);
        let backward = ar.moved(second, Half::Second) + en.moved(first, Half::First);
        let forward = forward + en.at(first, 1, 1) + ar.at(last, 1, 1);
        let backward = backward + ar.at(first, 1, 1) + en.at(last, 1, 1);
        forward.max(backward)
    }

    /// The evidence for each bead that begins at each node; minus infinity where there is none.
    fn beads(&self) -> Vec<[f32; SHAPES.len()]> {
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

/// A bead as it leaves a node: its extent and its probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) from: (usize, usize),
    pub(super) extent: (usize, usize),
    pub(super) probability: f64,
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

/// The best beads of a band, which always holds a path: gaps alone make one.
pub(super) fn search(scorer: &Scorer<'_>, prior: &Prior) -> Vec<Step> {
    let mut pass = Pass {
        band: scorer.band,
        beads: &scorer.beads(),
        prior,
        alive: vec![true; scorer.band.cells()],
    };
    let first = pass.posterior();
    let own = prior.adapted(&first.counts, scorer.model.shape_weight);
    pass.prior = &own;
    pass.alive = first.alive;
    decide(scorer.band, &pass.posterior(), scorer.model.tolerance)
}

/// What the forward pass keeps of a node.
#[derive(Clone, Copy)]
struct Forward {
    /// The paths that lead here and end in each state.
    states: [f64; 3],
    /// The same, followed by a filled bead.
    filled: f64,
}

const NOWHERE: Forward = Forward {
    states: [f64::NEG_INFINITY; 3],
    filled: f64::NEG_INFINITY,
};

/// The paths from a node to the end, by the state that led there.
type Backward = [f64; 3];
const UNREACHED: Backward = [f64::NEG_INFINITY; 3];

/// The rows of the backward pass that beads can reach from the row at hand, by their number modulo their count.
type Rows = [Vec<Backward>; WIDEST + 1];

/// A forward and a backward pass.
struct Pass<'d> {
    band: &'d Band,
    beads: &'d [[f32; SHAPES.len()]],
    prior: &'d Prior,
    /// The nodes that are looked at.
    alive: Vec<bool>,
}

/// The probabilities of all beads.
struct Posterior {
    /// Filled beads that are not all but impossible, by node from the last to the first.
    beads: Vec<(u32, Choice, f32)>,
    /// For each segment the probability that it is a gap.
    gaps: Sides<Vec<f64>>,
    counts: Counts,
    /// The nodes that are not all but impossible.
    alive: Vec<bool>,
}

/// Beads of a lower probability are never chosen.
const LEAST_PROBABLE: f64 = 0.002;

/// Nodes of a lower probability, as a logarithm, are ruled out.
const RULED_OUT: f64 = -25.0;

impl Pass<'_> {
    fn forward(&self) -> Vec<Forward> {
        let (n, _) = self.band.size();
        let mut out = vec![NOWHERE; self.band.cells()];
        let mut terms = Vec::with_capacity(SHAPES.len());
        let mut cell = 0;
        for i in 0..=n {
            for j in self.band.columns(i) {
                let here = cell;
                cell += 1;
                if !self.alive[here] {
                    continue;
                }
                let mut states = [f64::NEG_INFINITY; 3];
                if (i, j) == (0, 0) {
                    states[State::Filled as usize] = 0.0;
                } else {
                    terms.clear();
                    for (shape, &(a, e)) in SHAPES.iter().enumerate() {
                        if a > i || e > j {
                            continue;
                        }
                        if let Some(before) = self.band.cell(i - a, j - e) {
                            let score = f64::from(self.beads[before][shape]);
                            terms.push(out[before].filled + self.prior.shapes[shape] + score);
                        }
                    }
                    states[State::Filled as usize] = log_sum(&terms);
                    let gap = |before: Option<usize>, to: State| {
                        before.map_or(f64::NEG_INFINITY, |b| self.leave(&out[b].states, to))
                    };
                    let above = i.checked_sub(1).and_then(|i| self.band.cell(i, j));
                    let left = j.checked_sub(1).and_then(|j| self.band.cell(i, j));
                    states[State::ArabicGap as usize] = gap(above, State::ArabicGap);
                    states[State::EnglishGap as usize] = gap(left, State::EnglishGap);
                }
                out[here] = Forward {
                    states,
                    filled: self.leave(&states, State::Filled),
                };
            }
        }
        out
    }

    /// The paths to a node, whatever they ended in, that go on to `to`.
    fn leave(&self, states: &[f64; 3], to: State) -> f64 {
        let to = to as usize;
        log_sum(&State::ALL.map(|from| states[from as usize] + self.prior.steps[from as usize][to]))
    }

    fn posterior(&self) -> Posterior {
        let (n, m) = self.band.size();
        let forward = self.forward();
        let end = self.band.cell(n, m);
        let all = end.map_or(0.0, |end| log_sum(&forward[end].states));
        let mut out = Posterior {
            beads: Vec::new(),
            gaps: Sides {
                ar: vec![0.0; n],
                en: vec![0.0; m],
            },
            counts: [0.0; SHAPES.len()],
            alive: vec![false; self.band.cells()],
        };
        let mut rows: Rows = Default::default();
        let mut cell = self.band.cells();
        for i in (0..=n).rev() {
            let columns = self.band.columns(i);
            let mut row = std::mem::take(&mut rows[i % (WIDEST + 1)]);
            row.clear();
            row.resize(columns.len(), UNREACHED);
            rows[i % (WIDEST + 1)] = row;
            for j in columns.clone().rev() {
                cell -= 1;
                let here = if (i, j) == (n, m) {
                    [0.0; 3]
                } else if self.alive[cell] {
                    self.node(&rows, (i, j), cell, &forward[cell], all, &mut out)
                } else {
                    continue;
                };
                let through = State::ALL
                    .map(|state| forward[cell].states[state as usize] + here[state as usize]);
                out.alive[cell] = through.iter().any(|&t| t - all > RULED_OUT);
                rows[i % (WIDEST + 1)][j - columns.start] = here;
            }
        }
        out
    }

    /// The paths on from a node; what goes out of it is added to `out`.
    fn node(
        &self,
        rows: &Rows,
        (i, j): (usize, usize),
        cell: usize,
        here: &Forward,
        all: f64,
        out: &mut Posterior,
    ) -> Backward {
        let mut filled = [f64::NEG_INFINITY; SHAPES.len()];
        for (shape, &(a, e)) in SHAPES.iter().enumerate() {
            let score = self.beads[cell][shape];
            if score == f32::NEG_INFINITY {
                continue;
            }
            let on = self.after(rows, i + a, j + e)[State::Filled as usize];
            filled[shape] = self.prior.shapes[shape] + f64::from(score) + on;
            let through = here.filled + filled[shape] - all;
            if through > RULED_OUT {
                let probability = through.exp();
                out.counts[shape] += probability;
                if probability >= LEAST_PROBABLE {
                    out.beads
                        .push((cell as u32, shape as Choice, probability as f32));
                }
            }
        }
        let mut ons = [log_sum(&filled), f64::NEG_INFINITY, f64::NEG_INFINITY];
        for (state, choice) in [
            (State::ArabicGap, ARABIC_GAP),
            (State::EnglishGap, ENGLISH_GAP),
        ] {
            let (a, e) = extent(choice);
            let on = self.after(rows, i + a, j + e)[state as usize];
            ons[state as usize] = on;
            let through = self.leave(&here.states, state) + on - all;
            if through > RULED_OUT {
                let gaps = if a == 1 {
                    &mut out.gaps.ar[i]
                } else {
                    &mut out.gaps.en[j]
                };
                *gaps += through.exp();
            }
        }
        State::ALL.map(|from| {
            let steps = &self.prior.steps[from as usize];
            log_sum(&State::ALL.map(|to| steps[to as usize] + ons[to as usize]))
        })
    }

    fn after(&self, rows: &Rows, i: usize, j: usize) -> Backward {
        let (n, _) = self.band.size();
        if i > n {
            return UNREACHED;
        }
        let columns = self.band.columns(i);
        if columns.contains(&j) {
            rows[i % (WIDEST + 1)][j - columns.start]
        } else {
            UNREACHED
        }
    }
}

/// The path with the highest sum of `ln(probability + tolerance)`.
fn decide(band: &Band, posterior: &Posterior, tolerance: f64) -> Vec<Step> {
    let (n, m) = band.size();
    let value = |probability: f64| (probability + tolerance).ln();
    let gaps = Sides {
        ar: posterior
            .gaps
            .ar
            .iter()
            .map(|&p| value(p))
            .collect::<Vec<_>>(),
        en: posterior
            .gaps
            .en
            .iter()
            .map(|&p| value(p))
            .collect::<Vec<_>>(),
    };
    let mut best = vec![f64::NEG_INFINITY; band.cells()];
    let mut choices: Vec<(Choice, f32)> = vec![(ENGLISH_GAP, 0.0); band.cells()];
    let mut beads = posterior.beads.iter().peekable();
    let mut cell = band.cells();
    for i in (0..=n).rev() {
        for j in band.columns(i).rev() {
            cell -= 1;
            if (i, j) == (n, m) {
                best[cell] = 0.0;
                continue;
            }
            let mut offer = |to: (usize, usize), value: f64, choice: Choice, probability: f32| {
                if let Some(next) = band.cell(to.0, to.1)
                    && best[next] + value > best[cell]
                {
                    best[cell] = best[next] + value;
                    choices[cell] = (choice, probability);
                }
            };
            while let Some(&(_, shape, p)) = beads.next_if(|bead| bead.0 as usize == cell) {
                let (a, e) = extent(shape);
                offer((i + a, j + e), value(f64::from(p)), shape, p);
            }
            if i < n {
                let p = posterior.gaps.ar[i] as f32;
                offer((i + 1, j), gaps.ar[i], ARABIC_GAP, p);
            }
            if j < m {
                let p = posterior.gaps.en[j] as f32;
                offer((i, j + 1), gaps.en[j], ENGLISH_GAP, p);
            }
        }
    }
    trace(band, &choices)
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
