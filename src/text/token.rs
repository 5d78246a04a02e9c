//! Cuts a segment into tokens and folds each of them.
//!
//! A token is a word, a number, a placeable (URL, tag, format argument) or a run of one punctuation character; white
//! space and invisible controls between them belong to none. `don't`, `H1N1` and `LC_ALL` are one word; `well-known` is
//! two words and a hyphen; `12:30`, `3.5` and `٢٬٠٠٠` are one number.
//!
//! Worked example: `قال: «نعم، ٥ مرات.»` gives the words `قال نعم مرات`, the number `5` and the punctuation
//! `: " , . "`, each with its place in the surface.

use std::ops::Range;

use super::accelerator::{is_mark_at, without_marks};
use super::arabic::{self, is_arabic_letter, is_tashkeel};
use super::fold::{Levelling, Levellings, fold_onto};
use super::{english, placeable};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Letters, with the digits, apostrophes and underscores inside them.
    Word,
    /// Digits of any shape, with the separators inside them.
    Number,
    /// A piece that a translator carries over: URL, e-mail address, tag, entity, format argument.
    Placeable,
    /// A run of one character that is none of these.
    Punctuation,
}

/// A word-level piece of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes in the surface.
    pub span: Range<usize>,
    folded: Range<usize>,
    stem: Range<usize>,
}

/// A segment with its tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analyzed<'t> {
    surface: &'t str,
    /// The folded tokens one behind the other, a space between two.
    folded: String,
    tokens: Vec<Token>,
}

impl<'t> Analyzed<'t> {
    /// Analyses one segment.
    pub fn new(surface: &'t str) -> Self {
        let mut this = Self {
            surface,
            folded: String::with_capacity(surface.len() + 8),
            tokens: Vec::with_capacity(surface.len() / 6 + 1),
        };
        let mut at = 0;
        while let Some((kind, len)) = next_token(surface, at) {
            match kind {
                Some(kind) => this.push(kind, at..at + len),
                None => debug_assert!(len > 0),
            }
            at += len;
        }
        this
    }

    fn push(&mut self, kind: TokenKind, span: Range<usize>) {
        if !self.folded.is_empty() {
            self.folded.push(' ');
        }
        let from = self.folded.len();
        let written = &self.surface[span.clone()];
        match kind {
            TokenKind::Word => {
                fold_onto(&mut self.folded, &without_marks(written), Levellings::ALL);
            }
            _ => fold_onto(&mut self.folded, written, Levellings::ALL),
        }
        if self.folded.len() == from {
            // A mark without a letter: what is there to be seen is not levelled away.
            self.folded.push_str(written);
        }
        let word = &self.folded[from..];
        let stem = match kind {
            TokenKind::Word if word.starts_with(arabic::is_arabic_letter) => arabic::stem(word),
            TokenKind::Word => english::stem(word),
            _ => 0..word.len(),
        };
        self.tokens.push(Token {
            kind,
            span,
            folded: from..self.folded.len(),
            stem: from + stem.start..from + stem.end,
        });
    }

    /// The segment as written.
    pub fn surface(&self) -> &'t str {
        self.surface
    }

    /// The folded tokens joined by single spaces: what grams and character distances are taken on.
    pub fn joined(&self) -> &str {
        &self.folded
    }

    /// The tokens in order.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// A token's characters as written.
    pub fn written(&self, token: &Token) -> &'t str {
        &self.surface[token.span.clone()]
    }

    /// A token's folded form; never empty.
    pub fn folded(&self, token: &Token) -> &str {
        &self.folded[token.folded.clone()]
    }

    /// A word's folded form without clitics and suffixes, by light stemming; any other token's folded form. Never empty.
    pub fn stem(&self, token: &Token) -> &str {
        &self.folded[token.stem.clone()]
    }

    /// A word's folded form without what the light stem takes off in front of it; any other token's folded form.
    pub fn without_proclitics(&self, token: &Token) -> &str {
        &self.folded[token.stem.start..token.folded.end]
    }

    /// What the light stem took off in front of a word: its conjunctions, prepositions and article.
    pub fn proclitics(&self, token: &Token) -> &str {
        &self.folded[token.folded.start..token.stem.start]
    }

    /// What the light stem took off behind a word: its pronoun or ending.
    pub fn ending(&self, token: &Token) -> &str {
        &self.folded[token.stem.end..token.folded.end]
    }

    /// The tokens that carry content: all but punctuation, or all where there is nothing but punctuation.
    pub fn content(&self) -> impl Iterator<Item = &Token> {
        let all = self.tokens.iter().all(|t| t.kind == TokenKind::Punctuation);
        self.tokens
            .iter()
            .filter(move |t| all || t.kind != TokenKind::Punctuation)
    }
}

