//! What every format of terms must do.

use std::ops::ControlFlow;

use proptest::prelude::*;

use super::input;
use dhakira::diagnostic::Diagnostic;
use dhakira::format::terms::{
    TermColumns, TermFormat, TermReadOptions, TermWriteOptions, read_terms, term_writer,
};
use dhakira::format::{FormatError, Output, Record, WriteCounts};
use dhakira::term::{Fact, FactKind, LanguageSection, Term, TermEntry, category, is_blank};

/// All that a reader gave, in its order by kind.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) entries: Vec<TermEntry>,
    pub(super) rejected: Vec<(Diagnostic, String)>,
    pub(super) remarks: Vec<Diagnostic>,
}

impl Read {
    /// The rejections as `line:column: message`.
    pub(super) fn reasons(&self) -> Vec<String> {
        self.rejected.iter().map(|(d, _)| d.to_string()).collect()
    }

    /// The remarks as messages.
    pub(super) fn remarks(&self) -> Vec<&str> {
        self.remarks.iter().map(|d| d.message.as_str()).collect()
    }

    /// The terms of each entry, as `tag:term`.
    pub(super) fn terms(&self) -> Vec<Vec<String>> {
        let of_section = |section: &LanguageSection| {
            let tag = section.tag.clone();
            let terms = section
                .terms
                .iter()
                .map(move |t| format!("{tag}:{}", t.text));
            terms.collect::<Vec<_>>()
        };
        let terms = |entry: &TermEntry| entry.languages.iter().flat_map(of_section).collect();
        self.entries.iter().map(terms).collect()
    }
}

pub(super) fn read_with(
    format: TermFormat,
    columns: Option<&str>,
    bytes: impl Into<Vec<u8>>,
) -> Result<Read, FormatError> {
    let options = TermReadOptions {
        format: Some(format),
        columns: columns.map(|names| TermColumns::parse(names).unwrap()),
    };
    let mut read = Read::default();
    read_terms(input(bytes)?, &options, &mut |record| {
        match record {
            Record::Unit(entry) => read.entries.push(entry),
            Record::Rejected { diagnostic, raw } => read.rejected.push((diagnostic, raw)),
            Record::Remark(diagnostic) => read.remarks.push(diagnostic),
        }
        ControlFlow::Continue(())
    })?;
    Ok(read)
}

pub(super) fn read(format: TermFormat, bytes: impl Into<Vec<u8>>) -> Read {
    read_with(format, None, bytes).unwrap()
}

pub(super) fn write(format: TermFormat, entries: &[TermEntry]) -> (String, WriteCounts) {
    let mut bytes = Vec::new();
    let output = Output::from_writer("output", &mut bytes);
    let options = TermWriteOptions::of(format, entries).unwrap();
    let mut writer = term_writer(output, options).unwrap();
    for entry in entries {
        writer.write(entry).unwrap();
    }
    let counts = writer.finish().unwrap();
    (String::from_utf8(bytes).unwrap(), counts)
}

fn text() -> impl Strategy<Value = String> {
    let piece = "[ء-ي]{1,6}|[ً-ْ]|ـ|ﻛﺘﺎب|[a-zA-Z]{1,6}|[0-9٠-٩]{1,3}|\u{200F}|😀|[&<>\"',;#\\\\=()]|]]>|<!--|</term>|&amp;| ";
    proptest::collection::vec(proptest::string::string_regex(piece).unwrap(), 1..8)
        .prop_map(|pieces| pieces.concat())
        .prop_map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
        .prop_filter("a term is not blank", |text| !is_blank(text))
}

/// An entry of what all formats have room for.
fn plain_entry() -> impl Strategy<Value = TermEntry> {
    let section = |tag: &'static str| {
        let status = proptest::option::of(proptest::sample::select(
            &["preferredTerm-admn-sts", "deprecatedTerm-admn-sts"][..],
        ));
        let pos = proptest::sample::select(&["noun", "properNoun", "حرف جر"][..]);
        let term = (text(), status, proptest::option::of(pos));
        let terms = proptest::collection::vec(term, 1..3);
        terms.prop_map(move |terms| {
            let term = |(text, status, pos): (String, Option<&str>, Option<&str>)| Term {
                text,
                id: None,
                facts: status
                    .map(|s| Fact::new(FactKind::TermNote, category::STATUS, s))
                    .into_iter()
                    .chain(pos.map(|p| Fact::new(FactKind::TermNote, category::PART_OF_SPEECH, p)))
                    .collect(),
            };
            LanguageSection {
                tag: tag.to_owned(),
                facts: Vec::new(),
                terms: terms.into_iter().map(term).collect(),
            }
        })
    };
    (
        proptest::option::of(text()),
        section("ar"),
        section("en"),
        proptest::option::of(text()),
        proptest::option::of(text()),
    )
        .prop_map(|(id, ar, en, subject, definition)| TermEntry {
            id,
            facts: subject
                .map(|s| Fact::new(FactKind::Description, category::SUBJECT_FIELD, s))
                .into_iter()
                .chain(
                    definition.map(|d| Fact::new(FactKind::Description, category::DEFINITION, d)),
                )
                .collect(),
            languages: vec![ar, en],
        })
}

