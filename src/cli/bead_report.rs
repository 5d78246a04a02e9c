//! Beads in figures.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;

use serde::{Serialize, Serializer};

use super::aligned::is_unit;
use super::render::{grouped, plural};
use crate::align_review::{ReviewText, Standing};
use crate::lang::{Lang, Sides};
use crate::score::Confidence;

/// The beads of documents in figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BeadReport {
    /// Beads that became units, by the number of Arabic and English segments.
    shapes: BTreeMap<(usize, usize), u64>,
    /// The confidences of those of these beads that have one, added up.
    confidence_thousandths: u64,
    /// How many have one.
    judged: u64,
    /// Beads that a person accepted.
    confirmed: u64,
    /// Beads that were left out for want of confidence.
    unsure: u64,
    /// Beads that a person dropped.
    dropped: u64,
    /// Segments.
    segments: Sides<u64>,
    /// Segments without a counterpart.
    unaligned: Sides<u64>,
}

impl BeadReport {
    /// The figures of one document.
    pub(crate) fn of(text: &ReviewText, min_confidence: Confidence) -> Self {
        let mut report = Self {
            segments: Sides::from_fn(|lang| text.segments.get(lang).len() as u64),
            ..Self::default()
        };
        for bead in &text.beads {
            if bead.standing == Standing::Dropped {
                report.dropped += 1;
            } else if !bead.is_filled() {
                for lang in Lang::BOTH {
                    *report.unaligned.get_mut(lang) += bead.range.get(lang).len() as u64;
                }
            } else if is_unit(bead, min_confidence) {
                let shape = (bead.range.ar.len(), bead.range.en.len());
                *report.shapes.entry(shape).or_default() += 1;
                report.confirmed += u64::from(bead.standing == Standing::Confirmed);
                if let Some(confidence) = bead.standing.confidence() {
                    report.judged += 1;
                    report.confidence_thousandths += u64::from(confidence.thousandths());
                }
            } else {
                report.unsure += 1;
            }
        }
        report
    }

    /// Beads that became units.
    pub(crate) fn units(&self) -> u64 {
        self.shapes.values().sum()
    }

    /// The mean confidence of the beads that became units, 0 to 1.
    fn mean_confidence(&self) -> Option<f64> {
        (self.judged > 0).then(|| self.confidence_thousandths as f64 / 1000.0 / self.judged as f64)
    }

    /// The share of a side's segments that have no counterpart, 0 to 1; 0 where there are none.
    fn unaligned_share(&self, lang: Lang) -> f64 {
        *self.unaligned.get(lang) as f64 / (*self.segments.get(lang)).max(1) as f64
    }
}

impl AddAssign<&Self> for BeadReport {
    fn add_assign(&mut self, other: &Self) {
        for (shape, count) in &other.shapes {
            *self.shapes.entry(*shape).or_default() += count;
        }
        self.confidence_thousandths += other.confidence_thousandths;
        self.judged += other.judged;
        self.confirmed += other.confirmed;
        self.unsure += other.unsure;
        self.dropped += other.dropped;
        for lang in Lang::BOTH {
            *self.segments.get_mut(lang) += other.segments.get(lang);
            *self.unaligned.get_mut(lang) += other.unaligned.get(lang);
        }
    }
}

impl fmt::Display for BeadReport {
    /// `19 beads (17 of 1-1, 2 of 1-2), mean confidence 0.962; unaligned: 1 ar (5.3 %), 0 en`, the Arabic number first.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&plural(self.units(), "bead"))?;
        let mut shapes: Vec<_> = self.shapes.iter().collect();
        shapes.sort_by_key(|&(shape, count)| (std::cmp::Reverse(*count), *shape));
        for (i, ((ar, en), count)) in shapes.iter().enumerate() {
            let before = if i == 0 { " (" } else { ", " };
            write!(f, "{before}{} of {ar}-{en}", grouped(**count))?;
        }
        if !shapes.is_empty() {
            f.write_str(")")?;
        }
        if let Some(mean) = self.mean_confidence() {
            write!(f, ", mean confidence {mean:.3}")?;
        }
        for (count, what) in [
            (self.confirmed, "confirmed"),
            (self.dropped, "dropped"),
            (self.unsure, "left out as unsure"),
        ] {
            if count > 0 {
                write!(f, "; {} {what}", grouped(count))?;
            }
        }
        f.write_str("; unaligned: ")?;
        for lang in Lang::BOTH {
            let count = *self.unaligned.get(lang);
            let before = if lang == Lang::Arabic { "" } else { ", " };
            write!(f, "{before}{} {lang}", grouped(count))?;
            if count > 0 {
                write!(f, " ({:.1} %)", 100.0 * self.unaligned_share(lang))?;
            }
        }
        Ok(())
    }
}

