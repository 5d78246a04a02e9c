//! Keeps the index in step with the units: what waits, what becomes a run, which runs are merged.
//!
//! A few new units wait in a list that every lookup scans, so that adding one is cheap; more of them become a run. When
//! [`MERGE_RUNS`] runs of one language are of about the same size, they become one, so that the number of runs grows
//! with the logarithm of the number of units, and each unit is written again as rarely.

use super::indexing::{Indexed, Indexing, finish};
use super::{Reader, Result, TranslationMemory};
use crate::index::build::RunBuilder;
use crate::index::codec::{decode_features, encode_features};
use crate::index::run::{Merge, Run};
use crate::index::{MERGE_RUNS, MERGE_UNITS, PENDING_UNITS};
use crate::lang::{Lang, Sides};
use crate::store::{RunHead, Store, StoreError};
use crate::unit::UnitId;

impl TranslationMemory {
    /// Takes new units in, whose features are in `builders`: they wait, or become a run with those that waited, which may
    /// then be merged.
    pub(super) fn take_in(&self, builders: &mut Sides<RunBuilder>) -> Result<()> {
        let store = &self.store;
        if builders.ar.is_empty() {
            return Ok(());
        }
        if store.pending_count()? + builders.ar.len() <= PENDING_UNITS {
            let en = builders.en.take_units();
            for ((unit, ar), (_, en)) in builders.ar.take_units().into_iter().zip(en) {
                let features = Sides {
                    ar: encode_features(&ar),
                    en: encode_features(&en),
                };
                store.insert_pending(UnitId(unit), &features)?;
            }
            return Ok(());
        }
        self.push_waiting(builders)?;
        self.store_runs(&finish(builders))?;
        self.merge_runs()
    }

    /// Moves the units that wait into the builders.
    pub(super) fn push_waiting(&self, builders: &mut Sides<RunBuilder>) -> Result<()> {
        self.store.for_each_pending(|unit, features| {
            for side in Lang::BOTH {
                builders
                    .get_mut(side)
                    .push_features(unit.0, &decode_features(features.get(side)));
            }
        })?;
        self.store.clear_pending()
    }

    /// Takes units in that an undone session had removed.
    pub(super) fn take_in_again(&self, units: &[(UnitId, Sides<String>)]) -> Result<()> {
        let mut indexing = self.indexing();
        for (unit, text) in units {
            let text = Sides {
                ar: &*text.ar,
                en: &*text.en,
            };
            let pushed = indexing.push(*unit, text);
            pushed.map_err(|e| self.store.beside(e))?;
        }
        self.take_in_indexed(self.indexed(indexing)?)?;
        self.merge_runs()
    }

    /// To index units with, many or few.
    pub(super) fn indexing(&self) -> Indexing {
        Indexing::new(self.store.folder())
    }

    /// What units have become.
    pub(super) fn indexed(&self, indexing: Indexing) -> Result<Indexed> {
        indexing.finish().map_err(|e| self.store.beside(e))
    }

    /// Takes in what units have become; whether they were so many that they stand in runs of their own.
    pub(super) fn take_in_indexed(&self, indexed: Indexed) -> Result<bool> {
        match indexed {
            Indexed::Few(mut builders) => {
                self.take_in(&mut builders)?;
                Ok(false)
            }
            Indexed::Runs(runs) => {
                self.store_joined(&runs)?;
                self.merge_runs()?;
                Ok(true)
            }
        }
    }

    /// Stores a run of either language.
    pub(super) fn store_runs(&self, runs: &Sides<Run>) -> Result<()> {
        Lang::BOTH
            .into_iter()
            .try_for_each(|side| self.store.store_run(side, runs.get(side)))
    }

