//! Going through an alignment by hand: a state machine without a terminal.
//!
//! [`ReviewText`]* ──[`Review::new`]──▶ [`Review`]; each [`Event`] ──[`Review::handle`]──▶ [`Effect`]. What a person
//! decided outlives the aligner: [`Decisions`] are kept by what the segments say ([`fingerprint`]), and
//! [`Decisions::carried_to`] finds them again in a document that has changed; [`weave`] puts them into a new alignment.
//!
//! Only *doubtful* beads come up: those that the aligner is less sure of than a threshold, and those that were changed
//! by hand and not accepted yet.
//!
//! # A worked example
//! Three beads 1-1 (0.98), 2-1 (0.41), 1-1 (0.95) and a threshold of 0.8: the review opens at the second. [`Event::Split`]
//! makes it 1-1 and 1-0, both [`Standing::Edited`]; [`Event::Shift`] with [`Edge::End`] lets the 1-0 take its English
//! segment of the third bead, and so on, until [`Event::Accept`] confirms what is at hand and moves to the next
//! doubtful bead. [`Event::Undo`] takes one decision back at a time, also those of an earlier run ([`Step`]).
//!
//! # Invariants and cost
//! After any events the beads hold each segment of either side once, in order, and none is empty on both sides; undo
//! is the inverse of what it takes back. An event costs time linear in the beads of its document.

mod carry;
pub mod likeness;
mod review;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::align::Bead;
use crate::lang::Sides;
use crate::score::Confidence;

pub use carry::{Decisions, fingerprint, weave};
pub use review::{
    Edge, Effect, Event, MOST_STEPS, Neighbour, Progress, Refusal, Review, ReviewText,
};

/// What a bead rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The aligner alone, which is that sure of it.
    Open(Confidence),
    /// Changed by hand, and neither accepted nor dropped yet.
    Edited,
    /// Accepted by a person.
    Confirmed,
    /// Taken out by a person: no unit.
    Dropped,
}

impl Standing {
    /// Whether a person has had a hand in it.
    pub fn is_by_hand(self) -> bool {
        !matches!(self, Self::Open(_))
    }

    /// Whether it should be looked at, where the aligner's word counts from the confidence `below` on. Where that is 1 it
    /// never counts: a confidence of 1 is a rounded one.
    pub fn is_doubtful(self, below: Confidence) -> bool {
        match self {
            Self::Open(confidence) => confidence < below || below.thousandths() == 1000,
            Self::Edited => true,
            Self::Confirmed | Self::Dropped => false,
        }
    }

    /// How sure one may be: the aligner's confidence, 1 for what a person accepted, `None` for what nobody has judged.
    pub fn confidence(self) -> Option<Confidence> {
        match self {
            Self::Open(confidence) => Some(confidence),
            Self::Confirmed => Some(Confidence::from_thousandths(1000)),
            Self::Edited | Self::Dropped => None,
        }
    }
}

/// A bead under review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewBead {
    /// Indices of the segments of each side; not empty on both.
    pub range: Sides<Range<usize>>,
    /// What it rests on.
    pub standing: Standing,
}

impl ReviewBead {
    /// Whether it has segments on both sides.
    pub fn is_filled(&self) -> bool {
        !self.range.ar.is_empty() && !self.range.en.is_empty()
    }

    fn is_empty(&self) -> bool {
        self.range.ar.is_empty() && self.range.en.is_empty()
    }
}

/// What undoes a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its place among the decisions about all documents of a review: the latest has the highest.
    pub number: u64,
    /// The beads that stood there before, side by side; at least one.
    pub before: Vec<ReviewBead>,
    /// Which of them was at hand.
    pub at_hand: usize,
}

/// Where a bead begins.
fn starts(range: &Sides<Range<usize>>) -> Sides<usize> {
    Sides::from_fn(|lang| range.get(lang).start)
}

/// Where a bead ends.
fn ends(range: &Sides<Range<usize>>) -> Sides<usize> {
    Sides::from_fn(|lang| range.get(lang).end)
}

/// The beads that hold exactly the segments from one place between beads to another; `None` where a bead crosses
/// either.
///
/// `beads` hold all segments in order, and none is empty on both sides.
fn covering<T>(
    beads: &[T],
    range_of: impl Fn(&T) -> &Sides<Range<usize>>,
    (from, to): (Sides<usize>, Sides<usize>),
) -> Option<Range<usize>> {
    // So the sum of both starts tells beads apart, and so does the sum of the ends.
    let start = |bead: &T| range_of(bead).ar.start + range_of(bead).en.start;
    let end = |bead: &T| range_of(bead).ar.end + range_of(bead).en.end;
    let first = beads.partition_point(|bead| start(bead) < from.ar + from.en);
    let behind = beads.partition_point(|bead| end(bead) <= to.ar + to.en);
    let held = beads.get(first..behind)?;
    let is_exact = starts(range_of(held.first()?)) == from && ends(range_of(held.last()?)) == to;
    is_exact.then_some(first..behind)
}

impl From<Bead> for ReviewBead {
    fn from(bead: Bead) -> Self {
        Self {
            range: bead.range,
            standing: Standing::Open(bead.confidence),
        }
    }
}
