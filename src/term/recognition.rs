//! Finds terms in a text: whole words, the longest term first.
//!
//! Worked example: with the terms `مستشفى`, `وزارة الصحة` and `الصحة`, the text `وزارت وزارةُ الصحة المستشفيات` holds `وزارة الصحة`
//! (exact; `الصحة` inside of it is not told) and `المستشفيات` (inflected).
//!
//! 1. Text and term are cut into tokens; a hyphen between two that touch it is left out, so that `e-mail` is also `e mail`.
//! 2. A term is at a place where each of its tokens fits the token there ([`super::word`]); numbers and punctuation are
//!    equal.
//! 3. Of places that overlap the one with more tokens counts, then the closer one, then the first. Terms at the same place
//!    all count that are equally close.

use std::ops::Range;

use super::key::TermKey;
use super::word::{Closeness, Form, Place, Reading, closeness, push_readings};
use crate::hash::fnv1a;
use crate::lang::Lang;
use crate::text::{Analyzed, TokenKind};

/// A text as terms are looked for in it.
#[derive(Debug)]
pub struct Words<'t> {
    analyzed: Analyzed<'t>,
    words: Vec<Word>,
    readings: Vec<Reading>,
    /// The words by the hashes of their trunks, ascending; empty for a term.
    by_trunk: Vec<(u64, usize)>,
}

#[derive(Debug)]
struct Word {
    /// Which token it is.
    token: usize,
    /// Which of the readings are its.
    readings: Range<usize>,
}

/// A term in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// Where it is: a range of bytes, whole tokens.
    pub range: Range<usize>,
    /// How close it is to the term as stored.
    pub closeness: Closeness,
    /// Which term it is.
    pub term: T,
}

impl<'t> Words<'t> {
    /// The words of a text.
    pub fn new(text: &'t str) -> Self {
        let mut words = Self::placed(text, Place::Running);
        let all = 0..words.len();
        words.by_trunk = all
            .flat_map(|word| words.trunks(word).map(move |trunk| (trunk, word)))
            .collect();
        words.by_trunk.sort_unstable();
        words.by_trunk.dedup();
        words
    }

    /// The words of a term or a text, whose first stands in that place.
    pub(super) fn placed(text: &'t str, first: Place) -> Self {
        let analyzed = Analyzed::new(text);
        let tokens = analyzed.tokens();
        let mut words: Vec<Word> = Vec::with_capacity(tokens.len());
        let mut readings = Vec::with_capacity(2 * tokens.len());
        for (i, token) in tokens.iter().enumerate() {
            let touches = |a: usize, b: usize| tokens[a].span.end == tokens[b].span.start;
            let is_joint = analyzed.folded(token) == "-"
                && i > 0
                && i + 1 < tokens.len()
                && touches(i - 1, i)
                && touches(i, i + 1);
            if is_joint {
                continue;
            }
            let from = readings.len();
            if token.kind == TokenKind::Word {
                let place = if words.is_empty() {
                    first
                } else {
                    Place::Running
                };
                let (folded, written) = (analyzed.folded(token), analyzed.written(token));
                push_readings(&mut readings, folded, written, place);
            }
            words.push(Word {
                token: i,
                readings: from..readings.len(),
            });
        }
        Self {
            analyzed,
            words,
            readings,
            by_trunk: Vec::new(),
        }
    }

