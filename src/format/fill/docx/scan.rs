//! From a part's XML to its paragraphs.
//!
//! One pass over the tokens with a stack of open elements; text boxes put a paragraph inside a run of another one, which
//! is why paragraphs are a stack too. No recursion.

use std::ops::Range;

use quick_xml::events::Event;

use super::field::{Field, FieldCharacter, field_character};
use crate::coded::CodeKind;
use crate::format::fill::inline::{Piece, PieceKind};
use crate::format::fill::look::{Place, Run, RunPiece, format_key};
use crate::format::opc::Elements;
use crate::format::xml::{Mistake, for_each_attribute, local, push_text};

/// How deep paragraphs may stand in text boxes of paragraphs; deeper ones are left alone.
pub const DEEPEST_BOX: usize = 8;

/// The characters that `w:noBreakHyphen` and `w:softHyphen` stand for. Word takes them for characters of a font where they
/// are written as themselves.
pub(super) const NO_BREAK_HYPHEN: char = '\u{2011}';
pub(super) const SOFT_HYPHEN: char = '\u{AD}';

/// Namespaces of WordprocessingML: transitional and strict.
const NAMESPACES: [&str; 2] = [
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
];

/// A paragraph.
#[derive(Debug)]
pub(super) struct Paragraph {
    /// Its start tag.
    pub(super) tag: Range<usize>,
    pub(super) properties: Option<Range<usize>>,
    pub(super) runs: Vec<Run>,
    pub(super) pieces: Vec<RunPiece>,
    /// The innermost table that it stands in.
    pub(super) table: Option<usize>,
    /// The alternative content in whose choice or fallback it stands.
    pub(super) alternative: Option<Alternative>,
    next_number: u32,
    /// Elements that are codes, by depth and number.
    open: Vec<(usize, u32)>,
    /// The element of that depth is left alone with all that is in it.
    skipped: Option<Skipped>,
    in_run: bool,
    in_text: bool,
    pub(super) fields: Vec<Field>,
    depth: usize,
}

/// Which of two equal contents a paragraph stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Alternative {
    /// Which `mc:AlternateContent` of the part.
    pub(super) number: usize,
    /// For programs that don't know the choice.
    pub(super) is_fallback: bool,
}

/// An element that is left alone.
#[derive(Debug)]
struct Skipped {
    depth: usize,
    start: usize,
    role: SkipRole,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SkipRole {
    ParagraphProperties,
    RunProperties,
    /// Goes with the tag before it.
    ElementProperties,
    Code,
    /// What a field says.
    Instruction,
    Field(FieldCharacter),
}

/// A table.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) parent: Option<usize>,
    pub(super) tag_end: usize,
    pub(super) properties: Option<Range<usize>>,
}

/// What there is in a part.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    /// In the order of their end tags.
    pub(super) paragraphs: Vec<Paragraph>,
    pub(super) tables: Vec<Table>,
    /// `w:sectPr`, which may be empty elements.
    pub(super) sections: Vec<Range<usize>>,
    /// The prefix of WordprocessingML with its colon, or nothing.
    pub(super) prefix: String,
    /// Paragraphs too deep to be read.
    pub(super) too_deep: usize,
}

/// Reads the XML of a part.
pub(super) fn scan(text: &str) -> Result<Scanned, Mistake> {
    let mut elements = Elements::new(text);
    let mut scanner = Scanner {
        text,
        depth: 0,
        paragraphs: Vec::new(),
        tables: Vec::new(),
        alternatives: Vec::new(),
        alternatives_seen: 0,
        section: None,
        out: Scanned {
            prefix: "w:".to_owned(),
            ..Scanned::default()
        },
    };
    loop {
        let (event, range) = elements.next()?;
        let mistake = |message: String| Mistake {
            offset: range.start,
            message,
        };
        match &event {
            Event::Eof => return Ok(scanner.out),
            Event::Start(tag) | Event::Empty(tag) => {
                let is_empty = matches!(event, Event::Empty(_));
                scanner.depth = elements.depth() - usize::from(!is_empty);
                if scanner.depth == 0 {
                    for_each_attribute(tag, |name, value| scanner.namespace(name, value))
                        .map_err(mistake)?;
                }
                let start = range.start + 1;
                let name = &text[start..start + tag.name().as_ref().len()];
                scanner.start(name, range, is_empty);
            }
            Event::End(tag) => {
                scanner.depth = elements.depth();
                let start = range.start + 2;
                let name = &text[start..start + tag.name().as_ref().len()];
                scanner.end(name, range);
            }
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                scanner.text(&event, range.clone()).map_err(mistake)?;
            }
            _ => {}
        }
    }
}

