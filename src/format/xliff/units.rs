//! A bilingual file as a source of units: a record for each of its segments.

use std::ops::ControlFlow;

use super::super::encoded::LineCounter;
use super::super::error::FormatError;
use super::super::input::{BAD_BYTE, Input, text_with_bad_bytes};
use super::super::xml::{Mistake, local};
use super::super::{Record, Sink, excerpt};
use super::inline::{self, Numbers};
use super::model::{Element, Parsed, Segment, Unit, Vocabulary};
use super::parse;
use super::segment::Read;
use super::write::STATED_POSITIONS;
use crate::coded::Coded;
use crate::diagnostic::{Diagnostic, Location};
use crate::lang::{Lang, Sides};
use crate::unit::{DraftUnit, Origin, UnixSeconds};

/// Reads units into `sink`, and returns how many units of its own kind the file has; each may have several segments,
/// of which each is a record.
///
/// # Errors
/// [`FormatError::NotXliff`], and where the input can't be read or is longer than [`TEXT_LIMIT`](super::super::TEXT_LIMIT).
pub fn read(input: Input, sink: &mut Sink<'_>) -> Result<u64, FormatError> {
    let (name, encoding) = (input.name().to_owned(), input.encoding());
    let text = text_with_bad_bytes(input.read_to_end()?);
    if text.trim_start_matches('\u{FEFF}').trim().is_empty() {
        return Ok(0);
    }
    let parsed = parse::parse(&text).map_err(|found| FormatError::NotXliff { name, found })?;
    let mut reader = Reader {
        parsed: &parsed,
        text: &text,
        lines: LineCounter::new(&text),
        encoding,
        stated_positions: text.contains(STATED_POSITIONS),
        sink,
    };
    let _ = reader.run();
    Ok(parsed.units.len() as u64)
}

struct Reader<'r, 's> {
    parsed: &'r Parsed,
    text: &'r str,
    lines: LineCounter<'r>,
    encoding: &'static str,
    stated_positions: bool,
    sink: &'r mut Sink<'s>,
}

