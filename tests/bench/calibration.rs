//! What a score is worth: for each band, how good the suggestions in it were.
//!
//! `cargo bench --bench calibration -- MEMORY.tsv QUERIES.tsv [MEMORY.tsv QUERIES.tsv …]`, where all files have Arabic and
//! English in their last two columns. Each Arabic segment of the queries is looked up in a memory of the file before
//! them, and the English of its best match is compared with the reference: chrF (Popović 2015: character 1- to 6-grams,
//! F2), and the share of characters that have to be edited (Levenshtein). A score that can be trusted has a higher chrF
//! and less editing from band to band. Segments that are equal but for spelling stand apart from fuzzy ones: what they
//! are worth depends on how many translations the words have, and that no score of the source sees. The last line is the
//! rank correlation of score and chrF (Spearman) over all best matches from 50 on.

#![allow(clippy::print_stdout)]

use std::collections::{BTreeMap, HashMap, HashSet};

use dhakira::lang::Lang;
use dhakira::matching::penalty::PenaltyPolicy;
use dhakira::matching::{MatchKind, Suggestion};
use dhakira::memory::{LookupOptions, Query, Rank, TranslationMemory};
use dhakira::score::Score;
use dhakira::session::SessionInfo;
use dhakira::unit::{DraftUnit, Origin, UnixSeconds};

/// The lowest score of each band of fuzzy matches.
const BANDS: [u8; 8] = [95, 85, 75, 70, 60, 50, 40, 1];

/// How many matches are asked for, so that different translations of equal segments are seen.
const LIMIT: usize = 20;

/// What a suggestion is counted under, the least trusted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// A fuzzy match from this score on.
    Fuzzy(u8),
    /// An equal segment of which the memory has different translations.
    EqualSeveral,
    /// An equal word.
    EqualWord,
    /// Two equal words or more.
    EqualWords,
}

impl Group {
    fn of(matches: &[Suggestion], best: &Suggestion) -> Self {
        if best.matched.kind == MatchKind::Fuzzy {
            let reached = |&band: &u8| best.matched.score.points() >= band;
            return Self::Fuzzy(BANDS.into_iter().find(reached).unwrap_or_default());
        }
        let equal = matches.iter().filter(|m| m.matched.kind > MatchKind::Fuzzy);
        let translations: HashSet<String> = equal
            .map(|m| m.unit.text.en.to_string().to_lowercase())
            .collect();
        match best.unit.text.ar.split_whitespace().count() {
            _ if translations.len() > 1 => Self::EqualSeveral,
            ..=1 => Self::EqualWord,
            _ => Self::EqualWords,
        }
    }

    fn name(self) -> String {
        match self {
            Self::Fuzzy(band) => format!("fuzzy {band}-"),
            Self::EqualSeveral => "equal, several translations".to_owned(),
            Self::EqualWord => "equal, one word".to_owned(),
            Self::EqualWords => "equal, more words".to_owned(),
        }
    }
}

#[derive(Default)]
struct Figures {
    suggestions: u32,
    chrf: f64,
    effort: f64,
}

fn main() {
    // Cargo adds an option of its own.
    let files: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with("--"))
        .collect();
    if files.is_empty() || !files.len().is_multiple_of(2) {
        println!("usage: cargo bench --bench calibration -- MEMORY.tsv QUERIES.tsv …");
        return;
    }
    for rank in [Rank::Score, Rank::Usefulness] {
        let mut groups = BTreeMap::new();
        let mut points = Vec::new();
        for files in files.chunks(2) {
            let (_folder, memory) = filled(&files[0]);
            look_up(&memory, &pairs(&files[1]), rank, &mut groups, &mut points);
        }
        println!("by {rank:?}: suggestions, mean chrF, share of characters to edit");
        for (group, figures) in groups.iter().rev() {
            let n = f64::from(figures.suggestions);
            println!(
                "{:<28} {:>6} {:>6.1} {:>6.2}",
                group.name(),
                figures.suggestions,
                figures.chrf / n,
                figures.effort / n
            );
        }
        println!(
            "Spearman from 50 on: {:.3} of {}",
            spearman(&points),
            points.len()
        );
    }
}

