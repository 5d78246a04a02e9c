//! Runs: immutable pieces of the index, each over a set of units.
//!
//! A run numbers its members by ascending feature count (then by unit), and holds for each feature the ordinals of the
//! members that have it. New units make new runs, small runs are merged into larger ones, and units that are gone
//! disappear at a merge; nothing in a run is ever changed. The same design is known as a log-structured merge tree
//! (O'Neil et al. 1996) and as segments in text search engines.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::{Range, RangeInclusive};

use rustc_hash::FxHashMap;

use super::codec;
use crate::text::feature::{Features, Key};
use crate::text::gram::Gram;

/// What every member of a run is found by: where each feature count begins among the ordinals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SizeMap {
    /// Feature count and the first ordinal that has it, ascending in both.
    steps: Vec<(u32, u32)>,
    members: u32,
}

impl SizeMap {
    /// The map of members with these ascending feature counts.
    pub fn new(ascending: impl IntoIterator<Item = u32>) -> Self {
        let mut this = Self::default();
        for size in ascending {
            if this.steps.last().is_none_or(|&(last, _)| last != size) {
                this.steps.push((size, this.members));
            }
            this.members += 1;
        }
        this
    }

    /// How many members there are.
    pub fn members(&self) -> u32 {
        self.members
    }

    /// The ordinals of the members whose feature counts lie in `sizes`.
    pub fn ordinals(&self, sizes: RangeInclusive<usize>) -> Range<u32> {
        let first_at = |size: usize| {
            let i = self
                .steps
                .partition_point(|&(step, _)| (step as usize) < size);
            self.steps.get(i).map_or(self.members, |&(_, first)| first)
        };
        let start = first_at(*sizes.start());
        start..first_at(sizes.end().saturating_add(1)).max(start)
    }

    /// The feature count of the member `ordinal`; 0 for no member.
    pub fn size(&self, ordinal: u32) -> usize {
        let i = self.steps.partition_point(|&(_, first)| first <= ordinal);
        i.checked_sub(1).map_or(0, |i| self.steps[i].0 as usize)
    }

    /// The feature counts of these members, each with the members that have it.
    pub fn steps_in(&self, members: Range<u32>) -> impl Iterator<Item = (usize, Range<u32>)> {
        let at = self
            .steps
            .partition_point(|&(_, first)| first <= members.start);
        let steps = &self.steps[at.saturating_sub(1)..];
        let ends = steps.iter().skip(1).map(|&(_, first)| first);
        let ends = ends.chain([self.members]);
        steps
            .iter()
            .zip(ends)
            .map_while(move |(&(size, first), end)| {
                let of_size = first.max(members.start)..end.min(members.end);
                (!of_size.is_empty()).then_some((size as usize, of_size))
            })
    }

    /// The feature counts of all members in the order of their ordinals.
    pub fn sizes(&self) -> impl Iterator<Item = u32> {
        let ends = self
            .steps
            .iter()
            .skip(1)
            .map(|&(_, first)| first)
            .chain([self.members]);
        self.steps
            .iter()
            .zip(ends)
            .flat_map(|(&(size, first), end)| (first..end).map(move |_| size))
    }

    /// The map as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.steps.len() * 4 + 4);
        codec::put(&mut out, u64::from(self.members));
        for &(size, first) in &self.steps {
            codec::put(&mut out, u64::from(size));
            codec::put(&mut out, u64::from(first));
        }
        out
    }

    /// The map that [`SizeMap::to_bytes`] made bytes of; damaged bytes give another map or an empty one.
    pub fn from_bytes(mut bytes: &[u8]) -> Self {
        let members = codec::take(&mut bytes).unwrap_or(0) as u32;
        let mut this = Self {
            steps: Vec::new(),
            members,
        };
        while let (Some(size), Some(first)) = (codec::take(&mut bytes), codec::take(&mut bytes)) {
            this.steps.push((size as u32, first as u32));
        }
        this
    }
}

/// A run that is complete but not stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The units by ordinal.
    pub members: Vec<i64>,
    /// Their feature counts.
    pub sizes: SizeMap,
    /// Grams in ascending order, each with its ascending ordinals.
    pub lists: Vec<(Gram, Vec<u32>)>,
    /// The members that have a key, in the order of the keys, then the ordinals.
    pub keys: Vec<(Key, u32)>,
}

/// Collects units and makes a run of them.
///
/// Takes 4 bytes a gram and about 30 a unit until [`RunBuilder::finish`], which takes as much again.
#[derive(Debug, Default)]
pub struct RunBuilder {
    /// Numbers of grams in the order of their first appearance.
    dense: FxHashMap<Gram, u32>,
    units: Vec<Pushed>,
    /// Dense numbers of all units' grams.
    grams: Vec<u32>,
}