    /// How many words, numbers and marks there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The text's keys: a term that is in it has one of them.
    pub fn keys(&self, lang: Lang) -> Vec<TermKey> {
        let mut keys = Vec::with_capacity(6 * self.len());
        for i in 0..self.len() {
            keys.extend(self.trunks(i).map(|trunk| TermKey::new(lang, trunk, None)));
            if i + 1 < self.len() {
                keys.extend(self.pair_keys(i, lang));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The hashes of a word's trunks, or of the folded form of what is no word.
    pub(super) fn trunks(&self, word: usize) -> impl Iterator<Item = u64> {
        let readings = &self.readings[self.words[word].readings.clone()];
        let whole = readings
            .is_empty()
            .then(|| fnv1a(self.folded(word).bytes()));
        whole
            .into_iter()
            .chain(readings.iter().map(|reading| reading.hash))
    }

    /// The keys of a word and the next.
    pub(super) fn pair_keys(&self, word: usize, lang: Lang) -> impl Iterator<Item = TermKey> {
        self.trunks(word).flat_map(move |first| {
            let second = self.trunks(word + 1);
            second.map(move |second| TermKey::new(lang, first, Some(second)))
        })
    }

    fn folded(&self, word: usize) -> &str {
        let token = &self.analyzed.tokens()[self.words[word].token];
        self.analyzed.folded(token)
    }

    fn forms(&self, word: usize) -> impl Iterator<Item = Form<'_>> {
        let token = &self.analyzed.tokens()[self.words[word].token];
        let (folded, written) = (self.analyzed.folded(token), self.analyzed.written(token));
        let readings = &self.readings[self.words[word].readings.clone()];
        readings.iter().map(move |&reading| Form {
            word: folded,
            written,
            reading,
        })
    }

    fn range(&self, words: Range<usize>) -> Range<usize> {
        let span = |word: usize| &self.analyzed.tokens()[self.words[word].token].span;
        span(words.start).start..span(words.end - 1).end
    }

    /// How close the words from `at` on are to those of a term; `None` where they are others.
    fn closeness_at(&self, at: usize, term: &Words<'_>) -> Option<Closeness> {
        let mut least = Closeness::Exact;
        for i in 0..term.len() {
            least = least.min(self.word_closeness(at + i, term, i)?);
        }
        Some(least)
    }

    fn word_closeness(&self, at: usize, term: &Words<'_>, i: usize) -> Option<Closeness> {
        let is_word = |words: &Words<'_>, i: usize| !words.words[i].readings.is_empty();
        if !is_word(self, at) || !is_word(term, i) {
            return (self.folded(at) == term.folded(i)).then_some(Closeness::Exact);
        }
        let mut best = None;
        for of_text in self.forms(at) {
            for of_term in term.forms(i) {
                best = best.max(closeness(of_text, of_term));
            }
        }
        best
    }

    /// The words at which a term stands, each with how close it is.
    fn places(&self, term: &Words<'_>) -> Vec<(Range<usize>, Closeness)> {
        let mut starts = Vec::new();
        if term.len() > 0 {
            for trunk in term.trunks(0) {
                let from = self.by_trunk.partition_point(|(hash, _)| *hash < trunk);
                let same = self.by_trunk[from..]
                    .iter()
                    .take_while(|(hash, _)| *hash == trunk);
                starts.extend(same.map(|(_, word)| *word));
            }
        }
        starts.sort_unstable();
        starts.dedup();
        let fitting = starts.into_iter().filter_map(|at| {
            let words = at..at + term.len();
            let is_inside = words.end <= self.len();
            let close = is_inside.then(|| self.closeness_at(at, term)).flatten()?;
            Some((words, close))
        });
        fitting.collect()
    }

    /// Whether the text holds a term, in any form.
    pub fn hold(&self, term: &str) -> bool {
        let term = Words::placed(term, Place::Head);
        !self.places(&term).is_empty()
    }
}

/// The terms among `candidates` that a text holds, in its order.
pub fn recognise<'c, T: Copy>(
    text: &Words<'_>,
    candidates: impl IntoIterator<Item = (T, &'c str)>,
) -> Vec<Found<T>> {
    let mut all: Vec<(Range<usize>, Closeness, T)> = Vec::new();
    for (id, term) in candidates {
        let term = Words::placed(term, Place::Head);
        let places = text.places(&term).into_iter();
        all.extend(places.map(|(words, close)| (words, close, id)));
    }
    // Stable, so that terms at one place stay in their order.
    all.sort_by_key(|(words, close, _)| {
        let (length, close) = (words.len(), *close);
        (std::cmp::Reverse((length, close)), words.start)
    });
    // By word, the place that it is taken by.
    let mut taken: Vec<Option<(Range<usize>, Closeness)>> = vec![None; text.len()];
    let mut found = Vec::new();
    for (words, close, term) in all {
        let place = Some((words.clone(), close));
        let is_free = taken[words.clone()].iter().all(Option::is_none);
        if is_free {
            taken[words.clone()].fill(place);
        } else if taken[words.start] != place {
            continue;
        }
        found.push(Found {
            range: text.range(words),
            closeness: close,
            term,
        });
    }
    found.sort_by_key(|found| found.range.start);
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::keys_of_term;
    use super::*;

    fn found<'t>(text: &'t str, terms: &[&str]) -> Vec<(&'t str, Closeness, usize)> {
        let words = Words::new(text);
        recognise(&words, terms.iter().copied().enumerate())
            .into_iter()
            .map(|found| (&text[found.range], found.closeness, found.term))
            .collect()
    }

    use Closeness::{Exact, Inflected};

    #[test]
    fn the_worked_example() {
        assert_eq!(
            found(
                "وزارت وزارةُ الصحة المستشفيات",
                &["مستشفى", "وزارة الصحة", "الصحة"]
            ),
            [("وزارةُ الصحة", Exact, 1), ("المستشفيات", Inflected, 0)]
        );
    }

    #[test]
    fn the_longest_wins_and_equals_are_all_told() {
        assert_eq!(
            found("a b c d", &["a b", "b c d", "a", "d"]),
            [("a", Exact, 2), ("b c d", Exact, 1)]
        );
        assert_eq!(
            found("The policies", &["policy", "policies", "Policies"]),
            [("policies", Exact, 1), ("policies", Exact, 2)]
        );
        assert_eq!(found("a b", &["a b", "a", "b"]), [("a b", Exact, 0)]);
        assert_eq!(found("x x", &["x"]).len(), 2);
        assert_eq!(found("x x x", &["x x"]), [("x x", Exact, 0)]);
    }

    #[test]
    fn words_are_whole() {
        assert_eq!(found("The party is an ART.", &["art"]), [("ART", Exact, 0)]);
        assert_eq!(found("مكتب", &["كتب"]), []);
        assert_eq!(found("", &["كتب"]), []);
        assert_eq!(found("كتب", &["", "-"]), []);
    }

    #[test]
    fn every_word_of_a_term_may_be_inflected_and_carry_clitics() {
        let term = ["طاقة متجددة"];
        for (text, form) in [
            ("الطاقة المتجددة", Exact),
            ("وبالطاقة المتجدِّدة", Exact),
            ("الطاقات المتجددة", Inflected),
            ("للطاقات المتجددة", Inflected),
        ] {
            assert_eq!(found(text, &term), [(text, form, 0)], "{text}");
        }
        assert_eq!(found("الحقوق والحريات", &["حقوق وحريات"]).len(), 1);
        assert_eq!(
            found("للأمم المتحدة", &["الأمم المتحدة"]),
            [("للأمم المتحدة", Exact, 0)]
        );
    }

    #[test]
    fn hyphens_numbers_and_marks() {
        assert_eq!(found("by e mail", &["e-mail"]), [("e mail", Exact, 0)]);
        assert_eq!(found("COVID‑19", &["COVID 19"]).len(), 1);
        assert_eq!(found("a – b", &["a b"]), []);
        assert_eq!(found("C++ and C", &["C++"]), [("C++", Exact, 0)]);
        assert_eq!(found("مادة ٧", &["مادة 7"]), [("مادة ٧", Exact, 0)]);
    }

    fn term_text() -> impl Strategy<Value = String> {
        let word = "[ء-ي]{1,8}[ً-ْ]?|و?ال[بتجدرسعفقلمنهوية]{2,6}|[a-zA-Z]{1,8}|[0-9٠-٩]{1,3}|[-+%&/«»\"'().]|ﻛﺘﺎب|\\PC{1,4}";
        proptest::collection::vec(word, 1..4).prop_map(|words| words.join(" "))
    }

    proptest! {
        #[test]
        fn a_term_is_found_wherever_it_stands_between_spaces(
            term in term_text(),
            before in "[a-z]{1,5}|[ء-ي]{1,5}|12|",
            behind in "[a-z]{1,5}|[ء-ي]{1,5}|12|",
            lang in proptest::sample::select(&Lang::BOTH[..]),
        ) {
            let term = term.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assume!(!keys_of_term(&term, lang).is_empty());
            let text = format!("{before} {term} {behind}");
            let words = Words::new(&text);
            prop_assert!(words.hold(&term), "{text:?}");
            let keys = words.keys(lang);
            prop_assert!(keys_of_term(&term, lang).iter().any(|key| keys.contains(key)));
            let found = recognise(&words, [((), term.as_str())]);
            prop_assert!(!found.is_empty());
        }

        #[test]
        fn a_term_that_fits_has_a_key_in_common(term in term_text(), text in term_text()) {
            for lang in Lang::BOTH {
                let words = Words::new(&text);
                if words.hold(&term) {
                    let keys = words.keys(lang);
                    prop_assert!(keys_of_term(&term, lang).iter().any(|key| keys.contains(key)));
                }
            }
        }

        #[test]
        fn what_is_found_lies_in_order_and_apart(
            text in term_text(),
            terms in proptest::collection::vec(term_text(), 0..6),
            parts in proptest::collection::vec(0..8_usize, 0..4),
        ) {
            // Terms of the text's own, which overlap.
            let own: Vec<_> = text.split(' ').collect();
            let parts = parts.into_iter().map(|part| {
                let from = (part / 2).min(own.len() - 1);
                let to = if part % 2 == 0 { from + 1 } else { own.len() };
                own[from..to].join(" ")
            });
            let terms: Vec<String> = terms.into_iter().chain(parts).collect();
            let words = Words::new(&text);
            let found = recognise(&words, terms.iter().map(String::as_str).enumerate());
            for pair in found.windows(2) {
                let apart = pair[0].range.end <= pair[1].range.start;
                prop_assert!(apart || pair[0].range == pair[1].range);
            }
            for one in found {
                prop_assert!(text.get(one.range).is_some());
            }
        }
    }
}
