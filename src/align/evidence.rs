//! What segments have in common: words, numbers, names, Latin words and marks, and what each is worth.
//!
//! A *cue* is a thing in a segment that its translation should show again: a word by one of its equivalents, a number
//! by its value. Let `h` be the probability that the cue's counterpart is in the translation because of it, and `q` the
//! probability that the counterpart is there by chance. Then a bead in which it is there is likelier than chance by
//! `ln(1 − h + h/q)`, and one in which it is not by `ln(1 − h)`. A word that is everywhere (`q` near 1) tells nothing, a
//! rare one much. With several equivalents each has its part `t` of `h` and its own `q`, and the best one there counts.
//!
//! `q` is the share of the other side's segments that hold the counterpart, smoothed; in a bead of `n` segments it is
//! `n` times as large.
//!
//! The evidence is additive over the segments of a bead: each segment asks whether its counterparts are in the other
//! side's range. [`Table`] holds the answer for each segment and each range of up to [`WIDEST`] segments that begins in
//! the band, so that the search adds up a few numbers for each bead.

use std::ops::RangeInclusive;

use rustc_hash::FxHashMap;

use super::band::Band;
use super::lexicon::{Found, Lexicon, WordId};
use super::model::{Model, WIDEST};
use super::names::skeleton;
use crate::lang::{Lang, Sides};
use crate::text::number::{self, Number};
use crate::text::{Analyzed, Token, TokenKind};

/// Gains under this are not written down.
const NEGLIGIBLE: f32 = 0.02;

/// How many consonants a name has. What is longer is no name, and would have too many near forms.
const NAME_LENGTHS: RangeInclusive<usize> = 2..=24;

/// What a skeleton that differs by one letter counts of one that is equal.
const NEAR_NAME: f64 = 0.4;

/// How probable it is that a segment holds a given thing by chance, where too little of the text is seen to tell.
mod by_chance {
    pub(super) const WORD: f64 = 0.03;
    pub(super) const NUMBER: f64 = 0.02;
    pub(super) const LATIN: f64 = 0.01;
    pub(super) const MARK: f64 = 0.05;
    /// Short skeletons meet by chance.
    pub(super) fn name(consonants: usize) -> f64 {
        (0.5 * 0.25_f64.powi(consonants as i32 - 1)).max(0.005)
    }
}

/// What a cue is looked up by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Word(Found),
    Number(Number),
    /// A Latin word on the Arabic side, or any on the English side.
    Latin(Box<str>),
    /// The skeleton of an Arabic word that may be a name, or of an English one with a capital.
    Name(Box<str>),
    Mark(char),
}

/// The cues of one side.
#[derive(Debug, Default)]
struct Cues {
    keys: Vec<Key>,
    numbers: FxHashMap<Key, u32>,
    /// The distinct cues of each segment.
    segments: Vec<Vec<u32>>,
    /// The segments of each cue, in order.
    postings: Vec<Vec<u32>>,
    characters: Vec<f64>,
}

impl Cues {
    fn read(segments: &[&str], lang: Lang, lexicon: &Lexicon) -> Self {
        let mut this = Self::default();
        for text in segments {
            let analyzed = Analyzed::new(text);
            this.segments.push(Vec::new());
            this.characters.push(text.chars().count() as f64);
            for token in analyzed.tokens() {
                let folded = analyzed.folded(token);
                match token.kind {
                    TokenKind::Number => {
                        for value in number::values(folded) {
                            this.push(Key::Number(value));
                        }
                    }
                    TokenKind::Placeable => this.push(Key::Latin(folded.into())),
                    TokenKind::Punctuation => {
                        // Stops and commas are everywhere, and each language sets them by its own rules.
                        let mark = folded.chars().next().filter(|c| !".,".contains(*c));
                        if let Some(mark) = mark {
                            this.push(Key::Mark(mark));
                        }
                    }
                    TokenKind::Word => this.word(lang, lexicon, &analyzed, token),
                }
            }
        }
        this
    }

