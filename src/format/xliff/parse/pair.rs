//! Which mark of a target translates which of the source.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::super::model::{Element, Segment, Unit};

/// The segments of a unit by the marks of its source and its target: those of one `mid` belong together, several of one
/// `mid` in their order.
pub(super) fn paired(
    text: &str,
    unit: &mut Unit,
    [sources, targets]: [Vec<Element>; 2],
    seg_defs: Vec<Element>,
) -> Vec<Segment> {
    let whole = unit
        .target
        .as_ref()
        .filter(|target| targets.is_empty() && !text[target.content.clone()].trim().is_empty());
    unit.uncut_target = whole.is_some() && sources.len() > 1;
    let whole = whole.filter(|_| sources.len() == 1).cloned();
    let target_place = unit
        .target
        .as_ref()
        .map_or(unit.target_place, |target| target.content.end);
    let mut targets = by_attribute(targets, "mid");
    let seg_defs = by_attribute(seg_defs, "id");
    let segment = |mark: Element| {
        let id = mark.attributes.get("mid").map(str::to_owned);
        let target = targets.get_mut(&id).and_then(VecDeque::pop_front);
        let seg_def = seg_defs.get(&id).and_then(VecDeque::front);
        Segment {
            id,
            source: mark.clone(),
            element: Some(mark),
            target: target.or_else(|| whole.clone()),
            target_place,
            seg_def: seg_def.cloned(),
        }
    };
    sources.into_iter().map(segment).collect()
}

/// Elements by an attribute, those of one value in their order.
fn by_attribute(
    elements: Vec<Element>,
    name: &str,
) -> FxHashMap<Option<String>, VecDeque<Element>> {
    let mut by_value: FxHashMap<_, VecDeque<Element>> = FxHashMap::default();
    for element in elements {
        let value = element.attributes.get(name).map(str::to_owned);
        by_value.entry(value).or_default().push_back(element);
    }
    by_value
}
