//! A text file with its encoding: decoded as a whole, spliced, and encoded again.
//!
//! Invariants: without edits the bytes come back as they were; with edits all other characters do, byte order mark and
//! line ends with them. Cost: linear; the text is held once, the file's bytes are not.

use std::borrow::Cow;
use std::io::Write;
use std::ops::Range;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::encoding::sniff;
use super::error::FormatError;
use super::input::location_in;
use crate::diagnostic::Location;

/// How the characters of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// As the WHATWG Encoding Standard has it.
    Known(&'static Encoding),
    /// ISO-8859-1 proper, in which each byte is the character of its number.
    Latin1,
}

impl Charset {
    pub(super) const UTF_8: Self = Self::Known(UTF_8);

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Known(encoding) => encoding.name(),
            Self::Latin1 => "ISO-8859-1",
        }
    }

    fn is_utf_16(self) -> bool {
        self == Self::Known(UTF_16LE) || self == Self::Known(UTF_16BE)
    }

    /// The text, or how many bytes of `bytes` are text in front of the first that is none.
    fn decode(self, bytes: &[u8]) -> Result<String, usize> {
        match self {
            Self::Latin1 => Ok(bytes.iter().map(|byte| char::from(*byte)).collect()),
            Self::Known(encoding) if encoding == UTF_8 => std::str::from_utf8(bytes)
                .map(str::to_owned)
                .map_err(|e| e.valid_up_to()),
            Self::Known(encoding) => encoding
                .decode_without_bom_handling_and_without_replacement(bytes)
                .map(Cow::into_owned)
                .ok_or_else(|| good_bytes(encoding, bytes)),
        }
    }

    /// The bytes of a text, or its first character that the encoding doesn't have.
    pub(super) fn encode(self, text: &str) -> Result<Vec<u8>, char> {
        match self {
            Self::Latin1 => text
                .chars()
                .map(|c| u8::try_from(c).map_err(|_| c))
                .collect(),
            Self::Known(encoding) if encoding == UTF_16LE => {
                Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect())
            }
            Self::Known(encoding) if encoding == UTF_16BE => {
                Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect())
            }
            Self::Known(encoding) => match encoding.encode(text) {
                (bytes, _, false) => Ok(bytes.into_owned()),
                _ => Err(text
                    .chars()
                    .find(|c| encoding.encode(c.encode_utf8(&mut [0; 4])).2)
                    .unwrap_or(char::REPLACEMENT_CHARACTER)),
            },
        }
    }
}

/// The encoding of an XML file that has no byte order mark: the declared one, else UTF-8.
///
/// # Errors
/// The encoding's name, where it is not known.
pub(super) fn declared_charset(bytes: &[u8]) -> Result<Charset, String> {
    sniff(bytes).map(|(encoding, _)| Charset::Known(encoding))
}

/// How many bytes can be decoded in front of the first that can't.
fn good_bytes(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    use encoding_rs::DecoderResult::{InputEmpty, Malformed, OutputFull};
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut sink = [0; 4096];
    let mut read = 0;
    loop {
        let (result, taken, _) =
            decoder.decode_to_utf8_without_replacement(&bytes[read..], &mut sink, true);
        read += taken;
        match result {
            OutputFull => {}
            InputEmpty => return read,
            Malformed(bad, behind) => return read.saturating_sub(usize::from(bad + behind)),
        }
    }
}

/// A text file.
#[derive(Debug)]
pub(super) struct EncodedText {
    name: String,
    text: String,
    charset: Charset,
    mark: bool,
}

