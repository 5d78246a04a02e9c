//! From tags to paragraphs: which stretches of an HTML text are to be translated.
//!
//! The tokenizer tells where tags, text and all else stand, as a browser would; no tree is built. A paragraph is what
//! lies between two tags of blocks. Attributes with text for people are paragraphs of their own.

use std::convert::Infallible;
use std::ops::Range;

use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Emitter, ForwardingEmitter, Span, State, Token, Tokenizer, naive_next_state};

use super::element::{Role, is_ended_by, is_text_attribute};
use crate::coded::CodeKind;
use crate::format::fill::inline::{Piece, PieceKind};
use crate::format::is_forbidden;

/// How many open elements are looked through for the one that an end tag ends; one further out stands alone.
pub const DEEPEST_LOOK: usize = 256;

/// An attribute of a tag.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    /// In lower case.
    pub(super) name: String,
    pub(super) name_range: Range<usize>,
    /// The value without quotes; empty behind the name where there is none.
    pub(super) value: Range<usize>,
    /// The value with its quotes and the `=` before it; empty behind the name where there is none.
    pub(super) assigned: Range<usize>,
}

/// A start tag whose language or direction may have to be turned.
#[derive(Clone, Debug)]
pub(super) struct DirectedTag {
    /// Where an attribute can be put in: behind the element's name.
    pub(super) name_end: usize,
    pub(super) rank: Rank,
    /// `lang`, `xml:lang` and `dir` alone.
    pub(super) attributes: Vec<Attribute>,
}

/// Where a tag stands in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    /// `<html>`.
    Root,
    /// A block that no other block holds.
    Outermost,
    Block,
    Inline,
}

/// A stretch of text that is translated on its own.
#[derive(Debug)]
pub(super) enum Stretch {
    /// A paragraph.
    Paragraph(Vec<Piece>),
    /// The value of an attribute, without quotes, and all that is assigned with it.
    Attribute {
        pieces: Vec<Piece>,
        assigned: Range<usize>,
    },
}

impl Stretch {
    fn start(&self) -> usize {
        match self {
            Self::Paragraph(pieces) => pieces.first().map_or(0, |piece| piece.source.start),
            Self::Attribute { assigned, .. } => assigned.start,
        }
    }
}

/// What there is in a document.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    /// In the order of the text.
    pub(super) stretches: Vec<Stretch>,
    /// Tags with `lang` or `dir`, `<html>` and the outermost blocks, in the order of the text.
    pub(super) directed: Vec<DirectedTag>,
    /// The value of `lang` of `<html>`, else of the first outermost block.
    pub(super) lang: Option<String>,
    /// Behind the start tag of `<head>`.
    pub(super) head: Option<usize>,
}

/// Finds all stretches of `text`.
pub(super) fn scan(text: &str) -> Scanned {
    let mut scanner = Scanner::new(text);
    let emitter = PageEmitter(CallbackEmitter::new(&mut scanner));
    // Nothing is handed out, since each event goes to the scanner: the first step is the whole way.
    let None = Tokenizer::new_with_emitter(text, emitter).next();
    scanner.finish()
}

/// Hands events to a scanner, and lets it say what the tokenizer takes for markup.
struct PageEmitter<'s, 't>(CallbackEmitter<&'s mut Scanner<'t>, Infallible, usize>);

impl ForwardingEmitter for PageEmitter<'_, '_> {
    type Token = Infallible;

    fn inner(&mut self) -> &mut impl Emitter<Token = Infallible> {
        &mut self.0
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        // Without its guesses the emitter has no state of its own to ask for.
        let _ = self.0.emit_current_tag();
        let state = self.0.callback_mut().next_state.take();
        if state.is_some() {
            self.0.init_string();
        }
        state
    }
}

impl Callback<Infallible, usize> for &mut Scanner<'_> {
    fn handle_event(&mut self, event: CallbackEvent<'_>, span: Span<usize>) -> Option<Infallible> {
        self.take(&event, span.start..span.end);
        None
    }
}

/// A tag as far as it was read.
struct OpenTag {
    start: usize,
    name: String,
    name_end: usize,
    attributes: Vec<Attribute>,
}

/// An element that is left alone, until its end tag.
struct Skipped {
    name: String,
    /// How many elements of that name are open.
    depth: usize,
    start: usize,
    is_inline: bool,
}

