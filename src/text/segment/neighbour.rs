//! What stands next to a stop: the word before it and the word behind it.

use super::cluster::is_quote;
use super::{is_invisible, is_visible};
use crate::text::arabic::{TATWEEL, is_arabic_letter, is_tashkeel};

/// How many characters of a word next to a stop are looked at; a longer word is nothing that a rule knows.
const LONGEST_WORD: usize = 32;
/// How many marks before the next word, or before the first word of a segment, are looked through for it.
pub(super) const MOST_OPENERS: usize = 16;

/// What follows a cluster.
#[derive(Debug)]
pub(super) struct Next<'t> {
    /// White space lies between.
    pub(super) is_apart: bool,
    /// A quote opens before the first word.
    pub(super) is_quoted: bool,
    /// The first word, without opening quotes and dashes before it; empty where no letter or digit comes first.
    pub(super) word: &'t str,
    /// The text from that word on, or from the mark that comes first.
    pub(super) rest: &'t str,
}

impl<'t> Next<'t> {
    /// What follows byte `at`; `None` where nothing does.
    pub(super) fn read(text: &'t str, at: usize) -> Option<Self> {
        let after = &text[at..];
        if !is_visible(after) {
            return None;
        }
        let mut rest = after.trim_start();
        let mut is_quoted = false;
        for _ in 0..MOST_OPENERS {
            let Some(c) = rest.chars().next().filter(|&c| opens(c)) else {
                break;
            };
            is_quoted |= is_quote(c);
            rest = &rest[c.len_utf8()..];
        }
        let len = rest
            .char_indices()
            .take(LONGEST_WORD)
            .take_while(|&(_, c)| is_word_char(c))
            .last()
            .map_or(0, |(i, c)| i + c.len_utf8());
        Some(Self {
            is_apart: after.starts_with(char::is_whitespace),
            is_quoted,
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

    pub(super) fn is_arabic(&self) -> bool {
        self.first().is_some_and(is_arabic_letter)
    }

    /// A lower-case word that is not like `iPhone`.
    pub(super) fn is_lower_case(&self) -> bool {
        self.first().is_some_and(char::is_lowercase)
            && !self.word.chars().nth(1).is_some_and(char::is_uppercase)
    }

    pub(super) fn is_capitalised(&self) -> bool {
        self.first().is_some_and(char::is_uppercase)
    }

    /// A comma or colon: the sentence goes on.
    pub(super) fn is_continuing_mark(&self) -> bool {
        self.first()
            .is_some_and(|c| matches!(c, ',' | '،' | ':' | ';' | '؛'))
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

/// Whether `c` may stand inside a word.
pub(super) fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '’' | TATWEEL) || is_tashkeel(c)
}

/// The word at the end of `text`, inner stops included; empty where none is or it is too long to matter.
pub(super) fn last_word(text: &str) -> &str {
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
