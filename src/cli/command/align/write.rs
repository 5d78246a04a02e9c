//! Aligned documents as files.

use super::{AlignArgs, BeadFormat};
use crate::align_review::Standing;
use crate::cli::aligned::AlignedDocument;
use crate::cli::clock::now;
use crate::cli::error::CommandError;
use crate::cli::output::Destination;
use crate::format::bitext::{BeadMark, BitextBead, BitextDocument, write_page};
use crate::format::{Columns, FormatError, UnitFormat, WriteOptions, unit_writer};
use crate::lang::Sides;

/// The columns of `--format tsv`.
const TSV_COLUMNS: &str = "doc,index,ar,en,confidence";

/// Writes the beads in the format that was asked for.
pub(super) fn write_beads(
    output: &Destination,
    format: BeadFormat,
    aligned: &[AlignedDocument],
    args: &AlignArgs,
) -> Result<(), CommandError> {
    let format = match format {
        BeadFormat::Links => {
            return output.write(|out| {
                aligned
                    .iter()
                    .try_for_each(|document| document.write_links(out))?;
                Ok(())
            });
        }
        BeadFormat::Html => {
            let documents: Vec<_> = aligned.iter().map(page_of).collect();
            return output.write(|out| Ok(write_page(&documents, out)?));
        }
        BeadFormat::Tsv => UnitFormat::Tsv,
        BeadFormat::Tmx => UnitFormat::Tmx,
        BeadFormat::Jsonl => UnitFormat::Jsonl,
    };
    let options = WriteOptions {
        columns: Some(Columns::parse(TSV_COLUMNS).map_err(FormatError::from)?),
    };
    let time = now();
    let mut writer = unit_writer(format, output.open()?, &options)?;
    for document in aligned {
        for unit in document.units(args.min_confidence, time) {
            writer.write(unit.view())?;
        }
    }
    writer.finish()?;
    Ok(())
}

/// A document as the page shows it: all beads, doubtful ones too.
fn page_of(document: &AlignedDocument) -> BitextDocument<'_> {
    let text = document.text();
    let beads = text.beads.iter().map(|bead| BitextBead {
        segments: Sides::from_fn(|lang| {
            let segments = &text.segments.get(lang)[bead.range.get(lang).clone()];
            segments.iter().map(String::as_str).collect()
        }),
        mark: match bead.standing {
            Standing::Dropped => BeadMark::Dropped,
            _ if !bead.is_filled() => BeadMark::Unaligned,
            Standing::Confirmed => BeadMark::Confirmed,
            Standing::Edited => BeadMark::Edited,
            Standing::Open(confidence) => BeadMark::Aligned(confidence),
        },
    });
    BitextDocument {
        name: document.name(),
        beads: beads.collect(),
    }
}
