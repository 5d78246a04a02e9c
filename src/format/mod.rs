//! File formats: bytes in, draft units and diagnostics out, and back.
//!
//! A reader streams [`Record`]s into a sink and holds one unit at a time; a writer takes stored units one by one. A
//! unit that can't be read is a [`Record::Rejected`] with its place and its raw text, never an error: the reader goes
//! on behind it. Errors ([`FormatError`]) are for inputs that can't be read at all, or not to their end; a caller keeps
//! nothing of such an input.
//!
//! | format | reads | writes | languages told by | lost in writing |
//! | --- | --- | --- | --- | --- |
//! | [TMX](tmx) | 1.1–1.4b | 1.4b | `xml:lang` or `lang` | characters that XML can't hold |
//! | [XLIFF](xliff) | 1.2, 2.x, SDLXLIFF, MQXLIFF, MXLIFF, TTX, TXML | 2.1 | the file's, else `xml:lang` | characters that XML can't hold |
//! | [TSV](delimited) | yes | yes | columns, else script | tabs and line ends in texts; inline codes; what has no column |
//! | [CSV](delimited) | yes | yes | columns, else script | inline codes; what has no column |
//! | [XLSX](xlsx) | yes | no | columns, else script | |
//! | [PO](po) | yes | a compendium | the header's, else script | inline codes, names and dates; other properties than those of a message |
//! | [JSON Lines](jsonl) | yes | yes | keys `ar`, `en` | nothing |
//! | [key pairs](key_pairs) | two files of the same keys | no | script | |
//! | [Moses](moses) | `NAME.ar` + `NAME.en` | the same | file names | line ends in texts; all but the texts |
//!
//! Terms are read and written by formats of their own: [TBX](tbx), TSV, CSV and XLSX with other columns ([`terms`]).
//! Beside units, a whole alignment can be written as a page to read ([`bitext`]).
//!
//! All inputs may be compressed (`.gz`, `.zst`, told by their first bytes), be UTF-8 or UTF-16, and start with a byte
//! order mark; XML may declare another encoding ([`input`]). Outputs are UTF-8, compressed by name ([`output`]).
//!
//! Invariants: no input makes a reader panic. Each unit of an input comes out as a unit or as a rejection; what is read
//! can be written by every writer, since readers reject what XML can't hold ([`first_forbidden`]). Cost: linear in the
//! input; memory for one unit, at most [`LINE_LIMIT`] or [`tmx::UNIT_LIMIT`] bytes of it.

pub mod ahead;
pub mod bitext;
pub mod columns;
pub mod delimited;
pub mod document;
mod encoded;
mod encoding;
pub mod error;
pub mod fill;
pub mod input;
pub mod jsonl;
pub mod key_pairs;
pub mod moses;
mod opc;
pub mod output;
pub mod po;
pub mod registry;
pub mod rejects;
mod scan;
pub mod tbx;
pub mod terms;
pub mod tmx;
pub mod xliff;
pub mod xlsx;
mod xml;
mod zip;

pub use columns::{Column, Columns, ColumnsError};
pub use error::FormatError;
pub use input::{Input, LINE_LIMIT, TEXT_LIMIT};
pub use output::Output;
pub use rejects::RejectsWriter;

use std::ops::ControlFlow;

use delimited::{DelimitedWriter, Delimiter};
use fill::FileKind;

use crate::diagnostic::Diagnostic;
use crate::unit::{DraftUnit, UnitView};

/// What a reader makes of one unit of its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record<U = DraftUnit> {
    /// A unit, ready to be stored.
    Unit(U),
    /// A unit that can't be stored: why, and its text as it stands in the input.
    Rejected {
        /// Why and where.
        diagnostic: Diagnostic,
        /// The input's own text of the unit, cut at [`RAW_LIMIT`] bytes.
        raw: String,
    },
    /// A remark about a unit that comes as its own record, or about none.
    Remark(Diagnostic),
}

