//! Why a match scores what it does: the arithmetic, and which words are the same.
//!
//! The arithmetic is that of [`Breakdown`](super::Breakdown) and the penalties, told as a similarity and what is taken off
//! it; the numbers add up exactly. The words are those of [`super::diff`], graded: between two runs of words that are the
//! same, the words of the two sides are joined in order so that most have a partner that shares its stem, and then one
//! that is written alike (a dynamic program over the gap, after Needleman & Wunsch 1970).
//!
//! Worked example: the query `زار الوزير المدرسة أمس` and the match `زار وزير المَدْرَسَة اليوم` have `زار` the same,
//! `الوزير` and `وزير` of the same stem, `المدرسة` spelled differently, and `اليوم` changed to `أمس`.
//!
//! Cost: that of the diff; a gap of `m` and `n` words costs `m · n` comparisons of words, [`GAP_CELLS`] at most.

use std::ops::Range;

use serde::Serialize;

use super::diff::{Step, steps};
use super::distance::Comparator;
use super::penalty::PenaltyCause;
use super::{Flag, Match, MatchKind};
use crate::index::bound::overlap_score;
use crate::score::Score;
use crate::text::gram::{grams, shared};
use crate::text::{Analyzed, Token, TokenKind};

/// The most pairs of words that are compared in one gap between words that are the same; in a larger one the words of
/// the query are told as added and those of the match as dropped.
pub const GAP_CELLS: usize = 40_000;

/// What makes up a score: `similarity` less all `deductions` is the score of the match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// How many letter triples the segments have and share.
    pub triples: Triples,
    /// What the score begins from.
    pub similarity: Score,
    /// What that is taken from.
    pub basis: Basis,
    /// What is taken off, in the order in which it is; each more than nothing.
    pub deductions: Vec<Deduction>,
    /// The tokens of both segments, joined where they belong together.
    pub words: Vec<WordPair>,
}

/// What a score begins from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// The overlap of the triples ([`crate::index::bound`]), or that the segments are equal.
    Triples,
    /// That the words are the same in the same order but for what is attached to them.
    Words,
}

/// Numbers of counted letter triples ([`crate::text::gram`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Triples {
    /// Those of both.
    pub shared: usize,
    /// Those of the query.
    pub query: usize,
    /// Those of the match's source.
    #[serde(rename = "match")]
    pub source: usize,
}

/// Points that are taken off, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deduction {
    /// Why.
    pub reason: Reason,
    /// What it took off.
    pub points: Score,
}

/// Why points are taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The letters in their order agree less, namely this much, than the triples do.
    EditDistance(Score),
    /// There is a word whose stem the other segment does not have.
    OtherWords,
    /// A match with that flag scores no more than [`Flag::cap`].
    Flagged(Flag),
    /// A match of that kind scores no more than this.
    Kind(MatchKind, Score),
    /// The translation lacks words of the query.
    Uncovered,
    /// The translation has words that the query does not ask for.
    Unasked,
    /// The translation is much shorter than the query.
    ShortTranslation,
    /// The translations of like segments don't bear the translation out.
    Unconfirmed,
    /// A penalty.
    Penalty(PenaltyCause),
}

/// How a word of the query relates to one of the match's source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WordRelation {
    /// Equal as written.
    Same,
    /// Equal once orthography is levelled.
    Spelling,
    /// Of the same stem: other clitics, another ending.
    Near,
    /// Another word in its place.
    Changed,
    /// Only in the query.
    Added,
    /// Only in the match's source.
    Dropped,
}

/// A word of the query and the one that belongs to it, as written. Any token is a word here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WordPair {
    /// How they relate.
    pub relation: WordRelation,
    /// The query's; `None` where it was dropped.
    pub query: Option<String>,
    /// The match's; `None` where it was added.
    #[serde(rename = "match")]
    pub source: Option<String>,
}

