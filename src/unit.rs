//! Translation units: what a memory is made of.
//!
//! A *unit* is a pair of segments, stored once however often it occurs. Each place where it occurs, with its document,
//! its position there and its history, is an *occurrence*. Readers make [`DraftUnit`]s, a pair with one occurrence;
//! the memory answers with [`TranslationUnit`]s.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::coded::{Code, Coded};
use crate::lang::{Lang, Sides};
use crate::score::Confidence;
use crate::text::token::is_invisible;

/// The number of a unit in its memory; never used again once the unit is gone. Larger is newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct UnitId(pub i64);

impl fmt::Display for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number of an import session in its memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct SessionId(pub i64);

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A point in time in seconds since 1970-01-01T00:00:00 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnixSeconds(pub i64);

impl UnixSeconds {
    /// The time as `YYYY-MM-DDThh:mm:ssZ` (RFC 3339).
    pub fn to_rfc3339(self) -> String {
        let (y, mo, d, h, mi, s) = self.civil();
        format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}Z")
    }

    /// The time as TMX writes it, `YYYYMMDDThhmmssZ` (TMX 1.4b, section "Dates").
    pub fn to_tmx(self) -> String {
        let (y, mo, d, h, mi, s) = self.civil();
        format!("{y:04}{mo:02}{d:02}T{h:02}{mi:02}{s:02}Z")
    }

    /// Reads `YYYYMMDDThhmmssZ` or `YYYY-MM-DDThh:mm:ssZ`, the `Z` optional; `None` for anything else, days that no
    /// month has included.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits: String = text.chars().filter(|c| !matches!(c, '-' | ':')).collect();
        let digits = digits.strip_suffix(['Z', 'z']).unwrap_or(&digits);
        let (date, time) = digits.split_once(['T', 't', ' '])?;
        if date.len() != 8
            || time.len() != 6
            || !date.bytes().chain(time.bytes()).all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let number = |s: &str| s.parse::<i64>().ok();
        let (y, mo, d) = (
            number(&date[..4])?,
            number(&date[4..6])?,
            number(&date[6..])?,
        );
        let (h, mi, s) = (
            number(&time[..2])?,
            number(&time[2..4])?,
            number(&time[4..])?,
        );
        if h > 23 || mi > 59 || s > 60 {
            return None;
        }
        let time = Self(days_from_civil(y, mo, d) * 86_400 + h * 3600 + mi * 60 + s.min(59));
        let (yy, mm, dd, ..) = time.civil();
        ((yy, mm, dd) == (y, mo, d)).then_some(time)
    }

    fn civil(self) -> (i64, i64, i64, i64, i64, i64) {
        let (days, second) = (self.0.div_euclid(86_400), self.0.rem_euclid(86_400));
        let (y, m, d) = civil_from_days(days);
        (y, m, d, second / 3600, second / 60 % 60, second % 60)
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
fn days_from_civil(y: i64, m: i64, d: i64) -> i64 {
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let (d, m) = (
        day_of_year - (153 * month + 2) / 5 + 1,
        if month < 10 { month + 3 } else { month - 9 },
    );
    (year_of_era + era * 400 + i64::from(m <= 2), m, d)
}

/// How far a translation has come, in XLIFF's words. Later is better.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum UnitState {
    /// Made by a machine, such as the aligner, and seen by nobody.
    Initial,
    /// Made or confirmed by a translator.
    #[default]
    Translated,
    /// Checked by a second person.
    Reviewed,
    /// Delivered.
    Final,
}

impl UnitState {
    /// All states, from the least to the furthest.
    pub const ALL: [Self; 4] = [Self::Initial, Self::Translated, Self::Reviewed, Self::Final];

    /// The name in files and output, such as `reviewed`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Translated => "translated",
            Self::Reviewed => "reviewed",
            Self::Final => "final",
        }
    }

    /// The state with that name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|state| state.name().eq_ignore_ascii_case(name.trim()))
    }
}

/// Where a unit occurs and how it came to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The document's name, such as a file stem.
    pub document: Option<String>,
    /// The place in the document; units of one document are in its order. Need not start at 0 nor be without gaps.
    pub position: Option<u32>,
    /// Who made the translation.
    pub author: Option<String>,
    /// When it was made.
    pub created: Option<UnixSeconds>,
    /// When it was last changed.
    pub changed: Option<UnixSeconds>,
    /// How far it has come.
    pub state: UnitState,
    /// The aligner's confidence; `None` for units that nobody aligned.
    pub confidence: Option<Confidence>,
    /// Remarks for people.
    pub notes: Vec<String>,
    /// Properties that we carry but don't interpret, as name and value.
    pub properties: Vec<(String, String)>,
}

/// A unit that is not in a memory yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftUnit {
    /// The two segments as written, without their inline codes. Neither is blank, which [`DraftUnit::new`] sees to.
    pub text: Sides<String>,
    /// The inline codes of each.
    pub codes: Sides<Vec<Code>>,
    /// Its one occurrence.
    pub origin: Origin,
}

