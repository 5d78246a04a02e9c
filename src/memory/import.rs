//! An import session: drafts and term entries in, one transaction, counts out.

use super::indexing::Indexing;
use super::{ImportCounts, Result, SessionInfo, TranslationMemory};
use crate::lang::Sides;
use crate::store::{Added, Documents, PackedUnit};
use crate::term::{TermEntry, TermEntryId};
use crate::unit::{DraftUnit, SessionId, UnitId, UnixSeconds};

/// A draft with what of storing it needs no memory, so that it can be done on another thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyUnit {
    draft: DraftUnit,
    packed: PackedUnit,
}

impl From<DraftUnit> for ReadyUnit {
    fn from(draft: DraftUnit) -> Self {
        Self {
            packed: PackedUnit::of(&draft),
            draft,
        }
    }
}

/// An import session that is under way; dropped without [`Import::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct Import<'m> {
    pub(super) memory: &'m mut TranslationMemory,
    pub(super) session: SessionId,
    counts: ImportCounts,
    term_counts: ImportCounts,
    documents: Documents,
    indexing: Indexing,
    /// Units that no occurrence is left of.
    pub(super) gone: Vec<UnitId>,
    /// Whether occurrences were moved, changed or removed.
    pub(super) has_replaced: bool,
}

impl<'m> Import<'m> {
    pub(super) fn begin(
        memory: &'m mut TranslationMemory,
        info: &SessionInfo,
        now: UnixSeconds,
    ) -> Result<Self> {
        memory.store.begin()?;
        let session = memory
            .store
            .insert_session(info, now)
            .inspect_err(|_| memory.store.rollback())?;
        let indexing = memory.indexing();
        Ok(Self {
            memory,
            session,
            counts: ImportCounts::default(),
            term_counts: ImportCounts::default(),
            documents: Documents::default(),
            indexing,
            gone: Vec::new(),
            has_replaced: false,
        })
    }

    /// Adds a unit.
    ///
    /// # Errors
    /// Where the memory can't be written to. The import can't go on then.
    pub fn push(&mut self, draft: &DraftUnit) -> Result<UnitId> {
        self.push_packed(draft, &PackedUnit::of(draft))
    }

    /// Adds a unit of many, whose larger part of the work is done.
    ///
    /// # Errors
    /// As for [`Import::push`].
    pub fn push_ready(&mut self, unit: &ReadyUnit) -> Result<UnitId> {
        self.push_packed(&unit.draft, &unit.packed)
    }

    fn push_packed(&mut self, draft: &DraftUnit, packed: &PackedUnit) -> Result<UnitId> {
        self.counts.read += 1;
        let store = &self.memory.store;
        let (unit, added) = store.add_unit(draft, packed, self.session, &mut self.documents)?;
        match added {
            Added::Duplicate => self.counts.duplicates += 1,
            Added::Merged => self.counts.merged += 1,
            Added::New => {
                self.counts.added += 1;
                let text = Sides {
                    ar: &*draft.text.ar,
                    en: &*draft.text.en,
                };
                let pushed = self.indexing.push(unit, text);
                pushed.map_err(|e| self.memory.store.beside(e))?;
            }
        }
        Ok(unit)
    }

    /// Counts a unit that could not be read.
    pub fn reject(&mut self) {
        self.counts.read += 1;
        self.counts.rejected += 1;
    }

    /// Adds a term entry, unless the very same is there. Gives its number, and whether it is new.
    ///
    /// # Errors
    /// Where the memory can't be written to. The import can't go on then.
    pub fn push_term(&mut self, entry: &TermEntry) -> Result<(TermEntryId, bool)> {
        self.term_counts.read += 1;
        let (id, is_new) = self.memory.add_term_entry(entry, self.session)?;
        match is_new {
            true => self.term_counts.added += 1,
            false => self.term_counts.duplicates += 1,
        }
        Ok((id, is_new))
    }

    /// Counts a term entry that could not be read.
    pub fn reject_term(&mut self) {
        self.term_counts.read += 1;
        self.term_counts.rejected += 1;
    }

    /// What has become of the term entries so far; none is ever `merged`.
    pub fn term_counts(&self) -> ImportCounts {
        self.term_counts
    }

    /// Counts a unit that is there as it should be.
    pub(super) fn note_duplicate(&mut self) {
        self.counts.read += 1;
        self.counts.duplicates += 1;
    }

    /// What has become of the units so far.
    pub fn counts(&self) -> ImportCounts {
        self.counts
    }

    /// Indexes and keeps what was pushed; gives the counts of units. A session that brought nothing is not kept itself.
    ///
    /// # Errors
    /// Where the memory can't be written to; it is as it was before then.
    pub fn finish(mut self) -> Result<ImportCounts> {
        let all = self.counts + self.term_counts;
        if all.added + all.merged == 0 && !self.has_replaced {
            return Ok(self.counts);
        }
        if self.term_counts.added > 0 {
            self.memory.store.set_term_key_version()?;
        }
        self.gone.sort_unstable();
        self.memory.forget(&self.gone)?;
        self.memory.store.settle_pairs()?;
        // Learned beside the last of what is analysed, and not beside what is joined, which takes more memory.
        let lesson = self.memory.refresh_lexicon()?;
        let indexing = std::mem::replace(&mut self.indexing, self.memory.indexing());
        let indexed = self.memory.indexed(indexing)?;
        self.memory.keep_lexicon(lesson)?;
        let is_large = self.memory.take_in_indexed(indexed)?;
        self.memory.store.set_session_counts(self.session, &all)?;
        self.memory.store.commit()?;
        if is_large {
            self.memory.store.settle()?;
        }
        Ok(self.counts)
    }
}

impl Drop for Import<'_> {
    fn drop(&mut self) {
        self.memory.store.rollback();
        self.memory.forget_what_was_read();
    }
}
