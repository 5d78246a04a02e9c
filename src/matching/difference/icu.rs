//! ICU arguments that hold messages of their own, such as `{count, plural, one {# file} other {# files}}`.
//!
//! Their braces nest, so that they are no placeables of one token ([`crate::text::placeable`]), and what stands in the
//! inner ones is text. An argument counts by its name and kind: `{count, plural,`; which forms it tells apart is the
//! language's affair.
//!
//! Worked example: `{n, select, male {his {item}} other {their list}}` is the argument `n, select` with the messages at
//! the bytes of `{his {item}}` and `{their list}`; `{item}` is an argument of its own.

/// The kinds of arguments that hold messages.
const KINDS: [&str; 3] = ["plural", "select", "selectordinal"];

/// The arguments of a segment that hold messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    /// Name and kind of each as written, without spaces: `count,plural`.
    pub(super) heads: Vec<String>,
    /// Where the braces of their messages open, in bytes, ascending.
    pub(super) messages: Vec<usize>,
}

/// What an open brace holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Messages,
    Other,
}

/// The arguments of a segment, those inside messages too, in the order in which they begin.
pub(super) fn arguments(text: &str) -> Arguments {
    let mut found = Arguments::default();
    let mut open = Vec::new();
    for (at, b) in text.bytes().enumerate() {
        match b {
            b'{' if open.last() == Some(&Open::Messages) => {
                found.messages.push(at);
                open.push(Open::Other);
            }
            b'{' => {
                let head = head(&text[at + 1..]);
                open.push(head.as_ref().map_or(Open::Other, |_| Open::Messages));
                found.heads.extend(head);
            }
            b'}' => {
                open.pop();
            }
            _ => {}
        }
    }
    found
}

/// `name, kind,` at the beginning of what is inside a brace.
fn head(inner: &str) -> Option<String> {
    let (name, rest) = field(inner)?;
    let (kind, _) = field(rest)?;
    KINDS.contains(&kind).then(|| format!("{name},{kind}"))
}

/// An identifier and what is behind the comma that follows it.
fn field(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let len = text
        .bytes()
        .take_while(|&b| b.is_ascii_alphanumeric() || b == b'_')
        .count();
    let rest = text[len..].trim_start().strip_prefix(',')?;
    (len > 0).then_some((&text[..len], rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_worked_example() {
        let text = "{n, select, male {his {item}} other {their list}}";
        let found = arguments(text);
        assert_eq!(found.heads, ["n,select"]);
        let opened: Vec<&str> = found.messages.iter().map(|&at| &text[at..at + 4]).collect();
        assert_eq!(opened, ["{his", "{the"]);
    }

    #[test]
    fn an_argument_may_stand_in_a_message() {
        let found = arguments("{a, select, x {{b, plural, one {c} other {d}}} other {}}");
        assert_eq!(found.heads, ["a,select", "b,plural"]);
        assert_eq!(found.messages.len(), 4);
    }

    #[test]
    fn plain_arguments_hold_no_messages() {
        for text in [
            "{count}",
            "{when, date, short}",
            "{a, plural",
            "{, plural, x {y}}",
            "}{",
            "",
        ] {
            assert_eq!(arguments(text), Arguments::default(), "{text}");
        }
        assert_eq!(arguments("{a, plural, one {b").messages.len(), 1);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[{},a ء]{0,20}(plural|select)?[{},a ء]{0,20}") {
            let found = arguments(&text);
            let opens = found.messages.iter().all(|&at| text.as_bytes()[at] == b'{');
            prop_assert!(opens, "{:?}", found);
        }
    }
}
