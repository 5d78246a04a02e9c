//! Named code points of the Arabic script, the light stem of an Arabic word, and nothing about other scripts.
//!
//! The stem follows light10 (Larkey, Ballesteros and Connell 2007): conjunction, preposition with article, article, then
//! endings, each only where enough of the word is left. Pronouns are cut as well, with the `ت` that `ة` becomes before
//! them: `وبالمدرسة` and `مدرستها` both have the stem `مدرس`. Prepositions without the article are left on, for they
//! look like first letters: `بلد`, `كتاب`. The conjunction looks like a first letter too, but is far too frequent to be
//! left on; the common words whose root begins with it are listed, so that `وزير` and `الوزير` have one stem.

use std::ops::Range;

/// Whether `c` is a letter of the Arabic script, presentation forms included.
pub fn is_arabic_letter(c: char) -> bool {
    matches!(c,
        '\u{0620}'..='\u{063F}' | '\u{0641}'..='\u{064A}' | '\u{066E}'..='\u{066F}' | '\u{0671}'..='\u{06D3}'
        | '\u{06D5}' | '\u{06EE}'..='\u{06EF}' | '\u{06FA}'..='\u{06FC}' | '\u{06FF}' | '\u{0750}'..='\u{077F}'
        | '\u{08A0}'..='\u{08C7}' | '\u{FB50}'..='\u{FBB1}' | '\u{FBD3}'..='\u{FD3D}' | '\u{FD50}'..='\u{FDFB}'
        | '\u{FE70}'..='\u{FEFC}')
}

/// Whether `c` is a vowel mark or another combining mark of the Arabic script: tashkeel, superscript alef, hamza and
/// madda as marks, Quranic annotation.
pub fn is_tashkeel(c: char) -> bool {
    matches!(c,
        '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06DC}'
        | '\u{06DF}'..='\u{06E4}' | '\u{06E7}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}' | '\u{08D3}'..='\u{08FF}')
}

/// Hamza and madda written as marks, as canonical decomposition leaves them.
pub fn is_hamza_mark(c: char) -> bool {
    matches!(c, '\u{0653}'..='\u{0655}')
}

/// The stretching mark, which is no letter.
pub const TATWEEL: char = '\u{0640}';

/// Prefixes with the article, and how many characters each must leave.
const ARTICLES: [&str; 6] = ["وال", "بال", "كال", "فال", "ال", "لل"];
/// Attached pronouns, longest first.
const PRONOUNS: [&str; 7] = ["هما", "كما", "هم", "هن", "كم", "ها", "نا"];
/// Endings of number, gender and relation, in the order in which they are tried; several may go.
const ENDINGS: [&str; 7] = ["ان", "ات", "ون", "ين", "يه", "ه", "ي"];

/// Words whose root begins with `و`, without endings and in alphabetical order: those that are commoner than what their
/// letters could mean with a conjunction. `وعد` is not one of them, since `وعدة` is "and several".
#[rustfmt::skip]
const ROOTED: [&str; 103] = [
    "واثق", "واج", "واجب", "واجه", "واجهت", "واجهوا", "واحد", "وارد", "وارسو", "واسط", "واسع",
    "واشنطن", "واضح", "وافق", "وافقت", "وافقوا", "واقع", "واقف", "والد", "وباء", "وباي", "وتير",
    "وثايق", "وثيق", "وج", "وجب", "وجد", "وجه", "وجو", "وجوب", "وجود", "وجيز", "وحد", "وحش", "وحوش",
    "وحيد", "وداع", "ودايع", "ودج", "وديع", "وراء", "وراث", "ورش", "ورق", "ورود", "وريث", "وريد",
    "وزار", "وزراء", "وزن", "وزير", "وساد", "وساط", "وسام", "وسايط", "وسايل", "وسط", "وسطاء",
    "وسوم", "وسيط", "وسيل", "وشيك", "وصايا", "وصف", "وصل", "وصول", "وضع", "وضوح", "وطن", "وظايف",
    "وظيف", "وعاء", "وفا", "وفاء", "وفد", "وفر", "وفق", "وفود", "وقا", "وقاي", "وقايع", "وقت",
    "وقع", "وقف", "وقود", "وقوع", "وقوف", "وكال", "وكلاء", "وكيل", "ولا", "ولاء", "ولاد", "ولدت",
    "ولدوا", "ولوج", "وليد", "وميض", "ووهان", "ويكيبيديا", "ويلز", "ويليام", "ويندوز",
];

/// Endings that a stem keeps, behind which a listed word is recognised all the same.
const KEPT: [&str; 2] = ["ا", "ك"];
/// Others, of verbs: behind three letters only, since `واضحت` is as well "and it became".
const KEPT_BY_VERBS: [&str; 3] = ["ت", "وا", "تك"];

