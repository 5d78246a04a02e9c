//! Whether lookups are complete: the same units, kinds and scores in the same order as a plain scan finds.
//!
//! Nothing is timed. Corpus: 120 000 units of made-up words, a third of them other units with a few words changed, among
//! them segments of one word and of 500; they come in sessions of several sizes, of which one is undone, so that the index
//! has several runs of several blocks, units that are gone and units that wait. Queries: 100 000 (`DHAKIRA_STRESS_QUERIES`),
//! in both directions, with thresholds from 50 to 100 and limits from 1 to 10: stored segments as they are, spelled
//! otherwise, with other clitics, with up to half of their words changed; unseen ones; of one word, of two, of 500.
//!
//! The scan counts the trigrams that the query shares with every unit, one by one, and scores all whose overlap, or the
//! same stems, lets them reach the threshold. For one query in two thousand it scores every unit whatever it shares.
//!
//! `cargo bench --bench stress` takes a few minutes on two cores and fails where an answer differs; the seed is fixed.

#![allow(clippy::print_stdout)]

use std::cmp::Reverse;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use dhakira::index::bound::{overlap_score, score_bound};
use dhakira::lang::{Lang, Sides};
use dhakira::matching::MatchKind;
use dhakira::matching::penalty::PenaltyPolicy;
use dhakira::matching::scorer::Scorer;
use dhakira::matching::witness::{Witnesses, least_overlap};
use dhakira::memory::{LookupOptions, Query, Rank, TranslationMemory};
use dhakira::score::Score;
use dhakira::session::SessionInfo;
use dhakira::text::Analyzed;
use dhakira::text::feature::{Features, Key};
use dhakira::text::gram::Gram;
use dhakira::unit::{DraftUnit, Origin, SessionId, UnitId, UnixSeconds};
use rustc_hash::FxHashMap;

#[allow(dead_code)]
mod corpus;

use corpus::{Pair, Random};

const NOW: UnixSeconds = UnixSeconds(0);

/// The units of each session; the second one is undone, and the last one's wait to be indexed.
const SESSIONS: [usize; 6] = [60_000, 200, 38_000, 18_000, 4_000, 120];

/// One query of so many is held against every unit: seconds of work each.
const IN_FULL: usize = 2000;

/// A match: unit, kind and score.
type Found = (i64, MatchKind, u32);

fn main() -> ExitCode {
    let queries = std::env::var("DHAKIRA_STRESS_QUERIES")
        .map_or(100_000, |n| n.parse().expect("a number of queries"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("stress.dhakira");
    fill(&path);
    let memory = TranslationMemory::open(&path).expect("the memory opens");
    let layout = memory.layout().expect("the layout of the file");
    let scan = Sides::from_fn(|lang| Scan::new(&memory, lang));
    println!(
        "{} units, {} runs, {} gone, {} waiting",
        scan.ar.units.len(),
        layout.runs,
        layout.gone,
        layout.waiting
    );
    let (next, wrong, matches) = Default::default();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| ask(&path, &scan, queries, &next, &wrong, &matches));
        }
    });
    let (wrong, matches) = (wrong.into_inner(), matches.into_inner());
    println!("{queries} queries, {matches} matches, {wrong} answers differ");
    if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn fill(path: &Path) {
    let mut memory = TranslationMemory::open_or_create(path, NOW).expect("the memory is made");
    let mut random = Random(7);
    let mut known: Vec<Pair> = Vec::new();
    for count in SESSIONS {
        let mut import = memory
            .begin(&SessionInfo::default(), NOW)
            .expect("a session begins");
        for _ in 0..count {
            let pair = pair(&known, &mut random);
            let draft = DraftUnit::new(&pair.0, &pair.1, Origin::default()).expect("two segments");
            import.push(&draft).expect("a unit is written");
            known.push(pair);
        }
        import.finish().expect("the session is kept");
    }
    memory.undo(SessionId(2), NOW).expect("a session is undone");
}

/// A pair to store.
fn pair(known: &[Pair], random: &mut Random) -> Pair {
    match random.below(1000) {
        0 => long(random),
        1..=20 => word_of(&sentence(random)),
        21..=340 if !known.is_empty() => {
            let (mut ar, mut en) = known[random.below(known.len())].clone();
            for _ in 0..1 + random.below(3) {
                ar = vary(&ar, Lang::Arabic, random);
                en = vary(&en, Lang::English, random);
            }
            (ar, en)
        }
        _ => sentence(random),
    }
}

/// A sentence of 3 to 22 words, a quarter of them frequent.
fn sentence(random: &mut Random) -> Pair {
    let length = 3 + random.below(10) + random.below(10);
    let words: Vec<usize> = (0..length).map(|_| rank(random)).collect();
    let side = |lang| -> String {
        let words: Vec<String> = words.iter().map(|&rank| word(rank, lang)).collect();
        words.join(" ")
    };
    (side(Lang::Arabic), side(Lang::English))
}

