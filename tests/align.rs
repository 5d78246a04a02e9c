//! The aligner on the demo's articles, from running text to beads, against gold beads made by hand.

use std::ops::Range;

use dhakira::align::eval::Quality;
use dhakira::align::{AlignOptions, Bitext, Lexicon, align};
use dhakira::lang::Sides;
use dhakira::text::segment::{SegmentOptions, segments};

/// `5,6` as a range; `-` is empty.
fn range(indices: &str) -> Range<usize> {
    let mut numbers = indices.split(',').filter_map(|n| n.parse::<usize>().ok());
    let first = numbers.next().unwrap_or(0);
    let last = numbers.next_back().unwrap_or(first);
    if indices == "-" {
        0..0
    } else {
        first..last + 1
    }
}

fn article(slug: &str, lang: &str) -> String {
    let path = format!("{}/src/demo/{slug}.{lang}.txt", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn cut(text: &str) -> Vec<&str> {
    let ranges = segments(text, &SegmentOptions::default());
    ranges.into_iter().map(|range| &text[range]).collect()
}

#[test]
fn the_demo_is_aligned_as_its_translator_meant() {
    let gold = include_str!("data/demo-gold.tsv");
    let rows: Vec<Vec<&str>> = gold
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    let mut slugs: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    slugs.dedup();
    let mut quality = Quality::default();
    for slug in slugs {
        let of_slug = rows.iter().filter(|row| row[0] == slug);
        let gold: Vec<_> = of_slug
            .map(|row| Sides {
                ar: range(row[1]),
                en: range(row[2]),
            })
            .collect();
        let (ar, en) = (article(slug, "ar"), article(slug, "en"));
        let (ar, en) = (cut(&ar), cut(&en));
        let count = |side: fn(&Sides<Range<usize>>) -> usize| gold.iter().map(side).sum::<usize>();
        assert_eq!(
            (ar.len(), en.len()),
            (count(|g| g.ar.len()), count(|g| g.en.len())),
            "sentences of {slug}"
        );

        let bitext = Bitext {
            segments: Sides { ar: &ar, en: &en },
            paragraphs: None,
        };
        let beads = align(&bitext, Lexicon::seed(), &AlignOptions::default()).beads;
        let judged: Vec<_> = beads.into_iter().map(|bead| bead.range).collect();
        quality += Quality::of(&judged, &gold);
    }
    let f1 = quality.strict_f1();
    assert!(f1 >= 0.97, "strict F1 {f1:.3}");
}
