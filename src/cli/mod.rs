//! The command line: the one place that knows clap, the terminal, the environment, the home directory and the clock.
//!
//! Arguments (`args`) and configuration (`config`) → one function of `command` → data on stdout (`render`), everything else on stderr
//! (`ui`, `progress`) → an exit code ([`exit`]). Commands validate first, then open the memory, then work; what
//! they write to files appears whole or not at all (`output`).

mod aligned;
mod args;
mod batch;
mod bead_report;
mod bidi;
mod clock;
mod command;
mod config;
mod error;
mod interrupt;
mod output;
mod pairs;
mod paths;
mod progress;
mod prompt;
mod render;
mod text_input;
mod ui;

use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use clap::Parser;

use args::Cli;
use command::Outcome;
use config::Config;
use error::CommandError;

/// What the exit codes of the program mean.
pub mod exit {
    /// Done. Also what a closed pipe behind us gives: whoever reads has read enough.
    pub const DONE: u8 = 0;
    /// Ran well and found nothing.
    pub const NOTHING_FOUND: u8 = 1;
    /// The arguments, the input or the surroundings (rights, space, a locked memory) don't allow it.
    pub const USER_ERROR: u8 = 2;
    /// A fault of the program itself.
    pub const INTERNAL_ERROR: u8 = 3;
    /// Stopped by Ctrl-C or a termination signal; the memory holds the state before the command or after it.
    pub const INTERRUPTED: u8 = 130;
}

/// Runs the program on `args`, the program's own name first, with the streams of the process.
pub fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // A help page that nobody reads to its end is no failure.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() {
                exit::USER_ERROR
            } else {
                exit::DONE
            });
        }
    };
    let config = if cli.command.is_configured() {
        Config::load()
    } else {
        Ok(Config::defaults())
    };
    let context = match config {
        Ok(config) => cli.global.context(config),
        Err(error) => {
            cli.global.ui().error(&error);
            return ExitCode::from(error.exit_code());
        }
    };
    interrupt::install();
    // The default hook has printed a panic's message and place by the time we see it.
    let result = panic::catch_unwind(AssertUnwindSafe(|| command::run(&context, &cli.command)))
        .unwrap_or_else(|_| Err(CommandError::panicked()));
    ExitCode::from(match result {
        Ok(Outcome::Done) => exit::DONE,
        Ok(Outcome::NothingFound) => exit::NOTHING_FOUND,
        Err(error) if error.is_broken_pipe() => exit::DONE,
        Err(error) => {
            context.ui.error(&error);
            error.exit_code()
        }
    })
}
