//! Writes TBX version 3, `style="dca"`: UTF-8, one element a line.

use std::io::Write;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::WriteCounts;
use super::super::error::FormatError;
use super::super::output::Output;
use super::super::terms::TermWriter;
use super::super::xml::{push_attribute, push_escaped};
use super::category::{Level, element_of_kind, is_basic, is_basic_term, may_detail};
use super::identifier;
use super::parse::one_line;
use crate::term::{Fact, FactKind, LanguageSection, Term, TermEntry};

/// What has to be known of all entries before the first is written.
#[derive(Debug, Default)]
pub struct TbxSurvey {
    /// Identifiers of entries and terms, and how the first that has one is written.
    identifiers: FxHashMap<String, String>,
    beyond_basic: u64,
}

impl TbxSurvey {
    /// Looks at an entry that is to be written.
    pub fn add(&mut self, entry: &TermEntry) {
        let sections = || entry.languages.iter();
        let terms = || sections().flat_map(|section| &section.terms);
        let identifiers = terms().filter_map(|term| term.id.as_ref());
        for id in entry.id.iter().chain(identifiers) {
            if !self.identifiers.contains_key(id) {
                let written = match identifier::is_plain(id) {
                    true => id.clone(),
                    false => identifier::made(self.identifiers.len() as u64, Some(id)),
                };
                self.identifiers.insert(id.clone(), written);
            }
        }
        let are_basic = |facts: &[Fact], level| facts.iter().all(|fact| is_basic(fact, level));
        let basic = are_basic(&entry.facts, Level::Concept)
            && sections().all(|section| are_basic(&section.facts, Level::Language))
            && terms().all(is_basic_term);
        self.beyond_basic += u64::from(!basic);
    }

    /// How many entries say what TBX-Basic has no category or value for; with any, the file is of the private dialect.
    pub fn beyond_basic(&self) -> u64 {
        self.beyond_basic
    }
}

/// Writes a TBX file.
pub struct TbxWriter<'w> {
    output: Output<'w>,
    survey: TbxSurvey,
    /// Identifiers that are written.
    used: FxHashSet<String>,
    serial: u64,
    counts: WriteCounts,
}

impl<'w> TbxWriter<'w> {
    /// Writes the header. All that is to be written has been looked at by `survey`; an entry that was not may make the
    /// file another dialect than it says.
    ///
    /// # Errors
    /// [`FormatError::Write`].
    pub fn new(mut output: Output<'w>, survey: TbxSurvey) -> Result<Self, FormatError> {
        let dialect = match survey.beyond_basic {
            0 => "TBX-Basic",
            _ => "TBX-dhakira",
        };
        let header = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <tbx type=\"{dialect}\" style=\"dca\" xml:lang=\"en\" xmlns=\"urn:iso:std:iso:30042:ed-2\">\n\
             <tbxHeader><fileDesc><sourceDesc><p>Written by dhakira {}.</p></sourceDesc></fileDesc></tbxHeader>\n\
             <text>\n<body>\n",
            env!("CARGO_PKG_VERSION")
        );
        output
            .write_all(header.as_bytes())
            .map_err(|e| output.write_error(e))?;
        Ok(Self {
            // Behind those that the survey has made.
            serial: survey.identifiers.len() as u64,
            output,
            survey,
            used: FxHashSet::default(),
            counts: WriteCounts::default(),
        })
    }

    /// The identifier that an element is written with.
    fn identifier(&mut self, id: Option<&str>) -> String {
        let known = id.and_then(|id| self.survey.identifiers.get(id));
        if let Some(known) = known.filter(|known| !self.used.contains(*known)) {
            let known = known.clone();
            self.used.insert(known.clone());
            return known;
        }
        self.serial += 1;
        identifier::made(self.serial, id)
    }
}

