//! Which formats there are, which commands read and write them, and within what limits: one table for `dhakira formats`,
//! the README and every message that lists them.

use super::UnitFormat;
use super::fill::{FileKind, Shape};
use super::terms::TermFormat;

/// A format as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatInfo {
    /// The name in options, such as `tmx`.
    pub name: &'static str,
    /// The name for people, with versions and kin.
    pub title: &'static str,
    /// The ends of file names, in lower case and without the dot.
    pub extensions: &'static [&'static str],
    /// Whether units are read from it.
    pub reads_units: bool,
    /// Whether units are written to it.
    pub writes_units: bool,
    /// The format of terms that it is.
    pub terms: Option<TermFormat>,
    /// Whether aligned documents are written to it.
    pub writes_aligned: bool,
    /// Whether it is running text, which can be aligned, and looked up as a whole.
    pub is_document: bool,
    /// Whether it can be filled with translations, and where they go.
    pub fill: Option<Shape>,
    /// What of it is not kept, or what it must be like, in a phrase.
    pub limits: &'static str,
}

impl FormatInfo {
    /// The commands that read it.
    pub fn read_by(&self) -> Vec<&'static str> {
        named([
            (self.is_document, "align"),
            (
                self.reads_units || self.terms == Some(TermFormat::Tbx),
                "import",
            ),
            (self.is_document, "lookup"),
            (self.fill.is_some(), "pretranslate"),
            (self.terms.is_some(), "term import"),
        ])
    }

    /// The commands that write it.
    pub fn written_by(&self) -> Vec<&'static str> {
        named([
            (self.writes_aligned, "align"),
            (self.writes_units, "export"),
            (self.fill.is_some(), "pretranslate"),
            (
                self.terms.is_some_and(TermFormat::is_written),
                "term export",
            ),
        ])
    }
}

fn named<const N: usize>(commands: [(bool, &'static str); N]) -> Vec<&'static str> {
    let named = commands.into_iter().filter(|(is_one, _)| *is_one);
    named.map(|(_, command)| command).collect()
}

/// All formats: those of units first.
pub fn all() -> Vec<FormatInfo> {
    let of_units = UnitFormat::ALL.into_iter().map(|format| FormatInfo {
        name: format.name(),
        title: format.title(),
        extensions: format.extensions(),
        reads_units: true,
        writes_units: format.is_written(),
        terms: TermFormat::from_name(format.name()),
        writes_aligned: matches!(
            format,
            UnitFormat::Tmx | UnitFormat::Tsv | UnitFormat::Jsonl
        ),
        is_document: false,
        fill: FileKind::from_name(format.name()).map(FileKind::shape),
        limits: format.limits(),
    });
    let moses = FormatInfo {
        name: "moses",
        title: "Moses",
        extensions: &["ar", "en"],
        reads_units: true,
        writes_units: true,
        terms: None,
        writes_aligned: false,
        is_document: false,
        fill: None,
        limits: "two files of equal length, one segment a line",
    };
    let tbx = FormatInfo {
        name: TermFormat::Tbx.name(),
        title: "TBX 2 and 3 (Core, Min, Basic)",
        extensions: TermFormat::Tbx.extensions(),
        reads_units: false,
        writes_units: false,
        terms: Some(TermFormat::Tbx),
        writes_aligned: false,
        is_document: false,
        fill: None,
        limits: "terms; written as version 3",
    };
    let only_filled = FileKind::ALL.into_iter().filter(|kind| {
        let name = kind.name();
        UnitFormat::ALL.iter().all(|format| format.name() != name)
    });
    let filled = only_filled.map(|kind| FormatInfo {
        name: kind.name(),
        title: kind.title(),
        extensions: kind.extensions(),
        reads_units: false,
        writes_units: false,
        terms: None,
        writes_aligned: kind == FileKind::Html,
        is_document: kind.is_document(),
        fill: Some(kind.shape()),
        limits: kind.limits(),
    });
    of_units.chain([moses, tbx]).chain(filled).collect()
}

/// The table of the README.
pub fn markdown() -> String {
    let mut table =
        "| format | names | read by | written by | limits |\n| --- | --- | --- | --- | --- |\n"
            .to_owned();
    for format in all() {
        let names: Vec<_> = format
            .extensions
            .iter()
            .map(|end| format!(".{end}"))
            .collect();
        table.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            format.title,
            names.join(" "),
            format.read_by().join(", "),
            format.written_by().join(", "),
            format.limits,
        ));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_says_what_there_is() {
        let readme = include_str!("../../README.md");
        let table = markdown();
        assert!(readme.contains(&table), "the table should be\n{table}");
    }

    #[test]
    fn a_format_is_named_once_and_good_for_something() {
        let formats = all();
        for (i, format) in formats.iter().enumerate() {
            assert!(formats[..i].iter().all(|other| other.name != format.name));
            assert!(!format.read_by().is_empty(), "{}", format.name);
            assert!(!format.title.contains('|') && !format.limits.contains('|'));
        }
    }
}
