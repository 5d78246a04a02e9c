//! From events to slots: which values are texts, and where exactly they stand.
//!
//! The parser's marks are characters, begin at anchors and tags, and end behind white space and comments; a block's
//! begin behind its head. So a mark only says where to look, and the value's own bounds are found in the text.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use super::{Shape, Style};
use crate::format::encoded::LineCounter;
use crate::format::fill::Slot;
use crate::format::fill::strings::json::PATH_LIMIT;
use crate::format::fill::strings::plural::{PluralKeys, PluralSet};
use crate::format::fill::strings::{NamedLanguage, StringSlot};
use crate::format::{first_forbidden, forbidden_message};

/// What there is in a file.
pub(super) struct Found {
    pub(super) slots: Vec<Slot>,
    pub(super) places: Vec<StringSlot<Style>>,
    pub(super) plurals: Vec<PluralSet>,
    /// The only key at the root, and where it stands without quotes.
    pub(super) root: Option<NamedLanguage>,
}

/// A map or a list that is open.
enum Level {
    Map {
        /// The length of the path in front of its keys.
        path: usize,
        in_flow: bool,
        keys: PluralKeys,
        /// The key whose value comes next, and where it stands; `None` where a key comes next.
        key: Option<(Option<String>, usize)>,
    },
    List {
        path: usize,
        in_flow: bool,
        number: usize,
    },
    /// A map or list that is a key, with what is in it.
    InKey,
}

impl Level {
    fn map(path: usize, in_flow: bool) -> Self {
        Self::Map {
            path,
            in_flow,
            keys: PluralKeys::default(),
            key: None,
        }
    }

    fn list(path: usize, in_flow: bool) -> Self {
        Self::List {
            path,
            in_flow,
            number: 0,
        }
    }
}

/// Reads all of a file.
///
/// # Errors
/// The byte where it stops being YAML, and why.
pub(super) fn scan(text: &str) -> Result<Found, (usize, String)> {
    if let Some((at, c)) = first_forbidden(text) {
        return Err((at, forbidden_message(c)));
    }
    let mut pads = Pads::default();
    let mut left = REREAD_LIMIT;
    loop {
        let mut scanner = Scanner::new(text, &pads);
        let (at, message) = match scanner.run() {
            Ok(()) => return Ok(scanner.finish()),
            Err(stop) => stop,
        };
        let is_strict = TOO_STRICT.iter().any(|start| message.starts_with(start));
        match left.checked_sub(text.len()).filter(|_| is_strict) {
            Some(less) if pads.mend(text, at, &message) => left = less,
            _ => return Err((at, message)),
        }
    }
}

/// How the parser's messages begin about what it refuses and most others take: lines in brackets and quotes that are not
/// indented deeper than what holds them, which is against the standard, and a tab alone between `:` and a value.
const TOO_STRICT: [&str; 2] = [
    "invalid indentation",
    "':' must be followed by a valid YAML whitespace",
];

/// How many bytes are read again in a file because of that.
const REREAD_LIMIT: usize = 256 * 1024 * 1024;

/// Spaces that only the parser sees, so that it takes such places, where they mean nothing.
#[derive(Debug, Default)]
struct Pads {
    /// The character of the text that each stands before, in order, and its byte.
    places: Vec<(usize, usize)>,
    /// Which characters of the padded text they are.
    seen_at: Vec<usize>,
    /// Where the parser stopped last, and how many times in a row.
    last: Option<usize>,
    times: usize,
}

/// How many spaces a place is given at the most: deeper than that nobody indents, and what still is too little means
/// something else.
const DEEPEST: usize = 100;

impl Pads {
    /// Adds what the parser misses that stopped at byte `at`, a space at a time; `false` where that would not help.
    fn mend(&mut self, text: &str, at: usize, message: &str) -> bool {
        if self.last != Some(at) {
            (self.last, self.times) = (Some(at), 0);
        }
        self.times += 1;
        if self.times > DEEPEST {
            return false;
        }
        let places = if message.contains("quoted") {
            let rest = &text[at..];
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            let length = quote.and_then(|quote| quoted_length(rest, quote));
            let inside = &rest[..length.unwrap_or_default()];
            let ends = inside.match_indices(['\n', '\r']);
            let ends = ends.filter(|(end, _)| !inside[*end..].starts_with("\r\n"));
            ends.map(|(end, _)| at + end + 1).collect()
        } else {
            vec![at]
        };
        let (mut chars, mut from) = (0, 0);
        for &byte in &places {
            chars += text[from..byte].chars().count();
            from = byte;
            self.places.push((chars, byte));
        }
        self.places.sort_unstable();
        let places_and_pads = self.places.iter().zip(0..);
        self.seen_at = places_and_pads.map(|((chars, _), i)| chars + i).collect();
        !places.is_empty()
    }

