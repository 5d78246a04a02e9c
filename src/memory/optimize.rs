//! Puts a memory's file in order, for those who want it as small and as fast as it can be.
//!
//! Writing does the same by and by, in steps that are cheap for what is written; this does all of it at once: the units
//! that wait and the runs of each language become one run, or a few of a large memory, what the index remembers of units
//! that are gone is dropped, the lexicon is learned from all that is there, and the file is written anew without gaps.

use super::indexing::finish;
use super::{Result, TranslationMemory};
use crate::index::build::RunBuilder;
use crate::lang::{Lang, Sides};

/// How a memory's file is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The file's size in bytes, with its log.
    pub file_bytes: u64,
    /// Bytes of the file that hold nothing.
    pub free_bytes: u64,
    /// Runs of the index, of both languages.
    pub runs: u64,
    /// Units that wait to be indexed.
    pub waiting: u64,
    /// What the index remembers of units that are gone, of both languages.
    pub gone: u64,
}

/// What putting a memory in order has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Optimized {
    /// How it was.
    pub before: Layout,
    /// How it is.
    pub after: Layout,
}

impl TranslationMemory {
    /// How the file is laid out.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn layout(&self) -> Result<Layout> {
        self.reading(|| {
            let mut layout = Layout {
                file_bytes: self.store.file_bytes(),
                free_bytes: self.store.free_bytes()?,
                waiting: self.store.pending_count()? as u64,
                ..Layout::default()
            };
            for run in self.store.runs()? {
                layout.runs += 1;
                layout.gone += self.gone_members(&run)?;
            }
            Ok(layout)
        })
    }

    /// Merges runs, drops what is gone, learns the lexicon anew and writes the file without gaps; what is in order already
    /// is left alone.
    ///
    /// The index is one transaction and the file another. Whoever reads meanwhile goes on with what was there before;
    /// another writer waits. If the process dies the memory is as it was before the transaction that it was in. On the disk
    /// and in the folder of temporary files there has to be room for another copy of the file each.
    ///
    /// # Errors
    /// Where the file can't be written to or there is no room.
    pub fn optimize(&mut self) -> Result<Optimized> {
        let before = self.layout()?;
        self.writing(|memory| {
            memory.index_waiting()?;
            memory.join_runs(usize::MAX)?;
            for side in Lang::BOTH {
                for run in memory.runs_of(side)? {
                    if memory.gone_members(&run)? > 0 {
                        memory.merge(side, &[run])?;
                    }
                }
            }
            if memory.store.newest_unit()?.0 as u64 > memory.store.lexicon_units()? {
                let lesson = memory.learn_lexicon()?;
                memory.keep_lexicon(lesson)?;
            }
            Ok(())
        })?;
        let index = self.layout()?;
        let is_changed =
            (index.runs, index.waiting, index.gone) != (before.runs, before.waiting, before.gone);
        self.store.compact(is_changed)?;
        Ok(Optimized {
            before,
            after: self.layout()?,
        })
    }

    /// Makes a run of the units that wait.
    fn index_waiting(&self) -> Result<()> {
        let mut builders = Sides::<RunBuilder>::default();
        self.push_waiting(&mut builders)?;
        if builders.ar.is_empty() {
            return Ok(());
        }
        self.store_runs(&finish(&mut builders))
    }
}
