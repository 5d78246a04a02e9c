//! Finds the units that hold a phrase, whatever their orthography.
//!
//! Phrase and segments are compared as folded tokens. The index of trigrams serves here as well: a segment that holds
//! the phrase has all of the phrase's inner trigrams, so only the units in the intersection of their lists are looked
//! at. A phrase that is too short to have one is searched by a scan.
//!
//! Worked example: `المدرسة الجديدة` finds `بالمدرسةِ الجديدة` and `للمدرسة الجديدة`: the first word may carry
//! conjunctions and prepositions, in front of which the article's alef disappears.

use std::ops::Range;

use super::candidates::Candidates;
use super::{Result, TranslationMemory};
use crate::index::bound::Goal;
use crate::lang::Lang;
use crate::text::gram::inner_grams;
use crate::text::{Analyzed, TokenKind, arabic};
use crate::unit::{TranslationUnit, UnitId};

/// What to search for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcordanceQuery<'q> {
    /// The phrase; compared folded.
    pub phrase: &'q str,
    /// The side to search; `None` for both.
    pub side: Option<Lang>,
    /// Whether the phrase may begin and end inside a word. Without it an Arabic word may still carry proclitics.
    pub substring: bool,
    /// The most units to return.
    pub limit: usize,
}

/// A unit that holds a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcordanceHit {
    /// The unit.
    pub unit: TranslationUnit,
    /// The side that holds the phrase.
    pub side: Lang,
    /// Where it holds it: byte ranges of that side's text, in order, whole tokens each.
    pub spans: Vec<Range<usize>>,
}

/// Units that hold a phrase, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concordance {
    /// The units.
    pub hits: Vec<ConcordanceHit>,
    /// Whether there are more than the limit.
    pub more: bool,
}

impl TranslationMemory {
    /// Units that hold a phrase.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn concordance(&self, query: &ConcordanceQuery<'_>) -> Result<Concordance> {
        self.reading(|| {
            let phrase = Phrase::new(query.phrase, query.substring);
            let mut places: Vec<(UnitId, Lang)> = Vec::new();
            for side in Lang::BOTH {
                if !phrase.is_empty() && query.side.is_none_or(|wanted| wanted == side) {
                    places.extend(
                        self.holders(&phrase, side)?
                            .into_iter()
                            .map(|unit| (unit, side)),
                    );
                }
            }
            places.sort_unstable_by(|a, b| b.cmp(a));
            let mut concordance = Concordance::default();
            for (unit, side) in places {
                let spans = self
                    .store
                    .segment(unit, side, |text| phrase.spans(text))?
                    .unwrap_or_default();
                if spans.is_empty() {
                    continue;
                }
                if concordance.hits.len() == query.limit {
                    concordance.more = true;
                    break;
                }
                let unit = self.store.unit(unit, None)?;
                concordance
                    .hits
                    .extend(unit.map(|unit| ConcordanceHit { unit, side, spans }));
            }
            Ok(concordance)
        })
    }

    /// The units that may hold the phrase on one side.
    fn holders(&self, phrase: &Phrase, side: Lang) -> Result<Vec<UnitId>> {
        let grams = phrase.grams();
        if grams.is_empty() {
            return self.store.unit_ids(UnitId(0), UnitId(i64::MAX));
        }
        let mut units = Vec::new();
        let Candidates { runs, found } = self.candidates(&grams, None, side, Goal::Contain)?;
        for found in found {
            units.extend(self.unit_at(&runs, found.at)?);
        }
        Ok(units)
    }
}

/// A phrase as folded tokens.
#[derive(Debug)]
struct Phrase {
    tokens: Vec<String>,
    /// Whether the first token is an Arabic word, which may carry proclitics.
    may_carry: bool,
    substring: bool,
}

impl Phrase {
    fn new(text: &str, substring: bool) -> Self {
        let analyzed = Analyzed::new(text);
        let tokens: Vec<String> = analyzed
            .tokens()
            .iter()
            .map(|token| analyzed.folded(token).to_owned())
            .collect();
        let first = analyzed.tokens().first();
        let may_carry = first.is_some_and(|t| t.kind == TokenKind::Word)
            && tokens
                .first()
                .is_some_and(|word| word.starts_with(arabic::is_arabic_letter));
        Self {
            tokens,
            may_carry,
            substring,
        }
    }

    fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Features that every segment has which holds the phrase.
    fn grams(&self) -> Vec<u64> {
        let joined = self.tokens.join(" ");
        if self.substring {
            return inner_grams(&joined);
        }
        // Words end where the phrase ends; they begin there, too, unless something may be written on to them.
        if self.may_carry {
            inner_grams(&format!(
                "{} ",
                joined.strip_prefix(ARTICLE).unwrap_or(&joined)
            ))
        } else {
            inner_grams(&format!(" {joined} "))
        }
    }

    /// Where a text holds the phrase: byte ranges of whole tokens.
    fn spans(&self, text: &str) -> Vec<Range<usize>> {
        let analyzed = Analyzed::new(text);
        let tokens = analyzed.tokens();
        let mut spans: Vec<Range<usize>> = Vec::new();
        let mut i = 0;
        while i + self.tokens.len() <= tokens.len() {
            let window = &tokens[i..i + self.tokens.len()];
            let last = window.len() - 1;
            let fits = window
                .iter()
                .zip(&self.tokens)
                .enumerate()
                .all(|(k, (token, wanted))| {
                    self.fits(analyzed.folded(token), wanted, k == 0, k == last)
                });
            if fits {
                spans.push(window[0].span.start..window[last].span.end);
                i += window.len();
            } else {
                i += 1;
            }
        }
        spans
    }

    fn fits(&self, token: &str, wanted: &str, first: bool, last: bool) -> bool {
        if token == wanted {
            return true;
        }
        match (self.substring, first, last) {
            (true, true, true) => token.contains(wanted),
            (true, true, false) => token.ends_with(wanted),
            (true, false, true) => token.starts_with(wanted),
            (false, true, _) => self.may_carry && carries(token, wanted),
            _ => false,
        }
    }
}

const ARTICLE: &str = "ال";

/// Whether `token` is `word` with conjunctions, prepositions or the article written on to it.
fn carries(token: &str, word: &str) -> bool {
    let is_proclitics = |head: &str, ends: &[&str]| {
        let head = head.strip_prefix(['و', 'ف']).unwrap_or(head);
        ends.contains(&head)
    };
    let plain = token.strip_suffix(word).is_some_and(|head| {
        is_proclitics(head, &["", "ب", "ك", "ل", "س", "ال", "بال", "كال", "لل"])
    });
    let article = word
        .strip_prefix(ARTICLE)
        .filter(|bare| bare.chars().count() > 1);
    plain
        || article
            .and_then(|bare| token.strip_suffix(bare))
            .is_some_and(|head| is_proclitics(head, &["لل"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(phrase: &str, text: &'t str, substring: bool) -> Vec<&'t str> {
        let phrase = Phrase::new(phrase, substring);
        let spans = phrase.spans(text);
        if !spans.is_empty() {
            let (inner, all) = (
                phrase.grams(),
                crate::text::gram::grams(&Analyzed::new(text)),
            );
            assert!(
                inner.iter().all(|gram| all.contains(gram)),
                "the index would lose «{text}»"
            );
        }
        spans.into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn the_worked_example() {
        for text in ["بالمدرسةِ الجديدة", "للمدرسة الجديدة", "والمدرسه الجديده"]
        {
            assert_eq!(found("المدرسة الجديدة", text, false), [text]);
        }
        assert_eq!(found("المدرسة الجديدة", "مدرسة الجديدة", false), [""; 0]);
    }

    #[test]
    fn words_are_whole_unless_parts_are_asked_for() {
        assert_eq!(found("art", "The party is an ART.", false), ["ART"]);
        assert_eq!(found("art", "The party is an ART.", true), ["party", "ART"]);
        assert_eq!(found("كتب", "كتب وكتب المكتبة", false), ["كتب", "وكتب"]);
        assert_eq!(
            found("كتب", "كتب وكتب المكتبة", true),
            ["كتب", "وكتب", "المكتبة"]
        );
        assert_eq!(found("new sch", "A new school", true), ["new school"]);
    }

    #[test]
    fn short_and_punctuated_phrases() {
        assert_eq!(found("لا", "ولا أحد، لا!", false), ["ولا", "لا"]);
        assert_eq!(found("نعم، لا", "قال: نعم , لا.", false), ["نعم , لا"]);
        assert_eq!(found("٢٠٠٩", "in 2009", false), ["2009"]);
    }
}
