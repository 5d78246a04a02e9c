//! The memory file: SQLite, and the only module that knows it.
//!
//! Rows in, rows out: what sessions, units and index bytes mean is known above ([`crate::memory`]). A store is open
//! for reading or for writing; all writing happens between [`Store::begin`] and [`Store::commit`], in one transaction
//! that is rolled back when it is not committed. A process that is killed leaves the file as it was before. Writing goes by
//! SQLite's write-ahead log, beside which others go on reading; but not the transaction that fills a file for the first time,
//! which nobody reads yet: its pages go where they belong at once, which takes half the room and less time.
//!
//! Invariants: the file is a dhakira memory of a known schema; unit numbers are never used twice; `index_*` changes in
//! the transaction that changes `unit`. Cost: opening reads one page; nothing is loaded.

mod error;
mod index;
mod known_pairs;
mod lexicon;
mod migrate;
mod packing;
mod pairs;
mod replaced;
mod review;
mod sessions;
mod terms;
mod units;

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

pub use error::StoreError;
pub use index::{NewRun, RunHead, RunWriter};
pub use lexicon::LexiconRow;
pub use migrate::SCHEMA_VERSION;
pub use replaced::{Restored, UPDATING_COMMAND};
pub use review::{ReviewRow, ReviewRows, StepRows};
pub use terms::TermUndo;
pub use units::{Added, Documents, OCCURRENCES, OccurrenceId, PackedUnit, Place};

use crate::index::codec;
use crate::unit::UnixSeconds;
use pairs::Pairs;

/// "dhkr": marks an SQLite file as a memory of ours.
const APPLICATION_ID: i32 = 0x6468_6B72;

/// How long a second writer waits for the first one.
pub const BUSY_WAIT: Duration = Duration::from_secs(5);

/// The size of a page. Of larger ones less is left empty: the chunks of long lists are a tenth of it.
const PAGE_BYTES: u32 = 8192;

/// How much of a file is kept in memory while units come in: nearly all of it is written once.
const WRITING_CACHE_KIB: u32 = 16_000;

/// How much is kept for lookups.
const READING_CACHE_KIB: u32 = 64_000;

/// Has writing go by a log, beside which others go on reading.
const WITH_LOG: &str = "pragma journal_mode = wal";

/// What `pragma auto_vacuum` says of a file that gives pages back when it is told to.
const INCREMENTAL: u64 = 2;

/// A file gives pages back to the system when more than one of so many is free.
const FREE_SHARE: u64 = 20;

/// A memory file that is open.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
    /// Whether the file was made by this store, and no transaction has filled it yet.
    is_new: Cell<bool>,
    /// Of the transaction that writes.
    pairs: RefCell<Pairs>,
}

/// What a store can fail with.
pub(crate) type Result<T> = std::result::Result<T, StoreError>;

