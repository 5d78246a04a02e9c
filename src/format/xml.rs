//! XML with places, read as far as it can be: what the readers of XLIFF and its kin share.
//!
//! text ──[`Tokens`]──▶ events of [`quick_xml`] with the bytes they stand at ──[`push_text`]──▶ text, and what was mended
//! in it.
//!
//! Ends are not held against beginnings here, a `&` may stand by itself, and after a mistake a reader goes on where it
//! knows its way again ([`Tokens::resume`]). No entity but XML's own and HTML's is known: what a document type declares
//! is never expanded, and nothing is ever fetched. No recursion; cost: linear.

use std::fmt;
use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, BytesStart, BytesText, Event};
use quick_xml::reader::Reader;

use super::{forbidden_message, is_forbidden};

/// Why something can't be taken, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) offset: usize,
    pub(super) message: String,
}

/// The events of a text.
pub(super) struct Tokens<'t> {
    text: &'t str,
    /// Where the reader's text begins in `text`.
    base: usize,
    reader: Reader<&'t [u8]>,
    /// Marks at the beginning that are text, and that the reader would take for byte order marks.
    marks: Range<usize>,
}

impl<'t> Tokens<'t> {
    /// The events of `text` from a byte on.
    pub(super) fn new(text: &'t str, from: usize) -> Self {
        let mut tokens = Self::balanced(text, from);
        let config = tokens.reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        tokens
    }

    /// The same, but an end that isn't that of the innermost element is a mistake.
    pub(super) fn balanced(text: &'t str, from: usize) -> Self {
        let rest = text[from..].trim_start_matches('\u{FEFF}');
        let base = text.len() - rest.len();
        let mut reader = Reader::from_str(rest);
        reader.config_mut().allow_dangling_amp = true;
        Self {
            text,
            base,
            reader,
            marks: from..base,
        }
    }

    /// The next event and the bytes it stands at.
    pub(super) fn next(&mut self) -> Result<(Event<'t>, Range<usize>), Mistake> {
        if !self.marks.is_empty() {
            let marks = std::mem::take(&mut self.marks);
            let text = BytesText::from_escaped(&self.text[marks.clone()]);
            return Ok((Event::Text(text), marks));
        }
        let start = self.base + self.reader.buffer_position() as usize;
        match self.reader.read_event() {
            Ok(event) => Ok((
                event,
                start..self.base + self.reader.buffer_position() as usize,
            )),
            Err(error) => Err(Mistake {
                offset: self.base + self.reader.error_position() as usize,
                message: error.to_string(),
            }),
        }
    }

    /// The byte at which the next event begins.
    pub(super) fn position(&self) -> usize {
        self.base + self.reader.buffer_position() as usize
    }

    /// Goes on at a byte of the text.
    pub(super) fn resume(&mut self, at: usize) {
        *self = Self::new(self.text, at);
    }
}

/// The name of the root element of a text that begins with these bytes, where they show it.
pub(super) fn root_name(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(head);
    let mut tokens = Tokens::new(&head, 0);
    loop {
        let start = tokens.position();
        match tokens.next() {
            Ok((Event::Start(tag) | Event::Empty(tag), _)) => {
                return Some(tag.name().as_ref().to_owned());
            }
            Ok((Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_), _)) => {}
            Ok((Event::Text(text), _)) if text.trim_matches(is_mark_or_space).is_empty() => {}
            Ok(_) => return None,
            // A long tag is cut off by the end of the bytes.
            Err(_) => {
                let tag = head.get(start..)?.strip_prefix('<')?;
                let name = tag.split(char::is_whitespace).next()?;
                let is_begun = name.starts_with(char::is_alphabetic) && name.len() < tag.len();
                return is_begun.then(|| name.to_owned());
            }
        }
    }
}

fn is_mark_or_space(c: char) -> bool {
    c == '\u{FEFF}' || c.is_whitespace()
}

