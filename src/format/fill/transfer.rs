//! Puts a file's own inline codes into the translation that a match has.
//!
//! The codes of a file and those of a memory are never the same bytes: a file numbers and spells them in its own way. So
//! the target of a match gives the *places*, and the slot gives the codes. Three steps:
//!
//! 1. Codes are grouped into *elements*: a pair of an opening and a closing code, or a code by itself. Elements of the
//!    slot and of the match's source stand for each other by order, where both have the same structure; else by what they
//!    are in their files, then by order. Elements of the match's source and of its target go together by number.
//! 2. An element of the slot stands in the result where its counterpart stands in the match's target. One without a
//!    counterpart that stood at an edge of the slot goes to that edge, a pair around the whole of it around the whole;
//!    any other is put around the whole or at the end, and the result is a guess. Codes of the match that the slot does
//!    not have are dropped.
//! 3. Closing codes wait for the codes that were opened behind theirs, so that the result is nested.
//!
//! Worked example: the slot `<b>Press</b> {1}` and the match `[Push] (x)` → `(x) [اضغط]`. Both sources are a pair and a
//! code by itself, so the result is `{1} <b>اضغط</b>`.
//!
//! Invariants: every code of the slot is in the result once and no other is; pairs open before they close and are nested;
//! the text is the match's with the slot's outer white space. Cost: linear in codes and text.

use std::collections::VecDeque;
use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::coded::{Code, CodeKind, Coded};

/// How sure it is that codes stand where they should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Agreement {
    /// Some code had to be put somewhere.
    Guessed,
    /// The slot's codes are not those of the match's source, but there is one place for each.
    Placed,
    /// The match's source has the codes of the slot, at the same places where the texts are equal.
    Same,
}

/// The match `source` → `target` as a translation of `slot`: the text of `target` with the codes and the outer white space
/// of `slot`.
pub fn transfer(slot: &Coded, source: &Coded, target: &Coded) -> (Coded, Agreement) {
    let (mine, theirs, target) = (slot.trimmed(), source.trimmed(), target.trimmed());
    let (elements, of_source) = (Elements::of(&mine.codes), Elements::of(&theirs.codes));
    let (counterparts, matched) = counterparts(&mine, &elements, &theirs, &of_source);
    let inside = places(&elements, &counterparts, &of_source, &target.codes);
    let (before, behind, put) = unplaced(&mine, &elements, &inside);
    let end = target.text.len();
    let events = before
        .into_iter()
        .map(|code| Event { code, at: 0 })
        .chain(inside)
        .chain(behind.into_iter().map(|code| Event { code, at: end }));
    let (events, crossed) = nested(events, &elements);
    let agreement = matched.min(put);
    (
        in_outer_space(slot, &mine, &target.text, &events),
        if crossed {
            Agreement::Guessed
        } else {
            agreement
        },
    )
}

/// A code of the slot, by its index, and the byte of the target before which it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Event {
    code: usize,
    at: usize,
}

/// The codes of a segment, in pairs where they are pairs.
#[derive(Debug)]
struct Elements<'c> {
    codes: &'c [Code],
    /// The element of each code; elements are numbered in the order in which they begin.
    of_code: Vec<usize>,
    /// The first and the last code of each element; of one that stands by itself they are the same.
    ends: Vec<(usize, usize)>,
}

/// What elements must have in common to stand for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shape {
    Pair,
    /// By itself; an opening or closing code may be so in a damaged segment.
    Single(CodeKind),
}

