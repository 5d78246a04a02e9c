//! Terms: the entries of a glossary, and those that a segment holds.
//!
//! Entries for people:
//! ```text
//!   12  ar  مستشفى, مشفى (deprecated)
//!       en  hospital (preferred)
//!       domain      health
//!       definition  a place where the sick are cared for
//! ```
//! As JSON, version 1: `{"v":1,"entry":12,"id":"c1","domains":["health"],"definition":"…","notes":["…"],
//! "terms":[{"lang":"ar","term":"مستشفى","status":null,"pos":"noun"}]}`.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use serde::Serialize;

use super::{Look, tsv_field, visible};
use crate::cli::args::Context;
use crate::cli::bidi::BidiMode;
use crate::lang::Lang;
use crate::memory::{TermHit, TermUse};
use crate::term::{Closeness, Term, TermEntry, TermEntryId, TermStatus};

const FORBIDDEN: Style = AnsiColor::Yellow.on_default();
const FAINT: Style = Style::new().dimmed();

/// What entries are printed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EntryFormat {
    /// For people
    Human,
    /// One JSON array
    Json,
    /// One JSON object a line
    Jsonl,
    /// One entry a line, fields between tabs
    Tsv,
}

/// Writes entries one by one.
pub(crate) struct EntryRenderer<'w> {
    out: &'w mut dyn Write,
    format: EntryFormat,
    look: Look,
    written: bool,
}

impl<'w> EntryRenderer<'w> {
    /// A renderer onto `out`; `bidi` as configured, unless it is given.
    pub(crate) fn new(
        out: &'w mut dyn Write,
        format: EntryFormat,
        context: &Context,
        bidi: Option<BidiMode>,
    ) -> Self {
        let bidi = bidi.unwrap_or(context.settings().bidi);
        Self {
            out,
            format,
            look: Look {
                color: context.ui.colors_stdout(),
                isolates: bidi.isolates(io::stdout().is_terminal()),
            },
            written: false,
        }
    }

    /// Writes an entry.
    pub(crate) fn entry(&mut self, id: TermEntryId, entry: &TermEntry) -> io::Result<()> {
        match self.format {
            EntryFormat::Human => self.human(id, entry)?,
            EntryFormat::Tsv => self.tsv(id, entry)?,
            EntryFormat::Json => {
                self.out
                    .write_all(if self.written { b",\n" } else { b"[" })?;
                serde_json::to_writer(&mut *self.out, &EntryRecord::new(id, entry))?;
            }
            EntryFormat::Jsonl => {
                serde_json::to_writer(&mut *self.out, &EntryRecord::new(id, entry))?;
                writeln!(self.out)?;
            }
        }
        self.written = true;
        Ok(())
    }

    /// Writes what stands behind the last.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        match (self.format, self.written) {
            (EntryFormat::Json, true) => self.out.write_all(b"]\n"),
            (EntryFormat::Json, false) => self.out.write_all(b"[]\n"),
            _ => Ok(()),
        }
    }

    fn human(&mut self, id: TermEntryId, entry: &TermEntry) -> io::Result<()> {
        let look = self.look;
        for (i, section) in entry.languages.iter().enumerate() {
            let terms: Vec<_> = section
                .terms
                .iter()
                .map(|term| with_status(term, look))
                .collect();
            let number = if i == 0 {
                id.to_string()
            } else {
                String::new()
            };
            writeln!(
                self.out,
                "{number:>4}  {:<2}  {}",
                visible(&section.tag),
                terms.join(", ")
            )?;
        }
        let subjects: Vec<_> = entry.subjects().collect();
        let mut row = |name: &str, value: &str| match value.is_empty() {
            true => Ok(()),
            false => {
                let name = look.paint(FAINT, &format!("{name:<10}"));
                writeln!(self.out, "      {name}  {}", look.isolate(&visible(value)))
            }
        };
        row("domain", &subjects.join(", "))?;
        row(
            "definition",
            entry.definition(Lang::English).unwrap_or_default(),
        )?;
        for note in entry.notes() {
            row("note", note)?;
        }
        Ok(())
    }

    fn tsv(&mut self, id: TermEntryId, entry: &TermEntry) -> io::Result<()> {
        let terms = |lang| {
            let terms: Vec<_> = entry.terms(lang).map(|(_, t)| t.text.as_str()).collect();
            terms.join(" | ")
        };
        let subjects: Vec<_> = entry.subjects().collect();
        writeln!(
            self.out,
            "{id}\t{}\t{}\t{}\t{}",
            tsv_field(&terms(Lang::Arabic)),
            tsv_field(&terms(Lang::English)),
            tsv_field(&subjects.join(" | ")),
            tsv_field(entry.definition(Lang::English).unwrap_or_default()),
        )
    }
}

/// A term, and its status where it has one.
fn with_status(term: &Term, look: Look) -> String {
    let text = look.isolate(&visible(&term.text));
    match term.status() {
        Some(status) if status.is_forbidden() => {
            let status = look.paint(FORBIDDEN, status.name());
            format!("{text} ({status})")
        }
        Some(status) => format!("{text} ({})", status.name()),
        None => text,
    }
}

#[derive(Serialize)]
struct EntryRecord<'e> {
    v: u32,
    entry: TermEntryId,
    id: Option<&'e str>,
    domains: Vec<&'e str>,
    definition: Option<&'e str>,
    notes: Vec<&'e str>,
    terms: Vec<EntryTermRecord<'e>>,
}

#[derive(Serialize)]
struct EntryTermRecord<'e> {
    lang: &'e str,
    #[serde(flatten)]
    term: TermRecord<'e>,
    pos: Option<&'e str>,
}

