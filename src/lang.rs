//! The two languages of a memory, and values that exist once per language.
//!
//! Languages are told from BCP 47-like tags by their primary subtag ([`Lang::from_tag`]) or from the script of a text
//! ([`Lang::of_text`]).

use std::fmt;

use crate::text::arabic;

/// One of the two languages that a memory joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    /// Arabic, written right to left.
    Arabic,
    /// English, written left to right.
    English,
}

impl Lang {
    /// Both languages, Arabic first: the order of columns in our own formats.
    pub const BOTH: [Self; 2] = [Self::Arabic, Self::English];

    /// The other language of the pair.
    pub fn other(self) -> Self {
        match self {
            Self::Arabic => Self::English,
            Self::English => Self::Arabic,
        }
    }

    /// The ISO 639-1 code, `ar` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Arabic => "ar",
            Self::English => "en",
        }
    }

    /// The language of a tag such as `ar`, `AR_eg`, `ara`, `arb-SA` or `en-GB`: by its primary subtag, whatever the case
    /// and the separator. `None` for any other language.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        let is = |codes: &[&str]| codes.iter().any(|code| primary.eq_ignore_ascii_case(code));
        if is(&["ar", "ara", "arb"]) {
            Some(Self::Arabic)
        } else if is(&["en", "eng"]) {
            Some(Self::English)
        } else {
            None
        }
    }

    /// The language whose script has more letters in `text`; `None` where there are none of either.
    ///
    /// One Arabic letter weighs as much as two Latin ones: Arabic text is full of Latin names and commands, English
    /// text hardly ever holds Arabic.
    ///
    /// ```
    /// use dhakira::lang::Lang;
    /// assert_eq!(Lang::of_text("قرار رقم 2231 (2015) S/RES/2231"), Some(Lang::Arabic));
    /// assert_eq!(Lang::of_text("12:30"), None);
    /// ```
    pub fn of_text(text: &str) -> Option<Self> {
        let (mut arabic, mut latin) = (0_usize, 0_usize);
        for c in text.chars() {
            if arabic::is_arabic_letter(c) {
                arabic += 1;
            } else if c.is_alphabetic() {
                latin += 1;
            }
        }
        if arabic == 0 && latin == 0 {
            None
        } else if 2 * arabic >= latin {
            Some(Self::Arabic)
        } else {
            Some(Self::English)
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A value for each of the two languages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sides<T> {
    /// The Arabic side.
    pub ar: T,
    /// The English side.
    pub en: T,
}

impl<T> Sides<T> {
    /// Makes both sides, Arabic first.
    pub fn from_fn(mut make: impl FnMut(Lang) -> T) -> Self {
        Self {
            ar: make(Lang::Arabic),
            en: make(Lang::English),
        }
    }

    /// The side of `lang`.
    pub fn get(&self, lang: Lang) -> &T {
        match lang {
            Lang::Arabic => &self.ar,
            Lang::English => &self.en,
        }
    }

    /// The side of `lang`, to change.
    pub fn get_mut(&mut self, lang: Lang) -> &mut T {
        match lang {
            Lang::Arabic => &mut self.ar,
            Lang::English => &mut self.en,
        }
    }

    /// Applies `f` to both sides.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Sides<U> {
        Sides {
            ar: f(self.ar),
            en: f(self.en),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_match_by_primary_subtag_in_any_spelling() {
        for tag in ["ar", "AR", "ar-EG", "AR_eg", "ara", "arb-SA"] {
            assert_eq!(Lang::from_tag(tag), Some(Lang::Arabic), "{tag}");
        }
        for tag in ["en", "EN-us", "eng", "en_GB"] {
            assert_eq!(Lang::from_tag(tag), Some(Lang::English), "{tag}");
        }
        for tag in ["", "arc", "fr", "*all*", "english"] {
            assert_eq!(Lang::from_tag(tag), None, "{tag}");
        }
    }

    #[test]
    fn the_script_tells_the_language_of_mixed_text() {
        assert_eq!(Lang::of_text("iPhone 15 Pro متوفر الآن"), Some(Lang::Arabic));
        assert_eq!(
            Lang::of_text("The word كتاب means book"),
            Some(Lang::English)
        );
        assert_eq!(Lang::of_text("ﻛﺘﺎب"), Some(Lang::Arabic));
        assert_eq!(Lang::of_text("١٢ ÷ 3"), None);
    }
}
