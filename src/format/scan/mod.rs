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

mod cursor;
mod vocabulary;

use std::ops::ControlFlow;

use self::cursor::{Cursor, Opaque};
pub(super) use self::vocabulary::Vocabulary;
use self::vocabulary::{LONGEST_TAG, Tag, name_of};
use super::error::FormatError;
use super::input::{Input, location_in};
use super::xml::Mistake;
use super::{Record, excerpt};
use crate::diagnostic::{Diagnostic, Location};

/// The most bytes of a unit, in UTF-8.
pub(super) const UNIT_LIMIT: usize = 16 * 1024 * 1024;

pub(super) struct Scanner {
    vocabulary: &'static Vocabulary,
    cursor: Cursor,
    closed: bool,
    /// The name of the root.
    root: &'static str,
}

/// A tag of a header or in it, from its `<` to its `>`, with its place.
#[derive(Debug)]
pub(super) struct HeaderTag {
    pub(super) text: String,
    pub(super) location: Location,
}

impl HeaderTag {
    /// The name of the element that it begins; empty for an end tag.
    pub(super) fn name(&self) -> &str {
        let name = name_of(self.text.as_bytes());
        std::str::from_utf8(name).unwrap_or_default()
    }

    /// The tag on one line, and not all of a long one.
    pub(super) fn line(&self) -> String {
        let mut line = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.len() > SHOWN_TAG {
            line.truncate(line.floor_char_boundary(SHOWN_TAG));
            line.push('…');
        }
        line
    }
}

/// How many bytes of a tag are shown.
const SHOWN_TAG: usize = 80;

/// The most tags of a header that are handed out.
const HEADER_TAGS: usize = 1000;

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
enum Found {
    Tag(usize, Tag),
    /// Nothing up to the limit.
    TooFar,
    /// Nothing up to the end.
    End,
}

