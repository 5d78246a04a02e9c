//! Pre-translation: takes for each segment of a document the best suggestion that is good enough, and counts what came
//! of it. No I/O; the memory comes in as a function.
//!
//! Segments of a document + a lookup → [`Pretranslation`]: a suggestion or none for each segment, and its [`Leverage`].
//! Every segment falls into exactly one kind of leverage, so that the volumes add up to the document's. Segments that
//! are equal and have equal neighbours are looked up once. Cost: one lookup for each distinct segment in its context.

use std::borrow::Cow;
use std::ops::AddAssign;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use crate::lang::Lang;
use crate::matching::{MatchKind, Suggestion};
use crate::memory::Query;
use crate::score::Band;
use crate::text::{Analyzed, TokenKind};

/// What the memory is worth for a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Leverage {
    /// Translated before, between the same neighbours.
    Context,
    /// Translated before as written.
    Exact,
    /// Translated before in another spelling.
    Orthographic,
    /// Something similar was translated before.
    Fuzzy(Band),
    /// Written further up in the same document, and neither a context nor an exact match: to be translated once.
    Repetition,
    /// Nothing of use.
    None,
}

impl Leverage {
    /// All kinds, from the most to the least that is saved; the order of reports.
    pub const ALL: [Self; 10] = [
        Self::Context,
        Self::Exact,
        Self::Repetition,
        Self::Orthographic,
        Self::Fuzzy(Band::From95),
        Self::Fuzzy(Band::From85),
        Self::Fuzzy(Band::From75),
        Self::Fuzzy(Band::From50),
        Self::Fuzzy(Band::Below50),
        Self::None,
    ];

    /// The name in reports, such as `exact` or `75-84`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Context => "context",
            Self::Exact => "exact",
            Self::Orthographic => "orthographic",
            Self::Fuzzy(band) => band.name(),
            Self::Repetition => "repetition",
            Self::None => "none",
        }
    }

    fn of(suggestion: Option<&Suggestion>, repeated: bool) -> Self {
        let kind = suggestion.map(|s| s.matched.kind);
        match (kind, suggestion) {
            (Some(MatchKind::Context), _) => Self::Context,
            (Some(MatchKind::Exact), _) => Self::Exact,
            _ if repeated => Self::Repetition,
            (Some(MatchKind::Orthographic), _) => Self::Orthographic,
            (_, Some(suggestion)) => Self::Fuzzy(suggestion.matched.score.band()),
            (_, None) => Self::None,
        }
    }
}

/// An amount of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// Segments.
    pub segments: u64,
    /// Words: tokens other than punctuation, so that a number or a URL is one.
    pub words: u64,
    /// Characters (Unicode scalar values) other than white space.
    pub characters: u64,
}

impl Volume {
    /// The volume of one segment.
    pub fn of(segment: &str) -> Self {
        let analyzed = Analyzed::new(segment);
        let words = analyzed
            .tokens()
            .iter()
            .filter(|token| token.kind != TokenKind::Punctuation)
            .count();
        let characters = segment.chars().filter(|c| !c.is_whitespace()).count();
        Self {
            segments: 1,
            words: words as u64,
            characters: characters as u64,
        }
    }
}

impl AddAssign for Volume {
    fn add_assign(&mut self, other: Self) {
        self.segments += other.segments;
        self.words += other.words;
        self.characters += other.characters;
    }
}

/// What to write for a segment without a suggestion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Untranslated {
    /// The segment itself.
    #[default]
    Source,
    /// Nothing.
    Empty,
    /// The segment between [`MARKS`].
    Mark,
}

/// What stands around a segment that was left to the translator: characters that no news text has and that mean nothing
/// in Markdown.
pub const MARKS: [char; 2] = ['⟦', '⟧'];

impl Untranslated {
    /// What to write for `segment`.
    pub fn text(self, segment: &str) -> Cow<'_, str> {
        match self {
            Self::Source => segment.into(),
            Self::Empty => "".into(),
            Self::Mark => format!("{}{segment}{}", MARKS[0], MARKS[1]).into(),
        }
    }
}

