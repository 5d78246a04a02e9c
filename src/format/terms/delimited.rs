//! TSV, CSV and XLSX of terms: one entry a row, its columns as [`columns`](super::columns) says.
//!
//! Rows are cut as those of units ([`super::super::delimited`]), and rejected for the same reasons; a row without a term is
//! rejected, one with terms of one language alone is an entry. Written with a header. What can't stand in a cell is written
//! as a space, `|` in a term as `/`, and the entry counted as altered; what has no column is left out.

use std::collections::VecDeque;
use std::io::Write;
use std::ops::ControlFlow;

use super::super::columns::{Header, SCRIPT_ROWS, first_language};
use super::super::delimited::{Delimiter, Row, RowSource, Rows, header_remark, push_cell};
use super::super::error::FormatError;
use super::super::input::Input;
use super::super::output::Output;
use super::super::{CARRIAGE_RETURN, Record, WriteCounts, first_forbidden, forbidden_message};
use super::columns::{TermColumn, TermColumns};
use super::{TermSink, TermWriter};
use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::term::{
    Fact, FactKind, LanguageSection, Term, TermEntry, TermStatus, category, is_blank, values,
};

/// What stands between two terms in a cell.
const SEPARATOR: char = '|';

/// Reads rows into `sink`.
pub(super) fn read(
    input: Input,
    delimiter: Delimiter,
    named: Option<&TermColumns>,
    sink: &mut TermSink<'_>,
) -> Result<(), FormatError> {
    read_rows(&mut Rows::new(input, delimiter), named, sink)
}

/// Makes entries of rows.
pub(super) fn read_rows(
    rows: &mut impl RowSource,
    named: Option<&TermColumns>,
    sink: &mut TermSink<'_>,
) -> Result<(), FormatError> {
    let mut held = VecDeque::new();
    let columns = match named {
        Some(columns) => {
            held.extend(rows.next()?);
            if matches!(held.front(), Some(Ok(row)) if columns.are_named_by(row.cells()))
                && let Some(Ok(row)) = held.pop_front()
                && sink(header_remark(&row)).is_break()
            {
                return Ok(());
            }
            columns.clone()
        }
        None => match told_columns(rows, &mut held, sink)? {
            Some(columns) => columns,
            None => return Ok(()),
        },
    };
    let mut nobody_named = named.is_none();
    loop {
        let row = match held.pop_front() {
            Some(row) => row,
            None => match rows.next()? {
                Some(row) => row,
                None => return Ok(()),
            },
        };
        if nobody_named
            && let Ok(row) = &row
            && row.cells().count() > columns.as_slice().len()
        {
            nobody_named = false;
            let message = "what stands behind the columns is left out; name them with --columns or in a first line";
            let remark = Diagnostic::warning(row.location(0), message);
            if sink(Record::Remark(remark)).is_break() {
                return Ok(());
            }
        }
        let flow = match row {
            Ok(row) => entry(&row, &columns, sink),
            Err(rejected) => {
                let rejected = rejected.without_unit();
                rejected.map_or(ControlFlow::Continue(()), &mut *sink)
            }
        };
        if flow.is_break() {
            return Ok(());
        }
    }
}

