//! Cues: the things in a segment that its translation should show again.

use std::ops::{Range, RangeInclusive};

use rustc_hash::FxHashMap;

use super::glue;
use super::lexicon::{Found, Lexicon};
use super::names::skeleton;
use crate::lang::Lang;
use crate::text::arabic;
use crate::text::number::{self, Number};
use crate::text::{Analyzed, Token, TokenKind};

/// How many consonants a name has. What is longer is no name, and would have too many near forms.
const NAME_LENGTHS: RangeInclusive<usize> = 2..=24;

/// What a cue is looked up by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Word(Found),
    Number(Number),
    /// A Latin word on the Arabic side, or any on the English side.
    Latin(Box<str>),
    /// The skeleton of an Arabic word that may be a name, or of an English one with a capital.
    Name(Box<str>),
    Mark(char),
}

/// A cue in a segment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Posting {
    pub(super) segment: u32,
    /// Where it first stands there, from 0 at the beginning to 1 at the end.
    pub(super) place: f32,
    /// How often it stands there.
    pub(super) count: u32,
}

/// The cues of one side.
#[derive(Debug, Default)]
pub(super) struct Cues {
    pub(super) keys: Vec<Key>,
    pub(super) numbers: FxHashMap<Key, u32>,
    /// The distinct cues of each segment.
    pub(super) segments: Vec<Vec<u32>>,
    /// The segments of each cue, in order.
    pub(super) postings: Vec<Vec<Posting>>,
    pub(super) characters: Vec<f64>,
    /// Characters before each segment, where each has one at least.
    begins: Vec<f64>,
    /// Where the token at hand begins and ends in its segment, 0 to 1.
    span: Range<f32>,
}

impl Cues {
    pub(super) fn read(segments: &[&str], lang: Lang, lexicon: &Lexicon) -> Self {
        let mut this = Self::default();
        for text in segments {
            let analyzed = Analyzed::new(text);
            this.segments.push(Vec::new());
            let begin = match (this.begins.last(), this.characters.last()) {
                (Some(begin), Some(characters)) => begin + characters.max(1.0),
                _ => 0.0,
            };
            this.begins.push(begin);
            this.characters.push(text.chars().count() as f64);
            for token in analyzed.tokens() {
                let folded = analyzed.folded(token);
                let share = |bytes: usize| bytes as f32 / text.len() as f32;
                this.span = share(token.span.start)..share(token.span.end);
                match token.kind {
                    TokenKind::Number => {
                        for value in number::values(folded) {
                            this.push(Key::Number(value));
                        }
                    }
                    TokenKind::Placeable => this.push(Key::Latin(folded.into())),
                    TokenKind::Punctuation => {
                        // Stops and commas are everywhere, and each language sets them by its own rules.
                        let mark = folded.chars().next().filter(|c| !".,".contains(*c));
                        if let Some(mark) = mark {
                            this.push(Key::Mark(mark));
                        }
                    }
                    TokenKind::Word => this.word(lang, lexicon, &analyzed, token),
                }
            }
        }
        this
    }

    /// Where a cue first stands in a segment, in characters from the beginning of the text.
    pub(super) fn at(&self, posting: &Posting) -> f32 {
        let segment = posting.segment as usize;
        let characters = self.characters[segment].max(1.0);
        (self.begins[segment] + characters * f64::from(posting.place)) as f32
    }

    fn word(&mut self, lang: Lang, lexicon: &Lexicon, analyzed: &Analyzed<'_>, token: &Token) {
        let (folded, stem) = (analyzed.folded(token), analyzed.stem(token));
        if let Some(value) = Number::of_word(folded) {
            self.push(Key::Number(value));
            return;
        }
        let latin = folded.starts_with(|c: char| c.is_ascii_alphanumeric());
        if latin {
            self.push(Key::Latin(folded.into()));
            if lang == Lang::Arabic {
                return;
            }
        }
        let written = analyzed.written(token);
        let capital = latin && written.starts_with(|c: char| c.is_ascii_uppercase());
        // A capital inside a sentence is a name before it is a guess.
        let named = capital && analyzed.tokens()[0] != *token;
        match lexicon.find(lang, folded, stem) {
            Some(found @ Found::Stem(_)) => {
                self.push(Key::Word(found));
                return;
            }
            Some(found @ Found::Guess(_)) if !named => self.push(Key::Word(found)),
            _ => {}
        }
        if lang == Lang::Arabic && self.glued(lexicon, folded) {
            return;
        }
        if capital || lang == Lang::Arabic {
            let plain = folded.strip_suffix("'s").unwrap_or(folded);
            for form in [plain, stem] {
                let skeleton = skeleton(form);
                if NAME_LENGTHS.contains(&skeleton.len()) {
                    self.push(Key::Name(skeleton.into()));
                }
            }
        }
    }

