//! When two words are forms of one: what a term's word may look like in running text.
//!
//! A folded word is read in several ways, each a *bare* word, without what may be written on to its front, and in it the
//! *trunk*, without its ending. Arabic: conjunctions (و، ف), then a preposition (ب، ك، ل) or the article or both may go
//! from the front, pronouns and endings of number, gender, relation and case from the back. A word may have begun with
//! these letters itself (`وزارة`, `التزام`), so every reading counts. English: the light stem.
//!
//! Two words fit where a reading of one has the trunk of a reading of the other and their endings may belong to one word:
//!
//! | term | text | |
//! | --- | --- | --- |
//! | `مستشفى` | `والمستشفيات` | bare `مستشفيات`, trunk `مستشف`: fits |
//! | `منظمة` | `لمنظماتها` | fits |
//! | `مدرس` | `المدرسة` | a teacher is no school: one is feminine as written, the other bare |
//! | `اقتصاد` | `الاقتصادي` | an economy is not economic: an ending of relation on one alone |
//! | `policy` | `police` | the same stem, but no word that both are forms of |
//! | `WHO` | `who` | an abbreviation is told by its case |
//!
//! Broken plurals (`كتاب`, `كتب`) are other words here.

use crate::hash::fnv1a;
use crate::text::arabic::{self, is_tashkeel};
use crate::text::english;
use crate::text::token::is_invisible;

/// How close a term in a text is to the term as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    /// Another number, case or possession of the same words.
    Inflected,
    /// The same words, but for spelling and what is written on to their fronts.
    Exact,
}

/// Where a word stands, which says what may be written on to its front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// First in a term: as in a dictionary, with the article at most.
    Head,
    /// Later in a term, or anywhere in a text.
    Running,
}

/// One way to read a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// Where the bare word begins.
    pub(super) start: usize,
    /// Where the trunk ends that begins there.
    pub(super) end: usize,
    /// A hash of the trunk.
    pub(super) hash: u64,
    has_article: bool,
    relation: bool,
    feminine: Feminine,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Feminine {
    No,
    Yes,
    Unclear,
}

/// Attached pronouns, longest first.
const PRONOUNS: [&str; 7] = ["هما", "كما", "هم", "هن", "كم", "ها", "نا"];

/// Endings of number, gender and relation, in the order in which they are tried.
const ENDINGS: [&str; 7] = ["ان", "ات", "ون", "ين", "يه", "ه", "ي"];

/// Adds the readings of a folded word to `out`; `written` is what was folded.
pub(super) fn push_readings(out: &mut Vec<Reading>, word: &str, written: &str, place: Place) {
    if !word.starts_with(arabic::is_arabic_letter) {
        let mut push = |end: usize| {
            out.push(Reading {
                start: 0,
                end,
                hash: fnv1a(word[..end].bytes()),
                has_article: false,
                relation: false,
                feminine: Feminine::Unclear,
            });
        };
        let end = english::stem(word).end;
        push(end);
        // The stem leaves short words whole.
        if let Some(base) = longer(word[..end].strip_suffix('s'), 2) {
            push(base.len());
        }
        return;
    }
    let mut push = |start: usize, has_article: bool| {
        out.push(arabic_reading(word, written, start, has_article));
    };
    push(0, false);
    if let Some(bare) = longer(word.strip_prefix("ال"), 2) {
        push(word.len() - bare.len(), true);
    }
    if place == Place::Head {
        return;
    }
    for conjunction in ["", "و", "ف"] {
        let Some(rest) = longer(word.strip_prefix(conjunction), 3) else {
            continue;
        };
        if !conjunction.is_empty() {
            push(word.len() - rest.len(), false);
            if let Some(bare) = longer(rest.strip_prefix("ال"), 2) {
                push(word.len() - bare.len(), true);
            }
        }
        for preposition in ["ب", "ك", "ل"] {
            if let Some(bare) = longer(rest.strip_prefix(preposition), 3) {
                push(word.len() - bare.len(), false);
                // The article's alef is left out behind ل.
                let article = if preposition == "ل" { "ل" } else { "ال" };
                if let Some(bare) = longer(bare.strip_prefix(article), 2) {
                    push(word.len() - bare.len(), true);
                }
            }
        }
    }
}

/// `rest` where it has at least `chars` characters.
fn longer(rest: Option<&str>, chars: usize) -> Option<&str> {
    rest.filter(|rest| rest.chars().nth(chars - 1).is_some())
}

