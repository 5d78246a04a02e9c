//! What people decided about alignments.

use super::{Result, TranslationMemory};
use crate::align_review::{Decisions, ReviewBead, Standing};
use crate::lang::Sides;
use crate::score::Confidence;
use crate::store::{ReviewRow, ReviewRows};
use crate::unit::UnixSeconds;

impl TranslationMemory {
    /// Keeps what was decided about a document, at once and for good; it is no session and not undone with one.
    ///
    /// # Errors
    /// Where the memory can't be written to.
    pub fn save_decisions(
        &mut self,
        document: &str,
        decisions: &Decisions,
        now: UnixSeconds,
    ) -> Result<()> {
        let rows = ReviewRows {
            segments: decisions.segments.clone(),
            beads: decisions.beads.iter().filter_map(row).collect(),
        };
        self.writing(|memory| memory.store.replace_review(document, &rows, now))
    }

    /// What was decided about a document; nothing, where nothing was.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn decisions(&self, document: &str) -> Result<Decisions> {
        let rows = self.store.review(document)?.unwrap_or_default();
        Ok(Decisions {
            segments: rows.segments,
            beads: rows.beads.into_iter().map(bead).collect(),
        })
    }
}

/// A decided bead as a row; `None` for one that nobody has decided.
fn row(bead: &ReviewBead) -> Option<ReviewRow> {
    let standing = match bead.standing {
        Standing::Open(_) => return None,
        Standing::Edited => 0,
        Standing::Confirmed => 1,
        Standing::Dropped => 2,
    };
    // No document has so many segments.
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Some(ReviewRow {
        range: Sides::from_fn(|lang| {
            let range = bead.range.get(lang);
            number(range.start)..number(range.end)
        }),
        standing,
    })
}

fn bead(row: ReviewRow) -> ReviewBead {
    ReviewBead {
        range: row
            .range
            .map(|range| range.start as usize..range.end as usize),
        standing: match row.standing {
            0 => Standing::Edited,
            1 => Standing::Confirmed,
            2 => Standing::Dropped,
            // The file's schema allows none, so only damage does: nobody is sure of it.
            _ => Standing::Open(Confidence::from_thousandths(0)),
        },
    }
}
