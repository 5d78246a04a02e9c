//! Files of strings without their translations: JSON, Java properties, subtitles. A filling takes the place of its string.
//!
//! file ──parser of the format──▶ `StringSlot`* ──`StringFile`──▶ slots, and the file with some of them replaced.
//!
//! Placeholders of all kinds are part of the text.

pub mod json;
pub mod properties;
pub mod subtitles;

use std::io::Write;
use std::ops::Range;

use super::encoded::EncodedText;
use super::{FillOptions, FillableFile, Filling, Languages, Slot};
use crate::coded::Coded;
use crate::diagnostic::{Diagnostic, Location};
use crate::format::FormatError;

/// Where a slot's text stands, and how it is written there.
struct StringSlot<T> {
    range: Range<usize>,
    style: T,
}

/// A format of strings.
trait StringFormat: Send {
    /// How one string is written.
    type Style: Send;

    /// A translation as it is to stand in the file, or why it can't.
    fn written(
        file: &EncodedText,
        source: &Coded,
        target: &Coded,
        style: &Self::Style,
    ) -> Result<String, String>;
}

/// A file of strings.
struct StringFile<F: StringFormat> {
    file: EncodedText,
    slots: Vec<Slot>,
    /// For each slot.
    places: Vec<StringSlot<F::Style>>,
}

impl<F: StringFormat> StringFile<F> {
    fn edits(
        &self,
        fillings: &[Filling],
        report: &mut dyn FnMut(Diagnostic),
    ) -> Vec<(Range<usize>, String)> {
        let mut edits = Vec::new();
        let all = self.slots.iter().zip(&self.places).zip(fillings);
        for ((slot, place), filling) in all {
            let Some(target) = &filling.target else {
                continue;
            };
            let written = F::written(&self.file, &slot.source, target, &place.style);
            let written = written.and_then(|text| match self.file.charset().encode(&text) {
                Ok(_) => Ok(text),
                Err(c) => Err(format!("the character U+{:04X}", u32::from(c))),
            });
            match written {
                Ok(text) => edits.push((place.range.clone(), text)),
                Err(what) => {
                    let location = Location {
                        line: slot.line,
                        column: 1,
                    };
                    let message =
                        format!("a translation was left out, since the file can't hold {what}");
                    report(Diagnostic::error(location, message));
                }
            }
        }
        edits
    }
}

impl<F: StringFormat> FillableFile for StringFile<F> {
    fn slots(&self) -> &[Slot] {
        &self.slots
    }

    fn languages(&self) -> Languages {
        Languages::default()
    }

    fn check(
        &self,
        fillings: &[Filling],
        _options: &FillOptions,
        report: &mut dyn FnMut(Diagnostic),
    ) {
        self.edits(fillings, report);
    }

    fn write(
        &self,
        fillings: &[Filling],
        _options: &FillOptions,
        out: &mut dyn Write,
    ) -> Result<(), FormatError> {
        self.file.write(&self.edits(fillings, &mut |_| {}), out)
    }
}
