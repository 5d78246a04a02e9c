//! `dhakira man`.

use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use super::Outcome;
use crate::cli::args::Cli;
use crate::cli::error::{CommandError, Doing};
use crate::cli::output::Destination;

/// Print the manual page, or write the pages of all commands into a folder
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Write a page for each command into this folder, which is made if it is missing
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Prints or writes the pages.
pub(crate) fn run(args: &ManArgs) -> Result<Outcome, CommandError> {
    match &args.dir {
        Some(dir) => {
            let cant = || format!("can't write manual pages into `{}`", dir.display());
            std::fs::create_dir_all(dir).doing(cant)?;
            clap_mangen::generate_to(Cli::command(), dir).doing(cant)?;
        }
        None => {
            let man = Man::new(Cli::command());
            Destination::Stdout.write(|mut stdout| Ok(man.render(&mut stdout)?))?;
        }
    }
    Ok(Outcome::Done)
}
