//! Finds the units of a run that can reach a goal, such as a cutoff, by the bounds of [`super::bound`].
//!
//! A run is searched block by block ([`super::postings`]). Ordinals go by size, so that a block holds units of nearly
//! the same size, and the least overlap that its units need is known before one of them is looked at.
//!
//! 1. The query's features are put in order, the rarest in this run first.
//! 2. In a block whose units need `m` of the `n` features, every unit that matters has `k` of the first `n − m + k`. The
//!    postings of so many lists are counted per unit. `k` is chosen for the block: with a larger one more postings are
//!    counted and fewer units are left over; where the next list costs more than the units that it would rule out, it
//!    is left to step 4.
//! 3. Units with a count of `k` or more are kept.
//! 4. The remaining lists, which are the long ones, are only asked whether they have the units that are left; after each
//!    of them the units are dropped that can no longer reach `m`.
//! 5. What is left has its exact overlap with the query, and so its exact overlap score.
//!
//! Units with the query's *key*, the same stems, may score more than their overlap says. They are kept whatever
//! they count.
//!
//! Worked example: the query has 100 features, the goal is an overlap score of 70, the units of a block have 100
//! features: they need 56. With `k` = 1 the 45 rarest lists are counted, and each unit with a count has to be looked for
//! in the 46th; with `k` = 4 it is 48 lists, and a handful of units.
//!
//! Cost: about a nanosecond for each posting of the counted lists inside the window, and about twenty for each question
//! of step 4, with lists that are decoded ([`super::cache`]).

use std::ops::Range;

use super::bound::{Goal, overlap_score};
use super::cache::List;
use super::list::{Chunk, Chunks, StoredList};
use super::postings::{BLOCK, Postings, Slice};
use super::run::SizeMap;
use crate::score::Score;

/// A member of a run that may reach the goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Its overlap score with the query, exactly.
    pub overlap: Score,
    /// Whether it has the query's key.
    pub has_key: bool,
    /// The member.
    pub ordinal: u32,
}

/// A run to search: its members' sizes and the lists of the query's features that it has.
#[derive(Debug)]
pub struct RunQuery<'a> {
    /// The members' sizes.
    pub sizes: &'a SizeMap,
    /// The lists, in any order; features that the run does not have are left out.
    pub lists: Vec<&'a List>,
    /// How many features the query has, those that the run does not have included.
    pub features: usize,
    /// The members with the query's key, ascending.
    pub keyed: &'a [u32],
}

/// Room that is used again by the next search.
#[derive(Debug, Default)]
pub struct Scratch {
    narrow: Vec<u8>,
    wide: Vec<u32>,
    left: Vec<Survivor>,
}

/// A unit of a block that may reach the goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Survivor {
    offset: u16,
    has_key: bool,
}

/// What asking a list for a unit costs, in postings counted.
const QUESTION: usize = 8;

/// Appends to `out` every member of the run whose overlap with the query is enough for `goal` or that has its key, and
/// no other.
///
/// # Errors
/// When a chunk can't be read.
pub fn candidates<C: Chunks>(
    mut query: RunQuery<'_>,
    goal: Goal,
    chunks: &C,
    scratch: &mut Scratch,
    out: &mut Vec<Candidate>,
) -> Result<(), C::Error> {
    query.lists.sort_by_key(|list| list.count());
    let window = query.sizes.ordinals(goal.sizes(query.features));
    let mut search = Search {
        goal,
        features: query.features,
        sizes: query.sizes,
        plan: Plan::new(&query.lists, query.sizes.members()),
        cursors: query.lists.iter().map(|list| Cursor::new(list)).collect(),
        left: &mut scratch.left,
        out,
    };
    // No unit is in more lists than there are: a narrow counter can't overflow.
    let narrow = query.lists.len() <= usize::from(u8::MAX);
    let mut rest = query.keyed;
    for block in blocks_of(&window, query.keyed) {
        let (of_block, behind) = rest.split_at(rest.partition_point(|o| o / BLOCK <= block));
        if narrow {
            search.block(block, &window, of_block, &mut scratch.narrow, chunks)?;
        } else {
            search.block(block, &window, of_block, &mut scratch.wide, chunks)?;
        }
        rest = behind;
    }
    Ok(())
}

/// The blocks that overlap the window or hold an ordinal with the key, in order.
fn blocks_of(window: &Range<u32>, keyed: &[u32]) -> Vec<u32> {
    let mut blocks: Vec<u32> = if window.is_empty() {
        Vec::new()
    } else {
        (window.start / BLOCK..=(window.end - 1) / BLOCK).collect()
    };
    blocks.extend(keyed.iter().map(|ordinal| ordinal / BLOCK));
    blocks.sort_unstable();
    blocks.dedup();
    blocks
}

