//! Occurrences that a session moves, changes or removes, kept as they were until the session can no longer be undone.

use rusqlite::Row;

use super::units::{PackedUnit, UNIT_SQL, translation_unit};
use super::{Documents, OccurrenceId, Result, Store, StoreError};
use crate::lang::Sides;
use crate::score::Confidence;
use crate::unit::{SessionId, TranslationUnit, UnitId};

/// The command whose sessions update documents instead of adding to them.
pub const UPDATING_COMMAND: &str = "align";

/// What undoing a session brought back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Units that were gone and have a new number now, with their segments; ascending.
    pub units: Vec<(UnitId, Sides<String>)>,
    /// Occurrences that are as they were again.
    pub occurrences: u64,
}

impl Store {
    /// The occurrences that alignments brought of a document, in its order.
    pub fn aligned_occurrences(
        &self,
        document: &str,
    ) -> Result<Vec<(OccurrenceId, TranslationUnit)>> {
        let sql = format!(
            "{UNIT_SQL} where o.document = (select id from document where name = ?1)
             and o.session in (select id from session where command = '{UPDATING_COMMAND}')
             order by o.position, o.id"
        );
        self.checked(|c| {
            let mut statement = c.prepare_cached(&sql)?;
            let read = |row: &Row<'_>| Ok((OccurrenceId(row.get(11)?), translation_unit(row)?));
            statement.query_map([document], read)?.collect()
        })
    }

    /// Moves an occurrence and gives it another standing, so that undoing `session` takes that back.
    pub fn change_occurrence(
        &self,
        occurrence: OccurrenceId,
        session: SessionId,
        unit: &TranslationUnit,
    ) -> Result<()> {
        self.keep_replaced(occurrence, session, false)?;
        let sql = "update occurrence set position = ?2, state = ?3, confidence = ?4, changed_at = ?5 where id = ?1";
        let origin = &unit.origin;
        let values = (
            occurrence.0,
            origin.position,
            origin.state as u8,
            origin.confidence.map(Confidence::thousandths),
            origin.changed.map(|time| time.0),
        );
        self.checked(|c| c.prepare_cached(sql)?.execute(values))
            .map(drop)
    }

    /// Removes an occurrence, so that undoing `session` brings it back. Gives the unit's number where it was the last.
    pub fn remove_occurrence(
        &self,
        occurrence: OccurrenceId,
        session: SessionId,
        unit: UnitId,
    ) -> Result<Option<UnitId>> {
        self.keep_replaced(occurrence, session, true)?;
        self.checked(|c| {
            c.prepare_cached("delete from occurrence where id = ?1")?
                .execute([occurrence.0])
        })?;
        self.delete_unit_if_bare(unit)
    }

    /// Deletes a unit that has no occurrence left; gives its number if it had none.
    pub(super) fn delete_unit_if_bare(&self, unit: UnitId) -> Result<Option<UnitId>> {
        let sql = "delete from unit where id = ?1 and not exists (select 1 from occurrence where id between ?2 and ?3)
                   returning ar, en, codes";
        let (first, last) = (OccurrenceId::first_of(unit), OccurrenceId::last_of(unit));
        let deleted = self.optional(sql, (unit.0, first, last), |row| {
            let sides = Sides {
                ar: row.get(0)?,
                en: row.get(1)?,
            };
            Ok(PackedUnit::from_columns(sides, row.get(2)?))
        })?;
        match deleted {
            Some(deleted) => self.remove_pair(deleted.hash(), unit).map(|()| Some(unit)),
            None => Ok(None),
        }
    }

    /// Keeps an occurrence as it is, with what its unit says if it is about to go.
    fn keep_replaced(
        &self,
        occurrence: OccurrenceId,
        session: SessionId,
        is_going: bool,
    ) -> Result<()> {
        let sql = "insert into replaced_occurrence
            select ?2, o.id, o.session, d.name, o.position, o.author, o.created_at, o.changed_at, o.state, o.confidence,
                   o.extra, iif(?3, u.ar, null), iif(?3, u.en, null), iif(?3, u.codes, null)
            from occurrence o join document d on d.id = o.document join unit u on u.id = o.unit where o.id = ?1
            on conflict do update set ar = excluded.ar, en = excluded.en, codes = excluded.codes";
        self.checked(|c| {
            c.prepare_cached(sql)?
                .execute((occurrence.0, session.0, is_going))
        })
        .map(drop)
    }

