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

use std::cell::Cell;
use std::io::{self, Read, Write};
use std::ops::Range;

use flate2::bufread::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

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

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
const LOCAL_LEN: usize = 30;
const CENTRAL_LEN: usize = 46;
const END_LEN: usize = 22;
/// General purpose flags: encrypted, sizes behind the data, strongly encrypted, directory encrypted.
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
const SIZES_BEHIND: u16 = 1 << 3;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

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

struct Entry {
    name: String,
    method: u16,
    crc: u32,
    size: usize,
    /// The local header and all up to the next one.
    region: Range<usize>,
    /// The compressed bytes.
    data: Range<usize>,
    /// The record in the directory.
    record: Range<usize>,
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

struct Directory {
    entries: Vec<Entry>,
    range: Range<usize>,
    end: usize,
}

impl Directory {
    fn read(bytes: &[u8]) -> Result<Self, String> {
        let end = find_end(bytes)
            .ok_or("it has no end record; it is cut off, or something else than a zip file")?;
        let record = &bytes[end..];
        let (disk, count) = (get16(record, 4), get16(record, 10));
        let (len, start) = (get32(record, 12), get32(record, 16));
        if start == u32::MAX as usize || count == u16::MAX {
            return Err("it is a Zip64 file".to_owned());
        }
        if disk != 0 || get16(record, 6) != 0 || get16(record, 8) != count {
            return Err("it is split into several files".to_owned());
        }
        let range = start..start + len;
        if range.end > end {
            return Err("its directory reaches over its end".to_owned());
        }
        if usize::from(count) > PARTS_LIMIT {
            return Err(format!("it has more than {PARTS_LIMIT} parts"));
        }
        let mut entries = Vec::with_capacity(count.into());
        let mut at = range.start;
        for _ in 0..count {
            let (entry, next) = Self::entry(&bytes[..range.end], at)?;
            entries.push(entry);
            at = next;
        }
        if at != range.end {
            return Err("its directory is longer than its parts".to_owned());
        }
        let mut directory = Self {
            entries,
            range,
            end,
        };
        directory.place(bytes)?;
        Ok(directory)
    }

    /// The entry at byte `at` of the directory, without the places of its bytes, and where the next begins.
    fn entry(bytes: &[u8], at: usize) -> Result<(Entry, usize), String> {
        let record = bytes
            .get(at..)
            .filter(|record| record.len() >= CENTRAL_LEN && record.starts_with(&CENTRAL))
            .ok_or("its directory is damaged")?;
        let name_len = usize::from(get16(record, 28));
        let len = CENTRAL_LEN
            + name_len
            + usize::from(get16(record, 30))
            + usize::from(get16(record, 32));
        if record.len() < len {
            return Err("its directory is damaged".to_owned());
        }
        let name =
            String::from_utf8_lossy(&record[CENTRAL_LEN..CENTRAL_LEN + name_len]).into_owned();
        if get16(record, 8) & ENCRYPTED != 0 {
            return Err(format!("`{name}` is encrypted"));
        }
        let (compressed, size, start) = (get32(record, 20), get32(record, 24), get32(record, 42));
        if [compressed, size, start].contains(&(u32::MAX as usize)) {
            return Err(format!("`{name}` needs Zip64"));
        }
        let entry = Entry {
            method: get16(record, 10),
            crc: u32::from_le_bytes([record[16], record[17], record[18], record[19]]),
            size,
            region: start..start,
            data: start..start.saturating_add(compressed),
            record: at..at + len,
            name,
        };
        Ok((entry, at + len))
    }

    /// Finds the bytes of the parts behind their local headers.
    fn place(&mut self, bytes: &[u8]) -> Result<(), String> {
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        order.sort_by_key(|&i| self.entries[i].region.start);
        let mut bound = self.range.start;
        for i in order.into_iter().rev() {
            let entry = &mut self.entries[i];
            let start = entry.region.start;
            let header = bytes
                .get(start..bound)
                .filter(|header| header.len() >= LOCAL_LEN && header.starts_with(&LOCAL))
                .ok_or_else(|| format!("`{}` is not where its directory says", entry.name))?;
            let data =
                start + LOCAL_LEN + usize::from(get16(header, 26)) + usize::from(get16(header, 28));
            let compressed = entry.data.len();
            entry.data = data..data + compressed;
            entry.region = start..bound;
            if entry.data.end > bound {
                return Err(format!("`{}` reaches into the part behind it", entry.name));
            }
            bound = start;
        }
        Ok(())
    }
}

/// Where the end record begins: the last whose comment is all that comes behind, else the last whose comment fits, since
/// some tools put a line end there.
fn find_end(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_LEN)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    let records = || {
        let found = memchr::memmem::rfind_iter(&bytes[first..], &END).map(|at| first + at);
        found.filter(|at| *at <= last).map(|at| {
            let end = at + END_LEN + usize::from(get16(&bytes[at..], 20));
            (at, end)
        })
    };
    let exact = records().find(|(_, end)| *end == bytes.len());
    let found = exact.or_else(|| records().find(|(_, end)| *end < bytes.len()))?;
    Some(found.0)
}

fn get16(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn get32(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize
}

fn put16(bytes: &mut [u8], at: usize, value: u16) {
    bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
}

/// Files are no longer than [`super::fill::FILE_LIMIT`] and parts than [`PART_LIMIT`], so that it always fits.
fn put32(bytes: &mut [u8], at: usize, value: usize) {
    bytes[at..at + 4].copy_from_slice(&(value as u32).to_le_bytes());
}

/// Zip files for tests.
#[cfg(test)]
pub(in crate::format) mod sample {
    use super::*;

    /// A zip file of these parts, in order: deflated, those with `.bin` stored, the first with its sizes behind it.
    pub(in crate::format) fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let (mut body, mut directory) = (Vec::new(), Vec::new());
        for (index, (name, content)) in parts.iter().enumerate() {
            let stored = name.ends_with(".bin");
            let mut compressed = Compressed::of(content).unwrap();
            if stored {
                compressed.bytes = content.to_vec();
            }
            let offset = body.len();
            let mut record = CENTRAL.to_vec();
            record.resize(CENTRAL_LEN, 0);
            put16(&mut record, 4, 20);
            put16(&mut record, 6, 20);
            put16(&mut record, 8, if index == 0 { SIZES_BEHIND } else { 0 });
            put16(&mut record, 10, if stored { STORED } else { DEFLATED });
            compressed.put(&mut record, 16);
            put16(&mut record, 28, name.len() as u16);
            put32(&mut record, 42, offset);
            let mut header = LOCAL.to_vec();
            header.extend_from_slice(&record[6..CENTRAL_LEN]);
            header.truncate(LOCAL_LEN);
            if index == 0 {
                header[14..26].fill(0);
            }
            body.extend(header);
            body.extend(name.as_bytes());
            body.extend(&compressed.bytes);
            if index == 0 {
                body.extend(b"PK\x07\x08");
                body.extend(&record[16..28]);
            }
            directory.extend(record);
            directory.extend(name.as_bytes());
        }
        let mut end = END.to_vec();
        end.resize(END_LEN, 0);
        put16(&mut end, 8, parts.len() as u16);
        put16(&mut end, 10, parts.len() as u16);
        put32(&mut end, 12, directory.len());
        put32(&mut end, 16, body.len());
        put16(&mut end, 20, 2);
        [body, directory, end, b"hi".to_vec()].concat()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