/// What it costs that a unit is left over, in postings counted: a few questions, and more than is expected are left over.
const UNIT_LEFT: f32 = 64.0;

/// How many lists of a query are counted.
struct Plan {
    /// The share of the run's members that is in each list, the rarest first.
    shares: Vec<f32>,
}

impl Plan {
    fn new(lists: &[&List], members: u32) -> Self {
        let share = |list: &&List| list.count() as f32 / members.max(1) as f32;
        Self {
            shares: lists.iter().map(share).collect(),
        }
    }

    /// For units that need `needed` of the lists: how many are counted, and the count that all such units reach.
    fn counted(&self, needed: usize) -> (usize, usize) {
        let lists = self.shares.len();
        let (mut counted, mut least) = (lists + 1 - needed, 1);
        let mut expected: f32 = self.shares[..counted].iter().sum();
        // The share of units with a count of `least` or more, were features independent: about λᵏ / k! (Poisson).
        let mut left = expected;
        while counted < lists && left * UNIT_LEFT > self.shares[counted] {
            expected += self.shares[counted];
            counted += 1;
            least += 1;
            left = (1..=least).fold(1.0, |product, i| product * expected / i as f32);
        }
        (counted, least)
    }
}

struct Search<'a, 's> {
    goal: Goal,
    features: usize,
    sizes: &'a SizeMap,
    plan: Plan,
    cursors: Vec<Cursor<'a>>,
    left: &'s mut Vec<Survivor>,
    out: &'s mut Vec<Candidate>,
}

impl Search<'_, '_> {
    /// Searches one block; `keyed` are its ordinals with the query's key.
    fn block<T: Counter, C: Chunks>(
        &mut self,
        block: u32,
        window: &Range<u32>,
        keyed: &[u32],
        counters: &mut Vec<T>,
        chunks: &C,
    ) -> Result<(), C::Error> {
        let first = block * BLOCK;
        let members = self.sizes.members().min(first + BLOCK) - first;
        // What the smallest of its units needs, all need; units below the window need more than they have.
        let inside = window.start.max(first) < window.end.min(first + members);
        let lists = self.cursors.len();
        let needed = inside
            .then(|| {
                let least = self.sizes.size(window.start.max(first));
                self.goal.needed(self.features, least)
            })
            .filter(|&needed| needed <= lists);
        if needed.is_none() && keyed.is_empty() {
            return Ok(());
        }
        counters.clear();
        counters.resize(BLOCK as usize, T::default());
        let (counted, least) = needed.map_or((0, 0), |needed| self.plan.counted(needed));
        for cursor in &mut self.cursors[..counted] {
            count(cursor.slice(block, chunks)?, counters);
        }
        let left = &mut self.left;
        left.clear();
        if needed.is_some() {
            survivors(counters, T::of(least), left);
        }
        keep_keyed(keyed, left);
        for (i, cursor) in self.cursors.iter_mut().enumerate().skip(counted) {
            if left.is_empty() {
                return Ok(());
            }
            let slice = cursor.slice(block, chunks)?;
            if slice.least_len() < QUESTION * left.len() {
                count(slice, counters);
            } else {
                slice.each_of(
                    left,
                    |s| s.offset,
                    |s| counters[usize::from(s.offset)].raise(),
                );
            }
            let enough = needed.unwrap_or(0).saturating_sub(lists - i - 1);
            left.retain(|s| s.has_key || counters[usize::from(s.offset)].count() >= enough);
        }
        self.out.extend(left.iter().filter_map(|survivor| {
            let ordinal = first + u32::from(survivor.offset);
            let size = self.sizes.size(ordinal);
            let shared = counters[usize::from(survivor.offset)].count();
            let enough = shared >= self.goal.needed(self.features, size);
            (survivor.has_key || enough).then(|| Candidate {
                overlap: overlap_score(shared, self.features, size),
                has_key: survivor.has_key,
                ordinal,
            })
        }));
        Ok(())
    }
}

/// Counts the postings of a block for each of its units.
fn count<T: Counter>(slice: Slice<'_>, counters: &mut [T]) {
    let counters = &mut counters[..BLOCK as usize];
    // An offset is below the block's length; the mask says so to the compiler.
    slice.for_each(|offset| counters[usize::from(offset) & (BLOCK as usize - 1)].raise());
}

/// The units with a count of `least`, at least 1, or more.
fn survivors<T: Counter>(counters: &[T], least: T, left: &mut Vec<Survivor>) {
    // Nearly all are below: whole groups are passed over at once.
    const GROUP: usize = 32;
    for (g, group) in counters.as_chunks::<GROUP>().0.iter().enumerate() {
        let larger = |most: T, &count: &T| if count > most { count } else { most };
        if group.iter().fold(T::default(), larger) < least {
            continue;
        }
        for (i, _) in group
            .iter()
            .enumerate()
            .filter(|(_, count)| **count >= least)
        {
            left.push(Survivor {
                offset: (g * GROUP + i) as u16,
                has_key: false,
            });
        }
    }
}

