//! Java properties: each value that is not blank is a slot, with its key.
//!
//! The grammar is that of `java.util.Properties.load`. A file is UTF-8 where it is valid as such, else ISO-8859-1. In one
//! without a character beyond ASCII translations are written with `\uXXXX`, which every reader takes; else as they are. A
//! value over several lines becomes one line when it is filled. Comments, keys and separators stay.
//!
//! Cost: linear.

use std::fmt::Write as _;

use super::{StringFile, StringFormat, StringSlot};
use crate::coded::Coded;
use crate::diagnostic::Diagnostic;
use crate::format::FormatError;
use crate::format::encoded::{Charset, EncodedText, LineCounter};
use crate::format::fill::{FillableFile, OpenOptions, Slot};

/// Reads a file of properties. A value with an escape that is none is reported and left alone.
///
/// # Errors
/// [`FormatError::NotText`].
pub fn open(
    bytes: Vec<u8>,
    name: &str,
    _options: &OpenOptions,
    report: &mut dyn FnMut(Diagnostic),
) -> Result<Box<dyn FillableFile>, FormatError> {
    let file = EncodedText::open(&bytes, name, |bytes| {
        Ok(match std::str::from_utf8(bytes) {
            Ok(_) => Charset::UTF_8,
            Err(_) => Charset::Latin1,
        })
    })?;
    drop(bytes);
    let text = file.text();
    let escaped = text.is_ascii() || file.charset() == Charset::Latin1;
    let mut lines = LineCounter::new(text);
    let (mut slots, mut places) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(line) = logical_line(text, &mut at) {
        let Some((key, value)) = split(text, line.clone()) else {
            continue;
        };
        let unescaped = (unescape(&text[key]), unescape(&text[value.clone()]));
        let (Some(key), Some(source)) = unescaped else {
            let message = "an escape `\\u` that is none; the value is left alone";
            report(Diagnostic::error(lines.location(line.start), message));
            continue;
        };
        if source.trim().is_empty() {
            continue;
        }
        slots.push(Slot {
            source: source.as_str().into(),
            key: Some(key),
            paragraph: slots.len(),
            line: lines.line(line.start),
            ..Slot::default()
        });
        places.push(StringSlot {
            range: value,
            style: escaped,
        });
    }
    Ok(Box::new(StringFile::<Properties>::new(file, slots, places)))
}

/// The next line that is neither blank nor a comment, with those that it goes on in; without its indent and its end.
fn logical_line(text: &str, at: &mut usize) -> Option<std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    loop {
        while let Some(b' ' | b'\t' | 0xC | b'\r' | b'\n') = bytes.get(*at) {
            *at += 1;
        }
        let start = *at;
        let is_comment = matches!(bytes.get(start)?, b'#' | b'!');
        let mut end = start;
        while let Some(byte) = bytes.get(end) {
            match byte {
                b'\\' if !is_comment => {
                    end += if bytes[end + 1..].starts_with(b"\r\n") {
                        3
                    } else {
                        2
                    };
                }
                b'\r' | b'\n' => break,
                _ => end += 1,
            }
        }
        // A character behind a backslash may be longer than a byte, whose rest was passed as itself.
        let end = text.ceil_char_boundary(end.min(bytes.len()));
        *at = end;
        if !is_comment {
            return Some(start..end);
        }
    }
}

/// Where the key and the value of a line stand; `None` where there is no value.
fn split(
    text: &str,
    line: std::ops::Range<usize>,
) -> Option<(std::ops::Range<usize>, std::ops::Range<usize>)> {
    let bytes = &text.as_bytes()[..line.end];
    let mut key_end = line.start;
    while let Some(byte) = bytes.get(key_end) {
        match byte {
            b'\\' => key_end += 2,
            b'=' | b':' | b' ' | b'\t' | 0xC => break,
            _ => key_end += 1,
        }
    }
    let key_end = text.ceil_char_boundary(key_end.min(line.end));
    let mut value = key_end;
    let mut has_sign = false;
    while let Some(byte) = bytes.get(value) {
        match byte {
            b' ' | b'\t' | 0xC => {}
            b'=' | b':' if !has_sign => has_sign = true,
            _ => break,
        }
        value += 1;
    }
    (value < line.end).then_some((line.start..key_end, value..line.end))
}