/// The kind and length of the token at `at`; `None` for the kind of what belongs to no token; `None` at the end.
fn next_token(text: &str, at: usize) -> Option<(Option<TokenKind>, usize)> {
    let rest = &text[at..];
    let first = rest.chars().next()?;
    if first.is_whitespace() || is_invisible(first) {
        return Some((None, first.len_utf8()));
    }
    if let Some(len) = placeable::at(text, at) {
        return Some((Some(TokenKind::Placeable), len));
    }
    Some(if is_digit(first) {
        (Some(TokenKind::Number), number_len(rest))
    } else if is_word_char(first) || is_mark_at(text, at) {
        (Some(TokenKind::Word), word_len(rest))
    } else {
        let run = rest.chars().take_while(|&c| c == first).count();
        (Some(TokenKind::Punctuation), run * first.len_utf8())
    })
}

/// Whether `c` takes no room and has no look: bidi marks, joiners, zero-width spaces.
pub fn is_invisible(c: char) -> bool {
    super::fold::levelling_of(c) == Some(Levelling::InvisibleControls)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || (!c.is_ascii() && !is_arabic_letter(c) && c.is_numeric())
}

fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || c == '_'
        // The two everyday alphabets are told without a look-up.
        || is_arabic_letter(c)
        || (!c.is_ascii() && c.is_alphanumeric())
        || c == arabic::TATWEEL
        || is_tashkeel(c)
        || (!c.is_ascii() && unicode_normalization::char::is_combining_mark(c))
}

/// The length of the word at the head of `text`: letters and digits, what joins two letters, accelerator marks.
fn word_len(text: &str) -> usize {
    joined_len(text, is_word_char, |i, c| {
        matches!(c, '\'' | '’') || is_invisible(c) || is_mark_at(text, i)
    })
}

/// The length of the number at the head of `text`: digits, and separators between two digits.
pub(crate) fn number_len(text: &str) -> usize {
    joined_len(text, is_digit, |_, c| {
        matches!(c, '.' | ',' | '٫' | '٬' | ':' | '/')
    })
}

/// The length of the longest run of `inner` characters at the head of `text`, where one `joint` may stand between two.
fn joined_len(
    text: &str,
    inner: impl Fn(char) -> bool,
    joint: impl Fn(usize, char) -> bool,
) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        if inner(c) {
            end = i + c.len_utf8();
        } else if !(i == end && joint(i, c) && chars.peek().is_some_and(|&(_, next)| inner(next))) {
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let analyzed = Analyzed::new(text);
        let name = |kind| match kind {
            TokenKind::Word => "w",
            TokenKind::Number => "n",
            TokenKind::Placeable => "x",
            TokenKind::Punctuation => "p",
        };
        analyzed
            .tokens()
            .iter()
            .map(|t| format!("{}:{}", name(t.kind), analyzed.folded(t)))
            .collect()
    }

    #[test]
    fn arabic_words_numbers_and_punctuation() {
        assert_eq!(
            shown("قَالَ: «نعم، ٥ مرات.»"),
            [
                "w:قال",
                "p::",
                "p:\"",
                "w:نعم",
                "p:,",
                "n:5",
                "w:مرات",
                "p:.",
                "p:\""
            ]
        );
        assert_eq!(
            shown("عام ٢٬٠٠٠٫٥ (۱۲:۳۰)"),
            ["w:عام", "n:2,000.5", "p:(", "n:12:30", "p:)"]
        );
    }

    #[test]
    fn english_words_keep_what_is_inside_them() {
        assert_eq!(
            shown("It's LC_ALL, H1N1... well-known 5th"),
            [
                "w:it's", "w:lc_all", "p:,", "w:h1n1", "p:...", "w:well", "p:-", "w:known", "n:5",
                "w:th"
            ]
        );
    }

    #[test]
    fn accelerator_marks_are_in_words_and_not_in_their_folded_forms() {
        assert_eq!(
            shown("S~pacing &File _Open"),
            ["w:spacing", "w:file", "w:open"]
        );
        assert_eq!(
            shown("الت~باعد R&amp;D ~ & B"),
            ["w:التباعد", "w:r", "x:&amp;", "w:d", "p:~", "p:&", "w:b"]
        );
    }

    #[test]
    fn invisible_characters_are_in_words_or_nowhere() {
        assert_eq!(
            shown("\u{200F}می\u{200C}خواهم\u{200F}، \u{200B}"),
            ["w:ميخواهم", "p:,"]
        );
    }

    #[test]
    fn punctuation_is_content_only_where_there_is_nothing_else() {
        let count = |text| Analyzed::new(text).content().count();
        assert_eq!((count("!? -"), count("نعم!"), count("")), (3, 1, 0));
    }

    proptest! {
        #[test]
        fn spans_are_in_order_and_hold_all_that_is_visible(text in "\\PC{0,60}") {
            let analyzed = Analyzed::new(&text);
            let mut end = 0;
            for token in analyzed.tokens() {
                prop_assert!(token.span.start >= end && token.span.end > token.span.start);
                prop_assert!(text.get(token.span.clone()).is_some());
                prop_assert!(!analyzed.folded(token).is_empty());
                prop_assert!(!analyzed.stem(token).is_empty());
                end = token.span.end;
            }
        }
    }
}
