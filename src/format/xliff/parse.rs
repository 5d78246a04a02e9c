//! Where the segments of a bilingual XML file stand: one pass over the text, nothing copied but names and states.
//!
//! The pass knows a few elements by their place ([`Role`]) and passes everything else. Ends are held against beginnings
//! here, so that damage costs the unit that it is in: an end without its beginning, or a unit that is cut off, faults
//! the unit, and reading goes on with the next. Inline markup is looked at by [`super::inline`], segment by segment.
//!
//! Cost: linear in the text; an element that is open takes a few words.

use std::ops::Range;

use quick_xml::events::{BytesStart, Event};

use super::super::xml::{Mistake, Tokens, local};
use super::UNIT_LIMIT;
use super::model::{Attributes, Element, FileElement, Flavour, Parsed, Segment, Unit, Vocabulary};

/// What an element means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Root,
    /// `file`.
    File,
    /// What hands `translate` down: `group`, `body`.
    Group,
    Unit,
    /// `segment` of XLIFF 2.
    Segment,
    Source,
    SegSource,
    Target,
    /// A `mrk` of a segment.
    Mark,
    SegDefs,
    SegDef,
    Matches,
    Note,
    /// Inline markup, and everything that isn't known.
    Other,
}

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
    };
    let mut tokens = Tokens::new(text, 0);
    // Behind where reading went on last: a start tag that is broken itself is not gone back to for ever.
    let mut behind = 0;
    let mut mistakes = 0;
    loop {
        let (event, range) = match tokens.next() {
            Ok(token) => token,
            Err(mistake) => {
                let at = mistake.offset.max(pass.progress()).max(behind);
                pass.damage(mistake);
                pass.leave_unit(at);
                mistakes += 1;
                if mistakes == MISTAKE_LIMIT {
                    let message = format!(
                        "{MISTAKE_LIMIT} mistakes of syntax; what comes behind is not read"
                    );
                    pass.damage(Mistake {
                        offset: text.len(),
                        message,
                    });
                    return pass.finish();
                }
                match next_unit(text, at, pass.parsed.vocabulary) {
                    Some(next) if !pass.open.is_empty() => {
                        behind = next + 1;
                        tokens.resume(next);
                    }
                    _ => return pass.finish(),
                }
                continue;
            }
        };
        match event {
            Event::Start(tag) => pass.start(&tag, range, false)?,
            Event::Empty(tag) => pass.start(&tag, range, true)?,
            Event::End(tag) => pass.end(tag.name().as_ref(), range),
            Event::Eof => {
                if !pass.open.is_empty() {
                    let (offset, message) = match pass.unit_start() {
                        Some(start) => (start, "the file ends inside this unit"),
                        None => (text.len(), "the file ends before its root does"),
                    };
                    pass.damage(Mistake {
                        offset,
                        message: message.to_owned(),
                    });
                    pass.leave_unit(text.len());
                }
                return pass.finish();
            }
            Event::Text(content) if pass.open.is_empty() && !content.trim().is_empty() => {
                if pass.parsed.root.tag.is_empty() {
                    return Err("text".to_owned());
                }
                pass.damage(Mistake {
                    offset: range.start,
                    message: "text behind the end of the root".to_owned(),
                });
            }
            _ => {}
        }
    }
}

