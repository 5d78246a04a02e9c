//! Attributes that a unit and its variants say differently.
//!
//! TMX has the same history on a `tu` and on each `tuv`, and a unit of the memory has it once: of the target's variant,
//! else of the `tu`, else of the source's variant. What the other levels say otherwise is carried as properties and written
//! where it was:
//!
//! ```text
//! <tu creationid="U">                         author   T
//!   <tuv xml:lang="en" creationid="S">   ⇄    property x-tu-creationid      U
//!   <tuv xml:lang="ar" creationid="T">        property x-tuv-en-creationid  S
//! ```
//!
//! So are the attributes of a variant that are none of its history, such as `usagecount`, where the unit has others.

use super::parse::{History, Property, Unit, Variant};
use crate::lang::{Lang, Sides};
use crate::unit::{Origin, UnixSeconds};

/// Attributes of a `tuv` in TMX 1.4b, but for its language.
const OF_VARIANT: [&str; 11] = [
    "creationid",
    "creationdate",
    "changeid",
    "changedate",
    "usagecount",
    "lastusagedate",
    "datatype",
    "o-tmf",
    "o-encoding",
    "creationtool",
    "creationtoolversion",
];

/// The property that keeps an attribute of the `tu`.
fn of_unit(attribute: &str) -> String {
    format!("x-tu-{attribute}")
}

/// The property that keeps an attribute of the variant in that language.
fn of_variant(lang: Lang, attribute: &str) -> String {
    format!("x-tuv-{lang}-{attribute}")
}

/// Adds to `origin`, which has all that was read of the unit, what its levels say otherwise. `source` is the language of
/// the source's variant.
pub(super) fn keep(unit: &Unit, pair: Sides<&Variant>, source: Lang, origin: &mut Origin) {
    let mut kept: Vec<Property> = Vec::new();
    let mut unit_says: Vec<&str> = Vec::new();
    for (attribute, value) in unit.history.attributes() {
        if !says(origin, attribute, value) {
            kept.push((of_unit(attribute), value.to_owned()));
            unit_says.push(attribute);
        }
    }
    let is_kept = |attribute: &str| unit_says.contains(&attribute);
    for lang in Lang::BOTH {
        let is_target = lang != source;
        let variant = pair.get(lang);
        let history = variant.history.attributes();
        let history = history.map(|(name, value)| -> (&str, &str) { (name, value) });
        let carried = variant.carried.iter();
        let carried = carried.map(|(name, value)| (name.as_str(), value.as_str()));
        for (attribute, value) in history.chain(carried) {
            // The target's own is the unit's, and goes back to it where the `tu` says otherwise.
            let is_said = says(origin, attribute, value) && (is_target || !is_kept(attribute));
            if OF_VARIANT.contains(&attribute) && !is_said {
                kept.push((of_variant(lang, attribute), value.to_owned()));
            }
        }
    }
    // Which variant's history comes first depends on the source.
    let is_told = origin.properties.iter().any(|(name, _)| name == "srclang");
    if !kept.is_empty() && source != Lang::English && !is_told {
        kept.push(("srclang".to_owned(), source.code().to_owned()));
    }
    origin.properties.append(&mut kept);
}

/// Whether the unit says the same of itself.
fn says(origin: &Origin, attribute: &str, value: &str) -> bool {
    let time = UnixSeconds::parse(value);
    let is_property = || {
        let mut properties = origin.properties.iter();
        properties.any(|(name, carried)| name == attribute && carried == value)
    };
    match attribute {
        "creationid" => origin.author.as_deref() == Some(value),
        "creationdate" if time.is_some() => origin.created == time,
        "changedate" if time.is_some() => origin.changed == time,
        _ => is_property(),
    }
}

/// What the levels of a unit are to say of their own, taken out of the properties that are to be written.
pub(super) struct Levels<'p> {
    properties: Vec<&'p Property>,
    target: Lang,
}

impl<'p> Levels<'p> {
    pub(super) fn take_from(properties: &mut Vec<&'p Property>) -> Self {
        let tag = properties.iter().find(|(name, _)| name == "srclang");
        let source = tag.and_then(|(_, tag)| Lang::from_tag(tag));
        let (kept, others) = std::mem::take(properties)
            .into_iter()
            .partition(|(name, _)| is_kept(name));
        *properties = others;
        Self {
            properties: kept,
            target: source.map_or(Lang::Arabic, Lang::other),
        }
    }

    fn find(&self, name: &str) -> Option<&'p str> {
        let mut properties = self.properties.iter();
        let found = properties.find(|(property, _)| property == name);
        found.map(|(_, value)| value.as_str())
    }

    /// What the `tu` says in an attribute of its history, where that is `value` of the unit.
    pub(super) fn of_unit<'v>(&self, attribute: &str, value: Option<&'v str>) -> Option<&'v str>
    where
        'p: 'v,
    {
        self.find(&of_unit(attribute)).or(value)
    }

    /// The attributes of a variant, where `history` is the unit's. The target's has what the `tu` says otherwise.
    pub(super) fn of_variant(
        &self,
        lang: Lang,
        history: &[(&'static str, Option<String>)],
    ) -> Vec<(&'static str, String)> {
        let value = |attribute: &'static str| {
            let own = self.find(&of_variant(lang, attribute)).map(str::to_owned);
            let of_history = || {
                let is_other = self.find(&of_unit(attribute)).is_some();
                let mut history = history.iter();
                let found = history.find(|(name, _)| *name == attribute);
                found
                    .filter(|_| is_other && lang == self.target)
                    .and_then(|(_, value)| value.clone())
            };
            Some((attribute, own.or_else(of_history)?))
        };
        OF_VARIANT.into_iter().filter_map(value).collect()
    }
}

/// Whether a property is one of those of [`keep`].
fn is_kept(name: &str) -> bool {
    let of_unit = name
        .strip_prefix("x-tu-")
        .is_some_and(|attribute| History::NAMES.contains(&attribute));
    of_unit
        || Lang::BOTH.into_iter().any(|lang| {
            let attribute = name.strip_prefix(&*of_variant(lang, ""));
            attribute.is_some_and(|attribute| OF_VARIANT.contains(&attribute))
        })
}
