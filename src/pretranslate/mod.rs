//! Pre-translation: decides for each segment of a file what the memory says is to be written, and counts what that saves.
//! No I/O; the memory comes in as a function.
//!
//! ```text
//! slots ──lookup──▶ Found* ──offers::of (codes transferred)──▶ Proposal* ──fill (policy)──▶ Filling, Tally
//! ```
//!
//! | question | module |
//! | --- | --- |
//! | What is written, and does it count as done? | [`policy`], [`mod@fill`] |
//! | What does a match count when its codes are not the file's? | [`offers`] |
//! | What else in the same files is translated already? | [`repetition`] |
//! | How is nothing looked up twice? | [`cache`] |
//!
//! Invariants: every segment that is not blank falls into exactly one kind of leverage, or is locked, or was translated
//! before, so that the volumes add up to the file's; a fuzzy match is never confirmed; what is written for a file depends
//! on the files of the run and their order, never on the number of threads. Segments of more than [`SEGMENT_LIMIT`] bytes
//! are not looked up. Cost: a lookup for each distinct segment, and
//! for those with exact matches one for each of their contexts.

pub mod cache;
pub mod fill;
pub mod offers;
pub mod policy;
pub mod repetition;

use std::ops::AddAssign;

use serde::Serialize;

pub use cache::LookupCache;
pub use fill::{FileFill, Tally, fill};
pub use offers::Found;
pub use policy::{Confirm, FillPolicy, Overwrite, Untranslated};
pub use repetition::KnownTranslations;

use crate::format::fill::Proposal;
use crate::matching::MatchKind;
use crate::memory::SEGMENT_LIMIT;
use crate::score::Band;
use crate::text::{Analyzed, TokenKind};

/// What the memory is worth for a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Leverage {
    /// Translated before, between the same neighbours.
    Context,
    /// Translated before as written.
    Exact,
    /// Translated before in another spelling.
    Orthographic,
    /// Something similar was translated before.
    Fuzzy(Band),
    /// Translated elsewhere in the files of the run, or written further up in the same file and neither a context nor an
    /// exact match: to be translated once.
    Repetition,
    /// Nothing of use.
    None,
}

impl Leverage {
    /// All kinds, from the most to the least that is saved; the order of reports.
    pub const ALL: [Self; 10] = [
        Self::Context,
        Self::Exact,
        Self::Repetition,
        Self::Orthographic,
        Self::Fuzzy(Band::From95),
        Self::Fuzzy(Band::From85),
        Self::Fuzzy(Band::From75),
        Self::Fuzzy(Band::From50),
        Self::Fuzzy(Band::Below50),
        Self::None,
    ];

    /// The name in reports, such as `exact` or `75-84`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Context => "context",
            Self::Exact => "exact",
            Self::Orthographic => "orthographic",
            Self::Fuzzy(band) => band.name(),
            Self::Repetition => "repetition",
            Self::None => "none",
        }
    }

    /// What the best offer is worth for a segment that was, or was not, met before in its file.
    fn of(best: Option<&Proposal>, repeated: bool) -> Self {
        match best.map(|offer| (offer.kind, offer.score)) {
            Some((MatchKind::Context, _)) => Self::Context,
            Some((MatchKind::Exact, _)) => Self::Exact,
            _ if repeated => Self::Repetition,
            Some((MatchKind::Orthographic, _)) => Self::Orthographic,
            Some((MatchKind::Fuzzy, score)) => Self::Fuzzy(score.band()),
            None => Self::None,
        }
    }

    /// Its place in [`Leverage::ALL`].
    fn index(self) -> usize {
        Self::ALL
            .iter()
            .position(|&other| other == self)
            .unwrap_or(Self::ALL.len() - 1)
    }
}

/// An amount of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// Segments.
    pub segments: u64,
    /// Words: tokens other than punctuation, so that a number or a URL is one.
    pub words: u64,
    /// Characters (Unicode scalar values) other than white space.
    pub characters: u64,
}

impl Volume {
    /// The volume of one segment.
    pub fn of(segment: &str) -> Self {
        let words: usize = pieces(segment).map(words).sum();
        let characters = segment.chars().filter(|c| !c.is_whitespace()).count();
        Self {
            segments: 1,
            words: words as u64,
            characters: characters as u64,
        }
    }
}

fn words(text: &str) -> usize {
    let analyzed = Analyzed::new(text);
    let tokens = analyzed.tokens().iter();
    tokens
        .filter(|token| token.kind != TokenKind::Punctuation)
        .count()
}

/// A segment in pieces of at most [`SEGMENT_LIMIT`] bytes, cut at white space where there is some, since the analysis of a
/// text takes many times its memory.
fn pieces(segment: &str) -> impl Iterator<Item = &str> {
    let mut rest = segment;
    std::iter::from_fn(move || {
        let most = &rest[..rest.floor_char_boundary(SEGMENT_LIMIT)];
        let end = match most.rfind(char::is_whitespace) {
            Some(at) if most.len() < rest.len() && at > 0 => at,
            _ => most.len(),
        };
        let (piece, behind) = rest.split_at(end);
        rest = behind;
        (!piece.is_empty()).then_some(piece)
    })
}

impl AddAssign for Volume {
    fn add_assign(&mut self, other: Self) {
        self.segments += other.segments;
        self.words += other.words;
        self.characters += other.characters;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_leverage_has_its_place() {
        for (i, leverage) in Leverage::ALL.into_iter().enumerate() {
            assert_eq!(leverage.index(), i);
        }
    }

    #[test]
    fn a_long_segment_is_counted_in_pieces() {
        let word = "كلمة ";
        let many = SEGMENT_LIMIT / word.len() * 5 / 2;
        assert_eq!(Volume::of(&word.repeat(many)).words, many as u64);
        let unbroken = "ك".repeat(SEGMENT_LIMIT);
        assert_eq!(pieces(&unbroken).collect::<String>(), unbroken);
        assert!(pieces(&unbroken).all(|piece| piece.len() <= SEGMENT_LIMIT));
    }

    #[test]
    fn a_volume_counts_words_and_visible_characters() {
        let volume = Volume {
            segments: 1,
            words: 3,
            characters: 9,
        };
        assert_eq!(Volume::of("نعم، ٣ مرات"), volume);
    }
}
