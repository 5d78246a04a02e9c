//! Remembers what was looked up, for all threads of a run, within bounds.
//!
//! A query without an exact match has the same answer between any neighbours, and is remembered without them; one with an
//! exact match may have a context match elsewhere, and is remembered for its neighbours alone.
//!
//! Bounds: [`ENTRIES`] answers. The entries are in two generations: what is asked for goes into the younger one; when that
//! is full it becomes the older one, and what was older is forgotten.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

use super::offers::Found;
use crate::lang::Lang;
use crate::matching::MatchKind;
use crate::memory::Query;

/// The most answers that are remembered; about 1 KB each.
pub const ENTRIES: usize = 128 * 1024;

/// Answers of earlier lookups.
#[derive(Debug, Default)]
pub struct LookupCache {
    generations: Mutex<Generations>,
}

#[derive(Debug, Default)]
struct Generations {
    young: FxHashMap<Key, Answer>,
    old: FxHashMap<Key, Answer>,
}

/// A query with its neighbours.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    lang: Lang,
    text: Box<str>,
    previous: Option<Box<str>>,
    next: Option<Box<str>>,
}

impl Key {
    fn of(query: &Query<'_>) -> Self {
        Self {
            lang: query.lang,
            text: query.text.into(),
            previous: query.previous.map(Into::into),
            next: query.next.map(Into::into),
        }
    }
}

/// The best matches, at most `limit`.
#[derive(Clone, Debug)]
struct Answer {
    limit: usize,
    found: Arc<[Found]>,
}

impl Answer {
    /// Whether asking for `limit` matches would give the same.
    fn does_for(&self, limit: usize) -> bool {
        limit <= self.limit || self.found.len() < self.limit
    }
}

impl LookupCache {
    /// The best matches of a query, at least `limit` of them where there are as many: remembered, or by `lookup`.
    ///
    /// # Errors
    /// Those of `lookup`; nothing is remembered then.
    pub fn get<E>(
        &self,
        query: &Query<'_>,
        limit: usize,
        lookup: impl FnOnce(&Query<'_>, usize) -> Result<Vec<Found>, E>,
    ) -> Result<Arc<[Found]>, E> {
        let anywhere = Key::of(&Query {
            previous: None,
            next: None,
            ..*query
        });
        let here = Key::of(query);
        for key in [&anywhere, &here] {
            let known = self.lock().get(key);
            if let Some(answer) = known.filter(|answer| answer.does_for(limit)) {
                return Ok(answer.found);
            }
        }
        // Not under the lock: two threads may ask the same, which costs time and changes nothing.
        let found: Arc<[Found]> = lookup(query, limit)?.into();
        let is_exact = found.iter().any(|found| found.kind >= MatchKind::Exact);
        let answer = Answer {
            limit,
            found: Arc::clone(&found),
        };
        self.lock()
            .insert(if is_exact { here } else { anywhere }, answer);
        Ok(found)
    }

    fn lock(&self) -> MutexGuard<'_, Generations> {
        // A map is whole between any two of its calls, whatever became of the thread that held it.
        self.generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn get(&mut self, key: &Key) -> Option<Answer> {
        if let Some(answer) = self.young.get(key) {
            return Some(answer.clone());
        }
        let (key, answer) = self.old.remove_entry(key)?;
        self.insert(key, answer.clone());
        Some(answer)
    }

    fn insert(&mut self, key: Key, answer: Answer) {
        if self.young.len() >= ENTRIES / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, answer);
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::score::Score;
    use crate::unit::UnitState;

    fn found(kind: MatchKind) -> Found {
        Found {
            source: "نعم".into(),
            target: "Yes".into(),
            score: Score::MAX,
            kind,
            flags: Vec::new(),
            origin: String::new(),
            state: UnitState::default(),
        }
    }

    fn query<'q>(text: &'q str, next: Option<&'q str>) -> Query<'q> {
        Query {
            text,
            lang: Lang::Arabic,
            previous: None,
            next,
        }
    }

    /// How often the memory is asked for these queries, where it has matches of that kind.
    fn lookups(queries: &[(Query<'_>, usize)], kind: Option<MatchKind>, matches: usize) -> usize {
        let cache = LookupCache::default();
        let mut asked = 0;
        for (query, limit) in queries {
            let answer = cache.get(query, *limit, |_, limit| {
                asked += 1;
                let all = kind.into_iter().flat_map(|kind| vec![found(kind); matches]);
                Ok::<_, Infallible>(all.take(limit).collect())
            });
            assert!(answer.unwrap().len() >= matches.min(*limit) * usize::from(kind.is_some()));
        }
        asked
    }

    #[test]
    fn neighbours_matter_to_exact_matches_only() {
        let queries = [
            (query("نعم", Some("لا")), 1),
            (query("نعم", Some("ربما")), 1),
            (query("نعم", Some("لا")), 1),
        ];
        assert_eq!(lookups(&queries, None, 0), 1);
        assert_eq!(lookups(&queries, Some(MatchKind::Fuzzy), 1), 1);
        assert_eq!(lookups(&queries, Some(MatchKind::Exact), 1), 2);
    }

    #[test]
    fn more_is_asked_for_only_where_there_may_be_more() {
        let queries = [
            (query("نعم", None), 2),
            (query("نعم", None), 9),
            (query("نعم", None), 3),
        ];
        assert_eq!(lookups(&queries, Some(MatchKind::Fuzzy), 1), 1);
        assert_eq!(lookups(&queries, Some(MatchKind::Fuzzy), 4), 2);
    }

    #[test]
    fn no_more_is_remembered_than_the_bound_allows() {
        let mut generations = Generations::default();
        let answer = Answer {
            limit: 1,
            found: Arc::new([]),
        };
        let key = |n: usize| Key {
            lang: Lang::English,
            text: n.to_string().into(),
            previous: None,
            next: None,
        };
        for n in 0..2 * ENTRIES {
            generations.insert(key(n), answer.clone());
            assert!(generations.get(&key(0)).is_some());
        }
        assert!(generations.young.len() + generations.old.len() <= ENTRIES);
        assert!(generations.get(&key(1)).is_none());
    }
}
