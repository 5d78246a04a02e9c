//! Terms: concepts with what they are called in each language, and finding them in running text.
//!
//! A glossary is a list of [`TermEntry`]s, each a concept with a section for each language and the terms in it (the model
//! of TBX, ISO 30042). Text → [`Words`] → [`Words::keys`] → the terms that may be in it → [`recognise`] → [`Found`].
//! No I/O here: who asks fetches the candidates by their keys.
//!
//! What a file says beside the terms (definitions, notes, who changed what) is kept as [`Fact`]s, whose categories and
//! values are those of the file. What we understand of them has a method, such as [`Term::status`]; the rest goes back as
//! it came.
//!
//! Invariants: each term that is stored is found in every text that has it between spaces; of terms that overlap the
//! longest is told; text is compared folded, so that spelling doesn't count. Cost: linear in the text, and in the
//! candidates times their length.

mod key;
mod recognition;
mod word;

pub use key::{KEY_VERSION, TermKey, keys_of_term};
pub use recognition::{Found, Words, recognise};
pub use word::Closeness;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lang::Lang;
use crate::text::token::is_invisible;

/// The number of an entry in its memory; never used again once the entry is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct TermEntryId(pub i64);

impl fmt::Display for TermEntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A concept and what it is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermEntry {
    /// What its file calls it, such as `c42`; references of other entries name it so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What is said of the concept: subject fields, definitions, notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// A section for each language, of any language.
    pub languages: Vec<LanguageSection>,
}

/// What a concept is called in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageSection {
    /// The language as its file has it, such as `ar-EG`.
    pub tag: String,
    /// What is said of all its terms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// The terms; at least one.
    pub terms: Vec<Term>,
}

/// A term.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The term as written, on one line; never blank.
    pub text: String,
    /// What references name it by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What is said of it: status, part of speech, context.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
}

/// A data category with its value (ISO 12620).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is about.
    pub kind: FactKind,
    /// The category, such as `definition`; empty for notes and dates, which are their own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub category: String,
    /// The value, on one line.
    pub value: String,
    /// What it has beside, as name and value: `target`, `xml:lang`, `id`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<(String, String)>,
    /// What is said of it: the source of a definition, the date of a change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Self>,
}

/// What a fact is about; the elements of TBX.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactKind {
    /// The concept, or how a term is used: `descrip`.
    Description,
    /// Remarks to a description: `descripNote`.
    DescriptionNote,
    /// Management, such as a project or a source: `admin`.
    Administration,
    /// Remarks to what is managed: `adminNote`.
    AdministrationNote,
    /// The term as a word: `termNote`.
    TermNote,
    /// What happened to it: `transac`.
    Transaction,
    /// Who did it: `transacNote`.
    TransactionNote,
    /// When: `date`.
    Date,
    /// A remark for people: `note`.
    #[default]
    Note,
    /// Another entry of the file: `ref`.
    Reference,
    /// Something outside of it: `xref`.
    ExternalReference,
}

impl Fact {
    /// A fact without more to it.
    pub fn new(kind: FactKind, category: &str, value: impl Into<String>) -> Self {
        Self {
            kind,
            category: category.to_owned(),
            value: value.into(),
            ..Self::default()
        }
    }
}

/// The names of the categories that are understood, as TBX-Basic has them.
pub mod category {
    /// What a concept belongs to.
    pub const SUBJECT_FIELD: &str = "subjectField";
    /// What a concept is.
    pub const DEFINITION: &str = "definition";
    /// A sentence with a term in it.
    pub const CONTEXT: &str = "context";
    /// Whether to use a term.
    pub const STATUS: &str = "administrativeStatus";
    /// The same, in a standard or by an authority.
    pub const AUTHORIZATION: &str = "normativeAuthorization";
    /// Noun, verb and so on.
    pub const PART_OF_SPEECH: &str = "partOfSpeech";
    /// Where something was taken from.
    pub const SOURCE: &str = "source";
}

/// Whether to use a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TermStatus {
    /// Use this one.
    Preferred,
    /// This one may be used.
    Admitted,
    /// This one was used before.
    Superseded,
    /// Don't use this one.
    Deprecated,
}

impl TermStatus {
    /// All of them, from the best to the worst.
    pub const ALL: [Self; 4] = [
        Self::Preferred,
        Self::Admitted,
        Self::Superseded,
        Self::Deprecated,
    ];

    /// The name in files of columns and output, such as `preferred`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Preferred => "preferred",
            Self::Admitted => "admitted",
            Self::Superseded => "superseded",
            Self::Deprecated => "deprecated",
        }
    }

    /// The value in TBX, such as `preferredTerm-admn-sts`.
    pub fn to_tbx(self) -> String {
        format!("{}Term-admn-sts", self.name())
    }

    /// The status that a word of ours, of TBX, TBX-Min or of a spreadsheet stands for, in any case: `preferred`,
    /// `preferredTerm-admn-sts`, `notRecommended`, `Do not use`, `ممنوع`.
    pub fn from_name(name: &str) -> Option<Self> {
        let folded = crate::text::fold::fold(name);
        let plain: String = folded.chars().filter(|c| c.is_alphabetic()).collect();
        let plain = plain.strip_suffix("admnsts").unwrap_or(&plain);
        Some(match plain.strip_suffix("term").unwrap_or(plain) {
            "preferred" | "approved" | "standardized" | "legal" | "regulated" | "مفضل"
            | "معتمد" => Self::Preferred,
            "admitted" | "allowed" | "accepted" | "acceptable" | "permitted" | "مقبول" => {
                Self::Admitted
            }
            "superseded" | "obsolete" | "مهجور" | "قديم" => Self::Superseded,
            "deprecated" | "forbidden" | "prohibited" | "notrecommended" | "donotuse"
            | "dontuse" | "rejected" | "nonpermitted" | "ممنوع" | "محظور" | "مرفوض" => {
                Self::Deprecated
            }
            _ => return None,
        })
    }

    /// Whether the term is not to be used.
    pub fn is_forbidden(self) -> bool {
        self >= Self::Superseded
    }
}