struct Scanner<'t> {
    text: &'t str,
    /// How many elements hold the one at hand.
    depth: usize,
    paragraphs: Vec<Paragraph>,
    /// Open tables, by depth.
    tables: Vec<(usize, usize)>,
    /// Open alternative contents: depth and number, and whether the fallback is open.
    alternatives: Vec<(usize, usize, bool)>,
    alternatives_seen: usize,
    section: Option<(usize, usize)>,
    out: Scanned,
}

impl<'t> Scanner<'t> {
    fn namespace(&mut self, attribute: &str, value: &str) {
        if NAMESPACES.contains(&value) {
            self.out.prefix = match attribute.strip_prefix("xmlns") {
                Some("") => String::new(),
                Some(prefix) => format!("{}:", prefix.trim_start_matches(':')),
                None => return,
            };
        }
    }

    /// The name of an element of WordprocessingML without its prefix.
    fn word(&self, name: &'t str) -> Option<&'t str> {
        let name = name.strip_prefix(&*self.out.prefix)?;
        (!name.contains(':')).then_some(name)
    }

    fn start(&mut self, name: &'t str, range: Range<usize>, is_empty: bool) {
        let depth = self.depth;
        let word = self.word(name);
        self.surroundings(name, word, &range, is_empty);
        if word == Some("p") && !is_empty {
            self.begin_paragraph(&range);
        } else if let Some(paragraph) = self.paragraphs.last_mut()
            && paragraph.skipped.is_none()
        {
            if paragraph.in_run {
                paragraph.start_in_run(self.text, word, range, depth, is_empty);
            } else {
                paragraph.start_beside_runs(word, range, depth, is_empty);
            }
        }
    }

    /// Takes note of tables, sections and alternatives.
    fn surroundings(
        &mut self,
        name: &'t str,
        word: Option<&str>,
        range: &Range<usize>,
        is_empty: bool,
    ) {
        let depth = self.depth;
        match word {
            Some("tbl") if !is_empty => {
                self.tables.push((depth, self.out.tables.len()));
                let parent = self.tables.iter().rev().nth(1).map(|(_, table)| *table);
                self.out.tables.push(Table {
                    parent,
                    tag_end: range.end,
                    properties: None,
                });
            }
            Some("tblPr") => {
                if let Some(&(at, table)) = self.tables.last()
                    && at + 1 == depth
                {
                    self.out.tables[table].properties = Some(range.clone());
                }
            }
            Some("sectPr") if self.section.is_none() => {
                if is_empty {
                    self.out.sections.push(range.clone());
                } else {
                    self.section = Some((depth, range.start));
                }
            }
            _ => {}
        }
        match local(name) {
            "AlternateContent" if !is_empty => {
                self.alternatives
                    .push((depth, self.alternatives_seen, false));
                self.alternatives_seen += 1;
            }
            "Fallback" => {
                if let Some((at, _, is_fallback)) = self.alternatives.last_mut()
                    && *at + 1 == depth
                {
                    *is_fallback = true;
                }
            }
            _ => {}
        }
    }

    fn begin_paragraph(&mut self, range: &Range<usize>) {
        // A paragraph can only stand inside another one in what the other leaves alone.
        if let Some(outer) = self.paragraphs.last_mut()
            && outer.skipped.is_none()
        {
            outer.skipped = Some(Skipped {
                depth: self.depth,
                start: range.start,
                role: SkipRole::Code,
            });
        }
        if self.paragraphs.len() == DEEPEST_BOX {
            self.out.too_deep += 1;
            return;
        }
        self.paragraphs.push(Paragraph {
            tag: range.clone(),
            properties: None,
            runs: Vec::new(),
            pieces: Vec::new(),
            table: self.tables.last().map(|(_, table)| *table),
            alternative: self
                .alternatives
                .last()
                .map(|&(_, number, is_fallback)| Alternative {
                    number,
                    is_fallback,
                }),
            next_number: 1,
            open: Vec::new(),
            skipped: None,
            in_run: false,
            in_text: false,
            fields: Vec::new(),
            depth: self.depth,
        });
    }

    fn end(&mut self, name: &'t str, range: Range<usize>) {
        let depth = self.depth;
        let word = self.word(name);
        if self.tables.last().is_some_and(|(at, _)| *at == depth) {
            self.tables.pop();
        }
        if word == Some("tblPr")
            && let Some(&(at, table)) = self.tables.last()
            && at + 1 == depth
            && let Some(properties) = &mut self.out.tables[table].properties
        {
            properties.end = range.end;
        }
        if let Some((at, start)) = self.section
            && at == depth
        {
            self.section = None;
            self.out.sections.push(start..range.end);
        }
        if self
            .alternatives
            .last()
            .is_some_and(|(at, ..)| *at == depth)
        {
            self.alternatives.pop();
        }
        if let Some(paragraph) = self.paragraphs.last()
            && paragraph.depth == depth
        {
            self.out.paragraphs.extend(self.paragraphs.pop());
            // The outer paragraph may be left alone because of this one.
        }
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.end(self.text, word, range, depth);
        }
    }

