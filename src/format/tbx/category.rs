//! What elements and categories of TBX mean, and where they may stand.

use crate::term::{Fact, FactKind, Term, TermStatus, category};

/// What a fact is said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Concept,
    Language,
    Term,
}

/// The kind of a `dca` element, of the form `descrip`.
pub(super) fn kind_of_element(name: &str) -> Option<FactKind> {
    Some(match name {
        "descrip" => FactKind::Description,
        "descripNote" => FactKind::DescriptionNote,
        "admin" => FactKind::Administration,
        "adminNote" => FactKind::AdministrationNote,
        "termNote" => FactKind::TermNote,
        "transac" => FactKind::Transaction,
        "transacNote" => FactKind::TransactionNote,
        "date" => FactKind::Date,
        "note" => FactKind::Note,
        "ref" => FactKind::Reference,
        "xref" => FactKind::ExternalReference,
        _ => return None,
    })
}

/// The name of a kind's element.
pub(super) fn element_of_kind(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Description => "descrip",
        FactKind::DescriptionNote => "descripNote",
        FactKind::Administration => "admin",
        FactKind::AdministrationNote => "adminNote",
        FactKind::TermNote => "termNote",
        FactKind::Transaction => "transac",
        FactKind::TransactionNote => "transacNote",
        FactKind::Date => "date",
        FactKind::Note => "note",
        FactKind::Reference => "ref",
        FactKind::ExternalReference => "xref",
    }
}

/// The kind and category of an element of the style `dct`, or of TBX-Min of 2013.
pub(super) fn of_category_element(name: &str) -> Option<(FactKind, &str)> {
    use FactKind as K;
    Some(match name {
        "subjectField" | "context" | "definition" => (K::Description, name),
        "customerSubset" | "projectSubset" | "source" => (K::Administration, name),
        "customer" => (K::Administration, "customerSubset"),
        "administrativeStatus"
        | "partOfSpeech"
        | "geographicalUsage"
        | "grammaticalGender"
        | "grammaticalNumber"
        | "termLocation"
        | "termType"
        | "register" => (K::TermNote, name),
        "termStatus" => (K::TermNote, category::STATUS),
        "transactionType" => (K::Transaction, name),
        "responsibility" => (K::TransactionNote, name),
        "crossReference" => (K::Reference, name),
        "externalCrossReference" | "xGraphic" => (K::ExternalReference, name),
        _ => return None,
    })
}

/// Whether a fact of the kind `detail` may be said of one of the kind `of`.
pub(super) fn may_detail(detail: FactKind, of: FactKind) -> bool {
    use FactKind as K;
    let is_linked = matches!(detail, K::Note | K::Reference | K::ExternalReference);
    match of {
        K::Description => {
            is_linked
                || matches!(
                    detail,
                    K::Administration | K::DescriptionNote | K::Transaction
                )
        }
        K::Administration => is_linked || detail == K::AdministrationNote,
        K::TermNote => is_linked || matches!(detail, K::Administration | K::Transaction),
        K::Transaction => is_linked || matches!(detail, K::Date | K::TransactionNote),
        _ => false,
    }
}

/// The kind that a fact must have to stand by itself at a level; its own, where it may.
pub(super) fn standing_kind(kind: FactKind, level: Level) -> FactKind {
    use FactKind as K;
    match kind {
        K::TermNote if level != Level::Term => K::Description,
        K::DescriptionNote => K::Description,
        K::AdministrationNote | K::TransactionNote | K::Date => K::Administration,
        kind => kind,
    }
}

/// Whether a fact is one of TBX-Basic (its Schematron rules, dialect version 1.2).
pub(super) fn is_basic(fact: &Fact, level: Level) -> bool {
    use FactKind as K;
    let value = fact.value.as_str();
    let is_own = match (fact.kind, fact.category.as_str()) {
        (K::Note | K::Date, _) => true,
        (K::Description, category::SUBJECT_FIELD) => level == Level::Concept,
        (K::Description, category::CONTEXT) => level == Level::Term,
        (K::Description, category::DEFINITION) => level != Level::Term,
        (K::Administration, category::SOURCE) => true,
        (K::Administration, "customerSubset" | "projectSubset") => level != Level::Language,
        (K::TermNote, category::STATUS) => TermStatus::ALL.iter().any(|s| s.to_tbx() == value),
        (K::TermNote, category::PART_OF_SPEECH) => PARTS_OF_SPEECH.contains(&value),
        (K::TermNote, "geographicalUsage") => true,
        (K::TermNote, "grammaticalGender") => {
            ["masculine", "feminine", "neuter", "other"].contains(&value)
        }
        (K::TermNote, "termType") => TERM_TYPES.contains(&value),
        (K::TermNote, "termLocation") => TERM_LOCATIONS.contains(&value),
        (K::Transaction, "transactionType") => ["origination", "modification"].contains(&value),
        (K::TransactionNote, "responsibility") => true,
        (K::Reference, "crossReference") => level != Level::Language,
        (K::ExternalReference, category) => {
            let target = fact.attributes.iter().find(|(name, _)| name == "target");
            target.is_some_and(|(_, uri)| uri.starts_with("http://") || uri.starts_with("https://"))
                && (category == "externalCrossReference"
                    || category == "xGraphic" && level != Level::Term)
        }
        _ => false,
    };
    is_own && fact.details.iter().all(|detail| is_basic(detail, level))
}

/// Whether all that is said of a term is of TBX-Basic.
pub(super) fn is_basic_term(term: &Term) -> bool {
    term.facts.iter().all(|fact| is_basic(fact, Level::Term))
}

const PARTS_OF_SPEECH: [&str; 5] = ["noun", "verb", "adjective", "adverb", "other"];

const TERM_TYPES: [&str; 6] = [
    "fullForm",
    "acronym",
    "abbreviation",
    "shortForm",
    "variant",
    "phrase",
];

const TERM_LOCATIONS: [&str; 18] = [
    "checkBox",
    "comboBox",
    "comboBoxElement",
    "dialogBox",
    "groupBox",
    "informativeMessage",
    "interactiveMessage",
    "menuItem",
    "progressBar",
    "pushButton",
    "radioButton",
    "slider",
    "spinBox",
    "tab",
    "tableText",
    "textBox",
    "toolTip",
    "user-definedType",
];
