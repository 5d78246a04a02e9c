//! The columns of a TSV or CSV file of terms.
//!
//! # How columns are found
//! 1. Named columns ([`TermColumns::parse`], such as `en,ar,status`) are taken as they are. A first line that repeats these
//!    names is a header.
//! 2. Else a first line is a header where one of its cells names Arabic terms and one English ones (`ar`, `en-US`, `English
//!    term`, `المصطلح العربي`). Cells with other known names count; the rest is skipped, with a remark.
//! 3. Else a first line that begins with `source` and `target` is a header that says nothing about languages.
//! 4. Without named languages the first two columns are the terms, told by script as for units.
//!
//! # What a cell holds
//! Several terms of one language stand in one cell with `|` between (`رئيس | مدير`), or in several columns of the language. A
//! status or a part of speech is that of all terms, or has as many parts as there are terms.

use std::fmt;
use std::str::FromStr;

use crate::lang::Lang;

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TermColumn {
    /// The identifier of the entry: `id`.
    Id,
    /// Terms of a language, by its tag: `ar`, `en`, `fr`.
    Terms(String),
    /// Whether to use the terms: `status`, or of one language `status_ar`.
    Status(Option<Lang>),
    /// `pos`, or of one language `pos_en`.
    PartOfSpeech(Option<Lang>),
    /// What the concept is: `definition`, or in one language `definition_ar`.
    Definition(Option<Lang>),
    /// What the concept belongs to: `domain`.
    Subject,
    /// A remark: `note`.
    Note,
    /// Where the entry is from: `source`.
    Source,
    /// A sentence with the term of a language: `context_en`.
    Context(Lang),
    /// Nothing that is read: `-`.
    Skipped,
}

impl TermColumn {
    /// The column of a name, in any case and with `_`, `-` or a space in it: `Part of speech`, `ar_status`, `definition EN`.
    fn from_name(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase().replace(['_', '.', ':'], " ");
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if matches!(name.as_str(), "-" | "") {
            return (name == "-").then_some(Self::Skipped);
        }
        Self::plain(&name)
            .or_else(|| language(&name).map(|lang| Self::Terms(lang.code().to_owned())))
            .or_else(|| Self::of_language(&name))
            .or_else(|| is_other_language(&name).then(|| Self::Terms(name.clone())))
    }

    fn plain(name: &str) -> Option<Self> {
        Some(match name {
            "id" | "entry id" | "concept id" | "key" => Self::Id,
            "status" | "term status" | "administrative status" | "الحالة" => {
                Self::Status(None)
            }
            "pos" | "part of speech" | "partofspeech" | "نوع الكلمة" => {
                Self::PartOfSpeech(None)
            }
            "definition" | "def" | "التعريف" | "تعريف" => Self::Definition(None),
            "domain" | "subject" | "subject field" | "subjectfield" | "field" | "المجال" => {
                Self::Subject
            }
            "note" | "notes" | "comment" | "comments" | "remark" | "ملاحظة" | "ملاحظات" => {
                Self::Note
            }
            "source" | "origin" | "reference" | "المصدر" => Self::Source,
            _ => return None,
        })
    }

    /// A name with a language before or behind it.
    fn of_language(name: &str) -> Option<Self> {
        let (first, behind) = name.split_once([' ', '-'])?;
        let (before, last) = name.rsplit_once([' ', '-'])?;
        let (lang, rest) = match (language(first), language(last)) {
            (Some(lang), _) => (lang, behind),
            (None, Some(lang)) => (lang, before),
            (None, None) => return None,
        };
        match rest {
            "term" | "terms" | "المصطلح" | "مصطلح" | "source" | "target" => {
                return Some(Self::Terms(lang.code().to_owned()));
            }
            "context" | "example" | "usage" | "مثال" => return Some(Self::Context(lang)),
            _ => {}
        }
        match Self::plain(rest)? {
            Self::Status(None) => Some(Self::Status(Some(lang))),
            Self::PartOfSpeech(None) => Some(Self::PartOfSpeech(Some(lang))),
            Self::Definition(None) => Some(Self::Definition(Some(lang))),
            _ => None,
        }
    }

