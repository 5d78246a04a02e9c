//! From XML to texts: which elements hold them, and what the program makes of what is written there.

use std::ops::Range;

use quick_xml::events::{BytesStart, Event};

use super::Style;
use crate::coded::CodeKind;
use crate::format::encoded::LineCounter;
use crate::format::fill::Slot;
use crate::format::fill::inline::{self, Piece, PieceKind, Spaces};
use crate::format::fill::strings::plural::{Category, PluralForm, PluralSet};
use crate::format::fill::strings::{NamedLanguage, StringSlot};
use crate::format::xml::{Mend, Mistake, Tokens, for_each_attribute, local, push_text};

/// What there is in a file.
#[derive(Default)]
pub(super) struct Found {
    pub(super) slots: Vec<Slot>,
    pub(super) places: Vec<StringSlot<Style>>,
    pub(super) plurals: Vec<PluralSet>,
    pub(super) language: Option<NamedLanguage>,
}

pub(super) struct Scanner<'t> {
    text: &'t str,
    tokens: Tokens<'t>,
    lines: LineCounter<'t>,
    pub(super) found: Found,
}

/// What a value is made of, before escapes and spaces are looked at.
enum Unit {
    Char(char, Range<usize>),
    Code(CodeKind, u32, Range<usize>),
    /// A CDATA section inside a text, and what it says.
    Section(String, Range<usize>),
}