impl Explanation {
    /// Explains how `matched`, whose unit has the segment `source`, came to its score for `query`.
    pub fn new(query: &str, source: &str, matched: &Match) -> Self {
        let (query, source) = (Analyzed::new(query.trim()), Analyzed::new(source.trim()));
        let (of_query, of_source) = (grams(&query), grams(&source));
        let triples = Triples {
            shared: shared(&of_query, &of_source),
            query: of_query.len(),
            source: of_source.len(),
        };
        let overlap = overlap_score(triples.shared, triples.query, triples.source);
        let by_words = matched.kind == MatchKind::Fuzzy && matched.breakdown.similarity > overlap;
        Self {
            triples,
            basis: if by_words {
                Basis::Words
            } else {
                Basis::Triples
            },
            similarity: matched.breakdown.similarity,
            deductions: deductions(matched),
            words: words(&query, &source),
        }
    }
}

/// From the similarity down to the score.
fn deductions(matched: &Match) -> Vec<Deduction> {
    let breakdown = &matched.breakdown;
    let mut left = breakdown.similarity;
    let mut out = Vec::new();
    let mut take = |reason, to: Score| {
        if to < left {
            let points = left.less(to);
            out.push(Deduction { reason, points });
            left = to;
        }
        left
    };
    let edited = take(
        Reason::EditDistance(breakdown.edit),
        breakdown.similarity.less(breakdown.edit_cost),
    );
    let worded = take(Reason::OtherWords, edited.less(breakdown.word_cost));
    let capping = matched
        .flags
        .iter()
        .find(|flag| flag.cap() == breakdown.cap);
    let cap = match capping {
        Some(&flag) => Reason::Flagged(flag),
        None => Reason::Kind(matched.kind, breakdown.cap),
    };
    let mut left = take(cap, worded.min(breakdown.cap));
    left = take(Reason::Uncovered, left.less(breakdown.evidence.uncovered));
    left = take(Reason::Unasked, left.less(breakdown.evidence.unasked));
    left = take(
        Reason::ShortTranslation,
        left.less(breakdown.evidence.short),
    );
    left = take(
        Reason::Unconfirmed,
        left.less(breakdown.evidence.unconfirmed),
    );
    for penalty in &matched.penalties {
        left = take(Reason::Penalty(penalty.cause), left.less(penalty.cost));
    }
    out
}

/// All tokens of both segments, in the order of the query; what was dropped stands where it was in the match.
fn words(query: &Analyzed<'_>, source: &Analyzed<'_>) -> Vec<WordPair> {
    let sides = Sides { query, source };
    let mut out = Vec::new();
    // The tokens that are in `out`, or were passed over in the gap that is open.
    let (mut gap_query, mut gap_source) = (0..0, 0..0);
    for step in steps(query, source) {
        match step {
            Step::Query(i) => gap_query.end = i + 1,
            Step::Match(j) => gap_source.end = j + 1,
            Step::Both(i, j) => {
                sides.gap(gap_query, gap_source, &mut out);
                out.push(sides.equal(i, j));
                (gap_query, gap_source) = (i + 1..i + 1, j + 1..j + 1);
            }
        }
    }
    sides.gap(gap_query, gap_source, &mut out);
    out
}

/// The two segments whose words are joined.
struct Sides<'s, 't> {
    query: &'s Analyzed<'t>,
    source: &'s Analyzed<'t>,
}

/// What joining two words of one stem is worth: more than joining words that are only written alike, which is worth
/// hundredths of a point.
const NEAR: u32 = 30_000;

impl Sides<'_, '_> {
    /// Two tokens that are equal when folded.
    fn equal(&self, i: usize, j: usize) -> WordPair {
        let same = self.query_word(i) == self.source_word(j);
        let relation = if same {
            WordRelation::Same
        } else {
            WordRelation::Spelling
        };
        self.pair(relation, i, j)
    }

