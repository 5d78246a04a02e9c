//! What people decided about alignments, as rows.

use std::ops::Range;

use rusqlite::Row;

use super::{Result, Store};
use crate::lang::Sides;
use crate::unit::UnixSeconds;

/// The decisions about a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewRows {
    /// A hash for each segment of each side.
    pub segments: Sides<Vec<u64>>,
    /// The decided beads, in order.
    pub beads: Vec<ReviewRow>,
}

/// A decided bead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRow {
    /// The numbers of its segments.
    pub range: Sides<Range<u32>>,
    /// What was decided: 0 edited, 1 confirmed, 2 dropped.
    pub standing: u8,
}

impl Store {
    /// Puts the decisions about a document in the place of those that there are.
    pub fn replace_review(
        &self,
        document: &str,
        rows: &ReviewRows,
        now: UnixSeconds,
    ) -> Result<()> {
        self.checked(|c| {
            c.prepare_cached("delete from alignment_review where document = ?1")?
                .execute([document])?;
            let sql = "insert into alignment_review (document, ar_segments, en_segments, changed_at)
                       values (?1, ?2, ?3, ?4)";
            let Sides { ar, en } = Sides::from_fn(|lang| to_bytes(rows.segments.get(lang)));
            c.prepare_cached(sql)?.execute((document, ar, en, now.0))?;
            let sql = "insert into alignment_review_bead
                       (document, ordinal, ar_from, ar_to, en_from, en_to, standing) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let mut statement = c.prepare_cached(sql)?;
            for (ordinal, row) in (0_i64..).zip(&rows.beads) {
                let Sides { ar, en } = &row.range;
                statement.execute((
                    document,
                    ordinal,
                    ar.start,
                    ar.end,
                    en.start,
                    en.end,
                    row.standing,
                ))?;
            }
            Ok(())
        })
    }

    /// The decisions about a document; `None` where there are none.
    pub fn review(&self, document: &str) -> Result<Option<ReviewRows>> {
        let sql = "select ar_segments, en_segments from alignment_review where document = ?1";
        let segments = |row: &Row<'_>| {
            Ok(Sides {
                ar: from_bytes(row.get_ref(0)?.as_blob().unwrap_or_default()),
                en: from_bytes(row.get_ref(1)?.as_blob().unwrap_or_default()),
            })
        };
        let Some(segments) = self.optional(sql, [document], segments)? else {
            return Ok(None);
        };
        let sql = "select ar_from, ar_to, en_from, en_to, standing from alignment_review_bead
                   where document = ?1 order by ordinal";
        let bead = |row: &Row<'_>| {
            Ok(ReviewRow {
                range: Sides {
                    ar: row.get(0)?..row.get(1)?,
                    en: row.get(2)?..row.get(3)?,
                },
                standing: row.get(4)?,
            })
        };
        let beads = self.checked(|c| {
            c.prepare_cached(sql)?
                .query_map([document], bead)?
                .collect::<rusqlite::Result<_>>()
        })?;
        Ok(Some(ReviewRows { segments, beads }))
    }
}

fn to_bytes(hashes: &[u64]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect()
}

fn from_bytes(bytes: &[u8]) -> Vec<u64> {
    let (hashes, _) = bytes.as_chunks::<8>();
    hashes.iter().map(|b| u64::from_le_bytes(*b)).collect()
}
