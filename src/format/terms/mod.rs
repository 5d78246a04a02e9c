//! Files of terms: bytes in, term entries and diagnostics out, and back.
//!
//! As for units ([`super`]), but that a record is a [`TermEntry`]. [TBX](super::tbx) keeps everything; TSV, CSV and
//! XLSX, which is only read, have a row for each entry ([`columns`]) and keep what has a column.

pub mod columns;
mod delimited;

use std::ops::ControlFlow;

pub use columns::{TermColumns, TermColumnsError};

use super::delimited::Delimiter;
use super::error::FormatError;
use super::input::Input;
use super::output::{Compression, Output};
use super::tbx::{self, TbxSurvey, TbxWriter};
use super::{Record, WriteCounts, xlsx};
use crate::term::TermEntry;

/// What a reader makes of one entry of its input.
pub type TermRecord = Record<TermEntry>;

/// Takes records as they are read; `Break` stops the reader, which then returns without an error.
pub type TermSink<'a> = dyn FnMut(TermRecord) -> ControlFlow<()> + 'a;

/// A format of terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TermFormat {
    /// TermBase eXchange.
    Tbx,
    /// Tab-separated values.
    Tsv,
    /// Comma-separated values.
    Csv,
    /// A workbook of Excel.
    Xlsx,
}

impl TermFormat {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Tbx, Self::Tsv, Self::Csv, Self::Xlsx];

    /// The name in options.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tbx => "tbx",
            Self::Tsv => "tsv",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The ends of file names that are its own, in lower case and without the dot.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Tbx => &["tbx", "tbxm"],
            Self::Tsv => &["tsv", "tab", "txt"],
            Self::Csv => &["csv"],
            Self::Xlsx => super::fill::FileKind::Xlsx.extensions(),
        }
    }

    /// Whether terms can be written to it too.
    pub fn is_written(self) -> bool {
        self != Self::Xlsx
    }

    /// The format that a file name ends with, in any case and before `.gz` or `.zst`.
    pub fn of_name(name: &str) -> Option<Self> {
        let (name, _) = Compression::split_name(name);
        let (_, end) = name.rsplit_once('.')?;
        let end = end.to_ascii_lowercase();
        let mut all = Self::ALL.into_iter();
        all.find(|format| format.extensions().contains(&end.as_str()))
    }

    /// The format of an input: by its name, else by its first bytes, as for units.
    ///
    /// # Errors
    /// [`FormatError::UnknownTermFormat`].
    pub fn of_input(input: &Input) -> Result<Self, FormatError> {
        let of_head = || {
            let head = input.head();
            if tbx::is_root_in(head) {
                return Some(Self::Tbx);
            }
            let line = head.split(|b| *b == b'\n').next()?;
            line.contains(&b'\t').then_some(Self::Tsv)
        };
        Self::of_name(input.name())
            .or_else(of_head)
            .ok_or_else(|| FormatError::UnknownTermFormat {
                name: input.name().to_owned(),
            })
    }

    /// Whether an input can hold nothing but terms: TBX, by its name or its root.
    pub fn is_told_by(input: &Input) -> bool {
        let has_unit_name = super::UnitFormat::of_name(input.name()).is_some();
        Self::of_name(input.name()) == Some(Self::Tbx)
            || (!has_unit_name && tbx::is_root_in(input.head()))
    }
}

/// How an input is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermReadOptions {
    /// Its format; told by [`TermFormat::of_input`] where it isn't given.
    pub format: Option<TermFormat>,
    /// The columns of TSV and CSV; see [`columns`] for what happens without.
    pub columns: Option<TermColumns>,
}

/// Reads entries into `sink`, in the order of the input.
///
/// # Errors
/// The input can't be read, or not to its end; what `sink` got before is not to be kept then.
pub fn read_terms(
    input: Input,
    options: &TermReadOptions,
    sink: &mut TermSink<'_>,
) -> Result<(), FormatError> {
    let format = match options.format {
        Some(format) => format,
        None => TermFormat::of_input(&input)?,
    };
    let columns = options.columns.as_ref();
    match format {
        TermFormat::Tbx => tbx::read(input, sink).map(drop),
        TermFormat::Tsv => delimited::read(input, Delimiter::Tab, columns, sink),
        TermFormat::Csv => delimited::read(input, Delimiter::Comma, columns, sink),
        TermFormat::Xlsx => xlsx::read_sheets(input, sink, |rows, sink| {
            delimited::read_rows(rows, columns, sink)
        }),
    }
}

/// Writes entries one by one.
pub trait TermWriter {
    /// Writes an entry.
    ///
    /// # Errors
    /// [`FormatError::Write`].
    fn write(&mut self, entry: &TermEntry) -> Result<(), FormatError>;

    /// Ends the output; without it a file is not put in its place.
    ///
    /// # Errors
    /// [`FormatError::Write`].
    fn finish(self: Box<Self>) -> Result<WriteCounts, FormatError>;
}

/// How an output is to be written.
#[derive(Debug)]
pub enum TermWriteOptions {
    /// TBX, with what is known of all entries.
    Tbx(TbxSurvey),
    /// TSV with these columns.
    Tsv(TermColumns),
    /// CSV with these columns.
    Csv(TermColumns),
}

/// A writer of that format.
///
/// # Errors
/// [`FormatError::Write`], since all formats begin with a header.
pub fn term_writer<'w>(
    output: Output<'w>,
    options: TermWriteOptions,
) -> Result<Box<dyn TermWriter + 'w>, FormatError> {
    Ok(match options {
        TermWriteOptions::Tbx(survey) => Box::new(TbxWriter::new(output, survey)?),
        TermWriteOptions::Tsv(columns) => {
            Box::new(delimited::Writer::new(output, Delimiter::Tab, columns)?)
        }
        TermWriteOptions::Csv(columns) => {
            Box::new(delimited::Writer::new(output, Delimiter::Comma, columns)?)
        }
    })
}

impl TermWriteOptions {
    /// Those of a format with all its columns; for TBX, `entries` are looked at for what has to be known of all. `None` for
    /// a format that is only read.
    pub fn of<'e>(
        format: TermFormat,
        entries: impl IntoIterator<Item = &'e TermEntry>,
    ) -> Option<Self> {
        Some(match format {
            TermFormat::Tbx => {
                let mut survey = TbxSurvey::default();
                entries.into_iter().for_each(|entry| survey.add(entry));
                Self::Tbx(survey)
            }
            TermFormat::Tsv => Self::Tsv(TermColumns::default()),
            TermFormat::Csv => Self::Csv(TermColumns::default()),
            TermFormat::Xlsx => return None,
        })
    }
}
