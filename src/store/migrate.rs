//! Brings a memory file to the newest schema: the files of `migrations/`, in order, each once.
//!
//! The number of migrations that a file has had is its `user_version`. All that are missing are applied in one
//! exclusive transaction, so that a file is never between two versions.

use rusqlite::{Connection, TransactionBehavior};

/// The migrations in order; append-only.
const MIGRATIONS: [&str; 5] = [
    include_str!("../../migrations/0001_initial.sql"),
    include_str!("../../migrations/0002_lexicon.sql"),
    include_str!("../../migrations/0003_codes.sql"),
    include_str!("../../migrations/0004_alignment_review.sql"),
    include_str!("../../migrations/0005_terms.sql"),
];

/// The newest schema version.
pub const SCHEMA_VERSION: u32 = MIGRATIONS.len() as u32;

/// The schema version of the file; 0 for an empty one.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("pragma user_version", [], |row| row.get(0))
}

/// Applies the migrations that the file has not had. Does nothing where it has had all, or more than we know.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    if version(connection)? >= SCHEMA_VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    // Another process may have done it while we waited.
    let from = version(&transaction)?;
    for sql in MIGRATIONS.iter().skip(from as usize) {
        transaction.execute_batch(sql)?;
    }
    if from < SCHEMA_VERSION {
        transaction.pragma_update(None, "application_id", super::APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    }
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_listed_in_order() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        names.sort();
        let texts: Vec<_> = names
            .iter()
            .map(|path| std::fs::read_to_string(path).unwrap())
            .collect();
        assert_eq!(texts, MIGRATIONS);
        for (i, path) in names.iter().enumerate() {
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(name.starts_with(&format!("{:04}_", i + 1)), "{name}");
        }
    }

    #[test]
    fn migrating_twice_is_migrating_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        assert_eq!(version(&connection).unwrap(), SCHEMA_VERSION);
    }
}
