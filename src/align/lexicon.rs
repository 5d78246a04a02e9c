//! What is known about words that translate each other: links between stems, with probabilities in both directions.
//!
//! A lexicon comes from three sources, which combine: the built-in seed ([`Lexicon::seed`]), pairs of segments that are
//! known to be translations ([`Lexicon::learn`]: a memory, or the sure beads of a folder's documents), and word lists
//! ([`Lexicon::from_tsv`]). [`Lexicon::merged`] weighs each source's opinion of a word by the evidence that it has.
//!
//! A link of word `a` to word `e` carries `t(e|a)`: how often a segment with `a` has `e` in its translation because of
//! it. The sum over the links of `a` is the share of its occurrences that the lexicon explains, at most
//! [`MOST_EXPLAINED`].

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::learn::{self, Learned};
use crate::lang::{Lang, Sides};
use crate::text::{Analyzed, TokenKind, arabic};

/// Number of a word in a [`Lexicon`].
pub(super) type WordId = u32;

/// No word is explained more surely than this, whatever the source says.
pub const MOST_EXPLAINED: f32 = 0.9;

/// The share of a word's occurrences that a word list explains: a general dictionary has the right equivalent for
/// about half of the words in running text.
const LISTED_EXPLAINED: f32 = 0.6;

/// The evidence for a word of a word list, as a number of occurrences.
const LISTED_EVIDENCE: f32 = 4.0;

/// More occurrences than this make a source no more trustworthy: however often a word was met in texts of one kind, the
/// next text may be of another.
const MOST_EVIDENCE: f32 = 10.0;

/// A possible translation of a word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Link {
    /// The word of the other side.
    pub(super) to: WordId,
    /// How often an occurrence of the word is rendered by `to`, 0 to 1.
    pub(super) t: f32,
}

/// The words of one side.
#[derive(Clone, Debug, Default)]
struct Words {
    ids: FxHashMap<Box<str>, WordId>,
    /// Words by the letters that broken plurals and verb forms share, the first such word.
    families: FxHashMap<Box<str>, WordId>,
    links: Vec<Vec<Link>>,
    /// How many occurrences stand behind the links of each word.
    evidence: Vec<f32>,
}

impl Words {
    fn id(&mut self, word: &str) -> WordId {
        if let Some(&id) = self.ids.get(word) {
            return id;
        }
        // Sources are limited to far fewer words.
        let id = WordId::try_from(self.links.len()).unwrap_or(WordId::MAX);
        self.ids.insert(word.into(), id);
        self.links.push(Vec::new());
        self.evidence.push(0.0);
        id
    }
}

impl Words {
    /// Adds a link, or raises the one that is there to `t`.
    fn link(&mut self, from: WordId, to: WordId, t: f32) {
        let links = &mut self.links[from as usize];
        match links.iter_mut().find(|link| link.to == to) {
            Some(link) => link.t = link.t.max(t),
            None => links.push(Link { to, t }),
        }
    }
}

/// A word of a lexicon with its translations, to be kept elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// The word's stem.
    pub stem: String,
    /// How many occurrences stand behind the links.
    pub evidence: f32,
    /// Stems of the other language, each with how often an occurrence is rendered by it, 0 to 1.
    pub links: Vec<(String, f32)>,
}

/// Links between the stems of both languages. Empty by default.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    words: Sides<Words>,
}

/// How a word was found in a lexicon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Found {
    /// By its stem.
    Stem(WordId),
    /// By a guess: a clitic taken off that the stem keeps, or another form of the word.
    Guess(WordId),
}

impl Found {
    /// The word, however it was found.
    pub(super) fn id(self) -> WordId {
        match self {
            Self::Stem(id) | Self::Guess(id) => id,
        }
    }
}

