//! Where output goes, and that it never goes over what is read.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::CommandError;
use crate::format::Output;

/// What an output option names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// Standard output.
    Stdout,
    /// A file, which appears once all of it is written.
    File(PathBuf),
}

impl Destination {
    /// The destination that an option names; `-`, or nothing, is stdout.
    pub(crate) fn from_option(path: Option<&Path>) -> Self {
        match path {
            Some(path) if path != Path::new("-") => Self::File(path.to_owned()),
            _ => Self::Stdout,
        }
    }

    /// Refuses a destination that is one of `inputs`.
    pub(crate) fn refuse_inputs<'p>(
        &self,
        inputs: impl IntoIterator<Item = &'p PathBuf>,
    ) -> Result<(), CommandError> {
        let Self::File(output) = self else {
            return Ok(());
        };
        if inputs.into_iter().any(|input| is_same_file(input, output)) {
            return Err(CommandError::user(format!(
                "the output `{}` is an input as well",
                output.display()
            ))
            .hint("write to another file and move it when you are content"));
        }
        Ok(())
    }

    /// Opens it; a file is there once the output is finished.
    pub(crate) fn open(&self) -> Result<Output<'static>, CommandError> {
        Ok(match self {
            Self::Stdout => Output::stdout(),
            Self::File(path) => Output::create(path)?,
        })
    }

    /// Lets `write` write, and finishes the output if it succeeds.
    pub(crate) fn write<T>(
        &self,
        write: impl FnOnce(&mut dyn Write) -> Result<T, CommandError>,
    ) -> Result<T, CommandError> {
        let mut output = self.open()?;
        let done = write(&mut output)?;
        output.finish()?;
        Ok(done)
    }
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        std::fs::write(&path, "before").unwrap();
        let destination = Destination::from_option(Some(&path));
        destination
            .write(|w| {
                w.write_all(b"half")?;
                Err::<(), _>(CommandError::user("stop"))
            })
            .unwrap_err();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "before");
        destination.write(|w| Ok(w.write_all(b"after")?)).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "after");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_input_is_never_the_output() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, "").unwrap();
        let around = folder.path().join(".").join("x");
        let destination = Destination::from_option(Some(&around));
        assert!(destination.refuse_inputs([&path]).is_err());
        assert!(Destination::Stdout.refuse_inputs([&path]).is_ok());
    }
}
