//! The evidence of each segment about each range of the other side, summed up for the search.
//!
//! Evidence is additive over the segments of a bead: each asks whether its counterparts are in the other side's range. A
//! [`Table`] holds the answer for each segment and each range of up to [`WIDEST`] segments that begins in the band, so
//! that the search adds up a few numbers for a bead. Where in the range the counterpart stands is asked only of a segment
//! that is all of its side of the bead: where one of several has its place in the whole, it does not know.
//!
//! Two segments of a bead that both hold a cue cannot both be rendered by its one counterpart, but cues are asked one by
//! one. Where a segment is one of several and the segment beside it has the same cue, the gain counts for
//! [`Model::rival_share`], unless the counterpart is there more than once. It keeps a segment that lost its translation
//! from being taken into the bead beside it for the words that they share.
//!
//! For a 2-2 that comes of a piece of a sentence that moved, a segment asks for its counterparts in the range of its own
//! half, and for a share `s` of them ([`Model::moved_share`]) in the other half. With the strengths `x` in its own half
//! and `y` in the other one, places counted in, a cue gains `ln(1 + ((1 − s) x + s y) / (1 − h))` there. Taken for two
//! segments in which each word may stand anywhere, a 2-2 would lose `ln 2` for each word that did not move.
//!
//! The chance `q` that a range holds a thing grows with its extent. A segment of the mean extent has 1. A text twice as
//! long holds more by chance, but not twice as much, for words come in clusters: the root of the length was best on all
//! sets.

use std::ops::Range;

use super::band::Band;
use super::cue::Posting;
use super::evidence::{Evidence, Hit, Profile};
use super::model::{Model, WIDEST};
use super::place::{self, Places};
use crate::lang::Lang;

/// Gains under this are not written down.
const NEGLIGIBLE: f32 = 0.02;

/// What one segment says about the ranges of the other side that begin at a node.
#[derive(Clone, Copy, Debug)]
struct Sums {
    /// About ranges of 1 to [`WIDEST`] segments, where the segment is all of its side of the bead.
    alone: [f32; WIDEST],
    /// About one segment, where it is one of several.
    among: f32,
    /// About two segments, as the first and as the second one of a 2-2.
    moved: [f32; 2],
}

/// Which segment of its side of a 2-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    First = 0,
    Second = 1,
}

/// For each node of a band the sums of the log ratios of one segment's cues.
#[derive(Debug)]
pub(super) struct Table {
    sums: Vec<Sums>,
}

impl Table {
    /// What the segments of the side of `lang` say about ranges of the other side.
    pub(super) fn new(evidence: &Evidence, lang: Lang, band: &Band, model: &Model) -> Self {
        let own = evidence.cues.get(lang);
        let other = evidence.cues.get(lang.other());
        let mut filling = Filling {
            sums: vec![Sums::of(0.0); band.cells()],
            lang,
            band,
            places: Places::new(model),
            moved_share: model.moved_share as f32,
            rival_share: model.rival_share as f32,
            ranges: ranges(&other.characters),
        };
        let profiles = evidence.profiles.get(lang);
        for (segment, cues) in own.segments.iter().enumerate() {
            let starts = match lang {
                Lang::Arabic => band.columns(segment),
                Lang::English => band.rows(segment),
            };
            let profile = |cue: u32| &profiles[cue as usize];
            let loss = cues.iter().map(|&cue| (1.0 - profile(cue).h).ln()).sum();
            filling.misses(segment, &starts, loss);
            for &cue in cues {
                let seeker = Seeker::new(segment, &own.postings[cue as usize], profile(cue));
                filling.hits(&seeker, &starts, &profile(cue).hits);
            }
        }
        Self { sums: filling.sums }
    }

    /// The sum at a node for one of `among` segments and a range of `width`, 1 to [`WIDEST`].
    pub(super) fn at(&self, cell: usize, width: usize, among: usize) -> f32 {
        let sums = &self.sums[cell];
        if among > 1 && width == 1 {
            sums.among
        } else {
            sums.alone[width - 1]
        }
    }

    /// The sum at a node for a segment of a 2-2 that shares a piece with the segment across.
    pub(super) fn moved(&self, cell: usize, half: Half) -> f32 {
        self.sums[cell].moved[half as usize]
    }
}

