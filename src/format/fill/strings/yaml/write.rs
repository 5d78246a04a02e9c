//! How a translation is written: in the style of what it replaces, else in double quotes.

use std::fmt::Write as _;

use super::scan::is_text;
use super::{Shape, Style, Yaml};
use crate::coded::Coded;
use crate::format::encoded::EncodedText;
use crate::format::fill::strings::StringFormat;

impl StringFormat for Yaml {
    type Style = Style;

    fn written(
        file: &EncodedText,
        _source: &Coded,
        target: &Coded,
        style: &Style,
    ) -> Result<String, String> {
        let text = target.text.as_str();
        let quoted = |text: &str| double_quoted(text, file, style.is_escaped);
        Ok(match &style.shape {
            Shape::Plain if is_plain(text, style) => text.to_owned(),
            Shape::Single if is_on_one_line(text) => format!("'{}'", text.replace('\'', "''")),
            Shape::Plain | Shape::Single | Shape::Double => quoted(text),
            Shape::Block {
                is_folded,
                head,
                indent,
                states_indent,
                tail,
            } => {
                let lines = match is_folded {
                    true => folded(text),
                    false => literal(text, *states_indent),
                };
                match lines {
                    Some(lines) => format!("{head}{}", indented(&lines, indent, file.line_end())),
                    None => quoted(&format!("{text}{tail}")),
                }
            }
        })
    }

    fn added_form(
        file: &EncodedText,
        at: usize,
        key: &str,
        target: &Coded,
        style: &Style,
    ) -> Option<Result<String, String>> {
        let value = match style.shape {
            Shape::Plain | Shape::Single => Self::written(file, target, target, style),
            _ => Ok(double_quoted(&target.text, file, style.is_escaped)),
        };
        let before = &file.text()[..at];
        let separator = if style.in_flow {
            ", ".to_owned()
        } else {
            let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
            // What stands in front of the key may be `- `; its characters are as wide as spaces.
            let indent = " ".repeat(line.chars().count());
            format!("{}{indent}", file.line_end())
        };
        Some(value.map(|value| format!("{key}: {value}{separator}")))
    }
}

/// Whether a character can stand in a value as it is.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'
        )
}

fn is_on_one_line(text: &str) -> bool {
    text.chars().all(is_printable)
}

/// Whether a text can stand without quotes, and is taken for a text there.
fn is_plain(text: &str, style: &Style) -> bool {
    let begins_well = text.starts_with(|c: char| c.is_alphanumeric());
    let ends_well = !text.ends_with(|c: char| c.is_whitespace() || c == ':');
    let has_marks = text.contains(": ") || text.contains(" #");
    // A lone hyphen before a comma or a bracket is taken for the beginning of an entry by some.
    let ends_in_flow = text.contains([',', '[', ']', '{', '}', ':']) || text.ends_with('-');
    begins_well
        && ends_well
        && !has_marks
        && is_on_one_line(text)
        && !(style.in_flow && ends_in_flow)
        && (style.is_tagged || is_text(text))
}

/// The lines of a literal block; `None` where they would not be read as they are.
fn literal(text: &str, states_indent: bool) -> Option<Vec<&str>> {
    let lines: Vec<_> = text.split('\n').collect();
    let blank = |line: &&&str| line.trim().is_empty();
    let first = lines.iter().find(|line| !blank(line))?;
    // Where the head doesn't state the indent, the first line that is not blank tells it.
    let begins_text = !first.starts_with([' ', '\t'])
        && lines.iter().take_while(blank).all(|line| line.is_empty());
    let ends_well = lines.last().is_some_and(|last| !last.trim().is_empty());
    let is_fit = (states_indent || begins_text)
        && ends_well
        && lines.iter().all(|line| is_on_one_line(line));
    is_fit.then_some(lines)
}

/// The lines of a folded block, in which a line end is written as two, but for those behind it.
fn folded(text: &str) -> Option<Vec<&str>> {
    let lines: Vec<_> = text.split('\n').collect();
    let is_fit = |line: &&str| is_on_one_line(line) && !line.starts_with([' ', '\t']);
    let ends = [lines.first()?, lines.last()?];
    if !lines.iter().all(is_fit) || ends.iter().any(|line| line.is_empty()) {
        return None;
    }
    let mut written = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        written.push(*line);
        if !line.is_empty() && i + 1 < lines.len() {
            written.push("");
        }
    }
    Some(written)
}

fn indented(lines: &[&str], indent: &str, line_end: &str) -> String {
    let lines: Vec<_> = lines
        .iter()
        .map(|line| match line.is_empty() {
            true => String::new(),
            false => format!("{indent}{line}"),
        })
        .collect();
    lines.join(line_end)
}

fn double_quoted(text: &str, file: &EncodedText, is_escaped: bool) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if !is_printable(c) || (is_escaped && !c.is_ascii()) || !file.has(c) => {
                let _ = match u32::from(c) {
                    number @ ..=0xFF => write!(out, "\\x{number:02X}"),
                    number @ ..=0xFFFF => write!(out, "\\u{number:04X}"),
                    number => write!(out, "\\U{number:08X}"),
                };
            }
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}
