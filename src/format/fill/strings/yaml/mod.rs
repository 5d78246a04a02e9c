//! YAML of key and string, as Rails, Symfony and others keep their messages: maps and lists in any depth, of which each
//! value that is a string is a slot; its key is the path to it, such as `menu.open` or `days[0]`.
//!
//! YAML 1.2, parsed by [`saphyr_parser`]; UTF-8 or UTF-16, with or without a byte order mark; several documents. Keys,
//! comments, anchors, tags, white space and order stay.
//!
//! | value | is |
//! | --- | --- |
//! | quoted in either way, a block (`\|`, `>`), plain text | a slot; it is filled in its own style where that can hold the translation, else in double quotes |
//! | plain `true`, `yes`, `off`, `null`, numbers, dates | no text, as YAML 1.1 or 1.2 has it |
//! | plain `:name` | no text: a symbol of Ruby |
//! | `*alias`, values with a tag other than `!!str` | left alone; what an anchor names is filled where it stands |
//!
//! - A key at the root that is the only one and names a language (`en:`) is turned to the language that is filled in, and is
//!   no part of the paths.
//! - A map whose keys are plural categories (`one`, `other`) is a message with plural forms, and so are keys that end in
//!   `_one` and `_other`; see [`super`] for what is added for Arabic.
//! - A value over several lines, but for a literal block (`|`), becomes one line when it is filled.
//!
//! A block that can't hold a translation, such as one that begins with a space, is filled in double quotes, and loses
//! a comment in its head. Brackets in each other are read 255 deep. Lines in brackets and
//! quotes may stand as far left as most parsers take them, not only where the standard has them, and a tab may stand
//! before a value. A file that is not YAML is refused
//! at the place where it stops being YAML. Cost: linear.

mod scan;
mod write;

use super::{StringFile, names_language};
use crate::diagnostic::Diagnostic;
use crate::format::FormatError;
use crate::format::encoded::{Charset, EncodedText};
use crate::format::fill::{FillableFile, OpenOptions};

/// Reads a YAML file.
///
/// # Errors
/// [`FormatError::NotText`], [`FormatError::IllFormed`].
pub fn open(
    bytes: Vec<u8>,
    name: &str,
    _options: &OpenOptions,
    _report: &mut dyn FnMut(Diagnostic),
) -> Result<Box<dyn FillableFile>, FormatError> {
    let file = EncodedText::open(&bytes, name, |_| Ok(Charset::UTF_8))?;
    drop(bytes);
    let found = scan::scan(file.text()).map_err(|(at, message)| FormatError::IllFormed {
        name: name.to_owned(),
        location: file.location(at),
        message,
    })?;
    let root = found.root.filter(|root| names_language(&root.tag, name));
    let mut yaml = StringFile::<Yaml>::new(file, found.slots, found.places);
    if let Some(root) = root {
        yaml = yaml.with_root(root);
    }
    Ok(Box::new(yaml.with_plurals(found.plurals)))
}

struct Yaml;

