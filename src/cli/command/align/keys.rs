//! What a person types in a review.

use crate::align_review::{Edge, Event, Neighbour};
use crate::lang::{Lang, Sides};

/// The keys, as they are listed on the screen.
pub(super) const KEYS: &str = "\
a  accept, next          d  drop, next        u  undo       b  back
m  merge with next       p  merge with previous             n  next
s  split, s 1 2: the first part gets 1 Arabic and 2 English segments
ar+ ar- en+ en-  take a segment from the next bead, or give it one
+ar -ar +en -en  the same with the bead before
q  leave and import; go on later     Ctrl-C  leave     ?  these keys";

/// A line that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// Something to do.
    Event(Event),
    /// Show the keys.
    Help,
    /// Show the bead again.
    Show,
    /// Leave.
    Quit,
}

/// Reads a line; the error says what is wrong with it.
pub(super) fn parse(line: &str) -> Result<Input, String> {
    let lower = line.trim().to_lowercase();
    let mut words = lower.split_whitespace();
    let Some(word) = words.next() else {
        return Ok(Input::Show);
    };
    let numbers: Vec<&str> = words.collect();
    let event = match word {
        "s" | "split" => return split(&numbers).map(|first| Input::Event(Event::Split(first))),
        _ if !numbers.is_empty() => return Err(format!("`{word}` takes nothing behind it")),
        "a" | "accept" => Event::Accept,
        "d" | "drop" => Event::Drop,
        "m" | "merge" => Event::Merge(Neighbour::Next),
        "p" => Event::Merge(Neighbour::Previous),
        "n" | "next" => Event::Skip,
        "b" | "back" => Event::Back,
        "u" | "undo" => Event::Undo,
        "q" | "quit" => return Ok(Input::Quit),
        "?" | "h" | "help" => return Ok(Input::Help),
        _ => return shift(word).map(Input::Event),
    };
    Ok(Input::Event(event))
}

fn split(numbers: &[&str]) -> Result<Option<Sides<usize>>, String> {
    match numbers {
        [] => Ok(None),
        [ar, en] => match (ar.parse(), en.parse()) {
            (Ok(ar), Ok(en)) => Ok(Some(Sides { ar, en })),
            _ => Err("`s` takes two numbers, such as `s 1 2`".to_owned()),
        },
        _ => Err("`s` takes two numbers, such as `s 1 2`, or nothing".to_owned()),
    }
}

fn shift(word: &str) -> Result<Event, String> {
    let unknown = || format!("`{word}` is no key here; ? lists them");
    let (edge, sign, name) = if let Some(name) = word.strip_suffix(['+', '-']) {
        (Edge::End, &word[name.len()..], name)
    } else if let Some(name) = word.strip_prefix(['+', '-']) {
        (Edge::Start, &word[..1], name)
    } else {
        return Err(unknown());
    };
    let side = match name {
        "ar" => Lang::Arabic,
        "en" => Lang::English,
        _ => return Err(unknown()),
    };
    Ok(Event::Shift {
        edge,
        side,
        takes: sign == "+",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_words_and_signs() {
        let event = |line| match parse(line) {
            Ok(Input::Event(event)) => Some(event),
            _ => None,
        };
        assert_eq!(event(" A "), Some(Event::Accept));
        assert_eq!(event("s"), Some(Event::Split(None)));
        assert_eq!(
            event("split 1 2"),
            Some(Event::Split(Some(Sides { ar: 1, en: 2 })))
        );
        let shift = |edge, side, takes| Some(Event::Shift { edge, side, takes });
        assert_eq!(event("ar+"), shift(Edge::End, Lang::Arabic, true));
        assert_eq!(event("-en"), shift(Edge::Start, Lang::English, false));
        assert_eq!(parse(""), Ok(Input::Show));
        assert_eq!(parse("?"), Ok(Input::Help));
        for line in ["x", "a 1", "s 1", "s x y", "fr+", "+", "ar", "é+"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