impl Lexicon {
    /// The built-in lexicon, read at the first call.
    pub fn seed() -> &'static Self {
        static SEED: LazyLock<Lexicon> =
            LazyLock::new(|| Lexicon::from_tsv(include_str!("seed-lexicon.tsv")));
        &SEED
    }

    /// A lexicon from lines of an Arabic word, a tab and its English equivalents, separated by spaces or tabs, the usual
    /// ones first: the second counts half as much as the first, the third a third (after Zipf). Several words before the
    /// tab stand each for itself. A line may have English first and Arabic behind. Empty lines, lines that start with `#`
    /// and lines without a tab are passed over.
    pub fn from_tsv(text: &str) -> Self {
        let mut this = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((words, renderings)) = line.split_once('\t') else {
                continue;
            };
            let is_turned = Lang::of_text(words) == Some(Lang::English);
            let renderings = content_stems(renderings);
            for word in content_stems(words) {
                for (rank, rendering) in renderings.iter().enumerate() {
                    let (ar, en) = if is_turned {
                        (rendering, &word)
                    } else {
                        (&word, rendering)
                    };
                    let (a, e) = (this.words.ar.id(ar), this.words.en.id(en));
                    let t = 1.0 / (1.0 + rank as f32);
                    this.words.ar.link(a, e, t);
                    this.words.en.link(e, a, t);
                }
            }
        }
        for words in [&mut this.words.ar, &mut this.words.en] {
            for links in &mut words.links {
                let sum: f32 = links.iter().map(|link| link.t).sum();
                links
                    .iter_mut()
                    .for_each(|link| link.t *= LISTED_EXPLAINED / sum);
            }
            words.evidence.fill(LISTED_EVIDENCE);
        }
        this.index_families();
        this
    }

    /// A lexicon learned from segments that translate each other, Arabic first, by IBM model 1 in both directions, which have to agree.
    ///
    /// What more than [`learn::MOST_PAIRS`] pairs, or [`learn::MOST_STEMS`] stems of a segment, would add is left out;
    /// the second value is the number of pairs that were used.
    pub fn learn<'t>(pairs: impl Iterator<Item = (&'t str, &'t str)>) -> (Self, usize) {
        let Learned { words, links, used } = learn::learn(pairs);
        let mut this = Self::default();
        for lang in [Lang::Arabic, Lang::English] {
            let side = this.words.get_mut(lang);
            for (word, count) in words.get(lang) {
                let id = side.id(word) as usize;
                side.evidence[id] = *count;
            }
            for &(from, to, t) in links.get(lang) {
                side.links[from as usize].push(Link { to, t });
            }
        }
        this.index_families();
        (this, used)
    }

    /// A lexicon of words that [`Lexicon::words`] gave.
    pub fn from_words(words: &Sides<Vec<Word>>) -> Self {
        let mut this = Self::default();
        for lang in Lang::BOTH {
            for word in words.get(lang) {
                let id = this.words.get_mut(lang).id(&word.stem);
                let links = word.links.iter().map(|(stem, t)| {
                    let to = this.words.get_mut(lang.other()).id(stem);
                    Link { to, t: *t }
                });
                let links: Vec<Link> = links.collect();
                let side = this.words.get_mut(lang);
                side.links[id as usize] = links;
                side.evidence[id as usize] = word.evidence;
            }
        }
        this.index_families();
        this
    }

    /// The words of one side with their translations, in no order.
    pub fn words(&self, lang: Lang) -> impl Iterator<Item = Word> {
        let mut names = vec![""; self.words.get(lang.other()).links.len()];
        for (name, &id) in &self.words.get(lang.other()).ids {
            names[id as usize] = name;
        }
        let side = self.words.get(lang);
        side.ids.iter().map(move |(stem, &id)| Word {
            stem: stem.to_string(),
            evidence: side.evidence[id as usize],
            links: side.links[id as usize]
                .iter()
                .map(|l| (names[l.to as usize].to_owned(), l.t))
                .collect(),
        })
    }

    /// All that the sources know. Where several know a word, each counts by its evidence, up to `MOST_EVIDENCE`.
    pub fn merged(sources: &[&Self]) -> Self {
        let mut this = Self::default();
        for source in sources {
            let map = Sides::from_fn(|lang| {
                let side = this.words.get_mut(lang);
                let theirs = source.words.get(lang);
                let mut map = vec![0; theirs.links.len()];
                for (word, &id) in &theirs.ids {
                    map[id as usize] = side.id(word);
                }
                map
            });
            for lang in [Lang::Arabic, Lang::English] {
                let theirs = source.words.get(lang);
                let (own, other) = match lang {
                    Lang::Arabic => (&map.ar, &map.en),
                    Lang::English => (&map.en, &map.ar),
                };
                let side = this.words.get_mut(lang);
                for (id, links) in theirs.links.iter().enumerate() {
                    let to = own[id] as usize;
                    let had = side.evidence[to].min(MOST_EVIDENCE);
                    let adds = theirs.evidence[id].min(MOST_EVIDENCE);
                    let all = had + adds;
                    if all <= 0.0 {
                        continue;
                    }
                    side.links[to].iter_mut().for_each(|l| l.t *= had / all);
                    for link in links {
                        let target = other[link.to as usize];
                        let t = link.t * adds / all;
                        match side.links[to].iter_mut().find(|l| l.to == target) {
                            Some(known) => known.t += t,
                            None => side.links[to].push(Link { to: target, t }),
                        }
                    }
                    side.evidence[to] = all;
                }
            }
        }
        this.index_families();
        this
    }

    /// How many words of either side it has.
    pub fn len(&self) -> Sides<usize> {
        Sides::from_fn(|lang| self.words.get(lang).links.len())
    }

    /// Whether it has no words.
    pub fn is_empty(&self) -> bool {
        self.words.ar.links.is_empty()
    }

    /// The translations of a word of the side of `lang`.
    pub(super) fn links(&self, lang: Lang, id: WordId) -> &[Link] {
        &self.words.get(lang).links[id as usize]
    }

    /// Looks a word with translations up by its stem, then without the clitics that a stem may keep, then by its family.
    pub(super) fn find(&self, lang: Lang, folded: &str, stem: &str) -> Option<Found> {
        let words = self.words.get(lang);
        let linked = |id: &&WordId| !words.links[**id as usize].is_empty();
        if let Some(&id) = words.ids.get(stem).filter(linked) {
            return Some(Found::Stem(id));
        }
        if lang == Lang::Arabic {
            let bare = folded.strip_prefix('و').unwrap_or(folded);
            for clitic in ['ب', 'ل', 'ك', 'ف', 'س', 'و'] {
                if let Some(rest) = bare.strip_prefix(clitic)
                    && rest.chars().count() >= 3
                    && let Some(&id) = words.ids.get(&rest[arabic::stem(rest)]).filter(linked)
                {
                    return Some(Found::Guess(id));
                }
            }
        }
        let family = family(lang, stem)?;
        words
            .families
            .get(family.as_str())
            .map(|&id| Found::Guess(id))
    }

    fn index_families(&mut self) {
        for lang in [Lang::Arabic, Lang::English] {
            let words = self.words.get_mut(lang);
            let mut known: Vec<(&str, WordId)> = words
                .ids
                .iter()
                .map(|(w, &id)| (&**w, id))
                .filter(|&(_, id)| !words.links[id as usize].is_empty())
                .collect();
            // Of several words of a family the shortest stands for it.
            known.sort_unstable_by_key(|&(word, id)| (word.len(), id));
            for (word, id) in known {
                if let Some(family) = family(lang, word) {
                    words.families.entry(family.into()).or_insert(id);
                }
            }
        }
    }
}

