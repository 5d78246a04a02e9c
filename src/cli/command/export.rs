//! `dhakira export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Outcome;
use crate::cli::args::Context;
use crate::cli::error::CommandError;
use crate::cli::interrupt;
use crate::cli::output::Destination;
use crate::cli::progress::Kind;
use crate::cli::render::plural;
use crate::format::moses::MosesWriter;
use crate::format::{Columns, UnitFormat, UnitWriter, WriteOptions, unit_writer};

/// Write all units of the memory to a file or to stdout
///
/// Documents come in the order of their names, each in its own order; a unit that occurs more than once is written for
/// each place.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The format [default: told from the name of the output, else tsv]
    #[arg(long, value_name = "FORMAT")]
    format: Option<ExportFormat>,

    /// Write to this file (for moses: to PREFIX.ar and PREFIX.en); .gz and .zst compress [default: stdout]
    #[arg(long, short, value_name = "FILE|PREFIX")]
    output: Option<PathBuf>,

    /// The columns of TSV and CSV, such as doc,index,ar,en [default: ar,en]
    #[arg(long, value_name = "NAMES")]
    columns: Option<Columns>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    /// TMX 1.4b
    Tmx,
    /// Tab-separated values
    Tsv,
    /// Comma-separated values
    Csv,
    /// One JSON object a line; keeps everything
    Jsonl,
    /// XLIFF 2.1, from English into Arabic
    Xliff,
    /// Two files, one segment a line
    Moses,
}

/// Writes the units.
pub(crate) fn run(context: &Context, args: &ExportArgs) -> Result<Outcome, CommandError> {
    let destination = Destination::from_option(args.output.as_deref());
    context.refuse_overwriting(&destination, [])?;
    let memory = context.open_memory()?;
    let mut writer = writer(args, &destination)?;
    let progress = context.ui.progress(Kind::Items("units"), None);
    progress.message("exporting");
    let mut done = 0;
    memory.for_each_unit(|unit| {
        interrupt::check()?;
        writer.write(unit.view())?;
        done += 1;
        progress.at(done);
        Ok::<_, CommandError>(())
    })?;
    let counts = writer.finish()?;
    drop(progress);
    if counts.altered > 0 {
        context.ui.warn(format!(
            "{} held characters that the format can't; they were replaced",
            plural(counts.altered, "unit")
        ));
    }
    context
        .ui
        .note(format!("{} written", plural(counts.units, "unit")));
    Ok(if counts.units == 0 {
        Outcome::NothingFound
    } else {
        Outcome::Done
    })
}

fn writer(
    args: &ExportArgs,
    destination: &Destination,
) -> Result<Box<dyn UnitWriter>, CommandError> {
    let by_name = || {
        let name = args.output.as_ref()?.to_str()?;
        UnitFormat::of_name(name)
    };
    let format = match args.format {
        Some(ExportFormat::Moses) => {
            let Destination::File(prefix) = destination else {
                return Err(
                    CommandError::user("moses makes two files, which stdout can't hold")
                        .hint("name their prefix with --output PREFIX"),
                );
            };
            return Ok(Box::new(MosesWriter::create(prefix)?));
        }
        Some(ExportFormat::Tmx) => UnitFormat::Tmx,
        Some(ExportFormat::Tsv) => UnitFormat::Tsv,
        Some(ExportFormat::Csv) => UnitFormat::Csv,
        Some(ExportFormat::Jsonl) => UnitFormat::Jsonl,
        Some(ExportFormat::Xliff) => UnitFormat::Xliff,
        None => by_name().unwrap_or(UnitFormat::Tsv),
    };
    let options = WriteOptions {
        columns: args.columns.clone(),
    };
    Ok(unit_writer(format, destination.open()?, &options)?)
}
