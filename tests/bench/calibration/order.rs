//! How well scores order suggestions by their use: rank correlation, with the spread that chance gives it.

use crate::corpus::Random;

/// What a scorer's best match for a query scored, 0 to 100, and how good it was.
#[derive(Clone, Copy, Default)]
pub(crate) struct Outcome {
    pub(crate) score: f64,
    pub(crate) chrf: f64,
}

/// Matches below it are not looked at.
pub(crate) const LEAST: f64 = 50.0;

/// How often queries are drawn anew for an interval.
const RESAMPLES: usize = 1000;

impl Outcome {
    fn counts(&self) -> bool {
        self.score >= LEAST
    }
}

/// Two scorers' correlations of score and chrF.
pub(crate) struct Comparison {
    /// Ours.
    pub(crate) ours: f64,
    /// The other's.
    pub(crate) theirs: f64,
    /// Over how many matches either is.
    pub(crate) matches: [usize; 2],
    /// Ours less theirs in 95 of 100 resamples of the queries.
    pub(crate) interval: [f64; 2],
}

/// What two scorers found for the same query, ours first.
type Pair = (Outcome, Outcome);

/// Which of the best matches are compared.
#[derive(Clone, Copy)]
pub(crate) enum Over {
    /// Each scorer's matches of [`LEAST`] or more.
    Own,
    /// Those, for the queries for which both have one.
    Common,
    /// The other's matches of [`LEAST`] or more, and as many of ours, from the best down.
    AsMany,
}

impl Over {
    pub(crate) const ALL: [Self; 3] = [Self::Own, Self::Common, Self::AsMany];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Own => "its own",
            Self::Common => "common",
            Self::AsMany => "as many",
        }
    }

    fn chosen(self, pairs: &[Pair]) -> [Vec<Outcome>; 2] {
        match self {
            Self::Own => {
                let (mut ours, mut theirs): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
                ours.retain(Outcome::counts);
                theirs.retain(Outcome::counts);
                [ours, theirs]
            }
            Self::Common => {
                let both = |(ours, theirs): &&Pair| ours.counts() && theirs.counts();
                let (ours, theirs) = pairs.iter().filter(both).copied().unzip();
                [ours, theirs]
            }
            Self::AsMany => {
                let [_, theirs] = Self::Own.chosen(pairs);
                let mut ours: Vec<Outcome> = pairs.iter().map(|pair| pair.0).collect();
                ours.sort_by(|a, b| b.score.total_cmp(&a.score));
                ours.truncate(theirs.len());
                [ours, theirs]
            }
        }
    }

    /// Compares two scorers; `None` where one has fewer than three matches.
    pub(crate) fn compare(self, ours: &[Outcome], theirs: &[Outcome]) -> Option<Comparison> {
        let pairs: Vec<Pair> = ours.iter().copied().zip(theirs.iter().copied()).collect();
        let of = |pairs: &[Pair]| {
            let [ours, theirs] = self.chosen(pairs);
            let matches = [ours.len(), theirs.len()];
            Some((spearman(&ours)?, spearman(&theirs)?, matches))
        };
        let (ours, theirs, matches) = of(&pairs)?;
        let mut random = Random(1);
        let mut differences: Vec<f64> = (0..RESAMPLES)
            .filter_map(|_| {
                let drawn = pairs.iter().map(|_| pairs[random.below(pairs.len())]);
                of(&drawn.collect::<Vec<_>>())
            })
            .map(|(a, b, _)| a - b)
            .collect();
        differences.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| differences.get((share * differences.len() as f64) as usize);
        Some(Comparison {
            ours,
            theirs,
            matches,
            interval: [*at(0.025)?, *at(0.975)?],
        })
    }
}

/// The correlation of the ranks of scores and chrF (Spearman 1904), equals sharing theirs; `None` for fewer than three
/// outcomes, or where all scores or all chrF are equal.
fn spearman(outcomes: &[Outcome]) -> Option<f64> {
    let ranks = |of: fn(&Outcome) -> f64| -> Vec<f64> {
        let mut sorted: Vec<f64> = outcomes.iter().map(of).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let rank = |x: f64| {
            let below = sorted.partition_point(|&y| y < x);
            (below + sorted.partition_point(|&y| y <= x)) as f64 / 2.0
        };
        outcomes.iter().map(|outcome| rank(of(outcome))).collect()
    };
    let (scores, uses) = (ranks(|o| o.score), ranks(|o| o.chrf));
    let mean = outcomes.len() as f64 / 2.0;
    let product = |a: &[f64], b: &[f64]| -> f64 {
        a.iter().zip(b).map(|(x, y)| (x - mean) * (y - mean)).sum()
    };
    let spread = (product(&scores, &scores) * product(&uses, &uses)).sqrt();
    (outcomes.len() > 2 && spread > 0.0).then(|| product(&scores, &uses) / spread)
}
