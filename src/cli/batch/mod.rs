//! Many files at once: which there are, where each goes, and the threads that do them.
//!
//! Inputs and an output → [`plan()`] → [`BatchFile`]s → [`parallel::in_order`] → results in the order of the files, however
//! many threads there are.

pub(crate) mod fill;
pub(crate) mod parallel;
pub(crate) mod plan;
pub(crate) mod report;
mod write;

pub(crate) use plan::{BatchFile, Outputs, Place, plan};
