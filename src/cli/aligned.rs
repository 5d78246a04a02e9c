//! Two documents, cut and aligned, as units and as links.

use std::io::{self, Write};
use std::ops::Range;

use crate::align::{AlignOptions, Bead, Bitext, Lexicon, align};
use crate::align_review::{Decisions, ReviewBead, ReviewText, Standing, weave};
use crate::lang::{Lang, Sides};
use crate::score::Confidence;
use crate::unit::{DraftUnit, Origin, UnitState, UnixSeconds};

/// The segments of a document, as the aligner wants them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DocumentSegments {
    texts: Vec<String>,
    /// For each segment the number of its paragraph.
    paragraphs: Vec<u32>,
    /// For each segment its number among all of the document, blank ones included.
    numbers: Vec<usize>,
    /// How many there are, blank ones included.
    all: usize,
}

impl DocumentSegments {
    /// Adds the next segment of the document. A blank one, which a document of lines has, counts and is left out.
    pub(crate) fn push(&mut self, text: String, paragraph: usize) {
        if !text.trim().is_empty() {
            self.texts.push(text);
            self.paragraphs
                .push(u32::try_from(paragraph).unwrap_or(u32::MAX));
            self.numbers.push(self.all);
        }
        self.all += 1;
    }

    /// The language of the text by its script; `None` where there are no letters of either.
    pub(crate) fn lang(&self) -> Option<Lang> {
        Lang::of_text(&self.texts.concat())
    }
}

/// A bead of at least this confidence is sure: it teaches, and needs no second look.
const SURE: Confidence = Confidence::from_thousandths(950);

/// Two documents with the beads between them.
#[derive(Clone, Debug)]
pub(crate) struct AlignedDocument {
    text: ReviewText,
    decisions: Decisions,
    paragraphs: Sides<Vec<u32>>,
    numbers: Sides<Vec<usize>>,
}

impl AlignedDocument {
    /// Aligns the segments of two documents; what people decided about them stands.
    pub(crate) fn new(
        name: String,
        documents: Sides<DocumentSegments>,
        lexicon: &Lexicon,
        decisions: Decisions,
    ) -> Self {
        let Sides { ar, en } = documents;
        let mut this = Self {
            text: ReviewText {
                name,
                segments: Sides {
                    ar: ar.texts,
                    en: en.texts,
                },
                ..ReviewText::default()
            },
            decisions,
            paragraphs: Sides {
                ar: ar.paragraphs,
                en: en.paragraphs,
            },
            numbers: Sides {
                ar: ar.numbers,
                en: en.numbers,
            },
        };
        this.align(lexicon);
        this
    }

    fn align(&mut self, lexicon: &Lexicon) {
        let whole = Sides::from_fn(|lang| 0..self.text.segments.get(lang).len());
        let beads = self.align_range(&whole, lexicon);
        let (pins, steps) = self.decisions.carried_to(&self.text.segments);
        self.text.beads = weave(&beads, pins, |range| self.align_range(&range, lexicon));
        self.text.steps = steps;
    }

    /// Aligns the document again, with a lexicon that knows more, unless all its beads are sure.
    pub(crate) fn align_again(&mut self, lexicon: &Lexicon) {
        let is_open = |bead: &ReviewBead| bead.standing.is_doubtful(SURE);
        if self.text.beads.iter().any(is_open) {
            self.align(lexicon);
        }
    }

    /// The beads of a stretch of the documents, numbered from its beginning.
    fn align_range(&self, range: &Sides<Range<usize>>, lexicon: &Lexicon) -> Vec<Bead> {
        let texts = Sides::from_fn(|lang| {
            let texts = &self.text.segments.get(lang)[range.get(lang).clone()];
            texts.iter().map(String::as_str).collect::<Vec<_>>()
        });
        let bitext = Bitext {
            segments: Sides {
                ar: &texts.ar,
                en: &texts.en,
            },
            paragraphs: Some(Sides {
                ar: &self.paragraphs.ar[range.ar.clone()],
                en: &self.paragraphs.en[range.en.clone()],
            }),
        };
        align(&bitext, lexicon, &AlignOptions::default()).beads
    }

    /// The texts of the beads with both sides that a person or the aligner is sure of, Arabic first.
    pub(crate) fn sure_pairs(&self) -> impl Iterator<Item = (String, String)> {
        let is_sure = |bead: &&ReviewBead| {
            bead.is_filled() && bead.standing.confidence().is_some_and(|c| c >= SURE)
        };
        let sure = self.text.beads.iter().filter(is_sure);
        sure.map(|bead| {
            (
                self.joined(bead, Lang::Arabic),
                self.joined(bead, Lang::English),
            )
        })
    }

