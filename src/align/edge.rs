//! Where segments break off inside a sentence, as evidence for where beads end.
//!
//! Text that was cut by lines or cues, or that a translator cut otherwise, leaves segments that end with a comma or
//! without a mark, and segments that go on in lower case. Where a bead ends both sides end a sentence, or both are inside
//! one. So each *edge* between two segments is [`Whole`](Edge::Whole), [`Broken`](Edge::Broken) or, where a mark is
//! missing that titles and verses miss too, [`Unmarked`](Edge::Unmarked), and the edges say three things.
//!
//! **At the ends of a filled bead** the two sides agree more than by chance. With the shares `r` and `s` of broken edges
//! on the two sides, and `τ` of the way from independence to as much agreement as these shares allow
//! ([`Model::edge_trust`]; where an edge is unmarked it counts as broken, with [`Model::unmarked_trust`]):
//!
//! ```text
//! P(broken, broken) = r s + τ (min(r, s) − r s)        the rest of the table follows from r and s
//! score             = w · ln P(x, y) / (P(x) P(y))     w = 0.6: most edges belong to two beads
//! ```
//!
//! **Inside a 2-2** they disagree, for it stands where a piece of a sentence moved from one segment to the next; **inside
//! 1-k and k-1** an edge is broken where one sentence was cut. Both are cues like any other (`evidence.rs`), with
//! `h` of [`Model::moved_trust`] or [`Model::cut_trust`] and the chance `q` of them in the document:
//! `ln(1 − h + h/q)` where it is so, `ln(1 − h)` where it is not.
//!
//! Worked example: one edge in twenty is broken on either side, `r = s = 0.05`, and `τ = 0.9`. `P(broken, broken)` is
//! 0.0453 instead of 0.0025 and the end of a bead gains `0.6 · ln 18.1 = 1.74`; with one side broken it loses
//! `−0.6 · ln 0.1 = 1.38`; with both whole it gains 0.03. Where a side has no marks at all, or never misses one, nothing is
//! gained or lost.

use super::model::Model;
use crate::lang::Sides;

/// What the text says about the place between two segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edge {
    /// A sentence ends.
    Whole = 0,
    /// No mark ends the sentence, and nothing says that it goes on.
    Unmarked = 1,
    /// The sentence goes on.
    Broken = 2,
}

/// The share of broken edges where too few are seen, and how many edges that counts for.
const EXPECTED: f64 = 0.05;
const SMOOTHING: f64 = 2.0;

/// How much of its evidence an edge gives to each of the beads beside it.
const WEIGHT: f64 = 0.6;

/// Probabilities of tables are at least this.
const LEAST: f64 = 1e-4;

/// By Arabic and by English [`Edge`].
type Scores = [[f64; 3]; 3];

/// The edges of two documents and what they are worth.
#[derive(Debug)]
pub(super) struct Edges {
    /// From the edge before the first segment to that behind the last.
    edges: Sides<Vec<Edge>>,
    /// At an end of a bead.
    ends: Scores,
    /// Inside a 2-2.
    moved: Scores,
    /// Inside a 1-k or k-1, by [`Edge`].
    cut: Sides<[f64; 3]>,
}

impl Edges {
    pub(super) fn new(segments: Sides<&[&str]>, model: &Model) -> Self {
        let edges = segments.map(edges);
        let marked = Sides::from_fn(|lang| share(edges.get(lang), false));
        let all = Sides::from_fn(|lang| share(edges.get(lang), true));
        let by_edge = |marked: [[f64; 2]; 2], all: [[f64; 2]; 2]| {
            [
                [marked[0][0], all[0][1], marked[0][1]],
                [all[1][0], all[1][1], all[1][1]],
                [marked[1][0], all[1][1], marked[1][1]],
            ]
        };
        Self {
            ends: by_edge(
                agreement(marked, model.edge_trust),
                agreement(all, model.unmarked_trust),
            ),
            moved: by_edge(
                disagreement(marked, model.moved_trust),
                disagreement(all, model.moved_trust * model.unmarked_trust),
            ),
            cut: marked.map(|q| {
                let (broken, whole) = cue(model.cut_trust, q);
                [whole, 0.0, broken]
            }),
            edges,
        }
    }

    /// The evidence for a filled bead that begins before Arabic segment `i` and English segment `j`.
    pub(super) fn score(&self, (i, j): (usize, usize), (a, e): (usize, usize)) -> f64 {
        let at = |scores: &Scores, i: usize, j: usize| {
            scores[self.edges.ar[i] as usize][self.edges.en[j] as usize]
        };
        let ends = at(&self.ends, i, j) + at(&self.ends, i + a, j + e);
        let inside = if (a, e) == (2, 2) {
            at(&self.moved, i + 1, j + 1)
        } else {
            let cut = |scores: &[f64; 3], edges: &[Edge]| -> f64 {
                edges.iter().map(|&edge| scores[edge as usize]).sum()
            };
            cut(&self.cut.ar, &self.edges.ar[i + 1..i + a])
                + cut(&self.cut.en, &self.edges.en[j + 1..j + e])
        };
        ends + inside
    }
}

