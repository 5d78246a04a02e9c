//! IBM model 1 over stems, in both directions (Brown et al. 1993, section 4.1; estimation by EM).
//!
//! `t(e|a)`, the probability that an occurrence of stem `a` is rendered by stem `e`, is improved round by round: each
//! `e` of a pair is shared out among the pair's `a`s and the null word by their present `t`, each `a` among the `e`s in
//! the same way, and a link counts with the product of both shares (Liang, Taskar and Klein 2006, "Alignment by
//! agreement"). So a rare word does not collect all that stands beside it: what it has to explain, others explain better.
//! Stems that occur once are left out all the same.
//!
//! `t` is the expected number of links over the occurrences of the word, so that what no word renders is left over.
//!
//! Cost: 4 bytes for each pair of stems in each pair of segments, and up to 50 bytes for each distinct pair of stems;
//! under 0.5 GB at the limits. Time is linear in the pairs of stems.

use rustc_hash::FxHashMap;

use super::lexicon::{MOST_EXPLAINED, WordId};
use crate::lang::Sides;
use crate::text::{Analyzed, TokenKind};

/// The most pairs of segments that are learned from; the first ones count.
pub const MOST_PAIRS: usize = 200_000;

/// The most distinct stems of a segment that are looked at, from its beginning.
pub const MOST_STEMS: usize = 48;

/// The most pairs of stems in pairs of segments, repetitions counted, that are held; the pairs of segments behind are
/// left out.
const MOST_JOINT: usize = 15_000_000;

/// Rounds of EM.
const ROUNDS: usize = 5;

/// Links under this probability say more about chance than about translation.
const LEAST: f32 = 0.03;

/// What was learned.
pub(super) struct Learned {
    /// Words in the order of their numbers, with their occurrences.
    pub(super) words: Sides<Vec<(String, f32)>>,
    /// From, to, `t`.
    pub(super) links: Sides<Vec<(WordId, WordId, f32)>>,
    /// Pairs of segments learned from.
    pub(super) used: usize,
}

/// The distinct stems of the words of a segment, as numbers.
fn stems(text: &str, ids: &mut FxHashMap<String, WordId>, counts: &mut Vec<u32>) -> Vec<WordId> {
    let analyzed = Analyzed::new(text);
    let mut out = Vec::new();
    for token in analyzed.tokens() {
        if token.kind != TokenKind::Word {
            continue;
        }
        let stem = analyzed.stem(token);
        let next = counts.len() as WordId;
        let id = match ids.get(stem) {
            Some(&id) => id,
            None => {
                ids.insert(stem.to_owned(), next);
                counts.push(0);
                next
            }
        };
        if !out.contains(&id) {
            counts[id as usize] += 1;
            out.push(id);
            if out.len() == MOST_STEMS {
                break;
            }
        }
    }
    out
}

/// Learns both directions.
pub(super) fn learn<'t>(pairs: impl Iterator<Item = (&'t str, &'t str)>) -> Learned {
    let mut ids: Sides<FxHashMap<String, WordId>> = Sides::default();
    let mut counts: Sides<Vec<u32>> = Sides::default();
    let mut corpus: Vec<(Vec<WordId>, Vec<WordId>)> = Vec::new();
    let mut joint = 0;
    for (ar, en) in pairs.take(MOST_PAIRS) {
        let ar = stems(ar, &mut ids.ar, &mut counts.ar);
        let en = stems(en, &mut ids.en, &mut counts.en);
        joint += ar.len() * en.len();
        if joint > MOST_JOINT {
            break;
        }
        corpus.push((ar, en));
    }
    let used = corpus.len();
    for (ar, en) in &mut corpus {
        ar.retain(|&id| counts.ar[id as usize] > 1);
        en.retain(|&id| counts.en[id as usize] > 1);
    }
    // The distinct pairs of stems, and for each pair of segments its cells, row by row.
    let mut numbers: FxHashMap<(WordId, WordId), u32> = FxHashMap::default();
    let mut cells: Vec<u32> = Vec::new();
    let mut pairs: Vec<(WordId, WordId)> = Vec::new();
    for (ar, en) in &corpus {
        for &a in ar {
            for &e in en {
                let next = pairs.len() as u32;
                let number = *numbers.entry((a, e)).or_insert_with(|| {
                    pairs.push((a, e));
                    next
                });
                cells.push(number);
            }
        }
    }
    drop(numbers);
    let expected = estimate(&corpus, &cells, &pairs, &counts);
    let links = Sides {
        ar: kept(&pairs, &expected, &counts.ar, |(a, e)| (a, e)),
        en: kept(&pairs, &expected, &counts.en, |(a, e)| (e, a)),
    };
    let words = Sides {
        ar: listed(ids.ar, &counts.ar),
        en: listed(ids.en, &counts.en),
    };
    Learned { words, links, used }
}

