//! Joins the runs that an import has put into a file, and stores what they are together.
//!
//! Runs of both languages → a stored run of each, or a few where one would be too large. Lists are joined on threads of
//! their own and stored on this one, which has the database: the Arabic ones as they come; the English ones, joined
//! meanwhile, by way of another file, since the rows of one run stand together in the database.
//!
//! ```text
//! joined  rows of keys, each behind its number and length, descending; a record for each gram, ascending
//! record  gram − gram before, number of postings, number of chunks, the list or directory, and each chunk
//! ```
//!
//! Cost: 4 bytes a unit and language; 3 more while a run is planned.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::panic::resume_unwind;
use std::sync::mpsc::sync_channel;
use std::thread::{self, ScopedJoinHandle};

use super::indexer::fitting;
use super::spill::{RunReader, SpilledRun, read_block, read_number, write_block, write_number};
use super::{Result, TranslationMemory};
use crate::index::keys;
use crate::index::list::EncodedList;
use crate::index::run::{Merge, SizeMap};
use crate::lang::{Lang, Sides};
use crate::store::NewRun;
use crate::text::feature::Key;
use crate::text::gram::Gram;

/// Lists are handed over when they have this many bytes.
const BATCH_BYTES: usize = 256 * 1024;

/// How many batches of lists wait to be stored.
const BATCHES: usize = 4;

/// The most parts that keys are cut into; a power of two.
const KEY_SLICES: u64 = 16;

impl TranslationMemory {
    /// Makes one stored run of each language's runs, or a few where one would be too large. Both have the same units.
    pub(super) fn store_joined(&self, runs: &Sides<Vec<SpilledRun>>) -> Result<()> {
        let (mut ar, mut en) = (&*runs.ar, &*runs.en);
        while !ar.is_empty() {
            let runs = fitting(ar.iter().map(SpilledRun::members));
            self.store_group(&ar[..runs], &en[..runs])?;
            (ar, en) = (&ar[runs..], &en[runs..]);
        }
        Ok(())
    }

    fn store_group(&self, ar: &[SpilledRun], en: &[SpilledRun]) -> Result<()> {
        let store = &self.store;
        let beside = |e| store.beside(e);
        let (new_ar, mut ar) = self.planned(Lang::Arabic, ar)?;
        let (new_en, en) = self.planned(Lang::English, en)?;
        let file = tempfile::tempfile_in(store.folder()).map_err(beside)?;
        thread::scope(|scope| {
            let mut writer = new_ar.writer(&ar.plan.sizes)?;
            while let Some(rows) = ar.next_key_rows().map_err(beside)? {
                for (row, bytes) in rows {
                    writer.key_row(row, &bytes)?;
                }
            }
            let en = scope.spawn(move || en.into_file(file));
            let (sender, batches) = sync_channel(BATCHES);
            let ar = scope.spawn(move || ar.lists(|batch| sender.send(batch).is_ok()));
            for list in batches.into_iter().flatten() {
                writer.encoded_list(list.gram, list.count, list.list)?;
            }
            joined(ar).map_err(beside)?;
            writer.finish()?;

            let mut en = joined(en).map_err(beside)?;
            let mut writer = new_en.writer(&en.sizes)?;
            while let Some((row, bytes)) = en.next_key_row().map_err(beside)? {
                writer.key_row(row, &bytes)?;
            }
            while let Some(list) = en.next_list().map_err(beside)? {
                writer.encoded_list(list.gram, list.count, list.list)?;
            }
            writer.finish()
        })
    }

    /// Stores the members of runs as those of one.
    fn planned(&self, side: Lang, runs: &[SpilledRun]) -> Result<(NewRun<'_>, Joining)> {
        let mut runs: Vec<_> = runs.iter().map(SpilledRun::reader).collect();
        let heads: io::Result<Vec<_>> = runs.iter_mut().map(RunReader::read_members).collect();
        let heads = heads.map_err(|e| self.store.beside(e))?;
        let firsts = heads.iter().map(|(_, members)| members.first());
        let mut new = self
            .store
            .begin_run(side, firsts.min().unwrap_or_default())?;
        let plan = Merge::plan(heads, |_| true, |unit| new.push(unit))?;
        let joining = Joining::new(runs, plan).map_err(|e| self.store.beside(e))?;
        Ok((new, joining))
    }
}

