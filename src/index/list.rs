//! A posting list as rows: inline while it is short, in chunks with a directory when it is long.
//!
//! Ordinals are dense numbers of a run's members by ascending feature count, so that a size window is a range of
//! ordinals. They are counted in *blocks* of [`BLOCK`]; a chunk holds the postings of whole blocks, one behind the
//! other, and of a long list only the chunks that overlap the window, or that hold a candidate, are read.
//!
//! Worked example: 2 500 postings, 900 each in the blocks 0 and 1 and 700 in block 5, become two chunks: of the blocks 0
//! and 1, since one of them alone has fewer than 1 024, and of block 5. The directory is `0 1800 5 700`: for each chunk the
//! difference of its first block to the one before, and its postings.

use std::ops::Range;

use super::bits;
use super::codec;
use super::postings::{BLOCK, Postings};

/// The most postings that stand in the list's own row.
pub const INLINE_POSTINGS: usize = 256;

/// A chunk ends behind the block with which it has so many postings; encoded, most take a quarter of a database page.
pub const CHUNK_POSTINGS: usize = 1024;

/// The bytes of a posting list, on the way into a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncodedList {
    /// All ordinals, encoded.
    Inline(Vec<u8>),
    /// A long list.
    Chunked {
        /// Where each chunk begins and how many postings it has.
        directory: Vec<u8>,
        /// The chunks, each encoded on its own.
        chunks: Vec<Vec<u8>>,
    },
}

impl EncodedList {
    /// Encodes ascending ordinals.
    pub fn new(ordinals: &[u32]) -> Self {
        if ordinals.len() <= INLINE_POSTINGS {
            return Self::Inline(bits::encode(ordinals, 0));
        }
        let (mut directory, mut chunks) = (Vec::new(), Vec::new());
        let (mut rest, mut previous) = (ordinals, 0);
        while let [first, ..] = rest {
            let block = first / BLOCK;
            let enough = rest[rest.len().min(CHUNK_POSTINGS) - 1] / BLOCK;
            let end = rest.partition_point(|ordinal| ordinal / BLOCK <= enough);
            codec::put(&mut directory, u64::from(block - previous));
            codec::put(&mut directory, end as u64);
            chunks.push(bits::encode(&rest[..end], block * BLOCK));
            (previous, rest) = (block, &rest[end..]);
        }
        Self::Chunked { directory, chunks }
    }

    /// How many bytes it has.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Inline(bytes) => bytes.len(),
            Self::Chunked { directory, chunks } => {
                directory.len() + chunks.iter().map(Vec::len).sum::<usize>()
            }
        }
    }
}

/// A posting list as a store gives it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredList {
    /// How many postings it has.
    pub count: u32,
    /// The row's bytes: the postings, or the directory of a chunked list.
    pub bytes: Box<[u8]>,
    /// The store's number of the first chunk, the others following it; `None` for an inline list.
    pub first_chunk: Option<i64>,
}

/// A chunk of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Where its bytes are.
    pub source: ChunkSource,
    /// The blocks that its postings lie in, and no other chunk's.
    pub blocks: Range<u32>,
    /// How many postings it has.
    pub count: u32,
}

/// Where the bytes of a chunk are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChunkSource {
    /// In the list's row.
    Row,
    /// In the chunk of this number in the store.
    Store(i64),
}

impl StoredList {
    /// The chunks in order; an inline list is one chunk.
    pub fn chunks(&self) -> Vec<Chunk> {
        let Some(first) = self.first_chunk else {
            return vec![Chunk {
                source: ChunkSource::Row,
                blocks: 0..u32::MAX,
                count: self.count,
            }];
        };
        let mut chunks: Vec<Chunk> = Vec::new();
        let (mut bytes, mut block) = (&*self.bytes, 0_u32);
        while let (Some(step), Some(count)) = (codec::take(&mut bytes), codec::take(&mut bytes)) {
            block = block.saturating_add(step as u32);
            if let Some(previous) = chunks.last_mut() {
                previous.blocks.end = block;
            }
            chunks.push(Chunk {
                source: ChunkSource::Store(first + chunks.len() as i64),
                blocks: block..u32::MAX,
                count: count as u32,
            });
        }
        chunks
    }

    /// The chunks that may have postings in these blocks, in order.
    pub fn chunks_in(&self, blocks: Range<u32>) -> impl Iterator<Item = Chunk> {
        let overlaps = move |c: &Chunk| c.blocks.start < blocks.end && blocks.start < c.blocks.end;
        self.chunks().into_iter().filter(overlaps)
    }

