//! The light stem of an English word.
//!
//! Inflection alone goes, by cutting: possessive, plural, `-ed`, `-ing`, `-ly`, then what these leave uneven, a final
//! `e` or `y` and one of two equal consonants. `countries` and `country` are `countr`, `stopped` and `stop` are `stop`,
//! `making` and `make` are `mak`. A key to compare by, not a word to show.

use std::ops::Range;

/// The fewest characters that a cut may leave.
const SHORTEST: usize = 3;

/// The part of a folded English word that its other forms share, as a byte range of `word`. Never empty.
///
/// ```
/// use dhakira::text::english::stem;
/// assert_eq!(&"countries"[stem("countries")], "countr");
/// assert_eq!(&"is"[stem("is")], "is");
/// ```
pub fn stem(word: &str) -> Range<usize> {
    let mut stem = word;
    for possessive in ["'s", "'"] {
        if let Some(rest) = stem
            .strip_suffix(possessive)
            .filter(|rest| !rest.is_empty())
        {
            stem = rest;
        }
    }
    let plural = if stem.ends_with("ies") {
        cut(stem, "ies")
    } else if ["sses", "shes", "ches", "xes", "zes"]
        .iter()
        .any(|end| stem.ends_with(end))
    {
        cut(stem, "es")
    } else if ["ss", "us", "is"].iter().any(|end| stem.ends_with(end)) {
        None
    } else {
        cut(stem, "s")
    };
    stem = plural.unwrap_or(stem);
    for ending in ["ly", "ing", "ied", "ed"] {
        if let Some(rest) = cut(stem, ending).filter(|rest| has_vowel(rest)) {
            stem = rest;
        }
    }
    for ending in ["e", "y", "i"] {
        stem = cut(stem, ending).unwrap_or(stem);
    }
    let mut last = stem.chars().rev();
    if let (Some(a), Some(b)) = (last.next(), last.next())
        && a == b
        && a.is_ascii_alphabetic()
        && !is_vowel(a)
        && stem.len() > SHORTEST
    {
        stem = &stem[..stem.len() - 1];
    }
    0..stem.len()
}

/// `word` without `ending`, where enough is left.
fn cut<'w>(word: &'w str, ending: &str) -> Option<&'w str> {
    word.strip_suffix(ending)
        // No character has more than four bytes.
        .filter(|rest| rest.len() >= 4 * SHORTEST || rest.chars().count() >= SHORTEST)
}

fn has_vowel(word: &str) -> bool {
    word.chars().any(|c| is_vowel(c) || c == 'y')
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms_of_a_word_share_their_stem() {
        for forms in [
            ["country", "countries", "country's"],
            ["stop", "stopped", "stopping"],
            ["make", "makes", "making"],
            ["call", "calls", "called"],
            ["class", "classes", "class's"],
            ["carry", "carried", "carries"],
            ["house", "houses", "housing"],
        ] {
            let stems = forms.map(|word| &word[stem(word)]);
            assert!(stems.iter().all(|s| *s == stems[0]), "{stems:?}");
        }
    }

    #[test]
    fn short_words_stay_whole() {
        for word in ["is", "us", "red", "sing", "bus", "s", "'s", "'"] {
            assert_eq!(stem(word), 0..word.len(), "{word}");
        }
    }

    proptest! {
        #[test]
        fn a_stem_is_a_part_of_its_word_and_not_empty(word in "[a-z']{1,10}|\\PC{1,8}") {
            let range = stem(&word);
            prop_assert!(word.get(range).is_some_and(|s| !s.is_empty()));
        }
    }
}
