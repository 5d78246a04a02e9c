//! TMX, Translation Memory eXchange: read from 1.1 to 1.4b, written as 1.4b.
//!
//! # Conformance
//! - **Level.** Level 2 of TMX 1.4b. Inline codes (`bpt`, `ept`, `it`, `ph`, `ut`) stand beside the text, as the element
//!   that they are, content and `sub` included; the tags of `hi` are codes and its content is text, as of an element that TMX doesn't
//!   have there (`x` and `g` of XLIFF, which some tools write). What is inside a code is not text: it doesn't count in matching, where only a code's presence does, when a file is filled. `x` says which
//!   codes of source and target belong together, else `i`, else that they look alike. Written, they are what they were.
//!   A code of another format is written as a `bpt`, `ept` or `ph` of `type="x-dhakira"`, which is read as that code again.
//! - **Languages** are told by `xml:lang`, else `lang`, of a `tuv`: its primary subtag, in any case. Which is the source
//!   doesn't matter; `srclang`, of the unit or else of the header, only says whose dates and author come first (English is the source where it is none of the two). A
//!   unit without both languages is rejected. Segments in other languages are left out, with a remark for the first of
//!   each. A tag that says more than the language (`ar-EG`) is carried (`x-lang-ar`) and written again.
//! - **Variants.** Each Arabic variant of a unit makes a pair with each English one, at most [`PAIR_LIMIT`] of them.
//! - **History.** `creationid` (else `changeid`), `creationdate` and `changedate`: of the target's `tuv`, else the
//!   unit's, else the source's; what the others say otherwise is carried and written where it was (`levels`). `changeid`
//!   and the other attributes of a `tu` (of its `tuv`, where the unit hasn't them) are carried as properties of these names
//!   and written as attributes again. A header's `datatype` and `segtype` are its units'. Its other
//!   attributes, notes and properties are the file's (which tool wrote it, whose project it was, how that tool counts words) and would be
//!   wrong of a memory that is made of several files: they are left out, notes and properties with a remark.
//! - **Notes and properties** of the unit and then of the source's and target's variants are kept verbatim and written
//!   on the unit; one of a variant that is there already is not repeated. Their own attributes but for `type` are dropped. Ours are `x-document`, `x-position`,
//!   `x-state` (left out for `translated`) and `x-confidence`. A value of ours or a date that can't be understood stays a
//!   property, with a remark. Where ours are not there, `file`, `Txt::FileName` and `document` name the document and
//!   `x-ConfirmationLevel` tells the state; they stay properties too.
//! - **XML.** UTF-8, UTF-16, declared encodings. Predefined entities and character references; others are never
//!   expanded, whatever a document type declares, and nothing is ever fetched. White space in segments is kept, but
//!   for their ends and for XML's own levelling of line ends; that between the text and a code at its end is carried
//!   (`x-edges-ar`) and written again.
//! - **Broken files.** The file is first cut into units, each of which is parsed for itself. A unit that is not well-formed
//!   (an entity that nobody knows, a missing end tag, bytes that are no text) or longer than [`UNIT_LIMIT`], and text
//!   between units, is rejected with its place and its own text; the others come through. Mended, with a remark: a
//!   control character is left out, a bare `&` stands for itself, an entity of HTML is taken as HTML has it. A file that ends
//!   without `</tmx>` gets a remark, and the unit that it ends in is rejected.

mod edges;
mod levels;
mod parse;
mod segment;
mod write;

use std::collections::HashSet;
use std::ops::ControlFlow;

use parse::{Header, History, Property, Unit, Variant};
pub use write::TmxWriter;

use super::columns::{parse_confidence, parse_position, parse_state};
use super::error::FormatError;
use super::input::Input;
use super::scan::{self, HeaderTag, Scanner, UnitText};
use super::{Record, Sink};
use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::lang::{Lang, Sides};
use crate::unit::{DraftUnit, Origin, UnitState, UnixSeconds};

/// The most bytes of a unit, in UTF-8.
pub const UNIT_LIMIT: usize = scan::UNIT_LIMIT;

/// The most pairs of variants of one unit.
pub const PAIR_LIMIT: usize = 1000;

/// How many notes and properties of a header a remark names.
const HEADER_SHOWN: usize = 8;

