//! Rows of cells out of lines: split at tabs, or at commas with quotes, each row with its own text and the places of its
//! cells in it.

use std::collections::VecDeque;
use std::ops::Range;

use super::super::error::FormatError;
use super::super::input::{Input, LINE_LIMIT, Line, Lines, location_in};
use super::super::{Record, excerpt};
use super::{Delimiter, RowSource};
use crate::diagnostic::{Diagnostic, Location};

/// The most lines of a CSV row.
pub const QUOTED_LINES: usize = 1000;

/// A row: its own text, and that of its cells.
#[derive(Default)]
pub(in crate::format) struct Row {
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
    pub(in crate::format) fn of_cells(line: u64, cells: &[&str]) -> Self {
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

    pub(in crate::format) fn cells(&self) -> impl ExactSizeIterator<Item = &str> {
        self.cells.iter().map(|cell| &self.text[cell.text.clone()])
    }

    /// Whether the row may hold two segments, so that it has a say in which column is which.
    pub(in crate::format) fn is_pair(&self) -> bool {
        self.cells.len() >= 2 && self.bare_return.is_none()
    }

    /// The place of a byte of `raw`.
    pub(in crate::format) fn location(&self, at: usize) -> Location {
        let start = Location {
            line: self.line,
            column: 1,
        };
        location_in(&self.raw[..at], start)
    }

    /// Where a cell begins in `raw`.
    pub(in crate::format) fn start_of(&self, cell: usize) -> usize {
        self.cells[cell].start
    }

    /// Where a character stands in `raw` that a cell has and that is neither a quote nor a separator.
    pub(in crate::format) fn find_in(&self, cell: usize, c: char) -> usize {
        let start = self.start_of(cell);
        start + self.raw[start..].find(c).unwrap_or_default()
    }

    /// The first carriage return in `raw` that isn't quoted.
    pub(in crate::format) fn bare_return(&self) -> Option<usize> {
        self.bare_return
    }

    /// Behind the last byte of `raw`.
    pub(in crate::format) fn end(&self) -> usize {
        self.raw.len()
    }

    pub(in crate::format) fn rejected<U>(
        &self,
        at: usize,
        message: impl Into<String>,
    ) -> Record<U> {
        Record::Rejected {
            diagnostic: Diagnostic::error(self.location(at), message),
            raw: excerpt(self.raw.as_bytes()),
        }
    }
}

/// Rows out of lines.
pub(in crate::format) struct Rows {
    lines: Lines,
    cut: Cut,
    /// What a mistaken quote had run over.
    pending: VecDeque<Pending>,
    finished: bool,
}

impl Rows {
    pub(in crate::format) fn new(input: Input, delimiter: Delimiter) -> Self {
        Self {
            cut: match delimiter {
                Delimiter::Tab => Cut::AtTabs,
                Delimiter::Comma => Cut::Quoted(separator(input.head_lines())),
            },
            lines: Lines::new(input),
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
        let mut splitter = Splitter::new(self.cut);
        let mut lines = 0;
        loop {
            // Taken from `pending` before any new line is read.
            let stopped = match self.feed(&mut row, &mut splitter)? {
                Fed::Line => {
                    lines += 1;
                    if !splitter.is_open() {
                        let line = row.raw.trim_end_matches(['\r', '\n']);
                        if line.is_empty() || (row.line == 1 && self.cut.is_said_by(line)) {
                            row = Row::default();
                            splitter = Splitter::new(self.cut);
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

/// Where a row is cut into cells.
#[derive(Clone, Copy)]
enum Cut {
    /// At every tab.
    AtTabs,
    /// At this character outside of quotes.
    Quoted(char),
}

impl Cut {
    /// Whether a line is the one in which Excel is told the separator: `sep=;`.
    fn is_said_by(self, line: &str) -> bool {
        match self {
            Self::AtTabs => false,
            Self::Quoted(separator) => said_separator(line.as_bytes()) == Some(separator),
        }
    }
}

/// What may stand between the cells of CSV: Excel writes a semicolon where the comma is in numbers, as in much of the Arab
/// world, and some write a tab.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// What parts the cells of a file of CSV that begins with these lines: what the first says of it, else what stands outside
/// of quotes in most lines. A comma in a text makes no comma of a semicolon that stands in more lines.
fn separator(lines: &[u8]) -> char {
    let first = lines.split(|b| *b == b'\n').next().unwrap_or_default();
    if let Some(said) = said_separator(first) {
        return said;
    }
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut is_quoted = false;
    for line in lines.split(|b| *b == b'\n') {
        let mut has = [false; SEPARATORS.len()];
        for byte in line {
            is_quoted ^= *byte == b'"';
            let at = SEPARATORS.iter().position(|c| *c == char::from(*byte));
            if let Some(at) = at.filter(|_| !is_quoted) {
                has[at] = true;
            }
        }
        for (count, has) in counts.iter_mut().zip(has) {
            *count += usize::from(has);
        }
    }
    // The first of those that stand in as many lines.
    let most = counts.iter().max().copied().unwrap_or_default();
    let at = counts.iter().position(|count| *count == most);
    SEPARATORS[at.unwrap_or_default()]
}

fn said_separator(line: &[u8]) -> Option<char> {
    let said = line.trim_ascii_end().strip_prefix(b"sep=")?;
    let mut separators = SEPARATORS.into_iter();
    separators.find(|c| said == c.to_string().as_bytes())
}

/// Cuts a row into cells, line after line.
struct Splitter {
    cut: Cut,
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
    fn new(cut: Cut) -> Self {
        Self {
            cut,
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
        match self.cut {
            Cut::AtTabs => {
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
            Cut::Quoted(separator) => self.feed_quoted(row, start, line, separator),
        }
        if self.is_open() {
            row.raw.push_str(end);
            row.text.push_str(end);
        }
    }

    fn feed_quoted(&mut self, row: &mut Row, start: usize, line: &str, separator: char) {
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
                (_, c) if c == separator => {
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
