//! Units as rows.

use std::borrow::Cow;
use std::io::Write;

use super::super::columns::{Column, Columns, Header};
use super::super::error::FormatError;
use super::super::output::Output;
use super::super::{UnitWriter, WriteCounts};
use super::Delimiter;
use crate::unit::{UnitView, UnixSeconds};

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
pub(in crate::format) fn push_cell(row: &mut String, cell: &str, delimiter: Delimiter) -> bool {
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