fn joined<T>(thread: ScopedJoinHandle<'_, io::Result<T>>) -> io::Result<T> {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

/// Runs whose members have been read.
struct Joining {
    runs: Vec<RunReader>,
    plan: Merge,
    /// Parts of the keys that have not been joined.
    key_slices: u64,
}

/// A row of keys, behind its number.
type KeyRow = (u32, Vec<u8>);

/// Into how many parts the keys of so many members are cut to be joined. No row lies in two: there are at least as many
/// rows, and both numbers are powers of two.
fn key_slices(members: u32) -> u64 {
    KEY_SLICES.min(keys::rows(members))
}

/// A list of joined runs.
#[derive(Debug, PartialEq, Eq)]
struct JoinedList {
    gram: Gram,
    count: u32,
    list: EncodedList,
}

impl Joining {
    /// Begins with the keys of runs, which come first.
    fn new(mut runs: Vec<RunReader>, plan: Merge) -> io::Result<Self> {
        runs.iter_mut().try_for_each(RunReader::begin_keys)?;
        Ok(Self {
            runs,
            key_slices: key_slices(plan.sizes.members()),
            plan,
        })
    }

    /// Joins a part of the keys, the greatest ones that are left, to rows with their numbers, descending.
    fn next_key_rows(&mut self) -> io::Result<Option<Vec<KeyRow>>> {
        let Some(slice) = self.key_slices.checked_sub(1) else {
            return Ok(None);
        };
        self.key_slices = slice;
        let members = self.plan.sizes.members();
        let least = Key((slice * (1 << 32) / key_slices(members)) as u32);
        let mut pairs = Vec::new();
        for (i, run) in self.runs.iter_mut().enumerate() {
            run.read_keys(least, |key, old| {
                pairs.extend(self.plan.new_ordinal(i, old).map(|new| (key, new)));
            })?;
        }
        pairs.sort_unstable();
        let mut rows: Vec<_> = keys::encode(&pairs, members).collect();
        rows.reverse();
        Ok(Some(rows))
    }

    /// Joins the lists, in ascending order of their grams, and hands them to `take` in batches, until it says that nobody
    /// wants them.
    fn lists(&mut self, mut take: impl FnMut(Vec<JoinedList>) -> bool) -> io::Result<()> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        self.runs.iter_mut().try_for_each(RunReader::begin_lists)?;
        let mut merged = self.plan.lists();
        while let Some(gram) = self.runs.iter().filter_map(RunReader::next).min() {
            for (i, run) in self.runs.iter_mut().enumerate() {
                if run.next() == Some(gram) {
                    run.read_list(gram, |ordinal| merged.push(i, ordinal))?;
                }
            }
            let ordinals = merged.ordinals();
            let list = EncodedList::new(ordinals);
            bytes += list.bytes();
            batch.push(JoinedList {
                gram,
                count: ordinals.len() as u32,
                list,
            });
            merged.clear();
            if bytes >= BATCH_BYTES {
                bytes = 0;
                if !take(std::mem::take(&mut batch)) {
                    return Ok(());
                }
            }
        }
        take(batch);
        Ok(())
    }

    /// Joins keys and lists into an empty file.
    fn into_file(mut self, file: File) -> io::Result<JoinedFile> {
        let mut writer = BufWriter::with_capacity(BATCH_BYTES, file);
        let mut key_rows = 0;
        while let Some(rows) = self.next_key_rows()? {
            for (row, bytes) in rows {
                write_number(&mut writer, u64::from(row))?;
                write_block(&mut writer, &bytes)?;
                key_rows += 1;
            }
        }
        let (mut lists, mut before, mut failure) = (0, 0, None::<io::Error>);
        self.lists(|batch| {
            let written = batch.iter().try_for_each(|list| {
                write_list(&mut writer, list, before)?;
                (lists, before) = (lists + 1, list.gram);
                Ok(())
            });
            failure = written.err();
            failure.is_none()
        })?;
        failure.map_or(Ok(()), Err)?;
        let mut file = writer.into_inner()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(JoinedFile {
            bytes: BufReader::with_capacity(BATCH_BYTES, file),
            sizes: self.plan.sizes,
            key_rows,
            lists,
            before: 0,
        })
    }
}

fn write_list(to: &mut impl Write, list: &JoinedList, before: Gram) -> io::Result<()> {
    let (own, chunks): (_, &[Vec<u8>]) = match &list.list {
        EncodedList::Inline(bytes) => (bytes, &[]),
        EncodedList::Chunked { directory, chunks } => (directory, chunks),
    };
    write_number(to, list.gram - before)?;
    write_number(to, list.count.into())?;
    write_number(to, chunks.len() as u64)?;
    write_block(to, own)?;
    chunks.iter().try_for_each(|chunk| write_block(to, chunk))
}

