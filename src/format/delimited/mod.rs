//! TSV and CSV: one unit a row, its columns as [`columns`](super::columns) says.
//!
//! **TSV** is split at tabs and line ends and at nothing else: bitexts have no quoting, and a `"` in them is a `"`. What
//! can't stand in a cell (tab, line feed, carriage return) is written as one space, and the unit counted as altered:
//! an escape would be read as text by every other tool. **CSV** is RFC 4180: cells may stand in double quotes, hold
//! commas and line ends then, and `""` for `"`. The separator is the comma; in reading it may be a semicolon or a tab, as Excel
//! writes them in many countries: what the first lines have outside of quotes, or what a first line `sep=;` says. A quote inside an unquoted cell is itself;
//! text between a closing quote and the next separator is a mistake, since an open quote some lines above is what makes it.
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

mod rows;
mod write;

use std::borrow::Cow;

pub use rows::QUOTED_LINES;
pub(super) use rows::{Row, Rows};
pub use write::DelimitedWriter;
pub(super) use write::push_cell;

use super::columns::{Column, Columns, Header, SCRIPT_ROWS, first_language};
use super::error::FormatError;
use super::input::{Input, LINE_LIMIT};
use super::{CARRIAGE_RETURN, Record, Sink, first_forbidden, forbidden_message};
use crate::diagnostic::Diagnostic;
use crate::lang::Sides;
use crate::unit::{DraftUnit, Origin};

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
        held_bytes += row.as_ref().map_or(0, Row::end);
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

fn record(row: Result<Row, Record>, columns: &Columns) -> Record {
    let row = match row {
        Ok(row) => row,
        Err(rejected) => return rejected,
    };
    if let Some(at) = row.bare_return() {
        return row.rejected(at, CARRIAGE_RETURN);
    }
    if row.cells().len() < columns.needed() {
        let (found, needed) = (row.cells().len(), columns.needed());
        let noun = if found == 1 { "column" } else { "columns" };
        return row.rejected(
            row.end(),
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
