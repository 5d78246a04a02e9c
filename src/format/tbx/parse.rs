//! One entry: XML → a tree → a [`TermEntry`].
//!
//! Elements have to be balanced; characters and references that XML doesn't know are mended where it is plain what they
//! mean. The tree is at most [`DEPTH_LIMIT`] deep: of what lies deeper the text is kept.

use quick_xml::events::{BytesStart, Event};

use super::super::xml::{Mend, Mistake, Tokens, for_each_mended_attribute, local, push_text};
use super::category::{
    Level, element_of_kind, kind_of_element, may_detail, of_category_element, standing_kind,
};
use super::{TermEntry, identifier};
use crate::term::{Fact, FactKind, LanguageSection, Term, TermStatus, is_blank};

/// How deep elements may nest; TBX needs ten.
const DEPTH_LIMIT: usize = 32;

/// Markup inside of a text.
const INLINE: [&str; 9] = ["hi", "foreign", "ph", "sc", "ec", "bpt", "ept", "it", "ut"];

/// Parses the text of an entry, from its `<` to its `>`. Gives what there is to be remarked, too.
pub(super) fn entry(text: &str) -> Result<(TermEntry, Vec<String>), Mistake> {
    let mut remarks = Vec::new();
    let root = tree(text, &mut remarks)?;
    let mut reading = Reading { remarks };
    let entry = reading.entry(root)?;
    Ok((entry, reading.remarks))
}

/// An element.
#[derive(Debug, Default)]
struct Node {
    /// The name without its prefix.
    name: String,
    offset: usize,
    attributes: Vec<(String, String)>,
    /// Its own text and that of markup in it.
    text: String,
    children: Vec<Self>,
}

impl Node {
    fn of(tag: &BytesStart<'_>, offset: usize, mends: &mut Vec<Mend>) -> Result<Self, Mistake> {
        let mut attributes = Vec::new();
        for_each_mended_attribute(tag, mends, |name, value| {
            if !name.starts_with("xmlns") {
                attributes.push((name.to_owned(), value.to_owned()));
            }
        })
        .map_err(|message| Mistake { offset, message })?;
        Ok(Self {
            name: local(tag.name().as_ref()).to_owned(),
            offset,
            attributes,
            ..Self::default()
        })
    }

    fn take_attribute(&mut self, name: &str) -> Option<String> {
        let at = self.attributes.iter().position(|(n, _)| n == name)?;
        Some(self.attributes.remove(at).1).filter(|value| !value.trim().is_empty())
    }

    /// Its text and that of all in it, on one line.
    fn line(&self) -> String {
        let mut line = one_line(&self.text);
        for child in &self.children {
            let inner = child.line();
            if !line.is_empty() && !inner.is_empty() {
                // A key and its value, in TBX-Min of 2013.
                line.push_str(if child.name == "noteValue" { ": " } else { " " });
            }
            line.push_str(&inner);
        }
        line
    }
}

/// A text as readers see it: a run of white space is a space, and there is none at the ends.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_ascii_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

fn tree(text: &str, remarks: &mut Vec<String>) -> Result<Node, Mistake> {
    let mut tokens = Tokens::balanced(text, 0);
    let mut mends = Vec::new();
    // The root's parent is at the bottom. Of elements that are only text nothing is kept but that they are open.
    let mut open = vec![Node::default()];
    let mut only_text = 0;
    loop {
        let (event, at) = tokens.next()?;
        let is_empty = matches!(event, Event::Empty(_));
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let qualified = tag.name();
                let name = local(qualified.as_ref());
                let too_deep = open.len() > DEPTH_LIMIT;
                if only_text > 0 || too_deep || (INLINE.contains(&name) && open.len() > 2) {
                    let what = if too_deep { "that deep" } else { "in a text" };
                    note(remarks, format!("of `<{name}>` {what} the text is kept"));
                    only_text += usize::from(!is_empty);
                    continue;
                }
                let node = Node::of(tag, at.start, &mut mends)?;
                open.push(node);
                if is_empty {
                    close(&mut open);
                }
            }
            Event::End(_) if only_text > 0 => only_text -= 1,
            Event::End(_) => close(&mut open),
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                if let Some(node) = open.last_mut() {
                    push_text(&event, &mut node.text, &mut mends).map_err(|message| Mistake {
                        offset: at.start,
                        message,
                    })?;
                }
            }
            Event::Eof => break,
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::DocType(_) => {
                return Err(Mistake {
                    offset: at.start,
                    message: "a document type inside an entry".to_owned(),
                });
            }
        }
    }
    remarks.extend(mends.iter().map(Mend::to_string));
    let root = open.first_mut().and_then(|bottom| bottom.children.pop());
    root.ok_or_else(|| Mistake {
        offset: 0,
        message: "no element".to_owned(),
    })
}

