//! XLIFF and its kin: what is their own, beside the contracts.

use super::*;
use dhakira::coded::{Code, Coded};
use dhakira::format::fill::{
    FileKind, FillOptions, FillableFile, Filling, OpenOptions, Proposal, SlotState,
};
use dhakira::lang::Lang;
use dhakira::matching::MatchKind;
use dhakira::score::Score;

/// A file in English and Arabic around these units.
fn around(units: &str) -> String {
    format!(
        "<xliff xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" version=\"2.0\" srcLang=\"en\" trgLang=\"ar\">\n\
         <file id=\"f1\">{units}</file></xliff>"
    )
}

const UNIT: &str = "<unit id=\"u1\"><segment state=\"final\"><source>Yes</source><target>نعم</target></segment></unit>";

#[test]
fn a_file_that_ends_inside_a_start_tag_is_read_to_its_end() {
    let whole = around(&format!("{UNIT}<unit id=\"u2\">"));
    let cut = whole.find("<unit id=\"u2").unwrap() + "<unit i".len();
    let read = read(UnitFormat::Xliff, &whole[..cut]);
    assert_eq!(read.units.len(), 1);
    assert!(!read.rejected.is_empty() || !read.remarks.is_empty());
}

#[test]
fn units_of_other_tools_stand_in_the_order_of_their_file() {
    let read = read(UnitFormat::Xliff, around(&format!("{UNIT}{UNIT}")));
    let positions: Vec<_> = read.units.iter().map(|unit| unit.origin.position).collect();
    assert_eq!(positions, [Some(0), Some(1)]);
}

fn open(file: impl Into<Vec<u8>>, name: &str) -> Box<dyn FillableFile> {
    let options = OpenOptions::default();
    FileKind::Xliff
        .open(file.into(), name, &options, &mut |d| panic!("{d}"))
        .unwrap()
}

/// Fills every slot with `text`, from a match of that kind, and writes the file.
fn filled(file: &str, name: &str, kind: MatchKind, confirmed: bool, text: &str) -> String {
    let opened = open(file, name);
    let fillings: Vec<_> = opened
        .slots()
        .iter()
        .map(|slot| {
            let codes = slot.source.codes.iter();
            let target = Coded {
                text: text.to_owned(),
                codes: codes
                    .map(|code| Code {
                        at: 0,
                        ..code.clone()
                    })
                    .collect(),
            };
            Filling {
                target: Some(target.clone()),
                confirmed,
                previous: None,
                proposals: vec![Proposal {
                    source: "Yes!".into(),
                    target,
                    score: Score::from_hundredths(8750),
                    kind,
                    flags: Vec::new(),
                    origin: "R&D".to_owned(),
                }],
            }
        })
        .collect();
    let options = FillOptions {
        target: Some(Lang::Arabic),
    };
    let write = |file: &dyn FillableFile| {
        let mut out = Vec::new();
        file.write(&fillings, &options, &mut out).unwrap();
        out
    };
    let out = write(&*opened);
    let again = open(out.clone(), name);
    let done = confirmed && kind >= MatchKind::Exact;
    for slot in again
        .slots()
        .iter()
        .filter(|slot| slot.state != SlotState::Locked)
    {
        assert_eq!(slot.state == SlotState::Confirmed, done);
    }
    assert_eq!(write(&*again), out, "done twice");
    let out = String::from_utf8(out).unwrap();
    if name.ends_with(".xlf") {
        let grammar = if out.contains("version=\"1.2\"") {
            &grammar::XLIFF_1
        } else {
            &grammar::XLIFF_2
        };
        if grammar.check(file).is_ok() {
            assert_eq!(grammar.check(&out), Ok(()), "{out}");
        }
    }
    out
}

fn first(units: &str) -> String {
    format!(
        "<xliff version=\"1.2\"><file original=\"a\" source-language=\"en\" target-language=\"ar\" datatype=\"plaintext\"><body>{units}</body></file></xliff>"
    )
}

