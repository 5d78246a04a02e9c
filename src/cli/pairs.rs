//! Which files go together, told by their names.
//!
//! | layout | pair |
//! | --- | --- |
//! | one folder | `NAME.ar.EXT` with `NAME.en.EXT`, or `NAME.ar` with `NAME.en`, in the same folder |
//! | one folder | `…/ar/…/NAME.EXT` with `…/en/…/NAME.EXT`: all alike but for a folder named after the language |
//! | two folders | the files at the same place in either; a language in their names does not matter |
//!
//! Folders are gone through with all folders in them. Files that are alike but for their ending go together where no other
//! choice is left. Hidden files and folders are not looked at.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::error::{CommandError, Doing};
use crate::format::output::Compression;
use crate::lang::{Lang, Sides};

/// Two documents that translate each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DocumentPair {
    /// The name that both share, with the folders that they are in.
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

/// The pairs in folders, and the files that are in none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FolderPairs {
    /// In the order of their names, no two of which are equal.
    pub(crate) pairs: Vec<DocumentPair>,
    /// In the order of their paths.
    pub(crate) left_over: Vec<PathBuf>,
}

/// Puts the files of a folder together.
pub(crate) fn pairs_of_folder(folder: &Path) -> Result<FolderPairs, CommandError> {
    let (mut files, mut left_over) = (Vec::new(), Vec::new());
    for place in files_in(folder)? {
        let path = folder.join(&place);
        match Candidate::of_place(&place, path) {
            Ok(candidate) => files.push(candidate),
            Err(path) => left_over.push(path),
        }
    }
    Ok(pair_up(files, left_over))
}

/// Puts the files of two folders together, the first with Arabic documents, the second with English ones.
pub(crate) fn pairs_of_folders(folders: Sides<&Path>) -> Result<FolderPairs, CommandError> {
    let mut files = Vec::new();
    for lang in Lang::BOTH {
        let folder = folders.get(lang);
        for place in files_in(folder)? {
            let path = folder.join(&place);
            files.push(Candidate::of_side(&place, path, lang));
        }
    }
    Ok(pair_up(files, Vec::new()))
}

