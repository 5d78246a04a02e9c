//! Cuts a paragraph into sentences.
//!
//! **Idea.** Every run of stops (`.` `!` `?` `؟` `…` `۔`, and `؛` `;` where wanted) with the quotes, brackets and
//! footnote marks that close behind it is a *stop cluster*. What stands before it and the word that follows decide
//! whether it ends the sentence; a paragraph's end always does.
//!
//! 1. Nothing but white space between the cluster and the next word is needed, else the stop is inside a number, an
//!    address, a file name or an abbreviation. Exceptions, where a space was forgotten: `نعم.ثم` (a word of three or more
//!    Arabic letters, one stop, a word of two or more, no further stop and no `كوم`), `؟` or `!` between Arabic letters,
//!    and a closing quote directly before a capital or an Arabic letter.
//! 2. In Latin script a lower-case word goes on with the sentence (`"Really?" he asked.`, `Well... maybe`), unless it is
//!    like `iPhone`, is the label of the next list item (`b.`), or comes behind a full stop in an Arabic sentence.
//! 3. A full stop behind a list number at the head of a segment (`1.`, `ب.`) or behind an abbreviation
//!    ([`Abbreviation`]) ends nothing, unless the abbreviation may close a sentence and the next word begins one.
//! 4. Arabic has no case. A stop ends the sentence, but for: an ellipsis that closes no quotation («انتظر… ثم»), which
//!    in Arabic prose is a pause far more often than an end; and a question, exclamation or ellipsis in quotes before a
//!    bare verb of saying or a relative pronoun («حقا؟» سأل). The verb with «و» («وقال») begins a sentence. In English
//!    a name before the verb of saying counts too (`"Why?" Smith asked.`).
//! 5. `?` and `!` in brackets that opened inside the sentence end nothing: `He left (or did he?) Paris`.
//!
//! Worked example: `"Is he in?" asked Dr. Hill. ` → at `?"` the next word is lower case: goes on; at `Dr.` a title: goes
//! on; at `Hill.` nothing follows: one sentence.

use std::ops::Range;

use super::abbreviation::{Abbreviation, same_letters};
use super::{SegmentOptions, is_invisible, is_visible, visible};
use crate::text::arabic::is_arabic_letter;

/// How many characters before a stop are looked at for the word it belongs to; a longer word is no abbreviation.
const LONGEST_WORD: usize = 32;
/// How many words behind a quotation are looked at for a verb of saying.
const ATTRIBUTION_WORDS: usize = 4;
/// How many marks before the next word are looked through for it.
const MOST_OPENERS: usize = 16;
/// The longest number that is taken for a list number at the head of a segment, in digits.
const LIST_DIGITS: usize = 3;

/// The sentences of one paragraph as byte ranges; line breaks in it are white space.
pub fn sentences(paragraph: &str, options: &SegmentOptions) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut walk = Walk::default();
    let mut at = 0;
    while let Some(c) = paragraph[at..].chars().next() {
        if !is_stop(c, options) {
            walk.pass(c);
            at += c.len_utf8();
            continue;
        }
        let cluster = Cluster::read(paragraph, at, walk.in_quotes, options);
        let ends = ends_sentence(paragraph, &cluster, &walk);
        for c in paragraph[cluster.range.clone()].chars() {
            walk.pass(c);
        }
        at = cluster.range.end;
        if ends {
            out.extend(visible(paragraph, walk.start..at));
            walk.begin(at);
        }
    }
    out.extend(visible(paragraph, walk.start..paragraph.len()));
    out
}

fn is_stop(c: char, options: &SegmentOptions) -> bool {
    matches!(c, '.' | '!' | '?' | '؟' | '…' | '۔' | '‼' | '⁇' | '⁈' | '⁉')
        || (options.semicolon_ends && is_semicolon(c))
}

fn is_semicolon(c: char) -> bool {
    matches!(c, ';' | '؛')
}

/// What has been read of the paragraph.
#[derive(Default)]
struct Walk {
    /// Where the current segment starts.
    start: usize,
    /// Whether something visible came since then.
    is_inside: bool,
    /// Whether an Arabic letter came since then.
    has_arabic: bool,
    /// Whether an odd number of `"` came since the paragraph began.
    in_quotes: bool,
    /// Whether a bracket is open, and whether it opened behind the segment's first word.
    bracket: Option<BracketOpened>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum BracketOpened {
    AtHead,
    Inside,
}

impl Walk {
    fn begin(&mut self, at: usize) {
        self.start = at;
        self.is_inside = false;
        self.has_arabic = false;
        self.bracket = None;
    }