    /// The text as the parser is to see it.
    fn padded<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.places.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len() + self.places.len());
        let mut from = 0;
        for &(_, byte) in &self.places {
            out.push_str(&text[from..byte]);
            out.push(' ');
            from = byte;
        }
        Cow::Owned(out + &text[from..])
    }

    /// The character of the text that a character of the padded one is.
    fn original(&self, padded: usize) -> usize {
        let before = self.seen_at.partition_point(|pad| *pad < padded);
        padded - before
    }
}

struct Scanner<'t> {
    text: &'t str,
    pads: &'t Pads,
    /// A character of the text and its byte.
    at: (usize, usize),
    /// Where the event in front ended.
    before: usize,
    lines: LineCounter<'t>,
    levels: Vec<Level>,
    path: String,
    found: Found,
    roots: usize,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str, pads: &'t Pads) -> Self {
        Self {
            text,
            pads,
            at: (0, 0),
            before: 0,
            lines: LineCounter::new(text),
            levels: Vec::new(),
            path: String::new(),
            found: Found {
                slots: Vec::new(),
                places: Vec::new(),
                plurals: Vec::new(),
                root: None,
            },
            roots: 0,
        }
    }

    fn finish(self) -> Found {
        let is_only = self.roots == 1;
        Found {
            root: self.found.root.filter(|_| is_only),
            ..self.found
        }
    }

    /// The byte of a mark; marks hardly ever go back, and then not far.
    fn byte(&mut self, mark: &Marker) -> usize {
        let (chars, bytes) = self.at;
        let to = self.pads.original(mark.index());
        let bytes = if to >= chars {
            let mut rest = self.text[bytes..].char_indices();
            match rest.nth(to - chars) {
                Some((offset, _)) => bytes + offset,
                None => {
                    self.at = (chars + self.text[bytes..].chars().count(), self.text.len());
                    return self.text.len();
                }
            }
        } else {
            let mut before = self.text[..bytes].char_indices().rev();
            before.nth(chars - to - 1).map_or(0, |(offset, _)| offset)
        };
        self.at = (to, bytes);
        bytes
    }

    /// Takes all events, up to the byte where the text stops being YAML, and why.
    fn run(&mut self) -> Result<(), (usize, String)> {
        let padded = self.pads.padded(self.text);
        for event in Parser::new_from_str(&padded) {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    let at = self.byte(error.marker());
                    return Err((at, error.info().to_owned()));
                }
            };
            let start = self.byte(&span.start);
            match event {
                Event::MappingStart(..) => self.open(Level::map, &span),
                Event::SequenceStart(..) => self.open(Level::list, &span),
                Event::MappingEnd | Event::SequenceEnd => self.close(),
                Event::Scalar(value, style, _, tag) => {
                    let end = self.byte(&span.end);
                    self.scalar(&value, style, tag.as_deref(), start..end);
                }
                Event::Alias(_) => self.value(None),
                _ => {}
            }
            let end = self.byte(&span.end);
            self.before = self.before.max(end);
        }
        Ok(())
    }

    /// Begins a map or a list, which `make` makes of the length of its path, and of whether it stands in brackets.
    fn open(&mut self, make: fn(usize, bool) -> Level, span: &Span) {
        let level = match self.levels.last() {
            Some(Level::InKey | Level::Map { key: None, .. }) => Level::InKey,
            _ => {
                self.begin_value();
                make(self.path.len(), self.is_in_flow() || !span.is_empty())
            }
        };
        self.levels.push(level);
    }

    fn is_in_flow(&self) -> bool {
        match self.levels.last() {
            Some(Level::Map { in_flow, .. } | Level::List { in_flow, .. }) => *in_flow,
            Some(Level::InKey) | None => false,
        }
    }

    fn close(&mut self) {
        if let Some(Level::Map { keys, .. }) = self.levels.pop() {
            self.found.plurals.extend(keys.into_sets());
        }
        self.value(None);
    }

    /// Makes the path that of the value that begins.
    fn begin_value(&mut self) {
        match self.levels.last() {
            Some(Level::Map {
                path,
                key: Some((key, _)),
                ..
            }) => {
                self.path.truncate(*path);
                if !self.path.is_empty() {
                    self.path.push('.');
                }
                self.path.push_str(key.as_deref().unwrap_or("?"));
            }
            Some(Level::List { path, number, .. }) => {
                self.path.truncate(*path);
                let _ = write!(self.path, "[{number}]");
            }
            _ => {}
        }
    }

    /// Ends a value, which is a slot or not, or a key.
    fn value(&mut self, slot: Option<usize>) {
        match self.levels.last_mut() {
            Some(Level::Map { keys, key, .. }) => match key.take() {
                Some((Some(key), at)) => keys.add(&key, at, slot),
                Some((None, _)) => {}
                None => *key = Some((None, self.before)),
            },
            Some(Level::List { number, .. }) => *number += 1,
            Some(Level::InKey) | None => {}
        }
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, tag: Option<&Tag>, span: Range<usize>) {
        let at_root = self.levels.len() == 1;
        match self.levels.last_mut() {
            Some(Level::InKey) => return,
            Some(Level::Map { key, .. }) if key.is_none() => {
                let start = behind_properties(self.text, span.start);
                *key = Some((Some(value.to_owned()), start));
                if at_root {
                    self.root(value, start);
                }
                return;
            }
            _ => {}
        }
        self.begin_value();
        let slot = self.slot(value, style, tag, span);
        self.value(slot);
    }

    /// Counts a key at the root, and keeps where the first one stands.
    fn root(&mut self, key: &str, start: usize) {
        self.roots += 1;
        let inside = start + usize::from(self.text[start..].starts_with(['"', '\'']));
        if self.text[inside..].starts_with(key) {
            self.found.root.get_or_insert(NamedLanguage {
                range: inside..inside + key.len(),
                tag: key.to_owned(),
            });
        }
    }

    /// Makes a value a slot, where it is a text; its number.
    fn slot(
        &mut self,
        value: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Range<usize>,
    ) -> Option<usize> {
        let is_tagged = match tag {
            None => false,
            Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => true,
            Some(tag) if tag.handle.is_empty() && tag.suffix == "!" => true,
            Some(_) => return None,
        };
        let is_plain = style == ScalarStyle::Plain;
        if value.trim().is_empty() || (is_plain && !is_tagged && !is_text(value)) {
            return None;
        }
        let (range, shape) = self.place(value, style, span)?;
        let raw = &self.text[range.clone()];
        // The line ends behind a block are those of its head.
        let source = match &shape {
            Shape::Block { .. } => value.trim_end_matches('\n'),
            _ => value,
        };
        let index = self.found.slots.len();
        let tail = self.path.len().saturating_sub(PATH_LIMIT);
        let tail = self.path.ceil_char_boundary(tail);
        self.found.slots.push(Slot {
            source: source.into(),
            key: Some(self.path[tail..].to_owned()).filter(|path| !path.is_empty()),
            paragraph: index,
            line: self.lines.line(range.start),
            ..Slot::default()
        });
        let is_escaped = shape == Shape::Double && raw.is_ascii() && !source.is_ascii();
        self.found.places.push(StringSlot {
            range,
            style: Style {
                shape,
                in_flow: self.is_in_flow(),
                is_tagged,
                is_escaped,
            },
        });
        Some(index)
    }

    /// What is replaced where a value is filled.
    fn place(
        &self,
        value: &str,
        style: ScalarStyle,
        span: Range<usize>,
    ) -> Option<(Range<usize>, Shape)> {
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return self.block(value, style, span.end);
        }
        let start = behind_properties(self.text, span.start);
        let rest = &self.text[start..];
        let (length, shape) = match style {
            ScalarStyle::SingleQuoted => (quoted_length(rest, '\'')?, Shape::Single),
            ScalarStyle::DoubleQuoted => (quoted_length(rest, '"')?, Shape::Double),
            _ => {
                let raw = self.text.get(start..span.end)?.trim_end_matches(WHITE);
                // Behind some carriage returns the parser is a character off.
                words(raw)
                    .eq(words(value))
                    .then_some((raw.len(), Shape::Plain))?
            }
        };
        Some((start..start + length, shape))
    }

    /// Where the lines of a block stand, whose mark ends at `end`.
    fn block(&self, value: &str, style: ScalarStyle, end: usize) -> Option<(Range<usize>, Shape)> {
        let head = self.head_of_block()?;
        let lines = head + line_length(&self.text[head..]);
        let line_start = self.text[..end].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let is_indent = self.text[line_start..end].trim_matches(' ').is_empty();
        let end = if is_indent { line_start } else { end };
        let mut body_end = lines;
        let mut spaces = None;
        let mut at = lines;
        while at < end {
            let length = line_length(&self.text[at..end]);
            let content = self.text[at..at + length].trim_end_matches(['\n', '\r']);
            if !content.trim_matches([' ', '\t']).is_empty() {
                body_end = at + content.len();
                spaces.get_or_insert(content.len() - content.trim_start_matches(' ').len());
            }
            at += length;
        }
        let indicators = self.text[head + 1..lines].split(['#', '\n', '\r']).next()?;
        // Of the spaces of the first line those that are text are not indent.
        let first = value.lines().find(|line| !line.trim().is_empty())?;
        let indent = spaces?.checked_sub(first.len() - first.trim_start_matches(' ').len())?;
        let shape = Shape::Block {
            is_folded: style == ScalarStyle::Folded,
            head: self.text[head..lines].to_owned(),
            indent: " ".repeat(indent),
            states_indent: indicators.contains(|c: char| c.is_ascii_digit()),
            tail: value[value.trim_end_matches('\n').len()..].to_owned(),
        };
        Some((head..body_end, shape))
    }

    /// Where the block begins whose event came: its `|` or `>`, behind what the event in front left.
    fn head_of_block(&self) -> Option<usize> {
        let mut at = self.before;
        loop {
            at = behind_properties(self.text, at);
            match self.text[at..].chars().next()? {
                '|' | '>' => return Some(at),
                ':' | '-' | '?' => at += 1,
                _ => return None,
            }
        }
    }
}