impl DraftUnit {
    /// A draft of two segments; outer white space is not part of a segment and is cut. A side with nothing to be seen on
    /// it, such as a lone bidi mark, is blank.
    ///
    /// # Errors
    /// The reason, where a side is blank.
    pub fn new(ar: &str, en: &str, origin: Origin) -> Result<Self, BlankSide> {
        let text = Sides {
            ar: ar.trim(),
            en: en.trim(),
        };
        let blank = |side: &str| side.chars().all(|c| c.is_whitespace() || is_invisible(c));
        match (blank(text.ar), blank(text.en)) {
            (false, false) => Ok(Self {
                text: text.map(str::to_owned),
                codes: Sides::default(),
                origin,
            }),
            (true, false) => Err(BlankSide("the Arabic side is blank")),
            (false, true) => Err(BlankSide("the English side is blank")),
            (true, true) => Err(BlankSide("both sides are blank")),
        }
    }

    /// A draft of two segments with inline codes, cut as by [`DraftUnit::new`]. Codes in what is cut come to the nearer
    /// end of the text.
    ///
    /// # Errors
    /// The reason, where a side is blank; codes alone make no segment.
    pub fn coded(ar: &Coded, en: &Coded, origin: Origin) -> Result<Self, BlankSide> {
        let draft = Self::new(&ar.text, &en.text, origin)?;
        Ok(Self {
            codes: Sides { ar, en }.map(Coded::trimmed_codes),
            ..draft
        })
    }

    /// What a writer takes of it.
    pub fn view(&self) -> UnitView<'_> {
        UnitView {
            text: &self.text,
            codes: &self.codes,
            origin: &self.origin,
        }
    }
}

/// A draft that is no unit, since nothing is on one of its sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BlankSide(&'static str);

/// A stored unit with one of its occurrences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranslationUnit {
    /// Its number in the memory.
    pub id: UnitId,
    /// The two segments as written, without their inline codes.
    pub text: Sides<String>,
    /// The inline codes of each.
    pub codes: Sides<Vec<Code>>,
    /// The occurrence; the newest, where one stands for all.
    pub origin: Origin,
}

impl TranslationUnit {
    /// What a writer takes of it.
    pub fn view(&self) -> UnitView<'_> {
        UnitView {
            text: &self.text,
            codes: &self.codes,
            origin: &self.origin,
        }
    }
}

/// A unit as writers take it, stored or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitView<'u> {
    /// The two segments as written, without their inline codes.
    pub text: &'u Sides<String>,
    /// The inline codes of each.
    pub codes: &'u Sides<Vec<Code>>,
    /// Where it occurs.
    pub origin: &'u Origin,
}

impl UnitView<'_> {
    /// One of the segments with its codes.
    pub fn side(&self, lang: Lang) -> Coded {
        Coded {
            text: self.text.get(lang).clone(),
            codes: self.codes.get(lang).clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coded::CodeKind;

    #[test]
    fn times_go_both_ways() {
        for (seconds, rfc) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(UnixSeconds(seconds).to_rfc3339(), rfc);
            assert_eq!(UnixSeconds::parse(rfc), Some(UnixSeconds(seconds)));
            assert_eq!(
                UnixSeconds::parse(&UnixSeconds(seconds).to_tmx()),
                Some(UnixSeconds(seconds))
            );
        }
    }

    #[test]
    fn broken_times_are_none() {
        for text in [
            "",
            "20200230T000000Z",
            "2020",
            "20201301T000000Z",
            "20200101T250000Z",
            "٢٠٢٠٠١٠١T000000Z",
        ] {
            assert_eq!(UnixSeconds::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_draft_needs_both_sides() {
        assert!(DraftUnit::new(" ", "x", Origin::default()).is_err());
        assert!(DraftUnit::new("\u{200F}", "x", Origin::default()).is_err());
        let draft = DraftUnit::new(" نعم\n", "\tyes ", Origin::default()).unwrap();
        assert_eq!(
            (draft.text.ar.as_str(), draft.text.en.as_str()),
            ("نعم", "yes")
        );
    }

    #[test]
    fn codes_follow_the_text_that_is_cut() {
        let code = |at| Code {
            at,
            kind: CodeKind::Alone,
            number: 1,
            raw: String::new(),
        };
        let ar = Coded::new("  نعم \n".into(), vec![code(0), code(4), code(9)]).unwrap();
        let draft = DraftUnit::coded(&ar, &"yes".into(), Origin::default()).unwrap();
        assert_eq!(draft.view().side(Lang::Arabic).text, "نعم");
        assert_eq!(draft.codes.ar, [code(0), code(2), code(6)]);
        assert!(DraftUnit::coded(&"\t".into(), &ar, Origin::default()).is_err());
    }
}
