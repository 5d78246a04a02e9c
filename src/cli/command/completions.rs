//! `dhakira completions`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Outcome;
use crate::cli::args::Cli;
use crate::cli::error::CommandError;
use crate::cli::output::Destination;

/// Print a completion script for a shell
///
/// For bash: dhakira completions bash > ~/.local/share/bash-completion/completions/dhakira
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script.
pub(crate) fn run(args: &CompletionsArgs) -> Result<Outcome, CommandError> {
    // The generator panics on a writer that fails, so it writes to memory.
    let mut script = Vec::new();
    let mut command = Cli::command();
    clap_complete::generate(args.shell, &mut command, "dhakira", &mut script);
    Destination::Stdout.write(|stdout| Ok(stdout.write_all(&script)?))?;
    Ok(Outcome::Done)
}
