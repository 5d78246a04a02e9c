//! Which way a page reads: `lang` and `dir` of a page that is filled in another language.

use super::scan::{Attribute, DirectedTag, Rank, Scanned};
use crate::format::fill::splice::Splices;
use crate::lang::Lang;

/// Makes a page of the other language one of `target`.
///
/// `<html>` gets both attributes; a fragment's outermost blocks get them where the target is Arabic, since a page reads
/// from left to right by itself. Elsewhere attributes that name the source's language or direction are turned, `dir`
/// only on blocks: inside a line it sets off what keeps its direction, such as a telephone number.
pub(super) fn turn(text: &str, scanned: &Scanned, target: Lang, splices: &mut Splices<'_>) {
    let has_root = scanned.directed.iter().any(|tag| tag.rank == Rank::Root);
    for tag in &scanned.directed {
        let is_top = tag.rank == Rank::Root || (tag.rank == Rank::Outermost && !has_root);
        let asks_for_both = is_top && (target == Lang::Arabic || (tag.rank == Rank::Root));
        let mut edit = TagEdit {
            text,
            tag,
            inserted: String::new(),
            splices,
        };
        edit.lang(target, asks_for_both);
        edit.dir(target, asks_for_both && target == Lang::Arabic, is_top);
        let inserted = edit.inserted;
        if !inserted.is_empty() {
            splices.put(tag.name_end..tag.name_end, inserted);
        }
    }
}

/// The value of `dir` for a language.
fn direction(lang: Lang) -> &'static str {
    match lang {
        Lang::Arabic => "rtl",
        Lang::English => "ltr",
    }
}

struct TagEdit<'a, 't> {
    text: &'a str,
    tag: &'a DirectedTag,
    inserted: String,
    splices: &'a mut Splices<'t>,
}

impl TagEdit<'_, '_> {
    fn lang(&mut self, target: Lang, is_wanted: bool) {
        let mut found = false;
        for attribute in self.tag.attributes.iter().filter(|a| a.name != "dir") {
            found |= attribute.name == "lang";
            let value = &self.text[attribute.value.clone()];
            let named = Lang::from_tag(value);
            let is_source = named == Some(target.other());
            if is_source || (is_wanted && named != Some(target)) {
                self.set(attribute, target.code());
            }
        }
        if is_wanted && !found {
            self.inserted
                .push_str(&format!(" lang=\"{}\"", target.code()));
        }
    }

    fn dir(&mut self, target: Lang, is_wanted: bool, is_top: bool) {
        let Some(attribute) = self.tag.attributes.iter().find(|a| a.name == "dir") else {
            if is_wanted {
                self.inserted
                    .push_str(&format!(" dir=\"{}\"", direction(target)));
            }
            return;
        };
        let value = self.text[attribute.value.clone()].trim();
        let is_source = value.eq_ignore_ascii_case(direction(target.other()));
        let is_target = value.eq_ignore_ascii_case(direction(target));
        let is_block = is_top || self.tag.rank != Rank::Inline;
        if (is_source && is_block) || (is_wanted && !is_target) {
            self.set(attribute, direction(target));
        }
    }

    fn set(&mut self, attribute: &Attribute, value: &str) {
        if attribute.value.is_empty() {
            let range = attribute.name_range.end..attribute.assigned.end;
            self.splices.put(range, format!("=\"{value}\""));
        } else {
            self.splices.put(attribute.value.clone(), value.to_owned());
        }
    }
}
