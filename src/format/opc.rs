//! Packages of Open Packaging Conventions (ECMA-376, part 2): parts in a zip file, each with a content type. DOCX and
//! XLSX are such packages.

use std::collections::HashMap;
use std::io::Write;
use std::ops::Range;

use quick_xml::events::Event;

use super::FormatError;
use super::input::location_in;
use super::xml::{Mistake, Tokens, for_each_attribute, local};
use super::zip::Container;
use crate::diagnostic::Location;

/// The part that says what the others are.
const TYPES: &str = "[Content_Types].xml";

/// A package in memory.
pub(super) struct Package {
    name: String,
    container: Container,
    types: ContentTypes,
}

/// What the parts of a package hold (§10.1.2.2).
#[derive(Default)]
struct ContentTypes {
    /// By the names of parts, as they are written.
    of_parts: HashMap<String, String>,
    /// By the ends of names, in lower case: of the parts that have no type of their own.
    of_ends: HashMap<String, String>,
}

impl ContentTypes {
    fn of(&self, part: &str) -> Option<&str> {
        let of_end = || {
            let (_, end) = part.rsplit_once('.')?;
            self.of_ends.get(&end.to_ascii_lowercase())
        };
        let found = self.of_parts.get(part).or_else(of_end)?;
        Some(found)
    }
}

