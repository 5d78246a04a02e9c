//! Posting lists that are kept from one lookup to the next.
//!
//! The first time that a list is asked for its row is kept; the second time the list is read whole and kept decoded, so
//! that a single lookup reads only the chunks it needs, and many lookups work on arrays in memory. Lists that are not
//! asked for any more are forgotten: what is kept stands in two generations, and when the younger one has taken half
//! of the cache's share of [`CACHE_BYTES`], it becomes the older one and what that still held is dropped.
//!
//! Measured: 500 sentences against 10 million units, at 70, ask for lists of 600 MB decoded, and take 1.7 ms each with
//! all of these kept, 11 ms where they have to be decoded each time. A million units ask for a tenth.

use std::mem;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_hash::FxHashMap;

use super::list::{Chunks, StoredList};
use super::postings::Postings;
use crate::text::gram::Gram;

/// About the most bytes that the caches of a process take together, however many threads have one each.
pub const CACHE_BYTES: usize = 1024 * 1024 * 1024;

/// How many caches there are.
static CACHES: AtomicUsize = AtomicUsize::new(0);

/// A list, as far as it has been read.
#[derive(Clone, Debug)]
pub enum List {
    /// Its row: read where it is needed.
    Stored(StoredList),
    /// All of it, with its length.
    Decoded(Postings, u32),
}

impl List {
    /// How many postings it has.
    pub fn count(&self) -> u32 {
        match self {
            Self::Stored(list) => list.count,
            Self::Decoded(_, count) => *count,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Stored(list) => list.bytes.len() + size_of::<Self>(),
            Self::Decoded(postings, _) => postings.bytes() + size_of::<Self>(),
        }
    }
}

/// The place of a list in the cache; good until [`ListCache::begin`] is called again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(usize);

/// What is kept under a run and a feature; `None` for a feature that the run does not have.
type Kept = Option<List>;

/// The lists of any number of runs.
#[derive(Debug)]
pub struct ListCache {
    slots: FxHashMap<(i64, Gram), Slot>,
    lists: Vec<Kept>,
    /// The bytes of `lists`.
    bytes: usize,
    old: FxHashMap<(i64, Gram), Kept>,
}

impl Default for ListCache {
    fn default() -> Self {
        CACHES.fetch_add(1, Ordering::Relaxed);
        Self {
            slots: FxHashMap::default(),
            lists: Vec::new(),
            bytes: 0,
            old: FxHashMap::default(),
        }
    }
}

impl Drop for ListCache {
    fn drop(&mut self) {
        CACHES.fetch_sub(1, Ordering::Relaxed);
    }
}

impl ListCache {
    /// Begins a lookup: only now lists are forgotten.
    pub fn begin(&mut self) {
        let share = CACHE_BYTES / CACHES.load(Ordering::Relaxed).max(1);
        if self.bytes < share / 2 {
            return;
        }
        let mut lists = mem::take(&mut self.lists);
        let slots = mem::take(&mut self.slots);
        let take = |(key, Slot(at)): (_, Slot)| (key, lists[at].take());
        self.old = slots.into_iter().map(take).collect();
        self.bytes = 0;
    }

    /// Has the list of a feature in a run ready; `row` reads its row, and `chunks` its chunks when it is asked for again.
    ///
    /// # Errors
    /// When row or chunk can't be read.
    pub fn ready<C: Chunks>(
        &mut self,
        run: i64,
        gram: Gram,
        chunks: &C,
        row: impl FnOnce() -> Result<Option<StoredList>, C::Error>,
    ) -> Result<Slot, C::Error> {
        if let Some(&Slot(at)) = self.slots.get(&(run, gram)) {
            if let Some(List::Stored(stored)) = &self.lists[at] {
                let list = decoded(stored, chunks)?;
                self.bytes += list.bytes();
                self.lists[at] = Some(list);
            }
            return Ok(Slot(at));
        }
        let kept = match self.old.remove(&(run, gram)) {
            Some(Some(List::Stored(stored))) => Some(decoded(&stored, chunks)?),
            Some(kept) => kept,
            None => row()?.map(List::Stored),
        };
        self.bytes += kept.as_ref().map_or(0, List::bytes) + size_of::<((i64, Gram), Slot)>();
        let slot = Slot(self.lists.len());
        self.lists.push(kept);
        self.slots.insert((run, gram), slot);
        Ok(slot)
    }

    /// The list in a slot; `None` where the run does not have the feature.
    pub fn get(&self, slot: Slot) -> Option<&List> {
        self.lists[slot.0].as_ref()
    }
}

fn decoded<C: Chunks>(stored: &StoredList, chunks: &C) -> Result<List, C::Error> {
    let mut postings = stored.read_all(chunks)?;
    postings.shrink();
    Ok(List::Decoded(postings, stored.count))
}

#[cfg(test)]
mod tests {
    use super::super::list::tests::Shelf;
    use super::*;

    #[test]
    fn a_list_is_decoded_the_second_time_and_absence_is_kept() {
        let mut shelf = Shelf::default();
        let ordinals: Vec<u32> = (0..9_000).collect();
        let stored = shelf.store(&ordinals);
        let mut cache = ListCache::default();
        for round in 0..3 {
            cache.begin();
            let slot = cache
                .ready(1, 7, &shelf, || Ok(Some(stored.clone())))
                .unwrap();
            let list = cache.get(slot).unwrap();
            assert_eq!(matches!(list, List::Decoded(..)), round > 0);
            assert_eq!(list.count(), 9_000);
            let absent = cache.ready(1, 8, &shelf, || {
                assert_eq!(round, 0, "asked for again");
                Ok(None)
            });
            assert!(cache.get(absent.unwrap()).is_none());
        }
    }

    #[test]
    fn what_is_asked_for_outlives_a_generation() {
        let mut shelf = Shelf::default();
        let stored = shelf.store(&[1, 2, 3]);
        let mut cache = ListCache::default();
        let mut rows = 0;
        for round in 0..4 {
            if round > 0 {
                cache.bytes = CACHE_BYTES;
            }
            cache.begin();
            cache
                .ready(1, 7, &shelf, || {
                    rows += 1;
                    Ok(Some(stored.clone()))
                })
                .unwrap();
        }
        assert_eq!(rows, 1);
        cache.bytes = CACHE_BYTES;
        cache.begin();
        cache.bytes = CACHE_BYTES;
        cache.begin();
        assert!(cache.old.is_empty() && cache.slots.is_empty());
    }
}