/// A segment with what the memory says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pretranslated {
    /// The suggestion to use.
    pub suggestion: Option<Rc<Suggestion>>,
    /// What it is worth.
    pub leverage: Leverage,
    /// The segment's volume.
    pub volume: Volume,
}

/// A document with what the memory says about its segments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pretranslation {
    /// The segments in order; blank ones are `None` and count nowhere.
    pub segments: Vec<Option<Pretranslated>>,
}

impl Pretranslation {
    /// The volume of one kind of leverage.
    pub fn volume(&self, leverage: Leverage) -> Volume {
        self.sum(|segment| segment.leverage == leverage)
    }

    /// The volume of the document.
    pub fn total(&self) -> Volume {
        self.sum(|_| true)
    }

    fn sum(&self, counts: impl Fn(&Pretranslated) -> bool) -> Volume {
        let mut sum = Volume::default();
        for segment in self.segments.iter().flatten().filter(|s| counts(s)) {
            sum += segment.volume;
        }
        sum
    }
}

/// Asks `best` for the best suggestion of each segment that is not blank.
///
/// `best` is to return nothing below the caller's cutoff.
///
/// # Errors
/// The first error of `best`.
pub fn pretranslate<'t, E>(
    segments: &[&'t str],
    lang: Lang,
    mut best: impl FnMut(&Query<'t>) -> Result<Option<Suggestion>, E>,
) -> Result<Pretranslation, E> {
    let mut known: FxHashMap<[Option<&str>; 3], Option<Rc<Suggestion>>> = FxHashMap::default();
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    let mut out = Vec::with_capacity(segments.len());
    for (i, &text) in segments.iter().enumerate() {
        if text.trim().is_empty() {
            out.push(None);
            continue;
        }
        let previous = i.checked_sub(1).map(|before| segments[before]);
        let next = segments.get(i + 1).copied();
        let context = [previous, Some(text), next];
        let suggestion = match known.get(&context) {
            Some(suggestion) => suggestion.clone(),
            None => {
                let query = Query {
                    text,
                    lang,
                    previous,
                    next,
                };
                let suggestion = best(&query)?.map(Rc::new);
                known.insert(context, suggestion.clone());
                suggestion
            }
        };
        out.push(Some(Pretranslated {
            leverage: Leverage::of(suggestion.as_deref(), !seen.insert(text)),
            suggestion,
            volume: Volume::of(text),
        }));
    }
    Ok(Pretranslation { segments: out })
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    fn nothing(segments: &[&str]) -> (Pretranslation, usize) {
        let mut lookups = 0;
        let done = pretranslate(segments, Lang::Arabic, |_| {
            lookups += 1;
            Ok::<_, Infallible>(None)
        });
        (done.unwrap(), lookups)
    }

    #[test]
    fn a_segment_between_equal_neighbours_is_looked_up_once() {
        let (done, lookups) = nothing(&["أ", "ب", "أ", "ب", "أ", "ب", "أ"]);
        // The first and the last have but one neighbour.
        assert_eq!(lookups, 4);
        assert_eq!(done.volume(Leverage::None).segments, 2);
        assert_eq!(done.volume(Leverage::Repetition).segments, 5);
    }

    #[test]
    fn blank_segments_count_nowhere() {
        let (done, lookups) = nothing(&["", "نعم، ٣ مرات", " \u{A0}"]);
        assert_eq!((done.segments.len(), lookups), (3, 1));
        assert_eq!(
            done.total(),
            Volume {
                segments: 1,
                words: 3,
                characters: 9
            }
        );
    }

    #[test]
    fn what_is_left_can_be_marked() {
        assert_eq!(Untranslated::Mark.text("نعم"), "⟦نعم⟧");
        assert_eq!(Untranslated::Empty.text("نعم"), "");
        assert_eq!(Untranslated::Source.text("نعم"), "نعم");
    }

    proptest! {
        #[test]
        fn kinds_of_leverage_add_up_to_the_document(texts in prop::collection::vec("[اب ]{0,3}", 0..20)) {
            let segments: Vec<&str> = texts.iter().map(String::as_str).collect();
            let (done, _) = nothing(&segments);
            let mut sum = Volume::default();
            for leverage in Leverage::ALL {
                sum += done.volume(leverage);
            }
            prop_assert_eq!(sum, done.total());
        }
    }
}
