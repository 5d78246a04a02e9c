//! From the XML of a workbook's parts to texts and cells.

use std::ops::Range;

use quick_xml::events::Event;

use crate::format::fill::inline::{Piece, PieceKind};
use crate::format::fill::look::{Place, Run, RunPiece, format_key};
use crate::format::opc::Elements;
use crate::format::xml::{Mistake, for_each_attribute, local, push_text};

/// A text: of a cell, or shared by several.
#[derive(Debug)]
pub(super) struct Item {
    /// What its element holds.
    pub(super) inner: Range<usize>,
    pub(super) runs: Vec<Run>,
    pub(super) pieces: Vec<RunPiece>,
}

/// The shared texts.
#[derive(Debug, Default)]
pub(super) struct SharedTexts {
    pub(super) items: Vec<Item>,
    pub(super) root: Range<usize>,
    pub(super) end: usize,
}

/// A cell with text.
#[derive(Debug)]
pub(super) struct Cell {
    /// From 1.
    pub(super) row: u32,
    /// From 1.
    pub(super) column: u32,
    pub(super) text: CellText,
}

#[derive(Debug)]
pub(super) enum CellText {
    /// A shared text by its place, and where the cell has this number.
    Shared {
        item: usize,
        number: Range<usize>,
    },
    Inline(Item),
}

impl Cell {
    /// Its name, such as `B2`.
    pub(super) fn reference(&self) -> String {
        let (mut letters, mut column) = (Vec::new(), self.column);
        while column > 0 {
            letters.push(b'A' + ((column - 1) % 26) as u8);
            column = (column - 1) / 26;
        }
        letters.reverse();
        format!("{}{}", String::from_utf8_lossy(&letters), self.row)
    }
}

/// The cells of a sheet.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) cells: Vec<Cell>,
    /// The first row that has a cell with text.
    pub(super) first_row: u32,
    /// The start tags of its views.
    pub(super) views: Vec<Range<usize>>,
    /// Where views can be put in that are not there.
    pub(super) views_at: usize,
    /// The prefix of its elements with the colon.
    pub(super) prefix: String,
}

/// The number of a column from its letters, at most `XFD`.
pub(super) fn column_of_letters(letters: &str) -> Option<u32> {
    let is_name =
        (1..=3).contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_alphabetic());
    let number = |sum: u32, b: u8| sum * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1;
    let column = is_name.then(|| letters.bytes().fold(0, number))?;
    (column <= 16_384).then_some(column)
}

/// Column and row of a name such as `B2`.
fn place_of_reference(reference: &str) -> Option<(u32, u32)> {
    let reference = reference.replace('$', "");
    let digits = reference.find(|c: char| c.is_ascii_digit())?;
    Some((
        column_of_letters(&reference[..digits])?,
        reference[digits..].parse().ok()?,
    ))
}

/// Gathers a text while its element is open.
struct ItemReader {
    depth: usize,
    item: Item,
    /// An element that is no text, such as a phonetic guide.
    skipped: Option<usize>,
    in_text: bool,
    /// The run's depth.
    run: Option<usize>,
    properties: Option<(usize, usize)>,
}

impl ItemReader {
    fn new(depth: usize, start: usize) -> Self {
        Self {
            depth,
            item: Item {
                inner: start..start,
                runs: Vec::new(),
                pieces: Vec::new(),
            },
            skipped: None,
            in_text: false,
            run: None,
            properties: None,
        }
    }

    fn begin_run(&mut self, range: &Range<usize>) {
        self.item.runs.push(Run {
            range: range.clone(),
            tag: range.clone(),
            properties: None,
            key: String::new(),
        });
    }

