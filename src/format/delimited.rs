//! TSV and CSV: one unit a row, its columns as [`columns`](super::columns) says.
//!
//! **TSV** is split at tabs and line ends and at nothing else: bitexts have no quoting, and a `"` in them is a `"`. What
//! can't stand in a cell (tab, line feed, carriage return) is written as one space, and the unit counted as altered:
//! an escape would be read as text by every other tool. **CSV** is RFC 4180: cells may stand in double quotes, hold
//! commas and line ends then, and `""` for `"`. The separator is the comma. A quote inside an unquoted cell is itself;
//! text between a closing quote and the next comma is a mistake, since an open quote some lines above is what makes it.
//! (The `csv` crate reads the same cells, but tells neither a cell's column nor a row's own text, and takes both kinds
//! of stray quote for text.)
//!
//! Rejected, each with line and column: a row with too few cells, a blank segment, a cell that its column can't hold, a
//! character that XML can't hold ([`first_forbidden`]), bytes that are no text, a line over [`LINE_LIMIT`], a mistaken
//! quote, a carriage return that neither ends a line nor is quoted. An empty line is no unit and no mistake. A segment in another language is taken: real data have such.
//!
//! Invariants: every row that isn't empty or a header makes one unit or one rejection. A mistaken quote costs its own
//! line only: after [`QUOTED_LINES`] lines, or at the end, reading goes on at the line behind it. Cost: linear; an unclosed
//! quote reads up to that many lines twice.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::Write;
use std::ops::Range;

use super::columns::{Column, Columns, Header, SCRIPT_ROWS, first_language};
use super::error::FormatError;
use super::input::{Input, LINE_LIMIT, Line, Lines, location_in};
use super::output::Output;
use super::{
    CARRIAGE_RETURN, Record, Sink, UnitWriter, WriteCounts, excerpt, first_forbidden,
    forbidden_message,
};
use crate::diagnostic::{Diagnostic, Location};
use crate::lang::Sides;
use crate::unit::{DraftUnit, Origin, UnitView, UnixSeconds};

/// The most lines of a CSV row.
pub const QUOTED_LINES: usize = 1000;

/// The most rows that are held back until the languages of unnamed columns are told.
const HELD_ROWS: usize = 10 * SCRIPT_ROWS;

/// What parts the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delimiter {
    /// TSV.
    Tab,
    /// CSV.
    Comma,
}

impl Delimiter {
    pub(super) fn character(self) -> char {
        match self {
            Self::Tab => '\t',
            Self::Comma => ',',
        }
    }
}

/// Reads rows into `sink`.
///
/// # Errors
/// The input can't be read, or its columns aren't named and can't be told.
pub fn read(
    input: Input,
    delimiter: Delimiter,
    columns: Option<&Columns>,
    sink: &mut Sink<'_>,
) -> Result<(), FormatError> {
    let mut rows = Rows::new(input, delimiter);
    read_rows(&mut rows, columns, sink)
}

/// Where rows come from.
pub(super) trait RowSource {
    /// The input's name.
    fn name(&self) -> &str;

    /// The next row that isn't empty; `Err` in it for what is no row.
    fn next(&mut self) -> Result<Option<Result<Row, Record>>, FormatError>;
}

/// Makes units of rows.
///
/// # Errors
/// The input can't be read, or its columns aren't named and can't be told.
pub(super) fn read_rows(
    rows: &mut impl RowSource,
    columns: Option<&Columns>,
    sink: &mut Sink<'_>,
) -> Result<(), FormatError> {
    let mut first = Vec::new();
    let columns = match columns {
        Some(columns) => {
            first.extend(rows.next()?);
            let header =
                matches!(first.first(), Some(Ok(row)) if columns.are_named_by(row.cells()));
            if header
                && let Ok(row) = first.remove(0)
                && sink(header_remark(&row)).is_break()
            {
                return Ok(());
            }
            Cow::Borrowed(columns)
        }
        None => match told_columns(rows, &mut first, sink)? {
            Some(columns) => Cow::Owned(columns),
            None => return Ok(()),
        },
    };
    for row in first {
        if sink(record(row, &columns)).is_break() {
            return Ok(());
        }
    }
    while let Some(row) = rows.next()? {
        if sink(record(row, &columns)).is_break() {
            return Ok(());
        }
    }
    Ok(())
}

