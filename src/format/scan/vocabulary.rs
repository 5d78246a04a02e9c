//! The names of the tags that a file is cut at.

use super::super::error::FormatError;
use crate::diagnostic::Location;

/// The elements that a file is cut at, by their names.
pub(in crate::format) struct Vocabulary {
    /// What the root may be called.
    pub(in crate::format) roots: &'static [&'static str],
    /// What a unit may be called.
    pub(in crate::format) units: &'static [&'static str],
    /// What holds the units, and is passed over.
    pub(in crate::format) frames: &'static [&'static str],
    /// What stands before the units and is not looked into for them.
    pub(in crate::format) header: &'static str,
    /// Other parts of a file, which are left out with a remark.
    pub(in crate::format) parts: &'static [&'static str],
    /// What people call a unit, and several.
    pub(in crate::format) nouns: (&'static str, &'static str),
    /// What to say of the input of a name whose root is something else, and where.
    pub(in crate::format) refusal: fn(String, Location, String) -> FormatError,
}

impl Vocabulary {
    /// The tag that `bytes` begin with, where it is one of those that matter.
    pub(super) fn tag(&self, bytes: &[u8]) -> Option<Tag> {
        let (name, is_end) = match bytes.strip_prefix(b"</") {
            Some(rest) => (name_at(rest), true),
            None => (name_of(bytes), false),
        };
        let is_in = |names: &[&str]| names.iter().any(|n| n.as_bytes() == name);
        Some(match is_end {
            false if is_in(self.units) => Tag::Unit,
            true if is_in(self.units) => Tag::UnitEnd,
            false if is_in(self.frames) => Tag::Frame,
            true if is_in(self.frames) => Tag::FrameEnd,
            false if is_in(&[self.header]) => Tag::Header,
            false if is_in(self.roots) => Tag::Root,
            true if is_in(self.roots) => Tag::RootEnd,
            _ => return None,
        })
    }
}

/// The name in the start tag that `bytes` begin with; empty where they don't.
pub(super) fn name_of(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"<").map_or(&[], name_at)
}

fn name_at(bytes: &[u8]) -> &[u8] {
    let ends = |b: &u8| matches!(b, b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r');
    let end = bytes.iter().position(ends).unwrap_or(bytes.len());
    &bytes[..end]
}

/// What a tag means for cutting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Unit,
    UnitEnd,
    Frame,
    FrameEnd,
    Root,
    RootEnd,
    Header,
    /// A comment, CDATA section or processing instruction, and where it ends.
    Opaque(usize),
    Other,
}

/// No name of a tag that matters is longer, with what begins and ends it.
pub(super) const LONGEST_TAG: usize = 24;