/// Closes the innermost element.
fn close(open: &mut Vec<Node>) {
    if open.len() > 1
        && let Some(node) = open.pop()
        && let Some(parent) = open.last_mut()
    {
        parent.children.push(node);
    }
}

/// Adds a remark that isn't there yet.
fn note(remarks: &mut Vec<String>, remark: String) {
    if !remarks.contains(&remark) {
        remarks.push(remark);
    }
}

/// Makes an entry of a tree.
struct Reading {
    remarks: Vec<String>,
}

impl Reading {
    fn entry(&mut self, mut node: Node) -> Result<TermEntry, Mistake> {
        let mut entry = TermEntry {
            id: node
                .take_attribute("id")
                .and_then(|id| identifier::meant(&id)),
            ..TermEntry::default()
        };
        self.leave_out(&node);
        let offset = node.offset;
        for child in node.children {
            match child.name.as_str() {
                "langSet" | "langSec" | "langGroup" => {
                    entry.languages.extend(self.section(child)?);
                }
                _ => self.facts(child, Level::Concept, &mut entry.facts),
            }
        }
        if entry.languages.is_empty() {
            return Err(Mistake {
                offset,
                message: "the entry has no term".to_owned(),
            });
        }
        Ok(entry)
    }

    /// `None` for a section without a term.
    fn section(&mut self, mut node: Node) -> Result<Option<LanguageSection>, Mistake> {
        let tag = node
            .take_attribute("xml:lang")
            .or(node.take_attribute("lang"));
        let mut section = LanguageSection {
            tag: tag
                .map(|tag| tag.trim().to_owned())
                .ok_or_else(|| Mistake {
                    offset: node.offset,
                    message: format!("`<{}>` names no language", node.name),
                })?,
            ..LanguageSection::default()
        };
        self.leave_out(&node);
        for child in node.children {
            match child.name.as_str() {
                "tig" | "ntig" | "termSec" | "termGroup" => {
                    section.terms.extend(self.term(child));
                }
                _ => self.facts(child, Level::Language, &mut section.facts),
            }
        }
        if section.terms.is_empty() {
            let remark = format!(
                "the section in `{}` has no term and is left out",
                section.tag
            );
            note(&mut self.remarks, remark);
            return Ok(None);
        }
        Ok(Some(section))
    }

    /// `None` for a blank term.
    fn term(&mut self, mut node: Node) -> Option<Term> {
        let mut term = Term::default();
        // Some tools name the section, and not the term.
        let section_id = node.take_attribute("id");
        self.leave_out(&node);
        let mut children = Vec::new();
        for child in node.children {
            match child.name.as_str() {
                "termGrp" => children.extend(child.children),
                _ => children.push(child),
            }
        }
        for mut child in children {
            if child.name == "term" && term.text.is_empty() {
                let id = child.take_attribute("id").or_else(|| section_id.clone());
                term.id = id.and_then(|id| identifier::meant(&id));
                self.leave_out(&child);
                term.text = child.line();
            } else {
                self.facts(child, Level::Term, &mut term.facts);
            }
        }
        if is_blank(&term.text) {
            note(&mut self.remarks, "a blank term is left out".to_owned());
            return None;
        }
        term.facts
            .sort_by_key(|fact| fact.kind != FactKind::TermNote);
        Some(term)
    }

