//! JSON: an array, or an object a line.
//!
//! A lookup's object: `{"v":1,"index":0,"source":"…","matches":[{"unit":12,"kind":"fuzzy","score":87.5,"source":"…",
//! "target":"…","doc":"…","flags":["number"],"levelled":[],"penalties":[{"cause":"unreviewed","points":2.0}],
//! "diff":[{"op":"same","text":"…"}]}]}`; `doc` is null where the unit has no document, and a penalty's `cause` is the key
//! of its cost under `penalties` in the configuration.
//!
//! Where the segment holds terms of the glossary: `"terms":[{"entry":3,"span":[0,20],"term":"مستشفى","status":null,"form":
//! "inflected","targets":[{"term":"hospital","status":"preferred"}],"domains":["health"],"definition":"…"}]`, and each match
//! says what it makes of them: `"terms":[{"entry":3,"use":"used"}]`, or `missing`, or `forbidden` where it has only a term
//! that is not to be used. A `status` is `preferred`, `admitted`, `superseded` or `deprecated`; the latter two are not to
//! be used.
//!
//! With `--explain` a match has `"explain":{"triples":{"shared":27,"query":29,"match":38},"similarity":89.62,"basis":"triples",
//! "deductions":[{"reason":"edit-distance","points":0.46,"similarity":86.56},{"reason":"flag","points":7.48,
//! "flag":"negation","cap":79.0},{"reason":"kind","points":1.0,"kind":"orthographic","cap":99.0},{"reason":"penalty",
//! "points":1.0,"cause":"age"}],"words":[{"relation":"near","query":"met","match":"meet"}]}`: `similarity` less the
//! `points` of all deductions is the score, to the hundredth; the other reasons are `other-words`, and `uncovered`,
//! `unasked`, `short-translation` and `unconfirmed` for what the translation costs. The `basis` is `triples`, or `words`
//! where the words are the same but for clitics. A word's `relation` is `same`, `spelling`, `near` (of the same stem),
//! `changed`, `added` (`match` is null) or `dropped` (`query` is null).
//!
//! A concordance's: `{"v":1,"unit":12,"side":"ar","ar":"…","en":"…","doc":"…",
//! "spans":[[0,10]]}`, where spans are ranges of bytes of that side's UTF-8 text.

use std::io::{self, Write};

use serde::Serialize;

use super::{Answer, Renderer, term};
use crate::matching::explain::{Basis, Deduction, Explanation, Reason, Triples, WordPair};
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    terms: Vec<term::HitRecord<'a>>,
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
    penalties: Vec<PenaltyRecord>,
    diff: &'a [DiffPiece],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    terms: Vec<term::UseRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explain: Option<ExplainRecord>,
}

#[derive(Serialize)]
struct PenaltyRecord {
    cause: String,
    points: Score,
}

#[derive(Serialize)]
struct ExplainRecord {
    triples: Triples,
    similarity: Score,
    basis: Basis,
    deductions: Vec<DeductionRecord>,
    words: Vec<WordPair>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case", tag = "reason")]
enum DeductionRecord {
    EditDistance {
        points: Score,
        similarity: Score,
    },
    Flag {
        points: Score,
        flag: Flag,
        cap: Score,
    },
    Kind {
        points: Score,
        kind: MatchKind,
        cap: Score,
    },
    OtherWords {
        points: Score,
    },
    Uncovered {
        points: Score,
    },
    Unasked {
        points: Score,
    },
    ShortTranslation {
        points: Score,
    },
    Unconfirmed {
        points: Score,
    },
    Penalty {
        points: Score,
        cause: String,
    },
}

impl From<Deduction> for DeductionRecord {
    fn from(Deduction { reason, points }: Deduction) -> Self {
        match reason {
            Reason::EditDistance(similarity) => Self::EditDistance { points, similarity },
            Reason::Flagged(flag) => Self::Flag {
                points,
                flag,
                cap: flag.cap(),
            },
            Reason::Kind(kind, cap) => Self::Kind { points, kind, cap },
            Reason::OtherWords => Self::OtherWords { points },
            Reason::Uncovered => Self::Uncovered { points },
            Reason::Unasked => Self::Unasked { points },
            Reason::ShortTranslation => Self::ShortTranslation { points },
            Reason::Unconfirmed => Self::Unconfirmed { points },
            Reason::Penalty(cause) => Self::Penalty {
                points,
                cause: cause.to_string(),
            },
        }
    }
}

impl From<Explanation> for ExplainRecord {
    fn from(explanation: Explanation) -> Self {
        let deductions = explanation.deductions.into_iter();
        Self {
            triples: explanation.triples,
            similarity: explanation.similarity,
            basis: explanation.basis,
            deductions: deductions.map(DeductionRecord::from).collect(),
            words: explanation.words,
        }
    }
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
                penalties: suggestion
                    .matched
                    .penalties
                    .iter()
                    .map(|penalty| PenaltyRecord {
                        cause: penalty.cause.to_string(),
                        points: penalty.cost,
                    })
                    .collect(),
                diff: &suggestion.diff,
                terms: answer
                    .term_uses(suggestion)
                    .into_iter()
                    .map(Into::into)
                    .collect(),
                explain: answer.explanation(suggestion).map(ExplainRecord::from),
            })
            .collect();
        self.object(&AnswerRecord {
            v: 1,
            index: answer.index,
            source: answer.query,
            matches,
            terms: answer
                .terms
                .iter()
                .map(|hit| term::HitRecord::new(hit, answer.lang))
                .collect(),
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
