//! Bytes from a file, a pipe or a test, made ready for a reader: decompressed, decoded to UTF-8, counted.
//!
//! What the input is is told from its first bytes, never from its name:
//!
//! | first bytes | taken as |
//! | --- | --- |
//! | `1F 8B` | gzip, any number of members |
//! | `28 B5 2F FD`, `5x 2A 4D 18` | Zstandard, any number of frames |
//! | `EF BB BF` | UTF-8; the mark is dropped |
//! | `FF FE`, `FE FF` | UTF-16, little or big endian; the mark is dropped |
//! | `<` `00` x `00`, `00` `<` `00` x | UTF-16 XML without a mark |
//! | `<?xml … encoding="…"` | that encoding, where [`encoding_rs`] knows it (labels as in the WHATWG Encoding Standard) |
//! | anything else | UTF-8 |
//!
//! Bytes that are no text in their encoding don't end an input. They reach the reader as bytes that are not UTF-8, so
//! that a line with them is rejected with its place and all others come through.

mod lines;

use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::Encoding;

pub use lines::LINE_LIMIT;
pub(super) use lines::{Line, Lines};

use super::encoding;
use super::error::FormatError;
use crate::diagnostic::Location;

/// The most bytes of a text that is taken as a whole by [`Input::read_to_string`].
pub const TEXT_LIMIT: usize = 256 * 1024 * 1024;

/// How many decoded bytes are looked at to tell a format.
const HEAD_BYTES: usize = 4096;

/// How many bytes are looked at to tell an encoding: enough for an XML declaration.
const ENCODING_BYTES: usize = 256;

const BUFFER_BYTES: usize = 64 * 1024;

/// An input, open at its start.
pub struct Input {
    name: String,
    size: Option<u64>,
    consumed: Arc<AtomicU64>,
    encoding: &'static Encoding,
    mark_bytes: u64,
    compressed: bool,
    head: Vec<u8>,
    reader: Box<dyn BufRead + Send>,
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input")
            .field("name", &self.name)
            .field("size", &self.size)
            .field("encoding", &self.encoding.name())
            .field("compressed", &self.compressed)
            .finish_non_exhaustive()
    }
}

impl Input {
    /// Opens a file.
    ///
    /// # Errors
    /// [`FormatError::Open`], [`FormatError::Folder`], and as [`Input::from_reader`].
    pub fn open(path: &Path) -> Result<Self, FormatError> {
        let (file, metadata) = open_file(path)?;
        let mut input = Self::from_reader(path.display().to_string(), file)?;
        input.size = metadata.is_file().then_some(metadata.len());
        Ok(input)
    }

    /// Reads the standard input, named `<stdin>` in messages.
    ///
    /// # Errors
    /// As [`Input::from_reader`].
    pub fn stdin() -> Result<Self, FormatError> {
        Self::from_reader("<stdin>", io::stdin())
    }

    /// Reads from anywhere; `name` stands for it in messages.
    ///
    /// # Errors
    /// [`FormatError::Read`], [`FormatError::Truncated`] and [`FormatError::UnsupportedEncoding`], as far as the first
    /// bytes show them.
    pub fn from_reader(
        name: impl Into<String>,
        reader: impl Read + Send + 'static,
    ) -> Result<Self, FormatError> {
        let name = name.into();
        let consumed = Arc::new(AtomicU64::new(0));
        let metered = Metered {
            inner: reader,
            consumed: Arc::clone(&consumed),
        };
        let mut compressed = false;
        let opened = decompress(
            BufReader::with_capacity(BUFFER_BYTES, metered),
            &mut compressed,
        )
        .and_then(|reader| peek(reader, ENCODING_BYTES));
        let (first, reader) = opened.map_err(|e| read_error(&name, compressed, e))?;
        let (encoding, mark_bytes) = match encoding::sniff(&first) {
            Ok(told) => told,
            Err(encoding) => return Err(FormatError::UnsupportedEncoding { name, encoding }),
        };
        let decoded =
            encoding::decode(reader, encoding, mark_bytes).and_then(|r| peek(r, HEAD_BYTES));
        let (head, reader) = decoded.map_err(|e| read_error(&name, compressed, e))?;
        Ok(Self {
            name,
            size: None,
            consumed,
            encoding,
            mark_bytes: mark_bytes as u64,
            compressed,
            head,
            reader,
        })
    }

