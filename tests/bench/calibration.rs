//! What a score is worth: for each band, how good the suggestions in it were.
//!
//! `cargo bench --bench calibration -- MEMORY.tsv QUERIES.tsv`, where both files have Arabic and English in their last two
//! columns. Each Arabic segment of the queries is looked up in a memory of the first file, and the English of its best
//! match is compared with the reference: chrF (Popović 2015: character 1- to 6-grams, F2), and the share of characters
//! that have to be edited (Levenshtein). A score that can be trusted has a higher chrF and less editing from band to
//! band.

#![allow(clippy::print_stdout)]

use std::collections::{BTreeMap, HashMap};

use dhakira::lang::Lang;
use dhakira::matching::penalty::PenaltyPolicy;
use dhakira::memory::{LookupOptions, Query, Rank, TranslationMemory};
use dhakira::score::Score;
use dhakira::session::SessionInfo;
use dhakira::unit::{DraftUnit, Origin, UnixSeconds};

/// The lowest score of each band.
const BANDS: [u8; 7] = [95, 85, 75, 70, 60, 50, 1];

#[derive(Default)]
struct Band {
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
    let [memory, queries] = &files[..] else {
        println!("usage: cargo bench --bench calibration -- MEMORY.tsv QUERIES.tsv");
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("bench.dhakira");
    let mut filled =
        TranslationMemory::open_or_create(&path, UnixSeconds(0)).expect("the memory is made");
    let mut import = filled
        .begin(&SessionInfo::default(), UnixSeconds(0))
        .expect("a session begins");
    for (ar, en) in pairs(memory) {
        if let Ok(draft) = DraftUnit::new(&ar, &en, Origin::default()) {
            import.push(&draft).expect("a unit is written");
        }
    }
    import.finish().expect("the session is kept");

    for rank in [Rank::Score, Rank::Usefulness] {
        println!("by {rank:?}: band, suggestions, mean chrF, share of characters to edit");
        for (band, figures) in bands(&filled, &pairs(queries), rank).iter().rev() {
            let n = f64::from(figures.suggestions);
            println!(
                "{band:>4}- {:>6} {:>6.1} {:>6.2}",
                figures.suggestions,
                figures.chrf / n,
                figures.effort / n
            );
        }
    }
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

fn bands(
    memory: &TranslationMemory,
    queries: &[(String, String)],
    rank: Rank,
) -> BTreeMap<u8, Band> {
    let options = LookupOptions {
        cutoff: Score::from_points(1),
        limit: 1,
        rank,
        penalties: PenaltyPolicy::default(),
        now: UnixSeconds(0),
    };
    let mut bands: BTreeMap<u8, Band> = BTreeMap::new();
    for (text, reference) in queries {
        let query = Query {
            text,
            lang: Lang::Arabic,
            previous: None,
            next: None,
        };
        let best = memory
            .lookup(&query, &options)
            .expect("an answer")
            .into_iter()
            .next();
        let Some(best) = best else { continue };
        let of = BANDS
            .into_iter()
            .find(|&band| best.matched.score.points() >= band);
        let band = bands.entry(of.unwrap_or_default()).or_default();
        band.suggestions += 1;
        band.chrf += chrf(&best.unit.text.en, reference);
        band.effort += 1.0 - strsim::normalized_levenshtein(&best.unit.text.en, reference);
    }
    bands
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
