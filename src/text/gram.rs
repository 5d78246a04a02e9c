//! The features of a segment: its character trigrams, counted.
//!
//! The folded tokens, punctuation among them, are joined by single spaces, with a space at both ends; every window of
//! three characters is a gram. Grams that cross a space hold a little of the word order; grams inside a word are shared
//! by its other forms, so that `والمدرسة` and `المدارس` have much in common. The second and the third time that a gram
//! occurs are features of their own, further ones are none: a long segment is more than the set of its grams, but a
//! frequent ending in it should not count for ever.
//!
//! Worked example: `لا، لا` → ` لا , لا ` → `␣لا` `لا␣` `ا␣,` `␣,␣` `,␣ل` `␣لا`² `لا␣`².

use super::token::Analyzed;

/// A feature: three characters and how many times they had occurred before, exactly. No two share a number.
///
/// Below 2⁶², so that it is a positive number in a database too.
pub type Gram = u64;

/// How many occurrences of one gram are told apart.
pub const DISTINCT_OCCURRENCES: u64 = 3;

/// One more than the largest code point.
const CODE_POINTS: u64 = 0x11_0000;

/// The feature of the first occurrence of three characters.
fn pack([a, b, c]: [u64; 3]) -> Gram {
    ((a * CODE_POINTS + b) * CODE_POINTS + c) * DISTINCT_OCCURRENCES
}

/// The feature of the first occurrence of three code points.
#[inline]
pub(super) fn gram_of(window: [u32; 3]) -> Gram {
    pack(window.map(u64::from))
}

/// The three code points of a feature.
pub(super) fn window_of(gram: Gram) -> [u32; 3] {
    let packed = gram / DISTINCT_OCCURRENCES;
    let (rest, c) = (packed / CODE_POINTS, packed % CODE_POINTS);
    [rest / CODE_POINTS, rest % CODE_POINTS, c].map(|code| code as u32)
}

/// The features of a segment in ascending order, none twice; empty only for a segment without tokens.
pub fn grams(segment: &Analyzed<'_>) -> Vec<Gram> {
    let joined = segment.joined();
    if joined.is_empty() {
        return Vec::new();
    }
    by_distribution(joined).unwrap_or_else(|| by_comparison(joined))
}

/// The features of any joined text.
fn by_comparison(joined: &str) -> Vec<Gram> {
    let padding = || std::iter::once(' ');
    let sorted = windows(padding().chain(joined.chars()).chain(padding()));
    let mut out = Counted::with_capacity(sorted.len());
    sorted.into_iter().for_each(|gram| out.push(gram));
    out.grams
}

/// The most different characters in one text that [`by_distribution`] takes.
const MOST_SYMBOLS: usize = 64;

