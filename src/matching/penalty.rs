//! Penalties: what a match loses because of where it comes from, or because of spellings that the user does care about.
//!
//! A score tells how alike two segments are; it says nothing of a translation that a machine aligned and nobody has
//! read, or that stands beside another one of the same words. A [`PenaltyPolicy`] says what each such [`PenaltyCause`]
//! costs; [`PenaltyPolicy::of_origin`] and [`PenaltyPolicy::of_match`] say which apply. Pure: times and counts come in as
//! arguments.
//!
//! Penalties only lower a score and never change a kind, so that an exact match may show 99 and stays exact, and no bound
//! of the index is touched. What costs nothing is no penalty.
//!
//! Worked example: with `low_confidence = 1` and `levelled.hamza = 2`, an orthographic match in which hamza was levelled,
//! of a unit that was aligned with confidence 0.31, loses 1 and 2 points: 99 becomes 96.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};

use super::MatchKind;
use crate::score::{Confidence, Score};
use crate::text::fold::{Levelling, Levellings};
use crate::unit::{Origin, UnitState, UnixSeconds};

const SECONDS_A_DAY: i64 = 86_400;

/// Why a match loses points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PenaltyCause {
    /// The aligner was less sure of the pair than [`PenaltyPolicy::confidence_below`].
    LowConfidence,
    /// Nobody has looked at the translation: its state is [`UnitState::Initial`].
    Unreviewed,
    /// The occurrence is in a document other than [`PenaltyPolicy::prefer_document`] names.
    OtherDocument,
    /// The occurrence was last changed more than [`PenaltyPolicy::older_than_days`] ago.
    Age,
    /// The memory translates the same words in different ways.
    SeveralTranslations,
    /// This spelling had to be levelled.
    Levelled(Levelling),
}

impl fmt::Display for PenaltyCause {
    /// The name of its cost in a policy, such as `unreviewed` or `levelled.tashkeel`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LowConfidence => "low_confidence",
            Self::Unreviewed => "unreviewed",
            Self::SeveralTranslations => "several_translations",
            Self::OtherDocument => "other_document",
            Self::Age => "age",
            Self::Levelled(levelling) => return write!(f, "levelled.{}", levelling.name()),
        })
    }
}

/// What one cause takes off a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Penalty {
    /// Why.
    pub cause: PenaltyCause,
    /// How much; more than nothing.
    pub cost: Score,
}

/// What each cause costs, and where it begins. Costs are points, 0 to 100; 0 switches a cause off.
///
/// By default only what an aligner was unsure of, and documents other than those that the user prefers, cost a point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PenaltyPolicy {
    /// The cost of [`PenaltyCause::LowConfidence`].
    pub low_confidence: Score,
    /// Below it a confidence is low.
    pub confidence_below: Confidence,
    /// The cost of [`PenaltyCause::Unreviewed`].
    pub unreviewed: Score,
    /// The cost of [`PenaltyCause::OtherDocument`].
    pub other_document: Score,
    /// The documents that are no others.
    pub prefer_document: DocumentPattern,
    /// The cost of [`PenaltyCause::Age`].
    pub age: Score,
    /// The age in days beyond which it applies.
    pub older_than_days: u32,
    /// The cost of [`PenaltyCause::SeveralTranslations`].
    pub several_translations: Score,
    /// The costs of [`PenaltyCause::Levelled`].
    pub levelled: LevellingCosts,
}

impl Default for PenaltyPolicy {
    fn default() -> Self {
        Self {
            low_confidence: Score::from_points(1),
            other_document: Score::from_points(1),
            ..Self::none()
        }
    }
}

impl PenaltyPolicy {
    /// The policy under which nothing costs anything.
    pub fn none() -> Self {
        Self {
            low_confidence: Score::default(),
            confidence_below: Confidence::from_thousandths(500),
            unreviewed: Score::default(),
            other_document: Score::default(),
            prefer_document: DocumentPattern::default(),
            age: Score::default(),
            older_than_days: 3650,
            several_translations: Score::default(),
            levelled: LevellingCosts::default(),
        }
    }

    /// Whether the occurrence of a match can cost it anything.
    pub fn uses_origin(&self) -> bool {
        let by_origin = [self.low_confidence, self.unreviewed, self.age];
        by_origin.iter().any(|&cost| cost > Score::default()) || self.prefers_documents()
    }

    /// Whether a match of `kind` can lose points for other translations of its source: only one that is equal to the
    /// query, orthography aside, claims to be *the* translation.
    pub fn counts_translations(&self, kind: MatchKind) -> bool {
        kind > MatchKind::Fuzzy && self.several_translations > Score::default()
    }

    fn prefers_documents(&self) -> bool {
        self.other_document > Score::default() && !self.prefer_document.is_any()
    }

