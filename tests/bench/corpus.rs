//! Memories of any size for benches: sentences of our own from a small grammar, or real pairs that are varied.
//!
//! Words are drawn with probabilities that fall as 1/rank (Zipf), so that posting lists have the lengths of real text:
//! a few huge ones, many short ones. The same seed gives the same corpus on every machine.

use std::fs::File;
use std::hash::BuildHasher;
use std::io::{self, Read, Write};
use std::path::Path;

use rustc_hash::FxHashSet;

/// A pair of segments, Arabic first.
pub(crate) type Pair = (String, String);

/// A small generator of random numbers: SplitMix64 (Steele, Lea & Flood 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// A rank below `n`, small ones more often.
    fn zipf(&mut self, n: usize) -> usize {
        let uniform = self.next() as f64 / u64::MAX as f64;
        ((n as f64 + 1.0).powf(uniform) - 1.0) as usize % n
    }
}

const ROOTS: &[(&str, &str)] = &[
    ("كتاب", "book"),
    ("مدينة", "city"),
    ("وزير", "minister"),
    ("مجلس", "council"),
    ("مشروع", "project"),
    ("طريق", "road"),
    ("مدرسة", "school"),
    ("ماء", "water"),
    ("طاقة", "energy"),
    ("شركة", "company"),
    ("سفينة", "ship"),
    ("قطار", "train"),
    ("طبيب", "doctor"),
    ("مريض", "patient"),
    ("معرض", "fair"),
    ("متحف", "museum"),
    ("نخلة", "palm"),
    ("ميناء", "port"),
    ("حديقة", "garden"),
    ("سوق", "market"),
    ("جامعة", "university"),
    ("طالب", "student"),
    ("باحث", "researcher"),
    ("تقرير", "report"),
    ("قرار", "decision"),
    ("اجتماع", "meeting"),
    ("لجنة", "committee"),
    ("خطة", "plan"),
    ("ميزانية", "budget"),
    ("ضريبة", "tax"),
    ("مزرعة", "farm"),
    ("مصنع", "factory"),
    ("عامل", "worker"),
    ("مهندس", "engineer"),
    ("جسر", "bridge"),
    ("نهر", "river"),
    ("بحر", "sea"),
    ("جبل", "mountain"),
    ("قرية", "village"),
    ("مسرح", "theatre"),
];

/// A made-up word of its own for each number: syllables, so that there are as many as a real vocabulary has.
fn word(rank: usize) -> (String, String) {
    const ARABIC: [&str; 14] = [
        "با", "ني", "مو", "سا", "لي", "رو", "دا", "كي", "فو", "حا", "شي", "قو", "طا", "عي",
    ];
    const LATIN: [&str; 14] = [
        "ba", "ni", "mo", "sa", "li", "ro", "da", "ki", "fo", "ha", "shi", "qo", "ta", "ei",
    ];
    if let Some(&(ar, en)) = ROOTS.get(rank) {
        return (ar.to_owned(), en.to_owned());
    }
    let (mut ar, mut en, mut left) = (String::new(), String::new(), rank);
    while left > 0 {
        ar.push_str(ARABIC[left % 14]);
        en.push_str(LATIN[left % 14]);
        left /= 14;
    }
    (ar, en)
}

/// A sentence of 3 to 30 words of a vocabulary of 100 000.
pub(crate) fn sentence(random: &mut Random) -> Pair {
    const CLITICS: [(&str, &str); 8] = [
        ("", ""),
        ("ال", "the "),
        ("وال", "and the "),
        ("بال", "by the "),
        ("في ال", "in the "),
        ("من ", "from "),
        ("و", "and "),
        ("لل", "for the "),
    ];
    let (mut ar, mut en) = (String::new(), String::new());
    for _ in 0..3 + random.below(10) + random.below(10) + random.below(9) {
        let (clitic, words) = (CLITICS[random.zipf(8)], word(random.zipf(100_000)));
        ar.push_str(&format!("{}{} ", clitic.0, words.0));
        en.push_str(&format!("{}{} ", clitic.1, words.1));
    }
    (format!("{}.", ar.trim_end()), format!("{}.", en.trim_end()))
}

/// `count` pairs. With a file of lines `… TAB arabic TAB english`, its pairs, each time round with a word replaced;
/// without, sentences of the grammar.
pub(crate) fn pairs(count: usize, file: Option<&Path>, seed: u64) -> Vec<Pair> {
    let mut random = Random(seed);
    let Some(file) = file else {
        return (0..count).map(|_| sentence(&mut random)).collect();
    };
    let text = std::fs::read_to_string(file).expect("the corpus file can be read");
    let real: Vec<(&str, &str)> = text
        .lines()
        .filter_map(|line| {
            let mut cells = line.rsplit('\t');
            let en = cells.next()?;
            Some((cells.next()?, en))
        })
        .collect();
    let varied = |i: usize| {
        let (ar, en) = real[i % real.len()];
        if i < real.len() {
            (ar.to_owned(), en.to_owned())
        } else {
            (vary(ar, &mut random), vary(en, &mut random))
        }
    };
    (0..count).map(varied).collect()
}

