//! Answers for people: records one below the other, never tables, since no terminal agrees with another on how wide
//! Arabic is.
//!
//! ```text
//! زار الوزير المدرسة الجديدة
//!   1. 87.5 fuzzy (unit 12, news-03)
//!      match   زار [-وزير-] {+الوزير+} المدرسة الجديدة
//!      target  The minister visited the new school
//! ```
//! `[-…-]` stands only in the match, `{+…+}` only in the query; with colours, red and green stand for the marks.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{Answer, Renderer, explain, term};
use crate::cli::bidi::isolate;
use crate::matching::penalty::PenaltyCause;
use crate::matching::{DiffPiece, Flag, MatchKind, Suggestion};
use crate::memory::ConcordanceHit;
use crate::unit::TranslationUnit;

pub(super) const ONLY_IN_MATCH: Style = AnsiColor::Red.on_default().strikethrough();
pub(super) const ONLY_IN_QUERY: Style = AnsiColor::Green.on_default();
const QUERY: Style = Style::new().bold();
pub(super) const FAINT: Style = Style::new().dimmed();
const SCORE: Style = AnsiColor::Cyan.on_default().bold();
const BEWARE: Style = AnsiColor::Yellow.on_default();
const PHRASE: Style = AnsiColor::Yellow.on_default().bold();

/// What the terminal can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Look {
    /// Colours, instead of marks.
    pub(crate) color: bool,
    /// Isolates round right-to-left text.
    pub(crate) isolates: bool,
}

impl Look {
    pub(super) fn paint(self, style: Style, text: &str) -> String {
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// `text` in colour, or between marks; white space at its end stays outside.
    pub(super) fn mark(self, style: Style, (open, close): (&str, &str), text: &str) -> String {
        let inner = text.trim_end();
        let rest = &text[inner.len()..];
        if self.color {
            format!("{style}{inner}{style:#}{rest}")
        } else {
            format!("{open}{inner}{close}{rest}")
        }
    }

    pub(super) fn isolate(self, text: &str) -> String {
        isolate(text, self.isolates).into_owned()
    }
}

/// Writes answers for people.
pub(crate) struct Human<'w> {
    out: &'w mut dyn Write,
    look: Look,
    written: bool,
}

impl<'w> Human<'w> {
    /// A renderer with that look.
    pub(crate) fn new(out: &'w mut dyn Write, look: Look) -> Self {
        Self {
            out,
            look,
            written: false,
        }
    }

    /// A blank line between two records.
    fn separate(&mut self) -> io::Result<()> {
        if self.written {
            writeln!(self.out)?;
        }
        self.written = true;
        Ok(())
    }

    fn suggestion(
        &mut self,
        rank: usize,
        suggestion: &Suggestion,
        answer: &Answer<'_>,
    ) -> io::Result<()> {
        let lang = answer.lang;
        let look = self.look;
        let matched = &suggestion.matched;
        let mut head = format!(
            "{rank:>3}. {} {}",
            look.paint(SCORE, &matched.score.to_string()),
            matched.kind.name()
        );
        let _ = write!(
            head,
            " {}",
            look.paint(FAINT, &place(&suggestion.unit, look))
        );
        if !matched.levelled.is_empty() {
            let _ = write!(head, "; differs in {}", matched.levelled);
        }
        for flag in &matched.flags {
            let _ = write!(head, "; {}", look.paint(BEWARE, flag_in_words(*flag)));
        }
        for penalty in &matched.penalties {
            let cause = penalty_in_words(penalty.cause);
            let _ = write!(head, "; -{} {}", penalty.cost, look.paint(BEWARE, &cause));
        }
        writeln!(self.out, "{head}")?;
        let text = &suggestion.unit.text;
        match matched.kind {
            MatchKind::Context | MatchKind::Exact => {}
            MatchKind::Orthographic => {
                let source = look.isolate(&visible(text.get(lang)));
                writeln!(self.out, "     match   {source}")?;
            }
            MatchKind::Fuzzy => {
                let diff = look.isolate(&diff_line(&suggestion.diff, look));
                writeln!(self.out, "     match   {diff}")?;
            }
        }
        let target = look.isolate(&visible(text.get(lang.other())));
        writeln!(self.out, "     target  {target}")?;
        term::write_uses(self.out, &answer.term_uses(suggestion), lang, look)?;
        match answer.explanation(suggestion) {
            Some(explanation) => explain::write(self.out, &explanation, matched, look),
            None => Ok(()),
        }
    }
}