    /// The penalties of a match for the occurrence that stands for its unit, at the time `now`, in the order of
    /// [`PenaltyCause`].
    pub fn of_origin(&self, origin: &Origin, now: UnixSeconds) -> Vec<Penalty> {
        let limit = i64::from(self.older_than_days) * SECONDS_A_DAY;
        let is_old = |time: UnixSeconds| now.0.saturating_sub(time.0) > limit;
        let changed = origin.changed.or(origin.created);
        let is_low = origin.confidence.is_some_and(|c| c < self.confidence_below);
        let is_other = {
            let document = origin.document.as_deref().unwrap_or_default();
            !self.prefer_document.matches(document)
        };
        let mut penalties = Vec::new();
        charge(
            &mut penalties,
            PenaltyCause::LowConfidence,
            self.low_confidence,
            is_low,
        );
        charge(
            &mut penalties,
            PenaltyCause::Unreviewed,
            self.unreviewed,
            origin.state == UnitState::Initial,
        );
        charge(
            &mut penalties,
            PenaltyCause::OtherDocument,
            self.other_document,
            is_other,
        );
        charge(
            &mut penalties,
            PenaltyCause::Age,
            self.age,
            changed.is_some_and(is_old),
        );
        penalties
    }

    /// The penalties of a match for itself: of its kind, for what was levelled, where the memory has that many
    /// different translations of its source. In the order of [`PenaltyCause`], behind those of the origin.
    pub fn of_match(
        &self,
        kind: MatchKind,
        levelled: Levellings,
        translations: usize,
    ) -> Vec<Penalty> {
        let mut penalties = Vec::new();
        charge(
            &mut penalties,
            PenaltyCause::SeveralTranslations,
            self.several_translations,
            self.counts_translations(kind) && translations > 1,
        );
        for levelling in levelled.iter() {
            let cause = PenaltyCause::Levelled(levelling);
            charge(&mut penalties, cause, self.levelled.get(levelling), true);
        }
        penalties
    }
}

/// Adds what costs anything, where it applies.
fn charge(penalties: &mut Vec<Penalty>, cause: PenaltyCause, cost: Score, applies: bool) {
    if applies && cost > Score::default() {
        penalties.push(Penalty { cause, cost });
    }
}

/// `score` less all of `penalties`.
pub fn penalised(score: Score, penalties: &[Penalty]) -> Score {
    penalties
        .iter()
        .fold(score, |score, penalty| score.less(penalty.cost))
}

/// What `penalties` cost together, in hundredths of a point.
pub fn total(penalties: &[Penalty]) -> u32 {
    penalties.iter().map(|p| p.cost.hundredths()).sum()
}

/// A document's name, in which each `*` stands for any characters. A unit without a document has the empty name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DocumentPattern(String);

impl Default for DocumentPattern {
    /// Every document.
    fn default() -> Self {
        Self("*".to_owned())
    }
}

impl From<String> for DocumentPattern {
    fn from(pattern: String) -> Self {
        Self(pattern)
    }
}

impl DocumentPattern {
    /// Whether every name matches.
    fn is_any(&self) -> bool {
        !self.0.is_empty() && self.0.bytes().all(|b| b == b'*')
    }

    /// Whether `name` as a whole is of this pattern, upper and lower case told apart.
    pub fn matches(&self, name: &str) -> bool {
        let mut pieces = self.0.split('*');
        // `split` yields at least one piece.
        let Some(mut rest) = pieces.next().and_then(|head| name.strip_prefix(head)) else {
            return false;
        };
        let Some(tail) = pieces.next_back() else {
            return rest.is_empty();
        };
        for piece in pieces {
            // The leftmost place leaves the most for the pieces behind it.
            match rest.find(piece) {
                Some(at) => rest = &rest[at + piece.len()..],
                None => return false,
            }
        }
        rest.ends_with(tail)
    }
}

/// What each levelled difference costs; all 0 by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LevellingCosts([Score; Levelling::ALL.len()]);

impl LevellingCosts {
    /// The cost of one.
    pub fn get(&self, levelling: Levelling) -> Score {
        self.0[levelling as usize]
    }

    /// The same with another cost for `levelling`.
    #[must_use]
    pub fn with(mut self, levelling: Levelling, cost: Score) -> Self {
        self.0[levelling as usize] = cost;
        self
    }
}

/// A map from the levellings' names to their costs.
impl Serialize for LevellingCosts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Levelling::ALL.len()))?;
        for levelling in Levelling::ALL {
            map.serialize_entry(levelling.name(), &self.get(levelling))?;
        }
        map.end()
    }
}

