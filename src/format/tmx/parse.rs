//! One `<tu>` element.
//!
//! Elements have to be balanced; characters and references that XML doesn't know are mended where it is plain what they
//! mean ([`Mend`]).

use std::ops::Range;

use quick_xml::events::{BytesStart, Event};
use rustc_hash::FxHashMap;

use super::super::xliff::part_widows;
use super::super::xml::{
    Mend, Mistake, Tokens, for_each_attribute, for_each_mended_attribute, push_text,
};
use super::names;
use super::write::NATIVE;
use crate::coded::{Code, CodeKind, Coded};
use crate::lang::Lang;

/// A name and a value.
pub(super) type Property = (String, String);

/// A `tu`.
#[derive(Debug, Default)]
pub(super) struct Unit {
    /// `srclang`, where it is one of ours.
    pub(super) source: Option<Lang>,
    pub(super) history: History,
    /// Attributes that are carried as properties.
    pub(super) carried: Vec<Property>,
    pub(super) notes: Vec<String>,
    pub(super) properties: Vec<Property>,
    pub(super) variants: Vec<Variant>,
    /// What was mended in it.
    pub(super) mends: Vec<Mend>,
    /// Names of elements that TMX doesn't have there, each once.
    pub(super) ignored: Vec<String>,
}

/// A `tuv`.
#[derive(Debug, Default)]
pub(super) struct Variant {
    tag: Option<String>,
    pub(super) history: History,
    pub(super) notes: Vec<String>,
    pub(super) properties: Vec<Property>,
    /// Attributes that are carried as properties.
    pub(super) carried: Vec<Property>,
    /// Its `seg`.
    pub(super) segment: Option<Coded>,
}

impl Variant {
    pub(super) fn lang(&self) -> Option<Lang> {
        self.tag.as_deref().and_then(Lang::from_tag)
    }

    /// The language's tag as written; `?` where there is none.
    pub(super) fn tag(&self) -> &str {
        self.tag.as_deref().unwrap_or("?")
    }
}

/// Who made or changed something, and when, as written.
#[derive(Debug, Default)]
pub(super) struct History {
    pub(super) creation_id: Option<String>,
    pub(super) creation_date: Option<String>,
    pub(super) change_id: Option<String>,
    pub(super) change_date: Option<String>,
}

impl History {
    /// The attributes that it is read from.
    pub(super) const NAMES: [&str; 4] = ["creationid", "creationdate", "changeid", "changedate"];

    /// The attributes that are there.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let values = [
            &self.creation_id,
            &self.creation_date,
            &self.change_id,
            &self.change_date,
        ];
        let all = Self::NAMES.into_iter().zip(values);
        all.filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }

    fn take(&mut self, name: &str, value: &str) {
        let slot = match name {
            "creationid" => &mut self.creation_id,
            "creationdate" => &mut self.creation_date,
            "changeid" => &mut self.change_id,
            "changedate" => &mut self.change_date,
            _ => return,
        };
        if !value.trim().is_empty() {
            *slot = Some(value.to_owned());
        }
    }
}

/// What a header says of all units.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub(super) source: Option<Lang>,
    /// Attributes that a unit has from it, where it hasn't its own.
    pub(super) inherited: Vec<Property>,
}

/// The start tag of a header.
pub(super) fn header(tag: &str) -> Header {
    let mut header = Header::default();
    if let Ok((Event::Start(tag) | Event::Empty(tag), _)) = Tokens::new(tag, 0).next() {
        // What can't be read of it is no reason to withhold a unit.
        let _ = for_each_attribute(&tag, |name, value| {
            let plain = names::INHERITED
                .iter()
                .find(|(inherited, _)| *inherited == name);
            match plain {
                Some((_, plain)) if *plain != value && !value.trim().is_empty() => {
                    header.inherited.push((name.to_owned(), value.to_owned()));
                }
                _ if name == "srclang" => header.source = Lang::from_tag(value),
                _ => {}
            }
        });
    }
    header
}

/// Parses the text of a `<tu>` element, from its `<` to its `>`.
pub(super) fn unit(text: &str) -> Result<Unit, Mistake> {
    let mut tokens = Tokens::balanced(text, 0);
    let mut parser = Parser::default();
    loop {
        let (event, at) = tokens.next()?;
        let offset = at.start;
        let taken = match &event {
            Event::Start(tag) => parser.start(tag, at, text),
            Event::Empty(tag) => {
                let taken = parser.start(tag, at.clone(), text);
                taken.and_then(|()| parser.end(at.end..at.end, text))
            }
            Event::End(_) => parser.end(at, text),
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => parser.text(&event),
            Event::Eof => return Ok(parser.unit),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => Ok(()),
            Event::DocType(_) => Err("a document type inside a unit".to_owned()),
        };
        taken.map_err(|message| Mistake { offset, message })?;
    }
}