/// Tells the columns by the first rows, which are held back; a header is taken out of them. `None` when `sink` broke off.
fn told_columns(
    rows: &mut impl RowSource,
    held: &mut VecDeque<Result<Row, Record>>,
    sink: &mut TermSink<'_>,
) -> Result<Option<TermColumns>, FormatError> {
    let mut voting = 0;
    while voting < SCRIPT_ROWS
        && held.len() < 10 * SCRIPT_ROWS
        && let Some(row) = rows.next()?
    {
        voting += usize::from(matches!(&row, Ok(row) if row.is_pair()));
        held.push_back(row);
        if held.len() > 1 {
            continue;
        }
        let Some(Ok(first)) = held.front() else {
            continue;
        };
        let named = TermColumns::of_header(first.cells());
        if let Some((columns, unknown)) = named {
            let mut remarks = vec![header_remark(first)];
            if !unknown.is_empty() {
                let message = format!(
                    "columns that are not known are left out: {}",
                    unknown.join(", ")
                );
                remarks.push(Record::Remark(Diagnostic::warning(
                    first.location(0),
                    message,
                )));
            }
            held.pop_front();
            let stopped = remarks.into_iter().any(|remark| sink(remark).is_break());
            return Ok((!stopped).then_some(columns));
        }
        if Header::of(first.cells()) == Header::SourceTarget {
            let remark = header_remark(first);
            held.pop_front();
            if sink(remark).is_break() {
                return Ok(None);
            }
        }
    }
    let pairs = held.iter().flatten().filter(|row| row.is_pair());
    let pairs = pairs.filter_map(|row| {
        let mut cells = row.cells();
        Some((cells.next()?, cells.next()?))
    });
    match first_language(pairs.clone()) {
        Some(lang) => Ok(Some(TermColumns::terms(lang))),
        // All rows are there, and nothing in them could be mixed up.
        None if pairs.count() == 0 => Ok(Some(TermColumns::terms(Lang::Arabic))),
        None => Err(FormatError::UnclearLanguages {
            name: rows.name().to_owned(),
        }),
    }
}

/// The parts of a cell.
fn parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(SEPARATOR).map(str::trim)
}

fn entry(row: &Row, columns: &TermColumns, sink: &mut TermSink<'_>) -> ControlFlow<()> {
    if let Some(at) = row.bare_return() {
        return sink(row.rejected(at, CARRIAGE_RETURN));
    }
    let mut entry = TermEntry::default();
    let cells = || row.cells().zip(columns.as_slice()).enumerate();
    for (i, (cell, column)) in cells() {
        if *column != TermColumn::Skipped
            && let Some((_, c)) = first_forbidden(cell)
        {
            return sink(row.rejected(row.find_in(i, c), forbidden_message(c)));
        }
        if let TermColumn::Terms(tag) = column {
            let terms = parts(cell).filter(|text| !is_blank(text)).map(|text| Term {
                text: text.split_whitespace().collect::<Vec<_>>().join(" "),
                ..Term::default()
            });
            let terms: Vec<_> = terms.collect();
            if !terms.is_empty() {
                section(&mut entry, tag).terms.extend(terms);
            }
        }
    }
    if entry.languages.is_empty() {
        return sink(row.rejected(0, "the row has no term"));
    }
    for (i, (cell, column)) in cells() {
        if let Some(remark) = take(column, cell.trim(), &mut entry) {
            let location = row.location(row.start_of(i));
            sink(Record::Remark(Diagnostic::warning(location, remark)))?;
        }
    }
    sink(Record::Unit(entry))
}

/// The section of a language, made where it isn't there.
fn section<'e>(entry: &'e mut TermEntry, tag: &str) -> &'e mut LanguageSection {
    let at = entry
        .languages
        .iter()
        .position(|section| section.tag == tag);
    let at = at.unwrap_or_else(|| {
        entry.languages.push(LanguageSection {
            tag: tag.to_owned(),
            ..LanguageSection::default()
        });
        entry.languages.len() - 1
    });
    &mut entry.languages[at]
}

