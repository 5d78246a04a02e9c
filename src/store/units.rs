//! Units, their occurrences and their documents as rows.

use std::ops::ControlFlow;

use rusqlite::{OptionalExtension, Row};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::packing::{pack, pair_hash, unpack};
use super::{Result, Store, StoreError};
use crate::coded::{Code, Coded};
use crate::lang::{Lang, Sides};
use crate::score::Confidence;
use crate::unit::{DraftUnit, Origin, SessionId, TranslationUnit, UnitId, UnitState, UnixSeconds};

/// What became of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is a new unit.
    New,
    /// The pair was there; this place is new.
    Merged,
    /// The pair was there at this place, or without one but with the same notes and properties.
    Duplicate,
}

/// The numbers of the documents that an import has met.
pub type Documents = FxHashMap<String, i64>;

/// The number of an occurrence in its memory: those of a unit are [`OCCURRENCES`] numbers in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OccurrenceId(pub(super) i64);

/// The most occurrences that a unit can have.
pub const OCCURRENCES: i64 = 1 << 24;

impl OccurrenceId {
    /// The first number that an occurrence of `unit` can have.
    pub(super) fn first_of(unit: UnitId) -> i64 {
        unit.0.saturating_mul(OCCURRENCES)
    }

    /// The last one.
    pub(super) fn last_of(unit: UnitId) -> i64 {
        Self::first_of(unit).saturating_add(OCCURRENCES - 1)
    }
}

/// A place of a unit in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The occurrence that is there.
    pub occurrence: OccurrenceId,
    document: i64,
    position: i64,
}

/// Notes and properties of an occurrence, as the column `extra` holds them.
#[derive(Default, Serialize, Deserialize)]
struct Extra {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    properties: Vec<(String, String)>,
}

/// The column `extra`; `None` where there are neither notes nor properties.
fn extra(origin: &Origin) -> Option<String> {
    (!origin.notes.is_empty() || !origin.properties.is_empty()).then(|| {
        let extra = Extra {
            notes: origin.notes.clone(),
            properties: origin.properties.clone(),
        };
        serde_json::to_string(&extra).expect("strings are always JSON")
    })
}

/// The inline codes of a unit, as the column `codes` holds them. Equal codes are equal text there.
#[derive(Serialize, Deserialize)]
struct Codes {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ar: Vec<Code>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    en: Vec<Code>,
}

impl Codes {
    /// `None` where neither side has codes.
    fn to_column(codes: &Sides<Vec<Code>>) -> Option<String> {
        (!codes.ar.is_empty() || !codes.en.is_empty()).then(|| {
            let codes = Self {
                ar: codes.ar.clone(),
                en: codes.en.clone(),
            };
            serde_json::to_string(&codes).expect("strings and numbers are always JSON")
        })
    }

    /// What another program may have written there is no reason to withhold the unit; codes that can't stand in the text
    /// are left out.
    fn of_column(json: &str, text: &Sides<String>) -> Sides<Vec<Code>> {
        let Ok(Self { ar, en }) = serde_json::from_str(json) else {
            return Sides::default();
        };
        let fitting =
            |text: &String, codes| Coded::new(text.clone(), codes).unwrap_or_default().codes;
        Sides {
            ar: fitting(&text.ar, ar),
            en: fitting(&text.en, en),
        }
    }
}

