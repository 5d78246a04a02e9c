//! The content of a `seg`: text, and codes as elements of TMX.

use std::collections::HashSet;

use quick_xml::events::{BytesStart, Event};
use rustc_hash::FxHashMap;

use super::super::xml::{Tokens, for_each_attribute, push_attribute, push_escaped, push_text};
use super::write::NATIVE;
use crate::coded::{Code, CodeKind};

/// Adds a segment to `xml`. Whether a character had to be replaced.
pub(super) fn push(xml: &mut String, text: &str, codes: &[Code]) -> bool {
    if codes.is_empty() {
        return push_escaped(xml, text);
    }
    let own = own(codes);
    let taken: HashSet<String> = codes
        .iter()
        .zip(&own)
        .filter(|(_, own)| **own)
        .filter_map(|(code, _)| attribute(&code.raw, "i"))
        .collect();
    let paired = paired(codes, &own);
    let mut altered = false;
    let mut from = 0;
    for (code, (own, is_paired)) in codes.iter().zip(own.into_iter().zip(paired)) {
        let at = text.floor_char_boundary(code.at).max(from);
        altered |= push_escaped(xml, &text[from..at]);
        from = at;
        if own {
            xml.push_str(&code.raw);
        } else {
            altered |= push_native(xml, code, is_paired, &taken);
        }
    }
    altered | push_escaped(xml, &text[from..])
}

/// A code that TMX has no element for. An `ept` has no type; it is of that of its `bpt`.
fn push_native(xml: &mut String, code: &Code, is_paired: bool, taken: &HashSet<String>) -> bool {
    let (name, position) = match (code.kind, is_paired) {
        (CodeKind::Open, true) => ("bpt", None),
        (CodeKind::Close, true) => ("ept", None),
        (CodeKind::Open, false) => ("it", Some("begin")),
        (CodeKind::Close, false) => ("it", Some("end")),
        (CodeKind::Alone, _) => ("ph", None),
    };
    xml.push('<');
    xml.push_str(name);
    if matches!(name, "bpt" | "ept") {
        // One that is not an element's own; the numbers of codes are far below.
        let mut i = u64::from(code.number);
        while taken.contains(&i.to_string()) {
            i += 1_000_000;
        }
        push_attribute(xml, "i", &i.to_string());
    }
    if let Some(position) = position {
        push_attribute(xml, "pos", position);
    }
    if name != "ept" {
        push_attribute(xml, "x", &code.number.to_string());
        push_attribute(xml, "type", NATIVE);
    }
    xml.push('>');
    let altered = push_escaped(xml, &code.raw);
    xml.push_str("</");
    xml.push_str(name);
    xml.push('>');
    altered
}

/// Which codes are written as a pair: an opening one and the next closing one of its number, each number once.
fn paired(codes: &[Code], own: &[bool]) -> Vec<bool> {
    let mut paired = vec![false; codes.len()];
    let mut open = FxHashMap::default();
    let mut done = HashSet::new();
    for (i, code) in codes.iter().enumerate().filter(|(i, _)| !own[*i]) {
        match code.kind {
            CodeKind::Open if !done.contains(&code.number) => {
                open.entry(code.number).or_insert(i);
            }
            CodeKind::Close => {
                if let Some(start) = open.remove(&code.number) {
                    (paired[start], paired[i]) = (true, true);
                    done.insert(code.number);
                }
            }
            _ => {}
        }
    }
    paired
}

/// Which codes are elements of TMX, so that they can be written as they are and the segment is balanced.
fn own(codes: &[Code]) -> Vec<bool> {
    let mut own = vec![false; codes.len()];
    let mut open = Vec::new();
    for (i, code) in codes.iter().enumerate() {
        if code.raw == "</hi>" {
            if let Some(start) = open.pop() {
                (own[start], own[i]) = (true, true);
            }
        } else if let Some(name) = element(&code.raw) {
            match name {
                "hi" if code.raw.ends_with("/>") => own[i] = true,
                "hi" => open.push(i),
                _ => own[i] = true,
            }
        }
    }
    own
}

/// The name of the one element of TMX that a text is, with the attributes that it has there and no others. Of `hi` it is
/// the start tag alone.
fn element(raw: &str) -> Option<&'static str> {
    if !raw.starts_with('<') {
        return None;
    }
    let mut tokens = Tokens::balanced(raw, 0);
    let (event, at) = tokens.next().ok()?;
    let (tag, is_empty) = match &event {
        Event::Start(tag) => (tag, false),
        Event::Empty(tag) => (tag, true),
        _ => return None,
    };
    let name = declared(tag)?;
    if is_empty || name == "hi" {
        return (at.end == raw.len()).then_some(name);
    }
    let mut depth = 1;
    while depth > 0 {
        match tokens.next().ok()?.0 {
            Event::Start(tag) => {
                declared_inside(&tag)?;
                depth += 1;
            }
            Event::Empty(tag) => declared_inside(&tag)?,
            Event::End(_) => depth -= 1,
            event @ (Event::Text(_) | Event::GeneralRef(_) | Event::CData(_)) => {
                // What a reader of TMX would refuse or mend is not written as it is.
                let mut mends = Vec::new();
                push_text(&event, &mut String::new(), &mut mends).ok()?;
                if !mends.is_empty() {
                    return None;
                }
            }
            _ => return None,
        }
    }
    matches!(tokens.next(), Ok((Event::Eof, _))).then_some(name)
}

/// Elements of a segment, their attributes, and which of these they must have (`tmx14.dtd`).
const ELEMENTS: [(&str, &[&str], &str); 6] = [
    ("bpt", &["i", "x", "type"], "i"),
    ("ept", &["i"], "i"),
    ("it", &["pos", "x", "type"], "pos"),
    ("ph", &["x", "assoc", "type"], ""),
    ("ut", &["x"], ""),
    ("hi", &["x", "type"], ""),
];

fn declared(tag: &BytesStart<'_>) -> Option<&'static str> {
    let name = tag.name();
    let (name, attributes, needed) = ELEMENTS
        .iter()
        .find(|(element, ..)| *element == name.as_ref())?;
    let (mut is_known, mut has_needed) = (true, needed.is_empty());
    for_each_attribute(tag, |name, value| {
        is_known &= attributes.contains(&name);
        // Our own wrapper is not an element that stands for itself.
        is_known &= name != "type" || value != NATIVE;
        has_needed |= name == *needed;
    })
    .ok()?;
    (is_known && has_needed).then_some(*name)
}

/// Inside of a code there is `sub`, and in that whatever a segment has.
fn declared_inside(tag: &BytesStart<'_>) -> Option<()> {
    let name = tag.name();
    match name.as_ref() {
        "sub" => Some(()),
        _ => declared(tag).map(drop),
    }
}

fn attribute(raw: &str, wanted: &str) -> Option<String> {
    let Ok((Event::Start(tag) | Event::Empty(tag), _)) = Tokens::new(raw, 0).next() else {
        return None;
    };
    let mut found = None;
    for_each_attribute(&tag, |name, value| {
        if name == wanted {
            found = Some(value.to_owned());
        }
    })
    .ok()?;
    found
}
