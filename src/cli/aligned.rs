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

/// Two documents with the beads between them.
#[derive(Clone, Debug)]
pub(crate) struct AlignedDocument {
    text: ReviewText,
    numbers: Sides<Vec<usize>>,
}

impl AlignedDocument {
    /// Aligns the segments of two documents; what people decided about them stands.
    pub(crate) fn new(
        name: String,
        documents: Sides<DocumentSegments>,
        lexicon: &Lexicon,
        decisions: &Decisions,
    ) -> Self {
        let whole = Sides::from_fn(|lang| 0..documents.get(lang).texts.len());
        let beads = align_range(&documents, &whole, lexicon);
        let texts = Sides::from_fn(|lang| documents.get(lang).texts.clone());
        let (pins, steps) = decisions.carried_to(&texts);
        let beads = weave(&beads, pins, |range| {
            align_range(&documents, &range, lexicon)
        });
        Self {
            text: ReviewText {
                name,
                segments: texts,
                beads,
                steps,
            },
            numbers: documents.map(|side| side.numbers),
        }
    }

    /// The document's name.
    pub(crate) fn name(&self) -> &str {
        &self.text.name
    }

    /// The document as a review takes it.
    pub(crate) fn text(&self) -> &ReviewText {
        &self.text
    }

    /// Puts the beads of a review in the place of the aligner's.
    pub(crate) fn set_text(&mut self, reviewed: ReviewText) {
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

/// The beads of a stretch of two documents, numbered from its beginning.
fn align_range(
    documents: &Sides<DocumentSegments>,
    range: &Sides<Range<usize>>,
    lexicon: &Lexicon,
) -> Vec<Bead> {
    let texts = Sides::from_fn(|lang| {
        let texts = &documents.get(lang).texts[range.get(lang).clone()];
        texts.iter().map(String::as_str).collect::<Vec<_>>()
    });
    let bitext = Bitext {
        segments: Sides {
            ar: &texts.ar,
            en: &texts.en,
        },
        paragraphs: Some(Sides {
            ar: &documents.ar.paragraphs[range.ar.clone()],
            en: &documents.en.paragraphs[range.en.clone()],
        }),
    };
    align(&bitext, lexicon, &AlignOptions::default()).beads
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
        AlignedDocument::new("news".into(), documents, Lexicon::seed(), decisions)
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
