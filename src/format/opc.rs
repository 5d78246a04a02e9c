//! Packages of Open Packaging Conventions (ECMA-376, part 2): parts in a zip file, each with a content type. DOCX and
//! XLSX are such packages.

use std::collections::HashMap;
use std::io::Write;

use quick_xml::events::Event;

use super::FormatError;
use super::xml::{Tokens, for_each_attribute, local};
use super::zip::Container;

/// The part that says what the others are.
const TYPES: &str = "[Content_Types].xml";

/// A package in memory.
pub(super) struct Package {
    name: String,
    container: Container,
    /// The content types of parts that have their own.
    types: HashMap<String, String>,
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
            types: HashMap::new(),
        };
        let types = package.text(TYPES)?;
        let mut tokens = Tokens::new(&types, 0);
        loop {
            let (event, _) = tokens
                .next()
                .map_err(|mistake| package.bad(TYPES, mistake.message))?;
            match event {
                Event::Eof => break,
                Event::DocType(_) => {
                    return Err(package.bad(TYPES, "it has a document type".to_owned()));
                }
                Event::Start(tag) | Event::Empty(tag)
                    if local(tag.name().as_ref()) == "Override" =>
                {
                    let (mut part, mut content_type) = (String::new(), String::new());
                    for_each_attribute(&tag, |name, value| match name {
                        "PartName" => value.trim_start_matches('/').clone_into(&mut part),
                        "ContentType" => value.clone_into(&mut content_type),
                        _ => {}
                    })
                    .map_err(|message| package.bad(TYPES, message))?;
                    package.types.insert(part, content_type);
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
                .get(*name)
                .is_some_and(|found| found.ends_with(end))
        })
    }

    /// Whether there is a part of that name.
    pub(super) fn has(&self, part: &str) -> bool {
        self.container.names().any(|name| name == part)
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
