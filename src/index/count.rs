//! Counters of shared features, one for each unit of a stretch of blocks.

use std::ops::Range;

use super::postings::{BLOCK, Slice};

/// A counter of shared features; narrow ones are counted faster.
pub(super) trait Counter: Copy + Default + Ord {
    /// A counter that stands at `count`, or as near as it can.
    fn of(count: usize) -> Self;
    fn count(self) -> usize;
    fn raise(&mut self);
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

/// Nearly all counters are below what is asked for: as many are passed over at once, and then in parts.
const GROUP: usize = 128;
const PART: usize = 16;

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

    /// Counts one posting; one that is in no block is passed over.
    #[inline]
    pub(super) fn raise(&mut self, ordinal: u32) {
        let counters = self.blocks.as_flattened_mut();
        let at = ordinal.wrapping_sub(self.first * BLOCK);
        if let Some(counter) = counters.get_mut(at as usize) {
            counter.raise();
        }
    }

    /// Calls `visit` with each ordinal of the block whose counter stands at `least`, at least 1, or more, and with its
    /// count.
    pub(super) fn reaching(&self, block: u32, least: usize, mut visit: impl FnMut(u32, usize)) {
        let (base, least) = (block * BLOCK, T::of(least));
        let groups = self.blocks[(block - self.first) as usize].as_chunks::<GROUP>().0;
        for (g, group) in groups.iter().enumerate() {
            if greatest(group) < least {
                continue;
            }
            for (p, part) in group.as_chunks::<PART>().0.iter().enumerate() {
                if greatest(part) < least {
                    continue;
                }
                for (i, &count) in part.iter().enumerate() {
                    if count >= least {
                        visit(base + (g * GROUP + p * PART + i) as u32, count.count());
                    }
                }
            }
        }
    }
}

fn greatest<T: Counter>(counters: &[T]) -> T {
    let larger = |most: T, &count: &T| if count > most { count } else { most };
    counters.iter().fold(T::default(), larger)
}
