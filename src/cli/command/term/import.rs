//! `dhakira term import`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::super::Outcome;
use super::super::import::{KeepingArgs, Source, import_all, open};
use crate::cli::args::Context;
use crate::cli::error::CommandError;
use crate::format::terms::{TermColumns, TermFormat, TermReadOptions};

/// Import terms from files
///
/// Reads TBX of version 2 and 3 (Core, Min, Basic), TSV, CSV and XLSX, plain or compressed (.gz, .zst). All files of one command are
/// one session, which can be undone. Entries that the memory has already are counted and not doubled. In a cell, | stands
/// between several terms.
#[derive(Debug, Args)]
pub(crate) struct TermImportArgs {
    /// The files; - is stdin
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// The format of the files [default: told from their names, else from their first bytes]
    #[arg(long, value_name = "FORMAT")]
    format: Option<FormatArg>,

    /// The columns of TSV, CSV and XLSX, such as en,ar,status_ar: ar, en, tags of other languages, id, status, pos, definition
    /// (or of one language, as status_ar), context_ar, context_en, domain, source, note, - for one to skip [default: a
    /// header line, else the first two, told by script]
    #[arg(long, value_name = "NAMES")]
    columns: Option<TermColumns>,

    #[command(flatten)]
    keeping: KeepingArgs,
}

/// A format that terms are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    /// TermBase eXchange
    Tbx,
    /// Tab-separated values
    Tsv,
    /// Comma-separated values
    Csv,
    /// A workbook of Excel
    Xlsx,
}

impl From<FormatArg> for TermFormat {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Tbx => Self::Tbx,
            FormatArg::Tsv => Self::Tsv,
            FormatArg::Csv => Self::Csv,
            FormatArg::Xlsx => Self::Xlsx,
        }
    }
}

/// Imports the files in one session.
pub(super) fn run(context: &Context, args: &TermImportArgs) -> Result<Outcome, CommandError> {
    args.keeping.refuse_overwriting(context, &args.files)?;
    let options = TermReadOptions {
        format: args.format.map(Into::into),
        columns: args.columns.clone(),
    };
    let mut sources = Vec::with_capacity(args.files.len());
    for path in &args.files {
        sources.push(Source::of_terms(open(path)?, options.clone()));
    }
    import_all(context, "term import", sources, &args.keeping)
}
