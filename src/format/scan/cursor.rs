//! Reading on in an input that is looked at from a byte on, as far as that needs: the buffer holds what is not passed yet.

use super::super::error::FormatError;
use super::super::input::Input;
use super::UNIT_LIMIT;
use crate::diagnostic::Location;

/// An input and how far it is passed.
pub(super) struct Cursor {
    input: Input,
    buffer: Vec<u8>,
    /// What lies before it in `buffer` is done with.
    start: usize,
    /// Bytes done with in all.
    passed: u64,
    location: Location,
    finished: bool,
    searches: [Search; 3],
}

/// A stretch of the file, as offsets from its start, that is known to hold no end of an opaque part.
#[derive(Clone, Copy, Default)]
struct Search {
    from: u64,
    until: u64,
}

/// Whether a comment, CDATA section or processing instruction begins somewhere.
pub(super) enum Opaque {
    No,
    Unclosed,
    /// Its end, as an offset.
    Until(usize),
}

impl Cursor {
    pub(super) fn new(input: Input) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            start: 0,
            passed: 0,
            location: Location { line: 1, column: 1 },
            finished: false,
            searches: [Search::default(); 3],
        }
    }

    pub(super) fn input(&self) -> &Input {
        &self.input
    }

    /// The place of the next byte.
    pub(super) fn location(&self) -> Location {
        self.location
    }

    /// The first `len` bytes of what is to come.
    pub(super) fn bytes(&self, len: usize) -> &[u8] {
        &self.rest()[..len]
    }

    /// Passes over `len` bytes.
    pub(super) fn advance(&mut self, len: usize) {
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

    /// What is there of what is to come.
    pub(super) fn rest(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Reads on; `false` at the end.
    pub(super) fn more(&mut self) -> Result<bool, FormatError> {
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
    pub(super) fn need(&mut self, len: usize) -> Result<(), FormatError> {
        while self.rest().len() < len && self.more()? {}
        Ok(())
    }

    /// Passes white space.
    pub(super) fn skip_space(&mut self) -> Result<(), FormatError> {
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
    pub(super) fn find_byte(
        &mut self,
        byte: u8,
        from: usize,
    ) -> Result<Option<usize>, FormatError> {
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
    pub(super) fn tag_end(&mut self) -> Result<Option<(usize, bool)>, FormatError> {
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

    /// Passes the tag at the next byte.
    pub(super) fn pass_tag(&mut self) -> Result<(), FormatError> {
        let end = self.tag_end()?.map_or(1, |(end, _)| end);
        self.advance(end);
        Ok(())
    }

    /// What the bytes at an offset begin, of what is not looked into.
    pub(super) fn opaque_at(&mut self, at: usize) -> Result<Opaque, FormatError> {
        let opaque: &[(&[u8], &[u8])] =
            &[(b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>")];
        for (kind, (begin, end)) in opaque.iter().enumerate() {
            if self.rest()[at..].starts_with(begin) {
                let found = self.find_end(kind, end, at + begin.len())?;
                return Ok(found.map_or(Opaque::Unclosed, Opaque::Until));
            }
        }
        Ok(Opaque::No)
    }
}