/// White space of YAML; others, such as U+202F, are text.
const WHITE: [char; 4] = [' ', '\t', '\n', '\r'];

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(WHITE).filter(|word| !word.is_empty())
}

/// The first byte from `at` on that is no white space, comment, anchor or tag.
fn behind_properties(text: &str, at: usize) -> usize {
    let mut at = at;
    loop {
        let rest = text[at..].trim_start_matches(WHITE);
        at = text.len() - rest.len();
        let length = match rest.chars().next() {
            Some('#') => rest.find(['\n', '\r']),
            Some('&' | '!') => rest.find(WHITE),
            _ => return at,
        };
        at += length.unwrap_or(rest.len());
    }
}

/// The length of the first line with its end; YAML takes a carriage return for one.
fn line_length(text: &str) -> usize {
    match text.find(['\n', '\r']) {
        Some(at) if text[at..].starts_with("\r\n") => at + 2,
        Some(at) => at + 1,
        None => text.len(),
    }
}

/// The length of a quoted value, quotes and all.
fn quoted_length(text: &str, quote: char) -> Option<usize> {
    let bytes = text.strip_prefix(quote)?.as_bytes();
    let quote = quote as u8;
    let mut at = 0;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            byte if byte == quote => {
                if quote == b'\'' && bytes.get(at + 1) == Some(&quote) {
                    at += 2;
                } else {
                    return Some(at + 2);
                }
            }
            _ => at += 1,
        }
    }
}

