//! A PO file to be filled.

use std::collections::HashMap;
use std::io::Write;
use std::ops::Range;

use super::header::{self, Plurals};
use super::parse::{Entry, parse};
use super::placeholders::placeholders;
use super::quote::quote;
use crate::coded::Coded;
use crate::diagnostic::{Diagnostic, Location};
use crate::format::FormatError;
use crate::format::encoded::{EncodedText, LineCounter};
use crate::format::fill::{
    FillOptions, FillableFile, Filling, Languages, OpenOptions, Slot, SlotState,
};
use crate::lang::Lang;

/// Reads a PO file. What is odd about it goes to `report`: entries that break the grammar, which are left as they are;
/// a header that is missing or there twice; messages that are there twice.
///
/// # Errors
/// [`FormatError::NotText`], [`FormatError::UnsupportedEncoding`].
pub fn open(
    bytes: Vec<u8>,
    name: &str,
    options: &OpenOptions,
    report: &mut dyn FnMut(Diagnostic),
) -> Result<Box<dyn FillableFile>, FormatError> {
    let file = EncodedText::open(&bytes, name, header::charset)?;
    drop(bytes);
    let entries = parse(file.text());
    check(&file, &entries, report);
    let header = entries
        .iter()
        .position(|entry| entry.is_header() && !entry.obsolete && entry.fault.is_none());
    let head = header.map_or("", |at| entries[at].translations[0].1.text.as_str());
    let language = header::field(head, "Language").map(str::to_owned);
    let target = language
        .as_deref()
        .and_then(Lang::from_tag)
        .or_else(|| options.source.map(Lang::other));
    let target = target.or_else(|| {
        let ids = entries.iter().filter_map(|entry| entry.id.as_ref());
        ids.filter_map(|id| Lang::of_text(&id.text))
            .next()
            .map(Lang::other)
    });
    let plurals = header::field(head, "Plural-Forms")
        .and_then(Plurals::parse)
        .unwrap_or_else(|| Plurals::of(target.unwrap_or(Lang::Arabic)));
    let mut po = PoFile {
        file,
        entries,
        header,
        language,
        plurals,
        slots: Vec::new(),
        places: Vec::new(),
    };
    po.find_slots();
    Ok(Box::new(po))
}

/// Reports what is wrong with entries and with the file as a whole.
fn check(file: &EncodedText, entries: &[Entry], report: &mut dyn FnMut(Diagnostic)) {
    let mut seen: HashMap<(Option<&str>, &str), u64> = HashMap::new();
    let mut lines = LineCounter::new(file.text());
    let mut headers = 0;
    for entry in entries.iter().filter(|entry| !entry.obsolete) {
        let at = entry.strings_at.unwrap_or(entry.range.start);
        let line = lines.line(at);
        let here = Location { line, column: 1 };
        if let Some(fault) = &entry.fault {
            let location = lines.location(fault.at);
            report(Diagnostic::error(location, fault.message.clone()));
            continue;
        }
        let Some(id) = &entry.id else { continue };
        if entry.is_header() {
            headers += 1;
            if headers > 1 {
                report(Diagnostic::warning(
                    here,
                    "a second header; it is left alone",
                ));
            }
            continue;
        }
        let context = entry.context.as_ref().map(|context| context.text.as_str());
        if let Some(first) = seen.insert((context, &id.text), line) {
            let message = format!("the message of line {first} again");
            report(Diagnostic::warning(here, message));
        }
    }
    if headers == 0 {
        report(Diagnostic {
            severity: crate::diagnostic::Severity::Warning,
            location: None,
            message: "the file has no header; it is taken as UTF-8".to_owned(),
        });
    }
}

/// Where a slot's translation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    entry: usize,
    /// The number of its plural form; `None` in an entry without.
    form: Option<u32>,
}

struct PoFile {
    file: EncodedText,
    entries: Vec<Entry>,
    header: Option<usize>,
    language: Option<String>,
    plurals: Plurals,
    slots: Vec<Slot>,
    /// For each slot; those of one entry stand together.
    places: Vec<Place>,
}

/// Replacements in a file's text.
type Edits = Vec<(Range<usize>, String)>;

