//! The names of a segment, and whether those of two segments differ.
//!
//! English tells names by their capitals: a word with a capital that begins no sentence, quotation or line, and anywhere
//! an acronym or a word with a capital inside. A segment in capitals, or a heading that gives one to each of its words,
//! tells no names but, in a heading, acronyms. Arabic has no capitals: names are the Latin words in an Arabic segment,
//! and the word behind a title or the like that must be followed by one (`السيد سالم`, `عبد الله`, `مدينة حلب`). Where
//! neither language tells, the names of [`super::gazetteer`] are known: `Jordan exports fruit.`, `تستورد مصر القمح`.
//! Other names are not seen.
//!
//! The rule: the segments differ where each has a name that the other has not in any form. A name that was merely added
//! is seen in the text; one in the place of another is what misleads.
//!
//! Worked example: `They met Salma in Paris.` and `They met Salma in Rome.` have `paris` and `rome` alone.

use super::words::{Words, bare};
use super::{calendar, gazetteer, quantity::Quantity};
use crate::text::arabic::is_arabic_letter;
use crate::text::{Analyzed, Token, TokenKind, english};

/// The names of a segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// Told by their look or known, folded and without what is written on to them.
    plain: Vec<String>,
    /// Told by the word before them: that word and the name, folded.
    introduced: Vec<(&'static str, String)>,
}

impl Names {
    pub(super) fn new(segment: &Analyzed<'_>) -> Self {
        let arabic = |token: &&Token| segment.folded(token).starts_with(is_arabic_letter);
        let total = segment.words().count();
        if segment.words().filter(arabic).count() * 2 <= total {
            return Self {
                plain: capitalised(segment),
                introduced: Vec::new(),
            };
        }
        let name = |token: &Token| {
            let word = bare(segment.folded(token));
            if word.starts_with(|c: char| c.is_ascii_alphabetic()) {
                may_name(word).then_some(word)
            } else {
                gazetteer::arabic(word)
            }
        };
        Self {
            plain: segment
                .words()
                .filter_map(name)
                .map(str::to_owned)
                .collect(),
            introduced: introduced(segment),
        }
    }

    /// Whether each segment has a name that the other has not. Symmetric.
    pub(super) fn differ(&self, words: &Words, other: &Self, others: &Words) -> bool {
        let alone = |of: &Self, there: &Self, words: &Words| {
            let mut names = of.plain.iter();
            names.any(|name| !there.plain.contains(name) && !is_in(name, words))
        };
        if alone(self, other, others) && alone(other, self, words) {
            return true;
        }
        self.introduced.iter().any(|(by, name)| {
            !others.have(name)
                && other
                    .introduced
                    .iter()
                    .any(|(title, theirs)| title == by && !words.have(theirs))
        })
    }
}

/// Whether a name or a word made of it is among the words: `russia` among those of `the Russian fleet`.
fn is_in(name: &str, words: &Words) -> bool {
    let stem = &name[english::stem(name)];
    if stem.len() >= 4 {
        words.have_prefix(stem)
    } else {
        words.have(name)
    }
}

/// The words of an English segment that have a capital for being names.
fn capitalised(segment: &Analyzed<'_>) -> Vec<String> {
    let written = |token: &Token| segment.written(token);
    let small = |c: char| c.is_lowercase();
    if !segment.words().any(|token| written(token).contains(small)) {
        return Vec::new();
    }
    let heading = !segment.words().any(|token| {
        written(token).starts_with(small) && !is_function_word(bare(segment.folded(token)))
    });
    let mut names = Vec::new();
    let mut begins = true;
    for token in segment.tokens() {
        match token.kind {
            TokenKind::Punctuation => {
                begins |= segment.folded(token).starts_with(SENTENCE_STARTS);
            }
            TokenKind::Number | TokenKind::Placeable => {}
            TokenKind::Word => {
                let (look, word) = (written(token), bare(segment.folded(token)));
                let capital = look.starts_with(char::is_uppercase);
                let tells = !begins && !heading || capital && gazetteer::english(word).is_some();
                if (capital && tells || has_inner_capital(look))
                    && !is_function_word(word)
                    && !is_date(word)
                    && may_name(word)
                {
                    names.push(word.to_owned());
                }
                begins = false;
            }
        }
    }
    names
}

/// Whether a word is more than a letter, and without digits, which count as a number does.
fn may_name(word: &str) -> bool {
    word.len() > 1 && !word.contains(|c: char| c.is_ascii_digit())
}

/// Folded punctuation behind which a capital means nothing.
const SENTENCE_STARTS: [char; 13] = [
    '.', '!', '?', ':', ';', '"', '\'', '(', '[', '*', '•', '|', '/',
];

/// Whether there is a capital behind the first letter: `NATO`, `LibreOffice`.
fn has_inner_capital(written: &str) -> bool {
    written.chars().skip(1).any(char::is_uppercase)
}

fn is_date(word: &str) -> bool {
    matches!(
        calendar::date_name(word, "", true),
        Some((Quantity::Month(_) | Quantity::Weekday(_), _))
    ) || calendar::era(word).is_some()
}

