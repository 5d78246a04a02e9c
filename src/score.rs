//! Numbers that are shown to people, each with its unit and range in its type.
//!
//! A [`Score`] is rounded once, when it is made, and is an integer from then on: sorting and comparing with a cutoff
//! never depend on the machine.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Similarity of a query and a stored segment in hundredths of a point, 0 to 10 000; shown as 0 to 100. Higher is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Score(u16);

impl Score {
    /// Only a match that is equal as written has it.
    pub const MAX: Self = Self(10_000);
    /// The score of a match that is equal once orthography is levelled.
    pub const ORTHOGRAPHIC: Self = Self(9_900);
    /// The most that any other match may have.
    pub const FUZZY_MAX: Self = Self(9_700);

    /// A score from hundredths of a point; more than 10 000 becomes 10 000.
    pub const fn from_hundredths(hundredths: u32) -> Self {
        if hundredths < Self::MAX.0 as u32 {
            Self(hundredths as u16)
        } else {
            Self::MAX
        }
    }

    /// A score from whole points, 0 to 100; more becomes 100.
    pub const fn from_points(points: u8) -> Self {
        Self::from_hundredths(points as u32 * 100)
    }

    /// Hundredths of a point, 0 to 10 000.
    pub fn hundredths(self) -> u32 {
        u32::from(self.0)
    }

    /// Whole points, rounded down, so that 99.99 is never shown as 100.
    pub fn points(self) -> u8 {
        (self.0 / 100) as u8
    }

    /// This score less `cost`, not below zero.
    #[must_use]
    pub fn less(self, cost: Self) -> Self {
        Self(self.0.saturating_sub(cost.0))
    }

    /// The band that the score falls in.
    pub fn band(self) -> Band {
        match self.points() {
            95.. => Band::From95,
            85.. => Band::From85,
            75.. => Band::From75,
            50.. => Band::From50,
            _ => Band::Below50,
        }
    }
}

impl fmt::Display for Score {
    /// As short as it can be: `100`, `87.5`, `72.08`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match rest {
            0 => write!(f, "{whole}"),
            rest if rest % 10 == 0 => write!(f, "{whole}.{}", rest / 10),
            rest => write!(f, "{whole}.{rest:02}"),
        }
    }
}

impl Serialize for Score {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / 100.0)
    }
}

/// A number of points, whole or not, from 0 to 100.
impl<'de> Deserialize<'de> for Score {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let points = f64::deserialize(deserializer)?;
        if (0.0..=100.0).contains(&points) {
            Ok(Self::from_hundredths((points * 100.0).round() as u32))
        } else {
            Err(de::Error::custom(format_args!(
                "{points} is no number of points from 0 to 100"
            )))
        }
    }
}

/// A range of scores by which work is counted; the customary ones of the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Band {
    /// Under 50.
    Below50,
    /// 50 to 74.99.
    From50,
    /// 75 to 84.99.
    From75,
    /// 85 to 94.99.
    From85,
    /// 95 and more, below an exact match.
    From95,
}

impl Band {
    /// The name in reports, such as `75-84`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Below50 => "0-49",
            Self::From50 => "50-74",
            Self::From75 => "75-84",
            Self::From85 => "85-94",
            Self::From95 => "95-99",
        }
    }
}

/// How sure the aligner is of a bead, in thousandths, 0 to 1000; shown as 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Confidence(u16);

impl Confidence {
    /// A confidence from a probability; what lies outside 0 to 1 is brought to the nearer end.
    pub fn from_probability(p: f64) -> Self {
        // A NaN is cast to 0: no evidence, no confidence.
        Self((p.clamp(0.0, 1.0) * 1000.0).round() as u16)
    }

    /// A confidence from thousandths; more than 1000 becomes 1000.
    pub const fn from_thousandths(thousandths: u16) -> Self {
        Self(if thousandths < 1000 {
            thousandths
        } else {
            1000
        })
    }

    /// Thousandths, 0 to 1000.
    pub fn thousandths(self) -> u16 {
        self.0
    }

    /// The confidence as a probability, 0 to 1.
    pub fn probability(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

impl Serialize for Confidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.probability())
    }
}

/// A number from 0 to 1.
impl<'de> Deserialize<'de> for Confidence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let p = f64::deserialize(deserializer)?;
        if (0.0..=1.0).contains(&p) {
            Ok(Self::from_probability(p))
        } else {
            Err(de::Error::custom(format_args!(
                "{p} is no number from 0 to 1"
            )))
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_shown_as_short_as_it_can_be() {
        let shown = |h| Score::from_hundredths(h).to_string();
        assert_eq!(shown(10_000), "100");
        assert_eq!(shown(8_750), "87.5");
        assert_eq!(shown(7_208), "72.08");
        assert_eq!(shown(99_999), "100");
    }

    #[test]
    fn just_below_100_is_99_points() {
        assert_eq!(Score::from_hundredths(9_999).points(), 99);
    }

    #[test]
    fn bands_follow_their_names() {
        assert_eq!(Score::from_hundredths(8_499).band().name(), "75-84");
        assert_eq!(Score::from_points(85).band().name(), "85-94");
    }

    #[test]
    fn confidence_survives_odd_numbers() {
        assert_eq!(Confidence::from_probability(f64::NAN).thousandths(), 0);
        assert_eq!(Confidence::from_probability(7.0).probability(), 1.0);
        assert_eq!(Confidence::from_probability(0.25).to_string(), "0.250");
    }
}