/// The text with one word replaced.
pub(crate) fn vary(text: &str, random: &mut Random) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let at = random.below(words.len());
    let (ar, en) = word(random.zipf(100_000));
    words[at] = if text.is_ascii() { en } else { ar };
    words.join(" ")
}

/// The longest segment that a generated corpus takes from its file, in words.
const LONGEST: usize = 60;

/// After so many known pairs in a row no new one is expected.
const MOST_KNOWN: usize = 10_000;

/// Writes `count` different pairs to `out`, one a line: `arabic TAB english`.
///
/// With a file of lines `… TAB arabic TAB english` (zstd-packed or not) these are its own pairs of up to 60 words first,
/// then two copies in five with 1–4 words of each side replaced by words of other pairs, and three in five put together
/// from pieces of 2–6 words of other pairs, as long as a pair of the file. So lengths and the frequencies of words are
/// those of the file. Without a file they are sentences of the grammar.
pub(crate) fn write_corpus(
    count: usize,
    file: Option<&Path>,
    seed: u64,
    out: &mut impl Write,
) -> io::Result<()> {
    let text = file.map_or(Ok(String::new()), read_corpus)?;
    let real: Vec<[Vec<&str>; 2]> = text.lines().filter_map(split_pair).collect();
    if file.is_some() && real.len() < 2 {
        return Err(io::Error::other("the file has no two pairs to vary"));
    }
    let (mut random, mut seen, mut next) = (Random(seed), FxHashSet::default(), 0);
    let mut known_in_a_row = 0;
    while seen.len() < count {
        let (ar, en) = match real.get(next) {
            _ if real.is_empty() => sentence(&mut random),
            Some([ar, en]) => (ar.join(" "), en.join(" ")),
            None if random.below(5) < 2 => changed(&real, &mut random),
            None => put_together(&real, &mut random),
        };
        next += 1;
        if seen.insert(rustc_hash::FxBuildHasher.hash_one((&ar, &en))) {
            writeln!(out, "{ar}\t{en}")?;
            known_in_a_row = 0;
        } else if next > real.len() {
            known_in_a_row += 1;
            if known_in_a_row == MOST_KNOWN {
                return Err(io::Error::other(format!(
                    "the file is too small: no new pair after {}",
                    seen.len()
                )));
            }
        }
    }
    out.flush()
}

fn read_corpus(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    if path.extension().is_some_and(|end| end == "zst") {
        zstd::Decoder::new(File::open(path)?)?.read_to_string(&mut text)?;
    } else {
        File::open(path)?.read_to_string(&mut text)?;
    }
    Ok(text)
}

/// The words of both sides, Arabic first; nothing for a line without two sides of 1–60 words.
fn split_pair(line: &str) -> Option<[Vec<&str>; 2]> {
    let mut cells = line.rsplit('\t');
    let mut words = || -> Option<Vec<&str>> {
        let words: Vec<&str> = cells.next()?.split_whitespace().collect();
        (1..=LONGEST).contains(&words.len()).then_some(words)
    };
    let en = words()?;
    Some([words()?, en])
}

/// A pair of the file with 1–4 words of each side replaced.
fn changed(real: &[[Vec<&str>; 2]], random: &mut Random) -> Pair {
    let mut pair = real[random.below(real.len())].clone();
    let times = 1 + random.below(4);
    for (side, words) in pair.iter_mut().enumerate() {
        for _ in 0..times {
            let other = &real[random.below(real.len())][side];
            let at = random.below(words.len());
            words[at] = other[random.below(other.len())];
        }
    }
    (pair[0].join(" "), pair[1].join(" "))
}

/// Pieces of pairs, each from the same place of both sides, until the pair is as long as one of the file.
fn put_together(real: &[[Vec<&str>; 2]], random: &mut Random) -> Pair {
    let length = real[random.below(real.len())][0].len();
    let (mut ar, mut en): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    while ar.len() < length {
        let [from_ar, from_en] = &real[random.below(real.len())];
        let start = random.below(from_ar.len());
        let wanted = (2 + random.below(5)).min(length - ar.len());
        let end = (start + wanted).min(from_ar.len());
        let place = |at: usize| at * from_en.len() / from_ar.len();
        let (from, to) = (place(start), place(end).max(place(start) + 1));
        ar.extend(&from_ar[start..end]);
        en.extend(&from_en[from..to]);
    }
    (ar.join(" "), en.join(" "))
}