    /// The document's name.
    pub(crate) fn name(&self) -> &str {
        &self.text.name
    }

    /// Whether a person has been through it, now or before.
    pub(crate) fn is_reviewed(&self) -> bool {
        !(self.decisions.segments.ar.is_empty() && self.decisions.segments.en.is_empty())
    }

    /// The document as a review takes it.
    pub(crate) fn text(&self) -> &ReviewText {
        &self.text
    }

    /// Puts the beads of a review in the place of the aligner's.
    pub(crate) fn set_text(&mut self, reviewed: ReviewText) {
        self.decisions = Decisions::of(&reviewed);
        self.text = reviewed;
    }

    /// The beads that are units: something on both sides, not dropped, and a person or the aligner sure enough. Segments
    /// of one bead are joined with a space; the place of a unit is its bead's number.
    pub(crate) fn units(
        &self,
        min_confidence: Confidence,
        time: UnixSeconds,
    ) -> impl Iterator<Item = DraftUnit> {
        let beads = self.text.beads.iter().enumerate();
        beads.filter_map(move |(i, bead)| {
            if !is_unit(bead, min_confidence) {
                return None;
            }
            let origin = Origin {
                document: Some(self.text.name.clone()),
                position: u32::try_from(i).ok(),
                created: Some(time),
                changed: Some(time),
                state: match bead.standing {
                    Standing::Confirmed => UnitState::Translated,
                    _ => UnitState::Initial,
                },
                confidence: bead.standing.confidence(),
                ..Origin::default()
            };
            let Sides { ar, en } = Sides::from_fn(|lang| self.joined(bead, lang));
            // Never an error: no segment of a bead is blank.
            DraftUnit::new(&ar, &en, origin).ok()
        })
    }

    fn joined(&self, bead: &ReviewBead, lang: Lang) -> String {
        self.text.segments.get(lang)[bead.range.get(lang).clone()].join(" ")
    }

    /// Writes all beads as `[0]:[0,1]`, one a line, segments numbered from 0.
    pub(crate) fn write_links(&self, out: &mut dyn Write) -> io::Result<()> {
        for bead in &self.text.beads {
            let list = |lang| {
                let numbers = &self.numbers.get(lang)[bead.range.get(lang).clone()];
                let numbers: Vec<_> = numbers.iter().map(usize::to_string).collect();
                numbers.join(",")
            };
            writeln!(out, "[{}]:[{}]", list(Lang::Arabic), list(Lang::English))?;
        }
        Ok(())
    }
}

/// Whether a bead becomes a unit.
pub(crate) fn is_unit(bead: &ReviewBead, min_confidence: Confidence) -> bool {
    bead.is_filled()
        && match bead.standing {
            Standing::Open(confidence) => confidence >= min_confidence,
            Standing::Edited | Standing::Confirmed => true,
            Standing::Dropped => false,
        }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::cli) fn lines(text: &str) -> DocumentSegments {
        let mut segments = DocumentSegments::default();
        for line in text.lines() {
            segments.push(line.to_owned(), 0);
        }
        segments
    }

    fn aligned(decisions: &Decisions) -> AlignedDocument {
        let documents = Sides {
            ar: lines("وصل 12 وزيرا إلى القاهرة.\n\nغادر 45 نائبا مدينة بيروت.\n"),
            en: lines("12 ministers arrived in Cairo.\n45 deputies left the city of Beirut.\n"),
        };
        AlignedDocument::new("news".into(), documents, Lexicon::seed(), decisions.clone())
    }

    const ANY: Confidence = Confidence::from_thousandths(0);

    #[test]
    fn links_number_all_lines_and_hold_those_with_text() {
        let mut out = Vec::new();
        aligned(&Decisions::default())
            .write_links(&mut out)
            .unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "[0]:[0]\n[2]:[1]\n");
    }

    #[test]
    fn units_have_document_place_and_confidence() {
        let document = aligned(&Decisions::default());
        let units: Vec<_> = document.units(ANY, UnixSeconds(0)).collect();
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
    fn what_was_decided_stands() {
        let mut decided = aligned(&Decisions::default()).text;
        decided.beads[0].standing = Standing::Dropped;
        decided.beads[1].standing = Standing::Confirmed;
        let decisions = Decisions::of(&decided);
        let units: Vec<_> = aligned(&decisions)
            .units(Confidence::from_thousandths(1000), UnixSeconds(0))
            .collect();
        assert_eq!(units.len(), 1);
        let origin = &units[0].origin;
        assert_eq!(origin.state, UnitState::Translated);
        assert_eq!(origin.confidence, Some(Confidence::from_thousandths(1000)));
    }
}
