//! Documents: texts that are cut into segments and written back with segments replaced.
//!
//! `String` ──[`Document::parse`]──▶ [`Document`] ──[`Document::segments`]──▶ [`Segment`]* ──[`Document::splice`]──▶ the
//! same bytes but for the segments that were replaced.
//!
//! | kind | told by | segments | not segments |
//! | --- | --- | --- | --- |
//! | plain text | any other name | sentences of all paragraphs | white space, a byte order mark |
//! | Markdown | `.md`, `.markdown` | sentences of paragraphs, headings, list items, table cells, quotes, footnotes | code blocks, HTML blocks, front matter, link definitions, block marks |
//! | one segment a line | the caller | lines | white space around them |
//!
//! Text that was taken out of a paged document is freed of its pages first, where it need not be written back
//! ([`without_pages`]).
//!
//! Invariants: segments are in order, apart and without outer white space; splicing nothing gives the input byte for
//! byte, line ends and byte order mark included. Cost: linear in the text.

mod markdown;
mod pages;
mod plain;

pub use pages::without_pages;

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use crate::text::segment::{SegmentOptions, is_line_end};

/// How a document marks up its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DocumentKind {
    /// Text alone.
    #[default]
    Plain,
    /// CommonMark with tables, footnotes, task lists, strikethrough, definition lists, alerts, heading attributes and
    /// front matter.
    Markdown,
}

impl DocumentKind {
    /// The kind of a file of that name: by its ending, in any case.
    ///
    /// ```
    /// use dhakira::format::document::DocumentKind;
    /// assert_eq!(DocumentKind::of_path("notes/README.MD".as_ref()), DocumentKind::Markdown);
    /// assert_eq!(DocumentKind::of_path("article.ar.txt".as_ref()), DocumentKind::Plain);
    /// ```
    pub fn of_path(path: &Path) -> Self {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some(e) if e.eq_ignore_ascii_case("md") || e.eq_ignore_ascii_case("markdown") => {
                Self::Markdown
            }
            _ => Self::Plain,
        }
    }
}

/// A text and where its segments are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    text: String,
    places: Vec<Place>,
}

/// Where a segment is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    range: Range<usize>,
    paragraph: usize,
    context: Context,
}

/// What a segment's surroundings ask of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    Plain,
    Markdown {
        /// How many `>` may open each of its lines.
        quote_depth: usize,
        /// `|` would end the cell.
        in_table: bool,
    },
}

/// A segment of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment<'d> {
    /// Its bytes in the document.
    pub range: Range<usize>,
    /// The number of its paragraph, from 0. A heading, a list item and a table cell are paragraphs of their own.
    pub paragraph: usize,
    written: &'d str,
    context: Context,
}

impl<'d> Segment<'d> {
    /// The segment on one line: as written, with inline markup, but a line break with the white space around it and the
    /// quote marks behind it is one space. Empty for a blank line of a document of lines.
    pub fn text(&self) -> Cow<'d, str> {
        let quote_depth = match self.context {
            Context::Plain => 0,
            Context::Markdown { quote_depth, .. } => quote_depth,
        };
        on_one_line(self.written, quote_depth)
    }
}

impl Document {
    /// Cuts `text` into sentences. A byte order mark is no part of any segment.
    pub fn parse(text: String, kind: DocumentKind, options: &SegmentOptions) -> Self {
        let from = body_start(&text);
        let places = match kind {
            DocumentKind::Plain => plain::places(&text, from, options),
            DocumentKind::Markdown => markdown::places(&text, from, options),
        };
        Self { text, places }
    }

    /// Takes each line of `text` for a segment, so that a segment's index is its line's number from 0.
    ///
    /// Lines end with LF or CR LF; an end behind the last line adds none. A blank line is a segment with an empty range,
    /// in the paragraph before it; a run of blank lines begins a new paragraph.
    pub fn parse_lines(text: String) -> Self {
        let places = plain::lines(&text, body_start(&text));
        Self { text, places }
    }

    /// The document as read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The segments in order.
    pub fn segments(&self) -> impl ExactSizeIterator<Item = Segment<'_>> {
        self.places.iter().map(|place| Segment {
            range: place.range.clone(),
            paragraph: place.paragraph,
            written: &self.text[place.range.clone()],
            context: place.context,
        })
    }

    /// The document with the text that `replace` gives for the index of a segment in the segment's place; all else, and
    /// the segments it gives nothing for, byte for byte.
    ///
    /// A line break in a replacement becomes a space, so that it can't begin a line or a block. In Markdown a
    /// replacement that reads as the opening of a block (`# `, `- `, `1. `, `>`) gets a backslash, and so does `|` in a
    /// table; other markup in it is the caller's, and a replacement without the inline markup of its segment loses it.
    ///
    /// ```
    /// use dhakira::format::document::{Document, DocumentKind};
    /// let text = "# Title\r\n\r\nOne. Two.\r\n".to_owned();
    /// let document = Document::parse(text, DocumentKind::Markdown, &Default::default());
    /// let spliced = document.splice(|index| (index == 1).then_some("واحد."));
    /// assert_eq!(spliced, "# Title\r\n\r\nواحد. Two.\r\n");
    /// ```
    pub fn splice<R: AsRef<str>>(&self, mut replace: impl FnMut(usize) -> Option<R>) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut copied = 0;
        for (index, place) in self.places.iter().enumerate() {
            let Some(replacement) = replace(index) else {
                continue;
            };
            out.push_str(&self.text[copied..place.range.start]);
            let line = on_one_line(replacement.as_ref().trim(), 0);
            match place.context {
                Context::Plain => out.push_str(&line),
                Context::Markdown { in_table, .. } => {
                    markdown::push_protected(&mut out, &line, in_table);
                }
            }
            copied = place.range.end;
        }
        out.push_str(&self.text[copied..]);
        out
    }
}

