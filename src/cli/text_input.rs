//! Running text from files and stdin.

use std::path::Path;

use super::error::CommandError;
use crate::format::Input;
use crate::format::document::{Document, DocumentKind};
use crate::text::segment::SegmentOptions;

/// How a document becomes segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentCut {
    /// Into sentences, by the kind of document that its name tells.
    Sentences,
    /// Each line is a segment.
    Lines,
}

impl DocumentCut {
    /// The cut of the option `--sentences`, which says that sentences stand on lines of their own.
    pub(crate) fn of_option(one_sentence_a_line: bool) -> Self {
        if one_sentence_a_line {
            Self::Lines
        } else {
            Self::Sentences
        }
    }
}

/// The text of a file, decompressed and decoded; of stdin for `-`.
pub(crate) fn read_text(path: &Path) -> Result<String, CommandError> {
    let input = if path == Path::new("-") {
        Input::stdin()?
    } else {
        Input::open(path)?
    };
    Ok(input.read_to_string()?)
}

/// A document, cut into segments.
pub(crate) fn read_document(
    path: &Path,
    cut: DocumentCut,
    options: &SegmentOptions,
) -> Result<Document, CommandError> {
    let text = read_text(path)?;
    Ok(match cut {
        DocumentCut::Lines => Document::parse_lines(text),
        DocumentCut::Sentences => Document::parse(text, DocumentKind::of_path(path), options),
    })
}
