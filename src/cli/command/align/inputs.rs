//! From paths to segments: which documents belong together, and the one place where a document is read.

use std::path::{Path, PathBuf};

use super::{AlignArgs, BeadFormat};
use crate::cli::aligned::DocumentSegments;
use crate::cli::args::Context;
use crate::cli::error::CommandError;
use crate::cli::interrupt;
use crate::cli::pairs::{DocumentPair, FolderPairs, pairs_of_folder, pairs_of_folders};
use crate::cli::render::plural;
use crate::cli::text_input::{TextInput, read_document};
use crate::format::document::{Document, DocumentKind, without_pages};
use crate::lang::{Lang, Sides};
use crate::text::segment::SegmentOptions;

/// The segments of a document of any kind that is read: its lines, or its sentences.
fn segments_of(
    context: &Context,
    path: &Path,
    takes_lines: bool,
    options: &SegmentOptions,
) -> Result<DocumentSegments, CommandError> {
    let mut segments = DocumentSegments::default();
    let text = match read_document(path, options, &context.ui)? {
        TextInput::Text(text) => text,
        TextInput::Segments(_) if takes_lines => {
            return Err(CommandError::user(format!(
                "`{}` has no lines that could be taken as segments",
                path.display()
            ))
            .hint("leave --sentences out, or give plain text"));
        }
        TextInput::Segments(found) => {
            for (text, paragraph) in found {
                segments.push(text, paragraph);
            }
            return Ok(segments);
        }
    };
    let document = match DocumentKind::of_path(path) {
        _ if takes_lines => Document::parse_lines(text),
        DocumentKind::Plain => {
            let text = without_pages(&text).into_owned();
            Document::parse(text, DocumentKind::Plain, options)
        }
        kind @ DocumentKind::Markdown => Document::parse(text, kind, options),
    };
    for segment in document.segments() {
        segments.push(segment.text().into_owned(), segment.paragraph);
    }
    Ok(segments)
}

/// The pairs that the arguments name, their names with the prefix; says which files of folders belong together, and
/// which are left over.
pub(super) fn pairs(
    context: &Context,
    args: &AlignArgs,
) -> Result<Vec<DocumentPair>, CommandError> {
    let ar = args.ar.as_path();
    let mut pairs = match args.en.as_deref() {
        None if ar.is_dir() => {
            let found = pairs_of_folder(ar)?;
            said(context, found, &[ar])?
        }
        None => {
            return Err(CommandError::user(format!(
                "`{}` is no folder, and the English document is missing",
                ar.display()
            ))
            .hint("give both, as in `dhakira align news.ar.txt news.en.txt`"));
        }
        Some(en) => match (ar.is_dir(), en.is_dir()) {
            (true, true) => {
                let found = pairs_of_folders(Sides { ar, en })?;
                said(context, found, &[ar, en])?
            }
            (false, false) => vec![DocumentPair::of_files(ar, en)],
            (is_folder, _) => {
                let (folder, file) = if is_folder { (ar, en) } else { (en, ar) };
                return Err(CommandError::user(format!(
                    "`{}` is a folder and `{}` is a file",
                    folder.display(),
                    file.display()
                ))
                .hint("give two documents, or two folders with the same files in either"));
            }
        },
    };
    if let Some(prefix) = &args.prefix {
        for pair in &mut pairs {
            pair.name.insert_str(0, prefix);
        }
    }
    Ok(pairs)
}

/// The pairs that were found in folders; says what they are.
fn said(
    context: &Context,
    found: FolderPairs,
    folders: &[&Path],
) -> Result<Vec<DocumentPair>, CommandError> {
    let ui = &context.ui;
    if found.pairs.is_empty() {
        let names: Vec<_> = folders
            .iter()
            .map(|folder| format!("`{}`", folder.display()))
            .collect();
        let (subject, hint) = match folders {
            [_] => (
                "the folder",
                "name the files of a pair NAME.ar.txt and NAME.en.txt, or put them into folders ar and en",
            ),
            _ => (
                "the folders",
                "the files of a pair need the same name in either folder",
            ),
        };
        let verb = if folders.len() == 1 { "holds" } else { "hold" };
        return Err(CommandError::user(format!(
            "{subject} {} {verb} no pairs",
            names.join(" and ")
        ))
        .hint(hint));
    }
    ui.note(format!(
        "{} by name:",
        plural(found.pairs.len() as u64, "pair")
    ));
    for pair in &found.pairs {
        let Sides { ar, en } = &pair.paths;
        ui.note(format!(
            "  {}: {} + {}",
            pair.name,
            ar.display(),
            en.display()
        ));
    }
    for path in &found.left_over {
        ui.warn(format!("`{}` is in no pair", path.display()));
    }
    Ok(found.pairs)
}

/// The segments of each pair.
pub(super) fn read_all(
    context: &Context,
    args: &AlignArgs,
    pairs: &[DocumentPair],
) -> Result<Vec<Sides<DocumentSegments>>, CommandError> {
    pairs
        .iter()
        .map(|pair| {
            interrupt::check()?;
            read_pair(context, args, &pair.paths)
        })
        .collect()
}

/// Reads the two documents. Where their scripts say that they were named the other way round they are turned, which
/// links, being numbers alone, must not be.
fn read_pair(
    context: &Context,
    args: &AlignArgs,
    paths: &Sides<PathBuf>,
) -> Result<Sides<DocumentSegments>, CommandError> {
    let options = context.settings().segmentation.options();
    let documents = Sides {
        ar: segments_of(context, &paths.ar, args.sentences, &options)?,
        en: segments_of(context, &paths.en, args.sentences, &options)?,
    };
    let (ar, en) = (paths.ar.display(), paths.en.display());
    match (documents.ar.lang(), documents.en.lang()) {
        (Some(Lang::English), Some(Lang::Arabic)) => {
            if args.format == Some(BeadFormat::Links) {
                return Err(
                    CommandError::user(format!("`{ar}` is English and `{en}` is Arabic"))
                        .hint("name the Arabic document first"),
                );
            }
            context.ui.warn(format!(
                "`{ar}` is English and `{en}` is Arabic; taken the other way round"
            ));
            Ok(Sides {
                ar: documents.en,
                en: documents.ar,
            })
        }
        (Some(a), Some(b)) if a == b => {
            context.ui.warn(format!(
                "`{ar}` and `{en}` are in one script; are they translations of each other?"
            ));
            Ok(documents)
        }
        _ => Ok(documents),
    }
}
