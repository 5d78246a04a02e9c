//! TMX: what its conformance statement says.

use dhakira::coded::{Code, CodeKind};
use dhakira::unit::{UnitState, UnixSeconds};

use super::*;

fn body(units: &str) -> Read {
    read(
        UnitFormat::Tmx,
        format!("<tmx version=\"1.4\"><header srclang=\"en-US\"/><body>{units}</body></tmx>"),
    )
}

fn pair_with(inside: &str, en: &str) -> String {
    format!(
        "<tu>{inside}<tuv xml:lang='ar'><seg>نعم</seg></tuv><tuv xml:lang='en'><seg>{en}</seg></tuv></tu>"
    )
}

fn segment(en: &str) -> String {
    let read = body(&pair_with("", en));
    assert_eq!(read.reasons(), [""; 0]);
    read.units[0].text.en.clone()
}

#[test]
fn languages_match_by_primary_subtag() {
    for (ar, en) in [
        ("xml:lang='AR_eg'", "xml:lang='EN-us'"),
        ("lang='ara'", "lang='eng'"),
        ("lang='fr' xml:lang='arb-SA'", "xml:lang=\"en\""),
    ] {
        let read = body(&format!(
            "<tu><tuv {en}><seg>Yes</seg></tuv><tuv {ar}><seg>نعم</seg></tuv></tu>"
        ));
        assert_eq!(read.english(), ["Yes"]);
        // What a tag says more than the language is written again.
        let (text, _) = write(UnitFormat::Tmx, None, &read.units);
        for tag in [ar, en].map(|tag| tag.rsplit('=').next().unwrap().replace('\'', "\"")) {
            assert!(text.contains(&format!("xml:lang={tag}")), "{text}");
        }
    }
}

#[test]
fn a_unit_without_both_languages_is_rejected_with_those_it_has() {
    let read = body(
        "<tu><tuv xml:lang='en'><seg>Yes</seg></tuv><tuv xml:lang='fr'><seg>Oui</seg></tuv></tu><tu/>",
    );
    assert_eq!(
        read.reasons(),
        [
            "1:51: no Arabic and English segment, only `en`, `fr`",
            "1:138: no Arabic and English segment",
        ]
    );
}

#[test]
fn another_language_is_left_out_with_one_remark() {
    let unit = pair_with("<tuv xml:lang='fr'><seg>Oui</seg></tuv>", "Yes");
    let read = body(&unit.repeat(3));
    assert_eq!(read.units.len(), 3);
    assert_eq!(read.remarks.len(), 1);
    assert!(
        read.remarks[0]
            .to_string()
            .ends_with("segments in `fr` are left out")
    );
}

#[test]
fn variants_make_all_pairs() {
    let read = body(&pair_with(
        "<tuv xml:lang='ar-EG'><seg>أيوه</seg></tuv>",
        "Yes",
    ));
    let arabic: Vec<_> = read.units.iter().map(|unit| &*unit.text.ar).collect();
    assert_eq!(arabic, ["أيوه", "نعم"]);
    let many =
        "<tuv xml:lang='ar'><seg>نعم</seg></tuv><tuv xml:lang='en'><seg>Yes</seg></tuv>".repeat(40);
    let read = body(&format!("<tu>{many}</tu>"));
    assert!(read.units.is_empty());
    assert!(read.reasons()[0].ends_with("1600 pairs of variants, more than 1000"));
}

fn codes(en: &str) -> (String, Vec<(usize, CodeKind, u32, String)>) {
    let read = body(&pair_with("", en));
    assert_eq!(read.reasons(), [""; 0]);
    let unit = &read.units[0];
    let codes = unit
        .codes
        .en
        .iter()
        .map(|c| (c.at, c.kind, c.number, c.raw.clone()));
    (unit.text.en.clone(), codes.collect())
}

#[test]
fn inline_codes_stand_beside_the_text() {
    use CodeKind::{Alone, Close, Open};
    let (text, codes) = codes(
        "<bpt i='1'>&lt;b&gt;</bpt>Bold<ept i='1'>&lt;/b&gt;</ept> a<hi>b<ph>[<sub>c</sub>]</ph></hi><ut>d</ut>e\
         <it pos='begin'>e</it><ph x='1'/>",
    );
    assert_eq!(text, "Bold abe");
    let expected = [
        (0, Open, 1, "<bpt i='1'>&lt;b&gt;</bpt>"),
        (4, Close, 1, "<ept i='1'>&lt;/b&gt;</ept>"),
        (6, Open, 2, "<hi>"),
        (7, Alone, 3, "<ph>[<sub>c</sub>]</ph>"),
        (7, Close, 2, "</hi>"),
        (7, Alone, 4, "<ut>d</ut>"),
        (8, Alone, 5, "<it pos='begin'>e</it>"),
        (8, Alone, 6, "<ph x='1'/>"),
    ];
    assert_eq!(
        codes,
        expected.map(|(at, kind, number, raw)| (at, kind, number, raw.to_owned()))
    );
}

