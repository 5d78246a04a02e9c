//! JSON Lines: one object a line, the format that keeps everything a unit has.
//!
//! ```json
//! {"ar":"نعم","en":"Yes","doc":"faq","index":4,"author":"huda","created":"2024-03-01T12:00:00Z",
//!  "changed":"2024-03-02T08:30:00Z","state":"reviewed","confidence":0.875,"notes":["short"],"properties":{"client":"x"}}
//! ```
//! (on one line). Inline codes stand beside the texts, each at a byte of the UTF-8 of its text ([`crate::coded`]):
//!
//! ```json
//! {"ar":"نعم","en":"Yes","codes":{"en":[{"at":0,"kind":"open","number":1,"raw":"<b>"},{"at":3,"kind":"close","number":1,"raw":"</b>"}]}}
//! ```
//!
//! Only `ar` and `en` must be there; `null` is as good as nothing. `document`, `position` and `note` (one
//! text) are read as well. A property that occurs more than once is an array of texts. Other keys are kept as properties:
//! a text as it is, another value as its JSON; the first unit that has such a key gets a remark.
//!
//! Rejected, with line and column: what is no JSON object, a key of ours that occurs twice or whose value it can't hold,
//! a blank side, a character that XML can't hold in a segment or a code, codes out of order or out of their text, an unpaired surrogate. An empty line is no unit. Written
//! and read again, a unit is the same but for the order of properties that occur more than once.

use std::collections::HashSet;
use std::fmt;
use std::io::Write;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::columns::{parse_state, parse_time};
use super::error::FormatError;
use super::input::{Input, Line, Lines};
use super::output::Output;
use super::{Record, Sink, UnitWriter, WriteCounts, excerpt, first_forbidden, forbidden_message};
use crate::coded::{Code, Coded};
use crate::diagnostic::{Diagnostic, Location};
use crate::lang::{Lang, Sides};
use crate::score::Confidence;
use crate::unit::{DraftUnit, Origin, UnitView};

/// Reads units into `sink`.
///
/// # Errors
/// The input can't be read.
pub fn read(input: Input, sink: &mut Sink<'_>) -> Result<(), FormatError> {
    let mut lines = Lines::new(input);
    let mut seen = HashSet::new();
    while let Some(line) = lines.next()? {
        let record = match line {
            Line::Rejected(record) => *record,
            Line::Text { text, .. } if text.trim().is_empty() => continue,
            Line::Text { number, text, .. } => match parse(number, text) {
                Err(diagnostic) => Record::Rejected {
                    diagnostic,
                    raw: excerpt(text.as_bytes()),
                },
                Ok((draft, unknown)) => {
                    for key in unknown {
                        if seen.contains(&key) {
                            continue;
                        }
                        let location = Location {
                            line: number,
                            column: 1,
                        };
                        let message = format!("the key `{key}` is kept as a property");
                        let remark = Diagnostic::warning(location, message);
                        if sink(Record::Remark(remark)).is_break() {
                            return Ok(());
                        }
                        seen.insert(key);
                    }
                    Record::Unit(draft)
                }
            },
        };
        if sink(record).is_break() {
            return Ok(());
        }
    }
    Ok(())
}

/// The unit of a line, and the keys that are none of ours.
fn parse(number: u64, line: &str) -> Result<(DraftUnit, Vec<String>), Diagnostic> {
    let fail = |column, message: String| {
        Diagnostic::error(
            Location {
                line: number,
                column,
            },
            message,
        )
    };
    let object: Object = serde_json::from_str(line).map_err(|e| {
        // serde_json counts bytes, and names the place in its message as if the line were all there is.
        let before = line.floor_char_boundary(e.column().saturating_sub(1));
        let message = e.to_string();
        let place = format!(" at line {} column {}", e.line(), e.column());
        let message = message.strip_suffix(&place).unwrap_or(&message);
        fail(
            1 + line[..before].chars().count() as u64,
            message.to_owned(),
        )
    })?;
    for lang in Lang::BOTH {
        if let Some((_, c)) = first_forbidden(object.text.get(lang)) {
            return Err(fail(1, format!("{} in `{lang}`", forbidden_message(c))));
        }
    }
    let Sides { ar, en } = object.codes;
    let side = |lang, text: String, codes: Vec<Code>| {
        if let Some((_, c)) = codes.iter().find_map(|code| first_forbidden(&code.raw)) {
            return Err(fail(
                1,
                format!("{} in a code of `{lang}`", forbidden_message(c)),
            ));
        }
        Coded::new(text, codes).map_err(|fault| fail(1, format!("{fault} in `{lang}`")))
    };
    let ar = side(Lang::Arabic, object.text.ar, ar)?;
    let en = side(Lang::English, object.text.en, en)?;
    DraftUnit::coded(&ar, &en, object.origin)
        .map(|draft| (draft, object.unknown))
        .map_err(|blank| fail(1, blank.to_string()))
}