/// Words that have a small letter in a heading, or a capital without being names.
fn is_function_word(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "the"
            | "and"
            | "or"
            | "but"
            | "nor"
            | "of"
            | "in"
            | "on"
            | "at"
            | "to"
            | "for"
            | "by"
            | "with"
            | "from"
            | "as"
            | "into"
            | "over"
            | "via"
            | "per"
            | "vs"
            | "is"
            | "are"
            | "be"
            | "it"
            | "its"
            | "not"
            | "no"
            | "i"
            | "you"
            | "your"
            | "he"
            | "she"
            | "we"
            | "they"
            | "this"
            | "that"
            | "if"
            | "when"
            | "mr"
            | "mrs"
            | "ms"
            | "dr"
            | "sir"
            | "ok"
            | "yes"
            | "what"
            | "who"
            | "how"
            | "why"
            | "where"
            | "his"
            | "her"
            | "my"
            | "our"
            | "their"
    )
}

/// The words behind titles and the like.
fn introduced(segment: &Analyzed<'_>) -> Vec<(&'static str, String)> {
    let tokens = segment.tokens().windows(2);
    tokens
        .filter(|pair| pair.iter().all(|token| token.kind == TokenKind::Word))
        .filter_map(|pair| {
            let name = segment.folded(&pair[1]);
            let title = title(segment.folded(&pair[0]))?;
            title.takes(name).then(|| (title.word, name.to_owned()))
        })
        .collect()
}

/// A word that a name follows.
#[derive(Clone, Copy)]
struct Title {
    word: &'static str,
    /// Whether the name may have the article; without it, what has none is no attribute of the title.
    article: bool,
}

impl Title {
    fn takes(self, name: &str) -> bool {
        let particle = matches!(
            name,
            "ان" | "انه"
                | "الي"
                | "في"
                | "علي"
                | "عن"
                | "من"
                | "مع"
                | "لم"
                | "لن"
                | "لا"
                | "قد"
                | "لقد"
                | "هو"
                | "هي"
                | "هذا"
                | "هذه"
                | "كان"
                | "قال"
                | "امس"
                | "ثم"
                | "او"
                | "كما"
                | "حتي"
                | "بعد"
                | "قبل"
                | "عند"
                | "بين"
                | "ما"
                | "كل"
                | "اكثر"
                | "اذا"
                | "حيث"
                | "يوم"
                | "خلال"
        );
        !particle && name.starts_with("ال") == self.article
    }
}

/// The title that a folded word is, with what may be written on to it.
fn title(word: &str) -> Option<Title> {
    const BEFORE_NAMES: [&str; 11] = [
        "السيد",
        "السيده",
        "الدكتور",
        "الدكتوره",
        "الاستاذ",
        "الاستاذه",
        "المهندس",
        "الشيخ",
        "الامير",
        "بن",
        "بنت",
    ];
    const BEFORE_THE: [&str; 8] = [
        "عبد",
        "مدينه",
        "جمهوريه",
        "محافظه",
        "ولايه",
        "دوله",
        "نهر",
        "جزيره",
    ];
    let bare = word.strip_prefix(['و', 'ف', 'ب', 'ل']).unwrap_or(word);
    let among = |list: &[&'static str]| list.iter().find(|w| **w == word || **w == bare).copied();
    let named = |article| move |word| Title { word, article };
    among(&BEFORE_NAMES)
        .map(named(false))
        .or_else(|| among(&BEFORE_THE).map(named(true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differ(a: &str, b: &str) -> bool {
        let (a, b) = (Analyzed::new(a), Analyzed::new(b));
        let of = |s: &Analyzed<'_>| (Names::new(s), Words::new(s));
        let ((a, a_words), (b, b_words)) = (of(&a), of(&b));
        let there = a.differ(&a_words, &b, &b_words);
        assert_eq!(there, b.differ(&b_words, &a, &a_words));
        there
    }

    #[test]
    fn one_name_for_another() {
        for (a, b) in [
            ("They met Salma in Paris.", "They met Salma in Rome."),
            ("NATO agreed to it.", "OPEC agreed to it."),
            ("Open it in LibreOffice.", "Open it in OpenOffice."),
            ("افتح الملف في Firefox الآن", "افتح الملف في Chrome الآن"),
            ("وصل السيد سالم أمس", "وصل السيد خالد أمس"),
            ("زار عبد الله المدرسة", "زار عبد الرحمن المدرسة"),
            ("عاد إلى مدينة القاهرة", "عاد إلى مدينة الكويت"),
            ("تستورد مصر القمح", "تستورد تونس القمح"),
            ("Jordan exports fruit.", "Lebanon exports fruit."),
            ("History of Egypt", "History of Syria"),
        ] {
            assert!(differ(a, b), "{a} / {b}");
        }
    }

    #[test]
    fn no_names_or_the_same() {
        for (a, b) in [
            ("Dogs bark.", "Cats bark."),
            ("Visit Paris in spring.", "Leave Paris in spring."),
            ("سافر إلى بيروت ولندن", "سافر إلى لندن وبيروت"),
            ("يعيش في القاهرة", "مقيم بالقاهرة"),
            ("يعيش في مصر", "يعيش في الريف"),
            ("She met Tom's uncle.", "She met Tom's aunt."),
            (
                "They came from Russia.",
                "They came from the Russian coast.",
            ),
            ("Save File As", "Save Folder As"),
            ("We leave on Monday.", "We leave on Friday."),
            ("CLOSE THE DOOR", "CLOSE THE GATE"),
            ("He said: \"Come in.\"", "He said: \"Go out.\""),
            ("They met Salma in Paris.", "They met Salma."),
            ("قال السيد إن الوقت ضيق", "قال السيد في الوقت"),
            ("وصل السيد الوزير", "وصل السيد المدير"),
            ("مدينة كبيرة", "مدينة صغيرة"),
        ] {
            assert!(!differ(a, b), "{a} / {b}");
        }
    }
}
