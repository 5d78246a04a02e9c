//! How a translation is written: escapes of the resource compiler, then those of XML.

use super::{Android, Style};
use crate::coded::{CodeKind, Coded};
use crate::format::encoded::EncodedText;
use crate::format::fill::inline::{PieceKind, Step, settle};
use crate::format::fill::strings::StringFormat;
use crate::format::{first_forbidden, forbidden_message};

impl StringFormat for Android {
    type Style = Style;

    fn written(
        file: &EncodedText,
        _source: &Coded,
        target: &Coded,
        style: &Style,
    ) -> Result<String, String> {
        if let Some((_, c)) = first_forbidden(&target.text) {
            return Err(forbidden_message(c));
        }
        let mut writer = Writer {
            out: String::with_capacity(2 * target.text.len()),
            in_cdata: style.in_cdata,
            begun: false,
            behind_space: true,
        };
        let steps = settle(&style.built, target);
        for (i, step) in steps.iter().enumerate() {
            match step {
                Step::Text(text) => writer.text(text, i + 1 == steps.len()),
                Step::Code(code) => {
                    let piece = &style.pieces[style.built.pieces[*code]];
                    writer.out.push_str(&file.text()[piece.source.clone()]);
                    // What stands for a value is shown.
                    let stands_alone = matches!(piece.kind, PieceKind::Code(CodeKind::Alone, _));
                    writer.behind_space &= !stands_alone;
                }
            }
        }
        Ok(writer.out)
    }

    fn added_form(
        file: &EncodedText,
        at: usize,
        key: &str,
        target: &Coded,
        style: &Style,
    ) -> Option<Result<String, String>> {
        let text = file.text();
        let before = &text[..at];
        let space = &before[before.trim_end().len()..];
        let head = &text[style.value.start..style.range.start];
        let tail = &text[style.range.end..style.value.end];
        let written = Self::written(file, target, target, style);
        Some(
            written
                .map(|value| format!("<item quantity=\"{key}\">{head}{value}{tail}</item>{space}")),
        )
    }
}

struct Writer {
    out: String,
    in_cdata: bool,
    /// Whether any text was written.
    begun: bool,
    behind_space: bool,
}

impl Writer {
    fn text(&mut self, text: &str, is_last: bool) {
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let ends = is_last && chars.peek().is_none();
            match c {
                ' ' if self.behind_space || ends => self.out.push_str("\\u0020"),
                '\n' => self.out.push_str("\\n"),
                '\t' => self.out.push_str("\\t"),
                '\r' => self.out.push_str("\\u000D"),
                '\\' | '\'' | '"' => {
                    self.out.push('\\');
                    self.out.push(c);
                }
                '@' | '?' if !self.begun => {
                    self.out.push('\\');
                    self.out.push(c);
                }
                '>' if self.in_cdata && self.out.ends_with("]]") => {
                    self.out.push_str("]]><![CDATA[>");
                }
                '&' if !self.in_cdata => self.out.push_str("&amp;"),
                '<' if !self.in_cdata => self.out.push_str("&lt;"),
                '>' if !self.in_cdata => self.out.push_str("&gt;"),
                _ => self.out.push(c),
            }
            self.behind_space = c == ' ';
            self.begun = true;
        }
    }
}
