//! Lookup against brute force: the same units, kinds, scores and order as a plain scan that scores with `strsim`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use dhakira::lang::{Lang, Sides};
use dhakira::matching::MatchKind;
use dhakira::matching::penalty::{LevellingCosts, PenaltyPolicy, total};
use dhakira::matching::scorer::Scorer;
use dhakira::matching::witness::{Doubt, WITNESS_FLOOR, WITNESS_RANGE, WITNESSES};
use dhakira::memory::{LookupOptions, MemoryError, Query, Rank, TranslationMemory};
use dhakira::score::{Confidence, Score};
use dhakira::session::SessionInfo;
use dhakira::text::fold::Levelling;
use dhakira::text::{Analyzed, TokenKind};
use dhakira::unit::{DraftUnit, Origin, UnitId, UnitState, UnixSeconds};
use proptest::prelude::*;

const NOW: UnixSeconds = UnixSeconds(1_700_000_000);

/// The definition of the score, written down a second time and as plainly as possible, in hundredths.
fn reference(query: &str, source: &str) -> Option<(MatchKind, u32)> {
    if query.trim() == source.trim() {
        return Some((MatchKind::Exact, 10_000));
    }
    let (q, s) = (Analyzed::new(query), Analyzed::new(source));
    let (q_text, s_text) = (folded(&q).join(" "), folded(&s).join(" "));
    if q_text == s_text {
        return Some((MatchKind::Orthographic, 9_900));
    }
    let overlap = reference_overlap(&q_text, &s_text);
    let longer = q_text.chars().count().max(s_text.chars().count());
    let same = longer - strsim::levenshtein(&q_text, &s_text);
    let edit = (20_000 * same / (longer + same)) as u32;
    let mut near = overlap - (overlap.saturating_sub(edit) * 15).div_ceil(100);
    if differ_in_clitics(&q, &s) {
        near = near.max(8_500);
    }
    let stems = |segment: &Analyzed<'_>| -> BTreeSet<String> {
        let stems = segment.words().map(|t| segment.stem(t).to_owned());
        stems.collect()
    };
    let other_words = if stems(&q) == stems(&s) {
        0
    } else {
        (near * 3).div_ceil(100)
    };
    let score = (near - other_words).min(9_700);
    (score > 0).then_some((MatchKind::Fuzzy, score))
}

fn folded(segment: &Analyzed<'_>) -> Vec<String> {
    let tokens = segment.tokens().iter();
    tokens.map(|t| segment.folded(t).to_owned()).collect()
}

/// How many grams two joined texts have, and how many of both.
fn reference_grams(a: &str, b: &str) -> (u64, u64, u64) {
    let counts = |text: &str| {
        let chars: Vec<char> = format!(" {text} ").chars().collect();
        let mut counts: HashMap<String, u64> = HashMap::new();
        for window in chars.windows(3) {
            let count = counts.entry(window.iter().collect()).or_default();
            *count = (*count + 1).min(3);
        }
        counts
    };
    let (a, b) = (counts(a), counts(b));
    let in_both = |(gram, n): (&String, &u64)| *n.min(b.get(gram).unwrap_or(&0));
    let shared = a.iter().map(in_both).sum();
    (a.values().sum(), b.values().sum(), shared)
}

fn reference_overlap(query: &str, source: &str) -> u32 {
    let (of_query, of_source, shared) = reference_grams(query, source);
    let w = 2 * of_query + of_source;
    let n = 3 * shared * w;
    (20_000 * n / (n + w * w + 24 * (w - 3 * shared))) as u32
}

/// Whether the words are the same in the same order but for what is attached to them; of a single word all else, too,
/// and the conjunction if the word is short.
fn differ_in_clitics(query: &Analyzed<'_>, source: &Analyzed<'_>) -> bool {
    const PRONOUNS: [&str; 8] = ["ه", "ها", "هم", "هن", "هما", "نا", "كم", "كما"];
    let parts = |segment: &Analyzed<'_>| -> Vec<(String, String)> {
        let part = |t| (segment.stem(t).to_owned(), segment.ending(t).to_owned());
        segment.words().map(part).collect()
    };
    let same = |((stem, a), (other, b)): (&(String, String), &(String, String))| {
        let both = [a.as_str(), b.as_str()];
        let attached = |e: &str| PRONOUNS.contains(&e);
        let attached_to_feminine = |e: &str| PRONOUNS.iter().any(|p| e == format!("ت{p}"));
        stem == other
            && (a == b
                || both.iter().all(|e| attached(e))
                || both.iter().all(|e| attached_to_feminine(e))
                || both.contains(&"ه") && both.iter().any(|e| attached_to_feminine(e))
                || both.contains(&"") && both.iter().any(|e| *e != "ه" && attached(e)))
    };
    let single = |segment: &Analyzed<'_>| {
        let marks = segment
            .tokens()
            .iter()
            .filter(|t| t.kind != TokenKind::Word);
        let marks: Vec<String> = marks.map(|t| segment.folded(t).to_owned()).collect();
        let word = segment.words().next().expect("a word");
        let is_short = segment.stem(word).chars().count() <= 2;
        let linked = is_short.then(|| segment.proclitics(word).starts_with('و'));
        (marks, linked)
    };
    let (q, s) = (parts(query), parts(source));
    !q.is_empty()
        && q.len() == s.len()
        && q.iter().zip(&s).all(same)
        && (q.len() > 1 || single(query) == single(source))
}