/// An element that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Element {
    Unit,
    Variant,
    Segment,
    /// `hi`, or what TMX doesn't have inside a segment: its tags are codes, its content is text.
    Highlight(u32),
    /// An inline code, whose content is its own.
    Code(OpenCode),
    /// Inside of an inline code.
    Native,
    Note,
    Property(String),
    Ignored,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct OpenCode {
    kind: CodeKind,
    number: u32,
    from: usize,
    /// Whether it stands for a code that TMX has no element for: its content is what stands for it.
    is_wrapper: bool,
}

#[derive(Default)]
struct Parser {
    unit: Unit,
    open: Vec<Element>,
    /// The text of the open note, property or wrapper.
    text: String,
    segment: Coded,
    numbers: Numbers,
}

/// The numbers of a unit's codes; those that are known by the same key have the same.
#[derive(Default)]
struct Numbers {
    by_key: FxHashMap<String, u32>,
    /// Numbers by `i` in the open segment, and whether the `bpt` stands for a code of another format.
    pairs: FxHashMap<String, (u32, bool)>,
    /// How often an element without `x` was there in the open segment.
    seen: FxHashMap<String, u32>,
}

impl Numbers {
    fn of(&mut self, key: String) -> u32 {
        let next = self.by_key.len() as u32 + 1;
        *self.by_key.entry(key).or_insert(next)
    }
}

impl Parser {
    fn start(&mut self, tag: &BytesStart<'_>, at: Range<usize>, text: &str) -> Result<(), String> {
        let name = tag.name();
        let name: &str = name.as_ref();
        let element = match (self.open.last(), name) {
            (None, _) => {
                self.start_unit(tag)?;
                Element::Unit
            }
            (Some(Element::Unit), "tuv") => {
                self.start_variant(tag)?;
                Element::Variant
            }
            (Some(Element::Variant), "seg") => {
                if self.variant().is_some_and(|v| v.segment.is_some()) {
                    return Err("a second `<seg>` in one `<tuv>`".to_owned());
                }
                self.segment = Coded::default();
                self.numbers.pairs.clear();
                self.numbers.seen.clear();
                Element::Segment
            }
            (Some(Element::Unit | Element::Variant), "note") => {
                self.text.clear();
                Element::Note
            }
            (Some(Element::Unit | Element::Variant), "prop") => {
                self.text.clear();
                let mut kind = String::new();
                for_each_mended_attribute(tag, &mut self.unit.mends, |name, value| {
                    if name == "type" {
                        value.clone_into(&mut kind);
                    }
                })?;
                Element::Property(kind)
            }
            (Some(Element::Code(_) | Element::Native), _) => Element::Native,
            (Some(Element::Segment | Element::Highlight(_)), _) => {
                self.start_inline(tag, name, at, text)?
            }
            _ => {
                self.ignore(name);
                Element::Ignored
            }
        };
        self.open.push(element);
        Ok(())
    }

    fn ignore(&mut self, name: &str) {
        if !self.unit.ignored.iter().any(|ignored| ignored == name) {
            self.unit.ignored.push(name.to_owned());
        }
    }

    fn start_unit(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        let Unit {
            history,
            source,
            carried,
            mends,
            ..
        } = &mut self.unit;
        for_each_mended_attribute(tag, mends, |name, value| {
            history.take(name, value);
            if name == "srclang" {
                *source = Lang::from_tag(value);
            }
            if names::CARRIED.contains(&name) && name != "changeid" {
                carried.push((name.to_owned(), value.to_owned()));
            }
        })
    }

    fn start_variant(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        let mut variant = Variant::default();
        let mut plain = None;
        for_each_mended_attribute(tag, &mut self.unit.mends, |name, value| {
            variant.history.take(name, value);
            match name {
                "xml:lang" => variant.tag = Some(value.to_owned()),
                "lang" => plain = Some(value.to_owned()),
                name if names::CARRIED.contains(&name) && name != "changeid" => {
                    variant.carried.push((name.to_owned(), value.to_owned()));
                }
                _ => {}
            }
        })?;
        variant.tag = variant.tag.or(plain);
        self.unit.variants.push(variant);
        Ok(())
    }