    /// What stands for the input in messages: its path, or `<stdin>`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The size in bytes before decompression, where it is a file.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// Bytes taken from the input so far, before decompression; goes on counting while a reader has the input. For a
    /// progress bar next to [`Input::size`].
    pub fn consumed(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.consumed)
    }

    /// The encoding's name, such as `UTF-8` or `UTF-16LE`.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// Whether its first bytes say which encoding it is in, rather than what it is taken for.
    pub(super) fn tells_its_encoding(&self) -> bool {
        self.mark_bytes > 0 || self.encoding != encoding_rs::UTF_8
    }

    /// The first decoded bytes, at most 4096; they are still to be read as well.
    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    /// The lines among the first decoded bytes that are there to their ends.
    pub(super) fn head_lines(&self) -> &[u8] {
        match memchr::memrchr(b'\n', &self.head) {
            _ if self.head.len() < HEAD_BYTES => &self.head,
            Some(end) => &self.head[..end],
            None => &[],
        }
    }

    /// All decoded bytes; those that are no text are no UTF-8.
    ///
    /// # Errors
    /// [`FormatError::TooLong`] above [`TEXT_LIMIT`], [`FormatError::Read`] and [`FormatError::Truncated`].
    pub(super) fn read_to_end(mut self) -> Result<Vec<u8>, FormatError> {
        let mut bytes = Vec::new();
        (&mut self.reader)
            .take(TEXT_LIMIT as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|e| self.read_error(e))?;
        if bytes.len() > TEXT_LIMIT {
            return Err(FormatError::TooLong {
                name: self.name,
                what: "the text",
                limit: TEXT_LIMIT,
            });
        }
        Ok(bytes)
    }

    /// The whole text, its line ends as they are.
    ///
    /// # Errors
    /// [`FormatError::NotText`] with the place of the first bad byte, [`FormatError::TooLong`] above [`TEXT_LIMIT`],
    /// [`FormatError::Read`] and [`FormatError::Truncated`].
    pub fn read_to_string(self) -> Result<String, FormatError> {
        let (name, mark_bytes, encoding) = (self.name.clone(), self.mark_bytes, self.encoding);
        String::from_utf8(self.read_to_end()?).map_err(|e| {
            let valid = e.utf8_error().valid_up_to();
            // The invariant of `valid_up_to`: the bytes before it are UTF-8.
            let before = std::str::from_utf8(&e.as_bytes()[..valid]).unwrap_or_default();
            FormatError::NotText {
                encoding: encoding.name(),
                byte: mark_bytes + encoding::encoded_len(before, encoding),
                location: location_in(before, Location { line: 1, column: 1 }),
                name,
            }
        })
    }

    /// Fills `buffer` from the decoded input up to about 64 KiB more; `false` at the end.
    pub(super) fn fill(&mut self, buffer: &mut Vec<u8>) -> Result<bool, FormatError> {
        loop {
            match self.reader.fill_buf() {
                Ok([]) => return Ok(false),
                Ok(bytes) => {
                    let taken = bytes.len();
                    buffer.extend_from_slice(bytes);
                    self.reader.consume(taken);
                    return Ok(true);
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(self.read_error(e)),
            }
        }
    }

    fn read_error(&self, source: io::Error) -> FormatError {
        read_error(&self.name, self.compressed, source)
    }
}

/// Opens a file, which is no folder.
///
/// # Errors
/// [`FormatError::Open`], [`FormatError::Folder`].
pub(super) fn open_file(path: &Path) -> Result<(File, Metadata), FormatError> {
    let failed = |source| FormatError::Open {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(FormatError::Folder {
            path: path.to_owned(),
        });
    }
    Ok((file, metadata))
}

/// Stands for a byte that is no text. XML can't hold it, and a text that does has it taken for one.
pub(super) const BAD_BYTE: char = '\u{FFFF}';

/// The text of decoded bytes, with [`BAD_BYTE`] for what is none.
pub(super) fn text_with_bad_bytes(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|e| {
        let bytes = e.into_bytes();
        let mut text = String::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                text.push(BAD_BYTE);
            }
        }
        text
    })
}

pub(super) fn read_error(name: &str, compressed: bool, source: io::Error) -> FormatError {
    let name = name.to_owned();
    if compressed && source.kind() == io::ErrorKind::UnexpectedEof {
        FormatError::Truncated { name }
    } else {
        FormatError::Read { name, source }
    }
}

/// The place behind `text`, which begins at `start`.
pub(super) fn location_in(text: &str, start: Location) -> Location {
    match text.rfind('\n') {
        Some(end) => Location {
            line: start.line + memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64,
            column: 1 + text[end + 1..].chars().count() as u64,
        },
        None => Location {
            line: start.line,
            column: start.column + text.chars().count() as u64,
        },
    }
}

