//! What is known of the words before documents are aligned, and what the documents themselves add.

use std::path::{Path, PathBuf};

use crate::align::Lexicon;
use crate::cli::aligned::AlignedDocument;
use crate::cli::args::Context;
use crate::cli::error::CommandError;
use crate::cli::render::plural;
use crate::format::Input;
use crate::memory::TranslationMemory;

/// The documents of a command teach where they have at least so many sure pairs of segments together; fewer mislead as
/// often as they help.
const LEAST_SURE_PAIRS: usize = 50;

/// The built-in words, what the memory teaches, and the word lists.
pub(super) fn known(
    context: &Context,
    memory: Option<&TranslationMemory>,
    lists: &[PathBuf],
) -> Result<Lexicon, CommandError> {
    let mut sources = Vec::with_capacity(lists.len() + 1);
    if let Some(memory) = memory {
        sources.push(memory.lexicon()?);
    }
    for path in lists {
        sources.push(word_list(context, path)?);
    }
    let mut all = vec![Lexicon::seed()];
    all.extend(&sources);
    Ok(Lexicon::merged(&all))
}

fn word_list(context: &Context, path: &Path) -> Result<Lexicon, CommandError> {
    let text = Input::open(path)?.read_to_string()?;
    let list = Lexicon::from_tsv(&text);
    if list.is_empty() {
        return Err(
            CommandError::user(format!("the word list `{}` has no words", path.display()))
                .hint("a line is a word, a tab and what renders it, such as `مجلس\tcouncil board`"),
        );
    }
    let words = plural(list.len().ar as u64, "Arabic word");
    context.ui.note(format!("{}: {words}", path.display()));
    Ok(list)
}

/// What is known, and what the sure beads of the documents teach; `None` where that is too little.
pub(super) fn taught(known: &Lexicon, aligned: &[AlignedDocument]) -> Option<Lexicon> {
    let pairs = aligned.iter().flat_map(AlignedDocument::sure_pairs);
    let pairs: Vec<(String, String)> = pairs.collect();
    if pairs.len() < LEAST_SURE_PAIRS {
        return None;
    }
    let (learned, _) = Lexicon::learn(pairs.iter().map(|(ar, en)| (&**ar, &**en)));
    Some(Lexicon::merged(&[known, &learned]))
}