#[test]
fn codes_go_back_as_they_came() {
    let segment = "<bpt i='7' x=\"1\">&lt;b&gt;</bpt>Bold<ept i='7'/> <hi type='x'>b<ph x='1'/></hi><ph>{1}</ph><hi/>";
    let read = body(&pair_with("", segment));
    let (text, _) = write(UnitFormat::Tmx, None, &read.units);
    assert!(text.contains(&format!("<seg>{segment}</seg>")), "{text}");
    assert_eq!(super::read(UnitFormat::Tmx, text).units, read.units);
}

#[test]
fn white_space_between_codes_and_text_goes_back_too() {
    for en in [
        "<ph x=\"1\"/> Yes",
        "Yes  <it pos=\"end\"/>",
        "<bpt i=\"1\"/>\t<ph/> Yes <ph/> and no<ept i=\"1\"/> <ph/>",
    ] {
        let unit = pair_with("", en);
        let read = body(&unit);
        assert!(!read.units[0].text.en.starts_with([' ', '\t']), "{en}");
        let (text, _) = write(UnitFormat::Tmx, None, &read.units);
        assert!(text.contains(&format!("<seg>{en}</seg>")), "{text}");
        assert!(!text.contains("x-edges"), "{text}");
        assert_eq!(super::read(UnitFormat::Tmx, text).units, read.units);
    }
}

#[test]
fn codes_of_other_formats_are_wrapped_and_come_back() {
    let code = |at, kind, number, raw: &str| Code {
        at,
        kind,
        number,
        raw: raw.to_owned(),
    };
    let mut draft = unit("نعم", "Yes");
    draft.codes.en = vec![
        code(0, CodeKind::Open, 1, "<g id=\"1\">"),
        code(0, CodeKind::Alone, 2, "<ph id=\"4\"/>"),
        code(1, CodeKind::Open, 3, "<hi>"),
        code(3, CodeKind::Close, 1, "</g>"),
        code(3, CodeKind::Alone, 4, "\u{1b}%s & co"),
    ];
    draft.codes.ar = vec![code(6, CodeKind::Alone, 2, "<ph id=\"4\"/>")];
    draft.codes.en[4].raw = "%s & co".to_owned();
    let (text, counts) = write(UnitFormat::Tmx, None, &[draft.clone()]);
    assert_eq!(counts.altered, 0);
    // A `hi` that is never closed is no element of TMX, and lost its end.
    draft.codes.en[2].kind = CodeKind::Alone;
    // Numbers are given anew, by the side that is read first.
    for code in draft.codes.ar.iter_mut().chain(&mut draft.codes.en) {
        code.number = match code.number {
            1 => 2,
            2 => 1,
            other => other,
        };
    }
    assert_eq!(super::read(UnitFormat::Tmx, text).units, [draft]);
}

#[test]
fn a_code_that_only_looks_like_an_element_is_wrapped() {
    for raw in ["<ph>&8t;/b&gt;</ph>", "<ph>a & b</ph>", "<ph>\u{1}</ph>"] {
        let mut draft = unit("نعم", "Yes");
        draft.codes.en = vec![Code {
            at: 3,
            kind: CodeKind::Alone,
            number: 1,
            raw: raw.to_owned(),
        }];
        let (text, _) = write(UnitFormat::Tmx, None, &[draft]);
        let read = super::read(UnitFormat::Tmx, text);
        assert_eq!(read.english(), ["Yes"], "{raw}");
        let known = raw.replace('\u{1}', "\u{FFFD}");
        assert_eq!(read.units[0].codes.en[0].raw, known);
    }
}

#[test]
fn codes_of_both_sides_have_the_same_numbers() {
    let read = body(
        "<tu><tuv xml:lang='en'><seg><ph x='2'>a</ph>x<ph x='1'>b</ph><bpt i='1'/>y<ept i='1'/></seg></tuv>\
         <tuv xml:lang='ar'><seg><bpt i='1'/>س<ept i='1'/><ph x='1'>b</ph><ph x='2'>a</ph></seg></tuv></tu>",
    );
    let numbers = |codes: &[Code]| codes.iter().map(|c| c.number).collect::<Vec<_>>();
    let unit = &read.units[0];
    assert_eq!(numbers(&unit.codes.en), [1, 2, 3, 3]);
    assert_eq!(numbers(&unit.codes.ar), [3, 3, 2, 1]);
}

