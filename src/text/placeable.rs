//! Placeables: pieces that a translator carries over rather than translates.
//!
//! URLs and e-mail addresses, tags (`<b>`, `</g>`), entities (`&amp;`, `&#1569;`), format arguments of printf
//! (`%s`, `%1$d`, `%(name)s`), Python and ICU (`{0}`, `{name}`), shell and template variables (`$HOME`, `${x}`,
//! `$(x)`). Recognised by shape alone; the longest piece that is looked at is [`LONGEST`] bytes.

/// The most bytes that a placeable may have; a longer one is read as ordinary tokens.
pub const LONGEST: usize = 2048;

/// The length in bytes of the placeable that starts at byte `at` of `text`; `None` where none starts.
pub fn at(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let previous = text[..at].chars().next_back();
    let len = match rest.as_bytes()[0] {
        b'<' => tag(rest),
        b'{' => braced(rest, 0),
        b'%' => printf(rest),
        b'$' => variable(rest),
        b'&' => entity(rest),
        b if b.is_ascii_alphanumeric() && !previous.is_some_and(char::is_alphanumeric) => {
            url(rest).or_else(|| email(rest))
        }
        _ => None,
    }?;
    (len <= LONGEST).then_some(len)
}

/// Whether a URL or an e-mail address can begin anywhere in `text`; quick, and `true` for a little more than these.
pub(super) fn may_hold_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_scheme = |colon: usize| bytes[colon..].starts_with(b"://");
    memchr::memchr(b'@', bytes).is_some()
        || memchr::memchr_iter(b':', bytes).any(is_scheme)
        || memchr::memchr_iter(b'.', bytes)
            .any(|dot| dot >= 3 && bytes[dot - 3..dot].eq_ignore_ascii_case(b"www"))
}

/// `<name …>`, `</name>`, `<name/>`; no `<` inside.
fn tag(text: &str) -> Option<usize> {
    let name = text[1..].strip_prefix('/').unwrap_or(&text[1..]);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = text[1..].find(['<', '>'])? + 1;
    text[end..].starts_with('>').then_some(end + 1)
}

/// `{…}` behind `skip` bytes: an identifier or number inside, with `,` `:` `.` and spaces for ICU's formats.
fn braced(text: &str, skip: usize) -> Option<usize> {
    let inner = text[skip..].strip_prefix('{')?;
    let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || "_.,:!#- ".contains(c)))?;
    inner[end..].starts_with('}').then_some(skip + end + 2)
}

/// `%s`, `%-5.2f`, `%1$s`, `%lu`, `%(name)s`, `%{name}`, `%1`, `%%`.
fn printf(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let after = |from: usize, accept: &dyn Fn(u8) -> bool| {
        from + bytes[from..].iter().take_while(|&&b| accept(b)).count()
    };
    match bytes.get(1)? {
        b'%' => return Some(2),
        b'{' => return braced(text, 1),
        b'(' => {
            let close = text.find(')')?;
            return bytes
                .get(close + 1)
                .filter(|b| b.is_ascii_alphabetic())
                .map(|_| close + 2);
        }
        _ => {}
    }
    let digits = after(1, &|b| b.is_ascii_digit());
    let mut at = if bytes.get(digits) == Some(&b'$') {
        digits + 1
    } else {
        1
    };
    at = after(at, &|b| b"-+#'0123456789.*".contains(&b));
    at = after(at, &|b| b"hlqjztL".contains(&b));
    let ends = bytes
        .get(at)
        .is_some_and(|b| b"diouxXeEfFgGaAcspnm@".contains(b));
    // «50 %d'eau» aside, a conversion is not the head of a longer word.
    let longer = bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic);
    if ends && !longer {
        Some(at + 1)
    } else {
        (digits > 1).then_some(digits)
    }
}

/// `$NAME`, `${name}`, `$(name)`, `$1`.
fn variable(text: &str) -> Option<usize> {
    let inner = &text[1..];
    if let Some(len) = braced(text, 1) {
        return Some(len);
    }
    let name = |s: &str| {
        s.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(s.len())
    };
    if let Some(parenthesised) = inner.strip_prefix('(') {
        let len = name(parenthesised);
        return (len > 0 && parenthesised[len..].starts_with(')')).then_some(len + 3);
    }
    // An amount of money is no variable.
    inner
        .starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        .then(|| name(inner) + 1)
}

/// `&amp;`, `&#1569;`, `&#x621;`.
fn entity(text: &str) -> Option<usize> {
    let end = text.find(';').filter(|&end| end <= 12)?;
    let name = text[1..end].strip_prefix('#').unwrap_or(&text[1..end]);
    (!name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(end + 1)
}

/// `scheme://…` or `www.…` up to white space, without the punctuation that ends the sentence around it.
fn url(text: &str) -> Option<usize> {
    let scheme = text
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b))
        .count();
    let head = if text[scheme..].starts_with("://") {
        scheme + 3
    } else if text.len() > 4 && text.as_bytes()[..4].eq_ignore_ascii_case(b"www.") {
        4
    } else {
        return None;
    };
    let stops = |c: char| c.is_whitespace() || "<>\"«»“”،؛؟".contains(c);
    let end = text.find(stops).unwrap_or(text.len());
    let body = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '…']);
    (body.len() > head).then_some(body.len())
}

/// `name@host.domain`.
fn email(text: &str) -> Option<usize> {
    let name = text
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || b"._+-".contains(b))
        .count();
    let host = text[name..].strip_prefix('@')?;
    let len = host
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b))
        .count();
    let host = host[..len].trim_end_matches(['.', '-']);
    host.contains('.').then_some(name + 1 + host.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeables_by_shape() {
        for (text, expected) in [
            ("<b>x", Some("<b>")),
            ("</g> x", Some("</g>")),
            ("< 5", None),
            ("<a <b>", None),
            ("{0} x", Some("{0}")),
            ("{count, number}", Some("{count, number}")),
            ("{كذا}", None),
            ("%s.", Some("%s")),
            ("%1$s", Some("%1$s")),
            ("%-5.2f", Some("%-5.2f")),
            ("%(name)s", Some("%(name)s")),
            ("%1", Some("%1")),
            ("% of", None),
            ("%dollar", None),
            ("$HOME/x", Some("$HOME")),
            ("${x}", Some("${x}")),
            ("$(BrandName) x", Some("$(BrandName)")),
            ("$5", None),
            ("&amp; x", Some("&amp;")),
            ("&File", None),
            (
                "https://example.org/a?b=1).",
                Some("https://example.org/a?b=1"),
            ),
            ("www.example.org، ثم", Some("www.example.org")),
            ("a.b@example.org.", Some("a.b@example.org")),
            ("a@b", None),
        ] {
            assert_eq!(at(text, 0).map(|len| &text[..len]), expected, "{text}");
        }
    }
}
