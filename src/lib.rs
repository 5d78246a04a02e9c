//! dhakira: an Arabic–English translation memory.

pub mod align;
pub mod cli;
pub mod diagnostic;
pub mod format;
pub mod index;
pub mod lang;
pub mod matching;
pub mod memory;
pub mod score;
pub mod session;
pub mod store;
pub mod text;
pub mod unit;
