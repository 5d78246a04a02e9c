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

use super::ReviewBead;
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
}

impl Decisions {
    /// The decisions in `beads`, about a document of these segments.
    pub fn of(segments: &Sides<Vec<String>>, beads: &[ReviewBead]) -> Self {
        Self {
            segments: fingerprints(segments),
            beads: beads
                .iter()
                .filter(|bead| bead.standing.is_by_hand())
                .cloned()
                .collect(),
        }
    }

    /// The decided beads by the numbers of `segments`, those that are left of them: all segments of a bead must still be
    /// there, unchanged and side by side.
    ///
    /// Linear where little has changed; never quadratic in the segments that the two documents don't share.
    pub fn carried_to(&self, segments: &Sides<Vec<String>>) -> Vec<ReviewBead> {
        let new = fingerprints(segments);
        let moved = Sides::from_fn(|lang| places(self.segments.get(lang), new.get(lang)));
        let mut end = Sides { ar: 0, en: 0 };
        let carried = self.beads.iter().filter_map(|bead| {
            let of = |lang| carried_range(bead.range.get(lang), moved.get(lang));
            let range = Sides {
                ar: of(Lang::Arabic)?,
                en: of(Lang::English)?,
            };
            // Decisions that are not in order and apart come from damage alone.
            if range.ar.start < end.ar || range.en.start < end.en {
                return None;
            }
            end = Sides {
                ar: range.ar.end,
                en: range.en.end,
            };
            Some(ReviewBead {
                range,
                standing: bead.standing,
            })
        });
        carried.collect()
    }
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
        .map_or(Sides { ar: 0, en: 0 }, |bead| Sides {
            ar: bead.range.ar.end,
            en: bead.range.en.end,
        });
    let mut out = Vec::with_capacity(alignment.len());
    let mut from = Sides { ar: 0, en: 0 };
    let mut stretch = |from: Sides<usize>, to: Sides<usize>, out: &mut Vec<ReviewBead>| {
        let range = Sides {
            ar: from.ar..to.ar,
            en: from.en..to.en,
        };
        match whole_beads(alignment, &range) {
            Some(beads) => out.extend(beads.iter().cloned().map(ReviewBead::from)),
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
        let to = Sides {
            ar: pin.range.ar.start,
            en: pin.range.en.start,
        };
        stretch(from, to, &mut out);
        from = Sides {
            ar: pin.range.ar.end,
            en: pin.range.en.end,
        };
        out.push(pin);
    }
    stretch(from, end, &mut out);
    out
}

/// The beads of the alignment that make up exactly `range`; `None` where one crosses its edge.
fn whole_beads<'b>(alignment: &'b [Bead], range: &Sides<Range<usize>>) -> Option<&'b [Bead]> {
    if range.ar.is_empty() && range.en.is_empty() {
        return Some(&[]);
    }
    // No bead is empty on both sides, so that the sum of both starts tells beads apart, and so do the sums of the ends.
    let sum = range.ar.start + range.en.start;
    let from = alignment.partition_point(|bead| bead.range.ar.start + bead.range.en.start < sum);
    let sum = range.ar.end + range.en.end;
    let to = alignment.partition_point(|bead| bead.range.ar.end + bead.range.en.end <= sum);
    let beads = alignment.get(from..to)?;
    let (first, last) = (beads.first()?, beads.last()?);
    let fits = |lang: Lang| {
        let range = range.get(lang);
        (first.range.get(lang).start, last.range.get(lang).end) == (range.start, range.end)
    };
    Lang::BOTH.into_iter().all(fits).then_some(beads)
}
