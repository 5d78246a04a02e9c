//! Two documents, cut and aligned, as units, as links and in figures.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::ops::AddAssign;

use super::render::{grouped, plural};
use crate::align::{AlignOptions, Bitext, Lexicon, align};
use crate::format::document::Document;
use crate::lang::{Lang, Sides};
use crate::score::Confidence;
use crate::unit::{DraftUnit, Origin, UnitState, UnixSeconds};

/// Two documents with the beads between them.
#[derive(Clone, Debug)]
pub(crate) struct AlignedDocument {
    name: String,
    segments: Sides<Vec<String>>,
    beads: Vec<NumberedBead>,
}

/// A bead by the numbers of its segments among all segments of their document.
#[derive(Clone, Debug)]
struct NumberedBead {
    numbers: Sides<Vec<usize>>,
    confidence: Confidence,
}

impl NumberedBead {
    fn is_aligned(&self) -> bool {
        !self.numbers.ar.is_empty() && !self.numbers.en.is_empty()
    }
}

impl AlignedDocument {
    /// Aligns the segments of two documents; blank ones, which a document of lines has, are left out.
    pub(crate) fn new(name: String, documents: &Sides<Document>, lexicon: &Lexicon) -> Self {
        let sides = Sides::from_fn(|lang| Segments::of(documents.get(lang)));
        let texts = Sides::from_fn(|lang| sides.get(lang).texts());
        let bitext = Bitext {
            segments: Sides {
                ar: &texts.ar,
                en: &texts.en,
            },
            paragraphs: Some(Sides {
                ar: &sides.ar.paragraphs,
                en: &sides.en.paragraphs,
            }),
        };
        let beads = align(&bitext, lexicon, &AlignOptions::default())
            .beads
            .into_iter()
            .map(|bead| NumberedBead {
                numbers: Sides::from_fn(|lang| {
                    sides.get(lang).numbers[bead.range.get(lang).clone()].to_vec()
                }),
                confidence: bead.confidence,
            })
            .collect();
        Self {
            name,
            segments: sides.map(|side| side.all),
            beads,
        }
    }

    /// The document's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The beads that are units: something on both sides, and the aligner sure enough. Segments of one bead are joined
    /// with a space; the place of a unit is its bead's number.
    pub(crate) fn units(
        &self,
        min_confidence: Confidence,
        time: UnixSeconds,
    ) -> impl Iterator<Item = DraftUnit> {
        self.beads.iter().enumerate().filter_map(move |(i, bead)| {
            if !bead.is_aligned() || bead.confidence < min_confidence {
                return None;
            }
            let origin = Origin {
                document: Some(self.name.clone()),
                position: u32::try_from(i).ok(),
                created: Some(time),
                changed: Some(time),
                state: UnitState::Initial,
                confidence: Some(bead.confidence),
                ..Origin::default()
            };
            let Sides { ar, en } = Sides::from_fn(|lang| self.text(bead, lang));
            // Never an error: no segment of a bead is blank.
            DraftUnit::new(&ar, &en, origin).ok()
        })
    }

    fn text(&self, bead: &NumberedBead, lang: Lang) -> String {
        let segments = self.segments.get(lang);
        let texts: Vec<&str> = bead
            .numbers
            .get(lang)
            .iter()
            .map(|&i| segments[i].as_str())
            .collect();
        texts.join(" ")
    }

    /// Writes all beads as `[0]:[0,1]`, one a line, segments numbered from 0.
    pub(crate) fn write_links(&self, out: &mut dyn Write) -> io::Result<()> {
        let list = |numbers: &[usize]| {
            let numbers: Vec<_> = numbers.iter().map(usize::to_string).collect();
            numbers.join(",")
        };
        for bead in &self.beads {
            let Sides { ar, en } = &bead.numbers;
            writeln!(out, "[{}]:[{}]", list(ar), list(en))?;
        }
        Ok(())
    }

    /// The figures.
    pub(crate) fn report(&self, min_confidence: Confidence) -> BeadReport {
        let mut report = BeadReport::default();
        for bead in &self.beads {
            if !bead.is_aligned() {
                for lang in Lang::BOTH {
                    *report.unaligned.get_mut(lang) += bead.numbers.get(lang).len() as u64;
                }
            } else if bead.confidence < min_confidence {
                report.unsure += 1;
            } else {
                let shape = (bead.numbers.ar.len(), bead.numbers.en.len());
                *report.shapes.entry(shape).or_default() += 1;
                report.confidence_thousandths += u64::from(bead.confidence.thousandths());
            }
        }
        report
    }
}

/// The segments of a document, and which of them have text.
struct Segments {
    all: Vec<String>,
    /// The numbers of those with text.
    numbers: Vec<usize>,
    /// The paragraphs of those with text.
    paragraphs: Vec<u32>,
}

