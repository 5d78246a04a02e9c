//! A run of Markdown as segmentation sees it, and its cuts carried back to the source.

use std::ops::Range;

use super::{Inline, InlineKind};
use crate::text::segment::{SegmentOptions, sentences};

/// Stands in a view for what is no text: U+FFFC OBJECT REPLACEMENT CHARACTER.
const OPAQUE: char = '\u{FFFC}';

/// A run as segmentation sees it.
#[derive(Default)]
pub(super) struct View {
    text: String,
    pieces: Vec<Piece>,
    /// All of the run in the source.
    source: Range<usize>,
}

/// Characters of the view and where they come from.
struct Piece {
    /// Where it starts in the view.
    at: usize,
    source: Range<usize>,
    /// The view has the source's bytes.
    is_text: bool,
}

impl View {
    /// The view of a run of `text`.
    pub(super) fn of(text: &str, run: &[Inline]) -> Self {
        let Some(first) = run.first() else {
            return Self::default();
        };
        let mut view = Self {
            source: first.range.clone(),
            ..Self::default()
        };
        let mut depth = 0_usize;
        let mut is_after_break = false;
        for inline in run {
            view.source.end = view.source.end.max(inline.range.end);
            // A break reaches to what follows it, over the marks of its block.
            if is_after_break && let Some(piece) = view.pieces.last_mut() {
                piece.source.end = inline.range.start;
            }
            is_after_break = inline.kind == InlineKind::Break;
            match inline.kind {
                InlineKind::Open { .. } => depth += 1,
                InlineKind::Close => depth = depth.saturating_sub(1),
                InlineKind::Absent => {}
                InlineKind::Opaque => view.push_one(OPAQUE, inline.range.clone()),
                InlineKind::Break if depth > 0 => view.push_one(OPAQUE, inline.range.clone()),
                InlineKind::Break => view.push_one('\n', inline.range.clone()),
                InlineKind::Text if depth > 0 => view.push_element_text(text, &inline.range),
                InlineKind::Text => view.push_text(text, inline.range.clone()),
            }
        }
        view
    }

    fn push_one(&mut self, c: char, source: Range<usize>) {
        self.pieces.push(Piece {
            at: self.text.len(),
            source,
            is_text: false,
        });
        self.text.push(c);
    }

    fn push_text(&mut self, text: &str, source: Range<usize>) {
        self.pieces.push(Piece {
            at: self.text.len(),
            source: source.clone(),
            is_text: true,
        });
        self.text.push_str(&text[source]);
    }

    /// Text inside an element: as one piece, so that no cut falls in it.
    fn push_element_text(&mut self, text: &str, source: &Range<usize>) {
        self.pieces.push(Piece {
            at: self.text.len(),
            source: source.clone(),
            is_text: false,
        });
        self.text.extend(
            text[source.clone()]
                .chars()
                .map(|c| if c.is_whitespace() { OPAQUE } else { c }),
        );
    }

    /// The segments as ranges of the source.
    pub(super) fn cut(&self, text: &str, options: &SegmentOptions) -> Vec<Range<usize>> {
        let mut out = Vec::new();
        let mut start = self.source.start;
        let sentences = sentences(&self.text, options);
        let mut ahead = sentences.iter().skip(1);
        for sentence in &sentences {
            let (end, next_start) = match ahead.next() {
                None => (self.source.end, self.source.end),
                Some(next) => match self.boundary(sentence.end, next.start) {
                    Some(boundary) => boundary,
                    None => continue,
                },
            };
            let slice = &text[start..end];
            let lead = slice.len() - slice.trim_start().len();
            let len = slice.trim().len();
            if len > 0 {
                out.push(start + lead..start + lead + len);
            }
            start = next_start;
        }
        out
    }

    /// Where in the source a segment ends that ends at byte `end` of the view, and where the next starts that starts at
    /// byte `start` of the view; `None` where the source can't be cut there.
    fn boundary(&self, end: usize, start: usize) -> Option<(usize, usize)> {
        let piece = self.piece_at(end);
        if end < start {
            let last = self.text[..start].char_indices().next_back()?;
            let last_piece = self.piece_at(last.0);
            let next_start = if last_piece.is_text {
                last_piece.source.start + (start - last_piece.at)
            } else {
                last_piece.source.end
            };
            let end = if piece.is_text {
                piece.source.start + (end - piece.at)
            } else {
                piece.source.start
            };
            return Some((end, next_start));
        }
        // No white space between them: only inside plain text is it clear which side a mark belongs to.
        (piece.is_text && piece.at < end).then(|| {
            let at = piece.source.start + (end - piece.at);
            (at, at)
        })
    }

    /// The piece that holds byte `at` of the view; there is one, since `at` lies inside a view with text.
    fn piece_at(&self, at: usize) -> &Piece {
        let index = self.pieces.partition_point(|piece| piece.at <= at);
        &self.pieces[index.saturating_sub(1)]
    }
}
