//! What every format of units must do, and one file per format for what is its own.

mod contract;
mod csv;
mod fill;
mod grammar;
mod moses;
mod po;
mod tbx;
mod terms;
mod tmx;
mod tsv;
mod xliff;
mod xlsx;

use std::io::Cursor;
use std::ops::ControlFlow;

use dhakira::diagnostic::Diagnostic;
use dhakira::format::{
    Columns, FormatError, Input, Output, ReadOptions, Record, UnitFormat, WriteCounts,
    WriteOptions, read_units, unit_writer,
};
use dhakira::unit::{DraftUnit, Origin};

/// The formats that units are written to.
const WRITTEN: [UnitFormat; 6] = [
    UnitFormat::Tmx,
    UnitFormat::Tsv,
    UnitFormat::Csv,
    UnitFormat::Jsonl,
    UnitFormat::Xliff,
    UnitFormat::Po,
];

#[test]
fn no_format_that_is_written_is_left_out() {
    let written = UnitFormat::ALL
        .into_iter()
        .filter(|format| format.is_written());
    assert!(written.eq(WRITTEN));
    let output = Output::from_writer("output", Vec::new());
    let refused = unit_writer(UnitFormat::Xlsx, output, &WriteOptions::default());
    assert!(matches!(refused, Err(FormatError::NotWritten { .. })));
}

/// All that a reader gave, in its order by kind.
#[derive(Debug, Default)]
struct Read {
    units: Vec<DraftUnit>,
    rejected: Vec<(Diagnostic, String)>,
    remarks: Vec<Diagnostic>,
}

impl Read {
    fn push(&mut self, record: Record) -> ControlFlow<()> {
        match record {
            Record::Unit(unit) => self.units.push(unit),
            Record::Rejected { diagnostic, raw } => self.rejected.push((diagnostic, raw)),
            Record::Remark(diagnostic) => self.remarks.push(diagnostic),
        }
        ControlFlow::Continue(())
    }

    /// The rejections as `line:column: message`.
    fn reasons(&self) -> Vec<String> {
        self.rejected.iter().map(|(d, _)| d.to_string()).collect()
    }

    /// The English segments.
    fn english(&self) -> Vec<&str> {
        self.units.iter().map(|u| u.text.en.as_str()).collect()
    }
}

fn input(bytes: impl Into<Vec<u8>>) -> Result<Input, FormatError> {
    Input::from_reader("input", Cursor::new(bytes.into()))
}

fn read_with(
    format: UnitFormat,
    columns: Option<Columns>,
    bytes: impl Into<Vec<u8>>,
) -> Result<Read, FormatError> {
    let options = ReadOptions {
        format: Some(format),
        columns,
        ..ReadOptions::default()
    };
    let mut read = Read::default();
    read_units(input(bytes)?, &options, &mut |record| read.push(record))?;
    Ok(read)
}

fn read(format: UnitFormat, bytes: impl Into<Vec<u8>>) -> Read {
    read_with(format, None, bytes).unwrap()
}

fn write(
    format: UnitFormat,
    columns: Option<Columns>,
    units: &[DraftUnit],
) -> (String, WriteCounts) {
    let mut bytes = Vec::new();
    let output = Output::from_writer("output", &mut bytes);
    let mut writer = unit_writer(format, output, &WriteOptions { columns }).unwrap();
    for unit in units {
        writer.write(unit.view()).unwrap();
    }
    let counts = writer.finish().unwrap();
    (String::from_utf8(bytes).unwrap(), counts)
}

fn unit(ar: &str, en: &str) -> DraftUnit {
    DraftUnit::new(ar, en, Origin::default()).unwrap()
}
