//! Writing fillings: edits of the text, and everything between them as it is.
//!
//! ```text
//! <trans-unit id="1">                          <trans-unit id="1">
//!   <source>Yes</source>          Filling        <source>Yes</source>
//! </trans-unit>                 ──────────▶      <target state="needs-review-translation" …>نعم</target>
//!                                                <alt-trans match-quality="88" …>…</alt-trans>
//!                                              </trans-unit>
//! ```

mod first;
mod percent;
mod second;

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;

use super::inline::render;
use super::model::{Element, Flavour, Parsed, Segment, Unit, Vocabulary};
use crate::coded::Code;
use crate::format::FormatError;
use crate::format::encoded::EncodedText;
use crate::format::fill::{
    FillOptions, FillableFile, Filling, Languages, Proposal, Slot, SlotState,
};
use crate::format::xml::{local, push_attribute, set_attribute};
use crate::matching::MatchKind;

/// A file to be filled.
pub(super) struct XliffFile {
    text: EncodedText,
    parsed: Parsed,
    slots: Vec<Slot>,
}

impl XliffFile {
    pub(super) fn new(text: EncodedText, parsed: Parsed, slots: Vec<Slot>) -> Self {
        Self {
            text,
            parsed,
            slots,
        }
    }
}

impl FillableFile for XliffFile {
    fn slots(&self) -> &[Slot] {
        &self.slots
    }

    fn languages(&self) -> Languages {
        let with = self.parsed.files.iter().find(|file| file.source.is_some());
        let file = with.or(self.parsed.files.first());
        Languages {
            source: file.and_then(|file| file.source.clone()),
            target: file.and_then(|file| file.target.clone()),
        }
    }

    fn write(
        &self,
        fillings: &[Filling],
        options: &FillOptions,
        out: &mut dyn Write,
    ) -> Result<(), FormatError> {
        let mut edits = Edits {
            text: self.text.text(),
            file: self,
            options,
            tags: BTreeMap::new(),
            places: BTreeMap::new(),
        };
        for unit in &self.parsed.units {
            edits.unit(unit, fillings);
        }
        self.text.write_text(&edits.apply(), out)
    }
}

/// A filling of a segment that takes it.
struct Filled<'f> {
    segment: &'f Segment,
    slot: &'f Slot,
    filling: &'f Filling,
}

impl Filled<'_> {
    /// A fuzzy match is never confirmed, whatever the filling says.
    fn confirmed(&self) -> bool {
        let fuzzy = |proposal: &Proposal| proposal.kind < MatchKind::Exact;
        self.filling.confirmed
            && self.filling.previous.is_none()
            && !self.filling.proposals.first().is_some_and(fuzzy)
    }

    /// The match that the target is taken from.
    fn best(&self) -> Option<&Proposal> {
        self.filling.proposals.first()
    }

    /// The content of its target, where it is filled.
    fn content(&self) -> Option<String> {
        let target = self.filling.target.as_ref()?;
        let of_target = self.slot.target.as_ref();
        let own: [&[Code]; 2] = [
            &self.slot.source.codes,
            of_target.map_or(&[], |target| &target.codes),
        ];
        Some(render(target, &own))
    }
}

/// Changes of a text.
struct Edits<'f> {
    text: &'f str,
    file: &'f XliffFile,
    options: &'f FillOptions,
    /// Start tags that change, by their first byte.
    tags: BTreeMap<usize, (Range<usize>, String)>,
    /// What takes the place of a range, by its first byte; an empty range is an insertion.
    places: BTreeMap<usize, (Range<usize>, String)>,
}

impl<'f> Edits<'f> {
    fn tag(&mut self, element: &Element) -> &mut String {
        let range = element.tag.clone();
        let tag = || (range.clone(), self.text[range.clone()].to_owned());
        &mut self.tags.entry(element.tag.start).or_insert_with(tag).1
    }

    fn insert(&mut self, at: usize, text: &str) {
        let place = self.places.entry(at);
        place
            .or_insert_with(|| (at..at, String::new()))
            .1
            .push_str(text);
    }

    fn set_content(&mut self, element: &Element, content: &str) {
        if self.text[element.tag.clone()].ends_with("/>") {
            let open = self.text[element.tag.clone()].to_owned();
            let name = open[1..]
                .split(|c: char| c.is_whitespace() || c == '/')
                .next();
            let name = name.unwrap_or_default().to_owned();
            let tag = self.tag(element);
            if tag.ends_with("/>") {
                tag.truncate(tag.len() - 2);
                tag.truncate(tag.trim_end().len());
                tag.push('>');
            }
            self.insert(element.tag.end, &format!("{content}</{name}>"));
        } else {
            let range = element.content.clone();
            self.places.insert(range.start, (range, content.to_owned()));
        }
    }

