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
fn pack(chars: [char; 3]) -> Gram {
    let code = chars
        .iter()
        .fold(0, |code, &c| code * CODE_POINTS + u64::from(u32::from(c)));
    code * DISTINCT_OCCURRENCES
}

/// The features of a segment in ascending order, none twice; empty only for a segment without tokens.
pub fn grams(segment: &Analyzed<'_>) -> Vec<Gram> {
    let joined = segment.joined();
    if joined.is_empty() {
        return Vec::new();
    }
    let mut out = windows(
        std::iter::once(' ')
            .chain(joined.chars())
            .chain(std::iter::once(' ')),
    );
    let mut kept = 0;
    for i in 0..out.len() {
        let gram = out[i];
        // The list is sorted: how often a gram came before is seen from the features kept last.
        let occurrence = (1..=DISTINCT_OCCURRENCES.min(kept as u64))
            .take_while(|&back| {
                out[kept - back as usize] / DISTINCT_OCCURRENCES * DISTINCT_OCCURRENCES == gram
            })
            .count() as u64;
        if occurrence < DISTINCT_OCCURRENCES {
            out[kept] = gram + occurrence;
            kept += 1;
        }
    }
    out.truncate(kept);
    out
}

/// Features that every segment has in whose joined form `folded` stands: first occurrences of the windows inside it.
pub fn inner_grams(folded: &str) -> Vec<Gram> {
    let mut out = windows(folded.chars());
    out.dedup();
    out
}

/// The windows of three characters, sorted, repeats kept.
fn windows(chars: impl Iterator<Item = char>) -> Vec<Gram> {
    let mut window = ['\0'; 3];
    let mut out = Vec::with_capacity(chars.size_hint().0);
    for (i, c) in chars.enumerate() {
        window = [window[1], window[2], c];
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
        assert!(pack([char::MAX; 3]) + DISTINCT_OCCURRENCES <= i64::MAX as u64 / 2);
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
}
