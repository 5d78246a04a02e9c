//! The translation memory: store, index and matcher behind one door.
//!
//! Draft units → [`Import`] → store and index, in one transaction. A segment → [`TranslationMemory::lookup`] →
//! candidates of the index → scored matches → suggestions. A phrase → [`TranslationMemory::concordance`] → units
//! that hold it. A segment → [`TranslationMemory::terms_in`] → the terms that it holds.
//!
//! The memory teaches itself which words translate which ([`TranslationMemory::lexicon`]): matches are weighed by it and
//! the aligner begins with it.
//!
//! Invariants: a lookup returns what scoring every unit would return, in the declared order; what it sees is one state
//! of the file, whatever other processes write meanwhile; an import that is not finished leaves nothing behind. A document
//! that is aligned again is updated ([`Import::update_document`]), and what people decided about alignments is kept.
//!
//! Cost: opening loads nothing. A lookup reads the index rows of the segment's features and the text of the units that
//! it scores, in the order of what they could score at most, until no other can be among the best.

mod candidates;
mod concordance;
mod evidence;
mod filter;
mod import;
mod indexer;
mod indexing;
mod joining;
mod lexicon;
mod lookup;
mod optimize;
mod review;
mod spill;
mod terms;
mod update;

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::lang::Sides;
use crate::session::{ImportCounts, Session, SessionInfo, Undone};
use crate::store::{SCHEMA_VERSION, Store, StoreError};
use crate::unit::{SessionId, TranslationUnit, UnitId, UnixSeconds};

use candidates::Reader;
pub use concordance::{Concordance, ConcordanceHit, ConcordanceQuery};
pub use filter::{TextPattern, UnitFilter};
pub use import::{Import, ReadyUnit};
pub use lexicon::{LEAST_TEACHING_PAIRS, TEACHING_PAIRS};
pub use lookup::{LookupOptions, Query, Rank, SEGMENT_LIMIT};
pub use optimize::{Layout, Optimized};
use terms::TermReader;
pub use terms::{TermFilter, TermHit, TermUse};
pub use update::DocumentUpdate;

/// What can go wrong with a memory.
pub type MemoryError = StoreError;

/// What a memory can fail with.
pub(crate) type Result<T> = std::result::Result<T, MemoryError>;

/// A memory, open for reading or for reading and writing.
#[derive(Debug)]
pub struct TranslationMemory {
    store: Store,
    reader: RefCell<Reader>,
    terms: RefCell<TermReader>,
}

/// Which memory it is, and how far it has grown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemoryIdentity {
    /// 32 hexadecimal digits, drawn when the memory was made; a copy of the file has the same.
    pub id: String,
    /// Units.
    pub units: u64,
}

/// Figures about a memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// The file.
    pub path: PathBuf,
    /// The file's size in bytes, with its log.
    pub file_bytes: u64,
    /// Units.
    pub units: u64,
    /// Occurrences.
    pub occurrences: u64,
    /// Documents.
    pub documents: u64,
    /// Sessions that stand.
    pub sessions: u64,
    /// Term entries.
    pub term_entries: u64,
    /// Bytes of UTF-8 text on each side.
    pub text_bytes: Sides<u64>,
    /// Words on each side, as white space separates them.
    pub words: Sides<u64>,
    /// Version of the file's schema.
    pub schema_version: u32,
    /// Version of folding and index.
    pub index_version: u32,
}

impl TranslationMemory {
    /// Opens the memory at `path` for writing; makes it where there is none, and brings it up to date.
    ///
    /// # Errors
    /// Where the file can't be opened, made or written to, is no memory, or is newer than this program.
    pub fn open_or_create(path: &Path, now: UnixSeconds) -> Result<Self> {
        let store = Store::open_or_create(path, now)?;
        let memory = Self {
            store,
            reader: RefCell::default(),
            terms: RefCell::default(),
        };
        if memory.store.index_version()? != Some(crate::index::codec::VERSION) {
            memory.reindex()?;
        }
        if !memory.store.term_keys_are_current()? {
            memory.remake_term_keys()?;
        }
        Ok(memory)
    }

    /// Opens the memory at `path` for reading only.
    ///
    /// # Errors
    /// Where there is none or it can't be read; [`StoreError::Older`] where [`TranslationMemory::open_or_create`] has to
    /// bring it up to date first.
    pub fn open(path: &Path) -> Result<Self> {
        Ok(Self {
            store: Store::open(path)?,
            reader: RefCell::default(),
            terms: RefCell::default(),
        })
    }

