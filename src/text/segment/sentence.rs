//! Cuts a paragraph into sentences.
//!
//! **Idea.** Every run of stops (`.` `!` `?` `؟` `…` `۔`, and `؛` `;` where wanted) with the quotes, brackets and
//! footnote marks that close behind it is a *stop cluster*. What stands before it and the word that follows decide
//! whether it ends the sentence; a paragraph's end always does.
//!
//! 1. Nothing but white space between the cluster and the next word is needed, else the stop is inside a number, an
//!    address, a file name or an abbreviation. Exceptions, where a space was forgotten: `نعم.ثم` (a word of three or more
//!    Arabic letters, one stop, a word of two or more, no further stop and no `كوم`), `؟` or `!` between Arabic letters,
//!    a closing quote directly before a capital or an Arabic letter, and `came.He left` (a word in small letters, a
//!    capitalised function word, a space).
//! 2. In Latin script a lower-case word goes on with the sentence (`"Really?" he asked.`, `Well... maybe`), unless it is
//!    like `iPhone`, is the label of the next list item (`b.`), comes behind a full stop in an Arabic sentence, or the
//!    segment itself began with a small letter, as where nobody writes capitals.
//! 3. A full stop behind a list number at the head of a segment (`1.`, `ب.`) or behind an abbreviation
//!    ([`Abbreviation`]) ends nothing, unless the abbreviation may close a sentence and the next word begins one. A
//!    letter that labels something (`vitamin C.`, «فيتامين د.») abbreviates nothing.
//! 4. Arabic has no case. A stop ends the sentence, but for: an ellipsis that closes no quotation («انتظر… ثم»), which
//!    in Arabic prose is a pause far more often than an end; and a question, exclamation or ellipsis in quotes before a
//!    bare verb of saying or a relative pronoun («حقا؟» سأل). The verb with «و» («وقال») begins a sentence. In English
//!    a name before the verb of saying counts too (`"Why?" Smith asked.`). With a colon behind it the verb announces the
//!    next quotation and begins a sentence (`«حقا؟» قال سامي: «نعم.»`).
//! 5. `?` and `!` in brackets that opened inside the sentence end nothing: `He left (or did he?) Paris`.
//!
//! Worked example: `"Is he in?" asked Dr. Hill. ` → at `?"` the next word is lower case: goes on; at `Dr.` a title: goes
//! on; at `Hill.` nothing follows: one sentence.

use std::ops::Range;

use super::abbreviation::{Abbreviation, begins_sentence};
use super::cluster::{Cluster, Stop, is_quote, is_stop};
use super::neighbour::{Next, is_word_char, last_word};
use super::{SegmentOptions, label, quotation, visible};
use crate::text::arabic::is_arabic_letter;

/// The sentences of one paragraph as byte ranges; line breaks in it are white space.
pub fn sentences(paragraph: &str, options: &SegmentOptions) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut walk = Walk::default();
    let mut at = 0;
    while let Some(c) = paragraph[at..].chars().next() {
        if !is_stop(c, options) {
            walk.pass(c);
            at += c.len_utf8();
            continue;
        }
        let cluster = Cluster::read(paragraph, at, walk.in_quotes, options);
        let ends = ends_sentence(paragraph, &cluster, &walk);
        for c in paragraph[cluster.range.clone()].chars() {
            walk.pass(c);
        }
        at = cluster.range.end;
        if ends {
            out.extend(visible(paragraph, walk.start..at));
            walk.begin(at);
        }
    }
    out.extend(visible(paragraph, walk.start..paragraph.len()));
    out
}

/// What has been read of the paragraph.
#[derive(Default)]
struct Walk {
    /// Where the current segment starts.
    start: usize,
    /// Whether a letter or digit came since then.
    is_inside: bool,
    /// Whether an Arabic letter came since then.
    has_arabic: bool,
    /// Whether its first letter is a small one; `None` before the first letter.
    begins_lower_case: Option<bool>,
    /// Whether an odd number of `"` came since the paragraph began.
    in_quotes: bool,
    /// Whether the last bracket opened behind the segment's first word and is open.
    in_inner_bracket: bool,
}

impl Walk {
    fn begin(&mut self, at: usize) {
        self.start = at;
        self.is_inside = false;
        self.has_arabic = false;
        self.begins_lower_case = None;
        self.in_inner_bracket = false;
    }

    /// The segment began with a small letter, as where nobody writes capitals.
    fn lacks_capitals(&self) -> bool {
        self.begins_lower_case == Some(true)
    }