/// The attributes that matter.
#[derive(Default)]
struct Attributes {
    name: String,
    quantity: String,
    is_fixed: bool,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            tokens: Tokens::balanced(text, 0),
            lines: LineCounter::new(text),
            found: Found::default(),
        }
    }

    /// Reads all of the file.
    pub(super) fn run(&mut self) -> Result<(), Mistake> {
        let mut has_root = false;
        loop {
            let (event, at) = self.tokens.next()?;
            match event {
                Event::Start(tag) | Event::Empty(tag)
                    if local(tag.name().as_ref()) != "resources" =>
                {
                    let name = tag.name();
                    return Err(Mistake {
                        offset: at.start,
                        message: format!("the root is `{}`, not `resources`", name.as_ref()),
                    });
                }
                Event::Start(_) => {
                    has_root = true;
                    self.locale(at);
                    self.resources()?;
                }
                Event::Empty(_) => has_root = true,
                Event::Eof if has_root => return Ok(()),
                Event::Eof => return Err(self.early_end("resources")),
                _ => {}
            }
        }
    }

    fn early_end(&self, element: &str) -> Mistake {
        Mistake {
            offset: self.text.len(),
            message: format!("the file ends before the end of `{element}`"),
        }
    }

    /// Takes the language of the root, whose tag stands there.
    fn locale(&mut self, tag: Range<usize>) {
        let tag_text = &self.text[tag.clone()];
        let Some(at) = tag_text.find("tools:locale") else {
            return;
        };
        let behind = &tag_text[at..];
        let Some(quote) = behind.find(['"', '\'']) else {
            return;
        };
        let value = &behind[quote + 1..];
        let end = value.find(&behind[quote..=quote]).unwrap_or(0);
        let start = tag.start + at + quote + 1;
        self.found.language = Some(NamedLanguage {
            range: start..start + end,
            tag: value[..end].to_owned(),
        });
    }

    fn resources(&mut self) -> Result<(), Mistake> {
        loop {
            let (event, at) = self.tokens.next()?;
            match event {
                Event::Start(tag) => {
                    let attributes = attributes(&tag, &at)?;
                    match local(tag.name().as_ref()) {
                        _ if attributes.is_fixed => self.pass()?,
                        "string" => drop(self.value(at.end, &attributes.name)?),
                        "string-array" => self.items(&attributes.name, false)?,
                        "plurals" => self.items(&attributes.name, true)?,
                        _ => self.pass()?,
                    }
                }
                Event::End(_) => return Ok(()),
                Event::Eof => return Err(self.early_end("resources")),
                _ => {}
            }
        }
    }

    /// Passes over the rest of an element.
    fn pass(&mut self) -> Result<(), Mistake> {
        let mut depth = 1;
        while depth > 0 {
            match self.tokens.next()?.0 {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(self.early_end("resources")),
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads the items of an array, or of a message with plural forms.
    fn items(&mut self, name: &str, has_forms: bool) -> Result<(), Mistake> {
        let mut forms = Vec::new();
        let mut number = 0;
        loop {
            let (event, at) = self.tokens.next()?;
            match event {
                Event::Start(tag) if local(tag.name().as_ref()) == "item" => {
                    let Attributes {
                        quantity, is_fixed, ..
                    } = attributes(&tag, &at)?;
                    let key = match has_forms {
                        true => name.to_owned(),
                        false => format!("{name}[{number}]"),
                    };
                    let slot = match is_fixed {
                        true => self.pass().map(|()| None)?,
                        false => self.value(at.end, &key)?,
                    };
                    number += 1;
                    if let (Some(slot), Some(category)) = (slot, Category::from_name(&quantity)) {
                        let at = at.start;
                        forms.push(PluralForm { category, at, slot });
                    }
                }
                Event::Start(_) => self.pass()?,
                Event::Empty(_) => number += 1,
                Event::End(_) => break,
                Event::Eof => return Err(self.early_end("resources")),
                _ => {}
            }
        }
        if has_forms && !forms.is_empty() {
            let stem = String::new();
            self.found.plurals.push(PluralSet { stem, forms });
        }
        Ok(())
    }

    /// Reads a text that begins at `start`, up to the end of its element; its slot, where it is one.
    fn value(&mut self, start: usize, key: &str) -> Result<Option<usize>, Mistake> {
        let mut reader = ValueReader::default();
        let mut end = start;
        loop {
            let (event, at) = self.tokens.next()?;
            match event {
                Event::End(_) if reader.open.is_empty() => break,
                Event::Eof => return Err(self.early_end("string")),
                Event::Start(tag) if is_placeholder(&tag) => {
                    self.pass()?;
                    reader.code(CodeKind::Alone, at.start..self.tokens.position());
                }
                event => reader.take(&event, at.clone(), self.text),
            }
            end = self.tokens.position();
        }
        let value = start..end;
        Ok(self.slot(key, value, reader.units))
    }

    fn slot(&mut self, key: &str, value: Range<usize>, units: Vec<Unit>) -> Option<usize> {
        let (units, in_cdata) = match whole_section(&units) {
            Some(section) => (units_of_html(self.text, section), true),
            None => (units, false),
        };
        let shown = Shown::of(units);
        let text: String = shown
            .pieces
            .iter()
            .filter_map(|piece| piece.text(self.text))
            .collect();
        if is_reference(&text, &self.text[value.clone()]) {
            return None;
        }
        let mut segments = inline::cut(self.text, &shown.pieces, None);
        let mut pieces = segments.pop()?;
        if !shown.quotes_are_outside {
            pieces = shown.pieces;
            let is_space =
                |piece: &Piece| piece.text(self.text).is_some_and(|t| t.trim().is_empty());
            let behind = pieces
                .iter()
                .rev()
                .take_while(|piece| is_space(piece))
                .count();
            pieces.truncate(pieces.len() - behind);
            let before = pieces.iter().take_while(|piece| is_space(piece)).count();
            pieces.drain(..before);
        }
        let range = pieces.first()?.source.start..pieces.last()?.source.end;
        let built = inline::build(self.text, &pieces, Spaces::Keep);
        let index = self.found.slots.len();
        self.found.slots.push(Slot {
            source: built.coded.clone(),
            key: Some(key.to_owned()),
            paragraph: index,
            line: self.lines.line(range.start),
            ..Slot::default()
        });
        self.found.places.push(StringSlot {
            range: range.clone(),
            style: Style {
                value,
                range,
                pieces,
                built,
                in_cdata,
            },
        });
        Some(index)
    }
}

fn attributes(tag: &BytesStart<'_>, at: &Range<usize>) -> Result<Attributes, Mistake> {
    let mut found = Attributes::default();
    for_each_attribute(tag, |name, value| match name {
        "name" => value.clone_into(&mut found.name),
        "quantity" => value.clone_into(&mut found.quantity),
        "translatable" => found.is_fixed = value.trim() == "false",
        _ => {}
    })
    .map_err(|message| Mistake {
        offset: at.start,
        message,
    })?;
    Ok(found)
}

/// Whether an element marks up what is not to be translated.
fn is_placeholder(tag: &BytesStart<'_>) -> bool {
    let name = tag.name();
    let name: &str = name.as_ref();
    name.contains(':') && local(name) == "g"
}

/// Whether a text is the name of another resource or of an attribute of the theme, and not one that begins with an escape.
fn is_reference(text: &str, written: &str) -> bool {
    let text = text.trim();
    if written.trim_start().starts_with('\\') {
        return false;
    }
    let is_name =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | ':' | '_' | '.' | '+' | '*');
    let name = text.strip_prefix(['@', '?']);
    name.is_some_and(|name| !name.is_empty() && name.chars().all(is_name))
}

/// The inside of the CDATA section that a text is, but for white space around it.
fn whole_section(units: &[Unit]) -> Option<Range<usize>> {
    let mut sections = units.iter().filter_map(|unit| match unit {
        Unit::Char(c, _) if c.is_ascii_whitespace() => None,
        Unit::Section(_, range) => Some(Some(range)),
        Unit::Char(..) | Unit::Code(..) => Some(None),
    });
    let range = sections.next()??;
    if sections.next().is_some() {
        return None;
    }
    Some(range.start + "<![CDATA[".len()..range.end - "]]>".len())
}

/// The text inside a CDATA section, with tags of HTML as codes.
fn units_of_html(text: &str, section: Range<usize>) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut open: Vec<(&str, u32)> = Vec::new();
    let mut numbers = 0;
    let mut at = section.start;
    while let Some(c) = text[at..section.end].chars().next() {
        let Some((name, length)) = html_tag(&text[at..section.end]) else {
            units.push(Unit::Char(c, at..at + c.len_utf8()));
            at += c.len_utf8();
            continue;
        };
        let tag = &text[at..at + length];
        let (kind, number) = match (tag.starts_with("</"), open.last()) {
            (true, Some((last, number))) if last.eq_ignore_ascii_case(name) => {
                let number = *number;
                open.pop();
                (CodeKind::Close, number)
            }
            (is_end, _) => {
                numbers += 1;
                if is_end || tag.ends_with("/>") || name.eq_ignore_ascii_case("br") {
                    (CodeKind::Alone, numbers)
                } else {
                    open.push((name, numbers));
                    (CodeKind::Open, numbers)
                }
            }
        };
        units.push(Unit::Code(kind, number, at..at + length));
        at += length;
    }
    units
}