    fn word(&mut self, lang: Lang, lexicon: &Lexicon, analyzed: &Analyzed<'_>, token: &Token) {
        let (folded, stem) = (analyzed.folded(token), analyzed.stem(token));
        if let Some(value) = Number::of_word(folded) {
            self.push(Key::Number(value));
            return;
        }
        let latin = folded.starts_with(|c: char| c.is_ascii_alphanumeric());
        if latin {
            self.push(Key::Latin(folded.into()));
            if lang == Lang::Arabic {
                return;
            }
        }
        let written = analyzed.written(token);
        let capital = latin && written.starts_with(|c: char| c.is_ascii_uppercase());
        // A capital inside a sentence is a name before it is a guess.
        let named = capital && analyzed.tokens()[0] != *token;
        match lexicon.find(lang, folded, stem) {
            Some(found @ Found::Stem(_)) => {
                self.push(Key::Word(found));
                return;
            }
            Some(found @ Found::Guess(_)) if !named => self.push(Key::Word(found)),
            _ => {}
        }
        if capital || lang == Lang::Arabic {
            let plain = folded.strip_suffix("'s").unwrap_or(folded);
            for form in [plain, stem] {
                let skeleton = skeleton(form);
                if NAME_LENGTHS.contains(&skeleton.len()) {
                    self.push(Key::Name(skeleton.into()));
                }
            }
        }
    }

    /// Adds a cue to the last segment.
    fn push(&mut self, key: Key) {
        let Some(segment) = self.segments.len().checked_sub(1) else {
            return;
        };
        let next = self.keys.len() as u32;
        let number = *self.numbers.entry(key).or_insert_with_key(|key| {
            self.keys.push(key.clone());
            self.postings.push(Vec::new());
            next
        });
        let postings = &mut self.postings[number as usize];
        if postings.last() != Some(&(segment as u32)) {
            postings.push(segment as u32);
            self.segments[segment].push(number);
        }
    }
}

impl Found {
    fn id(self) -> WordId {
        match self {
            Self::Stem(id) | Self::Guess(id) => id,
        }
    }
}

/// Where the other side has a counterpart of a cue.
#[derive(Clone, Copy, Debug)]
struct Hit {
    segment: u32,
    /// The probability that this counterpart is there because of the cue.
    t: f32,
    /// `t` over the probability that it is there by chance.
    lift: f32,
}

/// A cue's worth: its `h` and its counterparts, one a segment, in order.
#[derive(Debug, Default)]
struct Profile {
    h: f32,
    hits: Vec<Hit>,
}

/// The cues of both sides, matched.
#[derive(Debug)]
pub(super) struct Evidence {
    cues: Sides<Cues>,
    profiles: Sides<Vec<Profile>>,
    word_weight: f32,
}

impl Evidence {
    pub(super) fn new(segments: Sides<&[&str]>, lexicon: &Lexicon, model: &Model) -> Self {
        let cues = Sides::from_fn(|lang| Cues::read(segments.get(lang), lang, lexicon));
        let matcher = Matcher::new(&cues, lexicon, model);
        let profiles = Sides::from_fn(|lang| {
            (0..cues.get(lang).keys.len())
                .map(|cue| matcher.profile(lang, cue))
                .collect()
        });
        Self {
            cues,
            profiles,
            word_weight: model.word_weight as f32,
        }
    }

    /// Lengths of the segments in characters.
    pub(super) fn characters(&self) -> Sides<&[f64]> {
        Sides {
            ar: &self.cues.ar.characters,
            en: &self.cues.en.characters,
        }
    }

    /// Cues that occur in at most `most` segments of either side and match: Arabic segment, English segment, lift.
    pub(super) fn rare_matches(&self, most: usize) -> Vec<(u32, u32, f32)> {
        let mut out = Vec::new();
        for (cue, profile) in self.profiles.ar.iter().enumerate() {
            let postings = &self.cues.ar.postings[cue];
            if postings.len() > most || profile.hits.len() > most {
                continue;
            }
            for &i in postings {
                out.extend(profile.hits.iter().map(|hit| (i, hit.segment, hit.lift)));
            }
        }
        out
    }

