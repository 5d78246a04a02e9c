//! Paragraphs of marked-up text: cut into segments with inline codes, and put together again.
//!
//! **Idea.** A format hands over a paragraph as a row of [`Piece`]s, each with the bytes it stands at: stretches of text
//! and codes. [`cut`] finds sentences in the text alone. What lies between the first and the last character of a
//! sentence belongs to its segment; codes between two sentences and at the paragraph's edges stay outside, so that
//! `<b>One.</b> <i>Two.</i>` is two segments without codes. No pair is ever halved: sentences that one reaches over are
//! one segment, unless it begins in front of a sentence and ends behind one, and so holds whole segments.
//!
//! Worked example: `<a>One. <b>Two</b>.</a> <i>3. And</i> more.` has the sentences `One.`, `Two.`, `3.` and `And more.`.
//! `<a>` holds two whole ones and stays outside; `<i>` begins in front of `3.` and ends inside the next, so these two
//! are one segment, and the segments are `One.`, `<b>Two</b>.` and `<i>3. And</i> more.`
//!
//! [`settle`] is the way back: whatever codes a translation has, each code of the slot is written once, and pairs nest.
//!
//! Cost: linear in the paragraph, but for a paragraph of pairs that cross in a chain, which becomes one segment after
//! [`MOST_ROUNDS`] rounds.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::coded::{Code, CodeKind, Coded};
use crate::text::segment::{SegmentOptions, sentences};

/// The most bytes of a paragraph; a longer one is left alone and reported.
pub const PARAGRAPH_LIMIT: usize = 4 * 1024 * 1024;

/// The most bytes of a file's own text of a code that its [`Code::raw`] keeps.
pub const RAW_CODE_LIMIT: usize = 256;

/// How often sentences are joined because of pairs before all of the paragraph is.
const MOST_ROUNDS: usize = 8;

/// What is reported of a paragraph of that many bytes.
pub(super) fn too_long(size: usize) -> String {
    format!("a paragraph of {size} bytes is longer than {PARAGRAPH_LIMIT}; it is left alone")
}

/// A piece of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece<T = ()> {
    pub(super) kind: PieceKind,
    /// Where the file has it.
    pub(super) source: Range<usize>,
    /// What the format knows of it, such as the run that it stands in.
    pub(super) place: T,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PieceKind {
    /// Text that reads as it is written.
    Literal,
    /// Text that is written otherwise, such as a reference to a character.
    Written(String),
    /// A code; a pair shares its number, which no other code of the paragraph has.
    Code(CodeKind, u32),
    /// A code that stands alone and between words, such as a line break.
    Break(u32),
}

impl<T> Piece<T> {
    pub(super) fn text<'d>(&'d self, document: &'d str) -> Option<&'d str> {
        match &self.kind {
            PieceKind::Literal => Some(&document[self.source.clone()]),
            PieceKind::Written(text) => Some(text),
            PieceKind::Code(..) | PieceKind::Break(_) => None,
        }
    }
}

/// What white space in the file means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spaces {
    /// Itself.
    Keep,
    /// A run of white space is a space, as in HTML.
    Collapse,
}

/// The segments of a paragraph, each as its pieces, the first and last of them text or the codes that go with it.
///
/// Without `options` all of the paragraph is one segment. A paragraph in which nothing can be seen has none.
pub(super) fn cut<T: Clone>(
    document: &str,
    pieces: &[Piece<T>],
    options: Option<&SegmentOptions>,
) -> Vec<Vec<Piece<T>>> {
    let view = View::of(document, pieces);
    let mut found = sentences(&view.text, options.unwrap_or(&SegmentOptions::default()));
    if let (None, [first, .., last]) = (options, &found[..]) {
        found = std::iter::once(first.start..last.end).collect();
    }
    let Split { pieces, homes } = view.split(pieces, &mut found);
    let joined = join(&pieces, &homes, found.len());
    let mut out = Vec::new();
    let mut from = 0;
    while from < found.len() {
        let to = from + joined[from..].iter().take_while(|j| **j).count();
        out.push(window(&pieces, &homes, from..to + 1));
        from = to + 1;
    }
    out
}

/// The text of a paragraph, and the pieces it comes from.
struct View {
    text: String,
    /// Where each piece begins in it; codes as well.
    starts: Vec<usize>,
}

/// Pieces none of which reaches over a sentence's edge.
struct Split<T> {
    pieces: Vec<Piece<T>>,
    homes: Vec<Home>,
}

/// Where a piece lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Home {
    /// Between the first and the last character of that sentence.
    In(usize),
    /// In front of that sentence, and behind the one before it.
    Before(usize),
}