/// Short words of few letters, so that segments have much in common; one word, many words, marks and digit shapes.
fn segment(lang: Lang) -> impl Strategy<Value = String> {
    words(lang, 1..9)
}

/// Segments so short that many are equal.
fn few_words(lang: Lang) -> impl Strategy<Value = String> {
    words(lang, 1..3)
}

fn words(lang: Lang, words_a_segment: Range<usize>) -> impl Strategy<Value = String> {
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
    proptest::collection::vec(proptest::sample::select(words), words_a_segment)
        .prop_map(|words| words.join(" "))
}

/// What penalties may be asked for.
fn policy() -> impl Strategy<Value = PenaltyPolicy> {
    let cost = || (0..3_u32).prop_map(|n| Score::from_hundredths(n * n * 700));
    let costs = (cost(), cost(), cost(), cost(), cost(), cost());
    costs.prop_map(
        |(low_confidence, unreviewed, other_document, age, several_translations, hamza)| {
            PenaltyPolicy {
                low_confidence,
                unreviewed,
                other_document,
                prefer_document: "news*".to_owned().into(),
                age,
                older_than_days: 10,
                several_translations,
                levelled: LevellingCosts::default().with(Levelling::Hamza, hamza),
                ..PenaltyPolicy::none()
            }
        },
    )
}

/// Where a unit may occur.
fn origin() -> impl Strategy<Value = Origin> {
    (
        0..4_usize,
        0..4_u32,
        0..20_i64,
        proptest::bool::ANY,
        proptest::option::of(0..1000_u16),
    )
        .prop_map(|(document, position, days, seen, confidence)| Origin {
            document: [None, Some("news-1"), Some("news-2"), Some("law")][document]
                .map(str::to_owned),
            position: Some(position),
            changed: Some(UnixSeconds(NOW.0 - days * 86_400)),
            state: if seen {
                UnitState::Translated
            } else {
                UnitState::Initial
            },
            confidence: confidence.map(Confidence::from_thousandths),
            ..Origin::default()
        })
}

/// Penalties by their definition: every occurrence of every unit is looked at.
fn scanned_with_penalties(
    memory: &TranslationMemory,
    text: &str,
    options: &LookupOptions,
) -> Vec<(i64, MatchKind, u32)> {
    let lang = Lang::Arabic;
    let mut occurrences: BTreeMap<i64, (Sides<String>, u32)> = BTreeMap::new();
    let scorer = Scorer::new(text);
    let policy = &options.penalties;
    memory
        .for_each_unit(|unit| {
            let cost = total(&policy.of_origin(&unit.origin, NOW));
            let known = occurrences.entry(unit.id.0).or_insert((unit.text, cost));
            known.1 = known.1.min(cost);
            Ok::<_, MemoryError>(())
        })
        .unwrap();
    let scored: Vec<_> = occurrences
        .iter()
        .filter_map(|(unit, (text, cost))| {
            let scored = scorer.score(text.get(lang), Score::from_hundredths(1))?;
            Some((*unit, scored, text.en.to_lowercase(), *cost))
        })
        .collect();
    let equal = scored.iter().filter(|(_, s, ..)| s.kind > MatchKind::Fuzzy);
    let translations = equal.map(|(_, _, en, _)| en).collect::<BTreeSet<_>>().len();
    let mut all: Vec<_> = scored
        .iter()
        .map(|(unit, s, _, cost)| {
            let of_match = policy.of_match(s.kind, s.levelled, translations);
            let score = s.score.hundredths().saturating_sub(cost + total(&of_match));
            (*unit, s.kind, score)
        })
        .filter(|&(_, _, score)| score >= options.cutoff.hundredths())
        .collect();
    all.sort_by_key(|&(unit, kind, score)| std::cmp::Reverse((kind, score, unit)));
    all.truncate(options.limit);
    all
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
    let options = LookupOptions {
        cutoff,
        limit,
        rank,
        penalties: PenaltyPolicy::none(),
        now: NOW,
    };
    let suggestions = memory.lookup(&query, &options).unwrap();
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
    let mut pairs = Vec::new();
    let owned = |unit: UnitId, sides: Sides<&str>| pairs.push((unit.0, sides.map(str::to_owned)));
    memory.for_each_pair(owned).unwrap();
    let witnesses = match rank {
        Rank::Usefulness => reference_witnesses(&pairs, text, lang),
        Rank::Score => Vec::new(),
    };
    let query = Analyzed::new(text);
    let weighed = |(unit, sides): &(i64, Sides<String>)| {
        let (kind, score) = reference(text, sides.get(lang))?;
        if (kind, rank) != (MatchKind::Fuzzy, Rank::Usefulness) {
            return Some((*unit, kind, score));
        }
        let translation = Analyzed::new(sides.get(lang.other()));
        let doubt = reference_doubt(&witnesses, *unit, sides, lang);
        let doubt = if differ_in_clitics(&query, &Analyzed::new(sides.get(lang))) {
            doubt.against()
        } else {
            doubt
        };
        let cost = renderings
            .answer(&translation)
            .cost(Score::from_hundredths(score), doubt);
        Some((*unit, kind, score - cost.total().hundredths()))
    };
    let mut all: Vec<_> = pairs.iter().filter_map(weighed).collect();
    all.retain(|&(_, _, score)| score >= cutoff.hundredths());
    all.sort_by_key(|&(unit, kind, score)| std::cmp::Reverse((kind, score, unit)));
    all.truncate(limit);
    all
}

