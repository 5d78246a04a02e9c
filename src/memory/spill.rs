//! Runs that are on their way into one, in a file beside the memory.
//!
//! **Idea.** An import makes a run whenever the grams of its units take enough memory. Stored as rows, each would be
//! encoded, inserted, read back, joined with the others and deleted; so they are put into a file first, one behind the
//! other, and what they are together is stored once. The file has no name, and is gone when the program ends, however it
//! ends.
//!
//! ```text
//! run     head (members, sizes, keys, each behind its length), then a record for each gram, ascending
//! record  gram − gram before, number of postings, bytes, Rice code of the ordinals
//! ```
//!
//! Worked example: the first record, of the gram 300 with the members 3, 4 and 9, is `ac 02 | 03 | 03 | 01 8e 00`.
//!
//! Cost: about 1.3 bytes a posting on the disk; in memory 16 KiB and one list for each run that is being joined.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::index::list::EncodedList;
use crate::index::run::{Merge, Run, SizeMap};
use crate::index::{bits, codec};
use crate::text::feature::Key;
use crate::text::gram::Gram;

/// How many bytes are read or written at a time.
const BUFFER_BYTES: usize = 16 * 1024;

/// Lists are handed over when they have this many bytes.
const BATCH_BYTES: usize = 256 * 1024;

/// A file of runs.
#[derive(Clone, Debug)]
pub(super) struct SpillFile(Arc<Mutex<File>>);

impl SpillFile {
    /// A file in `folder` that has no name.
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        Ok(Self(Arc::new(Mutex::new(tempfile::tempfile_in(folder)?))))
    }

    fn lock(&self) -> MutexGuard<'_, File> {
        // Whoever reads or writes moves to the place first.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a run behind those that are there.
    pub(super) fn push(&self, run: &Run) -> io::Result<SpilledRun> {
        let mut file = self.lock();
        let at = file.seek(SeekFrom::End(0))?;
        let mut writer = BufWriter::with_capacity(BUFFER_BYTES, &mut *file);
        write_run(&mut writer, run)?;
        writer.flush()?;
        drop(writer);
        drop(file);
        let place = Place {
            file: self.clone(),
            at,
        };
        Ok(SpilledRun {
            bytes: BufReader::with_capacity(BUFFER_BYTES, place),
            members: run.sizes.members(),
            left: run.lists.len() as u64,
            next: None,
        })
    }
}

/// What is read of a file next.
#[derive(Debug)]
struct Place {
    file: SpillFile,
    at: u64,
}

impl Read for Place {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = self.file.lock();
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

fn write_run(to: &mut impl Write, run: &Run) -> io::Result<()> {
    write_block(to, &member_bytes(&run.members))?;
    write_block(to, &run.sizes.to_bytes())?;
    write_block(to, &key_bytes(&run.keys))?;
    let (mut record, mut before) = (Vec::new(), 0);
    for (gram, ordinals) in run.lists.iter() {
        let list = bits::encode(ordinals, 0);
        record.clear();
        codec::put(&mut record, gram - before);
        codec::put(&mut record, ordinals.len() as u64);
        codec::put(&mut record, list.len() as u64);
        before = gram;
        to.write_all(&record)?;
        to.write_all(&list)?;
    }
    Ok(())
}

/// A run in a file.
#[derive(Debug)]
pub(super) struct SpilledRun {
    bytes: BufReader<Place>,
    members: u32,
    /// Records that are not read yet.
    left: u64,
    /// The gram whose list is read next.
    next: Option<Gram>,
}

impl SpilledRun {
    /// How many members it has.
    pub(super) fn members(&self) -> u32 {
        self.members
    }

    /// Reads the members, which come first, and their feature counts.
    pub(super) fn read_members(&mut self) -> io::Result<(Vec<i64>, SizeMap)> {
        let members = members_of(&read_block(&mut self.bytes)?);
        let sizes = SizeMap::from_bytes(&read_block(&mut self.bytes)?);
        Ok((members, sizes))
    }

    /// Reads the members that have a key, which come next; the lists follow.
    pub(super) fn read_keys(&mut self) -> io::Result<Vec<(Key, u32)>> {
        let keys = keys_of(&read_block(&mut self.bytes)?);
        self.advance(0)?;
        Ok(keys)
    }

    fn advance(&mut self, before: Gram) -> io::Result<()> {
        self.next = match self.left {
            0 => None,
            _ => Some(before + read_number(&mut self.bytes)?),
        };
        self.left = self.left.saturating_sub(1);
        Ok(())
    }