impl View {
    fn of<T>(document: &str, pieces: &[Piece<T>]) -> Self {
        let mut view = Self {
            text: String::new(),
            starts: Vec::with_capacity(pieces.len()),
        };
        for piece in pieces {
            view.starts.push(view.text.len());
            match piece.text(document) {
                Some(text) => view.text.push_str(text),
                None if matches!(piece.kind, PieceKind::Break(_)) => view.text.push(' '),
                None => {}
            }
        }
        view
    }

    /// Splits literal text at the edges of the sentences. Sentences that meet inside text that is written otherwise are
    /// joined.
    fn split<T: Clone>(&self, pieces: &[Piece<T>], found: &mut Vec<Range<usize>>) -> Split<T> {
        let is_literal_at = |at: usize| {
            let index = self.starts.partition_point(|start| *start < at);
            let index = index.saturating_sub(1);
            pieces[index].kind == PieceKind::Literal
                || self.starts.get(index + 1).is_some_and(|next| *next == at)
        };
        found.dedup_by(|next, last| {
            let meets = next.start == last.end && !is_literal_at(next.start);
            if meets {
                last.end = next.end;
            }
            meets
        });
        let mut split = Split {
            pieces: Vec::with_capacity(pieces.len() + 2 * found.len()),
            homes: Vec::new(),
        };
        let mut sentence = 0;
        for (piece, &start) in pieces.iter().zip(&self.starts) {
            let len = match &piece.kind {
                PieceKind::Literal => piece.source.len(),
                PieceKind::Written(text) => text.len(),
                PieceKind::Break(_) => 1,
                PieceKind::Code(..) => 0,
            };
            let end = start + len;
            let mut at = start;
            loop {
                while found.get(sentence).is_some_and(|s| s.end <= at) {
                    sentence += 1;
                }
                let (home, stop) = match found.get(sentence) {
                    // A code at the very start of a sentence is in front of it.
                    Some(s) if s.start < at || (s.start == at && len > 0) => {
                        (Home::In(sentence), s.end)
                    }
                    Some(s) => (Home::Before(sentence), s.start),
                    None => (Home::Before(sentence), end),
                };
                if piece.kind != PieceKind::Literal {
                    let home = match (home, found.get(sentence)) {
                        // Text that is written otherwise belongs to the sentence that it begins or ends.
                        (Home::Before(_), Some(s)) if s.start < end && s.end > start => {
                            Home::In(sentence)
                        }
                        _ => home,
                    };
                    split.homes.push(home);
                    split.pieces.push(piece.clone());
                    break;
                }
                let stop = stop.min(end);
                if stop > at {
                    split.homes.push(home);
                    split.pieces.push(Piece {
                        source: piece.source.start + (at - start)
                            ..piece.source.start + (stop - start),
                        ..piece.clone()
                    });
                }
                at = stop;
                if at == end {
                    break;
                }
            }
        }
        split
    }
}

/// Which sentences are one segment with the next one, so that no pair is halved.
fn join<T>(pieces: &[Piece<T>], homes: &[Home], count: usize) -> Vec<bool> {
    let mut joined = vec![false; count];
    let mut opens: FxHashMap<u32, usize> = FxHashMap::default();
    let mut pairs = Vec::new();
    for (i, piece) in pieces.iter().enumerate() {
        match piece.kind {
            PieceKind::Code(CodeKind::Open, number) => {
                opens.insert(number, i);
            }
            PieceKind::Code(CodeKind::Close, number) => {
                pairs.extend(opens.remove(&number).map(|open| (open, i)));
            }
            _ => {}
        }
    }
    for round in 0.. {
        if round == MOST_ROUNDS {
            joined.fill(true);
        }
        let mut changed = false;
        for &(open, close) in &pairs {
            let (first, open_is_inside) = match homes[open] {
                Home::In(sentence) => (sentence, true),
                Home::Before(sentence) => (sentence, is_joined(&joined, sentence)),
            };
            let (behind, close_is_inside) = match homes[close] {
                Home::In(sentence) => (sentence + 1, true),
                Home::Before(sentence) => (sentence, is_joined(&joined, sentence)),
            };
            if (open_is_inside || close_is_inside) && first + 1 < behind {
                for join in &mut joined[first..behind - 1] {
                    changed |= !*join;
                    *join = true;
                }
            }
        }
        if !changed || round == MOST_ROUNDS {
            break;
        }
    }
    if let Some(last) = joined.last_mut() {
        *last = false;
    }
    joined
}

/// Whether the sentence is one segment with the one in front of it.
fn is_joined(joined: &[bool], sentence: usize) -> bool {
    sentence > 0 && joined.get(sentence - 1) == Some(&true)
}