impl Store {
    /// Adds a draft to a session. `documents` is kept by the caller from one call to the next.
    pub fn add_unit(
        &self,
        draft: &DraftUnit,
        text: &PackedUnit,
        session: SessionId,
        documents: &mut Documents,
    ) -> Result<(UnitId, Added)> {
        let document = match &draft.origin.document {
            Some(name) => Some(self.document(name, documents)?),
            None => None,
        };
        let extra = extra(&draft.origin);
        let known = self.unit_with(text)?;
        let unit = match known {
            Some(unit)
                if self.occurs_at(unit, document, draft.origin.position, extra.as_deref())? =>
            {
                return Ok((unit, Added::Duplicate));
            }
            Some(unit) => unit,
            None => self.insert_unit(text)?,
        };
        let occurrence = match known {
            Some(unit) => self.next_occurrence(unit)?,
            None => OccurrenceId(OccurrenceId::first_of(unit)),
        };
        self.insert_occurrence(
            occurrence,
            session,
            document,
            &draft.origin,
            extra.as_deref(),
        )?;
        Ok((
            unit,
            if known.is_some() {
                Added::Merged
            } else {
                Added::New
            },
        ))
    }

    fn insert_unit(&self, unit: &PackedUnit) -> Result<UnitId> {
        let sql = "insert into unit (ar, en, codes) values (?1, ?2, ?3)";
        let Sides { ar, en } = &unit.sides;
        let id = self.checked(|c| {
            c.prepare_cached(sql)?.execute((ar, en, &unit.codes))?;
            Ok(UnitId(c.last_insert_rowid()))
        })?;
        self.add_pair(unit.hash, id)?;
        Ok(id)
    }

    /// The unit that says so, and whether it had to be made.
    pub(super) fn unit_of(&self, unit: &PackedUnit) -> Result<(UnitId, bool)> {
        match self.unit_with(unit)? {
            Some(id) => Ok((id, false)),
            None => Ok((self.insert_unit(unit)?, true)),
        }
    }

    pub(super) fn document(&self, name: &str, documents: &mut Documents) -> Result<i64> {
        if let Some(&id) = documents.get(name) {
            return Ok(id);
        }
        let found = self.optional("select id from document where name = ?1", [name], |row| {
            row.get(0)
        })?;
        let id = match found {
            Some(id) => id,
            None => self.checked(|c| {
                c.execute("insert into document (name) values (?1)", [name])?;
                Ok(c.last_insert_rowid())
            })?,
        };
        documents.insert(name.to_owned(), id);
        Ok(id)
    }

    /// Whether a unit occurs at a place; where none is named, an occurrence is known by its notes and properties as well.
    fn occurs_at(
        &self,
        unit: UnitId,
        document: Option<i64>,
        position: Option<u32>,
        extra: Option<&str>,
    ) -> Result<bool> {
        // By the index of places where there is a document, else among the unit's own.
        let sql = match document {
            Some(_) => {
                "select 1 from occurrence indexed by occurrence_by_place
                 where document = ?1 and position is ?2 and id between ?3 and ?4 and (?2 is not null or extra is ?5)"
            }
            None => {
                "select 1 from occurrence
                 where document is ?1 and position is ?2 and id between ?3 and ?4 and (?2 is not null or extra is ?5)"
            }
        };
        let (first, last) = (OccurrenceId::first_of(unit), OccurrenceId::last_of(unit));
        let values = (document, position, first, last, extra);
        Ok(self.optional(sql, values, |_| Ok(()))?.is_some())
    }