/// The rank of a word: one of 200 frequent ones in a quarter of the cases, else of 100 000.
fn rank(random: &mut Random) -> usize {
    match random.below(4) {
        0 => random.below(200),
        _ => random.below(100_000),
    }
}

/// A made-up word of 2 to 8 letters, always the same for its rank. Unlike the words of the benches' grammar these have few
/// trigrams in common, so that a scan is over soon.
fn word(rank: usize, lang: Lang) -> String {
    let letters: Vec<char> = match lang {
        Lang::Arabic => "ابتثجحخدذرزسشصضطظعغفقكلمنهويةالميوننتر".chars().collect(),
        Lang::English => "abcdefghijklmnopqrstuvwxyzetaoinshr".chars().collect(),
    };
    let mut random = Random(rank as u64);
    let length = 2 + random.below(4) + random.below(4);
    (0..length)
        .map(|_| letters[random.below(letters.len())])
        .collect()
}

/// The text with one word replaced.
fn vary(text: &str, lang: Lang, random: &mut Random) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let at = random.below(words.len());
    words[at] = word(rank(random), lang);
    words.join(" ")
}

/// A pair of 500 words and more.
fn long(random: &mut Random) -> Pair {
    let (mut ar, mut en) = sentence(random);
    while ar.split(' ').count() < 500 {
        let more = sentence(random);
        ar = format!("{ar} {}", more.0);
        en = format!("{en} {}", more.1);
    }
    (ar, en)
}

fn word_of((ar, en): &Pair) -> Pair {
    let last = |text: &str| text.rsplit(' ').next().unwrap_or(text).to_owned();
    (last(ar), last(en))
}

/// A segment to look up.
fn query(scan: &Scan, lang: Lang, random: &mut Random) -> String {
    let of = |pair: Pair| match lang {
        Lang::Arabic => pair.0,
        Lang::English => pair.1,
    };
    let stored = |random: &mut Random| scan.units[random.below(scan.units.len())].text.clone();
    match random.below(100) {
        0..10 => stored(random),
        10..20 => otherwise_spelled(&stored(random), lang),
        20..30 => other_clitics(&stored(random), lang, random),
        30..70 => {
            let mut text = stored(random);
            let words = text.split(' ').count();
            for _ in 0..1 + random.below(words.div_ceil(2).min(12)) {
                text = vary(&text, lang, random);
            }
            text
        }
        70..80 => of(sentence(random)),
        80..90 => of(word_of(&sentence(random))),
        90..98 => {
            let text = of(sentence(random));
            text.split(' ').take(2).collect::<Vec<_>>().join(" ")
        }
        98 => of(long(random)),
        _ => vary(&scan.longest(random).text, lang, random),
    }
}

fn otherwise_spelled(text: &str, lang: Lang) -> String {
    match lang {
        Lang::Arabic => text.replace('ا', "أ").replace('ب', "بَ").replace('ة', "ه"),
        Lang::English => text.to_uppercase(),
    }
}

