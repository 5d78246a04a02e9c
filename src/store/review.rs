//! What people decided about alignments, as rows.

use std::ops::Range;

use rusqlite::{Connection, Row};

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
    /// What undoes the last decisions, in order.
    pub steps: Vec<StepRows>,
}

/// A bead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRow {
    /// The numbers of its segments.
    pub range: Sides<Range<u32>>,
    /// What was decided: 0 edited, 1 confirmed, 2 dropped; 3 nothing, which only what was before a decision can be.
    pub standing: u8,
    /// The aligner's, in thousandths, where nothing was decided.
    pub confidence: Option<u16>,
}

/// What undoes a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRows {
    /// Its place among the decisions about all documents.
    pub number: u64,
    /// Which of the beads was at hand.
    pub at_hand: u32,
    /// The beads that stood there before.
    pub before: Vec<ReviewRow>,
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
            // With all that refers to it.
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
            rows.steps
                .iter()
                .try_for_each(|step| insert_step(c, document, step))
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
        let sql = "select ar_from, ar_to, en_from, en_to, standing, null from alignment_review_bead
                   where document = ?1 order by ordinal";
        let beads = self.checked(|c| {
            c.prepare_cached(sql)?
                .query_map([document], |row| review_row(row, 0))?
                .collect::<rusqlite::Result<_>>()
        })?;
        let steps = self.checked(|c| steps(c, document))?;
        Ok(Some(ReviewRows {
            segments,
            beads,
            steps,
        }))
    }
}

fn review_row(row: &Row<'_>, first: usize) -> rusqlite::Result<ReviewRow> {
    Ok(ReviewRow {
        range: Sides {
            ar: row.get(first)?..row.get(first + 1)?,
            en: row.get(first + 2)?..row.get(first + 3)?,
        },
        standing: row.get(first + 4)?,
        confidence: row.get(first + 5)?,
    })
}

fn insert_step(c: &Connection, document: &str, step: &StepRows) -> rusqlite::Result<()> {
    let number = step.number.cast_signed();
    let sql = "insert into alignment_review_step (document, number, at_hand) values (?1, ?2, ?3)";
    c.prepare_cached(sql)?
        .execute((document, number, step.at_hand))?;
    let sql = "insert into alignment_review_step_bead
               (document, number, ordinal, ar_from, ar_to, en_from, en_to, standing, confidence)
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let mut statement = c.prepare_cached(sql)?;
    for (ordinal, row) in (0_i64..).zip(&step.before) {
        let Sides { ar, en } = &row.range;
        statement.execute((
            document,
            number,
            ordinal,
            ar.start,
            ar.end,
            en.start,
            en.end,
            row.standing,
            row.confidence,
        ))?;
    }
    Ok(())
}

fn steps(c: &Connection, document: &str) -> rusqlite::Result<Vec<StepRows>> {
    let sql = "select number, at_hand, ar_from, ar_to, en_from, en_to, standing, confidence
               from alignment_review_step join alignment_review_step_bead using (document, number)
               where document = ?1 order by number, ordinal";
    let mut statement = c.prepare_cached(sql)?;
    let mut rows = statement.query([document])?;
    let mut out: Vec<StepRows> = Vec::new();
    while let Some(row) = rows.next()? {
        let number = row.get::<_, i64>(0)?.cast_unsigned();
        let bead = review_row(row, 2)?;
        match out.last_mut() {
            Some(step) if step.number == number => step.before.push(bead),
            _ => out.push(StepRows {
                number,
                at_hand: row.get(1)?,
                before: vec![bead],
            }),
        }
    }
    Ok(out)
}

fn to_bytes(hashes: &[u64]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.to_le_bytes()).collect()
}

fn from_bytes(bytes: &[u8]) -> Vec<u64> {
    let (hashes, _) = bytes.as_chunks::<8>();
    hashes.iter().map(|b| u64::from_le_bytes(*b)).collect()
}