    fn pass(&mut self, c: char) {
        match c {
            '"' => self.in_quotes = !self.in_quotes,
            '(' | '[' | '{' => {
                self.bracket = Some(if self.is_inside {
                    BracketOpened::Inside
                } else {
                    BracketOpened::AtHead
                });
            }
            ')' | ']' | '}' => self.bracket = None,
            _ => {}
        }
        self.is_inside |= c.is_alphanumeric();
        self.has_arabic |= is_arabic_letter(c);
    }
}

/// What kind of stop a cluster is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
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
struct Cluster {
    range: Range<usize>,
    stop: Stop,
    /// A quote closes behind the last stop.
    closes_quote: bool,
    /// A bracket closes behind the last stop.
    closes_bracket: bool,
    /// Nothing but one stop: the word before it may be an abbreviation.
    is_single: bool,
}

impl Cluster {
    /// The cluster whose first stop is at byte `start`.
    fn read(text: &str, start: usize, mut in_quotes: bool, options: &SegmentOptions) -> Self {
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

fn is_quote(c: char) -> bool {
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
        .take(LIST_DIGITS)
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

/// What follows a cluster.
#[derive(Debug)]
pub(super) struct Next<'t> {
    /// White space lies between.
    is_apart: bool,
    /// The first word, without opening quotes and dashes before it; empty where no letter or digit comes first.
    pub(super) word: &'t str,
    /// The text from that word on, or from the mark that comes first.
    rest: &'t str,
}

impl<'t> Next<'t> {
    /// What follows byte `at`; `None` where nothing does.
    fn read(text: &'t str, at: usize) -> Option<Self> {
        let after = &text[at..];
        if !is_visible(after) {
            return None;
        }
        let mut rest = after.trim_start();
        for _ in 0..MOST_OPENERS {
            match rest.chars().next().filter(|&c| opens(c)) {
                Some(c) => rest = &rest[c.len_utf8()..],
                None => break,
            }
        }
        let len = rest
            .char_indices()
            .take(LONGEST_WORD)
            .take_while(|&(_, c)| is_word_char(c))
            .last()
            .map_or(0, |(i, c)| i + c.len_utf8());
        Some(Self {
            is_apart: after.starts_with(char::is_whitespace),
            word: &rest[..len],
            rest,
        })
    }

    fn first(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn is_number(&self) -> bool {
        self.first().is_some_and(char::is_numeric)
    }

    fn is_arabic(&self) -> bool {
        self.first().is_some_and(is_arabic_letter)
    }

    /// A lower-case word that is not like `iPhone`.
    fn is_lower_case(&self) -> bool {
        self.first().is_some_and(char::is_lowercase)
            && !self.word.chars().nth(1).is_some_and(char::is_uppercase)
    }

    fn is_capitalised(&self) -> bool {
        self.first().is_some_and(char::is_uppercase)
    }

    /// The label of a list item: `(b)`, or `b.` where `said`, the segment so far, begins with such a label too.
    fn is_next_item(&self, said: &str) -> bool {
        if !is_list_label(self.word) {
            return false;
        }
        let behind = &self.rest[self.word.len()..];
        let label_of = |text: &str| {
            text.char_indices()
                .take(LIST_DIGITS + 1)
                .find(|&(_, c)| matches!(c, '.' | ')'))
                .is_some_and(|(end, _)| is_list_label(&text[..end]))
        };
        let mut behind = behind.chars();
        let mark = behind.next();
        behind.next().is_some_and(char::is_whitespace)
            && (mark == Some(')') || (mark == Some('.') && label_of(said.trim_start())))
    }

    /// A comma or colon: the sentence goes on.
    fn is_continuing_mark(&self) -> bool {
        self.first()
            .is_some_and(|c| matches!(c, ',' | '،' | ':' | ';' | '؛' | '/' | '%' | '٪'))
    }
}

/// Whether `c` may stand before the first word of a sentence.
fn opens(c: char) -> bool {
    c.is_whitespace()
        || is_invisible(c)
        || is_quote(c)
        || matches!(
            c,
            '(' | '[' | '{' | '¿' | '¡' | '‘' | '„' | '-' | '–' | '—' | '.' | '…' | '*' | '_'
        )
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\'' | '’' | crate::text::arabic::TATWEEL)
        || crate::text::arabic::is_tashkeel(c)
}

/// The word at the end of `text`, inner stops included; empty where none is or it is too long to matter.
fn last_word(text: &str) -> &str {
    let mut start = text.len();
    for (count, (i, c)) in text.char_indices().rev().enumerate() {
        if count == LONGEST_WORD {
            return "";
        }
        if !(is_word_char(c) || c == '.') {
            break;
        }
        start = i;
    }
    text[start..].trim_start_matches(['.', '\'', '’'])
}

/// Whether the cluster ends the sentence that `walk` is in.
fn ends_sentence(text: &str, cluster: &Cluster, walk: &Walk) -> bool {
    let Some(next) = Next::read(text, cluster.range.end) else {
        return true;
    };
    if next.is_continuing_mark() {
        return false;
    }
    let said = &text[walk.start..cluster.range.start];
    if !next.is_apart {
        return is_space_forgotten(said, cluster, &next);
    }
    match cluster.stop {
        Stop::Semicolon => !is_entity(said),
        Stop::Full => ends_at_full_stop(said, cluster, walk, &next),
        _ if next.is_lower_case() => false,
        _ if cluster.closes_quote && goes_on_after_quote(&next) => false,
        Stop::Ellipsis => cluster.closes_quote || !next.is_arabic(),
        Stop::Strong => !(cluster.closes_bracket && walk.bracket == Some(BracketOpened::Inside)),
    }
}

/// Whether a full stop behind `said`, the segment so far, ends it: rules 2 and 3.
fn ends_at_full_stop(said: &str, cluster: &Cluster, walk: &Walk, next: &Next<'_>) -> bool {
    let word = last_word(said);
    if next.is_lower_case() {
        return next.is_next_item(said) || (walk.has_arabic && Abbreviation::of(word).is_none());
    }
    if !cluster.is_single || word.is_empty() {
        return true;
    }
    let head = &said[..said.len() - word.len()];
    if is_list_label(word) && is_head(head) {
        return false;
    }
    if is_era(head, word) {
        return true;
    }
    if cluster.closes_quote && next.is_arabic() && is_relative(next.word) {
        return false;
    }
    Abbreviation::of(word).is_none_or(|abbreviation| abbreviation.ends_before(next))
}

/// Whether a stop behind `said`, with no white space behind it, ends a sentence all the same: rule 1.
fn is_space_forgotten(said: &str, cluster: &Cluster, next: &Next<'_>) -> bool {
    if cluster.closes_quote {
        let is_title_case = next.word.chars().nth(1).is_none_or(char::is_lowercase);
        return next.is_arabic() || (next.is_capitalised() && is_title_case);
    }
    let word = last_word(said);
    let is_alone = said[..said.len() - word.len()]
        .chars()
        .next_back()
        .is_none_or(|c| c.is_whitespace() || is_quote(c) || matches!(c, '(' | '['));
    match cluster.stop {
        Stop::Strong => is_alone && is_arabic_word(word, 2) && is_arabic_word(next.word, 2),
        Stop::Full => {
            is_alone
                && is_arabic_word(word, 3)
                && is_arabic_word(next.word, 2)
                && !next.rest[next.word.len()..].starts_with('.')
                && !["كوم", "نت", "أورغ", "أورج"].contains(&next.word)
        }
        Stop::Ellipsis | Stop::Semicolon => false,
    }
}

/// Whether `word` has nothing but Arabic letters and marks, and at least so many letters.
fn is_arabic_word(word: &str, least: usize) -> bool {
    word.chars().filter(|&c| is_arabic_letter(c)).count() >= least
        && word
            .chars()
            .all(|c| is_word_char(c) && (is_arabic_letter(c) || !c.is_alphanumeric()))
}

/// `1`, `٢`, `12`, `1.2`, `a`, `ب`, `IV`: what stands before the stop of a list item.
fn is_list_label(word: &str) -> bool {
    let mut chars = word.chars();
    match (chars.next(), chars.next()) {
        (Some(only), None) => only.is_alphanumeric(),
        _ => {
            let roman = |c: char| matches!(c, 'I' | 'V' | 'X' | 'i' | 'v' | 'x');
            let short = |piece: &str| {
                (1..=LIST_DIGITS).contains(&piece.chars().count())
                    && piece.chars().all(char::is_numeric)
            };
            word.split('.').all(short) || (word.len() <= 4 && word.chars().all(roman))
        }
    }
}

/// Whether nothing but opening marks lies in `text`, the head of a segment.
fn is_head(text: &str) -> bool {
    let marks = text.trim_start();
    marks.len() <= MOST_OPENERS
        && marks.chars().all(|c| {
            c.is_whitespace()
                || is_invisible(c)
                || is_quote(c)
                || matches!(c, '(' | '[' | '#' | '-' | '•')
        })
}

/// Whether `word`, which comes behind `head`, is «م» or «هـ» behind a year. The era's abbreviation is written without a
/// stop as often as not, so that the stop is the sentence's.
fn is_era(head: &str, word: &str) -> bool {
    ["م", "هـ", "ه"].contains(&word)
        && head
            .trim_end_matches([' ', '\u{A0}'])
            .ends_with(char::is_numeric)
}

/// Whether the `;` behind `said` closes a character reference such as `&amp;`.
fn is_entity(said: &str) -> bool {
    let word = last_word(said);
    !word.is_empty() && said[..said.len() - word.len()].ends_with(['&', '#'])
}

/// Relative pronouns and adverbs of saying: no Arabic sentence begins with one.
fn is_relative(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "الذي",
        "التي",
        "اللذان",
        "اللذين",
        "الذين",
        "اللواتي",
        "قائلا",
        "قائلة",
        "قائلين",
        "مضيفا",
        "مضيفة",
        "متسائلا",
        "متسائلة",
        "موضحا",
        "موضحة",
        "مؤكدا",
        "مؤكدة",
        "مشيرا",
        "مشيرة",
        "حسبما",
    ];
    WORDS.iter().any(|known| same_letters(known, word))
}

/// Whether what follows a quoted question or exclamation tells who said it or goes on with the sentence.
fn goes_on_after_quote(next: &Next<'_>) -> bool {
    if next.is_arabic() {
        return is_relative(next.word)
            || ["أو", "أم"].contains(&next.word)
            || ARABIC_SAYING
                .iter()
                .any(|verb| same_letters(verb, next.word));
    }
    // A name or «I», then a verb of saying: `"Why?" President Smith asked.`
    let pronoun = ["He", "She", "They", "We", "It", "You"].contains(&next.word);
    let mut words = next
        .rest
        .split_whitespace()
        .take(ATTRIBUTION_WORDS)
        .map(|word| word.trim_end_matches(['.', ',', ':']));
    !pronoun
        && words
            .by_ref()
            .take_while(|word| word.len() <= LONGEST_WORD)
            .find(|word| word.starts_with(char::is_lowercase))
            .is_some_and(|word| ENGLISH_SAYING.contains(&word))
}

const ARABIC_SAYING: &[&str] = &[
    "قال",
    "قالت",
    "قلت",
    "قالوا",
    "قالا",
    "يقول",
    "تقول",
    "سأل",
    "سألت",
    "سألته",
    "سألها",
    "سألني",
    "تساءل",
    "تساءلت",
    "أجاب",
    "أجابت",
    "أجبت",
    "رد",
    "ردت",
    "صاح",
    "صاحت",
    "صرخ",
    "صرخت",
    "هتف",
    "هتفت",
    "همس",
    "همست",
    "أضاف",
    "أضافت",
    "تابع",
    "تابعت",
    "علق",
    "علقت",
    "كتب",
    "كتبت",
    "صرح",
    "صرحت",
    "تنهد",
    "تنهدت",
    "فكر",
    "فكرت",
    "أوضح",
    "أوضحت",
    "استفسر",
    "استفسرت",
];

const ENGLISH_SAYING: &[&str] = &[
    "said",
    "says",
    "asked",
    "asks",
    "replied",
    "answered",
    "added",
    "cried",
    "shouted",
    "yelled",
    "wrote",
    "tweeted",
    "exclaimed",
    "whispered",
    "wondered",
    "told",
    "called",
    "screamed",
    "reported",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semicolons_end_where_wanted() {
        let text = "أولا؛ ثانيا؛ ثالثا & AT&amp; T";
        let wanted = SegmentOptions {
            semicolon_ends: true,
            ..SegmentOptions::default()
        };
        assert_eq!(sentences(text, &wanted).len(), 3);
        assert_eq!(sentences(text, &SegmentOptions::default()).len(), 1);
    }
}