/// The share of edges between segments that are broken; those without a mark count as such or not at all.
fn share(edges: &[Edge], with_unmarked: bool) -> f64 {
    let edges = edges.get(1..edges.len() - 1).unwrap_or_default();
    let count = |edge: Edge| edges.iter().filter(|&&e| e == edge).count() as f64;
    let unmarked = if with_unmarked {
        count(Edge::Unmarked)
    } else {
        0.0
    };
    let broken = count(Edge::Broken) + unmarked;
    (broken + SMOOTHING * EXPECTED) / (broken + count(Edge::Whole) + SMOOTHING)
}

/// For the ends of beads, by whether the Arabic and the English edge is broken.
fn agreement(shares: Sides<f64>, trust: f64) -> [[f64; 2]; 2] {
    let Sides { ar: r, en: s } = shares;
    let both = r * s + trust * (r.min(s) - r * s);
    let joint = [[1.0 - r - s + both, s - both], [r - both, both]];
    let alone = [
        [(1.0 - r) * (1.0 - s), (1.0 - r) * s],
        [r * (1.0 - s), r * s],
    ];
    let score = |x: usize, y: usize| WEIGHT * (joint[x][y].max(LEAST) / alone[x][y]).ln();
    [[score(0, 0), score(0, 1)], [score(1, 0), score(1, 1)]]
}

/// For the middle of 2-2.
fn disagreement(shares: Sides<f64>, trust: f64) -> [[f64; 2]; 2] {
    let Sides { ar: r, en: s } = shares;
    let (differ, agree) = cue(trust, r * (1.0 - s) + s * (1.0 - r));
    [[agree, differ], [differ, agree]]
}

/// What a thing that is expected with probability `h`, and by chance with `q`, is worth where it is and where it is not.
fn cue(h: f64, q: f64) -> (f64, f64) {
    ((1.0 - h + h / q).ln(), (1.0 - h).ln())
}

fn edges(segments: &[&str]) -> Vec<Edge> {
    let mut out = vec![Edge::Whole];
    out.extend(segments.windows(2).map(|pair| between(pair[0], pair[1])));
    if !segments.is_empty() {
        out.push(Edge::Whole);
    }
    out
}

/// The edge between two segments.
fn between(before: &str, after: &str) -> Edge {
    const STOPS: &str = ".!?؟…۔。";
    const BREAKS: &str = ",،;؛:-–—";
    let head = after.trim_start_matches(|c: char| !c.is_alphanumeric());
    if head.starts_with(char::is_lowercase) {
        return Edge::Broken;
    }
    // Quotes and brackets close behind the mark, or before it.
    let is_mark = |c: &char| c.is_alphanumeric() || STOPS.contains(*c) || BREAKS.contains(*c);
    match before.chars().rev().find(is_mark) {
        Some(c) if STOPS.contains(c) => Edge::Whole,
        Some(c) if BREAKS.contains(c) => Edge::Broken,
        _ => Edge::Unmarked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twenty segments that end a sentence, but for those of the given numbers.
    fn twenty(broken: &[usize]) -> Vec<&'static str> {
        let segment = |i| if broken.contains(&i) { "One," } else { "One." };
        (0..20).map(segment).collect()
    }

    fn edges_of(ar: &[&str], en: &[&str]) -> Edges {
        Edges::new(Sides { ar, en }, &Model::default())
    }

    #[test]
    fn marks_and_capitals_tell_whether_a_sentence_goes_on() {
        for (before, after, edge) in [
            ("وصل الوزير.", "وغادر.", Edge::Whole),
            ("He said: “No!”", "Nobody", Edge::Whole),
            ("هل وصل؟»", "نعم", Edge::Whole),
            ("وفي عام 2012،", "وصل", Edge::Broken),
            ("In 2012 (a warm year),", "He came.", Edge::Broken),
            ("He came in.", "and left.", Edge::Broken),
            ("A title", "He came.", Edge::Unmarked),
            ("", "", Edge::Unmarked),
        ] {
            assert_eq!(between(before, after), edge, "{before} {after}");
        }
    }

    #[test]
    fn ends_of_beads_agree_and_the_middle_of_a_2_2_does_not() {
        let edges = edges_of(&twenty(&[4]), &twenty(&[4, 9]));
        let end = |i: usize, j: usize| edges.score((i, j), (1, 1));
        assert!(end(5, 5) > 1.0, "both are broken in front");
        assert!(end(5, 7) < -0.5, "one is");
        assert!(end(12, 12).abs() < 0.1, "none is");
        let two = |i, j| edges.score((i, j), (2, 2)) - edges.score((i, j), (1, 1));
        assert!(two(12, 9) > 1.0, "broken on one side, in the middle");
        assert!(two(12, 12) < -0.5);
        let wide = |j| edges.score((12, j), (1, 2));
        assert!(wide(9) > wide(12), "cut inside");
    }

    #[test]
    fn what_is_everywhere_or_nowhere_says_nothing() {
        let all: Vec<usize> = (0..20).collect();
        let edges = edges_of(&twenty(&all), &twenty(&[4]));
        for j in [3, 4, 5] {
            assert!(edges.score((7, j), (1, 1)).abs() < 0.1);
        }
        assert_eq!(edges_of(&[], &[]).edges.ar, [Edge::Whole]);
    }
}