/// Where the text begins behind a byte order mark.
fn body_start(text: &str) -> usize {
    text.len() - text.strip_prefix('\u{FEFF}').unwrap_or(text).len()
}

/// `text` with each line break, the white space around it and up to `quote_depth` marks `>` behind it as one space.
fn on_one_line(text: &str, quote_depth: usize) -> Cow<'_, str> {
    let mut rest = text;
    let mut out = String::new();
    while let Some(end) = rest.find(is_line_end) {
        out.push_str(rest[..end].trim_end());
        out.push(' ');
        rest = rest[end..].trim_start();
        for _ in 0..quote_depth {
            match rest.strip_prefix('>') {
                Some(behind) => rest = behind.trim_start(),
                None => break,
            }
        }
    }
    if out.is_empty() {
        return Cow::Borrowed(rest);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KINDS: [DocumentKind; 2] = [DocumentKind::Plain, DocumentKind::Markdown];

    fn parse(text: &str, kind: DocumentKind) -> Document {
        Document::parse(text.to_owned(), kind, &SegmentOptions::default())
    }

    #[test]
    fn a_byte_order_mark_and_line_ends_stay() {
        let text = "\u{FEFF}عنوان\r\n\r\nجملة. أخرى.\r\n";
        for kind in KINDS {
            let document = parse(text, kind);
            let texts: Vec<_> = document.segments().map(|s| s.text()).collect();
            assert_eq!(texts, ["عنوان", "جملة.", "أخرى."]);
            assert_eq!(
                document.splice(|i| (i != 1).then_some("x\r\ny")),
                "\u{FEFF}x y\r\n\r\nجملة. x y\r\n"
            );
        }
    }

    #[test]
    fn wrapped_plain_text_reads_as_one_line() {
        let text = "The library opened its new reading room on\r\nMonday after two years of repairs. Visitors  \r\n  \
                    found more light, more desks and a quiet\r\ncorner for children.";
        let document = parse(text, DocumentKind::Plain);
        let texts: Vec<_> = document.segments().map(|s| s.text()).collect();
        assert_eq!(
            texts,
            [
                "The library opened its new reading room on Monday after two years of repairs.",
                "Visitors found more light, more desks and a quiet corner for children.",
            ]
        );
    }

    #[test]
    fn lines_keep_their_numbers() {
        let document = Document::parse_lines("\u{FEFF}One. Two.\r\n\r\n \n ثلاثة \n".to_owned());
        let lines: Vec<_> = document
            .segments()
            .map(|s| (s.text().into_owned(), s.paragraph))
            .collect();
        assert_eq!(
            lines,
            [
                ("One. Two.".to_owned(), 0),
                (String::new(), 0),
                (String::new(), 0),
                ("ثلاثة".to_owned(), 1)
            ]
        );
        assert_eq!(
            document.splice(|i| (i == 3).then_some("three")),
            "\u{FEFF}One. Two.\r\n\r\n \n three \n"
        );
    }

    fn any_text() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "One. ",
            "two",
            "نعم. ",
            "ثم",
            "# ",
            "## ",
            "- ",
            "* ",
            "1. ",
            "> ",
            ">",
            "**",
            "*",
            "_",
            "`",
            "```",
            "~~~",
            "\n",
            "\n",
            "\n\n",
            "\r\n",
            "\r",
            "    ",
            "\t",
            "|",
            "| a | b |\n|---|---|\n",
            "---\n",
            "[a](b)",
            "![x](y)",
            "[^1]",
            "[^1]: ",
            "[r]: /x\n",
            "<b>",
            "<br>",
            "<!-- ",
            "-->",
            "&amp;",
            "\\",
            "\u{FEFF}",
            "\u{200F}",
            "==\n",
            ": ",
            "- [ ] ",
            "{#id}",
            "? ",
            "»",
            "\"",
            "~~",
            "<div>\n",
        ]);
        prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn splicing_nothing_changes_nothing(text in prop_oneof![any_text(), any::<String>()]) {
            let options = SegmentOptions::default();
            for document in [
                Document::parse(text.clone(), DocumentKind::Plain, &options),
                Document::parse(text.clone(), DocumentKind::Markdown, &options),
                Document::parse_lines(text.clone()),
            ] {
                prop_assert_eq!(document.splice(|_| None::<&str>), text.as_str());
                let (mut end, mut paragraph) = (0, 0);
                for segment in document.segments() {
                    prop_assert!(segment.range.start >= end && segment.paragraph >= paragraph);
                    prop_assert_eq!(segment.written, segment.written.trim());
                    prop_assert!(!segment.text().contains(['\n', '\r']));
                    (end, paragraph) = (segment.range.end, segment.paragraph);
                }
            }
        }

        #[test]
        fn a_document_of_lines_has_a_segment_for_each_line(text in "[a \n\r.]{0,40}") {
            prop_assert_eq!(Document::parse_lines(text.clone()).segments().len(), text.lines().count());
        }

        #[test]
        fn splicing_the_written_text_keeps_the_number_of_segments(text in "[a-c ث.\n>-]{0,60}") {
            let document = parse(&text, DocumentKind::Markdown);
            let texts: Vec<String> = document.segments().map(|s| s.text().into_owned()).collect();
            let spliced = document.splice(|i| Some(&texts[i]));
            prop_assert_eq!(parse(&spliced, DocumentKind::Markdown).segments().len(), texts.len(), "{:?}", spliced);
        }
    }
}