impl<'c> Elements<'c> {
    fn of(codes: &'c [Code]) -> Self {
        let mut open: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
        let mut of_code = Vec::with_capacity(codes.len());
        let mut ends: Vec<(usize, usize)> = Vec::new();
        for (i, code) in codes.iter().enumerate() {
            let opened = match code.kind {
                CodeKind::Close => open.get_mut(&code.number).and_then(Vec::pop),
                CodeKind::Open | CodeKind::Alone => None,
            };
            let element = opened.unwrap_or(ends.len());
            match opened {
                Some(element) => ends[element].1 = i,
                None => ends.push((i, i)),
            }
            if code.kind == CodeKind::Open {
                open.entry(code.number).or_default().push(element);
            }
            of_code.push(element);
        }
        Self {
            codes,
            of_code,
            ends,
        }
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn is_pair(&self, element: usize) -> bool {
        self.ends[element].0 != self.ends[element].1
    }

    fn first(&self, element: usize) -> &Code {
        &self.codes[self.ends[element].0]
    }

    fn shape(&self, element: usize) -> Shape {
        if self.is_pair(element) {
            Shape::Pair
        } else {
            Shape::Single(self.first(element).kind)
        }
    }

    /// The order and nesting of the elements, and what each is.
    fn structure(&self) -> (&[usize], Vec<Shape>) {
        let shapes = (0..self.len()).map(|element| self.shape(element));
        (&self.of_code, shapes.collect())
    }

    /// The elements in order by what `key` makes of them.
    fn by<K: Eq + Hash>(&self, key: impl Fn(usize) -> Option<K>) -> FxHashMap<K, VecDeque<usize>> {
        let mut map: FxHashMap<K, VecDeque<usize>> = FxHashMap::default();
        for element in 0..self.len() {
            if let Some(key) = key(element) {
                map.entry(key).or_default().push_back(element);
            }
        }
        map
    }
}

/// The element of the match's source that stands for each of the slot.
fn counterparts(
    slot: &Coded,
    mine: &Elements<'_>,
    source: &Coded,
    theirs: &Elements<'_>,
) -> (Vec<Option<usize>>, Agreement) {
    if mine.structure() == theirs.structure() {
        let places = |codes: &[Code]| codes.iter().map(|code| code.at).collect::<Vec<_>>();
        let moved = slot.text == source.text && places(&slot.codes) != places(&source.codes);
        let agreement = if moved {
            Agreement::Guessed
        } else {
            Agreement::Same
        };
        return ((0..mine.len()).map(Some).collect(), agreement);
    }
    let mut agreement = Agreement::Placed;
    let mut found = vec![None; mine.len()];
    let mut used = vec![false; theirs.len()];
    let spelled = |elements: &Elements<'_>, element| {
        let raw = elements.first(element).raw.clone();
        (!raw.is_empty()).then(|| (elements.shape(element), raw))
    };
    let spelled_mine = mine.by(|element| spelled(mine, element));
    let mut spelled_theirs = theirs.by(|element| spelled(theirs, element));
    for (spelling, elements) in spelled_mine {
        let others = spelled_theirs.remove(&spelling).unwrap_or_default();
        if others.len() > 1 || (elements.len() > 1 && !others.is_empty()) {
            agreement = Agreement::Guessed;
        }
        for (element, other) in elements.into_iter().zip(others) {
            found[element] = Some(other);
            used[other] = true;
        }
    }
    let mut left = theirs.by(|other| (!used[other]).then(|| theirs.shape(other)));
    for (element, found) in found.iter_mut().enumerate().filter(|(_, f)| f.is_none()) {
        let next = left
            .get_mut(&mine.shape(element))
            .and_then(VecDeque::pop_front);
        if next.is_some() {
            *found = next;
            agreement = Agreement::Guessed;
        }
    }
    (found, agreement)
}

/// The slot's codes where their counterparts stand in the match's target, in its order.
fn places(
    mine: &Elements<'_>,
    counterparts: &[Option<usize>],
    of_source: &Elements<'_>,
    target: &[Code],
) -> Vec<Event> {
    let of_target = Elements::of(target);
    let key = |elements: &Elements<'_>, e| (elements.shape(e), elements.first(e).number);
    let mut numbered = of_target.by(|element| Some(key(&of_target, element)));
    let mut of_slot = vec![None; of_target.len()];
    let mut by_source = vec![None; of_source.len()];
    for (slot, source) in counterparts.iter().enumerate() {
        if let Some(source) = source {
            by_source[*source] = Some(slot);
        }
    }
    for (source, slot) in by_source.into_iter().enumerate() {
        let element = numbered.get_mut(&key(of_source, source));
        if let Some(element) = element.and_then(VecDeque::pop_front) {
            of_slot[element] = slot;
        }
    }
    let event = |(i, code): (usize, &Code)| {
        let element = of_target.of_code[i];
        let (first, last) = mine.ends[of_slot[element]?];
        let begins = of_target.ends[element].0 == i;
        Some(Event {
            code: if begins { first } else { last },
            at: code.at,
        })
    };
    target.iter().enumerate().filter_map(event).collect()
}

