//! A text with the encoding that it came in, to be written in it again.

use std::io::Cursor;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::super::encoding::sniff;
use super::super::error::FormatError;
use super::super::input::Input;
use crate::diagnostic::Location;

/// A decoded text.
#[derive(Debug)]
pub(super) struct EncodedText {
    pub(super) text: String,
    encoding: &'static Encoding,
    mark: bool,
}

impl EncodedText {
    /// Decodes `bytes`, which are then what [`EncodedText::encode`] makes of the text.
    ///
    /// # Errors
    /// The encoding isn't known, the bytes aren't text in it or could not be written again as they are, or there are too
    /// many of them.
    pub(super) fn decode(bytes: Vec<u8>, name: &str) -> Result<Self, FormatError> {
        let first = &bytes[..bytes.len().min(256)];
        let (encoding, mark) =
            sniff(first).map_err(|encoding| FormatError::UnsupportedEncoding {
                name: name.to_owned(),
                encoding,
            })?;
        let input = Input::from_reader(name, Cursor::new(bytes.clone()))?;
        let decoded = Self {
            text: input.read_to_string()?,
            encoding,
            mark: mark > 0,
        };
        if encoding != UTF_8 && decoded.encode(&decoded.text) != bytes {
            return Err(FormatError::IllFormed {
                name: name.to_owned(),
                location: Location { line: 1, column: 1 },
                message: format!(
                    "it has bytes that {} could not be written with again; convert it to UTF-8",
                    encoding.name()
                ),
            });
        }
        Ok(decoded)
    }

    /// The bytes of a text that begins as this does. What a single-byte encoding can't hold becomes a character
    /// reference.
    pub(super) fn encode(&self, text: &str) -> Vec<u8> {
        let mark = if self.mark { "\u{FEFF}" } else { "" };
        let units = || mark.encode_utf16().chain(text.encode_utf16());
        if self.encoding == UTF_16LE {
            units().flat_map(u16::to_le_bytes).collect()
        } else if self.encoding == UTF_16BE {
            units().flat_map(u16::to_be_bytes).collect()
        } else if self.encoding == UTF_8 {
            [mark.as_bytes(), text.as_bytes()].concat()
        } else {
            self.encoding.encode(text).0.into_owned()
        }
    }
}