/// Takes a cell that holds no terms. Gives what is odd about it.
fn take(column: &TermColumn, cell: &str, entry: &mut TermEntry) -> Option<String> {
    if cell.is_empty() {
        return None;
    }
    let fact = |kind, name: &str, value: &str| Fact::new(kind, name, value);
    let of_lang = |section: &&mut LanguageSection, lang: &Option<Lang>| {
        let own = section.lang();
        lang.map_or(own.is_some(), |lang| own == Some(lang))
    };
    match column {
        TermColumn::Terms(_) | TermColumn::Skipped => {}
        TermColumn::Id => entry.id = Some(cell.to_owned()),
        TermColumn::Subject => entry.facts.extend(
            parts(cell).map(|part| fact(FactKind::Description, category::SUBJECT_FIELD, part)),
        ),
        TermColumn::Source => {
            let source = fact(FactKind::Administration, category::SOURCE, cell);
            entry.facts.push(source);
        }
        TermColumn::Note => {
            let notes = parts(cell).filter(|part| !part.is_empty());
            let notes = notes.map(|note| fact(FactKind::Note, "", note));
            entry.facts.extend(notes);
        }
        TermColumn::Definition(None) => {
            let definition = fact(FactKind::Description, category::DEFINITION, cell);
            entry.facts.push(definition);
        }
        TermColumn::Definition(lang) => {
            match entry.languages.iter_mut().find(|s| of_lang(s, lang)) {
                Some(section) => {
                    let definition = fact(FactKind::Description, category::DEFINITION, cell);
                    section.facts.push(definition);
                }
                None => return Some(format!("the {column} is left out, since there is no term")),
            }
        }
        TermColumn::Context(lang) => {
            match entry
                .languages
                .iter_mut()
                .find(|s| of_lang(s, &Some(*lang)))
            {
                Some(section) => {
                    let context = fact(FactKind::Description, category::CONTEXT, cell);
                    section.terms[0].facts.push(context);
                }
                None => return Some(format!("the {column} is left out, since there is no term")),
            }
        }
        TermColumn::Status(lang) => {
            let mut unknown = None;
            let sections = entry.languages.iter_mut().filter(|s| of_lang(s, lang));
            for section in sections {
                share(cell, section, category::STATUS, |part| {
                    TermStatus::from_name(part).map_or_else(
                        || {
                            let names = TermStatus::ALL.map(TermStatus::name).join(", ");
                            unknown = Some(format!(
                                "the status `{part}` is none of {names}; kept as it stands"
                            ));
                            part.to_owned()
                        },
                        TermStatus::to_tbx,
                    )
                });
            }
            return unknown;
        }
        TermColumn::PartOfSpeech(lang) => {
            for section in entry.languages.iter_mut().filter(|s| of_lang(s, lang)) {
                share(cell, section, category::PART_OF_SPEECH, |part| {
                    part_of_speech(part).to_owned()
                });
            }
        }
    }
    None
}

/// Gives each term of a section its part of a cell, or the one part that there is.
fn share(
    cell: &str,
    section: &mut LanguageSection,
    category: &str,
    mut value: impl FnMut(&str) -> String,
) {
    let parts: Vec<_> = parts(cell).collect();
    for (i, term) in section.terms.iter_mut().enumerate() {
        let part = match parts[..] {
            [part] => part,
            _ => parts.get(i).copied().unwrap_or_default(),
        };
        if !part.is_empty() {
            let fact = Fact::new(FactKind::TermNote, category, value(part));
            // Term notes come first.
            let at = term
                .facts
                .iter()
                .take_while(|f| f.kind == FactKind::TermNote)
                .count();
            term.facts.insert(at, fact);
        }
    }
}

/// A part of speech as TBX has it, where it is plain which it is.
fn part_of_speech(part: &str) -> &str {
    match part.to_lowercase().trim_end_matches('.') {
        "n" | "noun" | "اسم" => "noun",
        "v" | "verb" | "فعل" => "verb",
        "a" | "adj" | "adjective" | "صفة" => "adjective",
        "adv" | "adverb" | "ظرف" => "adverb",
        _ => part,
    }
}

/// Writes rows.
pub(super) struct Writer<'w> {
    output: Output<'w>,
    delimiter: Delimiter,
    columns: TermColumns,
    counts: WriteCounts,
}

impl<'w> Writer<'w> {
    /// Writes the header.
    pub(super) fn new(
        output: Output<'w>,
        delimiter: Delimiter,
        columns: TermColumns,
    ) -> Result<Self, FormatError> {
        let mut writer = Self {
            output,
            delimiter,
            columns,
            counts: WriteCounts::default(),
        };
        let names = writer.columns.as_slice().iter().map(ToString::to_string);
        let names: Vec<_> = names.collect();
        writer.row(names.into_iter())?;
        Ok(writer)
    }

    /// Whether a cell had to be altered.
    fn row(&mut self, cells: impl Iterator<Item = String>) -> Result<bool, FormatError> {
        let mut row = String::new();
        let mut altered = false;
        for (i, cell) in cells.enumerate() {
            if i > 0 {
                row.push(self.delimiter.character());
            }
            altered |= push_cell(&mut row, &cell, self.delimiter);
        }
        row.push('\n');
        self.output
            .write_all(row.as_bytes())
            .map_err(|e| self.output.write_error(e))?;
        Ok(altered)
    }
}

