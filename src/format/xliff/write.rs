//! Writes XLIFF 2.1: valid against its schemas, UTF-8, a `file` for each document.
//!
//! What XLIFF has a place for is there: texts, inline codes, notes, the state. The rest (place, author, dates, confidence,
//! properties) is metadata (`mda:metaGroup category="dhakira"`), so that a unit written and read again is the same. A code
//! is a `ph`, `sc` or `ec`; what stands for it in the file that it came from is the `originalData` of its unit.

use std::collections::HashMap;
use std::io::Write;

use quick_xml::events::Event;

use super::super::columns::{parse_confidence, parse_position};
use super::super::error::FormatError;
use super::super::output::Output;
use super::super::xml::{
    Tokens, for_each_attribute, local, push_attribute, push_escaped, push_text,
};
use super::super::{UnitWriter, WriteCounts};
use crate::coded::{Code, CodeKind};
use crate::lang::Lang;
use crate::unit::{Origin, UnitView, UnixSeconds};

/// The category of our metadata.
const OURS: &str = "dhakira";
/// The category of properties that we carry.
const PROPERTIES: &str = "properties";

/// Writes an XLIFF file, from English into Arabic.
pub struct XliffWriter<'w> {
    output: Output<'w>,
    counts: WriteCounts,
    /// The document of the file that is open.
    document: Option<Option<String>>,
    files: u64,
}

impl<'w> XliffWriter<'w> {
    /// Writes the root's start tag.
    ///
    /// # Errors
    /// [`FormatError::Write`].
    pub fn new(mut output: Output<'w>) -> Result<Self, FormatError> {
        let head = concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
            "<xliff xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" xmlns:mda=\"urn:oasis:names:tc:xliff:metadata:2.0\" ",
            "version=\"2.1\" srcLang=\"en\" trgLang=\"ar\">\n"
        );
        output
            .write_all(head.as_bytes())
            .map_err(|e| output.write_error(e))?;
        Ok(Self {
            output,
            counts: WriteCounts::default(),
            document: None,
            files: 0,
        })
    }

    fn put(&mut self, xml: &str) -> Result<(), FormatError> {
        self.output
            .write_all(xml.as_bytes())
            .map_err(|e| self.output.write_error(e))
    }

    /// Begins a file for a document, unless it is open.
    fn file(&mut self, document: Option<&str>) -> Result<(), FormatError> {
        if self
            .document
            .as_ref()
            .is_some_and(|open| open.as_deref() == document)
        {
            return Ok(());
        }
        let mut xml = String::new();
        if self.document.is_some() {
            xml.push_str("  </file>\n");
        }
        self.files += 1;
        xml.push_str("  <file");
        push_attribute(&mut xml, "id", &format!("f{}", self.files));
        let mut altered = false;
        if let Some(document) = document {
            altered = push_attribute(&mut xml, "original", document);
        }
        self.counts.altered += u64::from(altered);
        xml.push_str(">\n");
        self.document = Some(document.map(str::to_owned));
        self.put(&xml)
    }
}

impl UnitWriter for XliffWriter<'_> {
    fn write(&mut self, unit: UnitView<'_>) -> Result<(), FormatError> {
        self.file(unit.origin.document.as_deref())?;
        self.counts.units += 1;
        let mut element = Element::default();
        element.unit(self.counts.units, &unit);
        self.counts.altered += u64::from(element.altered);
        self.put(&element.xml)
    }

    fn finish(mut self: Box<Self>) -> Result<WriteCounts, FormatError> {
        if self.document.is_none() {
            // A root without a file is not valid.
            self.file(None)?;
            self.put("    <group id=\"g\"/>\n")?;
        }
        self.put("  </file>\n</xliff>\n")?;
        self.output.finish()?;
        Ok(self.counts)
    }
}

/// A `unit` under construction.
#[derive(Default)]
struct Element {
    xml: String,
    altered: bool,
}

