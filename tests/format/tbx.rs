use dhakira::diagnostic::Location;
use dhakira::format::FormatError;
use dhakira::format::terms::TermFormat;
use dhakira::lang::Lang;
use dhakira::term::TermStatus;

use super::terms::{Read, read, read_with, write};

fn tbx(entries: &str) -> Read {
    read(
        TermFormat::Tbx,
        format!(
            "<?xml version='1.0'?>\n<!DOCTYPE martif SYSTEM 'TBXcoreStructV02.dtd'>\n<martif type='TBX'><martifHeader/>\
             <text><body>\n{entries}\n</body></text></martif>"
        ),
    )
}

/// An entry with a term of each language.
fn pair(ar: &str, en: &str) -> String {
    format!(
        "<termEntry><langSet xml:lang='ar'><tig><term>{ar}</term></tig></langSet>\
         <langSet xml:lang='en'><tig><term>{en}</term></tig></langSet></termEntry>"
    )
}

const VERSION_2: &str = "<termEntry id='c1'><descrip type='subjectField'>health</descrip>\
    <descripGrp><descrip type='definition'>where the sick\n   are cared for</descrip><admin type='source'>WHO</admin></descripGrp>\
    <transacGrp><transac type='transactionType'>origination</transac><date>2010-04-17</date>\
    <transacNote type='responsibility'>Huda</transacNote></transacGrp><note>seen</note>\
    <langSet xml:lang='ar-EG'><ntig><termGrp><term id='t1'>مستشفى</term><termNote type='partOfSpeech'>noun</termNote></termGrp>\
    <descrip type='context'>زار المستشفى.</descrip></ntig></langSet>\
    <langSet xml:lang='en'><tig><term>hospital</term><termNote type='administrativeStatus'>preferredTerm-admn-sts</termNote></tig>\
    <tig><term>infirmary</term><termNote type='administrativeStatus'>supersededTerm-admn-sts</termNote></tig></langSet></termEntry>";

const VERSION_3: &str = "<tbx type='TBX-Basic' style='dca' xml:lang='en' xmlns='urn:iso:std:iso:30042:ed-2'><tbxHeader/>\
    <text><body><conceptEntry id='c1'><descrip type='subjectField'>health</descrip>\
    <descripGrp><descrip type='definition'>where the sick are cared for</descrip><admin type='source'>WHO</admin></descripGrp>\
    <transacGrp><transac type='transactionType'>origination</transac><date>2010-04-17</date>\
    <transacNote type='responsibility'>Huda</transacNote></transacGrp><note>seen</note>\
    <langSec xml:lang='ar-EG'><termSec><term id='t1'>مستشفى</term><termNote type='partOfSpeech'>noun</termNote>\
    <descrip type='context'>زار المستشفى.</descrip></termSec></langSec>\
    <langSec xml:lang='en'><termSec><term>hospital</term><termNote type='administrativeStatus'>preferredTerm-admn-sts</termNote></termSec>\
    <termSec><term>infirmary</term><termNote type='administrativeStatus'>supersededTerm-admn-sts</termNote></termSec></langSec>\
    </conceptEntry></body></text></tbx>";

const CATEGORIES: &str = "<tbx type='TBX-Basic' style='dct' xml:lang='en' xmlns='urn:iso:std:iso:30042:ed-2' \
    xmlns:min='http://www.tbxinfo.net/ns/min' xmlns:basic='http://www.tbxinfo.net/ns/basic'><text><body>\
    <conceptEntry id='c1'><min:subjectField>health</min:subjectField>\
    <descripGrp><basic:definition>where the sick are cared for</basic:definition><basic:source>WHO</basic:source></descripGrp>\
    <transacGrp><basic:transactionType>origination</basic:transactionType><date>2010-04-17</date>\
    <basic:responsibility>Huda</basic:responsibility></transacGrp><note>seen</note>\
    <langSec xml:lang='ar-EG'><termSec><term id='t1'>مستشفى</term><min:partOfSpeech>noun</min:partOfSpeech>\
    <basic:context>زار المستشفى.</basic:context></termSec></langSec>\
    <langSec xml:lang='en'><termSec><term>hospital</term><min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec>\
    <termSec><term>infirmary</term><min:administrativeStatus>supersededTerm-admn-sts</min:administrativeStatus></termSec></langSec>\
    </conceptEntry></body></text></tbx>";

