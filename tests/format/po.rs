//! PO as a source of units, and the compendium.

use super::*;
use dhakira::unit::{UnitState, UnixSeconds};

const HEADER: &str =
    "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\nLanguage: ar\\n\"\n\n";

fn po(entries: &str) -> Read {
    read(UnitFormat::Po, format!("{HEADER}{entries}"))
}

#[test]
fn what_a_message_says_is_in_its_unit() {
    let read = po(
        "# Of a menu\n#. Verb\n#: src/menu.c:12 src/b.c:3\n#, fuzzy, c-format\n#| msgid \"Open it\"\n\
                   msgctxt \"menu\"\nmsgid \"Open %s\"\nmsgstr \"افتح %s\"\n",
    );
    let [unit] = &read.units[..] else {
        panic!("{read:?}")
    };
    assert_eq!(
        (unit.text.en.as_str(), unit.text.ar.as_str()),
        ("Open %s", "افتح %s")
    );
    let origin = &unit.origin;
    assert_eq!(
        (origin.document.as_deref(), origin.position),
        (Some("src/menu.c"), Some(12))
    );
    assert_eq!(origin.state, UnitState::Initial);
    assert_eq!(origin.notes, ["Of a menu\nVerb"]);
    let property = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        origin.properties,
        [property("msgctxt", "menu"), property("flags", "c-format")]
    );
}

#[test]
fn each_plural_form_is_a_unit() {
    let forms = ["لا ملفات", "ملف واحد", "ملفان", "%d ملفات", "%d ملفًا", ""];
    let forms = forms.iter().enumerate();
    let forms: String = forms
        .map(|(i, form)| format!("msgstr[{i}] \"{form}\"\n"))
        .collect();
    let read = po(&format!(
        "msgid \"One file\"\nmsgid_plural \"%d files\"\n{forms}"
    ));
    let english = ["%d files", "One file", "%d files", "%d files", "%d files"];
    assert_eq!(read.english(), english);
    let numbers: Vec<_> = read
        .units
        .iter()
        .map(|unit| unit.origin.properties[0].1.as_str())
        .collect();
    assert_eq!(numbers, ["0", "1", "2", "3", "4"]);
    assert_eq!(read.reasons(), ["4:1: not translated"]);
}

#[test]
fn messages_that_are_commented_out_are_taken_unless_told_otherwise() {
    let text =
        format!("{HEADER}msgid \"Yes\"\nmsgstr \"نعم\"\n\n#~ msgid \"No\"\n#~ msgstr \"لا\"\n");
    let all = read(UnitFormat::Po, text.clone());
    assert_eq!(all.english(), ["Yes", "No"]);
    assert_eq!(all.units[1].origin.properties[0].0, "obsolete");
    let options = ReadOptions {
        format: Some(UnitFormat::Po),
        skip_obsolete: true,
        ..ReadOptions::default()
    };
    let mut some = Read::default();
    read_units(input(text).unwrap(), &options, &mut |record| {
        some.push(record)
    })
    .unwrap();
    assert_eq!(some.english(), ["Yes"]);
}

#[test]
fn languages_are_the_headers_else_the_scripts() {
    let entry = "msgid \"نعم\"\nmsgstr \"Yes\"\n";
    let told = |language: &str, entry: &str| {
        let header = format!("msgid \"\"\nmsgstr \"Language: {language}\\n\"\n\n");
        read(UnitFormat::Po, header + entry)
    };
    assert_eq!(read(UnitFormat::Po, entry).english(), ["Yes"]);
    assert_eq!(told("en_GB", entry).english(), ["Yes"]);
    for (language, reason) in [
        ("fr", "4:1: translated into `fr`, not Arabic or English"),
        ("ar", "4:1: source and target are both `ar`"),
    ] {
        assert_eq!(told(language, entry).reasons(), [reason]);
    }
}

#[test]
fn old_encodings_are_read_and_bad_bytes_cost_a_message() {
    let mut bytes = HEADER.replace("UTF-8", "windows-1256").into_bytes();
    bytes.extend(b"msgid \"No\"\nmsgstr \"\xE1\xC7\"\n");
    assert_eq!(read(UnitFormat::Po, bytes).units[0].text.ar, "لا");
    let mut bytes = HEADER.replace("UTF-8", "iso-8859-6").into_bytes();
    bytes.extend(b"msgid \"No\"\nmsgstr \"\xA1\"\n\nmsgid \"a\"\nmsgstr \"\xC7\"\n");
    let read = read(UnitFormat::Po, bytes);
    assert_eq!(read.reasons(), ["5:9: bytes that are no ISO-8859-6 text"]);
    assert_eq!(read.units.len(), 1);
}

#[test]
fn a_compendium_has_each_message_once_with_its_best_translation() {
    let of = |ar: &str, state, changed| {
        let mut unit = unit(ar, "Open");
        unit.origin.state = state;
        unit.origin.changed = Some(UnixSeconds(changed));
        unit.origin.document = Some(format!("menu {changed}"));
        unit
    };
    let units = [
        of("مسودة", UnitState::Initial, 900),
        of("افتح", UnitState::Translated, 5),
        of("فتح", UnitState::Translated, 7),
        of("فتح", UnitState::Translated, 6),
        unit("مغلق", "Closed"),
    ];
    let (text, counts) = write(UnitFormat::Po, None, &units);
    assert_eq!(counts.units, 5);
    let (header, messages) = text.split_once("\n\n").unwrap();
    assert!(
        header.contains("PO-Revision-Date: 1970-01-01 00:15+0000\\n"),
        "{header}"
    );
    assert_eq!(
        messages,
        "# or: \"مسودة\"\n# or: \"افتح\"\n#: \u{2068}menu 900\u{2069}\n#: \u{2068}menu 5\u{2069}\n#: \u{2068}menu 7\u{2069}\n\
         #: \u{2068}menu 6\u{2069}\nmsgid \"Open\"\nmsgstr \"فتح\"\n\nmsgid \"Closed\"\nmsgstr \"مغلق\"\n"
    );
}

#[test]
fn what_nobody_has_seen_is_fuzzy_and_so_are_placeholders_that_differ() {
    let mut draft = unit("افتح", "Open");
    draft.origin.state = UnitState::Initial;
    let mut wrong = unit("%d ملف", "%s file");
    wrong
        .origin
        .properties
        .push(("flags".to_owned(), "c-format".to_owned()));
    let (text, _) = write(UnitFormat::Po, None, &[draft, wrong]);
    assert!(text.contains("#, fuzzy\nmsgid \"Open\""), "{text}");
    assert!(
        text.contains("#, fuzzy, c-format\nmsgid \"%s file\""),
        "{text}"
    );
}