impl TermEntry {
    /// The terms of a language, with their sections.
    pub fn terms(&self, lang: Lang) -> impl Iterator<Item = (&LanguageSection, &Term)> {
        let sections = self
            .languages
            .iter()
            .filter(move |s| s.lang() == Some(lang));
        sections.flat_map(|section| section.terms.iter().map(move |term| (section, term)))
    }

    /// Whether it has a term in that language.
    pub fn has(&self, lang: Lang) -> bool {
        self.terms(lang).next().is_some()
    }

    /// What the concept belongs to.
    pub fn subjects(&self) -> impl Iterator<Item = &str> {
        values(&self.facts, category::SUBJECT_FIELD)
    }

    /// What the concept is: its definition, else that of the section of `lang`, else that of any.
    pub fn definition(&self, lang: Lang) -> Option<&str> {
        let of_section = |section: &'_ LanguageSection| section.lang() == Some(lang);
        let sections = || self.languages.iter();
        let (own, others) = (
            sections().filter(|s| of_section(s)),
            sections().filter(|s| !of_section(s)),
        );
        let mut levels =
            std::iter::once(&self.facts).chain(own.chain(others).flat_map(|section| {
                let of_terms = section.terms.iter().map(|term| &term.facts);
                std::iter::once(&section.facts).chain(of_terms)
            }));
        levels.find_map(|facts| values(facts, category::DEFINITION).next())
    }

    /// The remarks about the concept.
    pub fn notes(&self) -> impl Iterator<Item = &str> {
        let notes = self.facts.iter().filter(|fact| fact.kind == FactKind::Note);
        notes.map(|fact| fact.value.as_str())
    }
}

impl LanguageSection {
    /// The language, where it is one of ours.
    pub fn lang(&self) -> Option<Lang> {
        Lang::from_tag(&self.tag)
    }
}

impl Term {
    /// Whether to use it; `None` where nothing is said about it that we understand.
    pub fn status(&self) -> Option<TermStatus> {
        let stated = [category::STATUS, category::AUTHORIZATION];
        let mut statuses = stated
            .into_iter()
            .flat_map(|name| values(&self.facts, name));
        statuses.find_map(TermStatus::from_name)
    }

    /// Whether it is not to be used.
    pub fn is_forbidden(&self) -> bool {
        self.status().is_some_and(TermStatus::is_forbidden)
    }

    /// Its part of speech as written.
    pub fn part_of_speech(&self) -> Option<&str> {
        values(&self.facts, category::PART_OF_SPEECH).next()
    }
}

/// Whether nothing is to be seen of a text, so that it is no term.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// The values of a category.
pub fn values<'f>(facts: &'f [Fact], category: &'f str) -> impl Iterator<Item = &'f str> {
    let found = facts.iter().filter(move |fact| fact.category == category);
    found.map(|fact| fact.value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(text: &str, status: &str) -> Term {
        Term {
            text: text.to_owned(),
            facts: vec![Fact::new(FactKind::TermNote, category::STATUS, status)],
            ..Term::default()
        }
    }

    #[test]
    fn a_status_is_understood_in_every_spelling() {
        for (name, status) in [
            ("preferredTerm-admn-sts", TermStatus::Preferred),
            ("Preferred", TermStatus::Preferred),
            ("مفضَّل", TermStatus::Preferred),
            ("admittedTerm", TermStatus::Admitted),
            ("obsolete", TermStatus::Superseded),
            ("notRecommended", TermStatus::Deprecated),
            ("Do not use!", TermStatus::Deprecated),
            ("forbidden", TermStatus::Deprecated),
        ] {
            assert_eq!(TermStatus::from_name(name), Some(status), "{name}");
        }
        for status in TermStatus::ALL {
            assert_eq!(TermStatus::from_name(status.name()), Some(status));
            assert_eq!(TermStatus::from_name(&status.to_tbx()), Some(status));
        }
        assert_eq!(TermStatus::from_name("new"), None);
        assert!(term("x", "forbidden").is_forbidden() && !term("x", "new").is_forbidden());
    }

    #[test]
    fn a_definition_is_looked_for_from_the_concept_down() {
        let section = |tag: &str, definition: &str| LanguageSection {
            tag: tag.to_owned(),
            facts: vec![Fact::new(
                FactKind::Description,
                category::DEFINITION,
                definition,
            )],
            terms: vec![term("x", "")],
        };
        let mut entry = TermEntry {
            languages: vec![section("en-GB", "a place"), section("AR", "مكان")],
            ..TermEntry::default()
        };
        assert_eq!(entry.definition(Lang::Arabic), Some("مكان"));
        entry.languages.pop();
        assert_eq!(entry.definition(Lang::Arabic), Some("a place"));
        assert!(entry.has(Lang::English) && !entry.has(Lang::Arabic));
    }
}