/// Reads the first rows and tells the columns by them; a header is taken out of `first`. `None` when `sink` broke off.
///
/// A row that makes no unit whatever the columns are is not held back, unless it comes between rows that are.
fn told_columns(
    rows: &mut impl RowSource,
    first: &mut Vec<Result<Row, Record>>,
    sink: &mut Sink<'_>,
) -> Result<Option<Columns>, FormatError> {
    let (mut voting, mut held_bytes) = (0, 0);
    let mut header = None;
    while voting < SCRIPT_ROWS && first.len() < HELD_ROWS && held_bytes < LINE_LIMIT {
        let Some(row) = rows.next()? else { break };
        let is_pair = matches!(&row, Ok(row) if row.is_pair());
        if header.is_none()
            && let Ok(row) = &row
        {
            header = Some(if is_pair {
                Header::of(row.cells())
            } else {
                Header::None
            });
        }
        if !is_pair && first.is_empty() {
            if sink(record(row, &Columns::bitext())).is_break() {
                return Ok(None);
            }
            continue;
        }
        voting += usize::from(is_pair);
        held_bytes += row.as_ref().map_or(0, |row| row.raw.len());
        first.push(row);
        if matches!(header, Some(Header::Columns(_))) {
            break;
        }
    }
    let header = header.unwrap_or(Header::None);
    if header != Header::None {
        // It was the first row that was held back.
        if let Ok(row) = first.remove(0)
            && sink(header_remark(&row)).is_break()
        {
            return Ok(None);
        }
    }
    if let Header::Columns(columns) = header {
        return Ok(Some(columns));
    }
    let pairs = first.iter().flatten().filter(|row| row.is_pair());
    let pairs = pairs.filter_map(|row| {
        let mut cells = row.cells();
        Some((cells.next()?, cells.next()?))
    });
    if let Some(lang) = first_language(pairs.clone()) {
        return Ok(Some(Columns::segments(lang)));
    }
    if pairs.count() == 0 {
        // The input is at its end, and nothing in it could be mixed up.
        return Ok(Some(Columns::bitext()));
    }
    Err(FormatError::UnclearLanguages {
        name: rows.name().to_owned(),
    })
}

pub(super) fn header_remark<U>(row: &Row) -> Record<U> {
    let message = "taken as a header that names the columns, not as a unit";
    Record::Remark(Diagnostic::warning(row.location(0), message))
}

/// A row: its own text, and that of its cells.
#[derive(Default)]
pub(super) struct Row {
    line: u64,
    raw: String,
    /// All cells one after the other, without quotes.
    text: String,
    cells: Vec<Cell>,
    /// The first carriage return in `raw` that isn't quoted. It ended a row once, on systems of old, so what is behind
    /// it may be another unit.
    bare_return: Option<usize>,
}

struct Cell {
    /// In the row's `text`.
    text: Range<usize>,
    /// Where it begins in `raw`.
    start: usize,
}

impl Row {
    /// A row of cells as they are; its own text is theirs on one line, with tabs between them.
    pub(super) fn of_cells(line: u64, cells: &[&str]) -> Self {
        let mut row = Self {
            line,
            ..Self::default()
        };
        for (i, cell) in cells.iter().enumerate() {
            if i > 0 {
                row.raw.push('\t');
            }
            let (start, from) = (row.raw.len(), row.text.len());
            row.raw.push_str(&cell.replace(['\n', '\r', '\t'], " "));
            row.text.push_str(cell);
            row.cells.push(Cell {
                text: from..row.text.len(),
                start,
            });
        }
        row
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|cell| &self.text[cell.text.clone()])
    }

    /// Whether the row may hold two segments, so that it has a say in which column is which.
    pub(super) fn is_pair(&self) -> bool {
        self.cells.len() >= 2 && self.bare_return.is_none()
    }

    /// The place of a byte of `raw`.
    pub(super) fn location(&self, at: usize) -> Location {
        let start = Location {
            line: self.line,
            column: 1,
        };
        location_in(&self.raw[..at], start)
    }

    /// Where a cell begins in `raw`.
    pub(super) fn start_of(&self, cell: usize) -> usize {
        self.cells[cell].start
    }

    /// Where a character stands in `raw` that a cell has and that is neither a quote nor a separator.
    pub(super) fn find_in(&self, cell: usize, c: char) -> usize {
        let start = self.start_of(cell);
        start + self.raw[start..].find(c).unwrap_or_default()
    }

    /// The first carriage return in `raw` that isn't quoted.
    pub(super) fn bare_return(&self) -> Option<usize> {
        self.bare_return
    }

    pub(super) fn rejected<U>(&self, at: usize, message: impl Into<String>) -> Record<U> {
        Record::Rejected {
            diagnostic: Diagnostic::error(self.location(at), message),
            raw: excerpt(self.raw.as_bytes()),
        }
    }
}