/// The pieces of a segment: from its first character to its last, and what these are in a pair with.
fn window<T: Clone>(pieces: &[Piece<T>], homes: &[Home], sentences: Range<usize>) -> Vec<Piece<T>> {
    let inside = |home: &Home| match home {
        Home::In(sentence) => sentences.contains(sentence),
        Home::Before(sentence) => *sentence > sentences.start && *sentence < sentences.end,
    };
    // Homes never go down, so that a search by halves finds the edges.
    let rank = |home: &Home| match home {
        Home::Before(sentence) => 2 * sentence,
        Home::In(sentence) => 2 * sentence + 1,
    };
    let from = homes.partition_point(|home| rank(home) <= 2 * sentences.start);
    let to = homes.partition_point(|home| rank(home) < 2 * sentences.end);
    debug_assert!(homes[from..to].iter().all(inside));
    let number_of = |kind: CodeKind| {
        move |piece: &Piece<T>| match piece.kind {
            PieceKind::Code(found, number) if found == kind => Some(number),
            _ => None,
        }
    };
    let mut opens: Vec<u32> = pieces[from..to]
        .iter()
        .filter_map(number_of(CodeKind::Open))
        .collect();
    let mut closes: Vec<u32> = pieces[from..to]
        .iter()
        .filter_map(number_of(CodeKind::Close))
        .collect();
    opens.sort_unstable();
    closes.sort_unstable();
    let gap_behind = homes[to..]
        .iter()
        .take_while(|home| matches!(home, Home::Before(_)))
        .count();
    let gap_before = homes[..from]
        .iter()
        .rev()
        .take_while(|home| matches!(home, Home::Before(_)))
        .count();
    let ends_ours = |piece: &Piece<T>| {
        number_of(CodeKind::Close)(piece).is_some_and(|number| opens.binary_search(&number).is_ok())
    };
    let begins_ours = |piece: &Piece<T>| {
        number_of(CodeKind::Open)(piece).is_some_and(|number| closes.binary_search(&number).is_ok())
    };
    let last = pieces[to..to + gap_behind].iter().rposition(ends_ours);
    let first = pieces[from - gap_before..from].iter().position(begins_ours);
    let to = last.map_or(to, |last| to + last + 1);
    let from = first.map_or(from, |first| from - gap_before + first);
    pieces[from..to].to_vec()
}

/// A segment as the memory sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Built {
    pub(super) coded: Coded,
    /// The piece of each code.
    pub(super) pieces: Vec<usize>,
    /// Whether a space of the text stands for the code, a break between two words.
    pub(super) is_space: Vec<bool>,
}

/// The text and the codes of a segment. Codes get numbers from 1 in their order; halves of pairs stand alone.
pub(super) fn build<T>(document: &str, pieces: &[Piece<T>], spaces: Spaces) -> Built {
    let mut built = Built {
        coded: Coded::default(),
        pieces: Vec::new(),
        is_space: Vec::new(),
    };
    let mut halves: FxHashMap<u32, u32> = FxHashMap::default();
    for piece in pieces {
        if let PieceKind::Code(CodeKind::Open | CodeKind::Close, number) = piece.kind {
            *halves.entry(number).or_default() += 1;
        }
    }
    let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
    let mut is_pending = false;
    // Behind what stands alone, such as a picture, a space is one more.
    let mut apart = 0;
    for (index, piece) in pieces.iter().enumerate() {
        if let Some(text) = piece.text(document) {
            if std::mem::take(&mut is_pending) && !text.starts_with(char::is_whitespace) {
                built.coded.text.push(' ');
                built.is_space.pop();
                built.is_space.push(true);
            }
            match spaces {
                Spaces::Keep => built.coded.text.push_str(text),
                Spaces::Collapse => push_collapsed(&mut built.coded.text, apart, text),
            }
            continue;
        }
        let (kind, number) = match piece.kind {
            PieceKind::Code(kind, number) if halves.get(&number) == Some(&2) => (kind, number),
            PieceKind::Code(_, number) | PieceKind::Break(number) => (CodeKind::Alone, number),
            PieceKind::Literal | PieceKind::Written(_) => continue,
        };
        let next = numbers.len() as u32 + 1;
        let number = *numbers.entry(number).or_insert(next);
        is_pending = matches!(piece.kind, PieceKind::Break(_))
            && !built.coded.text.ends_with(char::is_whitespace);
        if kind == CodeKind::Alone && !matches!(piece.kind, PieceKind::Break(_)) {
            apart = built.coded.text.len();
        }
        built.pieces.push(index);
        built.is_space.push(false);
        built.coded.codes.push(Code {
            at: built.coded.text.len(),
            kind,
            number,
            raw: excerpt(&document[piece.source.clone()]),
        });
    }
    built
}

