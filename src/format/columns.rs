//! The columns of a TSV or CSV file: named by the user, by a header line, or told by the script of the first units.
//!
//! # How columns are found
//! 1. Named columns ([`Columns::parse`], such as `doc,index,ar,en`) are taken as they are. A first line that repeats
//!    these very names is a header.
//! 2. Else a first line is a header where exactly one of its cells names Arabic and exactly one names English (`ar`,
//!    `en-US`, `Arabic`, `English`, `العربية`, `الإنجليزية`); cells with other known names count, the rest is skipped. No
//!    translation looks like that: the two words name different languages.
//! 3. Else a first line whose first two cells are `source` and `target` (or `src`, `tgt`, `trg`), in either order, is a
//!    header that says nothing about languages.
//! 4. Without named languages the first two columns are the segments. Of the first [`SCRIPT_ROWS`] rows each
//!    votes that has Arabic script in one of the two cells ([`Lang::of_text`]): the majority tells which column is Arabic.
//!    A draw, such as no Arabic at all, is
//!    [`FormatError::UnclearLanguages`](super::FormatError::UnclearLanguages).

use std::str::FromStr;

use crate::lang::Lang;
use crate::score::Confidence;
use crate::unit::{Origin, UnitState, UnixSeconds};

/// How many rows vote on the languages of unnamed columns.
pub const SCRIPT_ROWS: usize = 100;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// The segment of a language: `ar`, `en`.
    Segment(Lang),
    /// The document's name: `doc` or `document`.
    Document,
    /// The place in the document, a whole number from 0: `index` or `position`.
    Position,
    /// Who made the translation: `author`.
    Author,
    /// When it was made, as `YYYY-MM-DDThh:mm:ssZ` or `YYYYMMDDThhmmssZ`: `created`.
    Created,
    /// When it was last changed, in the same form: `changed`.
    Changed,
    /// `initial`, `translated`, `reviewed` or `final`: `state`.
    State,
    /// The aligner's confidence, a decimal number from 0 to 1: `confidence`.
    Confidence,
    /// A remark for people: `note`. May occur more than once.
    Note,
    /// Nothing that is read: `-` or `_`. Written empty.
    Skipped,
}

impl Column {
    /// The name in messages, and the first of those that are read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Segment(lang) => lang.code(),
            Self::Document => "doc",
            Self::Position => "index",
            Self::Author => "author",
            Self::Created => "created",
            Self::Changed => "changed",
            Self::State => "state",
            Self::Confidence => "confidence",
            Self::Note => "note",
            Self::Skipped => "-",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        Some(match name.as_str() {
            "doc" | "document" => Self::Document,
            "index" | "position" => Self::Position,
            "author" => Self::Author,
            "created" => Self::Created,
            "changed" => Self::Changed,
            "state" => Self::State,
            "confidence" => Self::Confidence,
            "note" => Self::Note,
            "-" | "_" => Self::Skipped,
            "arabic" | "العربية" => Self::Segment(Lang::Arabic),
            "english" | "الإنجليزية" | "الانجليزية" => {
                Self::Segment(Lang::English)
            }
            tag => Self::Segment(Lang::from_tag(tag)?),
        })
    }

    /// Puts a cell into `origin`; segments and skipped columns leave it alone, and so does a blank cell.
    ///
    /// # Errors
    /// What is wrong with the cell.
    pub(super) fn read(self, cell: &str, origin: &mut Origin) -> Result<(), String> {
        let value = cell.trim();
        if value.is_empty() {
            return Ok(());
        }
        match self {
            Self::Segment(_) | Self::Skipped => {}
            Self::Document => origin.document = Some(value.to_owned()),
            Self::Author => origin.author = Some(value.to_owned()),
            Self::Note => origin.notes.push(value.to_owned()),
            Self::Position => origin.position = Some(parse_position(value)?),
            Self::Created => origin.created = Some(parse_time(value)?),
            Self::Changed => origin.changed = Some(parse_time(value)?),
            Self::State => origin.state = parse_state(value)?,
            Self::Confidence => origin.confidence = Some(parse_confidence(value)?),
        }
        Ok(())
    }
}

pub(super) fn parse_position(value: &str) -> Result<u32, String> {
    let digits = value.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| value.parse().ok()).flatten().ok_or_else(|| {
        format!(
            "the index `{value}` is no whole number from 0 to {}",
            u32::MAX
        )
    })
}

