//! How much text a file has of each kind of work.

use std::ops::AddAssign;

use serde::Serialize;

use super::Leverage;
use crate::format::fill::{Slot, SlotState};
use crate::memory::SEGMENT_LIMIT;
use crate::text::{Analyzed, TokenKind};

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
        let words: usize = pieces(segment).map(words).sum();
        let characters = segment.chars().filter(|c| !c.is_whitespace()).count();
        Self {
            segments: 1,
            words: words as u64,
            characters: characters as u64,
        }
    }
}

fn words(text: &str) -> usize {
    let analyzed = Analyzed::new(text);
    let tokens = analyzed.tokens().iter();
    tokens
        .filter(|token| token.kind != TokenKind::Punctuation)
        .count()
}

/// A segment in pieces of at most [`SEGMENT_LIMIT`] bytes, cut at white space where there is some, since the analysis of a
/// text takes many times its memory.
fn pieces(segment: &str) -> impl Iterator<Item = &str> {
    let mut rest = segment;
    std::iter::from_fn(move || {
        let most = &rest[..rest.floor_char_boundary(SEGMENT_LIMIT)];
        let end = match most.rfind(char::is_whitespace) {
            Some(at) if most.len() < rest.len() && at > 0 => at,
            _ => most.len(),
        };
        let (piece, behind) = rest.split_at(end);
        rest = behind;
        (!piece.is_empty()).then_some(piece)
    })
}

impl AddAssign for Volume {
    fn add_assign(&mut self, other: Self) {
        self.segments += other.segments;
        self.words += other.words;
        self.characters += other.characters;
    }
}

/// What came of the slots of one or more files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    bands: [Volume; Leverage::ALL.len()],
    /// What was translated before and is left alone.
    pub translated: Volume,
    /// What is not to be translated.
    pub locked: Volume,
    /// What has a match; a part of the bands, as the next two.
    pub matched: Volume,
    /// What got a match as its target.
    pub filled: Volume,
    /// What of that counts as done.
    pub confirmed: Volume,
}

impl Tally {
    /// That of a file in which nothing is to be translated.
    pub fn locked(slots: &[Slot]) -> Self {
        let mut tally = Self::default();
        for slot in slots
            .iter()
            .filter(|slot| !slot.source.text.trim().is_empty())
        {
            tally.locked += Volume::of(&slot.source.text);
        }
        tally
    }

    /// Counts a slot for which there is nothing to do; one that is blank is no segment.
    pub(super) fn leave(&mut self, slot: &Slot) {
        let sum = match slot.state {
            _ if slot.source.text.trim().is_empty() => return,
            SlotState::Locked => &mut self.locked,
            _ => &mut self.translated,
        };
        *sum += Volume::of(&slot.source.text);
    }

    /// Counts what is to be translated.
    pub(super) fn add(&mut self, leverage: Leverage, volume: Volume) {
        self.bands[leverage.index()] += volume;
    }

    /// The volume of one kind of leverage.
    pub fn volume(&self, leverage: Leverage) -> Volume {
        self.bands[leverage.index()]
    }

    /// All that is to be translated.
    pub fn total(&self) -> Volume {
        let mut sum = Volume::default();
        self.bands.iter().for_each(|&volume| sum += volume);
        sum
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        for (mine, other) in self.bands.iter_mut().zip(other.bands) {
            *mine += other;
        }
        self.translated += other.translated;
        self.locked += other.locked;
        self.matched += other.matched;
        self.filled += other.filled;
        self.confirmed += other.confirmed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_segment_is_counted_in_pieces() {
        let word = "كلمة ";
        let many = SEGMENT_LIMIT / word.len() * 5 / 2;
        assert_eq!(Volume::of(&word.repeat(many)).words, many as u64);
        let unbroken = "ك".repeat(SEGMENT_LIMIT);
        assert_eq!(pieces(&unbroken).collect::<String>(), unbroken);
        assert!(pieces(&unbroken).all(|piece| piece.len() <= SEGMENT_LIMIT));
    }

    #[test]
    fn a_volume_counts_words_and_visible_characters() {
        let volume = Volume {
            segments: 1,
            words: 3,
            characters: 9,
        };
        assert_eq!(Volume::of("نعم، ٣ مرات"), volume);
    }
}
