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
pub(super) struct Indexing {
    /// How many grams of one side make a run.
    run_grams: usize,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// What came so far, few units.
    Here(Sides<RunBuilder>),
    /// A thread has it.
    Beside(Beside),
}

impl Default for Indexing {
    fn default() -> Self {
        Self::new(RUN_GRAMS)
    }
}

impl Indexing {
    fn new(run_grams: usize) -> Self {
        Self {
            run_grams,
            place: Place::Here(Sides::default()),
        }
    }

    /// Takes a unit; gives back the run of each language that is to be stored next, where one is ready.
    pub(super) fn push(&mut self, unit: UnitId, text: Sides<&str>) -> Option<Sides<Run>> {
        match &mut self.place {
            Place::Here(builders) => {
                push(builders, unit, text);
                if is_full(builders, self.run_grams) {
                    return Some(finish(builders));
                }
                if builders.ar.len() >= UNITS_HERE {
                    let beside = Beside::start(std::mem::take(builders), self.run_grams);
                    self.place = Place::Beside(beside);
                }
                None
            }
            Place::Beside(beside) => beside.push(unit, text),
        }
    }

    /// Ends with what has come: hands the runs that are still to be stored to `store`, and gives back what is left.
    pub(super) fn finish<E>(
        self,
        store: impl FnMut(Sides<Run>) -> Result<(), E>,
    ) -> Result<Sides<RunBuilder>, E> {
        match self.place {
            Place::Here(builders) => Ok(builders),
            Place::Beside(beside) => beside.finish(store),
        }
    }
}

/// The thread, and what goes to it and comes from it.
#[derive(Debug)]
struct Beside {
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
    fn start(builders: Sides<RunBuilder>, run_grams: usize) -> Self {
        let (batches, to_analyse) = sync_channel(BATCHES);
        // Without a bound of its own: who waits for room in the other must not be waited for.
        let (ready, runs) = channel();
        Self {
            batch: Batch::default(),
            batches,
            runs,
            thread: thread::spawn(move || analyse(builders, run_grams, &to_analyse, &ready)),
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
    run_grams: usize,
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
            if is_full(&builders, run_grams) && runs.send(finish(&mut builders)).is_err() {
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

/// Whether one of the builders holds as many grams as a run may.
pub(super) fn is_full(builders: &Sides<RunBuilder>, run_grams: usize) -> bool {
    Lang::BOTH
        .iter()
        .any(|&side| builders.get(side).grams() >= run_grams)
}

/// The runs of what the builders hold, which are empty then.
pub(super) fn finish(builders: &mut Sides<RunBuilder>) -> Sides<Run> {
    Sides::from_fn(|side| builders.get_mut(side).finish())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// The runs of `units` units of which `run_grams` grams make one, with the units that are left over.
    fn runs(units: i64, run_grams: usize) -> (Vec<Sides<Run>>, Vec<i64>) {
        let mut indexing = Indexing::new(run_grams);
        let mut runs = Vec::new();
        for unit in 1..=units {
            let (ar, en) = (
                format!("السطر رقم {unit} من الملف"),
                format!("line {unit} of the file"),
            );
            runs.extend(indexing.push(UnitId(unit), Sides { ar: &ar, en: &en }));
        }
        let rest = indexing.finish(|run| {
            runs.push(run);
            Ok::<_, Infallible>(())
        });
        let Ok(mut rest) = rest;
        let rest = rest.ar.take_units().into_iter().map(|(unit, _)| unit);
        (runs, rest.collect())
    }

    #[test]
    fn every_unit_is_in_one_run_in_order_or_left_over() {
        let units = UNITS_HERE as i64 * 9;
        // Runs of a few units, so that many are ready with one batch, and of more than a batch has.
        for run_grams in [60, 20_000, usize::MAX] {
            let (runs, rest) = runs(units, run_grams);
            assert_eq!(runs.is_empty(), run_grams == usize::MAX);
            let mut seen = Vec::new();
            for run in runs {
                let (mut ar, mut en) = (run.ar.members, run.en.members);
                ar.sort_unstable();
                en.sort_unstable();
                assert_eq!(ar, en);
                seen.extend(ar);
            }
            seen.extend(rest);
            assert_eq!(seen, (1..=units).collect::<Vec<_>>(), "{run_grams}");
        }
    }

    #[test]
    fn whoever_gives_up_is_not_waited_for() {
        let mut indexing = Indexing::new(60);
        for unit in 0..UNITS_HERE as i64 * 5 {
            indexing.push(
                UnitId(unit),
                Sides {
                    ar: "نعم، كل شيء جاهز",
                    en: "Yes, all is ready",
                },
            );
        }
        drop(indexing);
    }
}
