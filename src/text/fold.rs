//! Levels orthography: maps a text to the form under which different spellings of the same words are equal.
//!
//! Each [`Levelling`] can be switched off, so that the matcher can tell which of them make two segments equal. Text is
//! composed first (Unicode Standard Annex 15, form C), so that a letter and its mark are one character however they
//! were typed; presentation forms are replaced by the letters that they stand for (form KC).
//!
//! Worked example, everything levelled:
//!
//! | written | folded | levelled |
//! | --- | --- | --- |
//! | `وَقَالَ` | `وقال` | tashkeel |
//! | `إلى المدرســة` | `الي المدرسه` | hamza, alef maksura, tatweel, teh marbuta |
//! | `ﻛﺘﺎب` | `كتاب` | presentation forms |
//! | `٢٠٠٩؟` | `2009?` | digits, punctuation |
//! | `“It’s” HERE` | `"it's" here` | quotes, case |

use std::fmt;
use std::iter::once;

use unicode_normalization::UnicodeNormalization;

use super::arabic::{TATWEEL, is_hamza_mark, is_tashkeel};

/// One kind of spelling difference that folding takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Levelling {
    /// Vowel marks and other Arabic combining marks: `كَتَبَ` and `كتب`.
    Tashkeel,
    /// The stretching mark: `كتـــاب` and `كتاب`.
    Tatweel,
    /// Hamza on its carriers, madda, wasla: `أ إ آ ٱ` and `ا`, `ؤ` and `و`, `ئ` and `ي`.
    Hamza,
    /// `ى` and `ي`.
    AlefMaksura,
    /// `ة` and `ه`.
    TehMarbuta,
    /// Shaped or full-width letters of older encodings: `ﻛﺘﺎب` and `كتاب`, `ﬁ` and `fi`.
    PresentationForms,
    /// Bidi marks, joiners and other characters without a look of their own.
    InvisibleControls,
    /// Letters as Persian and Urdu keyboards type them: `ی ک ہ` and `ي ك ه`.
    PersianLetters,
    /// `٠-٩`, `۰-۹` and `0-9`, with their decimal, grouping and per cent signs.
    Digits,
    /// `« » “ ” ‘ ’` and `" '`.
    Quotes,
    /// `، ؛ ؟ … –` and `, ; ? ... -`.
    Punctuation,
    /// Upper and lower case.
    Case,
    /// Kind and number of white-space characters.
    Spacing,
    /// Marks of the key that reaches a word of a user interface: `S~pacing`, `&File`, `_Open`, `الت~باعد`.
    Accelerators,
}

impl Levelling {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 14] = [
        Self::Tashkeel,
        Self::Tatweel,
        Self::Hamza,
        Self::AlefMaksura,
        Self::TehMarbuta,
        Self::PresentationForms,
        Self::InvisibleControls,
        Self::PersianLetters,
        Self::Digits,
        Self::Quotes,
        Self::Punctuation,
        Self::Case,
        Self::Spacing,
        Self::Accelerators,
    ];

    /// The name in output, such as `alef-maksura`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tashkeel => "tashkeel",
            Self::Tatweel => "tatweel",
            Self::Hamza => "hamza",
            Self::AlefMaksura => "alef-maksura",
            Self::TehMarbuta => "teh-marbuta",
            Self::PresentationForms => "presentation-forms",
            Self::InvisibleControls => "invisible-controls",
            Self::PersianLetters => "persian-letters",
            Self::Digits => "digits",
            Self::Quotes => "quotes",
            Self::Punctuation => "punctuation",
            Self::Case => "case",
            Self::Spacing => "spacing",
            Self::Accelerators => "accelerators",
        }
    }
}

/// A set of [`Levelling`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Levellings(u16);

impl Levellings {
    /// Nothing is levelled.
    pub const NONE: Self = Self(0);
    /// Everything is levelled; what an index and a score are taken on.
    pub const ALL: Self = Self((1 << Levelling::ALL.len()) - 1);

    /// The set with `levelling` in it.
    #[must_use]
    pub fn with(self, levelling: Levelling) -> Self {
        Self(self.0 | 1 << levelling as u8)
    }

    /// The set without `levelling`.
    #[must_use]
    pub fn without(self, levelling: Levelling) -> Self {
        Self(self.0 & !(1 << levelling as u8))
    }

    /// Whether `levelling` is in the set.
    pub fn has(self, levelling: Levelling) -> bool {
        self.0 & 1 << levelling as u8 != 0
    }

    /// Whether nothing is in it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its members in the order of [`Levelling::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Levelling> {
        Levelling::ALL.into_iter().filter(move |&l| self.has(l))
    }
}

impl fmt::Display for Levellings {
    /// The names, joined by commas.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, levelling) in self.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            f.write_str(levelling.name())?;
        }
        Ok(())
    }
}

/// The version of the folded form. A memory indexed under another version is indexed anew.
pub const FOLD_VERSION: u32 = 1;

/// `text` with everything levelled, white space cut at both ends.
///
/// Idempotent. Never longer than a few times the input; the expected cost is a table look-up a character.
pub fn fold(text: &str) -> String {
    fold_with(text, Levellings::ALL)
}

/// `text` with `which` levelled, white space cut at both ends.
pub fn fold_with(text: &str, which: Levellings) -> String {
    let mut out = String::with_capacity(text.len());
    fold_onto(&mut out, text, which);
    out
}

