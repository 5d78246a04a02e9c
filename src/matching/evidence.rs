//! What the translation of a match says about its use: how much of the query it covers, how much else it says, whether
//! it is long enough and whether others bear it out.
//!
//! Two stored segments can be equally close to the query while only one of their translations says what the query says.
//! A lexicon learned from the memory's own units tells: each word of the query has its renderings, and a translation
//! that has the best of them covers the word; a word of the translation that renders none of the query's was not asked
//! for. And the translations of segments that are alike tell whether one of them can be gone by ([`super::witness`]). So
//! there are four costs, which only a fuzzy match bears:
//!
//! ```text
//! lex     = Σ weight(w) best(w) / top(w)  /  Σ weight(w)  over the query's distinct words with renderings
//! unasked = letters of the translation's distinct stems that render no word of the query / letters of them all
//! short   = max(0, 1 − characters of the translation / characters of the query)
//! doubt   = how much the translations of like segments leave it unconfirmed; of a match whose words are the same but for
//!           clitics, how much they speak against it
//! cost    = 2 C⁴ (1 − C) · min(1, 0.36 (1 − lex) + 0.3 unasked + 0.6 short + doubt)        C: the score under its caps
//! ```
//!
//! `best(w)` is the probability of the likeliest rendering of `w` that the translation has, `top(w)` that of the likeliest
//! of all; `weight(w)` is small for words that are everywhere. Where nothing is known, `lex` is 1 and `unasked` 0. The
//! cost is greatest for a score of 80, which promises a translation to go by and may not keep it: 16 points. Near 100 the
//! words leave no doubt, and at 50 little is promised. A greater score stays the greater one under equal evidence.
//!
//! Worked example: of three words of weight 2 the translation has the likeliest rendering of one, a rendering half as
//! likely of the second, none of the third: `lex` = 0.5. It is as long as the query, and 7 of its 16 letters were not asked
//! for. Nobody is heard about it: `doubt` = 0.13. A score of 70 costs 14.4 · (0.18 + 0.131 + 0.13) = 6.36 and becomes 63.64.

use serde::Serialize;

use super::witness::Doubt;
use crate::score::Score;
use crate::text::Analyzed;
use crate::text::stems::stems;

/// One, in the ten-thousandths that everything here is counted in.
const ONE: u64 = 10_000;

/// What the evidence can take off a score `C` at most, as a multiple of `C⁴ (1 − C)`, in hundredths.
const ROOM: u64 = 200;

/// What of the room a translation loses that covers nothing, in hundredths.
const UNCOVERED: u64 = 36;

/// What of it a translation loses of which nothing was asked for, in hundredths.
const UNASKED: u64 = 30;

/// What of it a translation would lose that has no length, in hundredths.
const SHORT: u64 = 60;

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
    /// For words of the translation that the query does not ask for.
    pub unasked: Score,
    /// For a translation that is much shorter than the query.
    pub short: Score,
    /// For a translation that those of like segments do not bear out.
    pub unconfirmed: Score,
}

impl EvidenceCost {
    /// All of it.
    pub fn total(self) -> Score {
        let causes = [self.uncovered, self.unasked, self.short, self.unconfirmed];
        Score::from_hundredths(causes.iter().map(|cost| cost.hundredths()).sum())
    }
}

/// How a translation answers a query: what it loses of the room, by cause, in ten-thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    uncovered: u64,
    unasked: u64,
    short: u64,
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

    /// How a translation answers the query.
    pub fn answer(&self, translation: &Analyzed<'_>) -> Answer {
        let (covered, unasked) = self.words_of(translation);
        let length = translation.joined().chars().count() as u64;
        let short = ONE.saturating_sub((ONE * length).checked_div(self.characters).unwrap_or(ONE));
        Answer {
            uncovered: UNCOVERED * (ONE - covered) / 100,
            unasked: UNASKED * unasked / 100,
            short: SHORT * short / 100,
        }
    }

    /// `lex` and `unasked`, in ten-thousandths.
    fn words_of(&self, translation: &Analyzed<'_>) -> (u64, u64) {
        let theirs = stems(translation);
        let mut asked = vec![false; theirs.len()];
        let (mut covered, mut all) = (0, 0);
        for word in &self.words {
            let (mut best, mut top) = (0, 0);
            for (stem, t) in &word.links {
                top = top.max(*t);
                if let Ok(at) = theirs.binary_search(&stem.as_str()) {
                    asked[at] = true;
                    best = best.max(*t);
                }
            }
            covered += u64::from(word.weight) * u64::from(best) * ONE / u64::from(top).max(1);
            all += u64::from(word.weight);
        }
        let letters = |stem: &str| stem.chars().count() as u64;
        let not_asked = theirs.iter().zip(&asked).filter(|(_, asked)| !**asked);
        let not_asked: u64 = not_asked.map(|(stem, _)| letters(stem)).sum();
        let said: u64 = theirs.iter().map(|stem| letters(stem)).sum();
        let unasked = match self.words.is_empty() {
            true => None,
            false => (ONE * not_asked).checked_div(said),
        };
        (
            covered.checked_div(all).unwrap_or(ONE),
            unasked.unwrap_or(0),
        )
    }
}