pub(super) fn parse_time(value: &str) -> Result<UnixSeconds, String> {
    UnixSeconds::parse(value)
        .ok_or_else(|| format!("`{value}` is no time such as 2024-03-01T12:00:00Z"))
}

pub(super) fn parse_state(value: &str) -> Result<UnitState, String> {
    UnitState::from_name(value).ok_or_else(|| {
        let names = UnitState::ALL.map(UnitState::name).join(", ");
        format!("the state `{value}` is none of {names}")
    })
}

pub(super) fn parse_confidence(value: &str) -> Result<Confidence, String> {
    value
        .parse()
        .ok()
        .filter(|p| (0.0..=1.0).contains(p))
        .map(Confidence::from_probability)
        .ok_or_else(|| format!("the confidence `{value}` is no number from 0 to 1"))
}

/// The columns of a file from its first on; what stands behind them in a row is not looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns(Vec<Column>);

impl Columns {
    /// Only the two segments, Arabic first: what a TSV file has without further ado.
    pub fn bitext() -> Self {
        Self::segments(Lang::Arabic)
    }

    /// The two segments, `first` first.
    pub(super) fn segments(first: Lang) -> Self {
        Self(vec![Column::Segment(first), Column::Segment(first.other())])
    }

    /// Columns named with commas between, such as `doc,index,ar,en`.
    ///
    /// # Errors
    /// A name that is not known, a side that is missing, a column that is named twice.
    ///
    /// ```
    /// use dhakira::format::Columns;
    /// assert!(Columns::parse("-,en,ar,note,note").is_ok());
    /// assert!(Columns::parse("doc,ar").is_err());
    /// ```
    pub fn parse(names: &str) -> Result<Self, ColumnsError> {
        let columns = names.split(',').map(|name| {
            Column::from_name(name).ok_or_else(|| ColumnsError::Unknown {
                name: name.trim().to_owned(),
            })
        });
        Self::new(columns.collect::<Result<_, _>>()?)
    }

    fn new(columns: Vec<Column>) -> Result<Self, ColumnsError> {
        for (i, column) in columns.iter().enumerate() {
            let repeatable = matches!(column, Column::Note | Column::Skipped);
            if !repeatable && columns[..i].contains(column) {
                return Err(ColumnsError::Repeated {
                    name: column.name(),
                });
            }
        }
        for lang in Lang::BOTH {
            if !columns.contains(&Column::Segment(lang)) {
                return Err(ColumnsError::MissingSide { lang });
            }
        }
        Ok(Self(columns))
    }

    /// The columns from the first on.
    pub fn as_slice(&self) -> &[Column] {
        &self.0
    }

    /// How many cells a row must have: up to the last column that is not skipped.
    pub(super) fn needed(&self) -> usize {
        let last = self.0.iter().rposition(|c| *c != Column::Skipped);
        last.map_or(0, |last| last + 1)
    }

    /// Whether a row repeats the names of these columns.
    pub(super) fn are_named_by<'c>(&self, mut cells: impl Iterator<Item = &'c str>) -> bool {
        self.0.iter().all(|column| {
            cells.next().is_some_and(|cell| {
                *column == Column::Skipped || Column::from_name(cell) == Some(*column)
            })
        })
    }
}

impl FromStr for Columns {
    type Err = ColumnsError;

    fn from_str(names: &str) -> Result<Self, ColumnsError> {
        Self::parse(names)
    }
}

/// Names that make no columns.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsError {
    /// No column has that name.
    #[error(
        "`{name}` is no column; known are ar, en, doc, index, author, created, changed, state, confidence, note, and - \
         for one to skip"
    )]
    Unknown {
        /// The name.
        name: String,
    },
    /// A column that can be there once only is named twice.
    #[error("the column {name} is named twice")]
    Repeated {
        /// Its name.
        name: &'static str,
    },
    /// A unit needs both segments.
    #[error("the columns lack the segments in `{lang}`")]
    MissingSide {
        /// The language without a column.
        lang: Lang,
    },
}

/// What a first line says about the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// It names them.
    Columns(Columns),
    /// It is a header, but names no languages.
    SourceTarget,
    /// It is a unit.
    None,
}

