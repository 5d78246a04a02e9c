//! Zip files (APPNOTE 6.3) of which parts are replaced, as DOCX and XLSX are.
//!
//! [`Container::open`] reads the directory; [`Container::read`] a part; [`Container::write`] gives the file back with
//! some parts replaced. All that stands for other parts (headers, compressed bytes, data descriptors, the order, what
//! lies between and behind) is copied byte for byte, so that replacing nothing gives the same file.
//!
//! Names are names of parts and never become paths. Parts are stored or deflated; encrypted and split files and Zip64
//! are refused. A part is inflated only when it is read, up to [`PART_LIMIT`] bytes and [`TOTAL_LIMIT`] for all that are
//! read, and not at all where its size is more than [`RATIO_LIMIT`] times its compressed size; parts that share bytes
//! are refused. So no small file makes much work.

mod directory;
mod record;
#[cfg(test)]
pub(super) mod sample;

use std::cell::Cell;
use std::io::{self, Read, Write};
use std::ops::Range;

use flate2::bufread::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use self::directory::{Directory, Entry};
use self::record::{DEFLATED, SIZES_BEHIND, STORED, get16, put16, put32};
use super::FormatError;

/// The most parts of a container.
pub const PARTS_LIMIT: usize = 20_000;
/// The most bytes of a part that is read, inflated.
pub const PART_LIMIT: usize = 256 * 1024 * 1024;
/// The most bytes of all parts that are read, inflated.
pub const TOTAL_LIMIT: usize = 512 * 1024 * 1024;
/// How many times its compressed size a part may have that is larger than [`RATIO_FLOOR`].
pub const RATIO_LIMIT: usize = 500;
/// Up to how many bytes the ratio doesn't count.
pub const RATIO_FLOOR: usize = 4 * 1024 * 1024;

/// A zip file in memory.
pub(super) struct Container {
    /// What stands for the file in messages.
    name: String,
    bytes: Vec<u8>,
    /// In the order of the directory.
    entries: Vec<Entry>,
    /// Where the directory stands.
    directory: Range<usize>,
    /// Where its end record begins.
    end: usize,
    /// Bytes inflated so far.
    inflated: Cell<usize>,
}

impl Container {
    /// Reads the directory of a zip file; `name` stands for the file in messages.
    ///
    /// # Errors
    /// [`FormatError::Container`].
    pub(super) fn open(bytes: Vec<u8>, name: &str) -> Result<Self, FormatError> {
        match Directory::read(&bytes) {
            Ok(directory) => Ok(Self {
                name: name.to_owned(),
                entries: directory.entries,
                directory: directory.range,
                end: directory.end,
                bytes,
                inflated: Cell::new(0),
            }),
            Err(message) => Err(FormatError::Container {
                name: name.to_owned(),
                message,
            }),
        }
    }