/// The stems of the words of `text` that a lexicon keeps.
fn content_stems(text: &str) -> Vec<String> {
    let analyzed = Analyzed::new(text);
    analyzed
        .content()
        .filter(|token| token.kind == TokenKind::Word)
        .map(|token| analyzed.stem(token).to_owned())
        .collect()
}

/// What the forms of a word share beyond the stem: in Arabic its letters without the weak ones and the letters in
/// front that conjugate, in English the head of a long word. `None` where too little is left to tell words apart.
fn family(lang: Lang, stem: &str) -> Option<String> {
    match lang {
        Lang::Arabic => {
            let head = ['ي', 'ت', 'ن']
                .iter()
                .find_map(|&c| stem.strip_prefix(c).filter(|r| r.chars().count() >= 3))
                .unwrap_or(stem);
            let strong: String = head.chars().filter(|c| !"اويء".contains(*c)).collect();
            (strong.chars().count() >= 3).then_some(strong)
        }
        Lang::English => (stem.chars().count() >= 6).then(|| stem.chars().take(6).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translations(lexicon: &Lexicon, lang: Lang, word: &str) -> Vec<(String, f32)> {
        let (other, analyzed) = match lang {
            Lang::Arabic => (Lang::English, Analyzed::new(word)),
            Lang::English => (Lang::Arabic, Analyzed::new(word)),
        };
        let token = &analyzed.tokens()[0];
        let Some(Found::Stem(id)) =
            lexicon.find(lang, analyzed.folded(token), analyzed.stem(token))
        else {
            return Vec::new();
        };
        let name = |id: WordId| {
            let ids = &lexicon.words.get(other).ids;
            ids.iter().find(|&(_, &i)| i == id).unwrap().0.to_string()
        };
        lexicon
            .links(lang, id)
            .iter()
            .map(|l| (name(l.to), l.t))
            .collect()
    }

    #[test]
    fn a_word_list_links_both_ways() {
        let lexicon = Lexicon::from_tsv("# note\nكتاب\tbook\twriting\nرسالة\tletter\n\nلا شيء");
        assert_eq!(lexicon.len(), Sides { ar: 2, en: 3 });
        let book = translations(&lexicon, Lang::English, "Books");
        assert_eq!(book.len(), 1);
        assert_eq!(book[0].0, "كتاب");
        let all: f32 = translations(&lexicon, Lang::Arabic, "الكتاب")
            .iter()
            .map(|l| l.1)
            .sum();
        assert!((all - LISTED_EXPLAINED).abs() < 1e-6);
    }

    #[test]
    fn a_word_list_may_have_english_first() {
        let lexicon = Lexicon::from_tsv("# note\nbook\tكتاب مؤلف");
        let book = translations(&lexicon, Lang::Arabic, "الكتاب");
        assert_eq!(book[0].0, "book");
        assert_eq!(translations(&lexicon, Lang::English, "books").len(), 2);
    }

    #[test]
    fn words_are_found_behind_prepositions_and_by_family() {
        let lexicon = Lexicon::from_tsv("كتاب\tbook\nمدينة\tgovernment");
        let find = |lang, word: &str| {
            let analyzed = Analyzed::new(word);
            let token = &analyzed.tokens()[0];
            lexicon.find(lang, analyzed.folded(token), analyzed.stem(token))
        };
        assert!(matches!(
            find(Lang::Arabic, "وبكتابها"),
            Some(Found::Guess(_))
        ));
        assert!(matches!(
            find(Lang::English, "governor"),
            Some(Found::Guess(_))
        ));
        assert_eq!(find(Lang::Arabic, "بيت"), None);
    }

    #[test]
    fn sources_count_by_their_evidence() {
        let one = Lexicon::from_tsv("كتاب\tbook");
        let two = Lexicon::from_tsv("كتاب\twriting");
        let both = Lexicon::merged(&[&one, &two]);
        let found = translations(&both, Lang::Arabic, "كتاب");
        assert_eq!(found.len(), 2);
        assert!(
            found
                .iter()
                .all(|(_, t)| (t - LISTED_EXPLAINED / 2.0).abs() < 1e-6)
        );
    }

    #[test]
    fn the_seed_lexicon_is_there() {
        assert!(!Lexicon::seed().is_empty());
    }
}
