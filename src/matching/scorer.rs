//! The score: how much of a stored segment serves the query, in one place.
//!
//! ```text
//! B     = overlap score of the two segments' features     crate::index::bound
//! L     = 2 same / (longer + same)                        same = longer − distance, in characters of the folded tokens
//! N     = B − 0.15 · max(0, B − L)
//! score = N, or 0.97 N where the words have not the same stems; then the least of the caps that apply
//! ```
//!
//! Where the words are the same in the same order but for clitics, which are conjunctions, prepositions and the article
//! in front of them and pronouns behind, and nothing is flagged, `N` is 85 at least: `خط عريض` and `الخط العريض` share four of
//! their triples, and a translator still has the words. A single word must differ in clitics alone: marks make a title of
//! it, or a command (`حفظ…`), and its first letter may look like a conjunction (`وردة`).
//!
//! Features are counted character trigrams ([`crate::text::gram`]): of all simple measures they find the unit whose
//! translation helps most, since they see the words that are partly equal and forgive the order, which Arabic varies.
//! What they forgive too much, `L` takes back in part. But for segments that differ in clitics the score never exceeds
//! `B`, which the index knows exactly. It is not symmetric: what the query has counts double.
//!
//! Caps: only equality as written is 100. Equality of the folded tokens is 99. Anything else is 97 at most, 94 where
//! numbers, names or placeables differ, 79 where one side is negated ([`super::difference`]).
//!
//! Worked example, Arabic: query `زار الوزير المدرسة`, stored `زار الوزير مدرسة جديدة`: 18 and 22 features, 14 shared.
//! `W` = 58, `D` = 42 / 58, `S` = 0.65, `B` = 78.78. The distance is 8 of 22 characters, `L` = 77.77, which costs 0.16;
//! another word: score 78.62 − 2.36 = 76.26.
//!
//! Worked example, English: query `The committee met on Monday.`, stored `The committee did not meet on Monday.`: 29 and
//! 38 features, 27 shared, `B` = 89.62; distance 9 of 38, `L` = 86.56, which costs 0.46; negation caps at 79. Score 79.
//!
//! All in whole hundredths of a point, rounded down once for `B`, once for `L` and up for the cost.
//!
//! What the number is worth: of the translations that matches from 50, 60, 70, 75, 85 and 95 on bring, 61, 49, 35, 27, 17
//! and 7 hundredths of the characters have to be edited (`tests/bench/calibration`, 4 165 best matches of six domains):
//! what is missing from 100 and about seven points more from 70 on, fifteen more below.

use super::difference::Profile;
use super::distance::Comparator;
use super::evidence::{Answer, EvidenceCost};
use super::witness::Doubt;
use super::{Breakdown, Flag, MatchKind};
use crate::index::bound::{OTHER_WORDS, STEM_FLOOR, overlap_score};
use crate::score::Score;
use crate::text::accelerator::without_marks;
use crate::text::feature::Features;
use crate::text::fold::{Levelling, Levellings, fold_with};
use crate::text::gram::{Gram, grams, shared};
use crate::text::stems::stems;
use crate::text::{Analyzed, Token, TokenKind};

/// The fewest letters that a conjunction leaves of the stem of a single word: `وردة` is no `ردة`.
const LEAST_LINKED: usize = 3;

/// How much of `B − L` the score loses, in hundredths.
const EDIT_WEIGHT: u32 = 15;

/// A query, prepared for being compared with many stored segments.
#[derive(Debug)]
pub struct Scorer<'q> {
    text: &'q str,
    features: Features,
    joined: String,
    /// Its words in their order.
    words: Vec<WordParts>,
    /// Its other tokens in their order, folded.
    marks: Vec<String>,
    /// Their stems as a set, in alphabetical order.
    stems: Vec<String>,
    profile: Profile,
    comparator: Comparator,
}

/// A word of the query in its parts.
#[derive(Debug)]
struct WordParts {
    proclitics: String,
    stem: String,
    ending: String,
}

/// What comparing a query with a stored segment gives, but for its unit and context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scored {
    /// The kind; never [`MatchKind::Context`], which the text alone doesn't tell.
    pub kind: MatchKind,
    /// The score.
    pub score: Score,
    /// What was levelled, for an orthographic match.
    pub levelled: Levellings,
    /// What differs, for a fuzzy match.
    pub flags: Vec<Flag>,
    /// Whether the words are the same in the same order but for clitics.
    pub same_words: bool,
    /// How the score came about.
    pub breakdown: Breakdown,
}

