//! What there is in a bilingual XML file, as places in its text: files, units, segments.

use std::ops::Range;

use quick_xml::events::BytesStart;

use super::super::xml::{Mistake, for_each_attribute, local};

/// Which vocabulary a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vocabulary {
    /// XLIFF 1.0 to 1.2 and what is built on it.
    Xliff1(Flavour),
    /// XLIFF 2.0 to 2.2.
    Xliff2,
    /// Trados TagEditor.
    Ttx,
    /// Wordfast Pro.
    Txml,
}

impl Vocabulary {
    /// That of a root element; `None` where it is none that we know.
    pub(super) fn of_root(root: &str, attributes: &Attributes) -> Option<Self> {
        match local(root) {
            "xliff" if is_second(attributes) => Some(Self::Xliff2),
            "xliff" => Some(Self::Xliff1(Flavour::of_root(attributes))),
            "TRADOStag" => Some(Self::Ttx),
            "txml" => Some(Self::Txml),
            _ => None,
        }
    }

    /// What it calls a unit.
    pub(super) fn unit_name(self) -> &'static str {
        match self {
            Self::Xliff1(_) => "trans-unit",
            Self::Xliff2 => "unit",
            Self::Ttx => "Tu",
            Self::Txml => "segment",
        }
    }
}

/// Whether a root `xliff` is of the second version: as its namespace says, else its `version`.
fn is_second(attributes: &Attributes) -> bool {
    let declared = attributes.iter().find(|(name, value)| {
        (*name == "xmlns" || name.starts_with("xmlns:"))
            && value.starts_with("urn:oasis:names:tc:xliff:document:")
    });
    match declared {
        Some((_, value)) => value.starts_with("urn:oasis:names:tc:xliff:document:2."),
        None => attributes
            .get("version")
            .is_some_and(|version| version.starts_with("2.")),
    }
}

/// Whose XLIFF 1.2 it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavour {
    Plain,
    /// Trados Studio: SDLXLIFF.
    Trados,
    /// memoQ: MQXLIFF.
    MemoQ,
    /// Phrase (Memsource): MXLIFF.
    Phrase,
}

impl Flavour {
    /// That of a root `xliff`, by the namespaces that it declares.
    fn of_root(attributes: &Attributes) -> Self {
        let declares = |part: &str| {
            let mut all = attributes.iter();
            all.any(|(name, value)| name.starts_with("xmlns") && value.contains(part))
        };
        if declares("sdl.com/FileTypes/SdlXliff") {
            Self::Trados
        } else if declares("MQXliff") {
            Self::MemoQ
        } else if declares("memsource.com/mxlf") {
            Self::Phrase
        } else {
            Self::Plain
        }
    }
}

/// An element: its start tag and what is in it. An empty element has nothing in it, behind its tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) tag: Range<usize>,
    pub(super) content: Range<usize>,
    pub(super) attributes: Attributes,
}

/// Names and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// Those of a tag.
    ///
    /// # Errors
    /// Why it is not well-formed.
    pub(super) fn of(tag: &BytesStart<'_>) -> Result<Self, String> {
        let mut all = Vec::new();
        for_each_attribute(tag, |name, value| {
            all.push((name.to_owned(), value.to_owned()));
        })?;
        Ok(Self(all))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The first attribute with that name behind any prefix, as it is named.
    pub(super) fn find(&self, name: &str) -> Option<(&str, &str)> {
        let found = self.0.iter().find(|(n, _)| local(n) == name);
        found.map(|(n, value)| (n.as_str(), value.as_str()))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }
}

/// A `file` of XLIFF, or the whole of another vocabulary.
#[derive(Clone, Debug, Default)]
pub(super) struct FileElement {
    /// Its start tag, or that of the element that names the languages.
    pub(super) element: Element,
    pub(super) source: Option<String>,
    pub(super) target: Option<String>,
    /// `original`.
    pub(super) name: Option<String>,
}

/// A unit: `trans-unit`, `unit`, `Tu`, `segment`.
#[derive(Clone, Debug, Default)]
pub(super) struct Unit {
    /// From the `<` of its start tag to the `>` of its end tag.
    pub(super) range: Range<usize>,
    pub(super) element: Element,
    /// Its file, by number.
    pub(super) file: usize,
    /// Whether it or what it is in forbids translating.
    pub(super) frozen: bool,
    /// `source`, where the unit has one of its own.
    pub(super) source: Option<Element>,
    pub(super) seg_source: Option<Element>,
    pub(super) target: Option<Element>,
    /// Where a target that isn't there belongs: behind `source` or `seg-source`.
    pub(super) target_place: usize,
    /// Its segments, as a range of [`Parsed::segments`].
    pub(super) segments: Range<usize>,
    /// `seg-defs`, of SDLXLIFF.
    pub(super) seg_defs: Option<Element>,
    /// `matches`, of XLIFF 2.
    pub(super) matches: Option<Element>,
    pub(super) notes: Vec<Element>,
    /// Whether it has several segments, and a target that isn't cut into them.
    pub(super) uncut_target: bool,
    /// Why it can't be taken.
    pub(super) fault: Option<Mistake>,
}

impl Unit {
    /// The elements that hold its whole source.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Element> {
        self.source.iter().chain(&self.seg_source)
    }
}

/// A segment.
#[derive(Clone, Debug, Default)]
pub(super) struct Segment {
    /// The `mid` of its `mrk`, or its `id`.
    pub(super) id: Option<String>,
    /// The element of its own: `mrk` or `segment`.
    pub(super) element: Option<Element>,
    pub(super) source: Element,
    /// The element whose content is its translation.
    pub(super) target: Option<Element>,
    /// Where a target that isn't there belongs.
    pub(super) target_place: usize,
    /// `seg`, of SDLXLIFF.
    pub(super) seg_def: Option<Element>,
}

/// All that was found in a text.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) vocabulary: Vocabulary,
    pub(super) root: Element,
    pub(super) files: Vec<FileElement>,
    pub(super) units: Vec<Unit>,
    pub(super) segments: Vec<Segment>,
    /// What keeps the text from being well-formed, in order. At least one of each damaged unit.
    pub(super) damage: Vec<Mistake>,
}
