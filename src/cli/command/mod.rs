//! One file per subcommand: an arguments struct whose doc comment is the help, and the function that does it.

mod add;
mod align;
mod completions;
mod concordance;
mod config;
mod demo;
mod export;
mod formats;
mod import;
mod lookup;
mod man;
mod optimize;
mod pretranslate;
mod sessions;
mod stats;
mod term;

use clap::Subcommand;

use crate::score::Confidence;
use crate::session::SessionInfo;

use super::args::Context;
use super::error::CommandError;

/// How a command that did not fail ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It did what it was asked.
    Done,
    /// It looked for something that is not there.
    NothingFound,
}

/// The subcommands, in the order of the help.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Align(align::AlignArgs),
    Import(import::ImportArgs),
    Add(add::AddArgs),
    Export(export::ExportArgs),
    Lookup(lookup::LookupArgs),
    Concordance(concordance::ConcordanceArgs),
    Pretranslate(pretranslate::PretranslateArgs),
    Term(term::TermArgs),
    Stats(stats::StatsArgs),
    Formats(formats::FormatsArgs),
    Sessions(sessions::SessionsArgs),
    Optimize(optimize::OptimizeArgs),
    Config(config::ConfigArgs),
    Demo(demo::DemoArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

impl Command {
    /// Whether the configuration matters: what a shell runs at its start must not fail for it.
    pub(crate) fn is_configured(&self) -> bool {
        !matches!(self, Self::Formats(_) | Self::Completions(_) | Self::Man(_))
    }
}

/// Runs one command.
pub(crate) fn run(context: &Context, command: &Command) -> Result<Outcome, CommandError> {
    match command {
        Command::Align(args) => align::run(context, args),
        Command::Import(args) => import::run(context, args),
        Command::Add(args) => add::run(context, args),
        Command::Export(args) => export::run(context, args),
        Command::Lookup(args) => lookup::run(context, args),
        Command::Concordance(args) => concordance::run(context, args),
        Command::Pretranslate(args) => pretranslate::run(context, args),
        Command::Term(args) => term::run(context, args),
        Command::Stats(args) => stats::run(context, args),
        Command::Formats(args) => formats::run(args),
        Command::Sessions(args) => sessions::run(context, args),
        Command::Optimize(args) => optimize::run(context, args),
        Command::Config(args) => config::run(context, args),
        Command::Demo(args) => demo::run(context, args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    }
}

/// The head of an import session of `command`, by the user whom the system names.
fn session_info(command: &str, source: Option<String>) -> SessionInfo {
    let author = ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    SessionInfo {
        command: command.to_owned(),
        author,
        source,
    }
}

/// A confidence as an option has it.
fn parse_confidence(text: &str) -> Result<Confidence, String> {
    match text.parse() {
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(Confidence::from_probability(p)),
        _ => Err("it is no number from 0 to 1".to_owned()),
    }
}
