//! DOCX: WordprocessingML (ECMA-376, transitional and strict) in a zip file.
//!
//! bytes ──[`zip`](crate::format)──▶ parts ──scan──▶ paragraphs ──cut──▶ segments; written by
//! splicing the XML of the parts in which something is filled. Other parts stay as they are, down to their compressed
//! bytes; a file in which nothing is filled is the same file.
//!
//! Read are the main document, footnotes, endnotes, headers, footers and comments, text boxes and content controls in
//! them, told by their content types. In a paragraph
//!
//! | in the file | is |
//! | --- | --- |
//! | runs that look alike | text; spelling marks, language, `w:rtl` and the like make no difference |
//! | a run that looks different from most of its segment | text between two codes |
//! | hyperlinks, content controls, smart tags, `HYPERLINK` and `TOC` fields | a pair of codes around their text |
//! | tabs and breaks | codes that stand for a space |
//! | other fields with their results, drawings, notes' marks, symbols, formulas, bookmarks, comment marks | codes |
//! | tracked insertions | text, in a pair of codes |
//! | tracked deletions, instructions of fields | left alone, one code |
//! | a fallback of alternative content | filled as the choice is, no slots of its own |
//!
//! A segment that is filled takes the format that most of it has. Where the target is Arabic, its paragraphs get
//! `w:bidi`, its runs `w:rtl`, the complex-script twins of bold, italic and size, and `w:lang w:bidi`; Latin stretches
//! are runs of their own without `w:rtl`; its tables get `w:bidiVisual` and the part's sections `w:bidi`. Where it is
//! English, all that is taken back. No bidi marks are inserted.
//!
//! Not kept, in the paragraphs that are filled: spelling marks and where the page broke last. Not read: text in
//! SmartArt, charts, embedded files and document properties. Limits: [`PARTS_LIMIT`], [`PART_LIMIT`],
//! [`TOTAL_LIMIT`], [`RATIO_LIMIT`],
//! [`super::PARAGRAPH_LIMIT`], [`DEEPEST_BOX`]; parts are UTF-8. Document types are refused, so entities are
//! never expanded. Cost: linear in the parts; no recursion.

mod field;
mod properties;
mod scan;
#[cfg(test)]
mod tests;
mod write;

use std::io::Write;

use rustc_hash::FxHashMap;

use super::inline::{self, Built, Spaces};
use super::look::{RunPiece, with_formats};
use super::{FillOptions, FillableFile, Filling, Languages, OpenOptions, Slot};
use crate::diagnostic::{Diagnostic, Severity};
use crate::format::FormatError;
use crate::format::opc::Package;
pub use crate::format::zip::{PART_LIMIT, PARTS_LIMIT, RATIO_FLOOR, RATIO_LIMIT, TOTAL_LIMIT};
use inline::PieceKind;
use properties::Turn;
pub use scan::DEEPEST_BOX;
use scan::Scanned;

/// Ends of the content types of parts with text, the main document first.
const CONTENT_TYPES: [&str; 10] = [
    "wordprocessingml.document.main+xml",
    "ms-word.document.macroEnabled.main+xml",
    "wordprocessingml.template.main+xml",
    "ms-word.template.macroEnabledTemplate.main+xml",
    "wordprocessingml.footnotes+xml",
    "wordprocessingml.endnotes+xml",
    "wordprocessingml.header+xml",
    "wordprocessingml.footer+xml",
    "wordprocessingml.comments+xml",
    "wordprocessingml.document.glossary+xml",
];
/// How many of [`CONTENT_TYPES`] are main documents.
const MAIN_TYPES: usize = 4;

/// Reads DOCX.
///
/// # Errors
/// [`FormatError::Container`] where it is no zip file with a Word document; [`FormatError::Part`] where a part with text
/// is damaged, too large or not well-formed.
pub fn open(
    bytes: Vec<u8>,
    name: &str,
    options: &OpenOptions,
    report: &mut dyn FnMut(Diagnostic),
) -> Result<Box<dyn FillableFile>, FormatError> {
    let package = Package::open(bytes, name)?;
    let mut names = Vec::new();
    for (rank, content_type) in CONTENT_TYPES.iter().enumerate() {
        names.extend(
            package
                .parts_of_type(content_type)
                .map(|part| (rank, part.to_owned())),
        );
    }
    if names.first().is_none_or(|(rank, _)| *rank >= MAIN_TYPES) {
        return Err(FormatError::Container {
            name: name.to_owned(),
            message: "it holds no Word document".to_owned(),
        });
    }
    let styles = match package.parts_of_type("wordprocessingml.styles+xml").next() {
        Some(styles) => package.text(styles)?,
        None => String::new(),
    };
    let mut file = Docx {
        parts: Vec::new(),
        slots: Vec::new(),
        styles_have_bidi: has_element(&styles, "w:bidi"),
        styles_have_rtl: has_element(&styles, "w:rtl"),
        package,
    };
    let mut paragraph = 0;
    for (_, part) in names {
        file.read_part(&part, options, &mut paragraph, report)?;
    }
    Ok(Box::new(file))
}

