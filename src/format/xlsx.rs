//! XLSX as a source of units or terms: one a row of a sheet, its columns as [`columns`](super::columns) says, or for terms
//! [`terms::columns`](super::terms::columns).
//!
//! Each sheet is read for itself, so that each may have a header of its own. What a cell shows is its text without its
//! formats; numbers, dates and the results of formulas are no text and count as blank. A cell that is missing in a row is
//! blank. Places are rows, and columns of the row's text with a tab between cells; findings name the sheet.
//!
//! A sheet whose columns aren't named and can't be told is left out with a remark; where that is so for all sheets, the file
//! is refused. Columns behind the first [`COLUMN_LIMIT`] are not looked at. Limits and hostile files: as for
//! [filling](super::fill::xlsx). Cost: linear; the texts are held.

use std::ops::ControlFlow;

use super::columns::Columns;
use super::delimited::{Row, RowSource, read_rows};
use super::error::FormatError;
use super::fill::xlsx::{SheetText, sheet_texts};
use super::input::Input;
use super::{Record, Sink};
use crate::diagnostic::{Diagnostic, Severity};

/// How many columns of a sheet are looked at.
pub const COLUMN_LIMIT: u32 = 256;

/// Reads rows into `sink`.
///
/// # Errors
/// As for [filling](super::fill::xlsx::open); the columns of no sheet are named or can be told.
pub fn read(
    input: Input,
    columns: Option<&Columns>,
    sink: &mut Sink<'_>,
) -> Result<(), FormatError> {
    read_sheets(input, sink, |rows, sink| read_rows(rows, columns, sink))
}

/// Hands the rows of each sheet to `read_rows`, whose records go to `sink`.
pub(super) fn read_sheets<U>(
    input: Input,
    sink: &mut dyn FnMut(Record<U>) -> ControlFlow<()>,
    mut read_rows: impl FnMut(
        &mut Rows<'_>,
        &mut dyn FnMut(Record<U>) -> ControlFlow<()>,
    ) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let name = input.name().to_owned();
    let sheets = sheet_texts(input.read_to_end()?, &name)?;
    let mut unclear = Vec::new();
    let filled = sheets.iter().filter(|sheet| !sheet.cells.is_empty());
    let many = filled.clone().count() > 1;
    let mut broken_off = false;
    for sheet in filled {
        let mut told = |mut record: Record<U>| {
            if many && let Some(diagnostic) = diagnostic_of(&mut record) {
                diagnostic.message = format!("{}: {}", sheet.title, diagnostic.message);
            }
            let flow = sink(record);
            broken_off |= flow.is_break();
            flow
        };
        let mut rows = Rows::new(&name, sheet);
        match read_rows(&mut rows, &mut told) {
            Err(error @ FormatError::UnclearLanguages { .. }) => unclear.push((sheet, error)),
            read => read?,
        }
        if broken_off {
            return Ok(());
        }
    }
    let all = sheets
        .iter()
        .filter(|sheet| !sheet.cells.is_empty())
        .count();
    if unclear.len() == all
        && let Some((_, error)) = unclear.pop()
    {
        return Err(error);
    }
    for (sheet, _) in unclear {
        let remark = Record::Remark(Diagnostic {
            severity: Severity::Warning,
            location: None,
            message: format!(
                "the sheet `{}` is left out, since its columns are neither named nor told by their script",
                sheet.title
            ),
        });
        if sink(remark) == ControlFlow::Break(()) {
            break;
        }
    }
    Ok(())
}

fn diagnostic_of<U>(record: &mut Record<U>) -> Option<&mut Diagnostic> {
    match record {
        Record::Unit(_) => None,
        Record::Rejected { diagnostic, .. } | Record::Remark(diagnostic) => Some(diagnostic),
    }
}

/// The rows of a sheet that hold text.
pub(super) struct Rows<'s> {
    name: &'s str,
    sheet: &'s SheetText,
    /// How many columns there are.
    width: usize,
    /// The first cell of the next row.
    next: usize,
}

impl<'s> Rows<'s> {
    fn new(name: &'s str, sheet: &'s SheetText) -> Self {
        let columns = sheet.cells.iter().map(|cell| cell.column);
        let columns = columns.filter(|column| *column <= COLUMN_LIMIT);
        Self {
            name,
            sheet,
            width: columns.max().unwrap_or(0) as usize,
            next: 0,
        }
    }
}

impl RowSource for Rows<'_> {
    fn name(&self) -> &str {
        self.name
    }

    fn next(&mut self) -> Result<Option<Result<Row, Record>>, FormatError> {
        let rest = &self.sheet.cells[self.next..];
        let Some(first) = rest.first() else {
            return Ok(None);
        };
        let cells = rest.iter().take_while(|cell| cell.row == first.row);
        let mut texts = vec![""; self.width];
        for cell in cells.clone() {
            if let Some(text) = texts.get_mut(cell.column as usize - 1) {
                *text = &cell.text;
            }
        }
        self.next += cells.count();
        Ok(Some(Ok(Row::of_cells(first.row.into(), &texts))))
    }
}
