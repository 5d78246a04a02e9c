//! Reads a stop cluster: a run of stops with the quotes, brackets and footnote marks that close behind it.

use std::ops::Range;

use super::{SegmentOptions, is_invisible};

/// The longest number of a footnote mark, in digits.
const FOOTNOTE_DIGITS: usize = 3;

/// Whether `c` is a stop.
pub(super) fn is_stop(c: char, options: &SegmentOptions) -> bool {
    matches!(c, '.' | '!' | '?' | '؟' | '…' | '۔' | '‼' | '⁇' | '⁈' | '⁉')
        || (options.semicolon_ends && is_semicolon(c))
}

fn is_semicolon(c: char) -> bool {
    matches!(c, ';' | '؛')
}

/// What kind of stop a cluster is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// `.` or `۔`
    Full,
    /// `…` or two dots and more
    Ellipsis,
    /// Any with `!`, `?` or `؟`
    Strong,
    /// `؛` or `;`
    Semicolon,
}

/// A run of stops with what closes behind them.
#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) range: Range<usize>,
    /// The kind of all its stops together.
    pub(super) stop: Stop,
    /// A quote closes behind the last stop.
    pub(super) closes_quote: bool,
    /// A bracket closes behind the last stop.
    pub(super) closes_bracket: bool,
    /// Nothing but one stop: the word before it may be an abbreviation.
    pub(super) is_single: bool,
}

impl Cluster {
    /// The cluster whose first stop is at byte `start`.
    pub(super) fn read(
        text: &str,
        start: usize,
        mut in_quotes: bool,
        options: &SegmentOptions,
    ) -> Self {
        let (mut dots, mut stops) = (0_usize, 0_usize);
        let mut stop = Stop::Full;
        let (mut closes_quote, mut closes_bracket) = (false, false);
        let mut end = start;
        while let Some(c) = text[end..].chars().next() {
            let next = end + c.len_utf8();
            if is_stop(c, options) {
                stops += 1;
                dots += usize::from(matches!(c, '.' | '۔'));
                stop = match (stop, c) {
                    (Stop::Strong, _) | (_, '!' | '?' | '؟' | '‼' | '⁇' | '⁈' | '⁉') => {
                        Stop::Strong
                    }
                    (_, '…') => Stop::Ellipsis,
                    _ if is_semicolon(c) => Stop::Semicolon,
                    _ if dots > 1 => Stop::Ellipsis,
                    (before, _) => before,
                };
                (closes_quote, closes_bracket) = (false, false);
                end = next;
            } else if closes_here(text, end, c, in_quotes) {
                in_quotes ^= c == '"';
                closes_quote |= is_quote(c);
                closes_bracket |= matches!(c, ')' | ']' | '}');
                end = next;
            } else if is_invisible(c) {
                end = next;
            } else if let Some(len) = footnote_mark(&text[end..]) {
                end += len;
            } else if let Some(at) = spaced_stop(text, end, in_quotes, options) {
                end = at;
            } else {
                break;
            }
        }
        Self {
            range: start..end,
            stop,
            closes_quote,
            closes_bracket,
            is_single: stops == 1,
        }
    }
}

/// Whether `c` is a quote, of whatever side.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '»' | '«' | '”' | '“' | '’' | '›' | '″')
}

/// Whether `c`, at byte `at` directly behind a stop or another closing mark, closes something.
fn closes_here(text: &str, at: usize, c: char, in_quotes: bool) -> bool {
    let before_word = || {
        text[at + c.len_utf8()..]
            .chars()
            .next()
            .is_some_and(char::is_alphanumeric)
    };
    match c {
        ')' | ']' | '}' | '»' | '”' | '›' | '″' => true,
        '"' => in_quotes || !before_word(),
        '\'' | '’' | '“' | '«' => !before_word(),
        _ => false,
    }
}

/// The length of a footnote mark as encyclopedias set it behind a stop: `[12]` or superscript digits.
fn footnote_mark(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    if matches!(first, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹') {
        return Some(first.len_utf8());
    }
    let inner = text.strip_prefix('[')?;
    let digits: usize = inner
        .chars()
        .take(FOOTNOTE_DIGITS)
        .take_while(|c| c.is_numeric())
        .map(char::len_utf8)
        .sum();
    (digits > 0 && inner[digits..].starts_with(']')).then_some(digits + 2)
}

/// Where the white space at byte `at` ends, if a stop or closing mark that belongs to the words before follows it.
fn spaced_stop(text: &str, at: usize, in_quotes: bool, options: &SegmentOptions) -> Option<usize> {
    let rest = text[at..].trim_start();
    if rest.len() == text.len() - at {
        return None;
    }
    let mut chars = rest.chars();
    let c = chars.next()?;
    let is_last = match chars.next() {
        None => true,
        Some(next) => next.is_whitespace() || is_quote(next) || is_stop(next, options),
    };
    let belongs = match c {
        ')' | ']' | '}' | '»' | '”' | '›' => true,
        '"' => in_quotes && is_last,
        // «.NET» and «...and» begin something.
        _ if is_stop(c, options) => !rest
            .trim_start_matches(|c| is_stop(c, options))
            .starts_with(char::is_alphanumeric),
        _ => false,
    };
    belongs.then_some(text.len() - rest.len())
}