fn record(row: Result<Row, Record>, columns: &Columns) -> Record {
    let row = match row {
        Ok(row) => row,
        Err(rejected) => return rejected,
    };
    if let Some(at) = row.bare_return {
        return row.rejected(at, CARRIAGE_RETURN);
    }
    if row.cells.len() < columns.needed() {
        let (found, needed) = (row.cells.len(), columns.needed());
        let noun = if found == 1 { "column" } else { "columns" };
        return row.rejected(
            row.raw.len(),
            format!("{found} {noun} where {needed} are needed"),
        );
    }
    let mut text = Sides { ar: "", en: "" };
    let mut starts = Sides { ar: 0, en: 0 };
    let mut origin = Origin::default();
    for (i, (value, column)) in row.cells().zip(columns.as_slice()).enumerate() {
        if *column == Column::Skipped {
            continue;
        }
        if let Some((_, c)) = first_forbidden(value) {
            return row.rejected(row.find_in(i, c), forbidden_message(c));
        }
        if let Column::Segment(lang) = column {
            *text.get_mut(*lang) = value;
            *starts.get_mut(*lang) = row.start_of(i);
        }
        if let Err(message) = column.read(value, &mut origin) {
            return row.rejected(row.start_of(i), message);
        }
    }
    match DraftUnit::new(text.ar, text.en, origin) {
        Ok(draft) => Record::Unit(draft),
        Err(blank) => {
            let start = match text.ar.trim() {
                "" => starts.ar,
                _ => starts.en,
            };
            row.rejected(start, blank.to_string())
        }
    }
}

/// Rows out of lines.
pub(super) struct Rows {
    lines: Lines,
    delimiter: Delimiter,
    /// What a mistaken quote had run over.
    pending: VecDeque<Pending>,
    finished: bool,
}

impl Rows {
    pub(super) fn new(input: Input, delimiter: Delimiter) -> Self {
        Self {
            lines: Lines::new(input),
            delimiter,
            pending: VecDeque::new(),
            finished: false,
        }
    }
}

impl RowSource for Rows {
    fn name(&self) -> &str {
        self.lines.name()
    }

    fn next(&mut self) -> Result<Option<Result<Row, Record>>, FormatError> {
        let mut row = Row::default();
        let mut splitter = Splitter::new(self.delimiter);
        let mut lines = 0;
        loop {
            // Taken from `pending` before any new line is read.
            let stopped = match self.feed(&mut row, &mut splitter)? {
                Fed::Line => {
                    lines += 1;
                    if !splitter.is_open() {
                        if row.raw.trim_end_matches(['\r', '\n']).is_empty() {
                            row = Row::default();
                            lines = 0;
                            continue;
                        }
                        if splitter.mistaken {
                            let message = "the quote is closed inside the cell";
                            return Ok(Some(Err(self.misquoted(&row, &splitter, message, None))));
                        }
                        splitter.finish(&mut row);
                        return Ok(Some(Ok(row)));
                    }
                    if lines < QUOTED_LINES && row.raw.len() <= LINE_LIMIT {
                        continue;
                    }
                    None
                }
                Fed::Rejected(record) if lines == 0 => return Ok(Some(Err(*record))),
                Fed::Rejected(record) => Some(record),
                Fed::End if lines == 0 => return Ok(None),
                Fed::End => None,
            };
            let message = "the quote is not closed";
            return Ok(Some(Err(self.misquoted(&row, &splitter, message, stopped))));
        }
    }
}