    /// Takes a long word that is unknown for several with no space between them, as extraction from PDF leaves them.
    /// Whether it was.
    fn glued(&mut self, lexicon: &Lexicon, folded: &str) -> bool {
        let Some(pieces) = glue::pieces(folded, |piece| {
            matches!(
                lexicon.find(Lang::Arabic, piece, &piece[arabic::stem(piece)]),
                Some(Found::Stem(_))
            )
        }) else {
            return false;
        };
        let Range { start, end } = self.span;
        let mut before = 0;
        for piece in pieces {
            let share = |bytes: usize| start + (end - start) * bytes as f32 / folded.len() as f32;
            self.span = share(before)..share(before + piece.len());
            before += piece.len();
            let stem = &piece[arabic::stem(piece)];
            match lexicon.find(Lang::Arabic, piece, stem) {
                Some(found @ Found::Stem(_)) => self.push(Key::Word(found)),
                _ => {
                    let skeleton = skeleton(stem);
                    if NAME_LENGTHS.contains(&skeleton.len()) {
                        self.push(Key::Name(skeleton.into()));
                    }
                }
            }
        }
        true
    }

    /// Adds a cue to the last segment.
    fn push(&mut self, key: Key) {
        let Some(segment) = self.segments.len().checked_sub(1) else {
            return;
        };
        let next = self.keys.len() as u32;
        let number = *self.numbers.entry(key).or_insert_with_key(|key| {
            self.keys.push(key.clone());
            self.postings.push(Vec::new());
            next
        });
        let here = Posting {
            segment: segment as u32,
            place: (self.span.start + self.span.end) / 2.0,
            count: 1,
        };
        let postings = &mut self.postings[number as usize];
        match postings.last_mut() {
            Some(last) if last.segment == here.segment => last.count += 1,
            _ => {
                postings.push(here);
                self.segments[segment].push(number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str, lang: Lang) -> Vec<Key> {
        Cues::read(&[text], lang, &Lexicon::default()).keys
    }

    #[test]
    fn numbers_marks_and_latin_words_are_the_same_cues_on_both_sides() {
        let arabic = keys("هل صدر 3.5 GB؟", Lang::Arabic);
        let english = keys("is 3.5 GB out?", Lang::English);
        for shared in [
            Key::Number(Number::parse("3.5").unwrap()),
            Key::Latin("gb".into()),
            Key::Mark('?'),
        ] {
            assert!(
                arabic.contains(&shared) && english.contains(&shared),
                "{shared:?}"
            );
        }
    }

    #[test]
    fn names_are_cues_by_their_skeleton() {
        let name = Key::Name("ftr".into());
        assert!(keys("قال حفتر", Lang::Arabic).contains(&name));
        assert!(keys("Haftar's men", Lang::English).contains(&name));
        assert!(!keys("haftar", Lang::English).contains(&name));
    }

    #[test]
    fn a_cue_counts_once_in_a_segment() {
        let cues = Cues::read(&["5 5 5", "abcdef 5"], Lang::English, &Lexicon::default());
        let five = cues.numbers[&Key::Number(Number::parse("5").unwrap())];
        assert_eq!(cues.segments[0], [five]);
        let posting = |segment, place, count| Posting {
            segment,
            place,
            count,
        };
        let expected = [posting(0, 0.1, 3), posting(1, 0.9375, 1)];
        assert_eq!(cues.postings[five as usize], expected);
    }

    #[test]
    fn words_that_were_run_together_stand_one_behind_the_other() {
        let lexicon = Lexicon::from_tsv("وقوع\toccurrence\nكافة\tall\nتحديات\tchallenges");
        let cues = Cues::read(&["وقوعكافةالتحديات"], Lang::Arabic, &lexicon);
        let places: Vec<f32> = cues.postings.iter().map(|p| p[0].place).collect();
        assert_eq!(places, [2.0 / 16.0, 6.0 / 16.0, 12.0 / 16.0]);
    }
}
