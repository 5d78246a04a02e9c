//! The terms of a memory: kept, found in a segment, taken away.
//!
//! A segment has a key for each word and each two words ([`crate::term::TermKey`]); the entries with one of them are fetched,
//! and those that the segment holds are told. A process that goes on asking keeps a filter of all keys in memory, so that the
//! file is asked only for terms that are there: [`FILTER_AFTER`] lookups cost less than loading it.

use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Result, TranslationMemory};
use crate::lang::Lang;
use crate::session::SessionInfo;
use crate::store::StoreError;
use crate::term::{
    Closeness, Term, TermEntry, TermEntryId, TermKey, TermStatus, Words, keys_of_term, recognise,
};
use crate::text::fold::fold;
use crate::unit::{SessionId, UnixSeconds};

/// How many segments are looked up key by key before all keys are read.
const FILTER_AFTER: u32 = 100;

/// Bits of the filter for each key: one of so many keys that aren't there is looked for all the same.
const BITS_A_KEY: usize = 32;

/// What is kept from one lookup to the next.
#[derive(Debug, Default)]
pub(super) struct TermReader {
    /// The state of the file that the rest belongs to.
    pub(super) data_version: Option<i64>,
    has_terms: bool,
    lookups: u32,
    filter: Option<KeyFilter>,
    entries: FxHashMap<TermEntryId, Rc<TermEntry>>,
}

/// The most entries that are kept in memory; then they are read anew.
const KEPT_ENTRIES: usize = 10_000;

/// A set of keys, with more in it than were put in.
#[derive(Debug)]
struct KeyFilter {
    bits: Vec<u64>,
}

impl KeyFilter {
    fn new(keys: &[TermKey]) -> Self {
        let words = (keys.len() * BITS_A_KEY).div_ceil(64).next_power_of_two();
        let mut filter = Self {
            bits: vec![0; words],
        };
        for key in keys {
            let (word, bit) = filter.place(*key);
            filter.bits[word] |= bit;
        }
        filter
    }

    fn place(&self, key: TermKey) -> (usize, u64) {
        let hash = key.0 as u64;
        let word = (hash >> 6) as usize & (self.bits.len() - 1);
        (word, 1 << (hash & 63))
    }

    fn may_have(&self, key: TermKey) -> bool {
        let (word, bit) = self.place(key);
        self.bits[word] & bit != 0
    }
}

/// A term in a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermHit {
    /// Where it is in the segment: a range of bytes, whole words.
    pub range: Range<usize>,
    /// How close it is to the term as stored.
    pub closeness: Closeness,
    /// The number of its entry.
    pub id: TermEntryId,
    /// Its entry.
    pub entry: Rc<TermEntry>,
    section: usize,
    term: usize,
}

/// Whether a translation has the term that it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermUse {
    /// It has one of the terms.
    Used,
    /// It has none of them.
    Missing,
    /// It has one that is not to be used, and none of the others.
    Forbidden,
}

impl TermHit {
    /// The term of the segment's language.
    pub fn source(&self) -> &Term {
        &self.entry.languages[self.section].terms[self.term]
    }

    /// What it is in `lang`: preferred terms first, those that are not to be used last.
    pub fn targets(&self, lang: Lang) -> Vec<&Term> {
        let mut terms: Vec<_> = self.entry.terms(lang).map(|(_, term)| term).collect();
        terms.sort_by_key(|term| term.status().unwrap_or(TermStatus::Admitted));
        terms
    }

    /// Whether a translation into `lang` has the term; `None` where the entry has none in that language.
    pub fn use_in(&self, translation: &Words<'_>, lang: Lang) -> Option<TermUse> {
        let targets = self.targets(lang);
        let has = |forbidden: bool| {
            let mut those = targets.iter().filter(|t| t.is_forbidden() == forbidden);
            those.any(|term| translation.hold(&term.text))
        };
        match () {
            () if targets.is_empty() => None,
            () if has(false) => Some(TermUse::Used),
            () if has(true) => Some(TermUse::Forbidden),
            // Where all are forbidden, nothing is missing.
            () if targets.iter().all(|term| term.is_forbidden()) => None,
            () => Some(TermUse::Missing),
        }
    }
}

/// Which entries to take: those that meet all conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TermFilter {
    /// A text that one of the terms, in any language, has in it, in any spelling.
    pub text: Option<String>,
    /// A subject field, in any spelling.
    pub subject: Option<String>,
    /// A status that one of the terms has.
    pub status: Option<TermStatus>,
}

impl TermFilter {
    /// Whether an entry meets them.
    pub fn passes(&self, entry: &TermEntry) -> bool {
        let mut terms = entry.languages.iter().flat_map(|section| &section.terms);
        let has_text = |wanted: &String| {
            let wanted = fold(wanted);
            terms.any(|term| fold(&term.text).contains(&wanted))
        };
        if !self.text.as_ref().is_none_or(has_text) {
            return false;
        }
        let mut terms = entry.languages.iter().flat_map(|section| &section.terms);
        let has_subject = |wanted: &String| {
            let wanted = fold(wanted);
            entry.subjects().any(|subject| fold(subject) == wanted)
        };
        self.subject.as_ref().is_none_or(has_subject)
            && self
                .status
                .is_none_or(|status| terms.any(|term| term.status() == Some(status)))
    }
}

/// The keys of all terms of an entry in our languages.
fn keys_of_entry(entry: &TermEntry) -> Vec<TermKey> {
    let mut keys = Vec::new();
    for lang in Lang::BOTH {
        for (_, term) in entry.terms(lang) {
            keys.extend(keys_of_term(&term.text, lang));
        }
    }
    keys
}

