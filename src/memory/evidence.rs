//! What the memory knows of the translations of a query's matches: gathered when the first match asks for it, since
//! most queries have none.
//!
//! The renderings of the query's words are rows of the learned lexicon. The witnesses ([`crate::matching::witness`]) are
//! the units with the most overlap: those that the search for matches found, where it went as far down, and else those of
//! a second search. Both give the same, so that a match has one score at every threshold.

use std::cell::OnceCell;
use std::cmp::Reverse;

use super::candidates::{Candidates, Found};
use super::lookup::Query;
use super::{Result, TranslationMemory};
use crate::index::bound::{Goal, overlap_needed};
use crate::lang::Sides;
use crate::matching::evidence::Renderings;
use crate::matching::scorer::{Scored, Scorer};
use crate::matching::witness::{Doubt, WITNESS_FLOOR, WITNESSES, Witnesses, least_overlap};
use crate::score::Score;
use crate::text::Analyzed;
use crate::text::feature::Features;
use crate::unit::UnitId;

/// The evidence on the matches of one query.
pub(super) struct Evidence<'a> {
    memory: &'a TranslationMemory,
    scorer: &'a Scorer<'a>,
    query: &'a Query<'a>,
    candidates: &'a Candidates,
    cutoff: Score,
    renderings: OnceCell<Renderings>,
    witnesses: OnceCell<Witnesses>,
}

impl<'a> Evidence<'a> {
    /// Evidence that has not been gathered. `candidates` are all units whose bound reaches the cutoff, and perhaps others.
    pub(super) fn new(
        memory: &'a TranslationMemory,
        scorer: &'a Scorer<'a>,
        query: &'a Query<'a>,
        candidates: &'a Candidates,
        cutoff: Score,
    ) -> Self {
        Self {
            memory,
            scorer,
            query,
            candidates,
            cutoff,
            renderings: OnceCell::new(),
            witnesses: OnceCell::new(),
        }
    }

    /// Takes off a fuzzy match's score what its translation costs; where that leaves less than `wanted` in any case, not
    /// all of it.
    pub(super) fn weigh(
        &self,
        scored: &mut Scored,
        unit: UnitId,
        text: &Sides<String>,
        wanted: Score,
    ) -> Result<()> {
        let lang = self.query.lang;
        let translation = Analyzed::new(text.get(lang.other()));
        let renderings = once(&self.renderings, || {
            self.memory.renderings(self.query.text, lang)
        })?;
        let answer = renderings.answer(&translation);
        scored.weigh(answer, Doubt::default());
        if scored.score < wanted {
            return Ok(());
        }
        let witnesses = once(&self.witnesses, || self.gather())?;
        let doubt = witnesses.doubt(unit, text.get(lang), &translation);
        scored.weigh(answer, doubt);
        Ok(())
    }

    fn gather(&self) -> Result<Witnesses> {
        let Features { grams, key } = self.scorer.features();
        let known = overlap_needed(self.cutoff, key.is_some()).max(WITNESS_FLOOR);
        let mut most = self.most_overlap(self.candidates, known)?;
        let least = most.best.map_or(WITNESS_FLOOR, least_overlap);
        if most.units.len() <= WITNESSES && least < known {
            let goal = Goal::Reach(least);
            let candidates = self.memory.candidates(grams, None, self.query.lang, goal)?;
            most = self.most_overlap(&candidates, least)?;
        }
        let lang = self.query.lang;
        let texts = most.units.iter().map(|(unit, text)| {
            let (source, translation) = (text.get(lang), text.get(lang.other()));
            (*unit, source.as_str(), translation.as_str())
        });
        Ok(Witnesses::new(texts))
    }

    /// What witnesses are made of, of candidates that are all with an overlap score of `known` or more, and others.
    fn most_overlap(&self, candidates: &Candidates, known: Score) -> Result<MostOverlap> {
        let mut found: Vec<&Found> = candidates.found.iter().collect();
        found.retain(|found| found.overlap >= known);
        found.sort_unstable_by_key(|found| Reverse(found.overlap));
        let mut most = MostOverlap::default();
        for equals in found.chunk_by(|a, b| a.overlap == b.overlap) {
            let overlap = equals[0].overlap;
            if most.best.is_some_and(|best| overlap < least_overlap(best)) {
                break;
            }
            let mut units = Vec::new();
            for found in equals {
                units.extend(self.memory.unit_at(&candidates.runs, found.at)?);
            }
            units.sort_unstable_by_key(|&unit| Reverse(unit));
            for unit in units {
                if most.units.len() > WITNESSES {
                    return Ok(most);
                }
                let owned = |text: Sides<&str>| text.map(str::to_owned);
                if let Some(text) = self.memory.store.pair(unit, owned)? {
                    most.best.get_or_insert(overlap);
                    most.units.push((unit, text));
                }
            }
        }
        Ok(most)
    }
}

/// The units with the most overlap, the first of them first.
#[derive(Default)]
struct MostOverlap {
    /// The overlap score of the first.
    best: Option<Score>,
    units: Vec<(UnitId, Sides<String>)>,
}

/// What is in the cell, gathered where nothing is.
fn once<T>(cell: &OnceCell<T>, gather: impl FnOnce() -> Result<T>) -> Result<&T> {
    match cell.get() {
        Some(known) => Ok(known),
        None => {
            let gathered = gather()?;
            Ok(cell.get_or_init(|| gathered))
        }
    }
}
