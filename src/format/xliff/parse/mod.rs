//! Where the segments of a bilingual XML file stand: one pass over the text, nothing copied but names and states.
//!
//! The pass knows a few elements by their place ([`Role`]) and passes everything else. Ends are held against beginnings
//! here, so that damage costs the unit that it is in: an end without its beginning, or a unit that is cut off, faults
//! the unit, and reading goes on with the next. Inline markup is looked at by [`super::inline`], segment by segment.
//!
//! Cost: linear in the text; an element that is open takes a few words.

mod pair;
mod role;

use std::ops::Range;

use quick_xml::events::{BytesStart, Event};

use self::pair::paired;
use self::role::Role;
use super::super::xml::{Mistake, Tokens, local};
use super::UNIT_LIMIT;
use super::model::{Attributes, Element, FileElement, Parsed, Segment, Unit, Vocabulary};

struct Open {
    role: Role,
    /// The name, as a part of the text.
    name: Range<usize>,
    frozen: bool,
    element: Element,
}

/// The most mistakes of syntax in a file. Each may make all that comes behind be searched for its end, and so many are
/// no damage but another kind of file.
pub(super) const MISTAKE_LIMIT: usize = 1000;

/// How far up an end tag looks for its beginning, so that a file of nothing but mistakes stays linear.
const REACH: usize = 64;

/// Finds the units of a text, or tells what its root is instead.
pub(super) fn parse(text: &str) -> Result<Parsed, String> {
    let mut pass = Pass {
        text,
        parsed: Parsed {
            vocabulary: Vocabulary::Xliff2,
            root: Element::default(),
            files: Vec::new(),
            units: Vec::new(),
            segments: Vec::new(),
            damage: Vec::new(),
        },
        open: Vec::new(),
        marks: [Vec::new(), Vec::new()],
        seg_defs: Vec::new(),
        variants: 0,
        unit_depth: None,
        mistakes: 0,
        behind: 0,
    };
    let mut tokens = Tokens::new(text, 0);
    loop {
        match tokens.next() {
            Ok((Event::Start(tag), range)) => pass.start(&tag, range, false)?,
            Ok((Event::Empty(tag), range)) => pass.start(&tag, range, true)?,
            Ok((Event::End(tag), range)) => pass.end(tag.name().as_ref(), range),
            Ok((Event::Eof, _)) => {
                pass.end_of_file();
                return pass.finish();
            }
            Ok((Event::Text(content), range)) if !content.trim().is_empty() => {
                pass.text_outside(range)?;
            }
            Ok(_) => {}
            Err(mistake) => match pass.recover(mistake) {
                Some(next) => tokens.resume(next),
                None => return pass.finish(),
            },
        }
    }
}

/// Where the next unit begins.
fn next_unit(text: &str, from: usize, vocabulary: Vocabulary) -> Option<usize> {
    let name = vocabulary.unit_name();
    let from = text.ceil_char_boundary(from.min(text.len()));
    let mut rest = from;
    while let Some(found) = memchr::memmem::find(&text.as_bytes()[rest..], name.as_bytes()) {
        let at = rest + found;
        rest = at + name.len();
        let before = &text[from..at];
        let prefix = before.len()
            - before
                .trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, ':' | '_'))
                .len();
        let ends = matches!(
            text.as_bytes().get(rest),
            Some(b' ' | b'>' | b'/' | b'\t' | b'\n' | b'\r')
        );
        if ends
            && before[..before.len() - prefix].ends_with('<')
            && (prefix == 0 || before.ends_with(':'))
        {
            return Some(at - prefix - 1);
        }
    }
    None
}

struct Pass<'t> {
    text: &'t str,
    parsed: Parsed,
    open: Vec<Open>,
    /// The `mrk` segments of the open unit's source and target.
    marks: [Vec<Element>; 2],
    seg_defs: Vec<Element>,
    /// How many sources and targets the open unit has had.
    variants: usize,
    /// Where in `open` the open unit stands.
    unit_depth: Option<usize>,
    /// How many mistakes of syntax there were.
    mistakes: usize,
    /// Behind where reading went on last: a start tag that is broken itself is not gone back to for ever.
    behind: usize,
}

