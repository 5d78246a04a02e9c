//! How good the aligner is, how far its confidence can be trusted, and how fast it is, on one thread.
//!
//! `cargo bench --bench align -- [FOLDER]... [--learn PAIRS.tsv]`. A folder holds documents cut into segments with their
//! gold beads: `DOC.ar`, `DOC.en`, one segment a line, and `DOC.gold`, one bead a line, such as `[0]:[0,1]`. Without a
//! folder the demo's ten articles are aligned, fifty times over, and a book of 20,000 × 20,000 segments of our own
//! grammar, of which a tenth are merged and a tenth missing on one side. The lexicon is
//! the built-in one, or that and one learned from the last two columns of a TSV file, Arabic and English.
//!
//! Printed for each set: strict precision, recall and F1 in per cent of beads; the share of beads of a confidence of 0.9 and
//! more, and how many of them are right; documents and Arabic segments a second, without reading; and for all sets
//! together how many of the beads of each band of confidence are right.

#![allow(clippy::print_stdout)]

use std::collections::HashSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dhakira::align::eval::Quality;
use dhakira::align::{AlignOptions, Bead, Bitext, Lexicon, align};
use dhakira::lang::Sides;
use dhakira::text::segment::{SegmentOptions, segments};

#[allow(dead_code)]
mod corpus;

use corpus::{Random, sentence};

type Extent = Sides<Range<usize>>;

/// Two documents cut into segments, and their gold beads.
struct Document {
    segments: Sides<Vec<String>>,
    gold: Vec<Extent>,
}

/// Lower ends of the bands of confidence.
const BANDS: [f64; 7] = [0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98];

/// Beads and right ones of each band.
type Reliability = [(usize, usize); BANDS.len()];

fn main() {
    let mut folders = Vec::new();
    let mut lexicon = Lexicon::merged(&[Lexicon::seed()]);
    // Cargo adds an option of its own.
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    while let Some(arg) = args.next() {
        if arg == "--learn" {
            let path = args.next().expect("--learn wants a TSV file");
            let pairs = pairs(Path::new(&path));
            let (learned, used) = Lexicon::learn(pairs.iter().map(|(ar, en)| (&**ar, &**en)));
            println!("lexicon learned from {used} pairs");
            lexicon = Lexicon::merged(&[Lexicon::seed(), &learned]);
        } else {
            folders.push(PathBuf::from(arg));
        }
    }
    let mut reliability = Reliability::default();
    if folders.is_empty() {
        let demo: Vec<_> = (0..50).flat_map(|_| demo()).collect();
        measure("demo", &demo, &lexicon, &mut reliability);
        measure("book", &[book(20_000)], &lexicon, &mut reliability);
    }
    for folder in &folders {
        let documents = read(folder);
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        measure(&name, &documents, &lexicon, &mut reliability);
    }
    println!("confidence from, beads, of them right");
    for (from, (all, right)) in BANDS.iter().zip(reliability) {
        println!("{from:>5.2} {all:>7} {:>6.1} %", share(right, all));
    }
}

fn share(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

fn measure(name: &str, documents: &[Document], lexicon: &Lexicon, reliability: &mut Reliability) {
    let mut quality = Quality::default();
    let (mut sure, mut sure_and_right, mut beads) = (0, 0, 0);
    let mut took = Duration::ZERO;
    for document in documents {
        let ar: Vec<&str> = document.segments.ar.iter().map(String::as_str).collect();
        let en: Vec<&str> = document.segments.en.iter().map(String::as_str).collect();
        let bitext = Bitext {
            segments: Sides { ar: &ar, en: &en },
            paragraphs: None,
        };
        let start = Instant::now();
        let alignment = align(&bitext, lexicon, &AlignOptions::default());
        took += start.elapsed();
        let judged: Vec<Extent> = alignment.beads.iter().map(|b| b.range.clone()).collect();
        quality += Quality::of(&judged, &document.gold);
        for (bead, is_right) in judge(&alignment.beads, &document.gold) {
            let confidence = bead.confidence.probability();
            let band = BANDS.partition_point(|&from| from <= confidence) - 1;
            reliability[band].0 += 1;
            reliability[band].1 += usize::from(is_right);
            beads += 1;
            if confidence >= 0.9 {
                sure += 1;
                sure_and_right += usize::from(is_right);
            }
        }
    }
    let segments: usize = documents.iter().map(|d| d.segments.ar.len()).sum();
    let seconds = took.as_secs_f64();
    println!(
        "{name}: strict P {:.1} R {:.1} F1 {:.1}; confidence 0.9 and more: {:.1} % of beads, {:.1} % right; \
         {:.0} documents/s, {:.0} segments/s",
        share(quality.precision.strict, quality.precision.all),
        share(quality.recall.strict, quality.recall.all),
        100.0 * quality.strict_f1(),
        share(sure, beads),
        share(sure_and_right, sure),
        documents.len() as f64 / seconds,
        segments as f64 / seconds,
    );
}

/// Each bead, and whether it is exactly a gold one.
fn judge<'b>(beads: &'b [Bead], gold: &[Extent]) -> Vec<(&'b Bead, bool)> {
    // Where an empty range stands says nothing.
    let key = |bead: &Extent| {
        let side = |range: &Range<usize>| (!range.is_empty()).then(|| range.clone());
        (side(&bead.ar), side(&bead.en))
    };
    let gold: HashSet<_> = gold.iter().map(key).collect();
    let judged = beads
        .iter()
        .map(|bead| (bead, gold.contains(&key(&bead.range))));
    judged.collect()
}

