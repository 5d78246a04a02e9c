//! Entries of a PO file with the bytes they stand at.
//!
//! The grammar is that of gettext's `po-gram-gen.y`: white space means nothing but for the end of a comment, strings next to
//! each other are one string, an entry ends where another one's `msgctxt` or `msgid`, or a comment, begins behind a
//! `msgstr`. An entry that breaks the grammar keeps its first fault, and reading goes on.

use std::ops::Range;

use super::quote::unquote;

/// Why an entry can't be used, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) message: String,
}

/// A string of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PoString {
    /// Where its keyword begins.
    pub(super) start: usize,
    /// From the first quote to behind the last one.
    pub(super) value: Range<usize>,
    /// What it says.
    pub(super) text: String,
}

/// A message with all that belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// From its first line to behind its last one.
    pub(super) range: Range<usize>,
    /// Its lines of flags, `#,`.
    pub(super) flag_lines: Vec<Range<usize>>,
    /// Its lines of previous strings, `#|`.
    pub(super) previous_lines: Vec<Range<usize>>,
    /// Where the first line stands that is no comment.
    pub(super) strings_at: Option<usize>,
    /// Whether it is commented out, `#~`.
    pub(super) obsolete: bool,
    /// The flags.
    pub(super) flags: Vec<String>,
    pub(super) context: Option<PoString>,
    pub(super) id: Option<PoString>,
    pub(super) plural: Option<PoString>,
    /// The translation, or its forms with their numbers.
    pub(super) translations: Vec<(u32, PoString)>,
    pub(super) fault: Option<Fault>,
}

impl Entry {
    pub(super) fn is_fuzzy(&self) -> bool {
        self.flags.iter().any(|flag| flag == "fuzzy")
    }

    pub(super) fn is_header(&self) -> bool {
        self.context.is_none() && self.id.as_ref().is_some_and(|id| id.text.is_empty())
    }

    /// Whether nothing but comments was read of it.
    fn has_no_string(&self) -> bool {
        self.context.is_none() && self.id.is_none() && self.translations.is_empty()
    }

    fn last_string(&mut self, which: Keyword) -> Option<&mut PoString> {
        match which {
            Keyword::Context => self.context.as_mut(),
            Keyword::Id => self.id.as_mut(),
            Keyword::Plural => self.plural.as_mut(),
            Keyword::Translation(_) => self.translations.last_mut().map(|(_, string)| string),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keyword {
    Context,
    Id,
    Plural,
    Translation(u32),
}

/// The entries of a file, the header and those that are commented out with them.
pub(super) fn parse(text: &str) -> Vec<Entry> {
    let mut parser = Parser {
        text,
        entries: Vec::new(),
        entry: Entry::default(),
        open: None,
        begun: false,
        behind_blank: false,
    };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        parser.line(at, line);
        parser.behind_blank = line.trim().is_empty();
        at += line.len();
    }
    parser.end_entry();
    parser.entries
}

struct Parser<'t> {
    text: &'t str,
    entries: Vec<Entry>,
    entry: Entry,
    /// The string that a further quote goes on with.
    open: Option<Keyword>,
    begun: bool,
    /// Whether the line in front was blank.
    behind_blank: bool,
}

impl Parser<'_> {
    fn line(&mut self, at: usize, line: &str) {
        let content = line.trim_end_matches(['\n', '\r']);
        let trimmed = content.trim_start();
        let indent = content.len() - trimmed.len();
        let end = at + line.len();
        if trimmed.trim_end().is_empty() {
            if self.entry.fault.is_some() {
                self.end_entry();
            }
            return;
        }
        if let Some(obsolete) = trimmed.strip_prefix("#~") {
            if obsolete.starts_with('|') {
                self.comment(at, end);
            } else {
                let start = at + indent + 2;
                self.statements(at, start, start + obsolete.len(), end, true);
            }
        } else if let Some(comment) = trimmed.strip_prefix('#') {
            self.comment(at, end);
            if let Some(flags) = comment.strip_prefix(',') {
                let flags = flags
                    .split(',')
                    .map(str::trim)
                    .filter(|flag| !flag.is_empty());
                self.entry.flags.extend(flags.map(str::to_owned));
                self.entry.flag_lines.push(at..end);
            } else if comment.starts_with('|') {
                self.entry.previous_lines.push(at..end);
            }
        } else {
            let start = at + indent;
            self.statements(at, start, at + content.len(), end, false);
        }
    }

    /// A comment belongs to the entry in front of it only where that has no translation yet.
    fn comment(&mut self, at: usize, end: usize) {
        if !self.entry.translations.is_empty() {
            self.end_entry();
        }
        self.touch(at, end);
    }

    fn touch(&mut self, at: usize, end: usize) {
        if !self.begun {
            self.entry.range.start = at;
            self.begun = true;
        }
        self.entry.range.end = end;
    }

