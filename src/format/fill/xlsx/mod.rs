//! XLSX: SpreadsheetML (ECMA-376) in a zip file.
//!
//! The texts of cells, shared and inline, in the columns that [`OpenOptions::columns`] names, or in all. A cell is a
//! segment and is not cut into sentences. A text that several cells share is one slot, where the first of them stands.
//!
//! - A column is named by its letters or by what its first row says. Where it is named by its first row, this row's cell
//!   is left alone.
//! - Formulas and their results, numbers, dates, comments, charts and names of sheets are left alone, and so are the
//!   first rows of tables, since formulas may name columns by them.
//! - Parts of a text that look different from most of it stand between codes; phonetic guides are kept where they are
//!   until the text is filled.
//! - A shared text that is filled for some of its cells and used by others too is kept for these; the translation is
//!   put behind the last shared text.
//! - Sheets in which something is filled read from right to left where the target is Arabic (`rightToLeft`), and from
//!   left to right where it is English.
//!
//! Not kept: phonetic guides of what is filled. Escapes such as `_x000D_` are text. Limits: as for
//! [DOCX](super::docx). Written by splicing: what isn't changed stays as it is, down to the compressed bytes of parts.

mod scan;
#[cfg(test)]
mod tests;
mod write;

use std::collections::HashMap;
use std::io::Write;
use std::ops::Range;

use super::inline::{self, Built, PieceKind, Spaces};
use super::look::{RunPiece, with_formats};
use super::{FillOptions, FillableFile, Filling, Languages, OpenOptions, Slot};
use crate::diagnostic::{Diagnostic, Severity};
use crate::format::FormatError;
use crate::format::opc::{Package, Relation};
use scan::{Cell, CellText, Item, Sheet};

/// Ends of the content types of workbooks.
const WORKBOOKS: [&str; 4] = [
    "spreadsheetml.sheet.main+xml",
    "ms-excel.sheet.macroEnabled.main+xml",
    "spreadsheetml.template.main+xml",
    "ms-excel.template.macroEnabled.main+xml",
];

/// Reads XLSX.
///
/// # Errors
/// [`FormatError::Container`] where it is no zip file with a workbook; [`FormatError::Part`] where a sheet or the shared
/// texts are damaged, too large or not well-formed; [`FormatError::NoColumn`] where no sheet has a column that is named.
pub fn open(
    bytes: Vec<u8>,
    name: &str,
    options: &OpenOptions,
    report: &mut dyn FnMut(Diagnostic),
) -> Result<Box<dyn FillableFile>, FormatError> {
    let mut file = read_workbook(bytes, name)?;
    file.choose(name, &options.columns, report)?;
    Ok(Box::new(file))
}

/// Reads the sheets, without making slots of their cells.
fn read_workbook(bytes: Vec<u8>, name: &str) -> Result<Xlsx, FormatError> {
    let package = Package::open(bytes, name)?;
    let workbook = WORKBOOKS
        .iter()
        .find_map(|end| package.parts_of_type(end).next());
    let Some(workbook) = workbook.map(str::to_owned) else {
        return Err(FormatError::Container {
            name: name.to_owned(),
            message: "it holds no workbook".to_owned(),
        });
    };
    let relations = package.relations(&workbook)?;
    let shared_part = of_kind(&relations, "/sharedStrings")
        .next()
        .map(|r| r.part.clone());
    let shared = match shared_part {
        Some(part) => {
            let text = package.text(&part)?;
            let scanned = scan::shared(&text).map_err(|m| package.ill_formed(&part, &text, &m))?;
            Some(Shared {
                part,
                text,
                items: scanned.items,
                root: scanned.root,
                end: scanned.end,
            })
        }
        None => None,
    };
    let mut sheets = Vec::new();
    let workbook_text = package.text(&workbook)?;
    let named = scan::sheet_names(&workbook_text)
        .map_err(|m| package.ill_formed(&workbook, &workbook_text, &m))?;
    for (title, id) in named {
        let part = of_kind(&relations, "/worksheet").find(|relation| relation.id == id);
        if let Some(part) = part.map(|relation| relation.part.clone()) {
            sheets.push(read_sheet(&package, part, title)?);
        }
    }
    Ok(Xlsx {
        package,
        shared,
        sheets,
        slots: Vec::new(),
        places: Vec::new(),
    })
}

/// The texts of a sheet's cells.
pub(in crate::format) struct SheetText {
    pub(in crate::format) title: String,
    /// By rows, and by columns in each.
    pub(in crate::format) cells: Vec<TextCell>,
}

/// A cell with text; both numbers are from 1.
pub(in crate::format) struct TextCell {
    pub(in crate::format) row: u32,
    pub(in crate::format) column: u32,
    pub(in crate::format) text: String,
}

