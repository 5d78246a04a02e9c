use proptest::prelude::*;

use super::*;
use crate::coded::{Code, CodeKind, Coded};
use crate::format::fill::inline::sample::shown;
use crate::format::opc::Elements;
use crate::format::zip::sample::zip;
use crate::lang::Lang;

const MAIN: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";

/// A document with that body, a header and a part that is no text.
fn docx(body: &str) -> Vec<u8> {
    let ns =
        "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:mc=\"m\"";
    let document =
        format!("<?xml version=\"1.0\"?>\r\n<w:document {ns}><w:body>{body}</w:body></w:document>");
    let header = format!("<w:hdr {ns}><w:p><w:r><w:t>Head</w:t></w:r></w:p></w:hdr>");
    let types = format!(
        "<Types><Override PartName=\"/word/document.xml\" ContentType=\"{MAIN}\"/><Override \
         PartName=\"/word/header1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml\"/>\
         </Types>"
    );
    zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("word/header1.xml", header.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("word/media/x.bin", b"\x89PNG"),
    ])
}

fn opened(bytes: Vec<u8>) -> Box<dyn FillableFile> {
    open(bytes, "x.docx", &OpenOptions::default(), &mut |_| {}).unwrap()
}

/// The slots of a body, without the header's.
fn slots(body: &str) -> Vec<String> {
    let file = opened(docx(body));
    let slots = file.slots();
    assert_eq!(slots.last().unwrap().source.text, "Head");
    slots[..slots.len() - 1]
        .iter()
        .map(|slot| shown(&slot.source))
        .collect()
}

fn written(
    bytes: Vec<u8>,
    target: Option<Lang>,
    translate: impl Fn(&Coded) -> Option<Coded>,
) -> Vec<u8> {
    let file = opened(bytes);
    let fillings: Vec<_> = file
        .slots()
        .iter()
        .map(|slot| Filling {
            target: translate(&slot.source),
            ..Filling::default()
        })
        .collect();
    let mut out = Vec::new();
    file.write(&fillings, &FillOptions { target }, &mut out)
        .unwrap();
    out
}

/// The body with each slot but the header's filled.
fn filled(body: &str, target: Option<Lang>, translate: impl Fn(&Coded) -> Option<Coded>) -> String {
    let out = written(docx(body), target, |source| {
        (source.text != "Head").then(|| translate(source)).flatten()
    });
    let document = Package::open(out, "x")
        .unwrap()
        .text("word/document.xml")
        .unwrap();
    let body = document.split_once("<w:body>").unwrap().1;
    body.strip_suffix("</w:body></w:document>")
        .unwrap()
        .to_owned()
}