/// The files in a folder and all folders in it, by their paths from there, in order.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, CommandError> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(place) = folders.pop() {
        let here = folder.join(&place);
        let cant = || format!("can't read the folder `{}`", here.display());
        for entry in std::fs::read_dir(&here).doing(cant)? {
            let entry = entry.doing(cant)?;
            let name = entry.file_name();
            if name.to_string_lossy().starts_with('.') {
                continue;
            }
            let place = place.join(name);
            // A link to a folder is not followed: it may lead back here.
            if entry.file_type().doing(cant)?.is_dir() {
                folders.push(place);
            } else if entry.path().is_file() {
                files.push(place);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A file that may be one side of a pair.
#[derive(Clone, Debug)]
struct Candidate {
    lang: Lang,
    key: Key,
    path: PathBuf,
}

/// What the files of a pair have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// The document's name, with the folders that it is in.
    name: String,
    /// The file's ending, without what packs it.
    ending: String,
}

impl Candidate {
    /// A file that says itself which language it is in; gives the path back where it doesn't.
    fn of_place(place: &Path, path: PathBuf) -> Result<Self, PathBuf> {
        let (name, ending, lang) = name_parts(place);
        let folders = folders_of(place);
        let in_folder = folders
            .iter()
            .rev()
            .position(|folder| Lang::from_tag(folder).is_some())
            .map(|behind| folders.len() - 1 - behind);
        let (lang, folders) = match (lang, in_folder) {
            (Some(lang), _) => (lang, folders),
            (None, Some(i)) => {
                let Some(lang) = Lang::from_tag(&folders[i]) else {
                    return Err(path);
                };
                let others = folders.iter().enumerate().filter(|(j, _)| *j != i);
                (lang, others.map(|(_, folder)| folder.clone()).collect())
            }
            (None, None) => return Err(path),
        };
        Ok(Self {
            lang,
            key: Key::new(&folders, &name, ending),
            path,
        })
    }

    /// A file of the folder of that language.
    fn of_side(place: &Path, path: PathBuf, lang: Lang) -> Self {
        let (name, ending, _) = name_parts(place);
        Self {
            lang,
            key: Key::new(&folders_of(place), &name, ending),
            path,
        }
    }
}

impl Key {
    fn new(folders: &[String], name: &str, ending: String) -> Self {
        let mut path = folders.join("/");
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(name);
        Self { name: path, ending }
    }
}

fn folders_of(place: &Path) -> Vec<String> {
    let folders = place.parent().unwrap_or(Path::new(""));
    folders
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect()
}

fn pair_up(files: Vec<Candidate>, mut left_over: Vec<PathBuf>) -> FolderPairs {
    let mut pairs: Vec<(Key, Sides<PathBuf>)> = Vec::new();
    let single = paired(files, |candidate| candidate.key.clone(), &mut pairs);
    // What is left may differ in its ending alone.
    let by_name = |candidate: &Candidate| candidate.key.name.clone();
    let single = paired(single, by_name, &mut pairs);
    left_over.extend(single.into_iter().map(|candidate| candidate.path));
    left_over.sort();
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    let named = pairs.iter().enumerate().map(|(i, (key, paths))| {
        // Those of one name stand side by side.
        let is_name_of = |other: Option<&(Key, _)>| other.is_some_and(|o| o.0.name == key.name);
        let is_repeated = is_name_of(pairs.get(i + 1))
            || is_name_of(i.checked_sub(1).and_then(|before| pairs.get(before)));
        DocumentPair {
            name: if is_repeated {
                format!("{}.{}", key.name, key.ending)
            } else {
                key.name.clone()
            },
            paths: paths.clone(),
        }
    });
    FolderPairs {
        pairs: named.collect(),
        left_over,
    }
}

/// Takes the files that have exactly one counterpart of the same key; gives back the others.
fn paired<K: Ord>(
    files: Vec<Candidate>,
    key: impl Fn(&Candidate) -> K,
    pairs: &mut Vec<(Key, Sides<PathBuf>)>,
) -> Vec<Candidate> {
    let mut by_key: BTreeMap<K, Sides<Vec<Candidate>>> = BTreeMap::new();
    for file in files {
        let sides = by_key.entry(key(&file)).or_default();
        sides.get_mut(file.lang).push(file);
    }
    let mut single = Vec::new();
    for Sides { mut ar, mut en } in by_key.into_values() {
        if let ([a], [e]) = (&ar[..], &en[..]) {
            let paths = Sides {
                ar: a.path.clone(),
                en: e.path.clone(),
            };
            pairs.push((a.key.clone(), paths));
        } else {
            single.append(&mut ar);
            single.append(&mut en);
        }
    }
    single
}

/// The name, the ending and the language in a file's name: `news.ar.txt.gz` gives `news`, `txt` and Arabic.
fn name_parts(path: &Path) -> (String, String, Option<Lang>) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let (name, _) = Compression::split_name(&name);
    let Some((stem, ending)) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) else {
        return (name.to_owned(), String::new(), None);
    };
    if let Some(lang) = Lang::from_tag(ending) {
        return (stem.to_owned(), String::new(), Some(lang));
    }
    let tagged = stem.rsplit_once('.').filter(|(name, _)| !name.is_empty());
    match tagged.and_then(|(name, tag)| Some((name, Lang::from_tag(tag)?))) {
        Some((name, lang)) => (name.to_owned(), ending.to_owned(), Some(lang)),
        None => (stem.to_owned(), ending.to_owned(), None),
    }
}

