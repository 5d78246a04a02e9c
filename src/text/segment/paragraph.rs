//! Cuts a text into paragraphs and tells hard-wrapped lines from paragraphs of one line.
//!
//! **Idea.** Whoever wraps text at a width breaks a line where the next word doesn't fit any more. So the widest line
//! that another line follows gives the width, and a break is *full* where the line, a space and the next line's first
//! word exceed that width. Text is hard-wrapped where all this holds:
//!
//! - its width is between [`NARROWEST`] and [`WIDEST`] characters,
//! - three in four of its breaks are full,
//! - at least half of its breaks, and at least two, come in mid-sentence: behind something else than a stop.
//!
//! In hard-wrapped text a full break is white space, and any other break ends a paragraph, as behind a short title. A
//! line that opens with a list mark begins a paragraph whatever comes before it.

use std::ops::Range;

use super::{LineBreaks, visible};
use crate::text::arabic::is_tashkeel;

/// The narrowest width, in characters without tashkeel, that is taken for hard wrapping.
const NARROWEST: usize = 40;
/// The widest one; articles with a paragraph a line have wider lines.
const WIDEST: usize = 120;

/// Whether `c` ends a line: LF, CR, VT, FF, NEL and the two Unicode separators.
pub fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// The paragraphs of `text` as byte ranges, without outer white space and never empty.
///
/// A blank line, a form feed and U+2029 end a paragraph; what other line breaks do is `line_breaks`' choice.
pub fn paragraphs(text: &str, line_breaks: LineBreaks) -> Vec<Range<usize>> {
    let lines = lines(text);
    let wrapping = match line_breaks {
        LineBreaks::Guess => Wrapping::of(text, &lines),
        LineBreaks::Paragraph => Wrapping::None,
        LineBreaks::Space => Wrapping::Always,
    };
    let mut out: Vec<Range<usize>> = Vec::new();
    let mut last: Option<&Line> = None;
    for line in &lines {
        match (last, out.last_mut()) {
            (Some(previous), Some(paragraph))
                if line.follows && wrapping.joins(text, previous, line) =>
            {
                paragraph.end = line.range.end;
            }
            _ => out.push(line.range.clone()),
        }
        last = Some(line);
    }
    out
}

/// A line that holds something visible.
struct Line {
    /// Without outer white space.
    range: Range<usize>,
    /// Whether the line before it belongs to the same block, no blank line between them.
    follows: bool,
}

/// The lines of `text` that are not blank.
fn lines(text: &str) -> Vec<Line> {
    let mut out = Vec::new();
    let mut follows = false;
    let mut start = 0;
    while start < text.len() {
        let rest = &text[start..];
        let len = rest.find(is_line_end).unwrap_or(rest.len());
        let line = visible(text, start..start + len);
        let is_blank = line.is_none();
        if let Some(range) = line {
            out.push(Line { range, follows });
        }
        let end = &rest[len..];
        let break_len = if end.starts_with("\r\n") {
            2
        } else {
            end.chars().next().map_or(0, char::len_utf8)
        };
        follows = !is_blank && !end.starts_with(['\u{C}', '\u{2029}']);
        start += len + break_len;
    }
    out
}

/// How a text's lines hang together.
enum Wrapping {
    /// Each line is a paragraph.
    None,
    /// Each block of lines is a paragraph.
    Always,
    /// Lines were broken at this many characters.
    At(usize),
}

impl Wrapping {
    fn of(text: &str, lines: &[Line]) -> Self {
        let breaks = || lines.windows(2).filter(|pair| pair[1].follows);
        let width = breaks()
            .map(|pair| width(&text[pair[0].range.clone()]))
            .max()
            .unwrap_or(0);
        if !(NARROWEST..=WIDEST).contains(&width) {
            return Self::None;
        }
        let (mut all, mut full, mut inside) = (0_usize, 0_usize, 0_usize);
        for pair in breaks() {
            all += 1;
            full += usize::from(is_full(text, &pair[0], &pair[1], width));
            inside += usize::from(!ends_sentence(&text[pair[0].range.clone()]));
        }
        if 4 * full >= 3 * all && 2 * inside >= all && inside >= 2 {
            Self::At(width)
        } else {
            Self::None
        }
    }

