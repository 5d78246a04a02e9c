//! XLIFF and what is made of it: files with a source and room for its translation, read for units and filled.
//!
//! | | reads and fills | writes |
//! | --- | --- | --- |
//! | XLIFF | 1.0–1.2, 2.0–2.2 | 2.1 |
//! | SDLXLIFF, MQXLIFF, MXLIFF | XLIFF 1.2 of Trados Studio, memoQ and Phrase | |
//! | TTX, TXML | Trados TagEditor, Wordfast Pro | |
//!
//! bytes ──`parse`──▶ where units and segments stand ──`segment`──▶ texts, codes, states ──▶ [`Slot`]s of a file to be
//! filled ([`open`]), or [`Record`](super::Record)s of units ([`read`]).
//!
//! # Conformance
//! - **Segments.** A `mrk mtype="seg"` of `seg-source`, with the `mrk` of the same `mid` in the target; a whole
//!   `trans-unit` where there are none. A `segment` of XLIFF 2 (an `ignorable` is none), a `Tu`, a `segment` of TXML.
//! - **Inline codes** are elements as they are written (`inline`). `mrk` are codes too; comments and processing
//!   instructions inside a segment are left out of a translation.
//! - **States** are those of `segment`. What was filled is `translated` where the filling is confirmed, else
//!   `needs-review-translation` (1.2), `initial` (2), `Draft` (SDLXLIFF), `Pretranslated` (MQXLIFF), `confirmed="0"`
//!   (MXLIFF), a `MatchPercent` or `score` below 100 (TTX, TXML). `approved="yes"` does not outlive what was approved.
//! - **Proposals** are `alt-trans` with `match-quality` and `origin` (1.2) and `mtc:match` with `similarity`,
//!   `matchQuality`, `type` and `origin` (2); SDLXLIFF, TTX and TXML keep the percentage alone. Their sources are written
//!   without codes, which are a memory's and not the file's.
//! - **Languages** are the file's. Where a file has no target language, the one that it is filled in is written into it.
//! - **XML.** As for TMX: no entity is expanded but XML's own and HTML's, nothing is fetched. A file to be filled has to
//!   be well-formed but for stray characters, since what is made of it has to be; a segment that can't be read is
//!   locked, with a remark. A file that is read for units may be damaged: each damaged unit is rejected. Namespaces are told
//!   by prefix and by element; a prefix that isn't declared does not matter.
//! - **Limits.** [`TEXT_LIMIT`](super::TEXT_LIMIT) bytes a file, which is held whole; [`UNIT_LIMIT`] a unit. A damaged file is
//!   read up to its thousandth mistake of syntax, which gets a remark.
//!
//! Invariants: without fillings a file is given back byte for byte. With them, the change is in targets, their states
//! and proposals alone, tags are balanced, and the sources are as they were. Cost: linear; memory for the file and a few
//! hundred bytes a segment.

mod fill;
mod inline;
mod model;
mod parse;
mod segment;
mod units;
mod write;

pub(super) use inline::part_widows;
use model::Parsed;
pub use units::read;
pub use write::XliffWriter;

use super::encoded::{EncodedText, LineCounter, declared_charset};
use super::error::FormatError;
use super::fill::{FillableFile, OpenOptions, Slot, SlotState};
use super::xml::{Mistake, local, root_name};
use crate::diagnostic::Diagnostic;
use fill::XliffFile;

/// The most bytes of a unit, in UTF-8.
pub const UNIT_LIMIT: usize = 16 * 1024 * 1024;

/// Whether the first bytes of a text show the root element of one of these vocabularies.
pub(super) fn is_root_in(head: &[u8]) -> bool {
    root_name(head).is_some_and(|name| matches!(local(&name), "xliff" | "TRADOStag" | "txml"))
}

/// Reads a file to be filled.
///
/// # Errors
/// [`FormatError::NotXliff`], [`FormatError::IllFormed`] with the place, [`FormatError::NotText`] and
/// [`FormatError::UnsupportedEncoding`].
pub fn open(
    bytes: Vec<u8>,
    name: &str,
    _options: &OpenOptions,
    report: &mut dyn FnMut(Diagnostic),
) -> Result<Box<dyn FillableFile>, FormatError> {
    let file = EncodedText::open(&bytes, name, declared_charset)?;
    drop(bytes);
    let parsed = parse::parse(file.text()).map_err(|found| FormatError::NotXliff {
        name: name.to_owned(),
        found,
    })?;
    if let Some(Mistake { offset, message }) = parsed.damage.first() {
        return Err(FormatError::IllFormed {
            name: name.to_owned(),
            location: file.location(*offset),
            message: message.clone(),
        });
    }
    let slots = slots(&parsed, file.text(), report);
    Ok(Box::new(XliffFile::new(file, parsed, slots)))
}

fn slots(parsed: &Parsed, text: &str, report: &mut dyn FnMut(Diagnostic)) -> Vec<Slot> {
    let mut slots = Vec::with_capacity(parsed.segments.len());
    let mut lines = LineCounter::new(text);
    for (paragraph, unit) in parsed.units.iter().enumerate() {
        let location = lines.location(unit.range.start);
        if let Some(fault) = &unit.fault {
            report(Diagnostic::warning(
                location,
                format!("{}; left alone", fault.message),
            ));
        }
        let misplaced = unit.uncut_target;
        if misplaced {
            let message = "the source has segments and the target has none; left alone";
            report(Diagnostic::warning(location, message));
        }
        for (segment, read) in parsed.read(text, unit) {
            let location = lines.location(segment.source.content.start.max(unit.range.start));
            let slot = Slot {
                key: Parsed::key(unit),
                paragraph,
                line: location.line,
                ..Slot::default()
            };
            slots.push(match read {
                Ok(read) if unit.fault.is_none() && !misplaced => {
                    for mend in &read.source.mends {
                        report(Diagnostic::warning(location, mend.to_string()));
                    }
                    Slot {
                        source: read.source.coded,
                        target: read.target.map(|target| target.coded),
                        state: read.state,
                        ..slot
                    }
                }
                Ok(read) => Slot {
                    source: read.source.coded,
                    state: SlotState::Locked,
                    ..slot
                },
                Err(Mistake { message, .. }) => {
                    report(Diagnostic::warning(
                        location,
                        format!("{message}; left alone"),
                    ));
                    Slot {
                        state: SlotState::Locked,
                        ..slot
                    }
                }
            });
        }
    }
    slots
}
