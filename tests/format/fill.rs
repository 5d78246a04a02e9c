//! What every file that can be filled must do, whatever its format. A format joins with a line in [`SAMPLES`].

use dhakira::coded::Coded;
use dhakira::format::FormatError;
use dhakira::format::fill::{FileKind, FillOptions, FillableFile, Filling, OpenOptions, Shape};
use dhakira::lang::Lang;
use proptest::prelude::*;

use super::grammar::{self, Grammar};

/// A file of each kind, by the name that it is opened with.
const SAMPLES: &[(FileKind, &str, &str)] = &[
    (FileKind::Text, "a.txt", "One.\n\nTwo and three.\n"),
    (
        FileKind::Html,
        "a.html",
        "<!DOCTYPE html>\r\n<title>Home &amp; more</title><p title=\"A tip\">Go <b>there</b> now.<p>It<br>is near.</p><!-- c -->\n",
    ),
    (FileKind::Po, "ar.po", PO),
    (
        FileKind::Json,
        "a.json",
        "\u{FEFF}{\r\n  \"en\": { \"open\": \"Open\", \"days\": [\"Sunday\", 7, \"\"] },\r\n  \"x\": \"\\u0643\"}",
    ),
    (
        FileKind::Json,
        "b.json",
        "{\n  \"files_one\": \"One file\",\n  \"files_two\": \"x\", \"files_zero\": \"x\", \"files_few\": \"x\", \"files_many\": \"x\",\n  \"files_other\": \"{{count}} files\"\n}\n",
    ),
    (FileKind::Yaml, "en.yml", YAML),
    (
        FileKind::Yaml,
        "b.yaml",
        "\u{FEFF}- One\r\n- >+\r\n  Two\r\n  more\r\n\r\n- |-\r\n  Three\r\n\r\n  Four\r\n- a: 'b'\r\n",
    ),
    (FileKind::Android, "strings.xml", ANDROID),
    (
        FileKind::Properties,
        "a.properties",
        "# c\na = One \\\n   more\nb: نعم\n\n c d e\n",
    ),
    (
        FileKind::Subtitles,
        "a.srt",
        "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>Hello</i>\r\nworld\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nBye\r\n",
    ),
    (
        FileKind::Subtitles,
        "a.vtt",
        "WEBVTT\n\nNOTE n\n\n00:01.000 --> 00:02.000\n- Hello &amp; welcome\n",
    ),
    (FileKind::Xliff, "a.xlf", XLIFF_1),
    (FileKind::Xliff, "b.xlf", XLIFF_2),
    (FileKind::Xliff, "a.sdlxliff", SDLXLIFF),
    (FileKind::Xliff, "a.ttx", TTX),
    (FileKind::Xliff, "a.txml", TXML),
];

const XLIFF_1: &str = "<?xml version='1.0'?>\r\n<xliff version='1.2' xmlns='urn:oasis:names:tc:xliff:document:1.2'>\r\n\
    <file original='a' source-language='en' datatype='plaintext'><body><group id='g'>\r\n\
    <trans-unit id='1'>\r\n  <source>Press <g id='1'>Save</g> &amp; go<x id='2'/></source>\r\n  <note>n</note>\r\n</trans-unit>\r\n\
    <trans-unit id='2' approved='yes'><source>Close</source><target/></trans-unit>\
    <trans-unit id='3'><source>One. Two.</source><seg-source><mrk mtype='seg' mid='1'>One.</mrk> <mrk mtype='seg' mid='2'>Two.</mrk></seg-source>\
    <target><mrk mtype='seg' mid='1'>واحد.</mrk> <mrk mtype='seg' mid='2'/></target><alt-trans><target>x</target></alt-trans></trans-unit>\
    <trans-unit id='4'><source>A. B.</source><seg-source><mrk mtype='seg' mid='1'>A.</mrk> <mrk mtype='seg' mid='2'>B.</mrk></seg-source></trans-unit>\
    </group></body></file></xliff>";

const XLIFF_2: &str = "<xliff xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" version=\"2.0\" srcLang=\"en\">\n<file id=\"f\">\n\
    <unit id=\"1\">\n  <segment>\n    <source>Press <pc id=\"1\">Save</pc></source>\n  </segment>\n  <ignorable><source> </source></ignorable>\n  \
    <segment id=\"s2\" state=\"translated\"><source>Go<ph id=\"2\" dataRef=\"d1\"/></source><target>اذهب</target></segment>\n</unit>\n</file>\n</xliff>\n";