/// A memory of the pairs of a file, with the folder that it is in.
fn filled(path: &str) -> (tempfile::TempDir, TranslationMemory) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("bench.dhakira");
    let mut memory =
        TranslationMemory::open_or_create(&file, UnixSeconds(0)).expect("the memory is made");
    let mut import = memory
        .begin(&SessionInfo::default(), UnixSeconds(0))
        .expect("a session begins");
    for (ar, en) in pairs(path) {
        if let Ok(draft) = DraftUnit::new(&ar, &en, Origin::default()) {
            import.push(&draft).expect("a unit is written");
        }
    }
    import.finish().expect("the session is kept");
    (folder, memory)
}

fn pairs(path: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    let pair = |line: &str| {
        let mut cells = line.rsplit('\t');
        let en = cells.next()?.to_owned();
        Some((cells.next()?.to_owned(), en))
    };
    text.lines().filter_map(pair).collect()
}

/// Adds what each query was given to its group, and score and chrF of what reaches 50 to `points`.
fn look_up(
    memory: &TranslationMemory,
    queries: &[(String, String)],
    rank: Rank,
    groups: &mut BTreeMap<Group, Figures>,
    points: &mut Vec<(f64, f64)>,
) {
    let options = LookupOptions {
        cutoff: Score::from_points(1),
        limit: LIMIT,
        rank,
        penalties: PenaltyPolicy::default(),
        now: UnixSeconds(0),
    };
    for (text, reference) in queries {
        let query = Query {
            text,
            lang: Lang::Arabic,
            previous: None,
            next: None,
        };
        let matches = memory.lookup(&query, &options).expect("an answer");
        let Some(best) = matches.first() else {
            continue;
        };
        let chrf = chrf(&best.unit.text.en, reference);
        let figures = groups.entry(Group::of(&matches, best)).or_default();
        figures.suggestions += 1;
        figures.chrf += chrf;
        figures.effort += 1.0 - strsim::normalized_levenshtein(&best.unit.text.en, reference);
        if best.matched.score >= Score::from_points(50) {
            points.push((f64::from(best.matched.score.hundredths()), chrf));
        }
    }
}

/// The correlation of the ranks of the two numbers, equals sharing theirs; not a number for fewer than two points.
fn spearman(points: &[(f64, f64)]) -> f64 {
    let ranks = |of: fn(&(f64, f64)) -> f64| -> Vec<f64> {
        let mut sorted: Vec<f64> = points.iter().map(of).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let rank = |x: f64| {
            let below = sorted.partition_point(|&y| y < x);
            (below + sorted.partition_point(|&y| y <= x)) as f64 / 2.0
        };
        points.iter().map(|point| rank(of(point))).collect()
    };
    let (a, b) = (ranks(|p| p.0), ranks(|p| p.1));
    let mean = points.len() as f64 / 2.0;
    let product = |a: &[f64], b: &[f64]| -> f64 {
        a.iter().zip(b).map(|(x, y)| (x - mean) * (y - mean)).sum()
    };
    product(&a, &b) / (product(&a, &a) * product(&b, &b)).sqrt()
}

/// chrF2 of one segment, 0 to 100; white space does not count.
fn chrf(hypothesis: &str, reference: &str) -> f64 {
    let chars = |text: &str| {
        text.chars()
            .filter(|c| !c.is_whitespace())
            .collect::<Vec<char>>()
    };
    let (hypothesis, reference) = (chars(hypothesis), chars(reference));
    let (mut precision, mut recall, mut orders) = (0.0, 0.0, 0.0);
    for n in 1..=6 {
        if hypothesis.len() < n || reference.len() < n {
            continue;
        }
        let mut left: HashMap<&[char], u32> = HashMap::new();
        reference
            .windows(n)
            .for_each(|gram| *left.entry(gram).or_default() += 1);
        let found = hypothesis
            .windows(n)
            .filter(|gram| match left.get_mut(gram) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    true
                }
                _ => false,
            });
        let found = found.count() as f64;
        precision += found / (hypothesis.len() - n + 1) as f64;
        recall += found / (reference.len() - n + 1) as f64;
        orders += 1.0;
    }
    let (precision, recall) = (
        precision / f64::max(orders, 1.0),
        recall / f64::max(orders, 1.0),
    );
    if precision + recall == 0.0 {
        0.0
    } else {
        500.0 * precision * recall / (4.0 * precision + recall)
    }
}