impl EncodedText {
    /// Decodes a file: by its byte order mark, as UTF-16 where every other of its first bytes is NUL, else as `told`
    /// tells from the bytes.
    ///
    /// # Errors
    /// [`FormatError::NotText`]; [`FormatError::UnsupportedEncoding`] for UTF-32, for what `told` can't name, and for
    /// encodings in which a text has several spellings that this file makes use of.
    pub(super) fn open(
        bytes: &[u8],
        name: &str,
        told: impl FnOnce(&[u8]) -> Result<Charset, String>,
    ) -> Result<Self, FormatError> {
        let unsupported = |encoding: String| FormatError::UnsupportedEncoding {
            name: name.to_owned(),
            encoding,
        };
        let (charset, mark_bytes) = match bytes {
            [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => {
                return Err(unsupported("UTF-32".to_owned()));
            }
            [0xEF, 0xBB, 0xBF, ..] => (Charset::UTF_8, 3),
            [0xFF, 0xFE, ..] => (Charset::Known(UTF_16LE), 2),
            [0xFE, 0xFF, ..] => (Charset::Known(UTF_16BE), 2),
            [1..=0x7F, 0, 1..=0x7F, 0, ..] => (Charset::Known(UTF_16LE), 0),
            [0, 1..=0x7F, 0, 1..=0x7F, ..] => (Charset::Known(UTF_16BE), 0),
            _ => (told(bytes).map_err(unsupported)?, 0),
        };
        let body = &bytes[mark_bytes..];
        let text = charset.decode(body).map_err(|good| {
            let before = charset.decode(&body[..good]).unwrap_or_default();
            FormatError::NotText {
                name: name.to_owned(),
                encoding: charset.name(),
                byte: (mark_bytes + good) as u64,
                location: location_in(&before, Location { line: 1, column: 1 }),
            }
        })?;
        let again = charset == Charset::UTF_8 || charset.encode(&text).as_deref() == Ok(body);
        if !again {
            return Err(unsupported(format!(
                "{} with other spellings",
                charset.name()
            )));
        }
        Ok(Self {
            name: name.to_owned(),
            text,
            charset,
            mark: mark_bytes > 0,
        })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn charset(&self) -> Charset {
        self.charset
    }

    /// Whether the encoding has a character.
    pub(super) fn has(&self, c: char) -> bool {
        self.charset.encode(c.encode_utf8(&mut [0; 4])).is_ok()
    }

    /// The place of a byte of the text.
    pub(super) fn location(&self, at: usize) -> Location {
        let at = self.text.floor_char_boundary(at);
        location_in(&self.text[..at], Location { line: 1, column: 1 })
    }

    /// The line end that the file uses first; LF where it has none.
    pub(super) fn line_end(&self) -> &'static str {
        match self.text.find('\n') {
            Some(at) if self.text[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }

    /// Writes the file with stretches of its text replaced; `edits` are apart from each other and in order. A character
    /// that the encoding doesn't have becomes a numeric reference, as HTML and XML have them; writers of other formats
    /// ask [`Charset::encode`] before. UTF-16 without a byte order mark gets one where its first characters don't tell
    /// it any more.
    ///
    /// # Errors
    /// [`FormatError::Write`].
    pub(super) fn write(
        &self,
        edits: &[(Range<usize>, String)],
        out: &mut dyn Write,
    ) -> Result<(), FormatError> {
        let mut pieces = Vec::with_capacity(2 * edits.len() + 1);
        let mut from = 0;
        for (range, replacement) in edits {
            pieces.extend([&self.text[from..range.start], replacement]);
            from = range.end;
        }
        pieces.push(&self.text[from..]);
        self.write_pieces(&pieces, out)
    }

    /// Writes a text in place of this one, likewise.
    ///
    /// # Errors
    /// [`FormatError::Write`].
    pub(super) fn write_text(&self, text: &str, out: &mut dyn Write) -> Result<(), FormatError> {
        self.write_pieces(&[text], out)
    }

    fn write_pieces(&self, pieces: &[&str], out: &mut dyn Write) -> Result<(), FormatError> {
        let mut first = pieces.iter().flat_map(|piece| piece.chars()).take(2);
        let tells_itself = !self.charset.is_utf_16() || first.all(|c| c.is_ascii());
        let mark = if self.mark || !tells_itself {
            "\u{FEFF}"
        } else {
            ""
        };
        let mut pieces = std::iter::once(&mark).chain(pieces);
        pieces
            .try_for_each(|piece| out.write_all(&self.encoded(piece)))
            .map_err(|source| FormatError::Write {
                name: self.name.clone(),
                source,
            })
    }

    fn encoded<'p>(&self, piece: &'p str) -> Cow<'p, [u8]> {
        if self.charset == Charset::UTF_8 {
            return Cow::Borrowed(piece.as_bytes());
        }
        let bytes = self.charset.encode(piece).unwrap_or_else(|_| {
            let one = |c: char| {
                let encoded = self.charset.encode(c.encode_utf8(&mut [0; 4]));
                encoded.unwrap_or_else(|c| format!("&#{};", u32::from(c)).into_bytes())
            };
            piece.chars().flat_map(one).collect()
        });
        Cow::Owned(bytes)
    }
}

/// Finds the lines and columns of places in a text. Places that come in order cost one way through the text, all of them
/// together; going back begins anew.
#[derive(Debug)]
pub(super) struct LineCounter<'t> {
    text: &'t str,
    at: usize,
    line: u64,
    /// A byte of the line, and its column.
    column: (usize, u64),
}

