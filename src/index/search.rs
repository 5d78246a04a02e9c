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
    /// The list of the query's key, where it has one that the run has.
    pub key: Option<&'a List>,
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
    count: u32,
}

/// What asking a list for a unit costs, in postings counted.
const QUESTION: f32 = 24.0;

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
    let keyed = match query.key {
        Some(List::Stored(list)) => list.read_all(chunks)?.ordinals().collect(),
        Some(List::Decoded(postings, _)) => postings.ordinals().collect(),
        None => Vec::new(),
    };
    let window = query.sizes.ordinals(goal.sizes(query.features));
    let mut search = Search {
        goal,
        features: query.features,
        sizes: query.sizes,
        plan: Plan::new(&query.lists, query.sizes.members()),
        cursors: query.lists.iter().map(|list| Cursor::new(list)).collect(),
        scratch,
    };
    let mut rest = &*keyed;
    for block in blocks_of(&window, &keyed) {
        let of_block = rest.partition_point(|ordinal| ordinal / BLOCK <= block);
        search.block(block, &window, &rest[..of_block], chunks, out)?;
        rest = &rest[of_block..];
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
        while counted < lists && left * QUESTION > self.shares[counted] {
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
    scratch: &'s mut Scratch,
}

impl Search<'_, '_> {
    /// Searches one block; `keyed` are its ordinals with the query's key.
    fn block<C: Chunks>(
        &mut self,
        block: u32,
        window: &Range<u32>,
        keyed: &[u32],
        chunks: &C,
        out: &mut Vec<Candidate>,
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
        let counted = match needed {
            Some(needed) => {
                let (counted, least) = self.plan.counted(needed);
                // A narrow counter can't overflow.
                if counted <= usize::from(u8::MAX) {
                    let counters = &mut self.scratch.narrow;
                    let left = &mut self.scratch.left;
                    count(&mut self.cursors[..counted], block, chunks, counters)?;
                    survivors(&counters[..members as usize], least as u8, keyed, left);
                } else {
                    let counters = &mut self.scratch.wide;
                    let left = &mut self.scratch.left;
                    count(&mut self.cursors[..counted], block, chunks, counters)?;
                    survivors(&counters[..members as usize], least as u32, keyed, left);
                }
                counted
            }
            None => {
                let keyed = keyed.iter().map(|ordinal| Survivor {
                    offset: (ordinal % BLOCK) as u16,
                    has_key: true,
                    count: 0,
                });
                self.scratch.left.clear();
                self.scratch.left.extend(keyed);
                0
            }
        };
        let left = &mut self.scratch.left;
        for (i, cursor) in self.cursors.iter_mut().enumerate().skip(counted) {
            if left.is_empty() {
                return Ok(());
            }
            let slice = cursor.slice(block, chunks)?;
            slice.each_of(left, |s| s.offset, |s| s.count += 1);
            let remaining = lists - i - 1;
            let needed = needed.unwrap_or(0);
            left.retain(|s| s.has_key || s.count as usize + remaining >= needed);
        }
        let found = left.iter().filter_map(|survivor| {
            let ordinal = first + u32::from(survivor.offset);
            let (size, shared) = (self.sizes.size(ordinal), survivor.count as usize);
            let enough = shared >= self.goal.needed(self.features, size);
            (survivor.has_key || enough).then(|| Candidate {
                overlap: overlap_score(shared, self.features, size),
                has_key: survivor.has_key,
                ordinal,
            })
        });
        out.extend(found);
        Ok(())
    }
}

/// Counts the postings of the lists in a block, for each of its units.
fn count<T: Counter, C: Chunks>(
    lists: &mut [Cursor<'_>],
    block: u32,
    chunks: &C,
    counters: &mut Vec<T>,
) -> Result<(), C::Error> {
    counters.clear();
    counters.resize(BLOCK as usize, T::default());
    for list in lists {
        let counters = &mut counters[..BLOCK as usize];
        // An offset is below the block's length; the mask says so to the compiler.
        let mut raise = |offset: u16| counters[usize::from(offset) & (BLOCK as usize - 1)].raise();
        list.slice(block, chunks)?.for_each(&mut raise);
    }
    Ok(())
}

/// The units with a count of `least` or more, and those with the key.
fn survivors<T: Counter>(counters: &[T], least: T, keyed: &[u32], left: &mut Vec<Survivor>) {
    left.clear();
    // Nearly all are below: whole groups are passed over at once.
    const GROUP: usize = 32;
    for (g, group) in counters.chunks(GROUP).enumerate() {
        if group
            .iter()
            .fold(false, |any, &count| any | (count >= least))
        {
            let offset = |i: usize| (g * GROUP + i) as u16;
            left.extend(
                group
                    .iter()
                    .enumerate()
                    .filter(|(_, count)| **count >= least)
                    .map(|(i, &count)| Survivor {
                        offset: offset(i),
                        has_key: false,
                        count: count.into(),
                    }),
            );
        }
    }
    for ordinal in keyed {
        let offset = (ordinal % BLOCK) as u16;
        match left.binary_search_by_key(&offset, |s| s.offset) {
            Ok(at) => left[at].has_key = true,
            Err(at) => {
                let Some(&count) = counters.get(usize::from(offset)) else {
                    continue;
                };
                let survivor = Survivor {
                    offset,
                    has_key: true,
                    count: count.into(),
                };
                left.insert(at, survivor);
            }
        }
    }
}

/// A counter of shared features; narrow ones are counted faster.
trait Counter: Copy + Default + PartialOrd + Into<u32> {
    fn raise(&mut self);
}

impl Counter for u8 {
    #[inline]
    fn raise(&mut self) {
        *self = self.wrapping_add(1);
    }
}

impl Counter for u32 {
    #[inline]
    fn raise(&mut self) {
        *self += 1;
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
    use crate::text::gram::{Gram, shared};

    /// Searches with lists from rows or, where `decode` says so, decoded ones.
    fn search(
        run: &Run,
        grams: &[Gram],
        key: Option<Gram>,
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
        let query = RunQuery {
            sizes: &run.sizes,
            lists: grams.iter().filter_map(of).collect(),
            features: grams.len(),
            key: key.as_ref().and_then(of),
        };
        let mut out = Vec::new();
        candidates(query, goal, &shelf, scratch, &mut out).unwrap();
        let unit = |c: &Candidate| (run.members[c.ordinal as usize], c.overlap, c.has_key);
        let mut found: Vec<_> = out.iter().map(unit).collect();
        found.sort_unstable();
        (found, shelf.read.get())
    }

    fn features() -> impl Strategy<Value = Vec<Gram>> {
        // Small numbers are frequent, as in text.
        proptest::collection::btree_set((0..12_u64, 0..12_u64).prop_map(|(a, b)| a * b), 1..25)
            .prop_map(|set| set.into_iter().collect())
    }

    proptest! {
        #[test]
        fn candidates_are_all_that_a_scan_finds_and_no_more(
            units in proptest::collection::vec((features(), 0..4_u64), 0..60),
            queries in proptest::collection::vec((features(), 0..5_u64, 1..=100_u8), 1..4),
            decode in any::<bool>(),
        ) {
            let key = |k: u64| (k > 0).then_some(crate::text::feature::KEYS + k);
            let mut builder = RunBuilder::default();
            for (i, (grams, k)) in units.iter().enumerate() {
                let features: Vec<Gram> = grams.iter().copied().chain(key(*k)).collect();
                builder.push(i as i64, &features);
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
            let mut features: Vec<Gram> = frequent.chain(rare).collect();
            features.extend((unit % 9 == 0).then(|| crate::text::feature::KEYS + unit % 1_000));
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
            let key = Some(crate::text::feature::KEYS + 18);
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
            builder.push(unit as i64, &all[unit * 10..]);
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
            builder.push(unit, &[1, second]);
        }
        let run = builder.finish();
        let goal = Goal::Reach(Score::from_points(90));
        let (found, read) = search(&run, &[1, 5], None, goal, false, &mut Scratch::default());
        let units: Vec<i64> = found.iter().map(|&(unit, ..)| unit).collect();
        assert_eq!(units, [0, 50_000, 100_000, 150_000]);
        assert!(read <= 4, "{read} chunks read");
    }
}
