//! White space between the codes at a segment's ends and its text, `<bpt…/> Text`, which is no part of a unit's text.
//!
//! It is kept as a property beside the unit, with `*` for each code and `|` for the text, and put back when the unit is
//! written: `* |` is a code and a space in front of the text, `|  *` two spaces and a code behind it. What stands outside
//! of all codes is dropped.

use crate::coded::{Code, Coded};

const CODE: char = '*';
const TEXT: char = '|';

/// The white space at the ends of a segment; `None` where no code stands outside of any.
pub(super) fn of(segment: &Coded) -> Option<String> {
    if segment.codes.is_empty() {
        return None;
    }
    let Coded { text, codes } = segment;
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len();
    if start >= end || (start == 0 && end == text.len()) {
        return None;
    }
    let (before, rest) = codes.split_at(codes.partition_point(|code| code.at <= start));
    let behind = &rest[rest.partition_point(|code| code.at < end)..];
    let edge = |from: usize, to: usize, codes: &[Code]| {
        let mut edge = String::new();
        let mut at = from;
        for code in codes {
            edge.push_str(&text[at..code.at]);
            edge.push(CODE);
            at = code.at;
        }
        edge + &text[at..to]
    };
    let before = edge(0, start, before);
    let behind = edge(end, text.len(), behind);
    let before = before.find(CODE).map_or("", |from| &before[from..]);
    let behind = behind.rfind(CODE).map_or("", |to| &behind[..=to]);
    let has_space = [before, behind].concat().contains(char::is_whitespace);
    has_space.then(|| format!("{before}{TEXT}{behind}"))
}

/// The segment with its white space again; `None` where the property says it of another one.
pub(super) fn put_back(text: &str, codes: &[Code], property: &str) -> Option<Coded> {
    let (before, behind) = property.split_once(TEXT)?;
    let is_edge = |edge: &str| edge.chars().all(|c| c == CODE || c.is_whitespace());
    let count = |edge: &str| edge.matches(CODE).count();
    let in_text = codes.len().checked_sub(count(before) + count(behind))?;
    let (first, rest) = codes.split_at(count(before));
    let (inner, last) = rest.split_at(in_text);
    let fits = is_edge(before)
        && is_edge(behind)
        && first.iter().all(|code| code.at == 0)
        && last.iter().all(|code| code.at == text.len());
    if !fits {
        return None;
    }
    let mut out = Coded::default();
    let push_edge = |out: &mut Coded, edge: &str, codes: &[Code]| {
        let mut codes = codes.iter();
        for c in edge.chars() {
            match c {
                CODE => out.codes.extend(codes.next().map(|code| Code {
                    at: out.text.len(),
                    ..code.clone()
                })),
                space => out.text.push(space),
            }
        }
    };
    push_edge(&mut out, before, first);
    let start = out.text.len();
    out.text.push_str(text);
    out.codes.extend(inner.iter().map(|code| Code {
        at: start + code.at,
        ..code.clone()
    }));
    push_edge(&mut out, behind, last);
    Some(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::coded::CodeKind;

    fn coded(written: &str) -> Coded {
        let mut coded = Coded::default();
        for c in written.chars() {
            match c {
                '*' => coded.codes.push(Code {
                    at: coded.text.len(),
                    kind: CodeKind::Alone,
                    number: coded.codes.len() as u32,
                    raw: "<ph/>".to_owned(),
                }),
                c => coded.text.push(c),
            }
        }
        coded
    }

    #[test]
    fn white_space_inside_of_codes_is_kept() {
        for (written, property) in [
            ("* نعم", Some("* |")),
            ("نعم\u{A0} *", Some("|\u{A0} *")),
            ("  *\n* نعم * لا*  ", Some("*\n* |*")),
            ("نعم", None),
            (" *نعم* ", None),
            (" نعم * لا ", None),
            (" * ", None),
        ] {
            assert_eq!(of(&coded(written)).as_deref(), property, "{written:?}");
        }
        let unit = coded("نعم*");
        assert_eq!(put_back(&unit.text, &unit.codes, "* |"), None);
        assert_eq!(put_back(&unit.text, &unit.codes, "**|"), None);
        assert_eq!(put_back(&unit.text, &unit.codes, "x|*"), None);
    }

    proptest! {
        #[test]
        fn it_comes_back(written in "[ *\u{A0}]{0,4}[a\u{643} *]{0,6}[ *\u{A0}]{0,4}") {
            let coded = coded(&written);
            if let Some(property) = of(&coded) {
                let trimmed = coded.trimmed();
                let again = put_back(&trimmed.text, &trimmed.codes, &property).unwrap();
                let shown = |coded: &Coded| {
                    let mut shown = coded.text.clone();
                    for code in coded.codes.iter().rev() {
                        shown.insert(code.at, CODE);
                    }
                    shown.trim().to_owned()
                };
                prop_assert_eq!(shown(&again), shown(&coded));
            }
        }
    }
}