impl Element {
    fn unit(&mut self, number: u64, unit: &UnitView<'_>) {
        self.xml.push_str(&format!("    <unit id=\"u{number}\">\n"));
        self.metadata(unit.origin);
        if !unit.origin.notes.is_empty() {
            self.xml.push_str("      <notes>\n");
            for note in &unit.origin.notes {
                self.xml.push_str("        <note>");
                self.altered |= push_escaped(&mut self.xml, note);
                self.xml.push_str("</note>\n");
            }
            self.xml.push_str("      </notes>\n");
        }
        let mut data = Vec::new();
        let mut content = |lang| {
            let mut side = Side {
                data: &mut data,
                xml: String::new(),
                altered: false,
                prefix: if lang == Lang::English { "s" } else { "t" },
            };
            side.content(unit.text.get(lang), unit.codes.get(lang));
            (side.xml, side.altered)
        };
        let (source, source_altered) = content(Lang::English);
        let (target, target_altered) = content(Lang::Arabic);
        self.altered |= source_altered | target_altered;
        if !data.is_empty() {
            self.xml.push_str("      <originalData>\n");
            for (i, raw) in data.iter().enumerate() {
                self.xml.push_str(&format!(
                    "        <data id=\"d{}\" xml:space=\"preserve\">",
                    i + 1
                ));
                self.altered |= push_escaped(&mut self.xml, raw);
                self.xml.push_str("</data>\n");
            }
            self.xml.push_str("      </originalData>\n");
        }
        let state = unit.origin.state.name();
        self.xml.push_str(&format!(
            "      <segment state=\"{state}\">\n        <source xml:space=\"preserve\">{source}</source>\n        \
             <target xml:space=\"preserve\">{target}</target>\n      </segment>\n    </unit>\n"
        ));
    }

    fn metadata(&mut self, origin: &Origin) {
        let ours: Vec<(&str, String)> = [
            ("position", origin.position.map(|p| p.to_string())),
            ("author", origin.author.clone()),
            ("created", origin.created.map(UnixSeconds::to_rfc3339)),
            ("changed", origin.changed.map(UnixSeconds::to_rfc3339)),
            ("confidence", origin.confidence.map(|c| c.to_string())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
        let carried: Vec<_> = origin
            .properties
            .iter()
            .map(|(n, v)| (n.as_str(), v.clone()))
            .collect();
        if ours.is_empty() && carried.is_empty() {
            return;
        }
        self.xml.push_str("      <mda:metadata>\n");
        for (category, all) in [(OURS, ours), (PROPERTIES, carried)] {
            if all.is_empty() {
                continue;
            }
            self.xml.push_str(&format!(
                "        <mda:metaGroup category=\"{category}\">\n"
            ));
            for (name, value) in all {
                self.xml.push_str("          <mda:meta");
                self.altered |= push_attribute(&mut self.xml, "type", name);
                self.xml.push('>');
                self.altered |= push_escaped(&mut self.xml, &value);
                self.xml.push_str("</mda:meta>\n");
            }
            self.xml.push_str("        </mda:metaGroup>\n");
        }
        self.xml.push_str("      </mda:metadata>\n");
    }
}

/// A source or target under construction.
struct Side<'d> {
    data: &'d mut Vec<String>,
    xml: String,
    altered: bool,
    /// Stands before ids of codes that have no counterpart to share theirs with.
    prefix: &'static str,
}

impl Side<'_> {
    fn content(&mut self, text: &str, codes: &[Code]) {
        // A code's id is its number, once a side; whatever else has the number gets an id of its own.
        let mut used: HashMap<(u32, bool), usize> = HashMap::new();
        let mut open: HashMap<u32, Vec<String>> = HashMap::new();
        let mut from = 0;
        for (i, code) in codes.iter().enumerate() {
            let at = text.floor_char_boundary(code.at).max(from);
            self.altered |= push_escaped(&mut self.xml, &text[from..at]);
            from = at;
            let reference = self.data(&code.raw);
            let id = |used: &mut HashMap<_, usize>, prefix: &str| {
                let count = used.entry((code.number, true)).or_default();
                *count += 1;
                match *count {
                    1 => code.number.to_string(),
                    _ => format!("{prefix}{}-{i}", code.number),
                }
            };
            let xml = match code.kind {
                CodeKind::Open => {
                    let has_end = codes[i + 1..]
                        .iter()
                        .any(|other| other.kind == CodeKind::Close && other.number == code.number);
                    let id = id(&mut used, self.prefix);
                    let isolated = if has_end { "" } else { " isolated=\"yes\"" };
                    open.entry(code.number).or_default().push(id.clone());
                    format!("<sc id=\"{id}\"{isolated}{reference}/>")
                }
                CodeKind::Close => match open.get_mut(&code.number).and_then(Vec::pop) {
                    Some(start) => format!("<ec startRef=\"{start}\"{reference}/>"),
                    None => {
                        let id = id(&mut used, self.prefix);
                        format!("<ec id=\"{id}\" isolated=\"yes\"{reference}/>")
                    }
                },
                CodeKind::Alone => {
                    let id = id(&mut used, self.prefix);
                    format!("<ph id=\"{id}\"{reference}/>")
                }
            };
            self.xml.push_str(&xml);
        }
        self.altered |= push_escaped(&mut self.xml, &text[from..]);
    }

