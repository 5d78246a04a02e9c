//! What people decided about alignments.

use super::{Result, TranslationMemory};
use crate::align_review::{Decisions, ReviewBead, Standing, Step};
use crate::lang::Sides;
use crate::score::Confidence;
use crate::store::{ReviewRow, ReviewRows, StepRows};
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
            beads: decisions.beads.iter().map(row).collect(),
            steps: decisions.steps.iter().map(step_rows).collect(),
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
            steps: rows.steps.into_iter().map(step).collect(),
        })
    }
}

// No document has so many segments.
fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn row(bead: &ReviewBead) -> ReviewRow {
    let (standing, confidence) = match bead.standing {
        Standing::Edited => (0, None),
        Standing::Confirmed => (1, None),
        Standing::Dropped => (2, None),
        Standing::Open(confidence) => (3, Some(confidence.thousandths())),
    };
    ReviewRow {
        range: Sides::from_fn(|lang| {
            let range = bead.range.get(lang);
            number(range.start)..number(range.end)
        }),
        standing,
        confidence,
    }
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
            // Where the confidence is missing, by damage alone, nobody is sure of it.
            _ => Standing::Open(Confidence::from_thousandths(row.confidence.unwrap_or(0))),
        },
    }
}

fn step_rows(step: &Step) -> StepRows {
    StepRows {
        number: step.number,
        at_hand: number(step.at_hand),
        before: step.before.iter().map(row).collect(),
    }
}

fn step(rows: StepRows) -> Step {
    Step {
        number: rows.number,
        at_hand: rows.at_hand as usize,
        before: rows.before.into_iter().map(bead).collect(),
    }
}
