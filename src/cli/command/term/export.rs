//! `dhakira term export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::super::Outcome;
use super::FilterArgs;
use crate::cli::args::Context;
use crate::cli::error::CommandError;
use crate::cli::interrupt;
use crate::cli::output::Destination;
use crate::cli::render::entries;
use crate::format::tbx::TbxSurvey;
use crate::format::terms::{TermColumns, TermFormat, TermWriteOptions, term_writer};

/// Write the entries to a file
///
/// TBX (version 3) keeps everything; TSV and CSV have a row for each entry, under a header, and keep what has a column.
#[derive(Debug, Args)]
pub(crate) struct TermExportArgs {
    /// The format [default: told from the name of the output, else tbx]
    #[arg(long, value_name = "FORMAT")]
    format: Option<FormatArg>,

    /// Where to write; a name that ends in .gz or .zst is compressed [default: stdout]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// The columns of TSV and CSV, as for `term import` [default: all]
    #[arg(long, value_name = "NAMES")]
    columns: Option<TermColumns>,

    /// Only entries with that text in one of their terms, in any spelling
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,

    #[command(flatten)]
    filter: FilterArgs,
}

/// A format that terms are written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    /// TermBase eXchange
    Tbx,
    /// Tab-separated values
    Tsv,
    /// Comma-separated values
    Csv,
}

impl From<FormatArg> for TermFormat {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Tbx => Self::Tbx,
            FormatArg::Tsv => Self::Tsv,
            FormatArg::Csv => Self::Csv,
        }
    }
}

/// The format that the output's name ends with.
fn by_name(args: &TermExportArgs) -> Option<TermFormat> {
    TermFormat::of_name(args.output.as_ref()?.to_str()?)
}

/// Writes the entries.
pub(super) fn run(context: &Context, args: &TermExportArgs) -> Result<Outcome, CommandError> {
    let destination = Destination::from_option(args.output.as_deref());
    context.refuse_overwriting(&destination, [])?;
    let memory = context.open_memory()?;
    let filter = args.filter.filter(args.text.as_ref());
    let columns = args.columns.clone().unwrap_or_default();
    let format = match args.format {
        Some(format) => format.into(),
        None => by_name(args).unwrap_or(TermFormat::Tbx),
    };
    let options = match format {
        TermFormat::Xlsx => {
            return Err(CommandError::user("terms are not written to XLSX")
                .hint("write a .csv file, which Excel opens, or say another --format"));
        }
        TermFormat::Tsv => TermWriteOptions::Tsv(columns),
        TermFormat::Csv => TermWriteOptions::Csv(columns),
        TermFormat::Tbx => {
            let mut survey = TbxSurvey::default();
            memory.for_each_term_entry(&filter, |_, entry| {
                survey.add(&entry);
                Ok::<_, CommandError>(())
            })?;
            if survey.beyond_basic() > 0 {
                context.ui.note(format!(
                    "{} with categories or values that TBX-Basic doesn't have: written as the private dialect TBX-dhakira",
                    entries(survey.beyond_basic())
                ));
            }
            TermWriteOptions::Tbx(survey)
        }
    };
    let mut writer = term_writer(destination.open()?, options)?;
    memory.for_each_term_entry(&filter, |_, entry| {
        interrupt::check()?;
        Ok::<_, CommandError>(writer.write(&entry)?)
    })?;
    let counts = writer.finish()?;
    if counts.altered > 0 {
        context.ui.warn(format!(
            "{} held what the format can't; it was replaced or left out",
            entries(counts.altered)
        ));
    }
    context
        .ui
        .note(format!("{} written", entries(counts.units)));
    Ok(match counts.units {
        0 => Outcome::NothingFound,
        _ => Outcome::Done,
    })
}
