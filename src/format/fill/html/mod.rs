//! HTML: documents and fragments, tag soup included.
//!
//! bytes ──charset──▶ text ──scan──▶ paragraphs ──cut──▶ segments; written by splicing. Tokens are
//! those of the WHATWG standard; no tree is built, so nothing that a parser would mend is touched.
//!
//! | in the file | is |
//! | --- | --- |
//! | blocks (`p`, `li`, `td`, `h1`, `option`, `title`, …) | paragraphs, cut into sentences |
//! | `a`, `b`, `em`, `span`, `code`, elements that aren't known, comments | inline codes |
//! | `br` | an inline code that stands for a space; two in a row end a paragraph |
//! | `alt`, `title`, `placeholder`, `aria-label` and its kin, `label`, `summary`, `abbr`, `value` of buttons, `content` of descriptions | slots of their own |
//! | `noscript` | as if it were not there: what it holds is markup |
//! | `script`, `style`, `template`, `svg`, `math`, elements with `translate="no"` | left alone: one code inside a line |
//! | `pre`, `textarea`, `iframe` and their kin, doctype, comments between blocks | left alone |
//!
//! White space is read as a browser shows it: a run is one space. Entities are decoded; in what is written `&`, `<`, `>`,
//! U+00A0 and the bidi marks stand as references, and so does what the file's encoding can't hold. The encoding is told as browsers do;
//! bytes that are no text in it are an error. A page of ASCII that names none gets a `meta` that says UTF-8 at the
//! beginning of its `<head>`, when something is filled in that is not ASCII.
//!
//! A page filled in the other language gets `lang` and `dir` on `<html>`, a fragment on its outermost blocks, and
//! attributes that name the source's language or direction are turned. A fragment without a block has no place for
//! them. Styles (`text-align`, `float`) and `align` are left as they are; no bidi marks are inserted.
//!
//! Not kept: white space and line breaks inside a segment that is filled. Limits: [`super::PARAGRAPH_LIMIT`],
//! [`DEEPEST_LOOK`], [`MOST_ATTRIBUTES`], [`PRESCAN_BYTES`]. Cost: linear; no recursion.

mod charset;
mod direction;
mod element;
mod scan;
#[cfg(test)]
mod tests;

use std::io::Write;
use std::ops::Range;

use super::inline::{self, Built, Piece, Spaces, Step};
use super::splice::Splices;
use super::{FillOptions, FillableFile, Filling, Languages, OpenOptions, Slot};
use crate::diagnostic::Diagnostic;
use crate::format::encoded::{Charset, EncodedText, LineCounter};
use crate::format::{FormatError, is_forbidden};
use crate::lang::Lang;
pub use charset::PRESCAN_BYTES;
pub use scan::{DEEPEST_LOOK, MOST_ATTRIBUTES};
use scan::{Scanned, Stretch};

/// Reads HTML.
///
/// # Errors
/// [`FormatError::NotText`]; [`FormatError::UnsupportedEncoding`] where the bytes could not be written again in their encoding.
pub fn open(
    bytes: Vec<u8>,
    name: &str,
    options: &OpenOptions,
    report: &mut dyn FnMut(Diagnostic),
) -> Result<Box<dyn FillableFile>, FormatError> {
    let mut is_unnamed = false;
    let file = EncodedText::open(&bytes, name, |bytes| {
        let named = charset::named(bytes);
        is_unnamed = named.is_none();
        Ok(named.unwrap_or(Charset::UTF_8))
    })?;
    drop(bytes);
    let text = file.text();
    let mut scanned = scan::scan(text);
    let mut lines = LineCounter::new(text);
    let (mut slots, mut places) = (Vec::new(), Vec::new());
    let mut paragraph = 0;
    for stretch in std::mem::take(&mut scanned.stretches) {
        let (pieces, segmentation, assigned) = match &stretch {
            Stretch::Paragraph(pieces) => (pieces, Some(&options.segmentation), None),
            Stretch::Attribute { pieces, assigned } => (pieces, None, Some(assigned)),
        };
        let size: usize = pieces.iter().map(|piece| piece.source.len()).sum();
        if size > inline::PARAGRAPH_LIMIT {
            let start = pieces.first().map_or(0, |piece| piece.source.start);
            report(Diagnostic::warning(
                lines.location(start),
                inline::too_long(size),
            ));
            continue;
        }
        let segments = inline::cut(text, pieces, segmentation);
        let is_empty = segments.is_empty();
        for pieces in segments {
            let built = inline::build(text, &pieces, Spaces::Collapse);
            let range = pieces[0].source.start..pieces[pieces.len() - 1].source.end;
            slots.push(Slot {
                source: built.coded.clone(),
                paragraph,
                line: lines.line(range.start),
                ..Slot::default()
            });
            places.push(Place {
                range: assigned.unwrap_or(&range).clone(),
                in_attribute: assigned.is_some(),
                pieces,
                built,
            });
        }
        paragraph += usize::from(!is_empty);
    }
    Ok(Box::new(Html {
        file,
        is_unnamed,
        slots,
        places,
        scanned,
    }))
}

