//! Keeps right-to-left text in its place on a terminal.
//!
//! A line such as `ar  قال: 5 (unit 12)` is torn apart by the bidirectional algorithm unless the Arabic run is isolated
//! (Unicode Standard Annex 9, FSI … PDI). Isolates are for eyes only: they never go into a file or a pipe unless the user
//! asks for them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::text::arabic::is_arabic_letter;

const RIGHT_TO_LEFT_ISOLATE: char = '\u{2067}';
const FIRST_STRONG_ISOLATE: char = '\u{2068}';
const POP_DIRECTIONAL_ISOLATE: char = '\u{2069}';

/// When to isolate right-to-left text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum BidiMode {
    /// When stdout is a terminal.
    #[default]
    Auto,
    /// Always.
    Isolate,
    /// Never.
    None,
}

impl BidiMode {
    /// Whether to isolate, given whether stdout is a terminal.
    pub(crate) fn isolates(self, terminal: bool) -> bool {
        match self {
            Self::Auto => terminal,
            Self::Isolate => true,
            Self::None => false,
        }
    }
}

/// `text` as one isolate where it holds Arabic letters and `isolates` is set; as it is otherwise.
pub(crate) fn isolate(text: &str, isolates: bool) -> Cow<'_, str> {
    if isolates && text.chars().any(is_arabic_letter) {
        format!("{FIRST_STRONG_ISOLATE}{text}{POP_DIRECTIONAL_ISOLATE}").into()
    } else {
        text.into()
    }
}

/// A line of an Arabic text as one isolate that runs right to left whatever it begins with, where it holds Arabic
/// letters and `isolates` is set; as it is otherwise.
pub(crate) fn isolate_right_to_left(line: &str, isolates: bool) -> Cow<'_, str> {
    if isolates && line.chars().any(is_arabic_letter) {
        format!("{RIGHT_TO_LEFT_ISOLATE}{line}{POP_DIRECTIONAL_ISOLATE}").into()
    } else {
        line.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_arabic_is_isolated_and_only_when_asked() {
        assert_eq!(isolate("نعم", true), "\u{2068}نعم\u{2069}");
        assert_eq!(isolate("نعم", false), "نعم");
        assert_eq!(isolate("yes 12", true), "yes 12");
        let line = isolate_right_to_left("5 نعم", true);
        assert_eq!(line, "\u{2067}5 نعم\u{2069}");
    }

    #[test]
    fn auto_follows_the_terminal() {
        assert!(BidiMode::Auto.isolates(true) && !BidiMode::Auto.isolates(false));
        assert!(BidiMode::Isolate.isolates(false) && !BidiMode::None.isolates(true));
    }
}
