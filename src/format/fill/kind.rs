//! The kinds of files that can be filled: which there are, how one is told, how it is opened.
//!
//! A kind is told by the end of a file's name, in any case and before `.gz` or `.zst`; where ends are shared by kinds or
//! say nothing, by the first bytes.

use super::{FillableFile, OpenOptions, text};
use crate::diagnostic::Diagnostic;
use crate::format::{FormatError, output::Compression, xliff};

/// How many first bytes [`FileKind::of`] looks at.
pub const HEAD_BYTES: usize = 4096;

/// A kind of file that can be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileKind {
    /// Text alone.
    Text,
    /// CommonMark.
    Markdown,
    /// XLIFF and its kin.
    Xliff,
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
    pub const ALL: [Self; 3] = [Self::Text, Self::Markdown, Self::Xliff];

    /// The name in options and reports, such as `markdown`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Xliff => "xliff",
        }
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Text => "plain text",
            Self::Markdown => "Markdown",
            Self::Xliff => "XLIFF 1.2 and 2, SDLXLIFF, MQXLIFF, MXLIFF, TTX, TXML",
        }
    }

    /// The ends of file names that are its own, in lower case and without the dot.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Text => &["txt", "text"],
            Self::Markdown => &["md", "markdown"],
            Self::Xliff => &[
                "xlf", "xliff", "sdlxliff", "mqxliff", "mxliff", "ttx", "txml",
            ],
        }
    }

    /// Where it keeps translations.
    pub fn shape(self) -> Shape {
        match self {
            Self::Text | Self::Markdown => Shape::Monolingual,
            Self::Xliff => Shape::Bilingual,
        }
    }

    /// What of it is not read, or left alone, in a phrase for people.
    pub fn limits(self) -> &'static str {
        match self {
            Self::Text => "UTF-8 or UTF-16",
            Self::Markdown => "code, HTML and front matter are left alone",
            Self::Xliff => "written as 2.1; filled where well-formed, but for locked segments",
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
        let by_end = Self::ALL.into_iter().find(|kind| kind.has_end(&end));
        by_end.or_else(|| Self::ALL.into_iter().find(|kind| kind.is_begun_by(head)))
    }

    /// Whether a file of this kind begins like that; of kinds that have no beginning of their own, none does.
    fn is_begun_by(self, head: &[u8]) -> bool {
        match self {
            Self::Text | Self::Markdown => false,
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
            Self::Xliff => xliff::open(bytes, name, options, report),
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
