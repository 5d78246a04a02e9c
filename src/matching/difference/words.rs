//! The words of a segment in order, to ask whether it has one, or two next to each other.

use crate::text::Analyzed;

/// Stands before the first word.
pub(super) const START: &str = "^";
/// Stands behind the last word.
pub(super) const END: &str = "$";

/// Folded words, each between spaces, English ones without what follows an apostrophe.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words(String);

impl Words {
    pub(super) fn new(segment: &Analyzed<'_>) -> Self {
        let mut all = String::with_capacity(segment.surface().len() + 8);
        all.push_str(" ^ ");
        for token in segment.words() {
            all.push_str(bare(segment.folded(token)));
            all.push(' ');
        }
        all.push_str("$ ");
        Self(all)
    }

    /// Whether `second` follows `first` somewhere.
    pub(super) fn adjoin(&self, first: &str, second: &str) -> bool {
        self.0.contains(&format!(" {first} {second} "))
    }

    /// Whether a word begins with `beginning`.
    pub(super) fn have_prefix(&self, beginning: &str) -> bool {
        self.0.contains(&format!(" {beginning}"))
    }

    /// Whether a word is `word`.
    pub(super) fn have(&self, word: &str) -> bool {
        self.0.contains(&format!(" {word} "))
    }
}

/// A word without possessive or contracted verb.
pub(super) fn bare(folded: &str) -> &str {
    folded.split('\'').next().unwrap_or(folded)
}