/// The reading of an Arabic word whose bare word begins at `start`.
fn arabic_reading(word: &str, written: &str, start: usize, has_article: bool) -> Reading {
    let mut trunk = &word[start..];
    let mut relation = false;
    let mut feminine = Feminine::No;
    let cut = |trunk: &'_ str, ending: &str, chars: usize| {
        let rest = longer(trunk.strip_suffix(ending), chars)?;
        Some(rest.len())
    };
    let pronoun = PRONOUNS.iter().find_map(|pronoun| cut(trunk, pronoun, 3));
    if let Some(end) = pronoun {
        trunk = &trunk[..end];
        if let Some(end) = cut(trunk, "ات", 2) {
            trunk = &trunk[..end];
            feminine = Feminine::Unclear;
        } else if let Some(end) = cut(trunk, "ت", 3) {
            trunk = &trunk[..end];
            feminine = Feminine::Yes;
        }
    } else if let Some(end) = ["ته", "تان", "تين"].iter().find_map(|e| cut(trunk, e, 3)) {
        trunk = &trunk[..end];
        feminine = Feminine::Yes;
    } else if let Some(end) = ["ا", "و"].iter().find_map(|e| cut(trunk, e, 3)) {
        // The accusative, and the plural before what it belongs to.
        trunk = &trunk[..end];
    }
    for ending in ENDINGS {
        let Some(end) = cut(trunk, ending, 2) else {
            continue;
        };
        trunk = &trunk[..end];
        match ending {
            "ات" => feminine = Feminine::Unclear,
            "ه" | "يه" if ends_in_teh_marbuta(written) => feminine = Feminine::Yes,
            "ه" | "يه" => feminine = Feminine::Unclear,
            _ => {}
        }
        relation |= matches!(ending, "يه" | "ي");
    }
    Reading {
        start,
        end: start + trunk.len(),
        hash: fnv1a(trunk.bytes()),
        has_article,
        relation,
        feminine,
    }
}

fn ends_in_teh_marbuta(written: &str) -> bool {
    let mut letters = written
        .chars()
        .rev()
        .skip_while(|&c| is_tashkeel(c) || is_invisible(c));
    matches!(letters.next(), Some('ة' | 'ﺓ' | 'ﺔ'))
}

/// A word as it is compared: folded, as written, and one reading of it.
#[derive(Clone, Copy)]
pub(super) struct Form<'w> {
    pub(super) word: &'w str,
    pub(super) written: &'w str,
    pub(super) reading: Reading,
}

impl<'w> Form<'w> {
    pub(super) fn trunk(&self) -> &'w str {
        &self.word[self.reading.start..self.reading.end]
    }

    fn bare(&self) -> &'w str {
        &self.word[self.reading.start..]
    }

    fn ending(&self) -> &'w str {
        &self.word[self.reading.end..]
    }
}

/// How close a word of a text is to the word of a term; `None` where they are different words.
pub(super) fn closeness(text: Form<'_>, term: Form<'_>) -> Option<Closeness> {
    if text.reading.hash != term.reading.hash || text.trunk() != term.trunk() {
        return None;
    }
    if !term.word.starts_with(arabic::is_arabic_letter) {
        return latin_closeness(text, term);
    }
    if text.bare() == term.bare() {
        return Some(Closeness::Exact);
    }
    let (a, b) = (text.reading, term.reading);
    // A plural before what it belongs to looks like an ending of relation, but has no article.
    let is_construct = text.ending() == "ي" && !a.has_article && !b.relation;
    let same_relation = a.relation == b.relation || is_construct;
    let genders = [a.feminine, b.feminine];
    let other_gender = genders.contains(&Feminine::Yes) && genders.contains(&Feminine::No);
    let is_adjective = a.relation && b.relation;
    (same_relation && (is_adjective || !other_gender)).then_some(Closeness::Inflected)
}

fn latin_closeness(text: Form<'_>, term: Form<'_>) -> Option<Closeness> {
    if is_abbreviation(term.written) && capitals(text.written) < capitals(term.written).min(2) {
        return None;
    }
    if text.word == term.word {
        return Some(Closeness::Exact);
    }
    let of_term = bases(term.word);
    let related = bases(text.word).iter().any(|base| of_term.contains(base));
    related.then_some(Closeness::Inflected)
}

/// Whether a word has capitals and no other letters.
fn is_abbreviation(written: &str) -> bool {
    written.chars().any(char::is_uppercase) && !written.chars().any(char::is_lowercase)
}

fn capitals(written: &str) -> usize {
    written.chars().filter(|c| c.is_uppercase()).count()
}

