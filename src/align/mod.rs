//! Sentence alignment: two lists of segments in, beads with a confidence out. No I/O, no failure.

use std::ops::Range;

use crate::lang::Sides;
use crate::score::Confidence;

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