/// Names that are left out cost nothing; any other name is an error.
impl<'de> Deserialize<'de> for LevellingCosts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut costs = Self::default();
        for (name, cost) in BTreeMap::<String, Score>::deserialize(deserializer)? {
            let known = Levelling::ALL.into_iter().find(|l| l.name() == name);
            let Some(levelling) = known else {
                let names = Levelling::ALL.map(Levelling::name).join("`, `");
                return Err(de::Error::custom(format_args!(
                    "unknown field `{name}`, expected one of `{names}`"
                )));
            };
            costs = costs.with(levelling, cost);
        }
        Ok(costs)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: UnixSeconds = UnixSeconds(1_700_000_000);

    fn causes(policy: &PenaltyPolicy, kind: MatchKind, origin: &Origin) -> Vec<String> {
        let mut penalties = policy.of_origin(origin, NOW);
        penalties.extend(policy.of_match(kind, Levellings::NONE, 2));
        penalties.iter().map(|p| p.cause.to_string()).collect()
    }

    fn days_ago(days: i64) -> Option<UnixSeconds> {
        Some(UnixSeconds(NOW.0 - days * SECONDS_A_DAY))
    }

    #[test]
    fn the_worked_example() {
        let levelled = LevellingCosts::default().with(Levelling::Hamza, Score::from_points(2));
        let policy = PenaltyPolicy {
            levelled,
            ..PenaltyPolicy::default()
        };
        let origin = Origin {
            confidence: Some(Confidence::from_thousandths(310)),
            ..Origin::default()
        };
        let levelled = Levellings::NONE
            .with(Levelling::Hamza)
            .with(Levelling::Case);
        let mut penalties = policy.of_origin(&origin, NOW);
        penalties.extend(policy.of_match(MatchKind::Orthographic, levelled, 1));
        let causes: Vec<String> = penalties.iter().map(|p| p.cause.to_string()).collect();
        assert_eq!(causes, ["low_confidence", "levelled.hamza"]);
        assert_eq!(
            penalised(Score::ORTHOGRAPHIC, &penalties),
            Score::from_points(96)
        );
    }

    #[test]
    fn each_cause_has_its_own_condition() {
        let one = Score::from_points(1);
        let policy = PenaltyPolicy {
            unreviewed: one,
            several_translations: one,
            prefer_document: "news-*".to_owned().into(),
            age: one,
            older_than_days: 30,
            ..PenaltyPolicy::default()
        };
        let good = Origin {
            document: Some("news-03".into()),
            created: days_ago(900),
            changed: days_ago(30),
            confidence: Some(Confidence::from_thousandths(500)),
            ..Origin::default()
        };
        assert_eq!(
            causes(&policy, MatchKind::Exact, &good),
            ["several_translations"]
        );
        assert_eq!(causes(&policy, MatchKind::Fuzzy, &good), [""; 0]);
        let bad = Origin {
            created: days_ago(31),
            state: UnitState::Initial,
            confidence: Some(Confidence::from_thousandths(499)),
            ..Origin::default()
        };
        assert_eq!(
            causes(&policy, MatchKind::Fuzzy, &bad),
            ["low_confidence", "unreviewed", "other_document", "age"]
        );
        assert_eq!(
            causes(&PenaltyPolicy::none(), MatchKind::Exact, &bad),
            [""; 0]
        );
        assert!(policy.uses_origin() && !PenaltyPolicy::none().uses_origin());
    }

    #[test]
    fn patterns_match_whole_names() {
        let matches = |pattern: &str, name| DocumentPattern::from(pattern.to_owned()).matches(name);
        for (pattern, name) in [
            ("*", ""),
            ("*", "أي شيء"),
            ("news", "news"),
            ("news-*", "news-"),
            ("*-2024", "عقد-2024"),
            ("a*b*a", "abba"),
            ("a**b", "ab"),
            ("", ""),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("news", "news-1"), ("a*a", "a"), ("*b*", "ac"), ("", "x")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn a_policy_is_read_by_name_and_says_what_it_does_not_know() {
        let json = r#"{"unreviewed": 2, "levelled": {"alef-maksura": 0.5}}"#;
        let policy: PenaltyPolicy = serde_json::from_str(json).unwrap();
        let expected = PenaltyPolicy {
            unreviewed: Score::from_points(2),
            levelled: LevellingCosts::default()
                .with(Levelling::AlefMaksura, Score::from_hundredths(50)),
            ..PenaltyPolicy::default()
        };
        assert_eq!(policy, expected);
        for (json, said) in [
            (r#"{"unread": 2}"#, "`unread`"),
            (r#"{"levelled": {"hamzah": 2}}"#, "`hamzah`"),
            (r#"{"age": 101}"#, "101"),
            (r#"{"age": -1}"#, "-1"),
        ] {
            let error = serde_json::from_str::<PenaltyPolicy>(json).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
        }
        let written = serde_json::to_string(&policy).unwrap();
        assert_eq!(
            serde_json::from_str::<PenaltyPolicy>(&written).unwrap(),
            policy
        );
    }

    proptest! {
        #[test]
        fn a_pattern_agrees_with_its_plain_definition(pattern in "[ab*]{0,6}", name in "[ab]{0,6}") {
            fn plain(pattern: &[u8], name: &[u8]) -> bool {
                match pattern.split_first() {
                    None => name.is_empty(),
                    Some((b'*', rest)) => (0..=name.len()).any(|skip| plain(rest, &name[skip..])),
                    Some((c, rest)) => name.first() == Some(c) && plain(rest, &name[1..]),
                }
            }
            let expected = plain(pattern.as_bytes(), name.as_bytes());
            prop_assert_eq!(DocumentPattern::from(pattern).matches(&name), expected);
        }
    }
}
