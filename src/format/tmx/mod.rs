//! TMX, Translation Memory eXchange: read from 1.1 to 1.4b, written as 1.4b.
//!
//! # Conformance
//! - **Level.** Level 1 of TMX 1.4b: segments are plain text. The content of inline codes (`bpt`, `ept`, `it`, `ph`, `ut`)
//!   and of `hi` and `sub` is kept as text where it stands, so that `<ph>{1}</ph>` is `{1}` and a native `&lt;b&gt;` is
//!   `<b>`, which match as placeables; the elements themselves and codes without content are dropped. Written, such text
//!   is text.
//! - **Languages** are told by `xml:lang`, else `lang`, of a `tuv`: its primary subtag, in any case. Which is the source
//!   doesn't matter; `srclang`, of the unit or else of the header, only says whose dates and author come first (English is the source where it is none of the two). A
//!   unit without both languages is rejected. Segments in other languages are left out, with a remark for the first of
//!   each.
//! - **Variants.** Each Arabic variant of a unit makes a pair with each English one, at most [`PAIR_LIMIT`] of them.
//! - **History.** `creationid` (else `changeid`), `creationdate` and `changedate`: of the target's `tuv`, else the
//!   unit's, else the source's. `tuid`, `usagecount`, `lastusagedate` and a second name in `changeid` are carried as
//!   properties of these names and written as attributes again. Other attributes and the header's notes and
//!   properties are dropped.
//! - **Notes and properties** of the unit and then of the source's and target's variants are kept verbatim and written
//!   on the unit; one of a variant that is there already is not repeated. Ours are `x-document`, `x-position`,
//!   `x-state` (left out for `translated`) and `x-confidence`. A value of ours or a date that can't be understood stays a
//!   property, with a remark.
//! - **XML.** UTF-8, UTF-16, declared encodings. Predefined entities and character references; others are never
//!   expanded, whatever a document type declares, and nothing is ever fetched. White space in segments is kept, but
//!   for their ends and for XML's own levelling of line ends.
//! - **Broken files.** The file is first cut into units, each of which is parsed for itself. A unit that is not well-formed
//!   (an entity that isn't declared, a bare `&`, a missing end tag, a control character, bytes that are no text) or
//!   longer than [`UNIT_LIMIT`], and text between units, is rejected with its place and its own text; the others come
//!   through. A file that ends without `</tmx>` gets a remark, and the unit that it ends in is rejected.

mod parse;
mod scan;
mod write;

use std::collections::HashSet;
use std::ops::ControlFlow;

use parse::{History, Property, Unit, Variant};
use scan::{Piece, Scanner, UnitEnd};
pub use write::TmxWriter;

use super::columns::{parse_confidence, parse_position, parse_state};
use super::error::FormatError;
use super::input::{Input, location_in};
use super::{Record, Sink, excerpt};
use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::lang::{Lang, Sides};
use crate::unit::{DraftUnit, Origin, UnixSeconds};

/// The most bytes of a unit, in UTF-8.
pub const UNIT_LIMIT: usize = 16 * 1024 * 1024;

/// The most pairs of variants of one unit.
pub const PAIR_LIMIT: usize = 1000;

/// Properties of ours.
mod names {
    pub(super) const DOCUMENT: &str = "x-document";
    pub(super) const POSITION: &str = "x-position";
    pub(super) const STATE: &str = "x-state";
    pub(super) const CONFIDENCE: &str = "x-confidence";

    /// Attributes of a `tu` that are carried as properties.
    pub(super) const CARRIED: [&str; 4] = ["tuid", "usagecount", "lastusagedate", "changeid"];
}