impl Segments {
    fn of(document: &Document) -> Self {
        let mut this = Self {
            all: Vec::with_capacity(document.segments().len()),
            numbers: Vec::new(),
            paragraphs: Vec::new(),
        };
        for (number, segment) in document.segments().enumerate() {
            let text = segment.text().into_owned();
            if !text.trim().is_empty() {
                this.numbers.push(number);
                this.paragraphs
                    .push(u32::try_from(segment.paragraph).unwrap_or(u32::MAX));
            }
            this.all.push(text);
        }
        this
    }

    fn texts(&self) -> Vec<&str> {
        self.numbers.iter().map(|&i| self.all[i].as_str()).collect()
    }
}

/// Beads in figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BeadReport {
    /// Beads that became units, by the number of Arabic and English segments.
    shapes: BTreeMap<(usize, usize), u64>,
    /// The confidences of these beads, added up.
    confidence_thousandths: u64,
    /// Beads that were left out for want of confidence.
    unsure: u64,
    /// Segments without a counterpart.
    unaligned: Sides<u64>,
}

impl BeadReport {
    /// Beads that became units.
    pub(crate) fn units(&self) -> u64 {
        self.shapes.values().sum()
    }
}

impl AddAssign<&Self> for BeadReport {
    fn add_assign(&mut self, other: &Self) {
        for (shape, count) in &other.shapes {
            *self.shapes.entry(*shape).or_default() += count;
        }
        self.confidence_thousandths += other.confidence_thousandths;
        self.unsure += other.unsure;
        self.unaligned.ar += other.unaligned.ar;
        self.unaligned.en += other.unaligned.en;
    }
}

impl fmt::Display for BeadReport {
    /// `19 beads (17 of 1-1, 2 of 1-2), mean confidence 0.962; unaligned: 1 ar, 0 en`, the Arabic number first.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = self.units();
        f.write_str(&plural(units, "bead"))?;
        let mut shapes: Vec<_> = self.shapes.iter().collect();
        shapes.sort_by_key(|&(shape, count)| (std::cmp::Reverse(*count), *shape));
        for (i, ((ar, en), count)) in shapes.into_iter().enumerate() {
            let before = if i == 0 { " (" } else { ", " };
            write!(f, "{before}{} of {ar}-{en}", grouped(*count))?;
        }
        if let Some(mean) = self.confidence_thousandths.checked_div(units) {
            // A mean of thousandths is one.
            let mean = Confidence::from_thousandths(u16::try_from(mean).unwrap_or(u16::MAX));
            write!(f, "), mean confidence {mean}")?;
        }
        if self.unsure > 0 {
            write!(f, "; {} left out as unsure", grouped(self.unsure))?;
        }
        let Sides { ar, en } = self.unaligned.map(grouped);
        write!(f, "; unaligned: {ar} ar, {en} en")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Document {
        Document::parse_lines(text.to_owned())
    }

    fn aligned() -> AlignedDocument {
        let documents = Sides {
            ar: lines("وصل 12 وزيرا إلى القاهرة.\n\nغادر 45 نائبا مدينة بيروت.\n"),
            en: lines("12 ministers arrived in Cairo.\n45 deputies left the city of Beirut.\n"),
        };
        AlignedDocument::new("news".into(), &documents, Lexicon::seed())
    }

    #[test]
    fn links_number_all_lines_and_hold_those_with_text() {
        let mut out = Vec::new();
        aligned().write_links(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "[0]:[0]\n[2]:[1]\n");
    }

    #[test]
    fn units_have_document_place_and_confidence() {
        let any = Confidence::from_thousandths(0);
        let units: Vec<_> = aligned().units(any, UnixSeconds(0)).collect();
        assert_eq!(units.len(), 2);
        let origin = &units[1].origin;
        assert_eq!(origin.document.as_deref(), Some("news"));
        assert_eq!(
            (origin.position, origin.state),
            (Some(1), UnitState::Initial)
        );
        assert!(origin.confidence.is_some());
    }

    #[test]
    fn figures_tell_shapes_and_what_is_left() {
        let bead = |ar: &[usize], en: &[usize], thousandths| NumberedBead {
            numbers: Sides {
                ar: ar.to_vec(),
                en: en.to_vec(),
            },
            confidence: Confidence::from_thousandths(thousandths),
        };
        let document = AlignedDocument {
            name: "x".into(),
            segments: Sides::default(),
            beads: vec![
                bead(&[0], &[0], 900),
                bead(&[1], &[1, 2], 700),
                bead(&[2, 3], &[], 500),
                bead(&[4], &[3], 100),
                bead(&[5], &[4], 800),
            ],
        };
        let report = document.report(Confidence::from_thousandths(200));
        assert_eq!(
            report.to_string(),
            "3 beads (2 of 1-1, 1 of 1-2), mean confidence 0.800; 1 left out as unsure; unaligned: 2 ar, 0 en"
        );
        assert_eq!(
            BeadReport::default().to_string(),
            "0 beads; unaligned: 0 ar, 0 en"
        );
    }
}
