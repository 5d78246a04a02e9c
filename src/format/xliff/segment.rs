//! What a segment says: its text and codes on both sides, and how far its translation has come.
//!
//! | vocabulary | locked | confirmed | draft |
//! | --- | --- | --- | --- |
//! | XLIFF 1.2 | `translate="no"` | `approved="yes"`, or `state` `translated`, `signed-off`, `final`, or neither of the two attributes | everything else |
//! | SDLXLIFF | `locked`, `translate="no"` | `conf` `Translated`, `Approved…` | everything else |
//! | MQXLIFF, MXLIFF | `locked` | memoQ's `status` `…Confirmed`, `Proofread`; Phrase's `confirmed="1"` | everything else |
//! | XLIFF 2 | `translate="no"` | `state` `translated`, `reviewed`, `final` | everything else, since `initial` is the default |
//! | TTX, TXML | | TTX `MatchPercent` 100 and more, `Origin="manual"`; TXML without `score` or with 100 | everything else |

use super::inline::{self, Inline, Numbers};
use super::model::{Element, Flavour, Parsed, Segment, Unit, Vocabulary};
use crate::format::fill::SlotState;
use crate::format::xml::Mistake;
use crate::unit::UnitState;

/// A segment as it reads.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) source: Inline,
    /// `None` where it has no target, or one without text and codes.
    pub(super) target: Option<Inline>,
    pub(super) state: SlotState,
    pub(super) unit_state: UnitState,
}

impl Parsed {
    /// Reads the segments of a unit.
    pub(super) fn read<'p>(
        &'p self,
        text: &'p str,
        unit: &'p Unit,
    ) -> impl Iterator<Item = (&'p Segment, Result<Read, Mistake>)> {
        let mut numbers = Numbers::default();
        self.segments[unit.segments.clone()]
            .iter()
            .map(move |segment| {
                (
                    segment,
                    self.read_segment(text, unit, segment, &mut numbers),
                )
            })
    }

    fn read_segment(
        &self,
        text: &str,
        unit: &Unit,
        segment: &Segment,
        numbers: &mut Numbers,
    ) -> Result<Read, Mistake> {
        if segment.source.tag.is_empty() {
            return Err(Mistake {
                offset: unit.range.start,
                message: "there is no `<source>`".to_owned(),
            });
        }
        let mut side = |element: &Element| {
            inline::parse(text, element.content.clone(), self.vocabulary, numbers)
        };
        let source = side(&segment.source)?;
        let target = segment.target.as_ref().map(&mut side).transpose()?;
        let is_something =
            |t: &Inline| !t.coded.text.trim().is_empty() || !t.coded.codes.is_empty();
        let target = target.filter(is_something);
        let unit_state = self.unit_state(unit, segment);
        let state = if unit.frozen || self.is_locked(unit, segment) {
            SlotState::Locked
        } else if target.is_none() {
            SlotState::Untranslated
        } else if unit_state.is_some() {
            SlotState::Confirmed
        } else {
            SlotState::Draft
        };
        Ok(Read {
            source,
            target,
            state,
            unit_state: unit_state.unwrap_or(UnitState::Initial),
        })
    }

    fn is_locked(&self, unit: &Unit, segment: &Segment) -> bool {
        let is = |element: &Element| {
            let locked = element.attributes.find("locked");
            locked.is_some_and(|(_, value)| matches!(value, "true" | "1" | "locked" | "yes"))
        };
        match self.vocabulary {
            Vocabulary::Xliff1(Flavour::Plain) => false,
            Vocabulary::Xliff1(_) => is(&unit.element) || segment.seg_def.as_ref().is_some_and(is),
            _ => false,
        }
    }

    /// The state of a translation that somebody stands for; `None` for one that nobody does.
    fn unit_state(&self, unit: &Unit, segment: &Segment) -> Option<UnitState> {
        use UnitState::{Final, Reviewed, Translated};
        let of_unit = |name: &str| unit.element.attributes.find(name).map(|(_, value)| value);
        // A unit that calls itself the second version with the elements of the first has the states of the first.
        let vocabulary = match self.vocabulary {
            Vocabulary::Xliff2 if unit.source.is_some() => Vocabulary::Xliff1(Flavour::Plain),
            vocabulary => vocabulary,
        };
        match vocabulary {
            Vocabulary::Xliff1(Flavour::Trados)
                if segment.seg_def.is_some() || unit.seg_defs.is_some() =>
            {
                let conf = segment
                    .seg_def
                    .as_ref()
                    .and_then(|def| def.attributes.get("conf"));
                match conf? {
                    "Translated" => Some(Translated),
                    "ApprovedTranslation" => Some(Reviewed),
                    "ApprovedSignOff" => Some(Final),
                    _ => None,
                }
            }
            Vocabulary::Xliff1(Flavour::MemoQ) if of_unit("status").is_some() => {
                match of_unit("status")? {
                    "ManuallyConfirmed" => Some(Translated),
                    "Proofread" => Some(Reviewed),
                    _ => None,
                }
            }
            Vocabulary::Xliff1(Flavour::Phrase) if of_unit("confirmed").is_some() => {
                (of_unit("confirmed")? == "1").then_some(Translated)
            }
            Vocabulary::Xliff1(_) => {
                let target = unit.target.as_ref();
                let state = target.and_then(|target| target.attributes.get("state"));
                match (state, of_unit("approved")) {
                    (Some("final"), _) | (None, Some("yes")) => Some(Final),
                    (Some("signed-off"), _) => Some(Reviewed),
                    (Some("translated"), _) | (Some(_), Some("yes")) | (None, None) => {
                        Some(Translated)
                    }
                    _ => None,
                }
            }
            Vocabulary::Xliff2 => {
                let element = segment.element.as_ref()?;
                match element.attributes.get("state")? {
                    "translated" => Some(Translated),
                    "reviewed" => Some(Reviewed),
                    "final" => Some(Final),
                    _ => None,
                }
            }
            Vocabulary::Ttx => {
                let percent = of_unit("MatchPercent").and_then(|p| p.parse::<u32>().ok());
                let sure = percent.is_some_and(|p| p >= 100) || of_unit("Origin") == Some("manual");
                sure.then_some(Translated)
            }
            Vocabulary::Txml => {
                let target = unit.target.as_ref()?;
                let score = target
                    .attributes
                    .get("score")
                    .and_then(|s| s.parse::<f64>().ok());
                score
                    .is_none_or(|score| score >= 100.0)
                    .then_some(Translated)
            }
        }
    }

    /// What tells equal sources apart: the unit's name, else its `id`.
    pub(super) fn key(unit: &Unit) -> Option<String> {
        let attributes = &unit.element.attributes;
        let names = ["resname", "name", "id", "segmentId"];
        names
            .iter()
            .find_map(|name| attributes.get(name))
            .map(str::to_owned)
    }
}
