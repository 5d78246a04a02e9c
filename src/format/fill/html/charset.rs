//! The encoding of an HTML file, told as browsers do: a byte order mark, else what a `meta` among the first
//! [`PRESCAN_BYTES`] or an XML declaration names, else UTF-8.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

use crate::diagnostic::Location;
use crate::format::FormatError;
use crate::format::input::location_in;

/// How far into a file its `meta` is looked for
/// ([HTML](https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding)).
pub const PRESCAN_BYTES: usize = 1024;

/// An encoding, and whether a byte order mark says so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Charset {
    encoding: &'static Encoding,
    mark: bool,
}

impl Charset {
    fn of(bytes: &[u8]) -> Self {
        if let Some((encoding, _)) = Encoding::for_bom(bytes) {
            return Self {
                encoding,
                mark: true,
            };
        }
        let head = &bytes[..bytes.len().min(PRESCAN_BYTES)];
        let encoding = declared(head).map_or(UTF_8, |encoding| {
            // What could be read byte by byte is not UTF-16, whatever it says.
            if encoding == UTF_16LE || encoding == UTF_16BE {
                UTF_8
            } else if encoding == X_USER_DEFINED {
                WINDOWS_1252
            } else {
                encoding
            }
        });
        Self {
            encoding,
            mark: false,
        }
    }

    /// The text of `bytes` without a byte order mark, and the encoding in which [`Charset::encode`] gives the same bytes
    /// again.
    ///
    /// # Errors
    /// [`FormatError::NotText`]; [`FormatError::IllFormed`] where the bytes could not be written again.
    pub(super) fn decode(bytes: Vec<u8>, name: &str) -> Result<(String, Self), FormatError> {
        let charset = Self::of(&bytes);
        if charset.encoding == UTF_8 && !charset.mark {
            return match String::from_utf8(bytes) {
                Ok(text) => Ok((text, charset)),
                Err(e) => Err(charset.not_text(name, e.as_bytes(), e.utf8_error().valid_up_to())),
            };
        }
        let (text, malformed) = charset.encoding.decode_with_bom_removal(&bytes);
        if malformed {
            return Err(charset.not_text(name, &bytes, 0));
        }
        let text = text.into_owned();
        if charset.encode(&text) != bytes {
            return Err(FormatError::IllFormed {
                name: name.to_owned(),
                location: Location { line: 1, column: 1 },
                message: format!(
                    "it has bytes that {} could not be written with again; convert it to UTF-8",
                    charset.encoding.name()
                ),
            });
        }
        Ok((text, charset))
    }

    fn not_text(self, name: &str, bytes: &[u8], valid: usize) -> FormatError {
        // Single-byte encodings have no malformed sequences but unassigned bytes, which are found one by one.
        let valid = (valid..bytes.len())
            .find(|end| {
                let step = &bytes[*end..(*end + 4).min(bytes.len())];
                self.encoding.is_single_byte()
                    && self.encoding.decode_without_bom_handling(&step[..1]).1
            })
            .unwrap_or(valid);
        let (before, _) = self.encoding.decode_without_bom_handling(&bytes[..valid]);
        FormatError::NotText {
            name: name.to_owned(),
            encoding: self.encoding.name(),
            byte: valid as u64,
            location: location_in(&before, Location { line: 1, column: 1 }),
        }
    }

    /// `text` in this encoding, with its byte order mark; what it can't hold becomes a character reference.
    pub(super) fn encode(self, text: &str) -> Vec<u8> {
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

/// The encoding that a `meta` or an XML declaration names.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = head.to_ascii_lowercase();
    let label_behind = |key: &[u8], from: &[u8]| {
        let value = from[memchr::memmem::find(from, key)? + key.len()..].trim_ascii_start();
        let value = value.strip_prefix(b"=")?.trim_ascii_start();
        let value = value.trim_ascii_start();
        let value = match value {
            [b'"' | b'\'', rest @ ..] => rest,
            _ => value,
        };
        let end = value.iter().position(|b| {
            matches!(b, b'"' | b'\'' | b';' | b'>' | b'/') || b.is_ascii_whitespace()
        })?;
        Encoding::for_label_no_replacement(&value[..end])
    };
    if let Some(declaration) = head.strip_prefix(b"<?xml") {
        let end = memchr::memmem::find(declaration, b"?>")?;
        if let Some(encoding) = label_behind(b"encoding", &declaration[..end + 1]) {
            return Some(encoding);
        }
    }
    memchr::memmem::find_iter(&head, b"<meta").find_map(|at| {
        let tag = &head[at..];
        let end = memchr::memchr(b'>', tag)?;
        label_behind(b"charset", &tag[..=end])
    })
}
