//! Single letters and numbers before a full stop: labels, list numbers and eras, which abbreviate nothing.

use super::abbreviation::{holds, same_letters};
use super::cluster::is_quote;
use super::is_invisible;
use super::neighbour::{MOST_OPENERS, Next, last_word};

/// The longest number that is taken for a list number, in digits.
const LIST_DIGITS: usize = 3;

/// `1`, `٢`, `12`, `1.2`, `a`, `ب`, `IV`: what stands before the stop of a list item.
pub(super) fn is_list_label(word: &str) -> bool {
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
pub(super) fn is_head(text: &str) -> bool {
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
pub(super) fn is_era(head: &str, word: &str) -> bool {
    ["م", "هـ", "ه"].contains(&word)
        && head
            .trim_end_matches([' ', '\u{A0}'])
            .ends_with(char::is_numeric)
}

/// Whether `word`, which comes behind `head`, is a single letter that abbreviates nothing: a label (`vitamin C`,
/// `Super-G`, «فيتامين د»), the pronoun `I`, or a Latin letter before an Arabic word.
pub(super) fn is_lone_letter(head: &str, word: &str, next: &Next<'_>) -> bool {
    let mut chars = word.chars();
    let (Some(letter), None) = (chars.next(), chars.next()) else {
        return false;
    };
    let is_hyphenated = || {
        head.strip_suffix('-')
            .is_some_and(|head| head.ends_with(char::is_alphanumeric))
    };
    let before = last_word(head.trim_end());
    (letter.is_ascii_alphabetic() && next.is_arabic())
        || is_hyphenated()
        || (letter == 'I' && before.starts_with(char::is_lowercase))
        || takes_letter(before)
}

/// Whether `word` names a kind whose members are told by letters.
fn takes_letter(word: &str) -> bool {
    const ENGLISH: &str = "
        vitamin plan type hepatitis group class grade letter point option section appendix part category level
        drive protein team block annex
    ";
    const ARABIC: &str = "
        فيتامين الفئة فئة المجموعة مجموعة الخطة القسم الملحق الحرف حرف النوع نوع البند الفقرة النقطة الجزء
        المستوى
    ";
    holds(ENGLISH, |noun| noun.eq_ignore_ascii_case(word))
        || holds(ARABIC, |noun| same_letters(noun, word))
}

/// Whether the label of a list item follows: `(b)`, or `b.` where `said`, the segment so far, begins with such a label too.
pub(super) fn is_next_item(said: &str, next: &Next<'_>) -> bool {
    if !is_list_label(next.word) {
        return false;
    }
    let behind = &next.rest[next.word.len()..];
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
