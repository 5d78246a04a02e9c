//! Properties of paragraphs, runs, tables and sections: what is alike, and which way it reads.
//!
//! In a paragraph from right to left Word takes `left` of alignment (`w:jc`) and indents (`w:ind`) for its leading side,
//! so these are right as they are once the paragraph is turned.

use std::ops::Range;

use crate::format::fill::look::children;
use crate::format::fill::splice::Splices;
use crate::format::xml::set_attribute;
use crate::lang::Lang;
use crate::text::arabic::is_arabic_letter;

/// Which way the parts of a document are turned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    pub(super) target: Lang,
    /// The styles make some paragraphs right to left.
    pub(super) styles_have_bidi: bool,
    /// The styles make some runs right to left.
    pub(super) styles_have_rtl: bool,
}

/// Elements that stand behind `w:bidi` in `w:pPr`, in `w:sectPr` and behind `w:bidiVisual` in `w:tblPr`: the schema
/// gives their order.
const BEHIND_IN_PARAGRAPH: &[&str] = &[
    "adjustRightInd",
    "snapToGrid",
    "spacing",
    "ind",
    "contextualSpacing",
    "mirrorIndents",
    "suppressOverlap",
    "jc",
    "textDirection",
    "textAlignment",
    "textboxTightWrap",
    "outlineLvl",
    "divId",
    "cnfStyle",
    "rPr",
    "sectPr",
    "pPrChange",
];
const BEHIND_IN_SECTION: &[&str] = &["rtlGutter", "docGrid", "printerSettings", "sectPrChange"];
const BEHIND_IN_TABLE: &[&str] = &[
    "tblStyleRowBandSize",
    "tblStyleColBandSize",
    "tblW",
    "jc",
    "tblCellSpacing",
    "tblInd",
    "tblBorders",
    "shd",
    "tblLayout",
    "tblCellMar",
    "tblLook",
    "tblCaption",
    "tblDescription",
    "tblPrChange",
];

/// Properties that say which way something reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Paragraph,
    Section,
    Table,
}

impl Kind {
    fn element(self) -> &'static str {
        match self {
            Self::Paragraph => "pPr",
            Self::Section => "sectPr",
            Self::Table => "tblPr",
        }
    }

    fn flag(self) -> &'static str {
        match self {
            Self::Paragraph | Self::Section => "bidi",
            Self::Table => "bidiVisual",
        }
    }

    fn behind(self) -> &'static [&'static str] {
        match self {
            Self::Paragraph => BEHIND_IN_PARAGRAPH,
            Self::Section => BEHIND_IN_SECTION,
            Self::Table => BEHIND_IN_TABLE,
        }
    }
}

impl Turn {
    /// Makes what has these properties read in the direction of the target; `at` is where properties may be put in that
    /// are not there.
    pub(super) fn apply(
        self,
        splices: &mut Splices<'_>,
        text: &str,
        prefix: &str,
        kind: Kind,
        properties: Option<Range<usize>>,
        at: usize,
    ) {
        let flag = kind.flag();
        let on = format!("<{prefix}{flag}/>");
        let off = format!("<{prefix}{flag} {prefix}val=\"0\"/>");
        let is_arabic = self.target == Lang::Arabic;
        let wanted = match (is_arabic, kind) {
            (true, _) => Some(on),
            (false, Kind::Paragraph) if self.styles_have_bidi => Some(off),
            (false, _) => None,
        };
        let element = format!("{prefix}{}", kind.element());
        let Some(range) = properties else {
            if let Some(wanted) = wanted {
                splices.put(at..at, format!("<{element}>{wanted}</{element}>"));
            }
            return;
        };
        let written = &text[range.clone()];
        let children = children(text, range.clone());
        if let Some(child) = children.iter().find(|child| child.name == flag) {
            splices.put(child.range.clone(), wanted.unwrap_or_default());
            return;
        }
        let Some(wanted) = wanted else { return };
        if let Some(body) = written.strip_suffix("/>")
            && children.is_empty()
        {
            splices.put(range, format!("{}>{wanted}</{element}>", body.trim_end()));
            return;
        }
        let next = children
            .iter()
            .find(|child| kind.behind().contains(&child.name));
        let end = range.start + written.rfind("</").unwrap_or(written.len());
        let at = next.map_or(end, |child| child.range.start);
        splices.put(at..at, wanted);
    }

