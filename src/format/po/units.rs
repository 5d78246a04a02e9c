//! A PO file as a source of units: a record for each message, or for each plural form of one.
//!
//! | in the file | in the unit |
//! | --- | --- |
//! | `#, fuzzy` | `initial`: seen by nobody, and never confirmed where it is used |
//! | `#: file.c:12`, the first | document and position; without a number the message's place in the file |
//! | `#` and `#.` | a note |
//! | `msgctxt`, other flags, `#~` | the properties `msgctxt`, `flags`, `obsolete` |
//! | `msgstr[n]` | a pair with `msgid`, where `n` is the form of one thing, else with `msgid_plural`; its number is the property `plural-form` |

use std::ops::ControlFlow;

use super::header::{self, Plurals};
use super::parse::{Entry, parse};
use crate::diagnostic::{Diagnostic, Location};
use crate::format::encoded::{Charset, LineCounter};
use crate::format::error::FormatError;
use crate::format::input::{BAD_BYTE, Input, text_with_bad_bytes};
use crate::format::{Record, Sink, excerpt, first_forbidden, forbidden_message};
use crate::lang::{Lang, Sides};
use crate::unit::{DraftUnit, Origin, UnitState};

/// The most bytes of a message, in UTF-8.
pub const UNIT_LIMIT: usize = 16 * 1024 * 1024;

/// The property that keeps a context.
pub(super) const CONTEXT: &str = "msgctxt";

/// The property that keeps the flags but for `fuzzy`.
pub(super) const FLAGS: &str = "flags";

/// The field of a header that names the language of `msgid`, as translation platforms write it.
pub(super) const SOURCE_LANGUAGE: &str = "X-Source-Language";

/// How much text tells the script of a side, in bytes.
const SCRIPT_BYTES: usize = 64 * 1024;

/// Reads units into `sink`, and returns how many messages the file has. Messages that are commented out are taken with
/// the others, unless `skip_obsolete`.
///
/// # Errors
/// [`FormatError::UnsupportedEncoding`], and where the input can't be read or is longer than
/// [`TEXT_LIMIT`](crate::format::TEXT_LIMIT).
pub fn read(input: Input, skip_obsolete: bool, sink: &mut Sink<'_>) -> Result<u64, FormatError> {
    let (name, is_decoded) = (input.name().to_owned(), input.tells_its_encoding());
    let bytes = input.read_to_end()?;
    let charset = match is_decoded {
        true => Charset::UTF_8,
        false => header::charset(&bytes)
            .map_err(|encoding| FormatError::UnsupportedEncoding { name, encoding })?,
    };
    let text = match charset {
        // Its bytes are all characters.
        Charset::Latin1 => bytes.iter().map(|byte| char::from(*byte)).collect(),
        Charset::Known(encoding) if encoding != encoding_rs::UTF_8 => {
            let (text, _) = encoding.decode_without_bom_handling(&bytes);
            text.replace(char::REPLACEMENT_CHARACTER, &BAD_BYTE.to_string())
        }
        Charset::Known(_) => text_with_bad_bytes(bytes),
    };
    let entries = parse(&text);
    let is_message = |entry: &&Entry| {
        // What a fault left of a message may look like a header.
        let is_header = entry.is_header() && entry.fault.is_none();
        !(is_header || (skip_obsolete && entry.obsolete))
    };
    let mut reader = Reader {
        text: &text,
        encoding: charset.name(),
        lines: LineCounter::new(&text),
        languages: Languages::of(&entries),
        sink,
    };
    let mut messages = 0;
    for (index, entry) in entries.iter().filter(is_message).enumerate() {
        messages += 1;
        if reader.entry(index, entry).is_break() {
            break;
        }
    }
    Ok(messages)
}

/// What a file says about its languages.
struct Languages {
    /// The language of `msgid`, or why the file is none of ours.
    source: Result<Lang, String>,
    plurals: Plurals,
}