const SDLXLIFF: &str = "\u{FEFF}<xliff xmlns:sdl=\"http://sdl.com/FileTypes/SdlXliff/1.0\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\" version=\"1.2\">\
    <file original=\"a\" source-language=\"en-US\" target-language=\"ar-SA\"><body>\
    <trans-unit id=\"1\"><source>One. Two.</source><seg-source><g id=\"1\"><mrk mtype=\"seg\" mid=\"1\">One.</mrk></g> <mrk mtype=\"seg\" mid=\"2\">Two.</mrk></seg-source>\
    <target><g id=\"1\"><mrk mtype=\"seg\" mid=\"1\"/></g> <mrk mtype=\"seg\" mid=\"2\"/></target>\
    <sdl:seg-defs><sdl:seg id=\"1\"/><sdl:seg id=\"2\" conf=\"Draft\" origin=\"tm\" percent=\"80\"><sdl:value key=\"k\">v</sdl:value></sdl:seg></sdl:seg-defs></trans-unit>\
    </body></file></xliff>";

const TTX: &str = "<?xml version='1.0'?>\n<TRADOStag Version=\"2.0\"><FrontMatter><UserSettings SourceLanguage=\"EN-US\" TargetLanguage=\"AR-SA\"/></FrontMatter><Body><Raw>\
    <ut Type=\"start\">&lt;p&gt;</ut><Tu MatchPercent=\"0\"><Tuv Lang=\"EN-US\">A <df Bold=\"on\">b</df><ut DisplayText=\"br\">&lt;br&gt;</ut></Tuv><Tuv Lang=\"AR-SA\"></Tuv></Tu> \
    <Tu><Tuv Lang=\"EN-US\">C</Tuv></Tu></Raw></Body></TRADOStag>";

const TXML: &str = "<txml locale=\"EN\" targetlocale=\"AR\" version=\"1.0\"><skeleton>&lt;p&gt;</skeleton><translatable blockId=\"1\">\
    <segment segmentId=\"1\"><source>A <ut x=\"1\">&lt;b&gt;</ut></source><ws> </ws></segment>\
    <segment segmentId=\"2\"><source>B</source><target score=\"0\">ب</target></segment></translatable></txml>\n";

const YAML: &str = "# c\n---\nen: # English\n  title: Home page # shown\n  \"quoted\" : 'It''s here' # c\n  anchored: &x Hello\n  same: *x\n  \
    long: several\n    words\n\n    here\n  double: \"caf\\u00E9 \\\n    now\"\n  block: |  # c\n    Line one\n      and two\n\n    # no comment\n\n  # c\n  \
    folded: >-\n    Folded\n    text\n  own: |2\n      indented\n  flow: {a: One, b: [Two words, \"three\"], 'c': 4}\n  none: ~\n  yes: yes\n  n: 1_000\n  tagged: !!str 12\n  \
    symbols: [:year, :month]\n  ? complex\n  : value\n  files:\n    zero: none\n    one: a file\n    two: x\n    few: x\n    many: x\n    other: \"%{count} files\"\n...\n";

const ANDROID: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<!-- c -->\r\n<resources xmlns:xliff=\"urn:oasis:names:tc:xliff:document:1.2\">\r\n  \
    <string name=\"app\" translatable=\"false\">App</string>\r\n  <string name=\"ok\">\r\n    Don\\'t   go\\n\\u0643 &amp; \\@all\r\n  </string>\r\n  \
    <string name=\"ref\">@string/ok</string><string name=\"attr\">?attr/x</string><string name=\"empty\"/>\r\n  \
    <string name=\"hi\">Hello, <b>dear</b> <xliff:g id=\"n\" example=\"Ali\">%1$s</xliff:g>!</string>\r\n  \
    <string name=\"quoted\">\"  two  spaces \"</string>\r\n  <string name=\"cdata\"><![CDATA[Read <a href=\"x\">this</a> & go]]></string>\r\n  \
    <string name=\"mixed\">a &unknown; <![CDATA[<i>b</i>]]> c \"d\"</string>\r\n  <integer name=\"n\">1</integer>\r\n  \
    <string-array name=\"days\"><item>Sunday</item><item>@string/ok</item><item>Monday</item></string-array>\r\n  \
    <plurals name=\"files\">\r\n    <item quantity=\"zero\">x</item><item quantity=\"one\">%d file</item><item quantity=\"two\">x</item><item quantity=\"few\">x</item><item quantity=\"many\">x</item>\r\n    \
    <item quantity=\"other\">%d files</item>\r\n  </plurals>\r\n</resources>\r\n";