impl TermWriter for Writer<'_> {
    fn write(&mut self, entry: &TermEntry) -> Result<(), FormatError> {
        let mut cells = Cells {
            entry,
            altered: false,
            taken: Vec::new(),
        };
        let columns = self.columns.clone();
        let row: Vec<_> = columns.as_slice().iter().map(|c| cells.of(c)).collect();
        let altered = self.row(row.into_iter())? | cells.altered;
        self.counts.units += 1;
        self.counts.altered += u64::from(altered);
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<WriteCounts, FormatError> {
        self.output.finish()?;
        Ok(self.counts)
    }
}

/// The cells of an entry.
struct Cells<'e> {
    entry: &'e TermEntry,
    altered: bool,
    /// The tags of the columns of terms that were written.
    taken: Vec<String>,
}

impl<'e> Cells<'e> {
    fn of(&mut self, column: &TermColumn) -> String {
        let entry = self.entry;
        match column {
            TermColumn::Skipped => String::new(),
            TermColumn::Id => entry.id.clone().unwrap_or_default(),
            // All terms of a language stand in its first column.
            TermColumn::Terms(tag) if self.taken.contains(tag) => String::new(),
            TermColumn::Terms(tag) => {
                self.taken.push(tag.clone());
                let texts: Vec<_> = self.terms(tag).map(|term| term.text.as_str()).collect();
                self.joined(&texts)
            }
            TermColumn::Subject => self.joined(&entry.subjects().collect::<Vec<_>>()),
            TermColumn::Note => self.joined(&entry.notes().collect::<Vec<_>>()),
            TermColumn::Source => first(&entry.facts, category::SOURCE),
            TermColumn::Definition(None) => first(&entry.facts, category::DEFINITION),
            TermColumn::Definition(Some(lang)) => {
                let sections = entry.languages.iter().filter(|s| s.lang() == Some(*lang));
                let mut definitions = sections.map(|s| first(&s.facts, category::DEFINITION));
                definitions.find(|d| !d.is_empty()).unwrap_or_default()
            }
            TermColumn::Context(lang) => {
                let terms = entry.terms(*lang);
                let mut contexts = terms.map(|(_, term)| first(&term.facts, category::CONTEXT));
                contexts.find(|c| !c.is_empty()).unwrap_or_default()
            }
            TermColumn::Status(lang) => self.shared(*lang, |term| {
                let status = term.status().map(TermStatus::name);
                status.or(values(&term.facts, category::STATUS).next())
            }),
            TermColumn::PartOfSpeech(lang) => self.shared(*lang, Term::part_of_speech),
        }
    }

    fn terms(&self, tag: &str) -> impl Iterator<Item = &'e Term> {
        let lang = Lang::from_tag(tag);
        let tag = tag.to_owned();
        let is_own = move |section: &&LanguageSection| match lang {
            Some(lang) => section.lang() == Some(lang),
            None => section.tag.eq_ignore_ascii_case(&tag),
        };
        let sections = self.entry.languages.iter().filter(is_own);
        sections.flat_map(|section| &section.terms)
    }

    /// What is said of the terms of a language, or of Arabic and else English, a part for each.
    fn shared(&mut self, lang: Option<Lang>, of: fn(&Term) -> Option<&str>) -> String {
        let lang = lang.unwrap_or(match self.entry.has(Lang::Arabic) {
            true => Lang::Arabic,
            false => Lang::English,
        });
        let parts: Vec<_> = self
            .entry
            .terms(lang)
            .map(|(_, term)| of(term).unwrap_or_default())
            .collect();
        if parts.iter().all(|part| part.is_empty()) {
            return String::new();
        }
        self.joined(&parts)
    }

    fn joined(&mut self, parts: &[&str]) -> String {
        self.altered |= parts.iter().any(|part| part.contains(SEPARATOR));
        let parts: Vec<_> = parts
            .iter()
            .map(|part| part.replace(SEPARATOR, "/"))
            .collect();
        parts.join(" | ")
    }
}

fn first(facts: &[Fact], category: &str) -> String {
    values(facts, category)
        .next()
        .unwrap_or_default()
        .to_owned()
}