/// The features of a joined text of everyday characters, which nearly all are; `None` for other texts.
///
/// The characters are numbered in their order, and the windows put in order by their third, then their second, then
/// their first character (a radix sort), which takes no comparison. The text is taken as a ring, so that each of
/// its characters is once the first, the second and the third of a window, and the shares are the same for all three;
/// the two windows over its end are left out at last.
fn by_distribution(joined: &str) -> Option<Vec<Gram>> {
    if joined.len() + 2 > usize::from(u16::MAX) {
        return None;
    }
    let space = ring_code(u32::from(' '))?;
    let mut codes = vec![space; joined.len() + 2];
    let mut present = [0_u64; RING_CODES / 64];
    present[usize::from(space) / 64] |= 1 << (space % 64);
    let mut len = 2;
    for (c, code) in joined.chars().zip(&mut codes[1..]) {
        *code = ring_code(u32::from(c))?;
        present[usize::from(*code) / 64] |= 1 << (*code % 64);
        len += 1;
    }
    codes.truncate(len);
    codes[len - 1] = space;

    let mut ranks = [0_u8; RING_CODES];
    let mut chars = [0_u64; MOST_SYMBOLS];
    let mut symbols = 0;
    for (i, mut word) in present.into_iter().enumerate() {
        while word != 0 {
            let code = 64 * i + word.trailing_zeros() as usize;
            word &= word - 1;
            *chars.get_mut(symbols)? = u64::from(ring_char(code));
            ranks[code] = symbols as u8;
            symbols += 1;
        }
    }

    let mut counts = [0_u16; MOST_SYMBOLS];
    let mut ring = vec![0_u8; len + 2];
    for (&code, symbol) in codes.iter().zip(&mut ring) {
        *symbol = ranks[usize::from(code) % RING_CODES];
        counts[usize::from(*symbol) % MOST_SYMBOLS] += 1;
    }
    ring.copy_within(..2, len);
    let mut shares = [0_u16; MOST_SYMBOLS];
    let mut start = 0;
    for (share, count) in shares.iter_mut().zip(counts) {
        *share = start;
        start += count;
    }

    // The places of the windows; what the codes were is not needed any more.
    let mut places = vec![0_u16; len];
    let mut sorted = codes;
    let distribute = |place: u16, by: u8, shares: &mut [u16; MOST_SYMBOLS], to: &mut [u16]| {
        let next = &mut shares[usize::from(by) % MOST_SYMBOLS];
        to[usize::from(*next)] = place;
        *next += 1;
    };
    let mut next = shares;
    for (place, &third) in (0..).zip(&ring[2..]) {
        distribute(place, third, &mut next, &mut places);
    }
    let mut next = shares;
    for &place in &places {
        distribute(place, ring[usize::from(place) + 1], &mut next, &mut sorted);
    }
    let mut next = shares;
    for &place in &sorted {
        distribute(place, ring[usize::from(place)], &mut next, &mut places);
    }

    let mut out = Counted::with_capacity(len - 2);
    let char_of = |symbol: u8| chars[usize::from(symbol) % MOST_SYMBOLS];
    for &place in &places {
        let place = usize::from(place);
        if place < len - 2
            && let Some(window) = ring[place..].first_chunk::<3>()
        {
            out.push(pack(window.map(char_of)));
        }
    }
    Some(out.grams)
}

/// Code points that have a ring code: the first of Unicode, then the Arabic block.
pub(super) const RING_CODES: usize = 0x200;

/// The number of an everyday character, in the order of the code points.
#[inline]
pub(super) fn ring_code(code: u32) -> Option<u16> {
    match code {
        code @ 0..0x100 => Some(code as u16),
        code @ 0x600..0x700 => Some((code - 0x600 + 0x100) as u16),
        _ => None,
    }
}

fn ring_char(code: usize) -> u32 {
    let code = code as u32;
    if code < 0x100 {
        code
    } else {
        code - 0x100 + 0x600
    }
}

/// Features, from first occurrences in ascending order with their repeats.
struct Counted {
    grams: Vec<Gram>,
    last: Gram,
    /// How often `last` has come.
    times: u64,
}

impl Counted {
    fn with_capacity(capacity: usize) -> Self {
        Self {
            grams: Vec::with_capacity(capacity),
            last: Gram::MAX,
            times: 0,
        }
    }

    fn push(&mut self, gram: Gram) {
        self.times = if gram == self.last { self.times + 1 } else { 0 };
        self.last = gram;
        if self.times < DISTINCT_OCCURRENCES {
            self.grams.push(gram + self.times);
        }
    }
}

/// Features that every segment has in whose joined form `folded` stands: first occurrences of the windows inside it.
pub fn inner_grams(folded: &str) -> Vec<Gram> {
    let mut out = windows(folded.chars());
    out.dedup();
    out
}

/// The windows of three characters, sorted, repeats kept.
fn windows(chars: impl Iterator<Item = char>) -> Vec<Gram> {
    let mut window = [0; 3];
    let mut out = Vec::with_capacity(chars.size_hint().0);
    for (i, c) in chars.enumerate() {
        window = [window[1], window[2], u64::from(u32::from(c))];
        if i >= 2 {
            out.push(pack(window));
        }
    }
    out.sort_unstable();
    out
}

