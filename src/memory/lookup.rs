//! Looks a segment up: candidates, scores, context, suggestions.
//!
//! Candidates are scored in the order of their bounds, so that the search ends as soon as no bound left could beat the
//! worst of the best. With the bounds of the index being exact overlap scores, few units are read that are not
//! returned.

use std::collections::BinaryHeap;
use std::ops::ControlFlow;

use rustc_hash::FxHashSet;

use super::candidates::{At, Candidates};
use super::evidence::Evidence;
use super::{Result, TranslationMemory};
use crate::index::bound::{Goal, overlap_needed, score_bound};
use crate::lang::{Lang, Sides};
use crate::matching::diff::diff;
use crate::matching::penalty::{Penalty, PenaltyPolicy, penalised, total};
use crate::matching::rank::Best;
use crate::matching::scorer::Scorer;
use crate::matching::{Match, MatchKind, Suggestion};
use crate::score::Score;
use crate::store::{OccurrenceId, Place, RunHead};
use crate::text::Analyzed;
use crate::text::feature::Features;
use crate::unit::{UnitId, UnixSeconds};

/// The most bytes of a segment that is looked up: the analysis of text takes many times its bytes, and no segment of a
/// translator is as long. Whoever has a longer one leaves it and says so.
pub const SEGMENT_LIMIT: usize = 1024 * 1024;

/// A segment to look up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query<'q> {
    /// The segment.
    pub text: &'q str,
    /// Its language.
    pub lang: Lang,
    /// The segment before it in its text, where known.
    pub previous: Option<&'q str>,
    /// The segment behind it in its text, where known.
    pub next: Option<&'q str>,
}

/// What to look for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupOptions {
    /// Matches below it, penalties included, are not returned.
    pub cutoff: Score,
    /// The most matches to return.
    pub limit: usize,
    /// What penalties cost.
    pub penalties: PenaltyPolicy,
    /// The time that ages are counted from.
    pub now: UnixSeconds,
    /// What the matches are ordered by.
    pub rank: Rank,
}

/// What fuzzy matches are scored and ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rank {
    /// How close the source segments are, and nothing else.
    Score,
    /// That, less what the translations cost: by what they cover of the query, how long they are and whether those of
    /// like segments bear them out ([`crate::matching::evidence`]).
    #[default]
    Usefulness,
}

/// A unit that may be among the best, greatest by what it could score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Possible {
    bound: Score,
    at: At,
}

