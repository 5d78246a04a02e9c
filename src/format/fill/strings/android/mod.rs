//! Resources of Android, `res/values/strings.xml`: the texts of `string`, of the items of `string-array` and of the forms of
//! `plurals`, each a slot with its name: `app_name`, `days[0]`.
//!
//! | in the file | is |
//! | --- | --- |
//! | `translatable="false"`, `@string/other`, `?attr/name` | left alone, as are all other resources |
//! | `\n`, `\'`, `\"`, `\@`, `\u0020`, `"quoted spaces"`, runs of white space | what the program shows; written as escapes |
//! | `b`, `a`, `annotation` and all other elements | inline codes |
//! | `xliff:g`, with what is in it | an inline code |
//! | entities that the file declares, comments inside a text | inline codes; no entity is expanded |
//! | `%1$s`, `%d` | part of the text |
//! | a text that is a CDATA section | text with the tags of HTML as inline codes; it stays a CDATA section |
//! | a CDATA section inside a text | text, written without one where it is filled |
//!
//! - `plurals` are messages with plural forms; see [`super`] for what is added for Arabic.
//! - `tools:locale` is turned to the language that is filled in.
//! - Spaces at the edges and in a row are written as `\u0020`, since bare ones are not shown.
//!
//! A file is known by its root, `resources`, and has to be well-formed XML; it is refused at the place where it is not.
//! UTF-8, UTF-16, or what it declares. Cost: linear; no recursion.

mod scan;
mod write;

use std::ops::Range;

use super::StringFile;
use crate::diagnostic::Diagnostic;
use crate::format::FormatError;
use crate::format::encoded::{EncodedText, declared_charset};
use crate::format::fill::inline::{Built, Piece};
use crate::format::fill::{FillableFile, OpenOptions};
use crate::format::xml::root_name;
use scan::Scanner;

/// Whether a file that begins with these bytes holds resources.
pub(in crate::format::fill) fn is_begun_by(head: &[u8]) -> bool {
    root_name(head).as_deref() == Some("resources")
}

/// Reads a file of resources.
///
/// # Errors
/// [`FormatError::NotText`], [`FormatError::UnsupportedEncoding`], [`FormatError::IllFormed`].
pub fn open(
    bytes: Vec<u8>,
    name: &str,
    _options: &OpenOptions,
    _report: &mut dyn FnMut(Diagnostic),
) -> Result<Box<dyn FillableFile>, FormatError> {
    let file = EncodedText::open(&bytes, name, declared_charset)?;
    drop(bytes);
    let mut scanner = Scanner::new(file.text());
    if let Err(mistake) = scanner.run() {
        return Err(FormatError::IllFormed {
            name: name.to_owned(),
            location: file.location(mistake.offset),
            message: mistake.message,
        });
    }
    let found = scanner.found;
    let mut android = StringFile::<Android>::new(file, found.slots, found.places);
    android.language = found.language;
    Ok(Box::new(android.with_plurals(found.plurals)))
}

struct Android;

/// Where and how a text stands in its element.
struct Style {
    /// All between the tags of its element.
    value: Range<usize>,
    /// What is replaced of that.
    range: Range<usize>,
    pieces: Vec<Piece>,
    built: Built,
    in_cdata: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coded::Coded;
    use crate::format::fill::{FillOptions, Filling};
    use crate::lang::Lang;

    fn opened(body: &str) -> Box<dyn FillableFile> {
        let text = format!("<resources>{body}</resources>");
        open(
            text.into(),
            "strings.xml",
            &OpenOptions::default(),
            &mut |_| {},
        )
        .unwrap()
    }