    /// Makes one run of the `newest` of each language, or a few where one would be too large.
    pub(super) fn join_runs(&self, newest: usize) -> Result<()> {
        for side in Lang::BOTH {
            let runs = self.runs_of(side)?;
            let mut rest = &runs[runs.len().saturating_sub(newest)..];
            while !rest.is_empty() {
                let joined = fitting(rest.iter().map(|run| run.sizes.members()));
                if joined > 1 {
                    self.merge(side, &rest[..joined])?;
                }
                rest = &rest[joined..];
            }
        }
        Ok(())
    }

    /// Merges runs until no [`MERGE_RUNS`] of one language are of about the same size.
    pub(super) fn merge_runs(&self) -> Result<()> {
        for side in Lang::BOTH {
            while let Some(runs) = worth_merging(&self.runs_of(side)?) {
                self.merge(side, &runs)?;
            }
        }
        Ok(())
    }

    /// Drops from the index what is left of units that are gone. Lookups pass over them already; a run that is mostly
    /// gone is written anew.
    pub(super) fn forget(&self, gone: &[UnitId]) -> Result<()> {
        let (Some(first), Some(last)) = (gone.first(), gone.last()) else {
            return Ok(());
        };
        for side in Lang::BOTH {
            for run in self.runs_of(side)? {
                if run.first > *last || run.last < *first {
                    continue;
                }
                let (gone, members) = (self.gone_members(&run)?, run.sizes.members().into());
                if gone == members {
                    self.store.delete_run(&run)?;
                } else if gone * 2 > members {
                    self.merge(side, &[run])?;
                }
            }
        }
        Ok(())
    }

    /// How many of a run's members are units that are gone.
    pub(super) fn gone_members(&self, run: &RunHead) -> Result<u64> {
        let alive = alive_units(&self.store, run)?;
        let members = self.store.members(run)?;
        Ok(members.iter().filter(|&&unit| !alive(unit)).count() as u64)
    }

    /// Indexes all units and learns the lexicon anew, in one transaction.
    pub(super) fn reindex(&self) -> Result<()> {
        self.store.begin()?;
        let result = self.reindex_in_transaction();
        let result = result.and_then(|()| self.store.commit());
        self.store.rollback();
        *self.reader.borrow_mut() = Reader::default();
        result
    }

    fn reindex_in_transaction(&self) -> Result<()> {
        self.store.delete_index()?;
        let lesson = self.learn_lexicon()?;
        let mut indexing = self.indexing();
        self.store.for_each_text(|unit, text| {
            let pushed = indexing.push(unit, text);
            pushed.map_err(|e| self.store.beside(e))
        })?;
        self.take_in_indexed(self.indexed(indexing)?)?;
        match lesson {
            Some(lesson) => self.keep_lexicon(Some(lesson))?,
            None => self.store.replace_lexicon(0, [])?,
        }
        self.store.set_index_version()
    }

    pub(super) fn runs_of(&self, side: Lang) -> Result<Vec<RunHead>> {
        Ok(self
            .store
            .runs()?
            .into_iter()
            .filter(|run| run.side == side)
            .collect())
    }

    pub(super) fn merge(&self, side: Lang, runs: &[RunHead]) -> Result<()> {
        let store = &self.store;
        let mut heads = Vec::with_capacity(runs.len());
        let mut alive = Vec::with_capacity(runs.len());
        for run in runs {
            heads.push((run.sizes.clone(), store.members(run)?));
            alive.push(alive_units(store, run)?);
        }
        let first = runs.iter().map(|run| run.first.0).min().unwrap_or_default();
        let mut new = store.begin_run(side, first)?;
        let alive = |unit| alive.iter().any(|alive| alive(unit));
        let plan = Merge::plan(heads, alive, |unit| new.push(unit))?;
        // One run after the other, so that those of all runs are held once.
        let keys = plan.keys(runs.iter().map(|run| store.keys(run)))?;
        let mut writer = new.writer(&plan.sizes)?;
        writer.keys(&keys)?;
        drop(keys);
        let mut merged = plan.lists();
        store.for_each_list(runs, |gram, lists| {
            merged.clear();
            for (run, list) in lists {
                let of_run = list.read_all(store)?;
                of_run.ordinals().for_each(|old| merged.push(*run, old));
            }
            match merged.ordinals() {
                [] => Ok(()),
                list => writer.list(gram, list),
            }
        })?;
        writer.finish()?;
        runs.iter().try_for_each(|run| store.delete_run(run))
    }