/// The longest tag in bytes.
const TAG_LIMIT: usize = 4096;

/// The name and the length of the tag that a text begins with.
fn html_tag(text: &str) -> Option<(&str, usize)> {
    let behind = text.strip_prefix('<')?;
    let behind = behind.strip_prefix('/').unwrap_or(behind);
    let name = behind.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if name == 0 || !behind.as_bytes()[0].is_ascii_alphabetic() {
        return None;
    }
    let end = text.bytes().take(TAG_LIMIT).position(|b| b == b'>')?;
    Some((&behind[..name], end + 1))
}

/// Gathers what a text is made of.
#[derive(Default)]
struct ValueReader {
    units: Vec<Unit>,
    /// The numbers of the elements that are open.
    open: Vec<u32>,
    numbers: u32,
}

impl ValueReader {
    fn code(&mut self, kind: CodeKind, at: Range<usize>) {
        self.numbers += 1;
        if kind == CodeKind::Open {
            self.open.push(self.numbers);
        }
        self.units.push(Unit::Code(kind, self.numbers, at));
    }

    fn take(&mut self, event: &Event<'_>, at: Range<usize>, text: &str) {
        let mut read = String::new();
        let mut mends = Vec::new();
        match event {
            Event::Start(_) => self.code(CodeKind::Open, at),
            Event::End(_) => {
                if let Some(number) = self.open.pop() {
                    self.units.push(Unit::Code(CodeKind::Close, number, at));
                }
            }
            Event::Text(_) => {
                let chars = text[at.clone()].char_indices();
                self.units.extend(chars.map(|(i, c)| {
                    let start = at.start + i;
                    Unit::Char(c, start..start + c.len_utf8())
                }));
            }
            Event::CData(_) => {
                let inside = &text[at.start + "<![CDATA[".len()..at.end - "]]>".len()];
                self.units.push(Unit::Section(inside.to_owned(), at));
            }
            Event::GeneralRef(_) => {
                let is_known = push_text(event, &mut read, &mut mends).is_ok()
                    && !mends.iter().any(|mend| matches!(mend, Mend::Entity(_)));
                match read.chars().next().filter(|_| is_known) {
                    Some(c) => self.units.push(Unit::Char(c, at)),
                    None => self.code(CodeKind::Alone, at),
                }
            }
            _ => self.code(CodeKind::Alone, at),
        }
    }
}