/// How many beads have a shape, such as `1-2`, the Arabic number first.
#[derive(Serialize)]
struct ShapeCount {
    shape: String,
    count: u64,
}

/// Counts of both sides.
#[derive(Serialize)]
struct SideCounts {
    ar: u64,
    en: u64,
}

impl From<Sides<u64>> for SideCounts {
    fn from(Sides { ar, en }: Sides<u64>) -> Self {
        Self { ar, en }
    }
}

/// A report as JSON has it; fields are only ever added.
#[derive(Serialize)]
struct ReportRecord {
    units: u64,
    beads: Vec<ShapeCount>,
    mean_confidence: Option<f64>,
    confirmed: u64,
    dropped: u64,
    unsure: u64,
    segments: SideCounts,
    unaligned: SideCounts,
    unaligned_share: UnalignedShares,
}

#[derive(Serialize)]
struct UnalignedShares {
    ar: f64,
    en: f64,
}

impl Serialize for BeadReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // What is measured to a thousandth is not written to the last bit of a float.
        let rounded = |x: f64| (x * 1000.0).round() / 1000.0;
        ReportRecord {
            units: self.units(),
            beads: self
                .shapes
                .iter()
                .map(|((ar, en), count)| ShapeCount {
                    shape: format!("{ar}-{en}"),
                    count: *count,
                })
                .collect(),
            mean_confidence: self.mean_confidence().map(rounded),
            confirmed: self.confirmed,
            dropped: self.dropped,
            unsure: self.unsure,
            segments: self.segments.into(),
            unaligned: self.unaligned.into(),
            unaligned_share: UnalignedShares {
                ar: rounded(self.unaligned_share(Lang::Arabic)),
                en: rounded(self.unaligned_share(Lang::English)),
            },
        }
        .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align_review::ReviewBead;

    fn text(beads: &[(usize, usize, Standing)]) -> ReviewText {
        let mut text = ReviewText::default();
        for &(ar, en, standing) in beads {
            let from = Sides::from_fn(|lang| text.segments.get(lang).len());
            text.segments.ar.extend(vec!["ا".to_owned(); ar]);
            text.segments.en.extend(vec!["a".to_owned(); en]);
            text.beads.push(ReviewBead {
                range: Sides {
                    ar: from.ar..from.ar + ar,
                    en: from.en..from.en + en,
                },
                standing,
            });
        }
        text
    }

    fn open(thousandths: u16) -> Standing {
        Standing::Open(Confidence::from_thousandths(thousandths))
    }

    #[test]
    fn figures_tell_shapes_and_what_is_left() {
        let text = text(&[
            (1, 1, open(900)),
            (1, 2, open(700)),
            (2, 0, open(500)),
            (1, 1, open(100)),
            (1, 1, open(800)),
            (1, 1, Standing::Confirmed),
            (1, 1, Standing::Dropped),
        ]);
        let report = BeadReport::of(&text, Confidence::from_thousandths(200));
        assert_eq!(
            report.to_string(),
            "4 beads (3 of 1-1, 1 of 1-2), mean confidence 0.850; 1 confirmed; 1 dropped; 1 left out as unsure; \
             unaligned: 2 ar (25.0 %), 0 en"
        );
        assert_eq!(
            BeadReport::default().to_string(),
            "0 beads; unaligned: 0 ar, 0 en"
        );
        let mut twice = report.clone();
        twice += &report;
        assert_eq!((twice.units(), twice.segments.ar), (8, 16));
    }

    #[test]
    fn the_report_is_json() {
        let report = BeadReport::of(
            &text(&[(1, 2, open(905)), (0, 1, open(500))]),
            Confidence::from_thousandths(0),
        );
        assert_eq!(
            serde_json::to_value(&report).unwrap(),
            serde_json::json!({
                "units": 1,
                "beads": [{"shape": "1-2", "count": 1}],
                "mean_confidence": 0.905,
                "confirmed": 0,
                "dropped": 0,
                "unsure": 0,
                "segments": {"ar": 1, "en": 3},
                "unaligned": {"ar": 0, "en": 1},
                "unaligned_share": {"ar": 0.0, "en": 0.333},
            })
        );
    }
}