/// The words that an English word may be a form of: `stopped` of `stop`, `houses` of `house` and `hous`.
fn bases(word: &str) -> Vec<String> {
    let word = ["'s", "'"]
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .unwrap_or(word);
    let mut bases = vec![word.to_owned()];
    let mut push = |base: &str, end: &str| bases.push(format!("{base}{end}"));
    if let Some(base) = word.strip_suffix('s').filter(|base| !base.ends_with('s')) {
        push(base, "");
    }
    if let Some(base) = word.strip_suffix("es") {
        push(base, "");
    }
    for end in ["ies", "ied"] {
        if let Some(base) = word.strip_suffix(end) {
            push(base, "y");
        }
    }
    for end in ["ed", "ing"] {
        if let Some(base) = word.strip_suffix(end) {
            push(base, "");
            push(base, "e");
            let mut letters = base.chars().rev();
            if let (Some(last), true) = (letters.next(), letters.next() == base.chars().next_back())
            {
                push(&base[..base.len() - last.len_utf8()], "");
            }
        }
    }
    bases
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::fold::fold;

    /// How close the nearest readings of two words are.
    fn close(text: &str, term: &str) -> Option<Closeness> {
        let (folded, folded_term) = (fold(text), fold(term));
        let readings = |word: &str, written: &str, place| {
            let mut readings = Vec::new();
            push_readings(&mut readings, word, written, place);
            readings
        };
        let mut best = None;
        for reading in readings(&folded, text, Place::Running) {
            let form = Form {
                word: &folded,
                written: text,
                reading,
            };
            for reading in readings(&folded_term, term, Place::Head) {
                let of_term = Form {
                    word: &folded_term,
                    written: term,
                    reading,
                };
                best = best.max(closeness(form, of_term));
            }
        }
        best
    }

    #[test]
    fn clitics_are_written_on_to_the_same_word() {
        for (term, texts) in [
            (
                "مستشفى",
                &["المستشفى", "والمستشفى", "للمستشفى", "لمستشفى", "فبالمستشفى"][..],
            ),
            (
                "وزارة",
                &["الوزارة", "وزارة", "ووزارة", "بوزارة", "للوزارة"],
            ),
            ("التزام", &["الالتزام", "التزام", "بالتزام", "والالتزام"]),
            ("الأمم", &["للأمم", "أمم", "وبالأمم"]),
            ("لغة", &["اللغة", "للغة", "لغه"]),
        ] {
            for text in texts {
                assert_eq!(close(text, term), Some(Closeness::Exact), "{text} {term}");
            }
        }
    }

    #[test]
    fn endings_are_those_of_one_word() {
        for (term, texts) in [
            ("مستشفى", &["والمستشفيات", "مستشفياتها", "مستشفيين"][..]),
            (
                "منظمة",
                &[
                    "منظمات",
                    "لمنظماتها",
                    "منظمتها",
                    "المنظمتان",
                    "منظمتين",
                    "منظمته",
                ],
            ),
            (
                "قرار",
                &["قرارًا", "القرارات", "قراره", "قراراتهم", "قراران"],
            ),
            ("موظف", &["الموظفون", "موظفو", "موظفي", "والموظفين"]),
            ("اقتصادي", &["الاقتصادية", "اقتصاديا", "الاقتصاديين"]),
        ] {
            for text in texts {
                assert_eq!(
                    close(text, term),
                    Some(Closeness::Inflected),
                    "{text} {term}"
                );
            }
        }
    }

    #[test]
    fn other_words_are_other_words() {
        for (text, term) in [
            ("المدرسة", "مدرس"),
            ("المدرسون", "مدرسة"),
            ("الاقتصادي", "اقتصاد"),
            ("اقتصاد", "اقتصادي"),
            ("كتب", "كتاب"),
            ("بلد", "بلدة"),
            ("police", "policy"),
            ("who", "WHO"),
            ("Who", "WHO"),
            ("c", "C"),
        ] {
            assert_eq!(close(text, term), None, "{text} {term}");
        }
    }

    #[test]
    fn english_words_are_inflected() {
        for (text, term) in [
            ("policies", "policy"),
            ("stopped", "stop"),
            ("housing", "houses"),
            ("class's", "classes"),
            ("PCs", "PC"),
            ("Movies", "movie"),
        ] {
            assert_eq!(
                close(text, term),
                Some(Closeness::Inflected),
                "{text} {term}"
            );
        }
        assert_eq!(close("who", "who"), Some(Closeness::Exact));
        assert_eq!(close("WHO", "who"), Some(Closeness::Exact));
    }

    proptest! {
        #[test]
        fn every_word_is_itself_and_its_readings_lie_in_it(word in "[اأبتوةهيىلنكمسف]{1,10}|[a-zA-Z']{1,8}|\\PC{1,8}") {
            let folded = fold(&word);
            prop_assume!(!folded.is_empty());
            let mut readings = Vec::new();
            push_readings(&mut readings, &folded, &word, Place::Running);
            for reading in &readings {
                let trunk = folded.get(reading.start..reading.end);
                prop_assert!(trunk.is_some_and(|trunk| !trunk.is_empty()));
            }
            prop_assert_eq!(close(&word, &word), Some(Closeness::Exact));
        }

        #[test]
        fn what_is_written_on_to_a_word_hides_nothing(
            head in "و?|ف?",
            article in proptest::bool::ANY,
            word in "[بتثجحخدذرزسشصضطظعغقكلمنهويا]{3,8}",
        ) {
            let text = format!("{head}{}{word}", if article { "ال" } else { "" });
            prop_assert_eq!(close(&text, &word), Some(Closeness::Exact), "{}", text);
        }
    }
}
