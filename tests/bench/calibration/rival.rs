//! What other tools score by, run over every unit: the standard that the score is held to.

use dhakira::text::{Analyzed, TokenKind};
use rapidfuzz::distance::levenshtein::{Args, BatchComparator};
use rustc_hash::{FxHashMap, FxHashSet};

/// A way to score that others use. Similarity is `1 − distance / longer` (Levenshtein 1966).
#[derive(Clone, Copy)]
pub(crate) enum Rival {
    /// Of tokens as written: most tools.
    Words,
    /// Of the words' stems, and between equals of the folded words, and then of the tokens as written: OmegaT.
    Stems,
    /// Of characters as written: Translate Toolkit, kapi.
    Characters,
    /// `2 shared / (a + b)` over the sets of the folded text's trigrams (Dice 1945), blind to order.
    Trigrams,
}

/// What is compared of a text.
#[derive(Clone, Copy)]
enum Pieces {
    Tokens,
    Words,
    Stems,
    Characters,
}

/// What the second view of a text counts beside the first, and the third beside the second.
const TIE: f64 = 0.001;

impl Rival {
    pub(crate) const ALL: [Self; 4] = [Self::Words, Self::Stems, Self::Characters, Self::Trigrams];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Words => "word Levenshtein",
            Self::Stems => "OmegaT's order",
            Self::Characters => "character Levenshtein",
            Self::Trigrams => "trigram Dice",
        }
    }

    /// For each query the place of the unit that scores most, the first of equals, and its score, 0 to 100.
    pub(crate) fn best(self, units: &[String], queries: &[String]) -> Vec<(usize, f64)> {
        match self {
            Self::Words => nearest(&[Pieces::Tokens], units, queries),
            Self::Stems => {
                let views = [Pieces::Stems, Pieces::Words, Pieces::Tokens];
                nearest(&views, units, queries)
            }
            Self::Characters => nearest(&[Pieces::Characters], units, queries),
            Self::Trigrams => most_shared(units, queries),
        }
    }
}

impl Pieces {
    fn of(self, text: &str) -> Vec<String> {
        let analyzed = Analyzed::new(text);
        let words = || {
            let tokens = analyzed.tokens().iter();
            tokens.filter(|token| token.kind == TokenKind::Word)
        };
        match self {
            Self::Characters => text.chars().map(String::from).collect(),
            Self::Tokens => {
                let tokens = analyzed.tokens().iter();
                tokens.map(|t| analyzed.written(t).to_owned()).collect()
            }
            Self::Words => words().map(|t| analyzed.folded(t).to_owned()).collect(),
            Self::Stems => words().map(|t| analyzed.stem(t).to_owned()).collect(),
        }
    }
}

/// Texts as sequences of numbers, of which equal ones are equal pieces.
fn numbered(
    texts: &[String],
    pieces: Pieces,
    numbers: &mut FxHashMap<String, u32>,
) -> Vec<Vec<u32>> {
    let mut number = |piece| {
        let next = numbers.len() as u32;
        *numbers.entry(piece).or_insert(next)
    };
    let mut sequence = |text: &String| pieces.of(text).into_iter().map(&mut number).collect();
    texts.iter().map(&mut sequence).collect()
}

/// The unit that is nearest to each query: by the first view, and among equals by those behind it.
fn nearest(views: &[Pieces], units: &[String], queries: &[String]) -> Vec<(usize, f64)> {
    // For each view the units and the queries.
    let views: Vec<[Vec<Vec<u32>>; 2]> = views
        .iter()
        .map(|&pieces| {
            let mut numbers = FxHashMap::default();
            [units, queries].map(|texts| numbered(texts, pieces, &mut numbers))
        })
        .collect();
    let best = |query: usize| {
        let comparators: Vec<_> = views
            .iter()
            .map(|[_, queries]| BatchComparator::new(queries[query].iter().copied()))
            .collect();
        let similarity = |view: usize, unit: usize, least: f64| {
            let pieces = views[view][0][unit].iter().copied();
            let args = Args::default().score_cutoff(least);
            comparators[view].normalized_similarity_with_args(pieces, &args)
        };
        let mut best = (0, 0.0);
        for unit in 0..units.len() {
            // What the other views can't make the best need not be known exactly.
            let Some(mut score) = similarity(0, unit, best.1 - 2.0 * TIE) else {
                continue;
            };
            let mut weight = TIE;
            for view in 1..views.len() {
                score += weight * similarity(view, unit, 0.0).unwrap_or_default();
                weight *= TIE;
            }
            if score > best.1 {
                best = (unit, score);
            }
        }
        (best.0, 100.0 * best.1)
    };
    (0..queries.len()).map(best).collect()
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