/// Where a file is cut.
pub(super) const VOCABULARY: scan::Vocabulary = scan::Vocabulary {
    roots: &["tmx"],
    units: &["tu"],
    frames: &["body"],
    header: "header",
    parts: &[],
    nouns: ("unit", "units"),
    refusal: |name, _, found| FormatError::NotTmx { name, found },
};

/// Properties of ours.
mod names {
    pub(super) const DOCUMENT: &str = "x-document";
    pub(super) const POSITION: &str = "x-position";
    pub(super) const STATE: &str = "x-state";
    pub(super) const CONFIDENCE: &str = "x-confidence";

    /// Attributes of a `tu` that are carried as properties.
    pub(super) const CARRIED: [&str; 11] = [
        "tuid",
        "usagecount",
        "lastusagedate",
        "changeid",
        "datatype",
        "segtype",
        "o-tmf",
        "o-encoding",
        "creationtool",
        "creationtoolversion",
        "srclang",
    ];

    /// Attributes of a header that its units have from it, with the value that a header of ours has.
    pub(super) const INHERITED: [(&str, &str); 2] =
        [("datatype", "plaintext"), ("segtype", "sentence")];

    /// The property that keeps the tag of a language.
    pub(super) fn tag_of(lang: crate::lang::Lang) -> &'static str {
        match lang {
            crate::lang::Lang::Arabic => "x-lang-ar",
            crate::lang::Lang::English => "x-lang-en",
        }
    }

    /// The property that keeps the white space at the ends of a segment.
    pub(super) fn edges_of(lang: crate::lang::Lang) -> &'static str {
        match lang {
            crate::lang::Lang::Arabic => "x-edges-ar",
            crate::lang::Lang::English => "x-edges-en",
        }
    }

    /// Elements in which a header says something of the file.
    pub(super) const OF_HEADER: [&str; 3] = ["note", "prop", "ude"];

    /// Properties of other tools that name the document; the first that is there does.
    pub(super) const DOCUMENTS: [&str; 3] = ["file", "Txt::FileName", "document"];

    /// Trados's property for how far a translation has come.
    pub(super) const CONFIRMATION: &str = "x-ConfirmationLevel";
}

/// Reads units into `sink`. Returns how many `tu` the file has, whole or not.
///
/// # Errors
/// The root element isn't `tmx`, or the input can't be read.
pub fn read(input: Input, sink: &mut Sink<'_>) -> Result<u64, FormatError> {
    let mut scanner = Scanner::new(input, &VOCABULARY);
    let header = scanner.prolog()?;
    if let Some(remark) = remark_header(&header)
        && sink(Record::Remark(remark)).is_break()
    {
        return Ok(0);
    }
    let mut reader = Reader {
        header: header
            .first()
            .map(|tag| parse::header(&tag.text))
            .unwrap_or_default(),
        left_out: HashSet::new(),
    };
    scanner.for_each_unit(sink, |unit, sink| reader.unit(unit, sink))
}

/// What to say of the notes and properties that a header holds.
fn remark_header(tags: &[HeaderTag]) -> Option<Diagnostic> {
    let left_out = |tag: &&HeaderTag| names::OF_HEADER.contains(&tag.name());
    let left_out: Vec<_> = tags.iter().filter(left_out).collect();
    let mut shown: Vec<_> = left_out
        .iter()
        .take(HEADER_SHOWN)
        .map(|tag| format!("`{}`", tag.line()))
        .collect();
    if left_out.len() > HEADER_SHOWN {
        shown.push("and more".to_owned());
    }
    let message = format!(
        "what the header says of the file is left out: {}",
        shown.join(", ")
    );
    Some(Diagnostic::warning(left_out.first()?.location, message))
}

struct Reader {
    header: Header,
    /// Other languages that there was a remark about.
    left_out: HashSet<String>,
}