struct Scanner<'t> {
    text: &'t str,
    /// Up to where the text was taken.
    done: usize,
    tag: Option<OpenTag>,
    skipped: Option<Skipped>,
    /// How the tokenizer goes on behind the tag at hand.
    next_state: Option<State>,
    pieces: Vec<Piece>,
    next_number: u32,
    inline: Vec<(String, u32)>,
    blocks: Vec<String>,
    out: Scanned,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            done: 0,
            tag: None,
            skipped: None,
            next_state: None,
            pieces: Vec::new(),
            next_number: 1,
            inline: Vec::new(),
            blocks: Vec::new(),
            out: Scanned::default(),
        }
    }

    fn take(&mut self, event: &CallbackEvent<'_>, span: Range<usize>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                let name_end = span.start + 1 + name.len();
                self.tag = Some(OpenTag {
                    start: span.start,
                    name: String::from_utf8_lossy(name).into_owned(),
                    name_end,
                    attributes: Vec::new(),
                });
            }
            CallbackEvent::AttributeName { name } => {
                let text = self.text;
                if let Some(tag) = &mut self.tag {
                    let name = String::from_utf8_lossy(name).into_owned();
                    let is_first = tag.attributes.iter().all(|a| a.name != name);
                    if is_first && tag.attributes.len() < MOST_ATTRIBUTES {
                        tag.attributes.push(attribute(text, name, span));
                    }
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                if let Some(tag) = self.tag.take() {
                    // A reader without scripts sees what a `noscript` holds.
                    self.next_state = match &*tag.name {
                        "noscript" => None,
                        name => naive_next_state(name.as_bytes()),
                    };
                    self.gap(tag.start);
                    let end = span.end;
                    self.done = end;
                    self.start_tag(&tag, end, *self_closing);
                }
            }
            CallbackEvent::EndTag { name } => {
                self.gap(span.start);
                self.done = span.end;
                self.end_tag(&String::from_utf8_lossy(name), span);
            }
            CallbackEvent::String { .. } => {
                self.gap(span.start);
                self.done = span.end;
                if self.skipped.is_none() {
                    push_text(self.text, span, &mut self.pieces);
                }
            }
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } => {
                self.gap(span.start);
                self.done = span.end;
                self.alone(span);
            }
            CallbackEvent::AttributeValue { .. } | CallbackEvent::Error(_) => {}
        }
    }

    /// Takes what the tokenizer dropped, up to byte `to`, for a code.
    fn gap(&mut self, to: usize) {
        if self.done < to {
            self.alone(self.done..to);
        }
    }

    fn finish(mut self) -> Scanned {
        self.gap(self.text.len());
        if let Some(skipped) = self.skipped.take() {
            self.alone(skipped.start..self.text.len());
        }
        self.end_paragraph();
        self.out.stretches.sort_by_key(Stretch::start);
        self.out
    }

    fn number(&mut self) -> u32 {
        self.next_number += 1;
        self.next_number - 1
    }

    fn push(&mut self, kind: PieceKind, source: Range<usize>) {
        self.pieces.push(Piece {
            kind,
            source,
            place: (),
        });
    }

    fn alone(&mut self, source: Range<usize>) {
        if self.skipped.is_none() {
            let number = self.number();
            self.push(PieceKind::Code(CodeKind::Alone, number), source);
        }
    }

    fn end_paragraph(&mut self) {
        let pieces = std::mem::take(&mut self.pieces);
        self.inline.clear();
        self.next_number = 1;
        let has_text =
            |piece: &Piece| matches!(piece.kind, PieceKind::Literal | PieceKind::Written(_));
        if pieces.iter().any(has_text) {
            self.out.stretches.push(Stretch::Paragraph(pieces));
        }
    }

    fn start_tag(&mut self, tag: &OpenTag, end: usize, self_closing: bool) {
        let role = Role::of(&tag.name);
        if let Some(skipped) = &mut self.skipped {
            // A paragraph may have no end tag.
            if skipped.name != "p" || !matches!(role, Role::Block | Role::SkippedBlock) {
                skipped.depth += usize::from(skipped.name == tag.name);
                return;
            }
            self.skipped = None;
        }
        let source = tag.start..end;
        let value_of = |name: &str| {
            let attribute = tag.attributes.iter().find(|a| a.name == name)?;
            Some(self.text[attribute.value.clone()].to_owned())
        };
        let untranslated = value_of("translate").is_some_and(|v| v.eq_ignore_ascii_case("no"));
        if !untranslated {
            self.attributes(tag);
        }
        let is_closed = self_closing && matches!(&*tag.name, "svg" | "math");
        let has_end =
            !matches!(role, Role::Void | Role::LineBreak) && tag.name != "hr" && !is_closed;
        let is_block = matches!(role, Role::Block | Role::SkippedBlock);
        if is_block {
            self.end_paragraph();
            while self
                .blocks
                .last()
                .is_some_and(|open| is_ended_by(open, &tag.name))
            {
                self.blocks.pop();
            }
        }
        if !untranslated {
            self.directed(tag, is_block);
        }
        if has_end && (untranslated || matches!(role, Role::SkippedBlock | Role::SkippedInline)) {
            self.skipped = Some(Skipped {
                name: tag.name.clone(),
                depth: 1,
                start: tag.start,
                is_inline: !is_block,
            });
            return;
        }
        match role {
            Role::LineBreak => self.line_break(source),
            Role::Block | Role::SkippedBlock => {
                if has_end {
                    self.blocks.push(tag.name.clone());
                }
            }
            Role::Void | Role::SkippedInline => self.alone(source),
            Role::Inline => {
                let number = self.number();
                self.inline.push((tag.name.clone(), number));
                self.push(PieceKind::Code(CodeKind::Open, number), source);
            }
        }
    }

    /// Two line breaks in a row end a paragraph.
    fn line_break(&mut self, source: Range<usize>) {
        let text = self.text;
        let is_blank = |piece: &&Piece| {
            piece.kind == PieceKind::Literal && text[piece.source.clone()].trim().is_empty()
        };
        let before = self.pieces.iter().rev().find(|piece| !is_blank(piece));
        if before.is_some_and(|piece| matches!(piece.kind, PieceKind::Break(_))) {
            self.end_paragraph();
        }
        let number = self.number();
        self.push(PieceKind::Break(number), source);
    }

    fn end_tag(&mut self, name: &str, source: Range<usize>) {
        if let Some(skipped) = &mut self.skipped {
            skipped.depth -= usize::from(skipped.name == name);
            if skipped.depth == 0 {
                let (start, is_inline) = (skipped.start, skipped.is_inline);
                self.skipped = None;
                if is_inline {
                    self.alone(start..source.end);
                }
            }
            return;
        }
        match Role::of(name) {
            Role::Block | Role::SkippedBlock => {
                self.end_paragraph();
                let look = self.blocks.len().saturating_sub(DEEPEST_LOOK);
                if let Some(at) = self.blocks[look..].iter().rposition(|open| open == name) {
                    self.blocks.truncate(look + at);
                }
            }
            // A browser reads `</br>` as `<br>`.
            Role::LineBreak => self.line_break(source),
            Role::Void | Role::SkippedInline => self.alone(source),
            Role::Inline => {
                let look = self.inline.len().saturating_sub(DEEPEST_LOOK);
                match self.inline[look..]
                    .iter()
                    .rposition(|(open, _)| open == name)
                {
                    Some(at) => {
                        let number = self.inline[look + at].1;
                        self.inline.truncate(look + at);
                        self.push(PieceKind::Code(CodeKind::Close, number), source);
                    }
                    None => self.alone(source),
                }
            }
        }
    }

    /// Takes the attributes that hold text for people.
    fn attributes(&mut self, tag: &OpenTag) {
        let text = self.text;
        let value_of = |name: &str| {
            let attribute = tag.attributes.iter().find(|a| a.name == name)?;
            Some(text[attribute.value.clone()].to_owned())
        };
        for attribute in &tag.attributes {
            if attribute.value.is_empty()
                || !is_text_attribute(&tag.name, &attribute.name, value_of)
            {
                continue;
            }
            let mut pieces = Vec::new();
            push_text(text, attribute.value.clone(), &mut pieces);
            self.out.stretches.push(Stretch::Attribute {
                pieces,
                assigned: attribute.assigned.clone(),
            });
        }
    }

    /// Takes a tag whose language or direction may have to be turned.
    fn directed(&mut self, tag: &OpenTag, is_block: bool) {
        if tag.name == "head" && self.blocks.iter().all(|open| open == "html") {
            self.out.head = Some(self.done);
        }
        let rank = match (&*tag.name, is_block) {
            ("html", _) => Rank::Root,
            ("head" | "title" | "base" | "meta", _) => Rank::Inline,
            (_, true) if self.blocks.is_empty() => Rank::Outermost,
            (_, true) => Rank::Block,
            (_, false) => Rank::Inline,
        };
        let attributes = tag.attributes.iter();
        let attributes: Vec<_> = attributes
            .filter(|a| matches!(&*a.name, "lang" | "xml:lang" | "dir"))
            .cloned()
            .collect();
        let is_top = matches!(rank, Rank::Root | Rank::Outermost);
        if attributes.is_empty() && !is_top {
            return;
        }
        if is_top && self.out.lang.is_none() {
            let lang = attributes.iter().find(|a| a.name != "dir");
            self.out.lang = lang.map(|a| self.text[a.value.clone()].trim().to_owned());
        }
        self.out.directed.push(DirectedTag {
            name_end: tag.name_end,
            rank,
            attributes,
        });
    }
}