impl<'q> Scorer<'q> {
    /// Prepares a query.
    pub fn new(query: &'q str) -> Self {
        let analyzed = Analyzed::new(query);
        Self {
            text: query.trim(),
            features: Features::of(&analyzed),
            profile: Profile::new(&analyzed),
            words: analyzed
                .words()
                .map(|token| WordParts {
                    proclitics: analyzed.proclitics(token).to_owned(),
                    stem: analyzed.stem(token).to_owned(),
                    ending: analyzed.ending(token).to_owned(),
                })
                .collect(),
            marks: marks(&analyzed).map(str::to_owned).collect(),
            stems: stems(&analyzed).into_iter().map(str::to_owned).collect(),
            comparator: Comparator::new(analyzed.joined()),
            joined: analyzed.joined().to_owned(),
        }
    }

    /// The query's features.
    pub fn features(&self) -> &Features {
        &self.features
    }

    /// The overlap score of the query with a segment of these grams: the most that it can score, unless its words
    /// are the same but for clitics.
    pub fn bound(&self, features: &[Gram]) -> Score {
        overlap_score(
            shared(&self.features.grams, features),
            self.features.grams.len(),
            features.len(),
        )
    }

    /// Whether the words are the same in the same order but for clitics, and where there is but one, the rest too; then
    /// their stems are the same.
    fn same_words(&self, source: &Analyzed<'_>) -> bool {
        let same = |(word, token): (&WordParts, &Token)| {
            let ending = source.ending(token);
            word.stem == source.stem(token)
                && (word.ending == ending || differ_in_pronoun(&word.ending, ending))
        };
        !self.words.is_empty()
            && self.words.len() == source.words().count()
            && self.words.iter().zip(source.words()).all(same)
            && (self.words.len() > 1 || self.is_same_single(source))
    }

    /// Whether segments of one word, which are the same but for clitics, differ in clitics alone.
    fn is_same_single(&self, source: &Analyzed<'_>) -> bool {
        let linked = |proclitics: &str| proclitics.starts_with('و');
        let is_told = self.words.iter().zip(source.words()).all(|(word, token)| {
            linked(&word.proclitics) == linked(source.proclitics(token))
                || word.stem.chars().count() >= LEAST_LINKED
        });
        is_told && self.marks.iter().map(String::as_str).eq(marks(source))
    }

    /// Compares the query with a stored segment; `None` where it scores less than `cutoff`.
    pub fn score(&self, source: &str, cutoff: Score) -> Option<Scored> {
        let source = source.trim();
        if source == self.text {
            let scored = Scored::equal(MatchKind::Exact, Score::MAX, Levellings::NONE);
            return Some(scored).filter(|s| s.score >= cutoff);
        }
        let analyzed = Analyzed::new(source);
        if analyzed.joined() == self.joined && !self.joined.is_empty() {
            let levelled = reasons(self.text, source);
            let scored = Scored::equal(MatchKind::Orthographic, Score::ORTHOGRAPHIC, levelled);
            return Some(scored).filter(|s| s.score >= cutoff);
        }
        self.fuzzy(&analyzed, cutoff)
    }

    /// Compares the query with a segment that it is not equal to.
    fn fuzzy(&self, source: &Analyzed<'_>, cutoff: Score) -> Option<Scored> {
        let overlap = self.bound(&grams(source));
        let same_words = self.same_words(source);
        let possible = if same_words {
            overlap.max(STEM_FLOOR)
        } else {
            overlap
        };
        if possible < cutoff {
            return None;
        }
        let mut breakdown = self.breakdown(source, overlap, same_words);
        // Neither flags nor caps raise a score.
        if !same_words && breakdown.score() < cutoff {
            return None;
        }
        let flags = self.profile.flags(&Profile::new(source));
        if same_words && flags.is_empty() && breakdown.score() < STEM_FLOOR {
            breakdown.similarity = STEM_FLOOR;
            breakdown.edit_cost = Score::default();
        }
        let caps = flags.iter().map(|flag| flag.cap());
        breakdown.cap = caps.fold(Score::FUZZY_MAX, Score::min);
        let score = breakdown.score();
        (score >= cutoff).then_some(Scored {
            kind: MatchKind::Fuzzy,
            score,
            levelled: Levellings::NONE,
            flags,
            same_words,
            breakdown,
        })
    }

