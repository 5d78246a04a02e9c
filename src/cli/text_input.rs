//! Running text from files and stdin.

use std::io::Cursor;
use std::path::Path;

use super::error::CommandError;
use super::ui::Ui;
use crate::format::Input;
use crate::format::fill::{FileBytes, FileKind, HEAD_BYTES, OpenOptions, segments};
use crate::text::segment::SegmentOptions;

/// What a document holds.
pub(crate) enum TextInput {
    /// Text alone, or Markdown, still to be cut.
    Text(String),
    /// The segments of a document that only its own format can cut, each with the number of its paragraph.
    Segments(Vec<(String, usize)>),
}

/// Reads a file, decompressed and decoded, or stdin for `-`. What is odd about it is said.
pub(crate) fn read_document(
    path: &Path,
    options: &SegmentOptions,
    ui: &Ui,
) -> Result<TextInput, CommandError> {
    let (name, file) = if path == Path::new("-") {
        ("<stdin>".to_owned(), FileBytes::stdin()?)
    } else {
        (path.display().to_string(), FileBytes::read(path)?)
    };
    let head = &file.bytes[..file.bytes.len().min(HEAD_BYTES)];
    let kind = FileKind::of(&name, head).filter(|kind| kind.is_document());
    match kind {
        None | Some(FileKind::Text | FileKind::Markdown) => {
            let input = Input::from_reader(&name, Cursor::new(file.bytes))?;
            Ok(TextInput::Text(input.read_to_string()?))
        }
        Some(kind) => {
            let options = OpenOptions {
                segmentation: options.clone(),
                ..OpenOptions::default()
            };
            let file = kind.open(file.bytes, &name, &options, &mut |diagnostic| {
                let colon = if diagnostic.location.is_some() {
                    ":"
                } else {
                    ": "
                };
                ui.warn(format!("{name}{colon}{diagnostic}"));
            })?;
            let segments = segments(&*file).map(|(text, paragraph)| (text.to_owned(), paragraph));
            Ok(TextInput::Segments(segments.collect()))
        }
    }
}
