//! What new units become for the index, on a thread of its own once there are many.
//!
//! New units → features → [`Indexed`]: builders while they are few, else runs in a file, in the order in which they came.
//! The first [`UNITS_HERE`] units are analysed where they come in, so that a small import starts no thread. Later ones go
//! over in batches of about [`BATCH_BYTES`], of which [`BATCHES`] wait at most.

use std::io;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use super::spill::{SpillFile, SpilledRun};
use crate::index::RUN_GRAMS;
use crate::index::build::RunBuilder;
use crate::index::run::Run;
use crate::lang::{Lang, Sides};
use crate::text::Analyzed;
use crate::unit::UnitId;

/// So many units are analysed before a thread is started for the others.
const UNITS_HERE: usize = 1000;

/// A batch is handed over when its segments have this many bytes.
const BATCH_BYTES: usize = 64 * 1024;

/// How many batches wait to be analysed: as many as come while a run is made and written.
const BATCHES: usize = 64;

/// What units have become.
#[derive(Debug)]
pub(super) enum Indexed {
    /// No more grams than make a run.
    Few(Box<Sides<RunBuilder>>),
    /// More: runs, the oldest first, with the same units on each side.
    Runs(Sides<Vec<SpilledRun>>),
}

/// Makes runs of units.
#[derive(Debug)]
pub(super) struct Indexing {
    runs: Runs,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// What came so far, few units.
    Here(Sides<RunBuilder>),
    /// A thread has it.
    Beside(Beside),
}

impl Indexing {
    /// Keeps runs in a file in `folder`, where there is more than one.
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            runs: Runs {
                folder: folder.to_owned(),
                run_grams: RUN_GRAMS,
                ..Runs::default()
            },
            place: Place::Here(Sides::default()),
        }
    }

    /// Takes a unit.
    ///
    /// # Errors
    /// Where a run can't be put into the file; nothing more can be pushed then.
    pub(super) fn push(&mut self, unit: UnitId, text: Sides<&str>) -> io::Result<()> {
        match &mut self.place {
            Place::Here(builders) => {
                push(builders, unit, text);
                if builders.ar.len() >= UNITS_HERE {
                    let builders = std::mem::take(builders);
                    self.place =
                        Place::Beside(Beside::start(builders, std::mem::take(&mut self.runs)));
                }
                Ok(())
            }
            Place::Beside(beside) => beside.push(unit, text),
        }
    }

    /// Ends with what has come.
    ///
    /// # Errors
    /// Where a run can't be put into the file.
    pub(super) fn finish(self) -> io::Result<Indexed> {
        match self.place {
            Place::Here(builders) => self.runs.finish(builders),
            Place::Beside(beside) => beside.finish(),
        }
    }
}

/// The runs so far.
#[derive(Debug, Default)]
struct Runs {
    folder: PathBuf,
    /// There once there is a run.
    file: Option<SpillFile>,
    /// How many grams of one side make a run.
    run_grams: usize,
    spilled: Sides<Vec<SpilledRun>>,
}

impl Runs {
    /// Makes a run of what the builders hold, if it is enough.
    fn grow(&mut self, builders: &mut Sides<RunBuilder>) -> io::Result<()> {
        let is_full = |&side: &Lang| builders.get(side).grams() >= self.run_grams;
        match Lang::BOTH.iter().any(is_full) {
            true => self.spill(builders),
            false => Ok(()),
        }
    }

    fn spill(&mut self, builders: &mut Sides<RunBuilder>) -> io::Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => SpillFile::new(&self.folder)?,
        };
        for side in Lang::BOTH {
            let run = file.push(&builders.get_mut(side).finish())?;
            self.spilled.get_mut(side).push(run);
        }
        self.file = Some(file);
        Ok(())
    }

    fn finish(mut self, mut builders: Sides<RunBuilder>) -> io::Result<Indexed> {
        if self.spilled.ar.is_empty() {
            return Ok(Indexed::Few(Box::new(builders)));
        }
        if !builders.ar.is_empty() {
            self.spill(&mut builders)?;
        }
        Ok(Indexed::Runs(self.spilled))
    }
}

/// The thread, and what goes to it.
#[derive(Debug)]
struct Beside {
    batch: Batch,
    batches: SyncSender<Batch>,
    /// `None` once it has ended early.
    thread: Option<JoinHandle<io::Result<Indexed>>>,
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
    fn start(builders: Sides<RunBuilder>, runs: Runs) -> Self {
        let (batches, to_analyse) = sync_channel(BATCHES);
        Self {
            batch: Batch::default(),
            batches,
            thread: Some(thread::spawn(move || analyse(builders, runs, &to_analyse))),
        }
    }

