//! Sentence alignment: two lists of segments in, beads with a confidence out. No I/O, no failure.
//!
//! [`Bitext`] + [`Lexicon`] ──[`align`]──▶ [`Alignment`].
//!
//! # The model
//! A bitext is explained by a sequence of beads: filled ones (1-1, 1-2 to 1-8, 2-1 to 8-1, 2-2) and gaps (1-0, 0-1). All
//! is measured against one null hypothesis, that the segments have nothing to do with each other, so that a gap scores
//! 0 and a filled bead the logarithm of a likelihood ratio:
//!
//! ```text
//! score(filled bead) = ln P(shape) + ln P(filled | before) + length + words + edges
//! score(gap)         = ln P(gap of this side | before)
//!
//! length = ln N(δ; μ, σ(l)) − ln N(δ; μ, σ₀)       δ = ln(Arabic characters / English characters)
//! words  = w S + d (tanh(S / (4 k)) − 1)           k = segments of the bead
//! S      = Σ over the cues of both sides of
//!              ln(1 − h + f h / q)                 where the other side of the bead has a counterpart
//!              ln(1 − h)                           where it has none
//! ```
//!
//! A cue is a word, number, name, Latin word or mark (`cue.rs`, `evidence.rs`), `h` the probability that its translation shows it,
//! `q` the probability that a text of that length shows it by chance, estimated from the document, and `f` less the
//! further the counterpart stands from where the cue does (`place.rs`). Arabic words that
//! were run together are taken apart first (`glue.rs`). A 2-2 is what a translator leaves who moves a piece of a sentence
//! to the next segment: its cues have their counterpart in the same half, but for those of the piece (`table.rs`). The weight `w` is less than 1, since words do not come
//! independently; near `S = 0`, between a translation of few known words and two segments that both lost their
//! translation, a little evidence decides, and `d` lets it count in full. The edges tell where a segment breaks off inside
//! a sentence (`edge.rs`). The length term is
//! that of Gale and Church (1993) in log space, the cues generalise Moore (2002) and Varga et al. (2005); that a gap's cost
//! depends on what was before it, and not on the segments of the other side, keeps runs of missing text together.
//! Weights and shares are the fields of [`Model`].
//!
//! `posterior.rs` adds up all sequences of beads (forward–backward), so that each bead gets its probability; what it finds
//! tells how common each shape is in this document, and `search.rs` looks again with that. `confidence.rs` makes the
//! confidence of the probability: of the beads given 0.9 and more, at least 99 of 100 were right on five sets of gold
//! beads, and they were 90 to 99 of 100 beads.
//!
//! # A worked example
//! In a document of 20 English segments one holds `vote`. The Arabic segment at hand holds «صوت», which the lexicon
//! renders by `voice`, `sound` and `vote`, the only one of them in this document. With `h = 0.4`,
//! `q = (1 + 2 · 0.03) / (20 + 2) = 0.048` and both in the middle of their segments, so that `f` is 1.2, a bead with that
//! segment gains `ln(0.6 + 1.2 · 0.4 / 0.048) = 2.36`, any other filled bead of «صوت» loses `−ln 0.6 = 0.51`. Were `vote`
//! in 18 of the 20 segments, the gain would be `ln(0.6 + 1.2 · 0.4 / 0.82) = 0.17`: such a word tells little. Both count
//! with the weight `w = 0.5`.
//!
//! # Invariants and cost
//! The beads hold each segment of either side once, in order. The same input gives the same beads. The two sides are not
//! alike (names are told by English capitals, length has a mean), so that swapping the texts is no symmetry of the whole;
//! for cues that know no language the beads are mirrored.
//!
//! Time is linear in the nodes of the matrix for articles, all of which are looked at; chapters and books cost time
//! linear, and memory bounded, in their length (`book.rs`). A pair of 15 segments takes about 1.8 ms, one of 2,000 about
//! 0.6 s. Memory is bounded by the largest piece of a book.

use std::ops::Range;

use crate::lang::Sides;
use crate::score::Confidence;

mod anchor;
mod band;
mod book;
mod confidence;
mod cue;
mod edge;
pub mod eval;
mod evidence;
mod glue;
pub mod learn;
pub mod lexicon;
pub mod model;
mod names;
mod paragraph;
mod place;
mod posterior;
mod scorer;
mod search;
mod table;
#[cfg(test)]
mod tests;

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
///
/// Segments may be empty, equal or without a letter. Paragraphs are ignored unless there is a number for each segment of
/// both sides.
///
/// ```
/// use dhakira::align::{AlignOptions, Bitext, Lexicon, align};
/// use dhakira::lang::Sides;
///
/// let ar = ["وصل الوزير إلى المدينة.", "وقال إن المدرسة الجديدة ستفتح أبوابها غدا."];
/// let en = ["The minister arrived in the city.", "He said the new school", "would open its doors tomorrow."];
/// let bitext = Bitext { segments: Sides { ar: &ar, en: &en }, paragraphs: None };
/// let alignment = align(&bitext, Lexicon::seed(), &AlignOptions::default());
/// assert_eq!(alignment.beads[0].range, Sides { ar: 0..1, en: 0..1 });
/// assert_eq!(alignment.beads[1].range, Sides { ar: 1..2, en: 1..3 });
/// ```
pub fn align(bitext: &Bitext<'_>, lexicon: &Lexicon, options: &AlignOptions) -> Alignment {
    let segments = bitext.segments;
    // Where a side has no text there is nothing to be unsure of.
    let is_certain = segments.ar.is_empty() || segments.en.is_empty();
    let bead = |step: &search::Step| Bead {
        range: Sides {
            ar: step.from.0..step.from.0 + step.extent.0,
            en: step.from.1..step.from.1 + step.extent.1,
        },
        confidence: if is_certain {
            Confidence::from_probability(1.0)
        } else {
            confidence::confidence(step.probability, step.extent)
        },
    };
    let steps = book::align(bitext, lexicon, options);
    Alignment {
        beads: steps.iter().map(bead).collect(),
    }
}