    /// `depth`: how many elements hold the one at hand.
    fn start(&mut self, name: &str, range: &Range<usize>, depth: usize, is_empty: bool) {
        if self.skipped.is_some() || self.properties.is_some() {
            return;
        }
        match name {
            "r" if self.run.is_none() && !is_empty => {
                self.run = Some(depth);
                self.begin_run(range);
            }
            "t" => {
                if self.run.is_none() {
                    self.begin_run(range);
                }
                self.in_text = !is_empty;
            }
            "rPr" if self.run.is_some() => {
                if is_empty {
                    self.take_properties(range.clone());
                } else {
                    self.properties = Some((depth, range.start));
                }
            }
            _ if !is_empty => self.skipped = Some(depth),
            _ => {}
        }
    }

    fn take_properties(&mut self, range: Range<usize>) {
        if let Some(run) = self.item.runs.last_mut() {
            run.properties = Some(range);
        }
    }

    fn end(&mut self, text: &str, range: &Range<usize>, depth: usize) {
        if let Some(skipped) = self.skipped {
            if skipped == depth {
                self.skipped = None;
            }
        } else if let Some((at, start)) = self.properties {
            if at == depth {
                self.properties = None;
                self.take_properties(start..range.end);
                if let Some(run) = self.item.runs.last_mut() {
                    run.key = format_key(text, start..range.end);
                }
            }
        } else if self.in_text {
            self.in_text = false;
        } else if self.run == Some(depth) {
            self.run = None;
            if let Some(run) = self.item.runs.last_mut() {
                run.range.end = range.end;
            }
        }
    }

    fn text(&mut self, text: &str, event: &Event<'_>, range: Range<usize>) -> Result<(), String> {
        if !self.in_text {
            return Ok(());
        }
        let written = text_of(event)?;
        let kind = if text[range.clone()] == written {
            PieceKind::Literal
        } else {
            PieceKind::Written(written)
        };
        self.item.pieces.push(Piece {
            kind,
            source: range,
            place: Place::Run(self.item.runs.len() - 1),
        });
        Ok(())
    }
}

fn text_of(event: &Event<'_>) -> Result<String, String> {
    let (mut text, mut mends) = (String::new(), Vec::new());
    push_text(event, &mut text, &mut mends)?;
    match mends.first() {
        Some(mend) => Err(mend.to_string()),
        None => Ok(text),
    }
}

/// What a reader of a part does with an element.
trait Visitor<'t> {
    fn start(&mut self, tag: &Tag<'_, 't>) -> Result<(), String>;
    fn end(&mut self, _name: &str, _range: &Range<usize>, _depth: usize) -> Result<(), String> {
        Ok(())
    }
    fn text(&mut self, _event: &Event<'_>, _range: Range<usize>) -> Result<(), String> {
        Ok(())
    }
}

struct Tag<'e, 't> {
    /// Without its prefix.
    name: &'t str,
    prefix: &'t str,
    range: Range<usize>,
    /// How many elements hold it.
    depth: usize,
    is_empty: bool,
    event: &'e quick_xml::events::BytesStart<'t>,
}

fn visit<'t>(text: &'t str, visitor: &mut impl Visitor<'t>) -> Result<(), Mistake> {
    let mut elements = Elements::new(text);
    loop {
        let (event, range) = elements.next()?;
        let offset = range.start;
        let done = match &event {
            Event::Eof => return Ok(()),
            Event::Start(tag) | Event::Empty(tag) => {
                let is_empty = matches!(event, Event::Empty(_));
                let written = &text[range.start + 1..range.start + 1 + tag.name().as_ref().len()];
                let name = local(written);
                visitor.start(&Tag {
                    name,
                    prefix: &written[..written.len() - name.len()],
                    range,
                    depth: elements.depth() - usize::from(!is_empty),
                    is_empty,
                    event: tag,
                })
            }
            Event::End(tag) => visitor.end(local(tag.name().as_ref()), &range, elements.depth()),
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => visitor.text(&event, range),
            _ => Ok(()),
        };
        done.map_err(|message| Mistake { offset, message })?;
    }
}

