//! The integration tests, one binary.

/// From running text to beads, on gold made by hand.
mod align;
/// What the commands promise.
mod cli;
/// The help of every command.
mod cli_reference;
/// A sealed place to run the program in.
mod common;
/// What becomes of documents that are aligned again.
mod document_update;
/// What every format promises.
mod format;
/// What a translator would agree to.
mod gold;
/// Lookup is complete: index and matcher against brute force.
mod matching;
/// What a memory promises over time.
mod memory;
/// What a memory promises about terms.
mod terms;
