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
    /// Over the queries for which ours has a match of [`LEAST`] or more.
    pub(crate) ours: f64,
    /// Over those for which the other has.
    pub(crate) theirs: f64,
    /// Ours less theirs in 95 of 100 resamples of the queries.
    pub(crate) interval: [f64; 2],
}

/// Compares each scorer over the queries that it has a match for; `None` where one has fewer than three.
pub(crate) fn on_own(ours: &[Outcome], theirs: &[Outcome]) -> Option<Comparison> {
    compare(ours, theirs, |ours, theirs| {
        (ours.counts(), theirs.counts())
    })
}

/// Compares both over the queries that both have a match for.
pub(crate) fn on_common(ours: &[Outcome], theirs: &[Outcome]) -> Option<Comparison> {
    compare(ours, theirs, |ours, theirs| {
        let both = ours.counts() && theirs.counts();
        (both, both)
    })
}

fn compare(
    ours: &[Outcome],
    theirs: &[Outcome],
    counts: impl Fn(&Outcome, &Outcome) -> (bool, bool),
) -> Option<Comparison> {
    let of = |queries: &mut dyn Iterator<Item = usize>| {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for i in queries {
            let (mine, other) = counts(&ours[i], &theirs[i]);
            a.extend(mine.then_some(ours[i]));
            b.extend(other.then_some(theirs[i]));
        }
        Some((spearman(&a)?, spearman(&b)?))
    };
    let (whole_ours, whole_theirs) = of(&mut (0..ours.len()))?;
    let mut random = Random(1);
    let mut differences: Vec<f64> = (0..RESAMPLES)
        .filter_map(|_| of(&mut (0..ours.len()).map(|_| random.below(ours.len()))))
        .map(|(a, b)| a - b)
        .collect();
    differences.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| differences.get((share * differences.len() as f64) as usize);
    Some(Comparison {
        ours: whole_ours,
        theirs: whole_theirs,
        interval: [*at(0.025)?, *at(0.975)?],
    })
}

/// The correlation of the ranks of scores and chrF (Spearman 1904), equals sharing theirs; `None` for fewer than three
/// outcomes, or where all scores or all chrF are equal.
pub(crate) fn spearman(outcomes: &[Outcome]) -> Option<f64> {
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
