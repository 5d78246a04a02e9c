//! Differences that mislead: numbers, negations and placeables that one segment has and the other has not.
//!
//! A sentence with another number, or with a `لم` more, is nearly the same string and may mean the opposite. Such a
//! difference is a [`Flag`] on the match and caps its score.
//!
//! Worked example: `وافق المجلس على 5 مشاريع` and `لم يوافق المجلس على ٧ مشاريع` differ in numbers and in negation;
//! the score is at most [`Flag::Negation`]'s cap.

use super::Flag;
use crate::score::Score;
use crate::text::{Analyzed, Token, TokenKind};

impl Flag {
    /// All flags in order.
    pub const ALL: [Self; 3] = [Self::Number, Self::Negation, Self::Placeable];

    /// The most that a match with this flag may score.
    pub fn cap(self) -> Score {
        Score::from_points(match self {
            Self::Number | Self::Placeable => 94,
            Self::Negation => 79,
        })
    }

    /// The name in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Negation => "negation",
            Self::Placeable => "placeable",
        }
    }
}

/// What a segment has of the things that flags are about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    numbers: Vec<String>,
    placeables: Vec<String>,
    negations: usize,
}

impl Profile {
    /// The profile of a segment.
    pub fn new(segment: &Analyzed<'_>) -> Self {
        let sorted = |kind, form: fn(&str) -> String| {
            let of_kind = segment.tokens().iter().filter(|token| token.kind == kind);
            let mut forms: Vec<String> = of_kind.map(|token| form(segment.folded(token))).collect();
            forms.sort_unstable();
            forms
        };
        Self {
            numbers: sorted(TokenKind::Number, number),
            placeables: sorted(TokenKind::Placeable, str::to_owned),
            negations: segment
                .tokens()
                .iter()
                .filter(|token| negates(segment, token))
                .count(),
        }
    }

    /// In what the two segments differ.
    pub fn flags(&self, other: &Self) -> Vec<Flag> {
        let differs = |flag: &Flag| match flag {
            Flag::Number => self.numbers != other.numbers,
            Flag::Negation => self.negations != other.negations,
            Flag::Placeable => self.placeables != other.placeables,
        };
        Flag::ALL.into_iter().filter(differs).collect()
    }
}

/// A number by its value: without leading zeros and grouping separators.
fn number(folded: &str) -> String {
    let digits = folded.replace(',', "");
    let value = digits.trim_start_matches('0');
    if value.is_empty() {
        "0".to_owned()
    } else {
        value.to_owned()
    }
}

/// Whether a word negates.
fn negates(segment: &Analyzed<'_>, token: &Token) -> bool {
    if token.kind != TokenKind::Word {
        return false;
    }
    let word = segment.folded(token);
    is_english_negation(word) || is_arabic_negation(word)
}

fn is_english_negation(word: &str) -> bool {
    const WORDS: [&str; 10] = [
        "not", "no", "never", "without", "cannot", "none", "nor", "neither", "nothing", "nobody",
    ];
    WORDS.contains(&word) || word.ends_with("n't")
}

/// `لا لم لن ليس` and their forms, `غير بدون دون`, with the conjunctions and prepositions that are written on to them.
fn is_arabic_negation(word: &str) -> bool {
    const WORDS: [&str; 13] = [
        "لا",
        "لم",
        "لن",
        "ليس",
        "ليست",
        "ليسا",
        "ليسوا",
        "لسنا",
        "لست",
        "غير",
        "بدون",
        "دون",
        "بلا",
    ];
    let bare = word
        .strip_prefix(['و', 'ف', 'ا'])
        .filter(|rest| rest.chars().count() > 1);
    WORDS.contains(&word) || bare.is_some_and(|rest| WORDS.contains(&rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(a: &str, b: &str) -> Vec<Flag> {
        let profile = |text| Profile::new(&Analyzed::new(text));
        profile(a).flags(&profile(b))
    }

    #[test]
    fn the_worked_example() {
        let found = flags("وافق المجلس على 5 مشاريع", "لم يوافق المجلس على ٧ مشاريع");
        assert_eq!(found, [Flag::Number, Flag::Negation]);
    }

    #[test]
    fn numbers_count_by_value() {
        assert_eq!(flags("عام ٢٠٠٩", "عام 2009"), []);
        assert_eq!(flags("1,000 units", "1000 units"), []);
        assert_eq!(flags("٢٬٥٠٠", "2500"), []);
        assert_eq!(flags("3.5", "35"), [Flag::Number]);
        assert_eq!(flags("2 of 3", "3 of 2"), []);
    }

    #[test]
    fn negations_in_both_languages() {
        for (with, without) in [
            ("He didn't agree.", "He did agree."),
            ("It works without power.", "It works with power."),
            ("ولن يسافر الوفد", "وسوف يسافر الوفد"),
            ("القرار غير ملزم", "القرار ملزم"),
            ("فلا بأس", "فكل بأس"),
        ] {
            assert_eq!(flags(with, without), [Flag::Negation], "{with}");
        }
        assert_eq!(flags("I do not know.", "I don't know."), []);
        assert_eq!(flags("قال ولا نعرف", "قال لا نعرف"), []);
    }

    #[test]
    fn placeables_differ_as_written() {
        assert_eq!(flags("Open %s", "Open %d"), [Flag::Placeable]);
        assert_eq!(flags("<b>Open</b>", "Open"), [Flag::Placeable]);
    }
}
