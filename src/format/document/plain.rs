//! Plain text: paragraphs of sentences, or one segment a line.

use super::{Context, Place};
use crate::text::segment::{SegmentOptions, paragraphs, sentences};

/// The sentences of `text` from byte `from` on.
pub(super) fn places(text: &str, from: usize, options: &SegmentOptions) -> Vec<Place> {
    let body = &text[from..];
    let mut out = Vec::new();
    for (paragraph, range) in paragraphs(body, options.line_breaks)
        .into_iter()
        .enumerate()
    {
        let start = from + range.start;
        out.extend(
            sentences(&body[range], options)
                .into_iter()
                .map(|sentence| Place {
                    range: start + sentence.start..start + sentence.end,
                    paragraph,
                    context: Context::Plain,
                }),
        );
    }
    out
}

/// The lines of `text` from byte `from` on, blank ones too.
pub(super) fn lines(text: &str, from: usize) -> Vec<Place> {
    let mut out = Vec::new();
    let (mut paragraph, mut is_after_blank, mut is_inside) = (0, false, false);
    let mut start = from;
    for line in text[from..].split_inclusive('\n') {
        let written = line.trim();
        let at = if written.is_empty() {
            start
        } else {
            start + (line.len() - line.trim_start().len())
        };
        if written.is_empty() {
            is_after_blank = true;
        } else {
            paragraph += usize::from(is_after_blank && is_inside);
            (is_after_blank, is_inside) = (false, true);
        }
        out.push(Place {
            range: at..at + written.len(),
            paragraph,
            context: Context::Plain,
        });
        start += line.len();
    }
    out
}
