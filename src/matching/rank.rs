//! The total order of matches, and the best few of many.
//!
//! Kind, then score, then the newer unit: the same matches come out in the same order on every machine and for any
//! number of threads.

use std::cmp::Ordering;

use super::{Match, MatchKind};
use crate::score::Score;
use crate::unit::UnitId;

/// Which of two matches comes first.
pub fn order(a: &Match, b: &Match) -> Ordering {
    key(b).cmp(&key(a))
}

fn key(m: &Match) -> (MatchKind, Score, UnitId) {
    (m.kind, m.score, m.unit)
}

/// The best matches seen so far, at most a given number.
#[derive(Debug)]
pub struct Best {
    matches: Vec<Match>,
    limit: usize,
}

impl Best {
    /// Room for `limit` matches.
    pub fn new(limit: usize) -> Self {
        Self {
            matches: Vec::new(),
            limit,
        }
    }

    /// Takes a match, if it is among the best.
    pub fn offer(&mut self, candidate: Match) {
        let place = self
            .matches
            .partition_point(|m| order(m, &candidate) == Ordering::Less);
        if place < self.limit {
            self.matches.insert(place, candidate);
            self.matches.truncate(self.limit);
        }
    }

    /// Whether a match of a score of `bound` at most could still be among the best.
    pub fn wants(&self, bound: Score) -> bool {
        if self.matches.len() < self.limit {
            return self.limit > 0;
        }
        let Some(last) = self.matches.last() else {
            return false;
        };
        // Only equal feature sets can be equal segments. Among equals in kind and score a newer unit would win.
        bound == Score::MAX || (last.kind == MatchKind::Fuzzy && last.score <= bound)
    }

    /// The score that a further match must reach to be among the best; `cutoff` while there is room.
    pub fn cutoff(&self, cutoff: Score) -> Score {
        match self.matches.last() {
            Some(last) if self.matches.len() == self.limit => cutoff.max(last.score),
            _ => cutoff,
        }
    }

    /// The matches, the best first.
    pub fn into_vec(self) -> Vec<Match> {
        self.matches
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Breakdown;
    use super::super::evidence::EvidenceCost;
    use super::*;
    use crate::text::fold::Levellings;

    fn fuzzy(unit: i64, score: u32) -> Match {
        let score = Score::from_hundredths(score);
        let breakdown = Breakdown {
            similarity: score,
            edit: score,
            edit_cost: Score::default(),
            word_cost: Score::default(),
            cap: Score::FUZZY_MAX,
            evidence: EvidenceCost::default(),
        };
        Match {
            unit: UnitId(unit),
            kind: MatchKind::Fuzzy,
            score,
            levelled: Levellings::NONE,
            flags: Vec::new(),
            penalties: Vec::new(),
            breakdown,
        }
    }

    proptest! {
        #[test]
        fn the_best_are_the_head_of_the_sorted_list(
            scores in proptest::collection::vec(0..5_u32, 0..30), limit in 0..6_usize,
        ) {
            let mut all: Vec<Match> = scores.iter().enumerate().map(|(i, &s)| fuzzy(i as i64, s)).collect();
            let mut best = Best::new(limit);
            for m in &all {
                // What is not wanted would not have been kept.
                let kept = best.wants(m.score);
                best.offer(m.clone());
                prop_assert!(kept || !best.matches.contains(m));
            }
            all.sort_by(order);
            all.truncate(limit);
            prop_assert_eq!(best.into_vec(), all);
        }
    }
}
