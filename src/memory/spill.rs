//! Runs that are on their way into one, in a file beside the memory.
//!
//! **Idea.** An import makes a run whenever the grams of its units take enough memory. Stored as rows, each would be
//! encoded, inserted, read back, joined with the others and deleted; so they are put into a file first, one behind the
//! other, and what they are together is stored once. The file has no name, and is gone when the program ends, however it
//! ends.
//!
//! ```text
//! run     members and sizes, each behind its length; number of keys, and each with its ordinal, descending; a record for each gram,
//!         ascending
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

use crate::index::run::{Run, SizeMap};
use crate::index::{bits, codec};
use crate::text::feature::Key;
use crate::text::gram::Gram;

/// How many bytes are read or written at a time.
const BUFFER_BYTES: usize = 16 * 1024;

/// The most bytes that a number takes.
const LONGEST_NUMBER: usize = 10;

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
        Ok(SpilledRun {
            file: self.clone(),
            at,
            members: run.sizes.members(),
            lists: run.lists.len() as u64,
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
    write_keys(to, &run.keys)?;
    let mut before = 0;
    for (gram, ordinals) in run.lists.iter() {
        write_number(to, gram - before)?;
        write_number(to, ordinals.len() as u64)?;
        write_block(to, &bits::encode(ordinals, 0))?;
        before = gram;
    }
    Ok(())
}

/// A run in a file.
#[derive(Debug)]
pub(super) struct SpilledRun {
    file: SpillFile,
    at: u64,
    members: u32,
    lists: u64,
}

impl SpilledRun {
    /// How many members it has.
    pub(super) fn members(&self) -> u32 {
        self.members
    }

    /// To read it: the members, then the keys, then the lists.
    pub(super) fn reader(&self) -> RunReader {
        let place = Place {
            file: self.file.clone(),
            at: self.at,
        };
        RunReader {
            bytes: BufReader::with_capacity(BUFFER_BYTES, place),
            keys: 0,
            key: None,
            lists: self.lists,
            next: None,
        }
    }
}

/// Reads a run from a file.
#[derive(Debug)]
pub(super) struct RunReader {
    bytes: BufReader<Place>,
    /// Keys that are not read yet, and the one that is handed over next.
    keys: u64,
    key: Option<(Key, u32)>,
    /// Records that are not read yet.
    lists: u64,
    /// The gram whose list is read next.
    next: Option<Gram>,
}

impl RunReader {
    /// Reads the members, which come first, and their feature counts.
    pub(super) fn read_members(&mut self) -> io::Result<(SizeMap, SpilledMembers)> {
        let members = SpilledMembers::new(read_block(&mut self.bytes)?);
        let sizes = SizeMap::from_bytes(&read_block(&mut self.bytes)?);
        Ok((sizes, members))
    }

    /// Begins with the keys, which come next.
    pub(super) fn begin_keys(&mut self) -> io::Result<()> {
        self.keys = read_number(&mut self.bytes)?;
        self.advance_key()
    }

    /// Hands the pairs of keys down to `least` and ordinals to `visit`, descending.
    pub(super) fn read_keys(
        &mut self,
        least: Key,
        mut visit: impl FnMut(Key, u32),
    ) -> io::Result<()> {
        while let Some((key, ordinal)) = self.key.filter(|&(key, _)| key >= least) {
            visit(key, ordinal);
            self.advance_key()?;
        }
        Ok(())
    }

    fn advance_key(&mut self) -> io::Result<()> {
        self.key = match self.keys {
            0 => None,
            _ => Some(read_key(&mut self.bytes)?),
        };
        self.keys = self.keys.saturating_sub(1);
        Ok(())
    }

    /// Begins with the lists, which come last.
    pub(super) fn begin_lists(&mut self) -> io::Result<()> {
        self.advance(0)
    }

    fn advance(&mut self, before: Gram) -> io::Result<()> {
        self.next = match self.lists {
            0 => None,
            _ => Some(before + read_number(&mut self.bytes)?),
        };
        self.lists = self.lists.saturating_sub(1);
        Ok(())
    }

    /// The gram whose list comes next.
    pub(super) fn next(&self) -> Option<Gram> {
        self.next
    }

    /// Reads the next list, of the gram `gram`.
    pub(super) fn read_list(&mut self, gram: Gram, visit: impl FnMut(u32)) -> io::Result<()> {
        let count = read_number(&mut self.bytes)?;
        let bytes = read_block(&mut self.bytes)?;
        bits::decode(&bytes, count as u32, 0, visit);
        self.advance(gram)
    }
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

/// The members of a run, from their bytes.
#[derive(Debug)]
pub(super) struct SpilledMembers {
    first: i64,
    bytes: Vec<u8>,
    /// What comes before is read.
    at: usize,
}

impl SpilledMembers {
    /// No member is less.
    pub(super) fn first(&self) -> i64 {
        self.first
    }

    fn new(bytes: Vec<u8>) -> Self {
        let mut this = Self {
            first: 0,
            bytes,
            at: 0,
        };
        this.first = this.next().unwrap_or_default();
        this
    }
}

impl Iterator for SpilledMembers {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        let mut rest = &self.bytes[self.at..];
        let offset = codec::take(&mut rest)?;
        self.at = self.bytes.len() - rest.len();
        Some(self.first + offset as i64)
    }
}

fn write_keys(to: &mut impl Write, keys: &[(Key, u32)]) -> io::Result<()> {
    write_number(to, keys.len() as u64)?;
    keys.iter().rev().try_for_each(|&(Key(key), ordinal)| {
        to.write_all([key.to_le_bytes(), ordinal.to_le_bytes()].as_flattened())
    })
}

fn read_key(from: &mut impl Read) -> io::Result<(Key, u32)> {
    let mut pair = [[0; 4]; 2];
    from.read_exact(pair.as_flattened_mut())?;
    let [key, ordinal] = pair.map(u32::from_le_bytes);
    Ok((Key(key), ordinal))
}

pub(super) fn write_block(file: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    write_number(file, bytes.len() as u64)?;
    file.write_all(bytes)
}

pub(super) fn write_number(file: &mut impl Write, number: u64) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(LONGEST_NUMBER);
    codec::put(&mut bytes, number);
    file.write_all(&bytes)
}

