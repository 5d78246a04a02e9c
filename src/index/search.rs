//! Finds the units of a run that can reach a goal, such as a cutoff, by the bounds of [`super::bound`].
//!
//! 1. The size window becomes a range of ordinals; nothing outside it is looked at.
//! 2. The query's features are put in order, the rarest in this run first. The lists of the prefix are read and counted
//!    per ordinal: every unit that matters is seen here.
//! 3. The remaining lists, which are the long ones, are read only where they can hold a unit that is still possible;
//!    before each of them, units that can no longer reach the goal are dropped. The first few are read whole, since
//!    putting the units in order, to tell where they are, pays only once most are gone.
//! 4. What is left has its exact overlap with the query, and so its exact overlap score: the candidate's bound.
//!
//! Worked example: the query has 6 features, the cutoff is 70, the window begins at size 4. A unit of size 4 needs 4
//! shared features, so the prefix is the 3 rarest; a unit seen once in it, with three lists to go, may still reach
//! 4, and is dropped as soon as one of them does not have it.
//!
//! Cost: one row a feature and run, the postings of the prefix inside the window, and the chunks of the other lists
//! that hold candidates.

use std::ops::Range;

use super::bound::{Goal, overlap_score};
use super::codec;
use super::list::{StoredList, chunks_in};
use super::run::SizeMap;
use crate::score::Score;

/// Where the chunks of long lists come from.
pub trait Chunks {
    /// What reading can fail with.
    type Error;

    /// Hands the bytes of a chunk to `read`.
    ///
    /// # Errors
    /// When the chunk can't be read.
    fn chunk(&self, number: i64, read: &mut dyn FnMut(&[u8])) -> Result<(), Self::Error>;
}

/// A member of a run that may reach the cutoff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// The most that its score can be.
    pub bound: Score,
    /// The run.
    pub run: i64,
    /// The member.
    pub ordinal: u32,
}

/// A run to search: its number, its members' sizes and the lists of the query's features that it has.
#[derive(Debug)]
pub struct RunQuery<'a> {
    /// The run's number.
    pub run: i64,
    /// The members' sizes.
    pub sizes: &'a SizeMap,
    /// The lists, in any order; features that the run does not have are left out.
    pub lists: Vec<&'a StoredList>,
    /// How many features the query has, those that the run does not have included.
    pub features: usize,
}

/// Counters that are kept from one search to the next, so that a search costs what it touches.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Shared features by ordinal; all zero between searches.
    counts: Vec<u32>,
    /// Ordinals whose count is not zero.
    seen: Vec<u32>,
}

/// Appends to `out` every member of the run whose overlap with the query is enough for `goal`, and no other.
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
    let window = query.sizes.ordinals(goal.sizes(query.features));
    if window.is_empty() {
        return Ok(());
    }
    query.lists.sort_unstable_by_key(|list| list.count);
    // Features that the run lacks are the rarest of all: they are part of the prefix and cost nothing.
    let absent = query.features - query.lists.len();
    let prefix = goal
        .prefix(query.features)
        .saturating_sub(absent)
        .min(query.lists.len());
    if scratch.counts.len() < query.sizes.members() as usize {
        scratch.counts.resize(query.sizes.members() as usize, 0);
    }
    let outcome = scratch.count(&query, goal, &window, prefix, chunks);
    // Whatever happened, the counters are left at zero.
    for ordinal in scratch.seen.drain(..) {
        let shared = std::mem::take(&mut scratch.counts[ordinal as usize]) as usize;
        if outcome.is_ok() {
            let bound = overlap_score(shared, query.features, query.sizes.size(ordinal));
            out.push(Candidate {
                bound,
                run: query.run,
                ordinal,
            });
        }
    }
    outcome
}

/// The most lists behind the prefix that are counted before the units seen are put in order: most units are seen only once, and
/// are dropped by then.
const LISTS_BEFORE_SORTING: usize = 4;

