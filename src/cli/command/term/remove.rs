//! `dhakira term remove`.

use clap::Args;

use super::super::{Outcome, session_info};
use crate::cli::args::Context;
use crate::cli::clock::now;
use crate::cli::error::CommandError;
use crate::cli::render::entries;
use crate::term::TermEntryId;

/// Remove entries, in a session that can be undone
#[derive(Debug, Args)]
pub(crate) struct TermRemoveArgs {
    /// The numbers of the entries, as listed
    #[arg(value_name = "N", required = true)]
    entries: Vec<i64>,
}

/// Removes them, all or none.
pub(super) fn run(context: &Context, args: &TermRemoveArgs) -> Result<Outcome, CommandError> {
    let mut ids: Vec<_> = args.entries.iter().copied().map(TermEntryId).collect();
    ids.sort_unstable();
    ids.dedup();
    let numbers: Vec<_> = ids.iter().map(ToString::to_string).collect();
    let info = session_info("term remove", Some(numbers.join(" ")));
    let mut memory = context.open_memory_to_change()?;
    memory.remove_term_entries(&ids, &info, now())?;
    context
        .ui
        .note(format!("removed {}", entries(ids.len() as u64)));
    Ok(Outcome::Done)
}