    /// The white space before an element that begins a line.
    fn indent(&self, element: &Element) -> &'f str {
        let before = &self.text[..element.tag.start];
        let space = before.len() - before.trim_end_matches([' ', '\t', '\r', '\n']).len();
        let space = &before[before.len() - space..];
        if space.contains('\n') { space } else { "" }
    }

    fn target_tag(&self) -> Option<&'static str> {
        self.options.target.map(crate::lang::Lang::code)
    }

    fn unit(&mut self, unit: &'f Unit, fillings: &'f [Filling]) {
        let file = self.file;
        let is_of_use =
            |filling: &Filling| filling.target.is_some() || !filling.proposals.is_empty();
        let filled: Vec<_> = unit
            .segments
            .clone()
            .filter_map(|i| {
                let (slot, filling) = (&file.slots[i], fillings.get(i)?);
                let segment = &file.parsed.segments[i];
                (slot.state != SlotState::Locked && is_of_use(filling)).then_some(Filled {
                    segment,
                    slot,
                    filling,
                })
            })
            .collect();
        if filled.is_empty() {
            return;
        }
        self.name_language(unit);
        match file.parsed.vocabulary {
            Vocabulary::Xliff2 if unit.source.is_none() => self.second(unit, &filled),
            Vocabulary::Xliff1(flavour) => self.first(unit, &filled, flavour),
            Vocabulary::Xliff2 => self.first(unit, &filled, Flavour::Plain),
            Vocabulary::Ttx => self.ttx(unit, &filled),
            Vocabulary::Txml => self.txml(unit, &filled),
        }
    }

    /// Writes the target's language into the file, where it has none.
    fn name_language(&mut self, unit: &Unit) {
        let parsed = &self.file.parsed;
        let (Some(file), Some(tag)) = (parsed.files.get(unit.file), self.target_tag()) else {
            return;
        };
        if file
            .target
            .as_deref()
            .is_some_and(|target| !target.trim().is_empty())
        {
            return;
        }
        let name = match parsed.vocabulary {
            Vocabulary::Xliff1(_) => "target-language",
            Vocabulary::Xliff2 => "trgLang",
            Vocabulary::Ttx => "TargetLanguage",
            Vocabulary::Txml => "targetlocale",
        };
        set_attribute(self.tag(&file.element), name, tag);
    }

    /// Lets an element declare the namespaces that its new content needs.
    fn declare(&mut self, element: &Element, sources: &[&Element], content: &str) {
        for (name, value) in namespaces(sources, content) {
            if element.attributes.get(name).is_none() {
                set_attribute(self.tag(element), name, value);
            }
        }
    }

    /// The byte behind an element.
    fn end_of(&self, element: &Element) -> usize {
        if self.text[element.tag.clone()].ends_with("/>") {
            return element.tag.end;
        }
        let end_tag = self.text[element.content.end..].find('>');
        element.content.end + end_tag.map_or(0, |at| at + 1)
    }

    fn apply(self) -> String {
        let mut edits: Vec<_> = self
            .tags
            .into_values()
            .chain(self.places.into_values())
            .collect();
        // An insertion goes before the tag that begins at its byte. A tag inside of what is replaced goes with it.
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(self.text.len() + self.text.len() / 4);
        let mut from = 0;
        for (range, replacement) in edits {
            if range.start < from {
                continue;
            }
            out.push_str(&self.text[from..range.start]);
            out.push_str(&replacement);
            from = range.end;
        }
        out.push_str(&self.text[from..]);
        out
    }
}

/// The namespaces that elements declare, the last of each prefix, and whose prefixes `content` has: codes of the source
/// that stand elsewhere need them there.
fn namespaces<'e>(sources: &[&'e Element], content: &str) -> Vec<(&'e str, &'e str)> {
    let mut declared: Vec<(&str, &str)> = Vec::new();
    for (name, value) in sources.iter().flat_map(|e| e.attributes.iter()) {
        let prefix = name.strip_prefix("xmlns:");
        if prefix.is_some_and(|prefix| content.contains(&format!("{prefix}:"))) {
            declared.retain(|(other, _)| *other != name);
            declared.push((name, value));
        }
    }
    declared
}

/// The same as attributes of a tag that is written.
fn push_namespaces(tag: &mut String, sources: &[&Element], content: &str) {
    for (name, value) in namespaces(sources, content) {
        push_attribute(tag, name, value);
    }
}

/// The prefix of a start tag with its colon, or nothing.
fn prefix(tag: &str) -> &str {
    let name = tag[1..].split(|c: char| c.is_whitespace() || matches!(c, '/' | '>'));
    let name = name.into_iter().next().unwrap_or_default();
    &name[..name.len() - local(name).len()]
}