/// What was mended in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mend {
    /// A `&` by itself stands for itself.
    Ampersand,
    /// An entity of HTML that nothing declares, taken as HTML has it.
    Entity(String),
    /// A character that XML can't hold was left out.
    Character(u32),
}

impl fmt::Display for Mend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ampersand => f.write_str("a bare `&` is taken as it stands"),
            Self::Entity(name) => write!(f, "`&{name};` is not declared; taken as HTML's"),
            Self::Character(c) => match char::from_u32(*c) {
                Some(c) => write!(f, "{} is left out", forbidden_message(c)),
                None => write!(f, "`&#x{c:X};` is no character and is left out"),
            },
        }
    }
}

/// Adds the text of an event to `out`; events that are no text add nothing.
///
/// # Errors
/// An entity that is not known.
pub(super) fn push_text(
    event: &Event<'_>,
    out: &mut String,
    mends: &mut Vec<Mend>,
) -> Result<(), String> {
    match event {
        Event::Text(text) => {
            // What begins with `&` is no reference, or it would have come as one.
            if text.starts_with('&') {
                mends.push(Mend::Ampersand);
            }
            push_allowed(&text.xml10_content(), out, mends);
        }
        Event::CData(text) => push_allowed(&text.xml10_content(), out, mends),
        Event::GeneralRef(reference) => push_reference(reference, out, mends)?,
        _ => {}
    }
    Ok(())
}

fn push_allowed(text: &str, out: &mut String, mends: &mut Vec<Mend>) {
    if super::first_forbidden(text).is_none() {
        return out.push_str(text);
    }
    for c in text.chars() {
        if is_forbidden(c) {
            mends.push(Mend::Character(u32::from(c)));
        } else {
            out.push(c);
        }
    }
}

fn push_reference(
    reference: &BytesRef<'_>,
    out: &mut String,
    mends: &mut Vec<Mend>,
) -> Result<(), String> {
    let name: &str = reference;
    match name {
        "lt" => out.push('<'),
        "gt" => out.push('>'),
        "amp" => out.push('&'),
        "quot" => out.push('"'),
        "apos" => out.push('\''),
        _ => match name.strip_prefix('#') {
            Some(number) => match code_point(number) {
                Some(number) => match char::from_u32(number).filter(|c| !is_forbidden(*c)) {
                    Some(c) => out.push(c),
                    None => mends.push(Mend::Character(number)),
                },
                None => return Err(format!("`&{name};` is no character of XML")),
            },
            None => match resolve_html5_entity(name) {
                Some(text) => {
                    mends.push(Mend::Entity(name.to_owned()));
                    out.push_str(text);
                }
                None => {
                    return Err(format!(
                        "the entity `&{name};` is not one of XML's own, and others are not expanded"
                    ));
                }
            },
        },
    }
    Ok(())
}

fn code_point(number: &str) -> Option<u32> {
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let plain = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    plain
        .then(|| u32::from_str_radix(digits, radix).ok())
        .flatten()
}

/// Hands each attribute of a tag to `visit`, its value as XML means it, or as it can be mended.
///
/// # Errors
/// Attributes that are not well-formed.
pub(super) fn for_each_attribute(
    tag: &BytesStart<'_>,
    visit: impl FnMut(&str, &str),
) -> Result<(), String> {
    for_each_mended_attribute(tag, &mut Vec::new(), visit)
}

/// The same, and tells what was mended.
///
/// # Errors
/// Attributes that are not well-formed.
pub(super) fn for_each_mended_attribute(
    tag: &BytesStart<'_>,
    mends: &mut Vec<Mend>,
    mut visit: impl FnMut(&str, &str),
) -> Result<(), String> {
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|e| format!("broken attributes: {e}"))?;
        let key = attribute.key.as_ref();
        if key.contains(['<', '>', '/', '"', '\'', '&']) {
            return Err(format!(
                "broken attributes: `{}` is no name",
                key.escape_debug()
            ));
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        match value.ok().filter(|v| super::first_forbidden(v).is_none()) {
            Some(value) => visit(attribute.key.as_ref(), &value),
            None => visit(attribute.key.as_ref(), &mended(&attribute.value, mends)?),
        }
    }
    Ok(())
}