#[test]
fn references_are_characters() {
    assert_eq!(
        segment("&amp;&lt;&gt;&quot;&apos;&#x627;&#1576;<![CDATA[<&amp;]]><!-- no -->"),
        "&<>\"'اب<&amp;"
    );
}

#[test]
fn what_is_plain_is_mended_and_said() {
    for (bad, en, remark) in [
        (
            "a&nbsp;b",
            "a\u{A0}b",
            "`&nbsp;` is not declared; taken as HTML's",
        ),
        ("R & D", "R & D", "a bare `&` is taken as it stands"),
        ("a&#0;b", "ab", "the control character U+0000 is left out"),
        ("a&#x1F;b", "ab", "the control character U+001F is left out"),
        ("a\u{1}b", "ab", "the control character U+0001 is left out"),
        (
            "a&#xD800;b",
            "ab",
            "`&#xD800;` is no character and is left out",
        ),
    ] {
        let read = body(&pair_with("", bad));
        assert_eq!(read.english(), [en]);
        assert_eq!(read.remarks[0].message, remark);
    }
    let read = body(&pair_with("<prop type='a&b'>R&D</prop>", "Yes"));
    let property = ("a&b".to_owned(), "R&D".to_owned());
    assert_eq!(read.units[0].origin.properties, [property]);
    assert_eq!(read.remarks.len(), 2);
}

#[test]
fn what_nobody_knows_costs_its_unit() {
    for (bad, reason) in [
        (
            "&firm;",
            "the entity `&firm;` is not one of XML's own, and others are not expanded",
        ),
        ("&#x;", "`&#x;` is no character of XML"),
        ("&#99999999999;", "`&#99999999999;` is no character of XML"),
        (
            "<ph>\u{1}</ph>",
            "the control character U+0001 is left out, but for a code, which has to stay as it is",
        ),
    ] {
        let read = body(&(pair_with("", bad) + &pair_with("", "Yes")));
        assert_eq!(read.units.len(), 1);
        assert_eq!(read.rejected[0].0.message, reason);
    }
}

#[test]
fn attributes_and_properties_of_other_tools_are_read_and_written_back() {
    let read = super::read(
        UnitFormat::Tmx,
        "<tmx version='1.4'><header srclang='en' datatype='xml' segtype='block'/><body>\
         <tu tuid='a' datatype='html' usagecount='3' o-tmf='X'><prop type='file'>a.odt</prop>\
         <prop type='x-ConfirmationLevel'>ApprovedSignOff</prop><prop type='x-Context'>1, 2</prop><prop type='x-Context'>3, 4</prop>\
         <tuv xml:lang='ar-EG' lastusagedate='20200101T000000Z'><seg>نعم</seg></tuv><tuv xml:lang='en'><seg>Yes</seg></tuv></tu>\
         </body></tmx>",
    );
    let origin = &read.units[0].origin;
    assert_eq!(origin.document.as_deref(), Some("a.odt"));
    assert_eq!(origin.state, UnitState::Final);
    let (text, _) = write(UnitFormat::Tmx, None, &read.units);
    let tag = "<tu tuid=\"a\" usagecount=\"3\" lastusagedate=\"20200101T000000Z\" datatype=\"html\" segtype=\"block\" o-tmf=\"X\">";
    assert!(text.contains(tag), "{text}");
    assert!(text.contains("<prop type=\"x-Context\">3, 4</prop>"));
    assert!(text.contains("<tuv xml:lang=\"ar-EG\">"));
    let mut again = super::read(UnitFormat::Tmx, text).units;
    let mut units = read.units;
    for unit in again.iter_mut().chain(&mut units) {
        unit.origin.properties.sort();
    }
    assert_eq!(again, units);
}