impl TermWriter for TbxWriter<'_> {
    fn write(&mut self, entry: &TermEntry) -> Result<(), FormatError> {
        let mut element = Element {
            xml: String::new(),
            altered: false,
            writer: self,
        };
        element.entry(entry);
        let Element { xml, altered, .. } = element;
        self.counts.units += 1;
        self.counts.altered += u64::from(altered);
        self.output
            .write_all(xml.as_bytes())
            .map_err(|e| self.output.write_error(e))
    }

    fn finish(mut self: Box<Self>) -> Result<WriteCounts, FormatError> {
        self.output
            .write_all(b"</body>\n</text>\n</tbx>\n")
            .map_err(|e| self.output.write_error(e))?;
        self.output.finish()?;
        Ok(self.counts)
    }
}

/// A `conceptEntry` under construction.
struct Element<'e, 'w> {
    xml: String,
    /// Whether a character had to be replaced, or something could not be written as it is.
    altered: bool,
    writer: &'e mut TbxWriter<'w>,
}

impl Element<'_, '_> {
    fn entry(&mut self, entry: &TermEntry) {
        self.xml.push_str("<conceptEntry");
        let id = self.writer.identifier(entry.id.as_deref());
        self.attribute("id", &id);
        self.xml.push_str(">\n");
        self.facts(&entry.facts, Level::Concept);
        for section in &entry.languages {
            self.section(section);
        }
        self.xml.push_str("</conceptEntry>\n");
    }

    fn section(&mut self, section: &LanguageSection) {
        self.xml.push_str("<langSec");
        let tag = language_tag(&section.tag);
        self.altered |= tag != section.tag;
        self.attribute("xml:lang", &tag);
        self.xml.push_str(">\n");
        self.facts(&section.facts, Level::Language);
        for term in &section.terms {
            self.term(term);
        }
        self.xml.push_str("</langSec>\n");
    }

    fn term(&mut self, term: &Term) {
        self.xml.push_str("<termSec>\n<term");
        if term.id.is_some() {
            let id = self.writer.identifier(term.id.as_deref());
            self.attribute("id", &id);
        }
        self.xml.push('>');
        self.text(&term.text);
        self.xml.push_str("</term>\n");
        let (notes, others): (Vec<_>, Vec<_>) = term
            .facts
            .iter()
            .partition(|fact| fact.kind == FactKind::TermNote);
        for fact in notes.into_iter().chain(others) {
            self.fact(fact, Level::Term);
        }
        self.xml.push_str("</termSec>\n");
    }

    fn facts(&mut self, facts: &[Fact], level: Level) {
        for fact in facts {
            self.fact(fact, level);
        }
    }

    fn fact(&mut self, fact: &Fact, level: Level) {
        if super::category::standing_kind(fact.kind, level) != fact.kind {
            self.as_note(fact);
            return;
        }
        self.group(fact);
    }

    /// A fact with its details, which may be said of it as readers have seen to.
    fn group(&mut self, fact: &Fact) {
        let group = match fact.kind {
            FactKind::Transaction => Some("transacGrp"),
            FactKind::Description if !fact.details.is_empty() => Some("descripGrp"),
            FactKind::Administration if !fact.details.is_empty() => Some("adminGrp"),
            FactKind::TermNote if !fact.details.is_empty() => Some("termNoteGrp"),
            _ => None,
        };
        let Some(group) = group else {
            return self.single(fact);
        };
        self.xml.push_str(&format!("<{group}>\n"));
        self.single(fact);
        for detail in &fact.details {
            if may_detail(detail.kind, fact.kind) {
                self.group(detail);
            } else {
                self.as_note(detail);
            }
        }
        self.xml.push_str(&format!("</{group}>\n"));
    }

