//! Complex fields: what stands between two `w:fldChar` of a paragraph, over as many runs as it likes.
//!
//! `begin`, the instruction, `separate`, the result, `end`. The result of a link or of a line of a table of contents is
//! text of the document, in a pair of codes; any other field is one code with its result, which a program will compute
//! again. A field that crosses another element is left in pieces.

use super::scan::Paragraph;
use crate::coded::CodeKind;
use crate::format::fill::inline::{Piece, PieceKind};
use crate::format::fill::look::{Place, RunPiece};

/// A field that has begun.
#[derive(Debug)]
pub(super) struct Field {
    /// Its first piece.
    pub(super) first: usize,
    /// What it says, such as `PAGE`.
    pub(super) instruction: String,
    /// Its first piece behind the separator.
    pub(super) result: Option<usize>,
}

impl Paragraph {
    /// Lets the result of the innermost field begin.
    pub(super) fn separate_field(&mut self) {
        let behind = self.pieces.len();
        if let Some(field) = self.fields.last_mut() {
            field.result = Some(behind);
        }
    }

    /// Makes the pieces of a field one code, or a pair around its result where this is text of the document.
    pub(super) fn end_field(&mut self) {
        let Some(field) = self.fields.pop() else {
            return;
        };
        let instruction = field.instruction.trim_start().to_ascii_uppercase();
        let has_text = ["HYPERLINK", "TOC"]
            .iter()
            .any(|name| instruction.starts_with(name));
        let is_whole = |pieces: &[RunPiece]| {
            pieces
                .iter()
                .all(|piece| !matches!(piece.place, Place::Paragraph))
                || balanced(pieces)
        };
        match field.result.filter(|_| has_text) {
            Some(result) => {
                let end = self.pieces.pop();
                let head: Vec<_> = self
                    .pieces
                    .drain(field.first..result.min(self.pieces.len()))
                    .collect();
                if !is_whole(&head) || !balanced(&self.pieces[field.first..]) {
                    // It crosses another element; left in pieces.
                    self.pieces.splice(field.first..field.first, head);
                    self.pieces.extend(end);
                    return;
                }
                let number = self.number();
                let open = several(head, PieceKind::Code(CodeKind::Open, number));
                self.pieces.splice(field.first..field.first, open);
                self.pieces.extend(end.map(|end| Piece {
                    kind: PieceKind::Code(CodeKind::Close, number),
                    ..end
                }));
            }
            None if is_whole(&self.pieces[field.first..]) => {
                let all: Vec<_> = self.pieces.drain(field.first..).collect();
                let number = self.number();
                self.pieces
                    .extend(several(all, PieceKind::Code(CodeKind::Alone, number)));
            }
            None => {}
        }
    }
}

/// Whether each pair that begins among `pieces` ends there, and the other way round.
fn balanced(pieces: &[RunPiece]) -> bool {
    let mut open = Vec::new();
    pieces.iter().all(|piece| match piece.kind {
        PieceKind::Code(CodeKind::Open, number) => {
            open.push(number);
            true
        }
        PieceKind::Code(CodeKind::Close, number) => open.pop() == Some(number),
        _ => true,
    }) && open.is_empty()
}

/// Pieces as one.
fn several(pieces: Vec<RunPiece>, kind: PieceKind) -> Option<RunPiece> {
    let source = pieces.first()?.source.start..pieces.last()?.source.end;
    Some(Piece {
        kind,
        source,
        place: Place::Several(pieces),
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldCharacter {
    Begin,
    Separate,
    End,
    Other,
}

pub(super) fn field_character(tag: &str) -> FieldCharacter {
    let is =
        |value: &str| tag.contains(&format!("\"{value}\"")) || tag.contains(&format!("'{value}'"));
    if is("begin") {
        FieldCharacter::Begin
    } else if is("separate") {
        FieldCharacter::Separate
    } else if is("end") {
        FieldCharacter::End
    } else {
        FieldCharacter::Other
    }
}
