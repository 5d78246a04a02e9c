//! What cutting a segment into tokens and folding it have to know of a character, in one look-up.
//!
//! Nearly all characters of Arabic and English are in two short blocks, whose classes stand in a table. It is filled from
//! the definitions that all other characters are asked for one by one, so that it can't say anything else.
//!
//! Worked example: `أ` is part of a word and folds to `ا`, and so is `َ`, which folds to nothing; `٥` is a digit, part of
//! a word as well, and folds to `5`; `…` is none of these and not [simple](Class::SIMPLE), for it folds to three dots.

use std::sync::LazyLock;

use super::arabic::{TATWEEL, is_arabic_letter, is_tashkeel};
use super::fold::{Levellings, fold_char, is_plain};
use super::token::is_invisible;

/// What a character is, and what it folds to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Class {
    /// Bits, by the constants.
    is: u8,
    /// What a [simple](Class::SIMPLE) character folds to.
    folded: Option<char>,
}

impl Class {
    /// White space, or without a look: belongs to no token where it doesn't stand inside of one.
    pub(super) const BLANK: u8 = 1;
    /// Without a look: may stand inside of a word.
    pub(super) const INVISIBLE: u8 = 1 << 1;
    /// A letter, a digit, a mark on a letter, a part of names.
    pub(super) const WORD: u8 = 1 << 2;
    /// A digit of any script.
    pub(super) const DIGIT: u8 = 1 << 3;
    /// Folds to one character or none, whatever stands beside it, and is no accelerator mark.
    pub(super) const SIMPLE: u8 = 1 << 4;

    /// The class of `c` by definition.
    fn define(c: char) -> Self {
        let mut is = 0;
        let mut set = |bit, holds| is |= if holds { bit } else { 0 };
        let invisible = is_invisible(c);
        set(Self::INVISIBLE, invisible);
        set(Self::BLANK, invisible || c.is_whitespace());
        set(Self::WORD, is_word_char(c));
        set(Self::DIGIT, is_digit(c));
        let mut folded = None;
        if is_plain(c) && !c.is_whitespace() && !matches!(c, '~' | '&' | '_') {
            let mut form = String::new();
            fold_char(&mut form, c, Levellings::ALL);
            let mut chars = form.chars();
            folded = chars.next();
            set(Self::SIMPLE, chars.next().is_none());
        }
        Self { is, folded }
    }

    /// Whether one of the bits is set.
    #[inline]
    pub(super) fn is(self, bits: u8) -> bool {
        self.is & bits != 0
    }

    /// What a simple character folds to; nothing where it is levelled away.
    #[inline]
    pub(super) fn folded(self) -> Option<char> {
        self.folded
    }
}

/// The classes of all characters.
#[derive(Clone, Copy)]
pub(super) struct Classes(&'static [Class; TABLE]);

/// ASCII, then the Arabic block.
const TABLE: usize = 0x180;

static EVERYDAY: LazyLock<[Class; TABLE]> = LazyLock::new(|| {
    std::array::from_fn(|i| {
        let code = if i < 0x80 { i } else { i - 0x80 + 0x600 };
        char::from_u32(code as u32).map_or(Class::default(), Class::define)
    })
});

impl Classes {
    pub(super) fn get() -> Self {
        Self(&EVERYDAY)
    }

    /// The class of a character.
    #[inline]
    pub(super) fn of(self, c: char) -> Class {
        let code = c as usize;
        if code < 0x80 {
            self.0[code]
        } else if (0x600..0x700).contains(&code) {
            self.0[code - 0x600 + 0x80]
        } else {
            Class::define(c)
        }
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || (!c.is_ascii() && !is_arabic_letter(c) && c.is_numeric())
}

fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || c == '_'
        || (!c.is_ascii() && c.is_alphanumeric())
        || is_arabic_letter(c)
        || c == TATWEEL
        || is_tashkeel(c)
        || (!c.is_ascii() && unicode_normalization::char::is_combining_mark(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_the_definition_says() {
        let classes = Classes::get();
        for c in '\0'..='\u{2FFF}' {
            assert_eq!(classes.of(c), Class::define(c), "{c:?}");
        }
    }

    #[test]
    fn the_worked_example() {
        let of = |c| Classes::get().of(c);
        assert_eq!(
            (of('أ').folded(), of('\u{64E}').folded()),
            (Some('ا'), None)
        );
        assert!(of('\u{64E}').is(Class::WORD) && !of('\u{64E}').is(Class::DIGIT));
        assert!(of('٥').is(Class::DIGIT) && of('٥').is(Class::WORD));
        assert!(!of('…').is(Class::SIMPLE | Class::WORD));
    }
}
