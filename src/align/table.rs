//! The evidence of each segment about each range of the other side, summed up for the search.
//!
//! Evidence is additive over the segments of a bead: each asks whether its counterparts are in the other side's range. A
//! [`Table`] holds the answer for each segment and each range of up to [`WIDEST`] segments that begins in the band, so
//! that the search adds up a few numbers for a bead.
//!
//! The chance `q` that a range holds a thing grows with its extent. A segment of the mean extent has 1. A text twice as
//! long holds more by chance, but not twice as much, for words come in clusters: the root of the length was best on all
//! sets.

use std::ops::Range;

use super::band::Band;
use super::evidence::{Evidence, Hit, Profile};
use super::model::WIDEST;
use crate::lang::Lang;

/// Gains under this are not written down.
const NEGLIGIBLE: f32 = 0.02;

/// For each node of a band and each width the sum of the log ratios of one segment's cues.
#[derive(Debug)]
pub(super) struct Table {
    sums: Vec<[f32; WIDEST]>,
}

impl Table {
    /// What the segments of the side of `lang` say about ranges of the other side.
    pub(super) fn new(evidence: &Evidence, lang: Lang, band: &Band) -> Self {
        let other = match lang {
            Lang::Arabic => &evidence.cues.en,
            Lang::English => &evidence.cues.ar,
        };
        let mut filling = Filling {
            sums: vec![[0.0; WIDEST]; band.cells()],
            lang,
            band,
            extents: extents(&other.characters),
            here: vec![Strength::default(); other.segments.len()],
        };
        let profiles = evidence.profiles.get(lang);
        for (segment, cues) in evidence.cues.get(lang).segments.iter().enumerate() {
            let cues = || cues.iter().map(|&cue| &profiles[cue as usize]);
            let starts = match lang {
                Lang::Arabic => band.columns(segment),
                Lang::English => band.rows(segment),
            };
            filling.misses(segment, &starts, cues().map(|p| (1.0 - p.h).ln()).sum());
            for profile in cues() {
                filling.hits(segment, &starts, profile);
            }
        }
        Self { sums: filling.sums }
    }

    /// The sum at a node for a range of `width` segments, 1 to [`WIDEST`].
    pub(super) fn at(&self, cell: usize, width: usize) -> f32 {
        self.sums[cell][width - 1]
    }
}

/// What a segment of the other side has for the cue at hand; nothing where `lift` is 0.
#[derive(Clone, Copy, Debug, Default)]
struct Strength {
    t: f32,
    lift: f32,
}

/// A table in the making.
struct Filling<'d> {
    sums: Vec<[f32; WIDEST]>,
    lang: Lang,
    band: &'d Band,
    /// Running sums of the extents of the other side's segments.
    extents: Vec<f32>,
    /// By segment of the other side; nothing anywhere between two cues.
    here: Vec<Strength>,
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
        let row = [loss; WIDEST];
        let starts = starts.start..starts.end.min(self.here.len());
        if self.lang == Lang::Arabic {
            if let Some(first) = self.band.cell(segment, starts.start) {
                self.sums[first..first + starts.len()].fill(row);
            }
            return;
        }
        for start in starts {
            if let Some(cell) = self.band.cell(start, segment) {
                self.sums[cell] = row;
            }
        }
    }

    /// Makes good for the ranges that hold a counterpart of a cue: the best one there counts.
    fn hits(&mut self, segment: usize, starts: &Range<usize>, profile: &Profile) {
        let before = |end: usize| profile.hits.partition_point(|h| (h.segment as usize) < end);
        let hits = &profile.hits[before(starts.start)..before(starts.end + WIDEST)];
        let miss = 1.0 - profile.h;
        let gain =
            |best: Strength, extent: f32| (1.0 + (best.lift / extent).max(best.t) / miss).ln();
        let strength = |hit: &Hit| Strength {
            t: hit.t,
            lift: hit.lift,
        };
        if hits.iter().all(|hit| gain(strength(hit), 0.5) < NEGLIGIBLE) {
            return;
        }
        for hit in hits {
            self.here[hit.segment as usize] = strength(hit);
        }
        let mut next = 0;
        for hit in hits {
            let at = hit.segment as usize;
            for start in next.max((at + 1).saturating_sub(WIDEST))..=at {
                let Some(cell) = self.cell(segment, start) else {
                    continue;
                };
                let mut best = Strength::default();
                // Nothing is gained before the hit.
                for width in at + 1 - start..=WIDEST.min(self.here.len() - start) {
                    let here = self.here[start + width - 1];
                    best.t = best.t.max(here.t);
                    best.lift = best.lift.max(here.lift);
                    let extent = self.extents[start + width] - self.extents[start];
                    self.sums[cell][width - 1] += gain(best, extent);
                }
            }
            next = at + 1;
        }
        for hit in hits {
            self.here[hit.segment as usize] = Strength::default();
        }
    }
}

/// Running sums of the extents of segments with these lengths, one longer than they are.
fn extents(characters: &[f64]) -> Vec<f32> {
    let extent = |c: &f64| (c + 10.0).sqrt();
    let mean = characters.iter().map(extent).sum::<f64>() / characters.len().max(1) as f64;
    let mut sums = vec![0.0];
    let mut sum = 0.0;
    for c in characters {
        sum += extent(c) / mean;
        sums.push(sum as f32);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::{Lexicon, Model};
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
        let table = Table::new(&evidence, Lang::Arabic, &band);
        let at = |start, width| table.at(band.cell(0, start).unwrap(), width);
        assert!(at(1, 1) > 0.5 && at(0, 2) > 0.0);
        assert!(at(0, 1) < 0.0 && at(2, 1) == at(0, 1));
        assert!(at(1, 1) > at(1, 2) && at(1, 2) == at(0, 2));
    }

    #[test]
    fn extents_grow_more_slowly_than_lengths() {
        let sums = extents(&[90.0, 90.0, 390.0]);
        let long = sums[3] - sums[2];
        assert!((sums[1] - (sums[2] - sums[1])).abs() < 1e-6);
        assert!((long / sums[1] - 2.0).abs() < 1e-6);
        assert!((sums[3] - 3.0).abs() < 1e-6);
    }
}