#[test]
fn the_first_version_has_states_and_alternatives() {
    let file =
        first("\n <trans-unit id=\"1\">\n  <source>Yes<x id=\"1\"/></source>\n </trans-unit>");
    let fuzzy = filled(&file, "a.xlf", MatchKind::Fuzzy, true, "نعم");
    let expected = "\n <trans-unit id=\"1\">\n  <source>Yes<x id=\"1\"/></source>\
        \n  <target state=\"needs-review-translation\" state-qualifier=\"fuzzy-match\"><x id=\"1\"/>نعم</target>\
        \n  <alt-trans match-quality=\"87.5\" origin=\"R&amp;D\"><source>Yes!</source><target xml:lang=\"ar\"><x id=\"1\"/>نعم</target></alt-trans>\
        \n </trans-unit>";
    assert!(fuzzy.contains(expected), "{fuzzy}");
    for (kind, qualifier) in [
        (MatchKind::Exact, "leveraged-tm"),
        (MatchKind::Context, "exact-match"),
    ] {
        let exact = filled(&file, "a.xlf", kind, true, "نعم");
        let state = format!("<target state=\"translated\" state-qualifier=\"{qualifier}\">");
        assert!(exact.contains(&state), "{exact}");
    }
}

#[test]
fn approval_does_not_outlive_what_was_approved() {
    let file = first(
        "<trans-unit id=\"1\" approved=\"yes\"><source>Yes</source><target state='final'>أجل</target></trans-unit>",
    );
    let out = filled(&file, "a.xlf", MatchKind::Exact, false, "نعم");
    assert!(out.contains("approved=\"no\""), "{out}");
    assert!(
        out.contains("<target state=\"needs-review-translation\""),
        "{out}"
    );
}

#[test]
fn what_is_locked_stays() {
    let file = first(
        "<group translate=\"no\"><trans-unit id=\"1\"><source>Yes</source></trans-unit></group>\
         <trans-unit id=\"2\" translate=\"no\"><source>No</source><target>No</target></trans-unit>",
    );
    assert_eq!(filled(&file, "a.xlf", MatchKind::Exact, true, "نعم"), file);
}

#[test]
fn the_second_version_has_matches_and_their_namespace_once() {
    let file = around(
        "\n<unit id=\"u1\">\n <segment>\n  <source>Yes <ph id=\"1\" dataRef=\"d1\"/></source>\n </segment>\n</unit>\
         <unit id=\"u2\"><segment id=\"s1\" state=\"final\" subState=\"x:y\"><source>No</source><target>كلا</target></segment></unit>",
    );
    let out = filled(&file, "b.xlf", MatchKind::Fuzzy, false, "نعم");
    assert_eq!(
        out.matches("xmlns:mtc=\"urn:oasis:names:tc:xliff:matches:2.0\"")
            .count(),
        1
    );
    let expected = "<unit id=\"u1\">\n <mtc:matches><mtc:match ref=\"#s1-1\" type=\"tm\" similarity=\"87.5\" matchQuality=\"87.5\" origin=\"R&amp;D\">\
        <source>Yes!</source><target><ph id=\"1\"/>نعم</target></mtc:match></mtc:matches>\
        \n <segment state=\"initial\" subState=\"dhakira:fuzzy\" id=\"s1-1\">\n  <source>Yes <ph id=\"1\" dataRef=\"d1\"/></source>\
        \n  <target><ph id=\"1\" dataRef=\"d1\"/>نعم</target>\n </segment>";
    assert!(out.contains(expected), "{out}");
    let state = "<segment id=\"s1\" state=\"initial\" subState=\"dhakira:fuzzy\">";
    assert!(out.contains(state), "{out}");
    let out = filled(&file, "b.xlf", MatchKind::Exact, true, "نعم");
    let done = "<segment id=\"s1\" state=\"translated\"><source>No</source><target>نعم</target>";
    assert!(out.contains(done), "{out}");
}