#[test]
fn elements_that_tmx_does_not_have_in_a_segment_are_codes() {
    let unit = |seg: &str| {
        format!(
            "<tu><tuv xml:lang='en'><seg>{}</seg></tuv><tuv xml:lang='ar'><seg>{}</seg></tuv></tu>",
            seg.replace("TEXT", "Yes"),
            seg.replace("TEXT", "نعم")
        )
    };
    let read = body(&unit("<g id='1'>TEXT</g> <x id='2'/><b><ph>p</ph></b>"));
    assert_eq!((read.units.len(), read.remarks.len()), (1, 0));
    let units = &read.units;
    assert_eq!(units[0].text.en, "Yes");
    let raws: Vec<_> = units[0].codes.en.iter().map(|code| &*code.raw).collect();
    assert_eq!(
        raws,
        [
            "<g id='1'>",
            "</g>",
            "<x id='2'/>",
            "<b>",
            "<ph>p</ph>",
            "</b>"
        ]
    );
    let (text, _) = write(UnitFormat::Tmx, None, units);
    assert_eq!(grammar::TMX.check(&text), Ok(()), "{text}");
    let again = super::read(UnitFormat::Tmx, text);
    assert_eq!(again.units, *units);
}

#[test]
fn what_a_header_says_of_the_file_is_left_out_and_said() {
    let pair =
        "<tu><tuv xml:lang='en'><seg>Yes</seg></tuv><tuv xml:lang='ar'><seg>نعم</seg></tuv></tu>";
    let file = |inside: &str| {
        let text = format!(
            "<tmx version='1.4'>\n<header srclang='en'>{inside}</header><body>{pair}</body></tmx>"
        );
        read(UnitFormat::Tmx, text)
    };
    let remarks =
        |read: &Read| -> Vec<String> { read.remarks.iter().map(ToString::to_string).collect() };
    for inside in ["", "\n", "<!-- <note>x</note> -->"] {
        assert_eq!(remarks(&file(inside)), [""; 0], "{inside}");
    }
    let some = file(
        "<note>n</note><prop\n  type='defclient'>ACME</prop><ude name='u'><map unicode='F'/></ude>",
    );
    assert_eq!(some.units.len(), 1);
    assert_eq!(
        remarks(&some),
        [
            "2:22: what the header says of the file is left out: `<note>`, `<prop type='defclient'>`, `<ude name='u'>`"
        ]
    );
    let many = remarks(&file(&"<note>n</note>".repeat(2000)));
    assert!(many[0].ends_with("`<note>`, and more"), "{many:?}");
    let long = remarks(&file(&format!("<prop type='{}'>x</prop>", "ك".repeat(99))));
    assert!(long[0].ends_with("كك…`"), "{long:?}");
}

#[test]
fn what_a_unit_and_its_variants_say_differently_is_written_where_it_was() {
    let tags = "<tu creationid=\"U\" creationdate=\"20200101T000000Z\" usagecount=\"9\">\
                <tuv lang=\"en\" creationid=\"S\" changeid=\"U\" changedate=\"20200202T000000Z\" usagecount=\"2\">\
                <tuv lang=\"ar\" creationid=\"T\" creationdate=\"20200303T000000Z\" usagecount=\"9\">";
    for srclang in ["en", "ar", "*all*"] {
        let text = tags.replace("lang=", "xml:lang=").replace("\">", "\">\n");
        let [tu, en, ar] = text.lines().collect::<Vec<_>>()[..] else {
            panic!()
        };
        let file = format!(
            "<tmx><header srclang='{srclang}'/><body>{tu}{en}<seg>Yes</seg></tuv>{ar}<seg>نعم</seg></tuv></tu></body></tmx>"
        );
        let first = read(UnitFormat::Tmx, file);
        let author = if srclang == "ar" { "S" } else { "T" };
        assert_eq!(first.units[0].origin.author.as_deref(), Some(author));
        let (written, _) = write(UnitFormat::Tmx, None, &first.units);
        let mut again = read(UnitFormat::Tmx, written.clone()).units;
        let mut units = first.units;
        for unit in again.iter_mut().chain(&mut units) {
            unit.origin.properties.sort();
        }
        assert_eq!(again, units, "{written}");
        let line = |start: &str| {
            let line = written.lines().find(|line| line.trim().starts_with(start));
            line.unwrap().trim().to_owned()
        };
        for (start, attributes) in [
            (
                "<tu ",
                &[
                    "creationid=\"U\"",
                    "creationdate=\"20200101T000000Z\"",
                    "usagecount=\"9\"",
                ][..],
            ),
            (
                "<tuv xml:lang=\"en\"",
                &["creationid=\"S\"", "usagecount=\"2\""],
            ),
            (
                "<tuv xml:lang=\"ar\"",
                &["creationid=\"T\"", "creationdate=\"20200303T000000Z\""],
            ),
        ] {
            for attribute in attributes {
                assert!(line(start).contains(attribute), "{attribute}: {written}");
            }
        }
    }
}