impl<U> Record<U> {
    /// The same about units of another kind; `None` for a unit itself.
    fn without_unit<V>(self) -> Option<Record<V>> {
        match self {
            Self::Unit(_) => None,
            Self::Rejected { diagnostic, raw } => Some(Record::Rejected { diagnostic, raw }),
            Self::Remark(diagnostic) => Some(Record::Remark(diagnostic)),
        }
    }
}

/// The most bytes of a rejected unit's own text that are kept.
pub const RAW_LIMIT: usize = 64 * 1024;

/// Takes records as they are read; `Break` stops the reader, which then returns without an error.
pub type Sink<'a> = dyn FnMut(Record) -> ControlFlow<()> + 'a;

/// A format that keeps units in one file. [`moses`] keeps them in two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnitFormat {
    /// Translation Memory eXchange.
    Tmx,
    /// Tab-separated values.
    Tsv,
    /// Comma-separated values.
    Csv,
    /// JSON Lines.
    Jsonl,
    /// XLIFF and its kin.
    Xliff,
    /// SpreadsheetML.
    Xlsx,
    /// gettext's messages.
    Po,
}

impl UnitFormat {
    /// All formats.
    pub const ALL: [Self; 7] = [
        Self::Tmx,
        Self::Tsv,
        Self::Csv,
        Self::Jsonl,
        Self::Xliff,
        Self::Xlsx,
        Self::Po,
    ];

    /// The name in options, which is the usual end of file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tmx => "tmx",
            Self::Tsv => "tsv",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Xliff => "xliff",
            Self::Xlsx => "xlsx",
            Self::Po => "po",
        }
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Tmx => "TMX 1.1–1.4b",
            Self::Tsv => "TSV",
            Self::Csv => "CSV",
            Self::Jsonl => "JSON Lines",
            Self::Xliff => FileKind::Xliff.title(),
            Self::Xlsx => FileKind::Xlsx.title(),
            Self::Po => FileKind::Po.title(),
        }
    }

    /// The ends of file names that are its own, in lower case and without the dot.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Tmx => &["tmx"],
            Self::Tsv => &["tsv", "tab", "txt"],
            Self::Csv => &["csv"],
            Self::Jsonl => &["jsonl", "ndjson"],
            Self::Xliff => FileKind::Xliff.extensions(),
            Self::Xlsx => FileKind::Xlsx.extensions(),
            Self::Po => FileKind::Po.extensions(),
        }
    }

    /// Whether units can be written to it too.
    pub fn is_written(self) -> bool {
        match self {
            Self::Tmx | Self::Tsv | Self::Csv | Self::Jsonl | Self::Xliff | Self::Po => true,
            Self::Xlsx => false,
        }
    }

    /// What of it is not kept, or what it must be like, in a phrase for people.
    pub fn limits(self) -> &'static str {
        match self {
            Self::Tmx => "written as 1.4b",
            Self::Tsv => "no quoting, no inline codes; see `--columns`",
            Self::Csv => {
                "RFC 4180, read with `;` or tabs as well; no inline codes; see `--columns`"
            }
            Self::Jsonl => "keys `ar`, `en` and more; keeps everything",
            Self::Xliff => FileKind::Xliff.limits(),
            Self::Xlsx => FileKind::Xlsx.limits(),
            Self::Po => FileKind::Po.limits(),
        }
    }

    /// The format that a file name ends with, in any case and before `.gz` or `.zst`: `memory.TMX.gz`.
    pub fn of_name(name: &str) -> Option<Self> {
        let (name, _) = output::Compression::split_name(name);
        let (_, end) = name.rsplit_once('.')?;
        let end = end.to_ascii_lowercase();
        let mut all = Self::ALL.into_iter();
        all.find(|format| format.extensions().contains(&end.as_str()))
    }

    /// The format of an input: by its name, else by its first bytes. `<` begins TMX, or XLIFF where its root
    /// shows, `{` JSON Lines, `PK` XLSX, a line with `msgid` PO, and a first line
    /// with a tab TSV; CSV is told by its name only, since commas stand in all texts.
    ///
    /// # Errors
    /// [`FormatError::UnknownFormat`].
    pub fn of_input(input: &Input) -> Result<Self, FormatError> {
        let of_head = || {
            let head = input.head();
            match head.trim_ascii_start().first()? {
                b'<' if xliff::is_root_in(head) => Some(Self::Xliff),
                b'<' => Some(Self::Tmx),
                b'P' if opc::is_begun_by(head, "xl/") => Some(Self::Xlsx),
                b'{' => Some(Self::Jsonl),
                _ if po::is_begun_by(head) => Some(Self::Po),
                _ => {
                    let line = head.split(|b| *b == b'\n').next()?;
                    line.contains(&b'\t').then_some(Self::Tsv)
                }
            }
        };
        Self::of_name(input.name())
            .or_else(of_head)
            .ok_or_else(|| FormatError::UnknownFormat {
                name: input.name().to_owned(),
            })
    }
}