    fn text(&mut self, event: &Event<'_>, range: Range<usize>) -> Result<(), String> {
        let Some(paragraph) = self.paragraphs.last_mut() else {
            return Ok(());
        };
        let skipped = paragraph.skipped.as_ref().map(|skipped| skipped.role);
        let is_instruction = skipped == Some(SkipRole::Instruction);
        let is_text = paragraph.in_text && skipped.is_none();
        if !is_text && !is_instruction {
            return Ok(());
        }
        let (mut text, mut mends) = (String::new(), Vec::new());
        push_text(event, &mut text, &mut mends)?;
        if let Some(mend) = mends.first() {
            return Err(mend.to_string());
        }
        if is_instruction {
            if let Some(field) = paragraph.fields.last_mut() {
                field.instruction.push_str(&text);
            }
            return Ok(());
        }
        let kind = if self.text[range.clone()] == text {
            PieceKind::Literal
        } else {
            PieceKind::Written(text)
        };
        paragraph.push_in_run(kind, range);
        Ok(())
    }
}

impl Paragraph {
    pub(super) fn number(&mut self) -> u32 {
        self.next_number += 1;
        self.next_number - 1
    }

    fn push(&mut self, kind: PieceKind, source: Range<usize>, place: Place) {
        self.pieces.push(Piece {
            kind,
            source,
            place,
        });
    }

    fn push_in_run(&mut self, kind: PieceKind, source: Range<usize>) {
        let run = self.runs.len() - 1;
        self.push(kind, source, Place::Run(run));
    }

    fn start_beside_runs(
        &mut self,
        word: Option<&str>,
        range: Range<usize>,
        depth: usize,
        is_empty: bool,
    ) {
        match word {
            Some("r") => {
                if !is_empty {
                    self.in_run = true;
                    self.runs.push(Run {
                        range: range.clone(),
                        tag: range,
                        properties: None,
                        key: String::new(),
                    });
                }
            }
            Some("pPr") => self.skip(range, depth, is_empty, SkipRole::ParagraphProperties),
            Some(
                "hyperlink" | "ins" | "moveTo" | "smartTag" | "customXml" | "dir" | "bdo" | "sdt",
            ) if !is_empty => {
                let number = self.number();
                self.open.push((depth, number));
                self.push(
                    PieceKind::Code(CodeKind::Open, number),
                    range,
                    Place::Paragraph,
                );
            }
            Some("smartTagPr" | "customXmlPr" | "sdtPr" | "sdtEndPr") => {
                self.skip(range, depth, is_empty, SkipRole::ElementProperties);
            }
            Some("sdtContent") if !is_empty => self.extend_open(range.end),
            // Marks of a spelling checker, which are of no use in another language.
            Some("proofErr") if is_empty => {}
            _ => self.skip(range, depth, is_empty, SkipRole::Code),
        }
    }