/// Reads the part of shared texts.
pub(super) fn shared(text: &str) -> Result<SharedTexts, Mistake> {
    struct Reader<'t> {
        text: &'t str,
        out: SharedTexts,
        item: Option<ItemReader>,
    }
    impl<'t> Visitor<'t> for Reader<'t> {
        fn start(&mut self, tag: &Tag<'_, 't>) -> Result<(), String> {
            if let Some(item) = &mut self.item {
                item.start(tag.name, &tag.range, tag.depth, tag.is_empty);
            } else if tag.depth == 0 {
                self.out.root = tag.range.clone();
                self.out.end = tag.range.end;
            } else if tag.name == "si" {
                let item = ItemReader::new(tag.depth, tag.range.end);
                if tag.is_empty {
                    self.out.items.push(item.item);
                } else {
                    self.item = Some(item);
                }
            }
            Ok(())
        }

        fn end(&mut self, _: &str, range: &Range<usize>, depth: usize) -> Result<(), String> {
            if let Some(item) = self.item.take_if(|item| item.depth == depth) {
                let mut item = item.item;
                item.inner.end = range.start;
                self.out.items.push(item);
            } else if let Some(item) = &mut self.item {
                item.end(self.text, range, depth);
            } else if depth == 0 {
                self.out.end = range.start;
            }
            Ok(())
        }

        fn text(&mut self, event: &Event<'_>, range: Range<usize>) -> Result<(), String> {
            match &mut self.item {
                Some(item) => item.text(self.text, event, range),
                None => Ok(()),
            }
        }
    }
    let mut reader = Reader {
        text,
        out: SharedTexts::default(),
        item: None,
    };
    visit(text, &mut reader)?;
    if reader.out.root.is_empty() {
        let message = "it has no element".to_owned();
        return Err(Mistake { offset: 0, message });
    }
    Ok(reader.out)
}

/// The titles of a workbook's sheets in order, each with the number of its relation.
pub(super) fn sheet_names(text: &str) -> Result<Vec<(String, String)>, Mistake> {
    struct Reader(Vec<(String, String)>);
    impl<'t> Visitor<'t> for Reader {
        fn start(&mut self, tag: &Tag<'_, 't>) -> Result<(), String> {
            if tag.name != "sheet" {
                return Ok(());
            }
            let (mut title, mut id) = (String::new(), String::new());
            for_each_attribute(tag.event, |name, value| match local(name) {
                "name" => value.clone_into(&mut title),
                "id" => value.clone_into(&mut id),
                _ => {}
            })?;
            self.0.push((title, id));
            Ok(())
        }
    }
    let mut reader = Reader(Vec::new());
    visit(text, &mut reader)?;
    Ok(reader.0)
}

/// The first row of a table, where it has one: row, and columns.
pub(super) fn table_head(text: &str) -> Result<Option<(u32, Range<u32>)>, Mistake> {
    struct Reader(Option<(u32, Range<u32>)>);
    impl<'t> Visitor<'t> for Reader {
        fn start(&mut self, tag: &Tag<'_, 't>) -> Result<(), String> {
            if tag.depth > 0 {
                return Ok(());
            }
            let (mut area, mut has_head) = (String::new(), true);
            for_each_attribute(tag.event, |name, value| match name {
                "ref" => value.clone_into(&mut area),
                "headerRowCount" => has_head = value != "0",
                _ => {}
            })?;
            let (first, last) = area.split_once(':').unwrap_or((&area, &area));
            if let (Some(first), Some(last)) = (place_of_reference(first), place_of_reference(last))
                && has_head
            {
                self.0 = Some((first.1, first.0..last.0.saturating_add(1)));
            }
            Ok(())
        }
    }
    let mut reader = Reader(None);
    visit(text, &mut reader)?;
    Ok(reader.0)
}

/// The cells with text of a sheet.
pub(super) fn sheet(text: &str) -> Result<Sheet, Mistake> {
    let mut reader = SheetReader {
        text,
        out: Sheet::default(),
        row: 0,
        column: 0,
        cell: None,
    };
    visit(text, &mut reader)?;
    Ok(reader.out)
}

struct SheetReader<'t> {
    text: &'t str,
    out: Sheet,
    row: u32,
    column: u32,
    cell: Option<OpenCell>,
}

