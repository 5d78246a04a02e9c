//! Markdown: where its sentences are.
//!
//! **Idea.** The parser's inline events between two block events make a *run*: what is written in one paragraph, heading,
//! cell or tight list item. A run is cut into sentences on a *view* of it, in which
//!
//! - text stands as written,
//! - marks (`**`, the address of a link, a footnote reference) are absent, so that they don't stand between a stop and
//!   what follows it,
//! - code, HTML and entities are one opaque character, which no rule of segmentation knows,
//! - white space inside an element (emphasis, link, image) is opaque too: an element is never cut, so that each segment
//!   holds whole elements.
//!
//! The cuts are carried back to the source at the white space between two sentences. Emphasis around a whole run stays
//! outside its segments, which then are free to be cut. A hard break (`\`, two spaces, `<br>`) ends a segment, not a
//! paragraph.
//!
//! Worked example: `> **Yes.** Go to\n> [town. Now](/x).` has the view `Yes. Go to town.□Now.` and so the segments `**Yes.**`
//! and `Go to\n> [town. Now](/x).`

mod protect;
mod view;

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

pub(super) use self::protect::push_protected;
use self::view::View;
use super::{Context, Place};
use crate::text::segment::SegmentOptions;

/// How many elements around a whole run are left outside: bold, italic and struck text at once.
const MOST_WRAPPERS: usize = 3;

/// The sentences of `text` from byte `from` on.
pub(super) fn places(text: &str, from: usize, options: &SegmentOptions) -> Vec<Place> {
    let from = from + front_matter_len(&text[from..]);
    let extensions = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST;
    let mut reader = Reader {
        text,
        options,
        run: Vec::new(),
        depth: 0,
        quote_depth: 0,
        in_table: false,
        in_code_block: false,
        paragraph: 0,
        out: Vec::new(),
    };
    for (event, range) in Parser::new_ext(&text[from..], extensions).into_offset_iter() {
        reader.take(&event, from + range.start..from + range.end);
    }
    reader.end_block();
    // A footnote's definition comes where it stands in the text, but nothing promises that of every block.
    reader.out.sort_by_key(|place| place.range.start);
    reader.out
}

/// The length of the YAML (`---`) or TOML (`+++`) front matter at the head of `text`, 0 where there is none: from a
/// fence on the first line to the next such line, with no blank line behind the first.
fn front_matter_len(text: &str) -> usize {
    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next() else { return 0 };
    let fence = first.trim_end();
    if !matches!(fence, "---" | "+++") {
        return 0;
    }
    let mut len = first.len();
    for (number, line) in lines.enumerate() {
        let content = line.trim_end();
        if number == 0 && content.is_empty() {
            return 0;
        }
        len += line.len();
        if content == fence || (fence == "---" && content == "...") {
            return len;
        }
    }
    0
}

/// A piece of a run.
#[derive(Debug)]
struct Inline {
    kind: InlineKind,
    range: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InlineKind {
    /// Opens an element; emphasis, strong emphasis or strikethrough may be left outside.
    Open {
        is_emphasis: bool,
    },
    Close,
    /// Text that stands in the source as it reads.
    Text,
    /// What stands for something else.
    Opaque,
    /// A mark between words, such as a footnote reference.
    Absent,
    Break,
}

struct Reader<'t> {
    text: &'t str,
    options: &'t SegmentOptions,
    run: Vec<Inline>,
    /// How many elements are open in the run.
    depth: usize,
    quote_depth: usize,
    in_table: bool,
    in_code_block: bool,
    paragraph: usize,
    out: Vec<Place>,
}

