//! What is written for each slot of a file, and what is counted.
//!
//! For a slot that is not locked, not blank, and not translated already in a way that the policy leaves alone:
//!
//! 1. Its matches come with its codes ([`offers`]). A translation of the same segment in the files of the run comes
//!    before all matches but those in context ([`KnownTranslations`]).
//! 2. The best, if it reaches [`FillPolicy::fill`] and the policy lets the target be replaced, is the target. It counts as
//!    done only under [`FillPolicy::confirm`], and never for one of several plural forms unless that form was translated.
//! 3. What can be offered beside the target is offered, in files that have room for it.

use rustc_hash::FxHashSet;

use super::offers::{Found, Offer, lost_by_codes, offers};
use super::policy::{FillPolicy, Overwrite, PROPOSALS};
use super::repetition::KnownTranslations;
use super::{Leverage, Tally, Volume};
use crate::coded::Coded;
use crate::format::fill::{Filling, Shape, Slot, SlotState};
use crate::lang::Lang;
use crate::matching::MatchKind;
use crate::memory::{Query, SEGMENT_LIMIT};

/// How many matches are looked at where the best is an exact one with other codes than the slot.
const OTHER_CODES_LIMIT: usize = 32;

/// What is to be written into a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFill {
    /// One filling for each slot.
    pub fillings: Vec<Filling>,
    /// What came of the slots.
    pub tally: Tally,
}

