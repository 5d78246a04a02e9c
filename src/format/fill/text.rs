//! Plain text and Markdown as files to be filled: a [`Document`] with its encoding.
//!
//! Monolingual; no inline codes: the inline markup of Markdown is part of the text. UTF-8 or UTF-16, with or without a
//! byte order mark where the encoding allows it; a file is written in the encoding that it came in.

use std::io::{Cursor, Write};

use super::{FillOptions, FillableFile, Filling, Languages, OpenOptions, Slot};
use crate::diagnostic::Diagnostic;
use crate::format::document::{Document, DocumentKind};
use crate::format::{FormatError, Input};

/// Reads plain text.
///
/// # Errors
/// [`FormatError::NotText`], [`FormatError::TooLong`].
pub fn open(
    bytes: Vec<u8>,
    name: &str,
    options: &OpenOptions,
    _report: &mut dyn FnMut(Diagnostic),
) -> Result<Box<dyn FillableFile>, FormatError> {
    open_as(DocumentKind::Plain, bytes, name, options)
}

/// Reads Markdown.
///
/// # Errors
/// As [`open`].
pub fn open_markdown(
    bytes: Vec<u8>,
    name: &str,
    options: &OpenOptions,
    _report: &mut dyn FnMut(Diagnostic),
) -> Result<Box<dyn FillableFile>, FormatError> {
    open_as(DocumentKind::Markdown, bytes, name, options)
}

fn open_as(
    kind: DocumentKind,
    bytes: Vec<u8>,
    name: &str,
    options: &OpenOptions,
) -> Result<Box<dyn FillableFile>, FormatError> {
    let encoding = Encoding::of(&bytes);
    let text = Input::from_reader(name, Cursor::new(bytes))?.read_to_string()?;
    let document = if options.one_segment_a_line {
        Document::parse_lines(text)
    } else {
        Document::parse(text, kind, &options.segmentation)
    };
    let (mut line, mut counted) = (1, 0);
    let slots = document
        .segments()
        .map(|segment| {
            let before = &document.text().as_bytes()[counted..segment.range.start];
            line += memchr::memchr_iter(b'\n', before).count() as u64;
            counted = segment.range.start;
            Slot {
                source: segment.text().as_ref().into(),
                paragraph: segment.paragraph,
                line,
                ..Slot::default()
            }
        })
        .collect();
    Ok(Box::new(TextFile {
        name: name.to_owned(),
        document,
        encoding,
        slots,
    }))
}

struct TextFile {
    name: String,
    document: Document,
    encoding: Encoding,
    slots: Vec<Slot>,
}

impl FillableFile for TextFile {
    fn slots(&self) -> &[Slot] {
        &self.slots
    }

    fn languages(&self) -> Languages {
        Languages::default()
    }

    fn write(
        &self,
        fillings: &[Filling],
        _options: &FillOptions,
        out: &mut dyn Write,
    ) -> Result<(), FormatError> {
        let target = |i: usize| Some(&fillings.get(i)?.target.as_ref()?.text);
        let text = self.document.splice(target);
        out.write_all(&self.encoding.encode(text))
            .map_err(|source| FormatError::Write {
                name: self.name.clone(),
                source,
            })
    }
}

/// How the text was written, byte order mark and all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8 { mark: bool },
    Utf16Le,
    Utf16Be,
}

impl Encoding {
    /// As [`Input`] takes it.
    fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xFF, 0xFE, ..] => Self::Utf16Le,
            [0xFE, 0xFF, ..] => Self::Utf16Be,
            _ => Self::Utf8 {
                mark: bytes.starts_with("\u{FEFF}".as_bytes()),
            },
        }
    }

    fn encode(self, text: String) -> Vec<u8> {
        let marked = || ['\u{FEFF}'].into_iter().chain(text.chars());
        let units = || {
            let mut units = Vec::with_capacity(text.len() + 1);
            marked().for_each(|c| units.extend_from_slice(c.encode_utf16(&mut [0; 2])));
            units
        };
        match self {
            Self::Utf8 { mark: false } => text.into_bytes(),
            Self::Utf8 { mark: true } => marked().collect::<String>().into_bytes(),
            Self::Utf16Le => units().into_iter().flat_map(u16::to_le_bytes).collect(),
            Self::Utf16Be => units().into_iter().flat_map(u16::to_be_bytes).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(bytes: &[u8], fillings: &[Filling]) -> Vec<u8> {
        let file = open(
            bytes.to_vec(),
            "x.txt",
            &OpenOptions::default(),
            &mut |_| {},
        )
        .unwrap();
        let mut out = Vec::new();
        file.write(fillings, &FillOptions::default(), &mut out)
            .unwrap();
        out
    }

    #[test]
    fn an_encoding_and_its_mark_stay() {
        let text = "عنوان\r\n\r\nجملة. أخرى 𝄞.\n";
        for encoding in [
            Encoding::Utf8 { mark: false },
            Encoding::Utf8 { mark: true },
            Encoding::Utf16Le,
            Encoding::Utf16Be,
        ] {
            let bytes = encoding.encode(text.to_owned());
            assert_eq!(Encoding::of(&bytes), encoding);
            assert_eq!(filled(&bytes, &[]), bytes);
            let title = Filling {
                target: Some("Title".into()),
                ..Filling::default()
            };
            let expected = encoding.encode(text.replace("عنوان", "Title"));
            assert_eq!(filled(&bytes, &[title]), expected);
        }
    }

    #[test]
    fn slots_know_their_line() {
        let bytes = "One. Two.\n\n\nThree.".as_bytes().to_vec();
        let file = open(bytes, "x", &OpenOptions::default(), &mut |_| {}).unwrap();
        let lines: Vec<_> = file.slots().iter().map(|slot| slot.line).collect();
        assert_eq!(lines, [1, 1, 4]);
    }
}
