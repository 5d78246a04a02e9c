//! Two files of the same keys as a source of units: `en.yml` with `ar.yml`, `values/strings.xml` with `values-ar/strings.xml`,
//! JSON, Java properties.
//!
//! A string goes with the string of the same key, and of the same plural form where it is one; a form that the other file
//! lacks goes with its form `other`, since English has two forms where Arabic has six. The unit's document is the English file,
//! its position that of the string in the Arabic one; the key is the property `resname`, as in XLIFF, and a plural form
//! `plural-form`.
//!
//! Rejected: a key that the other file lacks, and a string that is the same in both files, which nobody has translated.
//! Both files may be of different kinds. Cost: linear; both files are held.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::error::FormatError;
use super::fill::{FileBytes, FileKind, FillableFile, HEAD_BYTES, OpenOptions, Slot};
use super::{Record, Sink, excerpt, first_forbidden, forbidden_message};
use crate::diagnostic::{Diagnostic, Location, Severity};
use crate::lang::{Lang, Sides};
use crate::unit::{DraftUnit, Origin};

/// A file of keys and strings.
pub struct KeyFile {
    name: String,
    file: Box<dyn FillableFile>,
    remarks: Vec<Diagnostic>,
}

impl KeyFile {
    /// Reads a file.
    ///
    /// # Errors
    /// As [`FileBytes::read`] and [`FileKind::open`]; [`FormatError::NoKeys`] where its kind has no keys.
    pub fn open(path: &Path) -> Result<Self, FormatError> {
        let name = path.display().to_string();
        let bytes = FileBytes::read(path)?.bytes;
        let kind = FileKind::of(&name, &bytes[..bytes.len().min(HEAD_BYTES)]);
        let Some(kind) = kind.filter(|kind| kind.has_keys()) else {
            return Err(FormatError::NoKeys { name });
        };
        let mut remarks = Vec::new();
        let file = kind.open(bytes, &name, &OpenOptions::default(), &mut |remark| {
            remarks.push(remark);
        })?;
        Ok(Self {
            name,
            file,
            remarks,
        })
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn lang(&self) -> Option<Lang> {
        let texts = self.file.slots().iter();
        Lang::of_text(&texts.map(|slot| &*slot.source.text).collect::<String>())
    }
}

/// Reads units into `sink`: of all keys of the Arabic file, then those that it lacks. Returns how many keys there are.
pub fn read(mut files: Sides<KeyFile>, sink: &mut Sink<'_>) -> u64 {
    let mut count = 0;
    let _ = read_all(&mut files, &mut count, sink);
    count
}

fn read_all(
    files: &mut Sides<KeyFile>,
    count: &mut u64,
    sink: &mut Sink<'_>,
) -> std::ops::ControlFlow<()> {
    for lang in Lang::BOTH {
        for remark in std::mem::take(&mut files.get_mut(lang).remarks) {
            let message = format!("in `{}`: {}", files.get(lang).name, remark.message);
            sink(Record::Remark(Diagnostic { message, ..remark }))?;
        }
    }
    if (files.ar.lang(), files.en.lang()) == (Some(Lang::English), Some(Lang::Arabic)) {
        std::mem::swap(&mut files.ar, &mut files.en);
        sink(Record::Remark(Diagnostic {
            severity: Severity::Warning,
            location: None,
            message: format!(
                "the Arabic file is `{}`; taken the other way round",
                files.ar.name
            ),
        }))?;
    }
    let english = files.en.file.slots();
    let mut by_key: FxHashMap<(&str, &str), &Slot> = FxHashMap::default();
    for slot in english {
        by_key.entry(place(slot)).or_insert(slot);
    }
    let mut arabic = FxHashSet::default();
    for (position, slot) in files.ar.file.slots().iter().enumerate() {
        *count += 1;
        let (name, form) = place(slot);
        arabic.insert(name);
        let found = by_key.get(&(name, form));
        sink(match found.or_else(|| by_key.get(&(name, OTHER))) {
            Some(other) => pair(slot, other, &files.en.name, position),
            None => rejected(
                slot,
                format!("the key `{name}` is not in `{}`", files.en.name),
            ),
        })?;
    }
    for slot in english {
        let (name, _) = place(slot);
        // Of a message with several forms once.
        if arabic.insert(name) {
            *count += 1;
            let message = format!(
                "the key `{name}` is missing; it is in line {} of `{}`",
                slot.line, files.en.name
            );
            sink(Record::Rejected {
                diagnostic: Diagnostic {
                    severity: Severity::Error,
                    location: None,
                    message,
                },
                raw: excerpt(slot.source.text.as_bytes()),
            })?;
        }
    }
    std::ops::ControlFlow::Continue(())
}

/// The form that stands in for all others.
const OTHER: &str = "other";

/// The key without the plural form, and the form.
fn place(slot: &Slot) -> (&str, &str) {
    let key = slot.key.as_deref().unwrap_or_default();
    let Some(form) = slot.form.as_deref() else {
        return (key, "");
    };
    let name = key.strip_suffix(form).unwrap_or(key);
    (name.strip_suffix(['.', '_']).unwrap_or(name), form)
}

fn rejected(slot: &Slot, message: String) -> Record {
    let location = Location {
        line: slot.line,
        column: 1,
    };
    Record::Rejected {
        diagnostic: Diagnostic::error(location, message),
        raw: excerpt(slot.source.text.as_bytes()),
    }
}

fn pair(ar: &Slot, en: &Slot, document: &str, position: usize) -> Record {
    if ar.source.text == en.source.text {
        return rejected(ar, "the same in both files, so not translated".to_owned());
    }
    let forbidden = [ar, en]
        .into_iter()
        .find_map(|slot| first_forbidden(&slot.source.text));
    if let Some((_, c)) = forbidden {
        return rejected(ar, forbidden_message(c));
    }
    let (key, form) = place(ar);
    let mut properties = Vec::new();
    for (name, value) in [("resname", key), ("plural-form", form)] {
        if !value.is_empty() && first_forbidden(value).is_none() {
            properties.push((name.to_owned(), value.to_owned()));
        }
    }
    let origin = Origin {
        document: Some(document.to_owned()),
        position: u32::try_from(position).ok(),
        properties,
        ..Origin::default()
    };
    match DraftUnit::coded(&ar.source, &en.source, origin) {
        Ok(draft) => Record::Unit(draft),
        Err(blank) => rejected(ar, blank.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_files(files: [(&str, &str); 2]) -> (Vec<DraftUnit>, Vec<String>, u64) {
        let folder = tempfile::tempdir().unwrap();
        let [ar, en] = files.map(|(name, text)| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            KeyFile::open(&path).unwrap()
        });
        let (mut units, mut said) = (Vec::new(), Vec::new());
        let count = read(Sides { ar, en }, &mut |record| {
            match record {
                Record::Unit(unit) => units.push(unit),
                Record::Rejected { diagnostic, .. } | Record::Remark(diagnostic) => {
                    let said_of = diagnostic.to_string();
                    let folder = format!("{}/", folder.path().display());
                    said.push(said_of.replace(&folder, ""));
                }
            }
            std::ops::ControlFlow::Continue(())
        });
        (units, said, count)
    }

    const AR: &str = "ar:\n  a: نعم\n  same: OK\n  gone: ذهب\n  files:\n    one: ملف\n    few: ملفات\n    other: ملفًا\n";
    const EN: &str =
        "en:\n  files:\n    one: file\n    other: files\n  a: 'Yes'\n  same: OK\n  new: New\n";

    #[test]
    fn strings_of_one_key_are_a_unit() {
        let (units, said, count) = read_files([("ar.yml", AR), ("en.yml", EN)]);
        let pairs: Vec<_> = units
            .iter()
            .map(|unit| (unit.text.ar.as_str(), unit.text.en.as_str()))
            .collect();
        assert_eq!(
            pairs,
            [
                ("نعم", "Yes"),
                ("ملف", "file"),
                ("ملفات", "files"),
                ("ملفًا", "files")
            ]
        );
        assert_eq!(units[2].origin.position, Some(4));
        let property = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let few = [property("resname", "files"), property("plural-form", "few")];
        assert_eq!(units[2].origin.properties, few);
        assert_eq!(
            said,
            [
                "3:1: the same in both files, so not translated",
                "4:1: the key `gone` is not in `en.yml`",
                "the key `new` is missing; it is in line 7 of `en.yml`"
            ]
        );
        assert_eq!(count, 7);
    }

    #[test]
    fn files_of_different_kinds_pair_up_and_either_may_come_first() {
        let json = "{\"a\": \"Yes\", \"gone\": \"Gone\"}";
        let (units, said, _) = read_files([("en.json", json), ("ar.yml", AR)]);
        assert_eq!(units.len(), 2);
        assert_eq!(units[0].text.en, "Yes");
        assert!(said[0].ends_with("taken the other way round"), "{said:?}");
    }
}