impl Scratch {
    /// Leaves in `seen` the ordinals that reach the goal, with their exact counts.
    fn count<C: Chunks>(
        &mut self,
        query: &RunQuery<'_>,
        goal: Goal,
        window: &Range<u32>,
        prefix: usize,
        chunks: &C,
    ) -> Result<(), C::Error> {
        let Self { counts, seen } = self;
        for list in &query.lists[..prefix] {
            each_posting(list, window, chunks, |_| true, &mut |ordinal| {
                let count = &mut counts[ordinal as usize];
                if *count == 0 {
                    seen.push(ordinal);
                }
                *count += 1;
            })?;
        }
        // A list that is far longer than what has been seen is better read where the seen are.
        let whole = |list: &&&StoredList| (list.count as usize) < 8 * seen.len();
        let sorted_from = prefix
            + query.lists[prefix..]
                .iter()
                .take(LISTS_BEFORE_SORTING)
                .take_while(whole)
                .count();
        for list in &query.lists[prefix..sorted_from] {
            each_posting(list, window, chunks, |_| true, &mut |ordinal| {
                raise(counts, ordinal);
            })?;
        }
        // What the smallest member needs, all need; sizes are looked at when fewer are left.
        let remaining = query.lists.len() - sorted_from;
        let least = goal
            .needed(query.features, query.sizes.size(window.start))
            .saturating_sub(remaining);
        keep(seen, counts, |_, count| count >= least);
        seen.sort_unstable();
        for (i, list) in query.lists.iter().enumerate().skip(sorted_from) {
            drop_hopeless(query, goal, query.lists.len() - i, counts, seen);
            let wanted = |range: Range<u32>| {
                let next = seen.partition_point(|&ordinal| ordinal < range.start);
                seen.get(next).is_some_and(|ordinal| *ordinal < range.end)
            };
            each_posting(list, window, chunks, wanted, &mut |ordinal| {
                raise(counts, ordinal);
            })?;
        }
        drop_hopeless(query, goal, 0, counts, seen);
        Ok(())
    }
}

/// Counts one more shared feature of a unit that has been seen.
fn raise(counts: &mut [u32], ordinal: u32) {
    let count = &mut counts[ordinal as usize];
    *count += u32::from(*count > 0);
}

/// Keeps the ordinals that `hopeful` says to keep, by their counts; the counters of the others go back to zero.
fn keep(seen: &mut Vec<u32>, counts: &mut [u32], mut hopeful: impl FnMut(u32, usize) -> bool) {
    seen.retain(|&ordinal| {
        let count = &mut counts[ordinal as usize];
        let kept = hopeful(ordinal, *count as usize);
        if !kept {
            *count = 0;
        }
        kept
    });
}

/// Drops the ordinals that can't reach the goal even if all of the `remaining` lists have them.
fn drop_hopeless(
    query: &RunQuery<'_>,
    goal: Goal,
    remaining: usize,
    counts: &mut [u32],
    seen: &mut Vec<u32>,
) {
    // Ordinals go by size, so the needed overlap changes seldom.
    let (mut same_size, mut needed) = (0..0, 0);
    keep(seen, counts, |ordinal, count| {
        if !same_size.contains(&ordinal) {
            let size = query.sizes.size(ordinal);
            same_size = query.sizes.ordinals(size..=size);
            needed = goal.needed(query.features, size);
        }
        count + remaining >= needed
    });
}

