//! What an element means, by its name and where it stands.

use super::super::super::xml::local;
use super::super::model::{Attributes, Vocabulary};
use super::{Pass, REACH};

/// What an element means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Root,
    /// `file`.
    File,
    /// What hands `translate` down: `group`, `body`.
    Group,
    Unit,
    /// `segment` of XLIFF 2.
    Segment,
    Source,
    SegSource,
    Target,
    /// A `mrk` of a segment.
    Mark,
    SegDefs,
    SegDef,
    Matches,
    Note,
    /// Inline markup, and everything that isn't known.
    Other,
}

impl Pass<'_> {
    /// The role of an element that begins here.
    pub(super) fn role(&self, name: &str, attributes: &Attributes) -> Role {
        let Some(parent) = self.open.last() else {
            return Role::Root;
        };
        let name = local(name);
        match (self.parsed.vocabulary, parent.role, name) {
            (Vocabulary::Ttx, Role::Unit, "Tuv") => match self.variants {
                0 => Role::Source,
                1 => Role::Target,
                _ => Role::Other,
            },
            (Vocabulary::Ttx, _, "Tu") => Role::Unit,
            (Vocabulary::Ttx, _, "UserSettings") | (_, Role::Root, "file") => Role::File,
            (Vocabulary::Ttx, Role::Root | Role::Group | Role::File, _) => Role::Group,
            (
                Vocabulary::Txml,
                Role::Group | Role::Unit | Role::Source | Role::Target,
                "segment",
            ) => Role::Unit,
            (Vocabulary::Txml, Role::Root, _) => Role::Group,
            (Vocabulary::Ttx, ..) => Role::Other,
            (Vocabulary::Txml, Role::Unit, "source") => Role::Source,
            (Vocabulary::Txml, Role::Unit, "target") => Role::Target,
            (Vocabulary::Txml, ..) => Role::Other,
            // Units don't nest; one inside of another is where that was cut off.
            (_, Role::File | Role::Group, "trans-unit") => Role::Unit,
            (Vocabulary::Xliff1(_), _, "trans-unit") if self.unit_depth.is_some() => Role::Unit,
            (
                Vocabulary::Xliff2,
                Role::Unit | Role::Segment | Role::Source | Role::Target,
                "unit",
            ) => Role::Unit,
            (Vocabulary::Xliff2, Role::File | Role::Group, "unit") => Role::Unit,
            (_, Role::File | Role::Group, "group" | "body" | "bin-unit") => Role::Group,
            (Vocabulary::Xliff2, Role::Unit, "segment") => Role::Segment,
            (Vocabulary::Xliff2, Role::Unit, "matches") => Role::Matches,
            (_, Role::Unit | Role::Segment, "source") => Role::Source,
            (_, Role::Unit | Role::Segment, "target") => Role::Target,
            (_, Role::Unit, "seg-source") => Role::SegSource,
            (_, Role::Unit, "seg-defs") => Role::SegDefs,
            (_, Role::SegDefs, "seg") => Role::SegDef,
            (_, Role::Unit, "note" | "notes") => Role::Note,
            (_, _, "mrk") if attributes.get("mtype") == Some("seg") && self.in_segments() => {
                Role::Mark
            }
            _ => Role::Other,
        }
    }

    /// Whether a `mrk` here is a segment: inside a `seg-source` or a target, and not inside another.
    fn in_segments(&self) -> bool {
        let of_text = self.open.iter().rev().take(REACH);
        let mut roles = of_text
            .map(|open| open.role)
            .skip_while(|role| *role == Role::Other);
        matches!(roles.next(), Some(Role::SegSource | Role::Target))
    }
}
