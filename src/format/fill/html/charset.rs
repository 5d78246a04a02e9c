//! The encoding of an HTML file without a byte order mark, told as browsers do: what a `meta` among the first
//! [`PRESCAN_BYTES`] or an XML declaration names, else UTF-8.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

use crate::format::encoded::Charset;

/// How far into a file its `meta` is looked for
/// ([HTML](https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding)).
pub const PRESCAN_BYTES: usize = 1024;

/// The encoding that a file names; `None` where it names none.
pub(super) fn named(bytes: &[u8]) -> Option<Charset> {
    let encoding = declared(&bytes[..bytes.len().min(PRESCAN_BYTES)])?;
    // What could be read byte by byte is not UTF-16, whatever it says.
    Some(if encoding == UTF_16LE || encoding == UTF_16BE {
        Charset::UTF_8
    } else if encoding == X_USER_DEFINED {
        Charset::Known(WINDOWS_1252)
    } else {
        Charset::Known(encoding)
    })
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
