//! `dhakira stats`.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::Outcome;
use crate::cli::args::Context;
use crate::cli::error::CommandError;
use crate::cli::output::Destination;
use crate::cli::render::{entries, grouped, human_bytes};
use crate::lang::Sides;
use crate::memory::Stats;

/// Show figures about the memory: where it is, how large, what is in it
#[derive(Debug, Args)]
pub(crate) struct StatsArgs {
    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: StatsFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum StatsFormat {
    /// For people
    Human,
    /// One JSON object
    Json,
}

/// Prints the figures.
pub(crate) fn run(context: &Context, args: &StatsArgs) -> Result<Outcome, CommandError> {
    let stats = context.open_memory()?.stats()?;
    Destination::Stdout.write(|out| {
        match args.format {
            StatsFormat::Human => write_human(out, &stats)?,
            StatsFormat::Json => write_json(out, &stats)?,
        }
        Ok(())
    })?;
    Ok(Outcome::Done)
}

fn write_human(out: &mut dyn Write, stats: &Stats) -> io::Result<()> {
    let mut row = |name: &str, value: String| writeln!(out, "{name:<12} {value}");
    row("memory", stats.path.display().to_string())?;
    row("size", human_bytes(stats.file_bytes))?;
    row("units", grouped(stats.units))?;
    row("occurrences", grouped(stats.occurrences))?;
    row("documents", grouped(stats.documents))?;
    row("terms", entries(stats.term_entries))?;
    row("sessions", grouped(stats.sessions))?;
    let sides = |ar: String, en: String| format!("{ar} Arabic, {en} English");
    let Sides { ar, en } = stats.words.map(grouped);
    row("words", sides(ar, en))?;
    let Sides { ar, en } = stats.text_bytes.map(human_bytes);
    row("text", sides(ar, en))?;
    row(
        "versions",
        format!(
            "schema {}, index {}",
            stats.schema_version, stats.index_version
        ),
    )
}

/// Version 1 of the JSON object; fields are only ever added.
#[derive(Serialize)]
struct StatsRecord<'s> {
    v: u32,
    memory: &'s str,
    file_bytes: u64,
    units: u64,
    occurrences: u64,
    documents: u64,
    sessions: u64,
    term_entries: u64,
    words: SidesRecord,
    text_bytes: SidesRecord,
    schema_version: u32,
    index_version: u32,
}

#[derive(Serialize)]
struct SidesRecord {
    ar: u64,
    en: u64,
}

impl From<Sides<u64>> for SidesRecord {
    fn from(Sides { ar, en }: Sides<u64>) -> Self {
        Self { ar, en }
    }
}

fn write_json(out: &mut dyn Write, stats: &Stats) -> io::Result<()> {
    let record = StatsRecord {
        v: 1,
        memory: &stats.path.to_string_lossy(),
        file_bytes: stats.file_bytes,
        units: stats.units,
        occurrences: stats.occurrences,
        documents: stats.documents,
        sessions: stats.sessions,
        term_entries: stats.term_entries,
        words: stats.words.into(),
        text_bytes: stats.text_bytes.into(),
        schema_version: stats.schema_version,
        index_version: stats.index_version,
    };
    serde_json::to_writer(&mut *out, &record)?;
    writeln!(out)
}
