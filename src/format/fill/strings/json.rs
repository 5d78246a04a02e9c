//! JSON of key and string, as programs keep their messages: objects and arrays in any depth, of which each value that is a
//! string is a slot; its key is the path to it, such as `menu.open` or `days[0]`.
//!
//! RFC 8259; UTF-8 or UTF-16, with or without a byte order mark. Keys, numbers, order and white space stay. A string that is
//! written with `\u` escapes alone is filled so. In ARB, what begins with `@` is about messages and no slot. A file that is
//! not JSON is refused at the place where it stops being JSON.
//!
//! - A key at the root that is the only one and names a language (`"en": {`), and ARB's `@@locale`, are turned to the
//!   language that is filled in.
//! - Keys that end in `_one` and `_other` (i18next), and objects whose keys are plural categories, are messages with
//!   plural forms; see [`super`] for what is added for Arabic. `_plural` and `_0` of older i18next are keys like
//!   any other, and so an ICU message is a text like any other.
//!
//! No recursion: any depth is read. Cost: linear, but for the paths of deep keys.

use std::fmt::Write as _;

use super::plural::{PluralKeys, PluralSet};
use super::{NamedLanguage, StringFile, StringFormat, StringSlot, names_language};
use crate::coded::Coded;
use crate::diagnostic::Diagnostic;
use crate::format::FormatError;
use crate::format::encoded::{Charset, EncodedText, LineCounter};
use crate::format::fill::{FillableFile, OpenOptions, Slot};

/// The longest path of a key in bytes; of a longer one its end is kept.
pub(super) const PATH_LIMIT: usize = 1024;

/// Reads a JSON file.
///
/// # Errors
/// [`FormatError::NotText`], [`FormatError::IllFormed`].
pub fn open(
    bytes: Vec<u8>,
    name: &str,
    _options: &OpenOptions,
    _report: &mut dyn FnMut(Diagnostic),
) -> Result<Box<dyn FillableFile>, FormatError> {
    let file = EncodedText::open(&bytes, name, |_| Ok(Charset::UTF_8))?;
    drop(bytes);
    let mut scanner = Scanner::new(file.text());
    if let Err(message) = scanner.run() {
        return Err(FormatError::IllFormed {
            name: name.to_owned(),
            location: file.location(scanner.at),
            message: message.to_owned(),
        });
    }
    let Scanner {
        slots,
        places,
        plurals,
        root,
        roots,
        locale,
        ..
    } = scanner;
    let root = root.filter(|root| roots == 1 && names_language(&root.tag, name));
    let mut json = StringFile::<Json>::new(file, slots, places);
    if let Some(root) = root {
        json = json.with_root(root);
    }
    json.language = locale.or(json.language);
    Ok(Box::new(json.with_plurals(plurals)))
}

struct Json;

impl StringFormat for Json {
    /// Whether all but ASCII is written as escapes.
    type Style = bool;

    fn written(
        file: &EncodedText,
        _source: &Coded,
        target: &Coded,
        escaped: &bool,
    ) -> Result<String, String> {
        Ok(quoted(&target.text, file, *escaped))
    }

    fn added_form(
        file: &EncodedText,
        at: usize,
        key: &str,
        target: &Coded,
        escaped: &bool,
    ) -> Option<Result<String, String>> {
        let before = &file.text()[..at];
        let space = &before[before.trim_end().len()..];
        let separator = if space.contains('\n') { space } else { " " };
        let key = quoted(key, file, *escaped);
        let value = quoted(&target.text, file, *escaped);
        Some(Ok(format!("{key}: {value},{separator}")))
    }
}