/// Counts the bytes that pass.
struct Metered<R> {
    inner: R,
    consumed: Arc<AtomicU64>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.consumed.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// A part of the chain of readers.
pub(super) type DynRead = Box<dyn BufRead + Send>;

/// The first bytes of `reader`, at most `limit`, and a reader that still begins with them.
fn peek(mut reader: impl BufRead + Send + 'static, limit: usize) -> io::Result<(Vec<u8>, DynRead)> {
    let mut first = Vec::with_capacity(limit);
    (&mut reader).take(limit as u64).read_to_end(&mut first)?;
    let whole = Cursor::new(first.clone()).chain(reader);
    Ok((first, Box::new(whole)))
}

/// A reader of what `reader` holds, compressed or not; says which.
pub(super) fn decompress(
    reader: impl BufRead + Send + 'static,
    compressed: &mut bool,
) -> io::Result<DynRead> {
    let (magic, reader) = peek(reader, 4)?;
    Ok(match magic[..] {
        [0x1F, 0x8B, ..] => {
            *compressed = true;
            let decoder = flate2::bufread::MultiGzDecoder::new(reader);
            Box::new(BufReader::with_capacity(BUFFER_BYTES, decoder))
        }
        [0x28, 0xB5, 0x2F, 0xFD] | [0x50..=0x5F, 0x2A, 0x4D, 0x18] => {
            *compressed = true;
            let decoder = zstd::Decoder::with_buffer(reader)?;
            Box::new(BufReader::with_capacity(BUFFER_BYTES, decoder))
        }
        _ => reader,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn input(bytes: impl Into<Vec<u8>>) -> Input {
        Input::from_reader("test", Cursor::new(bytes.into())).unwrap()
    }

    fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
        let bytes = |u: u16| {
            if big_endian {
                u.to_be_bytes()
            } else {
                u.to_le_bytes()
            }
        };
        text.encode_utf16().flat_map(bytes).collect()
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn encodings_are_told_by_the_first_bytes() {
        let text = "<كتاب 😀";
        let marked = |big| utf16(&format!("\u{FEFF}{text}"), big);
        let mut utf8_mark = b"\xEF\xBB\xBF".to_vec();
        utf8_mark.extend(text.as_bytes());
        for (bytes, name) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            (utf8_mark, "UTF-8"),
            (marked(false), "UTF-16LE"),
            (marked(true), "UTF-16BE"),
        ] {
            let input = input(bytes);
            assert_eq!(input.encoding(), name);
            assert_eq!(input.read_to_string().unwrap(), text);
        }
        let xml = "<?xml version=\"1.0\"?>";
        assert_eq!(input(utf16(xml, false)).read_to_string().unwrap(), xml);
        assert_eq!(input(utf16(xml, true)).read_to_string().unwrap(), xml);
    }

    #[test]
    fn a_declared_encoding_is_decoded() {
        let mut bytes = b"<?xml version='1.0' encoding='windows-1256'?><a>".to_vec();
        bytes.extend([0xDF, 0xCA, 0xC7, 0xC8]);
        assert!(input(bytes).read_to_string().unwrap().ends_with("<a>كتاب"));
        let lying = b"<?xml version=\"1.0\" encoding=\"UTF-16\"?>";
        assert_eq!(input(lying.to_vec()).encoding(), "UTF-8");
        let unknown = b"<?xml version=\"1.0\" encoding=\"klingon\"?>";
        let error = Input::from_reader("x", Cursor::new(unknown)).unwrap_err();
        assert!(matches!(error, FormatError::UnsupportedEncoding { .. }));
    }

    #[test]
    fn compressed_members_are_joined() {
        let mut gz = gzip(b"one\n");
        gz.extend(gzip("اثنان".as_bytes()));
        assert_eq!(input(gz).read_to_string().unwrap(), "one\nاثنان");
        let mut frames = zstd::encode_all(&b"one\n"[..], 1).unwrap();
        frames.extend(zstd::encode_all(&b"two"[..], 1).unwrap());
        let size = frames.len() as u64;
        let input = input(frames);
        let consumed = input.consumed();
        assert_eq!(input.read_to_string().unwrap(), "one\ntwo");
        assert_eq!(consumed.load(Ordering::Relaxed), size);
    }

    #[test]
    fn a_cut_compressed_stream_is_an_error() {
        let text: String = (0..9000).map(|n| format!("سطر {n}\n")).collect();
        for whole in [
            gzip(text.as_bytes()),
            zstd::encode_all(text.as_bytes(), 1).unwrap(),
        ] {
            for cut in [5, whole.len() / 2, whole.len() - 1] {
                let read = Input::from_reader("cut", Cursor::new(whole[..cut].to_vec()))
                    .and_then(Input::read_to_string);
                assert!(
                    matches!(read, Err(FormatError::Truncated { .. })),
                    "{cut}: {read:?}"
                );
            }
        }
    }

    #[test]
    fn bad_bytes_are_named_with_their_place() {
        let Err(FormatError::NotText { byte, location, .. }) =
            input(b"ab\n\xD9\x83\xFFx".to_vec()).read_to_string()
        else {
            panic!()
        };
        assert_eq!((byte, location.to_string().as_str()), (5, "2:2"));
        let mut lone = utf16("\u{FEFF}ab", false);
        lone.extend([0x00, 0xD8, b'c', 0]);
        let Err(FormatError::NotText { byte, encoding, .. }) = input(lone).read_to_string() else {
            panic!()
        };
        assert_eq!((byte, encoding), (6, "UTF-16LE"));
    }

    #[test]
    fn folders_and_missing_files_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            Input::open(folder.path()),
            Err(FormatError::Folder { .. })
        ));
        assert!(matches!(
            Input::open(&folder.path().join("none")),
            Err(FormatError::Open { .. })
        ));
    }
}
