//! Term entries and the keys that they are found by, as rows.

use rusqlite::Row;
use rustc_hash::FxHashSet;

use super::units::text;
use super::{Result, Store};
use crate::hash::fnv1a;
use crate::term::{KEY_VERSION, TermEntry, TermEntryId, TermKey};
use crate::unit::SessionId;

/// What undoing a session did to term entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TermUndo {
    /// Entries that are gone.
    pub gone: u64,
    /// Entries that are there again.
    pub restored: u64,
}

impl Store {
    /// Whether the keys of the terms, where there are any, are of the current version.
    pub fn term_keys_are_current(&self) -> Result<bool> {
        let sql = "select term_key_version from memory where exists (select 1 from term_entry)";
        let version: Option<u32> = self.optional(sql, [], |row| row.get(0))?;
        Ok(version.is_none_or(|version| version == KEY_VERSION))
    }

    /// Notes that the keys have the current version.
    pub fn set_term_key_version(&self) -> Result<()> {
        self.checked(|c| c.execute("update memory set term_key_version = ?1", [KEY_VERSION]))
            .map(drop)
    }

    /// Adds an entry, unless the very same stands already. Gives its number, and whether it is new.
    pub fn add_term_entry(
        &self,
        entry: &TermEntry,
        session: SessionId,
    ) -> Result<(TermEntryId, bool)> {
        let body = serde_json::to_string(entry).expect("strings are always JSON");
        let hash = fnv1a(body.bytes()) as i64;
        let sql =
            "select id from term_entry where body_hash = ?1 and body = ?2 and removed_by is null";
        let known = self.optional(sql, (hash, &body), |row| row.get(0).map(TermEntryId))?;
        if let Some(known) = known {
            return Ok((known, false));
        }
        let sql = "insert into term_entry (session, body_hash, body) values (?1, ?2, ?3)";
        let added = self.checked(|c| {
            c.prepare_cached(sql)?.execute((session.0, hash, &body))?;
            Ok(TermEntryId(c.last_insert_rowid()))
        })?;
        Ok((added, true))
    }

    /// Adds the keys of an entry.
    pub fn add_term_keys(&self, entry: TermEntryId, keys: &[TermKey]) -> Result<()> {
        self.checked(|c| {
            let sql = "insert or ignore into term_key (key, entry) values (?1, ?2)";
            let mut statement = c.prepare_cached(sql)?;
            for key in keys {
                statement.execute((key.0, entry.0))?;
            }
            Ok(())
        })
    }

    /// Removes all keys.
    pub fn clear_term_keys(&self) -> Result<()> {
        self.run("delete from term_key")
    }

    /// Whether there are any terms to be found.
    pub fn has_terms(&self) -> Result<bool> {
        let sql = "select 1 from term_key limit 1";
        Ok(self.optional(sql, [], |_| Ok(()))?.is_some())
    }

    /// The entries that have one of these keys, ascending, none twice.
    pub fn entries_with_keys(&self, keys: &[TermKey]) -> Result<Vec<TermEntryId>> {
        let mut entries = self.checked(|c| {
            let mut statement = c.prepare_cached("select entry from term_key where key = ?1")?;
            let mut entries = Vec::new();
            for key in keys {
                let mut rows = statement.query([key.0])?;
                while let Some(row) = rows.next()? {
                    entries.push(TermEntryId(row.get(0)?));
                }
            }
            Ok(entries)
        })?;
        entries.sort_unstable();
        entries.dedup();
        Ok(entries)
    }

    /// Hands each key to `visit`, a key of several entries several times.
    pub fn for_each_term_key(&self, mut visit: impl FnMut(TermKey, TermEntryId)) -> Result<()> {
        self.checked(|c| {
            let mut statement = c.prepare_cached("select key, entry from term_key")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                visit(TermKey(row.get(0)?), TermEntryId(row.get(1)?));
            }
            Ok(())
        })
    }

    /// An entry; `None` where there is none of that number, or it was removed.
    pub fn term_entry(&self, id: TermEntryId) -> Result<Option<TermEntry>> {
        let sql = "select body from term_entry where id = ?1 and removed_by is null";
        Ok(self.optional(sql, [id.0], |row| entry(row, 0))?.flatten())
    }

    /// Calls `visit` with every entry that stands, the oldest first. Stops at its first error.
    pub fn for_each_term_entry<E: From<super::StoreError>>(
        &self,
        mut visit: impl FnMut(TermEntryId, TermEntry) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let sql = "select id, body from term_entry where removed_by is null order by id";
        let mut statement = self.checked(|c| c.prepare(sql))?;
        let mut rows = statement.query([]).map_err(|e| self.error(e))?;
        while let Some(row) = rows.next().map_err(|e| self.error(e))? {
            let read = || Ok((TermEntryId(row.get(0)?), entry(row, 1)?));
            if let (id, Some(entry)) = read().map_err(|e| self.error(e))? {
                visit(id, entry)?;
            }
        }
        Ok(())
    }

    /// How many entries stand.
    pub fn term_entry_count(&self) -> Result<u64> {
        self.rows_of("(select 1 from term_entry where removed_by is null)")
    }

    /// Removes an entry, so that undoing `session` brings it back; whether it was there.
    pub fn remove_term_entry(&self, id: TermEntryId, session: SessionId) -> Result<bool> {
        let sql = "update term_entry set removed_by = ?2 where id = ?1 and removed_by is null";
        let removed = self.checked(|c| c.prepare_cached(sql)?.execute((id.0, session.0)))?;
        Ok(removed > 0)
    }

    /// Takes away what a session brought, and brings back what it removed.
    pub(super) fn undo_terms(&self, session: SessionId) -> Result<TermUndo> {
        let run = |sql| self.checked(|c| c.execute(sql, [session.0]));
        let restored = run("update term_entry set removed_by = null where removed_by = ?1")?;
        let gone = run("delete from term_entry where session = ?1")?;
        Ok(TermUndo {
            gone: gone as u64,
            restored: restored as u64,
        })
    }

    /// The entries whose keys are not those that `keys_of` gives.
    pub fn entries_with_other_keys(
        &self,
        keys_of: impl Fn(&TermEntry) -> Vec<TermKey>,
    ) -> Result<Vec<TermEntryId>> {
        let mut stored: FxHashSet<(TermKey, TermEntryId)> = FxHashSet::default();
        self.for_each_term_key(|key, entry| {
            stored.insert((key, entry));
        })?;
        let mut wrong = Vec::new();
        self.for_each_term_entry(|id, entry| {
            if keys_of(&entry)
                .iter()
                .any(|key| !stored.contains(&(*key, id)))
            {
                wrong.push(id);
            }
            Ok::<_, super::StoreError>(())
        })?;
        Ok(wrong)
    }
}

/// An entry's column; `None` for what another program may have written there.
fn entry(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<TermEntry>> {
    Ok(serde_json::from_str(text(row, column)?).ok())
}