    /// The attribute that refers to a code's original data.
    fn data(&mut self, raw: &str) -> String {
        if raw.is_empty() {
            return String::new();
        }
        let at = self
            .data
            .iter()
            .position(|data| data == raw)
            .unwrap_or_else(|| {
                self.data.push(raw.to_owned());
                self.data.len() - 1
            });
        format!(" dataRef=\"d{}\"", at + 1)
    }
}

/// Reads the metadata of a unit that was written here; that of others stays where it is.
pub(super) fn take_metadata(content: &str, origin: &mut Origin) {
    if !content.contains(OURS) && !content.contains(PROPERTIES) {
        return;
    }
    let mut tokens = Tokens::new(content, 0);
    let mut category = String::new();
    let mut meta: Option<(String, String)> = None;
    while let Ok((event, _)) = tokens.next() {
        match &event {
            Event::Start(tag) if local(tag.name().as_ref()) == "metaGroup" => {
                category.clear();
                let _ = for_each_attribute(tag, |name, value| {
                    if name == "category" {
                        value.clone_into(&mut category);
                    }
                });
            }
            Event::Start(tag) if local(tag.name().as_ref()) == "meta" => {
                let mut kind = String::new();
                let _ = for_each_attribute(tag, |name, value| {
                    if name == "type" {
                        value.clone_into(&mut kind);
                    }
                });
                meta = Some((kind, String::new()));
            }
            Event::End(tag) if local(tag.name().as_ref()) == "meta" => {
                if let Some((name, value)) = meta.take() {
                    take(&category, name, value, origin);
                }
            }
            Event::Start(tag) | Event::Empty(tag) if local(tag.name().as_ref()) == "segment" => {
                return;
            }
            Event::Eof => return,
            _ => {
                if let Some((_, value)) = &mut meta {
                    let _ = push_text(&event, value, &mut Vec::new());
                }
            }
        }
    }
}

fn take(category: &str, name: String, value: String, origin: &mut Origin) {
    match (category, name.as_str()) {
        (OURS, "position") => origin.position = parse_position(&value).ok(),
        (OURS, "author") => origin.author = Some(value),
        (OURS, "created") => origin.created = UnixSeconds::parse(&value),
        (OURS, "changed") => origin.changed = UnixSeconds::parse(&value),
        (OURS, "confidence") => origin.confidence = parse_confidence(&value).ok(),
        (PROPERTIES, _) => origin.properties.push((name, value)),
        _ => {}
    }
}
