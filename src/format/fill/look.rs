//! Runs of Office documents: text with one look. Runs that look alike are joined, and what looks different from most of
//! its segment stands between two codes.
//!
//! Worked example: of `The old `, **`town`** and ` is here` the most is plain, so that the segment is `The old [1town1] is
//! here`, written with the format of the first run but for what stands in the codes.

use std::ops::Range;

use quick_xml::events::Event;

use super::inline::{Piece, PieceKind};
use crate::coded::CodeKind;
use crate::format::xml::{Tokens, local, remove_attribute};

/// Where a piece of a paragraph stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Beside the runs.
    Paragraph,
    /// In that run.
    Run(usize),
    /// Begins or ends text with the format of that run; no bytes stand for it at byte `at`.
    Format { run: usize, at: usize },
    /// In several runs: a field.
    Several(Vec<RunPiece>),
}

pub(super) type RunPiece = Piece<Place>;

/// A run: text with one format.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) range: Range<usize>,
    pub(super) tag: Range<usize>,
    pub(super) properties: Option<Range<usize>>,
    /// Equal for runs that look alike.
    pub(super) key: String,
}

/// What stands for the segment itself among its pairs.
pub(super) const WHOLE: u32 = 0;

/// Puts codes around text that looks different from most of the pair that it stands in, or of the segment; and the run
/// that gives each of them its format.
pub(super) fn with_formats(
    text: &str,
    pieces: &[RunPiece],
    runs: &[Run],
) -> (Vec<RunPiece>, Vec<(u32, usize)>) {
    // The pair that each piece stands in.
    let mut open = vec![WHOLE];
    let mut homes = Vec::with_capacity(pieces.len());
    for piece in pieces {
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
    let run_of = |piece: &RunPiece| match (&piece.place, piece.text(text)) {
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
    let mut out: Vec<RunPiece> = Vec::with_capacity(pieces.len());
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

/// An element inside properties.
pub(super) struct Child<'t> {
    pub(super) name: &'t str,
    pub(super) range: Range<usize>,
}

/// The elements directly inside the element at `range`.
pub(super) fn children(text: &str, range: Range<usize>) -> Vec<Child<'_>> {
    let mut tokens = Tokens::new(text, range.start);
    let mut out: Vec<Child<'_>> = Vec::new();
    let mut depth = 0_usize;
    while let Ok((event, at)) = tokens.next() {
        let is_child = depth == 1;
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let is_empty = matches!(event, Event::Empty(_));
                depth += usize::from(!is_empty);
                if is_child {
                    let name = at.start + 1..at.start + 1 + tag.name().as_ref().len();
                    out.push(Child {
                        name: local(&text[name]),
                        range: at.clone(),
                    });
                }
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if depth == 1
                    && let Some(child) = out.last_mut()
                {
                    child.range.end = at.end;
                }
            }
            Event::Eof => break,
            _ => {}
        }
        if depth == 0 || at.end >= range.end {
            break;
        }
    }
    out
}

/// What tells runs apart that look different: their properties but for those of language and direction, which follow
/// the script.
pub(super) fn format_key(text: &str, properties: Range<usize>) -> String {
    let mut key = String::new();
    for child in children(text, properties) {
        match child.name {
            "lang" | "noProof" | "rtl" | "cs" | "bCs" | "iCs" | "szCs" | "rPrChange" | "ins"
            | "del" => {}
            "rFonts" => {
                let mut fonts = text[child.range].to_owned();
                let hint = attribute_names(&fonts)
                    .find(|name| local(name) == "hint")
                    .map(str::to_owned);
                if let Some(hint) = hint {
                    remove_attribute(&mut fonts, &hint);
                }
                if attribute_names(&fonts).next().is_some() {
                    key.push_str(&fonts);
                }
            }
            _ => key.push_str(&text[child.range]),
        }
    }
    key
}

/// The names of the attributes of a tag.
fn attribute_names(tag: &str) -> impl Iterator<Item = &str> {
    tag.split('=')
        .filter_map(|piece| {
            let name = piece.rsplit(|c: char| c.is_ascii_whitespace()).next()?;
            piece.contains(char::is_whitespace).then_some(name)
        })
        .take(tag.matches('=').count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_that_differ_in_script_alone_look_alike() {
        let key = |properties: &str| format_key(properties, 0..properties.len());
        let plain = key("<w:rPr><w:b/><w:sz w:val=\"24\"/></w:rPr>");
        for same in [
            "<w:rPr><w:rFonts w:hint=\"cs\"/><w:b/><w:bCs/><w:sz w:val=\"24\"/><w:rtl/><w:lang w:bidi=\"ar\"/></w:rPr>",
            "<w:rPr><w:b/><w:noProof/><w:sz w:val=\"24\"/></w:rPr>",
        ] {
            assert_eq!(key(same), plain, "{same}");
        }
        assert_ne!(key("<w:rPr><w:b/></w:rPr>"), plain);
        assert_ne!(
            key("<w:rPr><w:rFonts w:ascii=\"x\" w:hint=\"cs\"/></w:rPr>"),
            key("<w:rPr/>")
        );
    }
}
