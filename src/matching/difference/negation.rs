//! The negations of a segment, and whether two segments are negated differently.
//!
//! The rule: the segments differ where they have different *numbers* of negations. Some words negate only at times: `ما`
//! is as often a pronoun, `ولا` and `nor` may merely carry an earlier negation on, `الا` is `ألا` or `إلا`. Such a word
//! more on one side may stand for a negation of the other (`ما وافق`, `لم يوافق`), and may be nothing; it is a
//! difference of its own only where it was plainly put in: the other segment has the words around it next to each other.
//!
//! Not counted: `ما زال`, `لا يزال` and their forms (still), `لا بد`, `لا شك` and other set phrases, `أم لا`, `لا غير`,
//! `ليس … فحسب`, `غير أن`, `دون سن`, `إلا`; `or not`, `not only`, `no doubt`, `no more than` and its like, `No. 5`.
//!
//! Worked example: `ما وافق المجلس` against `وافق المجلس`: a doubtful `ما` between the beginning and `وافق`, which in the
//! other segment begin it, differs. `قال ما وافق رأيه` against `قال رأيه` does not.

use super::words::{END, START, Words};
use crate::text::{Analyzed, Token, TokenKind};

/// What negates in a segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Negations {
    certain: usize,
    doubtful: usize,
    /// The words around doubtful negations, as they would be without them.
    around: Vec<[String; 2]>,
}

impl Negations {
    pub(super) fn new(segment: &Analyzed<'_>) -> Self {
        let is_word = |(_, token): &(usize, &Token)| token.kind == TokenKind::Word;
        let words: Vec<(usize, &str)> = segment
            .tokens()
            .iter()
            .enumerate()
            .filter(is_word)
            .map(|(i, token)| (i, segment.folded(token)))
            .collect();
        let mut this = Self::default();
        for at in 0..words.len() {
            let word = |i: usize, none| words.get(i).map_or(none, |&(_, word)| word);
            let place = Place {
                segment,
                token: words[at].0,
                word: words[at].1,
                previous: at.checked_sub(1).map_or(START, |i| word(i, START)),
                next: word(at + 1, END),
                next_but_one: word(at + 2, END),
                negated: this.certain > 0,
            };
            match place.reading() {
                Reading::Nothing => {}
                Reading::Negates => this.certain += 1,
                Reading::May { following } => {
                    this.doubtful += 1;
                    let around = following.map(|next| [place.previous.to_owned(), next]);
                    this.around.extend(around);
                }
            }
        }
        this
    }

    /// Whether one segment is negated where the other is not. Symmetric.
    pub(super) fn differ(&self, words: &Words, other: &Self, others: &Words) -> bool {
        let most = |of: &Self, than: &Self| of.certain + of.doubtful.saturating_sub(than.doubtful);
        let put_in = |of: &Self, own: &Words, there: &Words| {
            let mut around = of.around.iter();
            around.any(|[a, b]| there.adjoin(a, b) && !own.adjoin(a, b))
        };
        most(self, other) < other.certain
            || most(other, self) < self.certain
            || put_in(self, words, others)
            || put_in(other, others, words)
    }
}

/// What a word does to its segment.
enum Reading {
    Nothing,
    Negates,
    /// It may negate; and the word that would follow what stands before it, were it not there and did it matter.
    May {
        following: Option<String>,
    },
}

impl Reading {
    fn negates_unless(not: bool) -> Self {
        if not { Self::Nothing } else { Self::Negates }
    }
}

/// A word, folded, among its neighbours.
struct Place<'s, 't> {
    segment: &'s Analyzed<'t>,
    token: usize,
    word: &'s str,
    previous: &'s str,
    next: &'s str,
    next_but_one: &'s str,
    /// Whether there is a negation before.
    negated: bool,
}

impl Place<'_, '_> {
    fn reading(&self) -> Reading {
        if self.word.is_ascii() {
            self.english()
        } else {
            self.arabic()
        }
    }

