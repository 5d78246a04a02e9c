//! Scores candidates against a query and puts them in order. No I/O, no failure.
//!
//! Query and stored segment → [`scorer::Scorer`] → [`Match`]es → [`rank::Best`] → the best, in a declared total order;
//! [`diff`] shows in what a match differs.
//!
//! Invariants: kinds come before numbers; only a segment that is equal as written scores 100; a score never exceeds the
//! bound that the index has for it; raising the cutoff only takes matches away. Cost: about 10 µs a stored segment of
//! a hundred characters, nearly all of it analysis.

pub mod diff;
pub mod difference;
pub mod distance;
pub mod rank;
pub mod scorer;

use serde::Serialize;

use crate::score::Score;
use crate::text::fold::Levellings;
use crate::unit::{TranslationUnit, UnitId};

/// How a stored segment relates to the query, the best last. A kind is never expressed by a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MatchKind {
    /// Anything else.
    Fuzzy,
    /// Equal after folding.
    Orthographic,
    /// Equal as written.
    Exact,
    /// Equal as written, and so are the neighbours.
    Context,
}

impl MatchKind {
    /// The name in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fuzzy => "fuzzy",
            Self::Orthographic => "orthographic",
            Self::Exact => "exact",
            Self::Context => "context",
        }
    }
}

/// A difference that changes the meaning more than the score tells; each caps the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Flag {
    /// Numbers or dates differ in value.
    Number,
    /// One side is negated and the other is not.
    Negation,
    /// Placeables differ.
    Placeable,
    /// Each side has a name that the other has not.
    Name,
}

/// A scored candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The unit.
    pub unit: UnitId,
    /// Its kind.
    pub kind: MatchKind,
    /// Its score.
    pub score: Score,
    /// What was levelled, for an orthographic match; empty for others.
    pub levelled: Levellings,
    /// Differences to beware of, in order, none twice.
    pub flags: Vec<Flag>,
    /// How the score came about.
    pub breakdown: Breakdown,
}

/// The arithmetic of a score: `min(dice - edit_cost, cap)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Breakdown {
    /// The Dice coefficient of the segments' features.
    pub dice: Score,
    /// The similarity by edit distance.
    pub edit: Score,
    /// What the part of `dice` costs that `edit` does not bear out.
    pub edit_cost: Score,
    /// The most that a match of this kind with these flags may have.
    pub cap: Score,
}

/// One piece of the difference between the query and a match's source, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "op", content = "text")]
pub enum DiffPiece {
    /// In both, as the query has it.
    Same(String),
    /// Only in the query.
    Query(String),
    /// Only in the match.
    Match(String),
}

/// A match with all that is needed to show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The unit with its newest occurrence, or the one whose neighbours matched.
    pub unit: TranslationUnit,
    /// How it matched.
    pub matched: Match,
    /// The query against the unit's source segment; pieces joined give either text, up to white space.
    pub diff: Vec<DiffPiece>,
}