    /// A number for another occurrence of a unit, which none has and no undo refers to.
    pub(super) fn next_occurrence(&self, unit: UnitId) -> Result<OccurrenceId> {
        let sql = "select max(
            coalesce((select max(id) from occurrence where id between ?1 and ?2), ?1 - 1),
            coalesce((select max(occurrence) from replaced_occurrence where occurrence between ?1 and ?2), ?1 - 1)) + 1";
        let (first, last) = (OccurrenceId::first_of(unit), OccurrenceId::last_of(unit));
        let next = self.checked(|c| {
            c.prepare_cached(sql)?
                .query_row((first, last), |row| row.get(0))
        })?;
        if next > last {
            return Err(StoreError::TooManyOccurrences {
                path: self.path.clone(),
                unit: unit.0,
            });
        }
        Ok(OccurrenceId(next))
    }

    fn insert_occurrence(
        &self,
        occurrence: OccurrenceId,
        session: SessionId,
        document: Option<i64>,
        origin: &Origin,
        extra: Option<&str>,
    ) -> Result<()> {
        let sql = "insert into occurrence
                   (id, session, document, position, author, created_at, changed_at, state, confidence, extra)
                   values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let values = (
            occurrence.0,
            session.0,
            document,
            origin.position,
            &origin.author,
            origin.created.map(|time| time.0),
            origin.changed.map(|time| time.0),
            origin.state as u8,
            origin.confidence.map(Confidence::thousandths),
            extra,
        );
        self.checked(|c| c.prepare_cached(sql)?.execute(values))
            .map(drop)
    }

    /// Hands a unit's segment of one side to `read`; `None` where there is no such unit.
    pub fn segment<T>(
        &self,
        unit: UnitId,
        side: Lang,
        read: impl FnOnce(&str) -> T,
    ) -> Result<Option<T>> {
        let sql = match side {
            Lang::Arabic => "select ar from unit where id = ?1",
            Lang::English => "select en from unit where id = ?1",
        };
        self.optional(sql, [unit.0], |row| Ok(read(&segment(row, 0, side)?)))
    }

    /// Hands every unit's number and segments to `visit`, in the order of their numbers.
    pub fn for_each_text(
        &self,
        mut visit: impl FnMut(UnitId, Sides<&str>) -> Result<()>,
    ) -> Result<()> {
        let mut statement =
            self.checked(|c| c.prepare("select id, ar, en from unit order by id"))?;
        let mut rows = statement.query([]).map_err(|e| self.error(e))?;
        while let Some(row) = rows.next().map_err(|e| self.error(e))? {
            let unit = || Ok((UnitId(row.get(0)?), segments(row, 1)?));
            let (id, Sides { ar, en }) = unit().map_err(|e| self.error(e))?;
            visit(id, Sides { ar: &ar, en: &en })?;
        }
        Ok(())
    }

    /// The segments of every unit whose number is a multiple of `step`. Reads these alone.
    pub fn sample_texts(&self, step: u64) -> Result<Vec<Sides<String>>> {
        let sql = "with recursive number (id) as (
                       values (?1) union all select id + ?1 from number where id + ?1 <= ?2
                   )
                   select ar, en from number cross join unit using (id)";
        let last = self.newest_unit()?;
        self.checked(|c| {
            let mut statement = c.prepare(sql)?;
            statement
                .query_map((step.max(1) as i64, last.0), |row| segments(row, 0))?
                .collect()
        })
    }

    /// Hands both segments of a unit to `read`; `None` where there is no such unit.
    pub fn pair<T>(&self, unit: UnitId, read: impl FnOnce(Sides<&str>) -> T) -> Result<Option<T>> {
        let sql = "select ar, en from unit where id = ?1";
        self.optional(sql, [unit.0], |row| {
            let Sides { ar, en } = segments(row, 0)?;
            Ok(read(Sides { ar: &ar, en: &en }))
        })
    }

    /// The numbers of the units from `first` to `last`, ascending.
    pub fn unit_ids(&self, first: UnitId, last: UnitId) -> Result<Vec<UnitId>> {
        self.checked(|c| {
            let mut statement =
                c.prepare("select id from unit where id between ?1 and ?2 order by id")?;
            statement
                .query_map([first.0, last.0], |row| row.get(0).map(UnitId))?
                .collect()
        })
    }

    /// A unit with one of its occurrences, the newest where none is named.
    pub fn unit(
        &self,
        id: UnitId,
        occurrence: Option<OccurrenceId>,
    ) -> Result<Option<TranslationUnit>> {
        let (first, last) = match occurrence {
            Some(OccurrenceId(one)) => (one, one),
            None => (OccurrenceId::first_of(id), OccurrenceId::last_of(id)),
        };
        let sql = format!("{UNIT_SQL} where o.id between ?1 and ?2 order by o.id desc limit 1");
        self.checked(|c| {
            c.prepare_cached(&sql)?
                .query_row((first, last), translation_unit)
                .optional()
        })
    }

    /// Hands the occurrences of a unit to `visit`, the newest first, until it breaks off.
    pub fn for_each_occurrence_of(
        &self,
        unit: UnitId,
        mut visit: impl FnMut(OccurrenceId, Origin) -> ControlFlow<()>,
    ) -> Result<()> {
        let sql = format!("{UNIT_SQL} where o.id between ?1 and ?2 order by o.id desc");
        let range = (OccurrenceId::first_of(unit), OccurrenceId::last_of(unit));
        self.checked(|c| {
            let mut statement = c.prepare_cached(&sql)?;
            let mut rows = statement.query(range)?;
            while let Some(row) = rows.next()? {
                let occurrence = OccurrenceId(row.get(11)?);
                if visit(occurrence, translation_unit(row)?.origin).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }

    /// The places of a unit in documents, the newest first.
    pub fn places(&self, unit: UnitId) -> Result<Vec<Place>> {
        let sql = "select id, document, position from occurrence
                   where id between ?1 and ?2 and document is not null and position is not null order by id desc";
        let place = |row: &Row<'_>| {
            Ok(Place {
                occurrence: OccurrenceId(row.get(0)?),
                document: row.get(1)?,
                position: row.get(2)?,
            })
        };
        let range = (OccurrenceId::first_of(unit), OccurrenceId::last_of(unit));
        self.checked(|c| c.prepare_cached(sql)?.query_map(range, place)?.collect())
    }

    /// The segments of one side that stand before and behind a place.
    pub fn neighbours(&self, place: Place, side: Lang) -> Result<(Option<String>, Option<String>)> {
        let column = side.code();
        let near = |comparison: &str, order: &str| {
            let sql = format!(
                "select u.{column} from occurrence o join unit u on u.id = o.unit
                 where o.document = ?1 and o.position {comparison} ?2 order by o.position {order} limit 1"
            );
            self.optional(&sql, (place.document, place.position), |row| {
                segment(row, 0, side)
            })
        };
        Ok((near("<", "desc")?, near(">", "asc")?))
    }

    /// Calls `visit` with every occurrence of these sessions, of all where none are named: documents by name, positions in
    /// order, then those without a document.
    pub fn for_each_occurrence<E>(
        &self,
        sessions: &[SessionId],
        mut visit: impl FnMut(TranslationUnit) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E>
    where
        E: From<super::StoreError>,
    {
        let numbers: Vec<_> = sessions.iter().map(ToString::to_string).collect();
        let of_sessions = match numbers[..] {
            [] => String::new(),
            _ => format!("where o.session in ({})", numbers.join(", ")),
        };
        let sql =
            format!("{UNIT_SQL} {of_sessions} order by d.name is null, d.name, o.position, o.id");
        let mut statement = self.checked(|c| c.prepare(&sql))?;
        let mut rows = statement.query([]).map_err(|e| self.error(e))?;
        while let Some(row) = rows.next().map_err(|e| self.error(e))? {
            visit(translation_unit(row).map_err(|e| self.error(e))?)?;
        }
        Ok(())
    }

    /// How many rows a table has.
    pub(super) fn rows_of(&self, table: &str) -> Result<u64> {
        let count: i64 = self.checked(|c| {
            c.query_row(&format!("select count(*) from {table}"), [], |row| {
                row.get(0)
            })
        })?;
        Ok(count as u64)
    }

    /// The greatest number of a unit; 0 where there is none. As many units have been added, or a few more.
    pub fn newest_unit(&self) -> Result<UnitId> {
        let sql = "select coalesce(max(id), 0) from unit";
        self.checked(|c| {
            c.prepare_cached(sql)?
                .query_row([], |row| row.get(0).map(UnitId))
        })
    }

    /// How many units there are.
    pub fn unit_count(&self) -> Result<u64> {
        self.rows_of("unit")
    }

    /// Units, occurrences, documents and sessions that stand.
    pub fn counts(&self) -> Result<[u64; 4]> {
        let sessions = "(select 1 from session where undone_at is null)";
        Ok([
            self.rows_of("unit")?,
            self.rows_of("occurrence")?,
            self.rows_of("document")?,
            self.rows_of(sessions)?,
        ])
    }
}

/// All columns of a [`TranslationUnit`] and its occurrence's number, to be followed by a condition or an order.
pub(super) const UNIT_SQL: &str =
    "select u.id, u.ar, u.en, d.name, o.position, o.author, o.created_at, o.changed_at, o.state, o.confidence, o.extra,
            o.id, u.codes
     from occurrence o join unit u on u.id = o.unit left join document d on d.id = o.document";

pub(super) fn translation_unit(row: &Row<'_>) -> rusqlite::Result<TranslationUnit> {
    let extra: Option<String> = row.get(10)?;
    // What another program may have written there is no reason to withhold the unit.
    let extra: Extra = extra
        .and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or_default();
    let codes: Option<String> = row.get(12)?;
    let state: u8 = row.get(8)?;
    let text = segments(row, 1)?;
    Ok(TranslationUnit {
        id: UnitId(row.get(0)?),
        codes: codes.map_or_else(Sides::default, |json| Codes::of_column(&json, &text)),
        text,
        origin: Origin {
            document: row.get(3)?,
            position: row.get(4)?,
            author: row.get(5)?,
            created: row.get::<_, Option<i64>>(6)?.map(UnixSeconds),
            changed: row.get::<_, Option<i64>>(7)?.map(UnixSeconds),
            state: UnitState::ALL
                .get(usize::from(state))
                .copied()
                .unwrap_or_default(),
            confidence: row
                .get::<_, Option<u16>>(9)?
                .map(Confidence::from_thousandths),
            notes: extra.notes,
            properties: extra.properties,
        },
    })
}

/// A unit as its row has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedUnit {
    pub(super) sides: Sides<Vec<u8>>,
    pub(super) codes: Option<String>,
    hash: u32,
}

impl PackedUnit {
    /// Packs what a draft says.
    pub fn of(draft: &DraftUnit) -> Self {
        let sides = Sides::from_fn(|side| pack(side, draft.text.get(side)));
        Self::from_columns(sides, Codes::to_column(&draft.codes))
    }

    pub(super) fn from_columns(sides: Sides<Vec<u8>>, codes: Option<String>) -> Self {
        let packed = Sides {
            ar: &*sides.ar,
            en: &*sides.en,
        };
        Self {
            hash: pair_hash(packed, codes.as_deref()),
            sides,
            codes,
        }
    }

    /// The hash of its pair.
    pub(super) fn hash(&self) -> u32 {
        self.hash
    }

    pub(super) fn text(&self) -> Sides<String> {
        Sides::from_fn(|side| unpack(side, self.sides.get(side)))
    }
}

/// A column with a segment of one side.
fn segment(row: &Row<'_>, column: usize, side: Lang) -> rusqlite::Result<String> {
    Ok(unpack(
        side,
        row.get_ref(column)?.as_blob().unwrap_or_default(),
    ))
}

/// The columns with the segments of both sides, Arabic first.
fn segments(row: &Row<'_>, first: usize) -> rusqlite::Result<Sides<String>> {
    Ok(Sides {
        ar: segment(row, first, Lang::Arabic)?,
        en: segment(row, first + 1, Lang::English)?,
    })
}

/// A text column; what is not UTF-8, which only damage can cause, reads as empty.
pub(super) fn text<'r>(row: &'r Row<'_>, column: usize) -> rusqlite::Result<&'r str> {
    Ok(row.get_ref(column)?.as_str().unwrap_or_default())
}
