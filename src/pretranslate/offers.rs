//! Matches as they can be offered for a slot: with the slot's codes, and worth less where those had to be guessed.
//!
//! Worked example: the memory has `Save` → `حفظ` without codes. For the slot `Save` it is an exact match, 100. For
//! `<b>Save</b>` it is a fuzzy one, 97, since a translator has to look at the codes though their place is clear. For
//! `<b>S</b>ave` the place is not clear: 94, flagged.

use super::policy::Confirm;
use super::repetition::Repetition;
use crate::coded::Coded;
use crate::format::fill::{Agreement, Proposal, Slot, transfer};
use crate::lang::Lang;
use crate::matching::{Flag, MatchKind, Suggestion};
use crate::score::Score;
use crate::unit::UnitState;

/// The most that a match may have whose codes were put somewhere.
pub const GUESSED_MAX: Score = Score::from_points(94);

/// What a lookup found, as far as filling needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The match's source segment.
    pub source: Coded,
    /// Its target.
    pub target: Coded,
    /// The score.
    pub score: Score,
    /// The kind.
    pub kind: MatchKind,
    /// What to beware of.
    pub flags: Vec<Flag>,
    /// Where it comes from, for people.
    pub origin: String,
    /// How far the translation has come.
    pub state: UnitState,
}

impl Found {
    /// A suggestion for a query in `lang`. `memory` is the origin of units that are in no document.
    pub fn of(suggestion: Suggestion, lang: Lang, memory: &str) -> Self {
        let side = |lang| suggestion.unit.view().side(lang);
        let (source, target) = (side(lang), side(lang.other()));
        let origin = suggestion.unit.origin;
        Self {
            source,
            target,
            score: suggestion.matched.score,
            kind: suggestion.matched.kind,
            flags: suggestion.matched.flags,
            state: origin.state,
            origin: origin.document.unwrap_or_else(|| memory.to_owned()),
        }
    }
}

/// What stands for the files of the run as the origin of a repetition.
pub const REPETITION_ORIGIN: &str = "repetition";

/// A match with the codes of its slot, or a translation of the same segment in the files of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What to write.
    pub proposal: Proposal,
    /// How far the translation has come.
    pub state: UnitState,
    /// Whether it comes from the files of the run.
    pub is_repetition: bool,
}

impl Offer {
    /// A translation of the same segment, which is as good as an exact match, or as one in context where its key is the
    /// slot's.
    pub fn of_repetition(repetition: Repetition) -> Self {
        Self {
            proposal: Proposal {
                source: repetition.source,
                target: repetition.target,
                score: Score::MAX,
                kind: if repetition.in_place {
                    MatchKind::Context
                } else {
                    MatchKind::Exact
                },
                flags: Vec::new(),
                origin: REPETITION_ORIGIN.to_owned(),
            },
            state: UnitState::Translated,
            is_repetition: true,
        }
    }

    /// Whether it may count as done as the target of `slot`.
    pub fn is_done(&self, slot: &Slot, confirm: Confirm) -> bool {
        let Proposal {
            kind, score, flags, ..
        } = &self.proposal;
        let translates_the_form = slot.form.is_none() || self.is_repetition;
        confirm.allows(*kind)
            && *score == Score::MAX
            && flags.is_empty()
            && self.state > UnitState::Initial
            && translates_the_form
    }
}

/// The matches of a slot that reach `threshold` with its codes, the best first.
pub fn offers(slot: &Slot, found: &[Found], threshold: Score) -> Vec<Offer> {
    let mut offers: Vec<_> = found
        .iter()
        .map(|found| offer(slot, found))
        .filter(|offer| offer.proposal.score >= threshold)
        .collect();
    offers.sort_by_key(|Offer { proposal, .. }| std::cmp::Reverse((proposal.kind, proposal.score)));
    offers
}

fn offer(slot: &Slot, found: &Found) -> Offer {
    let (target, agreement) = transfer(&slot.source, &found.source, &found.target);
    let (mut kind, mut score, mut flags) = (found.kind, found.score, found.flags.clone());
    if agreement < Agreement::Same {
        kind = MatchKind::Fuzzy;
        score = score.min(Score::FUZZY_MAX);
    }
    if agreement == Agreement::Guessed {
        score = score.min(GUESSED_MAX);
        if let Err(at) = flags.binary_search(&Flag::Placeable) {
            flags.insert(at, Flag::Placeable);
        }
    }
    Offer {
        proposal: Proposal {
            source: found.source.clone(),
            target,
            score,
            kind,
            flags,
            origin: found.origin.clone(),
        },
        state: found.state,
        is_repetition: false,
    }
}

/// Whether a match would be an exact one if it had other codes, so that asking for more may find one that is.
pub fn lost_by_codes(offers: &[Offer], found: &[Found]) -> bool {
    let best = |kinds: &mut dyn Iterator<Item = MatchKind>| kinds.max();
    let had = best(&mut found.iter().map(|found| found.kind));
    let has = best(&mut offers.iter().map(|offer| offer.proposal.kind));
    had >= Some(MatchKind::Exact) && has < had
}
