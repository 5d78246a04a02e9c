//! What programs put values in for in a message: `%d`, `%1$s`, `%(name)s`, `{0}`.

/// The placeholders of a text as far as two texts can be held against each other: those that stand for values by their
/// place in order, then those with names or numbers, sorted. `%%` is none.
pub(super) fn placeholders(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut placed, mut named) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some(at) = rest.find(['%', '{']) {
        rest = &rest[at..];
        let length = if rest.starts_with('%') {
            percent(rest)
        } else {
            rest.find('}').map_or(1, |end| end + 1)
        };
        let token = &rest[..length];
        rest = &rest[length..];
        if token == "%%" {
            continue;
        }
        let is_named = token.starts_with('{') || token.contains(['(', '$', '{']) || qt(token);
        if is_named {
            named.push(token);
        } else {
            placed.push(token);
        }
    }
    named.sort_unstable();
    (placed, named)
}

/// Qt's and KDE's `%1` are named by their number.
fn qt(token: &str) -> bool {
    let digits = token.trim_start_matches(['%', 'L']);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// The length of the placeholder that `text` begins with: `%`, perhaps a name, flags, width and precision, a conversion.
fn percent(text: &str) -> usize {
    let mut at = 1;
    for (open, close) in [('(', ')'), ('{', '}')] {
        if text[at..].starts_with(open) {
            match text.find(close) {
                Some(end) => at = end + 1,
                None => return at,
            }
        }
    }
    let count = |at: usize, is: fn(u8) -> bool| text[at..].bytes().take_while(|b| is(*b)).count();
    let number = count(at, |b| b.is_ascii_digit());
    if text[at + number..].starts_with('$') {
        at += number + 1;
    }
    let end = at
        + count(at, |b| {
            matches!(b, b'-' | b'+' | b' ' | b'#' | b'0' | b'\'' | b'I')
        });
    let end = end
        + count(end, |b| {
            b.is_ascii_digit() || matches!(b, b'.' | b'*' | b'$')
        });
    let is_length = |b| {
        matches!(
            b,
            b'h' | b'l' | b'L' | b'q' | b'j' | b'z' | b't' | b'<' | b'>'
        )
    };
    let conversion = end + count(end, is_length);
    match text[conversion..].chars().next() {
        Some('%') => conversion + 1,
        Some(c) if c.is_ascii_alphabetic() => conversion + 1,
        _ => end.max(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_counts_where_there_are_no_names() {
        assert_eq!(
            placeholders("%s of %-5.2f%%"),
            (vec!["%s", "%-5.2f"], vec![])
        );
        assert_ne!(placeholders("%s %d"), placeholders("%d %s"));
        assert_eq!(placeholders("%1$s %2$s"), placeholders("%2$s %1$s"));
        assert_eq!(placeholders("%(n)d {x}"), placeholders("{x} %(n)d"));
        assert_eq!(placeholders("%1 of %2"), placeholders("من %2 %1"));
        assert_ne!(placeholders("100 %"), placeholders("100"));
        assert_eq!(placeholders("%(open {").0, ["%"]);
        assert_eq!(placeholders("%lu"), (vec!["%lu"], vec![]));
    }
}