impl Renderer for Human<'_> {
    fn answer(&mut self, answer: &Answer<'_>) -> io::Result<()> {
        self.separate()?;
        let query = self.look.isolate(&visible(answer.query));
        writeln!(self.out, "{}", self.look.paint(QUERY, &query))?;
        if answer.suggestions.is_empty() && !answer.query.trim().is_empty() {
            let nothing = format!("no match of {} or more", answer.threshold);
            writeln!(self.out, "     {}", self.look.paint(FAINT, &nothing))?;
        }
        for (i, suggestion) in answer.suggestions.iter().enumerate() {
            self.suggestion(i + 1, suggestion, answer)?;
        }
        term::write_hits(self.out, answer.query, answer.terms, answer.lang, self.look)
    }

    fn hit(&mut self, hit: &ConcordanceHit) -> io::Result<()> {
        self.separate()?;
        let look = self.look;
        writeln!(self.out, "{}", look.paint(FAINT, &place(&hit.unit, look)))?;
        // The side that was searched stands first.
        for lang in [hit.side, hit.side.other()] {
            let text = hit.unit.text.get(lang);
            let line = if lang == hit.side {
                marked_line(text, &hit.spans, look)
            } else {
                visible(text)
            };
            writeln!(self.out, "  {lang}  {}", look.isolate(&line))?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// `(unit 12, news-03)`.
fn place(unit: &TranslationUnit, look: Look) -> String {
    match unit.origin.document.as_deref() {
        Some(document) => format!("(unit {}, {})", unit.id, look.isolate(&visible(document))),
        None => format!("(unit {})", unit.id),
    }
}

/// Why a penalty was taken off.
pub(super) fn penalty_in_words(cause: PenaltyCause) -> Cow<'static, str> {
    match cause {
        PenaltyCause::LowConfidence => "aligned with low confidence".into(),
        PenaltyCause::Unreviewed => "not reviewed".into(),
        PenaltyCause::OtherDocument => "another document".into(),
        PenaltyCause::Age => "old".into(),
        PenaltyCause::SeveralTranslations => "translated in several ways".into(),
        PenaltyCause::Levelled(levelling) => format!("differs in {}", levelling.name()).into(),
    }
}

pub(super) fn flag_in_words(flag: Flag) -> &'static str {
    match flag {
        Flag::Number => "numbers or dates differ",
        Flag::Negation => "one of them is negated",
        Flag::Placeable => "placeables differ",
        Flag::Name => "names differ",
    }
}

/// The match's source against the query. What stands only in the match comes before what stands in its place in the
/// query, as in every diff.
fn diff_line(pieces: &[DiffPiece], look: Look) -> String {
    let mut line = String::new();
    for change in pieces.chunk_by(|a, b| is_change(a) && is_change(b)) {
        for piece in change {
            match piece {
                DiffPiece::Match(text) => push_spaced(
                    &mut line,
                    &look.mark(ONLY_IN_MATCH, ("[-", "-]"), &visible(text)),
                ),
                DiffPiece::Same(text) => line.push_str(&visible(text)),
                DiffPiece::Query(_) => {}
            }
        }
        for piece in change {
            if let DiffPiece::Query(text) = piece {
                push_spaced(
                    &mut line,
                    &look.mark(ONLY_IN_QUERY, ("{+", "+}"), &visible(text)),
                );
            }
        }
    }
    line
}

fn is_change(piece: &DiffPiece) -> bool {
    !matches!(piece, DiffPiece::Same(_))
}

/// Appends a marked piece; keeps it apart from a marked piece that ends without a space.
fn push_spaced(line: &mut String, piece: &str) {
    if line.ends_with("-]") {
        line.push(' ');
    }
    line.push_str(piece);
}