/// A cell with text, while it is open.
struct OpenCell {
    depth: usize,
    is_shared: bool,
    /// Where its number stands.
    number: Option<Range<usize>>,
    in_number: bool,
    item: Option<ItemReader>,
    read: Option<Item>,
}

impl SheetReader<'_> {
    fn start_cell(&mut self, tag: &Tag<'_, '_>) -> Result<(), String> {
        let (mut kind, mut reference) = (String::new(), String::new());
        for_each_attribute(tag.event, |name, value| match name {
            "t" => value.clone_into(&mut kind),
            "r" => value.clone_into(&mut reference),
            _ => {}
        })?;
        self.column = place_of_reference(&reference)
            .map_or(self.column.saturating_add(1), |(column, _)| column);
        let is_shared = kind == "s";
        if !tag.is_empty && (is_shared || kind == "inlineStr") {
            self.cell = Some(OpenCell {
                depth: tag.depth,
                is_shared,
                number: None,
                in_number: false,
                item: None,
                read: None,
            });
        }
        Ok(())
    }

    fn take_cell(&mut self, cell: OpenCell) {
        let text = if cell.is_shared {
            cell.number.and_then(|range| {
                let item = self.text[range.clone()].trim().parse().ok()?;
                Some(CellText::Shared {
                    item,
                    number: range,
                })
            })
        } else {
            cell.read.map(CellText::Inline)
        };
        if let Some(text) = text {
            if self.out.cells.is_empty() {
                self.out.first_row = self.row;
            }
            self.out.cells.push(Cell {
                row: self.row,
                column: self.column,
                text,
            });
        }
    }
}

impl<'t> Visitor<'t> for SheetReader<'t> {
    fn start(&mut self, tag: &Tag<'_, 't>) -> Result<(), String> {
        if let Some(cell) = &mut self.cell {
            if let Some(item) = &mut cell.item {
                item.start(tag.name, &tag.range, tag.depth, tag.is_empty);
            } else if tag.name == "v" && !tag.is_empty {
                cell.in_number = true;
                cell.number = Some(tag.range.end..tag.range.end);
            } else if tag.name == "is" && !tag.is_empty {
                cell.item = Some(ItemReader::new(tag.depth, tag.range.end));
            }
            return Ok(());
        }
        match tag.name {
            "worksheet" if tag.depth == 0 => {
                tag.prefix.clone_into(&mut self.out.prefix);
                self.out.views_at = tag.range.end;
            }
            "dimension" | "sheetPr" if tag.depth == 1 && tag.is_empty => {
                self.out.views_at = tag.range.end;
            }
            "sheetView" => self.out.views.push(tag.range.clone()),
            "row" => {
                let mut row = None;
                for_each_attribute(tag.event, |name, value| {
                    if name == "r" {
                        row = value.parse().ok();
                    }
                })?;
                self.row = row.unwrap_or(self.row.saturating_add(1));
                self.column = 0;
            }
            "c" => self.start_cell(tag)?,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str, range: &Range<usize>, depth: usize) -> Result<(), String> {
        if let Some(cell) = self.cell.take_if(|cell| cell.depth == depth) {
            self.take_cell(cell);
        } else if let Some(cell) = &mut self.cell {
            if let Some(mut item) = cell.item.take_if(|item| item.depth == depth) {
                item.item.inner.end = range.start;
                cell.read = Some(item.item);
            } else if let Some(item) = &mut cell.item {
                item.end(self.text, range, depth);
            } else if cell.in_number {
                cell.in_number = false;
                if let Some(number) = &mut cell.number {
                    number.end = range.start;
                }
            }
        } else if depth == 1 && matches!(name, "sheetPr" | "dimension") {
            self.out.views_at = range.end;
        }
        Ok(())
    }

    fn text(&mut self, event: &Event<'_>, range: Range<usize>) -> Result<(), String> {
        match self.cell.as_mut().and_then(|cell| cell.item.as_mut()) {
            Some(item) => item.text(self.text, event, range),
            None => Ok(()),
        }
    }
}