#[test]
fn versions_and_styles_say_the_same() {
    let second = tbx(VERSION_2);
    assert_eq!((second.reasons().len(), second.remarks().len()), (0, 0));
    for other in [VERSION_3, CATEGORIES] {
        let other = read(TermFormat::Tbx, other);
        assert_eq!(other.remarks(), [""; 0]);
        assert_eq!(other.entries, second.entries);
    }
    let entry = &second.entries[0];
    assert_eq!(entry.subjects().collect::<Vec<_>>(), ["health"]);
    assert_eq!(
        entry.definition(Lang::Arabic),
        Some("where the sick are cared for")
    );
    let english: Vec<_> = entry
        .terms(Lang::English)
        .map(|(_, t)| t.status())
        .collect();
    assert_eq!(
        english,
        [Some(TermStatus::Preferred), Some(TermStatus::Superseded)]
    );
    assert!(entry.has(Lang::Arabic));
}

#[test]
fn tbx_min_of_2013_is_read() {
    let read = read(
        TermFormat::Tbx,
        "<TBX dialect='TBX-Min'><header><id>x</id><languages source='en' target='ar'/></header><body>\
         <entry id='C2'><subjectField>biology</subjectField><langGroup xml:lang='en'><termGroup><term>dog</term>\
         <partOfSpeech>noun</partOfSpeech><termStatus>notRecommended</termStatus><customer>ACME</customer>\
         <noteGrp><note><noteKey>use</noteKey><noteValue>never</noteValue></note></noteGrp></termGroup></langGroup>\
         <langGroup xml:lang='ar'><termGroup><term>كلب</term></termGroup></langGroup></entry></body></TBX>",
    );
    assert_eq!(read.remarks(), [""; 0]);
    assert_eq!(read.terms(), [["en:dog", "ar:كلب"]]);
    let term = &read.entries[0].languages[0].terms[0];
    assert_eq!(term.status(), Some(TermStatus::Deprecated));
    let facts: Vec<_> = term
        .facts
        .iter()
        .map(|f| (&*f.category, &*f.value))
        .collect();
    assert_eq!(facts[2..], [("customerSubset", "ACME"), ("", "use: never")]);
}

#[test]
fn what_is_written_is_basic_where_it_can_be() {
    let entries = tbx(VERSION_2).entries;
    let (text, counts) = write(TermFormat::Tbx, &entries);
    assert_eq!(counts.altered, 0);
    assert!(
        text.contains("<tbx type=\"TBX-Basic\" style=\"dca\""),
        "{text}"
    );
    assert_eq!(read(TermFormat::Tbx, text.as_str()).entries, entries);
    let written = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    assert_eq!(written, include_str!("../data/terms.tbx"));
    let beyond = tbx(&VERSION_2.replace("subjectField", "x-colour")).entries;
    let (text, _) = write(TermFormat::Tbx, &beyond);
    assert!(text.contains("<tbx type=\"TBX-dhakira\""), "{text}");
    assert_eq!(read(TermFormat::Tbx, text).entries, beyond);
}

#[test]
fn what_version_3_does_not_have_there_is_moved_and_said() {
    let read = tbx(
        "<termEntry><date>2010</date><termNote type='register'>formal</termNote>\
         <descripGrp><descrip type='context'>x</descrip><descripNote type='n'>y</descripNote><date>2011</date></descripGrp>\
         <langSet xml:lang='ar'><tig><term>بنك <hi>البلد</hi></term><usage>often</usage></tig>stray</langSet></termEntry>",
    );
    assert_eq!(read.terms(), [["ar:بنك البلد"]]);
    assert_eq!(
        read.remarks(),
        [
            "of `<hi>` in a text the text is kept",
            "`<date>` has no place there and is kept as `<admin>`",
            "`<termNote>` has no place there and is kept as `<descrip>`",
            "text between the elements of `<langSet>` is left out",
            "`<usage>` is kept as `<termNote type=\"usage\">`",
        ]
    );
    let (text, counts) = write(TermFormat::Tbx, &read.entries);
    assert_eq!(counts.altered, 0, "{text}");
    assert_eq!(self::read(TermFormat::Tbx, text).entries, read.entries);
}

