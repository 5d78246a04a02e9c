//! Inline markup: the content of a segment to text and codes, and back.
//!
//! ```text
//! Press <g id="1">Save</g><x id="2"/>   ⇄   "Press Save", codes: <g id="1"> at 6, </g> at 10, <x id="2"/> at 10
//! ```
//!
//! A code is an element of the file as it is written: a start tag or an end tag where its content is text (`g`, `pc`,
//! `mrk`, `df`), the whole element where its content is the code itself (`x`, `bpt`, `ph`, `ut`). Codes of one unit
//! are numbered together, so that those of source and target that have the same `id` have the same number.
//!
//! Written, codes are taken from those of the slot alone, each as often as it is there, and an opening tag without its end
//! is left out as its end is without it: what is written is well-formed and balanced whatever the filling says.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};

use super::super::xml::{
    Mend, Mistake, Tokens, for_each_attribute, local, push_escaped, push_text,
};
use super::super::{first_forbidden, forbidden_message};
use super::model::Vocabulary;
use crate::coded::{Code, CodeKind, Coded};

/// The numbers of a unit's codes.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    by_key: HashMap<String, u32>,
    last: u32,
}

impl Numbers {
    fn of(&mut self, key: String) -> u32 {
        let last = &mut self.last;
        *self.by_key.entry(key).or_insert_with(|| {
            *last += 1;
            *last
        })
    }
}

/// How an element becomes codes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Its tags are codes, its content is text.
    Pair,
    /// It is a code with its content.
    Whole(CodeKind),
}

fn shape(vocabulary: Vocabulary, name: &str, attribute: impl Fn(&str) -> Option<String>) -> Shape {
    use CodeKind::{Alone, Close, Open};
    match (vocabulary, name) {
        (Vocabulary::Ttx, "ut") => Shape::Whole(match attribute("Type").as_deref() {
            Some("start") => Open,
            Some("end") => Close,
            _ => Alone,
        }),
        (Vocabulary::Xliff2, "sc" | "sm") | (_, "bx" | "bpt") => Shape::Whole(Open),
        (Vocabulary::Xliff2, "ec" | "em") | (_, "ex" | "ept") => Shape::Whole(Close),
        (_, "x" | "ph" | "it" | "ut" | "cp") => Shape::Whole(Alone),
        _ => Shape::Pair,
    }
}

/// The content of a segment and what was mended in it.
#[derive(Debug, Default)]
pub(super) struct Inline {
    pub(super) coded: Coded,
    pub(super) mends: Vec<Mend>,
}

/// Reads the content that stands at `range` of `text`.
///
/// # Errors
/// What keeps it from being read: markup that isn't well-formed, an entity that isn't known.
pub(super) fn parse(
    text: &str,
    range: std::ops::Range<usize>,
    vocabulary: Vocabulary,
    numbers: &mut Numbers,
) -> Result<Inline, Mistake> {
    let mut inline = Inline::default();
    let text = &text[..range.end];
    let mut tokens = Tokens::new(text, range.start);
    // Numbers and names of the open pairs.
    let mut open: Vec<(u32, String)> = Vec::new();
    // The numbers of open `ut`, whose ends have no name for their beginnings.
    let mut started: Vec<u32> = Vec::new();
    let mut seen: HashMap<String, u32> = HashMap::new();
    // The code that is a whole element, where it begins, and how deep in it we are.
    let mut whole: Option<(CodeKind, u32, usize, usize)> = None;
    loop {
        let (event, at) = tokens.next()?;
        let raw = |from: usize| text[from..at.end].to_owned();
        let push = |inline: &mut Inline, kind, number, from| {
            inline.coded.codes.push(Code {
                at: inline.coded.text.len(),
                kind,
                number,
                raw: raw(from),
            });
        };
        if let Some((kind, number, from, depth)) = &mut whole {
            match event {
                Event::Start(_) => *depth += 1,
                Event::End(_) if *depth == 0 => {
                    push(&mut inline, *kind, *number, *from);
                    whole = None;
                }
                Event::End(_) => *depth -= 1,
                Event::Eof => return Err(unclosed(*from)),
                _ => {}
            }
            continue;
        }
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let is_empty = matches!(event, Event::Empty(_));
                let key = key(tag, &text[at.clone()], &mut seen).map_err(|message| Mistake {
                    offset: at.start,
                    message,
                })?;
                let attribute = |name: &str| {
                    let value = tag.try_get_attribute(name).ok().flatten();
                    value.map(|a| a.value.to_string())
                };
                match shape(vocabulary, local(tag.name().as_ref()), attribute) {
                    Shape::Pair if is_empty => {
                        let number = numbers.of(key);
                        push(&mut inline, CodeKind::Alone, number, at.start);
                    }
                    Shape::Pair => {
                        let number = numbers.of(key);
                        push(&mut inline, CodeKind::Open, number, at.start);
                        open.push((number, tag.name().as_ref().to_owned()));
                    }
                    Shape::Whole(kind) => {
                        let number = match (vocabulary, kind) {
                            (Vocabulary::Ttx, CodeKind::Close) => {
                                started.pop().unwrap_or_else(|| numbers.of(key))
                            }
                            _ => numbers.of(key),
                        };
                        if vocabulary == Vocabulary::Ttx && kind == CodeKind::Open {
                            started.push(number);
                        }
                        if is_empty {
                            push(&mut inline, kind, number, at.start);
                        } else {
                            whole = Some((kind, number, at.start, 0));
                        }
                    }
                }
            }
            Event::End(tag) => match open.pop() {
                Some((number, name)) if name == tag.name().as_ref() => {
                    push(&mut inline, CodeKind::Close, number, at.start);
                }
                _ => {
                    return Err(Mistake {
                        offset: at.start,
                        message: format!(
                            "`</{}>` ends nothing",
                            tag.name().as_ref().escape_debug()
                        ),
                    });
                }
            },
            Event::Eof if open.is_empty() => break,
            Event::Eof => return Err(unclosed(range.start)),
            _ => {
                push_text(&event, &mut inline.coded.text, &mut inline.mends).map_err(
                    |message| Mistake {
                        offset: at.start,
                        message,
                    },
                )?;
            }
        }
    }
    part_widows(&mut inline.coded.codes);
    // What is written back verbatim has to be what XML can hold.
    let mut raws = inline.coded.codes.iter().map(|code| &code.raw);
    match raws.find_map(|raw| first_forbidden(raw)) {
        Some((_, c)) => Err(Mistake {
            offset: range.start,
            message: format!("{} in an inline element", forbidden_message(c)),
        }),
        None => Ok(inline),
    }
}