struct Object {
    text: Sides<String>,
    codes: Sides<Vec<Code>>,
    origin: Origin,
    unknown: Vec<String>,
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `ar` and `en`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut text = Sides { ar: None, en: None };
        let mut origin = Origin::default();
        let mut state = None;
        let mut codes = None;
        let mut unknown = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "ar" => set(&mut map, "ar", &mut text.ar)?,
                "en" => set(&mut map, "en", &mut text.en)?,
                "codes" => set(&mut map, "codes", &mut codes)?,
                "doc" | "document" => set(&mut map, "doc", &mut origin.document)?,
                "index" | "position" => set(&mut map, "index", &mut origin.position)?,
                "author" => set(&mut map, "author", &mut origin.author)?,
                "created" => set_with(&mut map, "created", &mut origin.created, |t: String| {
                    parse_time(&t)
                })?,
                "changed" => set_with(&mut map, "changed", &mut origin.changed, |t: String| {
                    parse_time(&t)
                })?,
                "state" => set_with(&mut map, "state", &mut state, |s: String| parse_state(&s))?,
                "confidence" => {
                    set_with(&mut map, "confidence", &mut origin.confidence, confidence)?;
                }
                "note" => origin.notes.extend(map.next_value::<Option<String>>()?),
                "notes" => {
                    let notes = map.next_value::<Option<Vec<String>>>()?;
                    origin.notes.extend(notes.unwrap_or_default());
                }
                "properties" => {
                    let Properties(properties) =
                        map.next_value::<Option<Properties>>()?.unwrap_or_default();
                    origin.properties.extend(properties);
                }
                _ => {
                    let value = match map.next_value()? {
                        Value::Null => continue,
                        Value::String(text) => text,
                        other => other.to_string(),
                    };
                    unknown.push(key.clone());
                    origin.properties.push((key, value));
                }
            }
        }
        origin.state = state.unwrap_or_default();
        Ok(Object {
            text: Sides {
                ar: text.ar.ok_or_else(|| de::Error::missing_field("ar"))?,
                en: text.en.ok_or_else(|| de::Error::missing_field("en"))?,
            },
            codes: codes.map_or_else(Sides::default, |Codes { ar, en }| Sides { ar, en }),
            origin,
            unknown,
        })
    }
}

/// The inline codes of both texts.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Codes {
    #[serde(default)]
    ar: Vec<Code>,
    #[serde(default)]
    en: Vec<Code>,
}

fn confidence(p: f64) -> Result<Confidence, String> {
    if (0.0..=1.0).contains(&p) {
        Ok(Confidence::from_probability(p))
    } else {
        Err(format!("the confidence {p} is not from 0 to 1"))
    }
}

fn set<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    map: &mut A,
    key: &'static str,
    slot: &mut Option<T>,
) -> Result<(), A::Error> {
    set_with(map, key, slot, Ok)
}

fn set_with<'de, A: MapAccess<'de>, V: Deserialize<'de>, T>(
    map: &mut A,
    key: &'static str,
    slot: &mut Option<T>,
    make: impl FnOnce(V) -> Result<T, String>,
) -> Result<(), A::Error> {
    let value = map.next_value::<Option<V>>()?;
    if slot.is_some() {
        return Err(de::Error::duplicate_field(key));
    }
    *slot = value.map(make).transpose().map_err(de::Error::custom)?;
    Ok(())
}

