//! Files of strings without their translations: JSON, YAML, Java properties, Android resources, subtitles. A filling takes
//! the place of its string.
//!
//! file ──parser of the format──▶ `StringSlot`* ──`StringFile`──▶ slots, and the file with some of them replaced.
//!
//! Placeholders of all kinds are part of the text, but for those that the file marks up as such. Messages with plural
//! forms have a slot for each form; an ICU message (`{n, plural, one {…}}`) is one text.
//!
//! **Plural forms** are those of CLDR: `zero`, `one`, `two`, `few`, `many` and `other` in Arabic, `one` and `other` in English.
//! Where `other` is filled in Arabic, the forms that the message lacks are added with its text, which is what a program
//! takes without them, and reported: a memory does not know the forms of a noun.
//!
//! **Language.** A file that says which language it is in, such as YAML with `en:` at its root, is turned to the language
//! that it is filled in. Where its text is in the other script already it is taken as the name of the target: a copy
//! that somebody began to translate.

pub mod android;
pub mod json;
mod plural;
pub mod properties;
pub mod subtitles;
pub mod yaml;

use std::io::Write;
use std::ops::Range;

use super::{FillOptions, FillableFile, Filling, Languages, Slot};
use crate::coded::Coded;
use crate::diagnostic::{Diagnostic, Location};
use crate::format::FormatError;
use crate::format::encoded::EncodedText;
use crate::lang::Lang;
use plural::{Category, PluralSet};

/// Where a slot's text stands, and how it is written there.
struct StringSlot<T> {
    range: Range<usize>,
    style: T,
}

/// A format of strings.
trait StringFormat: Send {
    /// How one string is written.
    type Style: Send;

    /// A translation as it is to stand in the file, or why it can't.
    fn written(
        file: &EncodedText,
        source: &Coded,
        target: &Coded,
        style: &Self::Style,
    ) -> Result<String, String>;

    /// A plural form that the file doesn't have, with its key and with what sets it apart from the form at byte `at`, in
    /// front of which it goes. `style` is that of the form [`Category::Other`]. `None` in formats without plural forms.
    fn added_form(
        _file: &EncodedText,
        _at: usize,
        _key: &str,
        _target: &Coded,
        _style: &Self::Style,
    ) -> Option<Result<String, String>> {
        None
    }
}

/// Where a file says which language it is in.
struct NamedLanguage {
    /// What is to be replaced, without quotes.
    range: Range<usize>,
    tag: String,
}

/// A file of strings.
struct StringFile<F: StringFormat> {
    file: EncodedText,
    slots: Vec<Slot>,
    /// For each slot.
    places: Vec<StringSlot<F::Style>>,
    language: Option<NamedLanguage>,
    plurals: Vec<PluralSet>,
}

type Edits = Vec<(Range<usize>, String)>;

impl<F: StringFormat> StringFile<F> {
    /// A file without a language of its own and without plural forms.
    fn new(file: EncodedText, slots: Vec<Slot>, places: Vec<StringSlot<F::Style>>) -> Self {
        Self {
            file,
            slots,
            places,
            language: None,
            plurals: Vec::new(),
        }
    }

    /// Adds messages with plural forms, whose slots are told which form they are.
    fn with_plurals(mut self, plurals: Vec<PluralSet>) -> Self {
        for form in plurals.iter().flat_map(|set| &set.forms) {
            self.slots[form.slot].form = Some(form.category.name().to_owned());
        }
        self.plurals = plurals;
        self
    }

    /// Takes the only key at the root for the name of the file's language, which is no part of the other keys then.
    fn with_root(mut self, root: NamedLanguage) -> Self {
        let prefix = format!("{}.", root.tag);
        for key in self.slots.iter_mut().filter_map(|slot| slot.key.as_mut()) {
            if key.starts_with(&prefix) {
                key.drain(..prefix.len());
            }
        }
        self.language = Some(root);
        self
    }

    fn edits(
        &self,
        fillings: &[Filling],
        options: &FillOptions,
        report: &mut dyn FnMut(Diagnostic),
    ) -> Edits {
        let mut edits = Vec::new();
        let all = self.slots.iter().zip(&self.places).zip(fillings);
        for ((slot, place), filling) in all {
            let Some(target) = &filling.target else {
                continue;
            };
            let written = F::written(&self.file, &slot.source, target, &place.style);
            match written.and_then(|text| self.encodable(text)) {
                Ok(text) => edits.push((place.range.clone(), text)),
                Err(what) => report(left_out(slot, &what)),
            }
        }
        if let Some(lang) = options.target
            && !edits.is_empty()
        {
            for set in &self.plurals {
                self.add_forms(set, lang, fillings, &mut edits, report);
            }
            edits.extend(self.turned_language(lang));
            edits.sort_by_key(|(range, _)| (range.start, range.end));
        }
        edits
    }