fn unclosed(offset: usize) -> Mistake {
    Mistake {
        offset,
        message: "an inline element is not closed".to_owned(),
    }
}

/// What a code is known by in its unit: its element and its `id`, both halves of a pair by the same; where it has none,
/// what it looks like and how many of these were before.
fn key(tag: &BytesStart<'_>, raw: &str, seen: &mut HashMap<String, u32>) -> Result<String, String> {
    let mut id = None;
    let mut rank = 0;
    for_each_attribute(tag, |name, value| {
        let new = match name {
            "rid" | "startRef" => 3,
            "id" | "mid" => 2,
            "i" | "x" => 1,
            _ => return,
        };
        if new > rank {
            (rank, id) = (new, Some(value.to_owned()));
        }
    })?;
    let name = match local(tag.name().as_ref()) {
        "ex" => "bx",
        "ept" => "bpt",
        "ec" => "sc",
        "em" => "sm",
        other => other,
    }
    .to_owned();
    Ok(match id {
        Some(id) => format!("{name} {id}"),
        None => {
            let count = seen.entry(raw.to_owned()).or_default();
            *count += 1;
            format!("{raw} {count}")
        }
    })
}

/// Makes codes that lost their other half stand alone.
pub(in super::super) fn part_widows(codes: &mut [Code]) {
    let mut open: HashMap<u32, Vec<usize>> = HashMap::new();
    let mut widows = Vec::new();
    for (i, code) in codes.iter().enumerate() {
        match code.kind {
            CodeKind::Open => open.entry(code.number).or_default().push(i),
            CodeKind::Close => {
                if open.get_mut(&code.number).and_then(Vec::pop).is_none() {
                    widows.push(i);
                }
            }
            CodeKind::Alone => {}
        }
    }
    widows.extend(open.into_values().flatten());
    for i in widows {
        codes[i].kind = CodeKind::Alone;
    }
}

/// What a code is in XML.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Markup<'r> {
    Start(&'r str),
    End(&'r str),
    Whole,
}

fn markup(raw: &str) -> Markup<'_> {
    let name = |tag: &'_ str| {
        let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>'));
        end.unwrap_or(tag.len())
    };
    if let Some(tag) = raw.strip_prefix("</") {
        return Markup::End(&tag[..name(tag)]);
    }
    let mut quote = None;
    for (at, c) in raw.char_indices() {
        match (c, quote) {
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            ('>', None) if at + 1 == raw.len() && !raw.ends_with("/>") => {
                let tag = &raw[1..];
                return Markup::Start(&tag[..name(tag)]);
            }
            ('>', None) => return Markup::Whole,
            _ => {}
        }
    }
    Markup::Whole
}

/// The content of an element for a segment, with those of its codes that stand in `own` as well, each as often as there,
/// and balanced.
pub(super) fn render(coded: &Coded, own: &[&[Code]]) -> String {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for codes in own {
        let mut here: HashMap<&str, usize> = HashMap::new();
        for code in *codes {
            *here.entry(&code.raw).or_default() += 1;
        }
        for (raw, count) in here {
            let left = left.entry(raw).or_default();
            *left = count.max(*left);
        }
    }
    let keep = balanced(&coded.codes, |raw| {
        left.get_mut(raw).is_some_and(|left| {
            let any = *left > 0;
            *left -= usize::from(any);
            any
        })
    });
    let mut out = String::with_capacity(coded.text.len() + 16);
    let mut from = 0;
    for (code, _) in coded.codes.iter().zip(keep).filter(|(_, keep)| *keep) {
        let at = coded.text.floor_char_boundary(code.at).max(from);
        push_escaped(&mut out, &coded.text[from..at]);
        from = at;
        out.push_str(&code.raw);
    }
    push_escaped(&mut out, &coded.text[from..]);
    out
}