fn run(properties: &str, text: &str) -> String {
    let properties = if properties.is_empty() {
        String::new()
    } else {
        format!("<w:rPr>{properties}</w:rPr>")
    };
    format!("<w:r>{properties}<w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn coded(text: &str, codes: &[(usize, CodeKind, u32)]) -> Coded {
    let codes = codes.iter().map(|&(at, kind, number)| Code {
        at,
        kind,
        number,
        raw: String::new(),
    });
    Coded {
        text: text.to_owned(),
        codes: codes.collect(),
    }
}

#[test]
fn runs_that_look_alike_are_joined_and_others_are_codes() {
    let (plain, bold) = (run("", "The old "), run("<w:b/>", "town"));
    let tail = run("<w:lang w:val=\"en-US\"/>", " is here. W");
    let body = format!(
        "<w:p><w:pPr><w:jc w:val=\"left\"/></w:pPr>{plain}{bold}{tail}<w:proofErr w:type=\"x\"/>{}</w:p><w:p/>",
        run("<w:noProof/>", "e go.")
    );
    assert_eq!(slots(&body), ["The old [1town1] is here.", "We go."]);
    // Only the first sentence is filled: the run that both share is split.
    let out = filled(&body, None, |source| {
        let text = "There is the town";
        source
            .text
            .starts_with("The")
            .then(|| coded(text, &[(9, CodeKind::Open, 1), (12, CodeKind::Close, 1)]))
    });
    let expected = format!(
        "<w:p><w:pPr><w:jc w:val=\"left\"/></w:pPr>{}{}{}{}<w:proofErr w:type=\"x\"/>{}</w:p><w:p/>",
        run("", "There is "),
        run("<w:b/>", "the"),
        run("", " town"),
        run("<w:lang w:val=\"en-US\"/>", " W"),
        run("<w:noProof/>", "e go.")
    );
    assert_eq!(out, expected);
}

#[test]
fn a_link_takes_the_look_of_its_text() {
    let body = format!(
        "<w:p>{}<w:hyperlink r:id=\"x\">{}</w:hyperlink>{}</w:p>",
        run("", "See "),
        run("<w:u/>", "the page"),
        run("", " now.")
    );
    assert_eq!(slots(&body), ["See [1the page1] now."]);
    let out = filled(&body, None, |_| {
        Some(coded(
            "abc",
            &[(0, CodeKind::Open, 1), (2, CodeKind::Close, 1)],
        ))
    });
    assert_eq!(
        out,
        format!(
            "<w:p><w:hyperlink r:id=\"x\">{}</w:hyperlink>{}</w:p>",
            run("<w:u/>", "ab"),
            run("", "c")
        )
    );
}

#[test]
fn tabs_breaks_notes_and_fields_are_codes() {
    let field = |instruction: &str, result: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"></w:fldChar></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>\
             <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>",
            run("", result)
        )
    };
    for (body, expected) in [
        ("<w:p><w:r><w:t>One</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r></w:p>".to_owned(), "One{1} two{2} three"),
        (format!("<w:p>{}{}{}</w:p>", run("", "Page "), field(" PAGE ", "7"), run("", " of it")), "Page {1} of it"),
        (
            format!("<w:p>{}{}{}</w:p>", run("", "Go "), field(" HYPERLINK \"x\" ", "there"), run("", " now")),
            "Go [1there1] now",
        ),
        (
            format!("<w:p>{}<w:r><w:footnoteReference w:id=\"2\"/></w:r>{}</w:p>", run("", "One"), run("", " two")),
            "One{1} two",
        ),
        (
            format!(
                "<w:p>{}<w:del w:id=\"1\"><w:r><w:delText>old</w:delText></w:r></w:del><w:ins w:id=\"2\">{}</w:ins>{}</w:p>",
                run("", "A "), run("", "new"), run("", " way")
            ),
            "A {1}[2new2] way",
        ),
        (
            "<w:p><w:sdt><w:sdtPr><w:id/></w:sdtPr><w:sdtContent><w:r><w:t>in it</w:t></w:r></w:sdtContent></w:sdt>\
             <w:r><w:t> and &amp; out</w:t><w:noBreakHyphen/></w:r></w:p>".to_owned(),
            "[1in it1] and & out\u{2011}",
        ),
    ] {
        assert_eq!(slots(&body), [expected], "{body}");
        // The source as its own translation gives the same slot again.
        let again = filled(&body, None, |source| Some(source.clone()));
        assert_eq!(slots(&again), [expected], "{again}");
    }
}

#[test]
fn text_boxes_are_paragraphs_and_their_fallbacks_follow() {
    let boxed = "<w:txbxContent><w:p><w:r><w:t>Inside</w:t></w:r></w:p></w:txbxContent>";
    let body = format!(
        "<w:p><w:r><w:t>Before </w:t></w:r><w:r><mc:AlternateContent><mc:Choice>{boxed}</mc:Choice><mc:Fallback>{boxed}</mc:Fallback>\
         </mc:AlternateContent></w:r><w:r><w:t>behind</w:t></w:r></w:p>"
    );
    assert_eq!(slots(&body), ["Inside", "Before {1}behind"]);
    let out = filled(&body, None, |source| {
        let mut target = source.clone();
        target.text = target.text.replace("Inside", "INSIDE");
        Some(target)
    });
    assert_eq!(out.matches("INSIDE").count(), 2, "{out}");
    assert_eq!(slots(&out), ["INSIDE", "Before {1}behind"]);
}

