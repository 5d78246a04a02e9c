//! Brings a memory file to the newest schema: the files of `migrations/`, in order, each once.
//!
//! The number of migrations that a file has had is its `user_version`. All that are missing are applied in one
//! exclusive transaction, so that a file is never between two versions.

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, TransactionBehavior};

use super::packing::{pack, pair_hash};
use crate::lang::{Lang, Sides};

/// The migrations in order; append-only.
const MIGRATIONS: [&str; 8] = [
    include_str!("../../migrations/0001_initial.sql"),
    include_str!("../../migrations/0002_lexicon.sql"),
    include_str!("../../migrations/0003_codes.sql"),
    include_str!("../../migrations/0004_alignment_review.sql"),
    include_str!("../../migrations/0005_compact.sql"),
    include_str!("../../migrations/0006_terms.sql"),
    include_str!("../../migrations/0007_review_steps.sql"),
    include_str!("../../migrations/0008_pair.sql"),
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
    add_functions(connection)?;
    // Tables are dropped that others refer to; no transaction can turn this off.
    connection.pragma_update(None, "foreign_keys", false)?;
    let migrated = migrate_in_transaction(connection);
    connection.pragma_update(None, "foreign_keys", true)?;
    migrated
}

fn migrate_in_transaction(connection: &mut Connection) -> rusqlite::Result<()> {
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

/// The functions that migrations call: `packed(language, segment)` and `pair_hash(packed, packed, codes)`.
fn add_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("packed", 2, flags, |args| {
        let side = match args.get_raw(0).as_str()? {
            "ar" => Lang::Arabic,
            _ => Lang::English,
        };
        let text = args.get_raw(1).as_str_or_null()?;
        Ok(text.map(|text| pack(side, text)))
    })?;
    connection.create_scalar_function("pair_hash", 3, flags, |args| {
        let packed = Sides {
            ar: args.get_raw(0).as_blob()?,
            en: args.get_raw(1).as_blob()?,
        };
        Ok(pair_hash(packed, args.get_raw(2).as_str_or_null()?))
    })
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