/// The texts of a workbook's sheets, in their order.
///
/// # Errors
/// As [`open`].
pub(in crate::format) fn sheet_texts(
    bytes: Vec<u8>,
    name: &str,
) -> Result<Vec<SheetText>, FormatError> {
    let file = read_workbook(bytes, name)?;
    let sheets = file.sheets.iter().map(|sheet| {
        let cells = sheet.sheet.cells.iter().map(|cell| TextCell {
            row: cell.row,
            column: cell.column,
            text: file.plain_text(sheet, cell),
        });
        let mut cells: Vec<_> = cells.collect();
        cells.retain(|cell| !cell.text.trim().is_empty());
        cells.sort_by_key(|cell| (cell.row, cell.column));
        SheetText {
            title: sheet.title.clone(),
            cells,
        }
    });
    Ok(sheets.collect())
}

fn of_kind<'r>(relations: &'r [Relation], end: &str) -> impl Iterator<Item = &'r Relation> {
    let end = end.to_owned();
    relations
        .iter()
        .filter(move |relation| relation.kind.ends_with(&end))
}

fn read_sheet(package: &Package, part: String, title: String) -> Result<SheetPart, FormatError> {
    let text = package.text(&part)?;
    let sheet = scan::sheet(&text).map_err(|m| package.ill_formed(&part, &text, &m))?;
    let mut heads = Vec::new();
    for relation in of_kind(&package.relations(&part)?, "/table") {
        let table = package.text(&relation.part)?;
        heads.extend(
            scan::table_head(&table).map_err(|m| package.ill_formed(&relation.part, &table, &m))?,
        );
    }
    Ok(SheetPart {
        part,
        title,
        text,
        sheet,
        heads,
    })
}

/// The part of shared texts.
struct Shared {
    part: String,
    text: String,
    items: Vec<Item>,
    /// Its root's start tag.
    root: Range<usize>,
    /// Where its root's end tag begins.
    end: usize,
}

struct SheetPart {
    part: String,
    title: String,
    text: String,
    sheet: Sheet,
    /// The first rows of tables: row and columns.
    heads: Vec<(u32, Range<u32>)>,
}

impl SheetPart {
    fn is_head(&self, cell: &Cell) -> bool {
        self.heads
            .iter()
            .any(|(row, columns)| *row == cell.row && columns.contains(&cell.column))
    }
}

/// Where a slot stands.
struct Place {
    /// Sheet and cell; all that share the text.
    cells: Vec<(usize, usize)>,
    text: PlaceText,
    /// The text before and behind the segment, which is white space.
    edges: [String; 2],
    pieces: Vec<RunPiece>,
    built: Built,
    formats: Vec<(u32, usize)>,
}

/// The text of `all` pieces before and behind those of the segment.
fn edges(text: &str, all: &[RunPiece], segment: &[RunPiece]) -> [String; 2] {
    let (Some(first), Some(last)) = (segment.first(), segment.last()) else {
        return Default::default();
    };
    let inside = first.source.start..last.source.end;
    let mut edges = [String::new(), String::new()];
    for piece in all {
        let Range { start, end } = piece.source.clone();
        if start < inside.start {
            edges[0].push_str(match piece.kind {
                PieceKind::Literal => &text[start..end.min(inside.start)],
                _ => piece.text(text).unwrap_or_default(),
            });
        }
        if end > inside.end {
            edges[1].push_str(match piece.kind {
                PieceKind::Literal => &text[start.max(inside.end)..end],
                _ => piece.text(text).unwrap_or_default(),
            });
        }
    }
    edges
}

#[derive(Clone, Copy)]
enum PlaceText {
    /// A shared text, and whether other cells use it too.
    Shared {
        item: usize,
        is_split: bool,
    },
    Inline,
}

struct Xlsx {
    package: Package,
    shared: Option<Shared>,
    sheets: Vec<SheetPart>,
    slots: Vec<Slot>,
    /// One for each slot.
    places: Vec<Place>,
}

impl FillableFile for Xlsx {
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
        let changed = write::parts(self, fillings, options.target);
        self.package.write(&changed, out)
    }
}