#[test]
fn an_english_document_is_turned_into_an_arabic_one_and_back() {
    let body = format!(
        "<w:p>{}</w:p><w:tbl><w:tblPr><w:tblW/></w:tblPr><w:tr><w:tc><w:p>{}</w:p></w:tc></w:tr></w:tbl><w:sectPr/>",
        run("<w:b/>", "The app"),
        run("", "A cell")
    );
    let arabic = filled(&body, Some(Lang::Arabic), |source| {
        Some(if source.text == "The app" {
            "تطبيق iPhone الجديد".into()
        } else {
            "خلية".into()
        })
    });
    let rtl = "<w:rtl/><w:lang w:bidi=\"ar-SA\"/>";
    let bold = format!("<w:b/><w:bCs/>{rtl}");
    assert_eq!(
        arabic,
        format!(
            "<w:p><w:pPr><w:bidi/></w:pPr>{}{}{}</w:p><w:tbl><w:tblPr><w:bidiVisual/><w:tblW/></w:tblPr><w:tr><w:tc><w:p>\
             <w:pPr><w:bidi/></w:pPr>{}</w:p></w:tc></w:tr></w:tbl><w:sectPr><w:bidi/></w:sectPr>",
            run(&bold, "تطبيق "),
            run("<w:b/>", "iPhone"),
            run(&bold, " الجديد"),
            run(rtl, "خلية")
        )
    );
    assert_eq!(slots(&arabic), ["تطبيق iPhone الجديد", "خلية"]);
    let back = filled(&arabic, Some(Lang::English), |source| {
        Some(if source.text == "خلية" {
            "A cell".into()
        } else {
            "The app".into()
        })
    });
    assert!(
        !back.contains("bidi/") && !back.contains("rtl") && !back.contains("bidiVisual"),
        "{back}"
    );
    assert_eq!(slots(&back), ["The app", "A cell"]);
}

#[test]
fn what_is_not_filled_keeps_its_bytes() {
    let body =
        "<w:p ><w:r ><w:t>One</w:t ></w:r></w:p><!-- c --><w:p><w:r><w:t>Two</w:t></w:r></w:p>";
    let bytes = docx(body);
    assert_eq!(written(bytes.clone(), Some(Lang::Arabic), |_| None), bytes);
    let out = written(bytes.clone(), None, |source| {
        (source.text == "Two").then(|| "2".into())
    });
    let text = |bytes: &[u8]| {
        Package::open(bytes.to_vec(), "x")
            .unwrap()
            .text("word/document.xml")
            .unwrap()
    };
    assert_eq!(
        text(&out),
        text(&bytes).replace("<w:t>Two", "<w:t xml:space=\"preserve\">2")
    );
}

fn refused(body: &str) -> String {
    match open(docx(body), "x.docx", &OpenOptions::default(), &mut |_| {}) {
        Err(error) => error.to_string(),
        Ok(_) => panic!("taken: {body}"),
    }
}