    /// The properties of a run for text of a script, as they are written.
    pub(super) fn run_properties(self, properties: &str, prefix: &str, is_rtl: bool) -> String {
        let mut kept = String::new();
        let mut change = "";
        let mut lang = None;
        let children = children(properties, 0..properties.len());
        let has = |name: &str| children.iter().any(|child| child.name == name);
        for child in &children {
            let written = &properties[child.range.clone()];
            match child.name {
                "rtl" | "cs" => continue,
                "lang" => {
                    lang = Some(written.to_owned());
                    continue;
                }
                "rPrChange" => {
                    change = written;
                    continue;
                }
                _ => kept.push_str(written),
            }
            // Arabic text takes the properties of complex scripts.
            let complex = match child.name {
                "b" => "bCs",
                "i" => "iCs",
                "sz" => "szCs",
                _ => continue,
            };
            if is_rtl && !has(complex) {
                kept.push_str(&written.replacen(child.name, complex, 1));
            }
        }
        if is_rtl {
            kept.push_str(&format!("<{prefix}rtl/>"));
        } else if self.styles_have_rtl {
            kept.push_str(&format!("<{prefix}rtl {prefix}val=\"0\"/>"));
        }
        if let Some(lang) = self.lang(lang, prefix, is_rtl) {
            kept.push_str(&lang);
        }
        kept.push_str(change);
        if kept.is_empty() {
            return String::new();
        }
        format!("<{prefix}rPr>{kept}</{prefix}rPr>")
    }

    /// `w:lang`: Arabic stands in `w:bidi`, English in `w:val`.
    fn lang(self, lang: Option<String>, prefix: &str, is_rtl: bool) -> Option<String> {
        let (attribute, tag) = match (self.target, is_rtl) {
            (Lang::Arabic, true) => ("bidi", "ar-SA"),
            (Lang::English, false) => ("val", "en-US"),
            _ => return lang,
        };
        let name = format!("{prefix}{attribute}");
        let Some(mut lang) = lang else {
            return is_rtl.then(|| format!("<{prefix}lang {name}=\"{tag}\"/>"));
        };
        let value = lang.split_once(&format!("{name}=")).map(|(_, rest)| {
            let quote = rest.chars().next().unwrap_or('"');
            rest.trim_start_matches(quote)
                .split(quote)
                .next()
                .unwrap_or_default()
                .to_owned()
        });
        let named = value.as_deref().and_then(Lang::from_tag);
        if named != Some(self.target) && (is_rtl || named.is_some()) {
            set_attribute(&mut lang, &name, tag);
        }
        Some(lang)
    }
}

