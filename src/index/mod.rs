//! The index: which stored segments can reach a cutoff, without looking at them. No I/O, no failure of its own.
//!
//! Features of a segment ([`crate::text::gram`]) → [`run::RunBuilder`] → rows ([`list`], [`codec`]) that a store keeps
//! → [`search::candidates`], which reads the rows that it needs through [`list::Chunks`].
//!
//! Invariants: a search loses nothing ([`bound`] has the proof) and its bounds are never below the score; runs are
//! immutable; nothing is read when a memory is opened. Each language has an index of its own, so that both directions
//! cost the same.
//!
//! Cost: about 1.6 bytes a posting with its rows, 1.15 times the text of real units; a search reads one small row for each
//! feature of the query and run, and the chunks that hold candidates.

pub mod bits;
pub mod bound;
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
pub const RUN_GRAMS: usize = 12_000_000;

/// As many runs of about the same size are merged into one.
pub const MERGE_RUNS: usize = 4;

/// A merge that would make a run of more units than this is not done: it would take too much memory.
pub const MERGE_UNITS: u32 = 4_000_000;