impl Header {
    /// Rules 2 and 3 of the [module](self).
    pub(super) fn of<'c>(cells: impl Iterator<Item = &'c str>) -> Self {
        let cells: Vec<&str> = cells.map(str::trim).collect();
        let columns = cells
            .iter()
            .map(|cell| Column::from_name(cell).unwrap_or(Column::Skipped))
            .collect();
        if let Ok(columns) = Columns::new(columns) {
            return Self::Columns(columns);
        }
        let is =
            |cell: &str, names: &[&str]| names.iter().any(|name| cell.eq_ignore_ascii_case(name));
        let source = |cell: &str| is(cell, &["source", "src"]);
        let target = |cell: &str| is(cell, &["target", "tgt", "trg"]);
        match cells[..] {
            [a, b, ..] if source(a) && target(b) || target(a) && source(b) => Self::SourceTarget,
            _ => Self::None,
        }
    }
}

/// Rule 4 of the [module](self): the language of the first of two columns, `None` on a draw.
pub(super) fn first_language<'c>(rows: impl Iterator<Item = (&'c str, &'c str)>) -> Option<Lang> {
    let is_arabic = |cell: &str| Lang::of_text(cell) == Some(Lang::Arabic);
    let (mut first_is, mut second_is) = (0, 0);
    for (first, second) in rows {
        match (is_arabic(first), is_arabic(second)) {
            (true, false) => first_is += 1,
            (false, true) => second_is += 1,
            _ => {}
        }
    }
    match first_is.cmp(&second_is) {
        std::cmp::Ordering::Greater => Some(Lang::Arabic),
        std::cmp::Ordering::Less => Some(Lang::English),
        std::cmp::Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_need_both_sides_once() {
        let columns = Columns::parse("doc, position,AR,en,-,_").unwrap();
        assert_eq!(columns.needed(), 4);
        assert_eq!(
            columns.as_slice()[2..4],
            [
                Column::Segment(Lang::Arabic),
                Column::Segment(Lang::English)
            ]
        );
        for (names, message) in [
            ("ar,ar,en", "the column ar is named twice"),
            ("ar,note", "the columns lack the segments in `en`"),
        ] {
            assert_eq!(Columns::parse(names).unwrap_err().to_string(), message);
        }
        assert!(matches!(
            Columns::parse("ar,en,fr"),
            Err(ColumnsError::Unknown { .. })
        ));
        assert!(Columns::parse("").is_err());
    }

    #[test]
    fn a_header_names_one_language_each() {
        let header = |line: &str| Header::of(line.split('|'));
        assert_eq!(
            header("id|English|Arabic"),
            Header::Columns(Columns::parse("-,en,ar").unwrap())
        );
        assert_eq!(
            header("ar-EG|en_GB|note"),
            Header::Columns(Columns::parse("ar,en,note").unwrap())
        );
        assert_eq!(header("Source|Target"), Header::SourceTarget);
        for unit in [
            "العربية|Arabic",
            "English|الإنجليزية",
            "نعم|yes",
            "en|ar|ar",
            "",
            "ar",
        ] {
            assert_eq!(header(unit), Header::None, "{unit}");
        }
    }

    #[test]
    fn the_majority_of_rows_tells_the_languages() {
        let told = |rows: &[(&'static str, &'static str)]| first_language(rows.iter().copied());
        let mixed = [("Yes", "نعم"), ("GNU", "GNU"), ("12", "12"), ("No", "لا")];
        assert_eq!(told(&mixed), Some(Lang::English));
        assert_eq!(told(&[("نعم", "oui")]), Some(Lang::Arabic));
        assert_eq!(told(&[("yes", "oui")]), None);
        assert_eq!(told(&[("news", "0"), ("news", "1")]), None);
        assert_eq!(told(&[]), None);
    }

    #[test]
    fn cells_say_what_is_wrong_with_them() {
        let mut origin = Origin::default();
        for (column, cell) in [
            (Column::Position, "-1"),
            (Column::Position, "4294967296"),
            (Column::Position, "٣"),
            (Column::Confidence, "NaN"),
            (Column::Confidence, "1.5"),
            (Column::State, "done"),
            (Column::Created, "yesterday"),
        ] {
            assert!(column.read(cell, &mut origin).is_err(), "{cell}");
        }
        assert_eq!(origin, Origin::default());
        Column::Confidence.read("0.875", &mut origin).unwrap();
        Column::Position.read(" 7 ", &mut origin).unwrap();
        assert_eq!(origin.confidence.unwrap().thousandths(), 875);
        assert_eq!(origin.position, Some(7));
    }
}
