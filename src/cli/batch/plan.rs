//! Which files a batch has, and where each goes.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::cli::error::{CommandError, Doing};
use crate::format::fill::FileKind;

/// What is added to the name of a file that is replaced, for a copy of what it was; a number follows where that name is
/// taken: `.bak`, `.bak2`, `.bak3`.
pub(crate) const BACKUP: &str = ".bak";

/// Where the files of a batch go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outputs {
    /// The only one to standard output.
    Stdout,
    /// The only one to this file.
    File(PathBuf),
    /// Into this folder, each under its path in the folder that was named, or its name.
    Folder(PathBuf),
    /// Each into its own place.
    InPlace,
}

/// Where a file goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// To standard output.
    Stdout,
    /// To another file.
    File(PathBuf),
    /// Into its own place.
    Itself,
}

/// A file of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BatchFile {
    /// The file; `-` is stdin.
    pub(crate) input: PathBuf,
    /// Where it goes.
    pub(crate) place: Place,
    /// Whether it was found in a folder, rather than named.
    pub(crate) found: bool,
}

/// What is to be done, and what is left alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The files in order: as named, those of a folder by their paths.
    pub(crate) files: Vec<BatchFile>,
    /// How many files of the folders have names of no kind that can be filled.
    pub(crate) others: u64,
}

impl Outputs {
    /// What `--output` and `--in-place` say for these inputs.
    pub(crate) fn of(
        inputs: &[PathBuf],
        output: Option<&Path>,
        in_place: bool,
    ) -> Result<Self, CommandError> {
        let is_stdin = |path: &PathBuf| path == Path::new("-");
        if in_place {
            return if inputs.iter().any(is_stdin) {
                Err(CommandError::user(
                    "stdin has no place that --in-place could write to",
                ))
            } else {
                Ok(Self::InPlace)
            };
        }
        let several = inputs.len() > 1 || inputs.iter().any(|input| input.is_dir());
        match output {
            None if several => Err(CommandError::user("several files can't go to stdout").hint(
                "name a folder for them with --output FOLDER, or replace them with --in-place",
            )),
            Some(path) if path == Path::new("-") && several => {
                Err(CommandError::user("several files can't go to stdout"))
            }
            None => Ok(Self::Stdout),
            Some(path) if path == Path::new("-") => Ok(Self::Stdout),
            Some(path) if several && path.exists() && !path.is_dir() => {
                Err(CommandError::user(format!(
                    "`{}` is a file, and several are to be written",
                    path.display()
                ))
                .hint("name a folder with --output FOLDER"))
            }
            Some(path) if several || path.is_dir() || ends_with_separator(path) => {
                Ok(Self::Folder(path.to_owned()))
            }
            Some(path) => Ok(Self::File(path.to_owned())),
        }
    }
}

fn ends_with_separator(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().ends_with(b"/")
}

/// Finds the files of `inputs`, those of folders recursively, and their places.
///
/// Left out of folders: what is hidden, locks of Office (`~$report.docx`), links to folders, the output folder, and files whose names no kind claims.
///
/// # Errors
/// Where a folder can't be read, two files would go to one place, or a file would be written over an input.
pub(crate) fn plan(inputs: &[PathBuf], outputs: &Outputs) -> Result<Plan, CommandError> {
    let mut plan = Plan::default();
    let mut add = |input: PathBuf, relative: &Path, found: bool| {
        let place = match outputs {
            Outputs::Stdout => Place::Stdout,
            Outputs::File(path) => Place::File(path.clone()),
            Outputs::Folder(folder) => Place::File(folder.join(relative)),
            Outputs::InPlace => Place::Itself,
        };
        plan.files.push(BatchFile {
            input,
            place,
            found,
        });
    };
    for input in inputs {
        if !input.is_dir() {
            let name = input.file_name().map_or(Path::new("stdin"), Path::new);
            add(input.clone(), name, false);
            continue;
        }
        let spared = match outputs {
            Outputs::Folder(folder) => folder.canonicalize().ok(),
            _ => None,
        };
        for path in files_below(input, spared.as_deref())? {
            if FileKind::claims(&path.to_string_lossy()) {
                let relative = path.strip_prefix(input).unwrap_or(&path).to_owned();
                add(path, &relative, true);
            } else {
                plan.others += 1;
            }
        }
    }
    check(&mut plan.files)?;
    Ok(plan)
}

