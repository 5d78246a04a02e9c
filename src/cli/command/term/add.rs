//! `dhakira term add`.

use clap::Args;

use super::super::{Outcome, session_info};
use super::StatusArg;
use crate::cli::args::Context;
use crate::cli::clock::now;
use crate::cli::error::CommandError;
use crate::lang::Lang;
use crate::term::{
    Fact, FactKind, LanguageSection, Term, TermEntry, TermStatus, category, is_blank,
};

/// Add one entry
///
/// The language of each term is told by its script, so terms may come in any order; the first of a language is the one to
/// use unless --status says otherwise.
#[derive(Debug, Args)]
pub(crate) struct TermAddArgs {
    /// The terms of the concept, in Arabic and English
    #[arg(value_name = "TERM", required = true, num_args = 1..)]
    terms: Vec<String>,

    /// Terms that are not to be used; may be given more than once
    #[arg(long, value_name = "TERM")]
    forbid: Vec<String>,

    /// The status of the first term of each language
    #[arg(long, value_name = "STATUS")]
    status: Option<StatusArg>,

    /// The part of speech of the terms, such as noun
    #[arg(long, value_name = "NAME")]
    pos: Option<String>,

    /// What the concept is
    #[arg(long, value_name = "TEXT")]
    definition: Option<String>,

    /// The subject field; may be given more than once
    #[arg(long, value_name = "FIELD")]
    domain: Vec<String>,

    /// Where the entry is from
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,

    /// A remark for people; may be given more than once
    #[arg(long = "note", value_name = "TEXT")]
    notes: Vec<String>,
}

/// Adds the entry.
pub(super) fn run(context: &Context, args: &TermAddArgs) -> Result<Outcome, CommandError> {
    let entry = entry(args)?;
    let info = session_info("term add", None);
    let mut memory = context.open_memory_to_write()?;
    let mut import = memory.begin(&info, now())?;
    let (id, is_new) = import.push_term(&entry)?;
    import.finish()?;
    context.ui.note(match is_new {
        true => format!("added term entry {id}"),
        false => format!("the memory has this already: term entry {id}"),
    });
    Ok(Outcome::Done)
}

fn entry(args: &TermAddArgs) -> Result<TermEntry, CommandError> {
    let mut entry = TermEntry::default();
    let fact = |kind, category: &str, value: &String| Fact::new(kind, category, value.trim());
    let subjects = args.domain.iter();
    entry
        .facts
        .extend(subjects.map(|field| fact(FactKind::Description, category::SUBJECT_FIELD, field)));
    let definition = args.definition.iter();
    entry
        .facts
        .extend(definition.map(|text| fact(FactKind::Description, category::DEFINITION, text)));
    let source = args.source.iter();
    entry
        .facts
        .extend(source.map(|text| fact(FactKind::Administration, category::SOURCE, text)));
    entry
        .facts
        .extend(args.notes.iter().map(|text| fact(FactKind::Note, "", text)));
    let first = args.status.map(TermStatus::from);
    for text in &args.terms {
        add(&mut entry, text, args, first)?;
    }
    for text in &args.forbid {
        add(&mut entry, text, args, Some(TermStatus::Deprecated))?;
    }
    Ok(entry)
}

/// Adds a term; the status of others than the first of a language is not `status`, unless that forbids them.
fn add(
    entry: &mut TermEntry,
    text: &str,
    args: &TermAddArgs,
    status: Option<TermStatus>,
) -> Result<(), CommandError> {
    if is_blank(text) {
        return Err(CommandError::user("a term is blank"));
    }
    let Some(lang) = Lang::of_text(text) else {
        return Err(CommandError::user(format!(
            "the script of `{text}` doesn't tell its language"
        ))
        .hint("import it from a file, as in `dhakira term import --columns ar,en terms.tsv`"));
    };
    let at = entry.languages.iter().position(|s| s.lang() == Some(lang));
    let at = at.unwrap_or_else(|| {
        entry.languages.push(LanguageSection {
            tag: lang.code().to_owned(),
            ..LanguageSection::default()
        });
        entry.languages.len() - 1
    });
    let section = &mut entry.languages[at];
    let status = status.filter(|s| section.terms.is_empty() || s.is_forbidden());
    let mut term = Term {
        text: text.split_whitespace().collect::<Vec<_>>().join(" "),
        ..Term::default()
    };
    let note = |category: &str, value: String| Fact::new(FactKind::TermNote, category, value);
    term.facts
        .extend(status.map(|status| note(category::STATUS, status.to_tbx())));
    let pos = args.pos.as_ref();
    term.facts
        .extend(pos.map(|pos| note(category::PART_OF_SPEECH, pos.trim().to_owned())));
    section.terms.push(term);
    Ok(())
}