impl Reader<'_> {
    fn take(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(*tag, range),
            Event::Text(_) if self.in_code_block => {}
            Event::Text(text) => {
                let kind = if self.text[range.clone()] == **text {
                    InlineKind::Text
                } else {
                    InlineKind::Opaque
                };
                self.push(kind, range);
            }
            Event::InlineHtml(html) if self.depth == 0 && is_line_break(html) => self.end_run(),
            Event::HardBreak if self.depth == 0 => self.end_run(),
            Event::Code(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {
                self.push(InlineKind::Opaque, range);
            }
            Event::FootnoteReference(_) => self.push(InlineKind::Absent, range),
            Event::SoftBreak | Event::HardBreak => self.push(InlineKind::Break, range),
            Event::Html(_) | Event::TaskListMarker(_) => {}
            Event::Rule => self.end_block(),
        }
    }

    fn push(&mut self, kind: InlineKind, range: Range<usize>) {
        self.run.push(Inline { kind, range });
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {
                self.open(true, range);
            }
            Tag::Superscript | Tag::Subscript | Tag::Link { .. } | Tag::Image { .. } => {
                self.open(false, range);
            }
            block => {
                self.end_block();
                match block {
                    Tag::BlockQuote(_) => self.quote_depth += 1,
                    Tag::CodeBlock(_) => self.in_code_block = true,
                    Tag::Table(_) => self.in_table = true,
                    _ => {}
                }
            }
        }
    }

    fn open(&mut self, is_emphasis: bool, range: Range<usize>) {
        self.depth += 1;
        self.push(InlineKind::Open { is_emphasis }, range);
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image => {
                self.depth = self.depth.saturating_sub(1);
                self.push(InlineKind::Close, range);
            }
            block => {
                self.end_block();
                match block {
                    TagEnd::BlockQuote(_) => self.quote_depth = self.quote_depth.saturating_sub(1),
                    TagEnd::CodeBlock => self.in_code_block = false,
                    TagEnd::Table => self.in_table = false,
                    _ => {}
                }
            }
        }
    }

    fn end_block(&mut self) {
        self.end_run();
        self.depth = 0;
        if self
            .out
            .last()
            .is_some_and(|place| place.paragraph == self.paragraph)
        {
            self.paragraph += 1;
        }
    }

    /// Cuts the run into segments and begins the next.
    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        let view = View::of(self.text, without_wrappers(&run));
        let context = Context::Markdown {
            quote_depth: self.quote_depth,
            in_table: self.in_table,
        };
        let places = view
            .cut(self.text, self.options)
            .into_iter()
            .map(|range| Place {
                range,
                paragraph: self.paragraph,
                context,
            });
        self.out.extend(places);
    }
}

/// `<br>`, `<br/>`, `<BR />`.
fn is_line_break(html: &str) -> bool {
    html.get(..3)
        .is_some_and(|head| head.eq_ignore_ascii_case("<br"))
        && html[3..].starts_with(['>', '/', ' '])
}

/// The run without the emphasis that holds all of it.
fn without_wrappers(run: &[Inline]) -> &[Inline] {
    let mut inner = run;
    for _ in 0..MOST_WRAPPERS {
        let [first, middle @ .., last] = inner else {
            break;
        };
        // Start and end of an element have the same range; breaks at its edges can't be.
        let wraps = first.kind == (InlineKind::Open { is_emphasis: true })
            && last.kind == InlineKind::Close
            && first.range == last.range;
        if !wraps || middle.is_empty() {
            break;
        }
        inner = middle;
    }
    inner
}

#[cfg(test)]
mod tests {
    use crate::format::document::{Document, DocumentKind};

    fn parse(text: &str) -> Document {
        Document::parse(text.to_owned(), DocumentKind::Markdown, &Default::default())
    }

    fn texts(text: &str) -> Vec<String> {
        parse(text)
            .segments()
            .map(|s| s.text().into_owned())
            .collect()
    }

