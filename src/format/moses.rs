//! Moses: two plain files, `NAME.ar` and `NAME.en`, of which line n of one goes with line n of the other.
//!
//! A pair of lines of which a side is blank, no text, too long, or holds a character that XML can't hold or a carriage
//! return before its end is rejected.
//! Files of unequal length are no pair: somewhere a line is missing, and every pair behind it would be wrong. That is
//! known only at the end, so a caller keeps nothing of what it was given when it gets an error.
//!
//! A line end inside a segment is written as one space, and the unit counted as altered.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::FormatError;
use super::input::{Input, Line, Lines};
use super::output::Output;
use super::{
    CARRIAGE_RETURN, Record, Sink, UnitWriter, WriteCounts, excerpt, first_forbidden,
    forbidden_message,
};
use crate::diagnostic::{Diagnostic, Location};
use crate::lang::{Lang, Sides};
use crate::unit::{DraftUnit, Origin, UnitView};

/// Opens the two files of a prefix: for `corpus`, `corpus.ar` and `corpus.en`, or these with `.gz` or `.zst` behind.
///
/// # Errors
/// As [`Input::open`]; for a side that isn't there in any form, its uncompressed name is given.
pub fn open(prefix: &Path) -> Result<Sides<Input>, FormatError> {
    let open_side = |lang: Lang| {
        let compressed = [".gz", ".zst"].map(|end| side_path(prefix, lang, end));
        let plain = side_path(prefix, lang, "");
        let found = compressed
            .into_iter()
            .find(|path| !plain.exists() && path.exists());
        Input::open(&found.unwrap_or(plain))
    };
    Ok(Sides {
        ar: open_side(Lang::Arabic)?,
        en: open_side(Lang::English)?,
    })
}

fn side_path(prefix: &Path, lang: Lang, end: &str) -> PathBuf {
    let mut path = prefix.as_os_str().to_owned();
    path.push(format!(".{lang}{end}"));
    path.into()
}

/// Reads pairs of lines into `sink`.
///
/// # Errors
/// [`FormatError::UnequalSides`], or one of the two can't be read.
pub fn read(inputs: Sides<Input>, sink: &mut Sink<'_>) -> Result<(), FormatError> {
    let mut sides = inputs.map(Lines::new);
    loop {
        let record = match (sides.ar.next()?, sides.en.next()?) {
            (None, None) => return Ok(()),
            (Some(ar), Some(en)) => record(ar, en),
            _ => return Err(unequal(sides)?),
        };
        if sink(record).is_break() {
            return Ok(());
        }
    }
}

/// Counts both sides to their ends.
fn unequal(mut sides: Sides<Lines>) -> Result<FormatError, FormatError> {
    while sides.ar.next()?.is_some() {}
    while sides.en.next()?.is_some() {}
    Ok(FormatError::UnequalSides {
        ar_name: sides.ar.name().to_owned(),
        ar_lines: sides.ar.count(),
        en_name: sides.en.name().to_owned(),
        en_lines: sides.en.count(),
    })
}

fn record(ar: Line<'_>, en: Line<'_>) -> Record {
    let (number, ar, en) = match (ar, en) {
        (Line::Text { number, text, .. }, Line::Text { text: en, .. }) => (number, text, en),
        (Line::Rejected(record), _) => return of_side(*record, Lang::Arabic),
        (_, Line::Rejected(record)) => return of_side(*record, Lang::English),
    };
    let rejected = |column, message| Record::Rejected {
        diagnostic: Diagnostic::error(
            Location {
                line: number,
                column,
            },
            message,
        ),
        raw: excerpt(format!("{ar}\t{en}").as_bytes()),
    };
    for (lang, text) in [(Lang::Arabic, ar), (Lang::English, en)] {
        if let Some((at, c)) = first_forbidden(text) {
            let column = 1 + text[..at].chars().count() as u64;
            let message = format!("{} in `{lang}`", forbidden_message(c));
            return rejected(column, message);
        }
        if let Some(at) = text.find('\r') {
            let column = 1 + text[..at].chars().count() as u64;
            return rejected(column, format!("{CARRIAGE_RETURN} in `{lang}`"));
        }
    }
    match DraftUnit::new(ar, en, Origin::default()) {
        Ok(draft) => Record::Unit(draft),
        Err(blank) => rejected(1, blank.to_string()),
    }
}

/// A rejected line, with its side named: the place alone doesn't tell which file is meant.
fn of_side(mut record: Record, lang: Lang) -> Record {
    if let Record::Rejected { diagnostic, .. } = &mut record {
        diagnostic.message = format!("{} in `{lang}`", diagnostic.message);
    }
    record
}

/// Writes the two files of a pair.
pub struct MosesWriter<'w> {
    outputs: Sides<Output<'w>>,
    counts: WriteCounts,
}

impl<'w> MosesWriter<'w> {
    /// Makes the two files of a prefix.
    ///
    /// # Errors
    /// As [`Output::create`].
    pub fn create(prefix: &Path) -> Result<Self, FormatError> {
        Ok(Self::new(Sides {
            ar: Output::create(&side_path(prefix, Lang::Arabic, ""))?,
            en: Output::create(&side_path(prefix, Lang::English, ""))?,
        }))
    }

    /// A writer into two outputs.
    pub fn new(outputs: Sides<Output<'w>>) -> Self {
        Self {
            outputs,
            counts: WriteCounts::default(),
        }
    }
}

impl UnitWriter for MosesWriter<'_> {
    fn write(&mut self, unit: UnitView<'_>) -> Result<(), FormatError> {
        let mut altered = false;
        for lang in Lang::BOTH {
            let segment = unit.text.get(lang);
            altered |= segment.contains(['\n', '\r']);
            let line = segment.replace(['\n', '\r'], " ") + "\n";
            let output = self.outputs.get_mut(lang);
            output
                .write_all(line.as_bytes())
                .map_err(|e| output.write_error(e))?;
        }
        self.counts.units += 1;
        self.counts.altered += u64::from(altered);
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<WriteCounts, FormatError> {
        self.outputs.ar.finish()?;
        self.outputs.en.finish()?;
        Ok(self.counts)
    }
}