impl<'r> Reader<'r, '_> {
    fn run(&mut self) -> ControlFlow<()> {
        let mut position = 0;
        for unit in &self.parsed.units {
            self.unit(unit, &mut position)?;
        }
        // What is damaged outside of all units has cost nothing, as far as can be told.
        let outside = |mistake: &&Mistake| {
            let units = &self.parsed.units;
            let at = units.partition_point(|unit| unit.range.start <= mistake.offset);
            let inside = at.checked_sub(1).map(|at| &units[at]);
            inside.is_none_or(|unit| {
                let end = unit.range.end;
                end < mistake.offset || (end == mistake.offset && unit.fault.is_none())
            })
        };
        for mistake in self.parsed.damage.iter().filter(outside) {
            let location = self.lines.location(mistake.offset);
            let message = format!("{}; units may be missing", mistake.message);
            (self.sink)(Record::Remark(Diagnostic::warning(location, message)))?;
        }
        ControlFlow::Continue(())
    }

    fn unit(&mut self, unit: &'r Unit, position: &mut u32) -> ControlFlow<()> {
        let start = self.lines.location(unit.range.start);
        let text = &self.text[unit.range.clone()];
        if let Some(at) = text.find(BAD_BYTE) {
            let location = self.lines.location(unit.range.start + at);
            let message = format!("bytes that are no {} text", self.encoding);
            return self.reject(unit, location, message);
        }
        if let Some(Mistake { offset, message }) = &unit.fault {
            let location = self.lines.location((*offset).max(unit.range.start));
            return self.reject(unit, location, message.clone());
        }
        let mut any = false;
        for (segment, read) in self.parsed.read(self.text, unit) {
            any = true;
            let result = match read {
                Ok(read) => self.segment(unit, segment, &read, *position),
                Err(Mistake { offset, message }) => {
                    let location = self.lines.location(offset.max(unit.range.start));
                    self.reject(unit, location, message)
                }
            };
            *position = position.saturating_add(1);
            result?;
        }
        if !any {
            return self.reject(unit, start, "the unit has no segment".to_owned());
        }
        ControlFlow::Continue(())
    }

    fn reject(&mut self, unit: &Unit, location: Location, message: String) -> ControlFlow<()> {
        let raw = self.text[unit.range.clone()].replace(BAD_BYTE, "\u{FFFD}");
        (self.sink)(Record::Rejected {
            diagnostic: Diagnostic::error(location, message),
            raw: excerpt(raw.as_bytes()),
        })
    }

    fn segment(
        &mut self,
        unit: &Unit,
        segment: &Segment,
        read: &Read,
        position: u32,
    ) -> ControlFlow<()> {
        let location = self.lines.location(segment.source.content.start);
        let Some(target) = &read.target else {
            let why = if unit.frozen {
                "not to be translated"
            } else {
                "not translated"
            };
            return self.reject(unit, location, why.to_owned());
        };
        let source_lang = match self.source_lang(unit, segment) {
            Ok(lang) => lang,
            Err(message) => return self.reject(unit, location, message),
        };
        let mends = read.source.mends.iter().chain(&target.mends);
        for mend in mends {
            (self.sink)(Record::Remark(Diagnostic::warning(
                location,
                mend.to_string(),
            )))?;
        }
        let mut origin = self.origin(unit, segment);
        if !self.stated_positions {
            origin.position = origin.position.or(Some(position));
        }
        if origin.state == crate::unit::UnitState::default() {
            origin.state = read.unit_state;
        }
        let mut sides: Sides<&Coded> = Sides {
            ar: &read.source.coded,
            en: &read.source.coded,
        };
        *sides.get_mut(source_lang.other()) = &target.coded;
        match DraftUnit::coded(sides.ar, sides.en, origin) {
            Ok(draft) => (self.sink)(Record::Unit(draft)),
            Err(blank) => self.reject(unit, location, blank.to_string()),
        }
    }

    /// The language of the source, where it and the target's are ours.
    fn source_lang(&self, unit: &Unit, segment: &Segment) -> Result<Lang, String> {
        let file = self.parsed.files.get(unit.file);
        let tag = |of_file: Option<&String>, element: Option<&Element>| {
            let own = element.and_then(|e| {
                let lang = e.attributes.get("xml:lang").or(e.attributes.get("Lang"));
                lang.map(str::to_owned)
            });
            own.or(of_file.cloned())
                .filter(|tag| !tag.trim().is_empty())
        };
        let source = unit.source.as_ref().or(Some(&segment.source));
        let target = unit.target.as_ref().or(segment.target.as_ref());
        let source = tag(file.and_then(|f| f.source.as_ref()), source);
        let target = tag(file.and_then(|f| f.target.as_ref()), target);
        let lang = |tag: &Option<String>| tag.as_deref().and_then(Lang::from_tag);
        match (lang(&source), lang(&target)) {
            (Some(source), Some(target)) if source != target => Ok(source),
            (Some(source), None) if target.is_none() => Ok(source),
            (None, Some(target)) if source.is_none() => Ok(target.other()),
            _ => {
                let shown = |tag: Option<String>| match tag {
                    Some(tag) => format!("`{tag}`"),
                    None => "no language".to_owned(),
                };
                Err(format!(
                    "from {} to {}, not Arabic and English",
                    shown(source),
                    shown(target)
                ))
            }
        }
    }

    fn origin(&self, unit: &Unit, segment: &Segment) -> Origin {
        let file = self.parsed.files.get(unit.file);
        let mut origin = Origin {
            document: file
                .and_then(|file| file.name.clone())
                .filter(|name| !name.trim().is_empty()),
            ..Origin::default()
        };
        for note in &unit.notes {
            origin.notes.extend(self.notes(note));
        }
        if let Some(name) = unit.element.attributes.get("resname") {
            origin
                .properties
                .push(("resname".to_owned(), name.to_owned()));
        }
        if let Some(def) = &segment.seg_def {
            self.history(def, &mut origin);
        }
        if self.parsed.vocabulary == Vocabulary::Xliff2 {
            super::write::take_metadata(&self.text[unit.element.content.clone()], &mut origin);
        }
        origin
    }

    /// The texts of a `note`, or of the notes in `notes`.
    fn notes(&self, note: &Element) -> Vec<String> {
        let content = &self.text[note.content.clone()];
        let mut notes = vec![content];
        if local_name(&self.text[note.tag.clone()]) == "notes" {
            notes = children(content, "note");
        }
        let text = |content: &str| {
            let vocabulary = self.parsed.vocabulary;
            let inline = inline::parse(
                content,
                0..content.len(),
                vocabulary,
                &mut Numbers::default(),
            );
            inline.ok().map(|inline| inline.coded.text)
        };
        let notes = notes.into_iter().filter_map(text);
        notes.filter(|note| !note.trim().is_empty()).collect()
    }

    /// Who made a segment of SDLXLIFF, and when.
    fn history(&self, def: &Element, origin: &mut Origin) {
        let content = &self.text[def.content.clone()];
        let value = |key: &str| {
            let at = content.find(&format!("key=\"{key}\""))?;
            let value = &content[at..];
            let value = &value[value.find('>')? + 1..];
            let value = &value[..value.find('<')?];
            let unescaped = quick_xml::escape::unescape(value).ok()?;
            (!unescaped.trim().is_empty()).then(|| unescaped.into_owned())
        };
        origin.author = value("created_by");
        origin.created = value("created_on").and_then(|date| trados_date(&date));
        origin.changed = value("modified_on").and_then(|date| trados_date(&date));
        let changer = value("last_modified_by").filter(|c| Some(c) != origin.author.as_ref());
        if let Some(changer) = changer {
            origin.properties.push(("changeid".to_owned(), changer));
        }
    }
}

/// `MM/DD/YYYY hh:mm:ss`, as Trados Studio writes it.
fn trados_date(date: &str) -> Option<UnixSeconds> {
    let (day, time) = date.split_once(' ')?;
    let [month, day, year] = day.split('/').collect::<Vec<_>>()[..] else {
        return None;
    };
    UnixSeconds::parse(&format!("{year:0>4}{month:0>2}{day:0>2}T{time}Z"))
}

fn local_name(tag: &str) -> &str {
    let name = tag[1..]
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | '>'))
        .next();
    local(name.unwrap_or_default())
}

/// The contents of the elements of that name, which do not hold each other.
pub(super) fn children<'t>(content: &'t str, name: &str) -> Vec<&'t str> {
    use quick_xml::events::Event;
    let mut tokens = super::super::xml::Tokens::new(content, 0);
    let mut found = Vec::new();
    let mut from = None;
    while let Ok((event, range)) = tokens.next() {
        match event {
            Event::Start(tag) if from.is_none() && local(tag.name().as_ref()) == name => {
                from = Some(range.end);
            }
            Event::End(tag) if local(tag.name().as_ref()) == name => {
                if let Some(from) = from.take() {
                    found.push(&content[from..range.start]);
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    found
}