/// Whether a file that begins with these bytes is a page: it names its type or opens `<html>`.
pub(super) fn is_begun_by(head: &[u8]) -> bool {
    let head = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head)
        .trim_ascii_start();
    let begins = |start: &[u8]| {
        head.get(..start.len())
            .is_some_and(|h| h.eq_ignore_ascii_case(start))
    };
    begins(b"<!doctype html") || begins(b"<html")
}

/// Where a slot stands.
struct Place {
    /// What is replaced.
    range: Range<usize>,
    in_attribute: bool,
    pieces: Vec<Piece>,
    built: Built,
}

struct Html {
    file: EncodedText,
    /// Whether nothing says in which encoding it is.
    is_unnamed: bool,
    slots: Vec<Slot>,
    /// One for each slot.
    places: Vec<Place>,
    /// Without its stretches, which became places.
    scanned: Scanned,
}

impl FillableFile for Html {
    fn slots(&self) -> &[Slot] {
        &self.slots
    }

    fn languages(&self) -> Languages {
        Languages {
            source: self.scanned.lang.clone(),
            target: None,
        }
    }

    fn write(
        &self,
        fillings: &[Filling],
        options: &FillOptions,
        out: &mut dyn Write,
    ) -> Result<(), FormatError> {
        match self.filled(fillings, options.target) {
            Some(text) => self.file.write_text(&text, out),
            None => self.file.write(&[], out),
        }
    }
}

impl Html {
    /// Where the head begins of a page that names no encoding, and has needed none, since all of it is ASCII.
    fn head_without_charset(&self) -> Option<usize> {
        let needs_none = self.is_unnamed && self.file.text().is_ascii();
        self.scanned.head.filter(|_| needs_none)
    }

    /// The text with what is filled; `None` where nothing is.
    fn filled(&self, fillings: &[Filling], target: Option<Lang>) -> Option<String> {
        let text = self.file.text();
        let filled: Vec<(&Place, &crate::coded::Coded)> = self
            .places
            .iter()
            .zip(fillings)
            .filter_map(|(place, filling)| Some((place, filling.target.as_ref()?)))
            .collect();
        if filled.is_empty() {
            return None;
        }
        let mut splices = Splices::new(text);
        if let Some(target) = target {
            direction::turn(text, &self.scanned, target, &mut splices);
        }
        for (place, target) in filled.iter().filter(|(place, _)| place.in_attribute) {
            let value = escaped(&target.text, true);
            splices.put(place.range.clone(), format!("=\"{value}\""));
        }
        for (place, target) in filled.into_iter().filter(|(place, _)| !place.in_attribute) {
            let mut out = String::new();
            for step in inline::settle(&place.built, target) {
                match step {
                    Step::Text(text) => out.push_str(&escaped(text, false)),
                    Step::Code(code) => {
                        let piece = &place.pieces[place.built.pieces[code]];
                        splices.copy(piece.source.clone(), &mut out);
                    }
                }
            }
            splices.put(place.range.clone(), out);
        }
        let copy = |splices: &Splices<'_>| {
            let mut out = String::with_capacity(text.len() + text.len() / 4);
            splices.copy(0..text.len(), &mut out);
            out
        };
        let out = copy(&splices);
        let Some(place) = self.head_without_charset().filter(|_| !out.is_ascii()) else {
            return Some(out);
        };
        splices.put(place..place, "<meta charset=\"utf-8\">".to_owned());
        Some(copy(&splices))
    }
}

/// `text` as it is written: what means markup, and what can't be seen, as references.
fn escaped(text: &str, in_attribute: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_attribute => out.push_str("&quot;"),
            '\u{A0}' => out.push_str("&nbsp;"),
            '\u{200E}' => out.push_str("&lrm;"),
            '\u{200F}' => out.push_str("&rlm;"),
            // A tokenizer makes a line feed of it.
            '\r' => out.push(' '),
            c if is_forbidden(c) => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
    out
}
