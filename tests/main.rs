//! The integration tests, one binary.

/// What every format promises.
mod format;
/// Lookup is complete: index and matcher against brute force.
mod matching;
/// What a memory promises over time.
mod memory;
