//! Which files go together: `NAME.ar.EXT` with `NAME.en.EXT`, or `NAME.ar` with `NAME.en`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::{CommandError, Doing};
use crate::lang::{Lang, Sides};

/// Two documents that translate each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DocumentPair {
    /// The name that both share.
    pub(crate) name: String,
    /// The files.
    pub(crate) paths: Sides<PathBuf>,
}

impl DocumentPair {
    /// Two files that the user put together, named after the Arabic one.
    pub(crate) fn of_files(ar: &Path, en: &Path) -> Self {
        Self {
            name: document_name(ar),
            paths: Sides {
                ar: ar.to_owned(),
                en: en.to_owned(),
            },
        }
    }
}

/// The pairs in a folder, and the files that are in none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FolderPairs {
    /// In the order of their names.
    pub(crate) pairs: Vec<DocumentPair>,
    /// In the order of their names; hidden files are not looked at.
    pub(crate) left_over: Vec<PathBuf>,
}

/// Puts the files of a folder together; does not go into the folders in it.
pub(crate) fn pairs_of_folder(folder: &Path) -> Result<FolderPairs, CommandError> {
    let cant = || format!("can't read the folder `{}`", folder.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).doing(cant)? {
        let path = entry.doing(cant)?.path();
        let hidden = file_name(&path).starts_with('.');
        if path.is_file() && !hidden {
            files.push(path);
        }
    }
    files.sort();
    Ok(pair_up(files))
}

fn pair_up(files: Vec<PathBuf>) -> FolderPairs {
    // By the name without its language; with more than one file for a side, those behind the first are left over.
    let mut sides: BTreeMap<String, Sides<Option<PathBuf>>> = BTreeMap::new();
    let mut found = FolderPairs::default();
    for path in files {
        let slot = language_of(&path)
            .map(|(lang, key)| sides.entry(key).or_default().get_mut(lang))
            .filter(|slot| slot.is_none());
        match slot {
            Some(slot) => *slot = Some(path),
            None => found.left_over.push(path),
        }
    }
    for side in sides.into_values() {
        match (side.ar, side.en) {
            (Some(ar), Some(en)) => found.pairs.push(DocumentPair::of_files(&ar, &en)),
            (ar, en) => found.left_over.extend(ar.or(en)),
        }
    }
    found.left_over.sort();
    found
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The name of a document's file without what packs it.
fn unpacked_name(path: &Path) -> String {
    let name = file_name(path);
    match name.rsplit_once('.') {
        Some((stem, end)) if end.eq_ignore_ascii_case("gz") || end.eq_ignore_ascii_case("zst") => {
            stem.to_owned()
        }
        _ => name,
    }
}

/// The language that a file's name gives, and the name without it: `news.ar.txt` gives Arabic and `news\u{0}txt`.
fn language_of(path: &Path) -> Option<(Lang, String)> {
    let name = unpacked_name(path);
    let (stem, end) = name.rsplit_once('.')?;
    if let Some(lang) = Lang::from_tag(end) {
        return Some((lang, format!("{stem}\0")));
    }
    let (stem, tag) = stem.rsplit_once('.')?;
    Some((Lang::from_tag(tag)?, format!("{stem}\0{end}")))
}

/// The name of a document: its file's name without folder, packing, ending and language.
pub(crate) fn document_name(path: &Path) -> String {
    if let Some((_, key)) = language_of(path) {
        return key.split('\0').next().unwrap_or_default().to_owned();
    }
    let name = unpacked_name(path);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_named_after_its_file() {
        for (path, name) in [
            ("a/bbc.12.ar.txt", "bbc.12"),
            ("news.ar-EG.md.gz", "news"),
            ("ntrex.ar", "ntrex"),
            ("article.txt", "article"),
            ("مقال.ar.txt", "مقال"),
            ("plain", "plain"),
        ] {
            assert_eq!(document_name(path.as_ref()), name, "{path}");
        }
    }

    #[test]
    fn files_pair_up_by_name_and_ending() {
        let files = [
            "x/a.ar.txt",
            "x/a.en.md",
            "x/a.en.txt",
            "x/b.ar",
            "x/b.en",
            "x/c.en.txt",
            "x/notes.txt",
        ];
        let found = pair_up(files.map(PathBuf::from).to_vec());
        let pairs: Vec<_> = found
            .pairs
            .iter()
            .map(|p| {
                (
                    p.name.as_str(),
                    p.paths.ar.to_str().unwrap(),
                    p.paths.en.to_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            pairs,
            [("a", "x/a.ar.txt", "x/a.en.txt"), ("b", "x/b.ar", "x/b.en")]
        );
        assert_eq!(
            found.left_over,
            ["x/a.en.md", "x/c.en.txt", "x/notes.txt"].map(PathBuf::from)
        );
    }
}