/// Cuts text into stretches of one direction: from a letter that is not Arabic to the last such letter before an Arabic
/// one, with the number behind it, and the rest. For each whether it is read from right to left.
pub(super) fn directions(text: &str) -> Vec<(bool, &str)> {
    let mut out = Vec::new();
    let mut from = 0;
    while from < text.len() {
        let rest = &text[from..];
        let is_left = |c: char| c.is_alphabetic() && !is_arabic_letter(c);
        let start = rest.find(is_left).unwrap_or(rest.len());
        if start > 0 {
            out.push((true, &rest[..start]));
        }
        let left = &rest[start..];
        let arabic = left.find(is_arabic_letter).unwrap_or(left.len());
        let letters = left[..arabic].rfind(is_left);
        let letters = letters.map_or(0, |at| left.ceil_char_boundary(at + 1));
        // A number behind a name is part of it: `Windows 11`.
        let number = left[letters..arabic]
            .find(|c: char| !c.is_ascii_digit() && !matches!(c, ' ' | '-' | '.' | '/' | ':' | '_'))
            .map_or(arabic, |at| letters + at);
        let digit = left[letters..number].rfind(|c: char| c.is_ascii_digit());
        let end = digit.map_or(letters, |at| letters + at + 1);
        if end > 0 {
            out.push((false, &left[..end]));
        }
        from += start + end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_where_its_direction_changes() {
        assert_eq!(
            directions("هاتف iPhone 15 Pro، 20 قطعة"),
            [
                (true, "هاتف "),
                (false, "iPhone 15 Pro"),
                (true, "، 20 قطعة")
            ]
        );
        assert_eq!(directions("12 (3)"), [(true, "12 (3)")]);
        assert_eq!(directions("Word 2016"), [(false, "Word 2016")]);
        assert!(directions("").is_empty());
    }

    fn turn(target: Lang) -> Turn {
        Turn {
            target,
            styles_have_bidi: false,
            styles_have_rtl: false,
        }
    }

    #[test]
    fn properties_of_runs_follow_the_script() {
        let english = "<w:rPr><w:b/><w:sz w:val=\"24\"/><w:lang w:val=\"en-GB\"/></w:rPr>";
        assert_eq!(
            turn(Lang::Arabic).run_properties(english, "w:", true),
            "<w:rPr><w:b/><w:bCs/><w:sz w:val=\"24\"/><w:szCs w:val=\"24\"/><w:rtl/>\
             <w:lang w:val=\"en-GB\" w:bidi=\"ar-SA\"/></w:rPr>"
        );
        assert_eq!(
            turn(Lang::Arabic).run_properties(english, "w:", false),
            english
        );
        let arabic = "<w:rPr><w:bCs/><w:rtl/><w:lang w:val=\"ar-EG\" w:bidi=\"ar-EG\"/></w:rPr>";
        assert_eq!(
            turn(Lang::English).run_properties(arabic, "w:", false),
            "<w:rPr><w:bCs/><w:lang w:val=\"en-US\" w:bidi=\"ar-EG\"/></w:rPr>"
        );
        assert_eq!(turn(Lang::English).run_properties("", "w:", false), "");
    }

    #[test]
    fn flags_go_where_the_schema_has_them() {
        let applied = |text: &str, target, kind| {
            let mut splices = Splices::new(text);
            let properties = text.starts_with("<w:").then_some(0..text.len());
            turn(target).apply(&mut splices, text, "w:", kind, properties, 0);
            let mut out = String::new();
            splices.copy(0..text.len(), &mut out);
            out
        };
        use Kind::{Paragraph, Section, Table};
        for (text, kind, expected) in [
            (" ", Paragraph, "<w:pPr><w:bidi/></w:pPr> "),
            ("<w:pPr/>", Paragraph, "<w:pPr><w:bidi/></w:pPr>"),
            (
                "<w:pPr><w:keepNext/><w:jc w:val=\"left\"/></w:pPr>",
                Paragraph,
                "<w:pPr><w:keepNext/><w:bidi/><w:jc w:val=\"left\"/></w:pPr>",
            ),
            (
                "<w:pPr><w:bidi w:val=\"0\"/></w:pPr>",
                Paragraph,
                "<w:pPr><w:bidi/></w:pPr>",
            ),
            (
                "<w:sectPr a=\"1\"><w:cols/></w:sectPr>",
                Section,
                "<w:sectPr a=\"1\"><w:cols/><w:bidi/></w:sectPr>",
            ),
            (
                "<w:tblPr><w:tblStyle/><w:tblW/></w:tblPr>",
                Table,
                "<w:tblPr><w:tblStyle/><w:bidiVisual/><w:tblW/></w:tblPr>",
            ),
        ] {
            assert_eq!(applied(text, Lang::Arabic, kind), expected);
        }
        let back = applied("<w:pPr><w:bidi/><w:jc/></w:pPr>", Lang::English, Paragraph);
        assert_eq!(back, "<w:pPr><w:jc/></w:pPr>");
    }
}
