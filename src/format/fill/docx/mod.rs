//! DOCX: WordprocessingML (ECMA-376, transitional and strict) in a zip file.
//!
//! bytes ──[`zip`](crate::format)──▶ parts ──scan──▶ paragraphs ──[`inline`](super::inline)──▶ segments; written by
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
//! [`super::inline::PARAGRAPH_LIMIT`], [`DEEPEST_BOX`]; parts are UTF-8. Document types are refused, so entities are
//! never expanded. Cost: linear in the parts; no recursion.

mod properties;
mod scan;
#[cfg(test)]
mod tests;
mod write;

use std::io::Write;

use super::inline::{self, Built, Spaces};
use super::{FillOptions, FillableFile, Filling, Languages, OpenOptions, Slot};
use crate::coded::CodeKind;
use crate::diagnostic::{Diagnostic, Severity};
use crate::format::FormatError;
use crate::format::input::location_in;
use crate::format::opc::Package;
use crate::format::xml::Mistake;
pub use crate::format::zip::{PART_LIMIT, PARTS_LIMIT, RATIO_FLOOR, RATIO_LIMIT, TOTAL_LIMIT};
use inline::{Piece, PieceKind};
use properties::Turn;
pub use scan::DEEPEST_BOX;
use scan::{DocxPiece, Place, Run, Scanned};

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
    if !names.first().is_some_and(|(rank, _)| *rank < MAIN_TYPES) {
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
        file.read_part(&part, name, options, &mut paragraph, report)?;
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
    pieces: Vec<DocxPiece>,
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
        name: &str,
        options: &OpenOptions,
        paragraph_number: &mut usize,
        report: &mut dyn FnMut(Diagnostic),
    ) -> Result<(), FormatError> {
        let text = self.package.text(part)?;
        let scanned =
            scan::scan(&text).map_err(|mistake| ill_formed(name, part, &text, &mistake))?;
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
        let mut choices: Vec<(usize, usize)> = Vec::new();
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
                let (pieces, formats) = with_formats(&text, pieces, &paragraph.runs);
                let built = inline::build(&text, &pieces, Spaces::Keep);
                let twin =
                    paragraph
                        .alternative
                        .filter(|a| a.is_fallback)
                        .and_then(|alternative| {
                            let found = choices.iter().position(|&(number, slot)| {
                                number == alternative.number
                                    && self.slots[slot].source.text == built.coded.text
                            })?;
                            Some(choices.remove(found).1)
                        });
                let slot = twin.unwrap_or_else(|| {
                    self.slots.push(Slot {
                        source: built.coded.clone(),
                        paragraph: *paragraph_number,
                        ..Slot::default()
                    });
                    self.slots.len() - 1
                });
                if let Some(alternative) = paragraph.alternative.filter(|a| !a.is_fallback) {
                    choices.push((alternative.number, slot));
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

fn text_len(pieces: &[DocxPiece]) -> usize {
    let is_text =
        |piece: &&DocxPiece| matches!(piece.kind, PieceKind::Literal | PieceKind::Written(_));
    pieces
        .iter()
        .filter(is_text)
        .map(|piece| piece.source.len())
        .sum()
}

fn ill_formed(name: &str, part: &str, text: &str, mistake: &Mistake) -> FormatError {
    let at = text.floor_char_boundary(mistake.offset);
    let start = crate::diagnostic::Location { line: 1, column: 1 };
    FormatError::Part {
        name: name.to_owned(),
        part: part.to_owned(),
        message: format!("{}: {}", location_in(&text[..at], start), mistake.message),
    }
}

/// What stands for the segment itself among its pairs.
const WHOLE: u32 = 0;

/// Puts codes around text that looks different from most of the pair that it stands in, or of the segment; and the run
/// that gives each of them its format.
fn with_formats(
    text: &str,
    pieces: Vec<DocxPiece>,
    runs: &[Run],
) -> (Vec<DocxPiece>, Vec<(u32, usize)>) {
    // The pair that each piece stands in.
    let mut open = vec![WHOLE];
    let mut homes = Vec::with_capacity(pieces.len());
    for piece in &pieces {
        match piece.kind {
            PieceKind::Code(CodeKind::Open, number) => {
                open.push(number);
                homes.push(WHOLE);
            }
            PieceKind::Code(CodeKind::Close, number) => {
                if open.len() > 1 && open.last() == Some(&number) {
                    open.pop();
                }
                homes.push(WHOLE);
            }
            _ => homes.push(open.last().copied().unwrap_or(WHOLE)),
        }
    }
    let run_of = |piece: &DocxPiece| match (&piece.place, piece.text(text)) {
        (Place::Run(run), Some(written)) if !written.trim().is_empty() => {
            Some((*run, written.len()))
        }
        _ => None,
    };
    // By pair and look: how much text, and the first run.
    let mut looks: Vec<(u32, usize, usize)> = Vec::new();
    for (piece, &home) in pieces.iter().zip(&homes) {
        let Some((run, len)) = run_of(piece) else {
            continue;
        };
        let same =
            |look: &&mut (u32, usize, usize)| look.0 == home && runs[look.1].key == runs[run].key;
        match looks.iter_mut().rev().take(MOST_LOOKS).find(same) {
            Some(look) => look.2 += len,
            None => looks.push((home, run, len)),
        }
    }
    looks.sort_by_key(|look| (look.0, std::cmp::Reverse(look.2), look.1));
    looks.dedup_by_key(|look| look.0);
    let formats: Vec<(u32, usize)> = looks
        .into_iter()
        .map(|(home, run, _)| (home, run))
        .collect();
    let format_of = |home: u32| {
        let at = formats.binary_search_by_key(&home, |format| format.0);
        at.ok().map(|at| formats[at].1)
    };

    let mut next_number = pieces
        .iter()
        .filter_map(|piece| match piece.kind {
            PieceKind::Code(_, number) | PieceKind::Break(number) => Some(number),
            _ => None,
        })
        .max()
        .unwrap_or(0)
        + 1;
    let mut out: Vec<DocxPiece> = Vec::with_capacity(pieces.len());
    let mut current: Option<(u32, usize)> = None;
    let mark = |kind, number, run: usize, at: usize| Piece {
        kind: PieceKind::Code(kind, number),
        source: runs[run].properties.clone().unwrap_or(at..at),
        place: Place::Format { run, at },
    };
    for (piece, &home) in pieces.iter().zip(&homes) {
        let at = piece.source.start;
        let run = run_of(piece).map(|(run, _)| run);
        let goes_on = match (run, current) {
            (Some(run), Some((_, open))) => runs[run].key == runs[open].key,
            (Some(_), None) => true,
            (None, _) => !matches!(
                piece.kind,
                PieceKind::Code(CodeKind::Open | CodeKind::Close, _)
            ),
        };
        if !goes_on && let Some((number, open)) = current.take() {
            // White space between two looks stands outside.
            let space = out.iter().rev().take_while(|piece| {
                piece
                    .text(text)
                    .is_some_and(|written| written.trim().is_empty())
            });
            let place = out.len() - space.count();
            out.insert(place, mark(CodeKind::Close, number, open, at));
        }
        if let Some(run) = run
            && current.is_none()
            && format_of(home).is_some_and(|format| runs[format].key != runs[run].key)
        {
            out.push(mark(CodeKind::Open, next_number, run, at));
            current = Some((next_number, run));
            next_number += 1;
        }
        out.push(piece.clone());
    }
    if let Some((number, open)) = current {
        let at = out.last().map_or(0, |piece| piece.source.end);
        out.push(mark(CodeKind::Close, number, open, at));
    }
    (out, formats)
}

/// How many looks of a segment are held against each other.
const MOST_LOOKS: usize = 64;
