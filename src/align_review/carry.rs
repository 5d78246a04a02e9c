//! What a person decided, found again in a document that has changed.
//!
//! **Idea.** A decision is about segments, not about numbers. Each segment is known by a hash of its text; the longest
//! common run of the old and the new document's hashes says where each segment has gone. A decided bead is carried over if
//! all its segments, on both sides, are still there and still side by side; then its neighbours may have changed as
//! they will. Between carried beads the aligner's beads stand, and where those cut through a carried one, the stretch
//! between two carried beads is aligned anew on its own.
//!
//! Worked example: of five 1-1 beads the second was accepted and the fourth dropped. A sentence is put in front on both
//! sides, and the fourth's English is reworded. The second is carried over as the third; the fourth is not, and comes
//! up again if the aligner doubts it.

use std::ops::Range;

use rustc_hash::FxHashSet;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::{ReviewBead, ReviewText, Step, covering, ends, starts};
use crate::align::Bead;
use crate::hash::fnv1a;
use crate::lang::{Lang, Sides};

/// A hash of a segment that is the same on every machine and in every version: FNV-1a, 64 bits.
pub fn fingerprint(segment: &str) -> u64 {
    fnv1a(segment.bytes())
}

/// What a person decided about a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// The [`fingerprint`]s of all segments of each side.
    pub segments: Sides<Vec<u64>>,
    /// The beads that a person had a hand in, in order and apart.
    pub beads: Vec<ReviewBead>,
    /// What undoes the last decisions, the latest last.
    pub steps: Vec<Step>,
}

impl Decisions {
    /// The decisions about a document.
    pub fn of(text: &ReviewText) -> Self {
        let by_hand = text.beads.iter().filter(|bead| bead.standing.is_by_hand());
        Self {
            segments: fingerprints(&text.segments),
            beads: by_hand.cloned().collect(),
            steps: text.steps.clone(),
        }
    }

    /// The decided beads by the numbers of `segments`, those that are left of them: all segments of a bead must still be
    /// there, unchanged and side by side. And the steps behind the last one of which a segment has changed.
    ///
    /// Linear where little has changed; never quadratic in the segments that the two documents don't share.
    pub fn carried_to(&self, segments: &Sides<Vec<String>>) -> (Vec<ReviewBead>, Vec<Step>) {
        let new = fingerprints(segments);
        let moved = Sides::from_fn(|lang| places(self.segments.get(lang), new.get(lang)));
        let mut end = Sides { ar: 0, en: 0 };
        let carried = self.beads.iter().filter_map(|bead| {
            let bead = carried_bead(bead, &moved)?;
            // Decisions that are not in order and apart come from damage alone.
            if bead.range.ar.start < end.ar || bead.range.en.start < end.en {
                return None;
            }
            end = ends(&bead.range);
            Some(bead)
        });
        let beads = carried.collect();
        let mut steps: Vec<Step> = self
            .steps
            .iter()
            .rev()
            .map_while(|step| carried_step(step, &moved))
            .collect();
        steps.reverse();
        (beads, steps)
    }
}

/// For each segment of a document its number in another, where it is there.
type Places = Sides<Vec<Option<usize>>>;

fn carried_bead(bead: &ReviewBead, places: &Places) -> Option<ReviewBead> {
    let of = |lang| carried_range(bead.range.get(lang), places.get(lang));
    Some(ReviewBead {
        range: Sides {
            ar: of(Lang::Arabic)?,
            en: of(Lang::English)?,
        },
        standing: bead.standing,
    })
}

/// A step whose beads are all still there and still side by side.
fn carried_step(step: &Step, places: &Places) -> Option<Step> {
    let before = step.before.iter().map(|bead| carried_bead(bead, places));
    let before: Vec<ReviewBead> = before.collect::<Option<_>>()?;
    let adjoin = |pair: &[ReviewBead]| {
        let adjoins = |lang| pair[0].range.get(lang).end == pair[1].range.get(lang).start;
        Lang::BOTH.into_iter().all(adjoins)
    };
    (step.at_hand < before.len() && before.windows(2).all(adjoin)).then_some(Step {
        before,
        ..step.clone()
    })
}

