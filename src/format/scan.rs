//! Cuts an XML file of many units, TMX or TBX, into its units without understanding them.
//!
//! A strict XML parser stops at the first mistake, and a `<tu>` that isn't closed would swallow the rest of the file.
//! So the file is first cut where units begin and end, told by the tags that a [`Vocabulary`] names, such as `<tu`, `</tu>`,
//! `</body>` and `</tmx>`, outside of comments, CDATA sections and processing instructions; each piece is then parsed for
//! itself, and a broken one costs nothing but itself:
//!
//! ```text
//! <tu>…</tu>   <tu>…      <tu>…</tu>   rest</tu>   </body></tmx>
//! └ unit ───┘  └ cut ───┘ └ unit ───┘  └ stray ──┘ └ end
//! ```
//!
//! Invariants: the pieces, with white space, comments and the tags of body and root between, cover the file. Cost:
//! linear; a comment that is never closed is looked for once, not once for each `<!--`.

use std::ops::ControlFlow;

use super::error::FormatError;
use super::input::{Input, location_in};
use super::xml::Mistake;
use super::{Record, excerpt};
use crate::diagnostic::{Diagnostic, Location};

/// The most bytes of a unit, in UTF-8.
pub(super) const UNIT_LIMIT: usize = 16 * 1024 * 1024;

/// The elements that a file is cut at, by their names.
pub(super) struct Vocabulary {
    /// What the root may be called.
    pub(super) roots: &'static [&'static str],
    /// What a unit may be called.
    pub(super) units: &'static [&'static str],
    /// What holds the units, and is passed over.
    pub(super) frames: &'static [&'static str],
    /// What stands before the units and is not looked into for them.
    pub(super) header: &'static str,
    /// Other parts of a file, which are left out with a remark.
    pub(super) parts: &'static [&'static str],
    /// What people call a unit, and several.
    pub(super) nouns: (&'static str, &'static str),
    /// What to say of the input of a name whose root is something else, and where.
    pub(super) refusal: fn(String, Location, String) -> FormatError,
}

impl Vocabulary {
    /// The tag that `bytes` begin with, where it is one of those that matter.
    fn tag(&self, bytes: &[u8]) -> Option<Tag> {
        let (name, is_end) = match bytes.strip_prefix(b"</") {
            Some(rest) => (name_at(rest), true),
            None => (name_of(bytes), false),
        };
        let is_in = |names: &[&str]| names.iter().any(|n| n.as_bytes() == name);
        Some(match is_end {
            false if is_in(self.units) => Tag::Unit,
            true if is_in(self.units) => Tag::UnitEnd,
            false if is_in(self.frames) => Tag::Frame,
            true if is_in(self.frames) => Tag::FrameEnd,
            false if is_in(&[self.header]) => Tag::Header,
            false if is_in(self.roots) => Tag::Root,
            true if is_in(self.roots) => Tag::RootEnd,
            _ => return None,
        })
    }
}

/// The name in the start tag that `bytes` begin with; empty where they don't.
fn name_of(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"<").map_or(&[], name_at)
}

fn name_at(bytes: &[u8]) -> &[u8] {
    let ends = |b: &u8| matches!(b, b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r');
    let end = bytes.iter().position(ends).unwrap_or(bytes.len());
    &bytes[..end]
}

pub(super) struct Scanner {
    vocabulary: &'static Vocabulary,
    input: Input,
    buffer: Vec<u8>,
    /// What lies before it in `buffer` is done with.
    start: usize,
    /// Bytes done with in all.
    passed: u64,
    location: Location,
    finished: bool,
    closed: bool,
    /// The name of the root.
    root: &'static str,
    searches: [Search; 3],
}

/// Takes records of units of any kind.
pub(super) type AnySink<'a, U> = dyn FnMut(Record<U>) -> ControlFlow<()> + 'a;

/// The text of a unit, from its `<` to its `>`, with its place.
#[derive(Clone, Copy)]
pub(super) struct UnitText<'t> {
    pub(super) text: &'t str,
    pub(super) location: Location,
}