    /// Whether there may be several of it.
    fn is_repeatable(&self) -> bool {
        matches!(
            self,
            Self::Terms(_) | Self::Note | Self::Subject | Self::Source | Self::Skipped
        )
    }
}

impl fmt::Display for TermColumn {
    /// The first of the names that are read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut named = |name: &str, lang: &Option<Lang>| match lang {
            Some(lang) => write!(f, "{name}_{lang}"),
            None => f.write_str(name),
        };
        match self {
            Self::Id => named("id", &None),
            Self::Terms(tag) => f.write_str(tag),
            Self::Status(lang) => named("status", lang),
            Self::PartOfSpeech(lang) => named("pos", lang),
            Self::Definition(lang) => named("definition", lang),
            Self::Subject => named("domain", &None),
            Self::Note => named("note", &None),
            Self::Source => named("source", &None),
            Self::Context(lang) => named("context", &Some(*lang)),
            Self::Skipped => named("-", &None),
        }
    }
}

/// The one of our languages that a word or a tag names.
fn language(name: &str) -> Option<Lang> {
    match name {
        "arabic" | "العربية" | "العربي" | "عربي" => Some(Lang::Arabic),
        "english" | "الإنجليزية" | "الانجليزية" | "الإنجليزي" | "الانجليزي" | "إنجليزي" => {
            Some(Lang::English)
        }
        tag => Lang::from_tag(tag),
    }
}

/// Whether a name is a tag such as `fr` or `zh-cn`.
fn is_other_language(name: &str) -> bool {
    let (primary, region) = name.split_once('-').unwrap_or((name, "xx"));
    let is = |part: &str, least: usize, most: usize| {
        (least..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic())
    };
    is(primary, 2, 2) && is(region, 2, 4)
}

/// The columns of a file from its first on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermColumns(Vec<TermColumn>);

impl Default for TermColumns {
    /// What is written where nothing else is asked for.
    fn default() -> Self {
        let of_both = |column: fn(Option<Lang>) -> TermColumn| {
            Lang::BOTH.map(|lang| column(Some(lang))).to_vec()
        };
        let terms = Lang::BOTH.map(|lang| TermColumn::Terms(lang.code().to_owned()));
        let mut columns = vec![TermColumn::Id];
        columns.extend(terms);
        columns.extend(of_both(TermColumn::Status));
        columns.extend(of_both(TermColumn::PartOfSpeech));
        columns.push(TermColumn::Subject);
        columns.push(TermColumn::Definition(None));
        columns.extend(of_both(TermColumn::Definition));
        columns.extend(Lang::BOTH.map(TermColumn::Context));
        columns.extend([TermColumn::Source, TermColumn::Note]);
        Self(columns)
    }
}

impl TermColumns {
    /// The terms alone, `first` first.
    pub(super) fn terms(first: Lang) -> Self {
        let column = |lang: Lang| TermColumn::Terms(lang.code().to_owned());
        Self(vec![column(first), column(first.other())])
    }

    /// Columns named with commas between, such as `en,ar,status,domain`.
    ///
    /// # Errors
    /// A name that is not known, a column that is named twice, no terms in Arabic or English.
    ///
    /// ```
    /// use dhakira::format::terms::TermColumns;
    /// assert!(TermColumns::parse("-,en,ar,status_ar,note,note").is_ok());
    /// assert!(TermColumns::parse("definition,domain").is_err());
    /// ```
    pub fn parse(names: &str) -> Result<Self, TermColumnsError> {
        let columns = names.split(',').map(|name| {
            TermColumn::from_name(name)
                .or_else(|| (name.trim() == "_").then_some(TermColumn::Skipped))
                .ok_or_else(|| TermColumnsError::Unknown {
                    name: name.trim().to_owned(),
                })
        });
        Self::new(columns.collect::<Result<_, _>>()?)
    }

    fn new(columns: Vec<TermColumn>) -> Result<Self, TermColumnsError> {
        for (i, column) in columns.iter().enumerate() {
            if !column.is_repeatable() && columns[..i].contains(column) {
                return Err(TermColumnsError::Repeated {
                    name: column.to_string(),
                });
            }
        }
        let columns = Self(columns);
        if Lang::BOTH.iter().all(|lang| !columns.has_terms(*lang)) {
            return Err(TermColumnsError::NoTerms);
        }
        Ok(columns)
    }