    /// Appends the tokens `a` of the query and `b` of the match, between which none are equal, joined so that the worth
    /// is greatest.
    fn gap(&self, a: Range<usize>, b: Range<usize>, out: &mut Vec<WordPair>) {
        let (m, n) = (a.len(), b.len());
        if m.saturating_mul(n) > GAP_CELLS {
            out.extend(b.map(|j| self.dropped(j)));
            out.extend(a.map(|i| self.added(i)));
            return;
        }
        let worth = self.worth(a.clone(), b.clone());
        // best[i][j]: the greatest worth of joining a[i..] and b[j..].
        let width = n + 1;
        let mut best = vec![0; (m + 1) * width];
        for i in (0..m).rev() {
            for j in (0..n).rev() {
                let joined = best[(i + 1) * width + j + 1] + worth[i * n + j];
                let skipped = best[(i + 1) * width + j].max(best[i * width + j + 1]);
                best[i * width + j] = joined.max(skipped);
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < m && j < n {
            let here = best[i * width + j];
            let worth = worth[i * n + j];
            if worth > 0 && here == best[(i + 1) * width + j + 1] + worth {
                let relation = if worth == NEAR {
                    WordRelation::Near
                } else {
                    WordRelation::Changed
                };
                out.push(self.pair(relation, a.start + i, b.start + j));
                i += 1;
                j += 1;
            } else if here == best[i * width + j + 1] {
                out.push(self.dropped(b.start + j));
                j += 1;
            } else {
                out.push(self.added(a.start + i));
                i += 1;
            }
        }
        out.extend((b.start + j..b.end).map(|j| self.dropped(j)));
        out.extend((a.start + i..a.end).map(|i| self.added(i)));
    }

    /// What joining each token of `a` with each of `b` is worth; 0 where they can't be joined. Row by row.
    fn worth(&self, a: Range<usize>, b: Range<usize>) -> Vec<u32> {
        let mut worth = Vec::with_capacity(a.len() * b.len());
        for x in &self.query.tokens()[a] {
            let letters = Comparator::new(self.query.folded(x));
            for y in &self.source.tokens()[b.clone()] {
                let is_near = x.kind == TokenKind::Word && self.near(x, y);
                worth.push(if x.kind != y.kind {
                    0
                } else if is_near {
                    NEAR
                } else {
                    1 + letters.similarity(self.source.folded(y)).hundredths()
                });
            }
        }
        worth
    }

    /// Whether two words are forms of one: their stems are equal, or the stem of one is the other. The light stem takes
    /// a first letter for a conjunction now and then, as in `وليمة`, but not behind an article.
    fn near(&self, x: &Token, y: &Token) -> bool {
        let (of_query, of_source) = (self.query.stem(x), self.source.stem(y));
        of_query == of_source
            || of_query == self.source.folded(y)
            || of_source == self.query.folded(x)
    }

    fn pair(&self, relation: WordRelation, i: usize, j: usize) -> WordPair {
        WordPair {
            relation,
            query: Some(self.query_word(i).to_owned()),
            source: Some(self.source_word(j).to_owned()),
        }
    }

    fn added(&self, i: usize) -> WordPair {
        WordPair {
            relation: WordRelation::Added,
            query: Some(self.query_word(i).to_owned()),
            source: None,
        }
    }

    fn dropped(&self, j: usize) -> WordPair {
        WordPair {
            relation: WordRelation::Dropped,
            query: None,
            source: Some(self.source_word(j).to_owned()),
        }
    }

    fn query_word(&self, i: usize) -> &str {
        self.query.written(&self.query.tokens()[i])
    }

    fn source_word(&self, j: usize) -> &str {
        self.source.written(&self.source.tokens()[j])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::penalty::{Penalty, penalised};
    use super::super::scorer::Scorer;
    use super::*;
    use crate::unit::UnitId;

    fn matched(query: &str, source: &str, penalties: Vec<Penalty>) -> Match {
        let scored = Scorer::new(query).score(source, Score::default()).unwrap();
        Match {
            unit: UnitId(1),
            kind: scored.kind,
            score: penalised(scored.score, &penalties),
            levelled: scored.levelled,
            flags: scored.flags,
            penalties,
            breakdown: scored.breakdown,
        }
    }

    fn explained(query: &str, source: &str) -> Explanation {
        Explanation::new(query, source, &matched(query, source, Vec::new()))
    }

    /// `same زار/زار`.
    fn relations(query: &str, source: &str) -> Vec<String> {
        let shown = |pair: &WordPair| {
            let [query, source] = [&pair.query, &pair.source].map(|w| w.as_deref().unwrap_or("-"));
            format!("{:?} {query}/{source}", pair.relation)
        };
        explained(query, source).words.iter().map(shown).collect()
    }

    #[test]
    fn the_worked_example() {
        assert_eq!(
            relations("زار الوزير المدرسة أمس", "زار وزير المَدْرَسَة اليوم"),
            [
                "Same زار/زار",
                "Near الوزير/وزير",
                "Spelling المدرسة/المَدْرَسَة",
                "Changed أمس/اليوم"
            ]
        );
    }

    #[test]
    fn words_without_a_partner_are_added_or_dropped() {
        assert_eq!(
            relations(
                "The committee met on 5 May.",
                "The small committees meet in May."
            ),
            [
                "Same The/The",
                "Dropped -/small",
                "Near committee/committees",
                "Changed met/meet",
                "Changed on/in",
                "Added 5/-",
                "Same May/May",
                "Same ./."
            ]
        );
        assert_eq!(relations("نعم", "نعم لا"), ["Same نعم/نعم", "Dropped -/لا"]);
    }

    #[test]
    fn gaps_that_are_too_large_are_not_joined() {
        let long = |word: &str| format!("{word} ").repeat(GAP_CELLS.isqrt() + 1);
        let words = explained(&long("one"), &long("two")).words;
        let joined = |pair: &WordPair| pair.relation == WordRelation::Changed;
        assert!(!words.iter().any(joined));
    }

    #[test]
    fn each_cap_is_named() {
        let reasons = |query, source| -> Vec<Reason> {
            let found = explained(query, source).deductions;
            found.iter().map(|d| d.reason).collect()
        };
        assert_eq!(reasons("نعم", "نعم"), []);
        assert_eq!(
            reasons("إلى", "الى"),
            [Reason::Kind(MatchKind::Orthographic, Score::ORTHOGRAPHIC)]
        );
        let negated = reasons(
            "The committee met on Monday.",
            "The committee did not meet on Monday.",
        );
        assert!(
            matches!(
                negated[..],
                [
                    Reason::EditDistance(_),
                    Reason::OtherWords,
                    Reason::Flagged(Flag::Negation)
                ]
            ),
            "{negated:?}"
        );
    }

    proptest! {
        #[test]
        fn the_numbers_add_up_and_every_token_is_told(
            query in "[ابتلَ إأ؟?.0٠15لم]{1,30}", source in "[ابتلَ إأ؟?.0٠15لم]{1,30}",
            costs in proptest::collection::vec(1..3_000_u32, 0..4),
        ) {
            let penalty = |&cost: &u32| Penalty {
                cause: PenaltyCause::Unreviewed,
                cost: Score::from_hundredths(cost),
            };
            let matched = matched(&query, &source, costs.iter().map(penalty).collect());
            let explained = Explanation::new(&query, &source, &matched);
            let off: u32 = explained.deductions.iter().map(|d| d.points.hundredths()).sum();
            prop_assert_eq!(explained.similarity.hundredths() - off, matched.score.hundredths());
            let told = |side: fn(&WordPair) -> &Option<String>| -> Vec<String> {
                explained.words.iter().filter_map(|pair| side(pair).clone()).collect()
            };
            let tokens = |text: &str| -> Vec<String> {
                let analyzed = Analyzed::new(text);
                analyzed.tokens().iter().map(|t| analyzed.written(t).to_owned()).collect()
            };
            prop_assert_eq!(told(|pair| &pair.query), tokens(query.trim()));
            prop_assert_eq!(told(|pair| &pair.source), tokens(source.trim()));
        }
    }
}
