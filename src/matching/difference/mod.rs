//! Differences that mislead: numbers, dates, negations, placeables and names in which two segments differ.
//!
//! A sentence with another number, or with a `لم` more, is nearly the same string and may mean the opposite. Such a
//! difference is a [`Flag`] on the match and caps its score ([`Flag::cap`]). A segment is read once, into a [`Profile`];
//! two profiles give the flags, the same in either direction. What each flag goes by is said in the file of its name;
//! placeables differ where the segments have not the same ones, each as often, in whatever order.
//!
//! Worked example: `وافق المجلس على 5 مشاريع` and `لم يوافق المجلس على ٧ مشاريع` differ in numbers and in negation;
//! the score is at most [`Flag::Negation`]'s cap.
//!
//! Cost: a few µs for a profile of a hundred characters.

mod calendar;
mod gazetteer;
mod icu;
mod name;
mod negation;
mod quantity;
mod spelled;
mod words;

use serde::{Serialize, Serializer};

use self::name::Names;
use self::negation::Negations;
use self::quantity::Quantities;
use self::words::Words;
use super::Flag;
use crate::score::Score;
use crate::text::{Analyzed, Token, TokenKind};

impl Flag {
    /// All flags in order.
    pub const ALL: [Self; 4] = [Self::Number, Self::Negation, Self::Placeable, Self::Name];

    /// The most that a match with this flag may score.
    pub fn cap(self) -> Score {
        Score::from_points(match self {
            Self::Number | Self::Placeable | Self::Name => 94,
            Self::Negation => 79,
        })
    }

    /// The name in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Negation => "negation",
            Self::Placeable => "placeable",
            Self::Name => "name",
        }
    }
}

impl Serialize for Flag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What a segment has of the things that flags are about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    quantities: Quantities,
    negations: Negations,
    placeables: Vec<String>,
    names: Names,
    words: Words,
}

impl Profile {
    /// The profile of a segment.
    pub fn new(segment: &Analyzed<'_>) -> Self {
        Self {
            quantities: Quantities::new(segment),
            negations: Negations::new(segment),
            placeables: placeables(segment),
            names: Names::new(segment),
            words: Words::new(segment),
        }
    }

    /// In what the two segments differ, in the order of [`Flag::ALL`]. Symmetric.
    pub fn flags(&self, other: &Self) -> Vec<Flag> {
        let differs = |flag: &Flag| match flag {
            Flag::Number => self.quantities.differ(&other.quantities),
            Flag::Negation => self
                .negations
                .differ(&self.words, &other.negations, &other.words),
            Flag::Placeable => self.placeables != other.placeables,
            Flag::Name => self.names.differ(&self.words, &other.names, &other.words),
        };
        Flag::ALL.into_iter().filter(differs).collect()
    }
}

/// The placeables in alphabetical order. Case counts in format arguments only: `%S` is not `%s`.
fn placeables(segment: &Analyzed<'_>) -> Vec<String> {
    let arguments = if segment.surface().contains('{') {
        icu::arguments(segment.surface())
    } else {
        icu::Arguments::default()
    };
    let is_message = |token: &Token| {
        let messages = &arguments.messages;
        messages.binary_search(&token.span.start).is_ok()
    };
    let of_kind = segment
        .tokens()
        .iter()
        .filter(|token| token.kind == TokenKind::Placeable && !is_message(token))
        .filter(|token| quantity::percentage(segment.written(token)).is_none());
    let mut forms: Vec<String> = of_kind
        .map(|token| {
            let written = segment.written(token);
            if written.starts_with(['%', '{', '$']) {
                written.to_owned()
            } else {
                segment.folded(token).to_owned()
            }
        })
        .collect();
    forms.extend(arguments.heads);
    forms.sort_unstable();
    forms
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
    fn placeables_differ_as_written_and_in_any_order() {
        assert_eq!(flags("Open %s", "Open %d"), [Flag::Placeable]);
        assert_eq!(flags("{Name} left", "{name} left"), [Flag::Placeable]);
        assert_eq!(flags("<b>Open</b>", "Open"), [Flag::Placeable]);
        assert_eq!(flags("%1$s of %2$s", "%2$s: %1$s of"), []);
        assert_eq!(flags("%1$s of %2$s", "%1$s of %1$s"), [Flag::Placeable]);
        assert_eq!(flags("see www.Example.org", "see www.example.org"), []);
    }

    proptest! {
        #[test]
        fn flags_are_symmetric_and_none_between_equals(
            a in sentence(), b in sentence(),
        ) {
            prop_assert_eq!(flags(&a, &b), flags(&b, &a));
            prop_assert_eq!(flags(&a, &a), []);
        }

        #[test]
        fn any_text_has_a_profile(a in "\\PC{0,40}", b in "\\PC{0,40}") {
            prop_assert_eq!(flags(&a, &b), flags(&b, &a));
        }
    }

    /// Words that flags are about, and others.
    fn sentence() -> impl Strategy<Value = String> {
        const WORDS: &[&str] = &[
            "ما",
            "لا",
            "ولا",
            "لم",
            "ألا",
            "إلا",
            "الا",
            "غير",
            "وافق",
            "يزال",
            "واحد",
            "عشر",
            "وعشرون",
            "خمسة",
            "الثاني",
            "كانون",
            "يونيو",
            "ألف",
            "مليون",
            "5",
            "١٤٤٦",
            "هـ",
            "3/6",
            "2.5",
            "بـ7",
            "one",
            "second",
            "twenty",
            "-",
            "May",
            "June",
            "not",
            "no",
            "nor",
            "than",
            ".",
            "?",
            "Paris",
            "NATO",
            "the",
            "%s",
            "<b>",
            "السيد",
            "سالم",
            "عبد",
            "الله",
            "and",
            "hundred",
            "th",
            "IPv6",
            "مصر",
            "وبتونس",
            "Jordan",
            "نصف",
            "الإصدار",
            "3.10",
            "3.1",
            "ليس",
            "فحسب",
            "أم",
            "آب",
            "{n, plural, one {",
            "}",
        ];
        proptest::collection::vec(proptest::sample::select(WORDS), 0..8)
            .prop_map(|words| words.join(" "))
    }
}
