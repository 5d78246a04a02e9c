//! A bead under review with its neighbours, both languages side by side.
//!
//! ```text
//! news · bead 2 of 3 · confidence 0.410 · 1 doubtful left
//!   1-1 0.980     The minister opened the        │ افتتح الوزير المدرسة.
//!                 school.                        │
//! > 2-1 0.410     The ceremony was attended by   │ 1 وحضر الحفل 120 طالبا.
//!                 120 students, and the children │ 2 وغنى الأطفال.
//!                 sang.                          │
//!   0-1 0.950     It ended in the evening.       │ —
//! ```
//! English stands on the left, where its width is certain; Arabic, of whose width terminals disagree, is the last on its
//! line, so that nothing depends on it. Each line of it is an isolate of its own.

use std::cmp::Ordering;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::human::FAINT;
use super::{Look, grouped, shortened, visible};
use crate::align_review::{Progress, ReviewBead, ReviewText, Standing};
use crate::cli::bidi::isolate_right_to_left;
use crate::lang::Lang;

const HEAD: Style = AnsiColor::Cyan.on_default().bold();
const AT_HAND: Style = Style::new().bold();

/// What stands before the English column: mark, shape, confidence.
const MARGIN: usize = 16;
/// The narrowest column of text.
const LEAST_COLUMN: usize = 20;
/// The widest one: longer lines are hard to read.
const WIDEST_COLUMN: usize = 70;
/// The width of a terminal that doesn't tell it.
const USUAL_WIDTH: u16 = 80;
/// As many lines of a neighbour's segment are shown.
const NEIGHBOUR_LINES: usize = 2;
/// As many segments of a neighbour are shown: those next to the bead at hand.
const NEIGHBOUR_SEGMENTS: usize = 2;

/// How beads are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BeadScreen {
    look: Look,
    /// The width of a column of text.
    column: usize,
}

impl BeadScreen {
    /// As wide as the terminal of stderr, if it is one.
    pub(crate) fn for_stderr(look: Look) -> Self {
        let size = terminal_size::terminal_size_of(std::io::stderr());
        let width = size.map_or(USUAL_WIDTH, |(width, _)| width.0);
        Self::of_width(look, usize::from(width))
    }

    fn of_width(look: Look, width: usize) -> Self {
        // The separator takes three.
        let column = (width.saturating_sub(MARGIN + 3) / 2).clamp(LEAST_COLUMN, WIDEST_COLUMN);
        Self { look, column }
    }

    /// The bead of that number, with the one before and the one behind it.
    pub(crate) fn show(&self, text: &ReviewText, number: usize, progress: &Progress) -> String {
        let bead = &text.beads[number];
        let head = format!(
            "{} · bead {} of {} · {} · {} doubtful left",
            visible(&text.name),
            grouped(number as u64 + 1),
            grouped(text.beads.len() as u64),
            standing_in_words(bead.standing),
            grouped(progress.doubtful as u64)
        );
        let mut out = self.look.paint(HEAD, &head);
        out.push('\n');
        let first = number.saturating_sub(1);
        let last = (number + 1).min(text.beads.len() - 1);
        for (i, bead) in text.beads.iter().enumerate().take(last + 1).skip(first) {
            self.push_bead(&mut out, text, bead, i.cmp(&number));
        }
        out.truncate(out.trim_end_matches('\n').len());
        out
    }

    /// `place` is where the bead stands, seen from the one at hand.
    fn push_bead(&self, out: &mut String, text: &ReviewText, bead: &ReviewBead, place: Ordering) {
        let is_at_hand = place == Ordering::Equal;
        let style = if is_at_hand { AT_HAND } else { FAINT };
        let lines = |lang| self.lines(text, bead, lang, place);
        let (en, ar) = (lines(Lang::English), lines(Lang::Arabic));
        for i in 0..en.len().max(ar.len()) {
            let margin = match (i, is_at_hand) {
                (0, true) => format!("> {}", short_standing(bead)),
                (0, false) => format!("  {}", short_standing(bead)),
                _ => String::new(),
            };
            let en = en.get(i).map_or("", String::as_str);
            let pad = self.column.saturating_sub(en.width());
            let ar = ar.get(i).map_or("", String::as_str);
            let ar = isolate_right_to_left(ar, self.look.isolates);
            let line = format!("{margin:<MARGIN$}{en}{:pad$} │ {ar}", "");
            let _ = writeln!(out, "{}", self.look.paint(style, line.trim_end()));
        }
    }

