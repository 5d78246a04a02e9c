//! The difference between a query and a match's source, word by word, for people to look at.
//!
//! The longest common subsequence of the two token lists, compared folded (Wagner & Fischer 1974). What both have is
//! shown as the query writes it, with the white space that stands behind each token.
//!
//! Worked example: query `زار الوزير المدرسة.`, match `زار وزير المدرسة.` gives `زار` same, `الوزير` in the query,
//! `وزير` in the match, `المدرسة.` same.

use super::DiffPiece;
use crate::text::Analyzed;

/// The most cells of the table; of longer segments only the equal tokens at both ends are shown as such.
pub const CELLS: usize = 4_000_000;

/// One step along two token lists: tokens by their place in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A token of both, equal when folded: its place in the query, its place in the match.
    Both(usize, usize),
    /// A token of the query alone.
    Query(usize),
    /// A token of the match alone.
    Match(usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Both,
    Query,
    Match,
}

/// The pieces of the difference; neighbours are never of the same kind.
pub fn diff(query: &str, source: &str) -> Vec<DiffPiece> {
    let (query, source) = (Analyzed::new(query), Analyzed::new(source));
    let mut out = Pieces::default();
    for step in steps(&query, &source) {
        match step {
            Step::Both(i, _) => out.push(Side::Both, &query, i),
            Step::Query(i) => out.push(Side::Query, &query, i),
            Step::Match(j) => out.push(Side::Match, &source, j),
        }
    }
    out.finish()
}

/// The steps through both token lists, in order; each token is in one.
pub(super) fn steps(query: &Analyzed<'_>, source: &Analyzed<'_>) -> Vec<Step> {
    let (a, b) = (forms(query), forms(source));
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[head..]
        .iter()
        .rev()
        .zip(b[head..].iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let (a_tail, b_tail) = (a.len() - tail, b.len() - tail);

    let mut steps: Vec<Step> = (0..head).map(|i| Step::Both(i, i)).collect();
    middle(&a[head..a_tail], &b[head..b_tail], head, &mut steps);
    steps.extend((0..tail).map(|i| Step::Both(a_tail + i, b_tail + i)));
    steps
}

fn forms<'a>(segment: &'a Analyzed<'_>) -> Vec<&'a str> {
    segment
        .tokens()
        .iter()
        .map(|token| segment.folded(token))
        .collect()
}

/// Appends the steps from one list to the other, both of which begin `from` tokens into their segments.
fn middle(a: &[&str], b: &[&str], from: usize, steps: &mut Vec<Step>) {
    let width = b.len() + 1;
    if a.len().saturating_mul(width) > CELLS {
        steps.extend((0..a.len()).map(|i| Step::Query(from + i)));
        steps.extend((0..b.len()).map(|j| Step::Match(from + j)));
        return;
    }
    // lengths[i][j]: the longest common subsequence of a[i..] and b[j..].
    let mut lengths = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i * width + j] = if a[i] == b[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            steps.push(Step::Both(from + i, from + j));
            i += 1;
            j += 1;
        } else if j == b.len()
            || (i < a.len() && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])
        {
            steps.push(Step::Query(from + i));
            i += 1;
        } else {
            steps.push(Step::Match(from + j));
            j += 1;
        }
    }
}

/// Tokens joined to pieces.
#[derive(Default)]
struct Pieces {
    done: Vec<DiffPiece>,
    open: Option<(Side, String)>,
}

impl Pieces {
    fn push(&mut self, side: Side, of: &Analyzed<'_>, i: usize) {
        let token = &of.tokens()[i];
        if self.open.as_ref().is_none_or(|(open, _)| *open != side) {
            // A last word has no white space behind it, though the other side may go on.
            let apart = of.surface()[..token.span.start].ends_with(char::is_whitespace);
            if let Some((Side::Both, before)) = &mut self.open
                && apart
                && !before.ends_with(char::is_whitespace)
            {
                before.push(' ');
            }
            self.close();
            self.open = Some((side, String::new()));
        }
        if let Some((_, text)) = &mut self.open {
            let end = of
                .tokens()
                .get(i + 1)
                .map_or(of.surface().len(), |next| next.span.start);
            text.push_str(&of.surface()[token.span.start..end]);
        }
    }

    fn close(&mut self) {
        self.done
            .extend(self.open.take().map(|(side, text)| match side {
                Side::Both => DiffPiece::Same(text),
                Side::Query => DiffPiece::Query(text),
                Side::Match => DiffPiece::Match(text),
            }));
    }

    fn finish(mut self) -> Vec<DiffPiece> {
        self.close();
        self.done
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(text: &str) -> DiffPiece {
        DiffPiece::Same(text.into())
    }

    fn query(text: &str) -> DiffPiece {
        DiffPiece::Query(text.into())
    }

    fn in_match(text: &str) -> DiffPiece {
        DiffPiece::Match(text.into())
    }

    #[test]
    fn the_worked_example() {
        let pieces = diff("زار الوزير المدرسة.", "زار وزير المدرسة.");
        assert_eq!(
            pieces,
            [
                same("زار "),
                query("الوزير "),
                in_match("وزير "),
                same("المدرسة.")
            ]
        );
    }

    #[test]
    fn spelling_is_no_difference() {
        assert_eq!(diff("إلى ٢٠٠٩", "الى 2009"), [same("إلى ٢٠٠٩")]);
    }

    #[test]
    fn words_behind_the_end_of_the_other_side_stand_apart() {
        assert_eq!(diff("نجح", "نجح سامي."), [same("نجح "), in_match("سامي.")]);
        assert_eq!(diff("نجح", "نجح."), [same("نجح"), in_match(".")]);
        assert_eq!(
            diff("Open it", "Open the file"),
            [same("Open "), query("it"), in_match("the file")]
        );
    }

    #[test]
    fn segments_beyond_the_table_still_show_their_equal_ends() {
        let long = |word: &str| format!("first {} last", format!("{word} ").repeat(3_000));
        let pieces = diff(&long("one"), &long("two"));
        assert_eq!(
            (pieces.first(), pieces.last()),
            (Some(&same("first ")), Some(&same("last")))
        );
        assert_eq!(pieces.len(), 4);
    }

    proptest! {
        #[test]
        fn the_pieces_of_a_side_give_its_text(a in "[ab. ]{0,30}", b in "[ab. ]{0,30}") {
            let text = |pieces: &[DiffPiece], mine: fn(&DiffPiece) -> Option<&str>| -> String {
                pieces.iter().filter_map(mine).collect::<String>().split_whitespace().collect()
            };
            let pieces = diff(&a, &b);
            let of_query = text(&pieces, |p| match p {
                DiffPiece::Same(t) | DiffPiece::Query(t) => Some(t),
                DiffPiece::Match(_) => None,
            });
            let of_match = text(&pieces, |p| match p {
                DiffPiece::Same(t) | DiffPiece::Match(t) => Some(t),
                DiffPiece::Query(_) => None,
            });
            let bare = |t: &str| t.split_whitespace().collect::<String>();
            prop_assert_eq!((of_query, of_match), (bare(&a), bare(&b)));
        }
    }
}