    fn push(&mut self, unit: UnitId, text: Sides<&str>) -> io::Result<()> {
        let batch = &mut self.batch;
        batch.text.push_str(text.ar);
        let ar = batch.text.len();
        batch.text.push_str(text.en);
        batch.units.push((unit, ar, batch.text.len()));
        if batch.text.len() < BATCH_BYTES {
            return Ok(());
        }
        let room = Batch {
            text: String::with_capacity(BATCH_BYTES + BATCH_BYTES / 8),
            units: Vec::with_capacity(self.batch.units.len()),
        };
        let batch = std::mem::replace(&mut self.batch, room);
        match self.batches.send(batch) {
            Ok(()) => Ok(()),
            // Nobody takes it: the thread has failed.
            Err(_) => wait(self.thread.take()).map(drop),
        }
    }

    fn finish(self) -> io::Result<Indexed> {
        // Where it fails the thread says why.
        let _ = self.batches.send(self.batch);
        drop(self.batches);
        wait(self.thread)
    }
}

/// The thread's result.
fn wait(thread: Option<JoinHandle<io::Result<Indexed>>>) -> io::Result<Indexed> {
    let Some(thread) = thread else {
        return Err(io::Error::other("a run of the index was lost before"));
    };
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

/// Makes runs of the units that come; ends with the last batch.
fn analyse(
    mut builders: Sides<RunBuilder>,
    mut runs: Runs,
    batches: &Receiver<Batch>,
) -> io::Result<Indexed> {
    for batch in batches {
        let mut start = 0;
        for (unit, ar, en) in batch.units {
            let text = Sides {
                ar: &batch.text[start..ar],
                en: &batch.text[ar..en],
            };
            start = en;
            push(&mut builders, unit, text);
            runs.grow(&mut builders)?;
        }
    }
    runs.finish(builders)
}

/// Adds a unit's features to the builders.
fn push(builders: &mut Sides<RunBuilder>, unit: UnitId, text: Sides<&str>) {
    for side in Lang::BOTH {
        builders
            .get_mut(side)
            .push(unit.0, &Analyzed::new(text.get(side)));
    }
}

/// The runs of what the builders hold, which are empty then.
pub(super) fn finish(builders: &mut Sides<RunBuilder>) -> Sides<Run> {
    Sides::from_fn(|side| builders.get_mut(side).finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indexing(folder: &Path, run_grams: usize) -> Indexing {
        let mut indexing = Indexing::new(folder);
        indexing.runs.run_grams = run_grams;
        indexing
    }

    fn push_all(indexing: &mut Indexing, units: i64) -> io::Result<()> {
        (1..=units).try_for_each(|unit| {
            let (ar, en) = (
                format!("السطر رقم {unit} من الملف"),
                format!("line {unit} of the file"),
            );
            indexing.push(UnitId(unit), Sides { ar: &ar, en: &en })
        })
    }

    #[test]
    fn every_unit_is_in_one_run_in_order_or_left_over() {
        let folder = tempfile::tempdir().unwrap();
        let units = UNITS_HERE as i64 * 9;
        // Runs of some units, so that several are made of one batch, and of more than a batch has.
        for run_grams in [4_000, 20_000, usize::MAX] {
            let mut indexing = indexing(folder.path(), run_grams);
            push_all(&mut indexing, units).unwrap();
            let seen = match indexing.finish().unwrap() {
                Indexed::Few(mut builders) => {
                    assert_eq!(run_grams, usize::MAX);
                    let units = builders.ar.take_units().into_iter();
                    units.map(|(unit, _)| unit).collect::<Vec<_>>()
                }
                Indexed::Runs(runs) => {
                    assert!(runs.ar.len() > 3 && runs.ar.len() == runs.en.len());
                    let mut seen = Vec::new();
                    for (ar, en) in runs.ar.into_iter().zip(runs.en) {
                        let (ar, en) = (
                            ar.reader().read_members().unwrap().1,
                            en.reader().read_members().unwrap().1,
                        );
                        let (mut ar, mut en): (Vec<_>, Vec<_>) = (ar.collect(), en.collect());
                        ar.sort_unstable();
                        en.sort_unstable();
                        assert_eq!(ar, en);
                        seen.extend(ar);
                    }
                    seen
                }
            };
            assert_eq!(seen, (1..=units).collect::<Vec<_>>(), "{run_grams}");
        }
    }

    #[test]
    fn whoever_gives_up_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let mut indexing = indexing(folder.path(), 4_000);
        push_all(&mut indexing, UNITS_HERE as i64 * 5).unwrap();
        drop(indexing);
    }

    #[test]
    fn a_file_that_cannot_be_made_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut indexing = indexing(&folder.path().join("gone"), 4_000);
        let pushed = push_all(&mut indexing, UNITS_HERE as i64 * 50);
        let result = pushed.and_then(|()| indexing.finish().map(drop));
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
