//! Arabic words that were written without the spaces between them, as extraction from a page often leaves them.
//!
//! A long word is cut into words that are known and stretches that are not, by dynamic programming: a known word costs
//! less the longer it is, a letter that nothing explains costs one. «وقوعكافةالتحديات» is «وقوع», «كافة» and «التحديات». A word
//! that is not nearly all known, which is what a rare name or an inflected form is, stays whole.
//!
//! Cost: for each letter ten look-ups.

/// Shorter words are taken as they are.
const LEAST_LETTERS: usize = 9;

/// The most letters of a known word.
const WIDEST: usize = 10;

/// The most letters that are looked at; what is longer is no text.
const MOST_LETTERS: usize = 2000;

/// Words of two letters that may stand between others; any pair of letters is some word.
const SHORT: [&str; 12] = [
    "من", "في", "عن", "لم", "لن", "ما", "لا", "هو", "هي", "ان", "قد", "او",
];

/// The pieces of a folded word in order; `None` where it is one word.
pub(super) fn pieces(word: &str, is_known: impl Fn(&str) -> bool) -> Option<Vec<&str>> {
    // A letter has two bytes.
    if word.len() < LEAST_LETTERS * 2 {
        return None;
    }
    let mut ends: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
    ends.push(word.len());
    let letters = ends.len() - 1;
    if !(LEAST_LETTERS..=MOST_LETTERS).contains(&letters) {
        return None;
    }
    // For each letter the least cost up to it, and where the last piece begins if it is a known word.
    let mut best: Vec<(f32, Option<usize>)> = vec![(0.0, None)];
    for to in 1..=letters {
        let mut here = (best[to - 1].0 + 1.0, None);
        for from in to.saturating_sub(WIDEST)..to.saturating_sub(1) {
            let piece = &word[ends[from]..ends[to]];
            let cost = match to - from {
                2 if SHORT.contains(&piece) => 1.6,
                2 => continue,
                3 => 1.4,
                _ => 1.0,
            };
            let cost = best[from].0 + cost;
            if cost < here.0 && (to - from == 2 || is_known(piece)) {
                here = (cost, Some(from));
            }
        }
        best.push(here);
    }
    let mut out = Vec::new();
    let (mut known, mut words) = (0, 0);
    let mut to = letters;
    while to > 0 {
        let from = match best[to].1 {
            Some(from) => {
                known += to - from;
                words += usize::from(to - from > 3);
                from
            }
            None => {
                let unknown = (0..to).rev().take_while(|&at| best[at + 1].1.is_none());
                unknown.last().unwrap_or(to - 1)
            }
        };
        out.push(&word[ends[from]..ends[to]]);
        to = from;
    }
    out.reverse();
    (words >= 2 && known * 4 >= letters * 3).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(word: &str) -> Option<Vec<&str>> {
        const KNOWN: &str = "وقوع كافة التحديات التي تواجه رئيسة الوزراء مدينة";
        pieces(word, |piece| KNOWN.split(' ').any(|known| known == piece))
    }

    #[test]
    fn words_without_spaces_are_cut() {
        assert_eq!(
            cut("وقوعكافةالتحديات"),
            Some(vec!["وقوع", "كافة", "التحديات"])
        );
        assert_eq!(
            cut("رئيسةالوزراءتيريزافيمدينة"),
            Some(vec!["رئيسة", "الوزراء", "تيريزا", "في", "مدينة"])
        );
    }

    #[test]
    fn long_words_that_are_one_stay_whole() {
        assert_eq!(cut("ماساتشوستس"), None);
        assert_eq!(cut("والمدينةالفلانية"), None);
        assert_eq!(cut("التحديات"), None);
        assert_eq!(cut(""), None);
        assert_eq!(cut(&"ب".repeat(20_000)), None);
    }
}