/// How a value is written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Style {
    shape: Shape,
    /// Whether it stands in brackets or braces, where commas end it.
    in_flow: bool,
    /// Whether a tag says that it is a string, whatever it looks like.
    is_tagged: bool,
    /// Whether all but ASCII is written as escapes.
    is_escaped: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    Plain,
    Single,
    Double,
    /// `|` or `>`.
    Block {
        is_folded: bool,
        /// The line that it begins with, and its end.
        head: String,
        /// What stands in front of each of its lines.
        indent: String,
        /// Whether the head says how much that is; else the first line does.
        states_indent: bool,
        /// The line ends at the end of the value.
        tail: String,
    },
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::format::fill::{FillOptions, Filling};
    use crate::lang::Lang;

    fn opened(text: &str, name: &str) -> Box<dyn FillableFile> {
        open(text.into(), name, &OpenOptions::default(), &mut |_| {}).unwrap()
    }

    fn slots(file: &dyn FillableFile) -> Vec<(&str, &str)> {
        let slots = file.slots().iter();
        slots
            .map(|slot| (slot.key.as_deref().unwrap(), slot.source.text.as_str()))
            .collect()
    }

    /// The file with each slot filled with what `text` makes of it.
    fn filled(file: &dyn FillableFile, text: impl Fn(&str) -> String) -> (String, Vec<String>) {
        let filling = |source: &str| Filling {
            target: Some(text(source).as_str().into()),
            ..Filling::default()
        };
        let slots = file.slots().iter();
        let fillings: Vec<_> = slots.map(|slot| filling(&slot.source.text)).collect();
        let options = FillOptions {
            target: Some(Lang::Arabic),
        };
        let (mut out, mut said) = (Vec::new(), Vec::new());
        file.check(&fillings, &options, &mut |d| said.push(d.to_string()));
        file.write(&fillings, &options, &mut out).unwrap();
        (String::from_utf8(out).unwrap(), said)
    }

    #[test]
    fn texts_are_told_from_other_values() {
        let text = "en:\n  a: Open # c\n  b: yes\n  c: 'yes'\n  d: 12:30\n  e: [3 files, :sym, 2024-01-02]\n  \
                    f: !!binary aGk=\n  g: &x Hi\n  h: *x\n  i: !!str 0x1F\n  j: .5\n  k: 1e3 m\n";
        assert_eq!(
            slots(&*opened(text, "x.yml")),
            [
                ("a", "Open"),
                ("c", "yes"),
                ("e[0]", "3 files"),
                ("g", "Hi"),
                ("i", "0x1F"),
                ("k", "1e3 m")
            ]
        );
    }

    #[test]
    fn each_style_is_kept_where_it_can_hold_the_translation() {
        let text = "ar:\n  p: One\n  q: 'Two'\n  r: \"Thr\\u0065e\" # c\n  s: |+\n    Four\n\n  t: >\n    Five\n    six\n\n    seven\n  u: [a, b]\n";
        let (all, _) = filled(&*opened(text, "x.yml"), |source| {
            format!("{}: x's", source.to_uppercase())
        });
        assert_eq!(
            all,
            "ar:\n  p: \"ONE: x's\"\n  q: 'TWO: x''s'\n  r: \"THREE: x's\" # c\n  s: |+\n    FOUR: x's\n\n  \
             t: >\n    FIVE SIX\n\n    SEVEN: x's\n  u: [\"A: x's\", \"B: x's\"]\n"
        );
        let (plain, _) = filled(&*opened(text, "x.yml"), |_| "نعم".to_owned());
        assert!(plain.contains("p: نعم\n  q: 'نعم'"), "{plain}");
    }

    #[test]
    fn spaces_that_yaml_does_not_know_are_text() {
        let file = opened("a: b :\u{202F}\nc: \u{A0}d\n", "x.yml");
        assert_eq!(slots(&*file), [("a", "b :\u{202F}"), ("c", "\u{A0}d")]);
        assert_eq!(filled(&*file, |_| "e".to_owned()).0, "a: e\nc: e\n");
        let anchored = opened("a: &x\u{2009}\n  b\n", "x.yml");
        let (all, _) = filled(&*anchored, |_| "e".to_owned());
        assert_eq!(all, "a: &x\u{2009}\n  e\n");
    }

    #[test]
    fn the_root_is_turned_and_missing_forms_are_added() {
        let text = "en:\n  files:\n    one: file\n    other: \"%{count} files\"\n  m: {one: x, other: y}\n";
        let file = opened(text, "config/locales/en.yml");
        assert_eq!(file.languages().source.as_deref(), Some("en"));
        let (all, said) = filled(&*file, str::to_uppercase);
        assert_eq!(
            all,
            "ar:\n  files:\n    zero: \"%{COUNT} FILES\"\n    one: FILE\n    two: \"%{COUNT} FILES\"\n    \
             few: \"%{COUNT} FILES\"\n    many: \"%{COUNT} FILES\"\n    other: \"%{COUNT} FILES\"\n  \
             m: {zero: Y, one: X, two: Y, few: Y, many: Y, other: Y}\n"
        );
        let added = "plural forms were added with the text of `other`, to be checked: zero, two, few and many";
        assert_eq!(said, [format!("4:1: {added}"), format!("5:1: {added}")]);
        let again = opened(&all, "ar.yml");
        assert_eq!(again.languages().target.as_deref(), Some("ar"));
        assert_eq!(again.slots()[2].form.as_deref(), Some("two"));
        assert_eq!(again.slots()[2].key.as_deref(), Some("files.two"));
    }

    #[test]
    fn a_root_of_another_language_is_told_by_the_name_of_the_file() {
        let languages = |name| opened("fr:\n  a: Oui\n", name).languages().source;
        assert_eq!(languages("devise.fr.yml").as_deref(), Some("fr"));
        assert_eq!(languages("menu.yml"), None);
    }

    #[test]
    fn what_is_no_yaml_is_refused_with_its_place() {
        for (text, line) in [
            ("a: b\n c: d\n", 2),
            ("a: \"b\n", 1),
            ("a: [b\n", 2),
            ("a: *x\n", 1),
        ] {
            let opened = open(text.into(), "x", &OpenOptions::default(), &mut |_| {});
            let Err(FormatError::IllFormed { location, .. }) = opened else {
                panic!("{text}")
            };
            assert_eq!(location.line, line, "{text}");
        }
    }

    #[test]
    fn a_tab_may_stand_alone_before_a_value() {
        let text = "a:\tOne day\nb: {'c':\tTwo}\n";
        assert_eq!(
            slots(&*opened(text, "x.yml")),
            [("a", "One day"), ("b.c", "Two")]
        );
    }

    #[test]
    fn a_place_that_holds_another_text_is_not_filled() {
        let text = "%\u{645}\n---\r:,";
        let file = opened(text, "x.yml");
        assert_eq!(filled(&*file, |_| "b".to_owned()).0, text);
        let lines = opened("a: b\n  c\n\n  d\ne: f\n", "x.yml");
        let (all, _) = filled(&*lines, |_| "g".to_owned());
        assert_eq!(all, "a: g\ne: g\n");
    }

    #[test]
    fn what_cannot_be_mended_is_not_read_without_end() {
        for text in [": ['\n\r'", "a:\n  b: ['x\n\r\ry']\n", "a: [\"\r\n\r\""] {
            let _ = open(text.into(), "x.yml", &OpenOptions::default(), &mut |_| {});
        }
        let returned = opened("a:\n  b: ['x\ry']\n", "x.yml");
        assert_eq!(slots(&*returned), [("a.b[0]", "x y")]);
    }

    #[test]
    fn lines_in_brackets_and_quotes_may_stand_far_left() {
        let text = "a: [\n  'One day',\n  { b: Two days\n  }\n]\nc:\n  d: {\n    'e': \"Three\n  days\"\n  }\n  f: 'Four\n\ndays'\n";
        let file = opened(text, "x.yml");
        assert_eq!(
            slots(&*file),
            [
                ("a[0]", "One day"),
                ("a[1].b", "Two days"),
                ("c.d.e", "Three days"),
                ("c.f", "Four\ndays"),
            ]
        );
        let mut out = Vec::new();
        file.write(&[], &FillOptions::default(), &mut out).unwrap();
        assert_eq!(out, text.as_bytes());
        let (all, _) = filled(&*file, |source| format!("{source}: x"));
        let expected = text
            .replace("'One day'", "'One day: x'")
            .replace("Two days", "\"Two days: x\"")
            .replace("\"Three\n  days\"", "\"Three days: x\"")
            .replace("'Four\n\ndays'", "\"Four\\ndays: x\"");
        assert_eq!(all, expected);
        assert_eq!(opened(&all, "x.yml").slots().len(), 4);
    }

    #[test]
    fn a_hyphen_at_the_end_of_an_entry_in_brackets_is_quoted() {
        let file = opened("a: [b, c]\nd: e\n", "x.yml");
        let (all, _) = filled(&*file, |_| "A -".to_owned());
        assert_eq!(all, "a: [\"A -\", \"A -\"]\nd: A -\n");
        assert_eq!(opened(&all, "x.yml").slots().len(), 3);
    }

    proptest! {
        #[test]
        fn every_text_is_read_again_in_every_style(
            text in "[a-zA-Z0-9 :#'\"\\\\,\\[\\]{}&*!|>%@`~=?\n\t\u{643}\u{64B}\u{200F}\u{FEFF}\u{85}\u{2028}\u{1}\u{1F642}-]{1,24}",
        ) {
            prop_assume!(!text.trim().is_empty());
            let styles = "k:\n  - a\n  - 'b'\n  - \"c\"\n  - |\n    d\n  - >-\n    e\n  - |2\n      f\n  - [g, 'h']\n  - i: j\n";
            let file = opened(styles, "x.yml");
            let (all, _) = filled(&*file, |_| text.clone());
            let again = opened(&all, "x.yml");
            for slot in again.slots() {
                // The line ends at the end of a block are its head's.
                prop_assert_eq!(
                    slot.source.text.trim_end_matches('\n'),
                    text.trim_end_matches('\n'),
                    "{}", all
                );
            }
            prop_assert_eq!(again.slots().len(), file.slots().len());
        }
    }
}
