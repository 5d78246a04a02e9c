//! `dhakira term` and its subcommands.

mod add;
mod export;
mod import;
mod list;
mod remove;

use clap::{Args, Subcommand, ValueEnum};

use super::Outcome;
use crate::cli::args::Context;
use crate::cli::error::CommandError;
use crate::memory::TermFilter;
use crate::term::TermStatus;

/// Keep a glossary: terms that are shown beside the matches of every lookup
///
/// An entry is a concept with its terms in Arabic, English and other languages, what it means, and whether a term is to
/// be used. Terms are found in a segment with clitics and inflected, the longest first.
#[derive(Debug, Args)]
pub(crate) struct TermArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Import(import::TermImportArgs),
    Add(add::TermAddArgs),
    List(list::TermListArgs),
    Export(export::TermExportArgs),
    Remove(remove::TermRemoveArgs),
}

/// Does what the subcommand says.
pub(crate) fn run(context: &Context, args: &TermArgs) -> Result<Outcome, CommandError> {
    match &args.action {
        Action::Import(args) => import::run(context, args),
        Action::Add(args) => add::run(context, args),
        Action::List(args) => list::run(context, args),
        Action::Export(args) => export::run(context, args),
        Action::Remove(args) => remove::run(context, args),
    }
}

/// Which entries to take. An entry must meet all conditions.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which entries")]
struct FilterArgs {
    /// Of that subject field
    #[arg(long, value_name = "FIELD")]
    domain: Option<String>,

    /// With a term of that status
    #[arg(long, value_name = "STATUS")]
    status: Option<StatusArg>,
}

impl FilterArgs {
    fn filter(&self, text: Option<&String>) -> TermFilter {
        TermFilter {
            text: text.cloned(),
            subject: self.domain.clone(),
            status: self.status.map(Into::into),
        }
    }
}

/// Whether to use a term.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum StatusArg {
    /// Use this one
    Preferred,
    /// This one may be used
    Admitted,
    /// This one was used before
    Superseded,
    /// Don't use this one
    #[value(alias = "forbidden")]
    Deprecated,
}

impl From<StatusArg> for TermStatus {
    fn from(arg: StatusArg) -> Self {
        match arg {
            StatusArg::Preferred => Self::Preferred,
            StatusArg::Admitted => Self::Admitted,
            StatusArg::Superseded => Self::Superseded,
            StatusArg::Deprecated => Self::Deprecated,
        }
    }
}