#[derive(Serialize)]
struct TermRecord<'e> {
    term: &'e str,
    status: Option<TermStatus>,
}

impl<'e> From<&'e Term> for TermRecord<'e> {
    fn from(term: &'e Term) -> Self {
        Self {
            term: &term.text,
            status: term.status(),
        }
    }
}

impl<'e> EntryRecord<'e> {
    fn new(id: TermEntryId, entry: &'e TermEntry) -> Self {
        let terms = entry.languages.iter().flat_map(|section| {
            section.terms.iter().map(|term| EntryTermRecord {
                lang: &section.tag,
                term: term.into(),
                pos: term.part_of_speech(),
            })
        });
        Self {
            v: 1,
            entry: id,
            id: entry.id.as_deref(),
            domains: entry.subjects().collect(),
            definition: entry.definition(Lang::English),
            notes: entry.notes().collect(),
            terms: terms.collect(),
        }
    }
}

/// A term in a segment, as JSON.
#[derive(Serialize)]
pub(super) struct HitRecord<'h> {
    entry: TermEntryId,
    /// Bytes of the segment's UTF-8.
    span: [usize; 2],
    #[serde(flatten)]
    term: TermRecord<'h>,
    /// `exact`, or `inflected`.
    form: &'static str,
    targets: Vec<TermRecord<'h>>,
    domains: Vec<&'h str>,
    definition: Option<&'h str>,
}

impl<'h> HitRecord<'h> {
    pub(super) fn new(hit: &'h TermHit, lang: Lang) -> Self {
        Self {
            entry: hit.id,
            span: [hit.range.start, hit.range.end],
            term: hit.source().into(),
            form: match hit.closeness {
                Closeness::Exact => "exact",
                Closeness::Inflected => "inflected",
            },
            targets: hit
                .targets(lang.other())
                .into_iter()
                .map(Into::into)
                .collect(),
            domains: hit.entry.subjects().collect(),
            definition: hit.entry.definition(lang),
        }
    }
}

/// Whether a match has a term, as JSON.
#[derive(Serialize)]
pub(super) struct UseRecord {
    entry: TermEntryId,
    /// `used`, `missing` or `forbidden`.
    r#use: &'static str,
}

impl From<(&TermHit, TermUse)> for UseRecord {
    fn from((hit, of_hit): (&TermHit, TermUse)) -> Self {
        Self {
            entry: hit.id,
            r#use: match of_hit {
                TermUse::Used => "used",
                TermUse::Missing => "missing",
                TermUse::Forbidden => "forbidden",
            },
        }
    }
}

/// Writes the terms of a segment for people, those at one place on one line:
///
/// ```text
///      term    المستشفيات: hospital, infirmary; not clinic (health)
/// ```
pub(super) fn write_hits(
    out: &mut dyn Write,
    segment: &str,
    hits: &[TermHit],
    lang: Lang,
    look: Look,
) -> io::Result<()> {
    for hits in hits.chunk_by(|a, b| a.range == b.range) {
        let Some(first) = hits.first() else { continue };
        let surface = look.isolate(&visible(&segment[first.range.clone()]));
        let mut line = surface;
        if hits.iter().all(|hit| hit.source().is_forbidden()) {
            line.push_str(&format!(" ({})", look.paint(FORBIDDEN, "not to be used")));
        }
        let (mut good, mut bad): (Vec<String>, Vec<String>) = Default::default();
        let mut subjects: Vec<&str> = Vec::new();
        for hit in hits {
            for target in hit.targets(lang.other()) {
                let text = look.isolate(&visible(&target.text));
                let list = match target.is_forbidden() {
                    true => &mut bad,
                    false => &mut good,
                };
                if !list.contains(&text) {
                    list.push(text);
                }
            }
            for subject in hit.entry.subjects() {
                if !subjects.contains(&subject) {
                    subjects.push(subject);
                }
            }
        }
        let mut parts = good.join(", ");
        if !bad.is_empty() {
            let not = look.paint(FORBIDDEN, "not");
            let semicolon = if parts.is_empty() { "" } else { "; " };
            parts.push_str(&format!("{semicolon}{not} {}", bad.join(", ")));
        }
        if !parts.is_empty() {
            line.push_str(": ");
            line.push_str(&parts);
        }
        if !subjects.is_empty() {
            let subjects = visible(&subjects.join(", "));
            line.push_str(&format!(" {}", look.paint(FAINT, &format!("({subjects})"))));
        }
        writeln!(out, "     term    {line}")?;
    }
    Ok(())
}

/// Writes for people which terms a match doesn't have, or has and shouldn't.
pub(super) fn write_uses(
    out: &mut dyn Write,
    uses: &[(&TermHit, TermUse)],
    lang: Lang,
    look: Look,
) -> io::Result<()> {
    let of = |wanted: TermUse, forbidden: bool| {
        let hits = uses.iter().filter(move |(_, of_hit)| *of_hit == wanted);
        let named = hits.filter_map(|(hit, _)| {
            let mut targets = hit.targets(lang.other()).into_iter();
            targets.find(|target| target.is_forbidden() == forbidden)
        });
        let named: Vec<_> = named
            .map(|target| look.isolate(&visible(&target.text)))
            .collect();
        named.join(", ")
    };
    let missing = of(TermUse::Missing, false);
    let forbidden = of(TermUse::Forbidden, true);
    let parts: Vec<_> = [("lacks", missing), ("has the forbidden", forbidden)]
        .into_iter()
        .filter(|(_, terms)| !terms.is_empty())
        .map(|(what, terms)| format!("{} {terms}", look.paint(FORBIDDEN, what)))
        .collect();
    match parts.is_empty() {
        true => Ok(()),
        false => writeln!(out, "     terms   {}", parts.join("; ")),
    }
}
