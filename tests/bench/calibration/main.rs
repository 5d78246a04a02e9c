//! What a score is worth: for each band, how good the suggestions in it were, and how well the score orders them.
//!
//! ```text
//! cargo bench --bench calibration -- [--rank score] MEMORY.tsv QUERIES.tsv [MEMORY.tsv QUERIES.tsv]…
//! cargo bench --bench calibration -- [--rank score] --folds K [--queries N] DOMAIN.tsv…
//! ```
//!
//! All files have Arabic and English in their last two columns. Each Arabic segment of the queries is looked up in a
//! memory of the file before them. With `--folds` a file is a whole domain: its documents, which are named in the first
//! of four columns, or its segments where it has few documents, are dealt out to `K` folds, and the segments of each fold, `N` of them in all folds together, are
//! looked up in a memory of the others; what is there word for word is no query.
//!
//! The English of the best match is compared with the reference: chrF ([`chrf`]), and the share of characters that have to
//! be edited (Levenshtein). A score that can be trusted has a higher chrF and less editing from band to band. Segments
//! that are equal but for spelling stand apart from fuzzy ones: what they are worth depends on how many translations the
//! words have, and that no score of the source sees.
//!
//! Last comes the rank correlation of score and chrF over the best matches of 50 or more, beside that of [`rival`]s run
//! over the same memories: each over its own matches, over the queries for which both have one, and over as many of
//! ours as the other has, from the best down; with the interval that the difference has in 95 of 100 resamples of the
//! queries. The more matches a scorer has, the wider their range and the higher its correlation, or the more of them are
//! near 50, where scores tell little: so the first figure compares thresholds as much as orders, and the others don't.

#![allow(clippy::print_stdout)]

use std::collections::{BTreeMap, HashSet};

use dhakira::hash::fnv1a;
use dhakira::lang::Lang;
use dhakira::matching::penalty::PenaltyPolicy;
use dhakira::matching::{MatchKind, Suggestion};
use dhakira::memory::{LookupOptions, Query, Rank, TranslationMemory};
use dhakira::score::Score;
use dhakira::session::SessionInfo;
use dhakira::unit::{DraftUnit, Origin, UnixSeconds};

mod chrf;
#[path = "../corpus.rs"]
#[allow(dead_code)]
mod corpus;
mod order;
mod rival;

use chrf::chrf;
use order::{Comparison, Outcome, Over};
use rival::Rival;

/// The lowest score of each band of fuzzy matches.
const BANDS: [u8; 8] = [95, 85, 75, 70, 60, 50, 40, 30];

/// A file with fewer documents than so many times its folds is dealt out segment by segment.
const DOCUMENTS_A_FOLD: usize = 4;

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

/// What is asked for on the command line.
struct Options {
    rank: Rank,
    folds: Option<usize>,
    queries: usize,
    files: Vec<String>,
}

/// Arabic and English.
type Pair = (String, String);

/// Units, and queries that are looked up in them.
struct Set {
    units: Vec<Pair>,
    queries: Vec<Pair>,
}

/// All that was found.
#[derive(Default)]
struct Report {
    groups: BTreeMap<Group, Figures>,
    ours: Vec<Outcome>,
    theirs: [Vec<Outcome>; Rival::ALL.len()],
}

fn main() {
    let Some(options) = options() else {
        println!(
            "usage: cargo bench --bench calibration -- [--rank score] MEMORY.tsv QUERIES.tsv …\n       \
             cargo bench --bench calibration -- [--rank score] --folds K [--queries N] DOMAIN.tsv …"
        );
        return;
    };
    let mut report = Report::default();
    match options.folds {
        Some(folds) => {
            for file in &options.files {
                let lines = lines(file);
                for fold in 0..folds {
                    let set = held_out(&lines, folds, fold, options.queries);
                    report.add(&set, options.rank);
                }
            }
        }
        None => {
            for files in options.files.chunks(2) {
                let [units, queries] = [&files[0], &files[1]].map(|file| pairs(&lines(file)));
                report.add(&Set { units, queries }, options.rank);
            }
        }
    }
    report.print();
}

/// `None` where they make no sense.
fn options() -> Option<Options> {
    let mut options = Options {
        rank: Rank::Usefulness,
        folds: None,
        queries: usize::MAX,
        files: Vec::new(),
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match &*arg {
            // Cargo's own.
            "--bench" => {}
            "--rank" => match &*args.next()? {
                "score" => options.rank = Rank::Score,
                "usefulness" => {}
                _ => return None,
            },
            "--folds" => options.folds = args.next()?.parse().ok().filter(|&folds| folds > 1),
            "--queries" => options.queries = args.next()?.parse().ok()?,
            _ => options.files.push(arg),
        }
    }
    let whole = options.folds.is_some() || options.files.len().is_multiple_of(2);
    (whole && !options.files.is_empty()).then_some(options)
}

fn lines(path: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    let cells = |line: &str| line.split('\t').map(str::to_owned).collect();
    text.lines().map(cells).collect()
}

fn pairs(lines: &[Vec<String>]) -> Vec<Pair> {
    let pair = |line: &Vec<String>| match &line[..] {
        [.., ar, en] => Some((ar.clone(), en.clone())),
        _ => None,
    };
    lines.iter().filter_map(pair).collect()
}

