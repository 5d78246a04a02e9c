//! Accelerator marks: `~`, `&` or `_` before the letter that reaches a word of a user interface by key.
//!
//! `S~pacing`, `&File`, `_Open` and `الت~باعد` are the words `Spacing`, `File`, `Open` and `التباعد`; where the mark
//! stands is each translator's choice. A mark stands directly before a letter. `_` behind an ASCII letter or digit is
//! part of a name (`LC_ALL`), `&` that begins an entity is none (`R&amp;D`).

use std::borrow::Cow;

use super::placeable;

/// Whether an accelerator mark stands at byte `at` of `text`.
pub(super) fn is_mark_at(text: &str, at: usize) -> bool {
    let before_letter = || text[at + 1..].starts_with(char::is_alphabetic);
    match text.as_bytes().get(at) {
        Some(b'~') => before_letter(),
        Some(b'&') => before_letter() && placeable::at(text, at).is_none(),
        Some(b'_') => before_letter() && !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric()),
        _ => false,
    }
}

/// A word without its accelerator marks.
pub fn without_marks(word: &str) -> Cow<'_, str> {
    if !word.contains(['~', '&', '_']) {
        return word.into();
    }
    let kept = word.char_indices().filter(|&(i, _)| !is_mark_at(word, i));
    kept.map(|(_, c)| c).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_names_stay() {
        for (written, word) in [
            ("S~pacing", "Spacing"),
            ("&File", "File"),
            ("_Open", "Open"),
            ("الت~باعد", "التباعد"),
            ("LC_ALL", "LC_ALL"),
            ("__init__", "_init__"),
            ("a_", "a_"),
            ("~", "~"),
        ] {
            assert_eq!(without_marks(written), word);
        }
    }
}