/// A string of JSON; `escaped` where all but ASCII is to be escapes.
fn quoted(text: &str, file: &EncodedText, escaped: bool) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{C}' => out.push_str("\\f"),
            _ if c < ' ' || (escaped && !c.is_ascii()) || !file.has(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// What the scanner stands in.
enum Level {
    /// An object.
    Object {
        /// The length of the path in front of its keys.
        path: usize,
        keys: PluralKeys,
        /// The key that was read last, where it begins, and the slot of its value.
        last: (String, usize, Option<usize>),
    },
    /// An array, with that length and the number of the element.
    Array(usize, usize),
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    lines: LineCounter<'t>,
    levels: Vec<Level>,
    path: String,
    slots: Vec<Slot>,
    places: Vec<StringSlot<bool>>,
    plurals: Vec<PluralSet>,
    /// The first key at the root, and how many there are.
    root: Option<NamedLanguage>,
    roots: usize,
    /// The value of ARB's `@@locale`.
    locale: Option<NamedLanguage>,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            lines: LineCounter::new(text),
            levels: Vec::new(),
            path: String::new(),
            slots: Vec::new(),
            places: Vec::new(),
            plurals: Vec::new(),
            root: None,
            roots: 0,
            locale: None,
        }
    }

    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(self.at) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn run(&mut self) -> Result<(), &'static str> {
        loop {
            let opened = self.value()?;
            if !opened && !self.behind_value()? {
                break;
            }
        }
        match self.peek() {
            None => Ok(()),
            Some(_) => Err("something behind the end of the value"),
        }
    }

    /// Reads a value, or the beginning of one with values in it, up to the first of these; `true` then.
    fn value(&mut self) -> Result<bool, &'static str> {
        match self.peek().ok_or("the file ends too early")? {
            b'{' => {
                self.at += 1;
                self.levels.push(Level::Object {
                    path: self.path.len(),
                    keys: PluralKeys::default(),
                    last: (String::new(), 0, None),
                });
                if self.peek() == Some(b'}') {
                    return Ok(false);
                }
                self.key()?;
                Ok(true)
            }
            b'[' => {
                self.at += 1;
                self.levels.push(Level::Array(self.path.len(), 0));
                if self.peek() == Some(b']') {
                    return Ok(false);
                }
                self.element(0);
                Ok(true)
            }
            b'"' => {
                let start = self.at;
                let text = self.string()?;
                let is_about = self.path.split('.').any(|part| part.starts_with('@'));
                if self.path == "@@locale" {
                    self.locale = Some(NamedLanguage {
                        range: start + 1..self.at - 1,
                        tag: text.clone(),
                    });
                }
                if !is_about && !text.trim().is_empty() {
                    if let Some(Level::Object { last, .. }) = self.levels.last_mut() {
                        last.2 = Some(self.slots.len());
                    }
                    let raw = &self.text[start..self.at];
                    let escaped = raw.is_ascii() && !text.is_ascii();
                    let tail = self.path.len().saturating_sub(PATH_LIMIT);
                    let tail = self.path.ceil_char_boundary(tail);
                    self.slots.push(Slot {
                        source: text.as_str().into(),
                        key: Some(self.path[tail..].to_owned()).filter(|path| !path.is_empty()),
                        paragraph: self.slots.len(),
                        line: self.lines.line(start),
                        ..Slot::default()
                    });
                    self.places.push(StringSlot {
                        range: start..self.at,
                        style: escaped,
                    });
                }
                Ok(false)
            }
            _ => {
                let rest = self.text[self.at..].bytes();
                let length = rest
                    .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
                    .count();
                let token = &self.text[self.at..self.at + length];
                let is_number = token.starts_with(|c: char| c == '-' || c.is_ascii_digit())
                    && token.parse::<f64>().is_ok();
                if !is_number && !matches!(token, "true" | "false" | "null") {
                    return Err("no value of JSON");
                }
                self.at += length;
                Ok(false)
            }
        }
    }

    /// Reads what stands behind a value, up to the next one; `false` at the end.
    fn behind_value(&mut self) -> Result<bool, &'static str> {
        loop {
            let next = self.peek();
            match self.levels.last_mut() {
                None => return Ok(false),
                Some(Level::Object { path, keys, last }) => {
                    self.path.truncate(*path);
                    let (key, at, slot) = std::mem::take(last);
                    if !key.is_empty() {
                        keys.add(&key, at, slot);
                    }
                    match next {
                        Some(b',') => {
                            self.at += 1;
                            self.key()?;
                            return Ok(true);
                        }
                        Some(b'}') => self.at += 1,
                        None => return Err("the file ends too early"),
                        Some(_) => return Err("neither `,` nor `}` behind a value"),
                    }
                }
                Some(Level::Array(path, number)) => {
                    *number += 1;
                    let (path, number) = (*path, *number);
                    self.path.truncate(path);
                    match next {
                        Some(b',') => {
                            self.at += 1;
                            self.element(number);
                            return Ok(true);
                        }
                        Some(b']') => self.at += 1,
                        None => return Err("the file ends too early"),
                        Some(_) => return Err("neither `,` nor `]` behind a value"),
                    }
                }
            }
            if let Some(Level::Object { keys, .. }) = self.levels.pop() {
                self.plurals.extend(keys.into_sets());
            }
        }
    }

    fn key(&mut self) -> Result<(), &'static str> {
        if self.peek() != Some(b'"') {
            return Err("no key where one should be");
        }
        let start = self.at;
        let key = self.string()?;
        if let [Level::Object { .. }] = self.levels[..] {
            self.roots += 1;
            self.root.get_or_insert(NamedLanguage {
                range: start + 1..self.at - 1,
                tag: key.clone(),
            });
        }
        if let Some(Level::Object { last, .. }) = self.levels.last_mut() {
            *last = (key.clone(), start, None);
        }
        if self.peek() != Some(b':') {
            return Err("no `:` behind a key");
        }
        self.at += 1;
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(&key);
        Ok(())
    }

    fn element(&mut self, number: usize) {
        let _ = write!(self.path, "[{number}]");
    }

    /// Reads a string, which begins here.
    fn string(&mut self) -> Result<String, &'static str> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut at = start + 1;
        loop {
            match bytes.get(at) {
                None => return Err("a string that doesn't end"),
                Some(b'"') => break,
                Some(b'\\') => at += 2,
                Some(0..0x20) => {
                    self.at = at;
                    return Err("a control character in a string");
                }
                Some(_) => at += 1,
            }
        }
        let raw = &self.text[start..=at];
        self.at = at + 1;
        serde_json::from_str(raw).map_err(|_| {
            self.at = start;
            "a string with an escape that is none"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::fill::{FillOptions, Filling};
    use crate::lang::Lang;

    fn opened(text: &str) -> Result<Box<dyn FillableFile>, FormatError> {
        open(text.into(), "x.json", &OpenOptions::default(), &mut |_| {})
    }

    #[test]
    fn values_that_are_strings_are_slots_with_their_paths() {
        let text = "{\"en\": {\"a\": \"One\", \"n\": 1.5e3, \"l\": [\"Two\", {\"x\": \"Three\"}], \"e\": {}}, \"z\": \"\\u0643\"}";
        let file = opened(text).unwrap();
        let slots = file.slots().iter();
        let slots: Vec<_> = slots
            .map(|s| (s.key.as_deref().unwrap(), s.source.text.as_str()))
            .collect();
        assert_eq!(
            slots,
            [
                ("en.a", "One"),
                ("en.l[0]", "Two"),
                ("en.l[1].x", "Three"),
                ("z", "ك")
            ]
        );
    }

    #[test]
    fn what_is_no_json_is_refused_with_its_place() {
        for (text, place) in [
            ("{\"a\": \"b\"", "1:10"),
            ("{\n\"a\" \"b\"}", "2:5"),
            ("[1,\n2 3]", "2:3"),
            ("{\"a\": \"b\u{1}\"}", "1:9"),
            ("[nul]", "1:2"),
            ("{} x", "1:4"),
            ("", "1:1"),
            ("\"abc", "1:1"),
        ] {
            let Err(FormatError::IllFormed { location, .. }) = opened(text) else {
                panic!("{text}")
            };
            assert_eq!(location.to_string(), place, "{text}");
        }
    }

    #[test]
    fn no_depth_is_too_deep() {
        let deep = 200_000;
        let text = format!("{}\"a\"{}", "[".repeat(deep), "]".repeat(deep));
        assert_eq!(opened(&text).unwrap().slots().len(), 1);
        assert!(opened(&"{\"a\":".repeat(deep)).is_err());
    }

    #[test]
    fn missing_forms_are_added_and_the_language_is_turned() {
        let text = "{\"en\": {\n  \"f_one\": \"file\",\n  \"f_other\": \"files\", \"m\": {\"one\": \"a\", \"other\": \"b\"}\n}}";
        let file = opened(text).unwrap();
        assert_eq!(file.slots()[1].key.as_deref(), Some("f_other"));
        assert_eq!(file.slots()[1].form.as_deref(), Some("other"));
        let slots = file.slots().iter();
        let fillings: Vec<_> = slots
            .map(|slot| Filling {
                target: Some(slot.source.text.to_uppercase().as_str().into()),
                ..Filling::default()
            })
            .collect();
        let options = FillOptions {
            target: Some(Lang::Arabic),
        };
        let mut out = Vec::new();
        file.write(&fillings, &options, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "{\"ar\": {\n  \"f_zero\": \"FILES\",\n  \"f_one\": \"FILE\",\n  \"f_two\": \"FILES\",\n  \"f_few\": \"FILES\",\n  \"f_many\": \"FILES\",\n  \
             \"f_other\": \"FILES\", \"m\": {\"zero\": \"B\", \"one\": \"A\", \"two\": \"B\", \"few\": \"B\", \"many\": \"B\", \"other\": \"B\"}\n}}"
        );
        let arb = opened("{\"@@locale\": \"en\", \"a\": \"b\"}").unwrap();
        assert_eq!(arb.languages().source.as_deref(), Some("en"));
    }
}
