//! A decoded posting list, cut into blocks of ordinals.
//!
//! A block's postings are offsets of 16 bits, or, where there are many, a bitmap: half as large at least, and asked
//! without a search. Blocks without a posting take no room.
//!
//! Worked example: the ordinals 5, 16 384 and 16 390 are the offset 5 in block 0, and 0 and 6 in block 1.

use std::ops::Range;

/// Ordinals are counted in blocks of as many, so that the counters of a block stay in the innermost cache.
pub const BLOCK: u32 = 1 << 14;

/// A block with at least as many postings is a bitmap.
const DENSE: usize = (BLOCK / 16) as usize;

/// The words of a block's bitmap.
const WORDS: usize = (BLOCK / 64) as usize;

/// The ordinals of one list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Postings {
    blocks: Vec<Block>,
    offsets: Vec<u16>,
    bitmaps: Vec<u64>,
    /// Offsets that belong to no block yet begin here.
    open: usize,
    /// The block that they will belong to.
    open_block: u32,
}

/// Where the postings of a block are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Block {
    number: u32,
    /// In `offsets`, or in `bitmaps` where the block is dense.
    start: u32,
    len: u32,
}

/// The postings of one block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slice<'p> {
    /// Ascending offsets in the block.
    Offsets(&'p [u16]),
    /// A bit for each offset.
    Bitmap(&'p [u64]),
}

impl Slice<'_> {
    /// Calls `visit` with each offset.
    #[inline]
    pub fn for_each(self, mut visit: impl FnMut(u16)) {
        match self {
            Self::Offsets(offsets) => offsets.iter().for_each(|&offset| visit(offset)),
            Self::Bitmap(words) => {
                for (i, &word) in words.iter().enumerate() {
                    let mut rest = word;
                    while rest != 0 {
                        visit((i * 64) as u16 + rest.trailing_zeros() as u16);
                        rest &= rest - 1;
                    }
                }
            }
        }
    }

    /// Calls `answer` with each of the `wanted` offsets and whether it is here.
    pub fn each_of<T>(
        self,
        wanted: &mut [T],
        offset: impl Fn(&T) -> u16,
        mut answer: impl FnMut(&mut T, bool),
    ) {
        match self {
            Self::Bitmap(words) => {
                for item in wanted {
                    let at = usize::from(offset(item));
                    answer(item, words[at / 64] >> (at % 64) & 1 == 1);
                }
            }
            Self::Offsets(offsets) => {
                for item in wanted {
                    let at = offset(item);
                    answer(item, offsets.get(place_in(offsets, at)) == Some(&at));
                }
            }
        }
    }
}

/// How far an offset is from where it would be, were all as far from each other, in most blocks.
const NEAR: usize = 24;

/// How many of a block's offsets are less than `offset`. Looks where it is likely to be first: lists are too many for all of
/// them to be near the processor.
fn place_in(offsets: &[u16], offset: u16) -> usize {
    let likely = usize::from(offset) * offsets.len() / BLOCK as usize;
    let low = likely.saturating_sub(NEAR);
    if let Some(near) = offsets.get(low..likely + NEAR)
        && (low == 0 || near[0] < offset)
        && near[near.len() - 1] >= offset
    {
        low + near.partition_point(|&o| o < offset)
    } else {
        offsets.partition_point(|&o| o < offset)
    }
}

/// How many of the blocks come before the block `number`. In a long list, which has postings in every block, no other
/// than the one that is found is looked at.
fn place_of(blocks: &[Block], number: u32) -> usize {
    let Some(before) = blocks
        .first()
        .and_then(|first| number.checked_sub(first.number))
    else {
        return 0;
    };
    // Numbers ascend: there are as many blocks before it at most.
    match blocks.get(before as usize) {
        Some(block) if block.number == number => before as usize,
        _ => {
            let end = blocks.len().min(before as usize);
            blocks[..end].partition_point(|block| block.number < number)
        }
    }
}

impl Postings {
    /// An empty list, to which about `count` ordinals are appended.
    pub fn with_room(count: u32) -> Self {
        // What stands in a row may be damaged.
        let room = (count as usize).min(1 << 22);
        Self {
            offsets: Vec::with_capacity(room),
            ..Self::default()
        }
    }

    /// Appends an ordinal, greater than all before; [`Postings::seal`] must follow the last.
    pub fn push(&mut self, ordinal: u32) {
        let block = ordinal / BLOCK;
        if block != self.open_block {
            self.seal();
            self.open_block = block;
        }
        self.offsets.push((ordinal % BLOCK) as u16);
    }

