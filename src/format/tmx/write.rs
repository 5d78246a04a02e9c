//! Writes TMX 1.4b, level 1: well-formed, valid against `tmx14.dtd`, UTF-8, one unit a paragraph of lines.

use std::io::Write;

use super::super::error::FormatError;
use super::super::output::Output;
use super::super::{UnitWriter, WriteCounts, is_forbidden};
use super::names;
use super::parse::Property;
use crate::lang::{Lang, Sides};
use crate::unit::{Origin, UnitState, UnitView};

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
        element.unit(unit.text, unit.origin);
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

/// Whether a carried property can be an attribute again. Where no other author is named, a reader would take `changeid`
/// for the author.
fn is_attribute((name, value): &Property, origin: &Origin) -> bool {
    name != "changeid" || origin.author.as_ref().is_some_and(|author| author != value)
}

/// A `tu` element under construction.
#[derive(Default)]
struct Element {
    xml: String,
    /// Whether a character had to be replaced.
    altered: bool,
}

impl Element {
    fn unit(&mut self, text: &Sides<String>, origin: &Origin) {
        self.xml.push_str("    <tu");
        let mut properties: Vec<_> = origin.properties.iter().collect();
        for name in names::CARRIED {
            let found = properties.iter().position(|(property, _)| property == name);
            if let Some(at) = found
                && is_attribute(properties[at], origin)
            {
                let (_, value) = properties.remove(at);
                self.attribute(name, value);
            }
        }
        if let Some(author) = &origin.author {
            self.attribute("creationid", author);
        }
        if let Some(created) = origin.created {
            self.attribute("creationdate", &created.to_tmx());
        }
        if let Some(changed) = origin.changed {
            self.attribute("changedate", &changed.to_tmx());
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
        for (name, value) in properties {
            self.property(name, value);
        }
        for lang in Lang::BOTH {
            self.xml.push_str("      <tuv xml:lang=\"");
            self.xml.push_str(lang.code());
            self.xml.push_str("\"><seg>");
            self.text(text.get(lang));
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
        self.xml.push(' ');
        self.xml.push_str(name);
        self.xml.push_str("=\"");
        for c in value.chars() {
            // A reader levels white space in attributes, but not where it stands as a reference.
            match c {
                '"' => self.xml.push_str("&quot;"),
                '\t' => self.xml.push_str("&#9;"),
                '\n' => self.xml.push_str("&#10;"),
                c => self.push(c),
            }
        }
        self.xml.push('"');
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            self.push(c);
        }
    }

    fn push(&mut self, c: char) {
        match c {
            '&' => self.xml.push_str("&amp;"),
            '<' => self.xml.push_str("&lt;"),
            '>' => self.xml.push_str("&gt;"),
            // A reader makes a line feed of it, but not where it stands as a reference.
            '\r' => self.xml.push_str("&#13;"),
            c if is_forbidden(c) => {
                self.altered = true;
                self.xml.push(char::REPLACEMENT_CHARACTER);
            }
            c => self.xml.push(c),
        }
    }
}
