use proptest::prelude::*;

use super::*;
use crate::format::fill::inline::sample::shown;

fn opened(html: &str) -> Box<dyn FillableFile> {
    open(
        html.as_bytes().to_vec(),
        "x.html",
        &OpenOptions::default(),
        &mut |_| {},
    )
    .unwrap()
}

fn slots(html: &str) -> Vec<String> {
    opened(html)
        .slots()
        .iter()
        .map(|s| shown(&s.source))
        .collect()
}

/// The file with each slot's text changed by `translate`, its codes where they were in proportion.
fn filled(html: &str, target: Option<Lang>, translate: impl Fn(&str) -> Option<String>) -> String {
    let file = opened(html);
    let fillings: Vec<Filling> = file
        .slots()
        .iter()
        .map(|slot| Filling {
            target: translate(&slot.source.text).map(|text| {
                let mut coded = slot.source.clone();
                for code in &mut coded.codes {
                    code.at = if code.at == coded.text.len() {
                        text.len()
                    } else {
                        text.floor_char_boundary(code.at)
                    };
                }
                coded.text = text;
                coded
            }),
            ..Filling::default()
        })
        .collect();
    let mut out = Vec::new();
    file.write(&fillings, &FillOptions { target }, &mut out)
        .unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn blocks_are_paragraphs_and_inline_elements_are_codes() {
    let html = "<!DOCTYPE html><title>Trees &amp; birds</title><style>p { x }</style><h1>One</h1>\n<p>Go to <a \
                href='/x'>the <b>old</b> town</a>. Come\n  back.</p><ul><li>First<li>Second</ul><pre>not this</pre>\
                <p>Run <code>ls</code> now.<script>var a = '<p>';</script>";
    assert_eq!(
        slots(html),
        [
            "Trees & birds",
            "One",
            "Go to [1the [2old2] town1].",
            "Come back.",
            "First",
            "Second",
            "Run [1ls1] now.",
        ]
    );
    let paragraphs: Vec<_> = opened(html).slots().iter().map(|s| s.paragraph).collect();
    assert_eq!(paragraphs, [0, 1, 2, 2, 3, 4, 5]);
}

#[test]
fn pairs_are_never_halved() {
    for (html, expected) in [
        (
            "<p><b>One is here. Two is there.</b>",
            &["One is here.", "Two is there."][..],
        ),
        (
            "<p>It <b>is here. Two is</b> there. Three.",
            &["It [1is here. Two is1] there.", "Three."][..],
        ),
        (
            "<p><i>One is.</i> <b>Two is.</b>",
            &["One is.", "Two is."][..],
        ),
        (
            "<p><a>One is. Two <b>is</b>.</a> <i>Three is. And</i> more.",
            &["One is.", "Two [1is1].", "[1Three is. And1] more."][..],
        ),
        ("<p>x</b> y <i>z", &["x{1} y {2}z"][..]),
        ("<p><img src=x> Text <img src=y>", &["Text"][..]),
        ("<p>Text <img src=y> more", &["Text {1} more"][..]),
    ] {
        assert_eq!(slots(html), expected, "{html}");
    }
}

#[test]
fn line_breaks_stand_for_spaces_and_two_end_a_paragraph() {
    assert_eq!(
        slots("<p>One<br>two<br>\nthree<br><br>four"),
        ["One{1} two{2} three", "four"]
    );
    let html = filled("<p>one<br/>two", None, |text| {
        assert_eq!(text, "one two");
        Some("abc xyz".to_owned())
    });
    assert_eq!(html, "<p>abc<br/>xyz");
}

#[test]
fn attributes_for_people_are_slots() {
    let html = "<p>See <img alt=\"A &quot;cat&quot;\" src=x title=Cat> here. <input type=submit value=Send><input value=x>\
                <meta name=description content='About us'><option label=\"Yes\">Yes, please</option><p translate=no title=n>No</p>";
    assert_eq!(
        slots(html),
        [
            "See {1} here.",
            "A \"cat\"",
            "Cat",
            "Send",
            "About us",
            "Yes",
            "Yes, please"
        ]
    );
    let html = filled(html, None, |text| Some(format!("{text}'\"<")));
    assert!(
        html.contains("alt=\"A &quot;cat&quot;'&quot;&lt;\" src=x title=\"Cat'&quot;&lt;\">"),
        "{html}"
    );
    assert!(html.contains("content=\"About us'&quot;&lt;\""), "{html}");
    assert!(html.contains("<p translate=no title=n>No</p>"), "{html}");
}

#[test]
fn what_is_not_to_be_translated_is_one_code() {
    assert_eq!(
        slots(
            "<p>Ask <span translate=no>Dr <b>No</b></span> now<svg/> or <svg><text>x</text></svg> later.<!-- c --> Yes"
        ),
        ["Ask {1} now{2} or {3} later.", "Yes"]
    );
    assert_eq!(slots("<p translate=no>a<p>b"), ["b"]);
    assert_eq!(slots("<div translate=no><p>a<div>b</div></div>c"), ["c"]);
}

#[test]
fn entities_are_read_and_written_as_few_as_needed() {
    let html = "<p>R&amp;D &lt;b&gt;&nbsp;&copy; caf&eacute; &#x627; &notit; &nosuch; a & b</p><p>&copy; left</p>";
    assert_eq!(
        slots("&nbspOne is here. &#59; &semi;"),
        ["One is here. ; ;"]
    );
    assert_eq!(slots(html)[0], "R&D <b>\u{A0}© café ا ¬it; &nosuch; a & b");
    let html = filled(html, None, |text| {
        text.starts_with('R')
            .then(|| "بحث & <تطوير>\u{A0}©\u{200F}".to_owned())
    });
    assert_eq!(
        html,
        "<p>بحث &amp; &lt;تطوير&gt;&nbsp;©&rlm;</p><p>&copy; left</p>"
    );
}

#[test]
fn a_page_is_turned_with_its_language() {
    let arabic = |_: &str| Some("نعم".to_owned());
    for (html, expected) in [
        ("<html><body>Yes", "<html lang=\"ar\" dir=\"rtl\"><body>نعم"),
        (
            "<html lang=en-GB dir='ltr'><body dir=ltr><p>Yes <span dir=ltr>1</span>",
            "<html lang=ar dir='rtl'><body dir=rtl><p>نع<span dir=ltr>م</span>",
        ),
        (
            "<p>Yes<p lang=fr>Oui",
            "<p lang=\"ar\" dir=\"rtl\">نعم<p dir=\"rtl\" lang=ar>نعم",
        ),
        ("<html lang dir=''>Yes", "<html lang=\"ar\" dir=\"rtl\">نعم"),
        (
            "<div><p>Yes</div>",
            "<div lang=\"ar\" dir=\"rtl\"><p>نعم</div>",
        ),
        ("Yes", "نعم"),
    ] {
        assert_eq!(filled(html, Some(Lang::Arabic), arabic), expected, "{html}");
    }
    let english = |_: &str| Some("Yes".to_owned());
    for (html, expected) in [
        ("<html lang=ar dir=rtl>نعم", "<html lang=en dir=ltr>Yes"),
        ("<html>نعم", "<html lang=\"en\">Yes"),
        ("<p dir=rtl lang='ar-EG'>نعم", "<p dir=ltr lang='en'>Yes"),
        ("<p>نعم", "<p>Yes"),
    ] {
        assert_eq!(
            filled(html, Some(Lang::English), english),
            expected,
            "{html}"
        );
    }
    // Nothing was filled, so nothing is turned.
    assert_eq!(
        filled("<html lang=en>Yes", Some(Lang::Arabic), |_| None),
        "<html lang=en>Yes"
    );
}

#[test]
fn the_encoding_stays() {
    let mut bytes = b"<meta charset=windows-1256><p>".to_vec();
    bytes.extend([0xDF, 0xCA, 0xC7, 0xC8]);
    let file = open(bytes.clone(), "x", &OpenOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(file.slots()[0].source.text, "كتاب");
    let written = |text: &str| {
        let mut out = Vec::new();
        let filling = Filling {
            target: Some(text.into()),
            ..Filling::default()
        };
        file.write(&[filling], &FillOptions::default(), &mut out)
            .unwrap();
        out
    };
    assert_eq!(written("كتاب"), bytes);
    assert!(written("字").ends_with(b"<p>&#23383;"));
    for (bytes, byte) in [
        (b"<p>\xFF".to_vec(), 3),
        (b"<meta charset=utf-8>\xC3(".to_vec(), 20),
    ] {
        let Err(FormatError::NotText { byte: found, .. }) =
            open(bytes, "x", &OpenOptions::default(), &mut |_| {}).map(|_| ())
        else {
            panic!()
        };
        assert_eq!(found, byte);
    }
    let utf16: Vec<u8> = "\u{FEFF}<p>نعم"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let file = open(utf16.clone(), "x", &OpenOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(file.slots()[0].source.text, "نعم");
    let mut out = Vec::new();
    file.write(&[], &FillOptions::default(), &mut out).unwrap();
    assert_eq!(out, utf16);
}

#[test]
fn a_paragraph_that_is_too_long_is_left_alone_and_said() {
    let html = format!(
        "<p>{}<p>Short.",
        "long ".repeat(inline::PARAGRAPH_LIMIT / 5 + 1)
    );
    let mut said = Vec::new();
    let file = open(html.into_bytes(), "x", &OpenOptions::default(), &mut |d| {
        said.push(d);
    })
    .unwrap();
    assert_eq!(file.slots().len(), 1);
    assert_eq!(said.len(), 1);
}

#[test]
fn two_million_nested_tags_are_read() {
    let mut html =
        "<b>".repeat(1_000_000) + "<div>".repeat(1_000_000).as_str() + "It is here. We go.";
    html.push_str(&"</i></p>".repeat(1000));
    let file = opened(&html);
    assert_eq!(file.slots().len(), 2);
    let mut out = Vec::new();
    file.write(&[], &FillOptions::default(), &mut out).unwrap();
    assert!(out == html.as_bytes());
}

fn any_soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "One is here. ",
        "two",
        "نعم هنا. ",
        "ثم",
        " ",
        "\n",
        "\r\n",
        "<p>",
        "</p>",
        "<p title=\"a b\">",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<a href=x>",
        "</a>",
        "<br>",
        "<br/>",
        "</br>",
        "<img alt=cat>",
        "<img alt='ا \"' src>",
        "<!-- x -->",
        "<!--",
        "-->",
        "<!doctype html>",
        "<script>",
        "</script>",
        "<pre>",
        "</pre>",
        "<textarea>",
        "</textarea>",
        "<title>",
        "</title>",
        "<span translate=no>",
        "</span>",
        "<svg>",
        "</svg>",
        "&amp;",
        "&",
        "&nbsp",
        "&#x627;",
        "&#0;",
        "&#xD800;",
        "<",
        ">",
        "</",
        "<3",
        "\"",
        "'",
        "=",
        "<x y='",
        "<div dir=ltr lang=en>",
        "</div>",
        "<html>",
        "<html lang=en lang=ar>",
        "<?php echo ?>",
        "<![CDATA[x]]>",
        "\0",
        "\u{FEFF}",
        "\u{C}",
        "<tr><td>",
        "<P ALT=X>",
        "<input type=submit value=Go>",
        "<plaintext>",
        "\u{200F}",
        "<a b=c/d",
        "/>",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

/// Tags in order, as a tokenizer sees them.
fn tags(html: &str) -> Vec<String> {
    let mut emitter = html5gum::DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut tags: Vec<String> = html5gum::Tokenizer::new_with_emitter(html, emitter)
        .filter_map(|token| match token {
            Ok(html5gum::Token::StartTag(tag)) => {
                Some(String::from_utf8_lossy(&tag.name).into_owned())
            }
            Ok(html5gum::Token::EndTag(tag)) => {
                Some(format!("/{}", String::from_utf8_lossy(&tag.name)))
            }
            _ => None,
        })
        .collect();
    tags.sort();
    tags
}

proptest! {
    #[test]
    fn filling_nothing_changes_nothing(html in prop_oneof![any_soup(), any::<String>()]) {
        prop_assert_eq!(filled(&html, Some(Lang::Arabic), |_| None), html.as_str());
        let file = opened(&html);
        let mut paragraph = 0;
        for slot in file.slots() {
            let source = &slot.source;
            prop_assert!(crate::coded::Coded::new(source.text.clone(), source.codes.clone()).is_ok());
            // White space between the last word and the end tag that goes with it is the segment's.
            prop_assert!(!source.codes.is_empty() || source.text.trim_ascii() == source.text);
            prop_assert!(slot.paragraph >= paragraph);
            paragraph = slot.paragraph;
        }
    }

    #[test]
    fn filling_the_source_keeps_texts_and_codes(html in any_soup()) {
        prop_assume!(!html.contains('\u{FEFF}'));
        let again = filled(&html, None, |text| Some(text.to_owned()));
        prop_assert_eq!(tags(&again), tags(&html));
        prop_assert_eq!(slots(&again), slots(&html), "{:?}", again);
    }

    #[test]
    fn all_codes_are_written_whatever_the_filling_has(
        html in any_soup(),
        text in "[ aن<&]{0,9}",
        codes in prop::collection::vec((0..12_usize, 0..3_u8, 0..4_u32), 0..6),
    ) {
        use crate::coded::{Code, CodeKind, Coded};
        let file = opened(&html);
        let codes = codes.iter().map(|&(at, kind, number)| Code {
            at,
            kind: [CodeKind::Open, CodeKind::Close, CodeKind::Alone][usize::from(kind)],
            number,
            raw: String::new(),
        });
        let target = Coded { text, codes: codes.collect() };
        let fillings: Vec<_> = file.slots().iter()
            .map(|_| Filling { target: Some(target.clone()), ..Filling::default() }).collect();
        let mut out = Vec::new();
        file.write(&fillings, &FillOptions::default(), &mut out).unwrap();
        prop_assert_eq!(tags(&String::from_utf8(out).unwrap()), tags(&html));
    }
}

#[test]
fn what_a_noscript_holds_is_markup() {
    let text =
        "<p>One.</p><noscript><img src=x alt=\"Two\"><p>Three <b>four</b>.</p></noscript><p>Five.";
    let file = opened(text);
    let texts: Vec<_> = file.slots().iter().map(|slot| &*slot.source.text).collect();
    assert_eq!(texts, ["One.", "Two", "Three four.", "Five."]);
}

#[test]
fn a_page_that_names_no_encoding_gets_one() {
    let arabic = |text: &str, target| filled(text, target, |_| Some("نعم".into()));
    let meta = "<meta charset=\"utf-8\">";
    assert_eq!(
        arabic("<html><head><title>Yes</title></head></html>", None),
        format!("<html><head>{meta}<title>نعم</title></head></html>")
    );
    for named in [
        "<html><head><meta charset=utf-8><title>Yes</title></head>",
        "\u{FEFF}<html><head><title>Yes</title></head>",
        "<html><head><title>Yes</title></head>\u{2014}",
        "<p>Yes",
    ] {
        let out = arabic(named, None);
        assert!(!out.contains(meta), "{out}");
    }
    let ascii = "<html><head><title>Yes</title></head>";
    assert_eq!(
        filled(ascii, None, |_| Some("No".into())),
        ascii.replace("Yes", "No")
    );
}