#[test]
fn line_ends_of_a_note_are_counted_as_altered() {
    let lines = "ar,en,note\nنعم,yes,\"one\ntwo\"\n";
    let entries = read(TermFormat::Csv, lines).entries;
    let (text, counts) = write(TermFormat::Tbx, &entries);
    assert_eq!(counts.altered, 1);
    let note = &read(TermFormat::Tbx, text).entries[0].facts[0];
    assert_eq!(note.value, "one two");
}

#[test]
fn identifiers_are_those_of_xml_and_come_back() {
    let entry =
        |id: &str| pair("نعم", "yes").replace("<termEntry>", &format!("<termEntry id='{id}'>"));
    let read = tbx(&["c1", "12", "c1", "a b", "ع", "x-dhakira.1"]
        .map(entry)
        .concat());
    let (text, counts) = write(TermFormat::Tbx, &read.entries);
    assert_eq!(counts.altered, 0);
    let ids: Vec<_> = text
        .split("<conceptEntry id=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), 6, "{ids:?}");
    let again = self::read(TermFormat::Tbx, text.as_str()).entries;
    assert_eq!(again, read.entries);
}

#[test]
fn references_go_to_what_is_in_the_file() {
    let refer = |target: &str| {
        pair("نعم", "yes").replace(
            "<termEntry>",
            &format!("<termEntry id='12'><ref type='crossReference' target='{target}'>x</ref>"),
        )
    };
    let inside = tbx(&refer("12")).entries;
    let (text, counts) = write(TermFormat::Tbx, &inside);
    assert_eq!(counts.altered, 0);
    assert!(text.contains("target=\"x-dhakira.0.12\""), "{text}");
    let (text, counts) = write(TermFormat::Tbx, &tbx(&refer("99")).entries);
    assert_eq!((counts.altered, text.contains("target")), (1, false));
}

#[test]
fn entities_of_a_document_type_are_never_expanded() {
    let file = format!(
        "<!DOCTYPE martif [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>\
         <martif><text><body>\n{}\n{}\n{}</body></text></martif>",
        pair("&b;", "yes"),
        pair("&c;", "yes"),
        pair("نعم", "yes")
    );
    let read = read(TermFormat::Tbx, file);
    assert_eq!(read.entries.len(), 1);
    assert_eq!(
        read.reasons(),
        [
            "2:46: the entity `&b;` is not one of XML's own, and others are not expanded",
            "3:46: the entity `&c;` is not one of XML's own, and others are not expanded"
        ]
    );
}

#[test]
fn broken_entries_cost_themselves() {
    for broken in [
        "<termEntry><langSet xml:lang='ar'><tig><term>نعم</tig></langSet></termEntry>",
        "<termEntry><langSet xml:lang='ar'><tig><term>نعم</term></tig></langSet>",
        "<langSet xml:lang='ar'><tig/></langSet></termEntry>",
        "<termEntry id='1><langSet/></termEntry>",
        "<termEntry a='1' a='2'/>",
        "<termEntry/>",
        "<termEntry><langSet><tig><term>نعم</term></tig></langSet></termEntry>",
        "<termEntry><langSet xml:lang='ar'><tig><term>\u{200F}</term></tig></langSet></termEntry>",
        "<termEntry><!-- </termEntry>",
        "text",
    ] {
        let whole = pair("نعم", "yes");
        let read = tbx(&format!("{whole}\n  {broken}\n{whole}"));
        assert_eq!(read.entries.len(), 2, "{broken}: {:?}", read.reasons());
        assert_eq!(read.rejected.len(), 1, "{broken}: {:?}", read.reasons());
        let (diagnostic, raw) = &read.rejected[0];
        assert_eq!(diagnostic.location.unwrap().line, 5, "{broken}");
        assert_eq!(raw.trim(), broken);
    }
}

#[test]
fn what_is_plain_is_mended_and_said() {
    let read = tbx(&pair("R & D\u{1}", "yes&nbsp;no"));
    assert_eq!(read.terms(), [["ar:R & D", "en:yes\u{A0}no"]]);
    assert_eq!(
        read.remarks(),
        [
            "a bare `&` is taken as it stands",
            "the control character U+0001 is left out",
            "`&nbsp;` is not declared; taken as HTML's"
        ]
    );
}

#[test]
fn a_file_that_ends_early_says_so() {
    let whole = format!("<tbx><text><body>\n{0}\n{0}", pair("نعم", "yes"));
    let between = read(TermFormat::Tbx, whole.clone());
    assert_eq!((between.entries.len(), between.rejected.len()), (2, 0));
    assert_eq!(
        between.remarks(),
        ["the file ends without `</tbx>`; entries may be missing"]
    );
    let inside = read(TermFormat::Tbx, &whole[..whole.len() - 9]);
    assert_eq!(inside.entries.len(), 1);
    assert_eq!(inside.reasons(), ["3:1: the file ends inside this entry"]);
}

#[test]
fn other_parts_of_a_file_are_left_out_and_said() {
    let text = format!(
        "<martif><text><front><p>x</p></front><body>{}</body>\n<back><refObjectList/></back></text></martif>",
        pair("نعم", "yes")
    );
    let read = read(TermFormat::Tbx, text);
    assert_eq!((read.entries.len(), read.rejected.len()), (1, 0));
    assert_eq!(
        read.remarks(),
        [
            "what `<front>` holds is left out",
            "what `<back>` holds is left out"
        ]
    );
}

#[test]
fn what_is_no_tbx_is_refused_with_its_place() {
    for (text, found, line) in [
        ("", "nothing", 1),
        ("\n\nplain", "text", 3),
        ("<!-- x -->\n<TAGTABLE>", "`<TAGTABLE>`", 2),
        ("<tbxx>", "`<tbxx>`", 1),
    ] {
        match read_with(TermFormat::Tbx, None, text) {
            Err(FormatError::NotTbx {
                found: told,
                location: Location { line: at, .. },
                ..
            }) => assert_eq!((told.as_str(), at), (found, line)),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn deep_nesting_is_no_danger() {
    let deep = "<hi>".repeat(200_000) + "x" + &"</hi>".repeat(200_000);
    assert_eq!(tbx(&pair("نعم", &deep)).terms(), [["ar:نعم", "en:x"]]);
    let groups = "<descripGrp>".repeat(100_000) + &"</descripGrp>".repeat(100_000);
    let read = tbx(&pair("نعم", "yes").replace("<termEntry>", &format!("<termEntry>{groups}")));
    assert_eq!(read.entries.len(), 1);
}

#[test]
fn encodings_are_those_that_are_declared() {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><martif><text><body>{}</body></text></martif>",
        pair("مستشفى", "hospital")
    );
    let utf16: Vec<u8> = std::iter::once(0xFEFF)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let expected = [["ar:مستشفى", "en:hospital"]];
    assert_eq!(read(TermFormat::Tbx, utf16).terms(), expected);
    let latin = pair("\u{1}", "caf").replace('\u{1}', "نعم").into_bytes();
    let mut bytes = b"<martif><text><body>".to_vec();
    bytes.extend(latin);
    bytes.extend(b"<termEntry>\xE9</termEntry></body></text></martif>");
    let read = read(TermFormat::Tbx, bytes);
    assert_eq!(read.entries.len(), 1);
    assert!(read.reasons()[0].ends_with("bytes that are no UTF-8 text"));
}