/// Reads units into `sink`. Returns how many `tu` the file has, whole or not.
///
/// # Errors
/// The root element isn't `tmx`, or the input can't be read.
pub fn read(input: Input, sink: &mut Sink<'_>) -> Result<u64, FormatError> {
    let mut scanner = Scanner::new(input);
    let header = scanner.prolog()?;
    let mut reader = Reader {
        source: header.as_deref().and_then(parse::source_of_header),
        left_out: HashSet::new(),
    };
    let mut units = 0;
    loop {
        let (piece, len) = scanner.next()?;
        units += u64::from(matches!(piece, Piece::Unit(_)));
        let location = scanner.location();
        let bytes = scanner.bytes(len);
        let flow = match piece {
            Piece::End { closed: true } => return Ok(units),
            Piece::End { closed: false } => {
                let message = "the file ends without `</tmx>`; units may be missing";
                let _ = sink(Record::Remark(Diagnostic::warning(location, message)));
                return Ok(units);
            }
            Piece::Stray => sink(rejected(location, "text outside of any unit", bytes)),
            Piece::Unit(UnitEnd::Closed) => reader.unit(bytes, location, scanner.encoding(), sink),
            Piece::Unit(UnitEnd::Cut) => sink(rejected(location, "the unit is not closed", bytes)),
            Piece::Unit(UnitEnd::File) => {
                sink(rejected(location, "the file ends inside this unit", bytes))
            }
            Piece::Unit(UnitEnd::TooLong) => {
                let message = format!("the unit is longer than {UNIT_LIMIT} bytes");
                sink(rejected(location, message, bytes))
            }
        };
        if flow.is_break() {
            return Ok(units);
        }
        scanner.advance(len);
        if piece == Piece::Unit(UnitEnd::TooLong) {
            scanner.pass_unit()?;
        }
    }
}

fn rejected(location: Location, message: impl Into<String>, bytes: &[u8]) -> Record {
    Record::Rejected {
        diagnostic: Diagnostic::error(location, message),
        raw: excerpt(bytes),
    }
}

struct Reader {
    /// The source language as the header has it.
    source: Option<Lang>,
    /// Other languages that there was a remark about.
    left_out: HashSet<String>,
}

impl Reader {
    fn unit(
        &mut self,
        bytes: &[u8],
        location: Location,
        encoding: &str,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(e) => {
                // The invariant of `valid_up_to`: the bytes before it are UTF-8.
                let before = std::str::from_utf8(&bytes[..e.valid_up_to()]).unwrap_or_default();
                let place = location_in(before, location);
                let message = format!("bytes that are no {encoding} text");
                return sink(rejected(place, message, bytes));
            }
        };
        let unit = match parse::unit(text) {
            Ok(unit) => unit,
            Err(mistake) => {
                let before = &text[..text.floor_char_boundary(mistake.offset)];
                let place = location_in(before, location);
                return sink(rejected(place, mistake.message, bytes));
            }
        };
        for name in &unit.ignored {
            let message = format!("the element `<{name}>` is left out");
            sink(Record::Remark(Diagnostic::warning(location, message)))?;
        }
        let of = |lang| unit.variants.iter().filter(move |v| v.lang() == Some(lang));
        let count = of(Lang::Arabic)
            .count()
            .saturating_mul(of(Lang::English).count());
        if count == 0 {
            return sink(rejected(location, no_pair(&unit), bytes));
        }
        if count > PAIR_LIMIT {
            let message = format!("{count} pairs of variants, more than {PAIR_LIMIT}");
            return sink(rejected(location, message, bytes));
        }
        self.remark_left_out(&unit, location, sink)?;
        for ar in of(Lang::Arabic) {
            for en in of(Lang::English) {
                self.pair(&unit, Sides { ar, en }, location, bytes, sink)?;
            }
        }
        ControlFlow::Continue(())
    }

    fn remark_left_out(
        &mut self,
        unit: &Unit,
        location: Location,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        for variant in unit.variants.iter().filter(|v| v.lang().is_none()) {
            if !self.left_out.contains(variant.tag()) {
                self.left_out.insert(variant.tag().to_owned());
                let message = format!("segments in `{}` are left out", variant.tag());
                sink(Record::Remark(Diagnostic::warning(location, message)))?;
            }
        }
        ControlFlow::Continue(())
    }

    fn pair(
        &self,
        unit: &Unit,
        pair: Sides<&Variant>,
        location: Location,
        bytes: &[u8],
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let source = unit.source.or(self.source).unwrap_or(Lang::English);
        let (origin, doubts) = origin(unit, pair.get(source), pair.get(source.other()));
        for doubt in doubts {
            sink(Record::Remark(Diagnostic {
                severity: Severity::Warning,
                location: Some(location),
                message: doubt,
            }))?;
        }
        let missing = Lang::BOTH.into_iter().find(|l| pair.get(*l).text.is_none());
        if let Some(lang) = missing {
            let message = format!("the variant in `{lang}` has no `<seg>`");
            return sink(rejected(location, message, bytes));
        }
        let text = pair.map(|variant| variant.text.as_deref().unwrap_or_default());
        sink(match DraftUnit::new(text.ar, text.en, origin) {
            Ok(draft) => Record::Unit(draft),
            Err(blank) => rejected(location, blank.to_string(), bytes),
        })
    }
}