impl Languages {
    fn of(entries: &[Entry]) -> Self {
        let header = entries
            .iter()
            .find(|entry| entry.is_header() && !entry.obsolete && entry.fault.is_none());
        let header = header.map_or("", |entry| entry.translations[0].1.text.as_str());
        let source = Self::source(header, entries);
        let target = source.as_ref().map_or(Lang::Arabic, |lang| lang.other());
        let plurals = header::field(header, "Plural-Forms").and_then(Plurals::parse);
        Self {
            source,
            plurals: plurals.unwrap_or_else(|| Plurals::of(target)),
        }
    }

    fn source(header: &str, entries: &[Entry]) -> Result<Lang, String> {
        let messages = || entries.iter().filter(|entry| !entry.is_header());
        let sources = messages().filter_map(|entry| entry.id.as_ref());
        let script = script_of(sources.map(|id| id.text.as_str()));
        let stated = header::field(header, SOURCE_LANGUAGE).and_then(Lang::from_tag);
        let Some(tag) = header::field(header, "Language") else {
            let targets = messages().flat_map(|entry| &entry.translations);
            let of_targets = script_of(targets.map(|(_, string)| string.text.as_str()));
            return match (stated.or(script), of_targets) {
                (Some(source), None) => Ok(source),
                (Some(source), Some(target)) if stated.is_some() || source != target => Ok(source),
                _ => Err("the header names no language, and the scripts don't tell".to_owned()),
            };
        };
        match Lang::from_tag(tag) {
            Some(target) if stated.or(script).is_none_or(|source| source != target) => {
                Ok(target.other())
            }
            Some(target) => Err(format!("source and target are both `{target}`")),
            None => Err(format!("translated into `{tag}`, not Arabic or English")),
        }
    }
}

fn script_of<'t>(texts: impl Iterator<Item = &'t str>) -> Option<Lang> {
    let mut all = String::new();
    for text in texts {
        if all.len() >= SCRIPT_BYTES {
            break;
        }
        all.push_str(text);
    }
    Lang::of_text(&all)
}

struct Reader<'r, 's> {
    text: &'r str,
    encoding: &'static str,
    lines: LineCounter<'r>,
    languages: Languages,
    sink: &'r mut Sink<'s>,
}

impl Reader<'_, '_> {
    fn entry(&mut self, index: usize, entry: &Entry) -> ControlFlow<()> {
        let raw = &self.text[entry.range.clone()];
        if let Some(at) = raw.find(BAD_BYTE) {
            let location = self.lines.location(entry.range.start + at);
            let message = format!("bytes that are no {} text", self.encoding);
            return self.reject(entry, location, message);
        }
        let start = entry.strings_at.unwrap_or(entry.range.start);
        let location = Location {
            line: self.lines.line(start),
            column: 1,
        };
        if raw.len() > UNIT_LIMIT {
            let message = format!("the message is longer than {UNIT_LIMIT} bytes");
            return self.reject(entry, location, message);
        }
        if let Some(fault) = &entry.fault {
            let location = self.lines.location(fault.at);
            return self.reject(entry, location, fault.message.clone());
        }
        let (Ok(source), Some(id)) = (&self.languages.source, &entry.id) else {
            let message = self.languages.source.clone().err().unwrap_or_default();
            return self.reject(entry, location, message);
        };
        let source = *source;
        let comments = Comments::of(raw, index);
        for (form, string) in &entry.translations {
            let text = match &entry.plural {
                Some(plural) if *form != self.languages.plurals.one => &plural.text,
                _ => &id.text,
            };
            let form = entry.plural.is_some().then_some(*form);
            let record = if string.text.trim().is_empty() {
                Err("not translated".to_owned())
            } else {
                draft(source, text, &string.text, comments.origin(entry, form))
            };
            match record {
                Ok(draft) => (self.sink)(Record::Unit(draft))?,
                Err(message) => self.reject(entry, location, message)?,
            }
        }
        ControlFlow::Continue(())
    }

