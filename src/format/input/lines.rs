//! The lines of an input, one at a time; one that can't be taken costs itself alone.

use std::io::{self, BufRead};

use super::super::{Record, excerpt};
use super::{FormatError, Input};
use crate::diagnostic::{Diagnostic, Location};

/// The most bytes of a line; a longer one is rejected and skipped, not held.
pub const LINE_LIMIT: usize = 16 * 1024 * 1024;

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::format) enum LineEnd {
    Lf,
    CrLf,
    /// The input ends with the line.
    None,
}

impl LineEnd {
    pub(in crate::format) fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
            Self::None => "",
        }
    }
}

/// A line of an input, its end cut off.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::format) enum Line<'l> {
    Text {
        number: u64,
        text: &'l str,
        end: LineEnd,
    },
    /// A line that is too long or no text.
    Rejected(Box<Record>),
}

/// The lines of an input, split at LF and CR LF and nothing else.
pub(in crate::format) struct Lines {
    input: Input,
    line: Vec<u8>,
    number: u64,
}

impl Lines {
    pub(in crate::format) fn new(input: Input) -> Self {
        Self {
            input,
            line: Vec::new(),
            number: 0,
        }
    }

    pub(in crate::format) fn name(&self) -> &str {
        self.input.name()
    }

    /// Lines handed out so far.
    pub(in crate::format) fn count(&self) -> u64 {
        self.number
    }

    /// The next line; `None` at the end.
    pub(in crate::format) fn next(&mut self) -> Result<Option<Line<'_>>, FormatError> {
        self.line.clear();
        let (mut terminated, mut too_long) = (false, false);
        while !terminated {
            let bytes = match self.input.reader.fill_buf() {
                Ok([]) => break,
                Ok(bytes) => bytes,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(self.input.read_error(e)),
            };
            let newline = memchr::memchr(b'\n', bytes);
            let piece = &bytes[..newline.unwrap_or(bytes.len())];
            too_long |= self.line.len() + piece.len() > LINE_LIMIT;
            if !too_long {
                self.line.extend_from_slice(piece);
            }
            terminated = newline.is_some();
            let taken = piece.len() + usize::from(terminated);
            self.input.reader.consume(taken);
        }
        if !terminated && self.line.is_empty() && !too_long {
            return Ok(None);
        }
        self.number += 1;
        let number = self.number;
        let reject = |column, message: String, line: &[u8]| {
            Line::Rejected(Box::new(Record::Rejected {
                diagnostic: Diagnostic::error(
                    Location {
                        line: number,
                        column,
                    },
                    message,
                ),
                raw: excerpt(line),
            }))
        };
        if too_long {
            let message = format!("the line is longer than {LINE_LIMIT} bytes");
            return Ok(Some(reject(1, message, &self.line)));
        }
        let returned = self.line.pop_if(|byte| *byte == b'\r').is_some();
        let end = match (terminated, returned) {
            (true, true) => LineEnd::CrLf,
            (true, false) => LineEnd::Lf,
            (false, _) => LineEnd::None,
        };
        Ok(Some(match std::str::from_utf8(&self.line) {
            Ok(text) => Line::Text { number, text, end },
            Err(e) => {
                // The invariant of `valid_up_to`: the bytes before it are UTF-8.
                let before = std::str::from_utf8(&self.line[..e.valid_up_to()]).unwrap_or_default();
                let column = 1 + before.chars().count() as u64;
                let message = format!("bytes that are no {} text", self.input.encoding());
                reject(column, message, &self.line)
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn input(bytes: Vec<u8>) -> Input {
        Input::from_reader("test", Cursor::new(bytes)).unwrap()
    }

    #[test]
    fn lines_end_with_lf_or_crlf_and_bad_ones_are_rejected_alone() {
        let mut lines = Lines::new(input(b"a\r\n\nb\xFF\nc\rd".to_vec()));
        let mut seen = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            seen.push(match line {
                Line::Text { number, text, end } => format!("{number}{text:?}{end:?}"),
                Line::Rejected(record) => match *record {
                    Record::Rejected { diagnostic, .. } => diagnostic.to_string(),
                    other => panic!("{other:?}"),
                },
            });
        }
        assert_eq!(
            seen,
            [
                "1\"a\"CrLf",
                "2\"\"Lf",
                "3:2: bytes that are no UTF-8 text",
                "4\"c\\rd\"None"
            ]
        );
    }

    #[test]
    fn a_huge_line_is_rejected_and_skipped() {
        let mut bytes = vec![b'x'; LINE_LIMIT + 1];
        bytes.extend(b"\nnext\n");
        let mut lines = Lines::new(input(bytes));
        let Some(Line::Rejected(record)) = lines.next().unwrap() else {
            panic!("the line is taken");
        };
        assert!(
            matches!(*record, Record::Rejected { raw, .. } if raw.len() == crate::format::RAW_LIMIT)
        );
        assert!(matches!(
            lines.next().unwrap(),
            Some(Line::Text {
                number: 2,
                text: "next",
                ..
            })
        ));
    }
}