impl TranslationMemory {
    /// The terms that a segment holds, in its order; several at one place where several entries have it.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn terms_in(&self, segment: &str, lang: Lang) -> Result<Vec<TermHit>> {
        let mut reader = self.terms.borrow_mut();
        let reader = &mut *reader;
        self.reading(|| {
            self.bring_up_to_date(reader)?;
            if !reader.has_terms {
                return Ok(Vec::new());
            }
            let words = Words::new(segment);
            let mut keys = words.keys(lang);
            if let Some(filter) = &reader.filter {
                keys.retain(|key| filter.may_have(*key));
            }
            let mut candidates = Vec::new();
            for id in self.store.entries_with_keys(&keys)? {
                if let Some(entry) = self.kept_entry(reader, id)? {
                    candidates.push((id, entry));
                }
            }
            Ok(hits(&words, lang, &candidates))
        })
    }

    fn bring_up_to_date(&self, reader: &mut TermReader) -> Result<()> {
        let version = Some(self.store.data_version()?);
        if reader.data_version != version {
            *reader = TermReader {
                data_version: version,
                has_terms: self.store.has_terms()?,
                ..TermReader::default()
            };
        }
        reader.lookups += u32::from(reader.lookups <= FILTER_AFTER);
        if reader.has_terms && reader.filter.is_none() && reader.lookups > FILTER_AFTER {
            let mut keys = Vec::new();
            self.store.for_each_term_key(|key, _| keys.push(key))?;
            reader.filter = Some(KeyFilter::new(&keys));
        }
        Ok(())
    }

    fn kept_entry(
        &self,
        reader: &mut TermReader,
        id: TermEntryId,
    ) -> Result<Option<Rc<TermEntry>>> {
        if let Some(entry) = reader.entries.get(&id) {
            return Ok(Some(Rc::clone(entry)));
        }
        let entry = self.store.term_entry(id)?.map(Rc::new);
        if let Some(entry) = &entry {
            if reader.entries.len() >= KEPT_ENTRIES {
                reader.entries.clear();
            }
            reader.entries.insert(id, Rc::clone(entry));
        }
        Ok(entry)
    }

    pub(super) fn add_term_entry(
        &self,
        entry: &TermEntry,
        session: SessionId,
    ) -> Result<(TermEntryId, bool)> {
        let (id, is_new) = self.store.add_term_entry(entry, session)?;
        if is_new {
            self.store.add_term_keys(id, &keys_of_entry(entry))?;
        }
        Ok((id, is_new))
    }

    /// Calls `visit` with every term entry that passes, the oldest first. Stops at its first error.
    ///
    /// # Errors
    /// That of `visit`; where the file can't be read.
    pub fn for_each_term_entry<E: From<StoreError>>(
        &self,
        filter: &TermFilter,
        mut visit: impl FnMut(TermEntryId, TermEntry) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.store
            .for_each_term_entry(|id, entry| match filter.passes(&entry) {
                true => visit(id, entry),
                false => Ok(()),
            })
    }

    /// The entry of that number; `None` where there is none, or it was removed.
    ///
    /// # Errors
    /// Where the file can't be read.
    pub fn term_entry(&self, id: TermEntryId) -> Result<Option<TermEntry>> {
        self.store.term_entry(id)
    }

    /// Removes entries in a session that can be undone; all of them or none.
    ///
    /// # Errors
    /// [`StoreError::NoTermEntry`] for the first that there is not; where the file can't be written to.
    pub fn remove_term_entries(
        &mut self,
        ids: &[TermEntryId],
        info: &SessionInfo,
        now: UnixSeconds,
    ) -> Result<()> {
        self.writing(|memory| {
            let session = memory.store.insert_session(info, now)?;
            for &id in ids {
                if !memory.store.remove_term_entry(id, session)? {
                    return Err(StoreError::NoTermEntry {
                        path: memory.store.path().to_owned(),
                        id: id.0,
                    });
                }
            }
            Ok(())
        })
    }

    /// Makes all keys anew.
    pub(super) fn remake_term_keys(&self) -> Result<()> {
        self.store.begin()?;
        let made = (|| {
            self.store.clear_term_keys()?;
            self.store.for_each_term_entry(|id, entry| {
                self.store.add_term_keys(id, &keys_of_entry(&entry))
            })?;
            self.store.set_term_key_version()?;
            self.store.commit()
        })();
        self.store.rollback();
        made
    }

    pub(super) fn check_term_keys(&self) -> Result<()> {
        match self.store.entries_with_other_keys(keys_of_entry)?.first() {
            None => Ok(()),
            Some(id) => Err(StoreError::Damaged {
                path: self.store.path().to_owned(),
                detail: format!("the term entry {id} lacks a key"),
            }),
        }
    }
}

/// The terms of the candidates that a segment holds.
fn hits(
    words: &Words<'_>,
    lang: Lang,
    candidates: &[(TermEntryId, Rc<TermEntry>)],
) -> Vec<TermHit> {
    let mut terms = Vec::new();
    for (at, (_, entry)) in candidates.iter().enumerate() {
        for (section, of_section) in entry.languages.iter().enumerate() {
            if of_section.lang() == Some(lang) {
                let texts = of_section.terms.iter().map(|term| term.text.as_str());
                terms.extend(texts.enumerate().map(|(i, text)| ((at, section, i), text)));
            }
        }
    }
    let found = recognise(words, terms);
    let hit = |found: crate::term::Found<(usize, usize, usize)>| {
        let (at, section, term) = found.term;
        let (id, entry) = &candidates[at];
        TermHit {
            range: found.range,
            closeness: found.closeness,
            id: *id,
            entry: Rc::clone(entry),
            section,
            term,
        }
    };
    found.into_iter().map(hit).collect()
}