#[test]
fn a_file_without_a_target_language_gets_it() {
    let file = first("<trans-unit id=\"1\"><source>Yes</source></trans-unit>")
        .replace(" target-language=\"ar\"", "");
    let out = filled(&file, "a.xlf", MatchKind::Exact, true, "نعم");
    assert!(
        out.contains("source-language=\"en\" datatype=\"plaintext\" target-language=\"ar\">"),
        "{out}"
    );
}

#[test]
fn trados_studio_has_its_own_states() {
    let file = "<xliff xmlns:sdl=\"http://sdl.com/FileTypes/SdlXliff/1.0\" version=\"1.2\"><file original=\"a\" source-language=\"en-US\" target-language=\"ar-SA\"><body>\
        <trans-unit id=\"1\"><source>A B C</source><seg-source><g id=\"5\"><mrk mtype=\"seg\" mid=\"1\">A</mrk></g> <mrk mtype=\"seg\" mid=\"2\">B</mrk> <mrk mtype=\"seg\" mid=\"3\">C</mrk></seg-source>\
        <sdl:seg-defs><sdl:seg id=\"1\" conf=\"Draft\"/><sdl:seg id=\"2\" locked=\"true\" conf=\"Translated\"/></sdl:seg-defs></trans-unit></body></file></xliff>";
    let out = filled(file, "a.sdlxliff", MatchKind::Fuzzy, true, "س");
    let target = "<target><g id=\"5\"><mrk mtype=\"seg\" mid=\"1\">س</mrk></g> <mrk mtype=\"seg\" mid=\"2\"></mrk> <mrk mtype=\"seg\" mid=\"3\">س</mrk></target>";
    assert!(out.contains(target), "{out}");
    let defs = "<sdl:seg-defs><sdl:seg id=\"1\" conf=\"Draft\" origin=\"tm\" origin-system=\"R&amp;D\" percent=\"87\"/>\
        <sdl:seg id=\"2\" locked=\"true\" conf=\"Translated\"/><sdl:seg id=\"3\" conf=\"Draft\" origin=\"tm\" origin-system=\"R&amp;D\" percent=\"87\"/></sdl:seg-defs>";
    assert!(out.contains(defs), "{out}");
}

#[test]
fn memoq_and_phrase_say_it_of_the_unit() {
    let memoq = "<xliff xmlns:mq=\"MQXliff\" version=\"1.2\"><file original=\"a\" source-language=\"en\" target-language=\"ar\"><body>\
        <trans-unit id=\"1\" mq:status=\"NotStarted\" mq:percent=\"0\"><source>A</source><target></target></trans-unit>\
        <trans-unit id=\"2\" mq:status=\"ManuallyConfirmed\" mq:locked=\"locked\"><source>A</source><target>ا</target></trans-unit></body></file></xliff>";
    let out = filled(memoq, "a.mqxliff", MatchKind::Fuzzy, true, "س");
    assert!(
        out.contains("mq:status=\"Pretranslated\" mq:percent=\"87\""),
        "{out}"
    );
    assert!(out.contains("<target>ا</target>"), "{out}");
    let phrase = memoq
        .replace(
            "xmlns:mq=\"MQXliff\"",
            "xmlns:m=\"http://www.memsource.com/mxlf/2.0\"",
        )
        .replace(
            "mq:status=\"NotStarted\" mq:percent=\"0\"",
            "m:confirmed=\"0\" m:score=\"0.0\"",
        )
        .replace(
            "mq:status=\"ManuallyConfirmed\" mq:locked=\"locked\"",
            "m:confirmed=\"1\" m:locked=\"true\"",
        );
    let out = filled(&phrase, "a.mxliff", MatchKind::Exact, true, "س");
    assert!(
        out.contains("m:confirmed=\"1\" m:score=\"0.8750\""),
        "{out}"
    );
}

