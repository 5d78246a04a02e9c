//! Import sessions: every write to a memory belongs to one.

use serde::Serialize;

use crate::unit::{SessionId, UnixSeconds};

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

/// What became of the units or term entries of an import; they add up: `read = added + merged + duplicates + rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
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

impl std::ops::Add for ImportCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            read: self.read + other.read,
            added: self.added + other.added,
            merged: self.merged + other.merged,
            duplicates: self.duplicates + other.duplicates,
            rejected: self.rejected + other.rejected,
        }
    }
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
    /// Occurrences of earlier sessions that it moved, changed or removed, and that undoing it brings back.
    pub replaced: u64,
}

/// What undoing a session took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Undone {
    /// Units that are gone, since no other session brought them.
    pub units: u64,
    /// Occurrences that are gone.
    pub occurrences: u64,
    /// Occurrences that the session had moved, changed or removed, and that are as they were again.
    pub restored: u64,
    /// Term entries that are gone.
    pub term_entries: u64,
    /// Term entries that the session had removed, and that are there again.
    pub restored_term_entries: u64,
}