/// `text` with `spans` marked.
fn marked_line(text: &str, spans: &[std::ops::Range<usize>], look: Look) -> String {
    let mut line = String::with_capacity(text.len() + 16 * spans.len());
    let mut end = 0;
    for span in spans {
        line.push_str(&visible(&text[end..span.start]));
        line.push_str(&look.mark(PHRASE, ("[[", "]]"), &visible(&text[span.clone()])));
        end = span.end;
    }
    line.push_str(&visible(&text[end..]));
    line
}

/// `text` on one line and harmless for a terminal: white space other than a space becomes one, other control characters
/// become their pictures (U+2400 and following).
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' | '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
            '\0'..='\u{1F}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{FFFD}'),
            '\u{7F}' => '\u{2421}',
            '\u{80}'..='\u{9F}' => '\u{FFFD}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{Lang, Sides};
    use crate::unit::{Origin, UnitId};

    const PLAIN: Look = Look {
        color: false,
        isolates: false,
    };

    fn rendered(look: Look, write: impl FnOnce(&mut Human<'_>)) -> String {
        let mut bytes = Vec::new();
        write(&mut Human::new(&mut bytes, look));
        String::from_utf8(bytes).unwrap()
    }

    fn unit() -> TranslationUnit {
        TranslationUnit {
            id: UnitId(12),
            text: Sides {
                ar: "زار وزير المدرسة.".into(),
                en: "A minister visited the school.".into(),
            },
            codes: Sides::default(),
            origin: Origin {
                document: Some("news-03".into()),
                ..Origin::default()
            },
        }
    }

    #[test]
    fn a_difference_shows_what_goes_before_what_comes() {
        let pieces = [
            DiffPiece::Same("زار ".into()),
            DiffPiece::Query("الوزير ".into()),
            DiffPiece::Match("وزير ".into()),
            DiffPiece::Same("المدرسة.".into()),
        ];
        assert_eq!(
            diff_line(&pieces, PLAIN),
            "زار [-وزير-] {+الوزير+} المدرسة."
        );
        let colored = Look {
            color: true,
            ..PLAIN
        };
        let line = diff_line(&pieces, colored);
        assert!(line.contains("\u{1b}[32mالوزير\u{1b}[0m "), "{line:?}");
        assert!(!line.contains("[-"));
    }

    #[test]
    fn a_phrase_is_marked_in_its_segment() {
        let unit = unit();
        let phrase = "المدرسة";
        let spans = unit.text.ar.match_indices(phrase);
        let spans = spans.map(|(at, _)| at..at + phrase.len()).collect();
        let hit = ConcordanceHit {
            side: Lang::Arabic,
            spans,
            unit,
        };
        let out = rendered(PLAIN, |human| human.hit(&hit).unwrap());
        assert_eq!(
            out,
            "(unit 12, news-03)\n  ar  زار وزير [[المدرسة]].\n  en  A minister visited the school.\n"
        );
    }

    #[test]
    fn isolates_go_round_arabic_lines_alone() {
        let isolating = Look {
            isolates: true,
            ..PLAIN
        };
        let hit = ConcordanceHit {
            unit: unit(),
            side: Lang::English,
            spans: Vec::new(),
        };
        let out = rendered(isolating, |human| human.hit(&hit).unwrap());
        assert!(
            out.contains("\n  ar  \u{2068}زار وزير المدرسة.\u{2069}\n"),
            "{out:?}"
        );
        assert_eq!(out.matches('\u{2068}').count(), 1);
    }

    #[test]
    fn nothing_reaches_the_terminal_that_could_steer_it() {
        assert_eq!(visible("a\u{1b}[2J\tb\u{9b}\n"), "a␛[2J b\u{FFFD} ");
        assert_eq!(visible("قَالَ\u{200F}"), "قَالَ\u{200F}");
    }

    #[test]
    fn a_segment_without_matches_says_so_and_a_blank_one_says_nothing() {
        let answer = |query| Answer {
            index: 0,
            query,
            lang: Lang::Arabic,
            threshold: crate::score::Score::from_points(70),
            suggestions: &[],
            terms: &[],
            explain: false,
        };
        let out = rendered(PLAIN, |human| {
            human.answer(&answer("نعم")).unwrap();
            human.answer(&answer("")).unwrap();
        });
        assert_eq!(out, "نعم\n     no match of 70 or more\n\n\n");
    }
}