fn excerpt(raw: &str) -> String {
    raw[..raw.floor_char_boundary(RAW_CODE_LIMIT)].to_owned()
}

/// Adds `text` with each run of white space as one space, if there is none behind byte `apart` already.
fn push_collapsed(out: &mut String, apart: usize, text: &str) {
    for c in text.chars() {
        if !c.is_ascii_whitespace() {
            out.push(c);
        } else if !out[apart..].ends_with(' ') {
            out.push(' ');
        }
    }
}

/// A step of writing a translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'t> {
    Text(&'t str),
    /// A code of the slot, by its place in the slot's list.
    Code(usize),
}

/// How `target` is written with each code of `built` once and pairs nested. Codes that the slot doesn't have are left
/// out; those that the target doesn't have go to its end, and so do pairs that it has the wrong way round.
pub(super) fn settle<'t>(built: &Built, target: &'t Coded) -> Vec<Step<'t>> {
    let codes = &built.coded.codes;
    let mut known: FxHashMap<(CodeKind, u32), usize> = FxHashMap::default();
    let mut ends: FxHashMap<u32, [usize; 2]> = FxHashMap::default();
    for (index, code) in codes.iter().enumerate() {
        known.insert((code.kind, code.number), index);
        match code.kind {
            CodeKind::Open => drop(ends.insert(code.number, [index, index])),
            CodeKind::Close => {
                if let Some(pair) = ends.get_mut(&code.number) {
                    pair[1] = index;
                }
            }
            CodeKind::Alone => {}
        }
    }
    let mut places = vec![None; codes.len()];
    let mut order = Vec::with_capacity(codes.len());
    let mut least = 0;
    for code in &target.codes {
        let at = target.text.floor_char_boundary(code.at.max(least));
        least = at;
        if let Some(&index) = known.get(&(code.kind, code.number))
            && places[index].is_none()
        {
            places[index] = Some(order.len());
            order.push((at, index));
        }
    }
    for &[open, close] in ends.values() {
        if places[open].is_none() || places[close] < places[open] {
            (places[open], places[close]) = (None, None);
        }
        if places[close].is_none() {
            places[open] = None;
        }
    }
    order.retain(|(_, index)| places[*index].is_some());
    let missing = (0..codes.len()).filter(|index| places[*index].is_none());
    order.extend(missing.map(|index| (target.text.len(), index)));
    let mut out = Vec::with_capacity(2 * order.len() + 1);
    let mut from = 0;
    for (at, index) in nested(order, codes) {
        let at = at.max(from);
        let mut text = &target.text[from..at];
        if built.is_space[index] {
            text = text.strip_suffix(' ').unwrap_or(text);
        }
        if !text.is_empty() {
            out.push(Step::Text(text));
        }
        out.push(Step::Code(index));
        let rest = &target.text[at..];
        let stands_for_space = built.is_space[index] && text.len() == at - from;
        from = at + usize::from(stands_for_space && rest.starts_with(' '));
    }
    if from < target.text.len() {
        out.push(Step::Text(&target.text[from..]));
    }
    out
}

/// The codes with closing ones held back until what was opened behind theirs is closed.
fn nested(order: Vec<(usize, usize)>, codes: &[Code]) -> Vec<(usize, usize)> {
    let mut out = Vec::with_capacity(order.len());
    let mut open: Vec<u32> = Vec::new();
    let mut waiting: FxHashMap<u32, usize> = FxHashMap::default();
    for (at, index) in order {
        match codes[index].kind {
            CodeKind::Open => open.push(codes[index].number),
            CodeKind::Close => {
                waiting.insert(codes[index].number, index);
                while let Some(index) = open.last().and_then(|number| waiting.remove(number)) {
                    open.pop();
                    out.push((at, index));
                }
                continue;
            }
            CodeKind::Alone => {}
        }
        out.push((at, index));
    }
    out
}

/// Segments for tests.
#[cfg(test)]
pub(super) mod sample {
    use crate::coded::{CodeKind, Coded};

    /// The text with its codes as `[1`, `1]` and `{1}`.
    pub(in crate::format::fill) fn shown(coded: &Coded) -> String {
        let (mut out, mut from) = (String::new(), 0);
        for code in &coded.codes {
            out.push_str(&coded.text[from..code.at]);
            from = code.at;
            out.push_str(&match code.kind {
                CodeKind::Open => format!("[{}", code.number),
                CodeKind::Close => format!("{}]", code.number),
                CodeKind::Alone => format!("{{{}}}", code.number),
            });
        }
        out + &coded.text[from..]
    }
}