    /// Reads the next list, of the gram `gram`.
    fn read_list(&mut self, gram: Gram, visit: impl FnMut(u32)) -> io::Result<()> {
        let count = read_number(&mut self.bytes)?;
        let bytes = read_block(&mut self.bytes)?;
        bits::decode(&bytes, count as u32, 0, visit);
        self.advance(gram)
    }
}

/// A list of joined runs.
pub(super) struct JoinedList {
    pub(super) gram: Gram,
    pub(super) count: u32,
    pub(super) list: EncodedList,
}

/// Joins the lists of runs whose heads have been read, in ascending order of their grams, and hands them to `take` in
/// batches, until it says that nobody wants them.
pub(super) fn join_lists(
    mut runs: Vec<SpilledRun>,
    plan: &Merge,
    mut take: impl FnMut(Vec<JoinedList>) -> bool,
) -> io::Result<()> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    let mut merged = plan.lists();
    while let Some(gram) = runs.iter().filter_map(|run| run.next).min() {
        for (i, run) in runs.iter_mut().enumerate() {
            if run.next == Some(gram) {
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

fn member_bytes(members: &[i64]) -> Vec<u8> {
    let first = members.iter().min().copied().unwrap_or_default();
    let mut out = Vec::with_capacity(members.len() * 3 + 16);
    codec::put(&mut out, first as u64);
    for unit in members {
        codec::put(&mut out, (unit - first) as u64);
    }
    out
}

fn members_of(mut bytes: &[u8]) -> Vec<i64> {
    let first = codec::take(&mut bytes).unwrap_or_default() as i64;
    std::iter::from_fn(|| codec::take(&mut bytes))
        .map(|offset| first + offset as i64)
        .collect()
}

fn key_bytes(keys: &[(Key, u32)]) -> Vec<u8> {
    let mut out = Vec::with_capacity(keys.len() * 8);
    for (Key(key), ordinal) in keys {
        out.extend(key.to_le_bytes());
        out.extend(ordinal.to_le_bytes());
    }
    out
}

fn keys_of(bytes: &[u8]) -> Vec<(Key, u32)> {
    let (numbers, _) = bytes.as_chunks::<4>();
    let number = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes);
    let (pairs, _) = numbers.as_chunks::<2>();
    pairs
        .iter()
        .map(|[key, ordinal]| (Key(number(key)), number(ordinal)))
        .collect()
}

fn write_block(file: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let mut length = Vec::new();
    codec::put(&mut length, bytes.len() as u64);
    file.write_all(&length)?;
    file.write_all(bytes)
}

fn read_block(file: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; read_number(file)? as usize];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn read_number(file: &mut impl Read) -> io::Result<u64> {
    let mut bytes = Vec::with_capacity(10);
    loop {
        let mut byte = [0];
        file.read_exact(&mut byte)?;
        bytes.extend(byte);
        if byte[0] < 0x80 {
            return codec::take(&mut &*bytes).ok_or_else(|| io::ErrorKind::InvalidData.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::build::RunBuilder;
    use crate::text::feature::Features;

    /// Units with a gram for each of their divisors up to 40, and a key for each third of them.
    fn built(units: std::ops::Range<i64>) -> Run {
        let mut builder = RunBuilder::default();
        for unit in units {
            let grams = (1..=40_u64).filter(|gram| (unit as u64).is_multiple_of(*gram));
            let key = (unit % 3 == 0).then_some(Key(unit as u32 % 7));
            let grams = grams.map(|gram| gram * 1000).collect();
            builder.push_features(unit, &Features { grams, key });
        }
        builder.finish()
    }

    #[test]
    fn joined_runs_are_the_run_that_all_units_make() {
        let folder = tempfile::tempdir().unwrap();
        let parts = [built(1..500), built(500..501), built(501..2000)];
        let file = SpillFile::new(folder.path()).unwrap();
        let mut runs = parts.map(|run| file.push(&run).unwrap());
        assert_eq!(runs.each_ref().map(SpilledRun::members), [499, 1, 1499]);
        let heads = runs.each_mut().map(|run| run.read_members().unwrap());
        let plan = Merge::plan(&heads, |_| true);
        let whole = built(1..2000);
        assert_eq!((&plan.members, &plan.sizes), (&whole.members, &whole.sizes));
        let keys = plan.keys(runs.iter_mut().map(SpilledRun::read_keys));
        assert_eq!(keys.unwrap(), whole.keys);
        let mut lists = Vec::new();
        join_lists(runs.into(), &plan, |batch| {
            lists.extend(batch);
            true
        })
        .unwrap();
        assert_eq!(lists.len(), whole.lists.len());
        for (joined, (gram, ordinals)) in lists.iter().zip(whole.lists.iter()) {
            assert_eq!((joined.gram, joined.count), (gram, ordinals.len() as u32));
            assert_eq!(joined.list, EncodedList::new(ordinals));
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn whoever_wants_no_more_gets_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let file = SpillFile::new(folder.path()).unwrap();
        let mut run = file.push(&built(1..50)).unwrap();
        let plan = Merge::plan(&[run.read_members().unwrap()], |_| true);
        run.read_keys().unwrap();
        let mut batches = 0;
        join_lists(vec![run], &plan, |_| {
            batches += 1;
            false
        })
        .unwrap();
        assert_eq!(batches, 1);
    }
}
