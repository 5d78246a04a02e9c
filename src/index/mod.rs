//! The index: which stored segments can reach a cutoff, without looking at them. No I/O, no failure of its own.
//!
//! Features of a segment ([`crate::text::gram`]) → [`build::RunBuilder`] → rows ([`list`], [`codec`]) that a store keeps
//! → [`search::candidates`], which reads the rows that it needs through [`list::Chunks`].
//!
//! Invariants: a search loses nothing ([`bound`] has the proof) and its bounds are never below the score; runs are
//! immutable; nothing is read when a memory is opened. Each language has an index of its own, so that both directions
//! cost the same.
//!
//! Worked example: `زار الوزير المدرسة` (18 features) is looked up at threshold 70. Its words have stems, so that what
//! has others loses three hundredths and the overlap score has to be 72.17 ([`bound::overlap_needed`]). Units of 11 to 50
//! features are possible ([`bound::size_window`]); one ordinal after another, they are a few blocks of the run. In the
//! block whose smallest unit has 18 features, 12 of the 18 must be shared ([`bound::needed_shared`]): whoever shares 12 has
//! 1 of the 7 rarest, and 3 of the 9 rarest. The nine lists are counted (`count`), the units with a count of 3 or more
//! are looked for in the tenth and further lists, and fall out where what is left can't make up for what they lack.
//! `زار الوزير مدرسة جديدة` (22 features, of which it needs 13 shared) shares 14 and is left, with its exact overlap score
//! 78.78.
//!
//! Which steps the time goes into, for a news sentence of 80 features and a million units, at threshold 70: 22 blocks of
//! 16 384 units are inside the window, in which 86 000 postings of 35 lists are counted; 180 units are left over, of
//! which 520 questions are asked; 1 is a candidate. Counting takes nearly all of it, and reads its lists from end to end.
//! At threshold 50: 34 blocks, 434 000 postings of 56 lists, 720 units, 2 000 questions, 3 candidates.
//!
//! A list could be counted less by what is known of its units: of a unit of size `b`, too, only the `b − m + k` rarest
//! features can be among the first `k` that it shares. That would spare 37 % of the postings, and cost a mark with each
//! that says how rare the feature is among its unit's; the file has no room for it.
//!
//! Cost: about 1.6 bytes a posting with its rows, 1.15 times the text of real units; a search reads one small row for each
//! feature of the query and run, and the chunks that hold candidates.

pub mod bits;
pub mod bound;
pub mod build;
pub mod cache;
pub mod codec;
mod count;
pub mod keys;
pub mod list;
mod plan;
pub mod postings;
pub mod run;
pub mod search;

/// As many units wait unindexed, to be scanned one by one, before they become a run. Keeps adding one unit cheap.
pub const PENDING_UNITS: usize = 256;

/// An import makes a run whenever it has collected this many grams on one side, so that its memory is bounded.
pub const RUN_GRAMS: usize = 2_000_000;

/// As many runs of about the same size are merged into one.
pub const MERGE_RUNS: usize = 4;

/// A merge that would make a run of more units than this is not done: it would take too much memory.
pub const MERGE_UNITS: u32 = 4_000_000;
