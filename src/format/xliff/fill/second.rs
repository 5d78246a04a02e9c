//! Units of XLIFF 2: targets, the states of segments, and matches of the module for them.

use super::super::model::{Element, Segment, Unit};
use super::{Edits, Filled, prefix, push_namespaces, render};
use crate::coded::{Code, Coded};
use crate::format::xml::{push_attribute, push_escaped, remove_attribute, set_attribute};
use crate::matching::MatchKind;

const MATCHES_NAMESPACE: &str = "urn:oasis:names:tc:xliff:matches:2.0";

impl Edits<'_> {
    /// Writes the segments of a unit of XLIFF 2.
    pub(super) fn second(&mut self, unit: &Unit, filled: &[Filled<'_>]) {
        for one in filled {
            let (Some(content), Some(element)) = (one.content(), &one.segment.element) else {
                continue;
            };
            match &one.segment.target {
                Some(target) => {
                    self.declare(target, &[&one.segment.source], &content);
                    self.set_content(target, &content);
                }
                None => {
                    let source = &one.segment.source;
                    let prefix = prefix(&self.text[source.tag.clone()]);
                    let indent = self.indent(source);
                    let mut target = format!("{indent}<{prefix}target");
                    push_namespaces(&mut target, &[source], &content);
                    target.push_str(&format!(">{content}</{prefix}target>"));
                    self.insert(one.segment.target_place, &target);
                }
            }
            let kind = one.best().map_or("pretranslated", |best| best.kind.name());
            let (state, sub_state) = match one.confirmed() {
                true => ("translated", None),
                false => ("initial", Some(format!("dhakira:{kind}"))),
            };
            let tag = self.tag(element);
            set_attribute(tag, "state", state);
            match sub_state {
                Some(sub_state) => set_attribute(tag, "subState", &sub_state),
                None => remove_attribute(tag, "subState"),
            }
        }
        self.matches(unit, filled);
    }

    /// `mtc:match` of XLIFF 2, before the unit's segments.
    fn matches(&mut self, unit: &Unit, filled: &[Filled<'_>]) {
        if filled.iter().all(|one| one.filling.proposals.is_empty()) {
            return;
        }
        let root = self.file.parsed.root.clone();
        let core = prefix(&self.text[root.tag.clone()]);
        let (prefix, declared) = matches_prefix(&root);
        let mut all = String::new();
        for one in filled
            .iter()
            .filter(|one| !one.filling.proposals.is_empty())
        {
            let Some(reference) = self.segment_id(unit, one.segment) else {
                continue;
            };
            for proposal in &one.filling.proposals {
                let mut found = format!("<{prefix}:match");
                push_attribute(&mut found, "ref", &format!("#{reference}"));
                push_attribute(
                    &mut found,
                    "type",
                    match proposal.kind {
                        MatchKind::Context => "icm",
                        _ => "tm",
                    },
                );
                push_attribute(&mut found, "similarity", &proposal.score.to_string());
                push_attribute(&mut found, "matchQuality", &proposal.score.to_string());
                if !proposal.origin.is_empty() {
                    push_attribute(&mut found, "origin", &proposal.origin);
                }
                found.push_str(&format!("><{core}source>"));
                push_escaped(&mut found, &proposal.source.text);
                found.push_str(&format!("</{core}source><{core}target"));
                let content = without_data(&proposal.target, &one.slot.source.codes);
                let around = one.segment.element.iter().chain([&one.segment.source]);
                push_namespaces(&mut found, &around.collect::<Vec<_>>(), &content);
                found.push('>');
                found.push_str(&content);
                found.push_str(&format!("</{core}target></{prefix}:match>"));
                if !self.text[unit.range.clone()].contains(&found) {
                    all.push_str(&found);
                }
            }
        }
        if all.is_empty() {
            return;
        }
        if !declared {
            let name = format!("xmlns:{prefix}");
            set_attribute(self.tag(&root), &name, MATCHES_NAMESPACE);
        }
        match &unit.matches {
            Some(matches) if self.text[matches.tag.clone()].ends_with("/>") => {
                self.set_content(matches, &all);
            }
            Some(matches) => self.insert(matches.content.end, &all),
            None => {
                let name = format!("{prefix}:matches");
                let first = self.file.parsed.segments[unit.segments.clone()].first();
                let indent = first
                    .and_then(|s| s.element.as_ref())
                    .map_or("", |e| self.indent(e));
                self.insert(
                    unit.element.tag.end,
                    &format!("{indent}<{name}>{all}</{name}>"),
                );
            }
        }
    }

    /// The `id` of a segment, which gets one where it has none.
    fn segment_id(&mut self, unit: &Unit, segment: &Segment) -> Option<String> {
        if let Some(id) = &segment.id {
            return Some(id.clone());
        }
        let element = segment.element.as_ref()?;
        let text = &self.text[unit.range.clone()];
        let segments = &self.file.parsed.segments[unit.segments.clone()];
        let number = segments
            .iter()
            .position(|other| std::ptr::eq(other, segment))?;
        let free = |id: &String| {
            ![format!("\"{id}\""), format!("'{id}'")]
                .iter()
                .any(|q| text.contains(q))
        };
        let id = (number + 1..).map(|n| format!("s{n}")).find(free)?;
        // A later segment may look for the same number, so that the number of the first is its own.
        let id = format!("{id}-{}", number + 1);
        set_attribute(self.tag(element), "id", &id);
        Some(id)
    }
}

/// The content of a match's target. Its codes refer to no data: those of the unit are not the match's.
fn without_data(target: &Coded, own: &[Code]) -> String {
    let strip = |code: &Code| {
        let mut raw = code.raw.clone();
        for name in ["dataRef", "dataRefStart", "dataRefEnd"] {
            remove_attribute(&mut raw, name);
        }
        Code {
            raw,
            ..code.clone()
        }
    };
    let own: Vec<_> = own.iter().map(strip).collect();
    let target = Coded {
        text: target.text.clone(),
        codes: target.codes.iter().map(strip).collect(),
    };
    render(&target, &[&own])
}

/// The prefix of the matches module, and whether the root declares it.
fn matches_prefix(root: &Element) -> (String, bool) {
    let declared = root.attributes.iter().find_map(|(name, value)| {
        name.strip_prefix("xmlns:")
            .filter(|_| value == MATCHES_NAMESPACE)
    });
    if let Some(prefix) = declared {
        return (prefix.to_owned(), true);
    }
    let mut prefix = "mtc".to_owned();
    while root.attributes.get(&format!("xmlns:{prefix}")).is_some() {
        prefix.push('_');
    }
    (prefix, false)
}
