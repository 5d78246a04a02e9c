//! Finds the units of a run that can reach a goal, such as a cutoff, by the bounds of [`super::bound`].
//!
//! Ordinals go by size, so that a block of them ([`super::postings`]) holds units of nearly the same size, and the least
//! overlap that its units need is known before one of them is looked at. A run is searched stretch by stretch, each a
//! few blocks, so that its counters stay in the processor's cache and each list is read once from end to end.
//!
//! 1. The query's features are put in order, the rarest in this run first.
//! 2. In a block whose units need `m` of the `n` features, every unit that matters has `k` of the first `n − m + k`. The
//!    postings of so many lists are counted per unit (`count`). `k` is chosen for the block (`plan`).
//! 3. Units with a count of `k` or more are kept.
//! 4. The remaining lists, which are the long ones, are only asked whether they have the units that are left; after each
//!    of them the units are dropped that can no longer reach what their own size asks for.
//! 5. What is left has its exact overlap with the query, and so its exact overlap score.
//!
//! Units with the query's *key*, the same stems, may score more than their overlap says. They are kept whatever
//! they share; for those outside the window all lists are asked.
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
use super::count::{Counter, Counters};
use super::list::{Chunk, Chunks, StoredList};
use super::plan::Plan;
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
    narrow: Counters<u8>,
    wide: Counters<u32>,
    left: Vec<Survivor>,
}

/// A unit that may reach the goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Survivor {
    ordinal: u32,
    /// How many of the features it must have.
    needed: u32,
    /// How many it is known to have.
    shared: u32,
    has_key: bool,
}

/// Blocks that are counted together: their narrow counters take a quarter of a megabyte.
const STRETCH: u32 = 16;

/// Appends to `out` every member of the run whose overlap with the query is enough for `goal` or that has its key, and
/// no other, in no order.
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
    let Scratch { narrow, wide, left } = scratch;
    let mut search = Search::new(&query, goal, left);
    // No unit is in more lists than there are: a narrow counter can't overflow.
    let searched = if query.lists.len() <= usize::from(u8::MAX) {
        search.window(window, narrow, chunks, out)?
    } else {
        search.window(window, wide, chunks, out)?
    };
    search.keyed(&searched, chunks, out)
}

struct Search<'a, 's> {
    query: &'s RunQuery<'a>,
    goal: Goal,
    cursors: Vec<Cursor<'a>>,
    left: &'s mut Vec<Survivor>,
}

impl<'a, 's> Search<'a, 's> {
    fn new(query: &'s RunQuery<'a>, goal: Goal, left: &'s mut Vec<Survivor>) -> Self {
        Self {
            query,
            goal,
            cursors: Vec::new(),
            left,
        }
    }

    /// Searches the members in the window, and others of its blocks that have the key; tells which ordinals are done
    /// with.
    fn window<T: Counter, C: Chunks>(
        &mut self,
        window: Range<u32>,
        counters: &mut Counters<T>,
        chunks: &C,
        out: &mut Vec<Candidate>,
    ) -> Result<Range<u32>, C::Error> {
        if window.is_empty() {
            return Ok(0..0);
        }
        self.restart();
        let (start, end) = (window.start / BLOCK, (window.end - 1) / BLOCK + 1);
        let mut searched = start;
        let mut plan = Plan::new(&self.query.lists, self.query.sizes.members());
        for first in (start..end).step_by(STRETCH as usize) {
            let stretch = first..end.min(first + STRETCH);
            self.count(stretch, window.start, &mut plan, counters, chunks)?;
            self.ask(&plan, chunks)?;
            self.emit(out);
            // Behind a block that none can be enough in there is no other.
            if !plan.blocks().is_empty() {
                searched = plan.blocks().end;
            }
        }
        Ok(start * BLOCK..searched * BLOCK)
    }

    /// All members with the key that are not in `searched`, whatever they share.
    fn keyed<C: Chunks>(
        &mut self,
        searched: &Range<u32>,
        chunks: &C,
        out: &mut Vec<Candidate>,
    ) -> Result<(), C::Error> {
        self.left.clear();
        let others = self.query.keyed.iter().filter(|o| !searched.contains(o));
        self.left
            .extend(others.map(|&ordinal| Survivor::keyed(ordinal, 0)));
        if self.left.is_empty() {
            return Ok(());
        }
        self.restart();
        for cursor in &mut self.cursors {
            cursor.ask(self.left, 0, chunks)?;
        }
        self.emit(out);
        Ok(())
    }

    /// Reads the lists from their beginning again.
    fn restart(&mut self) {
        self.cursors.clear();
        let lists = &self.query.lists;
        self.cursors
            .extend(lists.iter().map(|list| Cursor::new(list)));
    }

    /// Steps 2 and 3 for the blocks of a stretch: leaves the units that are left.
    fn count<T: Counter, C: Chunks>(
        &mut self,
        stretch: Range<u32>,
        from: u32,
        plan: &mut Plan,
        counters: &mut Counters<T>,
        chunks: &C,
    ) -> Result<(), C::Error> {
        self.left.clear();
        plan.begin(stretch.start);
        for block in stretch {
            // What the smallest of its units needs, all need; those below the window need more than they have.
            let least = self.query.sizes.size(from.max(block * BLOCK));
            let needed = self.goal.needed(self.query.features, least);
            if !plan.add(needed) {
                break;
            }
        }
        counters.clear(plan.blocks());
        for (i, list) in self.query.lists.iter().enumerate() {
            let blocks = plan.counted_in(i);
            if blocks.is_empty() {
                break;
            }
            match list {
                List::Decoded(postings, _) => {
                    for (block, slice) in postings.slices(blocks) {
                        counters.count(block, slice);
                    }
                }
                List::Stored(stored) => {
                    let mut counters = counters.of(blocks.clone());
                    for chunk in stored.chunks_in(blocks) {
                        stored.decode(&chunk, chunks, |ordinal| counters.raise(ordinal))?;
                    }
                }
            }
        }
        self.keep(plan, counters);
        Ok(())
    }