/// The files of a folder and those in it, by their paths.
fn files_below(folder: &Path, spared: Option<&Path>) -> Result<Vec<PathBuf>, CommandError> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let cant = || format!("can't read the folder `{}`", folder.display());
        for entry in std::fs::read_dir(&folder).doing(cant)? {
            let entry = entry.doing(cant)?;
            let path = entry.path();
            let kind = entry.file_type().doing(cant)?;
            if is_of_no_use(&entry.file_name()) {
                continue;
            }
            if kind.is_dir() {
                let is_spared = spared.is_some() && path.canonicalize().ok().as_deref() == spared;
                if !is_spared {
                    folders.push(path);
                }
            } else if path.is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a name is hidden, or that of the file that Office keeps beside a document while it is open.
fn is_of_no_use(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") || name.starts_with(b"~$")
}

/// Takes out what is named twice; refuses what would be written twice or over an input.
fn check(files: &mut Vec<BatchFile>) -> Result<(), CommandError> {
    let mut inputs = FxHashSet::default();
    let mut places: FxHashMap<PathBuf, PathBuf> = FxHashMap::default();
    let mut clash = None;
    files.retain(|file| {
        // A file that is not there is reported when it is its turn.
        let is_new = match file.input.canonicalize() {
            Ok(input) => inputs.insert(input),
            Err(_) => true,
        };
        if is_new
            && let Place::File(place) = &file.place
            && let Some(other) = places.insert(place.clone(), file.input.clone())
        {
            clash.get_or_insert((other, file.clone()));
        }
        is_new
    });
    if let Some((other, file)) = clash {
        return Err(CommandError::user(format!(
            "`{}` and `{}` would be written to the same file",
            other.display(),
            file.input.display()
        ))
        .hint("name the folder that they are in instead of the files, or do them one by one"));
    }
    for place in places.keys() {
        let is_input = place
            .canonicalize()
            .is_ok_and(|place| inputs.contains(&place));
        if is_input {
            return Err(CommandError::user(format!(
                "the output `{}` is an input as well",
                place.display()
            ))
            .hint("write to another place, or replace the files with --in-place"));
        }
    }
    Ok(())
}

/// A name for a copy of `path` that is not taken.
pub(crate) fn backup_path(path: &Path) -> PathBuf {
    let named = |end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    let numbered = (2_u64..).map(|n| named(&format!("{BACKUP}{n}")));
    let mut names = std::iter::once(named(BACKUP)).chain(numbered);
    names
        .find(|name| name.symlink_metadata().is_err())
        .unwrap_or_else(|| named(BACKUP))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "نعم").unwrap();
        }
        folder
    }

    #[test]
    fn the_structure_of_a_folder_is_kept() {
        let folder = folder(&[
            "in/b.txt",
            "in/a/c.md",
            "in/a/photo.png",
            "in/.git/x.txt",
            "in/a/~$c.docx",
            "in/out/old.txt",
            "d.txt",
        ]);
        let at = |name: &str| folder.path().join(name);
        let inputs = [at("d.txt"), at("in"), at("in/b.txt")];
        let outputs = Outputs::of(&inputs, Some(&at("in/out")), false).unwrap();
        let plan = plan(&inputs, &outputs).unwrap();
        let places: Vec<_> = plan
            .files
            .iter()
            .map(|file| (file.input.clone(), file.place.clone(), file.found))
            .collect();
        let to = |name: &str| Place::File(at("in/out").join(name));
        assert_eq!(
            places,
            [
                (at("d.txt"), to("d.txt"), false),
                (at("in/a/c.md"), to("a/c.md"), true),
                (at("in/b.txt"), to("b.txt"), true),
            ]
        );
        assert_eq!(plan.others, 1);
    }

    #[test]
    fn nothing_is_written_twice_or_over_an_input() {
        let folder = folder(&["a/x.txt", "b/x.txt"]);
        let at = |name: &str| folder.path().join(name);
        let message = |inputs: &[PathBuf], output: &str| {
            let outputs = Outputs::of(inputs, Some(&at(output)), false).unwrap();
            plan(inputs, &outputs).unwrap_err().to_string()
        };
        assert!(message(&[at("a/x.txt"), at("b/x.txt")], "out").contains("the same file"));
        assert!(message(&[at("a")], "a").contains("--in-place"));
        assert!(message(&[at("a/x.txt")], "a/../a/x.txt").contains("is an input"));
    }

    #[test]
    fn several_files_need_a_folder() {
        let folder = folder(&["x.txt", "y.txt"]);
        let at = |name: &str| folder.path().join(name);
        let both = [at("x.txt"), at("y.txt")];
        assert!(Outputs::of(&both, None, false).is_err());
        assert!(Outputs::of(&both, Some(Path::new("-")), false).is_err());
        assert!(Outputs::of(&both, Some(&at("x.txt")), false).is_err());
        assert_eq!(Outputs::of(&both, None, true).unwrap(), Outputs::InPlace);
        assert_eq!(
            Outputs::of(&both[..1], None, false).unwrap(),
            Outputs::Stdout
        );
        assert!(matches!(
            Outputs::of(&both[..1], Some(Path::new("new/")), false).unwrap(),
            Outputs::Folder(_)
        ));
        assert!(Outputs::of(&["-".into()], None, true).is_err());
    }

    #[test]
    fn backups_never_replace_each_other() {
        let folder = folder(&["x.po", "x.po.bak", "x.po.bak2"]);
        let path = folder.path().join("x.po");
        assert_eq!(backup_path(&path), folder.path().join("x.po.bak3"));
    }
}
