//! What the memory saves of a segment's translation.

use super::offers::Offer;
use crate::matching::MatchKind;
use crate::score::Band;

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
    pub(super) fn of(best: Option<&Offer>, repeated: bool) -> Self {
        if best.is_some_and(|best| best.is_repetition) {
            return Self::Repetition;
        }
        match best.map(|best| (best.proposal.kind, best.proposal.score)) {
            Some((MatchKind::Context, _)) => Self::Context,
            Some((MatchKind::Exact, _)) => Self::Exact,
            _ if repeated => Self::Repetition,
            Some((MatchKind::Orthographic, _)) => Self::Orthographic,
            Some((MatchKind::Fuzzy, score)) => Self::Fuzzy(score.band()),
            None => Self::None,
        }
    }

    /// Its place in [`Leverage::ALL`].
    pub(super) fn index(self) -> usize {
        Self::ALL
            .iter()
            .position(|&other| other == self)
            .unwrap_or(Self::ALL.len() - 1)
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
}
