//! The integration tests, one binary.

/// Lookup is complete: index and matcher against brute force.
mod matching;
/// What a memory promises over time.
mod memory;