/// What a key or a value says; `None` where a `\u` is not followed by four hexadecimal digits or gives half a character.
fn unescape(raw: &str) -> Option<String> {
    let mut units: Vec<u16> = Vec::new();
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        let mut plain = c;
        if c == '\\' {
            match chars.next() {
                None => break,
                Some('u') => {
                    let mut unit = 0;
                    for _ in 0..4 {
                        unit = unit * 16 + chars.next()?.to_digit(16)? as u16;
                    }
                    units.push(unit);
                    continue;
                }
                Some('n') => plain = '\n',
                Some('t') => plain = '\t',
                Some('r') => plain = '\r',
                Some('f') => plain = '\u{C}',
                Some(end @ ('\n' | '\r')) => {
                    if end == '\r' {
                        chars.next_if_eq(&'\n');
                    }
                    while chars
                        .next_if(|c| matches!(c, ' ' | '\t' | '\u{C}'))
                        .is_some()
                    {}
                    continue;
                }
                Some(other) => plain = other,
            }
        }
        out.push_str(&String::from_utf16(&std::mem::take(&mut units)).ok()?);
        out.push(plain);
    }
    out.push_str(&String::from_utf16(&units).ok()?);
    Some(out)
}

struct Properties;

impl StringFormat for Properties {
    /// Whether all but ASCII is written as escapes.
    type Style = bool;

    fn written(
        file: &EncodedText,
        _source: &Coded,
        target: &Coded,
        escaped: &bool,
    ) -> Result<String, String> {
        let mut out = String::new();
        let mut leading = true;
        for c in target.text.chars() {
            match c {
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{C}' => out.push_str("\\f"),
                // Else it would be part of what separates key and value.
                ' ' | '=' | ':' if leading => {
                    out.push('\\');
                    out.push(c);
                }
                _ if c.is_control() || (*escaped && !c.is_ascii()) || !file.has(c) => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        let _ = write!(out, "\\u{unit:04X}");
                    }
                }
                _ => out.push(c),
            }
            leading &= c == ' ';
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::fill::{FillOptions, Filling};

    fn slots(bytes: &[u8]) -> Vec<(String, String, u64)> {
        let file = open(bytes.to_vec(), "x", &OpenOptions::default(), &mut |_| {}).unwrap();
        let slots = file.slots().iter();
        slots
            .map(|s| (s.key.clone().unwrap(), s.source.text.clone(), s.line))
            .collect()
    }

    #[test]
    fn keys_and_values_are_those_of_java() {
        let text = b"# c \\\n! d\nTruth = Beauty\n Truth:Beauty\nfruits  apple, \\\r\n    pear\ncheeses\nk\\ e\\=y = a\\u0643\\:\nbad=\\u12\ne=\xE9\n";
        assert_eq!(
            slots(text),
            [
                ("Truth".to_owned(), "Beauty".to_owned(), 3),
                ("Truth".to_owned(), "Beauty".to_owned(), 4),
                ("fruits".to_owned(), "apple, pear".to_owned(), 5),
                ("k e=y".to_owned(), "aك:".to_owned(), 8),
                ("e".to_owned(), "é".to_owned(), 10),
            ]
        );
    }

    #[test]
    fn an_old_file_gets_escapes() {
        let file = open(
            b"a = \xE9 b\n".to_vec(),
            "x",
            &OpenOptions::default(),
            &mut |_| {},
        )
        .unwrap();
        let filling = Filling {
            target: Some(" نعم".into()),
            ..Filling::default()
        };
        let mut out = Vec::new();
        file.write(&[filling], &FillOptions::default(), &mut out)
            .unwrap();
        assert_eq!(out, b"a = \\ \\u0646\\u0639\\u0645\n");
    }
}
