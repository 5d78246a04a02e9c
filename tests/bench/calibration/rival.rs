//! What other tools score by, run over every unit: the standard that the score is held to.

use dhakira::text::Analyzed;
use rapidfuzz::distance::levenshtein;
use rustc_hash::{FxHashMap, FxHashSet};

/// A way to score that others use.
#[derive(Clone, Copy)]
pub(crate) enum Rival {
    /// `1 − distance / longer` in characters as written (Levenshtein 1966): Translate Toolkit, kapi.
    Characters,
    /// `2 shared / (a + b)` over the sets of the folded text's trigrams (Dice 1945), blind to order.
    Trigrams,
}

impl Rival {
    pub(crate) const ALL: [Self; 2] = [Self::Characters, Self::Trigrams];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Characters => "character Levenshtein",
            Self::Trigrams => "trigram Dice",
        }
    }

    /// For each query the place of the unit that scores most, the first of equals, and its score, 0 to 100.
    pub(crate) fn best(self, units: &[String], queries: &[String]) -> Vec<(usize, f64)> {
        match self {
            Self::Characters => queries.iter().map(|query| nearest(query, units)).collect(),
            Self::Trigrams => most_shared(units, queries),
        }
    }
}

fn nearest(query: &str, units: &[String]) -> (usize, f64) {
    let comparator = levenshtein::BatchComparator::new(query.chars());
    let mut best = (0, 0.0);
    for (at, unit) in units.iter().enumerate() {
        // What is not better need not be known exactly.
        let args = levenshtein::Args::default().score_cutoff(best.1);
        let similarity = comparator.normalized_similarity_with_args(unit.chars(), &args);
        if let Some(similarity) = similarity.filter(|&similarity| similarity > best.1) {
            best = (at, similarity);
        }
    }
    (best.0, 100.0 * best.1)
}

fn most_shared(units: &[String], queries: &[String]) -> Vec<(usize, f64)> {
    let mut lists: FxHashMap<[char; 3], Vec<usize>> = FxHashMap::default();
    let mut sizes = Vec::with_capacity(units.len());
    for (at, unit) in units.iter().enumerate() {
        let grams = trigrams(unit);
        sizes.push(grams.len());
        grams
            .into_iter()
            .for_each(|gram| lists.entry(gram).or_default().push(at));
    }
    let mut shared = vec![0_usize; units.len()];
    let best = |query: &String| {
        let grams = trigrams(query);
        shared.fill(0);
        let postings = grams.iter().filter_map(|gram| lists.get(gram)).flatten();
        postings.for_each(|&at| shared[at] += 1);
        let dice = |at: usize| 200.0 * shared[at] as f64 / (grams.len() + sizes[at]).max(1) as f64;
        let scores = (0..units.len()).map(|at| (at, dice(at)));
        scores.fold(
            (0, 0.0),
            |best, new| if new.1 > best.1 { new } else { best },
        )
    };
    queries.iter().map(best).collect()
}

fn trigrams(text: &str) -> FxHashSet<[char; 3]> {
    let folded = format!(" {} ", Analyzed::new(text).joined());
    let chars: Vec<char> = folded.chars().collect();
    chars
        .windows(3)
        .map(|gram| [gram[0], gram[1], gram[2]])
        .collect()
}
