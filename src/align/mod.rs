//! Sentence alignment: two lists of segments in, beads with a confidence out. No I/O, no failure.

use std::ops::Range;

use crate::lang::Sides;
use crate::score::Confidence;

mod anchor;
mod band;
mod book;
pub mod eval;
mod evidence;
pub mod learn;
pub mod lexicon;
pub mod model;
mod names;
mod search;

pub use lexicon::Lexicon;
pub use model::Model;

/// Segments of either side that translate each other; one range is empty where a segment has no counterpart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bead {
    /// Indices of the segments of each side.
    pub range: Sides<Range<usize>>,
    /// How sure the aligner is that exactly these segments belong together.
    pub confidence: Confidence,
}

/// The beads of two documents, in order; together they hold each segment of either side once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    /// The beads.
    pub beads: Vec<Bead>,
}

impl Alignment {
    /// The segments of each filled bead of at least `least` confidence, joined by spaces, Arabic first: what
    /// [`Lexicon::learn`] takes.
    pub fn pairs(&self, segments: Sides<&[&str]>, least: Confidence) -> Vec<(String, String)> {
        self.beads
            .iter()
            .filter(|bead| bead.confidence >= least)
            .filter(|bead| !bead.range.ar.is_empty() && !bead.range.en.is_empty())
            .map(|bead| {
                (
                    segments.ar[bead.range.ar.clone()].join(" "),
                    segments.en[bead.range.en.clone()].join(" "),
                )
            })
            .collect()
    }
}

/// Two documents that are to be aligned.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bitext<'t> {
    /// The segments of each side.
    pub segments: Sides<&'t [&'t str]>,
    /// For each segment the number of its paragraph; on both sides or on none.
    pub paragraphs: Option<Sides<&'t [u32]>>,
}

/// How to align.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AlignOptions {
    /// What is believed beforehand.
    pub model: Model,
}

/// Aligns two documents.
pub fn align(bitext: &Bitext<'_>, lexicon: &Lexicon, options: &AlignOptions) -> Alignment {
    let steps = book::align(bitext, lexicon, options);
    let beads = steps
        .iter()
        .map(|step| Bead {
            range: Sides {
                ar: step.from.0..step.from.0 + step.extent.0,
                en: step.from.1..step.from.1 + step.extent.1,
            },
            confidence: Confidence::from_probability(step.probability),
        })
        .collect();
    Alignment { beads }
}
