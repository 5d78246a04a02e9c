//! What is told of the documents: on stderr, and with `--report` as JSON.

use std::path::Path;

use serde::Serialize;

use super::AlignArgs;
use crate::align_review::likeness::{Equivalents, looks_unrelated};
use crate::cli::aligned::AlignedDocument;
use crate::cli::args::Context;
use crate::cli::bead_report::BeadReport;
use crate::cli::error::CommandError;
use crate::cli::output::Destination;
use crate::cli::pairs::DocumentPair;
use crate::cli::render::plural;
use crate::memory::DocumentUpdate;

/// Says for each document, and for all of them together, what was aligned; warns of pairs that look like no translations.
pub(super) fn say(
    context: &Context,
    args: &AlignArgs,
    aligned: &[AlignedDocument],
    equivalents: &Equivalents,
) -> BeadReport {
    let mut total = BeadReport::default();
    for document in aligned {
        let report = BeadReport::of(document.text(), args.min_confidence);
        context.ui.note(format!("{}: {report}", document.name()));
        if looks_unrelated(document.text(), equivalents) {
            context.ui.warn(format!(
                "{}: the two documents look like no translations of each other",
                document.name()
            ));
        }
        total += &report;
    }
    if aligned.len() > 1 {
        let documents = plural(aligned.len() as u64, "document");
        context.ui.note(format!("{documents}: {total}"));
    }
    total
}

/// Version 1 of the report; fields are only ever added.
#[derive(Serialize)]
struct Report<'r> {
    v: u32,
    total: &'r BeadReport,
    documents: Vec<DocumentRecord<'r>>,
}

#[derive(Serialize)]
struct DocumentRecord<'r> {
    document: &'r str,
    ar: &'r Path,
    en: &'r Path,
    /// Whether the pair looks like no translation.
    suspicious: bool,
    #[serde(flatten)]
    beads: BeadReport,
    /// Where units were imported.
    update: Option<UpdateRecord>,
}

#[derive(Serialize)]
struct UpdateRecord {
    before: u64,
    unchanged: u64,
    confirmed: u64,
    added: u64,
    changed: u64,
    gone: u64,
}

impl From<&DocumentUpdate> for UpdateRecord {
    fn from(update: &DocumentUpdate) -> Self {
        Self {
            before: update.before,
            unchanged: update.unchanged,
            confirmed: update.confirmed,
            added: update.added,
            changed: update.changed,
            gone: update.gone,
        }
    }
}

/// What is known of all documents beside their beads.
pub(super) struct Figures<'f> {
    pub(super) total: &'f BeadReport,
    /// One for each document, or none where nothing was imported.
    pub(super) updates: &'f [DocumentUpdate],
}

/// Writes the figures as JSON.
pub(super) fn write(
    destination: &Destination,
    args: &AlignArgs,
    pairs: &[DocumentPair],
    aligned: &[AlignedDocument],
    figures: &Figures<'_>,
    equivalents: &Equivalents,
) -> Result<(), CommandError> {
    let documents = pairs.iter().zip(aligned).enumerate();
    let report = Report {
        v: 1,
        total: figures.total,
        documents: documents
            .map(|(i, (pair, document))| DocumentRecord {
                document: document.name(),
                ar: &pair.paths.ar,
                en: &pair.paths.en,
                suspicious: looks_unrelated(document.text(), equivalents),
                beads: BeadReport::of(document.text(), args.min_confidence),
                update: figures.updates.get(i).map(UpdateRecord::from),
            })
            .collect(),
    };
    destination.write(|out| {
        serde_json::to_writer_pretty(&mut *out, &report).map_err(std::io::Error::from)?;
        Ok(writeln!(out)?)
    })
}