/// The name of a document: its file's name without folder, packing, ending and language.
pub(crate) fn document_name(path: &Path) -> String {
    name_parts(path).0
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
            (".ar.txt", ".ar"),
        ] {
            assert_eq!(document_name(path.as_ref()), name, "{path}");
        }
    }

    /// The names and files of the pairs, and what is left over.
    fn shown(found: &FolderPairs) -> (Vec<[&str; 3]>, Vec<&str>) {
        let pairs = found.pairs.iter().map(|pair| {
            let Sides { ar, en } = &pair.paths;
            [&*pair.name, ar.to_str().unwrap(), en.to_str().unwrap()]
        });
        let left_over = found.left_over.iter().map(|path| path.to_str().unwrap());
        (pairs.collect(), left_over.collect())
    }

    fn in_one_folder(files: &[&str]) -> FolderPairs {
        let mut left_over = Vec::new();
        let found = files.iter().filter_map(|file| {
            Candidate::of_place(file.as_ref(), file.into())
                .map_err(|path| left_over.push(path))
                .ok()
        });
        let found = found.collect();
        pair_up(found, left_over)
    }

    #[test]
    fn files_pair_up_by_name_and_ending() {
        let found = in_one_folder(&[
            "a.ar.txt",
            "a.en.md",
            "a.en.txt",
            "b.ar",
            "b.en",
            "c.en.txt",
            "notes.txt",
            "d.ar.md",
            "d.en.txt",
            "e.ar.txt",
            "e.ar-EG.txt",
            "e.en.txt",
        ]);
        let (pairs, left_over) = shown(&found);
        assert_eq!(
            pairs,
            [
                ["a", "a.ar.txt", "a.en.txt"],
                ["b", "b.ar", "b.en"],
                ["d", "d.ar.md", "d.en.txt"]
            ]
        );
        assert_eq!(
            left_over,
            [
                "a.en.md",
                "c.en.txt",
                "e.ar-EG.txt",
                "e.ar.txt",
                "e.en.txt",
                "notes.txt"
            ],
            "what could be paired in two ways is not guessed"
        );
    }

    #[test]
    fn a_folder_can_be_named_after_the_language() {
        let found = in_one_folder(&[
            "ar/news/x.html",
            "en/news/x.html",
            "guide/ar/x.md",
            "guide/en/x.md",
            "guide/en/only.md",
        ]);
        let (pairs, left_over) = shown(&found);
        assert_eq!(
            pairs,
            [
                ["guide/x", "guide/ar/x.md", "guide/en/x.md"],
                ["news/x", "ar/news/x.html", "en/news/x.html"]
            ]
        );
        assert_eq!(left_over, ["guide/en/only.md"]);
    }

    #[test]
    fn parallel_folders_need_no_language_in_the_names() {
        let side = |lang, place: &str| {
            let path = PathBuf::from(lang_folder(lang)).join(place);
            Candidate::of_side(place.as_ref(), path, lang)
        };
        let files = vec![
            side(Lang::Arabic, "x/one.txt"),
            side(Lang::Arabic, "one.txt"),
            side(Lang::Arabic, "two.ar.md"),
            side(Lang::English, "x/one.txt"),
            side(Lang::English, "one.txt"),
            side(Lang::English, "two.en.md"),
            side(Lang::English, "three.txt"),
        ];
        let found = pair_up(files, Vec::new());
        let (pairs, left_over) = shown(&found);
        assert_eq!(
            pairs,
            [
                ["one", "A/one.txt", "E/one.txt"],
                ["two", "A/two.ar.md", "E/two.en.md"],
                ["x/one", "A/x/one.txt", "E/x/one.txt"]
            ]
        );
        assert_eq!(left_over, ["E/three.txt"]);
    }

    fn lang_folder(lang: Lang) -> &'static str {
        match lang {
            Lang::Arabic => "A",
            Lang::English => "E",
        }
    }

    #[test]
    fn no_two_documents_have_one_name() {
        let found = in_one_folder(&["a.ar.txt", "a.en.txt", "a.ar.md", "a.en.md"]);
        let (pairs, _) = shown(&found);
        assert_eq!(
            pairs.iter().map(|pair| pair[0]).collect::<Vec<_>>(),
            ["a.md", "a.txt"]
        );
    }
}