impl PoFile {
    fn find_slots(&mut self) {
        let mut lines = LineCounter::new(self.file.text());
        for (index, entry) in self.entries.iter().enumerate() {
            if entry.obsolete || entry.fault.is_some() || entry.is_header() {
                continue;
            }
            let Some(id) = &entry.id else { continue };
            let line = lines.line(entry.strings_at.unwrap_or(id.start));
            let slot = |source: &str, target: &str, form: Option<u32>| Slot {
                source: source.into(),
                target: (!target.is_empty()).then(|| target.into()),
                state: match (target.is_empty(), entry.is_fuzzy()) {
                    (true, _) => SlotState::Untranslated,
                    (false, true) => SlotState::Draft,
                    (false, false) => SlotState::Confirmed,
                },
                key: entry.context.as_ref().map(|context| context.text.clone()),
                form: form.map(|form| form.to_string()),
                paragraph: index,
                line,
            };
            let Some(plural) = &entry.plural else {
                self.slots
                    .push(slot(&id.text, &entry.translations[0].1.text, None));
                self.places.push(Place {
                    entry: index,
                    form: None,
                });
                continue;
            };
            let there = entry.translations.iter().map(|(form, _)| form + 1).max();
            for form in 0..self.plurals.forms.max(there.unwrap_or(0)) {
                let source = if form == self.plurals.one {
                    &id.text
                } else {
                    &plural.text
                };
                let target = entry
                    .translations
                    .iter()
                    .find(|(number, _)| *number == form);
                let target = target.map_or("", |(_, string)| string.text.as_str());
                self.slots.push(slot(source, target, Some(form)));
                self.places.push(Place {
                    entry: index,
                    form: Some(form),
                });
            }
        }
    }

    /// What is to be written, in the order of the file; `report` gets what is left out.
    fn edits(
        &self,
        fillings: &[Filling],
        options: &FillOptions,
        report: &mut dyn FnMut(Diagnostic),
    ) -> Edits {
        let mut edits = Vec::new();
        let filled = fillings.len().min(self.places.len());
        let mut at = 0;
        while at < filled {
            let entry = self.places[at].entry;
            let same = self.places[at..filled]
                .iter()
                .take_while(|place| place.entry == entry);
            let end = at + same.count();
            self.fill_entry(at, &fillings[at..end], &mut edits, report);
            at = end;
        }
        if !edits.is_empty() {
            self.fill_header(options, &mut edits);
        }
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        edits
    }

    /// Fills the slots from `first` on, which are those of one entry.
    fn fill_entry(
        &self,
        first: usize,
        fillings: &[Filling],
        edits: &mut Edits,
        report: &mut dyn FnMut(Diagnostic),
    ) {
        let entry = &self.entries[self.places[first].entry];
        let mut filled: Vec<(usize, String)> = Vec::new();
        for (index, filling) in fillings.iter().enumerate() {
            let Some(target) = &filling.target else {
                continue;
            };
            let slot = &self.slots[first + index];
            let text = with_edges_of(entry.id.as_ref().map_or("", |id| &id.text), &target.text);
            let refused = if text.contains('\0') {
                Some("a NUL".to_owned())
            } else {
                let encoded = self.file.charset().encode(&text);
                encoded
                    .err()
                    .map(|c| format!("the character U+{:04X}", u32::from(c)))
            };
            if let Some(what) = refused {
                let location = Location {
                    line: slot.line,
                    column: 1,
                };
                let message =
                    format!("a translation was left out, since the file can't hold {what}");
                report(Diagnostic::error(location, message));
            } else {
                filled.push((index, text));
            }
        }
        if filled.is_empty() {
            return;
        }
        let texts: HashMap<usize, &str> =
            filled.iter().map(|(i, text)| (*i, text.as_str())).collect();
        let fuzzy = !self.is_done(entry, first, fillings, &texts);
        self.put_translations(entry, first, &filled, edits);
        self.put_flag(entry, fuzzy, edits);
        let previous = if fuzzy {
            self.previous(entry, first, fillings, &texts)
        } else {
            String::new()
        };
        for line in &entry.previous_lines {
            edits.push((line.clone(), String::new()));
        }
        if !previous.is_empty() {
            let at = entry.previous_lines.first().map(|line| line.start);
            let at = at.or(entry.strings_at).unwrap_or(entry.range.start);
            // Behind the flag, which may stand at the same place.
            edits.push((at..at, previous));
        }
    }