    /// The names of the parts in the order of the directory.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| &*entry.name)
    }

    /// The content of a part; `None` where there is no part of that name. Of parts with the same name it is the first.
    ///
    /// # Errors
    /// [`FormatError::Part`].
    pub(super) fn read(&self, part: &str) -> Result<Option<Vec<u8>>, FormatError> {
        let Some(entry) = self.entries.iter().find(|entry| entry.name == part) else {
            return Ok(None);
        };
        let inflated = self.inflate(entry).map_err(|message| FormatError::Part {
            name: self.name.clone(),
            part: part.to_owned(),
            message,
        })?;
        Ok(Some(inflated))
    }

    fn inflate(&self, entry: &Entry) -> Result<Vec<u8>, String> {
        let data = &self.bytes[entry.data.clone()];
        if entry.size > PART_LIMIT {
            return Err(format!("it has more than {PART_LIMIT} bytes"));
        }
        if entry.size > RATIO_FLOOR && entry.size / RATIO_LIMIT > data.len() {
            return Err(format!(
                "its {} bytes inflate to {}, more than {RATIO_LIMIT} times as many",
                data.len(),
                entry.size
            ));
        }
        let total = self.inflated.get() + entry.size;
        if total > TOTAL_LIMIT {
            return Err(format!(
                "the parts have more than {TOTAL_LIMIT} bytes together"
            ));
        }
        self.inflated.set(total);
        let mut content = Vec::new();
        match entry.method {
            STORED => content.extend_from_slice(data),
            DEFLATED => {
                // One byte more than promised shows that the promise is broken.
                DeflateDecoder::new(data)
                    .take(entry.size as u64 + 1)
                    .read_to_end(&mut content)
                    .map_err(|e| format!("its compressed data are damaged: {e}"))?;
            }
            method => return Err(format!("its compression method {method} is not known")),
        }
        if content.len() != entry.size {
            return Err(format!(
                "it has not the {} bytes that it should have",
                entry.size
            ));
        }
        let mut crc = Crc::new();
        crc.update(&content);
        if crc.sum() != entry.crc {
            return Err("its content doesn't match its checksum".to_owned());
        }
        Ok(content)
    }

    /// Writes the file with the parts that `replacement` gives something for replaced.
    ///
    /// # Errors
    /// What the writer says.
    pub(super) fn write<'r>(
        &self,
        replacement: impl Fn(&str) -> Option<&'r [u8]>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let replaced: Vec<Option<Compressed>> = self
            .entries
            .iter()
            .map(|entry| replacement(&entry.name).map(Compressed::of).transpose())
            .collect::<io::Result<_>>()?;
        if replaced.iter().all(Option::is_none) {
            return out.write_all(&self.bytes);
        }
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        order.sort_by_key(|&i| self.entries[i].region.start);
        let mut offsets = vec![0; self.entries.len()];
        let mut body = Vec::with_capacity(self.bytes.len());
        body.extend_from_slice(&self.bytes[..self.entries[order[0]].region.start]);
        for i in order {
            let entry = &self.entries[i];
            offsets[i] = body.len();
            match &replaced[i] {
                None => body.extend_from_slice(&self.bytes[entry.region.clone()]),
                Some(content) => {
                    let header = body.len();
                    body.extend_from_slice(&self.bytes[entry.region.start..entry.data.start]);
                    let header = &mut body[header..];
                    put16(header, 6, get16(header, 6) & !SIZES_BEHIND);
                    put16(header, 8, DEFLATED);
                    content.put(header, 14);
                    body.extend_from_slice(&content.bytes);
                }
            }
        }
        let directory = body.len();
        body.extend_from_slice(&self.bytes[self.directory.clone()]);
        for ((entry, content), offset) in self.entries.iter().zip(&replaced).zip(offsets) {
            let start = directory + (entry.record.start - self.directory.start);
            let record = &mut body[start..];
            put32(record, 42, offset);
            if let Some(content) = content {
                put16(record, 8, get16(record, 8) & !SIZES_BEHIND);
                put16(record, 10, DEFLATED);
                content.put(record, 16);
            }
        }
        let end = body.len() + (self.end - self.directory.end);
        body.extend_from_slice(&self.bytes[self.directory.end..]);
        put32(&mut body[end..], 16, directory);
        out.write_all(&body)
    }
}

/// A part as it is written.
struct Compressed {
    bytes: Vec<u8>,
    crc: u32,
    size: usize,
}

