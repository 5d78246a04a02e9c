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
use super::arabic;
use super::class::{Class, Classes};
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
            tokens: Vec::with_capacity(surface.len() / 5 + 1),
        };
        let cutter = Cutter::new(surface);
        let mut at = 0;
        while let Some(first) = surface[at..].chars().next() {
            if cutter.classes.of(first).is(Class::BLANK) {
                at += first.len_utf8();
                continue;
            }
            if at > 0 && !this.folded.is_empty() {
                this.folded.push(' ');
            }
            let from = this.folded.len();
            let (kind, len, is_folded) = cutter.token(at, first, &mut this.folded);
            if !is_folded {
                this.fold(kind, &surface[at..at + len]);
            }
            this.push(kind, at..at + len, from);
            at += len;
        }
        this
    }

    /// Appends the folded form of a token that has to be looked at as a whole.
    fn fold(&mut self, kind: TokenKind, written: &str) {
        match kind {
            TokenKind::Word => {
                fold_onto(&mut self.folded, &without_marks(written), Levellings::ALL);
            }
            _ => fold_onto(&mut self.folded, written, Levellings::ALL),
        }
    }

    /// Takes in a token whose folded form has been appended from `from` on.
    fn push(&mut self, kind: TokenKind, span: Range<usize>, from: usize) {
        if self.folded.len() == from {
            // A mark without a letter: what is there to be seen is not levelled away.
            self.folded.push_str(&self.surface[span.clone()]);
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

    /// What the light stem took off in front of a word: its conjunctions, prepositions and article.
    pub fn proclitics(&self, token: &Token) -> &str {
        &self.folded[token.folded.start..token.stem.start]
    }

    /// What the light stem took off behind a word: its pronoun or ending.
    pub fn ending(&self, token: &Token) -> &str {
        &self.folded[token.stem.end..token.folded.end]
    }

    /// The words in order.
    pub fn words(&self) -> impl Iterator<Item = &Token> {
        self.tokens.iter().filter(|t| t.kind == TokenKind::Word)
    }

    /// The tokens that carry content: all but punctuation, or all where there is nothing but punctuation.
    pub fn content(&self) -> impl Iterator<Item = &Token> {
        let all = self.tokens.iter().all(|t| t.kind == TokenKind::Punctuation);
        self.tokens
            .iter()
            .filter(move |t| all || t.kind != TokenKind::Punctuation)
    }
}

/// Tells where the tokens of a text end, and folds what can be folded character by character on the way.
struct Cutter<'t> {
    text: &'t str,
    classes: Classes,
    /// Whether a URL or an e-mail address can stand in the text.
    holds_address: bool,
}

impl<'t> Cutter<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            classes: Classes::get(),
            holds_address: placeable::may_hold_address(text),
        }
    }

    /// The kind and length of the token that begins with `first` at byte `at`, and whether its folded form was appended
    /// to `folded`, which else is as it was.
    fn token(&self, at: usize, first: char, folded: &mut String) -> (TokenKind, usize, bool) {
        if self.may_begin_placeable(first)
            && let Some(len) = placeable::at(self.text, at)
        {
            return (TokenKind::Placeable, len, false);
        }
        let from = folded.len();
        let mut is_simple = true;
        let fold = |class: Class| {
            is_simple &= class.is(Class::SIMPLE);
            if let Some(c) = class.folded() {
                folded.push(c);
            }
        };
        let rest = &self.text[at..];
        let class = self.classes.of(first);
        let (kind, len) = if class.is(Class::DIGIT) {
            (TokenKind::Number, number_len_with(rest, fold))
        } else if class.is(Class::WORD) || is_mark_at(self.text, at) {
            (TokenKind::Word, word_len(rest, fold))
        } else {
            let run = rest.chars().take_while(|&c| c == first).count();
            (0..run).map(|_| class).for_each(fold);
            (TokenKind::Punctuation, run * first.len_utf8())
        };
        if !is_simple {
            folded.truncate(from);
        }
        (kind, len, is_simple)
    }

    fn may_begin_placeable(&self, first: char) -> bool {
        match first {
            '<' | '{' | '%' | '$' | '&' => true,
            c => self.holds_address && c.is_ascii_alphanumeric(),
        }
    }
}

/// Whether `c` takes no room and has no look: bidi marks, joiners, zero-width spaces.
pub fn is_invisible(c: char) -> bool {
    super::fold::levelling_of(c) == Some(Levelling::InvisibleControls)
}

/// The length of the word at the head of `text`: letters and digits, what joins two letters, accelerator marks. Hands the
/// class of each character to `visit`.
fn word_len(text: &str, visit: impl FnMut(Class)) -> usize {
    let joins = |i, c, class: Class| {
        matches!(c, '\'' | '’') || class.is(Class::INVISIBLE) || is_mark_at(text, i)
    };
    joined_len(text, Class::WORD, joins, visit)
}

/// The length of the number at the head of `text`: digits, and separators between two digits.
pub(crate) fn number_len(text: &str) -> usize {
    number_len_with(text, |_| ())
}

fn number_len_with(text: &str, visit: impl FnMut(Class)) -> usize {
    let joins = |_, c, _| matches!(c, '.' | ',' | '٫' | '٬' | ':' | '/');
    joined_len(text, Class::DIGIT, joins, visit)
}

