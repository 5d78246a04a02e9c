//! The kinds of files that can be filled: which there are, how one is told, how it is opened.
//!
//! A kind is told by the end of a file's name, in any case and before `.gz` or `.zst`; where ends are shared by kinds or
//! say nothing, by the first bytes.

use super::{FillableFile, OpenOptions, docx, html, strings, text, xlsx};
use crate::diagnostic::Diagnostic;
use crate::format::{FormatError, opc, output::Compression, po, xliff};

/// How many first bytes [`FileKind::of`] looks at.
pub const HEAD_BYTES: usize = 4096;

/// A kind of file that can be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileKind {
    /// Text alone.
    Text,
    /// CommonMark.
    Markdown,
    /// HTML.
    Html,
    /// WordprocessingML.
    Docx,
    /// SpreadsheetML.
    Xlsx,
    /// XLIFF and its kin.
    Xliff,
    /// PO and POT.
    Po,
    /// JSON of key and string.
    Json,
    /// YAML of key and string.
    Yaml,
    /// Java properties.
    Properties,
    /// Resources of Android.
    Android,
    /// SubRip and WebVTT.
    Subtitles,
}

/// Where a file keeps translations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// It has the source alone, and a translation takes its place.
    Monolingual,
    /// It has room for a target beside each source, and for the target's state.
    Bilingual,
}

impl FileKind {
    /// All kinds, in the order of lists for people.
    pub const ALL: [Self; 12] = [
        Self::Text,
        Self::Markdown,
        Self::Html,
        Self::Docx,
        Self::Xlsx,
        Self::Xliff,
        Self::Po,
        Self::Json,
        Self::Yaml,
        Self::Properties,
        Self::Android,
        Self::Subtitles,
    ];

