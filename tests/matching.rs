//! Lookup against brute force: the same units, kinds, scores and order as a plain scan that scores with `strsim`.

use std::collections::HashMap;

use dhakira::lang::Lang;
use dhakira::matching::MatchKind;
use dhakira::memory::{LookupOptions, Query, Rank, TranslationMemory};
use dhakira::score::Score;
use dhakira::session::SessionInfo;
use dhakira::text::Analyzed;
use dhakira::unit::{DraftUnit, Origin, UnixSeconds};
use proptest::prelude::*;

const NOW: UnixSeconds = UnixSeconds(1_700_000_000);

/// The definition of the score, written down a second time and as plainly as possible.
fn reference(query: &str, source: &str) -> Option<(MatchKind, u32)> {
    if query.trim() == source.trim() {
        return Some((MatchKind::Exact, 10_000));
    }
    let tokens = |text: &str| {
        let analyzed = Analyzed::new(text);
        let folded: Vec<String> = analyzed
            .tokens()
            .iter()
            .map(|t| analyzed.folded(t).to_owned())
            .collect();
        folded.join(" ")
    };
    let (q, s) = (tokens(query), tokens(source));
    if q == s {
        return Some((MatchKind::Orthographic, 9_900));
    }
    let counts = |text: &str| {
        let chars: Vec<char> = format!(" {text} ").chars().collect();
        let mut counts: HashMap<String, u32> = HashMap::new();
        for window in chars.windows(3) {
            let count = counts.entry(window.iter().collect()).or_default();
            *count = (*count + 1).min(3);
        }
        counts
    };
    let (cq, cs) = (counts(&q), counts(&s));
    let total = cq.values().sum::<u32>() + cs.values().sum::<u32>();
    let shared: u32 = cq
        .iter()
        .map(|(gram, n)| n.min(cs.get(gram).unwrap_or(&0)))
        .sum();
    let w = u64::from(total + cq.values().sum::<u32>());
    let n = 3 * u64::from(shared) * w;
    let overlap = (20_000 * n / (n + w * w + 24 * (w - 3 * u64::from(shared)))) as u32;
    let longer = q.chars().count().max(s.chars().count());
    let same = longer - strsim::levenshtein(&q, &s);
    let edit = (20_000 * same / (longer + same)) as u32;
    let cost = (overlap.saturating_sub(edit) * 15).div_ceil(100);
    Some((MatchKind::Fuzzy, (overlap - cost).min(9_800))).filter(|&(_, score)| score > 0)
}

/// Short words of few letters, so that segments have much in common; one word, many words, marks and digit shapes.
fn segment(lang: Lang) -> impl Strategy<Value = String> {
    let words: &[&str] = match lang {
        Lang::Arabic => &[
            "كتب",
            "كَتَبَ",
            "الكتاب",
            "والكتاب",
            "مدرسة",
            "مدرسه",
            "إلى",
            "الى",
            "في",
            "زار",
            "الوزير",
            "وزير",
            "،",
            ".",
            "؟",
            "«نعم»",
            "كتـاب",
            "ﻛﺘﺎب",
        ],
        Lang::English => &[
            "book",
            "books",
            "The",
            "the",
            "school",
            "visited",
            "minister",
            "ministers",
            "in",
            ",",
            ".",
            "?",
            "\"yes\"",
            "a",
        ],
    };
    proptest::collection::vec(proptest::sample::select(words), 1..9)
        .prop_map(|words| words.join(" "))
}

/// A draft of words alone, so that no flag, whose caps [`reference`] leaves out, can apply.
fn draft(ar: &str, en: &str) -> DraftUnit {
    DraftUnit::new(ar, en, Origin::default()).unwrap()
}

fn memory(units: &[(String, String)]) -> (tempfile::TempDir, TranslationMemory) {
    let folder = tempfile::tempdir().unwrap();
    let mut memory =
        TranslationMemory::open_or_create(&folder.path().join("m.dhakira"), NOW).unwrap();
    // In two sessions, so that there are units in a run and units that wait.
    for half in units.chunks(units.len() / 2 + 1) {
        let mut import = memory.begin(&SessionInfo::default(), NOW).unwrap();
        for (ar, en) in half {
            import.push(&draft(ar, en)).unwrap();
        }
        import.finish().unwrap();
    }
    (folder, memory)
}

fn found(
    memory: &TranslationMemory,
    text: &str,
    lang: Lang,
    cutoff: Score,
    limit: usize,
    rank: Rank,
) -> Vec<(i64, MatchKind, u32)> {
    let query = Query {
        text,
        lang,
        previous: None,
        next: None,
    };
    let suggestions = memory
        .lookup(
            &query,
            &LookupOptions {
                cutoff,
                limit,
                rank,
            },
        )
        .unwrap();
    suggestions
        .iter()
        .map(|s| {
            (
                s.matched.unit.0,
                s.matched.kind,
                s.matched.score.hundredths(),
            )
        })
        .collect()
}

fn scanned(
    memory: &TranslationMemory,
    text: &str,
    lang: Lang,
    cutoff: Score,
    limit: usize,
    rank: Rank,
) -> Vec<(i64, MatchKind, u32)> {
    let renderings = memory.renderings(text, lang).unwrap();
    let mut all = Vec::new();
    let visit = |unit: dhakira::unit::UnitId, sides: dhakira::lang::Sides<&str>| {
        all.extend(reference(text, sides.get(lang)).map(|(kind, score)| {
            if (kind, rank) != (MatchKind::Fuzzy, Rank::Usefulness) {
                return (unit.0, kind, score);
            }
            let translation = Analyzed::new(sides.get(lang.other()));
            let cost = renderings.cost(Score::from_hundredths(score), &translation);
            let cost = cost.uncovered.hundredths() + cost.short.hundredths();
            (unit.0, kind, score - cost)
        }));
    };
    memory.for_each_pair(visit).unwrap();
    all.retain(|&(_, _, score)| score >= cutoff.hundredths());
    all.sort_by_key(|&(unit, kind, score)| std::cmp::Reverse((kind, score, unit)));
    all.truncate(limit);
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn lookup_is_brute_force(
        units in proptest::collection::vec((segment(Lang::Arabic), segment(Lang::English)), 1..700),
        queries in proptest::collection::vec((segment(Lang::Arabic), segment(Lang::English), 1..=100_u8, 1..8_usize), 8),
    ) {
        let (_folder, memory) = memory(&units);
        memory.check().unwrap();
        for (ar, en, points, limit) in &queries {
            let cutoff = Score::from_points(*points);
            for (text, lang) in [(ar, Lang::Arabic), (en, Lang::English)] {
                for rank in [Rank::Score, Rank::Usefulness] {
                    let expected = scanned(&memory, text, lang, cutoff, *limit, rank);
                    let found = found(&memory, text, lang, cutoff, *limit, rank);
                    prop_assert_eq!(found, expected, "{} at {} by {:?}", text, cutoff, rank);
                }
            }
        }
    }
}
