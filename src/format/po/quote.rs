//! Strings of PO files: C strings, in pieces, wrapped as gettext wraps them.

use std::fmt::Write as _;

/// The widest line that gettext writes, in characters.
const PAGE_WIDTH: usize = 79;

/// Adds what the inside of a quoted string stands for.
///
/// # Errors
/// The byte in `inside` and the reason, where an escape is none.
pub(super) fn unquote(inside: &str, out: &mut String) -> Result<(), (usize, &'static str)> {
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let here = inside.len() - rest.len() + at;
        rest = &rest[at + 1..];
        let mut chars = rest.chars();
        let Some(c) = chars.next() else {
            return Err((here, "a backslash ends the string"));
        };
        let simple = match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{C}',
            'v' => '\u{B}',
            '"' | '\\' | '\'' | '?' => c,
            _ => {
                let (digits, radix) = match c {
                    '0'..='7' => {
                        let end = rest
                            .bytes()
                            .take(3)
                            .take_while(|b| matches!(b, b'0'..=b'7'));
                        (&rest[..end.count()], 8)
                    }
                    'x' => {
                        let end = rest[1..].bytes().take_while(u8::is_ascii_hexdigit);
                        (&rest[1..1 + end.count()], 16)
                    }
                    _ => return Err((here, "an escape that gettext doesn't know")),
                };
                match u8::from_str_radix(digits, radix) {
                    Ok(byte @ 1..0x80) => out.push(char::from(byte)),
                    _ => return Err((here, "an escape that is no ASCII character")),
                }
                rest = &rest[digits.len() + usize::from(radix == 16)..];
                continue;
            }
        };
        out.push(simple);
        rest = chars.as_str();
    }
    out.push_str(rest);
    Ok(())
}

/// A text as it stands behind `keyword`, which is not part of the result: quoted, and over several lines, which `start`
/// begins, where it has line ends inside or is too wide for one. `start` is `""`, or `#| ` in comments.
pub(super) fn quote(text: &str, keyword: &str, start: &str, line_end: &str) -> String {
    let escaped: Vec<String> = text.split_inclusive('\n').map(escape).collect();
    let width = |text: &str| text.chars().count();
    let whole: usize = escaped.iter().map(|line| width(line)).sum();
    let room = PAGE_WIDTH.saturating_sub(width(start) + width(keyword) + 3);
    if escaped.len() <= 1 && whole <= room {
        return format!("\"{}\"", escaped.concat());
    }
    let mut quoted = "\"\"".to_owned();
    let room = PAGE_WIDTH - width(start) - 2;
    for line in &escaped {
        let mut piece = String::new();
        let mut piece_width = 0;
        for word in line.split_inclusive(' ') {
            let word_width = width(word);
            if piece_width > 0 && piece_width + word_width > room {
                let _ = write!(quoted, "{line_end}{start}\"{piece}\"");
                piece.clear();
                piece_width = 0;
            }
            piece.push_str(word);
            piece_width += word_width;
        }
        let _ = write!(quoted, "{line_end}{start}\"{piece}\"");
    }
    quoted
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{B}' => out.push_str("\\v"),
            '\u{C}' => out.push_str("\\f"),
            '\u{1}'..='\u{1F}' => {
                let _ = write!(out, "\\{:03o}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(quoted: &str) -> String {
        let mut out = String::new();
        for line in quoted.lines() {
            unquote(&line[1..line.len() - 1], &mut out).unwrap();
        }
        out
    }

    #[test]
    fn long_texts_and_those_with_line_ends_are_wrapped() {
        assert_eq!(quote("نعم\n", "msgstr", "", "\n"), "\"نعم\\n\"");
        assert_eq!(quote("a\nb", "msgstr", "", "\n"), "\"\"\n\"a\\n\"\n\"b\"");
        let long = "كلمة ".repeat(20);
        let quoted = quote(&long, "msgstr", "", "\r\n");
        assert!(quoted.starts_with("\"\"\r\n\""));
        assert!(
            quoted
                .lines()
                .all(|line| line.chars().count() <= PAGE_WIDTH)
        );
        assert_eq!(read(&quoted), long);
    }

    #[test]
    fn escapes_are_those_of_c() {
        let mut out = String::new();
        unquote(r#"\"\\\t\101\x42 \001"#, &mut out).unwrap();
        assert_eq!(out, "\"\\\tAB \u{1}");
        for (bad, at) in [("a\\", 1), ("\\q", 0), ("ab\\377", 2), ("\\x", 0)] {
            assert_eq!(unquote(bad, &mut out).map_err(|e| e.0), Err(at), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn quoting_goes_both_ways(text in "[\\x01-\\x7F\u{643}\u{64B} \u{200F}\u{1F642}]{0,200}") {
            prop_assert_eq!(read(&quote(&text, "msgstr[0]", "", "\n")), text);
        }
    }
}
