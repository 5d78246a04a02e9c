//! What the files of a run have translated already: a segment that is translated once fills its repeats.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::coded::Coded;
use crate::format::fill::{Agreement, Slot, SlotState, transfer};

/// Confirmed translations by their source segments. Of several translations of a segment the first stays.
#[derive(Clone, Debug, Default)]
pub struct KnownTranslations {
    by_source: FxHashMap<String, Vec<Arc<Known>>>,
    /// The same for slots with a key, by source and key.
    by_place: FxHashMap<(String, String), Vec<Arc<Known>>>,
}

#[derive(Clone, Debug)]
struct Known {
    source: Coded,
    target: Coded,
    key: Option<String>,
    form: Option<String>,
}

/// A translation that is known for a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repetition {
    /// The translated segment.
    pub source: Coded,
    /// The translation with the slot's codes.
    pub target: Coded,
    /// Whether both have the same key.
    pub in_place: bool,
}

impl KnownTranslations {
    /// The translations of one file.
    pub fn of(slots: &[Slot]) -> Self {
        let mut known = Self::default();
        for slot in slots {
            known.add(slot);
        }
        known
    }

    /// Adds what another file has, behind what is known.
    pub fn append(&mut self, other: Self) {
        let places = other.by_place.into_values().flatten();
        for known in places.chain(other.by_source.into_values().flatten()) {
            self.insert(known);
        }
    }

    /// Adds the translation of a slot, where it has one that somebody stands for.
    fn add(&mut self, slot: &Slot) {
        let Some(target) = &slot.target else { return };
        if slot.state == SlotState::Confirmed && !target.text.trim().is_empty() {
            self.insert(Arc::new(Known {
                source: slot.source.clone(),
                target: target.clone(),
                key: slot.key.clone(),
                form: slot.form.clone(),
            }));
        }
    }

    fn insert(&mut self, known: Arc<Known>) {
        let text = known.source.text.trim();
        if let Some(key) = &known.key {
            let place = (text.to_owned(), key.clone());
            push(self.by_place.entry(place).or_default(), known.clone());
        }
        let text = text.to_owned();
        push(self.by_source.entry(text).or_default(), known);
    }

    /// The translation of a slot's source: one with its key before any other. Codes must be the same, and so must the
    /// plural form.
    pub fn get(&self, slot: &Slot) -> Option<Repetition> {
        let text = slot.source.text.trim();
        let in_place = slot.key.as_ref().and_then(|key| {
            let known = self.by_place.get(&(text.to_owned(), key.clone()))?;
            repetition(slot, known, true)
        });
        in_place.or_else(|| repetition(slot, self.by_source.get(text)?, false))
    }
}

/// Adds a translation, unless another one would always be taken before it.
fn push(all: &mut Vec<Arc<Known>>, known: Arc<Known>) {
    let would_do = |other: &Arc<Known>| {
        other.form == known.form
            && transfer(&known.source, &other.source, &other.target).1 == Agreement::Same
    };
    if !all.iter().any(would_do) {
        all.push(known);
    }
}

fn repetition(slot: &Slot, known: &[Arc<Known>], in_place: bool) -> Option<Repetition> {
    let of_form = known.iter().filter(|known| known.form == slot.form);
    of_form.into_iter().find_map(|known| {
        let (target, agreement) = transfer(&slot.source, &known.source, &known.target);
        (agreement == Agreement::Same).then(|| Repetition {
            source: known.source.clone(),
            target,
            in_place,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(source: &str, target: &str, key: Option<&str>, state: SlotState) -> Slot {
        Slot {
            source: source.into(),
            target: Some(target.into()),
            key: key.map(str::to_owned),
            state,
            ..Slot::default()
        }
    }

    #[test]
    fn the_translation_with_the_key_comes_first_then_the_first() {
        let done = |target, key| slot("Open", target, key, SlotState::Confirmed);
        let known = KnownTranslations::of(&[
            slot("Open", "مسودة", None, SlotState::Draft),
            done("افتح", Some("verb")),
            done("مفتوح", Some("state")),
        ]);
        let target = |slot: &Slot| known.get(slot).map(|r| (r.target.text, r.in_place));
        let wanted = |key| slot(" Open\n", "", key, SlotState::Untranslated);
        assert_eq!(
            target(&wanted(Some("state"))),
            Some((" مفتوح\n".into(), true))
        );
        assert_eq!(
            target(&wanted(Some("other"))),
            Some((" افتح\n".into(), false))
        );
        assert_eq!(target(&wanted(None)), Some((" افتح\n".into(), false)));
        assert_eq!(
            target(&slot("Close", "", None, SlotState::Untranslated)),
            None
        );
    }

    #[test]
    fn one_plural_form_is_no_translation_of_another() {
        let form = |target, form: &str| Slot {
            form: Some(form.to_owned()),
            ..slot("%d files", target, Some("files"), SlotState::Confirmed)
        };
        let known = KnownTranslations::of(&[form("ملفان", "2"), form("%d ملفات", "3")]);
        assert_eq!(known.get(&form("", "3")).unwrap().target.text, "%d ملفات");
        assert_eq!(known.get(&form("", "4")), None);
    }

    #[test]
    fn what_is_known_first_stays() {
        let mut known = KnownTranslations::of(&[slot("Yes", "نعم", None, SlotState::Confirmed)]);
        known.append(KnownTranslations::of(&[slot(
            "Yes",
            "أجل",
            None,
            SlotState::Confirmed,
        )]));
        let wanted = slot("Yes", "", None, SlotState::Untranslated);
        assert_eq!(known.get(&wanted).unwrap().target.text, "نعم");
    }
}
