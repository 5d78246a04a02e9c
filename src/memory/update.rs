//! A document that is aligned again updates its units instead of doubling them.
//!
//! **Idea.** The occurrences that earlier alignments brought of the document are held against the new units, which are
//! in the document's order:
//!
//! 1. Where both segments, and their inline codes, are as they were, the unit is *unchanged*, wherever it stands now. Its occurrence stays, with
//!    author, notes, times and state; its position follows, and a review confirms it or takes that back.
//! 2. Of the others, a new unit that shares a segment with an old one, or else follows the same unchanged unit as it, is
//!    that one, *changed*: it keeps author, notes and time of creation.
//! 3. What is left is *added*, or *gone*.
//!
//! What other commands brought under the same document's name is left alone. All of it belongs to the session and is
//! taken back with it. Cost: linear in the units of the document.
//!
//! Worked example: old units A B C D, new ones A X C′ D E, where C′ has C's English. A and D are unchanged, C′ is C changed,
//! X follows A as B did and is B changed, E is added: 2 unchanged, 2 changed, 1 added, 0 gone.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

use super::{Import, Result};
use crate::coded::Code;
use crate::lang::Sides;
use crate::store::OccurrenceId;
use crate::unit::{DraftUnit, Origin, TranslationUnit, UnitState};

/// What became of a document's units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DocumentUpdate {
    /// Units that the document had before.
    pub before: u64,
    /// Units that are as they were, but for their place.
    pub unchanged: u64,
    /// Of these, units that a person has confirmed since.
    pub confirmed: u64,
    /// Of these, units whose confirmation a person has taken back.
    pub retracted: u64,
    /// Units with another text in the place of an old one.
    pub changed: u64,
    /// Changed units that share a segment with the old one.
    pub alike: u64,
    /// Units that are new.
    pub added: u64,
    /// Units that are in the document no longer.
    pub gone: u64,
}

/// A document of so many units that shares none, nor a segment, with its new version, is another document.
const LEAST_UNITS_OF_ANOTHER: u64 = 5;

impl DocumentUpdate {
    /// Whether the memory had another document of that name, to all appearances: one of some length, with no segment in
    /// common.
    pub fn is_another_document(&self) -> bool {
        self.before >= LEAST_UNITS_OF_ANOTHER && self.unchanged + self.alike == 0
    }
}

impl Import<'_> {
    /// Makes `units`, all of one document and in its order, the units of that document; what earlier alignments brought of
    /// it is updated. Where it `is_reviewed`, what is not confirmed in `units` is so no longer; an alignment that nobody
    /// looked at takes no confirmation back.
    ///
    /// # Errors
    /// Where the memory can't be written to. The import can't go on then.
    pub fn update_document(
        &mut self,
        document: &str,
        units: &[DraftUnit],
        is_reviewed: bool,
    ) -> Result<DocumentUpdate> {
        let old = self.memory.store.aligned_occurrences(document)?;
        let mut update = DocumentUpdate {
            before: old.len() as u64,
            ..DocumentUpdate::default()
        };
        let plan = plan(&old, units);
        for (new, place) in units.iter().zip(&plan.places) {
            match *place {
                Place::Unchanged(i) => {
                    update.unchanged += 1;
                    let judgement = self.keep(&old[i], new, is_reviewed)?;
                    update.confirmed += u64::from(judgement == Judgement::Confirmed);
                    update.retracted += u64::from(judgement == Judgement::Retracted);
                }
                Place::Changed { old: i, alike } => {
                    update.changed += 1;
                    update.alike += u64::from(alike);
                    self.push(&with_history(new, &old[i].1.origin))?;
                }
                Place::Added => {
                    update.added += 1;
                    self.push(new)?;
                }
            }
        }
        // After the new ones, so that a unit that is needed again is still there.
        for &i in &plan.replaced {
            let (occurrence, unit) = &old[i];
            let store = &self.memory.store;
            self.gone
                .extend(store.remove_occurrence(*occurrence, self.session, unit.id)?);
            self.has_replaced = true;
        }
        update.gone = plan.replaced.len() as u64 - update.changed;
        Ok(update)
    }

    /// Keeps an occurrence, at its new place and as it has been judged since.
    fn keep(
        &mut self,
        (occurrence, unit): &(OccurrenceId, TranslationUnit),
        new: &DraftUnit,
        is_reviewed: bool,
    ) -> Result<Judgement> {
        self.note_duplicate();
        let judgement = Judgement::between(&unit.origin, &new.origin, is_reviewed);
        let has_moved = new.origin.position != unit.origin.position;
        if judgement != Judgement::AsBefore || has_moved {
            let mut kept = unit.clone();
            kept.origin.position = new.origin.position;
            if judgement != Judgement::AsBefore {
                kept.origin.state = new.origin.state;
                kept.origin.confidence = new.origin.confidence;
                kept.origin.changed = new.origin.changed;
            }
            self.memory
                .store
                .change_occurrence(*occurrence, self.session, &kept)?;
            self.has_replaced = true;
        }
        Ok(judgement)
    }
}