impl Reader {
    fn unit(&mut self, source: UnitText<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let location = source.location;
        let unit = match parse::unit(source.text) {
            Ok(unit) => unit,
            Err(mistake) => return sink(source.mistaken(mistake)),
        };
        for mend in &unit.mends {
            sink(Record::Remark(Diagnostic::warning(
                location,
                mend.to_string(),
            )))?;
        }
        for name in &unit.ignored {
            let message = format!("the element `<{name}>` is left out");
            sink(Record::Remark(Diagnostic::warning(location, message)))?;
        }
        let of = |lang| unit.variants.iter().filter(move |v| v.lang() == Some(lang));
        let count = of(Lang::Arabic)
            .count()
            .saturating_mul(of(Lang::English).count());
        if count == 0 {
            return sink(source.rejected(no_pair(&unit)));
        }
        if count > PAIR_LIMIT {
            let message = format!("{count} pairs of variants, more than {PAIR_LIMIT}");
            return sink(source.rejected(message));
        }
        self.remark_left_out(&unit, location, sink)?;
        for ar in of(Lang::Arabic) {
            for en in of(Lang::English) {
                self.pair(&unit, Sides { ar, en }, source, sink)?;
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
        written: UnitText<'_>,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let source = unit.source.or(self.header.source).unwrap_or(Lang::English);
        let sides = [pair.get(source), pair.get(source.other())];
        let (mut origin, doubts) = origin(unit, sides[0], sides[1]);
        self.carry(unit, pair, &mut origin);
        levels::keep(unit, pair, source, &mut origin);
        for doubt in doubts {
            sink(Record::Remark(Diagnostic {
                severity: Severity::Warning,
                location: Some(written.location),
                message: doubt,
            }))?;
        }
        let missing = Lang::BOTH
            .into_iter()
            .find(|l| pair.get(*l).segment.is_none());
        if let Some(lang) = missing {
            let message = format!("the variant in `{lang}` has no `<seg>`");
            return sink(written.rejected(message));
        }
        let (Some(ar), Some(en)) = (&pair.ar.segment, &pair.en.segment) else {
            return ControlFlow::Continue(());
        };
        for (lang, segment) in [(Lang::Arabic, ar), (Lang::English, en)] {
            let edges = edges::of(segment).map(|edges| (names::edges_of(lang).to_owned(), edges));
            origin.properties.extend(edges);
        }
        sink(match DraftUnit::coded(ar, en, origin) {
            Ok(draft) => Record::Unit(draft),
            Err(blank) => written.rejected(blank.to_string()),
        })
    }
}

impl Reader {
    /// Adds attributes as properties: those of the unit, else of the target, the source and the header, and the
    /// languages' tags where they say more than the language.
    fn carry(&self, unit: &Unit, pair: Sides<&Variant>, origin: &mut Origin) {
        let properties = &mut origin.properties;
        let of_variants = [pair.en, pair.ar]
            .into_iter()
            .flat_map(|variant| &variant.carried);
        for (name, value) in of_variants.chain(&self.header.inherited) {
            if !unit
                .carried
                .iter()
                .chain(&*properties)
                .any(|(known, _)| known == name)
            {
                properties.push((name.clone(), value.clone()));
            }
        }
        for lang in Lang::BOTH {
            let tag = pair.get(lang).tag();
            if tag != lang.code() {
                properties.push((names::tag_of(lang).to_owned(), tag.to_owned()));
            }
        }
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
    if let Some(changer) = &changer {
        let changer = ("changeid".to_owned(), changer.clone());
        origin.properties.push(changer);
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
    take_foreign(&mut origin);
    (origin, doubts)
}

/// Reads the document and the state from properties of other tools, where ours say nothing. They stay properties, so that
/// these tools find them again.
fn take_foreign(origin: &mut Origin) {
    let value = |name: &str| {
        let found = origin
            .properties
            .iter()
            .find(|(property, _)| property == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.trim().is_empty())
    };
    let state = match value(names::CONFIRMATION) {
        Some("Draft" | "RejectedTranslation" | "RejectedSignOff" | "Unspecified") => {
            Some(UnitState::Initial)
        }
        Some("ApprovedTranslation") => Some(UnitState::Reviewed),
        Some("ApprovedSignOff") => Some(UnitState::Final),
        _ => None,
    };
    let document = names::DOCUMENTS
        .iter()
        .find_map(|name| value(name))
        .map(str::to_owned);
    origin.document = origin.document.take().or(document);
    if let Some(state) = state.filter(|_| origin.state == UnitState::default()) {
        origin.state = state;
    }
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
