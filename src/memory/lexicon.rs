//! The lexicon that the memory's own units teach: learned when the memory has grown, kept in the file.

use std::panic::resume_unwind;
use std::thread::{self, JoinHandle};

use super::{Result, TranslationMemory};
use crate::align::Lexicon;
use crate::align::lexicon::Word;
use crate::lang::{Lang, Sides};
use crate::matching::evidence::{Renderings, WordLinks};
use crate::store::LexiconRow;
use crate::text::Analyzed;
use crate::text::stems::stems;

/// The most pairs that the lexicon is learned from, evenly spread over the memory: more of them teach hardly more.
pub const TEACHING_PAIRS: u64 = 20_000;

/// A memory of fewer units teaches nothing that can be relied on.
pub const LEAST_TEACHING_PAIRS: u64 = 100;

/// The most renderings of a word that are kept, the likeliest.
const MOST_LINKS: usize = 24;

impl TranslationMemory {
    /// Begins to learn the lexicon anew if the memory has grown by a quarter since the last time. Units that are gone
    /// count, since counting the others takes longer than adding one.
    pub(super) fn refresh_lexicon(&self) -> Result<Option<Lesson>> {
        let units = self.store.newest_unit()?.0 as u64;
        let learned_from = self.store.lexicon_units()?;
        if units < learned_from + learned_from / 4 {
            return Ok(None);
        }
        self.learn_lexicon()
    }

    /// Begins to learn the lexicon anew, unless there is too little to learn from; on a thread of its own, since it takes
    /// a second and other work is to be done meanwhile. [`TranslationMemory::keep_lexicon`] ends it.
    pub(super) fn learn_lexicon(&self) -> Result<Option<Lesson>> {
        let units = self.store.newest_unit()?.0 as u64;
        if units < LEAST_TEACHING_PAIRS {
            return Ok(None);
        }
        let pairs = self.store.sample_texts(units.div_ceil(TEACHING_PAIRS))?;
        if (pairs.len() as u64) < LEAST_TEACHING_PAIRS {
            return Ok(None);
        }
        Ok(Some(Lesson {
            units,
            learning: thread::spawn(move || learn(&pairs)),
        }))
    }

    /// Waits until the lexicon has been learned, if it is, and stores it.
    pub(super) fn keep_lexicon(&self, lesson: Option<Lesson>) -> Result<()> {
        let Some(lesson) = lesson else {
            return Ok(());
        };
        let rows = lesson.learning.join();
        let rows = rows.unwrap_or_else(|panic| resume_unwind(panic));
        self.store.replace_lexicon(lesson.units, rows)
    }

    /// The learned lexicon; empty where none has been learned yet.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn lexicon(&self) -> Result<Lexicon> {
        let rows = self.store.lexicon()?;
        let words = |rows: &'_ [LexiconRow]| -> Vec<Word> { rows.iter().map(word).collect() };
        Ok(Lexicon::from_words(&Sides {
            ar: words(&rows.ar),
            en: words(&rows.en),
        }))
    }

    /// What the lexicon knows of a query's words.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn renderings(&self, query: &str, side: Lang) -> Result<Renderings> {
        let analyzed = Analyzed::new(query);
        let mut words = Vec::new();
        for stem in stems(&analyzed) {
            let row = self.store.lexicon_row(side, stem)?;
            words.extend(row.map(|row| WordLinks {
                weight: row.weight,
                links: row.links,
            }));
        }
        Ok(Renderings::new(&analyzed, words))
    }
}

/// A lexicon that is being learned.
pub(super) struct Lesson {
    /// How many units the memory has.
    units: u64,
    learning: JoinHandle<Vec<(Lang, LexiconRow)>>,
}

fn learn(pairs: &[Sides<String>]) -> Vec<(Lang, LexiconRow)> {
    let (lexicon, _) = Lexicon::learn(pairs.iter().map(|pair| (&*pair.ar, &*pair.en)));
    let rows = Lang::BOTH.into_iter().flat_map(|side| {
        let words = lexicon.words(side).filter(|word| !word.links.is_empty());
        words.map(move |word| (side, row(word, pairs.len())))
    });
    rows.collect()
}

fn row(word: Word, pairs: usize) -> LexiconRow {
    let weight = (pairs as f64 / f64::from(word.evidence.max(1.0)))
        .ln()
        .max(0.0)
        + 0.5;
    let mut links: Vec<(String, u16)> = word
        .links
        .into_iter()
        .map(|(stem, t)| (stem, (f64::from(t) * 10_000.0).round() as u16))
        .collect();
    links.retain(|&(_, t)| t > 0);
    links.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    links.truncate(MOST_LINKS);
    LexiconRow {
        stem: word.stem,
        evidence: word.evidence.round() as u32,
        weight: (weight * 1000.0).round() as u32,
        links,
    }
}

fn word(row: &LexiconRow) -> Word {
    let links = row
        .links
        .iter()
        .map(|(stem, t)| (stem.clone(), f32::from(*t) / 10_000.0));
    Word {
        stem: row.stem.clone(),
        evidence: row.evidence as f32,
        links: links.collect(),
    }
}