impl Rows {
    fn feed(&mut self, row: &mut Row, splitter: &mut Splitter) -> Result<Fed, FormatError> {
        if let Some(pending) = self.pending.pop_front() {
            return Ok(match pending {
                Pending::Line(number, line) => {
                    let text = line.trim_end_matches('\n');
                    let text = text
                        .strip_suffix('\r')
                        .filter(|_| text.len() < line.len())
                        .unwrap_or(text);
                    splitter.feed(row, number, text, &line[text.len()..]);
                    Fed::Line
                }
                Pending::Rejected(record) => Fed::Rejected(record),
            });
        }
        if self.finished {
            return Ok(Fed::End);
        }
        Ok(match self.lines.next()? {
            Some(Line::Text { number, text, end }) => {
                splitter.feed(row, number, text, end.as_str());
                Fed::Line
            }
            Some(Line::Rejected(record)) => Fed::Rejected(record),
            None => {
                self.finished = true;
                Fed::End
            }
        })
    }

    /// Rejects the line with the mistaken quote and puts back what is behind it.
    fn misquoted(
        &mut self,
        row: &Row,
        splitter: &Splitter,
        message: &str,
        stopped: Option<Box<Record>>,
    ) -> Record {
        if let Some(record) = stopped {
            self.pending.push_front(Pending::Rejected(record));
        }
        // The quote may stand on a later line of the row than its first; that line and those before it are given up.
        let through = row.raw[splitter.quote..]
            .find('\n')
            .map_or(row.raw.len(), |end| splitter.quote + end + 1);
        let mut number = row.line + row.raw[..through].matches('\n').count() as u64;
        let rest: Vec<_> = row.raw[through..]
            .split_inclusive('\n')
            .map(|line| {
                number += 1;
                Pending::Line(number - 1, line.to_owned())
            })
            .collect();
        for line in rest.into_iter().rev() {
            self.pending.push_front(line);
        }
        let lost = row.raw[..through].trim_end_matches(['\r', '\n']);
        Record::Rejected {
            diagnostic: Diagnostic::error(row.location(splitter.quote), message),
            raw: excerpt(lost.as_bytes()),
        }
    }
}

enum Pending {
    /// A line's number, and its text with its end.
    Line(u64, String),
    Rejected(Box<Record>),
}

/// What came next.
enum Fed {
    Line,
    Rejected(Box<Record>),
    End,
}

/// Cuts a row into cells, line after line.
struct Splitter {
    delimiter: Delimiter,
    state: Quoting,
    /// Where in the row's `raw` the last quoted cell began, or the mistaken one.
    quote: usize,
    /// Whether text followed a closing quote.
    mistaken: bool,
    /// Where the cell began, in `raw` and in `text`.
    cell: (usize, usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quoting {
    CellStart,
    Unquoted,
    Quoted,
    /// Behind a quote in a quoted cell: the cell's end, or the first half of `""`.
    QuoteInQuoted,
}

impl Splitter {
    fn new(delimiter: Delimiter) -> Self {
        Self {
            delimiter,
            state: Quoting::CellStart,
            quote: 0,
            mistaken: false,
            cell: (0, 0),
        }
    }

    fn is_open(&self) -> bool {
        self.state == Quoting::Quoted
    }

    fn feed(&mut self, row: &mut Row, number: u64, line: &str, end: &str) {
        if row.raw.is_empty() {
            row.line = number;
        }
        let start = row.raw.len();
        row.raw.push_str(line);
        match self.delimiter {
            Delimiter::Tab => {
                row.text.push_str(line);
                row.bare_return = memchr::memchr(b'\r', line.as_bytes());
                for tab in memchr::memchr_iter(b'\t', line.as_bytes()) {
                    row.cells.push(Cell {
                        text: self.cell.1..tab,
                        start: self.cell.0,
                    });
                    self.cell = (tab + 1, tab + 1);
                }
            }
            Delimiter::Comma => self.feed_quoted(row, start, line),
        }
        if self.is_open() {
            row.raw.push_str(end);
            row.text.push_str(end);
        }
    }

    fn feed_quoted(&mut self, row: &mut Row, start: usize, line: &str) {
        for (i, c) in line.char_indices() {
            if self.mistaken {
                return;
            }
            let at = start + i;
            self.state = match (self.state, c) {
                (Quoting::CellStart, '"') => {
                    self.quote = at;
                    Quoting::Quoted
                }
                (Quoting::Quoted, '"') => Quoting::QuoteInQuoted,
                (Quoting::QuoteInQuoted, '"') => {
                    row.text.push('"');
                    Quoting::Quoted
                }
                (Quoting::Quoted, c) => {
                    row.text.push(c);
                    Quoting::Quoted
                }
                (_, ',') => {
                    self.push_cell(row);
                    self.cell.0 = at + 1;
                    Quoting::CellStart
                }
                (Quoting::QuoteInQuoted, _) => {
                    self.mistaken = true;
                    Quoting::Unquoted
                }
                (_, c) => {
                    if c == '\r' && row.bare_return.is_none() {
                        row.bare_return = Some(at);
                    }
                    row.text.push(c);
                    Quoting::Unquoted
                }
            };
        }
    }

    fn push_cell(&mut self, row: &mut Row) {
        row.cells.push(Cell {
            text: self.cell.1..row.text.len(),
            start: self.cell.0,
        });
        self.cell.1 = row.text.len();
    }

    fn finish(mut self, row: &mut Row) {
        self.push_cell(row);
    }
}

/// Writes rows.
pub struct DelimitedWriter<'w> {
    output: Output<'w>,
    delimiter: Delimiter,
    columns: Columns,
    counts: WriteCounts,
}

impl<'w> DelimitedWriter<'w> {
    /// A writer of rows with these columns. The k-th `note` column holds the k-th note. There is no header, unless the
    /// first unit would be read as one.
    pub fn new(output: Output<'w>, delimiter: Delimiter, columns: Columns) -> Self {
        Self {
            output,
            delimiter,
            columns,
            counts: WriteCounts::default(),
        }
    }

