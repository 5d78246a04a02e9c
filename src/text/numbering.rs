//! Numbers for the features of many segments, so that an index can be made by counting them.
//!
//! **Idea.** Grams get numbers in the order in which they first come; the features of gram `n`, its first to third
//! occurrence in a segment, are `3n`, `3n + 1` and `3n + 2`. A segment is gone through once, character by character; for
//! each gram is noted in which segment it came last and how often there, so that nothing is sorted. Where a gram's number
//! stands is looked up in a map while they are few. Then the everyday characters get numbers below `SYMBOLS` too, and
//! three of them are the place in a table.
//!
//! Worked example: `لا، لا` is ` لا , لا `, whose windows get the numbers 0 to 4 and again 0 and 1; its features are
//! 0, 3, 6, 9, 12, 1 and 4.
//!
//! Cost: 16 bytes a gram, and 8 MiB once there is a table; two looks into memory a character.

use rustc_hash::FxHashMap;

use super::gram::{DISTINCT_OCCURRENCES, Gram, RING_CODES, gram_of, ring_code, window_of};

/// How many characters the table tells apart, one of them standing for all that have no number.
const SYMBOLS: usize = 128;

/// With so many grams a table begins to pay.
const TABLED_GRAMS: usize = 8192;

/// Features that are numbered.
#[derive(Debug, Default)]
pub struct Numbering {
    /// The grams by number, as features of first occurrences.
    grams: Vec<Gram>,
    /// For each gram `3 × segment + occurrences there − 1`, of the last segment that it came in.
    seen: Vec<u32>,
    /// How many segments there were.
    segments: u32,
    /// The numbers of the grams that are not in the table.
    numbers: FxHashMap<Gram, u32>,
    table: Option<Box<Table>>,
}

impl Numbering {
    /// Appends the numbers of the features of a joined text ([`super::Analyzed::joined`]) to `features`, in any order.
    pub fn push(&mut self, joined: &str, features: &mut Vec<u32>) {
        if joined.is_empty() {
            return;
        }
        self.tabulate();
        self.segments += 1;
        let mark = self.segments * OCCURRENCES;
        let padded = std::iter::once(' ').chain(joined.chars());
        let mut window = Window::default();
        padded.chain([' ']).for_each(|c| {
            window.push(u32::from(c), self.table.as_deref_mut());
            if window.chars < WIDTH {
                return;
            }
            let number = self.number(&window);
            let seen = &mut self.seen[number as usize];
            let came = seen.checked_sub(mark).map_or(0, |times| times + 1);
            if came < OCCURRENCES {
                *seen = mark + came;
                features.push(number * OCCURRENCES + came);
            }
        });
    }

    /// The number of a feature.
    pub fn feature(&mut self, gram: Gram) -> u32 {
        let occurrence = (gram % DISTINCT_OCCURRENCES) as u32;
        let window = Window::of(gram, self.table.as_deref_mut());
        self.number(&window) * OCCURRENCES + occurrence
    }

    /// How many numbers features can have.
    pub fn features(&self) -> usize {
        self.grams.len() * OCCURRENCES as usize
    }

    /// Forgets all grams, but keeps the room that they took.
    pub fn clear(&mut self) {
        if let Some(table) = self.table.as_deref_mut() {
            for &gram in &self.grams {
                let window = Window::of(gram, Some(table));
                table
                    .place(&window)
                    .into_iter()
                    .for_each(|place| *place = 0);
            }
        }
        self.grams.clear();
        self.seen.clear();
        self.numbers.clear();
        self.segments = 0;
    }

    /// The feature of a number that was given.
    pub fn gram(&self, feature: u32) -> Gram {
        self.grams[(feature / OCCURRENCES) as usize] + Gram::from(feature % OCCURRENCES)
    }

    /// The numbers of all features in the order of these, those that never came among them.
    pub fn ascending(&self) -> impl Iterator<Item = u32> {
        let mut numbers: Vec<u32> = (0..self.grams.len() as u32).collect();
        numbers.sort_unstable_by_key(|&number| self.grams[number as usize]);
        let features = |number| number * OCCURRENCES..(number + 1) * OCCURRENCES;
        numbers.into_iter().flat_map(features)
    }

    #[inline]
    fn number(&mut self, window: &Window) -> u32 {
        let next = self.grams.len() as u32;
        let place = self
            .table
            .as_deref_mut()
            .and_then(|table| table.place(window));
        let number = match place {
            Some(place) => {
                let number = place.checked_sub(1).unwrap_or(next);
                *place = number + 1;
                number
            }
            None => *self.numbers.entry(gram_of(window.codes)).or_insert(next),
        };
        if number == next {
            self.name(window);
        }
        number
    }

    /// Notes a new gram.
    #[cold]
    fn name(&mut self, window: &Window) {
        self.grams.push(gram_of(window.codes));
        self.seen.push(0);
    }

    /// Moves the numbers that can be there into a table, if it pays; between two segments, since a window knows its symbols
    /// from its beginning.
    fn tabulate(&mut self) {
        if self.table.is_some() || self.grams.len() < TABLED_GRAMS {
            return;
        }
        let mut table = Box::<Table>::default();
        self.numbers.retain(|&gram, number| {
            let window = Window::of(gram, Some(&mut table));
            let place = table.place(&window);
            place.map(|place| *place = *number + 1).is_none()
        });
        self.table = Some(table);
    }
}

/// How many characters a window has.
const WIDTH: usize = 3;

