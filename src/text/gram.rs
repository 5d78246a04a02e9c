//! The features of a segment: its set of character trigrams.
//!
//! The folded content tokens are joined by single spaces, with a space at both ends, and every window of three
//! characters is a [`Gram`]. Grams that cross a space hold a little of the word order; grams inside a word are shared
//! by its other forms, so that `والمدرسة` and `المدارس` have much in common. Punctuation has no grams, except in a
//! segment of nothing else, so that every segment that is not empty has a gram.
//!
//! Worked example: `لا، نعم` → ` لا نعم ` → `␣لا` `لا␣` `ا␣ن` `␣نع` `نعم` `عم␣`.

use super::token::Analyzed;

/// Three characters, exactly: 21 bits for each, the first one highest. No two trigrams share a number.
pub type Gram = u64;

/// Packs three characters into their [`Gram`].
pub fn pack(chars: [char; 3]) -> Gram {
    chars
        .iter()
        .fold(0, |gram, &c| gram << 21 | Gram::from(u32::from(c)))
}

/// The distinct grams of a segment in ascending order; empty only for a segment without tokens.
pub fn grams(segment: &Analyzed<'_>) -> Vec<Gram> {
    let mut out = Vec::with_capacity(segment.surface().len() / 2 + 2);
    let mut window = ['\0', '\0', ' '];
    let mut seen = 1_usize;
    let mut push = |c: char| {
        window = [window[1], window[2], c];
        seen += 1;
        if seen >= 3 {
            out.push(pack(window));
        }
    };
    for token in segment.content() {
        segment.folded(token).chars().for_each(&mut push);
        push(' ');
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// The grams that every text holds which has `folded` in it: windows inside `folded`, without the outer spaces.
pub fn inner_grams(folded: &str) -> Vec<Gram> {
    let chars: Vec<char> = folded.chars().collect();
    let mut out: Vec<Gram> = chars.windows(3).map(|w| pack([w[0], w[1], w[2]])).collect();
    out.sort_unstable();
    out.dedup();
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

    fn shown(text: &str) -> Vec<String> {
        let unpack = |g: Gram| {
            [42, 21, 0].map(|shift| char::from_u32((g >> shift & 0x1F_FFFF) as u32).unwrap())
        };
        let mut all: Vec<String> = grams(&Analyzed::new(text))
            .into_iter()
            .map(|g| unpack(g).iter().collect())
            .collect();
        all.sort();
        all
    }

    #[test]
    fn the_worked_example() {
        assert_eq!(shown("لا، نعم"), [" لا", " نع", "ا ن", "عم ", "لا ", "نعم"]);
    }

    #[test]
    fn every_segment_with_a_token_has_a_gram() {
        assert_eq!(shown("A"), [" a "]);
        assert_eq!(shown("؟"), [" ? "]);
        assert!(shown(" ").is_empty());
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
        let text = grams(&Analyzed::new("في المدرسة الجديدة"));
        let inner = inner_grams("مدرسه الجد");
        assert_eq!(shared(&inner, &text), inner.len());
    }
}
