//! How fast a memory is filled, asked and added to, and how large it is.
//!
//! Corpus: `DHAKIRA_BENCH_UNITS` units (50 000 where it is not set), of our own grammar or, with `DHAKIRA_BENCH_FILE`, of
//! a TSV file whose last two columns are Arabic and English, varied to that number. Queries: a thousand stored segments
//! with one word replaced, and a thousand sentences that are not stored.
//!
//! Timed, with files in the page cache:
//! - import with its index, through the library and by the program from TSV and TMX: units a second, start of the program
//!   included;
//! - lookup of each query, five best, one at a time on a memory that is open: lookups a second on one thread, median and
//!   99th percentile in milliseconds;
//! - the same queries on one thread and on two, each with the memory open: lookups a second;
//! - growth: the median lookup in all units over that in a tenth of them;
//! - one lookup, and adding one unit, by the program, from its start to its exit: median milliseconds of 21 runs;
//! - adding one unit, durably, to a memory that is open: median and 99th percentile in milliseconds.
//!
//! Also printed: the size of the file over the UTF-8 bytes of both sides.
//!
//! `cargo bench --bench memory -- --generate N [--from FILE.tsv.zst] --out FILE.tsv` times nothing: it writes a corpus of
//! N different pairs, Arabic and English, of our own grammar or varied from the file.

#![allow(clippy::print_stdout)]

use std::fmt::Write as _;
use std::io::BufWriter;
use std::path::Path;
use std::process::{Command, Stdio};
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

/// How often the program is run for a median.
const RUNS: usize = 21;

/// How many units are added one by one.
const ADDED: usize = 300;

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
    import_by_the_program(folder.path(), stored, &path);

    let memory = TranslationMemory::open(&path).expect("the memory opens");
    let mut random = Random(2);
    let mut near = Vec::new();
    for lang in Lang::BOTH {
        let side = |pair: &Pair| match lang {
            Lang::Arabic => pair.0.clone(),
            Lang::English => pair.1.clone(),
        };
        let of_stored = (0..QUERIES).map(|_| {
            let text = side(&stored[random.below(stored.len())]);
            vary(&text, &mut random)
        });
        near = of_stored.collect();
        let far: Vec<String> = unseen.iter().map(side).collect();
        for cutoff in [70, 50] {
            lookups(&memory, &near, lang, cutoff, "one word replaced");
            lookups(&memory, &far, lang, cutoff, "not stored");
        }
    }
    for cutoff in [70, 50] {
        threads(&path, &near, cutoff);
    }
    growth(folder.path(), &memory, stored, &near);
    drop(memory);
    one_shot(&path, &near);
    add(&path, unseen);
}

/// A lookup of English text.
fn english(text: &str) -> Query<'_> {
    Query {
        text,
        lang: Lang::English,
        previous: None,
        next: None,
    }
}

fn options(cutoff: u8) -> LookupOptions {
    LookupOptions {
        cutoff: Score::from_points(cutoff),
        limit: 5,
        rank: Rank::default(),
        penalties: PenaltyPolicy::default(),
        now: UnixSeconds(0),
    }
}

/// The element below which this share, in hundredths, of them lie, in milliseconds.
fn ms(times: &mut [Duration], share: usize) -> f64 {
    times.sort_unstable();
    times[(times.len() - 1) * share / 100].as_secs_f64() * 1000.0
}

/// Runs the program on a memory and gives the time from its start to its exit.
fn run(path: &Path, args: &[&str]) -> Duration {
    let start = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_dhakira"))
        .arg("--memory")
        .arg(path)
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program runs");
    // 1 is for nothing found.
    assert!(matches!(status.code(), Some(0 | 1)), "{args:?}: {status}");
    start.elapsed()
}

fn import_by_the_program(folder: &Path, units: &[Pair], memory: &Path) {
    let mut tsv = String::new();
    for (ar, en) in units {
        writeln!(tsv, "{ar}\t{en}").expect("a line");
    }
    let (tsv_path, tmx_path) = (folder.join("units.tsv"), folder.join("units.tmx"));
    std::fs::write(&tsv_path, tsv).expect("the TSV file is written");
    let text = |path: &Path| {
        path.to_str()
            .expect("a folder with a plain name")
            .to_owned()
    };
    run(memory, &["export", "--output", &text(&tmx_path)]);
    for path in [tsv_path, tmx_path] {
        let fresh = path.with_extension("dhakira");
        let took = run(&fresh, &["import", &text(&path)]).as_secs_f64();
        let format = path.extension().expect("an extension").display();
        println!(
            "import by the program from {format}: {:.0} units/s",
            units.len() as f64 / took
        );
        std::fs::remove_file(fresh).expect("the memory is removed");
    }
}