fn no_pair(unit: &Unit) -> String {
    let mut message = "no Arabic and English segment".to_owned();
    let tags: Vec<_> = unit
        .variants
        .iter()
        .map(|v| format!("`{}`", v.tag()))
        .collect();
    match &tags[..] {
        [] => {}
        few if few.len() <= 8 => message.push_str(&format!(", only {}", few.join(", "))),
        many => message.push_str(&format!(", but {} in other languages", many.len())),
    }
    message
}

/// The origin of a pair, and what could not be understood of it.
fn origin(unit: &Unit, source: &Variant, target: &Variant) -> (Origin, Vec<String>) {
    let mut origin = Origin::default();
    let mut doubts = Vec::new();
    let levels = [&target.history, &unit.history, &source.history];
    let first = |value: fn(&History) -> &Option<String>| {
        levels.iter().find_map(|history| value(history).clone())
    };
    let (creator, changer) = (first(|h| &h.creation_id), first(|h| &h.change_id));
    origin.properties.extend(unit.carried.iter().cloned());
    if let Some(changer) = changer
        .as_ref()
        .filter(|c| creator.as_ref().is_some_and(|a| a != *c))
    {
        origin
            .properties
            .push(("changeid".to_owned(), changer.clone()));
    }
    origin.author = creator.or(changer);
    let mut date = |name: &str, value: Option<String>| {
        let value = value?;
        let parsed = UnixSeconds::parse(&value);
        if parsed.is_none() {
            doubts.push(format!(
                "`{value}` in `{name}` is no date; kept as a property"
            ));
            origin.properties.push((name.to_owned(), value));
        }
        parsed
    };
    origin.created = date("creationdate", first(|h| &h.creation_date));
    origin.changed = date("changedate", first(|h| &h.change_date));
    origin.notes.extend(unit.notes.iter().cloned());
    for property in &unit.properties {
        take_property(property, &mut origin, &mut doubts);
    }
    for variant in [source, target] {
        for note in &variant.notes {
            if !origin.notes.contains(note) {
                origin.notes.push(note.clone());
            }
        }
        for property in &variant.properties {
            if !origin.properties.contains(property) {
                take_property(property, &mut origin, &mut doubts);
            }
        }
    }
    (origin, doubts)
}

/// Puts a property where it belongs: into a field where it is ours, else among the properties.
fn take_property(property: &Property, origin: &mut Origin, doubts: &mut Vec<String>) {
    let (name, value) = property;
    let taken = match name.as_str() {
        names::DOCUMENT if origin.document.is_none() && !value.trim().is_empty() => {
            origin.document = Some(value.clone());
            Ok(true)
        }
        names::POSITION if origin.position.is_none() => parse_position(value)
            .map(|p| origin.position = Some(p))
            .map(|()| true),
        names::CONFIDENCE if origin.confidence.is_none() => parse_confidence(value)
            .map(|c| origin.confidence = Some(c))
            .map(|()| true),
        names::STATE => parse_state(value).map(|s| origin.state = s).map(|()| true),
        _ => Ok(false),
    };
    match taken {
        Ok(true) => return,
        Ok(false) => {}
        Err(message) => doubts.push(format!("{message}; kept as a property")),
    }
    origin.properties.push(property.clone());
}