    /// Reads keywords and strings from `at` to `stop`, in the line from `line` to `end`.
    fn statements(&mut self, line: usize, at: usize, stop: usize, end: usize, obsolete: bool) {
        let changed = self.begun && !self.entry.has_no_string() && self.entry.obsolete != obsolete;
        if changed {
            self.end_entry();
        }
        let mut at = at;
        let mut begins_line = true;
        loop {
            let rest = &self.text[at..stop];
            let trimmed = rest.trim_start();
            at += rest.len() - trimmed.len();
            let Some(first) = trimmed.chars().next() else {
                return;
            };
            let read = match first {
                '"' => self.string(at, trimmed, line, end),
                '#' => return,
                _ => self.keyword(at, trimmed, line, end),
            };
            if !self.entry.has_no_string() {
                self.entry.obsolete = obsolete;
                self.entry.strings_at.get_or_insert(line);
            }
            match read {
                Ok(taken) => {
                    at += taken;
                    begins_line = false;
                }
                Err(fault) => {
                    // Junk apart from a whole entry is none of that entry.
                    let is_whole = self.entry.fault.is_none() && missing(&self.entry).is_none();
                    if self.behind_blank && begins_line && is_whole {
                        self.end_entry();
                    }
                    self.touch(line, end);
                    self.entry.strings_at.get_or_insert(line);
                    self.entry.fault.get_or_insert(fault);
                    self.open = None;
                    return;
                }
            }
        }
    }

    fn keyword(&mut self, at: usize, rest: &str, line: usize, end: usize) -> Result<usize, Fault> {
        let word = rest
            .bytes()
            .take_while(|b| b.is_ascii_alphabetic() || *b == b'_');
        let length = word.count();
        let fault = |message: &str| Fault {
            at,
            message: message.to_owned(),
        };
        let mut taken = length;
        let which = match &rest[..length] {
            "msgctxt" => Keyword::Context,
            "msgid" => Keyword::Id,
            "msgid_plural" => Keyword::Plural,
            "msgstr" => {
                let behind = rest[length..].trim_start();
                match behind.strip_prefix('[') {
                    None => Keyword::Translation(0),
                    Some(number) => {
                        let (digits, behind) = number
                            .split_once(']')
                            .ok_or_else(|| fault("`msgstr[` without a `]`"))?;
                        taken = rest.len() - behind.len();
                        let number = digits.trim().parse().ok().filter(|form| *form < MOST_FORMS);
                        Keyword::Translation(
                            number.ok_or_else(|| fault("a plural form that is no number"))?,
                        )
                    }
                }
            }
            "domain" => {
                // Of one file there is one domain for us; its name is a string that nothing keeps.
                let name = rest[length..].trim_start();
                let closed = name.strip_prefix('"').and_then(|name| name.find('"'));
                let closed = closed.ok_or_else(|| fault("`domain` without a name"))?;
                return Ok(rest.len() - name.len() + closed + 2);
            }
            _ => return Err(fault("neither a keyword nor a string nor a comment")),
        };
        let begins = match which {
            Keyword::Context => !self.entry.has_no_string(),
            Keyword::Id => self.entry.id.is_some() || !self.entry.translations.is_empty(),
            Keyword::Plural | Keyword::Translation(_) => false,
        };
        if begins {
            self.end_entry();
        }
        self.touch(line, end);
        if self.entry.id.is_none() && matches!(which, Keyword::Plural | Keyword::Translation(_)) {
            return Err(fault("no `msgid` stands in front"));
        }
        let string = PoString {
            start: at,
            value: at + taken..at + taken,
            text: String::new(),
        };
        match which {
            Keyword::Context => self.entry.context = Some(string),
            Keyword::Id => self.entry.id = Some(string),
            Keyword::Plural => self.entry.plural = Some(string),
            Keyword::Translation(form) => {
                if self
                    .entry
                    .translations
                    .iter()
                    .any(|(other, _)| *other == form)
                {
                    return Err(fault("a second translation of the same message"));
                }
                self.entry.translations.push((form, string));
            }
        }
        self.open = Some(which);
        Ok(taken)
    }

    fn string(&mut self, at: usize, rest: &str, line: usize, end: usize) -> Result<usize, Fault> {
        self.touch(line, end);
        let fault = |at: usize, message: &str| Fault {
            at,
            message: message.to_owned(),
        };
        let bytes = rest.as_bytes();
        let mut close = 1;
        while let Some(found) = memchr::memchr2(b'"', b'\\', bytes.get(close..).unwrap_or_default())
        {
            close += found;
            if bytes[close] == b'"' {
                break;
            }
            close += 2;
        }
        if bytes.get(close) != Some(&b'"') {
            return Err(fault(at, "a string that doesn't end on its line"));
        }
        let string = self.open.and_then(|open| self.entry.last_string(open));
        let Some(string) = string else {
            // Behind a fault the rest of the string goes with it.
            return match self.entry.fault {
                Some(_) => Ok(close + 1),
                None => Err(fault(at, "a string without a keyword")),
            };
        };
        unquote(&rest[1..close], &mut string.text)
            .map_err(|(inside, message)| fault(at + 1 + inside, message))?;
        if string.value.is_empty() {
            string.value.start = at;
        }
        string.value.end = at + close + 1;
        Ok(close + 1)
    }

