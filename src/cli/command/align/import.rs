//! Units of aligned documents into the memory: documents that it has are updated.

use super::AlignArgs;
use crate::cli::aligned::AlignedDocument;
use crate::cli::args::Context;
use crate::cli::clock::now;
use crate::cli::command::import::describe_counts;
use crate::cli::command::session_info;
use crate::cli::error::CommandError;
use crate::cli::interrupt;
use crate::cli::progress::Kind;
use crate::cli::render::{grouped, plural};
use crate::memory::{DocumentUpdate, TranslationMemory};
use crate::unit::DraftUnit;

/// Imports the units in one session; tells for each document what became of its units.
pub(super) fn import(
    context: &Context,
    memory: &mut TranslationMemory,
    aligned: &[AlignedDocument],
    args: &AlignArgs,
) -> Result<Vec<DocumentUpdate>, CommandError> {
    let mut source = args.ar.display().to_string();
    if let Some(en) = &args.en {
        source.push_str(&format!(" {}", en.display()));
    }
    let info = session_info("align", Some(source));
    let time = now();
    let mut import = memory.begin(&info, time)?;
    let mut updates = Vec::with_capacity(aligned.len());
    for document in aligned {
        interrupt::check()?;
        let units: Vec<DraftUnit> = document.units(args.min_confidence, time).collect();
        let update = import.update_document(document.name(), &units, document.is_reviewed())?;
        if update.is_another_document() && !args.replace {
            return Err(another_document(document.name(), &update));
        }
        updates.push(update);
    }
    let counts = if args.dry_run {
        import.counts()
    } else {
        let progress = context.ui.progress(Kind::Nothing, None);
        progress.message("indexing");
        import.finish()?
    };
    say_updates(context, aligned, &updates);
    context.ui.note(describe_counts(&counts, args.dry_run));
    Ok(updates)
}

fn another_document(name: &str, update: &DocumentUpdate) -> CommandError {
    CommandError::user(format!(
        "the memory has another document named `{name}`: none of its {} has a segment in common with this one; \
         nothing was imported",
        plural(update.before, "unit")
    ))
    .hint("tell them apart with --prefix, as in `--prefix client/`")
    .hint("put this one in its place with --replace")
}

/// A line for each document that the memory had in another form, and one for all that it had.
fn say_updates(context: &Context, aligned: &[AlignedDocument], updates: &[DocumentUpdate]) {
    let mut total = DocumentUpdate::default();
    let mut known = 0;
    for (document, update) in aligned.iter().zip(updates) {
        if update.before == 0 {
            continue;
        }
        known += 1;
        total.unchanged += update.unchanged;
        total.confirmed += update.confirmed;
        total.retracted += update.retracted;
        total.changed += update.changed;
        total.added += update.added;
        total.gone += update.gone;
        if update.added + update.changed + update.gone + update.confirmed + update.retracted > 0 {
            context
                .ui
                .note(format!("{}: {}", document.name(), described(update)));
        }
    }
    if known > 1 {
        context.ui.note(format!(
            "{} updated: {}",
            plural(known, "known document"),
            described(&total)
        ));
    }
}

fn described(update: &DocumentUpdate) -> String {
    let mut text = format!("{} unchanged", plural(update.unchanged, "unit"));
    if update.confirmed > 0 {
        text.push_str(&format!(" ({} newly confirmed)", grouped(update.confirmed)));
    }
    if update.retracted > 0 {
        text.push_str(&format!(
            " ({} confirmed no longer)",
            grouped(update.retracted)
        ));
    }
    let [added, changed, gone] = [update.added, update.changed, update.gone].map(grouped);
    text.push_str(&format!(", {added} added, {changed} changed, {gone} gone"));
    text
}
