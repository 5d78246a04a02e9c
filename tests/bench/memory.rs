//! How fast a memory is filled and asked.
//!
//! Corpus: `DHAKIRA_BENCH_UNITS` units (50 000 where it is not set), of our own grammar or, with `DHAKIRA_BENCH_FILE`, of
//! a TSV file whose last two columns are Arabic and English, varied to that number. Queries: a thousand stored segments
//! with one word replaced, and a thousand sentences that are not stored.
//!
//! Timed: import with its index (units a second); size of the file over the text; lookup of each query, five best, on
//! one thread, from a file in the page cache (lookups a second, median and 99th percentile in milliseconds).

//!
//! `cargo bench --bench memory -- --generate N [--from FILE.tsv.zst] --out FILE.tsv` times nothing: it writes a corpus of
//! N different pairs, Arabic and English, of our own grammar or varied from the file.

#![allow(clippy::print_stdout)]

use std::io::BufWriter;
use std::time::{Duration, Instant};

use dhakira::lang::Lang;
use dhakira::matching::penalty::PenaltyPolicy;
use dhakira::memory::{LookupOptions, Query, Rank, TranslationMemory};
use dhakira::score::Score;
use dhakira::session::SessionInfo;
use dhakira::unit::{DraftUnit, Origin, UnixSeconds};

mod corpus;

use corpus::{Pair, Random, pairs, vary, write_corpus};

const QUERIES: usize = 1000;

fn main() {
    if let Some(count) = argument("--generate") {
        let count = count.parse().expect("--generate takes a number of units");
        let out = argument("--out").expect("--generate wants --out FILE");
        let from = argument("--from");
        let out = std::fs::File::create(out).expect("the corpus file is made");
        write_corpus(
            count,
            from.as_deref().map(AsRef::as_ref),
            1,
            &mut BufWriter::new(out),
        )
        .expect("the corpus is written");
        return;
    }
    let units = std::env::var("DHAKIRA_BENCH_UNITS")
        .map_or(50_000, |n| n.parse().expect("a number of units"));
    let file = std::env::var_os("DHAKIRA_BENCH_FILE");
    let all = pairs(units + QUERIES, file.as_deref().map(AsRef::as_ref), 1);
    let (stored, unseen) = all.split_at(units);

    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("bench.dhakira");
    import(&path, stored);

    let memory = TranslationMemory::open(&path).expect("the memory opens");
    let mut random = Random(2);
    for lang in Lang::BOTH {
        let side = |pair: &Pair| {
            if lang == Lang::Arabic {
                pair.0.clone()
            } else {
                pair.1.clone()
            }
        };
        let near: Vec<String> = (0..QUERIES)
            .map(|_| {
                let text = side(&stored[random.below(stored.len())]);
                vary(&text, &mut random)
            })
            .collect();
        let far: Vec<String> = unseen.iter().map(side).collect();
        for cutoff in [70, 50] {
            lookups(&memory, &near, lang, cutoff, "one word replaced");
            lookups(&memory, &far, lang, cutoff, "not stored");
        }
    }
}

/// What stands behind an option on the command line.
fn argument(name: &str) -> Option<String> {
    std::env::args().skip_while(|arg| arg != name).nth(1)
}

fn import(path: &std::path::Path, units: &[Pair]) {
    let start = Instant::now();
    let mut memory =
        TranslationMemory::open_or_create(path, UnixSeconds(0)).expect("the memory is made");
    let mut import = memory
        .begin(&SessionInfo::default(), UnixSeconds(0))
        .expect("a session begins");
    for (ar, en) in units {
        if let Ok(draft) = DraftUnit::new(ar, en, Origin::default()) {
            import.push(&draft).expect("a unit is written");
        }
    }
    let counts = import.finish().expect("the session is kept");
    let took = start.elapsed().as_secs_f64();
    let stats = memory.stats().expect("figures");
    let text = stats.text_bytes.ar + stats.text_bytes.en;
    println!(
        "import: {} units, {:.0} units/s, file {:.2} × text",
        counts.added,
        counts.read as f64 / took,
        stats.file_bytes as f64 / text as f64
    );
}

fn lookups(memory: &TranslationMemory, queries: &[String], lang: Lang, cutoff: u8, what: &str) {
    let options = LookupOptions {
        cutoff: Score::from_points(cutoff),
        limit: 5,
        rank: Rank::default(),
        penalties: PenaltyPolicy::default(),
        now: UnixSeconds(0),
    };
    let mut times: Vec<Duration> = Vec::with_capacity(queries.len());
    let mut found = 0;
    for text in queries {
        let start = Instant::now();
        let query = Query {
            text,
            lang,
            previous: None,
            next: None,
        };
        found += memory.lookup(&query, &options).expect("an answer").len();
        times.push(start.elapsed());
    }
    let total: Duration = times.iter().sum();
    times.sort_unstable();
    let ms = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1000.0;
    println!(
        "lookup {lang} at {cutoff}, {what}: {:.0} lookups/s, p50 {:.2} ms, p99 {:.2} ms, {found} matches",
        times.len() as f64 / total.as_secs_f64(),
        ms(50),
        ms(99)
    );
}