    /// Looks whether the index holds every unit once on each side, and in every list only members of its run.
    pub(super) fn check_index(&self) -> Result<()> {
        let damaged = |detail: String| {
            Err(StoreError::Damaged {
                path: self.store.path().to_owned(),
                detail,
            })
        };
        let units = self.store.unit_ids(UnitId(0), UnitId(i64::MAX))?;
        for side in Lang::BOTH {
            let mut indexed: Vec<UnitId> = Vec::with_capacity(units.len());
            self.store.for_each_pending(|unit, _| indexed.push(unit))?;
            for run in self.runs_of(side)? {
                indexed.extend(self.store.members(&run)?.into_iter().map(UnitId));
                let (mut features, mut outside) = (0_u64, 0_u64);
                self.store
                    .for_each_list(std::slice::from_ref(&run), |_, lists| {
                        for (_, list) in lists {
                            for ordinal in list.read_all(&self.store)?.ordinals() {
                                features += 1;
                                outside += u64::from(ordinal >= run.sizes.members());
                            }
                        }
                        Ok(())
                    })?;
                let expected: u64 = run.sizes.sizes().map(u64::from).sum();
                if outside > 0 || features != expected {
                    return damaged(format!(
                        "a run of the {side} index has {features} postings, {expected} expected"
                    ));
                }
            }
            indexed.retain(|unit| units.binary_search(unit).is_ok());
            indexed.sort_unstable();
            if indexed != units {
                return damaged(format!("the {side} index does not hold each unit once"));
            }
        }
        Ok(())
    }
}

/// How many of the first runs with so many units can be one; a run alone always can.
pub(super) fn fitting(runs: impl Iterator<Item = u32>) -> usize {
    let mut units = 0_u32;
    let fit = runs.enumerate().take_while(|&(i, more)| {
        units = units.saturating_add(more);
        i == 0 || units <= MERGE_UNITS
    });
    fit.count()
}

/// The runs to merge next: [`MERGE_RUNS`] or more of one class of size, the smallest class first.
fn worth_merging(runs: &[RunHead]) -> Option<Vec<RunHead>> {
    let class = |run: &RunHead| run.sizes.members().max(1).ilog(MERGE_RUNS as u32);
    let least = runs
        .iter()
        .map(class)
        .collect::<std::collections::BTreeSet<_>>();
    let of_class = |c: u32| {
        runs.iter()
            .filter(|run| class(run) == c)
            .cloned()
            .collect::<Vec<_>>()
    };
    least.into_iter().map(of_class).find(|runs| {
        let units: u32 = runs.iter().map(|run| run.sizes.members()).sum();
        runs.len() >= MERGE_RUNS && units <= MERGE_UNITS
    })
}

/// Tells which of a run's units are still there.
fn alive_units(store: &Store, run: &RunHead) -> Result<impl Fn(i64) -> bool + use<>> {
    // A bit a number: runs are large, and their numbers are dense.
    let first = run.first.0;
    let numbers = usize::try_from(run.last.0 - first + 1).unwrap_or_default();
    let mut alive = vec![0_u64; numbers.div_ceil(64)];
    for UnitId(unit) in store.unit_ids(run.first, run.last)? {
        let at = (unit - first) as usize;
        alive[at / 64] |= 1 << (at % 64);
    }
    Ok(move |unit: i64| {
        let at = usize::try_from(unit - first).unwrap_or(usize::MAX);
        alive
            .get(at / 64)
            .is_some_and(|word| word >> (at % 64) & 1 == 1)
    })
}
