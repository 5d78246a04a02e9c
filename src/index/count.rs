//! Counters of shared features, one for each unit of a stretch of blocks.

use std::ops::Range;

use super::postings::{BLOCK, Slice};

/// A counter of shared features; narrow ones are counted faster.
pub(super) trait Counter: Copy + Default + Ord {
    /// A counter that stands at `count`, or as near as it can.
    fn of(count: usize) -> Self;
    fn count(self) -> usize;
    fn raise(&mut self);

    /// Whether one of the counters stands at `least` or more.
    #[inline]
    fn any(counters: &[Self; GROUP], least: Self) -> bool {
        let larger = |most: Self, &count: &Self| if count > most { count } else { most };
        counters.iter().fold(Self::default(), larger) >= least
    }

    /// Calls `visit` with the place and the count of each counter that stands at `least` or more.
    #[inline]
    fn each(counters: &[Self], least: Self, mut visit: impl FnMut(usize, usize)) {
        for (i, &count) in counters.iter().enumerate() {
            if count >= least {
                visit(i, count.count());
            }
        }
    }
}

impl Counter for u8 {
    fn of(count: usize) -> Self {
        count.try_into().unwrap_or(Self::MAX)
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
        count.try_into().unwrap_or(Self::MAX)
    }

    fn count(self) -> usize {
        self as usize
    }

    #[inline]
    fn raise(&mut self) {
        *self = self.wrapping_add(1);
    }
}

/// The counters of the units of a few blocks.
#[derive(Debug, Default)]
pub(super) struct Counters<T> {
    first: u32,
    blocks: Vec<[T; BLOCK as usize]>,
}

impl<T: Counter> Counters<T> {
    /// Sets the counters of all units of `blocks` to 0; there are no others.
    pub(super) fn clear(&mut self, blocks: Range<u32>) {
        self.first = blocks.start;
        self.blocks.clear();
        let none = [T::default(); BLOCK as usize];
        self.blocks.resize(blocks.len(), none);
    }

    /// Counts the postings of a block.
    #[inline]
    pub(super) fn count(&mut self, block: u32, slice: Slice<'_>) {
        let counters = &mut self.blocks[(block - self.first) as usize];
        // An offset is below the block's length; the mask says so to the compiler.
        slice.for_each(|offset| counters[usize::from(offset) & (BLOCK as usize - 1)].raise());
    }

    /// The counters of some of the blocks.
    pub(super) fn of(&mut self, blocks: Range<u32>) -> CountersOf<'_, T> {
        let inside = (blocks.start - self.first) as usize..(blocks.end - self.first) as usize;
        CountersOf {
            first: blocks.start * BLOCK,
            counters: self.blocks[inside].as_flattened_mut(),
        }
    }

    /// Calls `visit` with each of the ordinals whose counter stands at `least`, at least 1, or more, and with its
    /// count.
    pub(super) fn reaching(
        &self,
        ordinals: Range<u32>,
        least: usize,
        mut visit: impl FnMut(u32, usize),
    ) {
        let (first, least) = (self.first * BLOCK, T::of(least));
        let inside = (ordinals.start - first) as usize..(ordinals.end - first) as usize;
        let counters = &self.blocks.as_flattened()[inside];
        let (groups, rest) = counters.as_chunks::<GROUP>();
        let mut base = ordinals.start;
        for group in groups {
            if T::any(group, least) {
                T::each(group, least, |i, count| visit(base + i as u32, count));
            }
            base += GROUP as u32;
        }
        T::each(rest, least, |i, count| visit(base + i as u32, count));
    }
}

/// Nearly all counters are below what is asked for: as many are passed over at once.
const GROUP: usize = 64;

/// The counters of some of the blocks.
pub(super) struct CountersOf<'c, T> {
    first: u32,
    counters: &'c mut [T],
}

impl<T: Counter> CountersOf<'_, T> {
    /// Counts one posting; one that is in none of the blocks is passed over.
    #[inline]
    pub(super) fn raise(&mut self, ordinal: u32) {
        let at = ordinal.wrapping_sub(self.first);
        if let Some(counter) = self.counters.get_mut(at as usize) {
            counter.raise();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counted<T: Counter>(
        postings: &[Vec<u16>],
        inside: &Range<u32>,
        least: usize,
    ) -> Vec<(u32, usize)> {
        let mut counters = Counters::<T>::default();
        // What an earlier stretch has left must not count.
        counters.clear(0..4);
        counters.count(3, Slice::Offsets(&[0, 1, 2]));
        counters.clear(2..2 + postings.len() as u32);
        for (block, offsets) in (2..).zip(postings) {
            counters.count(block, Slice::Offsets(offsets));
            let mut one = counters.of(block..block + 1);
            for &offset in offsets {
                one.raise(block * BLOCK + u32::from(offset));
                one.raise((block + 1) * BLOCK + u32::from(offset));
            }
        }
        let mut found = Vec::new();
        counters.reaching(inside.clone(), least, |ordinal, count| {
            found.push((ordinal, count));
        });
        found
    }

    proptest! {
        #[test]
        fn counters_tell_what_reaches_a_count(
            postings in proptest::collection::vec(
                proptest::collection::vec(prop_oneof![0..300_u16, 0..BLOCK as u16], 0..200), 1..4,
            ),
            (from, to) in (0..BLOCK, 0..BLOCK),
            least in 1..6_usize,
        ) {
            let inside = 2 * BLOCK + from..(1 + postings.len() as u32) * BLOCK + to.max(from);
            let mut expected = Vec::new();
            for (block, offsets) in (2..).zip(&postings) {
                for offset in 0..BLOCK as u16 {
                    // Each posting is counted in two ways.
                    let count = 2 * offsets.iter().filter(|&&o| o == offset).count();
                    let ordinal = block * BLOCK + u32::from(offset);
                    if count >= least && inside.contains(&ordinal) {
                        expected.push((ordinal, count));
                    }
                }
            }
            prop_assert_eq!(counted::<u8>(&postings, &inside, least), expected.clone());
            prop_assert_eq!(counted::<u32>(&postings, &inside, least), expected);
        }
    }
}