    fn filled(file: &dyn FillableFile, target: impl Fn(&Coded) -> Coded) -> (String, Vec<String>) {
        let slots = file.slots().iter();
        let fillings: Vec<_> = slots
            .map(|slot| Filling {
                target: Some(target(&slot.source)),
                ..Filling::default()
            })
            .collect();
        let options = FillOptions {
            target: Some(Lang::Arabic),
        };
        let (mut out, mut said) = (Vec::new(), Vec::new());
        file.check(&fillings, &options, &mut |d| said.push(d.to_string()));
        file.write(&fillings, &options, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let body = out.trim_start_matches("<resources>");
        (body.trim_end_matches("</resources>").to_owned(), said)
    }

    #[test]
    fn texts_are_what_the_program_shows() {
        for (written, shown) in [
            ("  a\n   b ", "a b"),
            ("it\\'s \\\"so\\\"\\n\\u0643\\t.", "it's \"so\"\nك\t."),
            ("\"  a  b\"", "a  b"),
            ("\"a  b\" c", "a  b c"),
            ("a &lt;b&gt; &#39;c", "a <b> 'c"),
            ("\\@home", "@home"),
            ("@ home", "@ home"),
            ("<![CDATA[a <b>b</b> &amp; c]]>", "a b &amp; c"),
            ("a <xliff:g id=\"x\">%1$s</xliff:g> b", "a  b"),
        ] {
            let file = opened(&format!("<string name=\"n\">{written}</string>"));
            let texts: Vec<_> = file
                .slots()
                .iter()
                .map(|slot| slot.source.text.as_str())
                .collect();
            assert_eq!(texts, [shown], "{written}");
        }
        for none in [
            "@string/x",
            "@android:string/ok",
            "?attr/x",
            " ",
            "<xliff:g>%s</xliff:g>",
        ] {
            let file = opened(&format!("<string name=\"n\">{none}</string>"));
            assert_eq!(file.slots(), [], "{none}");
        }
    }

    #[test]
    fn translations_are_escaped_and_codes_stay() {
        let body =
            "<string name=\"n\">\n  Hi <b>you</b> <xliff:g id=\"x\">%s</xliff:g>!\n</string>";
        let file = opened(body);
        let (all, _) = filled(&*file, |source| {
            let mut target = source.clone();
            target.text = "?a 'b' & <c>  d\n".to_owned();
            let places = [0, 2, 4];
            for (code, at) in target.codes.iter_mut().zip(places) {
                code.at = at;
            }
            target
        });
        assert_eq!(
            all,
            "<string name=\"n\">\n  <b>\\?a</b> \\'<xliff:g id=\"x\">%s</xliff:g>b\\' &amp; &lt;c&gt; \\u0020d\\n\n</string>"
        );
    }

    #[test]
    fn forms_that_arabic_has_are_added() {
        let body = "<plurals name=\"n\">\n  <item quantity=\"one\">a</item>\n  <item quantity=\"other\"><b>b</b></item>\n</plurals>";
        let (all, said) = filled(&*opened(body), |source| {
            source.text.to_uppercase().as_str().into()
        });
        let forms = ["two", "few", "many", "other"];
        let forms = forms.map(|form| format!("\n  <item quantity=\"{form}\"><b>B</b></item>"));
        let expected = format!(
            "<plurals name=\"n\">\n  <item quantity=\"zero\"><b>B</b></item>\n  <item quantity=\"one\">A</item>{}\n</plurals>",
            forms.concat()
        );
        assert_eq!((all, said.len()), (expected, 1));
    }

    #[test]
    fn other_xml_is_refused_and_not_taken_for_it() {
        for (text, place) in [
            ("<project/>", "1:1"),
            ("<resources>\n<string>a</resources>", "2:10"),
            ("<resources>\n<string>a", "2:10"),
            ("", "1:1"),
        ] {
            let opened = open(text.into(), "x", &OpenOptions::default(), &mut |_| {});
            let Err(FormatError::IllFormed { location, .. }) = opened else {
                panic!("{text}")
            };
            assert_eq!(location.to_string(), place, "{text}");
        }
        assert!(is_begun_by(b"<?xml?><!-- c --><resources xmlns:x='y'>"));
        assert!(!is_begun_by(b"<?xml?><project><resources2>"));
    }
}