    fn end_entry(&mut self) {
        let mut entry = std::mem::take(&mut self.entry);
        self.open = None;
        self.begun = false;
        if entry.has_no_string() && entry.fault.is_none() {
            return;
        }
        if entry.fault.is_none() {
            entry.fault = missing(&entry);
        }
        self.entries.push(entry);
    }
}

/// More plural forms than any language has.
const MOST_FORMS: u32 = 100;

fn missing(entry: &Entry) -> Option<Fault> {
    let at = entry.strings_at.unwrap_or(entry.range.start);
    let strings = entry.context.iter().chain(&entry.id).chain(&entry.plural);
    let strings = strings.chain(entry.translations.iter().map(|(_, string)| string));
    let message = if entry.id.is_none() {
        "`msgctxt` without `msgid`"
    } else if entry.translations.is_empty() {
        "`msgid` without `msgstr`"
    } else if entry.plural.is_none() && entry.translations.iter().any(|(form, _)| *form > 0) {
        "plural forms without `msgid_plural`"
    } else if strings.into_iter().any(|string| string.value.is_empty()) {
        "a keyword without a string"
    } else {
        return None;
    };
    Some(Fault {
        at,
        message: message.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_its_parts_and_places() {
        let text = "# قديم\n#. note\n#: a.c:1\n#, fuzzy, c-format\n#| msgid \"Old\"\nmsgctxt \"menu\"\nmsgid \"\"\n\
            \"Op\"\n\"en\"\nmsgstr \"افتح\"\n\n#~ msgid \"Gone\"\n#~ msgstr \"ذهب\"\n";
        let entries = parse(text);
        let [entry, gone] = &entries[..] else {
            panic!("{entries:?}")
        };
        assert!(entry.is_fuzzy() && !entry.obsolete && gone.obsolete);
        assert_eq!(entry.flags, ["fuzzy", "c-format"]);
        assert_eq!(entry.id.as_ref().unwrap().text, "Open");
        let (_, translation) = &entry.translations[0];
        assert_eq!(&text[translation.value.clone()], "\"افتح\"");
        assert_eq!(&text[entry.previous_lines[0].clone()], "#| msgid \"Old\"\n");
        assert!(text[entry.strings_at.unwrap()..].starts_with("msgctxt"));
        assert_eq!(gone.id.as_ref().unwrap().text, "Gone");
    }

    #[test]
    fn entries_need_no_blank_lines_nor_lines_of_their_own() {
        let entries = parse(
            "msgid \"a\" msgstr \"١\"\nmsgid\n\"b\"\nmsgstr\"٢\"# c\nmsgid \"c\"\nmsgstr \"٣\"",
        );
        let read: Vec<_> = entries
            .iter()
            .map(|e| {
                (
                    e.id.as_ref().unwrap().text.as_str(),
                    e.translations[0].1.text.as_str(),
                )
            })
            .collect();
        assert_eq!(read, [("a", "١"), ("b", "٢"), ("c", "٣")]);
        assert!(entries.iter().all(|entry| entry.fault.is_none()));
    }

    #[test]
    fn a_fault_is_of_its_entry_alone() {
        let text = "msgid \"a\nmsgstr \"x\"\n\nmsgid \"b\"\nmsgstr \"\\q\"\n\nmsgid \"c\"\n\nmsgid \"d\"\nmsgstr \"د\"\n\
            msgstr \"e\"\n\nfoo\n\nmsgid \"g\"\nmsgstr[1] \"غ\"\n\nmsgid \"h\"\nmsgstr \"ه\"\n\n\"\" x\n\nmsgid \"f\"\nmsgstr \"ف\"\n";
        let faults: Vec<_> = parse(text)
            .iter()
            .map(|entry| entry.fault.as_ref().map(|fault| fault.message.clone()))
            .collect();
        assert_eq!(
            faults,
            [
                Some("a string that doesn't end on its line".to_owned()),
                Some("an escape that gettext doesn't know".to_owned()),
                Some("`msgid` without `msgstr`".to_owned()),
                Some("a second translation of the same message".to_owned()),
                Some("neither a keyword nor a string nor a comment".to_owned()),
                Some("plural forms without `msgid_plural`".to_owned()),
                Some("neither a keyword nor a string nor a comment".to_owned()),
                None,
            ]
        );
    }
}
