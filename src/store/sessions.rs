//! Import sessions: who wrote what, when and from where, so that it can be listed and undone.

use rusqlite::Row;

use super::{Restored, Result, Store, StoreError};
use crate::session::{ImportCounts, Session, SessionInfo, Undone};
use crate::unit::{SessionId, UnitId, UnixSeconds};

impl Store {
    /// Enters a new session.
    pub fn insert_session(&self, info: &SessionInfo, now: UnixSeconds) -> Result<SessionId> {
        let sql =
            "insert into session (command, author, source, started_at) values (?1, ?2, ?3, ?4)";
        self.checked(|c| {
            c.execute(sql, (&info.command, &info.author, &info.source, now.0))?;
            Ok(SessionId(c.last_insert_rowid()))
        })
    }

    /// Enters what became of a session's units.
    pub fn set_session_counts(&self, id: SessionId, counts: &ImportCounts) -> Result<()> {
        let sql = "update session set read = ?2, added = ?3, merged = ?4, duplicates = ?5, rejected = ?6 where id = ?1";
        let ImportCounts {
            read,
            added,
            merged,
            duplicates,
            rejected,
        } = *counts;
        let n = |count: u64| count as i64;
        let values = (
            id.0,
            n(read),
            n(added),
            n(merged),
            n(duplicates),
            n(rejected),
        );
        self.checked(|c| c.execute(sql, values)).map(drop)
    }

    /// All sessions, oldest first.
    pub fn sessions(&self) -> Result<Vec<Session>> {
        let sql = "select id, command, author, source, started_at, undone_at, read, added, merged, duplicates, rejected,
                          (select count(*) from replaced_occurrence r where r.session = session.id)
                   from session order by id";
        self.checked(|c| c.prepare(sql)?.query_map([], session)?.collect())
    }

    /// Takes away a session's occurrences, and the units and documents that have none left, and brings back what it
    /// replaced. The units that are gone are in `gone`, ascending.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], [`StoreError::UndoLaterFirst`].
    pub fn undo_session(
        &self,
        id: SessionId,
        now: UnixSeconds,
        gone: &mut Vec<UnitId>,
    ) -> Result<(Undone, Restored)> {
        self.check_undoable(id)?;
        let sql = "update session set undone_at = ?2 where id = ?1 and undone_at is null";
        if self.checked(|c| c.execute(sql, (id.0, now.0)))? == 0 {
            return Err(StoreError::NoSession {
                path: self.path.clone(),
                id: id.0,
            });
        }
        let units: Vec<i64> = self.checked(|c| {
            let mut statement =
                c.prepare("select distinct unit from occurrence where session = ?1 order by unit")?;
            statement.query_map([id.0], |row| row.get(0))?.collect()
        })?;
        let occurrences =
            self.checked(|c| c.execute("delete from occurrence where session = ?1", [id.0]))?;
        for unit in units {
            gone.extend(self.delete_unit_if_bare(UnitId(unit))?);
        }
        let restored = self.restore_replaced(id)?;
        let sql = "delete from document where not exists (select 1 from occurrence where document = document.id)";
        self.run(sql)?;
        let terms = self.undo_terms(id)?;
        let undone = Undone {
            units: gone.len() as u64,
            occurrences: occurrences as u64,
            restored: restored.occurrences,
            term_entries: terms.gone,
            restored_term_entries: terms.restored,
        };
        Ok((undone, restored))
    }
}

fn session(row: &Row<'_>) -> rusqlite::Result<Session> {
    let count = |i| row.get::<_, i64>(i).map(|n| n as u64);
    Ok(Session {
        id: SessionId(row.get(0)?),
        info: SessionInfo {
            command: row.get(1)?,
            author: row.get(2)?,
            source: row.get(3)?,
        },
        started: UnixSeconds(row.get(4)?),
        undone: row.get::<_, Option<i64>>(5)?.map(UnixSeconds),
        counts: ImportCounts {
            read: count(6)?,
            added: count(7)?,
            merged: count(8)?,
            duplicates: count(9)?,
            rejected: count(10)?,
        },
        replaced: count(11)?,
    })
}