#[test]
fn a_file_that_is_damaged_is_not_filled() {
    let refused = |bytes: Vec<u8>| {
        let options = OpenOptions::default();
        let opened = FileKind::Xliff.open(bytes, "a.xlf", &options, &mut |_| {});
        opened.err().unwrap()
    };
    for broken in [
        "<trans-unit id='1'><source>Yes</trans-unit>",
        "<trans-unit id='1'><source>Yes</source>",
        "</nothing>",
        "<trans-unit id='1'><source>Yes</source><target a</g='1'>x</target></trans-unit>",
    ] {
        let error = refused(first(broken).into_bytes());
        assert!(matches!(error, FormatError::IllFormed { .. }), "{error}");
    }
    assert!(matches!(
        refused(b"<html/>".to_vec()),
        FormatError::NotXliff { .. }
    ));
    let mut bytes = first("<trans-unit id=\"1\"><source>Yes</source></trans-unit>").into_bytes();
    let at = bytes.windows(3).position(|w| w == b"Yes").unwrap();
    bytes[at] = 0xE9;
    assert!(matches!(refused(bytes), FormatError::NotText { .. }));
}

#[test]
fn encodings_stay_what_they_are() {
    let file = first("<trans-unit id=\"1\"><source>Café</source></trans-unit>");
    let utf16 = |mark: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let text = format!("{mark}{file}");
        text.encode_utf16().flat_map(bytes).collect()
    };
    let mut latin = b"<?xml version='1.0' encoding='windows-1252'?>".to_vec();
    latin.extend(file.chars().map(|c| c as u8));
    for bytes in [
        utf16("\u{FEFF}", u16::to_le_bytes),
        utf16("\u{FEFF}", u16::to_be_bytes),
        utf16("", u16::to_le_bytes),
        utf16("", u16::to_be_bytes),
        latin,
    ] {
        let opened = open(bytes.clone(), "a.xlf");
        assert_eq!(opened.slots()[0].source.text, "Café");
        let write = |filling: Filling| {
            let mut out = Vec::new();
            let options = FillOptions::default();
            opened.write(&[filling], &options, &mut out).unwrap();
            out
        };
        assert_eq!(write(Filling::default()), bytes);
        let again = open(
            write(Filling {
                target: Some("نعم".into()),
                ..Filling::default()
            }),
            "a.xlf",
        );
        assert_eq!(again.slots()[0].target.as_ref().unwrap().text, "نعم");
    }
}

#[test]
fn entities_are_never_expanded_in_a_bilingual_file() {
    let bomb = "<!DOCTYPE xliff [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>";
    let units = ["&b;", "&c;", "Yes"].map(|text| {
        format!("<trans-unit id=\"1\"><source>{text}</source><target>نعم</target></trans-unit>")
    });
    let file = format!("{bomb}{}", first(&units.concat()));
    let read = read(UnitFormat::Xliff, file.as_str());
    assert_eq!((read.english(), read.rejected.len()), (vec!["Yes"], 2));
    let mut remarks = Vec::new();
    let options = OpenOptions::default();
    let opened = FileKind::Xliff
        .open(file.into_bytes(), "a.xlf", &options, &mut |d| {
            remarks.push(d);
        })
        .unwrap();
    let states: Vec<_> = opened.slots().iter().map(|slot| slot.state).collect();
    assert_eq!(
        states,
        [SlotState::Locked, SlotState::Locked, SlotState::Confirmed]
    );
    assert_eq!(remarks.len(), 2);
}

#[test]
fn two_million_nested_tags_are_no_danger() {
    let deep = "<g id=\"1\">".repeat(1_000_000) + "Yes" + &"</g>".repeat(1_000_000);
    let file = first(&format!(
        "<trans-unit id=\"1\"><source>{deep}</source><target>نعم</target></trans-unit>"
    ));
    assert_eq!(read(UnitFormat::Xliff, file.as_str()).english(), ["Yes"]);
    let read = read(UnitFormat::Xliff, first(&"<group>".repeat(2_000_000)));
    assert!(read.units.is_empty() && !read.remarks.is_empty());
}