    #[test]
    fn blocks_and_what_is_none() {
        let text = "\
---
title: not a segment. Nor this.
---

# العنوان {#top}

Setext title
============

First sentence. Second
one, wrapped.

- item one. More.
- [x] task

  loose paragraph
1. numbered

> quoted words
> go on. Then
> stop.

| head | رأس |
|------|-----|
| a. B. | `x|y` |

    indented code

```rust
let x = 1; // no. Segment.
```

<div>
No segment.
</div>

Text with a note.[^1] More.

[^1]: The note.

[ref]: https://example.org \"no segment\"

---
";
        assert_eq!(
            texts(text),
            [
                "العنوان",
                "Setext title",
                "First sentence.",
                "Second one, wrapped.",
                "item one.",
                "More.",
                "task",
                "loose paragraph",
                "numbered",
                "quoted words go on.",
                "Then stop.",
                "head",
                "رأس",
                "a. B.",
                "`x",
                "Text with a note.[^1]",
                "More.",
                "The note.",
            ]
        );
    }

    #[test]
    fn inline_markup_stays_and_is_never_cut() {
        for (text, expected) in [
            ("**Stop.** Next *one*.", &["**Stop.**", "Next *one*."][..]),
            (
                "See [a. B. cat](/x \"T. U.\"). Then go.",
                &["See [a. B. cat](/x \"T. U.\").", "Then go."],
            ),
            (
                "Run `a. B`. ![Alt. Text](p.png) Done.",
                &["Run `a. B`.", "![Alt. Text](p.png) Done."],
            ),
            ("**One. Two.**", &["One.", "Two."]),
            ("***نعم. ثم.***", &["نعم.", "ثم."]),
            ("*A b. C d* e. F.", &["*A b. C d* e.", "F."]),
            (
                "Ends.&nbsp;Not. \\*Star. Q&amp;A.",
                &["Ends.&nbsp;Not.", "\\*Star.", "Q&amp;A."],
            ),
            (
                "line one\\\nline two  \nthree<br>four",
                &["line one", "line two", "three", "four"],
            ),
            ("![](only-image.png)", &[]),
            (
                "[Go.](/x) **Now.**\n*Then.*",
                &["[Go.](/x)", "**Now.**", "*Then.*"],
            ),
        ] {
            assert_eq!(texts(text), expected, "{text}");
        }
    }

    #[test]
    fn quote_marks_between_lines_read_as_a_space() {
        assert_eq!(
            texts("> > one\n> > two `a\n> > b`\nlazy > 3"),
            ["one two `a b` lazy > 3"]
        );
        assert_eq!(texts("> a\r\n> b. C\r\n"), ["a b.", "C"]);
    }

    #[test]
    fn only_the_head_holds_front_matter() {
        assert_eq!(texts("a\n\n---\nb: c\n\n---\n"), ["a", "b: c"]);
        assert_eq!(texts("+++\na = 1\n+++\nb"), ["b"]);
        assert_eq!(texts("---\n\nnot. Matter.\n\n---\n").len(), 2);
        assert_eq!(texts("---\nno end").len(), 1);
    }

    #[test]
    fn paragraphs_are_numbered() {
        let numbers: Vec<usize> =
            parse("# A\n\nBees. Cats.\nDogs\\\nElks\n\n- F\n- G\n\n| H | I |\n|-|-|\n")
                .segments()
                .map(|s| s.paragraph)
                .collect();
        assert_eq!(numbers, [0, 1, 1, 1, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn replacements_open_no_block() {
        let document = parse("One. Two.\n\n| a | b |\n|---|---|\n| c | d |\n");
        for replacement in [
            "# x", "- x", "+ x", "* x", "1. x", "12) x", "> x", "---", "***", "```", "~~~ x",
            "===", "x | y", "x \\| y", ": x", "a\n\nb", "#", "1.",
        ] {
            let spliced = document.splice(|_| Some(replacement));
            let paragraphs = |d: &Document| d.segments().last().map(|s| s.paragraph);
            assert_eq!(
                paragraphs(&parse(&spliced)),
                paragraphs(&document),
                "{spliced}"
            );
        }
        assert_eq!(
            parse("x").splice(|_| Some("1986. كان عاما")),
            "1986\\. كان عاما"
        );
    }
}