/// Whether a plain value is a text, and neither a number, a date, a truth value nor a symbol of Ruby, in YAML 1.1 or 1.2.
pub(super) fn is_text(value: &str) -> bool {
    let word = value.to_ascii_lowercase();
    let words = [
        "", "~", "null", "true", "false", "yes", "no", "on", "off", "<<", "=",
    ];
    if words.contains(&word.as_str()) {
        return false;
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if value
        .strip_prefix(':')
        .is_some_and(|name| name.chars().all(is_name))
    {
        return false;
    }
    let number = word.trim_start_matches(['+', '-']);
    if !number.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return true;
    }
    let is_in_radix = ["0x", "0o", "0b"].iter().any(|prefix| {
        let digits = number.strip_prefix(prefix);
        digits.is_some_and(|d| d.chars().all(|c| c.is_ascii_hexdigit() || c == '_'))
    });
    let is_number = number.replace('_', "").parse::<f64>().is_ok();
    let is_date = number.len() > 10
        && number.as_bytes()[..10]
            .iter()
            .all(|b| b.is_ascii_digit() || *b == b'-')
        && matches!(number.as_bytes()[10], b't' | b' ');
    let has_letters = value.chars().any(char::is_alphabetic);
    has_letters && !is_in_radix && !is_number && !is_date && !matches!(number, ".inf" | ".nan")
}