/// Joined keys and lists in a file.
struct JoinedFile {
    bytes: BufReader<File>,
    sizes: SizeMap,
    /// Rows of keys that are not read yet.
    key_rows: usize,
    /// Lists that are not read yet.
    lists: usize,
    /// The gram of the list that was read last.
    before: Gram,
}

impl JoinedFile {
    /// Reads the next row of keys, which come first, and its number.
    fn next_key_row(&mut self) -> io::Result<Option<KeyRow>> {
        let Some(left) = self.key_rows.checked_sub(1) else {
            return Ok(None);
        };
        self.key_rows = left;
        let row = read_number(&mut self.bytes)? as u32;
        Ok(Some((row, read_block(&mut self.bytes)?)))
    }

    /// Reads the next list.
    fn next_list(&mut self) -> io::Result<Option<JoinedList>> {
        let Some(left) = self.lists.checked_sub(1) else {
            return Ok(None);
        };
        self.lists = left;
        self.before += read_number(&mut self.bytes)?;
        let count = read_number(&mut self.bytes)? as u32;
        let chunks = read_number(&mut self.bytes)?;
        let own = read_block(&mut self.bytes)?;
        let list = match chunks {
            0 => EncodedList::Inline(own),
            _ => EncodedList::Chunked {
                directory: own,
                chunks: (0..chunks)
                    .map(|_| read_block(&mut self.bytes))
                    .collect::<io::Result<_>>()?,
            },
        };
        Ok(Some(JoinedList {
            gram: self.before,
            count,
            list,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::spill::{SpillFile, tests::built};
    use super::*;
    use crate::index::run::Run;

    /// The runs of these parts, in a file, and their members as one.
    fn spilled(file: &SpillFile, parts: &[Run]) -> (Vec<i64>, Joining) {
        let runs = parts.iter().map(|run| file.push(run).unwrap().reader());
        let mut runs: Vec<_> = runs.collect();
        let heads = runs.iter_mut().map(|run| run.read_members().unwrap());
        let mut members = Vec::new();
        let take = |unit| {
            members.push(unit);
            Ok::<_, ()>(())
        };
        let plan = Merge::plan(heads.collect(), |_| true, take).unwrap();
        (members, Joining::new(runs, plan).unwrap())
    }

    #[test]
    fn joined_runs_are_the_run_that_all_units_make() {
        let folder = tempfile::tempdir().unwrap();
        let file = SpillFile::new(folder.path()).unwrap();
        for parts in [
            vec![built(1..500), built(500..501), built(501..9000)],
            vec![built(1..3), built(3..9)],
        ] {
            let units = parts
                .iter()
                .map(|run| run.members.len() as i64)
                .sum::<i64>();
            let whole = built(1..units + 1);
            let mut rows: Vec<_> = keys::encode(&whole.keys, units as u32).collect();
            rows.reverse();
            let lists = whole.lists.iter().map(|(gram, ordinals)| JoinedList {
                gram,
                count: ordinals.len() as u32,
                list: EncodedList::new(ordinals),
            });
            let expected: Vec<_> = lists.collect();

            let (members, mut joining) = spilled(&file, &parts);
            assert_eq!(
                (&members, &joining.plan.sizes),
                (&whole.members, &whole.sizes)
            );
            let slices = std::iter::from_fn(|| joining.next_key_rows().unwrap());
            assert_eq!(slices.flatten().collect::<Vec<_>>(), rows);
            let mut lists = Vec::new();
            let take_all = |batch| {
                lists.extend(batch);
                true
            };
            joining.lists(take_all).unwrap();
            assert_eq!(lists, expected);

            let (_, joining) = spilled(&file, &parts);
            let own = tempfile::tempfile_in(folder.path()).unwrap();
            let mut joined = joining.into_file(own).unwrap();
            let descending = std::iter::from_fn(|| joined.next_key_row().unwrap());
            assert_eq!(descending.collect::<Vec<_>>(), rows);
            let lists = std::iter::from_fn(|| joined.next_list().unwrap());
            assert_eq!(lists.collect::<Vec<_>>(), expected);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn whoever_wants_no_more_gets_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let file = SpillFile::new(folder.path()).unwrap();
        let (_, mut joining) = spilled(&file, &[built(1..50)]);
        while joining.next_key_rows().unwrap().is_some() {}
        let mut batches = 0;
        joining
            .lists(|_| {
                batches += 1;
                false
            })
            .unwrap();
        assert_eq!(batches, 1);
    }
}