impl UnitText<'_> {
    /// The unit, rejected for something at its beginning.
    pub(super) fn rejected<U>(&self, message: impl Into<String>) -> Record<U> {
        rejected(self.location, message, self.text.as_bytes())
    }

    /// The unit, rejected for a mistake in it.
    pub(super) fn mistaken<U>(&self, mistake: Mistake) -> Record<U> {
        let offset = mistake.offset.min(self.text.len());
        let before = &self.text[..self.text.floor_char_boundary(offset)];
        let place = location_in(before, self.location);
        rejected(place, mistake.message, self.text.as_bytes())
    }
}

fn rejected<U>(location: Location, message: impl Into<String>, bytes: &[u8]) -> Record<U> {
    Record::Rejected {
        diagnostic: Diagnostic::error(location, message),
        raw: excerpt(bytes),
    }
}

/// What stands between two units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Unit(UnitEnd),
    /// Text that belongs to no unit.
    Stray,
    /// The end of the file; whether the end of its root was seen.
    End {
        closed: bool,
    },
}

/// How a unit ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UnitEnd {
    /// With its end tag, or as an empty element.
    Closed,
    /// With the beginning of the next unit, or the end of the body.
    Cut,
    /// With the file.
    File,
    /// It is longer than [`UNIT_LIMIT`].
    TooLong,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tag {
    Unit,
    UnitEnd,
    Frame,
    FrameEnd,
    Root,
    RootEnd,
    Header,
    /// A comment, CDATA section or processing instruction, and where it ends.
    Opaque(usize),
    Other,
}

/// No name of a tag that matters is longer, with what begins and ends it.
const LONGEST_TAG: usize = 24;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Tag(usize, Tag),
    /// Nothing up to the limit.
    TooFar,
    /// Nothing up to the end.
    End,
}

/// A stretch of the file, as offsets from its start, that is known to hold no end of an opaque part.
#[derive(Clone, Copy, Default)]
struct Search {
    from: u64,
    until: u64,
}

impl Scanner {
    pub(super) fn new(input: Input, vocabulary: &'static Vocabulary) -> Self {
        Self {
            vocabulary,
            input,
            buffer: Vec::new(),
            start: 0,
            passed: 0,
            location: Location { line: 1, column: 1 },
            finished: false,
            closed: false,
            root: vocabulary.roots[0],
            searches: [Search::default(); 3],
        }
    }

    /// Hands each unit that is whole to `unit`, behind the prolog, and what is no unit to `sink`. Returns how many units
    /// there are, whole or not.
    ///
    /// # Errors
    /// The input can't be read to its end.
    pub(super) fn for_each_unit<U>(
        mut self,
        sink: &mut AnySink<'_, U>,
        mut unit: impl FnMut(UnitText<'_>, &mut AnySink<'_, U>) -> ControlFlow<()>,
    ) -> Result<u64, FormatError> {
        let (noun, nouns) = self.vocabulary.nouns;
        let mut units = 0;
        loop {
            let (piece, len) = self.next()?;
            units += u64::from(matches!(piece, Piece::Unit(_)));
            let location = self.location;
            let bytes = self.bytes(len);
            let mut reject = |message: String| sink(rejected(location, message, bytes));
            let flow = match piece {
                Piece::End { closed: true } => return Ok(units),
                Piece::End { closed: false } => {
                    let message = format!(
                        "the file ends without `</{}>`; {nouns} may be missing",
                        self.root
                    );
                    let _ = sink(Record::Remark(Diagnostic::warning(location, message)));
                    return Ok(units);
                }
                Piece::Stray => match self.part(bytes) {
                    Some(part) => {
                        let message = format!("what `<{part}>` holds is left out");
                        sink(Record::Remark(Diagnostic::warning(location, message)))
                    }
                    None => reject(format!("text outside of any {noun}")),
                },
                Piece::Unit(UnitEnd::Closed) => match simdutf8::compat::from_utf8(bytes) {
                    Ok(text) => unit(UnitText { text, location }, sink),
                    Err(e) => {
                        // The invariant of `valid_up_to`: the bytes before it are UTF-8.
                        let before = std::str::from_utf8(&bytes[..e.valid_up_to()]);
                        let place = location_in(before.unwrap_or_default(), location);
                        let encoding = self.input.encoding();
                        let message = format!("bytes that are no {encoding} text");
                        sink(rejected(place, message, bytes))
                    }
                },
                Piece::Unit(UnitEnd::Cut) => reject(format!("the {noun} is not closed")),
                Piece::Unit(UnitEnd::File) => reject(format!("the file ends inside this {noun}")),
                Piece::Unit(UnitEnd::TooLong) => {
                    reject(format!("the {noun} is longer than {UNIT_LIMIT} bytes"))
                }
            };
            if flow.is_break() {
                return Ok(units);
            }
            self.advance(len);
            if piece == Piece::Unit(UnitEnd::TooLong) {
                self.pass_unit()?;
            }
        }
    }

