//! SubRip and WebVTT: each cue with text is a slot.
//!
//! A cue is a line with `-->` and the lines behind it up to a blank one; what stands elsewhere (numbers, names of cues, the
//! head of WebVTT, its notes, styles and regions) is left alone. The lines of a cue are one text, joined by spaces, since
//! they are broken to fit the screen and not by sense; a translation is broken again into lines of at most
//! [`LINE_WIDTH`] characters, about equally long, and where two people speak (`- Yes. - No.`) each has lines of their own.
//! Tags (`<i>`, `<c.yellow>`, `{\an8}`) are inline codes.
//!
//! UTF-8 or UTF-16, else windows-1256, in which old Arabic subtitles are.
//!
//! Cost: linear.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::{StringFile, StringFormat, StringSlot};
use crate::coded::{Code, CodeKind, Coded};
use crate::diagnostic::Diagnostic;
use crate::format::encoded::{Charset, EncodedText, LineCounter};
use crate::format::fill::{FillableFile, OpenOptions, Slot};
use crate::format::{FormatError, forbidden_message};

/// The most characters of a line of subtitles, as broadcasters have it; a longer word has a line of its own.
pub const LINE_WIDTH: usize = 42;

/// Reads a file of subtitles.
///
/// # Errors
/// [`FormatError::NotText`].
pub fn open(
    bytes: Vec<u8>,
    name: &str,
    _options: &OpenOptions,
    _report: &mut dyn FnMut(Diagnostic),
) -> Result<Box<dyn FillableFile>, FormatError> {
    let file = EncodedText::open(&bytes, name, |bytes| {
        Ok(match std::str::from_utf8(bytes) {
            Ok(_) => Charset::UTF_8,
            Err(_) => Charset::Known(encoding_rs::WINDOWS_1256),
        })
    })?;
    drop(bytes);
    let is_vtt = file.text().starts_with("WEBVTT");
    let mut lines = LineCounter::new(file.text());
    let (mut slots, mut places) = (Vec::new(), Vec::new());
    for (number, range) in cues(file.text(), is_vtt).into_iter().enumerate() {
        let source = coded(&file.text()[range.clone()], is_vtt);
        if source.text.trim().is_empty() {
            continue;
        }
        slots.push(Slot {
            source,
            paragraph: number,
            line: lines.line(range.start),
            ..Slot::default()
        });
        places.push(StringSlot {
            range,
            style: is_vtt,
        });
    }
    Ok(Box::new(StringFile::<Subtitles>::new(file, slots, places)))
}

/// Where the texts of the cues stand, without the end of their last lines.
fn cues(text: &str, is_vtt: bool) -> Vec<Range<usize>> {
    let mut cues: Vec<Range<usize>> = Vec::new();
    // Whether the last line was one of a cue, and whether of a block that is none.
    let (mut in_cue, mut in_note) = (false, false);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let (start, end) = (at, at + content.len());
        at += line.len();
        let begins = ["NOTE", "STYLE", "REGION"].iter().any(|word| {
            let rest = content.strip_prefix(word);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
        });
        if content.trim().is_empty() {
            (in_cue, in_note) = (false, false);
        } else if in_note {
        } else if is_vtt && !in_cue && begins && !content.contains("-->") {
            in_note = true;
        } else if content.contains("-->") {
            in_cue = true;
            cues.push(at..at);
        } else if in_cue && let Some(cue) = cues.last_mut() {
            if cue.start == cue.end {
                cue.start = start;
            }
            cue.end = end;
        }
    }
    cues.retain(|cue| !cue.is_empty());
    cues
}