/// The value of an attribute that XML would refuse.
fn mended(raw: &str, mends: &mut Vec<Mend>) -> Result<String, String> {
    let mut tokens = Tokens::new(raw, 0);
    let mut value = String::new();
    loop {
        match tokens.next() {
            Ok((Event::Eof, _)) => return Ok(value),
            Ok((event @ (Event::Text(_) | Event::GeneralRef(_)), _)) => {
                push_text(&event, &mut value, mends)?;
            }
            _ => return Err("broken attributes: `<` in a value".to_owned()),
        }
    }
}

/// The name behind the prefix: `seg` of `sdl:seg`.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Adds `text` as character data to `out`; characters that XML can't hold become U+FFFD. Whether there were any.
pub(super) fn push_escaped(out: &mut String, text: &str) -> bool {
    let mut altered = false;
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A reader makes a line feed of it, but not where it stands as a reference.
            '\r' => out.push_str("&#13;"),
            c if is_forbidden(c) => {
                altered = true;
                out.push(char::REPLACEMENT_CHARACTER);
            }
            c => out.push(c),
        }
    }
    altered
}

/// Adds `name="value"` with a space before it. Whether a character had to be replaced.
pub(super) fn push_attribute(out: &mut String, name: &str, value: &str) -> bool {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    let mut altered = false;
    for piece in value.split_inclusive(['"', '\t', '\n']) {
        let (text, last) = match piece.as_bytes().last() {
            // A reader levels white space in attributes, but not where it stands as a reference.
            Some(b'"') => (&piece[..piece.len() - 1], "&quot;"),
            Some(b'\t') => (&piece[..piece.len() - 1], "&#9;"),
            Some(b'\n') => (&piece[..piece.len() - 1], "&#10;"),
            _ => (piece, ""),
        };
        altered |= push_escaped(out, text);
        out.push_str(last);
    }
    out.push('"');
    altered
}

/// The bytes of an attribute in a start tag, from the white space before its name to its closing quote.
fn attribute_range(tag: &str, name: &str) -> Option<Range<usize>> {
    let bytes = tag.as_bytes();
    let is_space = |b: &u8| b.is_ascii_whitespace();
    let mut at = bytes.iter().position(|b| is_space(b) || *b == b'>')?;
    loop {
        let start = at;
        at += bytes[at..].iter().position(|b| !is_space(b))?;
        let key = at;
        at += bytes[at..]
            .iter()
            .position(|b| is_space(b) || matches!(b, b'=' | b'>' | b'/'))?;
        if key == at {
            return None;
        }
        let found = &tag[key..at] == name;
        at += bytes[at..].iter().position(|b| !is_space(b))?;
        if bytes[at] != b'=' {
            continue;
        }
        at += 1;
        at += bytes[at..].iter().position(|b| !is_space(b))?;
        let quote = bytes[at];
        if !matches!(quote, b'"' | b'\'') {
            return None;
        }
        at += 2 + memchr::memchr(quote, &bytes[at + 1..])?;
        if found {
            return Some(start..at);
        }
    }
}

/// Gives an attribute of a start tag a value; behind the others where it wasn't there.
pub(super) fn set_attribute(tag: &mut String, name: &str, value: &str) {
    let mut attribute = String::new();
    push_attribute(&mut attribute, name, value);
    match attribute_range(tag, name) {
        Some(range) => {
            let space = tag[range.clone()].len() - tag[range.clone()].trim_start().len();
            tag.replace_range(range.start + space..range.end, attribute.trim_start());
        }
        None => {
            let body = tag.strip_suffix('>').unwrap_or(tag);
            let end = body.strip_suffix('/').unwrap_or(body).trim_end().len();
            tag.insert_str(end, &attribute);
        }
    }
}