/// What a person did with an unchanged unit in a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judgement {
    AsBefore,
    Confirmed,
    /// A confirmation was taken back.
    Retracted,
}

impl Judgement {
    fn between(old: &Origin, new: &Origin, is_reviewed: bool) -> Self {
        // What a review confirms is certain; a state that came otherwise is not the review's to take back.
        let was_confirmed = old.state == UnitState::Translated
            && old.confidence.is_some_and(|c| c.thousandths() == 1000);
        if new.state > old.state {
            Self::Confirmed
        } else if is_reviewed && was_confirmed && new.state < old.state {
            Self::Retracted
        } else {
            Self::AsBefore
        }
    }
}

/// A new unit with what an old one's history says of it.
fn with_history(new: &DraftUnit, old: &Origin) -> DraftUnit {
    let mut unit = new.clone();
    unit.origin.created = old.created.or(new.origin.created);
    unit.origin.author.clone_from(&old.author);
    unit.origin.notes.clone_from(&old.notes);
    unit.origin.properties.clone_from(&old.properties);
    unit
}

/// Where a new unit comes from; the numbers are those of old ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Unchanged(usize),
    Changed { old: usize, alike: bool },
    Added,
}

/// What to do with the units of a document.
#[derive(Debug, PartialEq, Eq)]
struct Plan {
    /// For each new unit, its place.
    places: Vec<Place>,
    /// The old units that don't stay, those that are changed included.
    replaced: Vec<usize>,
}

/// What a unit says: its segments and their inline codes.
type Said<'u> = (&'u Sides<String>, &'u Sides<Vec<Code>>);

fn plan(old: &[(OccurrenceId, TranslationUnit)], new: &[DraftUnit]) -> Plan {
    let old: Vec<Said<'_>> = old
        .iter()
        .map(|(_, unit)| (&unit.text, &unit.codes))
        .collect();
    let new: Vec<Said<'_>> = new.iter().map(|unit| (&unit.text, &unit.codes)).collect();
    let mut free = vec![true; old.len()];
    let mut places: Vec<Option<Place>> = vec![None; new.len()];

    let mut by_pair = Queues::of(&old, &free, |_, said| said);
    for (place, said) in places.iter_mut().zip(&new) {
        if let Some(i) = by_pair.take(*said, &mut free) {
            *place = Some(Place::Unchanged(i));
        }
    }
    // Which old unit stays before each one, taken before the pairing that follows takes more of them.
    let is_staying: Vec<bool> = free.iter().map(|is_free| !is_free).collect();
    let before_old = preceding((0..old.len()).map(|i| is_staying[i].then_some(i)));
    let before_new = preceding(places.iter().map(|place| match place {
        Some(Place::Unchanged(i)) => Some(*i),
        _ => None,
    }));

    let mut by_ar = Queues::of(&old, &free, |_, said| said.0.ar.as_str());
    let mut by_en = Queues::of(&old, &free, |_, said| said.0.en.as_str());
    for (place, (text, _)) in places.iter_mut().zip(&new) {
        if place.is_none() {
            let alike = by_ar
                .take(&text.ar, &mut free)
                .or_else(|| by_en.take(&text.en, &mut free));
            *place = alike.map(|old| Place::Changed { old, alike: true });
        }
    }
    let mut by_place = Queues::of(&old, &free, |i, _| before_old[i]);
    for (place, before) in places.iter_mut().zip(before_new) {
        if place.is_none() {
            let same_place = by_place.take(before, &mut free);
            *place = same_place.map(|old| Place::Changed { old, alike: false });
        }
    }
    Plan {
        places: places
            .into_iter()
            .map(|place| place.unwrap_or(Place::Added))
            .collect(),
        replaced: (0..old.len()).filter(|&i| !is_staying[i]).collect(),
    }
}