/// What a program shows of a text.
struct Shown {
    pieces: Vec<Piece>,
    /// Whether quotes stand around the whole, or nowhere.
    quotes_are_outside: bool,
}

impl Shown {
    /// Resolves escapes, quotes and runs of white space, as the resource compiler does.
    fn of(units: Vec<Unit>) -> Self {
        let mut shown = Self {
            pieces: Vec::with_capacity(units.len()),
            quotes_are_outside: true,
        };
        // The units between the quotes, by their number; what is shown in front of and behind them.
        let (mut quotes, mut before, mut behind) = (0, false, false);
        let (mut in_quotes, mut behind_space) = (false, false);
        let mut units = units.into_iter().peekable();
        while let Some(unit) = units.next() {
            let (c, mut range) = match unit {
                Unit::Code(kind, number, range) => {
                    // What stands for a value is shown.
                    behind_space &= kind != CodeKind::Alone;
                    shown.push(PieceKind::Code(kind, number), range);
                    continue;
                }
                Unit::Section(text, range) => {
                    before |= quotes == 0;
                    behind |= quotes > 1;
                    behind_space = false;
                    shown.push(PieceKind::Written(unescaped(&text)), range);
                    continue;
                }
                Unit::Char(c, range) => (c, range),
            };
            if c == '"' {
                quotes += 1;
                in_quotes = !in_quotes;
                shown.push(PieceKind::Written(String::new()), range);
                continue;
            }
            let is_space = c.is_ascii_whitespace();
            if !is_space {
                before |= quotes == 0;
                behind |= quotes > 1;
            }
            if is_space && !in_quotes {
                let text = if behind_space { "" } else { " " };
                let kind = match c == ' ' && !behind_space {
                    true => PieceKind::Literal,
                    false => PieceKind::Written(text.to_owned()),
                };
                behind_space = true;
                shown.push(kind, range);
                continue;
            }
            behind_space = false;
            if c != '\\' {
                shown.push_char(c, range);
                continue;
            }
            let mut next = || match units.peek() {
                Some(Unit::Char(c, at)) => {
                    let (c, end) = (*c, at.end);
                    units.next();
                    Some((c, end))
                }
                _ => None,
            };
            let mut text = String::new();
            match next() {
                None => {}
                Some(('u', end)) => {
                    range.end = end;
                    let mut number = Some(0);
                    for _ in 0..4 {
                        let digit = next();
                        range.end = digit.map_or(range.end, |(_, end)| end);
                        let value = digit.and_then(|(c, _)| c.to_digit(16));
                        number = number.zip(value).map(|(n, d)| n * 16 + d);
                    }
                    text.extend(number.and_then(char::from_u32));
                }
                Some((c, end)) => {
                    range.end = end;
                    text.push(escaped(c));
                }
            }
            shown.push(PieceKind::Written(text), range);
        }
        shown.quotes_are_outside = quotes == 0 || (quotes == 2 && !before && !behind);
        shown
    }

    /// Adds a character as it is written, unless a reference stands for it.
    fn push_char(&mut self, c: char, range: Range<usize>) {
        if range.len() == c.len_utf8() {
            self.push(PieceKind::Literal, range);
        } else {
            self.push(PieceKind::Written(c.to_string()), range);
        }
    }

    fn push(&mut self, kind: PieceKind, source: Range<usize>) {
        if let Some(last) = self.pieces.last_mut()
            && (&last.kind, &kind) == (&PieceKind::Literal, &PieceKind::Literal)
            && last.source.end == source.start
        {
            last.source.end = source.end;
            return;
        }
        self.pieces.push(Piece {
            kind,
            source,
            place: (),
        });
    }
}

/// What a backslash makes of the character behind it.
fn escaped(c: char) -> char {
    match c {
        'n' => '\n',
        't' => '\t',
        other => other,
    }
}

/// A CDATA section inside a text, with its escapes resolved.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next().map(escaped)),
            '"' => {}
            _ => out.push(c),
        }
    }
    out
}