    /// Fails where a later session stands that replaced what `session` brought, or has changed the same documents since:
    /// undoing would bring back what is there in another form.
    pub(super) fn check_undoable(&self, session: SessionId) -> Result<()> {
        let sql = "select max(later.id) from session later where later.id > ?1 and later.undone_at is null and (
            exists (select 1 from replaced_occurrence where brought_by = ?1 and session = later.id)
            or exists (select 1 from replaced_occurrence mine where mine.session = ?1 and (
                exists (select 1 from replaced_occurrence other
                        where other.session = later.id and other.document = mine.document)
                or (later.command = ?2 and exists (
                    select 1 from occurrence o join document d on d.id = o.document
                    where o.session = later.id and d.name = mine.document)))))";
        let later: Option<Option<i64>> =
            self.optional(sql, (session.0, UPDATING_COMMAND), |row| row.get(0))?;
        match later.flatten() {
            Some(later) => Err(StoreError::UndoLaterFirst {
                path: self.path.clone(),
                id: session.0,
                later,
            }),
            None => Ok(()),
        }
    }

    /// Brings back what a session replaced.
    pub(super) fn restore_replaced(&self, session: SessionId) -> Result<Restored> {
        let sql = "select occurrence, brought_by, document, position, author, created_at, changed_at, state, confidence,
                   extra, ar, en, codes from replaced_occurrence where session = ?1 order by occurrence";
        let rows: Vec<ReplacedRow> = self.checked(|c| {
            c.prepare(sql)?
                .query_map([session.0], ReplacedRow::of)?
                .collect()
        })?;
        let mut restored = Restored {
            occurrences: rows.len() as u64,
            ..Restored::default()
        };
        let mut documents = Documents::default();
        for row in rows {
            match &row.said {
                None => self.put_back(&row)?,
                Some(said) => {
                    let (unit, is_new) = self.unit_of(said)?;
                    if is_new {
                        restored.units.push((unit, said.text()));
                    }
                    let document = self.document(&row.document, &mut documents)?;
                    self.insert_again(&row, unit, document)?;
                }
            }
        }
        let sql = "delete from replaced_occurrence where session = ?1";
        self.checked(|c| c.execute(sql, [session.0]))?;
        Ok(restored)
    }

    /// Gives an occurrence that is still there its old place and standing.
    fn put_back(&self, row: &ReplacedRow) -> Result<()> {
        let sql = "update occurrence set position = ?2, state = ?3, confidence = ?4, changed_at = ?5 where id = ?1";
        let values = (
            row.occurrence,
            row.position,
            row.state,
            row.confidence,
            row.changed,
        );
        self.checked(|c| c.prepare_cached(sql)?.execute(values))
            .map(drop)
    }

    fn insert_again(&self, row: &ReplacedRow, unit: UnitId, document: i64) -> Result<()> {
        let first = OccurrenceId::first_of(unit);
        let number = if (first..=OccurrenceId::last_of(unit)).contains(&row.occurrence) {
            row.occurrence
        } else {
            // Its unit was gone and has another number now; what earlier sessions replaced of it goes on referring to it.
            let OccurrenceId(number) = self.next_occurrence(unit)?;
            let sql = "update replaced_occurrence set occurrence = ?2 where occurrence = ?1";
            self.checked(|c| c.prepare_cached(sql)?.execute((row.occurrence, number)))?;
            number
        };
        let sql = "insert into occurrence
            (id, session, document, position, author, created_at, changed_at, state, confidence, extra)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let values = (
            number,
            row.brought_by,
            document,
            row.position,
            &row.author,
            row.created,
            row.changed,
            row.state,
            row.confidence,
            &row.extra,
        );
        self.checked(|c| c.prepare_cached(sql)?.execute(values))
            .map(drop)
    }
}

/// A row of `replaced_occurrence`.
struct ReplacedRow {
    occurrence: i64,
    brought_by: i64,
    document: String,
    position: Option<u32>,
    author: Option<String>,
    created: Option<i64>,
    changed: Option<i64>,
    state: u8,
    confidence: Option<u16>,
    extra: Option<String>,
    /// What its unit says, which may be gone.
    said: Option<PackedUnit>,
}

impl ReplacedRow {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let ar: Option<Vec<u8>> = row.get(10)?;
        let sides = ar.zip(row.get(11)?).map(|(ar, en)| Sides { ar, en });
        let codes = row.get(12)?;
        Ok(Self {
            occurrence: row.get(0)?,
            brought_by: row.get(1)?,
            document: row.get(2)?,
            position: row.get(3)?,
            author: row.get(4)?,
            created: row.get(5)?,
            changed: row.get(6)?,
            state: row.get(7)?,
            confidence: row.get(8)?,
            extra: row.get(9)?,
            said: sides.map(|sides| PackedUnit::from_columns(sides, codes)),
        })
    }
}