    /// The text, or the character that the file's encoding doesn't have.
    fn encodable(&self, text: String) -> Result<String, String> {
        match self.file.charset().encode(&text) {
            Ok(_) => Ok(text),
            Err(c) => Err(format!("the character U+{:04X}", u32::from(c))),
        }
    }

    /// Adds the forms that a message lacks in `lang`, where [`Category::Other`] is filled.
    fn add_forms(
        &self,
        set: &PluralSet,
        lang: Lang,
        fillings: &[Filling],
        edits: &mut Edits,
        report: &mut dyn FnMut(Diagnostic),
    ) {
        let Some(other) = set.other() else { return };
        let filling = fillings.get(other.slot);
        let Some(target) = filling.and_then(|filling| filling.target.as_ref()) else {
            return;
        };
        let mut added: Vec<&str> = Vec::new();
        let mut here: Edits = Vec::new();
        for (at, category) in set.missing(lang) {
            let key = format!("{}{}", set.stem, category.name());
            let style = &self.places[other.slot].style;
            let Some(written) = F::added_form(&self.file, at, &key, target, style) else {
                continue;
            };
            // What can't be written was reported for the form itself.
            let Ok(text) = written.and_then(|text| self.encodable(text)) else {
                continue;
            };
            added.push(category.name());
            match here.iter_mut().find(|(range, _)| range.start == at) {
                Some((_, before)) => before.push_str(&text),
                None => here.push((at..at, text)),
            }
        }
        edits.append(&mut here);
        if let Some((last, others)) = added.split_last() {
            let names = match others {
                [] => (*last).to_owned(),
                _ => format!("{} and {last}", others.join(", ")),
            };
            let message = format!(
                "plural forms were added with the text of `{}`, to be checked: {names}",
                Category::Other.name()
            );
            let slot = &self.slots[other.slot];
            report(Diagnostic::warning(location_of(slot), message));
        }
    }

    /// The name of the file's language turned to `lang`, where it names the other one.
    fn turned_language(&self, lang: Lang) -> Option<(Range<usize>, String)> {
        let named = self.language.as_ref()?;
        let is_other = Lang::from_tag(&named.tag) == Some(lang.other());
        is_other.then(|| (named.range.clone(), lang.code().to_owned()))
    }
}

fn location_of(slot: &Slot) -> Location {
    Location {
        line: slot.line,
        column: 1,
    }
}

fn left_out(slot: &Slot, what: &str) -> Diagnostic {
    let message = format!("a translation was left out, since the file can't hold {what}");
    Diagnostic::error(location_of(slot), message)
}

/// How much of a file's text is looked at to tell its script, in bytes.
const SCRIPT_BYTES: usize = 64 * 1024;

/// The script that the texts are in.
fn script_of(slots: &[Slot]) -> Option<Lang> {
    let mut text = String::new();
    for slot in slots {
        if text.len() >= SCRIPT_BYTES {
            break;
        }
        text.push_str(&slot.source.text);
    }
    Lang::of_text(&text)
}

/// Whether a key at the root of a file names its language: Arabic or English, or any language that the file's name ends
/// in, as `devise.fr.yml` does.
fn names_language(key: &str, file_name: &str) -> bool {
    let of_file = || {
        let mut parts = file_name.rsplit(['.', '/', '\\', '-', '_']);
        parts.nth(1).is_some_and(|part| part == key)
    };
    let is_tag = (2..=3).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_lowercase());
    Lang::from_tag(key).is_some() || (is_tag && of_file())
}

impl<F: StringFormat> FillableFile for StringFile<F> {
    fn slots(&self) -> &[Slot] {
        &self.slots
    }

    fn languages(&self) -> Languages {
        let Some(NamedLanguage { tag, .. }) = &self.language else {
            return Languages::default();
        };
        let named = Lang::from_tag(tag);
        let is_begun = named.is_some_and(|lang| script_of(&self.slots) == Some(lang.other()));
        let tag = Some(tag.clone());
        if is_begun {
            Languages {
                source: None,
                target: tag,
            }
        } else {
            Languages {
                source: tag,
                target: None,
            }
        }
    }

    fn check(
        &self,
        fillings: &[Filling],
        options: &FillOptions,
        report: &mut dyn FnMut(Diagnostic),
    ) {
        self.edits(fillings, options, report);
    }

    fn write(
        &self,
        fillings: &[Filling],
        options: &FillOptions,
        out: &mut dyn Write,
    ) -> Result<(), FormatError> {
        let edits = self.edits(fillings, options, &mut |_| {});
        self.file.write(&edits, out)
    }
}