/// The set of a fold: its own units are the queries, those of the others the memory.
fn held_out(lines: &[Vec<String>], folds: usize, fold: usize, queries: usize) -> Set {
    let named = lines.iter().filter_map(|line| document(line));
    let has_documents = named.collect::<HashSet<_>>().len() >= DOCUMENTS_A_FOLD * folds;
    let is_own = |line: &[String]| {
        let dealt = match document(line) {
            Some(document) if has_documents => fnv1a(document.bytes()),
            _ => fnv1a(line.concat().bytes()),
        };
        dealt % folds as u64 == fold as u64
    };
    let (own, others): (Vec<_>, Vec<_>) = lines.iter().cloned().partition(|line| is_own(line));
    let mut set = Set {
        units: pairs(&others),
        queries: pairs(&own),
    };
    let arabic = |(ar, _): &Pair| ar.trim().to_owned();
    let mut known: HashSet<String> = set.units.iter().map(arabic).collect();
    set.queries.retain(|pair| known.insert(arabic(pair)));
    // By their hash, so that they come from all documents.
    set.queries.sort_by_cached_key(|(ar, _)| fnv1a(ar.bytes()));
    set.queries.truncate(queries.div_ceil(folds));
    set
}

/// The document of a line, where it names one.
fn document(line: &[String]) -> Option<&str> {
    match line {
        [document, _, _, _] => Some(document).filter(|name| !name.is_empty()),
        _ => None,
    }
    .map(String::as_str)
}

impl Report {
    /// Looks the queries of a set up in its units.
    fn add(&mut self, set: &Set, rank: Rank) {
        let (_folder, memory) = filled(&set.units);
        for query in &set.queries {
            self.look_up(&memory, query, rank);
        }
        let arabic = |(ar, _): &Pair| ar.clone();
        let units: Vec<String> = set.units.iter().map(arabic).collect();
        let queries: Vec<String> = set.queries.iter().map(arabic).collect();
        for (rival, outcomes) in Rival::ALL.into_iter().zip(&mut self.theirs) {
            let best = rival.best(&units, &queries);
            let outcome = |((at, score), (_, reference)): ((usize, f64), &Pair)| Outcome {
                score,
                chrf: set.units.get(at).map_or(0.0, |(_, en)| chrf(en, reference)),
            };
            outcomes.extend(best.into_iter().zip(&set.queries).map(outcome));
        }
    }

    /// Adds what a query was given to its group and to the outcomes.
    fn look_up(&mut self, memory: &TranslationMemory, (text, reference): &Pair, rank: Rank) {
        let options = LookupOptions {
            cutoff: Score::from_points(30),
            limit: LIMIT,
            rank,
            penalties: PenaltyPolicy::default(),
            now: UnixSeconds(0),
        };
        let query = Query {
            text,
            lang: Lang::Arabic,
            previous: None,
            next: None,
        };
        let matches = memory.lookup(&query, &options).expect("an answer");
        let Some(best) = matches.first() else {
            self.ours.push(Outcome::default());
            return;
        };
        let chrf = chrf(&best.unit.text.en, reference);
        let figures = self.groups.entry(Group::of(&matches, best)).or_default();
        figures.suggestions += 1;
        figures.chrf += chrf;
        figures.effort += 1.0 - strsim::normalized_levenshtein(&best.unit.text.en, reference);
        let score = f64::from(best.matched.score.hundredths()) / 100.0;
        self.ours.push(Outcome { score, chrf });
    }

    fn print(&self) {
        println!("{} queries", self.ours.len());
        println!(
            "{:<28} {:>6} {:>6} {:>6}",
            "best match", "count", "chrF", "edit"
        );
        for (group, figures) in self.groups.iter().rev() {
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
            "\nrank correlation of score and chrF from {} on: dhakira less another, with its interval",
            order::LEAST
        );
        for (rival, theirs) in Rival::ALL.into_iter().zip(&self.theirs) {
            for over in Over::ALL {
                let comparison = over.compare(&self.ours, theirs);
                println!(
                    "{:<22} {:<8} {}",
                    rival.name(),
                    over.name(),
                    shown(comparison.as_ref())
                );
            }
        }
    }
}

fn shown(comparison: Option<&Comparison>) -> String {
    let Some(Comparison {
        ours,
        theirs,
        matches: [mine, others],
        interval: [low, high],
    }) = comparison
    else {
        return "too few matches".to_owned();
    };
    let difference = ours - theirs;
    format!(
        "{ours:.3} − {theirs:.3} = {difference:+.3} [{low:+.3}, {high:+.3}], {mine} and {others} matches"
    )
}

/// A memory of pairs, with the folder that it is in.
fn filled(units: &[Pair]) -> (tempfile::TempDir, TranslationMemory) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("bench.dhakira");
    let mut memory =
        TranslationMemory::open_or_create(&file, UnixSeconds(0)).expect("the memory is made");
    let mut import = memory
        .begin(&SessionInfo::default(), UnixSeconds(0))
        .expect("a session begins");
    for (ar, en) in units {
        if let Ok(draft) = DraftUnit::new(ar, en, Origin::default()) {
            import.push(&draft).expect("a unit is written");
        }
    }
    import.finish().expect("the session is kept");
    (folder, memory)
}