/// How an input is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Its format; told by [`UnitFormat::of_input`] where it isn't given.
    pub format: Option<UnitFormat>,
    /// The columns of TSV and CSV; see [`columns`] for what happens without. Other formats ignore them.
    pub columns: Option<Columns>,
    /// Whether messages of PO that are commented out are left alone.
    pub skip_obsolete: bool,
}

/// Reads units into `sink`, in the order of the input. Returns how many units of its own kind the input has, where that
/// is not the number of records: a `tu` or a `trans-unit` may make several, or one that is rejected.
///
/// # Errors
/// The input can't be read, or not to its end; what `sink` got before is not to be kept then.
pub fn read_units(
    input: Input,
    options: &ReadOptions,
    sink: &mut Sink<'_>,
) -> Result<Option<u64>, FormatError> {
    let format = match options.format {
        Some(format) => format,
        None => UnitFormat::of_input(&input)?,
    };
    let columns = options.columns.as_ref();
    match format {
        UnitFormat::Tmx => return tmx::read(input, sink).map(Some),
        UnitFormat::Xliff => return xliff::read(input, sink).map(Some),
        UnitFormat::Po => return po::read(input, options.skip_obsolete, sink).map(Some),
        UnitFormat::Xlsx => xlsx::read(input, columns, sink),
        UnitFormat::Tsv => delimited::read(input, Delimiter::Tab, columns, sink),
        UnitFormat::Csv => delimited::read(input, Delimiter::Comma, columns, sink),
        UnitFormat::Jsonl => jsonl::read(input, sink),
    }?;
    Ok(None)
}

/// Writes units one by one.
pub trait UnitWriter {
    /// Writes a unit.
    ///
    /// # Errors
    /// [`FormatError::Write`].
    fn write(&mut self, unit: UnitView<'_>) -> Result<(), FormatError>;

    /// Ends the output; without it a file is not put in its place.
    ///
    /// # Errors
    /// [`FormatError::Write`].
    fn finish(self: Box<Self>) -> Result<WriteCounts, FormatError>;
}

/// What a writer wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteCounts {
    /// Units.
    pub units: u64,
    /// Units of which a character had to be replaced, since the format can't hold it.
    pub altered: u64,
}

/// How an output is to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// The columns of TSV and CSV; [`Columns::bitext`] where they aren't given. Other formats ignore them.
    pub columns: Option<Columns>,
}