/// Calls `visit` with the ordinals of a list inside `window`, of long lists only from the chunks whose range is
/// `wanted`.
fn each_posting<C: Chunks>(
    list: &StoredList,
    window: &Range<u32>,
    chunks: &C,
    wanted: impl Fn(Range<u32>) -> bool,
    visit: &mut impl FnMut(u32),
) -> Result<(), C::Error> {
    let mut inside = |bytes: &[u8]| {
        codec::decode(bytes)
            .skip_while(|ordinal| *ordinal < window.start)
            .take_while(|ordinal| *ordinal < window.end)
            .for_each(&mut *visit);
    };
    let Some(first) = list.first_chunk else {
        inside(&list.bytes);
        return Ok(());
    };
    for (chunk, range) in chunks_in(&list.bytes, window.clone()) {
        if wanted(range) {
            chunks.chunk(first + chunk, &mut inside)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::super::list::EncodedList;
    use super::super::run::{Run, RunBuilder};
    use super::*;
    use crate::text::gram::{Gram, shared};

    /// A store in memory that counts the chunks that are read.
    #[derive(Default)]
    struct Shelf {
        chunks: Vec<Vec<u8>>,
        read: Cell<usize>,
    }

    impl Chunks for Shelf {
        type Error = Infallible;

        fn chunk(&self, number: i64, read: &mut dyn FnMut(&[u8])) -> Result<(), Infallible> {
            self.read.set(self.read.get() + 1);
            read(&self.chunks[number as usize]);
            Ok(())
        }
    }

    fn stored(run: &Run, shelf: &mut Shelf) -> Vec<(Gram, StoredList)> {
        let store = |(gram, ordinals): &(Gram, Vec<u32>)| {
            let count = ordinals.len() as u32;
            let (bytes, first_chunk) = match EncodedList::new(ordinals) {
                EncodedList::Inline(bytes) => (bytes, None),
                EncodedList::Chunked { directory, chunks } => {
                    let first = shelf.chunks.len() as i64;
                    shelf.chunks.extend(chunks);
                    (directory, Some(first))
                }
            };
            (
                *gram,
                StoredList {
                    run: 1,
                    count,
                    bytes: bytes.into(),
                    first_chunk,
                },
            )
        };
        run.lists.iter().map(store).collect()
    }

    fn search(
        run: &Run,
        grams: &[Gram],
        cutoff: Score,
        scratch: &mut Scratch,
    ) -> (Vec<(i64, Score)>, usize) {
        let mut shelf = Shelf::default();
        let lists = stored(run, &mut shelf);
        let of_query = lists
            .iter()
            .filter(|(gram, _)| grams.contains(gram))
            .map(|(_, list)| list)
            .collect();
        let query = RunQuery {
            run: 1,
            sizes: &run.sizes,
            lists: of_query,
            features: grams.len(),
        };
        let mut out = Vec::new();
        candidates(query, Goal::Reach(cutoff), &shelf, scratch, &mut out).unwrap();
        let found = out
            .iter()
            .map(|c| (run.members[c.ordinal as usize], c.bound))
            .collect();
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
            units in proptest::collection::vec(features(), 0..60),
            queries in proptest::collection::vec((features(), 1..=100_u8), 1..4),
        ) {
            let mut builder = RunBuilder::default();
            for (i, grams) in units.iter().enumerate() {
                builder.push(i as i64, grams);
            }
            let run = builder.finish();
            let mut scratch = Scratch::default();
            for (grams, points) in queries {
                let cutoff = Score::from_points(points);
                let (mut found, _) = search(&run, &grams, cutoff, &mut scratch);
                let all = units.iter().enumerate();
                let scored = all.map(|(i, unit)| (i as i64, overlap_score(shared(&grams, unit), grams.len(), unit.len())));
                let expected: Vec<_> = scored.filter(|&(_, bound)| bound >= cutoff).collect();
                found.sort_unstable();
                prop_assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn long_lists_are_read_only_where_candidates_are() {
        let mut builder = RunBuilder::default();
        for unit in 0..20_000 {
            // Everyone has feature 1, few have 5.
            let second = if unit % 5_000 == 0 {
                5
            } else {
                10 + unit as Gram
            };
            builder.push(unit, &[1, second]);
        }
        let run = builder.finish();
        let (found, read) = search(
            &run,
            &[1, 5],
            Score::from_points(90),
            &mut Scratch::default(),
        );
        assert_eq!(
            found.iter().map(|&(unit, _)| unit).collect::<Vec<_>>(),
            [0, 5_000, 10_000, 15_000]
        );
        assert!(read <= 4, "{read} chunks read");
    }
}