/// All queries on one thread and then on two, each going through all of them.
fn threads(path: &Path, queries: &[String], cutoff: u8) {
    let rate = |threads: usize| {
        let start = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    let memory = TranslationMemory::open(path).expect("the memory opens");
                    for text in queries {
                        memory
                            .lookup(&english(text), &options(cutoff))
                            .expect("an answer");
                    }
                });
            }
        });
        (threads * queries.len()) as f64 / start.elapsed().as_secs_f64()
    };
    let (one, two) = (rate(1), rate(2));
    println!(
        "batch at {cutoff}: {one:.0} lookups/s on one thread, {two:.0} on two, {:.2} times as many",
        two / one
    );
}

fn growth(folder: &Path, all: &TranslationMemory, units: &[Pair], queries: &[String]) {
    let path = folder.join("tenth.dhakira");
    let tenth: Vec<Pair> = units.iter().step_by(10).cloned().collect();
    fill(&path, &tenth);
    let tenth = TranslationMemory::open(&path).expect("the memory opens");
    let median = |memory: &TranslationMemory| {
        let time = |text: &String| {
            let start = Instant::now();
            memory
                .lookup(&english(text), &options(70))
                .expect("an answer");
            start.elapsed()
        };
        // The first time round fills the caches.
        for text in queries {
            let _ = time(text);
        }
        ms(&mut queries.iter().map(time).collect::<Vec<_>>(), 50)
    };
    let (small, large) = (median(&tenth), median(all));
    println!(
        "growth at 70: {small:.3} ms in a tenth of the units, {large:.3} ms in all, {:.2} times",
        large / small
    );
}

fn one_shot(path: &Path, queries: &[String]) {
    for cutoff in ["70", "50"] {
        let time = |text: &String| run(path, &["lookup", "--threshold", cutoff, text]);
        let mut times: Vec<_> = queries.iter().take(RUNS).map(time).collect();
        println!(
            "lookup by the program at {cutoff}: {:.1} ms",
            ms(&mut times, 50)
        );
    }
}

fn add(path: &Path, units: &[Pair]) {
    let (by_program, units) = units.split_at(RUNS);
    let time = |(ar, en): &Pair| run(path, &["add", "--source", "ar", "--", ar, en]);
    let mut times: Vec<_> = by_program.iter().map(time).collect();
    println!("add by the program: {:.1} ms", ms(&mut times, 50));
    let mut memory =
        TranslationMemory::open_or_create(path, UnixSeconds(0)).expect("the memory opens");
    let mut times = Vec::with_capacity(ADDED);
    for (ar, en) in units.iter().take(ADDED) {
        let draft = DraftUnit::new(ar, en, Origin::default()).expect("two segments");
        let start = Instant::now();
        let mut import = memory
            .begin(&SessionInfo::default(), UnixSeconds(0))
            .expect("a session begins");
        import.push(&draft).expect("a unit is written");
        import.finish().expect("the session is kept");
        times.push(start.elapsed());
    }
    println!(
        "add: p50 {:.2} ms, p99 {:.2} ms",
        ms(&mut times, 50),
        ms(&mut times, 99)
    );
}

/// What stands behind an option on the command line.
fn argument(name: &str) -> Option<String> {
    std::env::args().skip_while(|arg| arg != name).nth(1)
}

/// Makes a memory of the units; how many it took and how long.
fn fill(path: &Path, units: &[Pair]) -> (TranslationMemory, u64, Duration) {
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
    (memory, counts.added, start.elapsed())
}

fn import(path: &Path, units: &[Pair]) {
    let (memory, added, took) = fill(path, units);
    let stats = memory.stats().expect("figures");
    let text = stats.text_bytes.ar + stats.text_bytes.en;
    println!(
        "import: {added} units, {:.0} units/s, file {:.2} × text",
        units.len() as f64 / took.as_secs_f64(),
        stats.file_bytes as f64 / text as f64
    );
}

fn lookups(memory: &TranslationMemory, queries: &[String], lang: Lang, cutoff: u8, what: &str) {
    let options = options(cutoff);
    let mut times: Vec<Duration> = Vec::with_capacity(queries.len());
    let mut found = 0;
    for text in queries {
        let start = Instant::now();
        let query = Query {
            lang,
            ..english(text)
        };
        found += memory.lookup(&query, &options).expect("an answer").len();
        times.push(start.elapsed());
    }
    let total: Duration = times.iter().sum();
    println!(
        "lookup {lang} at {cutoff}, {what}: {:.0} lookups/s, p50 {:.2} ms, p99 {:.2} ms, {found} matches",
        times.len() as f64 / total.as_secs_f64(),
        ms(&mut times, 50),
        ms(&mut times, 99)
    );
}