/// The text with something before or behind a few of its words.
fn other_clitics(text: &str, lang: Lang, random: &mut Random) -> String {
    let words = text.split(' ').map(|word| match (lang, random.below(4)) {
        (Lang::Arabic, 0) => format!("و{word}"),
        (Lang::Arabic, 1) => word.replace("ال", ""),
        (Lang::English, 0) => format!("{word}s"),
        _ => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Looks queries up until all are, and compares the answers.
fn ask(
    path: &Path,
    scan: &Sides<Scan>,
    queries: usize,
    next: &AtomicUsize,
    wrong: &AtomicUsize,
    matches: &AtomicUsize,
) {
    let memory = TranslationMemory::open(path).expect("the memory opens");
    let mut counts = vec![0; scan.ar.units.len()];
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= queries {
            return;
        }
        // Of its number alone, so that it does not matter which thread has it.
        let mut random = Random(1000 + number as u64);
        let lang = Lang::BOTH[random.below(2)];
        let scan = scan.get(lang);
        let text = query(scan, lang, &mut random);
        let options = LookupOptions {
            cutoff: Score::from_points(50 + random.below(51) as u8),
            limit: 1 + random.below(10),
            rank: [Rank::Score, Rank::Usefulness][random.below(2)],
            penalties: PenaltyPolicy::none(),
            now: NOW,
        };
        let expected = scan.lookup(
            &memory,
            &text,
            &options,
            number.is_multiple_of(IN_FULL),
            &mut counts,
        );
        let found = found(&memory, &text, lang, &options);
        matches.fetch_add(found.len(), Ordering::Relaxed);
        if found != expected && wrong.fetch_add(1, Ordering::Relaxed) < 10 {
            println!(
                "query {number}, {lang}, {options:?}: {text}\n  expected {expected:?}\n  found    {found:?}"
            );
        }
    }
}

fn found(
    memory: &TranslationMemory,
    text: &str,
    lang: Lang,
    options: &LookupOptions,
) -> Vec<Found> {
    let query = Query {
        text,
        lang,
        previous: None,
        next: None,
    };
    let suggestions = memory.lookup(&query, options).expect("an answer");
    let found = suggestions.iter().map(|s| {
        let matched = &s.matched;
        (matched.unit.0, matched.kind, matched.score.hundredths())
    });
    found.collect()
}

/// All units of one side, to be gone through.
struct Scan {
    lang: Lang,
    units: Vec<Unit>,
    /// For each gram the places of the units that have it.
    holders: FxHashMap<Gram, Vec<u32>>,
}

struct Unit {
    id: i64,
    text: String,
    translation: String,
    grams: usize,
    key: Option<Key>,
}

impl Scan {
    fn new(memory: &TranslationMemory, lang: Lang) -> Self {
        let mut this = Self {
            lang,
            units: Vec::new(),
            holders: FxHashMap::default(),
        };
        let visit = |id: dhakira::unit::UnitId, sides: Sides<&str>| {
            let text = sides.get(lang);
            let features = Features::of(&Analyzed::new(text));
            for &gram in &features.grams {
                let holders = this.holders.entry(gram).or_default();
                holders.push(this.units.len() as u32);
            }
            this.units.push(Unit {
                id: id.0,
                text: (*text).to_owned(),
                translation: (*sides.get(lang.other())).to_owned(),
                grams: features.grams.len(),
                key: features.key,
            });
        };
        memory.for_each_pair(visit).expect("all units");
        this
    }

    /// A unit with a long segment: the longest of a hundred.
    fn longest(&self, random: &mut Random) -> &Unit {
        let some = (0..100).map(|_| &self.units[random.below(self.units.len())]);
        some.max_by_key(|unit| unit.text.len())
            .expect("a hundred units")
    }

    /// The units with the most overlap with a query of `grams` features, of which each unit has as many as `counts` says.
    fn witnesses(&self, grams: usize, counts: &[u32]) -> Witnesses {
        let mut all: Vec<(Score, &Unit)> = Vec::new();
        for (unit, &shared) in self.units.iter().zip(counts) {
            all.push((overlap_score(shared as usize, grams, unit.grams), unit));
        }
        let best = all.iter().map(|(overlap, _)| *overlap).max();
        let least = least_overlap(best.unwrap_or_default());
        all.retain(|(overlap, _)| *overlap >= least);
        all.sort_unstable_by_key(|(overlap, unit)| Reverse((*overlap, unit.id)));
        let best = all.iter().map(|(_, unit)| {
            let (text, translation) = (unit.text.as_str(), unit.translation.as_str());
            (UnitId(unit.id), text, translation)
        });
        Witnesses::new(best)
    }

    /// What a lookup should find; `counts` has a place for each unit.
    fn lookup(
        &self,
        memory: &TranslationMemory,
        text: &str,
        options: &LookupOptions,
        in_full: bool,
        counts: &mut [u32],
    ) -> Vec<Found> {
        let scorer = Scorer::new(text);
        let Features { grams, key } = scorer.features();
        counts.fill(0);
        for &unit in grams
            .iter()
            .filter_map(|gram| self.holders.get(gram))
            .flatten()
        {
            counts[unit as usize] += 1;
        }
        let renderings = memory.renderings(text, self.lang).expect("the lexicon");
        let witnesses = self.witnesses(grams.len(), counts);
        let mut all = Vec::new();
        for (unit, &shared) in self.units.iter().zip(counts.iter()) {
            let overlap = overlap_score(shared as usize, grams.len(), unit.grams);
            let same_key = key.map(|key| unit.key == Some(key));
            if !in_full && score_bound(overlap, same_key) < options.cutoff {
                continue;
            }
            let Some(mut scored) = scorer.score(&unit.text, options.cutoff) else {
                continue;
            };
            if scored.kind == MatchKind::Fuzzy && options.rank == Rank::Usefulness {
                let translation = Analyzed::new(&unit.translation);
                let doubt = witnesses.doubt(UnitId(unit.id), &unit.text, &translation);
                scored.weigh(renderings.answer(&translation), doubt);
            }
            if scored.score >= options.cutoff {
                all.push((unit.id, scored.kind, scored.score.hundredths()));
            }
        }
        all.sort_unstable_by_key(|&(unit, kind, score)| Reverse((kind, score, unit)));
        all.truncate(options.limit);
        all
    }
}
