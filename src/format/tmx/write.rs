//! Writes TMX 1.4b, level 2: well-formed, valid against `tmx14.dtd`, UTF-8, one unit a paragraph of lines.

use std::io::Write;

use super::super::error::FormatError;
use super::super::output::Output;
use super::super::xml::{push_attribute, push_escaped};
use super::super::{UnitWriter, WriteCounts};
use super::edges;
use super::levels::Levels;
use super::names;
use super::parse::Property;
use super::segment;
use crate::lang::Lang;
use crate::unit::{Origin, UnitState, UnitView, UnixSeconds};

/// The `type` of an element that stands for a code that TMX has no element for.
pub(super) const NATIVE: &str = "x-dhakira";

/// Writes a TMX file.
pub struct TmxWriter<'w> {
    output: Output<'w>,
    counts: WriteCounts,
}

impl<'w> TmxWriter<'w> {
    /// Writes the header. Its source language is `*all*`: a memory has none.
    ///
    /// # Errors
    /// [`FormatError::Write`].
    pub fn new(mut output: Output<'w>) -> Result<Self, FormatError> {
        let header = concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tmx version=\"1.4\">\n",
            "  <header creationtool=\"dhakira\" creationtoolversion=\"",
            env!("CARGO_PKG_VERSION"),
            "\" segtype=\"sentence\" o-tmf=\"dhakira\" adminlang=\"en\" srclang=\"*all*\" datatype=\"plaintext\"/>\n",
            "  <body>\n"
        );
        output
            .write_all(header.as_bytes())
            .map_err(|e| output.write_error(e))?;
        Ok(Self {
            output,
            counts: WriteCounts::default(),
        })
    }
}

impl UnitWriter for TmxWriter<'_> {
    fn write(&mut self, unit: UnitView<'_>) -> Result<(), FormatError> {
        let mut element = Element::default();
        element.unit(&unit);
        self.counts.units += 1;
        self.counts.altered += u64::from(element.altered);
        self.output
            .write_all(element.xml.as_bytes())
            .map_err(|e| self.output.write_error(e))
    }

    fn finish(mut self: Box<Self>) -> Result<WriteCounts, FormatError> {
        self.output
            .write_all(b"  </body>\n</tmx>\n")
            .map_err(|e| self.output.write_error(e))?;
        self.output.finish()?;
        Ok(self.counts)
    }
}

/// Whether a carried property can be an attribute again. Where no author is named, a reader would take `changeid` for the
/// author.
fn is_attribute((name, _): &Property, origin: &Origin) -> bool {
    name != "changeid" || origin.author.is_some()
}

/// A `tu` element under construction.
#[derive(Default)]
struct Element {
    xml: String,
    /// Whether a character had to be replaced.
    altered: bool,
}

impl Element {
    fn unit(&mut self, unit: &UnitView<'_>) {
        let origin = unit.origin;
        self.xml.push_str("    <tu");
        let mut properties: Vec<_> = origin.properties.iter().collect();
        let levels = Levels::take_from(&mut properties);
        let changer = properties
            .iter()
            .find(|property| property.0 == "changeid" && is_attribute(property, origin));
        let history = [
            ("creationid", origin.author.clone()),
            ("creationdate", origin.created.map(UnixSeconds::to_tmx)),
            ("changedate", origin.changed.map(UnixSeconds::to_tmx)),
            ("changeid", changer.map(|(_, value)| value.clone())),
        ];
        for name in names::CARRIED {
            let found = properties.iter().position(|(property, _)| property == name);
            if let Some(at) = found
                && is_attribute(properties[at], origin)
            {
                let (_, value) = properties.remove(at);
                if name != "changeid" {
                    self.attribute(name, value);
                }
            }
        }
        for (name, value) in &history {
            if let Some(value) = levels.of_unit(name, value.as_deref()) {
                self.attribute(name, value);
            }
        }
        self.xml.push_str(">\n");
        for note in &origin.notes {
            self.xml.push_str("      <note>");
            self.text(note);
            self.xml.push_str("</note>\n");
        }
        if let Some(document) = &origin.document {
            self.property(names::DOCUMENT, document);
        }
        if let Some(position) = origin.position {
            self.property(names::POSITION, &position.to_string());
        }
        if origin.state != UnitState::default() {
            self.property(names::STATE, origin.state.name());
        }
        if let Some(confidence) = origin.confidence {
            self.property(names::CONFIDENCE, &confidence.to_string());
        }
        let mut tag = |lang| {
            let is_tag = |(name, value): &&Property| {
                name == names::tag_of(lang) && Lang::from_tag(value) == Some(lang)
            };
            let at = properties.iter().position(is_tag)?;
            Some(properties.remove(at).1.clone())
        };
        let tags = Lang::BOTH.map(|lang| tag(lang).unwrap_or_else(|| lang.code().to_owned()));
        let mut with_edges = |lang| {
            let name = names::edges_of(lang);
            let at = properties.iter().position(|(found, _)| found == name)?;
            let (text, codes) = (unit.text.get(lang), unit.codes.get(lang));
            let segment = edges::put_back(text, codes, &properties[at].1)?;
            properties.remove(at);
            Some(segment)
        };
        let segments = Lang::BOTH.map(&mut with_edges);
        for (name, value) in properties {
            self.property(name, value);
        }
        for ((lang, tag), segment) in Lang::BOTH.into_iter().zip(tags).zip(segments) {
            self.xml.push_str("      <tuv");
            self.attribute("xml:lang", &tag);
            for (name, value) in levels.of_variant(lang, &history) {
                self.attribute(name, &value);
            }
            self.xml.push_str("><seg>");
            self.altered |= match segment {
                Some(segment) => segment::push(&mut self.xml, &segment.text, &segment.codes),
                None => segment::push(&mut self.xml, unit.text.get(lang), unit.codes.get(lang)),
            };
            self.xml.push_str("</seg></tuv>\n");
        }
        self.xml.push_str("    </tu>\n");
    }

    fn property(&mut self, name: &str, value: &str) {
        self.xml.push_str("      <prop");
        self.attribute("type", name);
        self.xml.push('>');
        self.text(value);
        self.xml.push_str("</prop>\n");
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.altered |= push_attribute(&mut self.xml, name, value);
    }

    fn text(&mut self, text: &str) {
        self.altered |= push_escaped(&mut self.xml, text);
    }
}
