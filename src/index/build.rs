//! Makes a run of new units.
//!
//! **Idea.** What a run holds is the units' features turned round, and that is a counting sort: units are put in order by
//! their feature counts, features are counted, and each posting is put where the lists before it end. A segment's
//! features are kept as numbers ([`crate::text::numbering`]) until then.
//!
//! Worked example: unit 7 has the features 1, 2 and 3, unit 8 has 2. In order they are 8 and 7, with the ordinals 0 and 1;
//! the lists have 1, 2 and 1 postings, begin at 0, 1 and 3, and are `1 | 0 1 | 1`.

use super::run::{Lists, Run, SizeMap};
use crate::text::Analyzed;
use crate::text::feature::{Features, Key, key};
use crate::text::gram::Gram;
use crate::text::numbering::Numbering;

/// Collects units and makes a run of them.
///
/// Takes 4 bytes a gram and about 30 a unit until [`RunBuilder::finish`], which takes 4 bytes a gram more.
#[derive(Debug, Default)]
pub struct RunBuilder {
    numbering: Numbering,
    units: Vec<Pushed>,
    /// The numbers of all units' features.
    features: Vec<u32>,
}

/// A unit in a builder.
#[derive(Clone, Copy, Debug)]
struct Pushed {
    unit: i64,
    key: Option<Key>,
    /// The end of its features among all.
    end: usize,
}

impl RunBuilder {
    /// Adds a unit with its segment.
    pub fn push(&mut self, unit: i64, segment: &Analyzed<'_>) {
        self.numbering.push(segment.joined(), &mut self.features);
        self.push_unit(unit, key(segment));
    }

    /// Adds a unit with its features.
    pub fn push_features(&mut self, unit: i64, features: &Features) {
        let numbers = features.grams.iter();
        self.features
            .extend(numbers.map(|&gram| self.numbering.feature(gram)));
        self.push_unit(unit, features.key);
    }

    fn push_unit(&mut self, unit: i64, key: Option<Key>) {
        self.units.push(Pushed {
            unit,
            key,
            end: self.features.len(),
        });
    }

    /// How many units it holds.
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// How many grams it holds, repeats among units counted.
    pub fn grams(&self) -> usize {
        self.features.len()
    }

    /// The units with their features, in the order in which they came; leaves the builder empty.
    pub fn take_units(&mut self) -> Vec<(i64, Features)> {
        let Self {
            numbering,
            units,
            features,
        } = std::mem::take(self);
        let mut start = 0;
        let unit = |Pushed { unit, key, end }: Pushed| {
            let own = features[start..end].iter().map(|&f| numbering.gram(f));
            let mut grams: Vec<Gram> = own.collect();
            grams.sort_unstable();
            start = end;
            (unit, Features { grams, key })
        };
        units.into_iter().map(unit).collect()
    }

    /// Makes the run and leaves the builder empty, with the room for another one.
    pub fn finish(&mut self) -> Run {
        let run = self.run();
        self.numbering.clear();
        self.units.clear();
        self.features.clear();
        run
    }

    fn run(&self) -> Run {
        let Self {
            numbering,
            units,
            features,
        } = self;
        let own = |i: u32| {
            let i = i as usize;
            let start = i.checked_sub(1).map_or(0, |before| units[before].end);
            &features[start..units[i].end]
        };
        let mut order: Vec<u32> = (0..units.len() as u32).collect();
        order.sort_unstable_by_key(|&i| (own(i).len(), units[i as usize].unit));

        let (ends, mut places) = lists(numbering, features);
        let mut ordinals = vec![0; features.len()];
        let mut keys = Vec::with_capacity(units.len());
        for (ordinal, &i) in (0..).zip(&order) {
            for &feature in own(i) {
                let place = &mut places[feature as usize];
                ordinals[*place as usize] = ordinal;
                *place += 1;
            }
            keys.extend(units[i as usize].key.map(|key| (key, ordinal)));
        }
        keys.sort_unstable();
        Run {
            sizes: SizeMap::new(order.iter().map(|&i| own(i).len() as u32)),
            members: order.iter().map(|&i| units[i as usize].unit).collect(),
            lists: Lists::new(ends, ordinals),
            keys,
        }
    }
}

/// Each gram with the end of its list, ascending, and for the number of each feature where its list begins.
fn lists(numbering: &Numbering, features: &[u32]) -> (Vec<(Gram, u32)>, Vec<u32>) {
    let mut counts = vec![0_u32; numbering.features()];
    for &feature in features {
        counts[feature as usize] += 1;
    }
    let (mut ends, mut end) = (Vec::new(), 0);
    for feature in numbering.ascending() {
        let count = &mut counts[feature as usize];
        let start = end;
        end += *count;
        if *count > 0 {
            ends.push((numbering.gram(feature), end));
        }
        *count = start;
    }
    (ends, counts)
}

#[cfg(test)]
mod tests {
    use super::super::run::tests::built;
    use super::*;

    #[test]
    fn units_come_back_as_they_were_put_in() {
        let mut builder = RunBuilder::default();
        let segments = ["لا، لا", "No, no, no, no."].map(Analyzed::new);
        builder.push(7, &segments[0]);
        builder.push_features(3, &Features::of(&segments[1]));
        let [a, b] = segments.each_ref().map(Features::of);
        assert_eq!(builder.take_units(), [(7, a), (3, b)]);
        assert!(builder.is_empty());
    }

    #[test]
    fn ordinals_go_by_size_then_unit() {
        let run = built(&[(7, &[1, 2, 3]), (8, &[2]), (9, &[3, 4]), (5, &[9])]);
        assert_eq!(run.members, [5, 8, 9, 7]);
        let lists: Vec<_> = run.lists.iter().collect();
        let expected: [(Gram, &[u32]); 5] =
            [(1, &[3]), (2, &[1, 3]), (3, &[2, 3]), (4, &[2]), (9, &[0])];
        assert_eq!(lists, expected);
        assert_eq!(run.sizes.sizes().collect::<Vec<_>>(), [1, 1, 2, 3]);
    }
}