/// A unit in a builder.
#[derive(Clone, Copy, Debug)]
struct Pushed {
    unit: i64,
    key: Option<Key>,
    /// The end of its grams among all.
    end: usize,
}

impl RunBuilder {
    /// Adds a unit with its features.
    pub fn push(&mut self, unit: i64, features: &Features) {
        for &gram in &features.grams {
            let next = self.dense.len() as u32;
            self.grams.push(*self.dense.entry(gram).or_insert(next));
        }
        self.units.push(Pushed {
            unit,
            key: features.key,
            end: self.grams.len(),
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
        self.grams.len()
    }

    /// The units with their features, in the order in which they came; leaves the builder empty.
    pub fn take_units(&mut self) -> Vec<(i64, Features)> {
        let Self {
            dense,
            units,
            grams,
        } = std::mem::take(self);
        let mut names = vec![0; dense.len()];
        for (gram, i) in dense {
            names[i as usize] = gram;
        }
        let mut start = 0;
        let unit = |Pushed { unit, key, end }: Pushed| {
            let own = grams[start..end].iter().map(|&i| names[i as usize]);
            let mut own: Vec<Gram> = own.collect();
            own.sort_unstable();
            start = end;
            (unit, Features { grams: own, key })
        };
        units.into_iter().map(unit).collect()
    }

    /// Makes the run and leaves the builder empty.
    pub fn finish(&mut self) -> Run {
        let Self {
            dense,
            units,
            grams,
        } = std::mem::take(self);
        let range = |i: u32| {
            let i = i as usize;
            let start = i.checked_sub(1).map_or(0, |before| units[before].end);
            start..units[i].end
        };
        let mut order: Vec<u32> = (0..units.len() as u32).collect();
        order.sort_unstable_by_key(|&i| (range(i).len(), units[i as usize].unit));

        let mut counts = vec![0_usize; dense.len()];
        for &gram in &grams {
            counts[gram as usize] += 1;
        }
        let mut lists: Vec<Vec<u32>> = counts.into_iter().map(Vec::with_capacity).collect();
        let mut keys = Vec::with_capacity(units.len());
        for (ordinal, &i) in (0..).zip(&order) {
            for &gram in &grams[range(i)] {
                lists[gram as usize].push(ordinal);
            }
            keys.extend(units[i as usize].key.map(|key| (key, ordinal)));
        }
        keys.sort_unstable();
        let mut lists: Vec<(Gram, Vec<u32>)> = dense
            .into_iter()
            .map(|(gram, i)| (gram, std::mem::take(&mut lists[i as usize])))
            .collect();
        lists.sort_unstable_by_key(|&(gram, _)| gram);
        Run {
            sizes: SizeMap::new(order.iter().map(|&i| range(i).len() as u32)),
            members: order.iter().map(|&i| units[i as usize].unit).collect(),
            lists,
            keys,
        }
    }
}

/// How the members of several runs become members of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merge {
    /// The units of the new run by ordinal.
    pub members: Vec<i64>,
    /// Their feature counts.
    pub sizes: SizeMap,
    /// For each old run: the new ordinal of each old one, [`GONE`] for a unit that is gone.
    renumbered: Vec<Vec<u32>>,
}

/// The new ordinal of a unit that has none: no run has as many members.
const GONE: u32 = u32::MAX;

impl Merge {
    /// Plans the merge of `runs`, each given by its members and their sizes; units that are not `alive` are left out.
    ///
    /// Members go by size and unit in every run, so that the new order is had by taking the least head again and again.
    pub fn plan(runs: &[(Vec<i64>, SizeMap)], mut alive: impl FnMut(i64) -> bool) -> Self {
        let mut this = Self::default();
        let mut sizes = Vec::new();
        let mut heads: BinaryHeap<Reverse<(u32, i64, usize)>> = BinaryHeap::new();
        let mut rest: Vec<_> = runs
            .iter()
            .map(|(members, sizes)| sizes.sizes().zip(members.iter().copied()))
            .collect();
        let next = |run: usize, rest: &mut Vec<_>| {
            let of_run: &mut std::iter::Zip<_, _> = &mut rest[run];
            of_run.next().map(|(size, unit)| Reverse((size, unit, run)))
        };
        heads.extend((0..runs.len()).filter_map(|run| next(run, &mut rest)));
        let room = |(members, _): &(Vec<i64>, SizeMap)| Vec::with_capacity(members.len());
        this.renumbered = runs.iter().map(room).collect();
        while let Some(Reverse((size, unit, run))) = heads.pop() {
            heads.extend(next(run, &mut rest));
            let number = alive(unit).then_some(this.members.len() as u32);
            this.renumbered[run].push(number.unwrap_or(GONE));
            if number.is_some() {
                this.members.push(unit);
                sizes.push(size);
            }
        }
        this.sizes = SizeMap::new(sizes);
        this
    }