impl TranslationMemory {
    /// The best matches of a segment, the best first; ties are broken by the newer unit. Complete: scoring every unit
    /// and taking its penalties off would give the same.
    ///
    /// The occurrence that stands for a unit is that of the context match, else the one with the least penalties, the
    /// newest of several. Penalties only lower scores, so that the index's bounds hold for what they leave.
    ///
    /// A context match is an exact one whose neighbour before or behind, in one of the unit's documents, is equal to
    /// the query's as written.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn lookup(&self, query: &Query<'_>, options: &LookupOptions) -> Result<Vec<Suggestion>> {
        self.reading(|| {
            let scorer = Scorer::new(query.text);
            let cutoff = options.cutoff.max(Score::from_hundredths(1));
            let policy = &options.penalties;
            let mut best = Best::new(options.limit);
            let mut shown: Vec<(UnitId, OccurrenceId)> = Vec::new();
            let candidates = self.reaching(&scorer, query.lang, cutoff)?;
            let runs = &candidates.runs;
            let mut possible = possible(&candidates, &scorer, cutoff);
            let mut equals = Equals::of(&possible);
            let evidence = Evidence::new(self, &scorer, query, &candidates, cutoff);
            while let Some(Possible { bound, at }) = possible.pop() {
                if !best.wants(bound) {
                    break;
                }
                let Some(unit) = self.unit_at(runs, at)? else {
                    continue;
                };
                let wanted = best.cutoff(cutoff);
                let score = |text: Sides<&str>| {
                    let scored = scorer.score(text.get(query.lang), wanted)?;
                    Some((scored, text.map(str::to_owned)))
                };
                let Some((mut scored, text)) = self.store.pair(unit, score)?.flatten() else {
                    continue;
                };
                if scored.kind == MatchKind::Fuzzy && options.rank == Rank::Usefulness {
                    evidence.weigh(&mut scored, unit, &text, wanted)?;
                    if scored.score < wanted {
                        continue;
                    }
                }
                let place = match scored.kind {
                    MatchKind::Exact => self.place_in_context(unit, query)?,
                    _ => None,
                };
                let kind = place.map_or(scored.kind, |_| MatchKind::Context);
                let translations = if policy.counts_translations(kind) {
                    equals.translations(self, runs, &scorer, query.lang)?
                } else {
                    1
                };
                let (occurrence, mut penalties) = self.occurrence(unit, place, options)?;
                penalties.extend(policy.of_match(kind, scored.levelled, translations));
                shown.extend(occurrence.map(|occurrence| (unit, occurrence)));
                let score = penalised(scored.score, &penalties);
                // Not with what the best ask for: a kind goes before another whatever the penalties left of it.
                if score >= cutoff {
                    best.offer(Match {
                        unit,
                        kind,
                        score,
                        levelled: scored.levelled,
                        flags: scored.flags,
                        penalties,
                        breakdown: scored.breakdown,
                    });
                }
            }
            let load = |matched| self.suggestion(query, matched, &shown);
            best.into_vec()
                .into_iter()
                .filter_map(|matched| load(matched).transpose())
                .collect()
        })
    }

    /// All units whose bound reaches the cutoff, and perhaps others.
    fn reaching(&self, scorer: &Scorer<'_>, side: Lang, cutoff: Score) -> Result<Candidates> {
        let Features { grams, key } = scorer.features();
        let goal = Goal::Reach(overlap_needed(cutoff, key.is_some()));
        self.candidates(grams, *key, side, goal)
    }

    /// A place of the unit where a neighbour is the query's too.
    fn place_in_context(&self, unit: UnitId, query: &Query<'_>) -> Result<Option<Place>> {
        if query.previous.is_none() && query.next.is_none() {
            return Ok(None);
        }
        let same = |mine: Option<&str>, theirs: &Option<String>| match (mine, theirs) {
            (Some(mine), Some(theirs)) => mine.trim() == theirs,
            _ => false,
        };
        for place in self.store.places(unit)? {
            let (previous, next) = self.store.neighbours(place, query.lang)?;
            if same(query.previous, &previous) || same(query.next, &next) {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// The occurrence that stands for a unit, where it need not be the newest, and its penalties.
    fn occurrence(
        &self,
        unit: UnitId,
        place: Option<Place>,
        options: &LookupOptions,
    ) -> Result<(Option<OccurrenceId>, Vec<Penalty>)> {
        let in_context = place.map(|place| place.occurrence);
        if !options.penalties.uses_origin() {
            return Ok((in_context, Vec::new()));
        }
        let mut best: Option<(OccurrenceId, Vec<Penalty>)> = None;
        self.store
            .for_each_occurrence_of(unit, |occurrence, origin| {
                if in_context.is_some_and(|wanted| wanted != occurrence) {
                    return ControlFlow::Continue(());
                }
                let penalties = options.penalties.of_origin(&origin, options.now);
                let found = in_context.is_some() || penalties.is_empty();
                let is_less = |(_, other): &(_, Vec<Penalty>)| total(&penalties) < total(other);
                if best.as_ref().is_none_or(is_less) {
                    best = Some((occurrence, penalties));
                }
                if found {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })?;
        Ok(
            best.map_or((in_context, Vec::new()), |(occurrence, penalties)| {
                (Some(occurrence), penalties)
            }),
        )
    }

    fn suggestion(
        &self,
        query: &Query<'_>,
        matched: Match,
        shown: &[(UnitId, OccurrenceId)],
    ) -> Result<Option<Suggestion>> {
        let occurrence = shown
            .iter()
            .find(|(unit, _)| *unit == matched.unit)
            .map(|&(_, occurrence)| occurrence);
        let unit = self.store.unit(matched.unit, occurrence)?;
        Ok(unit.map(|unit| {
            let diff = diff(query.text.trim(), unit.text.get(query.lang));
            Suggestion {
                unit,
                matched,
                diff,
            }
        }))
    }
}

/// The candidates whose bound reaches the cutoff, the greatest bound on top.
fn possible(candidates: &Candidates, scorer: &Scorer<'_>, cutoff: Score) -> BinaryHeap<Possible> {
    let key = scorer.features().key;
    let possible = candidates.found.iter().map(|found| Possible {
        bound: score_bound(found.overlap, key.map(|_| found.has_key)),
        at: found.at,
    });
    possible.filter(|p| p.bound >= cutoff).collect()
}

/// The units whose source may be equal to the query once orthography is levelled.
struct Equals {
    candidates: Vec<At>,
    translations: Option<usize>,
}

impl Equals {
    /// Those among all that are possible: the bound of an equal segment is no less than the score that equality gives.
    fn of(possible: &BinaryHeap<Possible>) -> Self {
        let equal = possible.iter().filter(|p| p.bound >= Score::ORTHOGRAPHIC);
        Self {
            candidates: equal.map(|p| p.at).collect(),
            translations: None,
        }
    }

    /// How many different translations they have, orthography levelled; counted once.
    fn translations(
        &mut self,
        memory: &TranslationMemory,
        runs: &[RunHead],
        scorer: &Scorer<'_>,
        lang: Lang,
    ) -> Result<usize> {
        if let Some(count) = self.translations {
            return Ok(count);
        }
        let equals = |source: &str| {
            let scored = scorer.score(source, Score::ORTHOGRAPHIC);
            scored.is_some_and(|s| s.kind > MatchKind::Fuzzy)
        };
        let mut translations = FxHashSet::default();
        for &at in &self.candidates {
            let Some(unit) = memory.unit_at(runs, at)? else {
                continue;
            };
            if memory.store.segment(unit, lang, equals)? == Some(true) {
                let folded = |target: &str| Analyzed::new(target).joined().to_owned();
                translations.extend(memory.store.segment(unit, lang.other(), folded)?);
            }
        }
        let count = translations.len();
        self.translations = Some(count);
        Ok(count)
    }
}