impl Store {
    /// Opens the memory at `path` for writing; makes it where there is none, and brings it to the newest schema.
    ///
    /// # Errors
    /// Where the file can't be opened, made or written to, is no memory, is newer than this program, or is being
    /// written by another process for longer than [`BUSY_WAIT`].
    pub fn open_or_create(path: &Path, now: UnixSeconds) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut store = Self::connect(path, path, flags)?;
        store.is_new = Cell::new(store.is_empty_file()?);
        if store.is_new.get() {
            // Before anything is written; a file keeps both.
            store.run(&format!("pragma page_size = {PAGE_BYTES}"))?;
            store.run("pragma auto_vacuum = incremental")?;
        } else {
            store.check_identity()?;
            store.run(WITH_LOG)?;
        }
        // What is committed survives a power failure; an import commits once, so that it costs next to nothing.
        store.run("pragma synchronous = full")?;
        let migrated = migrate::migrate(&mut store.connection);
        migrated.map_err(|e| store.error(e))?;
        let row = "insert or ignore into memory (id, created_at, index_version, uid)
                   values (1, ?1, ?2, lower(hex(randomblob(16))))";
        // Only where there is none: a writer that waits for nothing need not wait for this.
        if store.index_version()?.is_none() {
            store.checked(|c| c.execute(row, (now.0, codec::VERSION)))?;
        }
        store.set_cache(WRITING_CACHE_KIB)?;
        Ok(store)
    }

    /// Opens the memory at `path` for reading only.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where there is none, [`StoreError::Older`] where it must be brought up to date first,
    /// and as [`Store::open_or_create`].
    pub fn open(path: &Path) -> Result<Self> {
        match std::fs::metadata(path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(StoreError::Missing {
                    path: path.to_owned(),
                });
            }
            Ok(meta) if meta.is_file() && meta.len() == 0 => {
                return Err(StoreError::NotAMemory {
                    path: path.to_owned(),
                });
            }
            _ => {}
        }
        let checked = |name: &Path, flags| {
            let store = Self::connect(path, name, flags)?;
            store.check_identity()?;
            store.set_cache(READING_CACHE_KIB)?;
            Ok(store)
        };
        let store = match checked(path, OpenFlags::SQLITE_OPEN_READ_ONLY) {
            // Whoever filled the new file was killed; who may write puts it back to what it was.
            Err(StoreError::ReadOnly { .. }) if companion(path, "-journal").exists() => {
                checked(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
                checked(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?
            }
            // In a place that can't be written to, the log's index can't be made; without a log none is needed.
            Err(StoreError::CantOpen { .. } | StoreError::ReadOnly { .. })
                if !companion(path, "-wal").exists() =>
            {
                let uri = format!("file:{}?immutable=1", escaped_for_uri(path));
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
                checked(Path::new(&uri), flags)?
            }
            opened => opened?,
        };
        let version = migrate::version(&store.connection).map_err(|e| store.error(e))?;
        if version < SCHEMA_VERSION
            || store.index_version()? != Some(codec::VERSION)
            || !store.term_keys_are_current()?
        {
            return Err(StoreError::Older {
                path: path.to_owned(),
            });
        }
        Ok(store)
    }

    fn connect(path: &Path, name: &Path, flags: OpenFlags) -> Result<Self> {
        if path.is_dir() {
            return Err(StoreError::CantOpen {
                path: path.to_owned(),
                source: "it is a folder".into(),
            });
        }
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(name, flags)
            .map_err(|e| StoreError::from_sqlite(path, e))?;
        let store = Self {
            connection,
            path: path.to_owned(),
            is_new: Cell::new(false),
            pairs: RefCell::default(),
        };
        store.connection.set_prepared_statement_cache_capacity(64);
        store
            .connection
            .busy_timeout(BUSY_WAIT)
            .map_err(|e| store.error(e))?;
        // Statistics must not have statements planned anew for each parameter that is bound.
        let stable = rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG;
        store.checked(|c| c.set_db_config(stable, true))?;
        store.run("pragma foreign_keys = on")?;
        store.run("pragma temp_store = memory")?;
        Ok(store)
    }

    /// Sets how much of the file is kept in memory; once the size of a page is known, which the size of the cache goes by.
    fn set_cache(&self, kib: u32) -> Result<()> {
        self.run(&format!("pragma cache_size = -{kib}"))
    }

    fn is_empty_file(&self) -> Result<bool> {
        Ok(self.figure("page_count")? == 0)
    }

    /// What a pragma says that is a number.
    fn figure(&self, pragma: &str) -> Result<u64> {
        let figure: i64 =
            self.checked(|c| c.query_row(&format!("pragma {pragma}"), [], |row| row.get(0)))?;
        Ok(figure as u64)
    }

    /// Refuses files that are not ours or are newer than we are.
    fn check_identity(&self) -> Result<()> {
        let id: i32 =
            self.checked(|c| c.query_row("pragma application_id", [], |row| row.get(0)))?;
        if id != APPLICATION_ID {
            return Err(StoreError::NotAMemory {
                path: self.path.clone(),
            });
        }
        let found = migrate::version(&self.connection).map_err(|e| self.error(e))?;
        if found > SCHEMA_VERSION {
            return Err(StoreError::Newer {
                path: self.path.clone(),
                found,
                known: SCHEMA_VERSION,
            });
        }
        Ok(())
    }

    /// The version of the index in the file; `None` in a file that has just been made.
    pub fn index_version(&self) -> Result<Option<u32>> {
        self.optional("select index_version from memory", [], |row| row.get(0))
    }

    /// Notes that the index has the current version.
    pub fn set_index_version(&self) -> Result<()> {
        self.checked(|c| c.execute("update memory set index_version = ?1", [codec::VERSION]))
            .map(drop)
    }

    /// What tells the memory from others; a copy of the file has the same.
    pub fn uid(&self) -> Result<String> {
        let uid: Option<Option<String>> =
            self.optional("select uid from memory", [], |row| row.get(0))?;
        Ok(uid.flatten().unwrap_or_default())
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Begins the one transaction that writes; waits for another writer.
    pub fn begin(&self) -> Result<()> {
        self.pairs.take();
        self.run("begin immediate")
    }

    /// Begins a transaction in which all reading sees one state of the file.
    pub fn begin_reading(&self) -> Result<()> {
        self.checked(|c| c.prepare_cached("begin deferred")?.execute([]))
            .map(drop)
    }

    /// Keeps what was written since [`Store::begin`].
    pub fn commit(&self) -> Result<()> {
        self.settle_pairs()?;
        self.checked(|c| c.prepare_cached("commit")?.execute([]))?;
        if self.is_new.replace(false) {
            // Where somebody reads already, the next who writes will do it.
            let _ = self.run(WITH_LOG);
        }
        Ok(())
    }

    /// Drops what was written since [`Store::begin`]; ends a reading transaction. Nothing where no transaction is open.
    pub fn rollback(&self) {
        if !self.connection.is_autocommit() {
            // A failed rollback leaves the transaction to be dropped with the connection.
            let rollback = self.connection.prepare_cached("rollback");
            let _ = rollback.and_then(|mut rollback| rollback.execute([]));
        }
    }

    /// Gives free pages back, moves the log into the file and tells the planner what is there; for the end of large
    /// writes.
    pub fn settle(&self) -> Result<()> {
        self.run("pragma optimize")?;
        if self.figure("freelist_count")? * FREE_SHARE > self.figure("page_count")? {
            // A page a step.
            self.checked(|c| {
                let mut statement = c.prepare("pragma incremental_vacuum")?;
                let mut rows = statement.query([])?;
                while rows.next()?.is_some() {}
                Ok(())
            })?;
        }
        self.empty_log();
        Ok(())
    }

    /// Writes the file anew without gaps where it has some, or `is_changed`, and looks at all tables for the planner.
    pub fn compact(&self, is_changed: bool) -> Result<()> {
        self.run("pragma analysis_limit = 1000; analyze")?;
        // Files of older versions could not give pages back.
        let is_older = self.figure("auto_vacuum")? != INCREMENTAL;
        if is_changed || is_older || self.figure("freelist_count")? > 0 {
            self.run("pragma auto_vacuum = incremental")?;
            // The copy may be larger than the machine's memory.
            self.run("pragma temp_store = file")?;
            let vacuumed = self.run("vacuum");
            self.run("pragma temp_store = memory")?;
            vacuumed?;
        }
        self.empty_log();
        Ok(())
    }

    /// Moves the log into the file. Readers may hold it back; the next one will do it then.
    fn empty_log(&self) {
        let _ = self
            .connection
            .execute_batch("pragma wal_checkpoint(truncate)");
    }

    /// Bytes of the file that hold nothing.
    pub fn free_bytes(&self) -> Result<u64> {
        Ok(self.figure("freelist_count")? * self.figure("page_size")?)
    }

    /// A number that changes whenever another connection has changed the file.
    pub fn data_version(&self) -> Result<i64> {
        self.checked(|c| {
            c.prepare_cached("pragma data_version")?
                .query_row([], |row| row.get(0))
        })
    }

    /// The size of the file and its log in bytes.
    pub fn file_bytes(&self) -> u64 {
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |meta| meta.len());
        size(&self.path) + size(&companion(&self.path, "-wal"))
    }

    /// Looks through the whole file for damage.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first finding.
    pub fn check_integrity(&self) -> Result<()> {
        let finding: String =
            self.checked(|c| c.query_row("pragma integrity_check(1)", [], |row| row.get(0)))?;
        if finding == "ok" {
            Ok(())
        } else {
            Err(StoreError::Damaged {
                path: self.path.clone(),
                detail: finding,
            })
        }
    }

    fn run(&self, sql: &str) -> Result<()> {
        self.checked(|c| c.execute_batch(sql))
    }

    fn checked<'s, T>(
        &'s self,
        f: impl FnOnce(&'s Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        f(&self.connection).map_err(|e| self.error(e))
    }

    fn optional<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnOnce(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        use rusqlite::OptionalExtension;
        self.checked(|c| c.prepare_cached(sql)?.query_row(params, read).optional())
    }

    /// The folder that the file is in.
    pub fn folder(&self) -> &Path {
        let folder = self.path.parent();
        folder
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."))
    }

    /// The word for a failure of a file in the same folder.
    pub fn beside(&self, error: std::io::Error) -> StoreError {
        StoreError::beside(&self.path, error)
    }

    fn error(&self, error: rusqlite::Error) -> StoreError {
        StoreError::from_sqlite(&self.path, error)
    }
}

/// What SQLite keeps beside a file: its log or its journal, by their ending.
fn companion(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The path as an SQLite URI has it: what would end it is percent-encoded.
fn escaped_for_uri(path: &Path) -> String {
    path.to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23")
}