/// The text and the codes of a cue.
fn coded(raw: &str, is_vtt: bool) -> Coded {
    let mut coded = Coded::default();
    let mut open: Vec<(&str, u32)> = Vec::new();
    let mut numbers = 0;
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        if let Some(length) = tag(rest) {
            let tag = &rest[..length];
            rest = &rest[length..];
            let name = tag.trim_matches(['<', '>', '/', '{', '}']);
            let name = name.split(['.', ' ', '\t']).next().unwrap_or_default();
            let mut number = || {
                numbers += 1;
                numbers
            };
            let (kind, number) = if tag.starts_with("</") {
                match open.pop_if(|(of, _)| *of == name) {
                    Some((_, number)) => (CodeKind::Close, number),
                    None => (CodeKind::Alone, number()),
                }
            } else if tag.starts_with('<') && closes(rest, name) {
                let number = number();
                open.push((name, number));
                (CodeKind::Open, number)
            } else {
                (CodeKind::Alone, number())
            };
            coded.codes.push(Code {
                at: coded.text.len(),
                kind,
                number,
                raw: tag.to_owned(),
            });
            continue;
        }
        if c == '\n' || c == '\r' {
            let trimmed = rest.trim_start_matches(['\n', '\r', ' ', '\t']);
            if !coded.text.ends_with([' ', '\t']) {
                coded.text.push(' ');
            }
            rest = trimmed;
            continue;
        }
        let entity = ENTITIES
            .iter()
            .find(|(name, _)| is_vtt && rest.starts_with(name));
        match entity {
            Some((name, c)) => {
                coded.text.push(*c);
                rest = &rest[name.len()..];
            }
            None => {
                coded.text.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    // What was never closed stands by itself; a pair must nest.
    for (_, number) in open {
        for code in coded.codes.iter_mut().filter(|code| code.number == number) {
            code.kind = CodeKind::Alone;
        }
    }
    coded
}

/// The references of WebVTT that stand for characters.
const ENTITIES: [(&str, char); 6] = [
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&nbsp;", '\u{A0}'),
    ("&lrm;", '\u{200E}'),
    ("&rlm;", '\u{200F}'),
];

/// The length of the tag that `text` begins with.
fn tag(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let end = match bytes {
        [b'{', b'\\', ..] => b'}',
        [b'<', b'/' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9', ..] => b'>',
        _ => return None,
    };
    let length = bytes.iter().take(TAG_LIMIT).position(|b| *b == end)? + 1;
    (!text[..length].contains('\n')).then_some(length)
}

/// The longest tag in bytes.
const TAG_LIMIT: usize = 256;

/// Whether a tag of that name is closed somewhere behind; only within reach, so that the cost stays linear.
fn closes(rest: &str, name: &str) -> bool {
    let end = rest.floor_char_boundary(4096);
    rest[..end].contains(&format!("</{name}"))
}

struct Subtitles;

impl StringFormat for Subtitles {
    /// Whether it is WebVTT.
    type Style = bool;

    fn written(
        file: &EncodedText,
        source: &Coded,
        target: &Coded,
        is_vtt: &bool,
    ) -> Result<String, String> {
        if target.text.trim().is_empty() {
            return Err("a cue without text".to_owned());
        }
        let mut codes = target.codes.iter().peekable();
        let mut word = Word::default();
        let mut words = Vec::new();
        let raw = |code: &Code| {
            let same = |own: &&Code| own.number == code.number && own.kind == code.kind;
            source
                .codes
                .iter()
                .find(same)
                .map_or("", |own| &own.raw)
                .to_owned()
        };
        for (at, c) in target.text.char_indices() {
            while let Some(code) = codes.next_if(|code| code.at <= at) {
                word.marked.push_str(&raw(code));
            }
            if matches!(c, ' ' | '\n' | '\r' | '\t') {
                if !word.marked.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                continue;
            }
            if c.is_control() {
                return Err(forbidden_message(c));
            }
            word.text.push(c);
            match c {
                '&' if *is_vtt => word.marked.push_str("&amp;"),
                '<' if *is_vtt => word.marked.push_str("&lt;"),
                '>' if *is_vtt => word.marked.push_str("&gt;"),
                _ => word.marked.push(c),
            }
        }
        for code in codes {
            word.marked.push_str(&raw(code));
        }
        if !word.marked.is_empty() {
            words.push(word);
        }
        let text = broken(&words, file.line_end());
        if text.contains("-->") {
            return Err("`-->` in the text of a cue".to_owned());
        }
        if coded(&text, *is_vtt)
            .text
            .split_whitespace()
            .ne(target.text.split_whitespace())
        {
            return Err("text that would be taken for a tag".to_owned());
        }
        Ok(text)
    }
}

/// A word of a translation.
#[derive(Clone, Debug, Default)]
struct Word {
    text: String,
    /// With its tags and references, as it is written.
    marked: String,
}

impl Word {
    /// What is seen of it, in characters; marks above and below others take no room.
    fn width(&self) -> usize {
        self.text.chars().filter(|c| c.width() != Some(0)).count()
    }

    fn begins_with_dash(&self) -> bool {
        self.text.starts_with(['-', '\u{2013}', '\u{2014}'])
    }

    fn ends_sentence(&self) -> bool {
        let text = self
            .text
            .trim_end_matches(['"', '\'', '\u{201D}', '\u{2019}', '»', ')']);
        text.ends_with(['.', '!', '?', '…', '؟'])
    }
}

/// Words in lines, those of each speaker in lines of their own: where the first word has a dash, each that follows the
/// end of a sentence begins what another one says.
fn broken(words: &[Word], line_end: &str) -> String {
    let is_dialogue = words.first().is_some_and(Word::begins_with_dash);
    let speeches = words.chunk_by(|before, word| {
        !(is_dialogue && before.ends_sentence() && word.begins_with_dash())
    });
    let lines: Vec<_> = speeches.flat_map(balanced).collect();
    lines.join(line_end)
}

/// Words in as few lines of [`LINE_WIDTH`] as hold them, about equally long.
fn balanced(words: &[Word]) -> Vec<String> {
    let widths: Vec<_> = words.iter().map(Word::width).collect();
    let lines = |room: usize| {
        let mut lines: Vec<Vec<&str>> = Vec::new();
        let mut used = 0;
        for (word, width) in words.iter().zip(&widths) {
            match lines.last_mut() {
                Some(line) if used + 1 + width <= room => {
                    line.push(&word.marked);
                    used += 1 + width;
                }
                _ => {
                    lines.push(vec![&word.marked]);
                    used = *width;
                }
            }
        }
        lines
    };
    let fewest = lines(LINE_WIDTH).len();
    // The least room that does not take more lines.
    let room = (1..=LINE_WIDTH).collect::<Vec<_>>();
    let least = room.partition_point(|room| lines(*room).len() > fewest);
    let lines = lines(room.get(least).copied().unwrap_or(LINE_WIDTH));
    lines.iter().map(|line| line.join(" ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::fill::{FillOptions, Filling};

    #[test]
    fn cues_are_filled_and_all_else_stays() {
        let text = "WEBVTT - x\n\nSTYLE\n::cue { }\n\nNOTE a\nb\n\n1\n00:01.000 --> 00:02.000 align:start\n<i>Hello,\nworld</i> &amp; all.\n\n00:03.000 --> 00:04.000\n\n";
        let file = open(text.into(), "x.vtt", &OpenOptions::default(), &mut |_| {}).unwrap();
        let [slot] = file.slots() else {
            panic!("{:?}", file.slots())
        };
        assert_eq!(
            (slot.source.text.as_str(), slot.line),
            ("Hello, world & all.", 11)
        );
        let mut target = slot.source.clone();
        target.text = "مرحبًا بالعالم وبكل من فيه من الناس الطيبين & غيرهم أيضًا".to_owned();
        target.codes[1].at = "مرحبًا".len();
        let filling = Filling {
            target: Some(target),
            ..Filling::default()
        };
        let mut out = Vec::new();
        file.write(&[filling], &FillOptions::default(), &mut out)
            .unwrap();
        let filled = "<i>مرحبًا</i> بالعالم وبكل من فيه من\nالناس الطيبين &amp; غيرهم أيضًا";
        let expected = text.replace("<i>Hello,\nworld</i> &amp; all.", filled);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn lines_are_few_and_balanced() {
        let written = |text: &str, line_end| {
            let words = text.split(' ').map(|word| Word {
                text: word.to_owned(),
                marked: word.to_owned(),
            });
            broken(&words.collect::<Vec<_>>(), line_end)
        };
        let word = "x".repeat(20);
        let four = [&*word; 4].join(" ");
        assert_eq!(
            written(&four, "\r\n"),
            format!("{word} {word}\r\n{word} {word}")
        );
        let long = "x".repeat(99);
        assert_eq!(written(&long, "\n"), long);
        // Marks take no room.
        let vocalised = "مُدَرِّسَةٌ مُدَرِّسَةٌ مُدَرِّسَةٌ مُدَرِّسَةٌ مُدَرِّسَةٌ مُدَرِّسَةٌ";
        assert_eq!(written(vocalised, "\n"), vocalised);
    }

    #[test]
    fn each_speaker_has_lines_of_their_own() {
        let text = "1\n00:00:01,000 --> 00:00:02,000\n- Are you well?\n- Yes.\n";
        let file = open(text.into(), "x.srt", &OpenOptions::default(), &mut |_| {}).unwrap();
        let written = |target: &str| {
            let filling = Filling {
                target: Some(Coded::from(target)),
                ..Filling::default()
            };
            let mut out = Vec::new();
            file.write(&[filling], &FillOptions::default(), &mut out)
                .unwrap();
            let out = String::from_utf8(out).unwrap();
            out.split_once("000\n").unwrap().1.to_owned()
        };
        assert_eq!(file.slots()[0].source.text, "- Are you well? - Yes.");
        assert_eq!(written("- هل أنت بخير؟ - نعم."), "- هل أنت بخير؟\n- نعم.\n");
        assert_eq!(written("– «نعم.» –لا – أبدًا."), "– «نعم.»\n–لا – أبدًا.\n");
        assert_eq!(written("نعم. - لا."), "نعم. - لا.\n");
    }

    #[test]
    fn a_cue_may_be_named_like_a_note() {
        let text = "WEBVTT\n\nNOTES\n00:01.000 --> 00:02.000\nHello\n\nNOTE\nno cue\n";
        let file = open(text.into(), "x.vtt", &OpenOptions::default(), &mut |_| {}).unwrap();
        assert_eq!(file.slots().len(), 1);
    }
}
