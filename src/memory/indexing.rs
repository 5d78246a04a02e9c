//! What an import's new units become for the index, on a thread of its own once there are many.
//!
//! New units → features → runs, which the import stores in the order in which they come. The first [`UNITS_HERE`] units
//! are analysed where they come in, so that a small import starts no thread. Later ones go over in batches of about
//! [`BATCH_BYTES`], of which [`BATCHES`] wait at most; so the thread is never more than a run ahead.

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};

use crate::index::RUN_GRAMS;
use crate::index::run::{Run, RunBuilder};
use crate::lang::{Lang, Sides};
use crate::text::Analyzed;
use crate::text::feature::Features;
use crate::unit::UnitId;

/// So many units are analysed before a thread is started for the others.
const UNITS_HERE: usize = 1000;

/// A batch is handed over when its segments have this many bytes.
const BATCH_BYTES: usize = 64 * 1024;

/// How many batches wait to be analysed.
const BATCHES: usize = 4;

/// Makes runs of units.
#[derive(Debug)]
pub(super) enum Indexing {
    /// What came so far, few units.
    Here(Sides<RunBuilder>),
    /// A thread has it.
    Beside(Beside),
}

impl Default for Indexing {
    fn default() -> Self {
        Self::Here(Sides::default())
    }
}

impl Indexing {
    /// Takes a unit; gives back the run of each language that is to be stored next, where one is ready.
    pub(super) fn push(&mut self, unit: UnitId, text: Sides<&str>) -> Option<Sides<Run>> {
        match self {
            Self::Here(builders) => {
                push(builders, unit, text);
                if is_full(builders) {
                    return Some(finish(builders));
                }
                if builders.ar.len() >= UNITS_HERE {
                    *self = Self::Beside(Beside::start(std::mem::take(builders)));
                }
                None
            }
            Self::Beside(beside) => beside.push(unit, text),
        }
    }

    /// Ends with what has come: hands the runs that are still to be stored to `store`, and gives back what is left.
    pub(super) fn finish<E>(
        self,
        store: impl FnMut(Sides<Run>) -> Result<(), E>,
    ) -> Result<Sides<RunBuilder>, E> {
        match self {
            Self::Here(builders) => Ok(builders),
            Self::Beside(beside) => beside.finish(store),
        }
    }
}

/// The thread, and what goes to it and comes from it.
#[derive(Debug)]
pub(super) struct Beside {
    batch: Batch,
    batches: SyncSender<Batch>,
    runs: Receiver<Sides<Run>>,
    thread: JoinHandle<Sides<RunBuilder>>,
}

/// Units on their way.
#[derive(Debug, Default)]
struct Batch {
    /// Their segments, one behind the other.
    text: String,
    /// Their numbers, and where the Arabic and the English segment of each ends.
    units: Vec<(UnitId, usize, usize)>,
}

impl Beside {
    fn start(builders: Sides<RunBuilder>) -> Self {
        let (batches, to_analyse) = sync_channel(BATCHES);
        // Without a bound of its own: who waits for room in the other must not be waited for.
        let (ready, runs) = channel();
        Self {
            batch: Batch::default(),
            batches,
            runs,
            thread: thread::spawn(move || analyse(builders, &to_analyse, &ready)),
        }
    }

    fn push(&mut self, unit: UnitId, text: Sides<&str>) -> Option<Sides<Run>> {
        let batch = &mut self.batch;
        batch.text.push_str(text.ar);
        let ar = batch.text.len();
        batch.text.push_str(text.en);
        batch.units.push((unit, ar, batch.text.len()));
        if batch.text.len() < BATCH_BYTES {
            return None;
        }
        let room = Batch {
            text: String::with_capacity(BATCH_BYTES + BATCH_BYTES / 8),
            units: Vec::with_capacity(self.batch.units.len()),
        };
        // It only fails where the thread has panicked, and then so does waiting for its end.
        let _ = self.batches.send(std::mem::replace(&mut self.batch, room));
        self.runs.try_recv().ok()
    }

    fn finish<E>(
        self,
        mut store: impl FnMut(Sides<Run>) -> Result<(), E>,
    ) -> Result<Sides<RunBuilder>, E> {
        let Self {
            batch,
            batches,
            runs,
            thread,
        } = self;
        let _ = batches.send(batch);
        drop(batches);
        for run in runs {
            store(run)?;
        }
        Ok(thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
    }
}

/// Makes runs of the units that come; ends with the last batch, or when nobody takes the runs any more.
fn analyse(
    mut builders: Sides<RunBuilder>,
    batches: &Receiver<Batch>,
    runs: &Sender<Sides<Run>>,
) -> Sides<RunBuilder> {
    for batch in batches {
        let mut start = 0;
        for (unit, ar, en) in batch.units {
            let text = Sides {
                ar: &batch.text[start..ar],
                en: &batch.text[ar..en],
            };
            start = en;
            push(&mut builders, unit, text);
            if is_full(&builders) && runs.send(finish(&mut builders)).is_err() {
                return builders;
            }
        }
    }
    builders
}

/// Adds a unit's features to the builders.
pub(super) fn push(builders: &mut Sides<RunBuilder>, unit: UnitId, text: Sides<&str>) {
    for side in Lang::BOTH {
        builders
            .get_mut(side)
            .push(unit.0, &Features::of(&Analyzed::new(text.get(side))));
    }
}

/// Whether the builders hold as much as a run may.
pub(super) fn is_full(builders: &Sides<RunBuilder>) -> bool {
    Lang::BOTH
        .iter()
        .any(|&side| builders.get(side).grams() >= RUN_GRAMS)
}

/// The runs of what the builders hold, which are empty then.
pub(super) fn finish(builders: &mut Sides<RunBuilder>) -> Sides<Run> {
    Sides::from_fn(|side| builders.get_mut(side).finish())
}