    /// The name in options and reports, such as `markdown`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Xliff => "xliff",
            Self::Po => "po",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Properties => "properties",
            Self::Android => "android",
            Self::Subtitles => "subtitles",
        }
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Text => "plain text",
            Self::Markdown => "Markdown",
            Self::Html => "HTML",
            Self::Docx => "Word (DOCX)",
            Self::Xlsx => "Excel (XLSX)",
            Self::Xliff => "XLIFF 1.2 and 2, SDLXLIFF, MQXLIFF, MXLIFF, TTX, TXML",
            Self::Po => "PO, POT",
            Self::Json => "JSON of key and string",
            Self::Yaml => "YAML of key and string",
            Self::Properties => "Java properties",
            Self::Android => "Android strings",
            Self::Subtitles => "SubRip, WebVTT",
        }
    }

    /// The ends of file names that are its own, in lower case and without the dot.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Text => &["txt", "text"],
            Self::Markdown => &["md", "markdown"],
            Self::Html => &["html", "htm", "xhtml"],
            Self::Docx => &["docx", "docm", "dotx", "dotm"],
            Self::Xlsx => &["xlsx", "xlsm", "xltx", "xltm"],
            Self::Xliff => &[
                "xlf", "xliff", "sdlxliff", "mqxliff", "mxliff", "ttx", "txml",
            ],
            Self::Po => &["po", "pot"],
            Self::Json => &["json", "arb"],
            Self::Yaml => &["yaml", "yml"],
            Self::Properties => &["properties"],
            Self::Android => &["xml"],
            Self::Subtitles => &["srt", "vtt"],
        }
    }

    /// Where it keeps translations.
    pub fn shape(self) -> Shape {
        match self {
            Self::Text
            | Self::Markdown
            | Self::Html
            | Self::Docx
            | Self::Xlsx
            | Self::Json
            | Self::Yaml
            | Self::Properties
            | Self::Android
            | Self::Subtitles => Shape::Monolingual,
            Self::Xliff | Self::Po => Shape::Bilingual,
        }
    }

    /// Whether it is running text, which can be aligned with its translation.
    pub fn is_document(self) -> bool {
        match self {
            Self::Text | Self::Markdown | Self::Html | Self::Docx | Self::Subtitles => true,
            Self::Xlsx
            | Self::Xliff
            | Self::Po
            | Self::Json
            | Self::Yaml
            | Self::Properties
            | Self::Android => false,
        }
    }

    /// Whether its strings have keys, by which two files can be paired.
    pub fn has_keys(self) -> bool {
        matches!(
            self,
            Self::Json | Self::Yaml | Self::Properties | Self::Android
        )
    }

    /// What of it is not read, or left alone, in a phrase for people.
    pub fn limits(self) -> &'static str {
        match self {
            Self::Text => "UTF-8 or UTF-16; pages of a PDF's text are joined by align",
            Self::Markdown => "code, HTML and front matter are left alone",
            Self::Html => {
                "script, style, pre and translate=\"no\" are left alone; encoding from BOM or meta"
            }
            Self::Xlsx => {
                "formulas, numbers, heads of tables and comments are left alone; see `--columns`"
            }
            Self::Docx => "text of SmartArt, charts and embedded files is left alone",
            Self::Xliff => "written as 2.1; filled where well-formed, but for locked segments",
            Self::Po => {
                "written as a compendium; obsolete entries are read and not filled; plural forms beyond two are never confirmed"
            }
            Self::Json => "all values that are strings; keys are left alone; i18next plurals",
            Self::Yaml => {
                "all values that are strings; keys, aliases and tags are left alone; Rails plurals"
            }
            Self::Properties => "UTF-8, else ISO-8859-1; other characters as `\\u` escapes",
            Self::Android => {
                "string, string-array and plurals; references and translatable=\"false\" are left alone"
            }
            Self::Subtitles => "UTF-8, UTF-16 or windows-1256; a cue is a segment",
        }
    }

    /// The kind with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind of a file by its name and its first bytes, at least [`HEAD_BYTES`] of them or all. `None` where neither
    /// tells it; whether such a file is text is for the caller to say.
    ///
    /// ```
    /// use dhakira::format::fill::FileKind;
    /// assert_eq!(FileKind::of("notes/README.MD.gz", b""), Some(FileKind::Markdown));
    /// assert_eq!(FileKind::of("from-client", b"<xliff version=\"1.2\">"), Some(FileKind::Xliff));
    /// assert_eq!(FileKind::of("photo.png", b"\x89PNG"), None);
    /// ```
    pub fn of(name: &str, head: &[u8]) -> Option<Self> {
        let end = end_of(name).unwrap_or_default();
        // Files of many kinds end in `.xml`.
        let is_sure = |kind: &Self| *kind != Self::Android;
        let by_end = Self::ALL
            .into_iter()
            .find(|kind| kind.has_end(&end) && is_sure(kind));
        by_end.or_else(|| Self::ALL.into_iter().find(|kind| kind.is_begun_by(head)))
    }

    /// Whether a file of this kind begins like that; of kinds that have no beginning of their own, none does.
    fn is_begun_by(self, head: &[u8]) -> bool {
        match self {
            Self::Text
            | Self::Markdown
            | Self::Json
            | Self::Yaml
            | Self::Properties
            | Self::Subtitles => false,
            Self::Po => po::is_begun_by(head),
            Self::Android => strings::android::is_begun_by(head),
            Self::Html => html::is_begun_by(head),
            Self::Docx => opc::is_begun_by(head, "word/"),
            Self::Xlsx => opc::is_begun_by(head, "xl/"),
            Self::Xliff => xliff::is_root_in(head),
        }
    }

    /// Whether a file of that name may be of some kind: its end is one of theirs.
    pub fn claims(name: &str) -> bool {
        end_of(name).is_some_and(|end| Self::ALL.into_iter().any(|kind| kind.has_end(&end)))
    }

    fn has_end(self, end: &str) -> bool {
        self.extensions().contains(&end)
    }

    /// Reads a file of this kind. `name` stands for it in messages; `report` gets what is odd about it.
    ///
    /// # Errors
    /// What keeps the file from being read whole.
    pub fn open(
        self,
        bytes: Vec<u8>,
        name: &str,
        options: &OpenOptions,
        report: &mut dyn FnMut(Diagnostic),
    ) -> Result<Box<dyn FillableFile>, FormatError> {
        match self {
            Self::Text => text::open(bytes, name, options, report),
            Self::Markdown => text::open_markdown(bytes, name, options, report),
            Self::Html => html::open(bytes, name, options, report),
            Self::Docx => docx::open(bytes, name, options, report),
            Self::Xlsx => xlsx::open(bytes, name, options, report),
            Self::Xliff => xliff::open(bytes, name, options, report),
            Self::Po => po::open(bytes, name, options, report),
            Self::Json => strings::json::open(bytes, name, options, report),
            Self::Yaml => strings::yaml::open(bytes, name, options, report),
            Self::Properties => strings::properties::open(bytes, name, options, report),
            Self::Android => strings::android::open(bytes, name, options, report),
            Self::Subtitles => strings::subtitles::open(bytes, name, options, report),
        }
    }
}

/// The end of a name, in lower case, without what says how the file is compressed.
fn end_of(name: &str) -> Option<String> {
    let (name, _) = Compression::split_name(name);
    let (_, end) = name.rsplit_once('.')?;
    Some(end.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_that_name_xliff_are_resources() {
        let head = b"<?xml version='1.0'?>\n<!DOCTYPE resources [<!ENTITY app 'App'>]>\n\
            <resources xmlns:xliff='urn:oasis:names:tc:xliff:document:1.2'>";
        assert_eq!(FileKind::of("strings.xml", head), Some(FileKind::Android));
        let xliff = b"<x:xliff xmlns:x='urn:oasis:names:tc:xliff:document:1.2'>";
        assert_eq!(FileKind::of("a.xml", xliff), Some(FileKind::Xliff));
    }

    #[test]
    fn names_and_ends_are_no_two_kinds() {
        let mut names: Vec<_> = FileKind::ALL.map(FileKind::name).to_vec();
        names.extend(FileKind::ALL.iter().flat_map(|kind| kind.extensions()));
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        // `text` is a name and an end of the same kind, and so on.
        let shared = FileKind::ALL.iter();
        let shared = shared.filter(|kind| kind.extensions().contains(&kind.name()));
        assert_eq!(names.len() + shared.count(), all);
    }

    #[test]
    fn kinds_are_found_by_their_names() {
        for kind in FileKind::ALL {
            assert_eq!(FileKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(FileKind::from_name("Text"), None);
    }
}