impl Pass<'_> {
    fn progress(&self) -> usize {
        self.open.last().map_or(0, |open| open.element.tag.end)
    }

    fn unit(&mut self) -> Option<&mut Unit> {
        self.unit_depth?;
        self.parsed.units.last_mut()
    }

    /// Where the open unit begins.
    fn unit_start(&self) -> Option<usize> {
        let open = self.open.get(self.unit_depth?)?;
        Some(open.element.tag.start)
    }

    fn damage(&mut self, mistake: Mistake) {
        if let Some(unit) = self.unit() {
            unit.fault.get_or_insert_with(|| mistake.clone());
        }
        self.parsed.damage.push(mistake);
    }

    /// Closes the open unit at a byte, as far as there is one.
    fn leave_unit(&mut self, at: usize) {
        if let Some(depth) = self.unit_depth {
            self.open.truncate(depth);
            self.close_unit(at);
        }
    }

    /// Takes a mistake of syntax down, and says where reading goes on: with the next unit, where there is one.
    fn recover(&mut self, mistake: Mistake) -> Option<usize> {
        let at = mistake.offset.max(self.progress()).max(self.behind);
        self.damage(mistake);
        self.leave_unit(at);
        self.mistakes += 1;
        if self.mistakes == MISTAKE_LIMIT {
            let message =
                format!("{MISTAKE_LIMIT} mistakes of syntax; what comes behind is not read");
            self.damage(Mistake {
                offset: self.text.len(),
                message,
            });
            return None;
        }
        let next = next_unit(self.text, at, self.parsed.vocabulary)?;
        self.behind = next + 1;
        (!self.open.is_empty()).then_some(next)
    }

    fn end_of_file(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let (offset, message) = match self.unit_start() {
            Some(start) => (start, "the file ends inside this unit"),
            None => (self.text.len(), "the file ends before its root does"),
        };
        self.damage(Mistake {
            offset,
            message: message.to_owned(),
        });
        self.leave_unit(self.text.len());
    }

    /// Text at `range`, which is not to stand outside of the root.
    fn text_outside(&mut self, range: Range<usize>) -> Result<(), String> {
        if !self.open.is_empty() {
            return Ok(());
        }
        if self.parsed.root.tag.is_empty() {
            return Err("text".to_owned());
        }
        self.damage(Mistake {
            offset: range.start,
            message: "text behind the end of the root".to_owned(),
        });
        Ok(())
    }

    fn start(
        &mut self,
        tag: &BytesStart<'_>,
        range: Range<usize>,
        empty: bool,
    ) -> Result<(), String> {
        let qualified = tag.name();
        let name: &str = qualified.as_ref();
        let inside_text = self.open.last().is_some_and(|open| {
            matches!(
                open.role,
                Role::Other | Role::Source | Role::Note | Role::Matches
            )
        });
        // Attributes of what isn't known are not looked at, but for those of what may be a segment or a unit.
        let of_use = matches!(local(name), "mrk" | "trans-unit" | "unit" | "segment");
        let attributes = if inside_text && !of_use && self.parsed.vocabulary != Vocabulary::Ttx {
            Ok(Attributes::default())
        } else {
            Attributes::of(tag)
        };
        let (attributes, broken) = match attributes {
            Ok(attributes) => (attributes, None),
            Err(message) => (Attributes::default(), Some(message)),
        };
        let role = self.role(name, &attributes);
        if role == Role::Root {
            if !self.parsed.root.tag.is_empty() {
                self.damage(Mistake {
                    offset: range.start,
                    message: "a second root element".to_owned(),
                });
            } else {
                self.parsed.vocabulary = Vocabulary::of_root(name, &attributes)
                    .ok_or_else(|| format!("`<{}>`", name.escape_debug()))?;
            }
        }
        let outer = self.open.last().is_some_and(|open| open.frozen);
        let frozen = match attributes.get("translate") {
            Some(value) => value == "no",
            None => outer,
        };
        if role == Role::Unit {
            // A unit that was never closed ends here.
            if self.unit_depth.is_some() {
                self.damage(Mistake {
                    offset: self.unit_start().unwrap_or(range.start),
                    message: "the unit is not closed".to_owned(),
                });
                self.leave_unit(range.start);
            }
        }
        let element = Element {
            content: range.end..range.end,
            tag: range.clone(),
            attributes,
        };
        self.enter(role, frozen, &element);
        let name_start = range.start + 1;
        self.open.push(Open {
            role,
            name: name_start..name_start + name.len(),
            frozen,
            element,
        });
        if let Some(message) = broken {
            self.damage(Mistake {
                offset: range.start,
                message,
            });
        }
        if empty {
            self.leave(range.end..range.end, range.end);
        }
        Ok(())
    }

    fn enter(&mut self, role: Role, frozen: bool, element: &Element) {
        let attributes = &element.attributes;
        let text = |name: &str| attributes.get(name).map(str::to_owned);
        let parsed = &mut self.parsed;
        match role {
            Role::Root => {
                let (source, target) = match parsed.vocabulary {
                    Vocabulary::Xliff2 => ("srcLang", "trgLang"),
                    _ => ("locale", "targetlocale"),
                };
                parsed.root = element.clone();
                if matches!(parsed.vocabulary, Vocabulary::Xliff2 | Vocabulary::Txml) {
                    parsed.files.push(FileElement {
                        element: element.clone(),
                        source: text(source),
                        target: text(target),
                        name: None,
                    });
                }
            }
            Role::File => match parsed.vocabulary {
                Vocabulary::Xliff2 => {
                    // The first of them stands for the root, which has the languages.
                    let root = parsed.files.first().cloned().unwrap_or_default();
                    // Some call the first version's elements the second version.
                    parsed.files.push(FileElement {
                        name: text("original"),
                        source: root.source.or(text("source-language")),
                        target: root.target.or(text("target-language")),
                        element: root.element,
                    });
                }
                vocabulary => {
                    let names = match vocabulary {
                        Vocabulary::Ttx => {
                            ["SourceLanguage", "TargetLanguage", "SourceDocumentPath"]
                        }
                        _ => ["source-language", "target-language", "original"],
                    };
                    let [source, target, name] = names.map(text);
                    parsed.files.push(FileElement {
                        element: element.clone(),
                        source,
                        target,
                        name,
                    });
                }
            },
            Role::Unit => {
                self.unit_depth = Some(self.open.len());
                parsed.units.push(Unit {
                    range: element.tag.clone(),
                    element: element.clone(),
                    file: parsed.files.len().saturating_sub(1),
                    frozen,
                    segments: parsed.segments.len()..parsed.segments.len(),
                    ..Unit::default()
                });
                self.marks = [Vec::new(), Vec::new()];
                self.seg_defs.clear();
                self.variants = 0;
            }
            Role::Segment => parsed.segments.push(Segment {
                id: text("id"),
                element: Some(element.clone()),
                ..Segment::default()
            }),
            Role::Source | Role::Target => self.variants += 1,
            _ => {}
        }
    }

    fn end(&mut self, name: &str, range: Range<usize>) {
        let named = |open: &Open| &self.text[open.name.clone()] == name;
        match self.open.last() {
            Some(open) if named(open) => self.leave(range.start..range.end, range.end),
            _ => {
                let above = self.open.iter().rev().take(REACH).position(named);
                self.damage(Mistake {
                    offset: range.start,
                    message: match self.open.last() {
                        Some(open) => format!(
                            "`</{}>` where `</{}>` should be",
                            name.escape_debug(),
                            &self.text[open.name.clone()]
                        ),
                        None => format!("`</{}>` ends nothing", name.escape_debug()),
                    },
                });
                for _ in 0..above.unwrap_or(0) {
                    self.leave(range.start..range.start, range.start);
                }
                if above.is_some() {
                    self.leave(range.start..range.end, range.end);
                }
            }
        }
    }

    /// The innermost element ends with an end tag at `tag`.
    fn leave(&mut self, tag: Range<usize>, end: usize) {
        let Some(Open {
            role, mut element, ..
        }) = self.open.pop()
        else {
            return;
        };
        element.content.end = tag.start.max(element.content.start);
        let in_segment = self
            .open
            .last()
            .is_some_and(|open| open.role == Role::Segment);
        match role {
            Role::Other => {}
            Role::Unit => self.close_unit(end),
            Role::Mark => {
                let above = self.open.iter().rev().take(REACH);
                let in_target = above.map(|open| open.role).any(|role| role == Role::Target);
                self.marks[usize::from(in_target)].push(element);
            }
            Role::SegDef => self.seg_defs.push(element),
            Role::Source | Role::Target if in_segment => {
                if let Some(segment) = self.parsed.segments.last_mut() {
                    if role == Role::Source {
                        segment.source = element;
                        segment.target_place = end;
                    } else {
                        segment.target.get_or_insert(element);
                    }
                }
            }
            _ => {
                let Some(unit) = self.unit() else { return };
                match role {
                    Role::Source => {
                        unit.source.get_or_insert(element);
                        unit.target_place = unit.target_place.max(end);
                    }
                    Role::SegSource => {
                        unit.seg_source.get_or_insert(element);
                        unit.target_place = end;
                    }
                    Role::Target => {
                        unit.target.get_or_insert(element);
                    }
                    Role::SegDefs => unit.seg_defs = Some(element),
                    Role::Matches => unit.matches = Some(element),
                    Role::Note => unit.notes.push(element),
                    _ => {}
                }
            }
        }
    }

    fn close_unit(&mut self, end: usize) {
        self.unit_depth = None;
        let parsed = &mut self.parsed;
        let Some(unit) = parsed.units.last_mut() else {
            return;
        };
        unit.range.end = end;
        unit.element.content.end = end;
        if unit.range.len() > UNIT_LIMIT {
            unit.fault.get_or_insert(Mistake {
                offset: unit.range.start,
                message: format!("the unit is longer than {UNIT_LIMIT} bytes"),
            });
        }
        if parsed.vocabulary == Vocabulary::Xliff2 && unit.source.is_none() {
            // Its segments came by themselves.
        } else if self.marks[0].is_empty() {
            parsed.segments.push(Segment {
                source: unit.source.clone().unwrap_or_default(),
                target: unit.target.clone(),
                target_place: unit.target_place,
                // Trados gives a unit of one segment a `mrk` as well; where it doesn't, the first is meant.
                seg_def: self.seg_defs.pop(),
                ..Segment::default()
            });
        } else {
            let marks = std::mem::take(&mut self.marks);
            let segments = paired(self.text, unit, marks, std::mem::take(&mut self.seg_defs));
            parsed.segments.extend(segments);
        }
        unit.segments.end = parsed.segments.len();
    }

    fn finish(self) -> Result<Parsed, String> {
        if self.parsed.root.tag.is_empty() {
            return Err("nothing".to_owned());
        }
        Ok(self.parsed)
    }
}
