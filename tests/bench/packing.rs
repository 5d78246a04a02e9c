//! Chooses the symbols that segments are packed with (`src/store/packing/symbols.rs`), and says what others would be worth.
//!
//! `cargo bench --bench packing -- FILE.tsv.zst…` takes 60 000 bytes of either side of each file, whose last two columns are
//! Arabic and English, chooses 255 symbols a side, prints them, and the share of the files' bytes that they leave. Nothing
//! is timed. Memories are packed with the symbols that they have: new ones need a migration.
//!
//! **Idea.** As in FSST (Boncz, Neumann & Leis 2020): the sample is cut into symbols; each symbol, and each two that follow
//! each other, gain what they would save; the best 255 are the symbols of the next round. A character gains what it would
//! cost to write it as it is, a longer piece what it saves against one code a character.

#![allow(clippy::print_stdout)]

use std::io::Read;

use rustc_hash::{FxHashMap, FxHashSet};

const SYMBOLS: usize = 255;
const LONGEST: usize = 8;
const ROUNDS: usize = 8;
/// How much of a side of a file is looked at, so that no kind of text outweighs the others.
const SAMPLE_BYTES: usize = 60_000;

fn main() {
    let files = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with("--"));
    let files: Vec<[Vec<String>; 2]> = files.map(|path| columns(&read(&path))).collect();
    if files.is_empty() {
        println!("nothing to choose from: name files of units behind `--`");
        return;
    }
    for (side, name) in ["Arabic", "English"].into_iter().enumerate() {
        let of_side = files.iter().map(|sides| &sides[side]);
        let sample: Vec<&str> = of_side.clone().flat_map(|texts| spread(texts)).collect();
        let symbols = choose(&sample);
        let (mut packed, mut all) = (0, 0);
        for text in of_side.flatten() {
            packed += pieces(text, &symbols).map(|p| p.cost).sum::<usize>();
            all += text.len();
        }
        let share = packed as f64 / all as f64;
        println!("{name}: {share:.3} of {all} bytes");
        let mut sorted: Vec<_> = symbols.iter().collect();
        sorted.sort_unstable();
        println!("{sorted:?}");
    }
}

fn read(path: &str) -> String {
    let file = std::fs::File::open(path).expect("the file opens");
    let mut text = String::new();
    if path.ends_with(".zst") {
        let mut decoder = zstd::Decoder::new(file).expect("zstd");
        decoder.read_to_string(&mut text)
    } else {
        std::io::BufReader::new(file).read_to_string(&mut text)
    }
    .expect("the file is UTF-8");
    text
}

/// The segments of either side, Arabic first.
fn columns(text: &str) -> [Vec<String>; 2] {
    let mut sides = [Vec::new(), Vec::new()];
    for line in text.lines() {
        let mut cells = line.rsplit('\t');
        if let (Some(en), Some(ar)) = (cells.next(), cells.next()) {
            sides[0].push(ar.to_owned());
            sides[1].push(en.to_owned());
        }
    }
    sides
}

/// About [`SAMPLE_BYTES`] of the segments, from everywhere.
fn spread(texts: &[String]) -> Vec<&str> {
    let all: usize = texts.iter().map(String::len).sum();
    let step = (all / SAMPLE_BYTES).max(1);
    texts.iter().step_by(step).map(String::as_str).collect()
}

fn choose(sample: &[&str]) -> FxHashSet<String> {
    let mut symbols = FxHashSet::default();
    for _ in 0..ROUNDS {
        let mut gains: FxHashMap<String, usize> = FxHashMap::default();
        let mut gain = |text: &str, saved: usize| {
            *gains.entry(text.to_owned()).or_default() += saved;
        };
        for text in sample {
            let mut previous: Option<usize> = None;
            for piece in pieces(text, &symbols) {
                let (start, end) = (piece.start, piece.start + piece.length);
                let chars = |from: usize| text[from..end].chars().count();
                match chars(start) {
                    1 => gain(&text[start..end], piece.length),
                    n => gain(&text[start..end], n - 1),
                }
                if let Some(before) = previous.filter(|before| end - before <= LONGEST) {
                    gain(&text[before..end], chars(before) - 1);
                }
                previous = Some(start);
            }
        }
        let mut best: Vec<_> = gains.into_iter().collect();
        best.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        symbols = best
            .into_iter()
            .take(SYMBOLS)
            .map(|(text, _)| text)
            .collect();
    }
    symbols
}

/// A symbol of a text, or a character that is none.
struct Piece {
    start: usize,
    length: usize,
    /// Bytes when packed.
    cost: usize,
}

fn pieces(text: &str, symbols: &FxHashSet<String>) -> impl Iterator<Item = Piece> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = &text[start..];
        let character = rest.chars().next()?.len_utf8();
        let is_symbol = |&n: &usize| rest.is_char_boundary(n) && symbols.contains(&rest[..n]);
        let symbol = (1..=LONGEST.min(rest.len())).rev().find(is_symbol);
        let piece = Piece {
            start,
            length: symbol.unwrap_or(character),
            cost: symbol.map_or(1 + character, |_| 1),
        };
        start += piece.length;
        Some(piece)
    })
}
