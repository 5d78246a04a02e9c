//! Which units an export takes.
//!
//! A unit passes where it passes every condition; of several values for one condition one is enough. What a unit does not
//! have, such as a date or an author, passes no condition about it.

use regex::Regex;

use crate::lang::Lang;
use crate::matching::penalty::DocumentPattern;
use crate::score::Confidence;
use crate::text::fold::fold;
use crate::unit::{SessionId, TranslationUnit, UnitState, UnixSeconds};

/// Conditions that units must meet; the default is none.
#[derive(Clone, Debug, Default)]
pub struct UnitFilter {
    /// Names of documents.
    pub documents: Vec<DocumentPattern>,
    /// The sessions that brought the occurrence.
    pub sessions: Vec<SessionId>,
    /// Authors, upper and lower case told apart.
    pub authors: Vec<String>,
    /// Last changed, or made where nobody changed it, at this time or later.
    pub since: Option<UnixSeconds>,
    /// Last changed, or made where nobody changed it, before this time.
    pub before: Option<UnixSeconds>,
    /// States.
    pub states: Vec<UnitState>,
    /// The least confidence of what was aligned. Units that nobody aligned pass.
    pub min_confidence: Option<Confidence>,
    /// Texts on either side.
    pub texts: Vec<TextPattern>,
}

/// What to look for in a segment.
#[derive(Clone, Debug)]
pub enum TextPattern {
    /// A text, orthography levelled, anywhere in the segment.
    Folded(String),
    /// A regular expression for the segment as written.
    Regex(Regex),
}

impl TextPattern {
    /// The pattern that a text as written stands for.
    pub fn folded(text: &str) -> Self {
        Self::Folded(fold(text))
    }

    fn is_in(&self, segment: &str) -> bool {
        match self {
            Self::Folded(text) => fold(segment).contains(text),
            Self::Regex(regex) => regex.is_match(segment),
        }
    }
}

impl UnitFilter {
    /// Whether the unit with its occurrence meets all conditions but that of the session, which
    /// [`TranslationMemory::for_each_unit_of`](super::TranslationMemory::for_each_unit_of) sees to.
    pub fn passes(&self, unit: &TranslationUnit) -> bool {
        let origin = &unit.origin;
        let is_one = |pattern: &DocumentPattern| {
            let document = origin.document.as_ref();
            document.is_some_and(|document| pattern.matches(document))
        };
        let time = origin.changed.or(origin.created);
        any(&self.documents, is_one)
            && any(&self.authors, |author| {
                origin.author.as_ref() == Some(author)
            })
            && any(&self.states, |state| origin.state == *state)
            && self
                .since
                .is_none_or(|since| time.is_some_and(|time| time >= since))
            && self
                .before
                .is_none_or(|before| time.is_some_and(|time| time < before))
            && self
                .min_confidence
                .is_none_or(|least| origin.confidence.is_none_or(|c| c >= least))
            && any(&self.texts, |pattern| {
                Lang::BOTH
                    .into_iter()
                    .any(|lang| pattern.is_in(unit.text.get(lang)))
            })
    }
}

/// Whether one of the values fits, or there are none to fit.
fn any<T>(values: &[T], fits: impl Fn(&T) -> bool) -> bool {
    values.is_empty() || values.iter().any(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Sides;
    use crate::unit::{Origin, UnitId};

    fn unit() -> TranslationUnit {
        TranslationUnit {
            id: UnitId(1),
            text: Sides {
                ar: "إلى المَدرسة".into(),
                en: "To School".into(),
            },
            codes: Sides::default(),
            origin: Origin {
                document: Some("news-03".into()),
                author: Some("huda".into()),
                created: Some(UnixSeconds(100)),
                changed: Some(UnixSeconds(200)),
                state: UnitState::Reviewed,
                confidence: Some(Confidence::from_thousandths(400)),
                ..Origin::default()
            },
        }
    }

    fn passes(change: impl FnOnce(&mut UnitFilter)) -> bool {
        let mut filter = UnitFilter::default();
        change(&mut filter);
        filter.passes(&unit())
    }

    #[test]
    fn every_condition_counts() {
        assert!(passes(|_| {}));
        assert!(passes(
            |f| f.documents = vec!["x".to_owned().into(), "news-*".to_owned().into()]
        ));
        assert!(!passes(|f| f.documents = vec!["old-*".to_owned().into()]));
        assert!(passes(|f| f.authors = vec!["huda".into()]));
        assert!(!passes(|f| f.authors = vec!["Huda".into()]));
        assert!(passes(
            |f| f.states = vec![UnitState::Final, UnitState::Reviewed]
        ));
        assert!(!passes(|f| f.states = vec![UnitState::Final]));
        assert!(passes(
            |f| f.min_confidence = Some(Confidence::from_thousandths(400))
        ));
        assert!(!passes(
            |f| f.min_confidence = Some(Confidence::from_thousandths(401))
        ));
    }

    #[test]
    fn the_last_change_counts_and_the_end_does_not() {
        assert!(passes(|f| f.since = Some(UnixSeconds(200))));
        assert!(!passes(|f| f.since = Some(UnixSeconds(201))));
        assert!(passes(|f| f.before = Some(UnixSeconds(201))));
        assert!(!passes(|f| f.before = Some(UnixSeconds(200))));
        let mut undated = unit();
        (undated.origin.created, undated.origin.changed) = (None, None);
        let filter = UnitFilter {
            since: Some(UnixSeconds(0)),
            ..UnitFilter::default()
        };
        assert!(!filter.passes(&undated));
    }

    #[test]
    fn texts_are_found_in_any_orthography_and_expressions_as_written() {
        assert!(passes(
            |f| f.texts = vec![TextPattern::folded("الى المدرسه")]
        ));
        assert!(passes(|f| f.texts = vec![TextPattern::folded("SCHOOL")]));
        assert!(!passes(|f| f.texts = vec![TextPattern::folded("college")]));
        let regex = |text: &str| TextPattern::Regex(Regex::new(text).unwrap());
        assert!(passes(|f| f.texts = vec![regex("^To S")]));
        assert!(!passes(|f| f.texts = vec![regex("school$")]));
    }
}