#[test]
fn broken_units_cost_themselves() {
    let whole = "<trans-unit id=\"1\"><source>Yes</source><target>نعم</target></trans-unit>";
    for broken in [
        "<trans-unit id=\"2\"><source>a</target></trans-unit>",
        "<trans-unit id=\"2\"><source>a",
        "<trans-unit id=\"2\"><target>ا</target></trans-unit>",
        "<trans-unit id=\"2\"><source>a</source></trans-unit>",
        "<trans-unit id=\"2\"><source>&firm;</source><target>ا</target></trans-unit>",
        "<trans-unit id=\"2\"><source>a<!-- </source></trans-unit>",
        "<trans-unit id=\"2\" id=\"3\"><source>a</source><target>ا</target></trans-unit>",
    ] {
        let read = read(
            UnitFormat::Xliff,
            first(&format!("{whole}\n{broken}\n{whole}")),
        );
        assert_eq!(read.units.len(), 2, "{broken}: {:?}", read.reasons());
        assert_eq!(read.rejected.len(), 1, "{broken}: {:?}", read.reasons());
        assert_eq!(read.rejected[0].0.location.unwrap().line, 2, "{broken}");
    }
}

#[test]
fn mistakes_of_syntax_without_end_are_not_searched_without_end() {
    // Each is searched for its end through all that comes behind.
    let file = first(&"<trans-unit id=\"1\"><!-- ".repeat(100_000));
    let read = read(UnitFormat::Xliff, file);
    let said = |message: &str| read.remarks.iter().any(|d| d.message.contains(message));
    assert!(said("1000 mistakes of syntax"), "{:?}", read.remarks);
}

#[test]
fn units_of_other_languages_are_rejected_with_them() {
    let file = first("<trans-unit id=\"1\"><source>Yes</source><target>Oui</target></trans-unit>")
        .replace("\"ar\"", "\"fr\"");
    assert_eq!(
        read(UnitFormat::Xliff, file).reasons(),
        ["1:137: from `en` to `fr`, not Arabic and English"]
    );
}

#[test]
fn a_unit_with_its_segments_alone_is_filled() {
    let file = first(
        "<trans-unit id=\"1\"><seg-source><mrk mtype=\"seg\" mid=\"1\">A</mrk></seg-source></trans-unit>",
    );
    let out = filled(&file, "a.xlf", MatchKind::Exact, true, "س");
    let target = "<target state=\"translated\" state-qualifier=\"leveraged-tm\"><mrk mtype=\"seg\" mid=\"1\">س</mrk></target>";
    assert!(out.contains(target), "{out}");
}

#[test]
fn a_mark_at_the_beginning_of_a_segment_is_kept() {
    let draft = unit("\u{FEFF}نعم", "Yes");
    let (text, _) = write(UnitFormat::Xliff, None, std::slice::from_ref(&draft));
    assert_eq!(read(UnitFormat::Xliff, text).units, [draft]);
}

#[test]
fn an_empty_target_ends_with_its_tag() {
    let file = first("<trans-unit id=\"1\"><source>Yes</source><target/></trans-unit>");
    let out = filled(&file, "a.xlf", MatchKind::Fuzzy, false, "نعم");
    assert!(out.contains("نعم</target><alt-trans"), "{out}");
    assert!(out.contains("</alt-trans></trans-unit>"), "{out}");
}