    /// Adds what an element says, a fact or several, to those of its level.
    fn facts(&mut self, node: Node, level: Level, out: &mut Vec<Fact>) {
        let mut facts = Vec::new();
        self.loose_facts(node, level, &mut facts);
        for mut fact in facts {
            let kind = standing_kind(fact.kind, level);
            if kind != fact.kind {
                let element = element_of_kind(fact.kind);
                let moved = element_of_kind(kind);
                note(
                    &mut self.remarks,
                    format!("`<{element}>` has no place there and is kept as `<{moved}>`"),
                );
                if fact.category.is_empty() {
                    element.clone_into(&mut fact.category);
                }
                fact.kind = kind;
                out.append(&mut misfits(&mut fact));
            }
            out.push(fact);
        }
    }

    /// The facts of an element, which need not be able to stand by themselves.
    fn loose_facts(&mut self, node: Node, level: Level, out: &mut Vec<Fact>) {
        if !node.name.ends_with("Grp") {
            return out.push(self.fact(node, level));
        }
        self.leave_out(&node);
        let mut group = Vec::new();
        let wanted = kind_of_element(node.name.trim_end_matches("Grp"));
        for child in node.children {
            self.loose_facts(child, level, &mut group);
        }
        let main = group.iter().position(|fact| Some(fact.kind) == wanted);
        let Some(main) = main else {
            return out.append(&mut group);
        };
        let mut main = group.remove(main);
        main.details.append(&mut group);
        let mut others = misfits(&mut main);
        out.push(main);
        out.append(&mut others);
    }

    fn fact(&mut self, mut node: Node, level: Level) -> Fact {
        let value = node.line();
        let type_ = node.take_attribute("type").map(|t| t.trim().to_owned());
        let (kind, category, value) = match kind_of_element(&node.name) {
            Some(kind @ (FactKind::Note | FactKind::Date)) => {
                if let Some(type_) = type_ {
                    node.attributes.push(("type".to_owned(), type_));
                }
                (kind, String::new(), value)
            }
            Some(kind) => (kind, type_.unwrap_or_else(|| node.name.clone()), value),
            None => {
                let (kind, category) = self.category(&node.name, level);
                let value = match TermStatus::from_name(&value) {
                    Some(status) if node.name == "termStatus" => status.to_tbx(),
                    _ => value,
                };
                (kind, category, value)
            }
        };
        Fact {
            kind,
            category,
            value,
            attributes: node.attributes,
            details: Vec::new(),
        }
    }

    fn category(&mut self, name: &str, level: Level) -> (FactKind, String) {
        if let Some((kind, category)) = of_category_element(name) {
            return (kind, category.to_owned());
        }
        let kind = match level {
            Level::Term => FactKind::TermNote,
            _ => FactKind::Description,
        };
        let element = element_of_kind(kind);
        note(
            &mut self.remarks,
            format!("`<{name}>` is kept as `<{element} type=\"{name}\">`"),
        );
        (kind, name.to_owned())
    }

    /// Says that attributes, and text between elements, are left out.
    fn leave_out(&mut self, node: &Node) {
        if node.name != "term" && !node.text.trim().is_empty() {
            let remark = format!("text between the elements of `<{}>` is left out", node.name);
            note(&mut self.remarks, remark);
        }
        for (name, _) in &node.attributes {
            // What groups are called is referred to by nobody.
            if name != "id" {
                let remark = format!("the attribute `{name}` of `<{}>` is left out", node.name);
                note(&mut self.remarks, remark);
            }
        }
    }
}

/// Takes out the details that may not be said of a fact.
fn misfits(fact: &mut Fact) -> Vec<Fact> {
    let kind = fact.kind;
    let (fitting, others) = std::mem::take(&mut fact.details)
        .into_iter()
        .partition(|detail| may_detail(detail.kind, kind));
    fact.details = fitting;
    others
}