    /// Step 3: leaves the units whose count can be enough for what their own size asks for, and those with the key.
    fn keep<T: Counter>(&mut self, plan: &Plan, counters: &Counters<T>) {
        let lists = self.query.lists.len();
        let sizes = self.query.sizes;
        for (block, step) in plan.blocks().zip(plan.steps()) {
            let (first, end) = (block * BLOCK, (block + 1) * BLOCK);
            for (size, members) in sizes.steps_in(first..end) {
                let needed = self.goal.needed(self.query.features, size);
                // Those that are smaller than the window's least need more than they have.
                if needed > size.min(lists) {
                    continue;
                }
                let least = (needed + step.counted).saturating_sub(lists).max(1);
                counters.reaching(members, least, |ordinal, count| {
                    self.left.push(Survivor {
                        ordinal,
                        needed: needed as u32,
                        shared: count as u32,
                        has_key: false,
                    });
                });
            }
        }
        let ends = [plan.blocks().start, plan.blocks().end];
        let [from, to] = ends.map(|b| self.query.keyed.partition_point(|&o| o / BLOCK < b));
        if from < to {
            let keyed = self.query.keyed[from..to].iter();
            let survivor = |&ordinal| Survivor::keyed(ordinal, counters.get(ordinal) as u32);
            self.left.extend(keyed.map(survivor));
            self.left.sort_unstable_by_key(|s| (s.ordinal, !s.has_key));
            self.left.dedup_by_key(|s| s.ordinal);
        }
    }

    /// Step 4: asks each list for the units in whose blocks it was not counted.
    fn ask<C: Chunks>(&mut self, plan: &Plan, chunks: &C) -> Result<(), C::Error> {
        let lists = self.cursors.len();
        for (i, cursor) in self.cursors.iter_mut().enumerate() {
            let counted = plan.counted_in(i).end * BLOCK;
            let from = self.left.partition_point(|s| s.ordinal < counted);
            if from < self.left.len() {
                let open = (lists - i - 1) as u32;
                cursor.ask(self.left, from, chunks)?;
                let mut kept = from;
                for j in from..self.left.len() {
                    let survivor = self.left[j];
                    self.left[kept] = survivor;
                    kept += usize::from(survivor.shared + open >= survivor.needed);
                }
                self.left.truncate(kept);
            }
        }
        Ok(())
    }

    /// Step 5.
    fn emit(&self, out: &mut Vec<Candidate>) {
        out.extend(self.left.iter().map(|survivor| Candidate {
            overlap: overlap_score(
                survivor.shared as usize,
                self.query.features,
                self.query.sizes.size(survivor.ordinal),
            ),
            has_key: survivor.has_key,
            ordinal: survivor.ordinal,
        }));
    }
}

impl Survivor {
    /// A unit that is left whatever it shares.
    fn keyed(ordinal: u32, shared: u32) -> Self {
        Self {
            ordinal,
            needed: 0,
            shared,
            has_key: true,
        }
    }
}

/// A list that is asked for ordinals that ascend.
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

    /// Notes with each of the units, from the one at `from` on, whether it is in the list.
    fn ask<C: Chunks>(
        &mut self,
        units: &mut [Survivor],
        from: usize,
        chunks: &C,
    ) -> Result<(), C::Error> {
        let mut rest = &mut units[from..];
        while let [first, ..] = rest {
            let block = first.ordinal / BLOCK;
            let end = rest.partition_point(|unit| unit.ordinal / BLOCK == block);
            let (of_block, behind) = rest.split_at_mut(end);
            self.slice(block, chunks)?.each_of(
                of_block,
                |unit| (unit.ordinal % BLOCK) as u16,
                |unit, found| unit.shared += u32::from(found),
            );
            rest = behind;
        }
        Ok(())
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

    use super::super::build::RunBuilder;
    use super::super::list::tests::Shelf;
    use super::super::run::Run;
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
        for (gram, ordinals) in run.lists.iter() {
            let stored = shelf.store(ordinals);
            let list = if decode {
                List::Decoded(stored.read_all(&shelf).unwrap(), stored.count)
            } else {
                List::Stored(stored)
            };
            lists.push((gram, list));
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
                builder.push_features(i as i64, &Features { grams: grams.clone(), key: key(*k) });
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
            builder.push_features(unit as i64, &features);
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
            builder.push_features(unit as i64, &keyless(&all[unit * 10..]));
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
            builder.push_features(unit, &keyless(&[1, second]));
        }
        let run = builder.finish();
        let goal = Goal::Reach(Score::from_points(90));
        let (found, read) = search(&run, &[1, 5], None, goal, false, &mut Scratch::default());
        let units: Vec<i64> = found.iter().map(|&(unit, ..)| unit).collect();
        assert_eq!(units, [0, 50_000, 100_000, 150_000]);
        assert!(read <= 4, "{read} chunks read");
    }
}