/// How many members two ascending lists share.
pub fn shared(a: &[Gram], b: &[Gram]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        // Without branches on the comparison: its outcome is as good as random.
        let (x, y) = (a[i], b[j]);
        count += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The features as `abc` with the occurrence behind it, in code point order.
    fn shown(text: &str) -> Vec<String> {
        let one = |gram: Gram| {
            let (code, occurrence) = (gram / DISTINCT_OCCURRENCES, gram % DISTINCT_OCCURRENCES);
            let chars = [
                code / CODE_POINTS / CODE_POINTS,
                code / CODE_POINTS % CODE_POINTS,
                code % CODE_POINTS,
            ];
            let chars: String = chars
                .iter()
                .map(|&c| char::from_u32(c as u32).unwrap())
                .collect();
            format!("{chars}{}", occurrence + 1)
        };
        grams(&Analyzed::new(text)).into_iter().map(one).collect()
    }

    #[test]
    fn the_worked_example() {
        let expected = [" , 1", " لا1", " لا2", ", ل1", "ا ,1", "لا 1", "لا 2"];
        assert_eq!(shown("لا، لا"), expected);
    }

    #[test]
    fn a_fourth_occurrence_is_no_feature() {
        assert_eq!(
            shown("aaaaaaaa")
                .iter()
                .filter(|g| g.starts_with("aaa"))
                .count(),
            3
        );
    }

    #[test]
    fn every_segment_with_a_token_has_a_gram() {
        assert_eq!(shown("A"), [" a 1"]);
        assert_eq!(shown("؟"), [" ? 1"]);
        assert!(shown(" ").is_empty());
    }

    #[test]
    fn the_largest_gram_is_a_positive_database_number() {
        assert!(pack([CODE_POINTS - 1; 3]) + DISTINCT_OCCURRENCES <= i64::MAX as u64 / 2);
    }

    #[test]
    fn shared_counts_the_intersection() {
        let (a, b) = (
            grams(&Analyzed::new("المدرسة")),
            grams(&Analyzed::new("والمدرسة")),
        );
        assert_eq!((a.len(), b.len(), shared(&a, &b)), (7, 8, 6));
    }

    #[test]
    fn a_phrase_has_no_gram_that_its_text_lacks() {
        let text = grams(&Analyzed::new("في المدرسة الجديدة، المدرسة"));
        let inner = inner_grams("مدرسه الجد");
        assert_eq!(shared(&inner, &text), inner.len());
    }
    /// The features of a joined text as the head of this module has them.
    fn counted(joined: &str) -> Vec<Gram> {
        let chars: Vec<u64> = format!(" {joined} ").chars().map(u64::from).collect();
        let mut times = std::collections::BTreeMap::new();
        for window in chars.windows(3) {
            *times
                .entry(pack([window[0], window[1], window[2]]))
                .or_default() += 1;
        }
        let features = |(gram, times): (Gram, u64)| {
            (0..times.min(DISTINCT_OCCURRENCES)).map(move |occurrence| gram + occurrence)
        };
        times.into_iter().flat_map(features).collect()
    }

    #[test]
    fn long_texts_have_the_features_that_they_are_said_to_have() {
        for text in ["نعم، لا. ".repeat(9_000), "\u{1}ab".repeat(30_000)] {
            assert_eq!(by_comparison(&text), counted(&text));
            assert!(by_distribution(&text).is_none_or(|grams| grams == counted(&text)));
        }
        let many: String = ('!'..='~').collect();
        assert!(by_distribution(&many).is_none());
    }

    proptest! {
        #[test]
        fn features_are_the_counted_windows(
            joined in "[ab ]{1,60}|[ا-يa-f ,.0-9éÿ\u{FF}\u{600}\u{6FF}]{1,200}|\\PC{1,60}",
        ) {
            let expected = counted(&joined);
            prop_assert_eq!(&by_comparison(&joined), &expected);
            if let Some(grams) = by_distribution(&joined) {
                prop_assert_eq!(grams, expected);
            }
        }

        #[test]
        fn everyday_texts_are_put_in_order_without_comparing(joined in "[ا-ي ]{1,60}|[a-z ]{1,60}") {
            prop_assert_eq!(by_distribution(&joined), Some(counted(&joined)));
        }
    }
}