impl Sums {
    fn of(sum: f32) -> Self {
        Self {
            alone: [sum; WIDEST],
            among: sum,
            moved: [sum; 2],
        }
    }
}

/// A cue of a segment that looks for its counterparts.
#[derive(Clone, Copy, Debug)]
struct Seeker {
    segment: usize,
    /// Where it stands in the segment, 0 to 1.
    place: f32,
    /// The probability that its translation does not show it.
    miss: f32,
    /// Whether a segment beside its own has the same cue.
    has_rival: bool,
}

impl Seeker {
    fn new(segment: usize, postings: &[Posting], profile: &Profile) -> Self {
        let own = postings.partition_point(|p| (p.segment as usize) < segment);
        let near = &postings[own.saturating_sub(1)..postings.len().min(own + 2)];
        Self {
            segment,
            place: postings[own].place,
            miss: 1.0 - profile.h,
            has_rival: near
                .iter()
                .any(|p| segment.abs_diff(p.segment as usize) == 1),
        }
    }

    /// What the cue gains where it has a counterpart of this strength.
    fn gain(&self, strength: f32) -> f32 {
        (1.0 + strength / self.miss).ln()
    }
}

/// A table in the making.
struct Filling<'d> {
    sums: Vec<Sums>,
    lang: Lang,
    band: &'d Band,
    places: Places,
    moved_share: f32,
    rival_share: f32,
    /// By the segment of the other side that a range begins with, and by its width less one.
    ranges: Vec<[Extents; WIDEST]>,
}

impl Filling<'_> {
    fn cell(&self, segment: usize, start: usize) -> Option<usize> {
        match self.lang {
            Lang::Arabic => self.band.cell(segment, start),
            Lang::English => self.band.cell(start, segment),
        }
    }

    /// Counts all cues of a segment as missing everywhere.
    fn misses(&mut self, segment: usize, starts: &Range<usize>, loss: f32) {
        let missing = Sums::of(loss);
        let starts = starts.start..starts.end.min(self.segments());
        if self.lang == Lang::Arabic {
            if let Some(first) = self.band.cell(segment, starts.start) {
                self.sums[first..first + starts.len()].fill(missing);
            }
            return;
        }
        for start in starts {
            if let Some(cell) = self.band.cell(start, segment) {
                self.sums[cell] = missing;
            }
        }
    }

    /// Segments of the other side.
    fn segments(&self) -> usize {
        self.ranges.len()
    }

    /// Makes good for the ranges that hold a counterpart of a cue: the best one there counts.
    fn hits(&mut self, seeker: &Seeker, starts: &Range<usize>, hits: &[Hit]) {
        let before = |end: usize| hits.partition_point(|hit| hit.segment() < end);
        let hits = &hits[before(starts.start)..before(starts.end + WIDEST)];
        if hits
            .iter()
            .all(|hit| seeker.gain(hit.strength(0.5)) < NEGLIGIBLE)
        {
            return;
        }
        let mut next = 0;
        for (k, first) in hits.iter().map(Hit::segment).enumerate() {
            for start in next.max((first + 1).saturating_sub(WIDEST))..=first {
                if let Some(cell) = self.cell(seeker.segment, start) {
                    self.ranges(cell, seeker, start, &hits[k..]);
                    if first < start + 2 && start + 2 <= self.segments() {
                        self.halves(cell, seeker, start, &hits[k..]);
                    }
                }
            }
            next = first + 1;
        }
    }

    /// The gains of a cue in the ranges that begin at `start`, from which on these are its counterparts.
    fn ranges(&mut self, cell: usize, seeker: &Seeker, start: usize, hits: &[Hit]) {
        let first = &hits[0];
        let mut held = 0;
        for width in first.segment() + 1 - start..=WIDEST.min(self.segments() - start) {
            let end = start + width;
            while hits.get(held).is_some_and(|hit| hit.segment() < end) {
                held += 1;
            }
            let best = self.best(seeker, &self.ranges[start][width - 1], &hits[..held]);
            if best > NEGLIGIBLE * seeker.miss {
                self.sums[cell].alone[width - 1] += seeker.gain(best);
            }
        }
        if first.segment() == start {
            let gain = seeker.gain(first.strength(self.extent(start)));
            let is_shared = seeker.has_rival && first.posting.count == 1;
            self.sums[cell].among += if is_shared {
                self.rival_share * gain
            } else {
                gain
            };
        }
    }

    fn extent(&self, segment: usize) -> f32 {
        self.ranges[segment][0].extent
    }

    /// The strength of the best of the counterparts that a range has.
    fn best(&self, seeker: &Seeker, range: &Extents, hits: &[Hit]) -> f32 {
        let best = hits.iter().fold(f32::NEG_INFINITY, |best, hit| {
            let there = (hit.at - range.begin) * range.per_character;
            let strength = (hit.log_lift - range.log).max(hit.log_t);
            best.max(strength - (seeker.place - there).abs() * self.places.steepness)
        });
        self.places.scale * best.exp()
    }

    /// The gains of a cue in the halves of a 2-2 that begins at `start`.
    fn halves(&mut self, cell: usize, seeker: &Seeker, start: usize, hits: &[Hit]) {
        let here = seeker.place;
        let (stay, share) = (1.0 - self.moved_share, self.moved_share);
        let (mut as_first, mut as_second) = (0.0, 0.0);
        for hit in hits.iter().take_while(|hit| hit.segment() < start + 2) {
            let there = hit.posting.place;
            let strength = hit.strength(self.extent(hit.segment()));
            let stays = stay * strength * self.places.factor(here, there);
            if hit.segment() == start {
                as_first += stays;
                as_second += share * strength * place::across(1.0 - here, 1.0 - there);
            } else {
                as_first += share * strength * place::across(here, there);
                as_second += stays;
            }
        }
        let moved = &mut self.sums[cell].moved;
        moved[Half::First as usize] += seeker.gain(as_first);
        moved[Half::Second as usize] += seeker.gain(as_second);
    }
}

