//! Changes of an input that keep much of its structure, so that they come past the first line of a reader.

use super::Random;

/// What means something to one reader or another.
const TOKENS: &[&str] = &[
    "<",
    ">",
    "/>",
    "</",
    "&",
    "&amp;",
    "&#0;",
    "&#x41;",
    "&#xD800;",
    "&lol;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?x ?>",
    "<!DOCTYPE x [<!ENTITY lol \"lol\">]>",
    "<g id='1'>",
    "</g>",
    "<x id='1'/>",
    "<ph/>",
    "<pc id='1'>",
    "</pc>",
    "<mrk mtype='seg' mid='1'>",
    "</mrk>",
    "<sub>",
    "</sub>",
    "<bpt i='1'>",
    "</bpt>",
    "<seg>",
    "</seg>",
    "<tu>",
    "</tu>",
    "<tuv xml:lang='ar'>",
    "</tuv>",
    "<termEntry id='c'>",
    "</termEntry>",
    "<langSet xml:lang='ar'>",
    "</langSet>",
    "<tig>",
    "<term>",
    "<descripGrp>",
    "<source>",
    "</source>",
    "<target>",
    "</target>",
    "<target/>",
    "<segment>",
    "</segment>",
    "<unit id='u'>",
    "</unit>",
    "<trans-unit id='t'>",
    "</trans-unit>",
    "<alt-trans>",
    "<w:p>",
    "</w:p>",
    "<w:r>",
    "</w:r>",
    "<w:t>",
    "</w:t>",
    "<w:br/>",
    "<si>",
    "</si>",
    "<t>",
    "</t>",
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<br>",
    "<script>",
    "</script>",
    "<td>",
    "translate=\"no\"",
    "xml:lang=\"ar\"",
    "msgid \"\"\n",
    "msgstr \"\"\n",
    "msgid_plural \"%d\"\n",
    "msgstr[0] \"\"\n",
    "msgstr[99999999999] \"\"\n",
    "msgctxt \"c\"\n",
    "#~ ",
    "#| ",
    "#, fuzzy\n",
    "#: a:1\n",
    "\"charset=windows-1256\\n\"\n",
    "\"",
    "\\",
    "\\n",
    "\\u0643",
    "\\uD83D",
    "\\ud83d\\ude42",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\0",
    "\u{1B}",
    "\u{FEFF}",
    "\u{2028}",
    "\u{200F}",
    "\u{85}",
    "\u{B}",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "null",
    "true",
    "1e999",
    "=",
    "!",
    "#",
    "| a | b |\n|---|---|\n",
    "```\n",
    "- ",
    "> ",
    "1. ",
    "**",
    "`",
    "[x](y)",
    "---\n",
    "    ",
    "00:00:01,000 --> 00:00:02,000\n",
    "WEBVTT\n\n",
    "NOTE x\n",
    "{1}",
    "نعم",
    "كِتَابٌ",
    "ar",
    "en",
    "%s",
    "18446744073709551616",
    "-1",
    "🙂",
];

/// Bytes that are no text, or mean something in another encoding.
const BYTES: &[&[u8]] = &[
    &[0xFF],
    &[0xC0, 0x80],
    &[0xED, 0xA0, 0x80],
    &[0xFF, 0xFE],
    &[0xFE, 0xFF],
    &[0xDF],
    &[0x80],
    &[0xF4, 0x90, 0x80, 0x80],
];

/// The most bytes of an input that is made.
const LONGEST: usize = 64 * 1024;

/// An input made of `seed` by one change to six; `other` is another seed, to take pieces from.
pub(crate) fn mutated(seed: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    // Most of a long file is more of the same: a window of it is tried more often.
    if bytes.len() > LONGEST {
        let from = random.below(bytes.len() - LONGEST / 2);
        bytes.drain(..from);
        bytes.truncate(LONGEST);
    }
    for _ in 0..=random.below(6) {
        change(&mut bytes, other, random);
    }
    bytes.truncate(LONGEST);
    bytes
}

fn change(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    let some = |random: &mut Random, n: usize| random.below(n.min(400) + 1);
    match random.below(10) {
        0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
        1 => {
            let end = at + some(random, bytes.len() - at);
            bytes.drain(at..end);
        }
        2 => {
            let end = at + some(random, bytes.len() - at);
            let piece = bytes[at..end].to_vec();
            let to = random.below(bytes.len() + 1);
            bytes.splice(to..to, piece);
        }
        3 if !other.is_empty() => {
            let from = random.below(other.len());
            let end = from + some(random, other.len() - from);
            bytes.splice(at..at, other[from..end].iter().copied());
        }
        4 => bytes.truncate(at),
        5 => {
            let (start, end) = line_at(bytes, at);
            let line = bytes[start..end].to_vec();
            if random.below(2) == 0 {
                bytes.splice(end..end, line);
            } else {
                bytes.drain(start..end);
            }
        }
        6 => {
            let (start, end) = tag_at(bytes, at);
            if random.below(2) == 0 {
                bytes.drain(start..end);
            } else {
                let tag = bytes[start..end].to_vec();
                bytes.splice(end..end, tag);
            }
        }
        7 => {
            let piece = BYTES[random.below(BYTES.len())];
            bytes.splice(at..at, piece.iter().copied());
        }
        _ => {
            let token = TOKENS[random.below(TOKENS.len())].as_bytes();
            let end = at + random.below(4).min(bytes.len() - at);
            bytes.splice(at..end, token.iter().copied());
        }
    }
}

/// The line around a byte.
fn line_at(bytes: &[u8], at: usize) -> (usize, usize) {
    let start = bytes[..at].iter().rposition(|b| *b == b'\n');
    let end = bytes[at..].iter().position(|b| *b == b'\n');
    (
        start.map_or(0, |i| i + 1),
        end.map_or(bytes.len(), |i| at + i + 1),
    )
}

/// The tag behind a byte, or nothing.
fn tag_at(bytes: &[u8], at: usize) -> (usize, usize) {
    let Some(start) = bytes[at..].iter().position(|b| *b == b'<') else {
        return (at, at);
    };
    let start = at + start;
    let end = bytes[start..].iter().position(|b| *b == b'>');
    (start, end.map_or(bytes.len(), |i| start + i + 1))
}
