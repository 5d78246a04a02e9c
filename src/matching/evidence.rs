//! What the translation of a match says about its use: how much of the query it covers, and whether it is long enough.
//!
//! Two stored segments can be equally close to the query while only one of their translations says what the query says.
//! A lexicon learned from the memory's own units tells: each word of the query has its renderings, and a translation
//! that has the best of them covers the word. So there are two costs, which only a fuzzy match bears:
//!
//! ```text
//! lex   = Σ weight(w) best(w) / top(w)  /  Σ weight(w)    over the query's distinct words with renderings
//! short = max(0, 1 − characters of the translation / characters of the query)
//! cost  = C (1 − C) · min(1, 0.8 (1 − lex) + 0.75 short)  C: the score under its caps
//! ```
//!
//! `best(w)` is the probability of the likeliest rendering of `w` that the translation has, `top(w)` that of the likeliest
//! of all; `weight(w)` is small for words that are everywhere. Where nothing is known, `lex` is 1. A score near 100 or
//! near 0 changes little; in the middle the cost is at most a quarter of it.
//!
//! Worked example: of three words of weight 2 the translation has the likeliest rendering of one, a rendering half as
//! likely of the second, none of the third, and is as long as the query: `lex` = 0.5. A score of 70 costs
//! 70 · 0.3 · 0.4 = 8.4 and becomes 61.6.

use serde::Serialize;

use crate::score::Score;
use crate::text::Analyzed;
use crate::text::stems::stems;

/// One, in the ten-thousandths that everything here is counted in.
const ONE: u64 = 10_000;

/// What of the score's room a translation loses that covers nothing, in hundredths.
const UNCOVERED: u64 = 80;

/// What of it a translation would lose that has no length, in hundredths.
const SHORT: u64 = 75;

/// What a lexicon knows of a word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordLinks {
    /// How much the word tells, in thousandths: larger for rarer words.
    pub weight: u32,
    /// Stems of the other language, each with its probability in ten-thousandths.
    pub links: Vec<(String, u16)>,
}

/// A query's words with their renderings.
#[derive(Clone, Debug, Default)]
pub struct Renderings {
    words: Vec<WordLinks>,
    characters: u64,
}

/// What the evidence takes off a score, by cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EvidenceCost {
    /// For words of the query that the translation does not cover.
    pub uncovered: Score,
    /// For a translation that is much shorter than the query.
    pub short: Score,
}

impl Renderings {
    /// The renderings of a query: what is known of each of its distinct stems.
    pub fn new(query: &Analyzed<'_>, words: impl IntoIterator<Item = WordLinks>) -> Self {
        let words = words
            .into_iter()
            .filter(|word| word.links.iter().any(|&(_, t)| t > 0));
        Self {
            words: words.collect(),
            characters: query.joined().chars().count() as u64,
        }
    }

    /// What a fuzzy match of this score loses because of its translation.
    pub fn cost(&self, score: Score, translation: &Analyzed<'_>) -> EvidenceCost {
        let uncovered = UNCOVERED * (ONE - self.coverage(translation)) / 100;
        let length = translation.joined().chars().count() as u64;
        let short = ONE.saturating_sub((ONE * length).checked_div(self.characters).unwrap_or(ONE));
        let all = (uncovered + SHORT * short / 100).min(ONE);
        let c = u64::from(score.hundredths());
        let cost =
            |share: u64| Score::from_hundredths((c * (ONE - c) / ONE * share).div_ceil(ONE) as u32);
        EvidenceCost {
            uncovered: cost(uncovered),
            short: cost(all).less(cost(uncovered)),
        }
    }

    /// How much of the query the translation covers, in ten-thousandths.
    fn coverage(&self, translation: &Analyzed<'_>) -> u64 {
        let theirs = stems(translation);
        let (mut covered, mut all) = (0, 0);
        for word in &self.words {
            let top = word.links.iter().map(|&(_, t)| t).max().unwrap_or(0);
            let has = |stem: &str| theirs.binary_search(&stem).is_ok();
            let best = word
                .links
                .iter()
                .filter(|(stem, _)| has(stem))
                .map(|&(_, t)| t)
                .max()
                .unwrap_or(0);
            covered += u64::from(word.weight) * u64::from(best) * ONE / u64::from(top).max(1);
            all += u64::from(word.weight);
        }
        covered.checked_div(all).unwrap_or(ONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(links: &[(&str, u16)]) -> WordLinks {
        WordLinks {
            weight: 2_000,
            links: links
                .iter()
                .map(|&(stem, t)| (stem.to_owned(), t))
                .collect(),
        }
    }

    #[test]
    fn the_worked_example() {
        let query = Analyzed::new("كتاب مدرسة قديم");
        let words = [
            word(&[("book", 6_000)]),
            word(&[("school", 5_000), ("group", 2_500)]),
            word(&[("old", 4_000)]),
        ];
        let renderings = Renderings::new(&query, words);
        let translation = Analyzed::new("a book for the group");
        let cost = renderings.cost(Score::from_points(70), &translation);
        assert_eq!(
            cost,
            EvidenceCost {
                uncovered: Score::from_hundredths(840),
                short: Score::default()
            }
        );
    }

    #[test]
    fn a_short_translation_costs_apart() {
        let query = Analyzed::new("كتاب قديم من المدرسة");
        let cost =
            Renderings::new(&query, []).cost(Score::from_points(50), &Analyzed::new("an old one"));
        assert_eq!(
            (cost.uncovered, cost.short > Score::default()),
            (Score::default(), true)
        );
    }

    #[test]
    fn nothing_known_costs_nothing() {
        let query = Analyzed::new("كتاب");
        let unknown = Renderings::new(&query, [word(&[])]);
        assert_eq!(
            unknown.cost(Score::from_points(50), &Analyzed::new("whatever")),
            EvidenceCost::default()
        );
    }
}
