//! A posting list as rows: inline while it is short, in chunks with a directory when it is long.
//!
//! Ordinals are dense numbers of a run's members by ascending feature count, so that a size window is a range of
//! ordinals. Of a long list only the chunks that overlap the window, or that hold a candidate, are read.
//!
//! Worked example: 2 500 ordinals become three chunks of 1 024, 1 024 and 452, each encoded on its own, and a directory
//! of the three first ordinals.

use std::ops::Range;

use super::codec;

/// The most postings that stand in the list's own row.
pub const INLINE_POSTINGS: usize = 64;

/// The most postings of a chunk; encoded, they fit a database page with room to spare.
pub const CHUNK_POSTINGS: usize = 1024;

/// The bytes of a posting list, on the way into a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncodedList {
    /// All ordinals, encoded.
    Inline(Vec<u8>),
    /// A long list.
    Chunked {
        /// The first ordinal of each chunk, encoded.
        directory: Vec<u8>,
        /// The chunks, each encoded on its own.
        chunks: Vec<Vec<u8>>,
    },
}

impl EncodedList {
    /// Encodes ascending ordinals.
    pub fn new(ordinals: &[u32]) -> Self {
        if ordinals.len() <= INLINE_POSTINGS {
            return Self::Inline(codec::encode(ordinals));
        }
        let chunks = ordinals.chunks(CHUNK_POSTINGS);
        let firsts: Vec<u32> = chunks.clone().map(|chunk| chunk[0]).collect();
        Self::Chunked {
            directory: codec::encode(&firsts),
            chunks: chunks.map(codec::encode).collect(),
        }
    }
}

/// A posting list as a store gives it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredList {
    /// The run that it belongs to.
    pub run: i64,
    /// How many postings it has.
    pub count: u32,
    /// The row's bytes: the postings, or the directory of a chunked list.
    pub bytes: Box<[u8]>,
    /// The store's number of the first chunk, the others following it; `None` for an inline list.
    pub first_chunk: Option<i64>,
}

/// The chunks of a directory that can hold ordinals of `window`, each with the range of ordinals that it covers.
pub fn chunks_in(directory: &[u8], window: Range<u32>) -> impl Iterator<Item = (i64, Range<u32>)> {
    let firsts: Vec<u32> = codec::decode(directory).collect();
    let from = firsts
        .partition_point(|&first| first <= window.start)
        .saturating_sub(1);
    let to = firsts.partition_point(|&first| first < window.end);
    (from..to).map(move |i| {
        let end = firsts.get(i + 1).copied().unwrap_or(u32::MAX);
        (i as i64, firsts[i]..end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_example() {
        let ordinals: Vec<u32> = (0..2500).map(|i| i * 3).collect();
        let EncodedList::Chunked { directory, chunks } = EncodedList::new(&ordinals) else {
            panic!("2500 postings are a long list");
        };
        assert_eq!(
            codec::decode(&directory).collect::<Vec<_>>(),
            [0, 3072, 6144]
        );
        let back: Vec<u32> = chunks
            .iter()
            .flat_map(|chunk| codec::decode(chunk))
            .collect();
        assert_eq!(back, ordinals);
    }

    #[test]
    fn a_window_selects_the_chunks_that_can_hold_it() {
        let directory = codec::encode(&[10, 20, 30]);
        let of = |window: Range<u32>| {
            chunks_in(&directory, window)
                .map(|(i, _)| i)
                .collect::<Vec<_>>()
        };
        assert_eq!(of(0..10), [0_i64; 0]);
        assert_eq!(of(0..11), [0]);
        assert_eq!(of(19..21), [0, 1]);
        assert_eq!(of(20..21), [1]);
        assert_eq!(of(99..100), [2]);
    }
}