    /// Ends the block that the last ordinals belong to.
    pub fn seal(&mut self) {
        let open = &self.offsets[self.open..];
        let len = open.len();
        if len == 0 {
            return;
        }
        let start = if len >= DENSE {
            let start = self.bitmaps.len();
            self.bitmaps.resize(start + WORDS, 0);
            for &offset in open {
                self.bitmaps[start + usize::from(offset) / 64] |= 1 << (offset % 64);
            }
            self.offsets.truncate(self.open);
            start
        } else {
            self.open
        };
        self.open = self.offsets.len();
        self.blocks.push(Block {
            number: self.open_block,
            start: start as u32,
            len: len as u32,
        });
    }

    /// The postings of a block. `at` is moved on to the place of the block: blocks are asked for in ascending order.
    #[inline]
    pub fn slice(&self, block: u32, at: &mut usize) -> Slice<'_> {
        *at += place_of(&self.blocks[*at..], block);
        match self.blocks.get(*at) {
            Some(found) if found.number == block => self.of(*found),
            _ => Slice::Offsets(&[]),
        }
    }

    /// The postings of the blocks in `numbers`, block by block; blocks without a posting are left out.
    #[inline]
    pub fn slices(&self, numbers: Range<u32>) -> impl Iterator<Item = (u32, Slice<'_>)> {
        let start = place_of(&self.blocks, numbers.start);
        let from = self.blocks[start..].iter();
        from.take_while(move |block| block.number < numbers.end)
            .map(|block| (block.number, self.of(*block)))
    }

    #[inline]
    fn of(&self, block: Block) -> Slice<'_> {
        let (start, len) = (block.start as usize, block.len as usize);
        if len >= DENSE {
            Slice::Bitmap(&self.bitmaps[start..start + WORDS])
        } else {
            Slice::Offsets(&self.offsets[start..start + len])
        }
    }

    /// All ordinals in order.
    pub fn ordinals(&self) -> impl Iterator<Item = u32> {
        let of_block = |block: &Block| {
            let mut ordinals = Vec::with_capacity(block.len as usize);
            let base = block.number.wrapping_mul(BLOCK);
            self.of(*block)
                .for_each(|offset| ordinals.push(base + u32::from(offset)));
            ordinals
        };
        self.blocks.iter().flat_map(of_block)
    }

    /// The bytes that it takes.
    pub fn bytes(&self) -> usize {
        self.blocks.capacity() * size_of::<Block>()
            + self.offsets.capacity() * 2
            + self.bitmaps.capacity() * 8
            + size_of::<Self>()
    }

    /// Gives back room that it does not need.
    pub fn shrink(&mut self) {
        self.blocks.shrink_to_fit();
        self.offsets.shrink_to_fit();
        self.bitmaps.shrink_to_fit();
    }
}

impl FromIterator<u32> for Postings {
    /// The list of ascending ordinals.
    fn from_iter<I: IntoIterator<Item = u32>>(ascending: I) -> Self {
        let mut this = Self::default();
        ascending.into_iter().for_each(|ordinal| this.push(ordinal));
        this.seal();
        this
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_worked_example() {
        let list: Postings = [5, 16_384, 16_390].into_iter().collect();
        let mut at = 0;
        assert_eq!(list.slice(0, &mut at), Slice::Offsets(&[5]));
        assert_eq!(list.slice(1, &mut at), Slice::Offsets(&[0, 6]));
        assert_eq!(list.slice(2, &mut at), Slice::Offsets(&[]));
    }

    proptest! {
        #[test]
        fn blocks_hold_what_was_pushed(gaps in proptest::collection::vec(prop_oneof![1..3_u32, 1..300_u32, 1..50_000_u32], 0..4_000)) {
            let mut at = 0;
            let ordinals: Vec<u32> = gaps.into_iter().map(|gap| { at += gap; at }).collect();
            let list: Postings = ordinals.iter().copied().collect();
            prop_assert_eq!(list.ordinals().collect::<Vec<_>>(), ordinals.clone());
            let mut cursor = 0;
            for block in (0..=at / BLOCK).step_by(2) {
                let of_block = ordinals.iter().filter(|&&o| o / BLOCK == block).map(|o| (o % BLOCK) as u16);
                let of_block: Vec<u16> = of_block.collect();
                let mut wanted: Vec<(u16, bool)> = (0..BLOCK as u16).step_by(7).map(|o| (o, false)).collect();
                let slice = list.slice(block, &mut cursor);
                slice.each_of(&mut wanted, |&(o, _)| o, |item, found| item.1 = found);
                for (offset, found) in wanted {
                    prop_assert_eq!(found, of_block.binary_search(&offset).is_ok());
                }
                let mut seen = Vec::new();
                slice.for_each(|offset| seen.push(offset));
                prop_assert_eq!(seen, of_block);
            }
        }
    }
}
