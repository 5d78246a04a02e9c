//! Runs, lists, chunks and members of the index as rows. What their bytes mean is [`crate::index`]'s affair.

use rusqlite::Row;

use super::{Result, Store};
use crate::index::keys;
use crate::index::list::{Chunks, EncodedList, StoredList};
use crate::index::run::{Run, SizeMap};
use crate::lang::{Lang, Sides};
use crate::text::feature::Key;
use crate::text::gram::Gram;
use crate::unit::UnitId;

/// Members that share a row.
const BLOCK: u32 = 1000;

/// What is known of a run before it is searched.
#[derive(Clone, Debug)]
pub struct RunHead {
    /// Its number.
    pub id: i64,
    /// Its language.
    pub side: Lang,
    /// The least number among its units.
    pub first: UnitId,
    /// The greatest number among its units.
    pub last: UnitId,
    /// Its members' feature counts.
    pub sizes: SizeMap,
    chunks: (i64, i64),
}

/// Writes the lists of one run, in ascending order of their features.
#[derive(Debug)]
pub struct RunWriter<'s> {
    store: &'s Store,
    run: i64,
    members: u32,
    first_chunk: i64,
    next_chunk: i64,
}

/// A run whose members are being stored.
#[derive(Debug)]
pub struct NewRun<'s> {
    store: &'s Store,
    id: i64,
    first: i64,
    last: i64,
    members: u32,
    /// The members that no row has yet.
    block: Vec<u8>,
}

impl<'s> NewRun<'s> {
    /// Stores the member of the next ordinal.
    pub fn push(&mut self, unit: i64) -> Result<()> {
        // A file of SQLite's largest size holds fewer than 2^32 unit numbers.
        let offset = (unit - self.first) as u32;
        self.block.extend(offset.to_le_bytes());
        self.last = self.last.max(unit);
        self.members += 1;
        match self.members % BLOCK {
            0 => self.store_block(),
            _ => Ok(()),
        }
    }

    fn store_block(&mut self) -> Result<()> {
        let sql = "insert into index_member (id, units) values (?1, ?2)";
        let number = (self.members - 1) / BLOCK;
        let values = (member_block(self.id, number), &self.block);
        self.store
            .checked(|c| c.prepare_cached(sql)?.execute(values))?;
        self.block.clear();
        Ok(())
    }

    /// To store the keys, then the lists, of the members, which have these sizes. Ended with [`RunWriter::finish`], before
    /// another run's are begun.
    pub fn writer(mut self, sizes: &SizeMap) -> Result<RunWriter<'s>> {
        if !self.block.is_empty() {
            self.store_block()?;
        }
        let sql = "update index_run set last_unit = ?2, sizes = ?3 where id = ?1";
        let chunk = "select max(max(end_chunk), 1) from index_run";
        let first_chunk = self.store.checked(|c| {
            c.execute(sql, (self.id, self.last, sizes.to_bytes()))?;
            c.query_row(chunk, [], |row| row.get(0))
        })?;
        Ok(RunWriter {
            store: self.store,
            run: self.id,
            members: self.members,
            first_chunk,
            next_chunk: first_chunk,
        })
    }
}

impl Store {
    /// All runs, oldest first.
    pub fn runs(&self) -> Result<Vec<RunHead>> {
        let sql = "select id, side, first_unit, last_unit, sizes, first_chunk, end_chunk from index_run order by id";
        self.checked(|c| c.prepare_cached(sql)?.query_map([], run_head)?.collect())
    }

