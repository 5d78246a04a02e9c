//! Scores candidates against a query and puts them in order. No I/O, no failure.
//!
//! Query and stored segment → [`scorer::Scorer`] → what the translation costs, by [`evidence`] and [`witness`] → [`Match`]es →
//! [`rank::Best`] → the best, in a declared total order; [`penalty`] says what a match loses for where it comes from;
//! [`diff`] shows in what it differs, [`explain`] why it scores what it does.
//!
//! Invariants: kinds come before numbers; only a segment that is equal as written scores 100; a score never exceeds the
//! bound that the index has for it; raising the cutoff only takes matches away. Cost: about 10 µs a stored segment of
//! a hundred characters, nearly all of it analysis.

pub mod diff;
pub mod difference;
pub mod distance;
pub mod evidence;
pub mod explain;
pub mod penalty;
pub mod rank;
pub mod scorer;
pub mod witness;

use serde::Serialize;

use self::penalty::Penalty;
use crate::score::Score;
use crate::text::fold::Levellings;
use crate::unit::{TranslationUnit, UnitId};

/// The version of the score. Raised with every change after which some pair of segments has another score, kind or flag,
/// so that figures of different versions are told apart.
pub const SCORE_VERSION: u32 = 6;

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
    /// Its score, after penalties.
    pub score: Score,
    /// What was levelled, for an orthographic match; empty for others.
    pub levelled: Levellings,
    /// Differences to beware of, in order, none twice.
    pub flags: Vec<Flag>,
    /// What the score lost for other reasons than the text.
    pub penalties: Vec<Penalty>,
    /// How the score came about before penalties.
    pub breakdown: Breakdown,
}

/// The arithmetic of a score before penalties: `min(similarity - edit_cost - word_cost, cap)`, less what is in `evidence`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Breakdown {
    /// What the score begins from: the overlap score of the segments' grams, or
    /// [`STEM_FLOOR`](crate::index::bound::STEM_FLOOR) where that is less and the words are the same but for clitics.
    pub similarity: Score,
    /// The similarity by edit distance.
    pub edit: Score,
    /// What the part of `similarity` costs that `edit` does not bear out.
    pub edit_cost: Score,
    /// What it costs that there is a word whose stem the other segment does not have.
    pub word_cost: Score,
    /// The most that a match of this kind with these flags may have.
    pub cap: Score,
    /// What the translation of a fuzzy match costs it.
    pub evidence: evidence::EvidenceCost,
}

impl Breakdown {
    /// The score before penalties.
    pub fn score(&self) -> Score {
        let near = self.similarity.less(self.edit_cost).less(self.word_cost);
        near.min(self.cap).less(self.evidence.total())
    }
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
