//! The bytes of a file to be filled, and whether the file stayed as it was while they were read.

use std::fs::Metadata;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::time::SystemTime;

use crate::format::FormatError;
use crate::format::input::{decompress, open_file, read_error};

/// The most bytes of a file that is filled, after decompression; it is held in memory.
pub const FILE_LIMIT: usize = 256 * 1024 * 1024;

/// A file as it was read.
#[derive(Debug)]
pub struct FileBytes {
    /// What it holds, decompressed.
    pub bytes: Vec<u8>,
    /// Whether it was compressed.
    pub compressed: bool,
    /// What it looked like from outside; `None` for what is no file, such as a pipe.
    pub stamp: Option<Stamp>,
}

/// Size and time of change of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
}

impl FileBytes {
    /// Reads a file.
    ///
    /// # Errors
    /// [`FormatError::Open`], [`FormatError::Folder`], [`FormatError::Read`], [`FormatError::Truncated`];
    /// [`FormatError::TooLong`] above [`FILE_LIMIT`]; [`FormatError::Changed`] where somebody writes to it meanwhile.
    pub fn read(path: &Path) -> Result<Self, FormatError> {
        let (file, metadata) = open_file(path)?;
        let stamp = Stamp::of(&metadata);
        let read = Self::from_reader(&path.display().to_string(), file)?;
        if let Some(stamp) = stamp {
            stamp.check(path)?;
        }
        Ok(Self { stamp, ..read })
    }

    /// Reads the standard input.
    ///
    /// # Errors
    /// As [`FileBytes::read`], but for those of files.
    pub fn stdin() -> Result<Self, FormatError> {
        Self::from_reader("<stdin>", io::stdin())
    }

    /// Reads from anywhere; `name` stands for it in messages.
    ///
    /// # Errors
    /// As [`FileBytes::read`], but for those of files.
    pub fn from_reader(
        name: &str,
        reader: impl Read + Send + 'static,
    ) -> Result<Self, FormatError> {
        let mut compressed = false;
        let mut bytes = Vec::new();
        decompress(BufReader::new(reader), &mut compressed)
            .and_then(|reader| reader.take(FILE_LIMIT as u64 + 1).read_to_end(&mut bytes))
            .map_err(|e| read_error(name, compressed, e))?;
        if bytes.len() > FILE_LIMIT {
            return Err(FormatError::TooLong {
                name: name.to_owned(),
                what: "the content",
                limit: FILE_LIMIT,
            });
        }
        Ok(Self {
            bytes,
            compressed,
            stamp: None,
        })
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Option<Self> {
        metadata.is_file().then(|| Self {
            size: metadata.len(),
            modified: metadata.modified().ok(),
        })
    }

    /// Checks that the file is still as it was.
    ///
    /// # Errors
    /// [`FormatError::Changed`]; [`FormatError::Open`] where it is gone.
    pub fn check(self, path: &Path) -> Result<(), FormatError> {
        let metadata = std::fs::metadata(path).map_err(|source| FormatError::Open {
            path: path.to_owned(),
            source,
        })?;
        if Self::of(&metadata) == Some(self) {
            Ok(())
        } else {
            Err(FormatError::Changed {
                path: path.to_owned(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_file_that_changes_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "نعم").unwrap();
        let read = FileBytes::read(&path).unwrap();
        let stamp = read.stamp.unwrap();
        assert_eq!(read.bytes, "نعم".as_bytes());
        stamp.check(&path).unwrap();
        // Of the same length, a moment later.
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        let later = file.metadata().unwrap().modified().unwrap() + Duration::from_secs(1);
        file.set_modified(later).unwrap();
        assert!(matches!(
            stamp.check(&path),
            Err(FormatError::Changed { .. })
        ));
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(stamp.check(&path), Err(FormatError::Open { .. })));
    }

    #[test]
    fn compressed_files_are_read_as_what_they_hold() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"msgid").unwrap();
        let whole = encoder.finish().unwrap();
        let read = |bytes: Vec<u8>| FileBytes::from_reader("x", io::Cursor::new(bytes));
        let file = read(whole.clone()).unwrap();
        assert_eq!((file.bytes, file.compressed), (b"msgid".to_vec(), true));
        let half = whole[..whole.len() - 6].to_vec();
        assert!(matches!(read(half), Err(FormatError::Truncated { .. })));
    }
}