fn pairs(path: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(path).expect("the file can be read");
    let pair = |line: &str| {
        let mut cells = line.rsplit('\t');
        let en = cells.next()?.to_owned();
        Some((cells.next()?.to_owned(), en))
    };
    text.lines().filter_map(pair).collect()
}

/// The documents of a folder, by name.
fn read(folder: &Path) -> Vec<Document> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ext| ext == "gold"))
        .collect();
    paths.sort();
    let lines = |path: PathBuf| -> Vec<String> {
        let text = fs::read_to_string(path).expect("the document can be read");
        text.lines().map(str::to_owned).collect()
    };
    let document = |path: &PathBuf| Document {
        segments: Sides {
            ar: lines(path.with_extension("ar")),
            en: lines(path.with_extension("en")),
        },
        gold: lines(path.clone())
            .iter()
            .filter_map(|line| bead(line))
            .collect(),
    };
    paths.iter().map(document).collect()
}

/// `[0]:[0,1]`; segments of a bead follow each other.
fn bead(line: &str) -> Option<Extent> {
    let (ar, en) = line.split_once(':')?;
    let range = |side: &str| {
        let numbers = side.split(|c: char| !c.is_ascii_digit());
        let numbers: Vec<usize> = numbers.filter_map(|n| n.parse().ok()).collect();
        match numbers[..] {
            [] => 0..0,
            [first, ..] => first..first + numbers.len(),
        }
    };
    Some(Sides {
        ar: range(ar),
        en: range(en),
    })
}

/// The demo's articles, cut by our own rules, with the gold beads of their translator.
fn demo() -> Vec<Document> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let gold = include_str!("../data/demo-gold.tsv");
    let rows: Vec<Vec<&str>> = gold
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    let mut names: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    names.dedup();
    let cut = |name: &str, lang: &str| -> Vec<String> {
        let path = root.join(format!("src/demo/{name}.{lang}.txt"));
        let text = fs::read_to_string(path).expect("the demo can be read");
        let ranges = segments(&text, &SegmentOptions::default());
        ranges
            .into_iter()
            .map(|range| text[range].to_owned())
            .collect()
    };
    let document = |name: &str| Document {
        segments: Sides {
            ar: cut(name, "ar"),
            en: cut(name, "en"),
        },
        gold: rows
            .iter()
            .filter(|row| row[0] == name)
            .filter_map(|row| bead(&format!("{}:{}", row[1], row[2])))
            .collect(),
    };
    names.into_iter().map(document).collect()
}

/// A book of about so many segments on either side.
fn book(length: usize) -> Document {
    let mut random = Random(1);
    let mut document = Document {
        segments: Sides::default(),
        gold: Vec::new(),
    };
    let Sides { ar, en } = &mut document.segments;
    while ar.len() < length {
        let before = (ar.len(), en.len());
        let (first, second) = (sentence(&mut random), sentence(&mut random));
        match random.below(20) {
            0 => ar.push(first.0),
            1 => en.push(first.1),
            2 => {
                ar.push([first.0, second.0].join(" "));
                en.extend([first.1, second.1]);
            }
            3 => {
                ar.extend([first.0, second.0]);
                en.push([first.1, second.1].join(" "));
            }
            _ => {
                ar.push(first.0);
                en.push(first.1);
            }
        }
        document.gold.push(Sides {
            ar: before.0..ar.len(),
            en: before.1..en.len(),
        });
    }
    document
}
