//! Why an input can't be read or an output can't be written at all. What is wrong with one unit is a
//! [`Diagnostic`](crate::diagnostic::Diagnostic) instead.

use std::io;
use std::path::PathBuf;

use super::columns::ColumnsError;
use crate::diagnostic::Location;

/// An input or output that can't be used; nothing that was read of it before should be kept.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// A file can't be opened: it isn't there, or may not be read.
    #[error("can't open `{}`", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A folder stands where a file is wanted.
    #[error("`{}` is a folder, not a file", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// Reading stopped half-way: the device failed, or compressed data are damaged.
    #[error("can't read `{name}`")]
    Read {
        /// The input.
        name: String,
        /// What the system or the decompressor says.
        source: io::Error,
    },
    /// Somebody wrote to a file while it was being read, or between reading it and writing its successor.
    #[error("`{}` changed while it was being read", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A compressed stream ends inside a member or frame; the file was not copied to its end.
    #[error("the compressed data of `{name}` end too early; the file is not whole")]
    Truncated {
        /// The input.
        name: String,
    },
    /// A text that is taken as a whole has bytes that are no text in its encoding.
    #[error("`{name}` is not {encoding} text: byte {byte}, at {location}")]
    NotText {
        /// The input.
        name: String,
        /// The encoding that was told from the first bytes, such as `UTF-8`.
        encoding: &'static str,
        /// Where the first bad byte stands, from 0, in the input after decompression.
        byte: u64,
        /// The same place as line and column.
        location: Location,
    },
    /// The encoding that the input has or declares is not one that we decode.
    #[error("`{name}` is in the encoding {encoding}, which is not supported; convert it to UTF-8")]
    UnsupportedEncoding {
        /// The input.
        name: String,
        /// The encoding's name as found.
        encoding: String,
    },
    /// Neither the name nor the first bytes tell the format.
    #[error(
        "can't tell the format of `{name}`; known are TMX (.tmx), XLIFF (.xlf, .xliff and its kin), PO (.po, .pot), TSV (.tsv, .tab, .txt), CSV (.csv), XLSX (.xlsx) \
         and JSON Lines (.jsonl, .ndjson), each also as .gz or .zst"
    )]
    UnknownFormat {
        /// The input or output.
        name: String,
    },
    /// Neither the name nor the first bytes tell in which format the terms are.
    #[error(
        "can't tell the format of `{name}`; known for terms are TBX (.tbx), TSV (.tsv, .tab, .txt), CSV (.csv) and XLSX (.xlsx), each also as .gz or .zst"
    )]
    UnknownTermFormat {
        /// The input or output.
        name: String,
    },
    /// A file that should be TMX has another root element, or none.
    #[error("`{name}` is no TMX: it has {found} where `<tmx>` should be")]
    NotTmx {
        /// The input.
        name: String,
        /// What stands there instead.
        found: String,
    },
    /// A file that should be TBX has another root element, or none.
    #[error("`{name}` is no TBX: line {}, column {}, has {found} where `<tbx>` or `<martif>` should be", location.line, location.column)]
    NotTbx {
        /// The input.
        name: String,
        /// Where.
        location: Location,
        /// What stands there instead.
        found: String,
    },
    /// A file that should be XLIFF or one of its kin has another root element, or none.
    #[error("`{name}` is no XLIFF, TTX or TXML: it has {found} where the root element should be")]
    NotXliff {
        /// The input.
        name: String,
        /// What stands there instead.
        found: String,
    },
    /// A file whose strings have no keys can't be paired with another by them.
    #[error("`{name}` has no keys to go by; JSON, YAML, Java properties and Android strings have")]
    NoKeys {
        /// The input.
        name: String,
    },
    /// Units can't be written to the format.
    #[error("{title} is read and not written")]
    NotWritten {
        /// The format's name for people.
        title: &'static str,
    },
    /// A file that is to be filled is damaged, so that what is made of it would be.
    #[error("`{name}` can't be used, since it is not well-formed: {location}: {message}")]
    IllFormed {
        /// The input.
        name: String,
        /// Where.
        location: Location,
        /// What is wrong.
        message: String,
    },
    /// A file that should be a container of parts (DOCX, XLSX) is none, or a damaged or encrypted one, or lacks a part.
    #[error("`{name}` can't be read as a zip file of parts: {message}")]
    Container {
        /// The input.
        name: String,
        /// What is wrong.
        message: String,
    },
    /// No sheet has a column of that name.
    #[error(
        "`{name}` has no column `{column}`; name columns by their letters, or by what the first row of a sheet says"
    )]
    NoColumn {
        /// The input.
        name: String,
        /// The column as named.
        column: String,
    },
    /// A part of a container can't be read.
    #[error("the part `{part}` of `{name}` can't be read: {message}")]
    Part {
        /// The input.
        name: String,
        /// The part's name in it.
        part: String,
        /// What is wrong.
        message: String,
    },
    /// A text or a part that must be held whole is longer than a documented limit.
    #[error("{what} of `{name}` is longer than {limit} bytes")]
    TooLong {
        /// The input.
        name: String,
        /// What is too long, such as `the text`.
        what: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
    /// No columns were named, and the script of the first two doesn't tell which is Arabic and which English.
    #[error("can't tell which column of `{name}` is Arabic and which is English; name the columns")]
    UnclearLanguages {
        /// The input.
        name: String,
    },
    /// The names of columns can't be used.
    #[error(transparent)]
    Columns(#[from] ColumnsError),
    /// The two files of a Moses pair don't go together line by line.
    #[error(
        "`{ar_name}` has {ar_lines} lines, but `{en_name}` has {en_lines}; they are no pair line by line"
    )]
    UnequalSides {
        /// The Arabic file.
        ar_name: String,
        /// Its lines.
        ar_lines: u64,
        /// The English file.
        en_name: String,
        /// Its lines.
        en_lines: u64,
    },
    /// A file can't be made.
    #[error("can't write `{}`", path.display())]
    Create {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Writing stopped half-way: no space is left, or the reader of a pipe is gone.
    #[error("can't write `{name}`")]
    Write {
        /// The output.
        name: String,
        /// What the system says.
        source: io::Error,
    },
}