/// An object whose values are texts or arrays of texts, in its order.
#[derive(Default)]
struct Properties(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PropertiesVisitor;
        impl<'de> Visitor<'de> for PropertiesVisitor {
            type Value = Properties;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut properties = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    match map.next_value()? {
                        Texts::One(value) => properties.push((name, value)),
                        Texts::Many(values) => {
                            properties.extend(values.into_iter().map(|v| (name.clone(), v)));
                        }
                        Texts::Other(_) => {
                            let message = format!("the property `{name}` is no text");
                            return Err(de::Error::custom(message));
                        }
                    }
                }
                Ok(Properties(properties))
            }
        }
        deserializer.deserialize_map(PropertiesVisitor)
    }
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Texts {
    One(String),
    Many(Vec<String>),
    Other(IgnoredAny),
}

/// Writes one object a line.
pub struct JsonlWriter<'w> {
    output: Output<'w>,
    counts: WriteCounts,
}

impl<'w> JsonlWriter<'w> {
    /// A writer of objects with all that units have.
    pub fn new(output: Output<'w>) -> Self {
        Self {
            output,
            counts: WriteCounts::default(),
        }
    }
}

impl UnitWriter for JsonlWriter<'_> {
    fn write(&mut self, unit: UnitView<'_>) -> Result<(), FormatError> {
        let written = serde_json::to_writer(&mut self.output, &Written(unit))
            .map_err(Into::into)
            .and_then(|()| self.output.write_all(b"\n"));
        written.map_err(|e| self.output.write_error(e))?;
        self.counts.units += 1;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<WriteCounts, FormatError> {
        self.output.finish()?;
        Ok(self.counts)
    }
}

struct Written<'u>(UnitView<'u>);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(UnitView {
            text,
            codes,
            origin,
        }) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("ar", &text.ar)?;
        map.serialize_entry("en", &text.en)?;
        if !codes.ar.is_empty() || !codes.en.is_empty() {
            map.serialize_entry("codes", &WrittenCodes(codes))?;
        }
        if let Some(document) = &origin.document {
            map.serialize_entry("doc", document)?;
        }
        if let Some(position) = origin.position {
            map.serialize_entry("index", &position)?;
        }
        if let Some(author) = &origin.author {
            map.serialize_entry("author", author)?;
        }
        if let Some(created) = origin.created {
            map.serialize_entry("created", &created.to_rfc3339())?;
        }
        if let Some(changed) = origin.changed {
            map.serialize_entry("changed", &changed.to_rfc3339())?;
        }
        map.serialize_entry("state", origin.state.name())?;
        if let Some(confidence) = origin.confidence {
            map.serialize_entry("confidence", &confidence.probability())?;
        }
        if !origin.notes.is_empty() {
            map.serialize_entry("notes", &origin.notes)?;
        }
        if !origin.properties.is_empty() {
            map.serialize_entry("properties", &WrittenProperties(&origin.properties))?;
        }
        map.end()
    }
}

/// The sides that have codes.
struct WrittenCodes<'u>(&'u Sides<Vec<Code>>);

impl Serialize for WrittenCodes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sides = Lang::BOTH.map(|lang| (lang.code(), self.0.get(lang)));
        serializer.collect_map(sides.into_iter().filter(|(_, codes)| !codes.is_empty()))
    }
}

struct WrittenProperties<'u>(&'u [(String, String)]);

