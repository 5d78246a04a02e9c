//! What readers and checks report instead of printing or stopping: a place, a severity and a sentence.

use std::fmt;

/// A place in a text file; both counts start at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The line.
    pub line: u64,
    /// The column in characters.
    pub column: u64,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The unit was taken, though something about it was mended or odd.
    Warning,
    /// The unit was not taken.
    Error,
}

/// A finding about one place of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Where it is; `None` when it is about the input as a whole.
    pub location: Option<Location>,
    /// What was found, in lower case and without a stop at the end.
    pub message: String,
}

impl Diagnostic {
    /// A finding because of which a unit is not taken.
    pub fn error(location: Location, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            location: Some(location),
            message: message.into(),
        }
    }

    /// A finding about a unit that is taken all the same.
    pub fn warning(location: Location, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            location: Some(location),
            message: message.into(),
        }
    }
}

impl fmt::Display for Diagnostic {
    /// `line:column: message`, to be put behind the input's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = self.location {
            write!(f, "{location}: ")?;
        }
        f.write_str(&self.message)
    }
}