#[test]
fn damaged_parts_are_refused_with_their_place() {
    for (body, message) in [
        ("<w:p>", "2:"),
        (
            "<w:p><w:r></w:p></w:r>",
            "`</w:p>` where `</w:r>` should be",
        ),
        ("<w:p><w:r><w:t>a & b</w:t></w:r></w:p>", "bare `&`"),
        ("<w:p><w:r><w:t>&lol9;</w:t></w:r></w:p>", "`&lol9;`"),
        ("<w:p><w:r><w:t>\0</w:t></w:r></w:p>", "U+0000"),
    ] {
        let found = refused(body);
        assert!(
            found.contains("word/document.xml") && found.contains(message),
            "{found}"
        );
    }
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><w:document/>";
    let types = format!("<Types><Override PartName='/d' ContentType='{MAIN}'/></Types>");
    let bytes = zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("d", laughs.as_bytes()),
    ]);
    let error = open(bytes, "x", &OpenOptions::default(), &mut |_| {})
        .map(|_| ())
        .unwrap_err();
    assert!(error.to_string().contains("document type"), "{error}");
    for (bytes, message) in [
        (zip(&[("a", b"")]), "not there"),
        (
            zip(&[("[Content_Types].xml", b"<Types/>")]),
            "no Word document",
        ),
        (b"\xD0\xCF\x11\xE0rest".to_vec(), "password"),
        (
            zip(&[
                ("[Content_Types].xml", types.as_bytes()),
                ("d", b"\xFF\xFE<\0"),
            ]),
            "no UTF-8",
        ),
    ] {
        let error = open(bytes, "x", &OpenOptions::default(), &mut |_| {})
            .map(|_| ())
            .unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[test]
fn deep_nesting_and_long_paragraphs_are_left_alone_and_said() {
    let deep = "<w:p><w:r><w:t>x</w:t>".repeat(300) + &"</w:r></w:p>".repeat(300);
    let long = format!(
        "<w:p><w:r><w:t>{}</w:t></w:r></w:p>",
        (0..600_000)
            .map(|n| format!("word{n} "))
            .collect::<String>()
    );
    let mut said = Vec::new();
    let bytes = docx(&(deep + &long));
    let file = open(bytes.clone(), "x", &OpenOptions::default(), &mut |d| {
        said.push(d.to_string());
    })
    .unwrap();
    assert_eq!(said.len(), 2, "{said:?}");
    let mut out = Vec::new();
    file.write(&[], &FillOptions::default(), &mut out).unwrap();
    assert!(out == bytes);
    let starts: String = (0..2_000_000).map(|n| format!("<w:x a=\"{n}\">")).collect();
    let nested = starts + &"</w:x>".repeat(2_000_000);
    assert!(slots(&nested).is_empty());
}

fn any_body() -> impl Strategy<Value = String> {
    let inner = prop::sample::select(vec![
        "<w:r><w:t>One is here. </w:t></w:r>",
        "<w:r><w:t xml:space='preserve'>Two</w:t><w:tab/><w:t>نعم. </w:t></w:r>",
        "<w:r><w:rPr><w:b/></w:rPr><w:t>bold &amp; more</w:t></w:r>",
        "<w:r><w:rPr><w:i/></w:rPr><w:t> it. It</w:t><w:br/></w:r>",
        "<w:r><w:t><![CDATA[a]b]]></w:t><w:noBreakHyphen/></w:r>",
        "<w:bookmarkStart w:id='1'/>",
        "<w:proofErr/>",
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r>",
        "<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>",
        "<w:r><w:instrText>PAGE</w:instrText></w:r>",
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r>",
        "<w:r><w:fldChar w:fldCharType='end'/></w:r>",
        "<w:r><w:t>a</w:t><w:fldChar w:fldCharType='end'/><w:t>b</w:t></w:r>",
        "<w:del><w:r><w:delText>x</w:delText></w:r></w:del>",
        "<w:r><w:drawing><w:p><w:r><w:t>Box.</w:t></w:r></w:p></w:drawing></w:r>",
        "<m:oMath><m:r/></m:oMath>",
    ]);
    let row = prop::collection::vec((inner, 0..8_u8), 0..10).prop_map(|items| {
        let (mut out, mut open) = (String::new(), Vec::new());
        for (item, what) in items {
            match what {
                0 => {
                    out.push_str("<w:hyperlink>");
                    open.push("</w:hyperlink>");
                }
                1 => {
                    out.push_str("<w:sdt><w:sdtPr/><w:sdtContent>");
                    open.push("</w:sdtContent></w:sdt>");
                }
                2 => out.push_str(open.pop().unwrap_or_default()),
                _ => {}
            }
            out.push_str(item);
        }
        open.reverse();
        format!("<w:p>{out}{}</w:p>", open.concat())
    });
    prop::collection::vec(row, 1..4).prop_map(|rows| rows.concat())
}

/// All tags but those of runs and texts, sorted.
fn tags(body: &str) -> Vec<String> {
    let mut tags: Vec<String> = body
        .split('<')
        .map(|piece| {
            piece
                .split(['>', ' '])
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .filter(|name| {
            let name = name.trim_start_matches('/');
            !matches!(
                name,
                "w:r" | "w:t" | "w:rPr" | "w:b/" | "w:i/" | "w:proofErr/" | "w:noBreakHyphen/"
            ) && !name.starts_with('!')
        })
        .collect();
    tags.sort();
    tags
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_document_comes_back_whole(body in any_body()) {
        let bytes = docx(&body);
        prop_assert_eq!(written(bytes.clone(), Some(Lang::Arabic), |_| None), bytes);
        let before = slots(&body);
        let again = filled(&body, None, |source| Some(source.clone()));
        prop_assert_eq!(tags(&again), tags(&body), "{:?}", again);
        prop_assert_eq!(slots(&again), before, "{:?}", again);
    }

    #[test]
    fn any_filling_gives_a_document(
        body in any_body(),
        text in "[ aن<&\t]{0,9}",
        codes in prop::collection::vec((0..12_usize, 0..3_u8, 0..4_u32), 0..6),
        target in prop::sample::select(vec![None, Some(Lang::Arabic), Some(Lang::English)]),
    ) {
        let kinds = [CodeKind::Open, CodeKind::Close, CodeKind::Alone];
        let codes: Vec<_> = codes.iter().map(|&(at, kind, number)| (at, kinds[usize::from(kind)], number)).collect();
        let again = filled(&body, target, |_| Some(coded(&text, &codes)));
        slots(&again);
        if target.is_none() {
            prop_assert_eq!(tags(&again), tags(&body), "{:?}", again);
        }
    }
}

#[test]
fn a_part_may_have_the_type_of_its_end() {
    let types = format!("<Types><Default Extension=\"XML\" ContentType=\"{MAIN}\"/></Types>");
    let document =
        "<w:document><w:body><w:p><w:r><w:t>Hello</w:t></w:r></w:p></w:body></w:document>";
    let file = opened(zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("word/document.xml", document.as_bytes()),
    ]));
    let texts: Vec<_> = file.slots().iter().map(|slot| &*slot.source.text).collect();
    assert_eq!(texts, ["Hello"]);
}

#[test]
fn hyphens_that_are_elements_stay_elements() {
    let body = "<w:p><w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:softHyphen/></w:r></w:p>";
    assert_eq!(slots(body), ["a\u{2011}b\u{AD}"]);
    let out = filled(body, None, |_| Some("x\u{2011}y\u{AD}z".into()));
    assert_eq!(
        out,
        "<w:p><w:r><w:t xml:space=\"preserve\">x</w:t><w:noBreakHyphen/><w:t xml:space=\"preserve\">y</w:t>\
         <w:softHyphen/><w:t xml:space=\"preserve\">z</w:t></w:r></w:p>"
    );
}

#[test]
fn an_element_in_text_is_a_code() {
    let body = "<w:p><w:r><w:t>See <w:r><w:t>this</w:t></w:r> now.</w:t></w:r></w:p>";
    assert_eq!(slots(body), ["See {1} now."]);
    let out = filled(body, Some(Lang::Arabic), |source| Some(source.clone()));
    let parsed = Elements::new(&out);
    assert!(is_well_formed(parsed), "{out}");
    assert!(out.contains("<w:r><w:t>this</w:t></w:r>"), "{out}");
}

fn is_well_formed(mut elements: Elements<'_>) -> bool {
    loop {
        match elements.next() {
            Ok((quick_xml::events::Event::Eof, _)) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}