/// Decides what is written into a file of that shape, whose source is in `lang`. `run` is what the files of the run have
/// translated; `lookup` gives the best matches of a query, at least as many as asked for where there are, and none below
/// the policy's threshold.
///
/// # Errors
/// The first error of `lookup`.
pub fn fill<F: AsRef<[Found]>, E>(
    slots: &[Slot],
    shape: Shape,
    lang: Lang,
    policy: &FillPolicy,
    run: &KnownTranslations,
    mut lookup: impl FnMut(&Query<'_>, usize) -> Result<F, E>,
) -> Result<FileFill, E> {
    let known = if policy.repetitions {
        KnownTranslations::of(slots)
    } else {
        KnownTranslations::default()
    };
    let mut seen: FxHashSet<&Coded> = FxHashSet::default();
    let mut out = FileFill::default();
    for (i, slot) in slots.iter().enumerate() {
        if is_left_alone(slot, policy) {
            out.tally.leave(slot);
            out.fillings.push(Filling::default());
            continue;
        }
        let query = Query {
            text: &slot.source.text,
            lang,
            previous: i.checked_sub(1).map(|before| &*slots[before].source.text),
            next: slots.get(i + 1).map(|next| &*next.source.text),
        };
        let mut offers = offers_for(slot, shape, &query, policy, &mut lookup)?;
        // A target that is to be replaced is no translation to be repeated, least of all in its own place.
        if policy.repetitions
            && slot.state != SlotState::Confirmed
            && let Some(repetition) = [&known, run].into_iter().find_map(|known| known.get(slot))
        {
            let repetition = Offer::of_repetition(repetition);
            let better = |offer: &Offer| offer.proposal.kind > repetition.proposal.kind;
            offers.insert(offers.partition_point(better), repetition);
        }
        let leverage = Leverage::of(offers.first(), !seen.insert(&slot.source));
        let is_matched = !offers.is_empty();
        let (filling, is_filled) = decide(slot, shape, offers, policy);
        let volume = Volume::of(&slot.source.text);
        out.tally.add(leverage, volume);
        for (counts, sum) in [
            (is_matched, &mut out.tally.matched),
            (is_filled, &mut out.tally.filled),
            (filling.confirmed, &mut out.tally.confirmed),
        ] {
            if counts {
                *sum += volume;
            }
        }
        out.fillings.push(filling);
    }
    Ok(out)
}

/// Whether there is nothing to do for a slot: it is blank, locked, or translated in a way that is not to be replaced.
fn is_left_alone(slot: &Slot, policy: &FillPolicy) -> bool {
    slot.source.text.trim().is_empty()
        || match slot.state {
            SlotState::Locked => true,
            SlotState::Confirmed => policy.overwrite != Overwrite::All,
            SlotState::Untranslated | SlotState::Draft => false,
        }
}

/// The matches of a slot, the best first. More are asked for where the best would be exact but for its codes.
fn offers_for<F: AsRef<[Found]>, E>(
    slot: &Slot,
    shape: Shape,
    query: &Query<'_>,
    policy: &FillPolicy,
    lookup: &mut impl FnMut(&Query<'_>, usize) -> Result<F, E>,
) -> Result<Vec<Offer>, E> {
    if query.text.len() > SEGMENT_LIMIT {
        return Ok(Vec::new());
    }
    let limit = match shape {
        Shape::Monolingual => 1,
        Shape::Bilingual => PROPOSALS,
    };
    let mut offered = Vec::new();
    for limit in [limit, OTHER_CODES_LIMIT] {
        let found = lookup(query, limit)?;
        let found = found.as_ref();
        offered = offers(slot, found, policy.threshold);
        if found.len() < limit || !lost_by_codes(&offered, found) {
            break;
        }
    }
    offered.truncate(limit);
    Ok(offered)
}

/// What the policy makes of a slot's matches, the best first, and whether one of them is the target.
fn decide(slot: &Slot, shape: Shape, offers: Vec<Offer>, policy: &FillPolicy) -> (Filling, bool) {
    let may_replace = match slot.state {
        SlotState::Untranslated => true,
        SlotState::Draft => policy.overwrite >= Overwrite::Unconfirmed,
        SlotState::Confirmed => policy.overwrite == Overwrite::All,
        SlotState::Locked => false,
    };
    let best = offers
        .first()
        .filter(|best| may_replace && best.proposal.score >= policy.fill);
    let confirmed = best.is_some_and(|best| best.is_done(slot, policy.confirm));
    let is_there = |best: &&Offer| {
        let same = slot.target.as_ref() == Some(&best.proposal.target);
        same && (slot.state == SlotState::Confirmed || !confirmed)
    };
    if best.as_ref().is_some_and(is_there) {
        return (Filling::default(), false);
    }
    let previous = best
        .filter(|best| best.proposal.kind < MatchKind::Exact)
        .map(|best| best.proposal.source.clone());
    let target = best.map(|best| best.proposal.target.clone());
    let is_filled = target.is_some();
    let filling = match shape {
        Shape::Monolingual => Filling {
            target: target.or_else(|| policy.untranslated.target(&slot.source)),
            confirmed,
            previous,
            proposals: Vec::new(),
        },
        Shape::Bilingual => Filling {
            target,
            confirmed,
            previous,
            proposals: offers.into_iter().map(|offer| offer.proposal).collect(),
        },
    };
    (filling, is_filled)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;
    use crate::coded::{Code, CodeKind};
    use crate::matching::Flag;
    use crate::pretranslate::{Confirm, Untranslated};
    use crate::score::{Band, Score};
    use crate::unit::UnitState;

    const POLICY: FillPolicy = FillPolicy {
        threshold: Score::from_points(70),
        fill: Score::from_points(80),
        confirm: Confirm::Exact,
        overwrite: Overwrite::None,
        repetitions: true,
        untranslated: Untranslated::Source,
    };

    /// A memory of English segments: its texts say how they match.
    fn lookup(query: &Query<'_>, _limit: usize) -> Result<Vec<Found>, Infallible> {
        let (kind, points, state) = match query.text.trim().split(' ').next() {
            Some("context") => (MatchKind::Context, 100, UnitState::Translated),
            Some("exact") => (MatchKind::Exact, 100, UnitState::Translated),
            Some("penalised") => (MatchKind::Exact, 99, UnitState::Translated),
            Some("machine") => (MatchKind::Exact, 100, UnitState::Initial),
            Some("spelled") => (MatchKind::Orthographic, 99, UnitState::Translated),
            Some("good") => (MatchKind::Fuzzy, 90, UnitState::Translated),
            Some("poor") => (MatchKind::Fuzzy, 72, UnitState::Translated),
            _ => return Ok(Vec::new()),
        };
        Ok(vec![Found {
            source: query.text.trim().into(),
            target: "هدف".into(),
            score: Score::from_points(points),
            kind,
            flags: Vec::new(),
            origin: "memory".to_owned(),
            state,
        }])
    }

    fn slot(source: &str, state: SlotState) -> Slot {
        Slot {
            source: source.into(),
            target: (state > SlotState::Untranslated).then(|| "قديم".into()),
            state,
            ..Slot::default()
        }
    }

    fn filled(slots: &[Slot], shape: Shape, policy: &FillPolicy) -> FileFill {
        let run = KnownTranslations::default();
        let filled = fill(slots, shape, Lang::English, policy, &run, lookup);
        filled.unwrap_or_else(|never| match never {})
    }

    /// The target, whether it is confirmed, and how many matches are offered, for a slot of a bilingual file.
    fn decided(slot: &Slot, policy: &FillPolicy) -> (Option<String>, bool, usize) {
        let filled = filled(std::slice::from_ref(slot), Shape::Bilingual, policy);
        let filling = filled.fillings.into_iter().next().unwrap();
        let target = filling.target.map(|target| target.text);
        (target, filling.confirmed, filling.proposals.len())
    }

    #[test]
    fn only_what_somebody_stands_for_is_done() {
        let new = Some("هدف".to_owned());
        for (source, expected) in [
            ("context", (new.clone(), true, 1)),
            ("exact", (new.clone(), true, 1)),
            ("penalised", (new.clone(), false, 1)),
            ("machine", (new.clone(), false, 1)),
            ("spelled", (new.clone(), false, 1)),
            ("good", (new.clone(), false, 1)),
            ("poor", (None, false, 1)),
            ("unknown", (None, false, 0)),
        ] {
            let slot = slot(source, SlotState::Untranslated);
            assert_eq!(decided(&slot, &POLICY), expected, "{source}");
        }
    }

    #[test]
    fn how_much_is_confirmed_is_the_users_wish() {
        let confirmed = |source, confirm| {
            let policy = FillPolicy { confirm, ..POLICY };
            decided(&slot(source, SlotState::Untranslated), &policy).1
        };
        assert!(confirmed("context", Confirm::Context));
        assert!(!confirmed("exact", Confirm::Context));
        assert!(!confirmed("context", Confirm::None));
    }

    #[test]
    fn targets_are_replaced_only_where_that_is_allowed() {
        let fills = |state, overwrite| {
            let policy = FillPolicy {
                overwrite,
                ..POLICY
            };
            decided(&slot("exact", state), &policy).0.is_some()
        };
        use Overwrite::{All, Unconfirmed};
        let none = Overwrite::None;
        for (state, expected) in [
            (SlotState::Untranslated, [true, true, true]),
            (SlotState::Draft, [false, true, true]),
            (SlotState::Confirmed, [false, false, true]),
            (SlotState::Locked, [false, false, false]),
        ] {
            let fills = [none, Unconfirmed, All].map(|overwrite| fills(state, overwrite));
            assert_eq!(fills, expected, "{state:?}");
        }
    }

    #[test]
    fn a_target_that_is_there_already_is_left() {
        let policy = FillPolicy {
            overwrite: Overwrite::All,
            ..POLICY
        };
        let there = |source, state| Slot {
            target: Some("هدف".into()),
            ..slot(source, state)
        };
        let left = (None, false, 0);
        assert_eq!(
            decided(&there("exact", SlotState::Confirmed), &policy),
            left
        );
        assert_eq!(decided(&there("good", SlotState::Draft), &policy), left);
        let confirmed = (Some("هدف".to_owned()), true, 1);
        assert_eq!(
            decided(&there("exact", SlotState::Draft), &policy),
            confirmed
        );
    }

    #[test]
    fn what_was_translated_is_named_for_fuzzy_matches() {
        let previous = |source: &str| {
            let slots = [slot(source, SlotState::Untranslated)];
            let filled = filled(&slots, Shape::Bilingual, &POLICY);
            filled.fillings[0].previous.as_ref().map(|p| p.text.clone())
        };
        assert_eq!(previous("good one").as_deref(), Some("good one"));
        assert_eq!(previous("spelled").as_deref(), Some("spelled"));
        assert_eq!(previous("exact"), None);
        assert_eq!(previous("poor"), None);
    }

    #[test]
    fn the_same_file_done_twice_is_filled_whole() {
        let done: Vec<_> = ["unknown", "poor", "good", "exact"]
            .iter()
            .map(|source| slot(source, SlotState::Confirmed))
            .collect();
        let again: Vec<_> = done
            .iter()
            .map(|slot| Slot {
                target: None,
                state: SlotState::Untranslated,
                ..slot.clone()
            })
            .collect();
        let run = KnownTranslations::of(&done);
        let fill = |policy: &FillPolicy, run: &KnownTranslations| {
            fill(&again, Shape::Bilingual, Lang::English, policy, run, lookup)
                .unwrap_or_else(|never| match never {})
        };
        let filled = fill(&POLICY, &run);
        assert!(
            filled
                .fillings
                .iter()
                .all(|f| f.confirmed && f.target == Some("قديم".into()))
        );
        assert_eq!(filled.tally.volume(Leverage::Repetition).segments, 4);
        let without = FillPolicy {
            repetitions: false,
            ..POLICY
        };
        let filled = fill(&without, &run);
        assert_eq!(filled.tally.filled.segments, 2);
    }

    #[test]
    fn a_repeat_in_a_file_takes_the_translation_that_the_file_has() {
        let slots = [
            slot("unknown", SlotState::Untranslated),
            slot("unknown", SlotState::Confirmed),
            slot("context", SlotState::Confirmed),
            slot("context", SlotState::Untranslated),
        ];
        let filled = filled(&slots, Shape::Bilingual, &POLICY);
        let targets: Vec<_> = filled
            .fillings
            .iter()
            .map(|f| f.target.as_ref().map(|t| &*t.text))
            .collect();
        assert_eq!(targets, [Some("قديم"), None, None, Some("هدف")]);
        assert_eq!(filled.tally.translated.segments, 2);
    }

    #[test]
    fn plural_forms_are_drafts() {
        let slot = Slot {
            form: Some("2".to_owned()),
            ..slot("exact", SlotState::Untranslated)
        };
        assert_eq!(decided(&slot, &POLICY), (Some("هدف".to_owned()), false, 1));
    }

    #[test]
    fn codes_that_differ_make_a_match_fuzzy() {
        let coded = |at: [usize; 2]| {
            let code = |at, kind| Code {
                at,
                kind,
                number: 1,
                raw: "<b>".into(),
            };
            let codes = vec![code(at[0], CodeKind::Open), code(at[1], CodeKind::Close)];
            Slot {
                source: Coded::new("exact".into(), codes).unwrap(),
                ..Slot::default()
            }
        };
        let best = |slot: Slot| {
            let filled = filled(&[slot], Shape::Bilingual, &POLICY);
            let filling = filled.fillings.into_iter().next().unwrap();
            let best = filling.proposals.into_iter().next().unwrap();
            assert!(!filling.confirmed && filling.previous.is_some());
            assert_eq!(best.target.codes.len(), 2);
            (best.kind, best.score, best.flags)
        };
        let around = best(coded([0, 5]));
        assert_eq!(around, (MatchKind::Fuzzy, Score::FUZZY_MAX, vec![]));
        let inside = best(coded([0, 2]));
        let capped = (
            MatchKind::Fuzzy,
            Score::from_points(94),
            vec![Flag::Placeable],
        );
        assert_eq!(inside, capped);
    }

    #[test]
    fn monolingual_files_have_no_room_for_offers() {
        let policy = FillPolicy {
            untranslated: Untranslated::Mark,
            ..POLICY
        };
        let slots = ["exact", "poor", " "].map(|source| slot(source, SlotState::Untranslated));
        let filled = filled(&slots, Shape::Monolingual, &policy);
        let targets: Vec<_> = filled
            .fillings
            .iter()
            .map(|f| f.target.as_ref().map(|t| &*t.text))
            .collect();
        assert_eq!(targets, [Some("هدف"), Some("⟦poor⟧"), None]);
        assert!(filled.fillings.iter().all(|f| f.proposals.is_empty()));
        assert_eq!(
            (filled.tally.matched.segments, filled.tally.filled.segments),
            (2, 1)
        );
    }

    #[test]
    fn repeats_count_once() {
        let slots = ["good", "good", "unknown", "unknown", "exact", "exact"]
            .map(|source| slot(source, SlotState::Untranslated));
        let tally = filled(&slots, Shape::Bilingual, &POLICY).tally;
        let segments = |leverage| tally.volume(leverage).segments;
        assert_eq!(segments(Leverage::Repetition), 2);
        assert_eq!(segments(Leverage::Fuzzy(Band::From85)), 1);
        assert_eq!(segments(Leverage::None), 1);
        assert_eq!(segments(Leverage::Exact), 2);
    }

    fn any_slot() -> impl Strategy<Value = Slot> {
        let sources = prop::sample::select(vec![
            "context", "exact", "machine", "spelled", "good", "poor", "unknown", "other", "", " ",
        ]);
        let states = prop::sample::select(vec![
            SlotState::Untranslated,
            SlotState::Draft,
            SlotState::Confirmed,
            SlotState::Locked,
        ]);
        (sources, states).prop_map(|(source, state)| slot(source, state))
    }

    proptest! {
        #[test]
        fn volumes_add_up_and_no_fuzzy_match_is_done(slots in prop::collection::vec(any_slot(), 0..20)) {
            for overwrite in [Overwrite::None, Overwrite::Unconfirmed, Overwrite::All] {
                let policy = FillPolicy { overwrite, ..POLICY };
                let filled = filled(&slots, Shape::Bilingual, &policy);
                prop_assert_eq!(filled.fillings.len(), slots.len());
                let tally = filled.tally;
                let mut sum = tally.total();
                sum += tally.translated;
                sum += tally.locked;
                let visible = slots.iter().filter(|slot| !slot.source.text.trim().is_empty());
                prop_assert_eq!(sum.segments, visible.count() as u64);
                for (slot, filling) in slots.iter().zip(&filled.fillings) {
                    if slot.state == SlotState::Locked {
                        prop_assert_eq!(filling, &Filling::default());
                    }
                    if filling.confirmed {
                        prop_assert!(filling.proposals[0].kind >= MatchKind::Exact && filling.previous.is_none());
                    }
                    if let Some(target) = &filling.target {
                        prop_assert_eq!(target, &filling.proposals[0].target);
                    }
                }
            }
        }
    }
}
