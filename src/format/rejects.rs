//! The file of rejected units, made to be mended and imported again.
//!
//! One unit a line: place, reason and the input's own text, parted by tabs.
//! ```text
//! news.tsv:12:1 ⇥ the Arabic side is blank ⇥   ⇥ Peace talks resume
//! ```
//! A rejected TSV row keeps its own tabs, so once it is mended the file is itself a TSV file with two columns in front:
//! `--columns -,-,ar,en` imports it, and `cut -f3-` gives the rows back as they were. JSON Lines, CSV and TMX come back
//! with `cut -f3-` as well; line ends inside a unit become spaces, and text that is no UTF-8 has U+FFFD for its bad
//! bytes. A unit of which only the first [`RAW_LIMIT`] bytes were kept says so in its reason.

use std::io::Write;

use super::RAW_LIMIT;
use super::error::FormatError;
use super::output::Output;
use crate::diagnostic::Diagnostic;

/// Writes rejected units.
#[derive(Debug)]
pub struct RejectsWriter<'w> {
    output: Output<'w>,
}

impl<'w> RejectsWriter<'w> {
    /// A writer without any unit yet.
    pub fn new(output: Output<'w>) -> Self {
        Self { output }
    }

    /// Writes a unit of the input `name`.
    ///
    /// # Errors
    /// [`FormatError::Write`].
    pub fn write(
        &mut self,
        name: &str,
        diagnostic: &Diagnostic,
        raw: &str,
    ) -> Result<(), FormatError> {
        let mut line = one_cell(name);
        if let Some(location) = diagnostic.location {
            line.push_str(&format!(":{location}"));
        }
        line.push('\t');
        line.push_str(&one_cell(&diagnostic.message));
        // A cut text may be a few bytes short of the limit, so as not to end inside a character.
        if raw.len() + 4 > RAW_LIMIT {
            line.push_str(" (text cut)");
        }
        line.push('\t');
        line.push_str(&one_line(raw));
        line.push('\n');
        self.output
            .write_all(line.as_bytes())
            .map_err(|e| self.output.write_error(e))
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`FormatError::Write`].
    pub fn finish(self) -> Result<(), FormatError> {
        self.output.finish()
    }
}

fn one_line(text: &str) -> String {
    text.replace("\r\n", " ").replace(['\n', '\r'], " ")
}

fn one_cell(text: &str) -> String {
    one_line(text).replace('\t', " ")
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::super::{Columns, Input, ReadOptions, Record, UnitFormat, read_units};
    use super::*;

    fn rejects_of(name: &str, text: &'static str) -> String {
        let mut file = Vec::new();
        let mut writer = RejectsWriter::new(Output::from_writer("rejects", &mut file));
        let input = Input::from_reader(name, text.as_bytes()).unwrap();
        read_units(input, &ReadOptions::default(), &mut |record| {
            if let Record::Rejected { diagnostic, raw } = record {
                writer.write(name, &diagnostic, &raw).unwrap();
            }
            ControlFlow::Continue(())
        })
        .unwrap();
        writer.finish().unwrap();
        String::from_utf8(file).unwrap()
    }

    #[test]
    fn a_mended_tsv_row_can_be_imported_as_it_stands() {
        let rejects = rejects_of("news.tsv", "نعم\tYes\n\tNo\n");
        assert_eq!(rejects, "news.tsv:2:1\tthe Arabic side is blank\t\tNo\n");
        let mended = rejects.replace("\t\t", "\tلا\t");
        let options = ReadOptions {
            format: Some(UnitFormat::Tsv),
            columns: Some(Columns::parse("-,-,ar,en").unwrap()),
            ..ReadOptions::default()
        };
        let mut records = Vec::new();
        let input = Input::from_reader("mended", std::io::Cursor::new(mended)).unwrap();
        read_units(input, &options, &mut |record| {
            records.push(record);
            ControlFlow::Continue(())
        })
        .unwrap();
        assert!(matches!(&records[..], [Record::Unit(draft)] if draft.text.ar == "لا"));
    }

    #[test]
    fn a_unit_of_many_lines_becomes_one() {
        let rejects = rejects_of(
            "a.tmx",
            "<tmx><body><tu>\n<tuv xml:lang=\"en\"><seg>Yes</seg></tuv>\r\n</tu></body></tmx>",
        );
        assert_eq!(rejects.lines().count(), 1);
        assert!(rejects.ends_with("\t<tu> <tuv xml:lang=\"en\"><seg>Yes</seg></tuv> </tu>\n"));
    }
}