/// The last characters of a text.
#[derive(Default)]
struct Window {
    codes: [u32; WIDTH],
    /// How many characters there were.
    chars: usize,
    /// Their symbols as one number.
    symbols: usize,
    /// How many of them in a row have symbols.
    in_a_row: usize,
}

impl Window {
    /// The characters of a gram.
    fn of(gram: Gram, mut table: Option<&mut Table>) -> Self {
        let mut window = Self::default();
        for code in window_of(gram) {
            window.push(code, table.as_deref_mut());
        }
        window
    }

    #[inline]
    fn push(&mut self, code: u32, table: Option<&mut Table>) {
        self.codes = [self.codes[1], self.codes[2], code];
        self.chars += 1;
        if let Some(table) = table {
            let symbol = table.symbol(code);
            self.symbols = self.symbols % (SYMBOLS * SYMBOLS) * SYMBOLS + usize::from(symbol);
            self.in_a_row = if symbol == 0 { 0 } else { self.in_a_row + 1 };
        }
    }
}

const OCCURRENCES: u32 = DISTINCT_OCCURRENCES as u32;

/// One more than the number of each gram of everyday characters; 0 for one that has none.
struct Table {
    /// The symbol of a character by its ring code; 0 for one that has none.
    symbols: [u8; RING_CODES],
    /// How many symbols there are, that for the others among them.
    used: usize,
    places: Vec<u32>,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            symbols: [0; RING_CODES],
            used: 1,
            places: vec![0; SYMBOLS * SYMBOLS * SYMBOLS],
        }
    }
}

impl Table {
    /// Where the number of a window stands; `None` for one that has a character without a symbol.
    #[inline]
    fn place(&mut self, window: &Window) -> Option<&mut u32> {
        match window.in_a_row {
            WIDTH.. => self.places.get_mut(window.symbols),
            _ => None,
        }
    }

    /// The symbol of a character; 0 where it has none.
    #[inline]
    fn symbol(&mut self, code: u32) -> u8 {
        match ring_code(code).map(usize::from) {
            Some(code) if self.symbols[code] == 0 => self.add(code),
            Some(code) => self.symbols[code],
            None => 0,
        }
    }

    /// Gives the character of a ring code a symbol, where there is one left.
    #[cold]
    fn add(&mut self, code: usize) -> u8 {
        if self.used < SYMBOLS {
            self.symbols[code] = self.used as u8;
            self.used += 1;
        }
        self.symbols[code]
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("used", &self.used)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::gram::grams;
    use super::*;
    use crate::text::Analyzed;

    #[test]
    fn windows_get_numbers_as_they_come() {
        let mut features = Vec::new();
        Numbering::default().push("لا , لا", &mut features);
        assert_eq!(features, [0, 3, 6, 9, 12, 1, 4]);
    }

    /// The features by way of their numbers.
    fn numbered(numbering: &mut Numbering, text: &str) -> Vec<Gram> {
        let mut features = Vec::new();
        numbering.push(Analyzed::new(text).joined(), &mut features);
        let mut grams: Vec<Gram> = features.iter().map(|&f| numbering.gram(f)).collect();
        grams.sort_unstable();
        grams
    }

    /// Texts with more grams than a map is kept for.
    fn many_texts() -> Vec<String> {
        let texts = ('a'..='z').flat_map(|a| {
            ('ء'..='ي')
                .map(move |b| format!("{a}{b}{a}{b}1{a}{b}2 {a}{b} {b}{b}{b}{b}{b} Ж{a}漢{b}"))
        });
        texts.collect()
    }

    #[test]
    fn what_is_cleared_begins_anew() {
        let texts = many_texts();
        let numbers = |numbering: &mut Numbering| {
            let mut features = Vec::new();
            for text in texts.iter().rev() {
                numbering.push(text, &mut features);
            }
            features
        };
        let mut used = Numbering::default();
        for text in texts.iter().chain(&texts) {
            used.push(text, &mut Vec::new());
        }
        assert!(used.table.is_some());
        used.clear();
        assert_eq!(numbers(&mut used), numbers(&mut Numbering::default()));
    }

    #[test]
    fn a_table_gives_the_numbers_that_the_map_gave() {
        let mut numbering = Numbering::default();
        let texts = many_texts();
        for _ in 0..2 {
            for text in &texts {
                assert_eq!(numbered(&mut numbering, text), grams(&Analyzed::new(text)));
            }
        }
        assert!(numbering.table.is_some() && !numbering.numbers.is_empty());
        let all: Vec<Gram> = numbering.ascending().map(|f| numbering.gram(f)).collect();
        assert!(all.is_sorted() && all.len() == numbering.features());
        for &gram in &all {
            let feature = numbering.feature(gram);
            assert_eq!(numbering.gram(feature), gram);
        }
        assert_eq!(all.len(), numbering.features());
    }

    proptest! {
        #[test]
        fn numbers_are_those_of_the_features(
            texts in proptest::collection::vec("([a-c ]|[ء-ت]|[éЖ漢\u{300}]|\\PC){0,30}", 1..6),
        ) {
            let mut numbering = Numbering::default();
            for text in &texts {
                let features = grams(&Analyzed::new(text));
                prop_assert_eq!(numbered(&mut numbering, text), features.clone());
                for gram in features {
                    let feature = numbering.feature(gram);
                    prop_assert_eq!(numbering.gram(feature), gram);
                }
            }
        }
    }
}
