//! `dhakira term list`.

use clap::Args;

use super::super::Outcome;
use super::FilterArgs;
use crate::cli::args::Context;
use crate::cli::bidi::BidiMode;
use crate::cli::error::CommandError;
use crate::cli::interrupt;
use crate::cli::output::Destination;
use crate::cli::render::{EntryFormat, EntryRenderer, entries};

/// List the entries, all or those with a text in one of their terms
#[derive(Debug, Args)]
pub(crate) struct TermListArgs {
    /// A text that one of the terms has in it, in any spelling
    #[arg(value_name = "TEXT")]
    text: Option<String>,

    #[command(flatten)]
    filter: FilterArgs,

    /// How to print them; tsv columns are entry, Arabic terms, English terms, domain, definition
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: EntryFormat,

    /// When to isolate right-to-left text for people [default: auto]
    #[arg(long, value_name = "WHEN")]
    bidi: Option<BidiMode>,
}

/// Prints the entries.
pub(super) fn run(context: &Context, args: &TermListArgs) -> Result<Outcome, CommandError> {
    let memory = context.open_memory()?;
    let filter = args.filter.filter(args.text.as_ref());
    let mut listed = 0;
    Destination::Stdout.write(|out| {
        let mut renderer = EntryRenderer::new(out, args.format, context, args.bidi);
        memory.for_each_term_entry(&filter, |id, entry| {
            interrupt::check()?;
            listed += 1;
            Ok::<_, CommandError>(renderer.entry(id, &entry)?)
        })?;
        Ok(renderer.finish()?)
    })?;
    context.ui.note(entries(listed));
    Ok(match listed {
        0 => Outcome::NothingFound,
        _ => Outcome::Done,
    })
}
