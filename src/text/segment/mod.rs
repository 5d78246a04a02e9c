//! Cuts running Arabic and English text into segments.
//!
//! `&str` ──[`paragraphs`]──▶ paragraphs ──[`sentences`]──▶ byte ranges. A paragraph ends at a blank line and, as
//! [`LineBreaks`] says, at a line break; a sentence ends at a stop that [`sentences`] believes. A heading or a line
//! without a stop is a segment of its own.
//!
//! Invariants: ranges are in order, apart, not empty, on character boundaries and without outer white space; all that
//! is neither white space nor an invisible control lies in a segment. So segments and what lies between them give the
//! text back byte for byte. Cost: linear in the text; what is looked at around a stop is bounded.

mod abbreviation;
mod cluster;
#[cfg(test)]
mod gold;
mod label;
mod neighbour;
mod paragraph;
mod quotation;
mod sentence;

use std::ops::Range;

use super::fold::{Levelling, levelling_of};

pub use paragraph::{is_line_end, paragraphs};
pub use sentence::sentences;

/// Options of segmentation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SegmentOptions {
    /// Whether `؛` and `;` end a segment.
    pub semicolon_ends: bool,
    /// What a line break without a blank line means.
    pub line_breaks: LineBreaks,
}

/// What a single line break inside a block of lines means. A blank line ends a paragraph in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineBreaks {
    /// White space where the text is hard-wrapped and the line is full, else the end of a paragraph: see
    /// [`paragraphs`].
    #[default]
    Guess,
    /// The end of a paragraph.
    Paragraph,
    /// White space.
    Space,
}

/// The segments of `text` as byte ranges.
///
/// ```
/// use dhakira::text::segment::{SegmentOptions, segments};
/// let text = "وصل د. سامي الساعة 3.30. هل تأخر؟ «لا!» قال المدير.";
/// let cut: Vec<&str> = segments(text, &SegmentOptions::default()).into_iter().map(|s| &text[s]).collect();
/// assert_eq!(cut, ["وصل د. سامي الساعة 3.30.", "هل تأخر؟", "«لا!» قال المدير."]);
/// ```
pub fn segments(text: &str, options: &SegmentOptions) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for paragraph in paragraphs(text, options.line_breaks) {
        let from = paragraph.start;
        out.extend(
            sentences(&text[paragraph], options)
                .into_iter()
                .map(|s| from + s.start..from + s.end),
        );
    }
    out
}

/// Whether `c` is an invisible control, such as a bidi mark, a zero-width joiner or a byte order mark.
fn is_invisible(c: char) -> bool {
    levelling_of(c) == Some(Levelling::InvisibleControls)
}

/// Whether anything can be seen in `text`.
fn is_visible(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && !is_invisible(c))
}

/// `range` of `text` without outer white space; `None` where nothing visible is left.
fn visible(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let slice = &text[range.clone()];
    let start = range.end - slice.trim_start().len();
    let end = range.start + slice.trim_end().len();
    (start < end && is_visible(&text[start..end])).then_some(start..end)
}
