//! Writes the XML of a part with its slots filled.

use std::ops::Range;

use super::properties::{Kind, Turn, directions};
use super::scan::{NO_BREAK_HYPHEN, Paragraph, SOFT_HYPHEN};
use super::{Part, Segment};
use crate::coded::{CodeKind, Coded};
use crate::format::fill::Filling;
use crate::format::fill::inline::{PieceKind, Step, settle};
use crate::format::fill::look::{Place, RunPiece, WHOLE};
use crate::format::fill::splice::Splices;
use crate::format::xml::push_escaped;

/// The text of a part with what is filled in it; `None` where nothing is.
pub(super) fn part(part: &Part, fillings: &[Filling], turn: Option<Turn>) -> Option<String> {
    let mut splices = Splices::new(&part.text);
    let mut turned_tables = vec![false; part.scanned.tables.len()];
    // Paragraphs in text boxes come before the ones that hold these.
    for (paragraph, segments) in part.scanned.paragraphs.iter().zip(&part.segments) {
        let filled: Vec<(&Segment, &Coded)> = segments
            .iter()
            .filter_map(|segment| Some((segment, fillings.get(segment.slot)?.target.as_ref()?)))
            .collect();
        if filled.is_empty() {
            continue;
        }
        let (range, written) = paragraph_text(part, paragraph, &filled, turn, &splices);
        splices.put(range, written);
        if let Some(turn) = turn {
            let properties = paragraph.properties.clone();
            turn.apply(
                &mut splices,
                &part.text,
                &part.scanned.prefix,
                Kind::Paragraph,
                properties,
                paragraph.tag.end,
            );
            let mut table = paragraph.table;
            while let Some(index) = table.filter(|index| !turned_tables[*index]) {
                turned_tables[index] = true;
                table = part.scanned.tables[index].parent;
            }
        }
    }
    if splices.is_empty() {
        return None;
    }
    if let Some(turn) = turn {
        let tables = part.scanned.tables.iter().zip(turned_tables);
        for (table, _) in tables.filter(|(_, is_turned)| *is_turned) {
            let properties = table.properties.clone();
            turn.apply(
                &mut splices,
                &part.text,
                &part.scanned.prefix,
                Kind::Table,
                properties,
                table.tag_end,
            );
        }
        for section in &part.scanned.sections {
            let range = Some(section.clone());
            turn.apply(
                &mut splices,
                &part.text,
                &part.scanned.prefix,
                Kind::Section,
                range,
                section.start,
            );
        }
    }
    let mut out = String::with_capacity(part.text.len() + part.text.len() / 4);
    splices.copy(0..part.text.len(), &mut out);
    Some(out)
}

/// What is replaced of a paragraph, from the first run that is filled to the last, and by what.
fn paragraph_text(
    part: &Part,
    paragraph: &Paragraph,
    filled: &[(&Segment, &Coded)],
    turn: Option<Turn>,
    splices: &Splices<'_>,
) -> (Range<usize>, String) {
    let first = filled
        .first()
        .and_then(|(segment, _)| segment.pieces.first());
    let last = filled.last().and_then(|(segment, _)| segment.pieces.last());
    let mut range = match (first, last) {
        (Some(first), Some(last)) => source_of(first).start..source_of(last).end,
        _ => return (paragraph.tag.end..paragraph.tag.end, String::new()),
    };
    // Runs and fields are replaced whole, and may reach over each other.
    loop {
        let before = range.clone();
        for piece in paragraph.pieces.iter().rev().chain(&paragraph.pieces) {
            if piece.source.start < range.end && piece.source.end > range.start {
                let outer = outer_range(piece, paragraph);
                range = range.start.min(outer.start)..range.end.max(outer.end);
            }
        }
        if range == before {
            break;
        }
    }
    let mut writer = Writer {
        part,
        paragraph,
        turn,
        splices,
        out: String::new(),
        run: None,
        in_text: false,
    };
    let mut at = range.start;
    for (segment, target) in filled {
        let (Some(first), Some(last)) = (segment.pieces.first(), segment.pieces.last()) else {
            continue;
        };
        writer.originals(at..source_of(first).start);
        writer.segment(segment, target);
        at = source_of(last).end;
    }
    writer.originals(at..range.end);
    writer.close_run();
    (range, writer.out)
}

/// Where a piece stands in the text.
fn source_of(piece: &RunPiece) -> Range<usize> {
    match piece.place {
        Place::Format { at, .. } => at..at,
        _ => piece.source.clone(),
    }
}

/// The bytes of the runs that a piece stands in.
fn outer_range(piece: &RunPiece, paragraph: &Paragraph) -> Range<usize> {
    match &piece.place {
        Place::Run(run) | Place::Format { run, .. } => paragraph.runs[*run].range.clone(),
        Place::Paragraph => piece.source.clone(),
        Place::Several(pieces) => match (pieces.first(), pieces.last()) {
            (Some(first), Some(last)) => {
                outer_range(first, paragraph).start..outer_range(last, paragraph).end
            }
            _ => piece.source.clone(),
        },
    }
}

struct Writer<'p> {
    part: &'p Part,
    paragraph: &'p Paragraph,
    turn: Option<Turn>,
    splices: &'p Splices<'p>,
    out: String,
    /// The run that is open: which one it looks like, and whether it was turned, and how.
    run: Option<(usize, Script)>,
    in_text: bool,
}

/// How the properties of a run are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    /// As they are.
    AsRead,
    RightToLeft,
    LeftToRight,
}

