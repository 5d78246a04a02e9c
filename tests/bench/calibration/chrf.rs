//! How near a suggestion is to the reference: chrF of one segment (Popović 2015), character 1- to 6-grams, F2.

use std::collections::HashMap;

/// The longest grams that are compared, in characters.
const LONGEST: usize = 6;

/// chrF2, 0 to 100; white space does not count.
///
/// Worked example: of the 1-grams of `abc` against `abd` two of three are found, of the 2-grams one of two, of the
/// 3-grams none; precision and recall are (2/3 + 1/2 + 0) / 3 both, and so is their mean: 38.9.
pub(crate) fn chrf(hypothesis: &str, reference: &str) -> f64 {
    let chars = |text: &str| -> Vec<char> { text.chars().filter(|c| !c.is_whitespace()).collect() };
    let (hypothesis, reference) = (chars(hypothesis), chars(reference));
    let orders = hypothesis.len().min(reference.len()).min(LONGEST);
    let (mut precision, mut recall) = (0.0, 0.0);
    for n in 1..=orders {
        let found = shared(&hypothesis, &reference, n) as f64;
        precision += found / (hypothesis.len() - n + 1) as f64 / orders as f64;
        recall += found / (reference.len() - n + 1) as f64 / orders as f64;
    }
    if precision + recall == 0.0 {
        0.0
    } else {
        500.0 * precision * recall / (4.0 * precision + recall)
    }
}

/// How many grams of `n` characters the texts share, each as often as it is in both.
fn shared(hypothesis: &[char], reference: &[char], n: usize) -> usize {
    let mut left: HashMap<&[char], u32> = HashMap::new();
    for gram in reference.windows(n) {
        *left.entry(gram).or_default() += 1;
    }
    let mut found = 0;
    for gram in hypothesis.windows(n) {
        if let Some(count) = left.get_mut(gram).filter(|count| **count > 0) {
            *count -= 1;
            found += 1;
        }
    }
    found
}
