//! The translation memory: store, index and matcher behind one door.

use std::path::{Path, PathBuf};

use crate::lang::{Lang, Sides};
use crate::matching::Suggestion;
use crate::score::Score;
use crate::unit::{DraftUnit, SessionId, TranslationUnit, UnitId, UnixSeconds};

/// What can go wrong with a memory file.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// There is no file at that path.
    #[error("there is no memory at `{}`", path.display())]
    Missing {
        /// The path.
        path: PathBuf,
    },
}

/// A memory, open for reading or for reading and writing.
#[derive(Debug)]
pub struct TranslationMemory {
    _path: PathBuf,
}

/// Who writes and from where: the head of an import session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionInfo {
    /// The command, such as `import`.
    pub command: String,
    /// The user's name, where known.
    pub author: Option<String>,
    /// What is read, such as a file's path.
    pub source: Option<String>,
}

/// What became of the units of an import; the five add up: `read = added + merged + duplicates + rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ImportCounts {
    /// Units in the input.
    pub read: u64,
    /// New units.
    pub added: u64,
    /// Pairs that the memory had, at a place (document, position) that it did not have.
    pub merged: u64,
    /// Pairs that the memory had at that very place.
    pub duplicates: u64,
    /// Units that could not be taken.
    pub rejected: u64,
}

/// A session as `sessions` lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its number.
    pub id: SessionId,
    /// Its head.
    pub info: SessionInfo,
    /// When it began.
    pub started: UnixSeconds,
    /// When it was undone, if it was.
    pub undone: Option<UnixSeconds>,
    /// Its counts.
    pub counts: ImportCounts,
}

/// What [`TranslationMemory::undo`] took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Undone {
    /// Units that are gone, since no other session brought them.
    pub units: u64,
    /// Occurrences that are gone.
    pub occurrences: u64,
}

/// Figures about a memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// The file.
    pub path: PathBuf,
    /// The file's size in bytes, what is not yet written back included.
    pub file_bytes: u64,
    /// Units.
    pub units: u64,
    /// Occurrences.
    pub occurrences: u64,
    /// Documents.
    pub documents: u64,
    /// Sessions that stand.
    pub sessions: u64,
    /// Bytes of text on each side.
    pub text_bytes: Sides<u64>,
    /// Words on each side.
    pub words: Sides<u64>,
    /// Version of the file's schema.
    pub schema_version: u32,
    /// Version of folding and index.
    pub index_version: u32,
}

/// A segment to look up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query<'q> {
    /// The segment.
    pub text: &'q str,
    /// Its language.
    pub lang: Lang,
    /// The segment before it in its text, where known.
    pub previous: Option<&'q str>,
    /// The segment behind it in its text, where known.
    pub next: Option<&'q str>,
}

/// What to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookupOptions {
    /// Matches below it are not returned.
    pub cutoff: Score,
    /// The most matches to return.
    pub limit: usize,
}

/// What to search for in [`TranslationMemory::concordance`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcordanceQuery<'q> {
    /// The phrase; compared folded.
    pub phrase: &'q str,
    /// The sides to search; `None` for both.
    pub side: Option<Lang>,
    /// Whether the phrase may begin and end inside a word. Without it an Arabic word may still carry proclitics.
    pub substring: bool,
    /// The most units to return.
    pub limit: usize,
}

/// A unit that holds a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcordanceHit {
    /// The unit.
    pub unit: TranslationUnit,
    /// The side that holds the phrase.
    pub side: Lang,
    /// Where it holds it: byte ranges of that side's text, in order.
    pub spans: Vec<std::ops::Range<usize>>,
}

impl TranslationMemory {
    /// Opens the memory at `path` for writing, and makes it where there is none.
    pub fn open_or_create(_path: &Path) -> Result<Self, MemoryError> {
        todo!()
    }

    /// Opens the memory at `path` for reading only.
    pub fn open(_path: &Path) -> Result<Self, MemoryError> {
        todo!()
    }

    /// Begins an import session. Nothing of it is seen by anyone, or kept, until [`Import::finish`].
    pub fn begin(
        &mut self,
        _info: SessionInfo,
        _now: UnixSeconds,
    ) -> Result<Import<'_>, MemoryError> {
        todo!()
    }

    /// The sessions, oldest first.
    pub fn sessions(&self) -> Result<Vec<Session>, MemoryError> {
        todo!()
    }

    /// Takes back what a session brought.
    pub fn undo(&mut self, _session: SessionId, _now: UnixSeconds) -> Result<Undone, MemoryError> {
        todo!()
    }

    /// Figures about the memory.
    pub fn stats(&self) -> Result<Stats, MemoryError> {
        todo!()
    }

    /// The best matches of a segment, the best first; ties are broken by the newer unit.
    pub fn lookup(
        &self,
        _query: &Query<'_>,
        _options: &LookupOptions,
    ) -> Result<Vec<Suggestion>, MemoryError> {
        todo!()
    }

    /// Units that hold a phrase, the newest first, and how many there are in all.
    pub fn concordance(
        &self,
        _query: &ConcordanceQuery<'_>,
    ) -> Result<(Vec<ConcordanceHit>, u64), MemoryError> {
        todo!()
    }

    /// Calls `visit` with every occurrence: documents in the order of their names, positions in order, then the units
    /// without a document. Stops at the first error of `visit`.
    pub fn for_each_unit<E: From<MemoryError>>(
        &self,
        _visit: impl FnMut(TranslationUnit) -> Result<(), E>,
    ) -> Result<(), E> {
        todo!()
    }
}

/// An import session that is under way; dropped without [`Import::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct Import<'m> {
    _memory: &'m mut TranslationMemory,
}

impl Import<'_> {
    /// Adds a unit.
    pub fn push(&mut self, _draft: &DraftUnit) -> Result<UnitId, MemoryError> {
        todo!()
    }

    /// Counts a unit that could not be read.
    pub fn reject(&mut self) {}

    /// What has become of the units so far.
    pub fn counts(&self) -> ImportCounts {
        ImportCounts::default()
    }

    /// Indexes and keeps what was pushed.
    pub fn finish(self) -> Result<ImportCounts, MemoryError> {
        todo!()
    }
}
