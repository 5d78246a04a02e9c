//! Which units of the file a lookup has to look at, and what it keeps from one lookup to the next.
//!
//! The runs of a language are searched one by one; the units that wait to be indexed are made a run of in memory, once
//! for each state of the file. Lists that lookups ask for again and again are kept decoded
//! ([`crate::index::cache`]).

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Result, TranslationMemory};
use crate::index::bound::Goal;
use crate::index::build::RunBuilder;
use crate::index::cache::{List, ListCache};
use crate::index::codec::decode_features;
use crate::index::run::SizeMap;
use crate::index::search::{Candidate, RunQuery, Scratch, candidates};
use crate::lang::{Lang, Sides};
use crate::score::Score;
use crate::store::RunHead;
use crate::text::feature::Key;
use crate::text::gram::Gram;
use crate::unit::UnitId;

/// What is kept from one lookup to the next.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// The state of the file that the rest, but for the lists, belongs to.
    pub(super) data_version: Option<i64>,
    runs: Sides<Rc<[RunHead]>>,
    waiting: Sides<Option<Waiting>>,
    lists: ListCache,
    scratch: Scratch,
}

/// The units that wait to be indexed, as a run of one language.
#[derive(Debug)]
struct Waiting {
    members: Vec<UnitId>,
    sizes: SizeMap,
    lists: FxHashMap<Gram, List>,
    keys: Vec<(Key, u32)>,
}

/// Where a unit is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum At {
    /// A member of a run, by the run's place in the list of runs.
    Run { run: usize, ordinal: u32 },
    /// A unit that waits to be indexed.
    Waiting(UnitId),
}

/// A unit that can reach the goal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) at: At,
    /// Its overlap score with the query.
    pub(super) overlap: Score,
    /// Whether it has the query's key.
    pub(super) has_key: bool,
}

/// The runs of a language, and the units that a search found in them and among those that wait.
#[derive(Debug)]
pub(super) struct Candidates {
    pub(super) runs: Rc<[RunHead]>,
    pub(super) found: Vec<Found>,
}

impl TranslationMemory {
    /// The units of one side that have enough of the grams for the goal, or the key.
    pub(super) fn candidates(
        &self,
        grams: &[Gram],
        key: Option<Key>,
        side: Lang,
        goal: Goal,
    ) -> Result<Candidates> {
        let mut reader = self.reader.borrow_mut();
        let reader = &mut *reader;
        self.catch_up(reader)?;
        let runs = Rc::clone(reader.runs.get(side));
        reader.lists.begin();
        let (mut found, mut of_run) = (Vec::new(), Vec::new());
        for (i, run) in runs.iter().enumerate() {
            self.search_run(run, grams, key, goal, reader, &mut of_run)?;
            found.extend(of_run.drain(..).map(|candidate: Candidate| Found {
                at: At::Run {
                    run: i,
                    ordinal: candidate.ordinal,
                },
                overlap: candidate.overlap,
                has_key: candidate.has_key,
            }));
        }
        let waiting = match reader.waiting.get_mut(side) {
            Some(waiting) => &*waiting,
            none => none.insert(self.waiting(side)?),
        };
        let keyed = keyed(&waiting.keys, key);
        let query = RunQuery {
            sizes: &waiting.sizes,
            lists: grams
                .iter()
                .filter_map(|gram| waiting.lists.get(gram))
                .collect(),
            features: grams.len(),
            keyed: &keyed,
        };
        candidates(query, goal, &self.store, &mut reader.scratch, &mut of_run)?;
        found.extend(of_run.into_iter().map(|candidate| Found {
            at: At::Waiting(waiting.members[candidate.ordinal as usize]),
            overlap: candidate.overlap,
            has_key: candidate.has_key,
        }));
        Ok(Candidates { runs, found })
    }

    /// The unit at `at`; `None` where the index names one that is gone.
    pub(super) fn unit_at(&self, runs: &[RunHead], at: At) -> Result<Option<UnitId>> {
        match at {
            At::Waiting(unit) => Ok(Some(unit)),
            At::Run { run, ordinal } => self.store.member(&runs[run], ordinal),
        }
    }

    /// Reads the heads of the runs anew if the file has changed.
    fn catch_up(&self, reader: &mut Reader) -> Result<()> {
        let version = Some(self.store.data_version()?);
        if reader.data_version != version {
            let mut runs = Sides::<Vec<RunHead>>::default();
            for run in self.store.runs()? {
                runs.get_mut(run.side).push(run);
            }
            reader.runs = runs.map(Rc::from);
            reader.waiting = Sides::default();
            reader.data_version = version;
        }
        Ok(())
    }

    fn search_run(
        &self,
        run: &RunHead,
        grams: &[Gram],
        key: Option<Key>,
        goal: Goal,
        reader: &mut Reader,
        out: &mut Vec<Candidate>,
    ) -> Result<()> {
        let lists = &mut reader.lists;
        let mut ready =
            |gram: Gram| lists.ready(run.id, gram, &self.store, || self.store.list(run.id, gram));
        let slots = grams
            .iter()
            .map(|&gram| ready(gram))
            .collect::<Result<Vec<_>>>()?;
        let keyed = match key {
            Some(key) => self.store.keyed(run, key)?,
            None => Vec::new(),
        };
        let query = RunQuery {
            sizes: &run.sizes,
            lists: slots
                .iter()
                .filter_map(|&slot| reader.lists.get(slot))
                .collect(),
            features: grams.len(),
            keyed: &keyed,
        };
        candidates(query, goal, &self.store, &mut reader.scratch, out)
    }

    /// Makes a run in memory of the units that wait.
    fn waiting(&self, side: Lang) -> Result<Waiting> {
        let mut builder = RunBuilder::default();
        self.store.for_each_pending(|unit, features| {
            builder.push_features(unit.0, &decode_features(features.get(side)));
        })?;
        let run = builder.finish();
        let list = |(gram, ordinals): (Gram, &[u32])| {
            let count = ordinals.len() as u32;
            (
                gram,
                List::Decoded(ordinals.iter().copied().collect(), count),
            )
        };
        Ok(Waiting {
            members: run.members.into_iter().map(UnitId).collect(),
            sizes: run.sizes,
            lists: run.lists.iter().map(list).collect(),
            keys: run.keys,
        })
    }
}

/// The members that have the key, of pairs in the order of the keys.
fn keyed(keys: &[(Key, u32)], key: Option<Key>) -> Vec<u32> {
    let Some(key) = key else {
        return Vec::new();
    };
    let of_key = &keys[keys.partition_point(|pair| pair.0 < key)..];
    let of_key = of_key.iter().take_while(|pair| pair.0 == key);
    of_key.map(|pair| pair.1).collect()
}