/// How large a range of segments is.
#[derive(Clone, Copy, Debug, Default)]
struct Extents {
    /// The sum of the extents of its segments; 1 for one of the mean extent.
    extent: f32,
    log: f32,
    /// Characters of the text before it.
    begin: f32,
    /// One over its characters.
    per_character: f32,
}

/// The ranges of 1 to [`WIDEST`] segments that begin with each of the segments of these lengths; those that would run
/// over the end hold what there is.
fn ranges(characters: &[f64]) -> Vec<[Extents; WIDEST]> {
    let extent = |c: &f64| (c + 10.0).sqrt();
    let mean = characters.iter().map(extent).sum::<f64>() / characters.len().max(1) as f64;
    let mut begin = 0.0;
    let ranges_from = |from: usize| {
        let (mut sum, mut length) = (0.0, 0.0);
        let ranges = std::array::from_fn(|width| {
            if let Some(c) = characters.get(from + width) {
                sum += extent(c) / mean;
                length += c.max(1.0);
            }
            Extents {
                extent: sum as f32,
                log: sum.ln() as f32,
                begin: begin as f32,
                per_character: (1.0 / length) as f32,
            }
        });
        begin += characters[from].max(1.0);
        ranges
    };
    (0..characters.len()).map(ranges_from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::Lexicon;
    use crate::lang::Sides;

    #[test]
    fn ranges_that_hold_the_counterpart_gain_and_the_others_lose() {
        let (ar, en) = (["12345", "xyz"], ["abc", "12345", "def"]);
        let segments = Sides {
            ar: &ar[..],
            en: &en[..],
        };
        let evidence = Evidence::new(segments, &Lexicon::default(), &Model::default());
        let band = Band::full(2, 3);
        let table = Table::new(&evidence, Lang::Arabic, &band, &Model::default());
        let at = |start, width| table.at(band.cell(0, start).unwrap(), width, 1);
        assert!(at(1, 1) > 0.5 && at(0, 2) > 0.0);
        assert!(at(0, 1) < 0.0 && at(2, 1) == at(0, 1));
        assert!(at(1, 1) > at(1, 2) && at(1, 2) == at(0, 2));
    }

    #[test]
    fn extents_grow_more_slowly_than_lengths() {
        let ranges = ranges(&[90.0, 90.0, 390.0]);
        let one = |segment: usize| ranges[segment][0].extent;
        assert!((one(0) - one(1)).abs() < 1e-6);
        assert!((one(2) / one(0) - 2.0).abs() < 1e-6);
        assert!((ranges[0][2].extent - 3.0).abs() < 1e-6);
        assert_eq!(
            (ranges[2][0].begin, ranges[0][1].per_character),
            (180.0, 1.0 / 180.0)
        );
    }
}