    fn reads_as_header(&self, cells: &[Cow<'_, str>]) -> bool {
        let cells = || cells.iter().map(|cell| &**cell);
        self.columns.are_named_by(cells()) || Header::of(cells()) != Header::None
    }

    /// Adds a row; whether a cell had to be altered.
    fn push_row<'c>(&self, row: &mut String, cells: impl Iterator<Item = &'c str>) -> bool {
        let mut altered = false;
        for (i, cell) in cells.enumerate() {
            if i > 0 {
                row.push(self.delimiter.character());
            }
            altered |= push_cell(row, cell, self.delimiter);
        }
        row.push('\n');
        altered
    }
}

impl UnitWriter for DelimitedWriter<'_> {
    fn write(&mut self, unit: UnitView<'_>) -> Result<(), FormatError> {
        let UnitView { text, origin, .. } = unit;
        let mut notes = origin.notes.iter();
        let cells = self.columns.as_slice().iter().map(|column| match column {
            Column::Segment(lang) => text.get(*lang).into(),
            Column::Document => origin.document.as_deref().unwrap_or_default().into(),
            Column::Position => optional(origin.position),
            Column::Author => origin.author.as_deref().unwrap_or_default().into(),
            Column::Created => optional(origin.created.map(UnixSeconds::to_rfc3339)),
            Column::Changed => optional(origin.changed.map(UnixSeconds::to_rfc3339)),
            Column::State => origin.state.name().into(),
            Column::Confidence => optional(origin.confidence),
            Column::Note => notes.next().map_or("", String::as_str).into(),
            Column::Skipped => "".into(),
        });
        let cells: Vec<Cow<'_, str>> = cells.collect();
        let mut row = String::new();
        if self.counts.units == 0 && self.reads_as_header(&cells) {
            let names = self.columns.as_slice().iter();
            self.push_row(&mut row, names.map(|column| column.name()));
        }
        let altered = self.push_row(&mut row, cells.iter().map(|cell| &**cell));
        self.counts.units += 1;
        self.counts.altered += u64::from(altered);
        self.output
            .write_all(row.as_bytes())
            .map_err(|e| self.output.write_error(e))
    }

    fn finish(self: Box<Self>) -> Result<WriteCounts, FormatError> {
        self.output.finish()?;
        Ok(self.counts)
    }
}

/// Whether the cell had to be altered.
pub(super) fn push_cell(row: &mut String, cell: &str, delimiter: Delimiter) -> bool {
    match delimiter {
        Delimiter::Tab => {
            let altered = cell.contains(['\t', '\n', '\r']);
            row.extend(cell.chars().map(|c| match c {
                '\t' | '\n' | '\r' => ' ',
                c => c,
            }));
            altered
        }
        Delimiter::Comma => {
            if cell.contains([',', '"', '\n', '\r']) {
                row.push('"');
                row.push_str(&cell.replace('"', "\"\""));
                row.push('"');
            } else {
                row.push_str(cell);
            }
            false
        }
    }
}

fn optional(value: Option<impl ToString>) -> Cow<'static, str> {
    value
        .map(|value| value.to_string())
        .unwrap_or_default()
        .into()
}
