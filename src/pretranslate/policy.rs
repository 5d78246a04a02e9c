//! What may be written into a file, and what may count as done.

use crate::coded::Coded;
use crate::matching::MatchKind;
use crate::score::Score;

/// How many matches are offered beside a target, at most, where the file has room for them.
pub const PROPOSALS: usize = 3;

/// What to do with the matches of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FillPolicy {
    /// Matches from this score on are offered, and counted.
    pub threshold: Score,
    /// Matches from this score on go into the target; not below `threshold`.
    pub fill: Score,
    /// Which fillings count as done.
    pub confirm: Confirm,
    /// Which targets may be replaced.
    pub overwrite: Overwrite,
    /// Whether what the files of the run have translated already fills its repeats.
    pub repetitions: bool,
    /// What to write in a monolingual file for a segment without a match.
    pub untranslated: Untranslated,
}

/// Which fillings count as done: a match that loses no points, has no flags and whose translation somebody has made or
/// seen, and that is at least of this kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Confirm {
    /// Context and exact matches, and repetitions.
    #[default]
    Exact,
    /// Context matches, and repetitions in the same place.
    Context,
    /// None.
    None,
}

impl Confirm {
    /// Whether a match of `kind` may count as done.
    pub fn allows(self, kind: MatchKind) -> bool {
        match self {
            Self::Exact => kind >= MatchKind::Exact,
            Self::Context => kind == MatchKind::Context,
            Self::None => false,
        }
    }
}

/// Which targets of a bilingual file may be replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Overwrite {
    /// None: only what has no target is filled.
    #[default]
    None,
    /// Those that nobody stands for.
    Unconfirmed,
    /// All that are not locked.
    All,
}

/// What to write for a segment of a monolingual file without a match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Untranslated {
    /// The segment itself.
    #[default]
    Source,
    /// Nothing but its codes.
    Empty,
    /// The segment between [`MARKS`].
    Mark,
}

/// What stands around a segment that was left to the translator: characters that no news text has and that mean nothing
/// in Markdown.
pub const MARKS: [char; 2] = ['⟦', '⟧'];

impl Untranslated {
    /// What to write for `segment`; `None` leaves it.
    pub fn target(self, segment: &Coded) -> Option<Coded> {
        let mut target = segment.clone();
        match self {
            Self::Source => return None,
            Self::Empty => {
                target.text.clear();
                target.codes.iter_mut().for_each(|code| code.at = 0);
            }
            Self::Mark => {
                let lead = segment.text.len() - segment.text.trim_start().len();
                let end = segment.text.trim_end().len();
                let moved = |at: usize| {
                    let marks = [at >= lead, at > end].into_iter().zip(MARKS);
                    at + marks
                        .map(|(is_behind, mark)| if is_behind { mark.len_utf8() } else { 0 })
                        .sum::<usize>()
                };
                target
                    .codes
                    .iter_mut()
                    .for_each(|code| code.at = moved(code.at));
                target.text.insert(end, MARKS[1]);
                target.text.insert(lead, MARKS[0]);
            }
        }
        Some(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coded::{Code, CodeKind};

    #[test]
    fn what_is_left_can_be_marked_and_keeps_its_codes() {
        let code = |at| Code {
            at,
            kind: CodeKind::Alone,
            number: 1,
            raw: String::new(),
        };
        let segment = Coded::new(
            " نعم\n".into(),
            vec![code(0), code(1), code(3), code(7), code(8)],
        )
        .unwrap();
        let at = |target: &Coded| target.codes.iter().map(|code| code.at).collect::<Vec<_>>();
        let marked = Untranslated::Mark.target(&segment).unwrap();
        assert_eq!(marked.text, " ⟦نعم⟧\n");
        assert_eq!(at(&marked), [0, 4, 6, 10, 14]);
        let empty = Untranslated::Empty.target(&segment).unwrap();
        assert_eq!((empty.text.as_str(), at(&empty)), ("", vec![0; 5]));
        assert_eq!(Untranslated::Source.target(&segment), None);
    }

    #[test]
    fn what_is_fuzzy_is_never_done() {
        for confirm in [Confirm::Exact, Confirm::Context, Confirm::None] {
            assert!(!confirm.allows(MatchKind::Fuzzy));
            assert!(!confirm.allows(MatchKind::Orthographic));
        }
        assert!(Confirm::Exact.allows(MatchKind::Exact));
        assert!(!Confirm::Context.allows(MatchKind::Exact));
    }
}
