//! Whether the translations of like segments bear out the translation of a match.
//!
//! Where segments that are alike have translations that are alike, a memory translates steadily, and a match can be gone
//! by. A match whose translation is less like the others than its source is like theirs was translated freely, or says
//! something else. The *witnesses* of a query are the stored units whose sources overlap with it nearly as much as the best:
//!
//! ```text
//! bearing = mean of (Dice of the translations − Dice of the sources) over the match and each of its witnesses
//! doubt   = 1.3 · max(0, 0.1 − bearing)            bearing = 0, doubt = 0.13 without witnesses
//! ```
//!
//! The likeness of two texts is Dice's coefficient of their counted trigrams ([`crate::text::gram`]). Witnesses are chosen by the
//! overlap score alone, so that they depend on neither threshold nor limit: the [`WITNESSES`] + 1 best that reach
//! [`least_overlap`], the newer unit first where scores are equal. A match is no witness of its own; of those that are left
//! the first [`WITNESSES`] count.
//!
//! Worked example: the sources of a match and of its one witness have 20 trigrams each and share 16 (0.8); their
//! translations have 25 and 15 and share 10 (0.5). Bearing −0.3, doubt 0.52: [`super::evidence`] takes half of what it
//! may.
//!
//! Worth, measured on held-out queries of eleven domains: 0.3 to 0.6 chrF, and 0.02 to 0.03 of rank correlation of score
//! and chrF. Cost: for a query with a match, mostly another search of the index; the grams of seventeen pairs, those of
//! each match that is no witness, and sixteen comparisons.

use crate::score::Score;
use crate::text::Analyzed;
use crate::text::gram::{Gram, grams, shared};
use crate::unit::UnitId;

/// How many units are heard about a match, at most.
pub const WITNESSES: usize = 16;

/// The overlap score with the query that a unit needs in any case to be heard.
pub const WITNESS_FLOOR: Score = Score::from_points(50);

/// How far below the best overlap score of all units it may be. Hearing all from the floor up is worth no more (0.1 chrF
/// less in four domains, 0.1 more in seven), and a lookup at 70 would take more than twice as long.
pub const WITNESS_RANGE: Score = Score::from_points(20);

/// One, in the ten-thousandths that likeness and doubt are counted in.
const ONE: i64 = 10_000;

/// How much more alike the translations have to be than the sources for there to be no doubt.
const STEADY: i64 = 1_000;

/// How much doubt there is for each hundredth of likeness that is missing, in hundredths of it.
const WEIGHT: i64 = 130;

/// The overlap score that a unit needs to be heard where that of the best one of all is `best`.
pub fn least_overlap(best: Score) -> Score {
    best.less(WITNESS_RANGE).max(WITNESS_FLOOR)
}

/// A share of what the evidence may take off, in ten-thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt(u16);

impl Doubt {
    /// The doubt that a bearing leaves, which is in ten-thousandths, −10 000 to 10 000.
    pub fn of_bearing(bearing: i64) -> Self {
        let missing = (STEADY - bearing.max(-ONE)).max(0);
        Self((WEIGHT * missing / 100) as u16)
    }

    /// What there is of it beyond that of a match about which nobody is heard.
    pub fn against(self) -> Self {
        Self(self.0.saturating_sub(Self::of_bearing(0).0))
    }

    /// The share in ten-thousandths, 0 to 14 300.
    pub fn ten_thousandths(self) -> u64 {
        u64::from(self.0)
    }
}

/// The units that are heard about the matches of a query.
#[derive(Clone, Debug, Default)]
pub struct Witnesses {
    heard: Vec<(UnitId, PairGrams)>,
}

/// What a pair of texts is compared by.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PairGrams {
    source: Vec<Gram>,
    translation: Vec<Gram>,
}

impl PairGrams {
    fn new(source: &Analyzed<'_>, translation: &Analyzed<'_>) -> Self {
        Self {
            source: grams(source),
            translation: grams(translation),
        }
    }

    /// How much more alike two translations are than their sources, from −10 000 to 10 000.
    fn bearing(&self, other: &Self) -> i64 {
        likeness(&self.translation, &other.translation) - likeness(&self.source, &other.source)
    }
}