    /// Begins a run, none of whose members is before `first`, or 2³² behind it.
    pub fn begin_run(&self, side: Lang, first: i64) -> Result<NewRun<'_>> {
        let sql =
            "insert into index_run (side, first_unit, last_unit, first_chunk, end_chunk, sizes)
                   values (?1, ?2, ?2, 0, 0, x'')";
        let id = self.checked(|c| {
            c.execute(sql, (side_number(side), first))?;
            Ok(c.last_insert_rowid())
        })?;
        Ok(NewRun {
            store: self,
            id,
            first,
            last: first,
            members: 0,
            block: Vec::new(),
        })
    }

    /// Stores a run that is complete.
    pub fn store_run(&self, side: Lang, run: &Run) -> Result<()> {
        let first = run.members.iter().min().copied().unwrap_or_default();
        let mut new = self.begin_run(side, first)?;
        run.members.iter().try_for_each(|&unit| new.push(unit))?;
        let mut writer = new.writer(&run.sizes)?;
        writer.keys(&run.keys)?;
        for (gram, ordinals) in run.lists.iter() {
            writer.list(gram, ordinals)?;
        }
        writer.finish()
    }

    /// Deletes a run with all that belongs to it.
    pub fn delete_run(&self, run: &RunHead) -> Result<()> {
        let blocks = (member_block(run.id, 0), member_block(run.id, u32::MAX));
        self.checked(|c| {
            c.execute("delete from index_list where run = ?1", [run.id])?;
            c.execute(
                "delete from index_chunk where id >= ?1 and id < ?2",
                run.chunks,
            )?;
            c.execute(
                "delete from index_member where id between ?1 and ?2",
                blocks,
            )?;
            c.execute("delete from index_run where id = ?1", [run.id])
        })
        .map(drop)
    }

    /// Deletes the whole index.
    pub fn delete_index(&self) -> Result<()> {
        self.run(
            "delete from index_list; delete from index_chunk; delete from index_member; delete from index_run;
             delete from index_pending",
        )
    }

    /// A feature's list in a run; `None` where the run does not have it.
    pub fn list(&self, run: i64, gram: Gram) -> Result<Option<StoredList>> {
        let sql = "select count, first_chunk, bytes from index_list where run = ?1 and gram = ?2";
        self.optional(sql, (run, gram as i64), |row| stored_list(row, 0))
    }

    /// The members of a run that have a key, ascending.
    pub fn keyed(&self, run: &RunHead, key: Key) -> Result<Vec<u32>> {
        let members = run.sizes.members();
        let row = keys::row_of(key, members);
        let mut keyed = Vec::new();
        let read = |bytes: &[u8]| {
            let pairs = keys::decode(row, members, bytes).take_while(|&(k, _)| k <= key);
            keyed.extend(pairs.filter(|&(k, _)| k == key).map(|(_, ordinal)| ordinal));
        };
        let sql = "select bytes from index_list where run = ?1 and gram = ?2";
        let read = |row: &Row<'_>| row.get_ref(0)?.as_blob().map(read).map_err(Into::into);
        self.optional(sql, (run.id, key_row(row)), read)?;
        Ok(keyed)
    }

    /// The keys of a run's members with their ordinals.
    pub fn keys(&self, run: &RunHead) -> Result<Vec<(Key, u32)>> {
        let sql = "select gram, bytes from index_list where run = ?1 and gram < 0";
        let members = run.sizes.members();
        let mut pairs = Vec::with_capacity(members as usize);
        self.checked(|c| {
            let mut statement = c.prepare_cached(sql)?;
            let mut rows = statement.query([run.id])?;
            while let Some(row) = rows.next()? {
                let number = -1 - row.get::<_, i64>(0)?;
                let bytes = row.get_ref(1)?.as_blob()?;
                pairs.extend(keys::decode(number as u32, members, bytes));
            }
            Ok(())
        })?;
        Ok(pairs)
    }

    /// Hands each gram that one of the runs has to `visit`, in ascending order, with its lists; each list comes with
    /// the place of its run in `runs`.
    pub fn for_each_list(
        &self,
        runs: &[RunHead],
        mut visit: impl FnMut(Gram, &[(usize, StoredList)]) -> Result<()>,
    ) -> Result<()> {
        let sql = "select gram, count, first_chunk, bytes from index_list where run = ?1 and gram >= 0 order by gram";
        let mut statements = Vec::with_capacity(runs.len());
        for _ in runs {
            statements.push(self.checked(|c| c.prepare(sql))?);
        }
        let mut cursors = Vec::with_capacity(runs.len());
        for (statement, run) in statements.iter_mut().zip(runs) {
            cursors.push(statement.query([run.id]).map_err(|e| self.error(e))?);
        }
        let mut heads: Vec<Option<(Gram, StoredList)>> = vec![None; runs.len()];
        let mut advance = vec![true; runs.len()];
        let mut lists = Vec::with_capacity(runs.len());
        loop {
            for (i, cursor) in cursors.iter_mut().enumerate() {
                if std::mem::take(&mut advance[i]) {
                    let row = cursor.next().map_err(|e| self.error(e))?;
                    let read =
                        |row: &Row<'_>| Ok((row.get::<_, i64>(0)? as Gram, stored_list(row, 1)?));
                    heads[i] = row.map(read).transpose().map_err(|e| self.error(e))?;
                }
            }
            let Some(gram) = heads.iter().flatten().map(|&(gram, _)| gram).min() else {
                return Ok(());
            };
            for (i, head) in heads.iter_mut().enumerate() {
                if let Some((_, list)) = head.take_if(|(other, _)| *other == gram) {
                    lists.push((i, list));
                    advance[i] = true;
                }
            }
            visit(gram, &lists)?;
            lists.clear();
        }
    }

    /// The units of a run by ordinal.
    pub fn members(&self, run: &RunHead) -> Result<Vec<i64>> {
        let mut members = Vec::with_capacity(run.sizes.members() as usize);
        let blocks = run.sizes.members().div_ceil(BLOCK);
        for block in 0..blocks {
            self.member_bytes(run.id, block, |bytes| {
                let (offsets, _) = bytes.as_chunks::<4>();
                members.extend(
                    offsets
                        .iter()
                        .map(|&offset| run.first.0 + i64::from(u32::from_le_bytes(offset))),
                );
            })?;
        }
        Ok(members)
    }

    /// The unit of one ordinal of a run.
    pub fn member(&self, run: &RunHead, ordinal: u32) -> Result<Option<UnitId>> {
        let mut unit = None;
        self.member_bytes(run.id, ordinal / BLOCK, |bytes| {
            let (offsets, _) = bytes.as_chunks::<4>();
            let offset = offsets.get((ordinal % BLOCK) as usize);
            unit =
                offset.map(|&offset| UnitId(run.first.0 + i64::from(u32::from_le_bytes(offset))));
        })?;
        Ok(unit)
    }

    fn member_bytes(&self, run: i64, block: u32, read: impl FnOnce(&[u8])) -> Result<()> {
        let sql = "select units from index_member where id = ?1";
        let read = |row: &Row<'_>| row.get_ref(0)?.as_blob().map(read).map_err(Into::into);
        self.optional(sql, [member_block(run, block)], read)
            .map(drop)
    }

    /// Notes that a unit with these features waits to be indexed.
    pub fn insert_pending(&self, unit: UnitId, features: &Sides<Vec<u8>>) -> Result<()> {
        let sql = "insert into index_pending (unit, ar, en) values (?1, ?2, ?3)";
        self.checked(|c| {
            c.prepare_cached(sql)?
                .execute((unit.0, &features.ar, &features.en))
        })
        .map(drop)
    }

    /// How many units wait to be indexed.
    pub fn pending_count(&self) -> Result<usize> {
        Ok(self.rows_of("index_pending")? as usize)
    }

    /// Notes that no unit waits.
    pub fn clear_pending(&self) -> Result<()> {
        self.run("delete from index_pending")
    }

    /// Hands the units that wait, with their features, to `visit`, in the order of their numbers.
    pub fn for_each_pending(&self, mut visit: impl FnMut(UnitId, Sides<&[u8]>)) -> Result<()> {
        self.checked(|c| {
            let mut statement =
                c.prepare_cached("select unit, ar, en from index_pending order by unit")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let features = Sides {
                    ar: row.get_ref(1)?.as_blob()?,
                    en: row.get_ref(2)?.as_blob()?,
                };
                visit(UnitId(row.get(0)?), features);
            }
            Ok(())
        })
    }
}