    /// The segments of one side, as lines that fit into the column; numbered where there are more than one.
    fn lines(
        &self,
        text: &ReviewText,
        bead: &ReviewBead,
        lang: Lang,
        place: Ordering,
    ) -> Vec<String> {
        let segments = &text.segments.get(lang)[bead.range.get(lang).clone()];
        if segments.is_empty() {
            return vec!["—".to_owned()];
        }
        let count = segments.len();
        let near = match place {
            Ordering::Less => count.saturating_sub(NEIGHBOUR_SEGMENTS)..count,
            Ordering::Equal => 0..count,
            Ordering::Greater => 0..count.min(NEIGHBOUR_SEGMENTS),
        };
        let mut lines = Vec::new();
        if near.start > 0 {
            lines.push("…".to_owned());
        }
        for (i, segment) in segments.iter().enumerate().take(near.end).skip(near.start) {
            let mut shown = visible(segment);
            if place != Ordering::Equal {
                shown = shortened(&shown, NEIGHBOUR_LINES * self.column);
            }
            if segments.len() > 1 {
                shown = format!("{} {shown}", i + 1);
            }
            wrap(&shown, self.column, &mut lines);
        }
        if near.end < count {
            lines.push("…".to_owned());
        }
        lines
    }
}

fn standing_in_words(standing: Standing) -> String {
    match standing {
        Standing::Open(confidence) => format!("confidence {confidence}"),
        Standing::Edited => "edited, not accepted yet".to_owned(),
        Standing::Confirmed => "accepted".to_owned(),
        Standing::Dropped => "dropped".to_owned(),
    }
}

/// Shape and standing, such as `2-1 0.410`.
fn short_standing(bead: &ReviewBead) -> String {
    let standing = match bead.standing {
        Standing::Open(confidence) => confidence.to_string(),
        Standing::Edited => "edited".to_owned(),
        Standing::Confirmed => "accepted".to_owned(),
        Standing::Dropped => "dropped".to_owned(),
    };
    format!("{}-{} {standing}", bead.range.ar.len(), bead.range.en.len())
}

/// Breaks `text` between words into lines of at most `width`; a longer word is cut.
fn wrap(text: &str, width: usize, lines: &mut Vec<String>) {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            let grown = line.width() + unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
            if grown > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Sides;
    use crate::score::Confidence;

    fn text() -> ReviewText {
        let open = |ar, en, thousandths| ReviewBead {
            range: Sides { ar, en },
            standing: Standing::Open(Confidence::from_thousandths(thousandths)),
        };
        let list = |segments: &[&str]| segments.iter().map(|&s| s.to_owned()).collect();
        ReviewText {
            name: "news".into(),
            segments: Sides {
                ar: list(&[
                    "افتتح الوزير المدرسة.",
                    "وحضر الحفل 120 طالبا.",
                    "وغنى الأطفال.",
                ]),
                en: list(&[
                    "The minister opened the school.",
                    "The ceremony was attended by 120 students, and the children sang.",
                    "It ended in the evening.",
                ]),
            },
            beads: vec![
                open(0..1, 0..1, 980),
                open(1..3, 1..2, 410),
                open(3..3, 2..3, 950),
            ],
            steps: Vec::new(),
        }
    }

    #[test]
    fn a_bead_stands_between_its_neighbours() {
        let screen = BeadScreen::of_width(Look::default(), 80);
        let progress = Progress {
            doubtful: 1,
            ..Progress::default()
        };
        insta::assert_snapshot!(screen.show(&text(), 1, &progress), @"
        news · bead 2 of 3 · confidence 0.410 · 1 doubtful left
          1-1 0.980     The minister opened the        │ افتتح الوزير المدرسة.
                        school.                        │
        > 2-1 0.410     The ceremony was attended by   │ 1 وحضر الحفل 120 طالبا.
                        120 students, and the children │ 2 وغنى الأطفال.
                        sang.                          │
          0-1 0.950     It ended in the evening.       │ —
        ");
        let isolated = BeadScreen::of_width(
            Look {
                isolates: true,
                ..Look::default()
            },
            80,
        );
        let shown = isolated.show(&text(), 1, &progress);
        assert!(
            shown.contains("│ \u{2067}2 وغنى الأطفال.\u{2069}"),
            "{shown}"
        );
    }

    #[test]
    fn words_are_wrapped_and_long_ones_cut() {
        let mut lines = Vec::new();
        wrap("one two abcdefghij", 7, &mut lines);
        assert_eq!(lines, ["one two", "abcdefg", "hij"]);
        lines.clear();
        wrap("كَتَبَ الوَلَدُ", 5, &mut lines);
        assert_eq!(lines, ["كَتَبَ", "الوَلَدُ"]);
    }
}
