//! `dhakira optimize`.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::Outcome;
use crate::cli::args::Context;
use crate::cli::error::CommandError;
use crate::cli::output::Destination;
use crate::cli::progress::Kind;
use crate::cli::render::{grouped, human_bytes};
use crate::memory::{Layout, Optimized};

/// Make the memory's file as small and lookups as fast as they can be
///
/// Nobody has to: writing keeps the file in order by itself. Worth it after many small imports, after undoing a large one,
/// or when a newer version has brought an old memory up to date. Others can read meanwhile; who writes waits. It needs room
/// for two more copies of the file while it runs, and stopping it does no harm.
#[derive(Debug, Args)]
pub(crate) struct OptimizeArgs {
    /// How to print the figures from before and after
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: OptimizeFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OptimizeFormat {
    /// For people
    Human,
    /// One JSON object
    Json,
}

/// Puts the memory in order and prints what that has changed.
pub(crate) fn run(context: &Context, args: &OptimizeArgs) -> Result<Outcome, CommandError> {
    let mut memory = context.open_memory_to_change()?;
    let progress = context.ui.progress(Kind::Nothing, None);
    progress.message("writing the memory anew");
    let optimized = memory.optimize()?;
    drop(progress);
    Destination::Stdout.write(|out| {
        match args.format {
            OptimizeFormat::Human => write_human(out, &optimized)?,
            OptimizeFormat::Json => write_json(out, &optimized)?,
        }
        Ok(())
    })?;
    Ok(Outcome::Done)
}

fn write_human(out: &mut dyn Write, Optimized { before, after }: &Optimized) -> io::Result<()> {
    let mut row = |name: &str, before: String, after: String| {
        writeln!(out, "{name:<12} {before:>12} {after:>12}")
    };
    row("", "before".into(), "after".into())?;
    let mut bytes =
        |name, of: fn(&Layout) -> u64| row(name, human_bytes(of(before)), human_bytes(of(after)));
    bytes("size", |layout| layout.file_bytes)?;
    bytes("unused", |layout| layout.free_bytes)?;
    let mut count =
        |name, of: fn(&Layout) -> u64| row(name, grouped(of(before)), grouped(of(after)));
    count("index runs", |layout| layout.runs)?;
    count("waiting", |layout| layout.waiting)?;
    count("gone", |layout| layout.gone)
}

/// Version 1 of the JSON object; fields are only ever added.
#[derive(Serialize)]
struct OptimizedRecord {
    v: u32,
    before: LayoutRecord,
    after: LayoutRecord,
}

#[derive(Serialize)]
struct LayoutRecord {
    file_bytes: u64,
    free_bytes: u64,
    runs: u64,
    waiting: u64,
    gone: u64,
}

impl From<Layout> for LayoutRecord {
    fn from(layout: Layout) -> Self {
        Self {
            file_bytes: layout.file_bytes,
            free_bytes: layout.free_bytes,
            runs: layout.runs,
            waiting: layout.waiting,
            gone: layout.gone,
        }
    }
}

fn write_json(out: &mut dyn Write, optimized: &Optimized) -> io::Result<()> {
    let record = OptimizedRecord {
        v: 1,
        before: optimized.before.into(),
        after: optimized.after.into(),
    };
    serde_json::to_writer(&mut *out, &record)?;
    writeln!(out)
}
