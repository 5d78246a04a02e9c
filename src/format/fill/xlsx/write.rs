//! Writes the parts of a workbook with its slots filled.

use std::borrow::Cow;

use super::scan::{CellText, Item};
use super::{Place, PlaceText, SheetPart, Xlsx};
use crate::coded::{CodeKind, Coded};
use crate::format::fill::Filling;
use crate::format::fill::inline::{Step, settle};
use crate::format::fill::look::{self, WHOLE};
use crate::format::fill::splice::Splices;
use crate::format::xml::{push_escaped, remove_attribute, set_attribute};
use crate::lang::Lang;

/// The parts that change, each with its name.
pub(super) fn parts<'x>(
    file: &'x Xlsx,
    fillings: &[Filling],
    target: Option<Lang>,
) -> Vec<(&'x str, String)> {
    let mut sheets: Vec<Splices<'_>> = file.sheets.iter().map(|s| Splices::new(&s.text)).collect();
    let mut is_filled = vec![false; sheets.len()];
    let mut shared = file
        .shared
        .as_ref()
        .map(|shared| Splices::new(&shared.text));
    let mut added = String::new();
    let mut count = file.shared.as_ref().map_or(0, |shared| shared.items.len());
    let prefix = file.shared.as_ref().map_or("", |shared| {
        let name = shared.text[shared.root.start + 1..]
            .split([' ', '>', '/', '\n', '\r', '\t'])
            .next();
        name.and_then(|name| name.strip_suffix("sst")).unwrap_or("")
    });
    for (place, filling) in file.places.iter().zip(fillings) {
        let Some(translation) = &filling.target else {
            continue;
        };
        for (sheet, _) in &place.cells {
            is_filled[*sheet] = true;
        }
        let Some(&(sheet, cell)) = place.cells.first() else {
            continue;
        };
        let part = &file.sheets[sheet];
        let Some((text, item)) = file.item(part, &part.sheet.cells[cell]) else {
            continue;
        };
        match place.text {
            PlaceText::Inline => {
                let written = written(place, item, text, &part.sheet.prefix, translation);
                sheets[sheet].put(item.inner.clone(), written);
            }
            PlaceText::Shared {
                is_split: false, ..
            } => {
                let written = written(place, item, text, prefix, translation);
                if let Some(shared) = &mut shared {
                    shared.put(item.inner.clone(), written);
                }
            }
            PlaceText::Shared { is_split: true, .. } => {
                let written = written(place, item, text, prefix, translation);
                added.push_str(&format!("<{prefix}si>{written}</{prefix}si>"));
                for &(sheet, cell) in &place.cells {
                    if let CellText::Shared { number, .. } =
                        &file.sheets[sheet].sheet.cells[cell].text
                    {
                        sheets[sheet].put(number.clone(), count.to_string());
                    }
                }
                count += 1;
            }
        }
    }
    let mut out = Vec::new();
    if let (Some(part), Some(mut splices)) = (&file.shared, shared) {
        if !added.is_empty() {
            let mut root = part.text[part.root.clone()].to_owned();
            if root.contains("uniqueCount") {
                set_attribute(&mut root, "uniqueCount", &count.to_string());
            }
            splices.put(part.root.clone(), root);
            splices.put(part.end..part.end, added);
        }
        out.extend(changed(&part.part, &part.text, &splices));
    }
    for ((part, mut splices), is_filled) in file.sheets.iter().zip(sheets).zip(is_filled) {
        if let Some(target) = target.filter(|_| is_filled) {
            turn(part, target, &mut splices);
        }
        out.extend(changed(&part.part, &part.text, &splices));
    }
    out
}

fn changed<'p>(part: &'p str, text: &str, splices: &Splices<'_>) -> Option<(&'p str, String)> {
    if splices.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    splices.copy(0..text.len(), &mut out);
    Some((part, out))
}

/// Makes a sheet read in the direction of the target.
fn turn(part: &SheetPart, target: Lang, splices: &mut Splices<'_>) {
    let is_arabic = target == Lang::Arabic;
    let prefix = &part.sheet.prefix;
    for view in &part.sheet.views {
        let mut tag = part.text[view.clone()].to_owned();
        if is_arabic {
            set_attribute(&mut tag, "rightToLeft", "1");
        } else {
            remove_attribute(&mut tag, "rightToLeft");
        }
        if tag != part.text[view.clone()] {
            splices.put(view.clone(), tag);
        }
    }
    if part.sheet.views.is_empty() && is_arabic {
        let at = part.sheet.views_at;
        splices.put(
            at..at,
            format!(
                "<{prefix}sheetViews><{prefix}sheetView rightToLeft=\"1\" workbookViewId=\"0\"/></{prefix}sheetViews>"
            ),
        );
    }
}

/// What the element of a text holds with that translation.
fn written(place: &Place, item: &Item, text: &str, prefix: &str, translation: &Coded) -> String {
    let format_of = |pair: u32| {
        let at = place.formats.binary_search_by_key(&pair, |format| format.0);
        at.ok().map(|at| place.formats[at].1)
    };
    let base = format_of(WHOLE).unwrap_or(0);
    let mut formats = vec![base];
    let mut stretches: Vec<(usize, &str)> = Vec::new();
    for step in settle(&place.built, translation) {
        match step {
            Step::Text(text) => stretches.push((formats.last().copied().unwrap_or(base), text)),
            Step::Code(code) => {
                let piece = &place.pieces[place.built.pieces[code]];
                match (place.built.coded.codes[code].kind, &piece.place) {
                    (CodeKind::Open, look::Place::Format { run, .. }) => formats.push(*run),
                    (CodeKind::Close, _) => drop(formats.pop()),
                    _ => {}
                }
            }
        }
    }
    let is_rich = item
        .runs
        .iter()
        .any(|run| run.range != run.tag || run.properties.is_some());
    let mut out = String::new();
    let push_text = |out: &mut String, text: &str| {
        out.push_str(&format!("<{prefix}t xml:space=\"preserve\">"));
        push_escaped(out, text);
        out.push_str(&format!("</{prefix}t>"));
    };
    let [before, behind] = &place.edges;
    if !is_rich {
        push_text(&mut out, &format!("{before}{}{behind}", translation.text));
        return out;
    }
    let mut stretches: Vec<(usize, Cow<'_, str>)> = stretches
        .into_iter()
        .map(|(run, stretch)| (run, Cow::Borrowed(stretch)))
        .collect();
    if let Some((_, first)) = stretches.first_mut() {
        first.to_mut().insert_str(0, before);
    }
    if let Some((_, last)) = stretches.last_mut() {
        last.to_mut().push_str(behind);
    }
    for (run, stretch) in &stretches {
        let properties = item.runs.get(*run).and_then(|run| run.properties.clone());
        let properties = properties.map_or("", |range| &text[range]);
        out.push_str(&format!("<{prefix}r>{properties}"));
        push_text(&mut out, stretch);
        out.push_str(&format!("</{prefix}r>"));
    }
    if out.is_empty() {
        push_text(&mut out, "");
    }
    out
}