/// Places for the elements that have none: codes to go before the text and behind it, in order.
fn unplaced(
    slot: &Coded,
    mine: &Elements<'_>,
    placed: &[Event],
) -> (Vec<usize>, Vec<usize>, Agreement) {
    let mut is_placed = vec![false; mine.len()];
    for event in placed {
        is_placed[mine.of_code[event.code]] = true;
    }
    let mut agreement = Agreement::Same;
    let (mut before, mut behind) = (Vec::new(), Vec::new());
    let is_first = |code: &Code| code.at == 0;
    let is_last = |code: &Code| code.at == slot.text.len();
    for (i, &element) in mine.of_code.iter().enumerate() {
        if is_placed[element] {
            continue;
        }
        let (first, last) = mine.ends[element];
        let (begin, end) = (&slot.codes[first], &slot.codes[last]);
        let goes_before = is_first(end) || (mine.is_pair(element) && i == first && !is_last(begin));
        let has_a_place = is_first(end) || is_last(begin) || (is_first(begin) && is_last(end));
        agreement = agreement.min(match has_a_place {
            true => Agreement::Placed,
            false => Agreement::Guessed,
        });
        if goes_before {
            before.push(i);
        } else {
            behind.push(i);
        }
    }
    (before, behind, agreement)
}

/// The events with closing codes held back until what was opened behind theirs is closed, and whether any had to be.
fn nested(events: impl Iterator<Item = Event>, elements: &Elements<'_>) -> (Vec<Event>, bool) {
    let mut ordered = Vec::with_capacity(elements.codes.len());
    let mut open: Vec<usize> = Vec::new();
    let mut waits = vec![false; elements.len()];
    let mut crossed = false;
    for event in events {
        let element = elements.of_code[event.code];
        let (first, last) = elements.ends[element];
        if event.code == first && event.code != last {
            open.push(element);
        } else if event.code == last && first != last {
            waits[element] = true;
            crossed |= open.last() != Some(&element);
            while let Some(top) = open.pop_if(|top| waits[*top]) {
                let code = elements.ends[top].1;
                ordered.push(Event { code, ..event });
            }
            continue;
        }
        ordered.push(event);
    }
    (ordered, crossed)
}