/// Appends `text` folded to `out`, without its outer white space.
pub(crate) fn fold_onto(out: &mut String, text: &str, which: Levellings) {
    let from = out.len();
    if text.chars().all(is_plain) {
        for c in text.trim().chars() {
            fold_char(out, c, which);
        }
    } else {
        let mut folded = normalised(text, which);
        // Letters that what is gone kept apart may now be composed. One more pass is enough for any text that was met.
        for _ in 0..MOST_PASSES {
            let again = normalised(&folded, which);
            if again == folded {
                break;
            }
            folded = again;
        }
        out.push_str(&folded);
    }
    // Invisible characters at an end can leave white space behind them.
    if out[from..].starts_with(char::is_whitespace) || out.ends_with(char::is_whitespace) {
        let kept = out[from..].trim().to_owned();
        out.truncate(from);
        out.push_str(&kept);
    }
}

/// The most times that a text is folded for its folded form not to change any more.
const MOST_PASSES: usize = 4;

/// One pass over a text that has to be composed.
fn normalised(text: &str, which: Levellings) -> String {
    let mut out = String::with_capacity(text.len());
    text.trim()
        .nfc()
        .for_each(|c| fold_char(&mut out, c, which));
    out.truncate(out.trim_end().len());
    out
}

/// Whether `c` is in the everyday ranges, where composing changes nothing that folding keeps.
pub(super) fn is_plain(c: char) -> bool {
    c.is_ascii()
        || matches!(c, '\u{060C}'..='\u{06FF}' if !is_hamza_mark(c))
        || matches!(c, '\u{2010}'..='\u{2026}')
}

/// Appends one character's folded form.
pub(super) fn fold_char(out: &mut String, c: char, which: Levellings) {
    use Levelling as L;
    if c.is_ascii_lowercase()
        || matches!(c, '\u{0627}' | '\u{0628}' | '\u{062A}'..='\u{063A}' | '\u{0641}'..='\u{0648}')
    {
        out.push(c);
        return;
    }
    if c.is_whitespace() {
        if !which.has(L::Spacing) {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
        return;
    }
    if c.is_ascii() {
        out.push(if which.has(L::Case) {
            c.to_ascii_lowercase()
        } else {
            c
        });
        return;
    }
    if let Some((levelling, levelled)) = levelled(c) {
        if which.has(levelling) {
            out.push_str(levelled);
        } else {
            out.push(c);
        }
        return;
    }
    let stands_for_others = which.has(L::PresentationForms) && once(c).nfkc().next() != Some(c);
    if stands_for_others {
        // What a compatibility character stands for has no compatibility characters in it.
        once(c).nfkc().for_each(|part| fold_char(out, part, which));
    } else if which.has(L::Case) {
        out.extend(c.to_lowercase());
    } else {
        out.push(c);
    }
}

/// The levelled form of the characters that have one, by kind.
fn levelled(c: char) -> Option<(Levelling, &'static str)> {
    use Levelling as L;
    Some(match c {
        c if is_hamza_mark(c) => (L::Hamza, ""),
        c if is_tashkeel(c) => (L::Tashkeel, ""),
        TATWEEL => (L::Tatweel, ""),
        'أ' | 'إ' | 'آ' | 'ٱ' => (L::Hamza, "ا"),
        'ؤ' => (L::Hamza, "و"),
        'ئ' => (L::Hamza, "ي"),
        'ى' => (L::AlefMaksura, "ي"),
        'ة' => (L::TehMarbuta, "ه"),
        'ی' => (L::PersianLetters, "ي"),
        'ک' => (L::PersianLetters, "ك"),
        'ہ' | 'ە' | 'ھ' => (L::PersianLetters, "ه"),
        '٫' => (L::Digits, "."),
        '٬' => (L::Digits, ","),
        '٪' => (L::Digits, "%"),
        '،' => (L::Punctuation, ","),
        '؛' => (L::Punctuation, ";"),
        '؟' => (L::Punctuation, "?"),
        '۔' => (L::Punctuation, "."),
        '…' => (L::Punctuation, "..."),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => (L::Punctuation, "-"),
        '«' | '»' | '“' | '”' | '„' | '‟' | '″' | '＂' => (L::Quotes, "\""),
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' | '`' | '´' => (L::Quotes, "'"),
        '\u{00AD}'
        | '\u{061C}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}'
        | '\u{FEFF}'
        | '\u{FE00}'..='\u{FE0F}' => (L::InvisibleControls, ""),
        _ => return digit(c).map(|d| (L::Digits, d)),
    })
}

/// What levels `c` on its own; `None` for what decomposition or case levels, or nothing.
pub(crate) fn levelling_of(c: char) -> Option<Levelling> {
    levelled(c).map(|(levelling, _)| levelling)
}

/// The ASCII digit of an Arabic-Indic or Persian one.
fn digit(c: char) -> Option<&'static str> {
    const DIGITS: &str = "0123456789";
    let value = match c {
        '٠'..='٩' => c as usize - '٠' as usize,
        '۰'..='۹' => c as usize - '۰' as usize,
        _ => return None,
    };
    Some(&DIGITS[value..=value])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decomposed_and_composed_letters_are_the_same_text() {
        assert_eq!(fold("caf\u{e9}"), fold("cafe\u{301}"));
        assert_eq!(fold("ا\u{654}حمد"), fold("أحمد"));
        assert_ne!(fold("café"), fold("cafe"));
    }

    #[test]
    fn white_space_goes_from_the_ends_even_behind_controls() {
        assert_eq!(fold("\u{200F} نعم \u{200E}"), "نعم");
        assert_eq!(fold(" \u{200B} "), "");
    }

    #[test]
    fn the_longest_decomposition_fits() {
        assert_eq!(fold("ﷺ"), fold("صلى الله عليه وسلم"));
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn folding_arabic_twice_changes_nothing(text in "[ \u{600}-\u{6FF}\u{200C}-\u{200F}\u{FB50}-\u{FDFF}\u{FE70}-\u{FEFF}a-zA-Z0-9]{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