    fn english(&self) -> Reading {
        match self.word {
            "not" => Reading::negates_unless(
                self.previous == "or" || matches!(self.next, "only" | "just" | "merely" | "simply"),
            ),
            "no" => Reading::negates_unless(
                matches!(self.next, "doubt" | "matter" | "wonder")
                    || self.next_but_one == "than"
                    || self.is_number_sign(),
            ),
            "nothing" if self.next == "but" => Reading::Nothing,
            "nor" if self.negated => Reading::May { following: None },
            "never" | "without" | "cannot" | "none" | "neither" | "nor" | "nothing" | "nobody"
            | "nowhere" | "non" => Reading::Negates,
            word => Reading::negates_unless(!word.ends_with("n't")),
        }
    }

    /// Whether a number follows, as in `No. 5` and `No: 5`, or what is counted, as in `no. of pages`.
    fn is_number_sign(&self) -> bool {
        let mut after = self.segment.tokens()[self.token + 1..].iter();
        let mark = |t: &&Token| matches!(self.segment.folded(t), "." | ":");
        let next = after.next();
        let marked = next.filter(mark);
        let next = marked.map_or(next, |_| after.next());
        next.is_some_and(|token| {
            token.kind == TokenKind::Number
                || marked.is_some() && self.segment.folded(token) == "of"
        })
    }

    fn arabic(&self) -> Reading {
        match self.word {
            _ if self.is_only() => Reading::Nothing,
            "ولا" if self.negated && !self.is_idiom() => self.may(format!("و{}", self.next)),
            "الا" => match self.alef() {
                'أ' => Reading::Negates,
                'ا' => self.may(self.next.to_owned()),
                _ => Reading::Nothing,
            },
            // Pain, or a question.
            "الم" if self.ends_with(&['?']) => Reading::Negates,
            "الم" => self.may(self.next.to_owned()),
            // `ليلا` is «at night».
            "ليلا" => Reading::negates_unless(!self.written().contains('ئ')),
            "لكيلا" | "كيلا" | "اليس" | "اليست" | "افلا" | "اولم" | "افلم" | "الن" => {
                Reading::Negates
            }
            "ما" => self.ma(""),
            "وما" => self.ma("و"),
            "فما" => self.ma("ف"),
            word => {
                let bare = word.strip_prefix(['و', 'ف']).filter(|&w| negates(w));
                match bare.or(Some(word).filter(|&w| negates(w))) {
                    Some("غير") => Reading::negates_unless(
                        is_but(self.next)
                            || matches!(self.previous, "لا" | "ليس")
                            || self.written().contains('\u{651}'),
                    ),
                    Some("لا") => Reading::negates_unless(
                        self.is_idiom() || self.next == "غير" || self.is_or_not(),
                    ),
                    Some("دون") => Reading::negates_unless(
                        self.is_idiom()
                            || matches!(
                                self.next,
                                "سن" | "مستوي" | "المستوي" | "المتوسط" | "الصفر"
                            ),
                    ),
                    Some("لم" | "بلا" | "بدون") => {
                        Reading::negates_unless(self.is_idiom())
                    }
                    Some(_) => Reading::Negates,
                    None => Reading::Nothing,
                }
            }
        }
    }

    /// `ما` with a conjunction: no negation in a question, at the end, before a noun with its article, or in a set phrase.
    fn ma(&self, conjunction: &str) -> Reading {
        let asks = self.ends_with(&['?', '!']);
        let phrase = matches!(
            self.next,
            "اذا" | "ان" | "بعد" | "قبل" | "لم" | "دام" | "دامت"
        ) || is_still(self.next)
            || PHRASES.contains(&self.previous);
        if asks || phrase || self.next == END || self.next.starts_with("ال") {
            Reading::Nothing
        } else {
            self.may(format!("{conjunction}{}", self.next))
        }
    }

    fn may(&self, following: String) -> Reading {
        Reading::May {
            following: Some(following),
        }
    }