impl Answer {
    /// What a fuzzy match of this score loses because of its translation and the doubt about it.
    pub fn cost(self, score: Score, doubt: Doubt) -> EvidenceCost {
        let c = u64::from(score.hundredths());
        let room = ROOM * (c * c / ONE) * (c * c / ONE) / ONE * (ONE - c) / 100;
        let cost = |share: u64| (room * share.min(ONE)).div_ceil(ONE * ONE) as u32;
        // Each cause takes what those before it leave of the room.
        let uncovered = self.uncovered;
        let or_unasked = uncovered + self.unasked;
        let or_short = or_unasked + self.short;
        let or_unconfirmed = or_short + doubt.ten_thousandths();
        EvidenceCost {
            uncovered: Score::from_hundredths(cost(uncovered)),
            unasked: Score::from_hundredths(cost(or_unasked) - cost(uncovered)),
            short: Score::from_hundredths(cost(or_short) - cost(or_unasked)),
            unconfirmed: Score::from_hundredths(cost(or_unconfirmed) - cost(or_short)),
        }
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
        let unheard = Doubt::of_bearing(0);
        let cost = renderings
            .answer(&translation)
            .cost(Score::from_points(70), unheard);
        assert_eq!(
            cost,
            EvidenceCost {
                uncovered: Score::from_hundredths(260),
                unasked: Score::from_hundredths(189),
                short: Score::default(),
                unconfirmed: Score::from_hundredths(187),
            }
        );
        assert_eq!(cost.total(), Score::from_hundredths(636));
    }

    #[test]
    fn a_short_translation_costs_apart() {
        let query = Analyzed::new("كتاب قديم من المدرسة");
        let translation = Analyzed::new("an old one");
        let answer = Renderings::new(&query, []).answer(&translation);
        let cost = answer.cost(Score::from_points(50), Doubt::default());
        assert_eq!(
            (cost.uncovered, cost.short > Score::default()),
            (Score::default(), true)
        );
    }

    #[test]
    fn what_was_not_asked_for_costs_apart() {
        let query = Analyzed::new("كتاب");
        let renderings = Renderings::new(&query, [word(&[("book", 6_000)])]);
        let cost = |translation| {
            let translation = Analyzed::new(translation);
            let answer = renderings.answer(&translation);
            answer.cost(Score::from_points(75), Doubt::default())
        };
        assert_eq!(cost("books"), EvidenceCost::default());
        let longer = cost("a book of old songs");
        assert_eq!(
            (
                longer.uncovered,
                longer.short,
                longer.unasked > Score::default()
            ),
            (Score::default(), Score::default(), true)
        );
    }

    #[test]
    fn a_greater_score_stays_the_greater_one() {
        let query = Analyzed::new("كتاب قديم من المدرسة");
        let renderings = Renderings::new(&query, [word(&[("book", 6_000)])]);
        for (translation, bearing) in [("x", -10_000), ("an old thing", 0), ("a book", 10_000)] {
            let left = |points| {
                let score = Score::from_points(points);
                let doubt = Doubt::of_bearing(bearing);
                let answer = renderings.answer(&Analyzed::new(translation));
                score.less(answer.cost(score, doubt).total())
            };
            assert!((0..100).all(|points| left(points) < left(points + 1)));
        }
    }

    #[test]
    fn nothing_known_costs_nothing() {
        let query = Analyzed::new("كتاب");
        let unknown = Renderings::new(&query, [word(&[])]);
        assert_eq!(
            unknown
                .answer(&Analyzed::new("whatever"))
                .cost(Score::from_points(50), Doubt::default()),
            EvidenceCost::default()
        );
    }
}