/// Which codes to write so that tags are balanced, of those that `is_own` lets through.
fn balanced(codes: &[Code], mut is_own: impl FnMut(&str) -> bool) -> Vec<bool> {
    let mut keep = vec![false; codes.len()];
    let mut open: Vec<(&str, usize)> = Vec::new();
    for (i, code) in codes.iter().enumerate() {
        if code.raw.is_empty() || !is_own(&code.raw) {
            continue;
        }
        match markup(&code.raw) {
            Markup::Start(name) => open.push((name, i)),
            Markup::End(name) => {
                if let Some(at) = open.iter().rposition(|(open, _)| *open == name) {
                    (keep[open[at].1], keep[i]) = (true, true);
                    open.truncate(at);
                }
            }
            Markup::Whole => keep[i] = true,
        }
    }
    keep
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inline(vocabulary: Vocabulary, xml: &str) -> Coded {
        parse(xml, 0..xml.len(), vocabulary, &mut Numbers::default())
            .unwrap()
            .coded
    }

    fn shown(coded: &Coded) -> Vec<(usize, CodeKind, u32, &str)> {
        let codes = coded.codes.iter();
        codes.map(|c| (c.at, c.kind, c.number, &*c.raw)).collect()
    }

    use super::super::model::Flavour;
    use CodeKind::{Alone, Close, Open};
    const FIRST: Vocabulary = Vocabulary::Xliff1(Flavour::Plain);

    #[test]
    fn markup_stands_beside_the_text() {
        let xml = "اضغط <g id=\"1\">حفظ</g><x id='2'/> &amp; <bpt id=\"3\">&lt;b&gt;<sub>t</sub></bpt>ب<ept id=\"3\"/><bx id='9'/>";
        let coded = inline(FIRST, xml);
        assert_eq!(coded.text, "اضغط حفظ & ب");
        assert_eq!(
            shown(&coded),
            [
                (9, Open, 1, "<g id=\"1\">"),
                (15, Close, 1, "</g>"),
                (15, Alone, 2, "<x id='2'/>"),
                (18, Open, 3, "<bpt id=\"3\">&lt;b&gt;<sub>t</sub></bpt>"),
                (20, Close, 3, "<ept id=\"3\"/>"),
                (20, Alone, 4, "<bx id='9'/>"),
            ]
        );
        let again = render(&coded, &[&coded.codes]);
        assert_eq!(again, xml);
    }

    #[test]
    fn source_and_target_share_numbers_by_their_ids() {
        let mut numbers = Numbers::default();
        let xml = "<ph id='1'/>a<ph id='2'/>|<ph id='2'/>ب<ph id='1'/>";
        let middle = xml.find('|').unwrap();
        let mut read = |range| {
            parse(xml, range, Vocabulary::Xliff2, &mut numbers)
                .unwrap()
                .coded
        };
        let source: Vec<_> = read(0..middle).codes.iter().map(|c| c.number).collect();
        let target: Vec<_> = read(middle + 1..xml.len())
            .codes
            .iter()
            .map(|c| c.number)
            .collect();
        assert_eq!((source, target), (vec![1, 2], vec![2, 1]));
    }

    #[test]
    fn what_is_written_is_balanced_and_of_the_slot() {
        let slot = inline(FIRST, "<g id='1'>a</g><x id='2'/>");
        let code = |at, raw: &str| Code {
            at,
            kind: Alone,
            number: 1,
            raw: raw.to_owned(),
        };
        for (codes, xml) in [
            (vec![code(0, "<g id='1'>")], "ن&lt;"),
            (vec![code(0, "</g>"), code(0, "<g id='1'>")], "ن&lt;"),
            (
                vec![code(2, "<x id='2'/>"), code(3, "<x id='2'/>")],
                "ن<x id='2'/>&lt;",
            ),
            (vec![code(0, "<script>"), code(3, "</script>")], "ن&lt;"),
            (
                vec![code(0, "<g id='1'>"), code(3, "</g>")],
                "<g id='1'>ن&lt;</g>",
            ),
        ] {
            let coded = Coded {
                text: "ن<".into(),
                codes,
            };
            assert_eq!(render(&coded, &[&slot.codes]), xml);
        }
    }

    #[test]
    fn a_start_tag_is_told_from_a_whole_element() {
        assert!(markup("<g a='>'>") == Markup::Start("g"));
        assert!(markup("</sdl:g >") == Markup::End("sdl:g"));
        assert!(markup("<ph>x</ph>") == Markup::Whole);
        assert!(markup("<x/>") == Markup::Whole);
    }
}