/// The units whose sources overlap most with the query, by looking at all of them.
fn reference_witnesses<'p>(
    pairs: &'p [(i64, Sides<String>)],
    text: &str,
    lang: Lang,
) -> Vec<&'p (i64, Sides<String>)> {
    let joined = |text: &str| Analyzed::new(text).joined().to_owned();
    let overlap =
        |pair: &(i64, Sides<String>)| reference_overlap(&joined(text), &joined(pair.1.get(lang)));
    let mut all: Vec<_> = pairs.iter().map(|pair| (overlap(pair), pair)).collect();
    let best = all.iter().map(|(overlap, _)| *overlap).max().unwrap_or(0);
    let least = best.saturating_sub(WITNESS_RANGE.hundredths());
    all.retain(|(overlap, _)| *overlap >= least.max(WITNESS_FLOOR.hundredths()));
    all.sort_by_key(|(overlap, pair)| std::cmp::Reverse((*overlap, pair.0)));
    all.truncate(WITNESSES + 1);
    all.into_iter().map(|(_, pair)| pair).collect()
}

/// What the witnesses leave doubtful of a unit's translation.
fn reference_doubt(
    witnesses: &[&(i64, Sides<String>)],
    unit: i64,
    sides: &Sides<String>,
    lang: Lang,
) -> Doubt {
    let joined = |text: &str| Analyzed::new(text).joined().to_owned();
    let likeness = |a: &str, b: &str| {
        let (of_a, of_b, shared) = reference_grams(&joined(a), &joined(b));
        (20_000 * shared / (of_a + of_b)) as i64
    };
    let others = witnesses.iter().filter(|witness| witness.0 != unit);
    let bearings: Vec<i64> = others
        .take(WITNESSES)
        .map(|(_, other)| {
            likeness(sides.get(lang.other()), other.get(lang.other()))
                - likeness(sides.get(lang), other.get(lang))
        })
        .collect();
    match bearings.len() as i64 {
        0 => Doubt::of_bearing(0),
        heard => Doubt::of_bearing(bearings.iter().sum::<i64>() / heard),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn lookup_with_penalties_is_brute_force(
        units in proptest::collection::vec((few_words(Lang::Arabic), few_words(Lang::English), origin()), 1..600),
        queries in proptest::collection::vec((few_words(Lang::Arabic), policy(), 1..=100_u8, 1..8_usize), 8),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut memory = TranslationMemory::open_or_create(&folder.path().join("m.dhakira"), NOW).unwrap();
        for half in units.chunks(units.len() / 2 + 1) {
            let mut import = memory.begin(&SessionInfo::default(), NOW).unwrap();
            for (ar, en, origin) in half {
                import.push(&DraftUnit::new(ar, en, origin.clone()).unwrap()).unwrap();
            }
            import.finish().unwrap();
        }
        for (text, penalties, points, limit) in queries {
            let options = LookupOptions { cutoff: Score::from_points(points), limit, penalties, now: NOW, rank: Rank::Score };
            let query = Query { text: &text, lang: Lang::Arabic, previous: None, next: None };
            let suggestions = memory.lookup(&query, &options).unwrap();
            for found in &suggestions {
                // What is shown is the occurrence that the penalties are of.
                let policy = &options.penalties;
                let of_origin = policy.of_origin(&found.unit.origin, NOW);
                prop_assert!(found.matched.penalties.starts_with(&of_origin), "{:?}", found);
            }
            let found: Vec<_> = suggestions
                .iter()
                .map(|s| (s.matched.unit.0, s.matched.kind, s.matched.score.hundredths()))
                .collect();
            prop_assert_eq!(found, scanned_with_penalties(&memory, &text, &options), "{} {:?}", text, options);
        }
    }

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
