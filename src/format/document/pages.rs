//! Text that was taken out of a paged document, such as by `pdftotext`: form feeds between the pages, and page numbers.

use std::borrow::Cow;

/// `text` without its form feeds and the page numbers beside them; as it is where it has no form feed.
///
/// A form feed is white space: a sentence that runs over the page goes on behind a mere line end. Where the page ends
/// with a stop, a blank line takes its place. A page number is a line of its own, the first or the last of its page.
///
/// ```
/// use dhakira::format::document::without_pages;
/// assert_eq!(without_pages("It rained\n\n- 3 -\n\u{C}all day.\n"), "It rained\nall day.\n");
/// ```
pub fn without_pages(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{C}') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for page in text.split('\u{C}') {
        let body = body_of(page);
        if body.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push_str(if ends_with_stop(&out) { "\n\n" } else { "\n" });
        }
        out.push_str(body);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    Cow::Owned(out)
}

/// A page without blank lines and page numbers at its ends.
fn body_of(page: &str) -> &str {
    // The white space before its first line is kept: an indent may tell something.
    let body = page.trim_end().trim_start_matches(['\n', '\r']);
    let body = match body.rsplit_once('\n') {
        Some((rest, last)) if is_page_number(last) => rest.trim_end(),
        None if is_page_number(body) => "",
        _ => body,
    };
    match body.split_once('\n') {
        Some((first, rest)) if is_page_number(first) => rest.trim_start_matches(['\n', '\r']),
        _ => body,
    }
}

/// The most digits of a page number.
const PAGE_DIGITS: usize = 4;

/// Whether a line is a page number: `12`, `- 12 -`, `[12]`, `Page 12`, `12 of 30`, `12/30`, `صفحة ١٢ من ٣٠`.
fn is_page_number(line: &str) -> bool {
    const ORNAMENT: &[char] = &['-', '–', '—', '|', '[', ']', '(', ')', '.', '/'];
    let words: Vec<&str> = line
        .split(|c: char| c.is_whitespace() || ORNAMENT.contains(&c))
        .filter(|word| !word.is_empty())
        .collect();
    let is_number = |word: &str| {
        word.chars().count() <= PAGE_DIGITS
            && word
                .chars()
                .all(|c| matches!(c, '0'..='9' | '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}'))
    };
    let is = |word: &str, names: &[&str]| names.iter().any(|n| word.eq_ignore_ascii_case(n));
    let words = match words.split_first() {
        Some((first, rest)) if is(first, &["page", "p", "صفحة", "الصفحة", "ص"]) => rest,
        _ => &words[..],
    };
    match words {
        [number] => is_number(number),
        [number, of, all] => is_number(number) && is(of, &["of", "من"]) && is_number(all),
        [number, all] => is_number(number) && is_number(all),
        _ => false,
    }
}

fn ends_with_stop(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']'])
        .ends_with(['.', '!', '?', '؟', '…', ':', '۔'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn page_numbers_have_many_shapes() {
        for line in [
            "12",
            " - ١٢ - ",
            "[3]",
            "Page 4",
            "page 4 of 10",
            "صفحة ٤ من ١٠",
            "4/10",
        ] {
            assert!(is_page_number(line), "{line}");
        }
        for line in [
            "",
            "In 2024",
            "12345",
            "12 apples",
            "الفصل 3",
            "of 3",
            "1 2 3 4",
        ] {
            assert!(!is_page_number(line), "{line}");
        }
    }

    #[test]
    fn sentences_run_over_the_page_and_paragraphs_do_not() {
        let text = "وصل الوزير إلى\n\n١\n\u{C}القاهرة.\n\n٢\n\u{C}\n3\nثم عاد.\n\u{C}";
        assert_eq!(without_pages(text), "وصل الوزير إلى\nالقاهرة.\n\nثم عاد.\n");
        assert_eq!(without_pages("12\nno page\n"), "12\nno page\n");
        assert_eq!(without_pages("\u{C}7\n\u{C}"), "");
    }

    proptest! {
        #[test]
        fn no_words_are_lost(text in "[a-cء\n\u{C} .]{0,40}") {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let without = without_pages(&text);
            prop_assert_eq!(without.matches('\u{C}').count(), 0);
            prop_assert_eq!(words(&without), words(&text));
        }
    }
}
