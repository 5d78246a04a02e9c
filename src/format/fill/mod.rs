//! Files to be filled: a file with segments, some of them perhaps translated, that is given back with more of them
//! translated and every other byte as it was.
//!
//! bytes ──`open`──▶ [`FillableFile`] ──[`FillableFile::slots`]──▶ [`Slot`]* ──pre-translation──▶ [`Filling`]*
//! ──[`FillableFile::write`]──▶ the same bytes but for what was filled.
//!
//! Each format is a module with a function
//! `open(bytes: Vec<u8>, name: &str, options: &OpenOptions, report: &mut dyn FnMut(Diagnostic)) -> Result<Box<dyn FillableFile>, FormatError>`.
//!
//! *Monolingual* files (text, Markdown, HTML, DOCX, XLSX, subtitles) have the source alone: a filling takes its place.
//! *Bilingual* files (PO, XLIFF and its kin) have room for a target beside the source, for its state, and some for
//! proposals. Files of key and string (JSON, YAML, properties, Android) are monolingual.
//!
//! Invariants: writing without fillings gives the input byte for byte; a filling that is not confirmed is never written
//! as a finished translation where the format can tell the two apart; codes in what is written are balanced, and the
//! result parses again to slots with the same sources.

pub mod bytes;
pub mod docx;
pub mod html;
mod inline;
pub mod kind;
mod look;
mod splice;
pub mod strings;
pub mod text;
pub mod transfer;
pub mod xlsx;

use std::io::Write;

pub use bytes::{FILE_LIMIT, FileBytes, Stamp};
pub use inline::{PARAGRAPH_LIMIT, RAW_CODE_LIMIT};
pub use kind::{FileKind, HEAD_BYTES, Shape};
pub use transfer::{Agreement, transfer};

use super::FormatError;
use crate::coded::Coded;
use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::matching::{Flag, MatchKind};
use crate::score::Score;
use crate::text::segment::SegmentOptions;

/// How far the translation of a slot has come in its file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SlotState {
    /// No target, or an empty one.
    #[default]
    Untranslated,
    /// A target that still has to be seen by somebody: PO `fuzzy`, XLIFF `needs-*`, `initial`.
    Draft,
    /// A target that somebody stands for.
    Confirmed,
    /// Not to be translated (`translate="no"`, locked, obsolete): never filled.
    Locked,
}

/// A segment of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slot {
    /// What is to be translated, with the file's inline codes.
    pub source: Coded,
    /// The translation that the file has; always `None` in a monolingual file.
    pub target: Option<Coded>,
    /// How far that has come.
    pub state: SlotState,
    /// What tells equal sources apart in the file: a PO context, a key, a resource name.
    pub key: Option<String>,
    /// Which plural form the target is to be, where a source has several targets: the number of a gettext form, the name of
    /// a CLDR category. A translation of one form is none of another.
    pub form: Option<String>,
    /// The number of its paragraph, from 0, never going down; segments of one paragraph stand in running text.
    pub paragraph: usize,
    /// The line of the file on which it begins, from 1; 0 where the file has no lines, such as DOCX.
    pub line: u64,
}

/// A match that is offered beside or in a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The match's source segment, with codes of the memory.
    pub source: Coded,
    /// Its target, with the codes of the file's slot.
    pub target: Coded,
    /// The score.
    pub score: Score,
    /// The kind.
    pub kind: MatchKind,
    /// What to beware of.
    pub flags: Vec<Flag>,
    /// Where it comes from, for people: the memory's or document's name.
    pub origin: String,
}

/// What to write for a slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filling {
    /// The translation to put in, with the codes of the slot; `None` leaves what is there.
    pub target: Option<Coded>,
    /// Whether it may count as done. A fuzzy match never may.
    pub confirmed: bool,
    /// The segment that was translated, where the target comes from a fuzzy match: PO writes it as previous source.
    pub previous: Option<Coded>,
    /// Matches to offer, the best first; formats without room for them leave them out. The one that `target` is taken
    /// from is the first.
    pub proposals: Vec<Proposal>,
}

/// How a file is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenOptions {
    /// How paragraphs of running text are cut into segments. Files of strings (PO, XLIFF, JSON …) are not cut.
    pub segmentation: SegmentOptions,
    /// Whether each line of running text is a segment; then it is not cut.
    pub one_segment_a_line: bool,
    /// The language of the source, where the user names it.
    pub source: Option<Lang>,
    /// Where a table keeps its texts: names or letters of the columns to be translated; all, where there are none.
    pub columns: Vec<String>,
}

/// How fillings are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FillOptions {
    /// The language that the fillings are in: direction attributes and the file's language follow it.
    pub target: Option<Lang>,
}

/// A file that was read and can be filled. It holds the file's bytes.
pub trait FillableFile: Send {
    /// Its segments in order.
    fn slots(&self) -> &[Slot];

    /// The tags of the source's and the target's language, where the file names them.
    fn languages(&self) -> Languages;

    /// Reports which of `fillings` [`FillableFile::write`] leaves out, and why: the file can't hold a character, say.
    /// Nothing, unless the format says otherwise.
    fn check(
        &self,
        _fillings: &[Filling],
        _options: &FillOptions,
        _report: &mut dyn FnMut(Diagnostic),
    ) {
    }

    /// Writes the file with `fillings`, one for each slot, in order.
    ///
    /// # Errors
    /// [`FormatError::Write`], and what the format refuses.
    fn write(
        &self,
        fillings: &[Filling],
        options: &FillOptions,
        out: &mut dyn Write,
    ) -> Result<(), FormatError>;
}

/// The segments of a file as text to be aligned or looked up, each with the number of its paragraph.
///
/// ```
/// use dhakira::format::fill::{html, segments};
/// let file = html::open(b"<h1>One</h1><p>Two.".to_vec(), "x.html", &Default::default(), &mut |_| {})?;
/// assert_eq!(segments(&*file).collect::<Vec<_>>(), [("One", 0), ("Two.", 1)]);
/// # Ok::<(), dhakira::format::FormatError>(())
/// ```
pub fn segments(file: &dyn FillableFile) -> impl Iterator<Item = (&str, usize)> {
    let slots = file.slots().iter();
    slots.map(|slot| (&*slot.source.text, slot.paragraph))
}

/// The language tags that a file names, as written in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Languages {
    /// Of the source.
    pub source: Option<String>,
    /// Of the target.
    pub target: Option<String>,
}
