//! The gold table: pairs of sentences with the kind, the flags and the range of scores that a translator would agree to.

use dhakira::matching::MatchKind;
use dhakira::matching::scorer::{Scored, Scorer};
use dhakira::score::Score;

/// Under a header: query, stored source, kind, flags with commas between or `-`, least and greatest score in points,
/// and what the pair is about.
const TABLE: &str = include_str!("data/gold.tsv");

struct Pair {
    line: usize,
    query: &'static str,
    source: &'static str,
    kind: &'static str,
    flags: &'static str,
    least: Score,
    greatest: Score,
    remark: &'static str,
}

fn table() -> Vec<Pair> {
    let points = |field: &str| Score::from_points(field.parse().unwrap());
    let lines = TABLE.lines().enumerate().skip(1);
    let pairs = lines.map(|(i, line)| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [query, source, kind, flags, least, greatest, remark] = fields[..] else {
            panic!("line {}: seven fields, not {}", i + 1, fields.len());
        };
        let (least, greatest) = (points(least), points(greatest));
        assert!(least <= greatest, "line {}", i + 1);
        Pair {
            line: i + 1,
            query,
            source,
            kind,
            flags,
            least,
            greatest,
            remark,
        }
    });
    pairs.collect()
}

fn scored(query: &str, source: &str) -> Scored {
    let nothing_is_too_little = Score::default();
    Scorer::new(query)
        .score(source, nothing_is_too_little)
        .unwrap()
}

fn flags(scored: &Scored) -> String {
    let names: Vec<&str> = scored.flags.iter().map(|flag| flag.name()).collect();
    if names.is_empty() {
        "-".to_owned()
    } else {
        names.join(",")
    }
}

/// Fails with every pair for which `complaint` has something to say.
fn all_hold(complaint: impl Fn(&Pair, &Scored) -> Option<String>) {
    let pairs = table();
    let found: Vec<String> = pairs
        .iter()
        .filter_map(|pair| {
            let said = complaint(pair, &scored(pair.query, pair.source))?;
            Some(format!(
                "line {}: {said}  ({})\n    {}\n    {}\n",
                pair.line, pair.remark, pair.query, pair.source
            ))
        })
        .collect();
    assert!(
        found.is_empty(),
        "{} of {} pairs:\n{}",
        found.len(),
        pairs.len(),
        found.concat()
    );
}

#[test]
fn kinds_and_flags_are_as_in_the_table_in_either_direction() {
    all_hold(|pair, there| {
        let back = scored(pair.source, pair.query);
        let seen = (there.kind.name(), flags(there));
        if seen != (back.kind.name(), flags(&back)) {
            return Some("not the same in the other direction".to_owned());
        }
        let expected = (pair.kind, pair.flags.to_owned());
        (seen != expected).then(|| format!("{seen:?}, not {expected:?}"))
    });
}

#[test]
fn scores_are_in_the_ranges_of_the_table() {
    all_hold(|pair, scored| {
        (scored.score < pair.least || scored.score > pair.greatest)
            .then(|| format!("{}, not {} to {}", scored.score, pair.least, pair.greatest))
    });
}

#[test]
fn what_is_flagged_is_never_95() {
    all_hold(|_, scored| {
        let most = Score::from_points(94);
        let broken = !scored.flags.is_empty() && scored.score > most
            || scored.kind == MatchKind::Fuzzy && scored.score > Score::FUZZY_MAX;
        broken.then(|| format!("{} with {}", scored.score, flags(scored)))
    });
}