    fn single(&mut self, fact: &Fact) {
        let target = fact.attributes.iter().any(|(name, _)| name == "target");
        let cannot_be = match fact.kind {
            FactKind::Date => !is_date(&fact.value),
            FactKind::ExternalReference => !target,
            _ => false,
        };
        if cannot_be {
            return self.as_note(fact);
        }
        let element = element_of_kind(fact.kind);
        self.xml.push_str(&format!("<{element}"));
        if !fact.category.is_empty() {
            self.attribute("type", &fact.category);
        }
        for (name, value) in &fact.attributes {
            self.fact_attribute(fact.kind, name, value);
        }
        self.xml.push('>');
        self.text(&fact.value);
        self.xml.push_str(&format!("</{element}>\n"));
    }

    fn fact_attribute(&mut self, kind: FactKind, name: &str, value: &str) {
        use FactKind as K;
        let is_typed = !matches!(kind, K::Note | K::Date | K::ExternalReference);
        match name {
            "target" if kind == K::ExternalReference => self.attribute(name, value),
            "target" if is_typed => {
                // What is not in the file can't be referred to.
                match self.writer.survey.identifiers.get(value).cloned() {
                    Some(id) => self.attribute(name, &id),
                    None => self.altered = true,
                }
            }
            "xml:lang" if is_typed || kind == K::Note => {
                let tag = language_tag(value);
                self.altered |= tag != value;
                self.attribute(name, &tag);
            }
            "datatype" if is_typed => self.attribute(name, value),
            "id" if identifier::is_plain(value)
                && !self.writer.survey.identifiers.contains_key(value)
                && self.writer.used.insert(value.to_owned()) =>
            {
                self.attribute(name, value);
            }
            _ => self.altered = true,
        }
    }

    /// What can't stand there as what it is, as a remark for people.
    fn as_note(&mut self, fact: &Fact) {
        self.altered = true;
        self.xml.push_str("<note>");
        let name = match fact.category.as_str() {
            "" => element_of_kind(fact.kind),
            category => category,
        };
        self.text(&format!("{name}: {}", fact.value));
        self.xml.push_str("</note>\n");
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.altered |= push_attribute(&mut self.xml, name, value);
    }

    fn text(&mut self, text: &str) {
        // A note from a table may have lines, which readers put on one.
        self.altered |= one_line(text) != text;
        self.altered |= push_escaped(&mut self.xml, text);
    }
}

/// A tag as XML Schema's `language` has it; `und` for what can't be made one.
fn language_tag(tag: &str) -> String {
    let tag = tag.trim().replace('_', "-");
    let mut parts = tag.split('-');
    let is_part = |part: &str, of: fn(&u8) -> bool| {
        (1..=8).contains(&part.len()) && part.as_bytes().iter().all(of)
    };
    let is_tag = parts
        .next()
        .is_some_and(|primary| is_part(primary, u8::is_ascii_alphabetic))
        && parts.all(|part| is_part(part, u8::is_ascii_alphanumeric));
    if is_tag { tag } else { "und".to_owned() }
}

/// Whether a date is one as XML Schema has it, with or without a time.
fn is_date(text: &str) -> bool {
    let (date, time) = text.split_once('T').unwrap_or((text, "00:00:00"));
    let time = time.strip_suffix('Z').unwrap_or(time);
    let time = match time.len() {
        // A zone, as in +03:00.
        14 => &time[..time.floor_char_boundary(8)],
        _ => time,
    };
    date.len() == 10
        && date.as_bytes()[4] == b'-'
        && date.as_bytes()[7] == b'-'
        && time.len() == 8
        && crate::unit::UnixSeconds::parse(&format!("{date}T{time}Z")).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_tags_are_those_of_xml_schema() {
        for date in [
            "2010-04-17",
            "2005-04-22T14:06:32",
            "2005-04-22T14:06:32+03:00",
        ] {
            assert!(is_date(date), "{date}");
        }
        for date in [
            "",
            "2010",
            "20100417",
            "2010-13-01",
            "yesterday",
            "2005-04-22T14",
            "١٢٣٤٥",
        ] {
            assert!(!is_date(date), "{date}");
        }
        assert_eq!(language_tag("ar_EG"), "ar-EG");
        assert_eq!(language_tag("العربية"), "und");
    }
}