    /// `لا بد`, `لا يزال` and the like.
    fn is_idiom(&self) -> bool {
        matches!(
            self.next,
            "بد" | "شك"
                | "ريب"
                | "سيما"
                | "محاله"
                | "مفر"
                | "مناص"
                | "جدال"
                | "باس"
                | "غني"
                | "عجب"
                | "غرو"
        ) || is_still(self.next)
    }

    /// `أم لا`, with nothing behind it in its clause.
    fn is_or_not(&self) -> bool {
        let next = self.segment.tokens().get(self.token + 1);
        matches!(self.previous, "ام" | "او")
            && next.is_none_or(|token| token.kind == TokenKind::Punctuation)
    }

    /// `ليس … فحسب`, `لا … فقط بل` and the like: not only.
    fn is_only(&self) -> bool {
        if !matches!(self.word, "لا" | "لم" | "لن" | "ليس" | "ليست") {
            return false;
        }
        let after = &self.segment.tokens()[self.token + 1..];
        let mut words = after
            .iter()
            .filter(|token| token.kind == TokenKind::Word)
            .map(|token| self.segment.folded(token))
            .peekable();
        while let Some(word) = words.next() {
            if matches!(word, "فحسب" | "وحسب")
                || word == "فقط" && matches!(words.peek(), Some(&("بل" | "ولكن" | "وانما")))
            {
                return true;
            }
        }
        false
    }

    /// Whether the segment ends with one of these marks.
    fn ends_with(&self, marks: &[char]) -> bool {
        let last = self.segment.tokens().last();
        last.is_some_and(|token| self.segment.folded(token).starts_with(marks))
    }

    fn written(&self) -> &str {
        self.segment.written(&self.segment.tokens()[self.token])
    }

    /// The first alef of the word as written.
    fn alef(&self) -> char {
        let mut letters = self.written().chars();
        letters
            .find(|c| matches!(c, 'ا' | 'أ' | 'إ' | 'آ' | 'ٱ'))
            .unwrap_or('ا')
    }
}

/// Words behind which `ما` is indefinite (`شخص ما`) or part of a conjunction or adverb (`بعد ما`, `كثيرا ما`).
const PHRASES: [&str; 30] = [
    "شخص",
    "شخصا",
    "شيء",
    "شييا",
    "يوم",
    "يوما",
    "مكان",
    "وقت",
    "وقتا",
    "حد",
    "نوع",
    "نوعا",
    "سبب",
    "لسبب",
    "امر",
    "طريقه",
    "بطريقه",
    "بعد",
    "قبل",
    "مثل",
    "كل",
    "حين",
    "عند",
    "اذا",
    "كثيرا",
    "غالبا",
    "عاده",
    "نادرا",
    "ريث",
    "حسب",
];

/// What makes `غير` a conjunction: `أن`, with or without a pronoun.
fn is_but(word: &str) -> bool {
    matches!(
        word,
        "ان" | "انه"
            | "انها"
            | "انهم"
            | "انهن"
            | "انهما"
            | "انني"
            | "اني"
            | "اننا"
            | "انك"
            | "انكم"
    )
}

/// Forms of `زال` that stay negated to mean «still».
fn is_still(word: &str) -> bool {
    matches!(
        word,
        "زال"
            | "زالت"
            | "زالوا"
            | "زلت"
            | "زلنا"
            | "يزال"
            | "تزال"
            | "ازال"
            | "نزال"
            | "يزالون"
            | "يزالوا"
            | "يزل"
            | "تزل"
    )
}

