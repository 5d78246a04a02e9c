//! Text analysis: from running text to segments, from a segment to tokens and their folded forms. No I/O, no failure.
//!
//! `&str` ──[`segment::segments`]──▶ byte ranges ──[`Analyzed::new`]──▶ [`Analyzed`] ──[`feature::Features::of`]──▶ features.
//!
//! Invariants: surface text is never altered; all spans are byte ranges on character boundaries, in order, inside the
//! segment; folding is idempotent ([`fold`]). Cost: linear in the text, one allocation a segment for the folded forms
//! and one for the tokens.

pub mod accelerator;
pub mod arabic;
mod class;
pub mod english;
pub mod feature;
pub mod fold;
pub mod gram;
pub mod number;
pub mod numbering;
pub mod placeable;
pub mod segment;
pub mod stems;
pub mod token;

pub use token::{Analyzed, Token, TokenKind};