    /// Whether an entry with `texts` filled in may stand as translated.
    fn is_done(
        &self,
        entry: &Entry,
        first: usize,
        fillings: &[Filling],
        texts: &HashMap<usize, &str>,
    ) -> bool {
        let checked = entry
            .flags
            .iter()
            .any(|flag| flag.ends_with("-format") && !flag.starts_with("no-"));
        let form_is_known = |form: Option<u32>| {
            form.is_none_or(|form| self.plurals.forms <= 2 || form == self.plurals.one)
        };
        (0..fillings.len()).all(|index| {
            let slot = &self.slots[first + index];
            let Some(text) = texts.get(&index) else {
                // What was there stays, and is as done as it was.
                return slot.state == SlotState::Confirmed;
            };
            let reference = entry
                .plural
                .as_ref()
                .map_or(&slot.source.text, |plural| &plural.text);
            fillings[index].confirmed
                && form_is_known(self.places[first + index].form)
                && (!checked || placeholders(text) == placeholders(reference))
        })
    }

    fn put_translations(
        &self,
        entry: &Entry,
        first: usize,
        filled: &[(usize, String)],
        edits: &mut Edits,
    ) {
        let line_end = self.file.line_end();
        let mut any_missing = false;
        for (index, text) in filled {
            let form = self.places[first + index].form;
            let number = form.unwrap_or(0);
            let keyword = form.map_or("msgstr".to_owned(), |form| format!("msgstr[{form}]"));
            let quoted = quote(text, &keyword, "", line_end);
            match entry
                .translations
                .iter()
                .find(|(there, _)| *there == number)
            {
                Some((_, string)) => edits.push((string.value.clone(), quoted)),
                None => any_missing = true,
            }
        }
        if !any_missing {
            return;
        }
        // Forms that are neither there nor filled are empty, in order, so that the entry has all of them.
        let mut missing = String::new();
        for index in 0..self.places.len() - first {
            let Place { entry: of, form } = self.places[first + index];
            let (true, Some(form)) = (std::ptr::eq(&self.entries[of], entry), form) else {
                break;
            };
            if entry.translations.iter().any(|(there, _)| *there == form) {
                continue;
            }
            let text = filled.iter().find(|(i, _)| *i == index);
            let text = text.map_or("", |(_, text)| text.as_str());
            let keyword = format!("msgstr[{form}]");
            let quoted = quote(text, &keyword, "", line_end);
            missing.push_str(&format!("{line_end}{keyword} {quoted}"));
        }
        let last = entry
            .translations
            .iter()
            .map(|(_, string)| string.value.end)
            .max();
        let at = last.unwrap_or(entry.range.end);
        edits.push((at..at, missing));
    }

    fn put_flag(&self, entry: &Entry, fuzzy: bool, edits: &mut Edits) {
        if fuzzy == entry.is_fuzzy() {
            return;
        }
        let line_end = self.file.line_end();
        if !fuzzy {
            for range in &entry.flag_lines {
                let line = &self.file.text()[range.clone()];
                let flags = line
                    .trim()
                    .trim_start_matches("#,")
                    .split(',')
                    .map(str::trim);
                let kept: Vec<_> = flags
                    .filter(|flag| *flag != "fuzzy" && !flag.is_empty())
                    .collect();
                let line = if kept.is_empty() {
                    String::new()
                } else {
                    format!("#, {}{line_end}", kept.join(", "))
                };
                edits.push((range.clone(), line));
            }
        } else if let Some(range) = entry.flag_lines.first() {
            let at = range.start + self.file.text()[range.clone()].find("#,").unwrap_or(0) + 2;
            edits.push((at..at, " fuzzy,".to_owned()));
        } else {
            let at = entry.previous_lines.first().map(|line| line.start);
            let at = at.or(entry.strings_at).unwrap_or(entry.range.start);
            edits.push((at..at, format!("#, fuzzy{line_end}")));
        }
    }

