//! What can go wrong with a memory file.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// A failure of the store, with the file and, where the database said more, its words.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing is at the path of a memory that should be read.
    #[error("there is no memory at `{}`", path.display())]
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// The path is a folder, or no file can be opened or made there.
    #[error("can't open the memory `{}`", path.display())]
    CantOpen {
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file is something else: no SQLite database, or another program's.
    #[error("`{}` is not a dhakira memory", path.display())]
    NotAMemory {
        /// The path.
        path: PathBuf,
    },
    /// The file was written by a newer version of this program.
    #[error(
        "the memory `{}` has schema version {found}; this program knows versions up to {known}",
        path.display()
    )]
    Newer {
        /// The path.
        path: PathBuf,
        /// The file's version.
        found: u32,
        /// The newest version that is known here.
        known: u32,
    },
    /// The memory has to be brought up to date first, which a reader may not do.
    #[error("the memory `{}` was written by an older version and has to be brought up to date", path.display())]
    Older {
        /// The path.
        path: PathBuf,
    },
    /// Another process is writing, and went on for longer than we wait.
    #[error("another process is writing to the memory `{}`", path.display())]
    Busy {
        /// The path.
        path: PathBuf,
    },
    /// The file, or the place that it is in, may not be written to.
    #[error("the memory `{}` can't be written to", path.display())]
    ReadOnly {
        /// The path.
        path: PathBuf,
    },
    /// There is no room left.
    #[error("the disk that holds the memory `{}` is full", path.display())]
    DiskFull {
        /// The path.
        path: PathBuf,
    },
    /// A file of the moment, beside the memory, can't be made, written or read.
    #[error("can't keep files for the moment in the folder of the memory `{}`", path.display())]
    Beside {
        /// The memory's path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is damaged.
    #[error("the memory `{}` is damaged: {detail}", path.display())]
    Damaged {
        /// The path.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// No such session, or one that is undone already.
    #[error("there is no session {id} to undo in `{}`", path.display())]
    NoSession {
        /// The path.
        path: PathBuf,
        /// The session's number.
        id: i64,
    },
    /// No such term entry, or one that is removed already.
    #[error("there is no term entry {id} in `{}`", path.display())]
    NoTermEntry {
        /// The path.
        path: PathBuf,
        /// The entry's number.
        id: i64,
    },
    /// A later session has changed what this one brought, so that taking it away would leave half of a document.
    #[error("session {later} of `{}` has changed documents of session {id}", path.display())]
    UndoLaterFirst {
        /// The path.
        path: PathBuf,
        /// The session that was to be undone.
        id: i64,
        /// The newest session that has to be undone before.
        later: i64,
    },
    /// A unit occurs as often as a file can say ([`OCCURRENCES`](super::OCCURRENCES)).
    #[error("unit {unit} of the memory `{}` can't occur in more places", path.display())]
    TooManyOccurrences {
        /// The path.
        path: PathBuf,
        /// The unit's number.
        unit: i64,
    },
    /// Anything else that the database says; a fault of ours, most likely.
    #[error("the memory `{}` could not be used", path.display())]
    Database {
        /// The path.
        path: PathBuf,
        /// What the database said.
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// The word for a failure of a file beside the memory at `path`.
    pub(super) fn beside(path: &Path, source: std::io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull { path },
            _ => Self::Beside { path, source },
        }
    }

    /// The store's word for a database error about the file at `path`.
    pub(super) fn from_sqlite(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotAMemory { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            Some(ErrorCode::ReadOnly) => Self::ReadOnly { path },
            Some(ErrorCode::DiskFull) => Self::DiskFull { path },
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::CantOpen {
                path,
                // Its own cause only repeats it with a number.
                source: error.to_string().into(),
            },
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged {
                path,
                detail: error.to_string(),
            },
            _ => Self::Database {
                path,
                source: error,
            },
        }
    }
}
