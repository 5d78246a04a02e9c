//! Answers as bytes: one trait, one file per format, and the small conversions that they share.
//!
//! Records of the machine-readable formats carry `"v":1`; fields are only ever added to a version.

mod bead;
mod explain;
mod human;
mod json;
mod term;
mod tsv;

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;

use super::args::Context;
use super::bidi::BidiMode;
use crate::format::UnitFormat;
use crate::lang::Lang;
use crate::matching::Suggestion;
use crate::matching::explain::Explanation;
use crate::memory::{ConcordanceHit, Rank, TermHit, TermUse};
use crate::score::Score;
use crate::term::Words;

pub(crate) use bead::BeadScreen;
pub(crate) use human::{Look, visible};
pub(crate) use term::{EntryFormat, EntryRenderer};

/// What answers are printed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerFormat {
    /// For people
    Human,
    /// One JSON array
    Json,
    /// One JSON object a line
    Jsonl,
    /// One match a line, fields between tabs
    Tsv,
}

impl AnswerFormat {
    /// A renderer of this format onto `out`, dressed for stdout where the format is for people; `bidi` as configured,
    /// unless it is given.
    pub(crate) fn renderer<'w>(
        self,
        out: &'w mut dyn Write,
        context: &Context,
        bidi: Option<BidiMode>,
    ) -> Box<dyn Renderer + 'w> {
        match self {
            Self::Human => Box::new(human::Human::new(
                out,
                Look {
                    color: context.ui.colors_stdout(),
                    isolates: bidi
                        .unwrap_or(context.settings().bidi)
                        .isolates(io::stdout().is_terminal()),
                },
            )),
            Self::Json => Box::new(json::Json::array(out)),
            Self::Jsonl => Box::new(json::Json::lines(out)),
            Self::Tsv => Box::new(tsv::Tsv::new(out)),
        }
    }
}

/// A looked-up segment with what was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'a> {
    /// The segment's place in the input, from 0.
    pub(crate) index: usize,
    /// The segment.
    pub(crate) query: &'a str,
    /// Its language.
    pub(crate) lang: Lang,
    /// What nothing below was asked for.
    pub(crate) threshold: Score,
    /// The best first.
    pub(crate) suggestions: &'a [Suggestion],
    /// The terms that it holds, in its order.
    pub(crate) terms: &'a [TermHit],
    /// Whether to say how the scores came about.
    pub(crate) explain: bool,
}

impl Answer<'_> {
    /// Whether a suggestion has the terms that it should.
    fn term_uses(&self, suggestion: &Suggestion) -> Vec<(&TermHit, TermUse)> {
        let target = self.lang.other();
        let mut uses: Vec<(&TermHit, TermUse)> = Vec::new();
        if self.terms.is_empty() {
            return uses;
        }
        let words = Words::new(suggestion.unit.text.get(target));
        for hit in self.terms {
            let is_new = uses.iter().all(|(known, _)| known.id != hit.id);
            if is_new && let Some(of_hit) = hit.use_in(&words, target) {
                uses.push((hit, of_hit));
            }
        }
        uses
    }

    /// How the score of one of the suggestions came about, where that is to be said.
    fn explanation(&self, suggestion: &Suggestion) -> Option<Explanation> {
        let source = suggestion.unit.text.get(self.lang);
        self.explain
            .then(|| Explanation::new(self.query, source, &suggestion.matched))
    }
}

/// Writes answers one by one.
pub(crate) trait Renderer {
    /// Writes what was found for one segment.
    fn answer(&mut self, answer: &Answer<'_>) -> io::Result<()>;
    /// Writes one unit that holds a phrase.
    fn hit(&mut self, hit: &ConcordanceHit) -> io::Result<()>;
    /// Writes what stands behind the last.
    fn finish(&mut self) -> io::Result<()>;
}

/// A language on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LangArg {
    /// Arabic
    Ar,
    /// English
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::Ar => Self::Arabic,
            LangArg::En => Self::English,
        }
    }
}

/// An order of matches on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RankArg {
    /// The likeness of the source, less what the translation costs: what it leaves out of the query, how short it is
    Usefulness,
    /// The likeness of the source alone
    Score,
}

impl From<RankArg> for Rank {
    fn from(rank: RankArg) -> Self {
        match rank {
            RankArg::Usefulness => Self::Usefulness,
            RankArg::Score => Self::Score,
        }
    }
}

/// A format of units on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum UnitFormatArg {
    /// Translation Memory eXchange
    Tmx,
    /// Tab-separated values
    Tsv,
    /// Comma-separated values
    Csv,
    /// JSON Lines
    Jsonl,
    /// XLIFF, SDLXLIFF, MQXLIFF, MXLIFF, TTX or TXML
    Xliff,
    /// A workbook of Excel
    Xlsx,
    /// Messages of gettext
    Po,
    /// TermBase eXchange: terms
    Tbx,
}

impl UnitFormatArg {
    /// The format of units; `None` for terms.
    pub(crate) fn unit_format(self) -> Option<UnitFormat> {
        Some(match self {
            Self::Tmx => UnitFormat::Tmx,
            Self::Tsv => UnitFormat::Tsv,
            Self::Csv => UnitFormat::Csv,
            Self::Jsonl => UnitFormat::Jsonl,
            Self::Xliff => UnitFormat::Xliff,
            Self::Xlsx => UnitFormat::Xlsx,
            Self::Po => UnitFormat::Po,
            Self::Tbx => return None,
        })
    }
}

/// A text as a field of a TSV line: tabs and line ends, which the format has no way to write, become spaces.
pub(crate) fn tsv_field(text: &str) -> Cow<'_, str> {
    const BREAKS: [char; 3] = ['\t', '\n', '\r'];
    if text.contains(BREAKS) {
        text.replace(BREAKS, " ").into()
    } else {
        text.into()
    }
}

/// A number with its thousands apart: `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with its noun: `1 unit`, `2 units`. For nouns whose plural ends in `s`.
pub(crate) fn plural(number: u64, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {noun}{s}", grouped(number))
}

/// A number of term entries: `1 term entry`, `2 term entries`.
pub(crate) fn entries(number: u64) -> String {
    let noun = if number == 1 { "entry" } else { "entries" };
    format!("{} term {noun}", grouped(number))
}

/// A number of bytes in units of 1000: `12.3 MB`.
pub(crate) fn human_bytes(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.95 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

/// The whole words of `text` that fit into `width` characters.
pub(crate) fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut left = width;
    for word in text.split_whitespace() {
        let length = word.chars().count() + 1;
        if length > left {
            break;
        }
        left -= length;
        out.push_str(word);
        out.push(' ');
    }
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_for_reading() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(plural(1, "unit"), "1 unit");
        assert_eq!(plural(1000, "unit"), "1,000 units");
        assert_eq!(human_bytes(999), "999 B");
        assert_eq!(human_bytes(999_960), "1.0 MB");
        assert_eq!(human_bytes(12_345_678), "12.3 MB");
    }

    #[test]
    fn a_tsv_field_stays_in_its_line() {
        assert_eq!(tsv_field("a\tb\r\nc"), "a b  c");
        assert_eq!(tsv_field("نعم"), "نعم");
    }

    #[test]
    fn long_sentences_end_at_a_word() {
        assert_eq!(shortened("one two three", 20), "one two three");
        assert_eq!(shortened("one two three", 9), "one two …");
    }
}