/// How many attributes of a tag are read; the others are left alone.
pub const MOST_ATTRIBUTES: usize = 256;

/// The attribute whose name stands at `name_range`.
fn attribute(text: &str, name: String, name_range: Range<usize>) -> Attribute {
    let bytes = text.as_bytes();
    let skip_space = |from: usize| {
        let space = bytes[from..].iter().take_while(|b| b.is_ascii_whitespace());
        from + space.count()
    };
    let end = name_range.end;
    let none = || (end..end, end..end);
    let equals = skip_space(end);
    let (value, assigned) = if bytes.get(equals) == Some(&b'=') {
        let start = skip_space(equals + 1);
        match bytes.get(start) {
            Some(quote @ (b'"' | b'\'')) => match memchr::memchr(*quote, &bytes[start + 1..]) {
                Some(len) => (start + 1..start + 1 + len, end..start + len + 2),
                None => none(),
            },
            _ => {
                let is_value = |b: &&u8| !b.is_ascii_whitespace() && **b != b'>';
                let len = bytes[start..].iter().take_while(is_value).count();
                (start..start + len, end..start + len)
            }
        }
    } else {
        none()
    };
    Attribute {
        name,
        name_range,
        value,
        assigned,
    }
}

/// Adds the text at `range`, references to characters read.
fn push_text(text: &str, range: Range<usize>, pieces: &mut Vec<Piece>) {
    let mut push = |kind, source: Range<usize>| {
        if !source.is_empty() {
            pieces.push(Piece {
                kind,
                source,
                place: (),
            });
        }
    };
    let mut from = range.start;
    let is_special = |c: char| c == '&' || is_forbidden(c);
    for (at, special) in text[range.clone()].match_indices(is_special) {
        let at = range.start + at;
        if at < from {
            continue;
        }
        let read = if special == "&" {
            reference(&text[at..range.end])
        } else {
            Some((special.len(), char::REPLACEMENT_CHARACTER.into()))
        };
        if let Some((len, meaning)) = read {
            push(PieceKind::Literal, from..at);
            push(PieceKind::Written(meaning), at..at + len);
            from = at + len;
        }
    }
    push(PieceKind::Literal, from..range.end);
}

/// The length and the meaning of the reference that `text` begins with; `None` where the `&` stands for itself.
fn reference(text: &str) -> Option<(usize, String)> {
    /// No name is longer.
    const LONGEST: usize = 40;
    let is_name = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'#';
    let len = 1 + text.as_bytes()[1..]
        .iter()
        .take(LONGEST)
        .take_while(is_name)
        .count();
    let len = len + usize::from(text.as_bytes().get(len) == Some(&b';'));
    let written = &text[..len];
    let mut meaning = String::new();
    for token in Tokenizer::new(written) {
        if let Ok(Token::String(string)) = token {
            meaning.push_str(&String::from_utf8_lossy(&string));
        }
    }
    if meaning == written {
        return None;
    }
    // A reference without its semicolon may end inside the name that was read: `&nbspOne`.
    let same = |(a, b): &(char, char)| a == b;
    let behind = written.chars().rev().zip(meaning.chars().rev());
    let behind: usize = behind.take_while(same).map(|(c, _)| c.len_utf8()).sum();
    if behind < meaning.len() {
        meaning.truncate(meaning.len() - behind);
        return Some((len - behind, meaning));
    }
    Some((len, meaning))
}