/// A writer of that format.
///
/// # Errors
/// [`FormatError::Write`] for formats that begin with a header, [`FormatError::NotWritten`].
pub fn unit_writer<'w>(
    format: UnitFormat,
    output: Output<'w>,
    options: &WriteOptions,
) -> Result<Box<dyn UnitWriter + 'w>, FormatError> {
    let columns = || options.columns.clone().unwrap_or_else(Columns::bitext);
    Ok(match format {
        UnitFormat::Tmx => Box::new(tmx::TmxWriter::new(output)?),
        UnitFormat::Tsv => Box::new(DelimitedWriter::new(output, Delimiter::Tab, columns())),
        UnitFormat::Csv => Box::new(DelimitedWriter::new(output, Delimiter::Comma, columns())),
        UnitFormat::Jsonl => Box::new(jsonl::JsonlWriter::new(output)),
        UnitFormat::Xliff => Box::new(xliff::XliffWriter::new(output)?),
        UnitFormat::Po => Box::new(po::PoWriter::new(output)),
        UnitFormat::Xlsx => {
            return Err(FormatError::NotWritten {
                title: format.title(),
            });
        }
    })
}

/// The first character of a text that XML 1.0 can't hold ([Char](https://www.w3.org/TR/xml/#charsets)), with its byte
/// offset: control characters but for tab, line feed and carriage return, U+FFFE and U+FFFF. They come from damaged
/// files and mean nothing in a segment, so readers of all formats reject them.
pub fn first_forbidden(text: &str) -> Option<(usize, char)> {
    // 0xEF begins U+FFFE and U+FFFF, and in Arabic the presentation forms, so most texts are done with here.
    let suspect = |b: &u8| (*b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r')) || *b == 0xEF;
    if !text.as_bytes().iter().any(suspect) {
        return None;
    }
    text.char_indices().find(|(_, c)| is_forbidden(*c))
}

fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Why a line of a format with a unit a line is rejected that an old line end cuts in two.
const CARRIAGE_RETURN: &str = "a carriage return inside the line";

fn forbidden_message(c: char) -> String {
    format!("the control character U+{:04X}", u32::from(c))
}

/// The text of a rejected unit: its first [`RAW_LIMIT`] bytes, U+FFFD where they are no UTF-8.
fn excerpt(bytes: &[u8]) -> String {
    let mut raw = String::from_utf8_lossy(&bytes[..bytes.len().min(RAW_LIMIT)]).into_owned();
    raw.truncate(raw.floor_char_boundary(RAW_LIMIT));
    raw
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_format_through_compression() {
        for (name, format) in [
            ("memory.TMX", Some(UnitFormat::Tmx)),
            ("a.b.tsv.zst", Some(UnitFormat::Tsv)),
            ("a.csv.GZ", Some(UnitFormat::Csv)),
            ("a.ndjson", Some(UnitFormat::Jsonl)),
            ("a.gz", None),
            ("tmx", None),
        ] {
            assert_eq!(UnitFormat::of_name(name), format, "{name}");
        }
    }

    #[test]
    fn first_bytes_tell_the_format_where_the_name_does_not() {
        let told = |text: &'static str| {
            UnitFormat::of_input(&Input::from_reader("-", text.as_bytes()).unwrap()).ok()
        };
        assert_eq!(told("\u{FEFF}\n <tmx>"), Some(UnitFormat::Tmx));
        assert_eq!(told("{\"ar\""), Some(UnitFormat::Jsonl));
        assert_eq!(told("نعم\tYes\n"), Some(UnitFormat::Tsv));
        assert_eq!(told("نعم, Yes\n\t"), None);
        assert_eq!(told(""), None);
    }

    #[test]
    fn forbidden_characters_are_those_of_xml() {
        assert_eq!(
            first_forbidden("tab\tline\r\n ﻛﺘﺎب \u{7F}\u{200F}\u{FFFD}"),
            None
        );
        assert_eq!(first_forbidden("نعم\u{1B}"), Some((6, '\u{1B}')));
        assert_eq!(first_forbidden("a\u{FFFE}"), Some((1, '\u{FFFE}')));
    }

    #[test]
    fn an_excerpt_is_no_longer_than_its_limit() {
        for bytes in [
            vec![0xFF; RAW_LIMIT + 9],
            "ك".repeat(RAW_LIMIT).into_bytes(),
        ] {
            assert!(excerpt(&bytes).len() <= RAW_LIMIT);
        }
    }
}
