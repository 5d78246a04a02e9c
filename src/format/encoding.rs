//! Which encoding an input is in, and decoding it to UTF-8 as it is read.
//!
//! Decoding never fails: what the encoding doesn't know becomes a byte that is never part of UTF-8, so that the reader
//! behind finds bad text at its place, in whatever encoding it came.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::input::DynRead;

/// The size of the buffer of decoded bytes.
const BUFFER_BYTES: usize = 64 * 1024;

/// The encoding and the length of its byte order mark; the encoding's name where it can't be decoded.
pub(super) fn sniff(first: &[u8]) -> Result<(&'static Encoding, usize), String> {
    Ok(match first {
        [0xEF, 0xBB, 0xBF, ..] => (UTF_8, 3),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return Err("UTF-32".to_owned()),
        [0xFF, 0xFE, ..] => (UTF_16LE, 2),
        [0xFE, 0xFF, ..] => (UTF_16BE, 2),
        [b'<', 0, 1..=0xFF, 0, ..] => (UTF_16LE, 0),
        [0, b'<', 0, 1..=0xFF, ..] => (UTF_16BE, 0),
        _ => match declared_encoding(first) {
            Some(label) => (
                encoding_of_label(&label)
                    .ok_or_else(|| String::from_utf8_lossy(&label).into_owned())?,
                0,
            ),
            None => (UTF_8, 0),
        },
    })
}

/// The label in an XML declaration, `<?xml version="1.0" encoding="label"?>`.
fn declared_encoding(first: &[u8]) -> Option<Vec<u8>> {
    let declaration = first.strip_prefix(b"<?xml")?;
    let declaration = &declaration[..memchr::memchr(b'>', declaration)?];
    let at = memchr::memmem::find(declaration, b"encoding")?;
    let value = declaration[at + b"encoding".len()..].trim_ascii_start();
    let value = value.strip_prefix(b"=")?.trim_ascii_start();
    let (&quote, value) = value.split_first()?;
    let value = &value[..memchr::memchr(quote, value)?];
    matches!(quote, b'"' | b'\'').then(|| value.trim_ascii().to_vec())
}

/// The encoding that a declaration names. A declaration that could be read byte by byte is not UTF-16, whatever it
/// says; ASCII is taken as UTF-8, which it is a part of.
fn encoding_of_label(label: &[u8]) -> Option<&'static Encoding> {
    if label.eq_ignore_ascii_case(b"us-ascii") || label.eq_ignore_ascii_case(b"ascii") {
        return Some(UTF_8);
    }
    let encoding = Encoding::for_label_no_replacement(label)?;
    Some(if encoding == UTF_16LE || encoding == UTF_16BE {
        UTF_8
    } else {
        encoding
    })
}

/// A reader of UTF-8 behind a byte order mark of `mark_bytes` bytes, at most 3.
pub(super) fn decode(
    mut reader: DynRead,
    encoding: &'static Encoding,
    mark_bytes: usize,
) -> io::Result<DynRead> {
    reader.read_exact(&mut [0; 3][..mark_bytes])?;
    if encoding == UTF_8 {
        return Ok(reader);
    }
    Ok(Box::new(Decoding {
        inner: reader,
        decoder: Some(encoding.new_decoder_without_bom_handling()),
        decoded: vec![0; BUFFER_BYTES].into_boxed_slice(),
        start: 0,
        end: 0,
    }))
}

/// Stands in the decoded bytes for what the encoding doesn't know; never part of UTF-8.
const MALFORMED: u8 = 0xFF;

/// Decodes to UTF-8, with [`MALFORMED`] where that fails.
struct Decoding {
    inner: DynRead,
    /// `None` once it has seen the end.
    decoder: Option<Decoder>,
    decoded: Box<[u8]>,
    start: usize,
    end: usize,
}

impl BufRead for Decoding {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.start == self.end {
            let Some(decoder) = &mut self.decoder else {
                break;
            };
            let encoded = self.inner.fill_buf()?;
            let last = encoded.is_empty();
            let room = self.decoded.len() - 1;
            let (result, read, written) = decoder.decode_to_utf8_without_replacement(
                encoded,
                &mut self.decoded[..room],
                last,
            );
            self.inner.consume(read);
            (self.start, self.end) = (0, written);
            match result {
                DecoderResult::Malformed(..) => {
                    self.decoded[written] = MALFORMED;
                    self.end += 1;
                }
                DecoderResult::InputEmpty if last => self.decoder = None,
                DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
            }
        }
        Ok(&self.decoded[self.start..self.end])
    }

    fn consume(&mut self, amount: usize) {
        self.start += amount;
    }
}

impl Read for Decoding {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

/// How many bytes `text` has in its first encoding. Exact for UTF-8 and UTF-16 and the single-byte encodings.
pub(super) fn encoded_len(text: &str, encoding: &'static Encoding) -> u64 {
    if encoding == UTF_8 {
        text.len() as u64
    } else if encoding == UTF_16LE || encoding == UTF_16BE {
        2 * text.encode_utf16().count() as u64
    } else {
        encoding.encode(text).0.len() as u64
    }
}