/// What means something to one reader or another.
const SOUP: [&str; 30] = [
    "\t",
    "\n",
    "\r\n",
    ",",
    "\"",
    "|",
    "ar",
    "en",
    "status",
    "source",
    "target",
    "نعم",
    "yes",
    " ",
    "\0",
    "<",
    ">",
    "&",
    "&#1;",
    "<!--",
    "<![CDATA[",
    "<termEntry>",
    "</termEntry>",
    "<langSet xml:lang='ar'>",
    "</langSet>",
    "<tig>",
    "</tig>",
    "<term>",
    "</term>",
    "<descripGrp><hi>",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_written_is_read_again(
        entries in proptest::collection::vec(plain_entry(), 0..5),
        format in proptest::sample::select(&[TermFormat::Tbx, TermFormat::Tsv, TermFormat::Csv][..]),
    ) {
        let (text, counts) = write(format, &entries);
        prop_assert_eq!((counts.units, counts.altered), (entries.len() as u64, 0));
        let again = read(format, text.as_str());
        prop_assert_eq!(again.reasons(), Vec::<String>::new());
        prop_assert_eq!(again.entries, entries, "{}", text);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        format in proptest::sample::select(&TermFormat::ALL[..]),
    ) {
        let _ = read_with(format, None, bytes.clone());
        let _ = read_with(format, Some("ar,en,status,-,note"), bytes);
    }

    #[test]
    fn no_soup_makes_a_reader_panic(pieces in proptest::collection::vec(0..SOUP.len(), 0..40)) {
        let soup: String = pieces.into_iter().map(|piece| SOUP[piece]).collect();
        for format in TermFormat::ALL {
            let _ = read_with(format, None, soup.as_str());
            let _ = read_with(format, Some("ar,en,status,definition_ar"), soup.as_str());
        }
        let tbx = read(TermFormat::Tbx, format!("<martif><text><body>{soup}"));
        for entry in tbx.entries {
            prop_assert!(entry.languages.iter().all(|s| !s.terms.is_empty()));
        }
    }
}

#[test]
fn a_header_names_the_columns() {
    let text = "English\tArabic\tStatus\tDomain\tcustomer\n\
                hospital | infirmary\tمستشفى\tpreferred | obsolete\thealth\tx\n\
                bank\tبنك\t\t\t\n";
    let read = read(TermFormat::Tsv, text);
    assert_eq!(
        read.remarks(),
        [
            "taken as a header that names the columns, not as a unit",
            "columns that are not known are left out: customer"
        ]
    );
    assert_eq!(
        read.terms(),
        [
            vec!["en:hospital", "en:infirmary", "ar:مستشفى"],
            vec!["en:bank", "ar:بنك"]
        ]
    );
    let entry = &read.entries[0];
    assert_eq!(entry.subjects().collect::<Vec<_>>(), ["health"]);
    assert!(!entry.languages[0].terms[0].is_forbidden());
    assert!(entry.languages[0].terms[1].is_forbidden());
}

#[test]
fn two_columns_need_no_header() {
    let read = read(TermFormat::Csv, "hospital,مستشفى,rest\n\"bank, the\",بنك\n");
    assert_eq!(
        read.terms(),
        [
            vec!["en:hospital", "ar:مستشفى"],
            vec!["en:bank, the", "ar:بنك"]
        ]
    );
    assert_eq!(read.remarks().len(), 1, "{:?}", read.remarks());
    let unclear = read_with(TermFormat::Csv, None, "a,b\nc,d\n");
    assert!(matches!(unclear, Err(FormatError::UnclearLanguages { .. })));
    let source = self::read(TermFormat::Tsv, "source\ttarget\nمستشفى\thospital\n");
    assert_eq!(source.terms(), [vec!["ar:مستشفى", "en:hospital"]]);
}

#[test]
fn rows_that_hold_no_term_are_rejected_with_their_place() {
    let read = read(
        TermFormat::Tsv,
        "ar\ten\tstatus\n \t\u{200F}\tpreferred\nبنك\tbank\tnew\nx\u{1}\tbank\nبنك\t\n",
    );
    assert_eq!(
        read.reasons(),
        [
            "2:1: the row has no term",
            "4:2: the control character U+0001"
        ]
    );
    assert_eq!(read.terms(), [vec!["ar:بنك", "en:bank"], vec!["ar:بنك"]]);
    let remarks = read.remarks();
    assert!(
        remarks[1].starts_with("the status `new` is none of"),
        "{remarks:?}"
    );
}