    fn start_inline(
        &mut self,
        tag: &BytesStart<'_>,
        name: &str,
        at: Range<usize>,
        text: &str,
    ) -> Result<Element, String> {
        let kind = match name {
            "ept" => CodeKind::Close,
            "ph" | "it" | "ut" => CodeKind::Alone,
            _ => CodeKind::Open,
        };
        let (mut i, mut x, mut is_wrapper) = (None, None, false);
        for_each_mended_attribute(tag, &mut self.unit.mends, |name, value| match name {
            "i" => i = Some(value.to_owned()),
            "x" => x = Some(value.to_owned()),
            "type" => is_wrapper = value == NATIVE,
            _ => {}
        })?;
        let paired = i.as_ref().and_then(|i| self.numbers.pairs.get(i)).copied();
        let number = match (kind, paired, x, &i) {
            (CodeKind::Close, Some((number, wraps)), ..) => {
                is_wrapper = wraps;
                number
            }
            (_, _, Some(x), _) => self.numbers.of(format!("{name} {x}")),
            (_, _, None, Some(i)) => self.numbers.of(format!("i {i}")),
            (_, _, None, None) => {
                let raw = &text[at.clone()];
                let count = self.numbers.seen.entry(raw.to_owned()).or_default();
                *count += 1;
                let key = format!("{raw} {count}");
                self.numbers.of(key)
            }
        };
        if let (CodeKind::Open, Some(i)) = (kind, i) {
            self.numbers.pairs.insert(i, (number, is_wrapper));
        }
        if !matches!(name, "bpt" | "ept" | "ph" | "it" | "ut") {
            self.code(kind, number, text[at].to_owned());
            return Ok(Element::Highlight(number));
        }
        self.text.clear();
        Ok(Element::Code(OpenCode {
            kind,
            number,
            from: at.start,
            is_wrapper,
        }))
    }

    fn code(&mut self, kind: CodeKind, number: u32, raw: String) {
        self.segment.codes.push(Code {
            at: self.segment.text.len(),
            kind,
            number,
            raw,
        });
    }

    fn end(&mut self, at: Range<usize>, source: &str) -> Result<(), String> {
        match self.open.pop() {
            Some(Element::Segment) => {
                let mut segment = std::mem::take(&mut self.segment);
                part_widows(&mut segment.codes);
                if let Some(variant) = self.variant() {
                    variant.segment = Some(segment);
                }
            }
            Some(Element::Highlight(number)) => {
                // An empty element is its own end, and its tag the last code.
                let own = self.segment.codes.last_mut();
                match own.filter(|code| at.is_empty() && code.raw.ends_with("/>")) {
                    Some(code) => code.kind = CodeKind::Alone,
                    None => self.code(CodeKind::Close, number, source[at].to_owned()),
                }
            }
            Some(Element::Code(code)) => {
                let raw = match code.is_wrapper {
                    true => std::mem::take(&mut self.text),
                    false => source[code.from..at.end].to_owned(),
                };
                self.code(code.kind, code.number, raw);
            }
            Some(Element::Note) => {
                let note = self.text.clone();
                match self.variant() {
                    Some(variant) => variant.notes.push(note),
                    None => self.unit.notes.push(note),
                }
            }
            Some(Element::Property(name)) => {
                let property = (name, self.text.clone());
                match self.variant() {
                    Some(variant) => variant.properties.push(property),
                    None => self.unit.properties.push(property),
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, event: &Event<'_>) -> Result<(), String> {
        let mends = &mut self.unit.mends;
        match self.open.last() {
            Some(Element::Segment | Element::Highlight(_)) => {
                push_text(event, &mut self.segment.text, mends)
            }
            Some(Element::Note | Element::Property(_)) => push_text(event, &mut self.text, mends),
            Some(Element::Code(code)) if code.is_wrapper => push_text(event, &mut self.text, mends),
            // What is written back verbatim has to be what XML can hold.
            Some(Element::Code(_) | Element::Native) => {
                let before = mends.len();
                push_text(event, &mut String::new(), mends)?;
                match mends.drain(before..).next() {
                    Some(mend) => Err(format!(
                        "{mend}, but for a code, which has to stay as it is"
                    )),
                    None => Ok(()),
                }
            }
            Some(Element::Unit | Element::Variant) => {
                let is_blank = match event {
                    Event::Text(text) => text.trim_ascii().is_empty(),
                    _ => false,
                };
                is_blank
                    .then_some(())
                    .ok_or_else(|| "text outside of `<seg>`".to_owned())
            }
            Some(Element::Ignored) | None => Ok(()),
        }
    }

    /// The variant that is open.
    fn variant(&mut self) -> Option<&mut Variant> {
        match self.open.get(1) {
            Some(Element::Variant) => self.unit.variants.last_mut(),
            _ => None,
        }
    }
}