impl Package {
    /// Reads a package; `name` stands for the file in messages.
    ///
    /// # Errors
    /// [`FormatError::Container`], [`FormatError::Part`].
    pub(super) fn open(bytes: Vec<u8>, name: &str) -> Result<Self, FormatError> {
        // An encrypted package is wrapped in an OLE file.
        if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            return Err(FormatError::Container {
                name: name.to_owned(),
                message: "it is protected by a password, or a file of the old binary format; save it anew without"
                    .to_owned(),
            });
        }
        let mut package = Self {
            name: name.to_owned(),
            container: Container::open(bytes, name)?,
            types: ContentTypes::default(),
        };
        let types = package.text(TYPES)?;
        let mut elements = Elements::new(&types);
        loop {
            let (event, _) = elements
                .next()
                .map_err(|mistake| package.ill_formed(TYPES, &types, &mistake))?;
            match event {
                Event::Eof => break,
                Event::Start(tag) | Event::Empty(tag) => {
                    let (mut part, mut end, mut content_type) = Default::default();
                    for_each_attribute(&tag, |name, value| match name {
                        "PartName" => part = value.trim_start_matches('/').to_owned(),
                        "Extension" => end = value.to_ascii_lowercase(),
                        "ContentType" => content_type = value.to_owned(),
                        _ => {}
                    })
                    .map_err(|message| package.bad(TYPES, message))?;
                    let types = &mut package.types;
                    match local(tag.name().as_ref()) {
                        "Override" => drop(types.of_parts.insert(part, content_type)),
                        "Default" => drop(types.of_ends.insert(end, content_type)),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        Ok(package)
    }

    fn bad(&self, part: &str, message: String) -> FormatError {
        FormatError::Part {
            name: self.name.clone(),
            part: part.to_owned(),
            message,
        }
    }

    /// The names of the parts whose content type ends so, in the order of the file.
    pub(super) fn parts_of_type(&self, end: &str) -> impl Iterator<Item = &str> {
        self.container.names().filter(move |name| {
            self.types
                .of(name)
                .is_some_and(|found| found.ends_with(end))
        })
    }

    /// The parts that a part refers to: for each the relation's number, such as `rId1`, its type, and the part's name.
    ///
    /// # Errors
    /// [`FormatError::Part`] where the list of relations is damaged.
    pub(super) fn relations(&self, part: &str) -> Result<Vec<Relation>, FormatError> {
        let (folder, base) = part.rsplit_once('/').unwrap_or(("", part));
        let list = format!("{folder}/_rels/{base}.rels");
        let list = list.trim_start_matches('/');
        if !self.container.names().any(|name| name == list) {
            return Ok(Vec::new());
        }
        let text = self.text(list)?;
        let mut elements = Elements::new(&text);
        let mut out = Vec::new();
        loop {
            let (event, _) = elements
                .next()
                .map_err(|mistake| self.bad(list, mistake.message))?;
            match event {
                Event::Eof => return Ok(out),
                Event::Start(tag) | Event::Empty(tag)
                    if local(tag.name().as_ref()) == "Relationship" =>
                {
                    let mut relation = Relation::default();
                    for_each_attribute(&tag, |name, value| match name {
                        "Id" => value.clone_into(&mut relation.id),
                        "Type" => value.clone_into(&mut relation.kind),
                        "Target" => relation.part = resolve(folder, value),
                        _ => {}
                    })
                    .map_err(|message| self.bad(list, message))?;
                    out.push(relation);
                }
                _ => {}
            }
        }
    }

    /// That a part is damaged at a place of its text.
    pub(super) fn ill_formed(&self, part: &str, text: &str, mistake: &Mistake) -> FormatError {
        let at = text.floor_char_boundary(mistake.offset);
        let place = location_in(&text[..at], Location { line: 1, column: 1 });
        self.bad(part, format!("{place}: {}", mistake.message))
    }

    /// The text of a part.
    ///
    /// # Errors
    /// [`FormatError::Part`] where it is not there, can't be inflated or is no UTF-8.
    pub(super) fn text(&self, part: &str) -> Result<String, FormatError> {
        let bytes = self
            .container
            .read(part)?
            .ok_or_else(|| self.bad(part, "it is not there".to_owned()))?;
        String::from_utf8(bytes).map_err(|e| {
            let at = e.utf8_error().valid_up_to();
            self.bad(
                part,
                format!("byte {at} is no UTF-8 text; other encodings are not read"),
            )
        })
    }

    /// Writes the package with parts changed.
    ///
    /// # Errors
    /// [`FormatError::Write`].
    pub(super) fn write(
        &self,
        changed: &[(&str, String)],
        out: &mut dyn Write,
    ) -> Result<(), FormatError> {
        let of = |part: &str| {
            let found = changed.iter().find(|(name, _)| *name == part);
            found.map(|(_, text)| text.as_bytes())
        };
        self.container
            .write(of, out)
            .map_err(|source| FormatError::Write {
                name: self.name.clone(),
                source,
            })
    }
}

/// Whether a file that begins with these bytes is a package with parts in that folder, as far as they show it.
pub(super) fn is_begun_by(head: &[u8], folder: &str) -> bool {
    head.starts_with(b"PK") && memchr::memmem::find(head, folder.as_bytes()).is_some()
}

/// A part that another part refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Relation {
    pub(super) id: String,
    /// The address that stands for the kind of relation.
    pub(super) kind: String,
    pub(super) part: String,
}

/// The part that a target means which is relative to a folder.
fn resolve(folder: &str, target: &str) -> String {
    if let Some(whole) = target.strip_prefix('/') {
        return whole.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for name in target.split('/') {
        match name {
            "." | "" => {}
            ".." => drop(path.pop()),
            name => path.push(name),
        }
    }
    path.join("/")
}

/// The events of a part's XML, which has to be well-formed and without a document type.
pub(super) struct Elements<'t> {
    text: &'t str,
    tokens: Tokens<'t>,
    open: Vec<&'t str>,
}

impl<'t> Elements<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let start = text.len() - text.trim_start_matches('\u{FEFF}').len();
        Self {
            text,
            tokens: Tokens::new(text, start),
            open: Vec::new(),
        }
    }

    /// How many elements are open; a start tag's own is, an end tag's own is not.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The next event and the bytes it stands at.
    pub(super) fn next(&mut self) -> Result<(Event<'t>, Range<usize>), Mistake> {
        let (event, range) = self.tokens.next()?;
        let mistake = |message: String| Mistake {
            offset: range.start,
            message,
        };
        match &event {
            Event::Start(tag) => {
                let start = range.start + 1;
                self.open
                    .push(&self.text[start..start + tag.name().as_ref().len()]);
            }
            Event::End(_) => {
                let written = self.text[range.start + 2..range.end - 1].trim_ascii_end();
                match self.open.pop() {
                    Some(name) if name == written => {}
                    Some(name) => {
                        return Err(mistake(format!(
                            "`</{written}>` where `</{name}>` should be"
                        )));
                    }
                    None => return Err(mistake(format!("`</{written}>` ends nothing"))),
                }
            }
            Event::DocType(_) => {
                let message = "it has a document type, which parts may not have";
                return Err(mistake(message.to_owned()));
            }
            Event::Eof => {
                if let Some(name) = self.open.last() {
                    return Err(mistake(format!("it ends inside `{name}`")));
                }
            }
            _ => {}
        }
        Ok((event, range))
    }
}