/// Where the next unit begins.
fn next_unit(text: &str, from: usize, vocabulary: Vocabulary) -> Option<usize> {
    let name = match vocabulary {
        Vocabulary::Xliff1(_) => "trans-unit",
        Vocabulary::Xliff2 => "unit",
        Vocabulary::Ttx => "Tu",
        Vocabulary::Txml => "segment",
    };
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

    fn role(&self, name: &str, attributes: &Attributes) -> Role {
        let Some(parent) = self.open.last() else {
            return Role::Root;
        };
        let name = local(name);
        match (self.parsed.vocabulary, parent.role, name) {
            (Vocabulary::Ttx, Role::Unit, "Tuv") => match self.variants {
                0 => Role::Source,
                1 => Role::Target,
                _ => Role::Other,
            },
            (Vocabulary::Ttx, _, "Tu") => Role::Unit,
            (Vocabulary::Ttx, _, "UserSettings") | (_, Role::Root, "file") => Role::File,
            (Vocabulary::Ttx, Role::Root | Role::Group | Role::File, _) => Role::Group,
            (
                Vocabulary::Txml,
                Role::Group | Role::Unit | Role::Source | Role::Target,
                "segment",
            ) => Role::Unit,
            (Vocabulary::Txml, Role::Root, _) => Role::Group,
            (Vocabulary::Ttx, ..) => Role::Other,
            (Vocabulary::Txml, Role::Unit, "source") => Role::Source,
            (Vocabulary::Txml, Role::Unit, "target") => Role::Target,
            (Vocabulary::Txml, ..) => Role::Other,
            // Units don't nest; one inside of another is where that was cut off.
            (_, Role::File | Role::Group, "trans-unit") => Role::Unit,
            (Vocabulary::Xliff1(_), _, "trans-unit") if self.unit_depth.is_some() => Role::Unit,
            (
                Vocabulary::Xliff2,
                Role::Unit | Role::Segment | Role::Source | Role::Target,
                "unit",
            ) => Role::Unit,
            (Vocabulary::Xliff2, Role::File | Role::Group, "unit") => Role::Unit,
            (_, Role::File | Role::Group, "group" | "body" | "bin-unit") => Role::Group,
            (Vocabulary::Xliff2, Role::Unit, "segment") => Role::Segment,
            (Vocabulary::Xliff2, Role::Unit, "matches") => Role::Matches,
            (_, Role::Unit | Role::Segment, "source") => Role::Source,
            (_, Role::Unit | Role::Segment, "target") => Role::Target,
            (_, Role::Unit, "seg-source") => Role::SegSource,
            (_, Role::Unit, "seg-defs") => Role::SegDefs,
            (_, Role::SegDefs, "seg") => Role::SegDef,
            (_, Role::Unit, "note" | "notes") => Role::Note,
            (_, _, "mrk") if attributes.get("mtype") == Some("seg") && self.in_segments() => {
                Role::Mark
            }
            _ => Role::Other,
        }
    }

    /// Whether a `mrk` here is a segment: inside a `seg-source` or a target, and not inside another.
    fn in_segments(&self) -> bool {
        let of_text = self.open.iter().rev().take(REACH);
        let mut roles = of_text
            .map(|open| open.role)
            .skip_while(|role| *role == Role::Other);
        matches!(roles.next(), Some(Role::SegSource | Role::Target))
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
                self.parsed.vocabulary = vocabulary(name, &attributes)
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
        let [sources, targets] = std::mem::take(&mut self.marks);
        if parsed.vocabulary == Vocabulary::Xliff2 && unit.source.is_none() {
            // Its segments came by themselves.
        } else if sources.is_empty() {
            parsed.segments.push(Segment {
                source: unit.source.clone().unwrap_or_default(),
                target: unit.target.clone(),
                target_place: unit.target_place,
                // Trados gives a unit of one segment a `mrk` as well; where it doesn't, the first is meant.
                seg_def: self.seg_defs.pop(),
                ..Segment::default()
            });
        } else {
            let mid = |mark: &Element| mark.attributes.get("mid").map(str::to_owned);
            let mut targets = targets.into_iter().map(Some).collect::<Vec<_>>();
            let whole = unit.target.as_ref().filter(|target| {
                targets.is_empty() && !self.text[target.content.clone()].trim().is_empty()
            });
            unit.uncut_target = whole.is_some() && sources.len() > 1;
            let whole = whole.filter(|_| sources.len() == 1).cloned();
            let mut from = 0;
            for mark in sources {
                let id = mid(&mark);
                // They stand in the same order almost always, so that looking from the last one on finds them at once.
                let order = (from..targets.len()).chain(0..from);
                let found = order
                    .take(REACH)
                    .find(|at| targets[*at].as_ref().is_some_and(|t| mid(t) == id));
                if let Some(at) = found {
                    from = at + 1;
                }
                let seg_def = self
                    .seg_defs
                    .iter()
                    .find(|def| def.attributes.get("id") == id.as_deref());
                parsed.segments.push(Segment {
                    seg_def: seg_def.cloned(),
                    target: found
                        .and_then(|at| targets[at].take())
                        .or_else(|| whole.clone()),
                    target_place: unit
                        .target
                        .as_ref()
                        .map_or(unit.target_place, |t| t.content.end),
                    source: mark.clone(),
                    element: Some(mark),
                    id,
                });
            }
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

fn vocabulary(root: &str, attributes: &Attributes) -> Option<Vocabulary> {
    Some(match local(root) {
        "xliff" => {
            let second = |value: &str| value.starts_with("urn:oasis:names:tc:xliff:document:2.");
            let declared = attributes.iter().find(|(name, value)| {
                (*name == "xmlns" || name.starts_with("xmlns:"))
                    && value.starts_with("urn:oasis:names:tc:xliff:document:")
            });
            let is_second = match declared {
                Some((_, value)) => second(value),
                None => attributes
                    .get("version")
                    .is_some_and(|v| v.starts_with("2.")),
            };
            if is_second {
                Vocabulary::Xliff2
            } else {
                let has = |part: &str| {
                    attributes
                        .iter()
                        .any(|(n, v)| n.starts_with("xmlns") && v.contains(part))
                };
                Vocabulary::Xliff1(if has("sdl.com/FileTypes/SdlXliff") {
                    Flavour::Trados
                } else if has("MQXliff") {
                    Flavour::MemoQ
                } else if has("memsource.com/mxlf") {
                    Flavour::Phrase
                } else {
                    Flavour::Plain
                })
            }
        }
        "TRADOStag" => Vocabulary::Ttx,
        "txml" => Vocabulary::Txml,
        _ => return None,
    })
}