    /// One gram's list in the new run, from its ordinals in the old ones as `(old run, ordinal)`.
    pub fn list(&self, postings: impl IntoIterator<Item = (usize, u32)>) -> Vec<u32> {
        let new = |(run, old)| self.new_ordinal(run, old);
        let mut list: Vec<u32> = postings.into_iter().filter_map(new).collect();
        // A few ascending pieces, which a merge sort finds.
        list.sort();
        list
    }

    /// The keys of the new run's members, from those of the old ones as `(old run, key, ordinal)`.
    pub fn keys(&self, pairs: impl IntoIterator<Item = (usize, Key, u32)>) -> Vec<(Key, u32)> {
        let new = |(run, key, old)| self.new_ordinal(run, old).map(|new| (key, new));
        let mut keys: Vec<(Key, u32)> = pairs.into_iter().filter_map(new).collect();
        keys.sort();
        keys
    }

    fn new_ordinal(&self, run: usize, old: u32) -> Option<u32> {
        let new = self.renumbered.get(run)?.get(old as usize).copied();
        new.filter(|&new| new != GONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Features with a key that is the sum of the grams.
    fn features(grams: &[Gram]) -> Features {
        Features {
            grams: grams.to_vec(),
            key: Some(Key(grams.iter().sum::<Gram>() as u32)),
        }
    }

    fn built(units: &[(i64, &[Gram])]) -> Run {
        let mut builder = RunBuilder::default();
        for (unit, grams) in units {
            builder.push(*unit, &features(grams));
        }
        builder.finish()
    }

    #[test]
    fn units_come_back_as_they_were_put_in() {
        let mut builder = RunBuilder::default();
        let (a, b) = (features(&[1, 5, 9]), features(&[2, 5]));
        builder.push(7, &a);
        builder.push(3, &b);
        assert_eq!(builder.take_units(), [(7, a), (3, b)]);
        assert!(builder.is_empty());
    }

    #[test]
    fn ordinals_go_by_size_then_unit() {
        let run = built(&[(7, &[1, 2, 3]), (8, &[2]), (9, &[3, 4]), (5, &[9])]);
        assert_eq!(run.members, [5, 8, 9, 7]);
        assert_eq!(
            run.lists,
            [
                (1, vec![3]),
                (2, vec![1, 3]),
                (3, vec![2, 3]),
                (4, vec![2]),
                (9, vec![0])
            ]
        );
        assert_eq!(run.sizes.sizes().collect::<Vec<_>>(), [1, 1, 2, 3]);
    }

    #[test]
    fn size_windows_are_ordinal_ranges() {
        let map = SizeMap::new([2, 2, 5, 9, 9]);
        assert_eq!(map.ordinals(2..=2), 0..2);
        assert_eq!(map.ordinals(3..=5), 2..3);
        assert_eq!(map.ordinals(3..=4), 2..2);
        assert_eq!(map.ordinals(6..=usize::MAX), 3..5);
        assert_eq!(map.ordinals(10..=12), 5..5);
        assert_eq!((map.size(0), map.size(2), map.size(4)), (2, 5, 9));
        assert_eq!(
            map.steps_in(1..4).collect::<Vec<_>>(),
            [(2, 1..2), (5, 2..3), (9, 3..4)]
        );
        assert_eq!(map.steps_in(3..9).collect::<Vec<_>>(), [(9, 3..5)]);
        assert_eq!(map.steps_in(5..9).count(), 0);
        assert_eq!(SizeMap::from_bytes(&map.to_bytes()), map);
    }

    #[test]
    fn a_merge_is_the_run_that_all_units_would_have_made() {
        let units: [(i64, &[Gram]); 4] = [(1, &[1, 2]), (2, &[2]), (3, &[1, 3, 4]), (4, &[2, 3])];
        let parts = [built(&units[..2]), built(&units[2..])];
        let heads: Vec<_> = parts
            .iter()
            .map(|run| (run.members.clone(), run.sizes.clone()))
            .collect();
        let merge = Merge::plan(&heads, |unit| unit != 2);
        let whole = built(&[units[0], units[2], units[3]]);
        assert_eq!(
            (&merge.members, &merge.sizes),
            (&whole.members, &whole.sizes)
        );
        let keys = parts.iter().enumerate().flat_map(|(r, run)| {
            run.keys
                .iter()
                .map(move |&(key, ordinal)| (r, key, ordinal))
        });
        assert_eq!(merge.keys(keys), whole.keys);
        for (gram, list) in &whole.lists {
            let postings = parts.iter().enumerate().flat_map(|(r, run)| {
                let list = run
                    .lists
                    .iter()
                    .filter(|(g, _)| g == gram)
                    .flat_map(|(_, list)| list);
                list.map(move |&ordinal| (r, ordinal))
            });
            assert_eq!(merge.list(postings), *list);
        }
    }
}