impl Xlsx {
    /// Makes slots of the cells in the named columns.
    fn choose(
        &mut self,
        name: &str,
        columns: &[String],
        report: &mut dyn FnMut(Diagnostic),
    ) -> Result<(), FormatError> {
        let mut found = vec![false; columns.len()];
        let chosen: Vec<Vec<usize>> = self
            .sheets
            .iter()
            .map(|sheet| self.chosen_cells(sheet, columns, &mut found))
            .collect();
        if let Some(missing) = found.iter().position(|found| !found) {
            return Err(FormatError::NoColumn {
                name: name.to_owned(),
                column: columns[missing].clone(),
            });
        }
        let mut uses: HashMap<usize, usize> = HashMap::new();
        for cell in self.sheets.iter().flat_map(|sheet| &sheet.sheet.cells) {
            if let CellText::Shared { item, .. } = cell.text {
                *uses.entry(item).or_default() += 1;
            }
        }
        let mut of_item: HashMap<usize, usize> = HashMap::new();
        for (number, cells) in chosen.into_iter().enumerate() {
            for index in cells {
                let cell = &self.sheets[number].sheet.cells[index];
                let item = match cell.text {
                    CellText::Shared { item, .. } => Some(item),
                    CellText::Inline(_) => None,
                };
                if let Some(&place) = item.and_then(|item| of_item.get(&item)) {
                    self.places[place].cells.push((number, index));
                    continue;
                }
                let key = format!("{}!{}", self.sheets[number].title, cell.reference());
                let Some((mut place, slot)) = self.place(number, index, &key, report) else {
                    continue;
                };
                if let Some(item) = item {
                    of_item.insert(item, self.places.len());
                }
                place.cells.push((number, index));
                self.slots.push(Slot {
                    paragraph: self.slots.len(),
                    ..slot
                });
                self.places.push(place);
            }
        }
        for place in &mut self.places {
            if let PlaceText::Shared { item, is_split } = &mut place.text {
                *is_split = uses.get(item).is_some_and(|uses| *uses > place.cells.len());
            }
        }
        Ok(())
    }

    /// The cells of a sheet that are to be translated, as places in its list.
    fn chosen_cells(
        &self,
        sheet: &SheetPart,
        columns: &[String],
        found: &mut [bool],
    ) -> Vec<usize> {
        let cells = &sheet.sheet.cells;
        let first_row = sheet.sheet.first_row;
        let mut by_letter = Vec::new();
        let mut by_head = Vec::new();
        for (column, found) in columns.iter().zip(found) {
            let head = cells.iter().find(|cell| {
                cell.row == first_row
                    && self
                        .plain_text(sheet, cell)
                        .trim()
                        .eq_ignore_ascii_case(column.trim())
            });
            if let Some(head) = head {
                by_head.push(head.column);
                *found = true;
            } else if let Some(letter) = scan::column_of_letters(column.trim()) {
                by_letter.push(letter);
                *found = true;
            }
        }
        let is_chosen = |cell: &Cell| {
            !sheet.is_head(cell)
                && (columns.is_empty()
                    || by_letter.contains(&cell.column)
                    || (by_head.contains(&cell.column) && cell.row != first_row))
        };
        (0..cells.len())
            .filter(|index| is_chosen(&cells[*index]))
            .collect()
    }

    fn plain_text(&self, sheet: &SheetPart, cell: &Cell) -> String {
        let Some((text, item)) = self.item(sheet, cell) else {
            return String::new();
        };
        item.pieces
            .iter()
            .filter_map(|piece| piece.text(text))
            .collect()
    }

    /// The text of a cell, and the text of the part that it stands in.
    fn item<'f>(&'f self, sheet: &'f SheetPart, cell: &'f Cell) -> Option<(&'f str, &'f Item)> {
        match &cell.text {
            CellText::Inline(item) => Some((&sheet.text, item)),
            CellText::Shared { item, .. } => {
                let shared = self.shared.as_ref()?;
                Some((&shared.text, shared.items.get(*item)?))
            }
        }
    }

    /// The slot of a cell; `None` where nothing can be seen in it.
    fn place(
        &self,
        sheet: usize,
        cell: usize,
        key: &str,
        report: &mut dyn FnMut(Diagnostic),
    ) -> Option<(Place, Slot)> {
        let sheet = &self.sheets[sheet];
        let cell = &sheet.sheet.cells[cell];
        let Some((text, item)) = self.item(sheet, cell) else {
            report(Diagnostic {
                severity: Severity::Warning,
                location: None,
                message: format!("{key}: there is no shared text of that number; left alone"),
            });
            return None;
        };
        let size: usize = item.pieces.iter().map(|piece| piece.source.len()).sum();
        if size > inline::PARAGRAPH_LIMIT {
            report(Diagnostic {
                severity: Severity::Warning,
                location: None,
                message: format!("{key}: {}", inline::too_long(size)),
            });
            return None;
        }
        let pieces = inline::cut(text, &item.pieces, None).pop()?;
        let edges = edges(text, &item.pieces, &pieces);
        let (pieces, formats) = with_formats(text, &pieces, &item.runs);
        let built = inline::build(text, &pieces, Spaces::Keep);
        let slot = Slot {
            source: built.coded.clone(),
            key: Some(key.to_owned()),
            ..Slot::default()
        };
        let place = Place {
            cells: Vec::new(),
            text: match cell.text {
                CellText::Shared { item, .. } => PlaceText::Shared {
                    item,
                    is_split: false,
                },
                CellText::Inline(_) => PlaceText::Inline,
            },
            edges,
            pieces,
            built,
            formats,
        };
        Some((place, slot))
    }
}
