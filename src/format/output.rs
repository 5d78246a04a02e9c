//! Where writers write: a file, a pipe or a buffer, compressed by name.
//!
//! A file appears whole or not at all: it is written beside its place under another name and moved there by
//! [`Output::finish`]; an output that is dropped before leaves what was there. Pipes and devices are written directly.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::write::GzEncoder;
use tempfile::NamedTempFile;

use super::error::FormatError;

/// An output, to be ended with [`Output::finish`].
pub struct Output<'w> {
    name: String,
    encoder: Encoder<'w>,
}

impl std::fmt::Debug for Output<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

enum Encoder<'w> {
    Plain(BufWriter<Target<'w>>),
    Gzip(GzEncoder<BufWriter<Target<'w>>>),
    Zstd(zstd::Encoder<'static, BufWriter<Target<'w>>>),
}

enum Target<'w> {
    Stream(Box<dyn Write + 'w>),
    File { file: NamedTempFile, path: PathBuf },
}

impl<'w> Output<'w> {
    /// A file, compressed where the name ends in `.gz` or `.zst`.
    ///
    /// # Errors
    /// [`FormatError::Create`], [`FormatError::Folder`].
    pub fn create(path: &Path) -> Result<Self, FormatError> {
        let failed = |source| FormatError::Create {
            path: path.to_owned(),
            source,
        };
        if path.is_dir() {
            return Err(FormatError::Folder {
                path: path.to_owned(),
            });
        }
        let name = path.display().to_string();
        let target = create_target(path).map_err(failed)?;
        let encoder = match Compression::of_name(&name) {
            Compression::None => Encoder::Plain(BufWriter::new(target)),
            Compression::Gzip => Encoder::Gzip(GzEncoder::new(
                BufWriter::new(target),
                flate2::Compression::default(),
            )),
            Compression::Zstd => Encoder::Zstd(
                zstd::Encoder::new(BufWriter::new(target), zstd::DEFAULT_COMPRESSION_LEVEL)
                    .map_err(failed)?,
            ),
        };
        Ok(Self { name, encoder })
    }

    /// Whether a file of that name is written compressed.
    pub fn is_compressed_at(path: &Path) -> bool {
        Compression::of_name(&path.to_string_lossy()) != Compression::None
    }

    /// The standard output, named `<stdout>` in messages; never compressed.
    pub fn stdout() -> Self {
        Self::from_writer("<stdout>", io::stdout())
    }

    /// Writes to anywhere, uncompressed; `name` stands for it in messages.
    pub fn from_writer(name: impl Into<String>, writer: impl Write + 'w) -> Self {
        Self {
            name: name.into(),
            encoder: Encoder::Plain(BufWriter::new(Target::Stream(Box::new(writer)))),
        }
    }

    /// What stands for the output in messages: its path, or `<stdout>`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Writes what is held back, ends the compressed stream and puts a file in its place.
    ///
    /// # Errors
    /// [`FormatError::Write`]; a file that stood there is as it was then.
    pub fn finish(self) -> Result<(), FormatError> {
        let Self { name, encoder } = self;
        let end = || -> io::Result<()> {
            let buffer = match encoder {
                Encoder::Plain(buffer) => buffer,
                Encoder::Gzip(encoder) => encoder.finish()?,
                Encoder::Zstd(encoder) => encoder.finish()?,
            };
            match buffer
                .into_inner()
                .map_err(io::IntoInnerError::into_error)?
            {
                Target::Stream(mut stream) => stream.flush(),
                Target::File { file, path } => {
                    file.as_file().sync_all()?;
                    file.persist(path)?;
                    Ok(())
                }
            }
        };
        end().map_err(|source| FormatError::Write { name, source })
    }

    pub(super) fn write_error(&self, source: io::Error) -> FormatError {
        FormatError::Write {
            name: self.name.clone(),
            source,
        }
    }
}

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.encoder {
            Encoder::Plain(encoder) => encoder.write(bytes),
            Encoder::Gzip(encoder) => encoder.write(bytes),
            Encoder::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.encoder {
            Encoder::Plain(encoder) => encoder.flush(),
            Encoder::Gzip(encoder) => encoder.flush(),
            Encoder::Zstd(encoder) => encoder.flush(),
        }
    }
}

impl Write for Target<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stream(stream) => stream.write(bytes),
            Self::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stream(stream) => stream.flush(),
            Self::File { file, .. } => file.flush(),
        }
    }
}

fn create_target(path: &Path) -> io::Result<Target<'static>> {
    let existing = match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            let device = File::options().write(true).open(path)?;
            return Ok(Target::Stream(Box::new(device)));
        }
        Ok(metadata) => Some(metadata.permissions()),
        Err(_) => None,
    };
    // A link's target is replaced, not the link.
    let path = if existing.is_some() {
        path.canonicalize()?
    } else {
        path.to_owned()
    };
    if existing.is_some() {
        // A file that may not be written is not replaced either.
        File::options().append(true).open(&path)?;
    }
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dhakira-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(existing.unwrap_or_else(|| fs::Permissions::from_mode(0o666)));
    }
    let file = builder.tempfile_in(folder)?;
    Ok(Target::File { file, path })
}

/// How an output is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    None,
    Gzip,
    Zstd,
}

impl Compression {
    /// Told by the end of a name, in any case.
    pub(super) fn of_name(name: &str) -> Self {
        Self::split_name(name).1
    }

    /// The name without the end that names a compression.
    pub(crate) fn split_name(name: &str) -> (&str, Self) {
        for (end, compression) in [(".gz", Self::Gzip), (".zst", Self::Zstd)] {
            if let Some(at) = name.len().checked_sub(end.len())
                && name
                    .get(at..)
                    .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
            {
                return (&name[..at], compression);
            }
        }
        (name, Self::None)
    }
}

#[cfg(test)]
mod tests {
    use super::super::input::Input;
    use super::*;

    #[test]
    fn names_tell_the_compression() {
        assert_eq!(
            Compression::split_name("a.tmx.GZ"),
            ("a.tmx", Compression::Gzip)
        );
        assert_eq!(Compression::split_name("ذ.zst"), ("ذ", Compression::Zstd));
        assert_eq!(Compression::split_name("gz"), ("gz", Compression::None));
    }

    #[test]
    fn a_file_is_there_only_once_it_is_finished() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.txt", "a.txt.gz", "a.txt.zst"] {
            let path = folder.path().join(name);
            let mut output = Output::create(&path).unwrap();
            output.write_all("ذاكرة".as_bytes()).unwrap();
            assert!(!path.exists());
            output.finish().unwrap();
            assert_eq!(
                Input::open(&path).unwrap().read_to_string().unwrap(),
                "ذاكرة"
            );
            drop(Output::create(&path).unwrap());
            assert_eq!(
                Input::open(&path).unwrap().read_to_string().unwrap(),
                "ذاكرة"
            );
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_place_that_cannot_be_written_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            Output::create(folder.path()),
            Err(FormatError::Folder { .. })
        ));
        assert!(matches!(
            Output::create(&folder.path().join("none/a.tsv")),
            Err(FormatError::Create { .. })
        ));
    }

    #[cfg(unix)]
    #[test]
    fn a_full_device_is_an_error() {
        let full = Path::new("/dev/full");
        if full.exists() {
            let mut output = Output::create(full).unwrap();
            let written = output.write_all(b"x").map_err(|e| output.write_error(e));
            assert!(matches!(
                written.and_then(|()| output.finish()),
                Err(FormatError::Write { .. })
            ));
        }
    }
}