/// Puts the units with the key among those that are left.
fn keep_keyed(keyed: &[u32], left: &mut Vec<Survivor>) {
    for ordinal in keyed {
        let offset = (ordinal % BLOCK) as u16;
        let survivor = Survivor {
            offset,
            has_key: true,
        };
        match left.binary_search_by_key(&offset, |s| s.offset) {
            Ok(at) => left[at] = survivor,
            Err(at) => left.insert(at, survivor),
        }
    }
}

/// A counter of shared features; narrow ones are counted faster.
trait Counter: Copy + Default + PartialOrd {
    /// A counter that stands at `count`, which it can hold.
    fn of(count: usize) -> Self;
    fn count(self) -> usize;
    fn raise(&mut self);
}

impl Counter for u8 {
    fn of(count: usize) -> Self {
        count as Self
    }

    fn count(self) -> usize {
        self.into()
    }

    #[inline]
    fn raise(&mut self) {
        *self = self.wrapping_add(1);
    }
}

impl Counter for u32 {
    fn of(count: usize) -> Self {
        count as Self
    }

    fn count(self) -> usize {
        self as usize
    }

    #[inline]
    fn raise(&mut self) {
        *self = self.wrapping_add(1);
    }
}

/// A list that is read from its first block to its last.
enum Cursor<'a> {
    Decoded {
        postings: &'a Postings,
        at: usize,
    },
    Stored {
        list: &'a StoredList,
        chunks: Vec<Chunk>,
        /// How many of the chunks are done with, the one in `postings` included.
        read: usize,
        postings: Postings,
        at: usize,
    },
}

impl<'a> Cursor<'a> {
    fn new(list: &'a List) -> Self {
        match list {
            List::Decoded(postings, _) => Self::Decoded { postings, at: 0 },
            List::Stored(list) => Self::Stored {
                list,
                chunks: list.chunks(),
                read: 0,
                postings: Postings::default(),
                at: 0,
            },
        }
    }

