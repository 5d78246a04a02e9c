//! What segments have in common: words, numbers, names, Latin words and marks, and what each is worth.
//!
//! A *cue* is a thing in a segment that its translation should show again: a word by one of its equivalents, a number
//! by its value. Let `h` be the probability that the cue's counterpart is in the translation because of it, and `q` the
//! probability that the counterpart is there by chance. Then a bead in which it is there is likelier than chance by
//! `ln(1 − h + h/q)`, and one in which it is not by `ln(1 − h)`. A word that is everywhere (`q` near 1) tells nothing, a
//! rare one much. With several equivalents each has its part `t` of `h` and its own `q`, and the best one there counts.
//!
//! `q` is the share of the other side's segments that hold the counterpart, smoothed; in a longer range of segments it is
//! as much larger as [`super::table`] says. Where the counterpart stands in the segment counts too ([`super::place`]).

use rustc_hash::FxHashMap;

use super::cue::{Cues, Key, Posting};
use super::lexicon::{Found, Lexicon, MOST_EXPLAINED, WordId};
use super::model::Model;
use crate::lang::{Lang, Sides};

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

/// Where the other side has a counterpart of a cue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub(super) posting: Posting,
    /// Where in the text of its side, in characters from the beginning.
    pub(super) at: f32,
    /// The probability that this counterpart is there because of the cue.
    pub(super) t: f32,
    /// `t` over the probability that it is there by chance.
    pub(super) lift: f32,
    /// Their logarithms.
    pub(super) log_t: f32,
    pub(super) log_lift: f32,
}

impl Hit {
    /// The segment that has the counterpart.
    pub(super) fn segment(&self) -> usize {
        self.posting.segment as usize
    }

    /// `t` over the chance that a range of this extent holds the counterpart.
    pub(super) fn strength(&self, extent: f32) -> f32 {
        (self.lift / extent).max(self.t)
    }
}

/// A cue's worth: its `h` and its counterparts, one a segment, in order.
#[derive(Debug, Default)]
pub(super) struct Profile {
    pub(super) h: f32,
    pub(super) hits: Vec<Hit>,
}

/// The cues of both sides, matched.
#[derive(Debug)]
pub(super) struct Evidence {
    pub(super) cues: Sides<Cues>,
    pub(super) profiles: Sides<Vec<Profile>>,
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
        Self { cues, profiles }
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
            for posting in postings {
                let hits = profile.hits.iter();
                out.extend(hits.map(|hit| (posting.segment, hit.posting.segment, hit.lift)));
            }
        }
        out
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
        let limit = f64::from(MOST_EXPLAINED);
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
            hits.extend(postings.iter().map(|&posting| Hit {
                posting,
                at: cues.at(&posting),
                t: t as f32,
                lift: (t / q) as f32,
                log_t: t.ln() as f32,
                log_lift: (t / q).ln() as f32,
            }));
        }
        if counterparts.len() > 1 {
            hits.sort_unstable_by(|a, b| {
                (a.posting.segment, b.lift)
                    .partial_cmp(&(b.posting.segment, a.lift))
                    .unwrap_or(std::cmp::Ordering::Equal)
            });
            hits.dedup_by_key(|hit| hit.posting.segment);
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