    fn start_in_run(
        &mut self,
        text: &str,
        word: Option<&str>,
        range: Range<usize>,
        depth: usize,
        is_empty: bool,
    ) {
        match word {
            // Text holds no elements; some programs write them there.
            _ if self.in_text => self.skip(range, depth, is_empty, SkipRole::Code),
            Some("rPr") => self.skip(range, depth, is_empty, SkipRole::RunProperties),
            Some("t") => self.in_text = !is_empty,
            Some("tab" | "br" | "cr") if is_empty => {
                let number = self.number();
                self.push_in_run(PieceKind::Break(number), range);
            }
            Some("noBreakHyphen") if is_empty => {
                self.push_in_run(PieceKind::Written(NO_BREAK_HYPHEN.to_string()), range);
            }
            Some("softHyphen") if is_empty => {
                self.push_in_run(PieceKind::Written(SOFT_HYPHEN.to_string()), range);
            }
            // Where a program broke the page last time.
            Some("lastRenderedPageBreak") if is_empty => {}
            Some("instrText") => self.skip(range, depth, is_empty, SkipRole::Instruction),
            Some("fldChar") => {
                let character = field_character(&text[range.clone()]);
                self.skip(range, depth, is_empty, SkipRole::Field(character));
            }
            _ => self.skip(range, depth, is_empty, SkipRole::Code),
        }
    }

    /// Leaves an element alone.
    fn skip(&mut self, range: Range<usize>, depth: usize, is_empty: bool, role: SkipRole) {
        if is_empty {
            self.take_skipped(range, role);
        } else {
            self.skipped = Some(Skipped {
                depth,
                start: range.start,
                role,
            });
        }
    }

    fn take_skipped(&mut self, range: Range<usize>, role: SkipRole) {
        match role {
            SkipRole::ParagraphProperties => self.properties = Some(range),
            SkipRole::RunProperties => {
                if let Some(run) = self.runs.last_mut() {
                    run.properties = Some(range);
                }
            }
            SkipRole::ElementProperties => self.extend_open(range.end),
            SkipRole::Code | SkipRole::Instruction => self.push_alone(range),
            SkipRole::Field(character) => {
                self.push_alone(range);
                match character {
                    FieldCharacter::Begin => self.fields.push(Field {
                        first: self.pieces.len() - 1,
                        instruction: String::new(),
                        result: None,
                    }),
                    FieldCharacter::Separate => self.separate_field(),
                    FieldCharacter::End => self.end_field(),
                    FieldCharacter::Other => {}
                }
            }
        }
    }

    fn push_alone(&mut self, range: Range<usize>) {
        let number = self.number();
        let kind = PieceKind::Code(CodeKind::Alone, number);
        if self.in_run {
            self.push_in_run(kind, range);
        } else {
            self.push(kind, range, Place::Paragraph);
        }
    }

    /// Lets the start tag before it reach up to byte `end`.
    fn extend_open(&mut self, end: usize) {
        if let Some(piece) = self.pieces.last_mut()
            && matches!(piece.kind, PieceKind::Code(CodeKind::Open, _))
        {
            piece.source.end = end;
        }
    }

    fn end(&mut self, text: &str, word: Option<&str>, range: Range<usize>, depth: usize) {
        if let Some(skipped) = &self.skipped {
            if skipped.depth == depth {
                let (start, role) = (skipped.start, skipped.role);
                self.skipped = None;
                self.take_skipped(start..range.end, role);
            }
            return;
        }
        if self.in_text {
            self.in_text = false;
            return;
        }
        if self.in_run {
            self.in_run = false;
            if let Some(run) = self.runs.last_mut() {
                run.range.end = range.end;
                if let Some(properties) = &run.properties {
                    run.key = format_key(text, properties.clone());
                }
            }
            return;
        }
        if word == Some("sdtContent") {
            if let Some(&(_, number)) = self.open.last() {
                self.push(
                    PieceKind::Code(CodeKind::Close, number),
                    range,
                    Place::Paragraph,
                );
            }
        } else if let Some(&(at, number)) = self.open.last()
            && at == depth
        {
            self.open.pop();
            let close = PieceKind::Code(CodeKind::Close, number);
            match self.pieces.last_mut() {
                // `</w:sdtContent></w:sdt>` is one code.
                Some(piece) if piece.kind == close => piece.source.end = range.end,
                _ => self.push(close, range, Place::Paragraph),
            }
        }
    }
}