    /// The lines `#|` of an entry that is filled from sources other than its own.
    fn previous(
        &self,
        entry: &Entry,
        first: usize,
        fillings: &[Filling],
        texts: &HashMap<usize, &str>,
    ) -> String {
        let of = |is_one: bool| {
            let used = (0..fillings.len()).filter(|index| texts.contains_key(index));
            let mut used = used.filter(|index| {
                let form = self.places[first + index].form;
                form.is_none_or(|form| form == self.plurals.one) == is_one
            });
            used.find_map(|index| fillings[index].previous.as_ref())
        };
        let (singular, plural) = (of(true), of(false));
        if singular.is_none() && plural.is_none() {
            return String::new();
        }
        let line_end = self.file.line_end();
        let mut lines = String::new();
        let mut put = |keyword: &str, previous: Option<&Coded>, own: &str| {
            let text = previous.map_or(own, |previous| &previous.text);
            // What the file can't hold is better left out than spoilt.
            let holds = |c: &char| *c != '\0' && self.file.has(*c);
            let text: String = text.chars().filter(holds).collect();
            let text = with_edges_of(own, &text);
            let quoted = quote(&text, keyword, "#| ", line_end);
            lines.push_str(&format!("#| {keyword} {quoted}{line_end}"));
        };
        if let Some(context) = &entry.context {
            put("msgctxt", None, &context.text);
        }
        put(
            "msgid",
            singular,
            entry.id.as_ref().map_or("", |id| &id.text),
        );
        if let Some(own) = &entry.plural {
            put("msgid_plural", plural, &own.text);
        }
        lines
    }

    /// Gives a template's header what gettext asks of the header of a translation.
    fn fill_header(&self, options: &FillOptions, edits: &mut Edits) {
        let Some(entry) = self.header.map(|at| &self.entries[at]) else {
            return;
        };
        let string = &entry.translations[0].1;
        let mut lines: Vec<String> = string.text.split('\n').map(str::to_owned).collect();
        let ends = lines.last().is_some_and(String::is_empty);
        if ends {
            lines.pop();
        }
        let before = lines.clone();
        let has_plurals = self.entries.iter().any(|entry| entry.plural.is_some());
        for line in &mut lines {
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            let new = match (name.trim().to_ascii_lowercase().as_str(), options.target) {
                ("content-type", _) if value.contains("charset=CHARSET") => {
                    value.replace("charset=CHARSET", "charset=UTF-8")
                }
                ("content-transfer-encoding", _) if value == "ENCODING" => "8bit".to_owned(),
                ("language", Some(lang)) if value.is_empty() => lang.code().to_owned(),
                ("plural-forms", Some(lang)) if Plurals::parse(value).is_none() && has_plurals => {
                    header::plural_forms(lang).to_owned()
                }
                _ => continue,
            };
            *line = format!("{name}: {new}");
        }
        if lines == before {
            return;
        }
        let mut text = lines.join("\n");
        if ends {
            text.push('\n');
        }
        let quoted = quote(&text, "msgstr", "", self.file.line_end());
        edits.push((string.value.clone(), quoted));
    }
}

/// `text` with line ends at its edges where `id` has them, and without where it has none: gettext's "`msgid` and `msgstr`
/// entries do not both begin with '\n'".
fn with_edges_of(id: &str, text: &str) -> String {
    if id.is_empty() || text.is_empty() {
        return text.to_owned();
    }
    let inner = text.trim_start_matches('\n').trim_end_matches('\n');
    if inner.is_empty() {
        return text.to_owned();
    }
    let kept = |has: bool, edge: &str, found: &str| match (has, found.is_empty()) {
        (true, true) => edge.to_owned(),
        (true, false) => found.to_owned(),
        (false, _) => String::new(),
    };
    let lead = &text[..text.len() - text.trim_start_matches('\n').len()];
    let trail = &text[text.trim_end_matches('\n').len()..];
    let lead = kept(id.starts_with('\n'), "\n", lead);
    let trail = kept(id.ends_with('\n'), "\n", trail);
    format!("{lead}{inner}{trail}")
}

impl FillableFile for PoFile {
    fn slots(&self) -> &[Slot] {
        &self.slots
    }

    fn languages(&self) -> Languages {
        Languages {
            source: None,
            target: self.language.clone(),
        }
    }

    fn check(
        &self,
        fillings: &[Filling],
        options: &FillOptions,
        report: &mut dyn FnMut(Diagnostic),
    ) {
        self.edits(fillings, options, report);
    }

    fn write(
        &self,
        fillings: &[Filling],
        options: &FillOptions,
        out: &mut dyn Write,
    ) -> Result<(), FormatError> {
        let edits = self.edits(fillings, options, &mut |_| {});
        self.file.write(&edits, out)
    }
}