    /// The name of the other part of a file that `bytes` begin with.
    fn part(&self, bytes: &[u8]) -> Option<&'static str> {
        let mut parts = self.vocabulary.parts.iter().copied();
        parts.find(|part| name_of(bytes) == part.as_bytes())
    }

    /// The first `len` bytes of what is to come.
    fn bytes(&self, len: usize) -> &[u8] {
        &self.rest()[..len]
    }

    /// Passes over `len` bytes.
    fn advance(&mut self, len: usize) {
        let bytes = &self.buffer[self.start..self.start + len];
        let is_char = |b: &&u8| **b & 0xC0 != 0x80;
        match memchr::memrchr(b'\n', bytes) {
            Some(last) => {
                self.location.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
                self.location.column = 1 + bytes[last + 1..].iter().filter(is_char).count() as u64;
            }
            None => self.location.column += bytes.iter().filter(is_char).count() as u64,
        }
        self.start += len;
        self.passed += len as u64;
    }

    /// Passes the XML declaration, the document type, the root's start tag and the header, up to the body. Returns the
    /// header's start tag, where there is one.
    ///
    /// # Errors
    /// The root is another, or the input can't be read.
    pub(super) fn prolog(&mut self) -> Result<Option<String>, FormatError> {
        self.root()?;
        let mut header = None;
        loop {
            match self.find_tag(0)? {
                Found::End => return Ok(header),
                Found::TooFar => self.advance(UNIT_LIMIT),
                Found::Tag(at, Tag::Unit | Tag::FrameEnd | Tag::RootEnd) => {
                    self.advance(at);
                    return Ok(header);
                }
                Found::Tag(at, Tag::Frame) => {
                    self.advance(at);
                    self.pass_tag()?;
                    return Ok(header);
                }
                Found::Tag(at, Tag::Header) => {
                    self.advance(at);
                    if let Some((end, _)) = self.tag_end()? {
                        header = std::str::from_utf8(self.bytes(end)).ok().map(str::to_owned);
                    }
                    self.pass_tag()?;
                }
                Found::Tag(_, Tag::Opaque(end)) => self.advance(end),
                Found::Tag(at, _) => self.advance(at + 1),
            }
        }
    }

    fn root(&mut self) -> Result<(), FormatError> {
        loop {
            self.skip_space()?;
            self.need(10)?;
            match self.rest() {
                [] => return Err(self.refused("nothing".to_owned())),
                [b'<', b'!', b'D' | b'd', ..] => self.pass_doctype()?,
                [b'<', ..] => match self.tag_at(0)? {
                    Tag::Opaque(end) => self.advance(end),
                    Tag::Root => {
                        let name = name_of(self.rest());
                        let mut roots = self.vocabulary.roots.iter();
                        if let Some(root) = roots.find(|root| root.as_bytes() == name) {
                            self.root = root;
                        }
                        return self.pass_tag();
                    }
                    _ => {
                        let tag = self.rest().split_inclusive(|b| *b == b'>').next();
                        let tag = tag.unwrap_or_default();
                        let shown = String::from_utf8_lossy(&tag[..tag.len().min(40)]);
                        return Err(self.refused(format!("`{}`", shown.escape_debug())));
                    }
                },
                _ => return Err(self.refused("text".to_owned())),
            }
        }
    }

    fn refused(&self, found: String) -> FormatError {
        let name = self.input.name().to_owned();
        (self.vocabulary.refusal)(name, self.location, found)
    }

    /// The next piece and its length; it begins at [`Scanner::location`], and is to be passed with
    /// [`Scanner::advance`].
    fn next(&mut self) -> Result<(Piece, usize), FormatError> {
        loop {
            self.skip_space()?;
            match self.rest() {
                [] => {
                    let closed = self.closed;
                    return Ok((Piece::End { closed }, 0));
                }
                [b'<', ..] => match self.tag_at(0)? {
                    Tag::Opaque(end) => self.advance(end),
                    Tag::Frame | Tag::FrameEnd => self.pass_tag()?,
                    Tag::RootEnd => {
                        self.closed = true;
                        self.pass_tag()?;
                    }
                    Tag::Unit => {
                        let (end, len) = self.unit()?;
                        return Ok((Piece::Unit(end), len));
                    }
                    Tag::UnitEnd | Tag::Header | Tag::Root | Tag::Other => {
                        return self.stray();
                    }
                },
                _ => return self.stray(),
            }
        }
    }

    /// Passes what is left of a unit that is too long.
    fn pass_unit(&mut self) -> Result<(), FormatError> {
        loop {
            match self.find_tag(0)? {
                Found::End => {
                    let rest = self.rest().len();
                    self.advance(rest);
                    return Ok(());
                }
                Found::TooFar => self.advance(UNIT_LIMIT),
                Found::Tag(at, Tag::UnitEnd) => {
                    self.advance(at);
                    return self.pass_tag();
                }
                Found::Tag(at, Tag::Unit | Tag::FrameEnd | Tag::RootEnd) => {
                    self.advance(at);
                    return Ok(());
                }
                Found::Tag(_, Tag::Opaque(end)) => self.advance(end),
                Found::Tag(at, _) => self.advance(at + 1),
            }
        }
    }

    fn unit(&mut self) -> Result<(UnitEnd, usize), FormatError> {
        let mut from = match self.tag_end()? {
            Some((end, true)) => return Ok((UnitEnd::Closed, end)),
            Some((end, false)) => end,
            None => 1,
        };
        loop {
            match self.find_tag(from)? {
                Found::End => return Ok((UnitEnd::File, self.rest().len())),
                Found::TooFar => return Ok((UnitEnd::TooLong, UNIT_LIMIT)),
                Found::Tag(at, Tag::UnitEnd) => {
                    let end = self.find_byte(b'>', at)?;
                    return Ok(match end {
                        Some(end) => (UnitEnd::Closed, end + 1),
                        None => (UnitEnd::File, self.rest().len()),
                    });
                }
                Found::Tag(at, Tag::Unit | Tag::FrameEnd | Tag::RootEnd) => {
                    return Ok((UnitEnd::Cut, at));
                }
                Found::Tag(_, Tag::Opaque(end)) => from = end,
                Found::Tag(at, _) => from = at + 1,
            }
        }
    }

    fn stray(&mut self) -> Result<(Piece, usize), FormatError> {
        let mut from = 1;
        let len = loop {
            match self.find_tag(from)? {
                Found::End => break self.rest().len(),
                Found::TooFar => break UNIT_LIMIT,
                Found::Tag(at, Tag::Unit | Tag::FrameEnd | Tag::RootEnd) => break at,
                Found::Tag(_, Tag::Opaque(end)) => from = end,
                Found::Tag(at, _) => from = at + 1,
            }
        };
        Ok((Piece::Stray, len))
    }

    fn rest(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Reads on; `false` at the end.
    fn more(&mut self) -> Result<bool, FormatError> {
        if self.finished {
            return Ok(false);
        }
        // Only once it is worth moving what is left.
        if 2 * self.start >= self.buffer.len() {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.finished = !self.input.fill(&mut self.buffer)?;
        Ok(!self.finished)
    }

    /// Sees to it that `len` bytes are there, unless the file ends before.
    fn need(&mut self, len: usize) -> Result<(), FormatError> {
        while self.rest().len() < len && self.more()? {}
        Ok(())
    }

    fn skip_space(&mut self) -> Result<(), FormatError> {
        loop {
            let rest = self.rest();
            let space = rest.len() - rest.trim_ascii_start().len();
            self.advance(space);
            if !self.rest().is_empty() || !self.more()? {
                return Ok(());
            }
        }
    }

    /// The next `byte` from an offset on, not farther than the limit behind it.
    fn find_byte(&mut self, byte: u8, from: usize) -> Result<Option<usize>, FormatError> {
        let mut at = from;
        loop {
            let rest = self.rest();
            if let Some(found) = memchr::memchr(byte, &rest[at.min(rest.len())..]) {
                return Ok(Some(at + found));
            }
            at = rest.len().max(at);
            if at > from + UNIT_LIMIT || !self.more()? {
                return Ok(None);
            }
        }
    }

    /// The next tag from an offset on.
    fn find_tag(&mut self, from: usize) -> Result<Found, FormatError> {
        let mut at = from;
        loop {
            let rest = self.rest();
            if let Some(found) = memchr::memchr(b'<', &rest[at.min(rest.len())..]) {
                let at = at + found;
                if at >= UNIT_LIMIT {
                    return Ok(Found::TooFar);
                }
                return Ok(Found::Tag(at, self.tag_at(at)?));
            }
            at = rest.len().max(at);
            if at >= UNIT_LIMIT {
                // An opaque part may end behind what is there.
                self.need(UNIT_LIMIT)?;
                return Ok(Found::TooFar);
            }
            if !self.more()? {
                return Ok(Found::End);
            }
        }
    }

    /// The tag that begins with the `<` at an offset.
    fn tag_at(&mut self, at: usize) -> Result<Tag, FormatError> {
        self.need(at + LONGEST_TAG)?;
        let rest = &self.rest()[at..];
        let opaque: &[(&[u8], &[u8])] =
            &[(b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>")];
        for (kind, (begin, end)) in opaque.iter().enumerate() {
            if rest.starts_with(begin) {
                let found = self.find_end(kind, end, at + begin.len())?;
                return Ok(found.map_or(Tag::Other, Tag::Opaque));
            }
        }
        Ok(self.vocabulary.tag(rest).unwrap_or(Tag::Other))
    }

    /// The offset behind the next `end`, not farther than [`UNIT_LIMIT`] behind `from`.
    fn find_end(
        &mut self,
        kind: usize,
        end: &[u8],
        from: usize,
    ) -> Result<Option<usize>, FormatError> {
        let absolute = self.passed + from as u64;
        let search = self.searches[kind];
        let mut at = from;
        if (search.from..=search.until).contains(&absolute) {
            at = at.max((search.until - self.passed) as usize);
        }
        loop {
            let rest = self.rest();
            if let Some(found) = memchr::memmem::find(&rest[at.min(rest.len())..], end) {
                return Ok(Some(at + found + end.len()));
            }
            // The end may have begun in the last bytes that are there.
            at = at.max(rest.len().saturating_sub(end.len() - 1));
            if at > from + UNIT_LIMIT || !self.more()? {
                self.searches[kind] = Search {
                    from: absolute,
                    until: self.passed + at as u64,
                };
                return Ok(None);
            }
        }
    }

    /// Where the tag at the next byte ends, and whether it is an empty element. `None` where a `<` comes before its
    /// `>`, which no tag may hold.
    fn tag_end(&mut self) -> Result<Option<(usize, bool)>, FormatError> {
        let mut at = 1;
        let mut quote = None;
        loop {
            while let Some(&byte) = self.rest().get(at) {
                match (byte, quote) {
                    (b'<', _) => return Ok(None),
                    (b'>', None) => return Ok(Some((at + 1, self.rest()[at - 1] == b'/'))),
                    (b'"' | b'\'', None) => quote = Some(byte),
                    (byte, Some(open)) if byte == open => quote = None,
                    _ => {}
                }
                at += 1;
            }
            if at >= UNIT_LIMIT || !self.more()? {
                return Ok(None);
            }
        }
    }

    fn pass_tag(&mut self) -> Result<(), FormatError> {
        let end = self.tag_end()?.map_or(1, |(end, _)| end);
        self.advance(end);
        Ok(())
    }

    /// Passes `<!DOCTYPE …>`, whose internal subset may hold quotes, comments and declarations.
    fn pass_doctype(&mut self) -> Result<(), FormatError> {
        let (mut at, mut depth) = (1, 1_usize);
        let mut quote = None;
        loop {
            self.need(at + 4)?;
            let Some(&byte) = self.rest().get(at) else {
                return Err(self.refused("an unclosed document type".to_owned()));
            };
            if at >= UNIT_LIMIT {
                return Err(FormatError::TooLong {
                    name: self.input.name().to_owned(),
                    what: "the document type",
                    limit: UNIT_LIMIT,
                });
            }
            match (byte, quote) {
                (b'<', None) => match self.tag_at(at)? {
                    Tag::Opaque(end) => {
                        at = end;
                        continue;
                    }
                    _ => depth += 1,
                },
                (b'>', None) => depth -= 1,
                (b'"' | b'\'', None) => quote = Some(byte),
                (byte, Some(open)) if byte == open => quote = None,
                _ => {}
            }
            at += 1;
            if depth == 0 {
                self.advance(at);
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tmx::VOCABULARY;
    use super::*;

    fn pieces(text: &str) -> Vec<String> {
        let input = Input::from_reader("x", std::io::Cursor::new(text.to_owned())).unwrap();
        let mut scanner = Scanner::new(input, &VOCABULARY);
        scanner.prolog().unwrap();
        let mut pieces = Vec::new();
        loop {
            let (piece, len) = scanner.next().unwrap();
            let bytes = String::from_utf8_lossy(scanner.bytes(len)).into_owned();
            let location = scanner.location;
            scanner.advance(len);
            match piece {
                Piece::End { closed } => {
                    pieces.push(format!("end {closed}"));
                    return pieces;
                }
                Piece::Stray => pieces.push(format!("{location} stray {bytes}")),
                Piece::Unit(end) => pieces.push(format!("{location} {end:?} {bytes}")),
            }
        }
    }

    #[test]
    fn units_are_cut_where_they_begin_and_end() {
        let text = "<?xml version='1.0'?>\n<!DOCTYPE tmx [<!ENTITY a '<tu>'> <!-- don't -->]>\n<tmx version='1.4'>\
                    <header srclang='en'><note><!-- <tu> --></note></header><body>\n<tu a='>'><tuv/></tu >كتاب <tu>\n\
                    <tu/> <!-- <tu></tu> --> <tu><![CDATA[</tu>]]></tu></tu></body></tmx>\n";
        assert_eq!(
            pieces(text),
            [
                "4:1 Closed <tu a='>'><tuv/></tu >",
                "4:23 stray كتاب ",
                "4:28 Cut <tu>\n",
                "5:1 Closed <tu/>",
                "5:26 Closed <tu><![CDATA[</tu>]]></tu>",
                "5:52 stray </tu>",
                "end true"
            ]
        );
    }

    #[test]
    fn what_is_not_closed_costs_only_itself() {
        assert_eq!(
            pieces("<tmx><body><tu><!-- x</tu><tu a='b>y</tu><tu>z"),
            [
                "1:12 Closed <tu><!-- x</tu>",
                "1:27 Closed <tu a='b>y</tu>",
                "1:42 File <tu>z",
                "end false"
            ]
        );
    }

    #[test]
    fn a_root_that_is_not_tmx_is_refused() {
        for (text, found) in [
            ("", "nothing"),
            ("plain", "text"),
            ("<html lang=\"ar\"><body>", "`<html lang=\\\"ar\\\">`"),
            ("<!DOCTYPE tmx [", "an unclosed document type"),
            ("<tmxx>", "`<tmxx>`"),
        ] {
            let input = Input::from_reader("x", text.as_bytes()).unwrap();
            match Scanner::new(input, &VOCABULARY).prolog() {
                Err(FormatError::NotTmx { found: told, .. }) => assert_eq!(told, found),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn many_unclosed_comments_are_searched_once() {
        // Searched from each anew, they would take minutes.
        let text = format!("<tmx><body>{}", "<tu><!-- </tu>".repeat(200_000));
        assert_eq!(pieces(&text).len(), 200_001);
    }
}