/// Whether a folded Arabic word without a conjunction negates.
fn negates(word: &str) -> bool {
    matches!(
        word,
        "لا" | "لم"
            | "لن"
            | "غير"
            | "بغير"
            | "لغير"
            | "دون"
            | "بدون"
            | "دونما"
            | "بلا"
            | "عدم"
            | "بعدم"
            | "لعدم"
            | "ليس"
            | "ليست"
            | "ليسا"
            | "ليستا"
            | "ليسوا"
            | "لسن"
            | "لست"
            | "لسنا"
            | "لستم"
            | "لستن"
            | "لستما"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differ(a: &str, b: &str) -> bool {
        let (a, b) = (Analyzed::new(a), Analyzed::new(b));
        let of = |s: &Analyzed<'_>| (Negations::new(s), Words::new(s));
        let ((a, a_words), (b, b_words)) = (of(&a), of(&b));
        let there = a.differ(&a_words, &b, &b_words);
        assert_eq!(there, b.differ(&b_words, &a, &a_words));
        there
    }

    #[test]
    fn negations_added_or_dropped() {
        for (with, without) in [
            ("He didn't agree.", "He did agree."),
            ("It works without power.", "It works with power."),
            ("No files were found.", "Files were found."),
            ("non-free software", "free software"),
            ("ولن يسافر الوفد", "وسوف يسافر الوفد"),
            ("القرار غير ملزم", "القرار ملزم"),
            ("فلا خوف", "فكل خوف"),
            ("أخبرني أم لا تعرف", "أخبرني أم تعرف"),
            ("لا يقرأ فقط", "يقرأ فقط"),
            ("القرار غير المتوقع", "القرار المتوقع"),
            ("دون إذن", "بعد إذن"),
            ("No of course", "Yes of course"),
            ("قرر عدم السفر", "قرر السفر"),
            ("يجب ألا يسافر", "يجب أن يسافر"),
            ("لست طبيبا", "أنا طبيب"),
            ("ما وافق المجلس على الخطة", "وافق المجلس على الخطة"),
            ("قال إنه ما وافق عليها", "قال إنه وافق عليها"),
            ("لم يأت ولا أعرف السبب", "لم يأت وأعرف السبب"),
            ("لا أدخن", "أدخن"),
            ("ألم تقرأ الكتاب؟", "قرأت الكتاب؟"),
        ] {
            assert!(differ(with, without), "{with}");
        }
    }

    #[test]
    fn the_same_negation_in_other_words() {
        for (a, b) in [
            ("I do not know.", "I don't know."),
            ("قال ولا نعرف", "قال لا نعرف"),
            ("ما وافق المجلس", "لم يوافق المجلس"),
            ("ما زال يعمل", "يعمل حتى الآن"),
            ("لا يزال يعمل", "ما زال يعمل"),
            ("وافق الجميع إلا المدير", "وافق الجميع"),
            ("قال ما وافق رأيه", "قال رأيه"),
            ("سأزوره يوما ما قريبا", "سأزوره يوما قريبا"),
            ("اتفقوا على سعر ما", "اتفقوا على سعر"),
            ("neither he nor she nor I", "neither he nor she or I"),
            ("يجب الا يسافر", "يجب ألا يسافر"),
            ("neither tea nor coffee", "neither tea or coffee"),
            ("No. 5 is closed", "Number 5 is closed"),
            ("no more than ten", "at most ten"),
            ("ما أجمل السماء!", "أجمل السماء!"),
            ("سافر ليلا", "سافر"),
            ("غيّر الملف", "بدّل الملف"),
            ("لا شك أنه هنا", "أنه هنا"),
            ("سيأتي بلا شك", "سيأتي حتما"),
            ("لا بأس بالتأجيل", "يمكن التأجيل"),
            ("هل تحضر أم لا؟", "هل تحضر؟"),
            ("واحد لا غير", "واحد فقط"),
            ("ليس الكاتب فحسب بل القارئ", "الكاتب والقارئ"),
            ("لا الكاتب فقط بل القارئ", "الكاتب والقارئ"),
            ("جيد غير أنه غال", "جيد لكنه غال"),
            ("دون سن العاشرة", "تحت سن العاشرة"),
            ("not only tea but coffee", "both tea and coffee"),
            ("without a doubt, no doubt", "without a doubt"),
            ("no. of pages", "number of pages"),
            ("nothing but rain", "only rain"),
        ] {
            assert!(!differ(a, b), "{a} / {b}");
        }
    }
}
