//! Inline codes: what stands inside a segment and is not its text, such as the start and end of bold type, a line break
//! or a reference to a field.
//!
//! Codes stand *off* the text: a [`Coded`] segment is its plain text and a list of codes, each at a byte of the text.
//! So matching, alignment and display see text alone, and a code never breaks a word in two: `<b>ن</b>عم` is `نعم` with an
//! opening code at 0 and a closing one at 2.
//!
//! Invariants: codes are in the order of the segment; `at` never goes down, lies on a character boundary and is at most
//! the text's length.

use serde::{Deserialize, Serialize};

/// What a code does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodeKind {
    /// Begins something that the [`CodeKind::Close`] of the same number ends (TMX `bpt`, XLIFF `bx`, `g`, `sc`, `pc`).
    Open,
    /// Ends it.
    Close,
    /// Stands by itself, or lost its counterpart (TMX `ph`, `it`; XLIFF `x`, `ph`).
    Alone,
}

/// An inline code.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Code {
    /// The byte of the text before which it stands.
    pub at: usize,
    /// What it does.
    pub kind: CodeKind,
    /// Which code of its segment it is, from 1: a pair shares a number, and codes of source and target with the same
    /// number and kind stand for each other.
    pub number: u32,
    /// What stands for it in a file: the native code of TMX, an element of XLIFF, a tag of HTML; as that file writes it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub raw: String,
}

/// A segment with its inline codes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Coded {
    /// The text without codes.
    pub text: String,
    /// The codes.
    pub codes: Vec<Code>,
}

impl Coded {
    /// A segment of `text` with `codes`.
    ///
    /// # Errors
    /// The first fault of the codes, where they break the invariants of this module.
    pub fn new(text: String, codes: Vec<Code>) -> Result<Self, CodeFault> {
        let mut least = 0;
        for (index, code) in codes.iter().enumerate() {
            let why = if code.at > text.len() {
                "lies behind the end of the text"
            } else if !text.is_char_boundary(code.at) {
                "lies inside a character"
            } else if code.at < least {
                "lies before the code in front of it"
            } else {
                least = code.at;
                continue;
            };
            return Err(CodeFault { index, why });
        }
        Ok(Self { text, codes })
    }

    /// The segment without the white space around its text; codes that stood in it come to the nearer end.
    ///
    /// ```
    /// use dhakira::coded::{Code, CodeKind, Coded};
    /// let code = |at| Code { at, kind: CodeKind::Alone, number: 1, raw: "<br/>".into() };
    /// let coded = Coded { text: " نعم ".into(), codes: vec![code(0), code(1), code(8)] };
    /// let trimmed = coded.trimmed();
    /// assert_eq!(trimmed.text, "نعم");
    /// assert_eq!(trimmed.codes, [code(0), code(0), code(6)]);
    /// ```
    #[must_use]
    pub fn trimmed(&self) -> Self {
        Self {
            codes: self.trimmed_codes(),
            text: self.text.trim().to_owned(),
        }
    }

    /// The codes of [`Coded::trimmed`].
    pub fn trimmed_codes(&self) -> Vec<Code> {
        let cut = self.text.len() - self.text.trim_start().len();
        let end = self.text.trim().len();
        let moved = self.codes.iter().map(|code| Code {
            at: code.at.saturating_sub(cut).min(end),
            ..code.clone()
        });
        moved.collect()
    }
}

/// A code that can't stand where it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("code {} {why}", index + 1)]
pub struct CodeFault {
    index: usize,
    why: &'static str,
}

impl From<&str> for Coded {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            codes: Vec::new(),
        }
    }
}
