//! The directory of a zip file: which parts there are, and where their bytes stand.

use std::ops::Range;

use super::PARTS_LIMIT;
use super::record::{
    CENTRAL, CENTRAL_LEN, ENCRYPTED, END, END_LEN, LOCAL, LOCAL_LEN, get16, get32,
};

/// A part.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) size: usize,
    /// The local header and all up to the next one.
    pub(super) region: Range<usize>,
    /// The compressed bytes.
    pub(super) data: Range<usize>,
    /// The record in the directory.
    pub(super) record: Range<usize>,
}

/// What the directory says of the parts, and where it stands.
pub(super) struct Directory {
    /// In its own order.
    pub(super) entries: Vec<Entry>,
    pub(super) range: Range<usize>,
    /// Where its end record begins.
    pub(super) end: usize,
}

impl Directory {
    /// Finds the directory and the parts.
    ///
    /// # Errors
    /// Why the file can't be used.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
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