impl Writer<'_> {
    fn prefix(&self) -> &str {
        &self.part.scanned.prefix
    }

    fn close_text(&mut self) {
        if std::mem::take(&mut self.in_text) {
            let end = format!("</{}t>", self.prefix());
            self.out.push_str(&end);
        }
    }

    fn close_run(&mut self) {
        self.close_text();
        if self.run.take().is_some() {
            let end = format!("</{}r>", self.prefix());
            self.out.push_str(&end);
        }
    }

    fn in_run(&mut self, run: usize, script: Script) {
        if self.run == Some((run, script)) {
            return;
        }
        self.close_run();
        let original = &self.paragraph.runs[run];
        let text = &self.part.text;
        self.out.push_str(&text[original.tag.clone()]);
        let properties = original.properties.clone().map_or("", |range| &text[range]);
        match (script, self.turn) {
            (Script::AsRead, _) | (_, None) => self.out.push_str(properties),
            (_, Some(turn)) => {
                let is_rtl = script == Script::RightToLeft;
                let properties = turn.run_properties(properties, self.prefix(), is_rtl);
                self.out.push_str(&properties);
            }
        }
        self.run = Some((run, script));
    }

    fn in_text(&mut self) {
        if !self.in_text {
            let start = format!("<{}t xml:space=\"preserve\">", self.prefix());
            self.out.push_str(&start);
            self.in_text = true;
        }
    }

    /// Writes pieces of the paragraph that stand in `range` as they were.
    fn originals(&mut self, range: Range<usize>) {
        let pieces = &self.paragraph.pieces;
        let first = pieces.partition_point(|piece| piece.source.end <= range.start);
        for piece in &pieces[first..] {
            if piece.source.start >= range.end {
                break;
            }
            let from = piece.source.start.max(range.start);
            let to = piece.source.end.min(range.end);
            if from < to {
                self.original(piece, from..to);
            }
        }
    }

    /// Writes a piece, or the stretch of it at `source`.
    fn original(&mut self, piece: &RunPiece, source: Range<usize>) {
        let run = match &piece.place {
            Place::Run(run) => *run,
            Place::Format { .. } => return,
            Place::Paragraph => {
                self.close_run();
                return self.splices.copy(source, &mut self.out);
            }
            Place::Several(pieces) => {
                for piece in pieces {
                    self.original(piece, piece.source.clone());
                }
                return;
            }
        };
        self.in_run(run, Script::AsRead);
        let written = &self.part.text[source.clone()];
        match &piece.kind {
            PieceKind::Literal => {
                self.in_text();
                self.out.push_str(written);
            }
            // A reference stands in the text, what is an element of its own beside it.
            PieceKind::Written(_) if written.starts_with('&') => {
                self.in_text();
                self.out.push_str(written);
            }
            PieceKind::Written(text) if written.starts_with("<!") => {
                self.in_text();
                push_escaped(&mut self.out, text);
            }
            PieceKind::Written(_) | PieceKind::Code(..) | PieceKind::Break(_) => {
                self.close_text();
                self.splices.copy(source, &mut self.out);
            }
        }
    }

    fn segment(&mut self, segment: &Segment, target: &Coded) {
        let format_of = |pair: u32| {
            let at = segment
                .formats
                .binary_search_by_key(&pair, |format| format.0);
            at.ok().map(|at| segment.formats[at].1)
        };
        let any = segment.formats.first().map(|format| format.1);
        let base = format_of(WHOLE).or(any).unwrap_or(0);
        let mut formats = vec![base];
        for step in settle(&segment.built, target) {
            let current = formats.last().copied().unwrap_or(base);
            let code = match step {
                Step::Text(text) => {
                    self.translation(text, current);
                    continue;
                }
                Step::Code(code) => code,
            };
            let piece = &segment.pieces[segment.built.pieces[code]];
            let kind = segment.built.coded.codes[code].kind;
            match (kind, &piece.place, &piece.kind) {
                (CodeKind::Open, Place::Format { run, .. }, _) => formats.push(*run),
                (CodeKind::Open, _, PieceKind::Code(_, number)) => {
                    formats.push(format_of(*number).unwrap_or(current));
                }
                (CodeKind::Close, ..) => drop(formats.pop()),
                _ => {}
            }
            self.original(piece, piece.source.clone());
        }
    }

    /// Writes text of the target with the format of a run.
    fn translation(&mut self, text: &str, run: usize) {
        if self.paragraph.runs.is_empty() {
            return;
        }
        let is_arabic = self
            .turn
            .is_some_and(|turn| turn.target == crate::lang::Lang::Arabic);
        let stretches = if is_arabic {
            directions(text)
        } else {
            vec![(false, text)]
        };
        for (is_rtl, stretch) in stretches {
            let script = match (self.turn, is_rtl) {
                (None, _) => Script::AsRead,
                (Some(_), true) => Script::RightToLeft,
                (Some(_), false) => Script::LeftToRight,
            };
            self.in_run(run, script);
            self.stretch(stretch);
        }
    }

    /// Writes text into the open run.
    fn stretch(&mut self, text: &str) {
        for part in text.split_inclusive([NO_BREAK_HYPHEN, SOFT_HYPHEN]) {
            let (text, hyphen) = match part.chars().next_back() {
                Some(c @ NO_BREAK_HYPHEN) => (part.strip_suffix(c), Some("noBreakHyphen")),
                Some(c @ SOFT_HYPHEN) => (part.strip_suffix(c), Some("softHyphen")),
                _ => (None, None),
            };
            let text = text.unwrap_or(part);
            if !text.is_empty() {
                self.in_text();
                push_escaped(&mut self.out, text);
            }
            if let Some(hyphen) = hyphen {
                self.close_text();
                let element = format!("<{}{hyphen}/>", self.prefix());
                self.out.push_str(&element);
            }
        }
    }
}
