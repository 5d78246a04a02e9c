//! A text with stretches of it replaced, of which ranges are copied.

use std::collections::BTreeMap;
use std::ops::Range;

/// A text and what stretches of it become.
pub(super) struct Splices<'t> {
    text: &'t str,
    /// By start and end. Apart, but something may be put in where another begins.
    edits: BTreeMap<(usize, usize), String>,
}

impl<'t> Splices<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            edits: BTreeMap::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Replaces `range`, and whatever was to be replaced in it.
    pub(super) fn put(&mut self, range: Range<usize>, replacement: String) {
        // What is put in right in front of the range stays.
        let inner = (range.start, range.start + 1)..(range.end, range.end);
        if inner.start < inner.end {
            let inner: Vec<_> = self.edits.range(inner).map(|(key, _)| *key).collect();
            for key in inner {
                self.edits.remove(&key);
            }
        }
        self.edits.insert((range.start, range.end), replacement);
    }

    /// Copies `range` with the replacements that lie in it.
    pub(super) fn copy(&self, range: Range<usize>, out: &mut String) {
        let mut from = range.start;
        for ((start, end), replacement) in self.edits.range((range.start, 0)..(range.end, 0)) {
            if *end > range.end {
                break;
            }
            out.push_str(&self.text[from..*start]);
            out.push_str(replacement);
            from = *end;
        }
        out.push_str(&self.text[from..range.end]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_copied_with_what_lies_in_them() {
        let mut splices = Splices::new("abcdef");
        assert!(splices.is_empty());
        splices.put(1..2, "X".to_owned());
        splices.put(3..3, "+".to_owned());
        splices.put(3..4, "Y".to_owned());
        let copy = |splices: &Splices<'_>, range| {
            let mut out = String::new();
            splices.copy(range, &mut out);
            out
        };
        assert_eq!(copy(&splices, 0..6), "aXc+Yef");
        assert_eq!(copy(&splices, 2..3), "c");
        assert_eq!(copy(&splices, 3..6), "+Yef");
        splices.put(3..6, "Z".to_owned());
        assert_eq!(copy(&splices, 0..6), "aXc+Z");
    }
}