impl Witnesses {
    /// The witnesses, from the [`WITNESSES`] + 1 units with the most overlap: the greater first, and the newer of those
    /// that have as much.
    pub fn new<'a>(best: impl IntoIterator<Item = (UnitId, &'a str, &'a str)>) -> Self {
        let heard = best.into_iter().take(WITNESSES + 1);
        let of_texts = |(unit, source, translation)| {
            let pair = PairGrams::new(&Analyzed::new(source), &Analyzed::new(translation));
            (unit, pair)
        };
        Self {
            heard: heard.map(of_texts).collect(),
        }
    }

    /// How doubtful the translation of this unit is.
    pub fn doubt(&self, unit: UnitId, source: &str, translation: &Analyzed<'_>) -> Doubt {
        let known = self.heard.iter().find(|(of, _)| *of == unit);
        let made;
        let pair = match known {
            Some((_, pair)) => pair,
            None => {
                made = PairGrams::new(&Analyzed::new(source), translation);
                &made
            }
        };
        let others = self.heard.iter().filter(|(of, _)| *of != unit);
        let others = others.take(WITNESSES).map(|(_, other)| other);
        let (mut sum, mut heard) = (0, 0);
        for other in others {
            sum += pair.bearing(other);
            heard += 1;
        }
        Doubt::of_bearing(sum.checked_div(heard).unwrap_or(0))
    }
}

/// Dice's coefficient, in ten-thousandths; 0 where neither has a gram.
fn likeness(a: &[Gram], b: &[Gram]) -> i64 {
    let both = 2 * shared(a, b) as i64 * ONE;
    both.checked_div((a.len() + b.len()) as i64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERY_LIKE: [(UnitId, &str, &str); 3] = [
        (
            UnitId(3),
            "أغلق النافذة قبل الخروج",
            "Close the window before you leave",
        ),
        (
            UnitId(2),
            "أغلق الباب قبل الخروج",
            "Close the door before you leave",
        ),
        (
            UnitId(1),
            "أغلق الباب قبل النوم",
            "Mind the draught at night",
        ),
    ];

    fn doubt(witnesses: &Witnesses, (unit, source, translation): (UnitId, &str, &str)) -> Doubt {
        witnesses.doubt(unit, source, &Analyzed::new(translation))
    }

    #[test]
    fn the_worked_example() {
        let of = |size: u64, from: u64| (from..from + size).collect::<Vec<Gram>>();
        let (a, b) = (
            PairGrams {
                source: of(20, 0),
                translation: of(25, 0),
            },
            PairGrams {
                source: of(20, 4),
                translation: of(15, 15),
            },
        );
        assert_eq!(a.bearing(&b), -3_000);
        let witnesses = Witnesses {
            heard: vec![(UnitId(1), a), (UnitId(2), b)],
        };
        let doubt = witnesses.doubt(UnitId(1), "", &Analyzed::new(""));
        assert_eq!(doubt.ten_thousandths(), 5_200);
    }

    #[test]
    fn the_free_translation_is_in_doubt() {
        let witnesses = Witnesses::new(QUERY_LIKE);
        let [steady, other, free] = QUERY_LIKE.map(|unit| doubt(&witnesses, unit));
        assert!(
            steady < free && other < free,
            "{steady:?} {other:?} {free:?}"
        );
    }

    #[test]
    fn nobody_heard_is_a_little_doubt_and_a_unit_is_no_witness_of_its_own() {
        let alone = doubt(&Witnesses::default(), QUERY_LIKE[0]);
        assert_eq!(alone.ten_thousandths(), 1_300);
        assert_eq!(
            doubt(&Witnesses::new([QUERY_LIKE[0]]), QUERY_LIKE[0]),
            alone
        );
    }

    #[test]
    fn a_witness_is_known_by_its_unit_and_others_by_their_text() {
        let witnesses = Witnesses::new(QUERY_LIKE);
        let (_, source, translation) = QUERY_LIKE[1];
        let (known, other) = (
            doubt(&witnesses, QUERY_LIKE[1]),
            doubt(&witnesses, (UnitId(9), source, translation)),
        );
        // The other one is heard beside all three, its double among them.
        assert_ne!(known, other);
        assert!(other.ten_thousandths() <= 14_300);
    }
}