    fn joins(&self, text: &str, line: &Line, next: &Line) -> bool {
        match *self {
            Self::None => false,
            Self::Always => true,
            Self::At(width) => {
                !opens_list_item(&text[next.range.clone()]) && is_full(text, line, next, width)
            }
        }
    }
}

fn width(text: &str) -> usize {
    text.chars().filter(|&c| !is_tashkeel(c)).count()
}

/// Whether the first word of `next` would not have fitted on `line`.
fn is_full(text: &str, line: &Line, next: &Line, limit: usize) -> bool {
    let word = text[next.range.clone()]
        .split(char::is_whitespace)
        .next()
        .unwrap_or_default();
    width(&text[line.range.clone()]) + 1 + width(word) > limit
}

fn ends_sentence(line: &str) -> bool {
    let closing = |c: char| matches!(c, '"' | '\'' | '»' | '”' | '’' | ')' | ']' | '}');
    line.trim_end_matches(closing)
        .ends_with(['.', '!', '?', '؟', '…', '۔', ':'])
}

/// `- `, `* `, `• `, `1. `, `٢) `, `(a) ` at the head of a line.
fn opens_list_item(line: &str) -> bool {
    let mark = line.split(char::is_whitespace).next().unwrap_or_default();
    if mark.len() == line.len() {
        return false;
    }
    if matches!(mark, "-" | "*" | "+" | "•" | "–" | "—" | "▪" | "◦" | "·") {
        return true;
    }
    let inner = mark.strip_prefix('(').unwrap_or(mark);
    let Some(label) = inner.strip_suffix(['.', ')', '-']) else {
        return false;
    };
    let mut chars = label.chars();
    match (chars.next(), chars.next()) {
        (Some(only), None) => only.is_alphanumeric(),
        (Some(_), Some(_)) => label.len() <= 6 && label.chars().all(char::is_numeric),
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        paragraphs(text, LineBreaks::Guess)
            .into_iter()
            .map(|p| &text[p])
            .collect()
    }

    const WRAPPED: &str = "\
The library opened its new reading room on
Monday after two years of repairs. Visitors
found more light, more desks and a quiet
corner for children.

وعادت المكتبة إلى استقبال القراء بعد عامين من
الترميم الذي شمل السقف والنوافذ. ووجد الزوار
قاعة أوسع وركنا هادئا للأطفال.";

    #[test]
    fn hard_wrapped_lines_are_one_paragraph() {
        assert_eq!(cut(WRAPPED).len(), 2);
        assert_eq!(cut(&WRAPPED.replace('\n', "\r\n")).len(), 2);
    }

    #[test]
    fn a_short_title_over_wrapped_lines_stays_apart() {
        let text = format!("A new room\n{WRAPPED}");
        assert_eq!(cut(&text)[0], "A new room");
        assert_eq!(cut(&text).len(), 3);
    }

    #[test]
    fn a_list_item_begins_a_paragraph_in_wrapped_text() {
        let text = format!(
            "{WRAPPED}\n\nThe room has the following, says its leader:\n- desks for forty readers and a rack for\nbags,\n- lamps."
        );
        assert_eq!(cut(&text).len(), 5);
    }

    #[test]
    fn lines_of_any_length_are_paragraphs() {
        assert_eq!(cut("Title\nFirst line.\nSecond line.").len(), 3);
        assert_eq!(
            cut("عنوان\nسطر أول طويل جدا لا ينتهي حتى يبلغ الخمسين حرفا.\nسطر").len(),
            3
        );
    }

    #[test]
    fn line_breaks_can_be_chosen() {
        let text = "one\ntwo\n \nthree\u{C}four";
        let count = |breaks| paragraphs(text, breaks).len();
        assert_eq!(
            (count(LineBreaks::Paragraph), count(LineBreaks::Space)),
            (4, 3)
        );
    }

    #[test]
    fn blank_and_invisible_text_has_no_paragraph() {
        assert!(cut(" \n\t\r\n\u{FEFF}\n\u{200F} ").is_empty());
    }
}