fn has_element(xml: &str, name: &str) -> bool {
    xml.match_indices(&format!("<{name}"))
        .any(|(at, found)| xml[at + found.len()..].starts_with(['/', ' ', '>']))
}

/// A part with text.
struct Part {
    name: String,
    text: String,
    scanned: Scanned,
    /// The segments of each paragraph.
    segments: Vec<Vec<Segment>>,
}

/// A segment of a paragraph.
struct Segment {
    slot: usize,
    pieces: Vec<RunPiece>,
    built: Built,
    /// The run whose format its text has that stands in no code, and in each pair of the paragraph.
    formats: Vec<(u32, usize)>,
}

struct Docx {
    package: Package,
    parts: Vec<Part>,
    slots: Vec<Slot>,
    styles_have_bidi: bool,
    styles_have_rtl: bool,
}

impl FillableFile for Docx {
    fn slots(&self) -> &[Slot] {
        &self.slots
    }

    fn languages(&self) -> Languages {
        Languages::default()
    }

    fn write(
        &self,
        fillings: &[Filling],
        options: &FillOptions,
        out: &mut dyn Write,
    ) -> Result<(), FormatError> {
        let turn = options.target.map(|target| Turn {
            target,
            styles_have_bidi: self.styles_have_bidi,
            styles_have_rtl: self.styles_have_rtl,
        });
        let mut changed = Vec::new();
        for part in &self.parts {
            changed.extend(write::part(part, fillings, turn).map(|text| (&*part.name, text)));
        }
        self.package.write(&changed, out)
    }
}

impl Docx {
    fn read_part(
        &mut self,
        part: &str,
        options: &OpenOptions,
        paragraph_number: &mut usize,
        report: &mut dyn FnMut(Diagnostic),
    ) -> Result<(), FormatError> {
        let text = self.package.text(part)?;
        let scanned =
            scan::scan(&text).map_err(|mistake| self.package.ill_formed(part, &text, &mistake))?;
        let mut warn = |message: String| {
            report(Diagnostic {
                severity: Severity::Warning,
                location: None,
                message: format!("{part}: {message}"),
            });
        };
        if scanned.too_deep > 0 {
            warn(format!(
                "{} paragraphs stand more than {DEEPEST_BOX} text boxes deep; they are left alone",
                scanned.too_deep
            ));
        }
        // The slots of each choice, to be found again in its fallback.
        let mut choices: FxHashMap<(usize, String), Vec<usize>> = FxHashMap::default();
        let mut segments = Vec::with_capacity(scanned.paragraphs.len());
        for paragraph in &scanned.paragraphs {
            let size: usize = paragraph
                .pieces
                .iter()
                .map(|piece| piece.source.len())
                .sum();
            let has_text = paragraph
                .pieces
                .iter()
                .any(|piece| piece.text(&text).is_some());
            if !has_text {
                segments.push(Vec::new());
                continue;
            }
            if size > inline::PARAGRAPH_LIMIT
                && text_len(&paragraph.pieces) > inline::PARAGRAPH_LIMIT
            {
                warn(inline::too_long(size));
                segments.push(Vec::new());
                continue;
            }
            let mut of_paragraph = Vec::new();
            let first_slot = self.slots.len();
            for pieces in inline::cut(&text, &paragraph.pieces, Some(&options.segmentation)) {
                let (pieces, formats) = with_formats(&text, &pieces, &paragraph.runs);
                let built = inline::build(&text, &pieces, Spaces::Keep);
                let alternative = paragraph.alternative;
                let twin = alternative
                    .filter(|a| a.is_fallback)
                    .and_then(|alternative| {
                        let key = (alternative.number, built.coded.text.clone());
                        choices.get_mut(&key)?.pop()
                    });
                let slot = twin.unwrap_or_else(|| {
                    self.slots.push(Slot {
                        source: built.coded.clone(),
                        paragraph: *paragraph_number,
                        ..Slot::default()
                    });
                    self.slots.len() - 1
                });
                if let Some(alternative) = alternative.filter(|a| !a.is_fallback) {
                    let key = (alternative.number, built.coded.text.clone());
                    choices.entry(key).or_default().push(slot);
                }
                of_paragraph.push(Segment {
                    slot,
                    pieces,
                    built,
                    formats,
                });
            }
            *paragraph_number += usize::from(self.slots.len() > first_slot);
            segments.push(of_paragraph);
        }
        self.parts.push(Part {
            name: part.to_owned(),
            text,
            scanned,
            segments,
        });
        Ok(())
    }
}

fn text_len(pieces: &[RunPiece]) -> usize {
    let is_text =
        |piece: &&RunPiece| matches!(piece.kind, PieceKind::Literal | PieceKind::Written(_));
    pieces
        .iter()
        .filter(is_text)
        .map(|piece| piece.source.len())
        .sum()
}
