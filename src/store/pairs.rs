//! Which unit has a pair: the table `pair`, by hash, and what is not in it yet.
//!
//! Hashes come in no order. If each went into the table with its unit, it would change a page of its own; so those of new
//! units wait, and go there together, in their order: at the latest before the transaction ends.
//!
//! Cost: 17 bytes for each pair that waits.

use rustc_hash::FxHashMap;

use super::known_pairs::KnownPairs;
use super::units::PackedUnit;
use super::{Result, Store};
use crate::lang::Sides;
use crate::unit::UnitId;

/// So many pairs wait at most.
const WAITING_PAIRS: usize = 200_000;

/// What the transaction that writes knows of pairs.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    known: KnownPairs,
    /// Units that are not in the table yet; of those with the same hash one.
    waiting: FxHashMap<u32, UnitId>,
}

impl Store {
    /// The unit that says just the same.
    pub(super) fn unit_with(&self, unit: &PackedUnit) -> Result<Option<UnitId>> {
        self.note_known_pairs()?;
        if !self.pairs.borrow().known.may_hold(unit.hash()) {
            return Ok(None);
        }
        let waiting = self.pairs.borrow().waiting.get(&unit.hash()).copied();
        let of_waiting =
            "select id from unit where id = ?1 and ar = ?2 and en = ?3 and codes is ?4";
        let of_table = "select id from pair join unit on id = unit
                        where hash = ?1 and ar = ?2 and en = ?3 and codes is ?4";
        let Sides { ar, en } = &unit.sides;
        let find = |sql, key: i64| {
            self.optional(sql, (key, ar, en, &unit.codes), |row| {
                row.get(0).map(UnitId)
            })
        };
        let found = match waiting {
            Some(UnitId(waiting)) => find(of_waiting, waiting)?,
            None => None,
        };
        match found {
            Some(unit) => Ok(Some(unit)),
            None => find(of_table, unit.hash().into()),
        }
    }

    /// Notes the pairs that there are, where it pays, so that it need not be asked for those that there are not.
    fn note_known_pairs(&self) -> Result<()> {
        let mut pairs = self.pairs.borrow_mut();
        let Pairs { known, waiting } = &mut *pairs;
        // Where their number can't be had, the question itself will say why.
        let stored = || self.newest_unit().map_or(u64::MAX, |UnitId(n)| n as u64);
        if !known.is_worth_it(stored) {
            return Ok(());
        }
        known.start();
        waiting.keys().for_each(|&hash| known.note(hash));
        self.checked(|c| {
            let mut statement = c.prepare("select hash from pair")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                known.note(row.get(0)?);
            }
            Ok(())
        })
    }

    /// Notes the pair of a new unit.
    pub(super) fn add_pair(&self, hash: u32, unit: UnitId) -> Result<()> {
        let mut pairs = self.pairs.borrow_mut();
        pairs.known.note(hash);
        match pairs.waiting.get(&hash) {
            Some(_) => return self.insert_pairs(&[(hash, unit.0)]),
            None => pairs.waiting.insert(hash, unit),
        };
        let is_full = pairs.waiting.len() >= WAITING_PAIRS;
        drop(pairs);
        match is_full {
            true => self.store_waiting_pairs(),
            false => Ok(()),
        }
    }

    /// Drops the pair of a unit that is gone.
    pub(super) fn remove_pair(&self, hash: u32, unit: UnitId) -> Result<()> {
        let waiting = &mut self.pairs.borrow_mut().waiting;
        if waiting.get(&hash) == Some(&unit) {
            waiting.remove(&hash);
            return Ok(());
        }
        let sql = "delete from pair where hash = ?1 and unit = ?2";
        self.checked(|c| c.prepare_cached(sql)?.execute((hash, unit.0)))
            .map(drop)
    }

    /// Puts the pairs that wait into the table.
    pub(super) fn store_waiting_pairs(&self) -> Result<()> {
        let mut pairs = self.pairs.borrow_mut();
        let waiting = pairs.waiting.drain();
        let mut rows: Vec<_> = waiting.map(|(hash, unit)| (hash, unit.0)).collect();
        rows.sort_unstable();
        self.insert_pairs(&rows)
    }

    fn insert_pairs(&self, rows: &[(u32, i64)]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        self.checked(|c| {
            let mut insert = c.prepare_cached("insert into pair (hash, unit) values (?1, ?2)")?;
            rows.iter()
                .try_for_each(|row| insert.execute(*row).map(drop))
        })
    }

    /// Stores what waits, and forgets which pairs there are, since no more units come that may be among them.
    pub fn settle_pairs(&self) -> Result<()> {
        self.store_waiting_pairs()?;
        self.pairs.take();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::UnixSeconds;

    fn rows(store: &Store) -> Vec<(u32, i64)> {
        let select = |c: &rusqlite::Connection| {
            let mut statement = c.prepare("select hash, unit from pair order by hash, unit")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        store.checked(select).unwrap()
    }

    #[test]
    fn pairs_with_the_same_hash_wait_and_go_one_by_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pairs.dhakira");
        let store = Store::open_or_create(&path, UnixSeconds(0)).unwrap();
        store.begin().unwrap();
        for (hash, unit) in [(9, 1), (7, 2), (7, 3), (8, 4), (7, 5)] {
            store.add_pair(hash, UnitId(unit)).unwrap();
        }
        store.remove_pair(7, UnitId(3)).unwrap();
        store.remove_pair(8, UnitId(4)).unwrap();
        store.commit().unwrap();
        assert_eq!(rows(&store), [(7, 2), (7, 5), (9, 1)]);
        store.begin().unwrap();
        store.remove_pair(7, UnitId(2)).unwrap();
        store.add_pair(7, UnitId(6)).unwrap();
        store.rollback();
        store.begin().unwrap();
        store.commit().unwrap();
        assert_eq!(rows(&store), [(7, 2), (7, 5), (9, 1)]);
    }
}
