//! Runs: immutable pieces of the index, each over a set of units.
//!
//! A run numbers its members by ascending feature count (then by unit), and holds for each feature the ordinals of the
//! members that have it. New units make new runs, small runs are merged into larger ones, and units that are gone
//! disappear at a merge; nothing in a run is ever changed. The same design is known as a log-structured merge tree
//! (O'Neil et al. 1996) and as segments in text search engines.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::{Range, RangeInclusive};

use super::codec;
use crate::text::feature::Key;
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
        ascending.into_iter().for_each(|size| this.push(size));
        this
    }

    /// Adds a member of this feature count, which is no smaller than that of the one before.
    fn push(&mut self, size: u32) {
        if self.steps.last().is_none_or(|&(last, _)| last != size) {
            self.steps.push((size, self.members));
        }
        self.members += 1;
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
    /// Which members have which gram.
    pub lists: Lists,
    /// The members that have a key, in the order of the keys, then the ordinals.
    pub keys: Vec<(Key, u32)>,
}

/// Posting lists, one behind the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    /// Grams in ascending order, each with the end of its list.
    ends: Vec<(Gram, u32)>,
    ordinals: Vec<u32>,
}

impl Lists {
    /// Lists of these lengths, by ascending grams, with all their ordinals one behind the other.
    pub(super) fn new(ends: Vec<(Gram, u32)>, ordinals: Vec<u32>) -> Self {
        Self { ends, ordinals }
    }

    /// How many lists there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The grams in ascending order, each with the ascending ordinals of those that have it.
    pub fn iter(&self) -> impl Iterator<Item = (Gram, &[u32])> {
        let mut start = 0;
        self.ends.iter().map(move |&(gram, end)| {
            let list = &self.ordinals[start..end as usize];
            start = end as usize;
            (gram, list)
        })
    }
}

/// How the members of several runs become members of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merge {
    /// The feature counts of the new run's members.
    pub sizes: SizeMap,
    /// For each old run: the new ordinal of each old one, [`GONE`] for a unit that is gone.
    renumbered: Vec<Vec<u32>>,
}

/// The new ordinal of a unit that has none: no run has as many members.
const GONE: u32 = u32::MAX;

impl Merge {
    /// Plans the merge of runs, each given by its members' sizes and its members; units that are not `alive` are left out.
    /// The members of the new run go to `take` in the order of their ordinals.
    ///
    /// Members go by size and unit in every run, so that the new order is had by taking the least head again and again.
    ///
    /// # Errors
    /// The first of `take`.
    pub fn plan<M, E>(
        runs: Vec<(SizeMap, M)>,
        mut alive: impl FnMut(i64) -> bool,
        mut take: impl FnMut(i64) -> Result<(), E>,
    ) -> Result<Self, E>
    where
        M: IntoIterator<Item = i64>,
    {
        let (sizes, members): (Vec<SizeMap>, Vec<M>) = runs.into_iter().unzip();
        let room = |sizes: &SizeMap| Vec::with_capacity(sizes.members() as usize);
        let mut this = Self {
            sizes: SizeMap::default(),
            renumbered: sizes.iter().map(room).collect(),
        };
        let pairs = sizes.iter().map(SizeMap::sizes).zip(members);
        let mut rest: Vec<_> = pairs.map(|(sizes, members)| sizes.zip(members)).collect();
        let mut next = |run: usize| {
            let head = rest[run].next();
            head.map(|(size, unit)| Reverse((size, unit, run)))
        };
        let mut heads: BinaryHeap<_> = (0..sizes.len()).filter_map(&mut next).collect();
        while let Some(Reverse((size, unit, run))) = heads.pop() {
            heads.extend(next(run));
            let ordinal = alive(unit).then_some(this.sizes.members());
            this.renumbered[run].push(ordinal.unwrap_or(GONE));
            if ordinal.is_some() {
                take(unit)?;
                this.sizes.push(size);
            }
        }
        Ok(this)
    }

