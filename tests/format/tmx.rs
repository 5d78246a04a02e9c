//! TMX: what its conformance statement says.

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
        assert_eq!(read.units, [unit("نعم", "Yes")]);
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
    assert_eq!(read.units, [unit("أيوه", "Yes"), unit("نعم", "Yes")]);
    let many =
        "<tuv xml:lang='ar'><seg>نعم</seg></tuv><tuv xml:lang='en'><seg>Yes</seg></tuv>".repeat(40);
    let read = body(&format!("<tu>{many}</tu>"));
    assert!(read.units.is_empty());
    assert!(read.reasons()[0].ends_with("1600 pairs of variants, more than 1000"));
}

#[test]
fn inline_codes_leave_their_content() {
    assert_eq!(
        segment(
            "<bpt i='1'>&lt;b&gt;</bpt>Bold<ept i='1'>&lt;/b&gt;</ept> <ph>{1}</ph><ph x='1'/>"
        ),
        "<b>Bold</b> {1}"
    );
    assert_eq!(
        segment("a<hi>b<ph>[<sub>c</sub>]</ph></hi><ut>d</ut><it pos='begin'>e</it>"),
        "ab[c]de"
    );
}

#[test]
fn references_are_characters() {
    assert_eq!(
        segment("&amp;&lt;&gt;&quot;&apos;&#x627;&#1576;<![CDATA[<&amp;]]><!-- no -->"),
        "&<>\"'اب<&amp;"
    );
    for (bad, reason) in [
        (
            "&nbsp;",
            "the entity `&nbsp;` is not one of XML's own, and others are not expanded",
        ),
        ("&#0;", "`&#0;` is no character of XML"),
        ("&#x1F;", "`&#x1F;` is no character of XML"),
        ("&#xD800;", "`&#xD800;` is no character of XML"),
    ] {
        let read = body(&(pair_with("", bad) + &pair_with("", "Yes")));
        assert_eq!(read.units.len(), 1);
        assert_eq!(read.rejected[0].0.message, reason);
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
        ["tuid=7", "changeid=e", "changedate=soon", "file=a.txt"]
    );
    assert!(
        read.remarks[0]
            .message
            .starts_with("`soon` in `changedate` is no date")
    );
    let (text, _) = write(UnitFormat::Tmx, None, &read.units);
    assert!(
        text.contains("<tu tuid=\"7\" changeid=\"e\" creationid=\"a\""),
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