    /// The arithmetic for a segment with this overlap score, before flags are looked at.
    fn breakdown(&self, source: &Analyzed<'_>, overlap: Score, same_words: bool) -> Breakdown {
        let edit = self.comparator.similarity(source.joined());
        let over = overlap.hundredths().saturating_sub(edit.hundredths());
        let edit_cost = Score::from_hundredths((over * EDIT_WEIGHT).div_ceil(100));
        let near = overlap.less(edit_cost);
        let word_cost = if same_words || stems(source) == self.stems {
            Score::default()
        } else {
            Score::from_hundredths((near.hundredths() * OTHER_WORDS).div_ceil(100))
        };
        Breakdown {
            similarity: overlap,
            edit,
            edit_cost,
            word_cost,
            cap: Score::FUZZY_MAX,
            evidence: EvidenceCost::default(),
        }
    }
}

/// What is not a word in a segment, folded, in its order.
fn marks<'s>(segment: &'s Analyzed<'_>) -> impl Iterator<Item = &'s str> {
    let tokens = segment.tokens().iter();
    let marks = tokens.filter(|token| token.kind != TokenKind::Word);
    marks.map(|token| segment.folded(token))
}

/// Whether one stem with the one ending or with the other is one word, but for a pronoun. `ه` is a pronoun next to another
/// one; alone it is as often `ة`.
fn differ_in_pronoun(a: &str, b: &str) -> bool {
    /// Without the `ت` that `ة` becomes before them.
    const PRONOUNS: [&str; 8] = ["ه", "ها", "هم", "هن", "هما", "نا", "كم", "كما"];
    let is_pronoun = |ending: &str| PRONOUNS.contains(&ending);
    let (feminine_a, feminine_b) = (a.strip_prefix('ت'), b.strip_prefix('ت'));
    match (feminine_a, feminine_b) {
        (Some(a), Some(b)) => is_pronoun(a) && is_pronoun(b),
        (Some(pronoun), None) => b == "ه" && is_pronoun(pronoun),
        (None, Some(pronoun)) => a == "ه" && is_pronoun(pronoun),
        (None, None) => {
            let no_pronoun = |ending: &str| ending.is_empty();
            (is_pronoun(a) || no_pronoun(a) && b != "ه")
                && (is_pronoun(b) || no_pronoun(b) && a != "ه")
        }
    }
}

impl Scored {
    /// Takes off the score of a fuzzy match what its translation costs. A match with the same words needs nobody to bear it
    /// out; what speaks against it counts.
    pub fn weigh(&mut self, answer: Answer, doubt: Doubt) {
        let doubt = match self.same_words {
            true => doubt.against(),
            false => doubt,
        };
        self.breakdown.evidence = EvidenceCost::default();
        let score = self.breakdown.score();
        self.breakdown.evidence = answer.cost(score, doubt);
        self.score = self.breakdown.score();
    }

    fn equal(kind: MatchKind, score: Score, levelled: Levellings) -> Self {
        let none = Score::default();
        let breakdown = Breakdown {
            similarity: Score::MAX,
            edit: Score::MAX,
            edit_cost: none,
            word_cost: none,
            cap: score,
            evidence: EvidenceCost::default(),
        };
        Self {
            kind,
            score,
            levelled,
            flags: Vec::new(),
            same_words: true,
            breakdown,
        }
    }
}

/// What has to be levelled for two segments of equal folded tokens to be equal as written: each levelling without which
/// they differ.
fn reasons(a: &str, b: &str) -> Levellings {
    let needed = |levelling: &Levelling| {
        let which = Levellings::ALL.without(*levelling);
        let form = |text: &str| match levelling {
            Levelling::Spacing => fold_with(&without_marks(text), which),
            // They may stand outside tokens, next to white space that is another levelling's affair.
            Levelling::InvisibleControls => fold_with(&without_marks(text), which)
                .split_whitespace()
                .collect(),
            _ => joined_with(text, which),
        };
        form(a) != form(b)
    };
    Levelling::ALL
        .into_iter()
        .filter(needed)
        .fold(Levellings::NONE, Levellings::with)
}