impl Chunks for Store {
    type Error = super::StoreError;

    fn chunk(&self, number: i64, read: &mut dyn FnMut(&[u8])) -> Result<()> {
        let read = |row: &Row<'_>| row.get_ref(0)?.as_blob().map(read).map_err(Into::into);
        self.optional(
            "select bytes from index_chunk where id = ?1",
            [number],
            read,
        )
        .map(drop)
    }
}

impl RunWriter<'_> {
    /// Stores the ascending pairs of the keys of the run's members and their ordinals; before the lists.
    pub fn keys(&mut self, pairs: &[(Key, u32)]) -> Result<()> {
        let rows: Vec<_> = keys::encode(pairs, self.members).collect();
        let mut rows = rows.into_iter().rev();
        rows.try_for_each(|(row, bytes)| self.key_row(row, &bytes))
    }

    /// Stores a row of keys; before the lists, and that of the greatest keys first, since so they stand in the file.
    pub fn key_row(&mut self, row: u32, bytes: &[u8]) -> Result<()> {
        let sql = "insert into index_list (run, gram, count, bytes) values (?1, ?2, 0, ?3)";
        let values = (self.run, key_row(row), bytes);
        self.store
            .checked(|c| c.prepare_cached(sql)?.execute(values))
            .map(drop)
    }

    /// Stores the list of one feature.
    pub fn list(&mut self, gram: Gram, ordinals: &[u32]) -> Result<()> {
        self.encoded_list(gram, ordinals.len() as u32, EncodedList::new(ordinals))
    }

    /// Stores the list of one feature, of `count` postings.
    pub fn encoded_list(&mut self, gram: Gram, count: u32, list: EncodedList) -> Result<()> {
        let (first, bytes) = match list {
            EncodedList::Inline(bytes) => (None, bytes),
            EncodedList::Chunked { directory, chunks } => {
                let first = self.next_chunk;
                for chunk in chunks {
                    let sql = "insert into index_chunk (id, bytes) values (?1, ?2)";
                    let id = self.next_chunk;
                    self.store
                        .checked(|c| c.prepare_cached(sql)?.execute((id, chunk)))?;
                    self.next_chunk += 1;
                }
                (Some(first), directory)
            }
        };
        let sql = "insert into index_list (run, gram, count, first_chunk, bytes) values (?1, ?2, ?3, ?4, ?5)";
        let values = (self.run, gram as i64, count, first, bytes);
        self.store
            .checked(|c| c.prepare_cached(sql)?.execute(values))
            .map(drop)
    }

    /// Ends the run.
    pub fn finish(self) -> Result<()> {
        let sql = "update index_run set first_chunk = ?2, end_chunk = ?3 where id = ?1";
        self.store
            .checked(|c| c.execute(sql, (self.run, self.first_chunk, self.next_chunk)))
            .map(drop)
    }
}

pub(super) fn side_number(side: Lang) -> i64 {
    match side {
        Lang::Arabic => 0,
        Lang::English => 1,
    }
}

/// Rows of keys stand among the lists of their run, under negative numbers, which no gram has.
fn key_row(row: u32) -> i64 {
    -1 - i64::from(row)
}

fn member_block(run: i64, block: u32) -> i64 {
    run << 32 | i64::from(block)
}

fn run_head(row: &Row<'_>) -> rusqlite::Result<RunHead> {
    Ok(RunHead {
        id: row.get(0)?,
        side: if row.get::<_, i64>(1)? == 0 {
            Lang::Arabic
        } else {
            Lang::English
        },
        first: UnitId(row.get(2)?),
        last: UnitId(row.get(3)?),
        sizes: SizeMap::from_bytes(row.get_ref(4)?.as_blob()?),
        chunks: (row.get(5)?, row.get(6)?),
    })
}

fn stored_list(row: &Row<'_>, from: usize) -> rusqlite::Result<StoredList> {
    Ok(StoredList {
        count: row.get(from)?,
        first_chunk: row.get(from + 1)?,
        bytes: row.get_ref(from + 2)?.as_blob()?.into(),
    })
}
