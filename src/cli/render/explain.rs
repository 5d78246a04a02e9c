//! An explanation for people, below its match: the arithmetic as a column of numbers that add up, then the words that
//! are not the same, by how they differ.
//!
//! ```text
//!      score       89.62  27 letter triples shared, of 29 in the query and 38 in the match
//!                  -0.46  letter by letter, in their order, only 86.56 agree
//!                  -2.68  not the same words
//!                  -7.48  at most 79: one of them is negated
//!               =     79
//!      words   4 the same; changed: [-meet-] {+met+}; only in the match: [-did-], [-not-]
//! ```

use std::io::{self, Write};

use super::human::{
    FAINT, Look, ONLY_IN_MATCH, ONLY_IN_QUERY, flag_in_words, penalty_in_words, visible,
};
use super::plural;
use crate::matching::explain::{Basis, Explanation, Reason, WordPair, WordRelation};
use crate::matching::{Match, MatchKind};

/// Writes the lines of one match.
pub(super) fn write(
    out: &mut dyn Write,
    explanation: &Explanation,
    matched: &Match,
    look: Look,
) -> io::Result<()> {
    let mut row = |label: &str, number: &str, why: &str| {
        let why = look.paint(FAINT, why);
        let line = format!("     {label:<7} {number:>9}  {why}");
        writeln!(out, "{}", line.trim_end())
    };
    row(
        "score",
        &explanation.similarity.to_string(),
        &beginning(explanation, matched.kind),
    )?;
    for deduction in &explanation.deductions {
        let points = format!("-{}", deduction.points);
        row("", &points, &reason(deduction.reason))?;
    }
    if !explanation.deductions.is_empty() {
        row("", &format!("= {:>6}", matched.score.to_string()), "")?;
    }
    match matched.kind {
        MatchKind::Context | MatchKind::Exact => Ok(()),
        MatchKind::Orthographic | MatchKind::Fuzzy => {
            writeln!(out, "     words   {}", words(&explanation.words, look))
        }
    }
}

/// Where the score begins.
fn beginning(explanation: &Explanation, kind: MatchKind) -> String {
    match kind {
        MatchKind::Context => "equal as written, and so is a neighbour".to_owned(),
        MatchKind::Exact => "equal as written".to_owned(),
        MatchKind::Orthographic => "equal but for the spelling".to_owned(),
        MatchKind::Fuzzy if explanation.basis == Basis::Words => {
            "the same words in their order, but for what is attached to them".to_owned()
        }
        MatchKind::Fuzzy => {
            let triples = explanation.triples;
            let shared = plural(triples.shared as u64, "letter triple");
            let (query, source) = (triples.query, triples.source);
            format!("{shared} shared, of {query} in the query and {source} in the match")
        }
    }
}

fn reason(reason: Reason) -> String {
    match reason {
        Reason::EditDistance(similarity) => {
            format!("letter by letter, in their order, only {similarity} agree")
        }
        Reason::Flagged(flag) => format!("at most {}: {}", flag.cap(), flag_in_words(flag)),
        Reason::Kind(MatchKind::Orthographic, cap) => format!("at most {cap}: spelled differently"),
        Reason::Kind(_, cap) => format!("at most {cap}: not equal"),
        Reason::OtherWords => "not the same words".to_owned(),
        Reason::Uncovered => "its translation lacks words of the query".to_owned(),
        Reason::Unasked => "its translation says more than the query".to_owned(),
        Reason::ShortTranslation => "its translation is shorter than the query".to_owned(),
        Reason::Unconfirmed => {
            "no translations of like segments bear its translation out".to_owned()
        }
        Reason::Penalty(cause) => format!("penalty: {}", penalty_in_words(cause)),
    }
}

/// How many words are the same, then the others by relation, the match's before the query's.
fn words(words: &[WordPair], look: Look) -> String {
    let of = |relation| words.iter().filter(move |pair| pair.relation == relation);
    let mut groups = vec![format!("{} the same", of(WordRelation::Same).count())];
    for (relation, name) in [
        (WordRelation::Spelling, "spelled differently"),
        (WordRelation::Near, "near, of the same stem"),
        (WordRelation::Changed, "changed"),
        (WordRelation::Dropped, "only in the match"),
        (WordRelation::Added, "only in the query"),
    ] {
        let pairs: Vec<String> = of(relation).map(|pair| marked(pair, look)).collect();
        if !pairs.is_empty() {
            groups.push(format!("{name}: {}", pairs.join(", ")));
        }
    }
    groups.join("; ")
}

/// `[-وزير-] {+الوزير+}`, or one of the two.
fn marked(pair: &WordPair, look: Look) -> String {
    let source = pair.source.as_deref().map(visible);
    let query = pair.query.as_deref().map(visible);
    let source = source.map(|word| look.mark(ONLY_IN_MATCH, ("[-", "-]"), &look.isolate(&word)));
    let query = query.map(|word| look.mark(ONLY_IN_QUERY, ("{+", "+}"), &look.isolate(&word)));
    let words: Vec<String> = source.into_iter().chain(query).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::penalty::{Penalty, PenaltyCause, penalised};
    use crate::matching::scorer::Scorer;
    use crate::score::Score;
    use crate::unit::UnitId;

    fn explained(query: &str, source: &str, penalties: Vec<Penalty>) -> String {
        let scored = Scorer::new(query).score(source, Score::default()).unwrap();
        let matched = Match {
            unit: UnitId(1),
            kind: scored.kind,
            score: penalised(scored.score, &penalties),
            levelled: scored.levelled,
            flags: scored.flags,
            penalties,
            breakdown: scored.breakdown,
        };
        let mut out = Vec::new();
        let explanation = Explanation::new(query, source, &matched);
        write(&mut out, &explanation, &matched, Look::default()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_arithmetic_stands_in_a_column() {
        let penalty = Penalty {
            cause: PenaltyCause::Unreviewed,
            cost: Score::from_points(2),
        };
        assert_eq!(
            explained("إلى المدرسة", "الى المدرسة", vec![penalty]),
            "     score         100  equal but for the spelling\n                    \
             -1  at most 99: spelled differently\n                    \
             -2  penalty: not reviewed\n              =     97\n     \
             words   1 the same; spelled differently: [-الى-] {+إلى+}\n"
        );
        assert_eq!(
            explained("نعم", "نعم", Vec::new()),
            "     score         100  equal as written\n"
        );
    }

    #[test]
    fn words_are_told_by_how_they_differ() {
        let out = explained(
            "The committee met on 5 May.",
            "The small committees meet in May.",
            Vec::new(),
        );
        assert!(
            out.ends_with(
                "     words   3 the same; near, of the same stem: [-committees-] {+committee+}; \
                 changed: [-meet-] {+met+}, [-in-] {+on+}; only in the match: [-small-]; \
                 only in the query: {+5+}\n"
            ),
            "{out}"
        );
    }
}