const PO: &str = "# c\nmsgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\"Language: ar\\n\"\n\
    \"Plural-Forms: nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;\\n\"\n\n\
    #: a.c:1\n#, c-format\nmsgctxt \"menu\"\nmsgid \"Open\"\nmsgstr \"\"\n\n\
    #, fuzzy\n#| msgid \"Close it\"\nmsgid \"Close\"\nmsgstr \"أغلقه\"\n\n\
    msgid \"One file\"\nmsgid_plural \"%d files\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n\n\
    #~ msgid \"Gone\"\n#~ msgstr \"ذهب\"\n";

/// Texts that a careless writer spoils.
const HOSTILE: &[&str] = &[
    "\"quoted\" and 'single'",
    "back\\slash \\n \\u0041 \\",
    "100 % %s %(name)s {0} ${x}",
    "a & b &amp; c",
    "كِتَابٌ جَمِيلٌ ـــ ٣٫٥",
    "\u{200F}نعم\u{200E} \u{2067}x\u{2069}",
    "family 👨‍👩‍👧 🙂 𝄞",
    "# = : ! - [x] @y ?z",
];

fn open(kind: FileKind, name: &str, bytes: impl Into<Vec<u8>>) -> Box<dyn FillableFile> {
    let options = OpenOptions::default();
    kind.open(bytes.into(), name, &options, &mut |_| {})
        .unwrap()
}

fn written(file: &dyn FillableFile, fillings: &[Filling]) -> Vec<u8> {
    let options = FillOptions {
        target: Some(Lang::Arabic),
    };
    let mut out = Vec::new();
    file.write(fillings, &options, &mut out).unwrap();
    out
}

/// A filling of `text` with the codes of the slot: those at its start there, all others at the end.
fn filling(source: &Coded, text: &str) -> Filling {
    let mut target = source.clone();
    target.text = text.to_owned();
    for code in &mut target.codes {
        code.at = if code.at == 0 { 0 } else { text.len() };
    }
    Filling {
        target: Some(target),
        confirmed: true,
        ..Filling::default()
    }
}

/// What a filled slot says.
fn said(kind: FileKind, file: &dyn FillableFile, slot: usize) -> String {
    let slot = &file.slots()[slot];
    match kind.shape() {
        Shape::Monolingual => slot.source.text.clone(),
        Shape::Bilingual => slot
            .target
            .as_ref()
            .map_or(String::new(), |t| t.text.clone()),
    }
}

#[test]
fn a_file_that_is_not_filled_is_the_same_bytes() {
    for (kind, name, text) in SAMPLES {
        let file = open(*kind, name, *text);
        assert!(!file.slots().is_empty(), "{name}");
        let untouched = vec![Filling::default(); file.slots().len()];
        for fillings in [&[][..], &untouched] {
            assert_eq!(written(&*file, fillings), text.as_bytes(), "{name}");
        }
    }
}

/// The grammar of a sample, where its standard is one of those that have a grammar here.
fn grammar_of(name: &str) -> Option<&'static Grammar> {
    match name {
        "a.xlf" => Some(&grammar::XLIFF_1),
        "b.xlf" => Some(&grammar::XLIFF_2),
        _ => None,
    }
}

#[test]
fn what_is_filled_is_there_when_the_file_is_read_again() {
    for (kind, name, text) in SAMPLES {
        for hostile in HOSTILE.iter().chain(&["نعم"]) {
            // In running text they may be several segments.
            if *kind == FileKind::Text {
                continue;
            }
            let file = open(*kind, name, *text);
            let slots = file.slots().iter();
            let fillings: Vec<_> = slots.map(|slot| filling(&slot.source, hostile)).collect();
            let out = written(&*file, &fillings);
            if let Some(grammar) = grammar_of(name) {
                let text = str::from_utf8(&out).unwrap();
                assert_eq!(grammar.check(text), Ok(()), "{text}");
            }
            let again = open(*kind, name, out);
            assert_eq!(again.slots().len(), file.slots().len(), "{name}: {hostile}");
            for (i, slot) in file.slots().iter().enumerate() {
                assert_eq!(said(*kind, &*again, i), *hostile, "{name}");
                assert_eq!(again.slots()[i].key, slot.key, "{name}");
                assert_eq!(again.slots()[i].form, slot.form, "{name}");
            }
        }
    }
}

