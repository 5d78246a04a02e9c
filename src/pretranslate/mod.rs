//! Pre-translation: decides for each segment of a file what the memory says is to be written, and counts what that saves.
//! No I/O; the memory comes in as a function.
//!
//! ```text
//! slots ──lookup──▶ Found* ──offers::of (codes transferred)──▶ Proposal* ──fill (policy)──▶ Filling, Tally
//! ```
//!
//! | question | module |
//! | --- | --- |
//! | What is written, and does it count as done? | [`policy`], [`mod@fill`] |
//! | What does a match count when its codes are not the file's? | [`offers`] |
//! | What else in the same files is translated already? | [`repetition`] |
//! | How is nothing looked up twice? | [`cache`] |
//! | How much of a file is what kind of work? | [`leverage`], [`volume`] |
//!
//! Invariants: every segment that is not blank falls into exactly one kind of leverage, or is locked, or was translated
//! before, so that the volumes add up to the file's; a fuzzy match is never confirmed; what is written for a file depends
//! on the files of the run and their order, never on the number of threads. Segments of more than
//! [`SEGMENT_LIMIT`](crate::memory::SEGMENT_LIMIT) bytes are not looked up. Cost: a lookup for each distinct segment, and
//! for those with exact matches one for each of their contexts.

pub mod cache;
pub mod fill;
pub mod leverage;
pub mod offers;
pub mod policy;
pub mod repetition;
pub mod volume;

pub use cache::LookupCache;
pub use fill::{FileFill, fill};
pub use leverage::Leverage;
pub use offers::Found;
pub use policy::{Confirm, FillPolicy, Overwrite, Untranslated};
pub use repetition::KnownTranslations;
pub use volume::{Tally, Volume};
