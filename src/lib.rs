//! An Arabic–English translation memory: fuzzy matching that knows Arabic, a sentence aligner, and one SQLite file.
//!
//! A *memory* is one file. It holds translation units (an Arabic segment and its English segment) with every place where
//! they occur, and an index over both sides, changed in the same transactions. Importing and aligning fill it; lookup,
//! concordance and pre-translation read it, in either direction. This crate does the work and knows nothing of a
//! terminal but in [`cli`]; the binary is a call of [`cli::run`].
//!
//! # The pipeline
//!
//! Data flows one way, and each arrow is a type:
//!
//! ```text
//! text ──text::segment──▶ byte ranges ──Analyzed::new──▶ Analyzed ──gram::grams──▶ features
//!      ──index::search::candidates──▶ Candidate{bound} ──matching::Scorer──▶ Match{kind, score, flags}
//!      ──matching::rank──▶ the best ──store──▶ Suggestion{unit, match, diff} ──cli::render──▶ bytes
//!
//! file ──format::fill──▶ Slot ──pretranslate (policy)──▶ Filling ──format::fill──▶ the same file, filled
//! file ──format──▶ DraftUnit | Diagnostic ──memory::Import──▶ one transaction: units, occurrences, index
//! two documents ──format::document──▶ segments ──align──▶ Bead{confidence} ──align_review──▶ DraftUnit
//! ```
//!
//! # Where to look
//!
//! | question | module |
//! | --- | --- |
//! | What is a unit, an occurrence, a state? | [`mod@unit`] |
//! | Where does a sentence end? | [`text::segment`] |
//! | Which spellings are the same? | [`text::fold`] |
//! | What is the score, exactly? | [`matching::scorer`] |
//! | What does a match's translation count? | [`matching::evidence`], [`matching::witness`] |
//! | What does a match lose for where it comes from? | [`matching::penalty`] |
//! | Why does a match score what it does? | [`matching::explain`] |
//! | Why is no match lost? | [`index::bound`] |
//! | How is the index laid out? | [`index`], [`index::run`], [`index::list`] |
//! | What is in the file? | `migrations/`, [`store`] |
//! | How are sentences aligned? | [`align`] |
//! | How is an alignment gone through by hand? | [`align_review`] |
//! | What is a term, and when is it in a text? | [`term`] |
//! | Which files are read and written? | [`mod@format`] |
//! | How is a batch filled? | [`pretranslate`] |
//! | What do the commands do? | [`cli`] |
//!
//! # Who knows whom
//!
//! From top to bottom; nothing uses what stands above it:
//!
//! ```text
//! main → cli → pretranslate → memory → align_review · store · matching · index · format → align · term → text → session · unit · coded · score · lang · diagnostic · hash
//! ```
//!
//! `text`, `index`, `matching`, `align` and `term` do no I/O and do not fail; clock, user and paths come in as arguments. Only
//! `store` knows SQLite, only `format` knows file formats, only `cli` knows arguments, terminal, environment and clock.
//!
//! # Invariants
//!
//! - Surface text is never altered; only folded forms are levelled, and only for comparing.
//! - A lookup is complete: for its score, penalties and cutoff it returns what scoring every unit would return, in a declared
//!   order ([`matching::rank`]). A property test holds it against a plain scan.
//! - Kinds come before numbers; only a segment that is equal as written scores 100.
//! - Every write belongs to an import session, happens in one transaction and can be undone.
//! - Nothing is loaded when a memory is opened; many read while one writes.
//! - A bad unit is a diagnostic with its place, never an abort and never silence; every limit is a constant with a
//!   name.

pub mod align;
pub mod align_review;
pub mod cli;
pub mod coded;
pub mod diagnostic;
pub mod format;
pub mod hash;
pub mod index;
pub mod lang;
pub mod matching;
pub mod memory;
pub mod pretranslate;
pub mod score;
pub mod session;
pub mod store;
pub mod term;
pub mod text;
pub mod unit;
