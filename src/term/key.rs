//! What a term is found by: hashes of the trunks of its first word, or first two words, so that hardly a term is fetched
//! that is not in the text.
//!
//! A text has a key for each reading of each of its words and of each two that follow each other; a term of one word has
//! a key for each reading of that word, a longer one for each reading of its first two. A term that is in a text has a key in
//! common with it, since each of its words has a reading in common with a word of the text.

use super::recognition::Words;
use super::word::Place;
use crate::lang::Lang;
use crate::text::fold::FOLD_VERSION;

/// The version of the keys; those that were made under another are made anew.
pub const KEY_VERSION: u32 = FOLD_VERSION << 16 | 2;

/// A hash of a language and one or two trunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TermKey(pub i64);

impl TermKey {
    /// Of hashes of the trunks.
    pub(super) fn new(lang: Lang, first: u64, second: Option<u64>) -> Self {
        let side = match lang {
            Lang::Arabic => 0,
            Lang::English => 1,
        };
        let words = [Some(side), Some(first), second].into_iter().flatten();
        // The multiplier of FNV-1a spreads too little for words of 64 bits; this is that of splitmix64.
        let hash = words.fold(0_u64, |hash, word| {
            let mixed = (hash.rotate_left(23) ^ word).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed ^ mixed >> 31
        });
        Self(hash as i64)
    }
}

/// The keys under which a term is kept; none for a text without words.
pub fn keys_of_term(text: &str, lang: Lang) -> Vec<TermKey> {
    let words = Words::placed(text, Place::Head);
    let mut keys = match words.len() {
        0 => Vec::new(),
        1 => words
            .trunks(0)
            .map(|t| TermKey::new(lang, t, None))
            .collect(),
        _ => words.pair_keys(0, lang).collect::<Vec<_>>(),
    };
    keys.sort_unstable();
    keys.dedup();
    keys
}