impl<'t> LineCounter<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            column: (0, 1),
        }
    }

    /// The line of a byte.
    pub(super) fn line(&mut self, at: usize) -> u64 {
        let at = at.min(self.text.len());
        if at < self.at {
            *self = Self::new(self.text);
        }
        let passed = &self.text.as_bytes()[self.at..at];
        if let Some(last) = memchr::memrchr(b'\n', passed) {
            self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
            self.column = (self.at + last + 1, 1);
        }
        self.at = at;
        self.line
    }

    /// The line and the column of a byte.
    pub(super) fn location(&mut self, at: usize) -> Location {
        let line = self.line(self.text.floor_char_boundary(at));
        let (from, column) = self.column;
        let passed = self.text.get(from..self.at).unwrap_or_default();
        self.column = (self.at.max(from), column + passed.chars().count() as u64);
        Location {
            line,
            column: self.column.1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_8(_: &[u8]) -> Result<Charset, String> {
        Ok(Charset::UTF_8)
    }

    #[test]
    fn encodings_and_marks_come_back() {
        let utf16: Vec<u8> = "ab\u{643}"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let mut marked = vec![0xFF, 0xFE];
        marked.extend(&utf16);
        for bytes in [
            "\u{FEFF}نعم\r\n".as_bytes().to_vec(),
            "نعم".as_bytes().to_vec(),
            utf16,
            marked,
        ] {
            let file = EncodedText::open(&bytes, "x", utf_8).unwrap();
            let mut out = Vec::new();
            file.write(&[], &mut out).unwrap();
            assert_eq!(out, bytes);
        }
    }

    #[test]
    fn utf_16_gets_a_mark_where_nothing_else_tells_it() {
        let bytes: Vec<u8> = "ab\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let file = EncodedText::open(&bytes, "x", utf_8).unwrap();
        for (text, has_mark) in [("no\n", false), ("نعم\n", true), ("aك", true)] {
            let mut out = Vec::new();
            file.write(&[(0..3, text.to_owned())], &mut out).unwrap();
            assert_eq!(out.starts_with(&[0xFE, 0xFF]), has_mark, "{text}");
            assert_eq!(EncodedText::open(&out, "x", utf_8).unwrap().text(), text);
        }
    }

    #[test]
    fn places_are_found_in_any_order() {
        let text = "كتاب\nab\n\nنعم";
        let mut counter = LineCounter::new(text);
        for at in [0, 2, 8, 9, 10, 12, 13, 15, 99, 9, 2, 10] {
            let before = &text[..at.min(text.len())];
            let expected = location_in(before, Location { line: 1, column: 1 });
            assert_eq!(counter.location(at), expected, "{at}");
        }
    }

    #[test]
    fn legacy_encodings_are_spliced_and_know_their_limits() {
        let label = |label: &'static str| {
            move |_: &[u8]| {
                let encoding = Encoding::for_label(label.as_bytes());
                encoding.map(Charset::Known).ok_or_else(|| label.to_owned())
            }
        };
        let file = EncodedText::open(&[b'a', 0xDF, b'\n'], "x", label("windows-1256")).unwrap();
        assert_eq!(file.text(), "aك\n");
        let mut out = Vec::new();
        file.write(&[(0..1, "ب".to_owned())], &mut out).unwrap();
        assert_eq!(out, [0xC8, 0xDF, b'\n']);
        assert_eq!(file.charset().encode("نعم 🙂"), Err('🙂'));
        let mut out = Vec::new();
        file.write_text("ب🙂", &mut out).unwrap();
        assert_eq!(out, b"\xC8&#128578;");
        let Err(FormatError::NotText { byte, location, .. }) =
            EncodedText::open(b"ab\nc\xA1", "x", label("iso-8859-6"))
        else {
            panic!()
        };
        assert_eq!((byte, location.to_string().as_str()), (4, "2:2"));
    }
}