    /// To make the new run's lists with.
    pub fn lists(&self) -> MergedList<'_> {
        MergedList {
            merge: self,
            ordinals: Vec::new(),
            bits: Vec::new(),
        }
    }

    /// The keys of the new run's members, from the key and ordinal of each member of the old runs that has one, run by run.
    ///
    /// # Errors
    /// That of the first run whose keys can't be had.
    pub fn keys<E>(
        &self,
        runs: impl IntoIterator<Item = Result<Vec<(Key, u32)>, E>>,
    ) -> Result<Vec<(Key, u32)>, E> {
        let mut keys = Vec::with_capacity(self.sizes.members() as usize);
        for (run, pairs) in runs.into_iter().enumerate() {
            let new = |(key, old)| Some((key, self.new_ordinal(run, old)?));
            keys.extend(pairs?.into_iter().filter_map(new));
        }
        keys.sort_unstable();
        Ok(keys)
    }

    /// The ordinal in the new run of a member of an old one; `None` for one that is gone.
    pub fn new_ordinal(&self, run: usize, old: u32) -> Option<u32> {
        let new = self.renumbered.get(run)?.get(old as usize).copied();
        new.filter(|&new| new != GONE)
    }
}

/// Lists that are longer than a share of one in so many members are put in order by setting bits.
const MEMBERS_A_BIT: usize = 64;

/// One gram's list in the new run, from those in the old ones.
#[derive(Debug)]
pub struct MergedList<'m> {
    merge: &'m Merge,
    ordinals: Vec<u32>,
    /// A bit a member of the new run; all are 0 between two lists.
    bits: Vec<u64>,
}

impl MergedList<'_> {
    /// Takes an ordinal of an old run.
    #[inline]
    pub fn push(&mut self, run: usize, old: u32) {
        self.ordinals.extend(self.merge.new_ordinal(run, old));
    }

    /// The new ordinals of those that were pushed, ascending.
    pub fn ordinals(&mut self) -> &[u32] {
        let members = self.merge.sizes.members() as usize;
        if self.ordinals.len() < members / MEMBERS_A_BIT {
            // A few ascending pieces, which a merge sort finds.
            self.ordinals.sort();
        } else {
            self.order_by_bits(members);
        }
        &self.ordinals
    }

    /// Begins with the next list.
    pub fn clear(&mut self) {
        self.ordinals.clear();
    }

    fn order_by_bits(&mut self, members: usize) {
        self.bits.resize(members.div_ceil(64), 0);
        for &ordinal in &self.ordinals {
            self.bits[ordinal as usize / 64] |= 1 << (ordinal % 64);
        }
        self.ordinals.clear();
        for (first, word) in (0..).step_by(64).zip(&mut self.bits) {
            let mut left = std::mem::take(word);
            while left != 0 {
                self.ordinals.push(first + left.trailing_zeros());
                left &= left - 1;
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::build::RunBuilder;
    use super::*;
    use crate::text::feature::Features;

    /// A run of units with these features and a key that is the sum of them.
    pub(in super::super) fn built(units: &[(i64, &[Gram])]) -> Run {
        let mut builder = RunBuilder::default();
        for (unit, grams) in units {
            let features = Features {
                grams: grams.to_vec(),
                key: Some(Key(grams.iter().sum::<Gram>() as u32)),
            };
            builder.push_features(*unit, &features);
        }
        builder.finish()
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
            .map(|run| (run.sizes.clone(), run.members.clone()))
            .collect();
        let mut members = Vec::new();
        let take = |unit| {
            members.push(unit);
            Ok::<_, ()>(())
        };
        let merge = Merge::plan(heads, |unit| unit != 2, take).unwrap();
        let whole = built(&[units[0], units[2], units[3]]);
        assert_eq!((&members, &merge.sizes), (&whole.members, &whole.sizes));
        let keys = parts.iter().map(|run| Ok::<_, ()>(run.keys.clone()));
        assert_eq!(merge.keys(keys).unwrap(), whole.keys);
        let mut merged = merge.lists();
        for (gram, list) in whole.lists.iter() {
            let postings = parts.iter().enumerate().flat_map(|(r, run)| {
                let lists = run.lists.iter().filter(move |&(g, _)| g == gram);
                lists.flat_map(move |(_, list)| list.iter().map(move |&ordinal| (r, ordinal)))
            });
            postings.for_each(|(run, ordinal)| merged.push(run, ordinal));
            assert_eq!(merged.ordinals(), list);
            merged.clear();
        }
    }
}
