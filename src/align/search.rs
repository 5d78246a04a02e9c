//! The search: from the scores of all beads in a band to the beads with the highest expected number of right ones.
//!
//! Each bead's probability is computed twice ([`super::posterior`]): what the first passes find tells how common each
//! shape is in this document ([`Prior::adapted`]), and the second ones look only at nodes that the first ones did not
//! rule out.
//!
//! The beads returned are those of the path with the highest sum of `ln(probability + tolerance)`: between the path of
//! the highest expected number of right beads, which now and then takes a bead that is hardly possible to save several
//! doubtful ones, and the path of the highest product.
//!
//! Cost: beside the passes, 16 bytes a node.

use super::band::Band;
use super::model::{Model, Prior, SHAPES};
use super::posterior::{Passes, Posterior};
use super::scorer::Scores;
use crate::lang::Sides;

/// A bead as it leaves a node: its extent and its probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) from: (usize, usize),
    pub(super) extent: (usize, usize),
    pub(super) probability: f64,
}

/// The best beads of a band, which always holds a path: gaps alone make one.
pub(super) fn search(band: &Band, scores: &[Scores], model: &Model) -> Vec<Step> {
    let prior = Prior::new(model);
    let mut passes = Passes {
        band,
        scores,
        prior: &prior,
        alive: vec![true; band.cells()],
    };
    let first = passes.posterior();
    let own = prior.adapted(&first.counts, model.shape_weight);
    passes.prior = &own;
    passes.alive = first.alive;
    decide(band, &passes.posterior(), model.tolerance)
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

/// The path with the highest sum of `ln(probability + tolerance)`.
fn decide(band: &Band, posterior: &Posterior, tolerance: f64) -> Vec<Step> {
    let (n, m) = band.size();
    let value = |probability: f64| (probability + tolerance).ln();
    let gap_values = |gaps: &Vec<f64>| gaps.iter().map(|&p| value(p)).collect::<Vec<_>>();
    let gaps = Sides {
        ar: gap_values(&posterior.gaps.ar),
        en: gap_values(&posterior.gaps.en),
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