/// Takes an attribute out of a start tag, where it is there.
pub(super) fn remove_attribute(tag: &mut String, name: &str) {
    if let Some(range) = attribute_range(tag, name) {
        tag.replace_range(range, "");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(xml: &str) -> (Result<String, String>, Vec<String>) {
        let mut tokens = Tokens::new(xml, 0);
        let (mut out, mut mends) = (String::new(), Vec::new());
        loop {
            let (event, _) = tokens.next().unwrap();
            if event == Event::Eof {
                break;
            }
            if let Err(message) = push_text(&event, &mut out, &mut mends) {
                return (Err(message), Vec::new());
            }
        }
        (Ok(out), mends.iter().map(Mend::to_string).collect())
    }

    #[test]
    fn a_root_is_told_behind_all_that_may_stand_before_it() {
        for (head, name) in [
            (
                "\u{FEFF}\n<?xml version='1.0'?>\n<!-- <a> --><b:xliff x='y'>",
                Some("b:xliff"),
            ),
            (
                "<!DOCTYPE r [<!ENTITY a '<x>'>\n<!-- don't > -->]>\n<r/>",
                Some("r"),
            ),
            ("<resources xmlns:xliff=\"u\"", Some("resources")),
            ("<resour", None),
            ("<!DOCTYPE r [", None),
            ("text <a>", None),
            ("", None),
        ] {
            assert_eq!(root_name(head.as_bytes()).as_deref(), name, "{head}");
        }
    }

    #[test]
    fn what_is_unambiguous_is_mended_and_said() {
        for (xml, text, mended) in [
            ("&amp;&lt;&#x627;&#1576;", "&<اب", &[][..]),
            ("R & D", "R & D", &["a bare `&` is taken as it stands"][..]),
            (
                "a&nbsp;b",
                "a\u{A0}b",
                &["`&nbsp;` is not declared; taken as HTML's"][..],
            ),
            (
                "a\u{1}b&#x3;",
                "ab",
                &[
                    "the control character U+0001 is left out",
                    "the control character U+0003 is left out",
                ][..],
            ),
            (
                "&#xD800;",
                "",
                &["`&#xD800;` is no character and is left out"][..],
            ),
        ] {
            assert_eq!(
                text_of(xml),
                (
                    Ok(text.to_owned()),
                    mended.iter().map(|m| (*m).to_owned()).collect()
                ),
                "{xml:?}"
            );
        }
        assert!(text_of("&company;").0.is_err());
        assert!(text_of("&#x;").0.is_err());
        assert!(text_of("&#99999999999;").0.is_err());
    }

    #[test]
    fn a_mark_at_the_beginning_of_a_text_is_text() {
        let (text, mends) = text_of("\u{FEFF}\u{FEFF}نعم");
        assert_eq!(
            (text.as_deref(), mends.len()),
            (Ok("\u{FEFF}\u{FEFF}نعم"), 0)
        );
    }

    #[test]
    fn attributes_are_set_where_they_stand() {
        for (tag, value, result) in [
            ("<a>", "1", "<a s=\"1\">"),
            ("<a/>", "1", "<a s=\"1\"/>"),
            ("<a b='>' />", "1", "<a b='>' s=\"1\" />"),
            (
                "<a  s = 'x' c=\"s='y'\">",
                "<&\"",
                "<a  s=\"&lt;&amp;&quot;\" c=\"s='y'\">",
            ),
            ("<a xs='1'>", "2", "<a xs='1' s=\"2\">"),
        ] {
            let mut tag = tag.to_owned();
            set_attribute(&mut tag, "s", value);
            assert_eq!(tag, result);
        }
        let mut tag = "<a b='1'\n s='2'/>".to_owned();
        remove_attribute(&mut tag, "s");
        assert_eq!(tag, "<a b='1'/>");
    }
}