    /// What tells the memory from others and from other states of itself, for reports. Counts the units: some
    /// milliseconds for a million.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn identity(&self) -> Result<MemoryIdentity> {
        self.reading(|| {
            Ok(MemoryIdentity {
                id: self.store.uid()?,
                units: self.store.unit_count()?,
            })
        })
    }

    /// Begins an import session. Nothing of it is seen by anyone, or kept, until [`Import::finish`].
    ///
    /// # Errors
    /// Where the memory can't be written to, or another process goes on writing to it for too long.
    pub fn begin(&mut self, info: &SessionInfo, now: UnixSeconds) -> Result<Import<'_>> {
        Import::begin(self, info, now)
    }

    /// The sessions, oldest first.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn sessions(&self) -> Result<Vec<Session>> {
        self.store.sessions()
    }

    /// Takes back what a session brought, and brings back what it changed or removed. Units that other sessions brought
    /// too stay.
    ///
    /// # Errors
    /// [`StoreError::NoSession`] where there is none of that number or it is undone already;
    /// [`StoreError::UndoLaterFirst`] where a later session has changed what it brought; where the file can't be
    /// written to.
    pub fn undo(&mut self, session: SessionId, now: UnixSeconds) -> Result<Undone> {
        self.writing(|memory| {
            let mut gone = Vec::new();
            let (undone, restored) = memory.store.undo_session(session, now, &mut gone)?;
            memory.forget(&gone)?;
            memory.take_in_again(&restored.units)?;
            Ok(undone)
        })
    }

    /// What [`TranslationMemory::undo`] would take away; changes nothing.
    ///
    /// # Errors
    /// As [`TranslationMemory::undo`].
    pub fn undo_dry_run(&mut self, session: SessionId, now: UnixSeconds) -> Result<Undone> {
        self.store.begin()?;
        let undone = self.store.undo_session(session, now, &mut Vec::new());
        self.store.rollback();
        undone.map(|(undone, _)| undone)
    }

    /// Figures about the memory. Reads all text.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn stats(&self) -> Result<Stats> {
        self.reading(|| {
            let [units, occurrences, documents, sessions] = self.store.counts()?;
            let mut stats = Stats {
                path: self.store.path().to_owned(),
                file_bytes: self.store.file_bytes(),
                units,
                occurrences,
                documents,
                sessions,
                term_entries: self.store.term_entry_count()?,
                schema_version: SCHEMA_VERSION,
                index_version: crate::index::codec::VERSION,
                ..Stats::default()
            };
            self.for_each_pair(|_, text| {
                stats.text_bytes.ar += text.ar.len() as u64;
                stats.text_bytes.en += text.en.len() as u64;
                stats.words.ar += text.ar.split_whitespace().count() as u64;
                stats.words.en += text.en.split_whitespace().count() as u64;
            })?;
            Ok(stats)
        })
    }

    /// Hands each unit's number and segments to `visit`, in the order of the numbers, the oldest first.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn for_each_pair(&self, mut visit: impl FnMut(UnitId, Sides<&str>)) -> Result<()> {
        self.store.for_each_text(|unit, text| {
            visit(unit, text);
            Ok(())
        })
    }

    /// Calls `visit` with every occurrence: documents in the order of their names, positions in order, then the units
    /// without a document. Stops at the first error of `visit`.
    ///
    /// # Errors
    /// That of `visit`; where the file can't be read.
    pub fn for_each_unit<E: From<MemoryError>>(
        &self,
        visit: impl FnMut(TranslationUnit) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.store.for_each_occurrence(&[], visit)
    }

    /// As [`TranslationMemory::for_each_unit`], with the occurrences that meet the conditions of `filter` alone.
    ///
    /// # Errors
    /// That of `visit`; [`StoreError::NoSession`] where `filter` names a session that there is not, or that is undone;
    /// where the file can't be read.
    pub fn for_each_unit_of<E: From<MemoryError>>(
        &self,
        filter: &UnitFilter,
        mut visit: impl FnMut(TranslationUnit) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let sessions = self.store.sessions()?;
        for &id in &filter.sessions {
            let stands = sessions
                .iter()
                .any(|session| session.id == id && session.undone.is_none());
            if !stands {
                return Err(StoreError::NoSession {
                    path: self.store.path().to_owned(),
                    id: id.0,
                }
                .into());
            }
        }
        self.store.for_each_occurrence(&filter.sessions, |unit| {
            if filter.passes(&unit) {
                visit(unit)?;
            }
            Ok(())
        })
    }

    /// Looks for damage: SQLite's own check, then that the index holds every unit once on each side, and every term its keys.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first finding.
    pub fn check(&self) -> Result<()> {
        self.reading(|| {
            self.store.check_integrity()?;
            self.check_index()?;
            self.check_term_keys()
        })
    }

    /// Runs `read` on one state of the file.
    fn reading<T>(&self, read: impl FnOnce() -> Result<T>) -> Result<T> {
        self.store.begin_reading()?;
        let result = read();
        self.store.rollback();
        result
    }

    /// Runs `write` in one transaction, which is kept only if it succeeds.
    fn writing<T>(&mut self, write: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        self.store.begin()?;
        self.forget_what_was_read();
        let result = write(self).and_then(|value| self.store.commit().map(|()| value));
        self.store.rollback();
        result
    }

    /// Has the next lookup read anew what this process may have changed.
    fn forget_what_was_read(&self) {
        self.reader.borrow_mut().data_version = None;
        self.terms.borrow_mut().data_version = None;
    }
}
