//! Bitext of any length: the whole matrix for articles, a band for chapters, piece by piece for books.
//!
//! Up to [`WHOLE`] nodes every bead is looked at. A longer bitext gets a band around its anchors ([`super::anchor`]),
//! which is made wider and searched again where the path comes to its edge. One of more than [`PIECE`] segments is cut:
//! a piece runs [`MARGIN`] segments on beyond its end, and the next one begins where the path of this one crosses that
//! end, so that each cut is a place between two beads that were found with text on both sides of it.
//!
//! Memory: about 155 bytes a node, 88 of them for the tables of evidence and 64 for the scores of beads. A piece has at most
//! [`MOST_NODES`], so that a book of any length needs at most 0.5 GB beside its text and cues, and usually a tenth of it.

use super::anchor::{self, Chain};
use super::band::Band;
use super::edge::Edges;
use super::evidence::Evidence;
use super::model::{Extent, Model, WIDEST};
use super::paragraph::Paragraphs;
use super::scorer::Scorer;
use super::search::{self, Step};
use super::table::Table;
use super::{AlignOptions, Bitext, Lexicon};
use crate::lang::Sides;

/// The most nodes that are searched without a band.
const WHOLE: usize = 200_000;
/// Segments of a piece, both sides counted.
const PIECE: usize = 6_000;
/// Segments that a piece looks beyond its end, both sides counted.
const MARGIN: usize = 600;
/// The half width of a band at an anchor.
const HALF_WIDTH: usize = 32;
/// The most nodes of a band.
const MOST_NODES: usize = 3_000_000;
/// A cue that occurs in more segments of a side than this is no anchor.
const RARE: usize = 6;

/// The beads of a bitext, as steps.
pub(super) fn align(bitext: &Bitext<'_>, lexicon: &Lexicon, options: &AlignOptions) -> Vec<Step> {
    let (n, m) = size(bitext);
    if n + m <= PIECE + MARGIN {
        return piece(bitext, lexicon, options);
    }
    let evidence = Evidence::new(bitext.segments, lexicon, &options.model);
    let chain = anchor::chain(evidence.rare_matches(RARE), n, m);
    drop(evidence);
    let mut steps: Vec<Step> = Vec::with_capacity(n.max(m));
    let mut start = (0, 0);
    while start != (n, m) {
        let begun = start.0 + start.1;
        let left = n + m - begun;
        let end = if left <= PIECE + MARGIN {
            (n, m)
        } else {
            let (i, j) = anchor::on_line(&chain, n, m, begun + PIECE + MARGIN);
            (i.max(start.0), j.max(start.1))
        };
        // A piece as long as promised even where the line is behind the path.
        let end = if end.0 + end.1 < begun + PIECE {
            (n, m)
        } else {
            end
        };
        let found = piece(&slice(bitext, start, end), lexicon, options);
        let offset = start;
        for step in found {
            let from = (offset.0 + step.from.0, offset.1 + step.from.1);
            if end != (n, m) && from.0 + from.1 >= begun + PIECE {
                break;
            }
            steps.push(Step { from, ..step });
            start = (from.0 + step.extent.0, from.1 + step.extent.1);
        }
    }
    steps
}

fn size(bitext: &Bitext<'_>) -> (usize, usize) {
    (bitext.segments.ar.len(), bitext.segments.en.len())
}

fn slice<'t>(bitext: &Bitext<'t>, from: (usize, usize), to: (usize, usize)) -> Bitext<'t> {
    Bitext {
        segments: Sides {
            ar: &bitext.segments.ar[from.0..to.0],
            en: &bitext.segments.en[from.1..to.1],
        },
        paragraphs: bitext.paragraphs.and_then(|numbers| {
            Some(Sides {
                ar: numbers.ar.get(from.0..to.0)?,
                en: numbers.en.get(from.1..to.1)?,
            })
        }),
    }
}

/// One piece, in one matrix or band.
fn piece(bitext: &Bitext<'_>, lexicon: &Lexicon, options: &AlignOptions) -> Vec<Step> {
    let (n, m) = size(bitext);
    let evidence = Evidence::new(bitext.segments, lexicon, &options.model);
    if (n + 1) * (m + 1) <= WHOLE {
        return in_band(bitext, &evidence, &Band::full(n, m), options);
    }
    let chain = anchor::chain(evidence.rare_matches(RARE), n, m);
    let mut half = HALF_WIDTH;
    let mut band = band_around(&chain, n, m, half);
    loop {
        let steps = in_band(bitext, &evidence, &band, options);
        half *= 2;
        let wider = band_around(&chain, n, m, half);
        if wider.cells() > MOST_NODES || wider == band || !touches(&steps, &band) {
            return steps;
        }
        band = wider;
    }
}

/// A band that is wider where anchors are further apart.
fn band_around(chain: &Chain, n: usize, m: usize, half: usize) -> Band {
    Band::around(n, m, chain, |row| {
        let next = chain.partition_point(|&(i, _)| i < row);
        let after = chain.get(next).map_or(n, |p| p.0);
        let before = next.checked_sub(1).map_or(0, |k| chain[k].0);
        half + (after - row).min(row - before) * half / HALF_WIDTH / 2
    })
}

/// Whether a path comes close to an edge of its band that is not the edge of the matrix.
fn touches(steps: &[Step], band: &Band) -> bool {
    const CLOSE: usize = 8;
    let (_, m) = band.size();
    steps.iter().any(|step| {
        let (i, j) = step.from;
        let columns = band.columns(i);
        columns.start > 0 && j < columns.start + CLOSE
            || columns.end <= m && j + CLOSE >= columns.end
    })
}

/// The search in a band.
fn in_band(
    bitext: &Bitext<'_>,
    evidence: &Evidence,
    band: &Band,
    options: &AlignOptions,
) -> Vec<Step> {
    let model = &options.model;
    let scorer = Scorer {
        band,
        tables: Sides::from_fn(|lang| Table::new(evidence, lang, band, model)),
        extents: evidence.characters().map(|lengths| extents(lengths, model)),
        paragraphs: bitext
            .paragraphs
            .and_then(|numbers| Paragraphs::new(numbers, bitext.segments.map(<[_]>::len), model)),
        edges: Edges::new(bitext.segments, model),
        model,
    };
    let scores = scorer.scores();
    // What the scores were made of takes more memory than they do.
    drop(scorer);
    search::search(band, &scores, model)
}

/// For each segment the extents of the ranges that begin with it.
fn extents(lengths: &[f64], model: &Model) -> Vec<[Extent; WIDEST]> {
    let of_ranges = |from: usize| {
        let mut sum = 0.0;
        std::array::from_fn(|width| {
            sum += lengths.get(from + width).copied().unwrap_or(0.0);
            model.extent(sum)
        })
    };
    (0..lengths.len()).map(of_ranges).collect()
}