/// `text` with the white space around the slot's source, and the slot's codes in it.
fn in_outer_space(slot: &Coded, trimmed: &Coded, text: &str, events: &[Event]) -> Coded {
    let lead = slot.text.len() - slot.text.trim_start().len();
    let tail = &slot.text[lead + trimmed.text.len()..];
    let mut least = 0;
    let codes = events.iter().map(|event| {
        let code = &slot.codes[event.code];
        // A code that stood in the outer white space stays where it was.
        let into_tail = code.at.checked_sub(lead + trimmed.text.len());
        let at = if event.at == 0 && code.at < lead {
            code.at
        } else if let Some(into_tail) = into_tail.filter(|_| event.at == text.len()) {
            lead + text.len() + into_tail
        } else {
            lead + event.at
        };
        least = least.max(at);
        Code {
            at: least,
            ..code.clone()
        }
    });
    let codes = codes.collect();
    Coded {
        text: format!("{}{text}{tail}", &slot.text[..lead]),
        codes,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::format::fill::inline::sample::shown;

    /// A segment in which `[n` opens, `n]` closes and `{n}` stands alone, n being a digit.
    fn coded(notation: &str) -> Coded {
        let mut coded = Coded::default();
        let mut rest = notation;
        while let Some(c) = rest.chars().next() {
            let digit = |at: usize| rest.chars().nth(at).and_then(|c| c.to_digit(10));
            let (kind, number, length) = match (c, digit(0), digit(1)) {
                ('[', _, Some(number)) => (CodeKind::Open, number, 2),
                ('{', _, Some(number)) => (CodeKind::Alone, number, 3),
                (_, Some(number), _) if rest.chars().nth(1) == Some(']') => {
                    (CodeKind::Close, number, 2)
                }
                _ => {
                    coded.text.push(c);
                    rest = &rest[c.len_utf8()..];
                    continue;
                }
            };
            coded.codes.push(Code {
                at: coded.text.len(),
                kind,
                number,
                raw: String::new(),
            });
            rest = &rest[length..];
        }
        coded
    }

    fn transferred(slot: &str, source: &str, target: &str) -> (String, Agreement) {
        let (result, agreement) = transfer(&coded(slot), &coded(source), &coded(target));
        (shown(&result), agreement)
    }

    #[test]
    fn codes_of_the_same_structure_take_the_places_of_the_match() {
        for (slot, source, target, result) in [
            (
                "[1Press1] {2} now",
                "[4Push4] {5} now",
                "الآن {5} [4اضغط4]",
                "الآن {2} [1اضغط1]",
            ),
            ("[1a[2b2]1]", "[1a[2b2]1]", "[2ب2][1أ1]", "[2ب2][1أ1]"),
            ("{1}a{2}", "{1}a{2}", "أ{2}{1}", "أ{2}{1}"),
            ("a", "a", "أ{7}", "أ"),
        ] {
            let expected = (result.to_owned(), Agreement::Same);
            assert_eq!(transferred(slot, source, target), expected, "{slot}");
        }
    }

    #[test]
    fn codes_at_the_edges_have_a_place_without_a_counterpart() {
        for (slot, source, target, result) in [
            ("[1Save1]", "Save", "حفظ", "[1حفظ1]"),
            ("{1}[2Save2]{3}", "Save", "حفظ", "{1}[2حفظ2]{3}"),
            ("[1[2Save2]1]", "Save", "حفظ", "[1[2حفظ2]1]"),
            ("[11]Save[22]", "Save", "حفظ", "[11]حفظ[22]"),
            ("Save", "[1Save1]", "[1حفظ1]", "حفظ"),
        ] {
            let expected = (result.to_owned(), Agreement::Placed);
            assert_eq!(transferred(slot, source, target), expected, "{slot}");
        }
    }

    #[test]
    fn what_has_no_place_is_put_somewhere_and_said_to_be() {
        for (slot, source, target, result) in [
            (
                "Save [1all1] files",
                "Save all files",
                "حفظ كل الملفات",
                "[1حفظ كل الملفات1]",
            ),
            ("Save {1} all", "Save all", "حفظ الكل", "حفظ الكل{1}"),
            ("[1a1] [2b2]", "a b", "أ ب", "[1[2أ ب2]1]"),
            (
                "[1Open1] file",
                "Open [1file1]",
                "افتح [1الملف1]",
                "افتح [1الملف1]",
            ),
            ("[1a[2b2]1]", "[1a[2b2]1]", "[1أ[2ب1]2]", "[1أ[2ب2]1]"),
        ] {
            let expected = (result.to_owned(), Agreement::Guessed);
            assert_eq!(transferred(slot, source, target), expected, "{slot}");
        }
    }

    #[test]
    fn codes_that_are_spelled_alike_go_together_in_any_order() {
        let spelled = |notation: &str, raws: &[&str]| {
            let mut coded = coded(notation);
            for (code, raw) in coded.codes.iter_mut().zip(raws) {
                (*raw).clone_into(&mut code.raw);
            }
            coded
        };
        let slot = spelled("x {1} y [2z2]", &["<br/>", "<i>", "</i>"]);
        let source = spelled("[1z1] w {2} v", &["<i>", "</i>", "<br/>"]);
        let target = spelled("[1ز1] و {2} ف", &["<i>", "</i>", "<br/>"]);
        let (result, agreement) = transfer(&slot, &source, &target);
        assert_eq!(shown(&result), "[2ز2] و {1} ف");
        assert_eq!(agreement, Agreement::Placed);
    }

    #[test]
    fn outer_white_space_is_the_slots() {
        for (slot, target, result) in [
            ("  Save\n", " حفظ", "  حفظ\n"),
            (" {1} Save {2} ", "حفظ", " {1} حفظ {2} "),
            (" [1Save1]\n", "حفظ", " [1حفظ1]\n"),
        ] {
            assert_eq!(transferred(slot, "Save", target).0, result, "{slot:?}");
        }
    }

    /// Any codes: balanced as a file has them, or not.
    fn any_coded(balanced: bool) -> impl Strategy<Value = Coded> {
        let pieces = prop::collection::vec((0..5_u8, 1..4_u32), 0..12);
        (pieces, "[ aن]{0,3}").prop_map(move |(pieces, around)| {
            let mut coded = Coded::default();
            coded.text.push_str(&around);
            let (mut open, mut number) = (Vec::new(), 0);
            let push = |coded: &mut Coded, kind, number| {
                let at = coded.text.len();
                let raw = format!("<{}>", number % 3);
                coded.codes.push(Code {
                    at,
                    kind,
                    number,
                    raw,
                });
            };
            for (what, any) in pieces {
                match what {
                    0 => {
                        number += 1;
                        let number = if balanced { number } else { any };
                        open.push(number);
                        push(&mut coded, CodeKind::Open, number);
                    }
                    1 if balanced => {
                        if let Some(number) = open.pop() {
                            push(&mut coded, CodeKind::Close, number);
                        }
                    }
                    1 => push(&mut coded, CodeKind::Close, any),
                    2 => {
                        number += 1;
                        push(&mut coded, CodeKind::Alone, number);
                    }
                    _ => coded.text.push_str(["ن", "b", " "][any as usize - 1]),
                }
            }
            while let Some(number) = open.pop().filter(|_| balanced) {
                push(&mut coded, CodeKind::Close, number);
            }
            coded.text.push_str(&around);
            coded
        })
    }

    proptest! {
        #[test]
        fn every_code_of_the_slot_is_there_once_and_nested(
            slot in any_coded(true), source in any_coded(false), target in any_coded(false),
        ) {
            let (result, _) = transfer(&slot, &source, &target);
            prop_assert_eq!(result.text.trim(), target.text.trim());
            let result = Coded::new(result.text, result.codes).unwrap();
            let sorted = |coded: &Coded| {
                let mut codes: Vec<_> = coded.codes.iter().map(|c| (c.number, c.kind, c.raw.clone())).collect();
                codes.sort();
                codes
            };
            prop_assert_eq!(sorted(&result), sorted(&slot));
            let mut open = Vec::new();
            for code in &result.codes {
                match code.kind {
                    CodeKind::Open => open.push(code.number),
                    CodeKind::Close => prop_assert_eq!(open.pop(), Some(code.number)),
                    CodeKind::Alone => {}
                }
            }
        }

        #[test]
        fn damaged_codes_are_kept_too(slot in any_coded(false), source in any_coded(true), target in any_coded(true)) {
            let (result, _) = transfer(&slot, &source, &target);
            let result = Coded::new(result.text, result.codes).unwrap();
            prop_assert_eq!(result.codes.len(), slot.codes.len());
        }

        #[test]
        fn a_segment_that_translates_itself_is_itself(slot in any_coded(true)) {
            prop_assume!(!slot.text.trim().is_empty());
            let (result, agreement) = transfer(&slot, &slot, &slot);
            prop_assert_eq!(agreement, Agreement::Same);
            prop_assert_eq!(shown(&result.trimmed()), shown(&slot.trimmed()));
        }
    }
}
