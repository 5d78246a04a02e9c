//! What a batch did, as JSON and in a line.

use std::path::Path;

use serde::Serialize;

use crate::cli::error::CommandError;
use crate::cli::output::Destination;
use crate::matching::SCORE_VERSION;
use crate::matching::penalty::PenaltyPolicy;
use crate::memory::MemoryIdentity;
use crate::pretranslate::{Leverage, Tally, Volume};
use crate::text::fold::FOLD_VERSION;

/// Everything that the result of a run depends on, beside the files.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Signature {
    /// The program's version.
    pub(crate) program: &'static str,
    /// [`SCORE_VERSION`].
    pub(crate) score_version: u32,
    /// [`FOLD_VERSION`].
    pub(crate) fold_version: u32,
    pub(crate) threshold: u8,
    pub(crate) fill: u8,
    pub(crate) confirm: String,
    pub(crate) overwrite: String,
    pub(crate) repetitions: bool,
    pub(crate) rank: String,
    pub(crate) penalties: PenaltyPolicy,
    pub(crate) memory: MemoryIdentity,
}

impl Signature {
    /// A signature with the versions of this program.
    pub(crate) fn versions() -> (&'static str, u32, u32) {
        (env!("CARGO_PKG_VERSION"), SCORE_VERSION, FOLD_VERSION)
    }

    /// The signature in one line.
    pub(crate) fn line(&self) -> String {
        let penalties = if self.penalties == PenaltyPolicy::default() {
            "default".to_owned()
        } else {
            // A policy is numbers and texts, which JSON has.
            serde_json::to_string(&self.penalties).unwrap_or_default()
        };
        format!(
            "dhakira={} score={} fold={} threshold={} fill={} confirm={} overwrite={} repetitions={} rank={} penalties={} \
             memory={} units={}",
            self.program,
            self.score_version,
            self.fold_version,
            self.threshold,
            self.fill,
            self.confirm,
            self.overwrite,
            self.repetitions,
            self.rank,
            penalties,
            self.memory.id,
            self.memory.units,
        )
    }
}

/// Version 1 of the report; fields are only ever added.
#[derive(Debug, Serialize)]
pub(crate) struct Report<'r> {
    pub(crate) v: u32,
    /// [`Signature::line`].
    pub(crate) signature: String,
    pub(crate) settings: &'r Signature,
    pub(crate) threshold: u8,
    pub(crate) dry_run: bool,
    /// The file, where there is one only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) document: Option<&'r Path>,
    /// Its language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<&'static str>,
    #[serde(flatten)]
    pub(crate) counts: Counts,
    /// In the order of the run.
    pub(crate) files: &'r [FileRecord],
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    /// It was pre-translated, and something was written to its place.
    Written,
    /// There was nothing to write into it.
    Unchanged,
    /// It was found in a folder, and is none of the kinds that can be filled.
    Skipped,
    /// It could not be read or written.
    Failed,
}

/// A file of the report.
#[derive(Debug, Serialize)]
pub(crate) struct FileRecord {
    pub(crate) document: String,
    pub(crate) status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<&'static str>,
    /// Where it was written to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) output: Option<String>,
    /// The copy of what it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) backup: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    /// What was odd about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) warnings: Vec<String>,
    #[serde(flatten)]
    pub(crate) counts: Counts,
}

/// Volumes.
#[derive(Debug, Serialize)]
pub(crate) struct Counts {
    /// What is to be translated.
    total: Volume,
    /// All kinds of leverage, in the order of [`Leverage::ALL`]; they add up to the total.
    bands: Vec<BandRecord>,
    /// What of the total got a match as its target.
    filled: Volume,
    /// What of that counts as done.
    confirmed: Volume,
    /// What was translated before.
    translated: Volume,
    /// What is not to be translated.
    locked: Volume,
}

#[derive(Debug, Serialize)]
struct BandRecord {
    band: &'static str,
    #[serde(flatten)]
    volume: Volume,
}

impl From<&Tally> for Counts {
    fn from(tally: &Tally) -> Self {
        let bands = Leverage::ALL.into_iter().map(|leverage| BandRecord {
            band: leverage.name(),
            volume: tally.volume(leverage),
        });
        Self {
            total: tally.total(),
            bands: bands.collect(),
            filled: tally.filled,
            confirmed: tally.confirmed,
            translated: tally.translated,
            locked: tally.locked,
        }
    }
}

impl Report<'_> {
    /// Writes the report.
    pub(crate) fn write(&self, destination: &Destination) -> Result<(), CommandError> {
        destination.write(|out| {
            serde_json::to_writer_pretty(&mut *out, self).map_err(std::io::Error::from)?;
            Ok(writeln!(out)?)
        })
    }
}