/// The length of the longest run of `inner` characters at the head of `text`, where one joint may stand between two and
/// before the first. Hands the class of each character to `visit`.
fn joined_len(
    text: &str,
    inner: u8,
    joins: impl Fn(usize, char, Class) -> bool,
    mut visit: impl FnMut(Class),
) -> usize {
    let classes = Classes::get();
    let mut end = 0;
    let mut chars = text.char_indices();
    while let Some((i, c)) = chars.next() {
        let class = classes.of(c);
        if class.is(inner) {
            end = i + c.len_utf8();
        } else {
            let next = || chars.clone().next().map(|(_, next)| classes.of(next));
            if !(joins(i, c, class) && next().is_some_and(|next| next.is(inner))) {
                break;
            }
        }
        visit(class);
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

    /// The kind and length of the piece at `at` as the documentation of this module has it, character by character;
    /// `None` for the kind of what belongs to no token.
    fn piece_at(text: &str, at: usize) -> Option<(Option<TokenKind>, usize)> {
        let rest = &text[at..];
        let first = rest.chars().next()?;
        if first.is_whitespace() || is_invisible(first) {
            return Some((None, first.len_utf8()));
        }
        if let Some(len) = placeable::at(text, at) {
            return Some((Some(TokenKind::Placeable), len));
        }
        let is_digit = |c: char| c.is_numeric() && (c.is_ascii() || !arabic::is_arabic_letter(c));
        let is_word = |c: char| {
            let is_mark = !c.is_ascii() && unicode_normalization::char::is_combining_mark(c);
            let is_arabic = arabic::is_arabic_letter(c) || arabic::is_tashkeel(c);
            c.is_alphanumeric() || is_arabic || is_mark || c == '_' || c == arabic::TATWEEL
        };
        let run = |inner: &dyn Fn(char) -> bool, joint: &dyn Fn(usize, char) -> bool| {
            let chars: Vec<(usize, char)> = rest.char_indices().collect();
            let is_inner = |i: usize| chars.get(i).is_some_and(|&(_, c)| inner(c));
            let in_run = |i: usize| {
                let (at, c) = chars[i];
                is_inner(i) || joint(at, c) && is_inner(i + 1) && (i == 0 || is_inner(i - 1))
            };
            let end = (0..chars.len()).find(|&i| !in_run(i));
            end.map_or(rest.len(), |end| chars[end].0)
        };
        Some(if is_digit(first) {
            let joint = |_, c| ".,٫٬:/".contains(c);
            (Some(TokenKind::Number), run(&is_digit, &joint))
        } else if is_word(first) || is_mark_at(text, at) {
            let joint = |i, c| "'’".contains(c) || is_invisible(c) || is_mark_at(rest, i);
            (Some(TokenKind::Word), run(&is_word, &joint))
        } else {
            let count = rest.chars().take_while(|&c| c == first).count();
            (Some(TokenKind::Punctuation), count * first.len_utf8())
        })
    }

    /// Segments as they come and as they should not.
    fn segments() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[a-zA-Z]{1,9}",
            "(و|ب|ال|لل)?[ا-ي]{2,6}(ات|ها|ة|ون)?",
            "([أإآٱؤئىةکیہ][\u{64B}-\u{655}\u{670}ـ]?){1,4}",
            "[\u{FB50}-\u{FDFD}\u{FE70}-\u{FEFC}]{1,4}",
            "[0-9٠-٩۰-۹.,٫٬:/٪%]{1,6}",
            "[ \u{A0}\t\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}\u{61C}\u{AD}\u{FE0F}]{1,3}",
            "['’`\"«»“”،؛؟!.…–—-]{1,4}",
            "[~&_<>{}$%@:/w.;()]{1,4}",
            "[éÀÿßĀœżЖ漢Ω½²\u{300}-\u{303}]{1,3}",
            prop_oneof![
                Just("www.a.b"),
                Just("x@y.z"),
                Just("http://a/b"),
                Just("&amp;"),
                Just("<b>"),
                Just("{0}"),
                Just("%1$s"),
                Just("&File"),
                Just("الت~باعد"),
                Just("don't"),
                Just("LC_ALL")
            ]
            .prop_map(str::to_owned),
            "\\PC{1,4}",
        ];
        let gap = prop_oneof![Just(""), Just(" "), Just(" ")];
        proptest::collection::vec((piece, gap), 0..14).prop_map(|pieces| {
            pieces
                .into_iter()
                .flat_map(|(piece, gap)| [piece, gap.to_owned()])
                .collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

        #[test]
        fn tokens_are_what_they_are_character_by_character(text in segments()) {
            let analyzed = Analyzed::new(&text);
            let (mut tokens, mut folded, mut at) = (analyzed.tokens().iter(), Vec::new(), 0);
            while let Some((kind, len)) = piece_at(&text, at) {
                if let Some(kind) = kind {
                    let written = &text[at..at + len];
                    let mut form = String::new();
                    let unmarked = without_marks(written);
                    let is_word = kind == TokenKind::Word;
                    fold_onto(&mut form, if is_word { &unmarked } else { written }, Levellings::ALL);
                    if form.is_empty() {
                        form.push_str(written);
                    }
                    let token = tokens.next().expect("as many tokens");
                    prop_assert_eq!((token.kind, token.span.clone()), (kind, at..at + len));
                    prop_assert_eq!(analyzed.folded(token), &form);
                    folded.push(form);
                }
                at += len;
            }
            prop_assert_eq!(tokens.next(), None);
            prop_assert_eq!(analyzed.joined(), folded.join(" "));
        }

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
