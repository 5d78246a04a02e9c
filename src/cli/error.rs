//! Errors as people read them: what was being done with what, why it failed, and what to do next.

use std::error::Error;
use std::fmt;
use std::io;

use crate::format::FormatError;
use crate::memory::MemoryError;

use super::exit;

type Cause = Box<dyn Error + Send + Sync>;

/// Whose fault it is; decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Arguments, input, rights, space.
    User,
    /// Ours.
    Internal,
    /// Nobody's: the user wants to stop.
    Interrupted,
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct CommandError {
    kind: Kind,
    message: String,
    cause: Option<Cause>,
    hints: Vec<String>,
}

impl CommandError {
    /// An error that the user can do something about.
    pub(crate) fn user(message: impl Into<String>) -> Self {
        Self {
            kind: Kind::User,
            message: message.into(),
            cause: None,
            hints: Vec::new(),
        }
    }

    /// What a panic becomes.
    pub(crate) fn panicked() -> Self {
        Self::fault("the program ran into a fault of its own")
            .hint("please report it with the message above and the command")
    }

    /// A fault of the program itself.
    pub(crate) fn fault(message: impl Into<String>) -> Self {
        Self {
            kind: Kind::Internal,
            ..Self::user(message)
        }
    }

    /// What Ctrl-C becomes.
    pub(crate) fn interrupted() -> Self {
        Self {
            kind: Kind::Interrupted,
            ..Self::user("interrupted; nothing of this command was kept")
        }
    }

    /// What Ctrl-C becomes where something was kept.
    pub(crate) fn stopped(message: impl Into<String>) -> Self {
        Self {
            kind: Kind::Interrupted,
            ..Self::user(message)
        }
    }

    /// Adds what lies behind it.
    pub(crate) fn because(mut self, cause: impl Into<Cause>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Adds a next step.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Names the input that it is about, where the message doesn't.
    pub(crate) fn about(mut self, name: &str) -> Self {
        if !self.message.contains(name) {
            self.message = format!("`{name}`: {}", self.message);
        }
        self
    }

    /// Says of a command that was stopped half-way what was done before.
    pub(crate) fn after(mut self, done: &str) -> Self {
        if self.kind == Kind::Interrupted {
            "interrupted".clone_into(&mut self.message);
        }
        self.message = format!("{}; {done}", self.message);
        self
    }

    /// Whether it is a fault of the program itself.
    pub(crate) fn is_internal(&self) -> bool {
        self.kind == Kind::Internal
    }

    /// The code that the program ends with.
    pub(crate) fn exit_code(&self) -> u8 {
        match self.kind {
            Kind::User => exit::USER_ERROR,
            Kind::Internal => exit::INTERNAL_ERROR,
            Kind::Interrupted => exit::INTERRUPTED,
        }
    }

    /// Whether the reader of our output has gone away.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        self.causes().any(|cause| {
            cause
                .downcast_ref::<io::Error>()
                .is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
        })
    }

    fn causes(&self) -> impl Iterator<Item = &(dyn Error + 'static)> {
        let first = self
            .cause
            .as_deref()
            .map(|cause| -> &(dyn Error + 'static) { cause });
        std::iter::successors(first, |&cause| cause.source())
    }
}

impl fmt::Display for CommandError {
    /// The message, a line for each cause and each hint; the heading `error:` is the caller's. A cause that only repeats
    /// the end of the line above it is left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        let mut above = self.message.clone();
        for cause in self.causes() {
            let text = cause.to_string();
            if !above.ends_with(&text) {
                write!(f, "\n  caused by: {text}")?;
                above = text;
            }
        }
        for hint in &self.hints {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

/// Output that can't be written.
impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        Self::user("can't write the output").because(error)
    }
}

/// A memory that can't be used, with the next step where there is one.
impl From<MemoryError> for CommandError {
    fn from(error: MemoryError) -> Self {
        let hints: &[&str] = match &error {
            MemoryError::Missing { .. } => &[
                "fill one with `dhakira import FILE` or `dhakira align AR EN`",
                "see how it works with `dhakira demo`",
            ],
            MemoryError::NotAMemory { .. } => {
                &["name the memory with --memory FILE; files of units are read by `dhakira import`"]
            }
            MemoryError::Newer { .. } => &["use a newer version of dhakira"],
            MemoryError::Busy { .. } => &["try again when the other process is done"],
            MemoryError::NoTermEntry { .. } => &["list them with `dhakira term list`"],
            MemoryError::ReadOnly { .. } => {
                &["copy it to a place of your own and name it with --memory FILE"]
            }
            MemoryError::Damaged { .. } => &["go back to a copy, or fill a new memory"],
            _ => &[],
        };
        let undo_first = match &error {
            MemoryError::UndoLaterFirst { later, .. } => Some(format!(
                "undo that one first: `dhakira sessions undo {later}`"
            )),
            _ => None,
        };
        let kind = match &error {
            MemoryError::Database { .. } => Kind::Internal,
            _ => Kind::User,
        };
        Self {
            kind,
            message: error.to_string(),
            hints: hints
                .iter()
                .map(|&hint| hint.to_owned())
                .chain(undo_first)
                .collect(),
            cause: Some(error.into()),
        }
    }
}

/// A file that can't be read or written.
impl From<FormatError> for CommandError {
    fn from(error: FormatError) -> Self {
        let hint = match &error {
            FormatError::UnknownFormat { .. } | FormatError::UnknownTermFormat { .. } => {
                Some("say what it is with --format")
            }
            FormatError::UnclearLanguages { .. } => {
                Some("name them, as in --columns ar,en or --columns doc,index,en,ar")
            }
            _ => None,
        };
        Self {
            kind: Kind::User,
            message: error.to_string(),
            hints: hint.into_iter().map(str::to_owned).collect(),
            cause: Some(error.into()),
        }
    }
}

/// Says what failed.
pub(crate) trait Doing<T> {
    /// Makes an error a [`CommandError`] with a sentence such as ``can't read `x` ``.
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, CommandError>;
}

impl<T, E: Into<Cause>> Doing<T> for Result<T, E> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, CommandError> {
        self.map_err(|error| CommandError::user(what()).because(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_a_message_its_causes_and_its_hints() {
        let io = io::Error::new(io::ErrorKind::NotFound, "no such file");
        let error = Err::<(), _>(io)
            .doing(|| "can't read `a.tmx`".into())
            .unwrap_err()
            .hint("run `ls`");
        assert_eq!(
            error.to_string(),
            "can't read `a.tmx`\n  caused by: no such file\nhint: run `ls`"
        );
        assert_eq!(error.exit_code(), exit::USER_ERROR);
    }

    #[test]
    fn a_broken_pipe_is_found_behind_other_causes() {
        let pipe = io::Error::new(io::ErrorKind::BrokenPipe, "gone");
        let wrapped = FormatError::Write {
            name: "<stdout>".into(),
            source: pipe,
        };
        assert!(CommandError::from(wrapped).is_broken_pipe());
        assert!(!CommandError::user("x").is_broken_pipe());
        assert_eq!(CommandError::panicked().exit_code(), exit::INTERNAL_ERROR);
    }
}
