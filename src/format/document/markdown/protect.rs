//! Writing a line of a translation so that Markdown takes it for text.

/// Appends `line` so that it opens no block and, in a table, ends no cell.
pub(in crate::format::document) fn push_protected(out: &mut String, line: &str, in_table: bool) {
    let body = match block_mark(line) {
        Some(at) => {
            out.push_str(&line[..at]);
            out.push('\\');
            &line[at..]
        }
        None => line,
    };
    if !in_table {
        out.push_str(body);
        return;
    }
    let mut is_escaped = false;
    for c in body.chars() {
        if c == '|' && !is_escaped {
            out.push('\\');
        }
        is_escaped = c == '\\' && !is_escaped;
        out.push(c);
    }
}

/// Where the mark stands that would make `line` open a block, were it the first on its line.
fn block_mark(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    let run = line.chars().take_while(|&c| c == first).count();
    let behind = line.as_bytes().get(run * first.len_utf8());
    let is_apart = matches!(behind, None | Some(b' ' | b'\t'));
    match first {
        '>' => Some(0),
        '#' => (run <= 6 && is_apart).then_some(0),
        ':' => (run == 1 && is_apart).then_some(0),
        '=' => (run == line.len()).then_some(0),
        '-' | '+' | '*' | '_' => {
            let is_rule = line.chars().all(|c| c == first || c.is_whitespace());
            ((run == 1 && is_apart && first != '_') || is_rule).then_some(0)
        }
        '`' | '~' => (run >= 3).then_some(0),
        '0'..='9' => {
            let digits = line.bytes().take_while(u8::is_ascii_digit).count();
            let mark = line.as_bytes().get(digits)?;
            let is_apart = matches!(line.as_bytes().get(digits + 1), None | Some(b' ' | b'\t'));
            (digits <= 9 && matches!(mark, b'.' | b')') && is_apart).then_some(digits)
        }
        _ => None,
    }
}
