//! The integration tests, one binary.

mod format;