#[test]
fn a_slot_alone_changes_nothing_but_itself() {
    for (kind, name, text) in SAMPLES {
        let file = open(*kind, name, *text);
        for chosen in 0..file.slots().len() {
            let mut fillings = vec![Filling::default(); file.slots().len()];
            fillings[chosen] = filling(&file.slots()[chosen].source, "مرحبًا");
            let again = open(*kind, name, written(&*file, &fillings));
            for i in (0..file.slots().len()).filter(|i| *i != chosen) {
                assert_eq!(said(*kind, &*again, i), said(*kind, &*file, i), "{name}");
            }
        }
    }
}

proptest! {
    #[test]
    fn no_damage_makes_a_file_panic(
        at in any::<prop::sample::Index>(),
        junk in proptest::collection::vec(any::<u8>(), 0..8),
        cut in 0_usize..12,
    ) {
        for (kind, name, text) in SAMPLES {
            let mut bytes = text.as_bytes().to_vec();
            let start = at.index(bytes.len());
            let end = (start + cut).min(bytes.len());
            bytes.splice(start..end, junk.iter().copied());
            let options = OpenOptions::default();
            let Ok(file) = kind.open(bytes.clone(), name, &options, &mut |_| {}) else {
                continue;
            };
            prop_assert_eq!(&written(&*file, &[]), &bytes, "{}", name);
            let slots = file.slots().iter();
            let fillings: Vec<_> = slots.map(|slot| filling(&slot.source, "نعم")).collect();
            let out = written(&*file, &fillings);
            prop_assert!(kind.open(out, name, &options, &mut |_| {}).is_ok(), "{}", name);
        }
    }

    #[test]
    fn no_bytes_make_a_file_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for kind in FileKind::ALL {
            let _ = kind.open(bytes.clone(), "x", &OpenOptions::default(), &mut |_| {});
        }
    }
}

/// What is reported of a PO file, and how many slots it has.
fn po(bytes: &[u8]) -> Result<(usize, Vec<String>), FormatError> {
    let mut said = Vec::new();
    let file = FileKind::Po.open(
        bytes.to_vec(),
        "ar.po",
        &OpenOptions::default(),
        &mut |diagnostic| said.push(diagnostic.to_string()),
    )?;
    Ok((file.slots().len(), said))
}

#[test]
fn odd_po_files_are_told_and_go_on() {
    let header = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\n";
    let entry = "msgid \"a\"\nmsgstr \"\"\n\n";
    for (text, slots, said) in [
        (
            entry.to_owned(),
            1,
            "the file has no header; it is taken as UTF-8",
        ),
        (
            format!("{header}{entry}{header}"),
            1,
            "7:1: a second header; it is left alone",
        ),
        (
            format!("{header}{entry}{entry}"),
            2,
            "7:1: the message of line 4 again",
        ),
        (
            format!("{header}{entry}msgid \"b"),
            1,
            "7:7: a string that doesn't end on its line",
        ),
        (
            format!("{header}{entry}\0\0\n"),
            1,
            "7:1: neither a keyword nor a string nor a comment",
        ),
    ] {
        let found = po(text.as_bytes()).unwrap();
        assert_eq!(found, (slots, vec![said.to_owned()]), "{text}");
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(po(&utf16).unwrap(), found, "UTF-16 without a mark: {text}");
    }
    let lying = [header.as_bytes(), b"msgid \"a\"\nmsgstr \"\xC7\xE1\"\n"].concat();
    let Err(FormatError::NotText { location, .. }) = po(&lying) else {
        panic!()
    };
    assert_eq!(location.to_string(), "5:9");
}

#[test]
fn what_an_encoding_cannot_hold_is_left_out_and_told() {
    let mut bytes = b"msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=windows-1256\\n\"\n\nmsgid \"a\"\nmsgstr \"\"\n".to_vec();
    bytes.extend(b"\nmsgid \"b\"\nmsgstr \"\xC8\"\n");
    let file = open(FileKind::Po, "ar.po", bytes.clone());
    let fill = |text: &str| [filling(&"a".into(), text), Filling::default()];
    let options = FillOptions::default();
    let mut said = Vec::new();
    file.check(&fill("🙂"), &options, &mut |d| said.push(d.to_string()));
    assert_eq!(
        said,
        ["4:1: a translation was left out, since the file can't hold the character U+1F642"]
    );
    assert_eq!(written(&*file, &fill("🙂")), bytes);
    let filled = written(&*file, &fill("ب"));
    assert!(filled.windows(9).any(|w| w == b"str \"\xC8\"\n\n"));
}