    /// The evidence of the segments of the side of `lang` about ranges of the other side.
    pub(super) fn table(&self, lang: Lang, band: &Band) -> Table {
        let mut table = Table::new(band);
        let other = match lang {
            Lang::Arabic => self.cues.en.segments.len(),
            Lang::English => self.cues.ar.segments.len(),
        };
        let extents = match lang {
            Lang::Arabic => extents(&self.cues.en.characters),
            Lang::English => extents(&self.cues.ar.characters),
        };
        let mut best = vec![
            Hit {
                segment: 0,
                t: 0.0,
                lift: 0.0
            };
            other
        ];
        let cues = self.cues.get(lang);
        let profiles = self.profiles.get(lang);
        for (segment, own) in cues.segments.iter().enumerate() {
            let window = match lang {
                Lang::Arabic => band.columns(segment),
                Lang::English => band.rows(segment),
            };
            let miss: f32 = own
                .iter()
                .map(|&cue| (1.0 - profiles[cue as usize].h).ln())
                .sum();
            let mut add = |start: usize, width: usize, gain: f32| {
                let cell = match lang {
                    Lang::Arabic => band.cell(segment, start),
                    Lang::English => band.cell(start, segment),
                };
                if let Some(cell) = cell {
                    table.sums[cell][width - 1] += self.word_weight * gain;
                }
            };
            for start in window.clone().filter(|&s| s < other) {
                for width in 1..=WIDEST {
                    add(start, width, miss);
                }
            }
            for &cue in own {
                let profile = &profiles[cue as usize];
                let from = profile
                    .hits
                    .partition_point(|h| (h.segment as usize) < window.start);
                let to = profile
                    .hits
                    .partition_point(|h| (h.segment as usize) < window.end + WIDEST);
                let hits = &profile.hits[from..to];
                let miss = 1.0 - profile.h;
                let gain =
                    |lift: f32, t: f32, extent: f32| (1.0 + (lift / extent).max(t) / miss).ln();
                if hits
                    .iter()
                    .all(|hit| gain(hit.lift, hit.t, 0.5) < NEGLIGIBLE)
                {
                    continue;
                }
                for hit in hits {
                    best[hit.segment as usize] = *hit;
                }
                let mut next = 0;
                for hit in hits {
                    let at = hit.segment as usize;
                    for start in next.max(at.saturating_sub(WIDEST - 1))..=at {
                        let (mut lift, mut t) = (0.0_f32, 0.0_f32);
                        for width in 1..=WIDEST.min(other - start) {
                            let here = best[start + width - 1];
                            lift = lift.max(here.lift);
                            t = t.max(here.t);
                            if lift > 0.0 {
                                let extent = extents[start + width] - extents[start];
                                add(start, width, gain(lift, t, extent));
                            }
                        }
                    }
                    next = at + 1;
                }
                for hit in hits {
                    best[hit.segment as usize].lift = 0.0;
                    best[hit.segment as usize].t = 0.0;
                }
            }
        }
        table
    }
}

/// Running sums of how likely each segment is to hold a thing by chance, where the mean is 1. A text twice as long holds
/// more by chance, but not twice as much, for words come in clusters: the root of the length was best on all sets.
fn extents(characters: &[f64]) -> Vec<f32> {
    let extent = |c: &f64| (c + 10.0).sqrt();
    let mean = characters.iter().map(extent).sum::<f64>() / characters.len().max(1) as f64;
    let mut sums = vec![0.0];
    let mut sum = 0.0;
    for c in characters {
        sum += extent(c) / mean;
        sums.push(sum as f32);
    }
    sums
}

