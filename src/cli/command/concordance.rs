//! `dhakira concordance`.

use clap::Args;

use super::Outcome;
use crate::cli::args::Context;
use crate::cli::bidi::BidiMode;
use crate::cli::error::CommandError;
use crate::cli::output::Destination;
use crate::cli::render::{AnswerFormat, LangArg, plural};
use crate::lang::Lang;
use crate::memory::ConcordanceQuery;

/// Show the units that hold a phrase, newest first
///
/// Spelling does not count: tashkeel, tatweel, forms of hamza, shapes of digits and letter case may differ. An Arabic
/// word is found with conjunctions, prepositions and the article before it as well.
#[derive(Debug, Args)]
pub(crate) struct ConcordanceArgs {
    /// The phrase
    phrase: String,

    /// Search this side only [default: both]
    #[arg(long, value_name = "LANG")]
    side: Option<LangArg>,

    /// Let the phrase begin and end inside words
    #[arg(long)]
    substring: bool,

    /// Show at most this many units
    #[arg(long, value_name = "N", default_value_t = 20,
        value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
    limit: usize,

    /// How to print them; tsv columns are unit, side, document, Arabic, English
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: AnswerFormat,

    /// When to isolate right-to-left text for people [default: auto]
    #[arg(long, value_name = "WHEN")]
    bidi: Option<BidiMode>,
}

/// Searches and prints.
pub(crate) fn run(context: &Context, args: &ConcordanceArgs) -> Result<Outcome, CommandError> {
    if args.phrase.trim().is_empty() {
        return Err(CommandError::user("the phrase is blank"));
    }
    let concordance = context.open_memory()?.concordance(&ConcordanceQuery {
        phrase: &args.phrase,
        side: args.side.map(Lang::from),
        substring: args.substring,
        limit: args.limit,
    })?;
    Destination::Stdout.write(|out| {
        let mut renderer = args.format.renderer(out, context, args.bidi);
        for hit in &concordance.hits {
            renderer.hit(hit)?;
        }
        Ok(renderer.finish()?)
    })?;
    if concordance.more {
        context.ui.note(format!(
            "the first {} of more; raise --limit to see them",
            plural(args.limit as u64, "unit")
        ));
    }
    if concordance.hits.is_empty() {
        context.ui.note("no unit holds the phrase");
        return Ok(Outcome::NothingFound);
    }
    Ok(Outcome::Done)
}
