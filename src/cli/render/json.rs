//! JSON: an array, or an object a line.
//!
//! A lookup's object: `{"v":1,"index":0,"source":"…","matches":[{"unit":12,"kind":"fuzzy","score":87.5,"source":"…",
//! "target":"…","doc":"…","flags":["number"],"levelled":[],"diff":[{"op":"same","text":"…"}]}]}`; `doc` is null where
//! the unit has no document. A concordance's: `{"v":1,"unit":12,"side":"ar","ar":"…","en":"…","doc":"…",
//! "spans":[[0,10]]}`, where spans are ranges of bytes of that side's UTF-8 text.

use std::io::{self, Write};

use serde::Serialize;

use super::{Answer, Renderer};
use crate::matching::{DiffPiece, Flag, MatchKind};
use crate::memory::ConcordanceHit;
use crate::score::Score;
use crate::text::fold::Levelling;
use crate::unit::UnitId;

/// Writes JSON.
pub(super) struct Json<'w> {
    out: &'w mut dyn Write,
    layout: Layout,
    written: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Array,
    Lines,
}

impl<'w> Json<'w> {
    /// One array around all objects.
    pub(super) fn array(out: &'w mut dyn Write) -> Self {
        Self::new(out, Layout::Array)
    }

    /// One object a line.
    pub(super) fn lines(out: &'w mut dyn Write) -> Self {
        Self::new(out, Layout::Lines)
    }

    fn new(out: &'w mut dyn Write, layout: Layout) -> Self {
        Self {
            out,
            layout,
            written: false,
        }
    }

    fn object(&mut self, record: &impl Serialize) -> io::Result<()> {
        if self.layout == Layout::Array {
            self.out
                .write_all(if self.written { b",\n" } else { b"[" })?;
        }
        self.written = true;
        serde_json::to_writer(&mut *self.out, record)?;
        if self.layout == Layout::Lines {
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct AnswerRecord<'a> {
    v: u32,
    index: usize,
    source: &'a str,
    matches: Vec<MatchRecord<'a>>,
}

#[derive(Serialize)]
struct MatchRecord<'a> {
    unit: UnitId,
    kind: MatchKind,
    score: Score,
    source: &'a str,
    target: &'a str,
    doc: Option<&'a str>,
    flags: &'a [Flag],
    levelled: Vec<&'static str>,
    diff: &'a [DiffPiece],
}

#[derive(Serialize)]
struct HitRecord<'a> {
    v: u32,
    unit: UnitId,
    side: &'static str,
    ar: &'a str,
    en: &'a str,
    doc: Option<&'a str>,
    spans: Vec<[usize; 2]>,
}

impl Renderer for Json<'_> {
    fn answer(&mut self, answer: &Answer<'_>) -> io::Result<()> {
        let matches = answer
            .suggestions
            .iter()
            .map(|suggestion| MatchRecord {
                unit: suggestion.matched.unit,
                kind: suggestion.matched.kind,
                score: suggestion.matched.score,
                source: suggestion.unit.text.get(answer.lang),
                target: suggestion.unit.text.get(answer.lang.other()),
                doc: suggestion.unit.origin.document.as_deref(),
                flags: &suggestion.matched.flags,
                levelled: suggestion
                    .matched
                    .levelled
                    .iter()
                    .map(Levelling::name)
                    .collect(),
                diff: &suggestion.diff,
            })
            .collect();
        self.object(&AnswerRecord {
            v: 1,
            index: answer.index,
            source: answer.query,
            matches,
        })
    }

    fn hit(&mut self, hit: &ConcordanceHit) -> io::Result<()> {
        let unit = &hit.unit;
        self.object(&HitRecord {
            v: 1,
            unit: unit.id,
            side: hit.side.code(),
            ar: &unit.text.ar,
            en: &unit.text.en,
            doc: unit.origin.document.as_deref(),
            spans: hit.spans.iter().map(|s| [s.start, s.end]).collect(),
        })
    }

    fn finish(&mut self) -> io::Result<()> {
        match (self.layout, self.written) {
            (Layout::Array, true) => self.out.write_all(b"]\n"),
            (Layout::Array, false) => self.out.write_all(b"[]\n"),
            (Layout::Lines, _) => Ok(()),
        }
    }
}