/// The part of a folded Arabic word that its forms with other clitics share, as a byte range of `word`. Never empty.
///
/// ```
/// use dhakira::text::arabic::stem;
/// assert_eq!(&"وبالمدرسه"[stem("وبالمدرسه")], "مدرس");
/// assert_eq!(&"ولد"[stem("ولد")], "ولد");
/// assert_eq!(&"وزاره"[stem("وزاره")], &"الوزاره"[stem("الوزاره")]);
/// ```
pub fn stem(word: &str) -> Range<usize> {
    let mut stem = word;
    if let Some(rest) = longer(stem.strip_prefix('و'), 3) {
        let whole = without_endings(word);
        if begins_with_root(whole) {
            return 0..whole.len();
        }
        stem = rest;
    }
    if let Some(rest) = ARTICLES
        .iter()
        .find_map(|article| longer(stem.strip_prefix(article), 2))
    {
        stem = rest;
    }
    let start = word.len() - stem.len();
    start..start + without_endings(stem).len()
}

/// A word without its pronoun and the endings of number, gender and relation.
fn without_endings(word: &str) -> &str {
    let mut stem = word;
    if let Some(rest) = PRONOUNS
        .iter()
        .find_map(|pronoun| longer(stem.strip_suffix(pronoun), 3))
    {
        stem = longer(rest.strip_suffix('ت'), 3).unwrap_or(rest);
    } else if let Some(rest) = longer(stem.strip_suffix("ته"), 3) {
        stem = rest;
    }
    for ending in ENDINGS {
        if let Some(rest) = longer(stem.strip_suffix(ending), 2) {
            stem = rest;
        }
    }
    stem
}

/// Whether the `و` that a word without endings begins with belongs to its root, as far as is listed.
fn begins_with_root(stem: &str) -> bool {
    let is_listed = |stem: &str| ROOTED.binary_search(&stem).is_ok();
    let before = |ending: &&str| stem.strip_suffix(*ending);
    let of_three = |verb: &&str| verb.chars().count() == 3;
    is_listed(stem)
        || KEPT.iter().filter_map(before).any(is_listed)
        || KEPT_BY_VERBS
            .iter()
            .filter_map(before)
            .filter(of_three)
            .any(is_listed)
}

/// `rest` where it has at least `chars` characters.
fn longer(rest: Option<&str>, chars: usize) -> Option<&str> {
    // No character has more than four bytes.
    rest.filter(|rest| rest.len() >= 4 * chars || rest.chars().count() >= chars)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn assert_same_stem(forms: [&str; 4]) {
        let stems = forms.map(|word| &word[stem(word)]);
        assert!(stems.iter().all(|s| *s == stems[0]), "{stems:?}");
    }

    #[test]
    fn forms_of_a_word_share_their_stem() {
        for forms in [
            ["المدرسه", "وبالمدرسه", "مدرستها", "مدرسته"],
            ["حكومه", "والحكومه", "حكومتهم", "الحكومات"],
            ["كتاب", "الكتاب", "كتابها", "للكتاب"],
            ["مسلم", "المسلمون", "والمسلمين", "مسلمات"],
        ] {
            assert_same_stem(forms);
        }
    }

    #[test]
    fn a_first_letter_is_no_conjunction() {
        for forms in [
            ["وزير", "الوزير", "والوزير", "ووزير"],
            ["وزاره", "للوزاره", "وزارتها", "وزارات"],
            ["وثيقه", "الوثيقه", "وثيقتهم", "ووثيقته"],
            ["واحد", "الواحد", "واحده", "وواحده"],
        ] {
            assert_same_stem(forms);
        }
        for (word, bare) in [
            ("وضعت", "وضعت"),
            ("وجدوا", "وجدوا"),
            ("وقتا", "وقتا"),
            ("وفدا", "وفدا"),
            // "And it became", "and several", "and a number", "and they both".
            ("واضحت", "اضحت"),
            ("وعده", "عد"),
            ("ورقم", "رقم"),
            ("وهما", "هما"),
        ] {
            assert_eq!(&word[stem(word)], bare, "{word}");
        }
    }

    #[test]
    fn listed_words_are_in_order() {
        assert!(ROOTED.is_sorted_by(|a, b| a < b));
        assert!(ROOTED.iter().all(|word| word.starts_with('و')));
    }

    #[test]
    fn short_words_stay_whole() {
        for word in ["ولد", "هي", "و", "لها", "الا", "يد"] {
            assert_eq!(stem(word), 0..word.len(), "{word}");
        }
    }

    proptest! {
        #[test]
        fn a_stem_is_a_part_of_its_word_and_not_empty(word in "[اأبتوهيلنكمس]{1,10}|\\PC{1,8}") {
            let range = stem(&word);
            prop_assert!(word.get(range).is_some_and(|s| !s.is_empty()));
        }
    }
}