fn fingerprints(segments: &Sides<Vec<String>>) -> Sides<Vec<u64>> {
    Sides::from_fn(|lang| {
        segments
            .get(lang)
            .iter()
            .map(|s| fingerprint(s))
            .collect::<Vec<_>>()
    })
}

/// For each element of `old` its index in `new`, where the two have it in common; ascending.
fn places(old: &[u64], new: &[u64]) -> Vec<Option<usize>> {
    // What only one of them has can't be common; without it the comparison is short even for unlike documents.
    let shared = |list: &[u64], other: &[u64]| -> (Vec<usize>, Vec<u64>) {
        let other: FxHashSet<u64> = other.iter().copied().collect();
        let shared = list.iter().enumerate().filter(|(_, h)| other.contains(h));
        shared.map(|(i, hash)| (i, *hash)).unzip()
    };
    let (old_indices, old_shared) = shared(old, new);
    let (new_indices, new_shared) = shared(new, old);
    let mut out = vec![None; old.len()];
    for op in capture_diff_slices(Algorithm::Patience, &old_shared, &new_shared) {
        let (tag, old, new) = op.as_tag_tuple();
        if tag == DiffTag::Equal {
            for (a, b) in old.zip(new) {
                out[old_indices[a]] = Some(new_indices[b]);
            }
        }
    }
    out
}

/// Where a range of segments has gone, if it is whole. An empty one stays before the segment that it was before, else
/// behind the nearest before it that is left.
fn carried_range(range: &Range<usize>, places: &[Option<usize>]) -> Option<Range<usize>> {
    if range.is_empty() {
        let before = || places.get(..range.start)?.iter().rev().find_map(|p| *p);
        let at = match places.get(range.start).copied().flatten() {
            Some(place) => place,
            None => before().map_or(0, |place| place + 1),
        };
        return Some(at..at);
    }
    let moved = places.get(range.clone())?;
    let first = moved.first().copied().flatten()?;
    let is_whole = moved
        .iter()
        .enumerate()
        .all(|(i, place)| *place == Some(first + i));
    is_whole.then_some(first..first + range.len())
}

/// Puts decided beads into an alignment of the same segments. `align` is asked for the beads of stretches, which are
/// numbered from 0.
///
/// `pins` are in order and apart; `alignment` holds all segments, as do the beads that come out.
pub fn weave(
    alignment: &[Bead],
    pins: Vec<ReviewBead>,
    mut align: impl FnMut(Sides<Range<usize>>) -> Vec<Bead>,
) -> Vec<ReviewBead> {
    let end = alignment
        .last()
        .map_or(Sides { ar: 0, en: 0 }, |bead| ends(&bead.range));
    let mut out = Vec::with_capacity(alignment.len());
    let mut from = Sides { ar: 0, en: 0 };
    let mut stretch = |from: Sides<usize>, to: Sides<usize>, out: &mut Vec<ReviewBead>| {
        let range = Sides {
            ar: from.ar..to.ar,
            en: from.en..to.en,
        };
        if from == to {
            return;
        }
        match covering(alignment, |bead| &bead.range, (from, to)) {
            Some(held) => out.extend(alignment[held].iter().cloned().map(ReviewBead::from)),
            None => out.extend(align(range).into_iter().map(|bead| {
                ReviewBead::from(Bead {
                    range: Sides {
                        ar: bead.range.ar.start + from.ar..bead.range.ar.end + from.ar,
                        en: bead.range.en.start + from.en..bead.range.en.end + from.en,
                    },
                    ..bead
                })
            })),
        }
    };
    for pin in pins {
        stretch(from, starts(&pin.range), &mut out);
        from = ends(&pin.range);
        out.push(pin);
    }
    stretch(from, end, &mut out);
    out
}