impl Scanner {
    pub(super) fn new(input: Input, vocabulary: &'static Vocabulary) -> Self {
        Self {
            vocabulary,
            cursor: Cursor::new(input),
            closed: false,
            root: vocabulary.roots[0],
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
            let location = self.cursor.location();
            let bytes = self.cursor.bytes(len);
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
                        let encoding = self.cursor.input().encoding();
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
            self.cursor.advance(len);
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

    /// Passes the XML declaration, the document type, the root's start tag and the header, up to the body. Returns the
    /// tags of the header and in it, from its start tag on; none where there is no header.
    ///
    /// # Errors
    /// The root is another, or the input can't be read.
    pub(super) fn prolog(&mut self) -> Result<Vec<HeaderTag>, FormatError> {
        self.root()?;
        let mut tags = Vec::new();
        loop {
            match self.find_tag(0)? {
                Found::End => return Ok(tags),
                Found::TooFar => self.cursor.advance(UNIT_LIMIT),
                Found::Tag(at, Tag::Unit | Tag::FrameEnd | Tag::RootEnd) => {
                    self.cursor.advance(at);
                    return Ok(tags);
                }
                Found::Tag(at, Tag::Frame) => {
                    self.cursor.advance(at);
                    self.cursor.pass_tag()?;
                    return Ok(tags);
                }
                Found::Tag(_, Tag::Opaque(end)) => self.cursor.advance(end),
                Found::Tag(at, tag) => {
                    self.cursor.advance(at);
                    if tag == Tag::Header || (1..HEADER_TAGS).contains(&tags.len()) {
                        tags.extend(self.header_tag()?);
                    }
                    self.cursor.pass_tag()?;
                }
            }
        }
    }

    /// The tag at the next byte, where it is one.
    fn header_tag(&mut self) -> Result<Option<HeaderTag>, FormatError> {
        let Some((end, _)) = self.cursor.tag_end()? else {
            return Ok(None);
        };
        let text = std::str::from_utf8(self.cursor.bytes(end)).ok();
        Ok(text.map(|text| HeaderTag {
            text: text.to_owned(),
            location: self.cursor.location(),
        }))
    }

    fn root(&mut self) -> Result<(), FormatError> {
        loop {
            self.cursor.skip_space()?;
            self.cursor.need(10)?;
            match self.cursor.rest() {
                [] => return Err(self.refused("nothing".to_owned())),
                [b'<', b'!', b'D' | b'd', ..] => self.pass_doctype()?,
                [b'<', ..] => match self.tag_at(0)? {
                    Tag::Opaque(end) => self.cursor.advance(end),
                    Tag::Root => {
                        let name = name_of(self.cursor.rest());
                        let mut roots = self.vocabulary.roots.iter();
                        if let Some(root) = roots.find(|root| root.as_bytes() == name) {
                            self.root = root;
                        }
                        return self.cursor.pass_tag();
                    }
                    _ => {
                        let tag = self.cursor.rest().split_inclusive(|b| *b == b'>').next();
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
        let name = self.cursor.input().name().to_owned();
        (self.vocabulary.refusal)(name, self.cursor.location(), found)
    }

    /// The next piece and its length; it begins at [`Cursor::location`], and is to be passed with
    /// [`Cursor::advance`].
    fn next(&mut self) -> Result<(Piece, usize), FormatError> {
        loop {
            self.cursor.skip_space()?;
            match self.cursor.rest() {
                [] => {
                    let closed = self.closed;
                    return Ok((Piece::End { closed }, 0));
                }
                [b'<', ..] => match self.tag_at(0)? {
                    Tag::Opaque(end) => self.cursor.advance(end),
                    Tag::Frame | Tag::FrameEnd => self.cursor.pass_tag()?,
                    Tag::RootEnd => {
                        self.closed = true;
                        self.cursor.pass_tag()?;
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
                    let rest = self.cursor.rest().len();
                    self.cursor.advance(rest);
                    return Ok(());
                }
                Found::TooFar => self.cursor.advance(UNIT_LIMIT),
                Found::Tag(at, Tag::UnitEnd) => {
                    self.cursor.advance(at);
                    return self.cursor.pass_tag();
                }
                Found::Tag(at, Tag::Unit | Tag::FrameEnd | Tag::RootEnd) => {
                    self.cursor.advance(at);
                    return Ok(());
                }
                Found::Tag(_, Tag::Opaque(end)) => self.cursor.advance(end),
                Found::Tag(at, _) => self.cursor.advance(at + 1),
            }
        }
    }

    fn unit(&mut self) -> Result<(UnitEnd, usize), FormatError> {
        let mut from = match self.cursor.tag_end()? {
            Some((end, true)) => return Ok((UnitEnd::Closed, end)),
            Some((end, false)) => end,
            None => 1,
        };
        loop {
            match self.find_tag(from)? {
                Found::End => return Ok((UnitEnd::File, self.cursor.rest().len())),
                Found::TooFar => return Ok((UnitEnd::TooLong, UNIT_LIMIT)),
                Found::Tag(at, Tag::UnitEnd) => {
                    let end = self.cursor.find_byte(b'>', at)?;
                    return Ok(match end {
                        Some(end) => (UnitEnd::Closed, end + 1),
                        None => (UnitEnd::File, self.cursor.rest().len()),
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
                Found::End => break self.cursor.rest().len(),
                Found::TooFar => break UNIT_LIMIT,
                Found::Tag(at, Tag::Unit | Tag::FrameEnd | Tag::RootEnd) => break at,
                Found::Tag(_, Tag::Opaque(end)) => from = end,
                Found::Tag(at, _) => from = at + 1,
            }
        };
        Ok((Piece::Stray, len))
    }

    /// The next tag from an offset on.
    fn find_tag(&mut self, from: usize) -> Result<Found, FormatError> {
        let mut at = from;
        loop {
            let rest = self.cursor.rest();
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
                self.cursor.need(UNIT_LIMIT)?;
                return Ok(Found::TooFar);
            }
            if !self.cursor.more()? {
                return Ok(Found::End);
            }
        }
    }

    /// The tag that begins with the `<` at an offset.
    fn tag_at(&mut self, at: usize) -> Result<Tag, FormatError> {
        self.cursor.need(at + LONGEST_TAG)?;
        Ok(match self.cursor.opaque_at(at)? {
            Opaque::Until(end) => Tag::Opaque(end),
            Opaque::Unclosed => Tag::Other,
            Opaque::No => {
                let tag = self.vocabulary.tag(&self.cursor.rest()[at..]);
                tag.unwrap_or(Tag::Other)
            }
        })
    }

    /// Passes `<!DOCTYPE …>`, whose internal subset may hold quotes, comments and declarations.
    fn pass_doctype(&mut self) -> Result<(), FormatError> {
        let (mut at, mut depth) = (1, 1_usize);
        let mut quote = None;
        loop {
            self.cursor.need(at + 4)?;
            let Some(&byte) = self.cursor.rest().get(at) else {
                return Err(self.refused("an unclosed document type".to_owned()));
            };
            if at >= UNIT_LIMIT {
                return Err(FormatError::TooLong {
                    name: self.cursor.input().name().to_owned(),
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
                self.cursor.advance(at);
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
            let bytes = String::from_utf8_lossy(scanner.cursor.bytes(len)).into_owned();
            let location = scanner.cursor.location();
            scanner.cursor.advance(len);
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
