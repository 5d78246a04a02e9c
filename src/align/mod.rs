//! Sentence alignment: two lists of segments in, beads with a confidence out. No I/O, no failure.

use std::ops::Range;

use crate::lang::{Lang, Sides};
use crate::score::Confidence;

mod band;
pub mod eval;
mod evidence;
pub mod learn;
pub mod lexicon;
pub mod model;
mod names;
mod search;

pub use lexicon::Lexicon;
pub use model::Model;

use band::Band;
use evidence::Evidence;
use model::Prior;
use search::{Paragraphs, Scorer};

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

/// Two documents that are to be aligned.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bitext<'t> {
    /// The segments of each side.
    pub segments: Sides<&'t [&'t str]>,
    /// For each segment the number of its paragraph; on both sides or on none.
    pub paragraphs: Option<Sides<&'t [u32]>>,
}

/// How to align.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AlignOptions {
    /// What is believed beforehand.
    pub model: Model,
    /// How often the prior over shapes and gaps is fitted to the document.
    pub fits: usize,
}

impl Default for AlignOptions {
    fn default() -> Self {
        Self {
            model: Model::default(),
            fits: 1,
        }
    }
}

/// Aligns two documents.
pub fn align(bitext: &Bitext<'_>, lexicon: &Lexicon, options: &AlignOptions) -> Alignment {
    let model = &options.model;
    let segments = bitext.segments;
    let (n, m) = (segments.ar.len(), segments.en.len());
    let evidence = Evidence::new(segments, lexicon, model);
    let band = Band::full(n, m);
    let scorer = Scorer {
        band: &band,
        tables: Sides::from_fn(|lang: Lang| evidence.table(lang, &band)),
        lengths: evidence.characters().map(|lengths| {
            let mut sums = vec![0.0];
            for (i, length) in lengths.iter().enumerate() {
                sums.push(sums[i] + length);
            }
            sums
        }),
        paragraphs: bitext.paragraphs.and_then(|p| Paragraphs::new(p, model)),
        model,
    };
    let base = Prior::new(model);
    let mut prior = base.clone();
    let mut found = search::search(&scorer, &prior, model.bead_cost);
    for _ in 0..options.fits {
        prior = base.after(&found.expected, model.prior_beads);
        found = search::search(&scorer, &prior, model.bead_cost);
    }
    let beads = found
        .steps
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