#[test]
fn an_empty_target_gets_what_stands_around_the_segments() {
    let cut = "<g id=\"46\"><mrk mtype=\"seg\" mid=\"6\">Yes</mrk> <mrk mtype=\"seg\" mid=\"7\">Yes</mrk></g>";
    for target in ["", "<target></target>", "<target/>", "<target>\n</target>"] {
        let file = first(&format!(
            "<trans-unit id=\"1\"><source><g id=\"46\">Yes Yes</g></source><seg-source>{cut}</seg-source>{target}</trans-unit>"
        ));
        let out = filled(&file, "a.xlf", MatchKind::Exact, true, "نعم");
        let whole = format!("\">{}</target>", cut.replace("Yes", "نعم"));
        assert!(out.contains(&whole), "{out}");
    }
}

#[test]
fn a_proposal_has_no_annotation_with_a_name_that_the_schema_looks_for() {
    let file = first(
        "<trans-unit id=\"1\"><source>Yes</source><seg-source><mrk mtype=\"seg\" mid=\"1\">\
         <mrk mtype=\"x-generic\" mid=\"g\"><mrk mtype=\"term\">Yes</mrk></mrk></mrk></seg-source></trans-unit>",
    );
    let out = filled(&file, "a.xlf", MatchKind::Fuzzy, false, "نعم");
    let (targets, alternatives) = out.split_once("<alt-trans").unwrap();
    assert!(targets.ends_with(
        "<mrk mtype=\"x-generic\" mid=\"g\"><mrk mtype=\"term\"></mrk></mrk>نعم</mrk></target>"
    ));
    assert!(
        alternatives.contains("<mrk mtype=\"term\"></mrk>نعم</target>"),
        "{out}"
    );
}

#[test]
fn codes_take_the_namespaces_of_their_source_along() {
    let fs = "xmlns:fs=\"urn:oasis:names:tc:xliff:fs:2.0\"";
    let file = around(&format!(
        "<unit id=\"u1\"><segment id=\"s1\"><source {fs}><pc id=\"1\" fs:fs=\"b\">Yes</pc></source></segment></unit>"
    ));
    let out = filled(&file, "b.xlf", MatchKind::Fuzzy, false, "نعم");
    assert_eq!(out.matches(&format!("<target {fs}>")).count(), 2, "{out}");
    let begun = file.replace("</source>", "</source><target/>");
    let out = filled(&begun, "b.xlf", MatchKind::Fuzzy, false, "نعم");
    assert_eq!(out.matches(&format!("<target {fs}>")).count(), 2, "{out}");
    let file = first(&format!(
        "<trans-unit id=\"1\"><source {fs}><g id=\"1\" fs:fs=\"b\">Yes</g></source></trans-unit>"
    ));
    let out = filled(&file, "a.xlf", MatchKind::Fuzzy, false, "نعم");
    assert_eq!(out.matches(fs).count(), 3, "{out}");
}

#[test]
fn a_proposal_names_its_mark_where_the_schema_knows_it() {
    let mark = "<mrk mtype=\"seg\" mid=\"7\">Yes</mrk>";
    let unit = |inside: &str| {
        first(&format!(
            "<trans-unit id=\"1\"><source>Yes</source><seg-source>{inside}</seg-source></trans-unit>"
        ))
    };
    let out = filled(&unit(mark), "a.xlf", MatchKind::Fuzzy, false, "نعم");
    assert!(out.contains("origin=\"R&amp;D\" mid=\"7\">"), "{out}");
    let nested = format!("<g id=\"1\">{mark}</g>");
    let out = filled(&unit(&nested), "a.xlf", MatchKind::Fuzzy, false, "نعم");
    assert!(out.contains("origin=\"R&amp;D\">"), "{out}");
}

#[test]
fn a_control_character_in_a_code_costs_its_unit() {
    let read = read(
        UnitFormat::Xliff,
        first(
            "<trans-unit id=\"1\"><source>Yes<x id=\"1\u{1}\"/></source><target>نعم</target></trans-unit>",
        ),
    );
    assert_eq!(read.units.len(), 0);
    assert!(read.reasons()[0].contains("U+0001 in an inline element"));
}