pub(super) fn read_block(file: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; read_number(file)? as usize];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

pub(super) fn read_number(file: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; LONGEST_NUMBER];
    for end in 0..LONGEST_NUMBER {
        file.read_exact(&mut bytes[end..=end])?;
        if bytes[end] < 0x80 {
            break;
        }
    }
    codec::take(&mut &bytes[..]).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::index::build::RunBuilder;
    use crate::text::feature::Features;

    /// Units with a gram for each of their divisors up to 40, and a key for each third of them.
    pub(in super::super) fn built(units: std::ops::Range<i64>) -> Run {
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
    fn a_run_comes_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = SpillFile::new(folder.path()).unwrap();
        let parts = [built(1..500), built(500..501)];
        let spilled = parts.each_ref().map(|run| file.push(run).unwrap());
        for (run, spilled) in parts.iter().zip(&spilled) {
            assert_eq!(spilled.members(), run.sizes.members());
            let mut spilled = spilled.reader();
            let (sizes, members) = spilled.read_members().unwrap();
            assert_eq!(
                (sizes, members.collect()),
                (run.sizes.clone(), run.members.clone())
            );
            let (mut high, mut low) = (Vec::new(), Vec::new());
            spilled.begin_keys().unwrap();
            let mut read = |least, keys: &mut Vec<_>| {
                let visit = |key, ordinal| keys.push((key, ordinal));
                spilled.read_keys(least, visit).unwrap();
            };
            read(Key(4), &mut high);
            read(Key(0), &mut low);
            assert!(low.iter().all(|(key, _)| *key < Key(4)));
            assert!(high.iter().chain(&low).eq(run.keys.iter().rev()));
            spilled.begin_lists().unwrap();
            for (gram, ordinals) in run.lists.iter() {
                assert_eq!(spilled.next(), Some(gram));
                let mut read = Vec::new();
                spilled
                    .read_list(gram, |ordinal| read.push(ordinal))
                    .unwrap();
                assert_eq!(read, ordinals);
            }
            assert_eq!(spilled.next(), None);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
