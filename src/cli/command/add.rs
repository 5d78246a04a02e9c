//! `dhakira add`.

use clap::Args;

use super::{Outcome, session_info};
use crate::cli::args::Context;
use crate::cli::clock::now;
use crate::cli::error::{CommandError, Doing};
use crate::cli::render::LangArg;
use crate::lang::Lang;
use crate::session::ImportCounts;
use crate::unit::{DraftUnit, Origin};

/// Add one translation unit
///
/// The language of each segment is told by its script, so the two may come in either order.
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The segment
    source: String,

    /// Its translation
    target: String,

    /// The language of SOURCE, where the scripts don't tell
    #[arg(long = "source", value_name = "LANG", id = "source_lang")]
    source_lang: Option<LangArg>,

    /// The document that the unit belongs to
    #[arg(long, value_name = "NAME")]
    document: Option<String>,

    /// A remark for people; may be given more than once
    #[arg(long = "note", value_name = "TEXT")]
    notes: Vec<String>,
}

/// Adds the unit.
pub(crate) fn run(context: &Context, args: &AddArgs) -> Result<Outcome, CommandError> {
    let (ar, en) = match source_language(args)? {
        Lang::Arabic => (&args.source, &args.target),
        Lang::English => (&args.target, &args.source),
    };
    let now = now();
    let info = session_info("add", None);
    let origin = Origin {
        document: args.document.clone(),
        author: info.author.clone(),
        created: Some(now),
        changed: Some(now),
        notes: args.notes.clone(),
        ..Origin::default()
    };
    let draft = DraftUnit::new(ar, en, origin).doing(|| "can't add the unit".into())?;
    let mut memory = context.open_memory_to_write()?;
    let mut import = memory.begin(&info, now)?;
    let unit = import.push(&draft)?;
    let counts = import.finish()?;
    context.ui.note(match counts {
        ImportCounts { added: 1.., .. } => format!("added unit {unit}"),
        ImportCounts { merged: 1.., .. } => {
            format!("the memory has this pair already: unit {unit}; its new place was added")
        }
        _ => format!("the memory has this already: unit {unit}"),
    });
    Ok(Outcome::Done)
}

/// The language of SOURCE: as given, else by script; the two scripts must not say the same.
fn source_language(args: &AddArgs) -> Result<Lang, CommandError> {
    if let Some(lang) = args.source_lang {
        return Ok(lang.into());
    }
    match (Lang::of_text(&args.source), Lang::of_text(&args.target)) {
        (Some(source), Some(target)) if source == target => Err(CommandError::user(format!(
            "both segments look {}",
            match source {
                Lang::Arabic => "Arabic",
                Lang::English => "English",
            }
        ))
        .hint("say which language SOURCE is in with --source ar or --source en")),
        (Some(source), _) => Ok(source),
        (None, Some(target)) => Ok(target.other()),
        (None, None) => Err(CommandError::user(
            "the scripts don't tell which segment is in which language",
        )
        .hint("say which language SOURCE is in with --source ar or --source en")),
    }
}
