//! File formats: bytes in, draft units and diagnostics out, and back.
//!
//! A reader streams [`Record`]s into a sink and holds one unit at a time; a writer takes stored units one by one. A
//! unit that can't be read is a [`Record::Rejected`] with its place and its raw text, never an error: the reader goes
//! on behind it. Errors are for inputs that can't be read at all .
//!
//! | format | reads | writes | languages told by |
//! | --- | --- | --- | --- |
//! | TMX | 1.1–1.4b | 1.4b | `xml:lang` or `lang` |
//! | delimited | TSV, CSV | TSV | columns, else script |
//! | JSON Lines | yes | yes | keys `ar`, `en` |
//! | Moses | `NAME.ar` + `NAME.en` | the same | file names |
//! | [`document`] | plain text, Markdown | the same, spliced | the caller, else script |
//!
//! All inputs may be compressed (`.gz`, `.zst`, told by their first bytes) and be UTF-8, UTF-16 or start with a byte
//! order mark .

pub mod document;

use std::ops::ControlFlow;

use crate::diagnostic::Diagnostic;
use crate::unit::DraftUnit;

/// What a reader makes of one unit of its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A unit, ready to be stored.
    Unit(DraftUnit),
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

/// The most bytes of a rejected unit's own text that are kept.
pub const RAW_LIMIT: usize = 64 * 1024;

/// Takes records as they are read; `Break` stops the reader, which then returns without an error.
pub type Sink<'a> = dyn FnMut(Record) -> ControlFlow<()> + 'a;
