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

impl From<&str> for Coded {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            codes: Vec::new(),
        }
    }
}