    #[inline]
    fn slice<C: Chunks>(&mut self, block: u32, source: &C) -> Result<Slice<'_>, C::Error> {
        match self {
            Self::Decoded { postings, at } => Ok(postings.slice(block, at)),
            Self::Stored {
                list,
                chunks,
                read,
                postings,
                at,
            } => {
                let wanted = chunks.partition_point(|chunk| chunk.blocks.end <= block);
                if wanted >= *read
                    && let Some(chunk) = chunks.get(wanted)
                {
                    (*postings, *at, *read) = (Postings::default(), 0, wanted + 1);
                    list.read(chunk, source, postings)?;
                }
                Ok(postings.slice(block, at))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::list::tests::Shelf;
    use super::super::run::{Run, RunBuilder};
    use super::*;
    use crate::text::feature::{Features, Key};
    use crate::text::gram::{Gram, shared};

    /// Searches with lists from rows or, where `decode` says so, decoded ones.
    fn search(
        run: &Run,
        grams: &[Gram],
        key: Option<Key>,
        goal: Goal,
        decode: bool,
        scratch: &mut Scratch,
    ) -> (Vec<(i64, Score, bool)>, usize) {
        let mut shelf = Shelf::default();
        let mut lists = Vec::new();
        for (gram, ordinals) in &run.lists {
            let stored = shelf.store(ordinals);
            let list = if decode {
                List::Decoded(stored.read_all(&shelf).unwrap(), stored.count)
            } else {
                List::Stored(stored)
            };
            lists.push((*gram, list));
        }
        shelf.read.set(0);
        let of = |gram: &Gram| lists.iter().find(|(g, _)| g == gram).map(|(_, list)| list);
        let has_key = |pair: &&(Key, u32)| Some(pair.0) == key;
        let keyed: Vec<u32> = run.keys.iter().filter(has_key).map(|pair| pair.1).collect();
        let query = RunQuery {
            sizes: &run.sizes,
            lists: grams.iter().filter_map(of).collect(),
            features: grams.len(),
            keyed: &keyed,
        };
        let mut out = Vec::new();
        candidates(query, goal, &shelf, scratch, &mut out).unwrap();
        let unit = |c: &Candidate| (run.members[c.ordinal as usize], c.overlap, c.has_key);
        let mut found: Vec<_> = out.iter().map(unit).collect();
        found.sort_unstable();
        (found, shelf.read.get())
    }

    fn keyless(grams: &[Gram]) -> Features {
        Features {
            grams: grams.to_vec(),
            key: None,
        }
    }

    fn features() -> impl Strategy<Value = Vec<Gram>> {
        // Small numbers are frequent, as in text.
        proptest::collection::btree_set((0..12_u64, 0..12_u64).prop_map(|(a, b)| a * b), 1..25)
            .prop_map(|set| set.into_iter().collect())
    }

    proptest! {
        #[test]
        fn candidates_are_all_that_a_scan_finds_and_no_more(
            units in proptest::collection::vec((features(), 0..4_u32), 0..60),
            queries in proptest::collection::vec((features(), 0..5_u32, 1..=100_u8), 1..4),
            decode in any::<bool>(),
        ) {
            let key = |k: u32| (k > 0).then_some(Key(k));
            let mut builder = RunBuilder::default();
            for (i, (grams, k)) in units.iter().enumerate() {
                builder.push(i as i64, &Features { grams: grams.clone(), key: key(*k) });
            }
            let run = builder.finish();
            let mut scratch = Scratch::default();
            for (grams, k, points) in queries {
                for goal in [Goal::Reach(Score::from_points(points)), Goal::Contain] {
                    let (found, _) = search(&run, &grams, key(k), goal, decode, &mut scratch);
                    let mut expected = Vec::new();
                    for (i, (unit, other)) in units.iter().enumerate() {
                        let (count, size) = (shared(&grams, unit), unit.len());
                        let has_key = k > 0 && k == *other;
                        if has_key || count >= goal.needed(grams.len(), size) {
                            expected.push((i as i64, overlap_score(count, grams.len(), size), has_key));
                        }
                    }
                    prop_assert_eq!(found, expected);
                }
            }
        }
    }

    /// Many units of few features, over several blocks.
    fn large() -> Run {
        let mut builder = RunBuilder::default();
        for unit in 0..40_000_u64 {
            let frequent = (0..6).filter(|i| unit >> i & 1 == 1).map(|i| 100 + i);
            let rare = [1_000 + unit % 5_000, 10_000 + unit % 777];
            let features = Features {
                grams: frequent.chain(rare).collect(),
                key: (unit % 9 == 0).then_some(Key((unit % 1_000) as u32)),
            };
            builder.push(unit as i64, &features);
        }
        builder.finish()
    }

    #[test]
    fn many_blocks_are_searched_as_one() {
        let run = large();
        let grams = [100, 101, 102, 103, 1_007, 10_007];
        for (points, decode) in [(40, false), (60, true), (80, false), (95, true)] {
            let goal = Goal::Reach(Score::from_points(points));
            let key = Some(Key(18));
            let (found, _) = search(&run, &grams, key, goal, decode, &mut Scratch::default());
            let mut expected = Vec::new();
            for unit in 0..40_000_u64 {
                let frequent = (0..6).filter(|i| unit >> i & 1 == 1).map(|i| 100 + i);
                let mut features: Vec<Gram> = frequent.collect();
                features.extend([1_000 + unit % 5_000, 10_000 + unit % 777]);
                let count = shared(&grams, &features);
                let has_key = unit % 9 == 0 && unit % 1_000 == 18;
                if has_key || count >= goal.needed(grams.len(), features.len()) {
                    let overlap = overlap_score(count, grams.len(), features.len());
                    expected.push((unit as i64, overlap, has_key));
                }
            }
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_query_of_many_features_is_counted_in_full() {
        let mut builder = RunBuilder::default();
        let all: Vec<Gram> = (0..2_000).collect();
        for unit in 0..50_usize {
            builder.push(unit as i64, &keyless(&all[unit * 10..]));
        }
        let run = builder.finish();
        let goal = Goal::Reach(Score::from_points(1));
        let (found, _) = search(&run, &all, None, goal, true, &mut Scratch::default());
        assert_eq!(found.len(), 50);
        assert_eq!(found[49].1, overlap_score(1_510, 2_000, 1_510));
    }

    #[test]
    fn long_lists_are_read_only_where_candidates_are() {
        let mut builder = RunBuilder::default();
        for unit in 0..200_000 {
            // Everyone has feature 1, few have 5.
            let second = if unit % 50_000 == 0 {
                5
            } else {
                10 + unit as Gram
            };
            builder.push(unit, &keyless(&[1, second]));
        }
        let run = builder.finish();
        let goal = Goal::Reach(Score::from_points(90));
        let (found, read) = search(&run, &[1, 5], None, goal, false, &mut Scratch::default());
        let units: Vec<i64> = found.iter().map(|&(unit, ..)| unit).collect();
        assert_eq!(units, [0, 50_000, 100_000, 150_000]);
        assert!(read <= 4, "{read} chunks read");
    }
}
