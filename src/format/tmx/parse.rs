//! One `<tu>` element, parsed strictly.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::super::{first_forbidden, forbidden_message, is_forbidden};
use super::names;
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
    /// The text of its `seg`.
    pub(super) text: Option<String>,
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

/// Why a unit can't be taken, and at which of its bytes.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) offset: usize,
    pub(super) message: String,
}

/// The source language in the start tag of a header.
pub(super) fn source_of_header(tag: &str) -> Option<Lang> {
    let mut reader = Reader::from_str(tag);
    reader.config_mut().expand_empty_elements = true;
    let Ok(Event::Start(header)) = reader.read_event() else {
        return None;
    };
    let source = header.try_get_attribute("srclang").ok().flatten()?;
    Lang::from_tag(&source.value)
}

/// Parses the text of a `<tu>` element, from its `<` to its `>`.
pub(super) fn unit(text: &str) -> Result<Unit, Mistake> {
    if let Some((offset, c)) = first_forbidden(text) {
        let message = forbidden_message(c);
        return Err(Mistake { offset, message });
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut parser = Parser::default();
    loop {
        let offset = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|e| Mistake {
            offset: reader.error_position() as usize,
            message: e.to_string(),
        })?;
        let taken = match &event {
            Event::Start(tag) => parser.start(tag),
            Event::End(_) => parser.end(),
            Event::Text(text) => parser.text(&text.xml10_content()),
            Event::CData(text) => parser.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                resolve(reference).and_then(|c| parser.text(c.encode_utf8(&mut [0; 4])))
            }
            Event::Eof => return Ok(parser.unit),
            Event::Empty(_) | Event::Comment(_) | Event::PI(_) | Event::Decl(_) => Ok(()),
            Event::DocType(_) => Err("a document type inside a unit".to_owned()),
        };
        taken.map_err(|message| Mistake { offset, message })?;
    }
}

fn resolve(reference: &BytesRef<'_>) -> Result<char, String> {
    let name: &str = reference;
    match name {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => match reference.resolve_char_ref() {
            Ok(Some(c)) if !is_forbidden(c) => Ok(c),
            Ok(None) => Err(format!(
                "the entity `&{name};` is not one of XML's own, and others are not expanded"
            )),
            Ok(Some(_)) | Err(_) => Err(format!("`&{name};` is no character of XML")),
        },
    }
}

/// An element that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Element {
    Unit,
    Variant,
    Segment,
    /// Inside a segment: an inline code, whose content is text.
    Code,
    Note,
    Property(String),
    Ignored,
}

#[derive(Default)]
struct Parser {
    unit: Unit,
    open: Vec<Element>,
    /// The text of the open segment, note or property.
    text: String,
}

impl Parser {
    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        let name = tag.name();
        let name = name.as_ref();
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
                if self.variant().is_some_and(|v| v.text.is_some()) {
                    return Err("a second `<seg>` in one `<tuv>`".to_owned());
                }
                self.text.clear();
                Element::Segment
            }
            (Some(Element::Unit | Element::Variant), "note") => {
                self.text.clear();
                Element::Note
            }
            (Some(Element::Unit | Element::Variant), "prop") => {
                self.text.clear();
                let mut kind = String::new();
                for_each_attribute(tag, |name, value| {
                    if name == "type" {
                        value.clone_into(&mut kind);
                    }
                })?;
                Element::Property(kind)
            }
            (Some(Element::Segment | Element::Code), _) => Element::Code,
            _ => {
                if !self.unit.ignored.iter().any(|ignored| ignored == name) {
                    self.unit.ignored.push(name.to_owned());
                }
                Element::Ignored
            }
        };
        self.open.push(element);
        Ok(())
    }

    fn start_unit(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        let unit = &mut self.unit;
        for_each_attribute(tag, |name, value| {
            unit.history.take(name, value);
            if name == "srclang" {
                unit.source = Lang::from_tag(value);
            } else if names::CARRIED.contains(&name) && name != "changeid" {
                unit.carried.push((name.to_owned(), value.to_owned()));
            }
        })
    }

    fn start_variant(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        let mut variant = Variant::default();
        let mut plain = None;
        for_each_attribute(tag, |name, value| {
            variant.history.take(name, value);
            match name {
                "xml:lang" => variant.tag = Some(value.to_owned()),
                "lang" => plain = Some(value.to_owned()),
                _ => {}
            }
        })?;
        variant.tag = variant.tag.or(plain);
        self.unit.variants.push(variant);
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        let text = || self.text.clone();
        match self.open.pop() {
            Some(Element::Segment) => {
                let text = Some(text());
                if let Some(variant) = self.variant() {
                    variant.text = text;
                }
            }
            Some(Element::Note) => {
                let note = text();
                match self.variant() {
                    Some(variant) => variant.notes.push(note),
                    None => self.unit.notes.push(note),
                }
            }
            Some(Element::Property(name)) => {
                let property = (name, text());
                match self.variant() {
                    Some(variant) => variant.properties.push(property),
                    None => self.unit.properties.push(property),
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        match self.open.last() {
            Some(Element::Segment | Element::Code | Element::Note | Element::Property(_)) => {
                self.text.push_str(text);
            }
            Some(Element::Unit | Element::Variant) if !text.trim_ascii().is_empty() => {
                return Err("text outside of `<seg>`".to_owned());
            }
            _ => {}
        }
        Ok(())
    }

    /// The variant that is open.
    fn variant(&mut self) -> Option<&mut Variant> {
        match self.open.get(1) {
            Some(Element::Variant) => self.unit.variants.last_mut(),
            _ => None,
        }
    }
}

fn for_each_attribute(
    tag: &BytesStart<'_>,
    mut visit: impl FnMut(&str, &str),
) -> Result<(), String> {
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|e| format!("broken attributes: {e}"))?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|e| e.to_string())?;
        if let Some((_, c)) = first_forbidden(&value) {
            return Err(forbidden_message(c));
        }
        visit(attribute.key.as_ref(), &value);
    }
    Ok(())
}