impl Serialize for WrittenProperties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (i, (name, value)) in self.0.iter().enumerate() {
            if self.0[..i].iter().any(|(earlier, _)| earlier == name) {
                continue;
            }
            let later = self.0[i + 1..].iter().filter(|(later, _)| later == name);
            let mut values = vec![value];
            values.extend(later.map(|(_, value)| value));
            match values[..] {
                [value] => map.serialize_entry(name, value)?,
                _ => map.serialize_entry(name, &values)?,
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin_of(line: &str) -> Origin {
        parse(1, line).unwrap().0.origin
    }

    fn message(line: &str) -> String {
        parse(3, line).unwrap_err().to_string()
    }

    #[test]
    fn all_that_a_unit_has_is_read() {
        let origin = origin_of(
            r#"{"ar":"نعم","en":"Yes","doc":"faq","index":4,"author":"huda","created":"2024-03-01T12:00:00Z",
            "changed":null,"state":"reviewed","confidence":0.875,"notes":["a","b"],"note":"c",
            "properties":{"client":"x","topic":["1","2"]}}"#,
        );
        assert_eq!(origin.document.as_deref(), Some("faq"));
        assert_eq!((origin.position, origin.changed), (Some(4), None));
        assert_eq!(origin.state, crate::unit::UnitState::Reviewed);
        assert_eq!(origin.notes, ["a", "b", "c"]);
        let of = |n: &str, v: &str| (n.to_owned(), v.to_owned());
        assert_eq!(
            origin.properties,
            [of("client", "x"), of("topic", "1"), of("topic", "2")]
        );
    }

    #[test]
    fn codes_are_read_and_written_beside_their_texts() {
        let line = r#"{"ar":"نعم","en":"Yes","codes":{"en":[{"at":0,"kind":"open","number":1,"raw":"<b>"},{"at":3,"kind":"close","number":1}]},"state":"translated"}"#;
        let (draft, unknown) = parse(1, line).unwrap();
        assert!(unknown.is_empty() && draft.codes.ar.is_empty());
        assert_eq!(draft.codes.en[0].raw, "<b>");
        assert_eq!(serde_json::to_string(&Written(draft.view())).unwrap(), line);
        assert_eq!(
            message(&line.replace(r#""at":3"#, r#""at":4"#)),
            "3:1: code 2 lies behind the end of the text in `en`"
        );
    }

    #[test]
    fn unknown_keys_become_properties_with_one_remark_each() {
        let lines = "{\"ar\":\"نعم\",\"en\":\"a\",\"x\":1}\n{\"ar\":\"نعم\",\"en\":\"b\",\"x\":\"t\",\"y\":null}\n";
        let mut records = Vec::new();
        let input = Input::from_reader("x", std::io::Cursor::new(lines)).unwrap();
        read(input, &mut |record| {
            records.push(record);
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
        let [Record::Remark(remark), Record::Unit(a), Record::Unit(b)] = &records[..] else {
            panic!("{records:?}")
        };
        assert_eq!(remark.to_string(), "1:1: the key `x` is kept as a property");
        assert_eq!(a.origin.properties, [("x".to_owned(), "1".to_owned())]);
        assert_eq!(b.origin.properties, [("x".to_owned(), "t".to_owned())]);
    }

    #[test]
    fn mistakes_have_their_place_in_characters() {
        assert_eq!(
            message(r#"{"ar":"نعم""#),
            "3:11: EOF while parsing an object"
        );
        assert_eq!(message(r#"{"en":"x"}"#), "3:10: missing field `ar`");
        assert_eq!(
            message(r#"{"ar":"نعم","ar":"لا","en":"x"}"#),
            "3:21: duplicate field `ar`"
        );
        assert_eq!(
            message(r#"{"ar":" ","en":"x"}"#),
            "3:1: the Arabic side is blank"
        );
        for bad in [
            "[]",
            "x",
            r#"{"ar":"\ud800","en":"x"}"#,
            r#"{"ar":"نعم","en":"\u0000"}"#,
            r#"{"ar":"نعم","en":"x","index":-1}"#,
            r#"{"ar":"نعم","en":"x","confidence":2}"#,
            r#"{"ar":"نعم","en":"x","state":"done"}"#,
            r#"{"ar":"نعم","en":"x","properties":{"a":1}}"#,
            r#"{"ar":"نعم","en":"x"} {}"#,
            r#"{"ar":"نعم","en":"x","codes":{"fr":1}}"#,
            r#"{"ar":"نعم","en":"x","codes":{"ar":[{"at":1,"kind":"alone","number":1}]}}"#,
            r#"{"ar":"نعم","en":"x","codes":{"en":[{"at":2,"kind":"alone","number":1}]}}"#,
        ] {
            message(bad);
        }
    }
}