    fn pass(&mut self, c: char) {
        match c {
            '"' => self.in_quotes = !self.in_quotes,
            '(' | '[' | '{' => self.in_inner_bracket = self.is_inside,
            ')' | ']' | '}' => self.in_inner_bracket = false,
            _ => {}
        }
        self.is_inside |= c.is_alphanumeric();
        self.has_arabic |= is_arabic_letter(c);
        if self.begins_lower_case.is_none() && c.is_alphabetic() {
            self.begins_lower_case = Some(c.is_lowercase());
        }
    }
}

/// Whether the cluster ends the sentence that `walk` is in.
fn ends_sentence(text: &str, cluster: &Cluster, walk: &Walk) -> bool {
    let Some(next) = Next::read(text, cluster.range.end) else {
        return true;
    };
    if next.is_continuing_mark() {
        return false;
    }
    let said = &text[walk.start..cluster.range.start];
    if !next.is_apart {
        return is_space_forgotten(said, cluster, &next);
    }
    match cluster.stop {
        Stop::Semicolon => !is_entity(said),
        Stop::Full => ends_at_full_stop(said, cluster, walk, &next),
        _ if next.is_lower_case() => {
            cluster.stop == Stop::Strong && walk.lacks_capitals() && !cluster.closes_quote
        }
        _ if cluster.closes_quote && quotation::goes_on(&next) => false,
        Stop::Ellipsis => cluster.closes_quote || !next.is_arabic(),
        Stop::Strong => !(cluster.closes_bracket && walk.in_inner_bracket),
    }
}

/// Whether a full stop behind `said`, the segment so far, ends it: rules 2 and 3.
fn ends_at_full_stop(said: &str, cluster: &Cluster, walk: &Walk, next: &Next<'_>) -> bool {
    let word = last_word(said);
    let head = &said[..said.len() - word.len()];
    if cluster.is_single && label::is_list_label(word) && label::is_head(head) {
        return false;
    }
    if next.is_lower_case() {
        return label::is_next_item(said, next)
            || ((walk.has_arabic || walk.lacks_capitals())
                && !word.contains('.')
                && Abbreviation::of(word).is_none());
    }
    if !cluster.is_single
        || word.is_empty()
        || label::is_era(head, word)
        || label::is_lone_letter(head, word, next)
    {
        return true;
    }
    if cluster.closes_quote && next.is_arabic() && quotation::is_relative(next.word) {
        return false;
    }
    Abbreviation::of(word).is_none_or(|abbreviation| abbreviation.ends_before(next))
}

/// Whether a stop behind `said`, with no white space behind it, ends a sentence all the same: rule 1.
fn is_space_forgotten(said: &str, cluster: &Cluster, next: &Next<'_>) -> bool {
    if cluster.closes_quote {
        let is_title_case = next.word.chars().nth(1).is_none_or(char::is_lowercase);
        return next.is_arabic() || (next.is_capitalised() && is_title_case);
    }
    let word = last_word(said);
    let is_alone = said[..said.len() - word.len()]
        .chars()
        .next_back()
        .is_none_or(|c| c.is_whitespace() || is_quote(c) || matches!(c, '(' | '['));
    if !is_alone {
        return false;
    }
    let is_latin = word.len() > 1 && word.bytes().all(|b| b.is_ascii_lowercase());
    let behind = &next.rest[next.word.len()..];
    if is_latin && next.is_capitalised() {
        return begins_sentence(next.word) && behind.starts_with(char::is_whitespace);
    }
    match cluster.stop {
        Stop::Strong => is_arabic_word(word, 2) && is_arabic_word(next.word, 2),
        Stop::Full => {
            is_arabic_word(word, 3)
                && is_arabic_word(next.word, 2)
                && !behind.starts_with('.')
                && !["كوم", "نت", "أورغ", "أورج"].contains(&next.word)
        }
        Stop::Ellipsis | Stop::Semicolon => false,
    }
}

/// Whether `word` has nothing but Arabic letters and marks, and at least so many letters.
fn is_arabic_word(word: &str, least: usize) -> bool {
    word.chars().filter(|&c| is_arabic_letter(c)).count() >= least
        && word
            .chars()
            .all(|c| is_word_char(c) && (is_arabic_letter(c) || !c.is_alphanumeric()))
}

/// Whether the `;` behind `said` closes a character reference such as `&amp;`.
fn is_entity(said: &str) -> bool {
    let word = last_word(said);
    !word.is_empty() && said[..said.len() - word.len()].ends_with(['&', '#'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semicolons_end_where_wanted() {
        let text = "أولا؛ ثانيا؛ ثالثا & AT&amp; T";
        let wanted = SegmentOptions {
            semicolon_ends: true,
            ..SegmentOptions::default()
        };
        assert_eq!(sentences(text, &wanted).len(), 3);
        assert_eq!(sentences(text, &SegmentOptions::default()).len(), 1);
    }
}