fn listed(ids: FxHashMap<String, WordId>, counts: &[u32]) -> Vec<(String, f32)> {
    let mut words: Vec<(String, WordId)> = ids.into_iter().collect();
    words.sort_unstable_by_key(|&(_, id)| id);
    words
        .into_iter()
        .map(|(word, id)| {
            // A word that was met once has no links, and so says nothing.
            let count = counts[id as usize];
            (word, if count > 1 { count as f32 } else { 0.0 })
        })
        .collect()
}

/// EM for both directions at once: how often, in the whole corpus, either stem of each distinct pair renders the other.
fn estimate(
    corpus: &[(Vec<WordId>, Vec<WordId>)],
    cells: &[u32],
    pairs: &[(WordId, WordId)],
    counts: &Sides<Vec<u32>>,
) -> Vec<f32> {
    // The null word competes for every target like one more source word with a flat distribution.
    const NULL: f32 = 0.02;
    let mut t = vec![(0.1_f32, 0.1_f32); pairs.len()];
    let mut expected = vec![0.0_f32; pairs.len()];
    let (mut of_rows, mut of_columns) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        expected.fill(0.0);
        let mut at = 0;
        for (ar, en) in corpus {
            let block = &cells[at..at + ar.len() * en.len()];
            at += block.len();
            of_rows.clear();
            of_rows.resize(ar.len(), NULL);
            of_columns.clear();
            of_columns.resize(en.len(), NULL);
            for (row, cells) in block.chunks_exact(en.len().max(1)).enumerate() {
                for (column, &cell) in cells.iter().enumerate() {
                    let (forward, backward) = t[cell as usize];
                    of_columns[column] += forward;
                    of_rows[row] += backward;
                }
            }
            for (row, cells) in block.chunks_exact(en.len().max(1)).enumerate() {
                for (column, &cell) in cells.iter().enumerate() {
                    let (forward, backward) = t[cell as usize];
                    expected[cell as usize] +=
                        forward / of_columns[column] * backward / of_rows[row];
                }
            }
        }
        let mut total = Sides::from_fn(|lang| vec![0.0_f32; counts.get(lang).len()]);
        for (&(a, e), &count) in pairs.iter().zip(&expected) {
            total.ar[a as usize] += count;
            total.en[e as usize] += count;
        }
        for ((t, &(a, e)), &count) in t.iter_mut().zip(pairs).zip(&expected) {
            *t = (
                count / total.ar[a as usize].max(f32::MIN_POSITIVE),
                count / total.en[e as usize].max(f32::MIN_POSITIVE),
            );
        }
    }
    expected
}

/// The links worth keeping, discounted for words that were met a few times only.
fn kept(
    pairs: &[(WordId, WordId)],
    expected: &[f32],
    counts: &[u32],
    turn: impl Fn((WordId, WordId)) -> (WordId, WordId),
) -> Vec<(WordId, WordId, f32)> {
    let mut out = Vec::new();
    for (&pair, &expected) in pairs.iter().zip(expected) {
        let (from, to) = turn(pair);
        let count = counts[from as usize] as f32;
        let t = (expected / (count + 1.0)).min(MOST_EXPLAINED);
        if t >= LEAST {
            out.push((from, to, t));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_occur_together_are_linked() {
        let pairs = [
            ("كتاب جديد", "new book"),
            ("كتاب قديم", "old book"),
            ("بيت جديد", "new house"),
            ("بيت قديم", "old house"),
        ];
        let learned = learn(pairs.into_iter());
        let id = |words: &[(String, f32)], word: &str| {
            words.iter().position(|(w, _)| w == word).unwrap() as WordId
        };
        let (book, house) = (id(&learned.words.en, "book"), id(&learned.words.en, "hous"));
        let kitab = id(&learned.words.ar, "كتاب");
        let t = |to| {
            learned
                .links
                .ar
                .iter()
                .find(|l| l.0 == kitab && l.1 == to)
                .map_or(0.0, |l| l.2)
        };
        assert!(t(book) > 0.5, "{}", t(book));
        assert!(t(house) < 0.05);
        assert_eq!(learned.used, 4);
    }

    #[test]
    fn nothing_is_learned_from_nothing() {
        let learned = learn([("", ""), ("!", "؟")].into_iter());
        assert!(learned.links.ar.is_empty() && learned.links.en.is_empty());
    }
}
