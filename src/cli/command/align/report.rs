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

/// What is told of all documents.
pub(super) struct Summary {
    pub(super) total: BeadReport,
    /// In the order of the documents.
    documents: Vec<DocumentSummary>,
}

struct DocumentSummary {
    beads: BeadReport,
    /// Whether the pair looks like no translation.
    is_suspicious: bool,
}

/// Says for each document, and for all of them together, what was aligned; warns of pairs that look like no translations.
pub(super) fn say(
    context: &Context,
    args: &AlignArgs,
    aligned: &[AlignedDocument],
    equivalents: &Equivalents,
) -> Summary {
    let mut total = BeadReport::default();
    let mut documents = Vec::with_capacity(aligned.len());
    for document in aligned {
        let beads = BeadReport::of(document.text(), args.min_confidence);
        context.ui.note(format!("{}: {beads}", document.name()));
        let is_suspicious = looks_unrelated(document.text(), equivalents);
        if is_suspicious {
            context.ui.warn(format!(
                "{}: the two documents look like no translations of each other",
                document.name()
            ));
        }
        total += &beads;
        documents.push(DocumentSummary {
            beads,
            is_suspicious,
        });
    }
    if aligned.len() > 1 {
        let documents = plural(aligned.len() as u64, "document");
        context.ui.note(format!("{documents}: {total}"));
    }
    Summary { total, documents }
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
    beads: &'r BeadReport,
    /// Where units were imported.
    update: Option<UpdateRecord>,
}

#[derive(Serialize)]
struct UpdateRecord {
    before: u64,
    unchanged: u64,
    confirmed: u64,
    retracted: u64,
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
            retracted: update.retracted,
            added: update.added,
            changed: update.changed,
            gone: update.gone,
        }
    }
}

/// Writes the figures as JSON. `updates` has one for each document, or none where nothing was imported.
pub(super) fn write(
    destination: &Destination,
    pairs: &[DocumentPair],
    aligned: &[AlignedDocument],
    summary: &Summary,
    updates: &[DocumentUpdate],
) -> Result<(), CommandError> {
    let documents = pairs.iter().zip(aligned).zip(&summary.documents);
    let report = Report {
        v: 1,
        total: &summary.total,
        documents: documents
            .enumerate()
            .map(|(i, ((pair, document), summary))| DocumentRecord {
                document: document.name(),
                ar: &pair.paths.ar,
                en: &pair.paths.en,
                suspicious: summary.is_suspicious,
                beads: &summary.beads,
                update: updates.get(i).map(UpdateRecord::from),
            })
            .collect(),
    };
    destination.write(|out| {
        serde_json::to_writer_pretty(&mut *out, &report).map_err(std::io::Error::from)?;
        Ok(writeln!(out)?)
    })
}