/// For each cell of a band and each width, a sum of log ratios.
#[derive(Debug)]
pub(super) struct Table {
    sums: Vec<[f32; WIDEST]>,
}

impl Table {
    fn new(band: &Band) -> Self {
        Self {
            sums: vec![[0.0; WIDEST]; band.cells()],
        }
    }

    /// The sum at a cell for a range of `width` segments, 1 to [`WIDEST`].
    pub(super) fn at(&self, cell: usize, width: usize) -> f32 {
        self.sums[cell][width - 1]
    }
}

/// Finds the counterparts of cues.
struct Matcher<'d> {
    cues: &'d Sides<Cues>,
    lexicon: &'d Lexicon,
    model: &'d Model,
    /// The cues that stand for each word of the lexicon, which may be two: found by its stem and by a guess.
    words: Sides<FxHashMap<WordId, Vec<u32>>>,
    /// Name cues by skeleton, and by each skeleton with one letter left out.
    names: Sides<FxHashMap<Box<str>, Vec<u32>>>,
}

impl<'d> Matcher<'d> {
    fn new(cues: &'d Sides<Cues>, lexicon: &'d Lexicon, model: &'d Model) -> Self {
        let mut words: Sides<FxHashMap<WordId, Vec<u32>>> = Sides::default();
        let mut names: Sides<FxHashMap<Box<str>, Vec<u32>>> = Sides::default();
        for lang in [Lang::Arabic, Lang::English] {
            for (cue, key) in cues.get(lang).keys.iter().enumerate() {
                let cue = cue as u32;
                match key {
                    Key::Word(found) => {
                        words.get_mut(lang).entry(found.id()).or_default().push(cue);
                    }
                    Key::Name(skeleton) => {
                        for form in near_forms(skeleton) {
                            let cues = names.get_mut(lang).entry(form.into()).or_default();
                            if cues.last() != Some(&cue) {
                                cues.push(cue);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        Self {
            cues,
            lexicon,
            model,
            words,
            names,
        }
    }

    /// The counterparts of a cue, with their parts of `h`.
    fn profile(&self, lang: Lang, cue: usize) -> Profile {
        let other = match lang {
            Lang::Arabic => Lang::English,
            Lang::English => Lang::Arabic,
        };
        let model = self.model;
        let same = |key: &Key| self.cues.get(other).numbers.get(key).copied();
        let key = &self.cues.get(lang).keys[cue];
        match key {
            Key::Word(found) => self.word(lang, other, *found, self.rarity(lang, cue)),
            Key::Number(_) => self.alike(other, same(key), model.number_trust, by_chance::NUMBER),
            Key::Mark(_) => self.alike(other, same(key), model.mark_trust, by_chance::MARK),
            Key::Latin(_) => {
                // An English word that the Arabic side does not have in Latin letters is nothing unusual.
                let found = same(key);
                match (lang, found) {
                    (Lang::English, None) => Profile::default(),
                    _ => self.alike(other, found, model.latin_trust, by_chance::LATIN),
                }
            }
            Key::Name(skeleton) => self.name(other, skeleton, lang == Lang::English),
        }
    }

    /// A cue whose counterpart is one cue of the other side, if it is there.
    fn alike(&self, other: Lang, counterpart: Option<u32>, trust: f64, by_chance: f64) -> Profile {
        match counterpart {
            None => Profile {
                h: (trust * self.model.absent_trust) as f32,
                hits: Vec::new(),
            },
            Some(cue) => self.spread(other, trust, &[(cue, trust, by_chance)]),
        }
    }

    fn word(&self, lang: Lang, other: Lang, found: Found, rarity: f64) -> Profile {
        let model = self.model;
        let trust = match found {
            Found::Stem(_) => model.lexicon_trust,
            Found::Guess(_) => model.lexicon_trust * model.guess_trust,
        };
        let links = self.lexicon.links(lang, found.id());
        let all: f64 = links.iter().map(|l| f64::from(l.t)).sum();
        let mut present = 0.0;
        let mut counterparts = Vec::new();
        for link in links {
            if let Some(cues) = self.words.get(other).get(&link.to) {
                present += f64::from(link.t);
                for &cue in cues {
                    let guess = matches!(
                        self.cues.get(other).keys[cue as usize],
                        Key::Word(Found::Guess(_))
                    );
                    let share = if guess { model.guess_trust } else { 1.0 };
                    counterparts.push((cue, f64::from(link.t) * share, by_chance::WORD));
                }
            }
        }
        let limit = f64::from(super::lexicon::MOST_EXPLAINED);
        let h = (all * trust * rarity).min(limit);
        if counterparts.is_empty() {
            return Profile {
                h: (h * model.absent_trust) as f32,
                hits: Vec::new(),
            };
        }
        let scale = h / (present + model.absent_share * (all - present));
        for counterpart in &mut counterparts {
            counterpart.1 *= scale;
        }
        self.spread(other, h, &counterparts)
    }

    /// The share of segments that do not hold a cue.
    fn rarity(&self, lang: Lang, cue: usize) -> f64 {
        let cues = self.cues.get(lang);
        let count = cues.segments.len() as f64 + self.model.chance_smoothing;
        1.0 - cues.postings[cue].len() as f64 / count
    }

    fn name(&self, other: Lang, skeleton: &str, certain: bool) -> Profile {
        let trust = self.model.name_trust;
        let mut counterparts: Vec<(u32, f64, f64)> = Vec::new();
        for form in near_forms(skeleton) {
            for &cue in self
                .names
                .get(other)
                .get(form.as_str())
                .into_iter()
                .flatten()
            {
                let Key::Name(theirs) = &self.cues.get(other).keys[cue as usize] else {
                    continue;
                };
                if counterparts.iter().any(|c| c.0 == cue) {
                    continue;
                }
                let len = skeleton.len().min(theirs.len());
                let closeness = if **theirs == *skeleton {
                    1.0
                } else {
                    NEAR_NAME
                };
                counterparts.push((cue, trust * closeness, by_chance::name(len)));
            }
        }
        if counterparts.is_empty() {
            // A word without a counterpart in sound is no name; one that is surely a name may have been translated.
            return Profile {
                h: if certain {
                    (trust * self.model.absent_trust) as f32
                } else {
                    0.0
                },
                hits: Vec::new(),
            };
        }
        self.spread(other, trust, &counterparts)
    }

    /// Writes the counterparts (cue, its part of `h`, chance of it where little text is seen) out by segment.
    fn spread(&self, other: Lang, h: f64, counterparts: &[(u32, f64, f64)]) -> Profile {
        let cues = self.cues.get(other);
        let count = cues.segments.len() as f64;
        let smoothing = self.model.chance_smoothing;
        let mut hits: Vec<Hit> = Vec::new();
        for &(cue, t, by_chance) in counterparts {
            let postings = &cues.postings[cue as usize];
            let q = (postings.len() as f64 + smoothing * by_chance) / (count + smoothing);
            hits.extend(postings.iter().map(|&segment| Hit {
                segment,
                t: t as f32,
                lift: (t / q) as f32,
            }));
        }
        if counterparts.len() > 1 {
            hits.sort_unstable_by(|a, b| {
                (a.segment, b.lift)
                    .partial_cmp(&(b.segment, a.lift))
                    .unwrap_or(std::cmp::Ordering::Equal)
            });
            hits.dedup_by_key(|hit| hit.segment);
        }
        Profile { h: h as f32, hits }
    }
}

/// A skeleton and, for those of four letters and more, each that has one letter less.
fn near_forms(skeleton: &str) -> Vec<String> {
    let mut forms = vec![skeleton.to_owned()];
    if skeleton.len() >= 4 {
        // Skeletons are ASCII.
        for i in 0..skeleton.len() {
            forms.push(format!("{}{}", &skeleton[..i], &skeleton[i + 1..]));
        }
    }
    forms
}