    /// Hands the ordinals of a chunk to `visit`; its bytes come through `chunks` where they aren't in the row.
    ///
    /// # Errors
    /// When the chunk can't be read.
    #[inline]
    pub fn decode<C: Chunks>(
        &self,
        chunk: &Chunk,
        chunks: &C,
        mut visit: impl FnMut(u32),
    ) -> Result<(), C::Error> {
        // Damaged bytes may name a block that no list has.
        let base = chunk.blocks.start.saturating_mul(BLOCK);
        let mut decode = |bytes: &[u8]| bits::decode(bytes, chunk.count, base, &mut visit);
        match chunk.source {
            ChunkSource::Row => decode(&self.bytes),
            ChunkSource::Store(number) => chunks.chunk(number, &mut decode)?,
        }
        Ok(())
    }

    /// Appends the ordinals of a chunk to `postings`.
    ///
    /// # Errors
    /// When the chunk can't be read.
    pub fn read<C: Chunks>(
        &self,
        chunk: &Chunk,
        chunks: &C,
        postings: &mut Postings,
    ) -> Result<(), C::Error> {
        self.decode(chunk, chunks, |ordinal| postings.push(ordinal))?;
        postings.seal();
        Ok(())
    }

    /// All postings.
    ///
    /// # Errors
    /// When a chunk can't be read.
    pub fn read_all<C: Chunks>(&self, chunks: &C) -> Result<Postings, C::Error> {
        let mut postings = Postings::with_room(self.count);
        for chunk in self.chunks() {
            self.read(&chunk, chunks, &mut postings)?;
        }
        Ok(postings)
    }
}

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

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    /// A store in memory that counts the chunks that are read.
    #[derive(Default)]
    pub(in crate::index) struct Shelf {
        chunks: Vec<Vec<u8>>,
        pub(in crate::index) read: Cell<usize>,
    }

    impl Shelf {
        pub(in crate::index) fn store(&mut self, ordinals: &[u32]) -> StoredList {
            let (bytes, first_chunk) = match EncodedList::new(ordinals) {
                EncodedList::Inline(bytes) => (bytes, None),
                EncodedList::Chunked { directory, chunks } => {
                    let first = self.chunks.len() as i64;
                    self.chunks.extend(chunks);
                    (directory, Some(first))
                }
            };
            StoredList {
                count: ordinals.len() as u32,
                bytes: bytes.into(),
                first_chunk,
            }
        }
    }

    impl Chunks for Shelf {
        type Error = Infallible;

        fn chunk(&self, number: i64, read: &mut dyn FnMut(&[u8])) -> Result<(), Infallible> {
            self.read.set(self.read.get() + 1);
            read(&self.chunks[number as usize]);
            Ok(())
        }
    }

    #[test]
    fn the_worked_example() {
        let block = |number: u32, count: u32| (0..count).map(move |i| number * BLOCK + 3 * i);
        let ordinals: Vec<u32> = block(0, 900)
            .chain(block(1, 900))
            .chain(block(5, 700))
            .collect();
        let mut shelf = Shelf::default();
        let list = shelf.store(&ordinals);
        let found: Vec<_> = list
            .chunks()
            .into_iter()
            .map(|c| (c.blocks, c.count))
            .collect();
        assert_eq!(found, [(0..5, 1800), (5..u32::MAX, 700)]);
        assert_eq!(
            list.read_all(&shelf)
                .unwrap()
                .ordinals()
                .collect::<Vec<_>>(),
            ordinals
        );
    }

    proptest! {
        #[test]
        fn a_stored_list_comes_back(
            gaps in proptest::collection::vec(prop_oneof![1..4_u32, 1..200_u32, 1..40_000_u32], 0..3_000),
        ) {
            let mut at = 0;
            let ordinals: Vec<u32> = gaps.into_iter().map(|gap| { at += gap; at }).collect();
            let mut shelf = Shelf::default();
            let list = shelf.store(&ordinals);
            prop_assert_eq!(list.read_all(&shelf).unwrap().ordinals().collect::<Vec<_>>(), ordinals);
        }

        #[test]
        fn a_damaged_directory_is_read_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let list = StoredList { count: 9, bytes: bytes.into(), first_chunk: Some(1) };
            prop_assert!(list.chunks().len() <= 30);
        }
    }
}