impl Compressed {
    fn of(content: &[u8]) -> io::Result<Self> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content)?;
        let mut crc = Crc::new();
        crc.update(content);
        Ok(Self {
            bytes: encoder.finish()?,
            crc: crc.sum(),
            size: content.len(),
        })
    }

    /// Puts checksum and sizes into a header, where these begin at byte `at`.
    fn put(&self, header: &mut [u8], at: usize) {
        header[at..at + 4].copy_from_slice(&self.crc.to_le_bytes());
        put32(header, at + 4, self.bytes.len());
        put32(header, at + 8, self.size);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::record::CENTRAL;
    use super::sample::zip;
    use super::*;

    const PARTS: [(&str, &[u8]); 4] = [
        ("a.xml", b"<a>one</a>"),
        ("../../b.xml", b"<b/>"),
        ("c.bin", b"\0\x01"),
        ("d.xml", b""),
    ];

    fn rewritten(bytes: &[u8], part: &str, content: &[u8]) -> Vec<u8> {
        let container = Container::open(bytes.to_vec(), "x").unwrap();
        let mut out = Vec::new();
        container
            .write(|name| (name == part).then_some(content), &mut out)
            .unwrap();
        out
    }

    #[test]
    fn parts_are_read_and_replaced_and_all_else_stays() {
        let bytes = zip(&PARTS);
        let container = Container::open(bytes.clone(), "x").unwrap();
        for (name, content) in PARTS {
            assert_eq!(container.read(name).unwrap().unwrap(), content);
        }
        assert_eq!(container.read("e").unwrap(), None);
        assert_eq!(rewritten(&bytes, "e", b""), bytes);
        for (name, _) in PARTS {
            let out = rewritten(&bytes, name, b"something longer than it was");
            let again = Container::open(out.clone(), "x").unwrap();
            for (other, content) in PARTS {
                let read = again.read(other).unwrap().unwrap();
                if other == name {
                    assert_eq!(read, b"something longer than it was");
                    continue;
                }
                assert_eq!(read, content);
                let region = |container: &Container| {
                    let entry = container
                        .entries
                        .iter()
                        .find(|entry| entry.name == other)
                        .unwrap();
                    container.bytes[entry.region.clone()].to_vec()
                };
                assert_eq!(region(&again), region(&container));
            }
            assert!(out.ends_with(b"hi"));
        }
    }

    #[test]
    fn what_comes_behind_the_end_stays() {
        let bytes = [zip(&PARTS), b"\r\n".to_vec()].concat();
        assert_eq!(rewritten(&bytes, "e", b""), bytes);
        let out = rewritten(&bytes, "a.xml", b"<a>two</a>");
        assert!(out.ends_with(b"hi\r\n"));
        let again = Container::open(out, "x").unwrap();
        assert_eq!(again.read("a.xml").unwrap().unwrap(), b"<a>two</a>");
    }

    #[test]
    fn names_never_become_paths() {
        let bytes = zip(&PARTS);
        let out = rewritten(&bytes, "../../b.xml", b"x");
        let names: Vec<_> = Container::open(out, "x")
            .unwrap()
            .names()
            .map(str::to_owned)
            .collect();
        assert_eq!(names, PARTS.map(|(name, _)| name));
    }

    fn refused(bytes: Vec<u8>, part: &str) -> String {
        match Container::open(bytes, "x").and_then(|container| container.read(part)) {
            Err(error) => error.to_string(),
            Ok(_) => panic!("taken"),
        }
    }

    #[test]
    fn bombs_are_not_inflated() {
        let zeros = vec![0; RATIO_FLOOR * 4];
        let message = refused(zip(&[("a", &zeros)]), "a");
        assert!(message.contains("times as many"), "{message}");
        // A size that lies: what it says is all that is inflated.
        let mut lying = zip(&[("a", &zeros)]);
        let record = lying.windows(4).position(|w| w == CENTRAL).unwrap();
        put32(&mut lying[record..], 24, 10);
        let message = refused(lying, "a");
        assert!(message.contains("should have"), "{message}");
        // Two entries with the same bytes.
        let mut doubled = zip(&[("a", b"x"), ("b", b"y")]);
        let records: Vec<_> = memchr::memmem::find_iter(&doubled, &CENTRAL).collect();
        put32(&mut doubled[records[1]..], 42, 0);
        let message = refused(doubled, "a");
        assert!(message.contains("not where"), "{message}");
    }

    #[test]
    fn encrypted_and_damaged_files_are_refused() {
        let whole = zip(&PARTS);
        let record = memchr::memmem::find(&whole, &CENTRAL).unwrap();
        let patched = |at: usize, value: u16| {
            let mut bytes = whole.clone();
            put16(&mut bytes, at, value);
            refused(bytes, "a.xml")
        };
        assert!(patched(record + 8, 1).contains("encrypted"));
        assert!(patched(record + 10, 12).contains("method 12"));
        assert!(patched(record + 16, 0).contains("checksum"));
        for cut in [0, 10, whole.len() / 2, whole.len() - 1] {
            let message = refused(whole[..cut].to_vec(), "a.xml");
            assert!(message.contains("cut off"), "{message}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(
            changes in prop::collection::vec((0..400_usize, any::<u8>()), 0..12), cut in 0..400_usize,
        ) {
            let mut bytes = zip(&PARTS);
            for (at, byte) in changes {
                if let Some(old) = bytes.get_mut(at) {
                    *old = byte;
                }
            }
            bytes.truncate(bytes.len().max(cut));
            if let Ok(container) = Container::open(bytes.clone(), "x") {
                for name in PARTS.map(|(name, _)| name) {
                    let _ = container.read(name);
                }
                let mut out = Vec::new();
                container.write(|_| None, &mut out).unwrap();
                prop_assert_eq!(&out, &bytes);
                out.clear();
                container.write(|_| Some(b"x".as_slice()), &mut out).unwrap();
            }
        }
    }
}