/// For each element the last `Some` before it.
fn preceding(elements: impl Iterator<Item = Option<usize>>) -> Vec<Option<usize>> {
    let mut last = None;
    elements
        .map(|element| {
            let before = last;
            last = element.or(last);
            before
        })
        .collect()
}

/// Old units by what they are looked for by, each queue in the document's order.
struct Queues<K>(HashMap<K, std::vec::IntoIter<usize>>);

impl<K: Hash + Eq> Queues<K> {
    /// Those of the old units that are free.
    fn of<'o>(old: &[Said<'o>], free: &[bool], key: impl Fn(usize, Said<'o>) -> K) -> Self {
        let mut queues: HashMap<K, Vec<usize>> = HashMap::new();
        for (i, said) in old.iter().enumerate().filter(|(i, _)| free[*i]) {
            queues.entry(key(i, *said)).or_default().push(i);
        }
        Self(
            queues
                .into_iter()
                .map(|(key, queue)| (key, queue.into_iter()))
                .collect(),
        )
    }

    /// The first old unit of that key that is still free, which it is no longer.
    fn take(&mut self, key: K, free: &mut [bool]) -> Option<usize> {
        let Entry::Occupied(mut queue) = self.0.entry(key) else {
            return None;
        };
        let i = queue.get_mut().find(|&i| free[i])?;
        free[i] = false;
        Some(i)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::UnitId;

    fn text(pair: &str) -> Sides<String> {
        let (ar, en) = pair.split_once('/').unwrap();
        Sides {
            ar: ar.into(),
            en: en.into(),
        }
    }

    fn planned(old: &[&str], new: &[&str]) -> Plan {
        let old: Vec<_> = old
            .iter()
            .map(|pair| TranslationUnit {
                id: UnitId(1),
                text: text(pair),
                codes: Sides::default(),
                origin: Origin::default(),
            })
            .map(|unit| (OccurrenceId::default(), unit))
            .collect();
        let draft = |pair: &&str| DraftUnit {
            text: text(pair),
            ..DraftUnit::default()
        };
        plan(&old, &new.iter().map(draft).collect::<Vec<_>>())
    }

    #[test]
    fn the_worked_example_comes_out() {
        let plan = planned(
            &["ا/a", "ب/b", "ج/c", "د/d"],
            &["ا/a", "س/x", "جديد/c", "د/d", "ه/e"],
        );
        let changed = |old, alike| Place::Changed { old, alike };
        let places = [
            Place::Unchanged(0),
            changed(1, false),
            changed(2, true),
            Place::Unchanged(3),
            Place::Added,
        ];
        assert_eq!(plan.places, places);
        assert_eq!(plan.replaced, [1, 2]);
    }

    #[test]
    fn equal_units_are_matched_one_to_one() {
        let plan = planned(&["ا/a", "ا/a"], &["ا/a", "ا/a", "ا/a"]);
        let places = [Place::Unchanged(0), Place::Unchanged(1), Place::Added];
        assert_eq!(plan.places, places);
        assert_eq!(planned(&["ا/a", "ا/a"], &["ا/a"]).replaced, [1]);
    }

    #[test]
    fn a_unit_that_moved_is_unchanged() {
        let plan = planned(&["ا/a", "ب/b"], &["ب/b", "ا/a"]);
        assert_eq!(plan.places, [Place::Unchanged(1), Place::Unchanged(0)]);
        assert!(plan.replaced.is_empty());
    }
}