#[test]
fn entities_of_a_document_type_are_never_expanded() {
    let file = format!(
        "<!DOCTYPE tmx [<!ENTITY a \"lol\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]><tmx><body>{}{}</body></tmx>",
        pair_with("", "&a;"),
        pair_with("", "&b;")
    );
    let read = read(UnitFormat::Tmx, file);
    assert_eq!((read.units.len(), read.rejected.len()), (0, 2));
}

#[test]
fn broken_units_cost_themselves() {
    for broken in [
        "<tu><tuv xml:lang='ar'><seg>نعم</tuv></tu>",
        "<tu><tuv xml:lang='ar'><seg>نعم</seg></tuv>",
        "<tuv xml:lang='ar'><seg>نعم</seg></tuv></tu>",
        "<tu tuid='1><tuv xml:lang='ar'/></tu>",
        "<tu a='1' a='2'/>",
        "<tu>text</tu>",
        "<tu><tuv xml:lang='ar'/><tuv xml:lang='en'><seg>Yes</seg></tuv></tu>",
        "<tu><tuv xml:lang='ar'><seg>a</seg><seg>b</seg></tuv></tu>",
        "<tu><!-- </tu>",
        "<tu><![CDATA[ </tu>",
        "text",
    ] {
        let whole = pair_with("", "Yes");
        let read = body(&format!("{whole}\n  {broken}\n{whole}"));
        assert_eq!(read.units.len(), 2, "{broken}: {:?}", read.reasons());
        assert_eq!(read.rejected.len(), 1, "{broken}: {:?}", read.reasons());
        let (diagnostic, raw) = &read.rejected[0];
        assert_eq!(diagnostic.location.unwrap().line, 2, "{broken}");
        assert_eq!(raw.trim(), broken);
    }
}

#[test]
fn a_file_that_ends_early_says_so() {
    let whole = format!("<tmx><body>\n{0}\n{0}", pair_with("", "Yes"));
    let between = read(UnitFormat::Tmx, whole.clone());
    assert_eq!((between.units.len(), between.rejected.len()), (2, 0));
    assert_eq!(
        between.remarks[0].message,
        "the file ends without `</tmx>`; units may be missing"
    );
    let inside = read(UnitFormat::Tmx, &whole[..whole.len() - 9]);
    assert_eq!(inside.units.len(), 1);
    assert_eq!(inside.reasons(), ["3:1: the file ends inside this unit"]);
}

#[test]
fn history_comes_from_the_target_first() {
    let read = body(
        "<tu tuid='7' creationid='u' creationdate='20200101T000000Z' changedate='soon'>\
         <prop type='file'>a.txt</prop><note>seen</note><tuv xml:lang='en' changeid='e'><prop type='file'>a.txt</prop>\
         <seg>Yes</seg></tuv><tuv xml:lang='ar' creationid='a'><prop type='x-state'>final</prop><seg>نعم</seg></tuv></tu>",
    );
    let origin = &read.units[0].origin;
    assert_eq!(origin.author.as_deref(), Some("a"));
    assert_eq!(origin.created, UnixSeconds::parse("20200101T000000Z"));
    assert_eq!((origin.changed, origin.state), (None, UnitState::Final));
    assert_eq!(origin.notes, ["seen"]);
    let names: Vec<_> = origin
        .properties
        .iter()
        .map(|(n, v)| format!("{n}={v}"))
        .collect();
    assert_eq!(
        names,
        [
            "tuid=7",
            "changeid=e",
            "changedate=soon",
            "file=a.txt",
            "x-tu-creationid=u"
        ]
    );
    assert!(
        read.remarks[0]
            .message
            .starts_with("`soon` in `changedate` is no date")
    );
    let (text, _) = write(UnitFormat::Tmx, None, &read.units);
    assert!(
        text.contains("<tu tuid=\"7\" creationid=\"u\"")
            && text.contains("<tuv xml:lang=\"ar\" creationid=\"a\">"),
        "{text}"
    );
}

#[test]
fn what_xml_cannot_hold_is_replaced_and_counted() {
    let (text, counts) = write(UnitFormat::Tmx, None, &[unit("ن\u{0}عم", "Y\u{B}es")]);
    assert_eq!((counts.units, counts.altered), (1, 1));
    assert_eq!(
        read(UnitFormat::Tmx, text).units,
        [unit("ن\u{FFFD}عم", "Y\u{FFFD}es")]
    );
}

#[test]
fn deep_nesting_is_no_danger() {
    let deep = "<hi>".repeat(200_000) + "x" + &"</hi>".repeat(200_000);
    assert_eq!(segment(&deep), "x");
}
