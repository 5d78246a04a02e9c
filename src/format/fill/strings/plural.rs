//! Plural forms that are named by their category: keys `one` and `other` of a map, keys that end in `_one` and `_other`,
//! and `quantity="one"`.
//!
//! The categories are those of CLDR (UTS #35, "Language Plural Rules"): Arabic has all six, English `one` and `other`. A
//! file for English lacks four that a program in Arabic asks for, and what such a program does without them is to take
//! `other`, or to fail. So where `other` is filled in Arabic, the forms that are missing are added with its text, and
//! reported: a memory does not know the forms of a noun.

use crate::lang::Lang;

/// A category of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Category {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

impl Category {
    /// All categories, in CLDR's order.
    const ALL: [Self; 6] = [
        Self::Zero,
        Self::One,
        Self::Two,
        Self::Few,
        Self::Many,
        Self::Other,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::One => "one",
            Self::Two => "two",
            Self::Few => "few",
            Self::Many => "many",
            Self::Other => "other",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Those that a language tells apart.
    fn of(lang: Lang) -> &'static [Self] {
        match lang {
            Lang::Arabic => &Self::ALL,
            Lang::English => &[Self::One, Self::Other],
        }
    }
}

/// A form of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PluralForm {
    pub(super) category: Category,
    /// Where it begins in the file, its key or its tag.
    pub(super) at: usize,
    pub(super) slot: usize,
}

/// The forms of a message in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PluralSet {
    /// What stands in front of the category in the keys, such as `files_`; often nothing.
    pub(super) stem: String,
    pub(super) forms: Vec<PluralForm>,
}

impl PluralSet {
    /// The form that stands in for all others.
    pub(super) fn other(&self) -> Option<&PluralForm> {
        let mut forms = self.forms.iter();
        forms.find(|form| form.category == Category::Other)
    }

    /// The categories that the language has and the message lacks, each with the place where it is to go: in front of
    /// the next form that is there. None for a message without [`Category::Other`].
    pub(super) fn missing(&self, lang: Lang) -> Vec<(usize, Category)> {
        let has = |category: Category| self.forms.iter().any(|form| form.category == category);
        let missing = Category::of(lang).iter().copied();
        let missing = missing.filter(|category| !has(*category));
        let place = |category: Category| {
            let behind = self.forms.iter().filter(|form| form.category > category);
            let next = behind.min_by_key(|form| form.category)?;
            Some((next.at, category))
        };
        missing.filter_map(place).collect()
    }
}

/// The keys of a map, as far as they may be those of plural forms.
#[derive(Debug, Default)]
pub(super) struct PluralKeys {
    /// Keys that are categories, or end in one behind `_`, with what stands in front.
    found: Vec<(String, PluralForm)>,
    /// Whether there are keys that are no category by themselves.
    has_others: bool,
}

impl PluralKeys {
    /// Adds a key at byte `at`, and the slot that its value is, where it is one.
    pub(super) fn add(&mut self, key: &str, at: usize, slot: Option<usize>) {
        let (stem, name) = match key.rfind('_') {
            Some(under) => key.split_at(under + 1),
            None => ("", key),
        };
        match (Category::from_name(name), slot) {
            (Some(category), Some(slot)) => {
                let form = PluralForm { category, at, slot };
                self.found.push((stem.to_owned(), form));
                self.has_others |= !stem.is_empty();
            }
            _ => self.has_others = true,
        }
    }

    /// The messages among them: two forms or more, one of them `other`; keys without a stem only where there are no
    /// others, since `one` may be a word like any.
    pub(super) fn into_sets(self) -> Vec<PluralSet> {
        let mut sets: Vec<PluralSet> = Vec::new();
        let mut by_stem = rustc_hash::FxHashMap::default();
        for (stem, form) in self.found {
            if stem.is_empty() && self.has_others {
                continue;
            }
            let index = *by_stem.entry(stem.clone()).or_insert(sets.len());
            if index == sets.len() {
                let forms = Vec::new();
                sets.push(PluralSet { stem, forms });
            }
            sets[index].forms.push(form);
        }
        sets.retain(|set| set.forms.len() > 1 && set.other().is_some());
        sets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(keys: &[&str]) -> Vec<(String, usize)> {
        let mut found = PluralKeys::default();
        for (i, key) in keys.iter().enumerate() {
            found.add(key, 10 * i, (!key.ends_with('!')).then_some(i));
        }
        let sets = found.into_sets().into_iter();
        sets.map(|set| (set.stem, set.forms.len())).collect()
    }

    #[test]
    fn forms_are_told_from_words() {
        assert_eq!(sets(&["one", "other"]), [(String::new(), 2)]);
        assert_eq!(sets(&["one", "other", "title"]), []);
        assert_eq!(sets(&["one", "other", "title!"]), []);
        assert_eq!(sets(&["other"]), []);
        assert_eq!(sets(&["one", "two"]), []);
        let mixed = ["a_one", "title", "a_other", "b_other", "b_few", "c_other"];
        assert_eq!(sets(&mixed), [("a_".to_owned(), 2), ("b_".to_owned(), 2)]);
    }

    #[test]
    fn missing_forms_go_where_their_order_has_them() {
        let form = |category, at| PluralForm {
            category,
            at,
            slot: 0,
        };
        let set = PluralSet {
            stem: String::new(),
            forms: vec![form(Category::One, 5), form(Category::Other, 9)],
        };
        let missing = [
            (5, Category::Zero),
            (9, Category::Two),
            (9, Category::Few),
            (9, Category::Many),
        ];
        assert_eq!(set.missing(Lang::Arabic), missing);
        assert_eq!(set.missing(Lang::English), []);
    }
}
