//! TBX, TermBase eXchange (ISO 30042): read from version 2 (2008) and 3 (2019), written as version 3.
//!
//! # Conformance
//! - **Dialects.** `martif` (TBX, TBX-Basic), `tbx` in either style (`dca`, where categories are `type` attributes, and
//!   `dct`, where they are elements: Core, Min, Basic, and others as far as below), `TBX dialect="TBX-Min"` of 2013. A file
//!   may mix them: elements are told by their names, whatever the root says.
//! - **Entries.** Each `termEntry`, `conceptEntry` or `entry` is one [`TermEntry`], with all its languages, whether they are ours or
//!   not. Its sections are `langSet`, `langSec`, `langGroup`; its terms `tig`, `ntig` with `termGrp`, `termSec`, `termGroup`.
//!   Rejected: an entry without a term, a section without a language, and what isn't well-formed.
//! - **Facts.** `descrip`, `admin`, `termNote`, `transac`, `note`, `ref`, `xref` and their groups are kept with category,
//!   value, attributes and what is said of them ([`crate::term::Fact`]), in their order but for term notes, which come first. Elements of
//!   the styles `dct` and TBX-Min are kept as what they are in `dca`; one that neither knows is a `termNote` of a term, else a
//!   `descrip`, of its name, with a remark. What stands where version 3 doesn't have it is moved to where it does.
//! - **Text** is levelled as XML's own examples are to be read: runs of white space are one space. Of markup inside
//!   (`hi`, `foreign`, `ph`) the text is kept, with a remark.
//! - **Left out**, each with a remark: what stands before and behind the entries (`front`, `back`); without one, what a
//!   header says and the identifiers of sections and groups.
//! - **Written** is `style="dca"`, valid against the core structure of version 3; it is `TBX-Basic` where all categories and
//!   values are of that dialect, else the private dialect `TBX-dhakira`, which has the same structure and any category. An
//!   identifier that XML can't have, or that two entries have, is written in another form that is read back as it was. A
//!   reference to what is not in the file loses its target, and the entry counts as altered.
//! - **XML and broken files** as for [TMX](super::tmx): nothing is expanded or fetched, each entry is parsed for itself, what
//!   is plain is mended with a remark.

mod category;
mod parse;
mod write;

use std::ops::ControlFlow;

pub use write::{TbxSurvey, TbxWriter};

use super::Record;
use super::error::FormatError;
use super::input::Input;
use super::scan::{self, Scanner, UnitText};
use super::terms::TermSink;
use super::xml::root_name;
use crate::diagnostic::Diagnostic;
use crate::term::TermEntry;

/// The most bytes of an entry, in UTF-8.
pub const ENTRY_LIMIT: usize = scan::UNIT_LIMIT;

const VOCABULARY: scan::Vocabulary = scan::Vocabulary {
    roots: &["martif", "tbx", "TBX"],
    units: &["termEntry", "conceptEntry", "entry"],
    frames: &["text", "body"],
    header: "tbxHeader",
    parts: &["front", "back"],
    nouns: ("entry", "entries"),
    refusal: |name, location, found| FormatError::NotTbx {
        name,
        location,
        found,
    },
};

/// Whether the first bytes of a text show the root element of TBX.
pub(super) fn is_root_in(head: &[u8]) -> bool {
    root_name(head).is_some_and(|name| VOCABULARY.roots.contains(&&*name))
}

/// Reads entries into `sink`. Returns how many the file has, whole or not.
///
/// # Errors
/// The root element isn't that of TBX, or the input can't be read.
pub fn read(input: Input, sink: &mut TermSink<'_>) -> Result<u64, FormatError> {
    let mut scanner = Scanner::new(input, &VOCABULARY);
    scanner.prolog()?;
    scanner.for_each_unit(sink, entry)
}

fn entry(source: UnitText<'_>, sink: &mut TermSink<'_>) -> ControlFlow<()> {
    let (entry, remarks) = match parse::entry(source.text) {
        Ok(parsed) => parsed,
        Err(mistake) => return sink(source.mistaken(mistake)),
    };
    for remark in remarks {
        let remark = Diagnostic::warning(source.location, remark);
        sink(Record::Remark(remark))?;
    }
    sink(Record::Unit(entry))
}

/// Identifiers that we make for entries that have none that XML can have.
mod identifier {
    const MADE: &str = "x-dhakira.";

    /// One for an entry, told from others by `serial`, that is read as `id` again.
    pub(super) fn made(serial: u64, id: Option<&str>) -> String {
        let mut made = format!("{MADE}{serial}");
        if let Some(id) = id {
            made.push('.');
            for c in id.chars() {
                match c {
                    c if c.is_ascii_alphanumeric() => made.push(c),
                    c => made.push_str(&format!("_{:X}_", u32::from(c))),
                }
            }
        }
        made
    }

    /// What an identifier stands for.
    pub(super) fn meant(id: &str) -> Option<String> {
        let Some(made) = id.strip_prefix(MADE) else {
            return Some(id.to_owned());
        };
        let (_, encoded) = made.split_once('.')?;
        let mut meant = String::new();
        for (i, piece) in encoded.split('_').enumerate() {
            match i % 2 {
                0 => meant.push_str(piece),
                _ => meant.extend(u32::from_str_radix(piece, 16).ok().and_then(char::from_u32)),
            }
        }
        Some(meant)
    }

    /// Whether it may stand as an identifier in XML as it is.
    pub(super) fn is_plain(id: &str) -> bool {
        let is_first = |c: char| c.is_ascii_alphabetic() || c == '_';
        let is_other = |c: char| is_first(c) || c.is_ascii_digit() || matches!(c, '-' | '.');
        id.starts_with(is_first) && id.chars().all(is_other) && !id.starts_with(MADE)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn what_is_made_is_read_as_what_was_meant() {
            for id in [
                None,
                Some("12"),
                Some("a b_c/ع"),
                Some("x-dhakira.7"),
                Some(""),
            ] {
                let made = made(3, id);
                assert!(
                    made.chars()
                        .all(|c| c.is_ascii_alphanumeric() || "-._".contains(c))
                );
                assert_eq!(meant(&made).as_deref(), id, "{made}");
            }
            assert_eq!(meant("c1").as_deref(), Some("c1"));
            assert!(is_plain("_1219131555453") && !is_plain("211.01") && !is_plain("x-dhakira.1"));
        }
    }
}