    fn has_terms(&self, lang: Lang) -> bool {
        let is_one = |column: &TermColumn| matches!(column, TermColumn::Terms(tag) if Lang::from_tag(tag) == Some(lang));
        self.0.iter().any(is_one)
    }

    /// The columns from the first on.
    pub fn as_slice(&self) -> &[TermColumn] {
        &self.0
    }

    /// Whether a row repeats the names of these columns.
    pub(super) fn are_named_by<'c>(&self, mut cells: impl Iterator<Item = &'c str>) -> bool {
        self.0.iter().all(|column| {
            cells.next().is_some_and(|cell| {
                *column == TermColumn::Skipped
                    || TermColumn::from_name(cell).as_ref() == Some(column)
            })
        })
    }

    /// The columns that a first line names, and the names that it has beside (rule 2 of the [module](self)).
    pub(super) fn of_header<'c>(
        cells: impl Iterator<Item = &'c str>,
    ) -> Option<(Self, Vec<&'c str>)> {
        let mut unknown = Vec::new();
        let columns = cells.map(|cell| {
            TermColumn::from_name(cell).unwrap_or_else(|| {
                if !cell.trim().is_empty() {
                    unknown.push(cell.trim());
                }
                TermColumn::Skipped
            })
        });
        let columns = Self::new(columns.collect()).ok()?;
        let has_both = Lang::BOTH.iter().all(|lang| columns.has_terms(*lang));
        has_both.then_some((columns, unknown))
    }
}

impl FromStr for TermColumns {
    type Err = TermColumnsError;

    fn from_str(names: &str) -> Result<Self, TermColumnsError> {
        Self::parse(names)
    }
}

/// Names that make no columns of terms.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermColumnsError {
    /// No column has that name.
    #[error(
        "`{name}` is no column of terms; known are ar, en, tags of other languages, id, status, pos, definition (each also \
         as status_ar, status_en and so on), context_ar, context_en, domain, source, note, and - for one to skip"
    )]
    Unknown {
        /// The name.
        name: String,
    },
    /// A column that can be there once only is named twice.
    #[error("the column {name} is named twice")]
    Repeated {
        /// Its name.
        name: String,
    },
    /// There are no terms in a language of ours.
    #[error("the columns have no terms in `ar` or `en`")]
    NoTerms,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_people_write() {
        let terms = |tag: &str| Some(TermColumn::Terms(tag.to_owned()));
        for (name, column) in [
            ("AR-eg", terms("ar")),
            ("English term", terms("en")),
            ("term_ar", terms("ar")),
            ("المصطلح العربي", terms("ar")),
            ("fr", terms("fr")),
            ("zh-CN", terms("zh-cn")),
            ("Part of Speech", Some(TermColumn::PartOfSpeech(None))),
            ("ar_status", Some(TermColumn::Status(Some(Lang::Arabic)))),
            ("Definition (EN)", None),
            (
                "definition en",
                Some(TermColumn::Definition(Some(Lang::English))),
            ),
            ("Domain", Some(TermColumn::Subject)),
            ("id", Some(TermColumn::Id)),
            ("customer", None),
            ("", None),
        ] {
            assert_eq!(TermColumn::from_name(name), column, "{name}");
        }
    }

    #[test]
    fn the_names_that_are_written_are_read() {
        let columns = TermColumns::default();
        let names: Vec<_> = columns.as_slice().iter().map(ToString::to_string).collect();
        assert_eq!(TermColumns::parse(&names.join(",")), Ok(columns.clone()));
        assert!(columns.are_named_by(names.iter().map(String::as_str)));
    }

    #[test]
    fn a_header_names_both_languages() {
        let header = |line: &'static str| TermColumns::of_header(line.split('|'));
        let (columns, unknown) = header("English|Arabic|customer").unwrap();
        assert_eq!(unknown, ["customer"]);
        assert_eq!(columns, TermColumns::parse("en,ar,-").unwrap());
        for line in [
            "الإنجليزية|English",
            "نعم|yes",
            "en|definition",
            "",
            "source|target",
        ] {
            assert_eq!(header(line), None, "{line}");
        }
    }
}