fn joined_with(text: &str, which: Levellings) -> String {
    let analyzed = Analyzed::new(text);
    let tokens = analyzed.tokens().iter().map(|token| {
        let written = analyzed.written(token);
        if token.kind == TokenKind::Word && which.has(Levelling::Accelerators) {
            fold_with(&without_marks(written), which)
        } else {
            fold_with(written, which)
        }
    });
    tokens.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::index::bound::score_bound;

    fn scored(query: &str, source: &str) -> Scored {
        Scorer::new(query).score(source, Score::default()).unwrap()
    }

    #[test]
    fn the_worked_examples() {
        let arabic = scored("زار الوزير المدرسة", "زار الوزير مدرسة جديدة");
        assert_eq!(
            (arabic.breakdown.similarity, arabic.score),
            (Score::from_hundredths(7_878), Score::from_hundredths(7_626))
        );
        let english = scored(
            "The committee met on Monday.",
            "The committee did not meet on Monday.",
        );
        assert_eq!(english.flags, [Flag::Negation]);
        assert_eq!(english.breakdown.similarity, Score::from_hundredths(8_962));
        assert_eq!(english.score, Score::from_points(79));
    }

    #[test]
    fn each_levelling_makes_its_pair_orthographic_and_is_named() {
        for (levelling, a, b) in [
            (Levelling::Tashkeel, "وَقَالَ الرَّئِيسُ", "وقال الرئيس"),
            (Levelling::Tatweel, "كتـــاب", "كتاب"),
            (Levelling::Hamza, "أن آخر مؤتمر", "ان اخر موتمر"),
            (Levelling::AlefMaksura, "مستشفى", "مستشفي"),
            (Levelling::TehMarbuta, "المدرسة", "المدرسه"),
            (Levelling::PresentationForms, "ﻛﺘﺎب", "كتاب"),
            (Levelling::InvisibleControls, "\u{200F}كتاب\u{202C}", "كتاب"),
            (Levelling::PersianLetters, "کبیر", "كبير"),
            (Levelling::Digits, "٢٠٠٩ ۱۲٪", "2009 12%"),
            (Levelling::Quotes, "«قال» ‘so’", "\"قال\" 'so'"),
            (Levelling::Punctuation, "نعم؟ لا، ثم…", "نعم? لا, ثم..."),
            (Levelling::Case, "The END", "the end"),
            (Levelling::Spacing, "a  b\u{A0}c", "a b c"),
            (Levelling::Spacing, "نعم ؟", "نعم؟"),
            (Levelling::Accelerators, "الت~باعد", "التباعد"),
            (Levelling::Accelerators, "Save _As", "Save &As"),
        ] {
            let found = scored(a, b);
            assert_eq!(
                (found.kind, found.score),
                (MatchKind::Orthographic, Score::ORTHOGRAPHIC),
                "{a} / {b}"
            );
            assert_eq!(
                found.levelled,
                Levellings::NONE.with(levelling),
                "{a} / {b}"
            );
        }
    }

    #[test]
    fn differences_that_mislead_cap_the_score() {
        let negated = scored(
            "لم يوافق المجلس على خطة تطوير الميناء القديم",
            "وافق المجلس على خطة تطوير الميناء القديم",
        );
        assert!(negated.score <= Score::from_points(79), "{}", negated.score);
        let number = scored(
            "افتتح المجلس الجديد خمسين مدرسة في المدينة عام 2009 بحضور الأهالي",
            "افتتح المجلس الجديد خمسين مدرسة في المدينة عام 2008 بحضور الأهالي",
        );
        assert_eq!(
            (number.flags, number.score <= Score::from_points(94)),
            (vec![Flag::Number], true)
        );
    }

    #[test]
    fn words_in_another_order_are_not_equal() {
        assert!(
            scored("سافر الوفد أمس إلى عمان", "أمس سافر الوفد إلى عمان").score < Score::FUZZY_MAX
        );
    }

    proptest! {
        #[test]
        fn the_score_is_bounded_and_100_only_for_equals(
            a in "[ابتَء إأ؟?.0٠1a-cA ]{1,30}", b in "[ابتَء إأ؟?.0٠1a-cA ]{1,30}", cutoff in 0..=100_u8,
        ) {
            let (there, back) = (scored(&a, &b), scored(&b, &a));
            prop_assert_eq!((there.kind, &there.flags), (back.kind, &back.flags));
            prop_assert_eq!(there.score == Score::MAX, a.trim() == b.trim());
            prop_assert_eq!(there.kind == MatchKind::Exact, a.trim() == b.trim());
            if !Analyzed::new(&a).tokens().is_empty() {
                let (of_query, of_source) = (Scorer::new(&a), Features::of(&Analyzed::new(&b)));
                let has_key = of_query.features().key.map(|key| of_source.key == Some(key));
                prop_assert!(there.score <= score_bound(of_query.bound(&of_source.grams), has_key));
            }
            let cutoff = Score::from_points(cutoff);
            prop_assert_eq!(Scorer::new(&a).score(&b, cutoff), Some(there).filter(|s| s.score >= cutoff));
        }
    }
}