    fn reject(&mut self, entry: &Entry, location: Location, message: String) -> ControlFlow<()> {
        let raw = self.text[entry.range.clone()].replace(BAD_BYTE, "\u{FFFD}");
        (self.sink)(Record::Rejected {
            diagnostic: Diagnostic::error(location, message),
            raw: excerpt(raw.as_bytes()),
        })
    }
}

fn draft(lang: Lang, source: &str, target: &str, origin: Origin) -> Result<DraftUnit, String> {
    let forbidden = [source, target].into_iter().find_map(first_forbidden);
    if let Some((_, c)) = forbidden {
        return Err(forbidden_message(c));
    }
    let mut sides = Sides {
        ar: source,
        en: source,
    };
    *sides.get_mut(lang.other()) = target;
    DraftUnit::new(sides.ar, sides.en, origin).map_err(|blank| blank.to_string())
}

/// What the comments of a message say.
#[derive(Default)]
struct Comments {
    note: Option<String>,
    document: Option<String>,
    position: Option<u32>,
}

impl Comments {
    /// Of a message that is the file's `index`th.
    fn of(raw: &str, index: usize) -> Self {
        let mut comments = Self::default();
        let mut notes: Vec<&str> = Vec::new();
        for line in raw.lines().map(str::trim) {
            let Some(comment) = line.strip_prefix('#') else {
                continue;
            };
            match comment.chars().next() {
                Some('~' | ',' | '|' | '=') => {}
                Some(':') if comments.document.is_none() => {
                    let reference = first_reference(&comment[1..]);
                    let (file, number) = match reference.rsplit_once(':') {
                        Some((file, number)) => (file, number.parse().ok()),
                        None => (reference, None),
                    };
                    if !file.is_empty() {
                        comments.document = Some(file.to_owned());
                        comments.position = number.or(u32::try_from(index).ok());
                    }
                }
                Some(':') => {}
                Some('.') => notes.push(comment[1..].trim()),
                _ => notes.push(comment.trim()),
            }
        }
        let note = notes.join("\n");
        comments.note = Some(note.trim().to_owned()).filter(|note| !note.is_empty());
        comments
    }

    fn origin(&self, entry: &Entry, form: Option<u32>) -> Origin {
        let mut properties = Vec::new();
        let mut property = |name: &str, value: String| {
            if first_forbidden(&value).is_none() {
                properties.push((name.to_owned(), value));
            }
        };
        if let Some(context) = &entry.context {
            property(CONTEXT, context.text.clone());
        }
        let flags: Vec<&str> = entry.flags.iter().map(String::as_str).collect();
        let flags: Vec<&str> = flags.into_iter().filter(|flag| *flag != "fuzzy").collect();
        if !flags.is_empty() {
            property(FLAGS, flags.join(", "));
        }
        if let Some(form) = form {
            property("plural-form", form.to_string());
        }
        if entry.obsolete {
            property("obsolete", "yes".to_owned());
        }
        let notes = self.note.iter();
        let notes = notes.filter(|note| first_forbidden(note).is_none());
        Origin {
            document: self.document.clone(),
            position: self.position,
            state: match entry.is_fuzzy() {
                true => UnitState::Initial,
                false => UnitState::default(),
            },
            notes: notes.cloned().collect(),
            properties,
            ..Origin::default()
        }
    }
}

/// What isolates the name of a file with a space in it.
pub(super) const ISOLATES: [char; 2] = ['\u{2068}', '\u{2069}'];

/// The first reference of a line.
fn first_reference(line: &str) -> &str {
    let line = line.trim();
    match line.strip_prefix(ISOLATES[0]) {
        Some(name) => name.split(ISOLATES[1]).next().unwrap_or_default(),
        None => line.split_whitespace().next().unwrap_or_default(),
    }
}
