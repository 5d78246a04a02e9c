//! Cuts a text into paragraphs and tells hard-wrapped lines from paragraphs of one line.
//!
//! **Idea.** Whoever wraps text at a width breaks a line where the next word doesn't fit any more. So the widest line
//! that another line follows gives the width, and a break is *full* where the line, a space and the next line's first
//! word exceed that width. Text is hard-wrapped where all this holds:
//!
//! - its width is between [`NARROWEST`] and [`WIDEST`] characters, tashkeel counted or not,
//! - three in four of its breaks are full,
//! - at least half of its breaks, and at least two, come in mid-sentence: behind something else than a stop.
//!
//! In hard-wrapped text a full break is white space, and any other break ends a paragraph, as behind a short title. A
//! line that opens with a list mark begins a paragraph behind a line that ends with a mark or is a list item itself.

use std::ops::Range;

use super::{LineBreaks, visible};
use crate::text::arabic::is_tashkeel;

/// The narrowest width, in characters, that is taken for hard wrapping.
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
    /// Lines were broken at a width.
    At(Limit),
}

impl Wrapping {
    fn of(text: &str, lines: &[Line]) -> Self {
        let breaks: Vec<(&str, &str)> = lines
            .windows(2)
            .filter(|pair| pair[1].follows)
            .map(|pair| (&text[pair[0].range.clone()], &text[pair[1].range.clone()]))
            .collect();
        let inside = breaks.iter().filter(|pair| !ends_sentence(pair.0)).count();
        if inside < 2 || 2 * inside < breaks.len() {
            return Self::None;
        }
        let full_breaks = |limit: &Limit| {
            breaks
                .iter()
                .filter(|(line, next)| limit.is_full(line, next))
                .count()
        };
        let limits = [Measure::Characters, Measure::WithoutTashkeel].map(|measure| Limit {
            measure,
            width: breaks
                .iter()
                .map(|pair| measure.width(pair.0))
                .max()
                .unwrap_or(0),
        });
        limits
            .into_iter()
            .filter(|limit| (NARROWEST..=WIDEST).contains(&limit.width))
            .map(|limit| (full_breaks(&limit), limit))
            .filter(|&(full, _)| 4 * full >= 3 * breaks.len())
            .max_by_key(|&(full, _)| full)
            .map_or(Self::None, |(_, limit)| Self::At(limit))
    }

    fn joins(&self, text: &str, line: &Line, next: &Line) -> bool {
        let (line, next) = (&text[line.range.clone()], &text[next.range.clone()]);
        match self {
            Self::None => false,
            Self::Always => true,
            Self::At(limit) => limit.is_full(line, next) && !begins_item(line, next),
        }
    }
}

/// What whoever wrapped the text took for the width of a line: tools differ over marks that take no room.
#[derive(Clone, Copy)]
enum Measure {
    Characters,
    WithoutTashkeel,
}

impl Measure {
    fn width(self, text: &str) -> usize {
        match self {
            Self::Characters => text.chars().count(),
            Self::WithoutTashkeel => text.chars().filter(|&c| !is_tashkeel(c)).count(),
        }
    }
}

/// The width that lines were broken at.
struct Limit {
    measure: Measure,
    width: usize,
}

impl Limit {
    /// Whether the first word of `next` would not have fitted on `line`.
    fn is_full(&self, line: &str, next: &str) -> bool {
        let word = next.split(char::is_whitespace).next().unwrap_or_default();
        self.measure.width(line) + 1 + self.measure.width(word) > self.width
    }
}

fn ends_sentence(line: &str) -> bool {
    let closing = |c: char| matches!(c, '"' | '\'' | '»' | '”' | '’' | ')' | ']' | '}');
    line.trim_end_matches(closing)
        .ends_with(['.', '!', '?', '؟', '…', '۔', ':'])
}

/// Whether `next` is a list item behind `line`, rather than words that happen to begin with a dash or a number.
fn begins_item(line: &str, next: &str) -> bool {
    let may_end = ends_sentence(line) || line.ends_with([',', '،', ';', '؛']);
    opens_list_item(next) && (may_end || opens_list_item(line))
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
        (Some(_), Some(_)) => label.chars().count() <= 3 && label.chars().all(char::is_numeric),
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
    fn tashkeel_may_count_or_not() {
        let vocalised = "\
وَصَلَ المُسَافِرُونَ إلى المدينة القديمة عند
الغروب، فوجدوا أبوابها مفتوحة وأسواقها عَامِرَةً
بالناس، وجلسوا في مقهى صغير يشربون الشاي.";
        assert_eq!(cut(vocalised).len(), 1);
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
