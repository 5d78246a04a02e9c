//! Inputs that mean harm: every command that reads files says what is wrong, and neither falls over nor touches
//! anything but its output.

use std::io::Write;

use super::{Finished, with_news};

/// A name and what stands in it.
fn inputs() -> Vec<(&'static str, Vec<u8>)> {
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">\
         <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY secret SYSTEM \"file:///etc/hostname\">]>";
    let tmx = |seg: &str| {
        format!(
            "{laughs}<tmx version=\"1.4\"><header srclang=\"en\"/><body><tu><tuv xml:lang=\"en\"><seg>{seg}</seg></tuv><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv></tu></body></tmx>"
        )
    };
    let xliff = |text: &str| {
        format!(
            "{laughs}<xliff version=\"1.2\"><file original=\"a\" source-language=\"en\" target-language=\"ar\" datatype=\"plaintext\"><body><trans-unit id=\"1\"><source>{text}</source></trans-unit></body></file></xliff>"
        )
    };
    let po = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\nmsgid \"Yes\"\nmsgstr \"\"\n";
    let nested = |open: &str, close: &str| {
        [open.repeat(10_000), "x".to_owned(), close.repeat(10_000)].concat()
    };
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        ("laughs.tmx", text(&tmx("&c;&secret;"))),
        ("laughs.xlf", text(&xliff("&c;&secret;"))),
        ("laughs.html", text(&format!("{laughs}<p>&c;&secret;"))),
        ("nested.tmx", text(&tmx(&nested("<hi>", "</hi>")))),
        ("nested.xlf", text(&xliff(&nested("<g id=\"1\">", "</g>")))),
        ("nested.html", text(&nested("<div>", "</div>"))),
        ("open.html", text(&nested("<b>", ""))),
        ("nested.json", text(&nested("{\"a\":", "}"))),
        ("nested.md", text(&nested("> ", "*"))),
        ("nested.yaml", text(&nested("[", "]"))),
        (
            "nested.xml",
            text(&format!(
                "<resources><string name=\"a\">{}</string></resources>",
                nested("<b>", "</b>")
            )),
        ),
        ("left.yaml", text(&format!("a: {}\n", "[\n".repeat(10_000)))),
        ("cut.tmx", text(&tmx("Yes"))[..300].to_vec()),
        ("cut.xlf", text(&xliff("Yes"))[..300].to_vec()),
        ("cut.json", text("{\"a\": \"Yes")),
        (
            "lying.xlf",
            [
                text("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
                text(&xliff("Yes")),
                vec![0xC7, 0xE1],
            ]
            .concat(),
        ),
        ("lying.po", [text(po), vec![b'#', 0xC7, b'\n']].concat()),
        (
            "lying.html",
            [text("<meta charset=utf-8><p>Yes "), vec![0xC7, 0xE1]].concat(),
        ),
        ("markless.txt", utf16("Yes. No.\n")),
        ("markless.po", utf16(po)),
        ("markless.xlf", utf16(&xliff("Yes"))),
        ("markless.html", utf16("<p>Yes")),
        ("markless.yaml", utf16("a: Yes sir\n")),
        ("nul.txt", text("Yes\0\0. No\0")),
        ("nul.po", text(&po.replace("Yes", "Y\0es"))),
        ("nul.xlf", text(&xliff("Y\0es"))),
        ("nul.json", text("{\"a\": \"Y\0es\"}")),
        ("zeros.docx", vec![0; 4096]),
        ("zeros.txt", vec![0; 4096]),
        ("headers.po", text(&format!("{po}\n{po}"))),
        ("headless.po", text("msgid \"Yes\"\nmsgstr \"\"\n")),
        (
            "forms.po",
            text("msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[4294967295] \"\"\n"),
        ),
        ("slip.docx", archive("../../outside.txt")),
        ("slip.xlsx", archive("/tmp/outside.txt")),
        ("bomb.txt.gz", bomb()),
        ("bomb.tmx.gz", bomb()),
        ("empty.docx", Vec::new()),
        ("empty.xlf", Vec::new()),
        ("empty.json", Vec::new()),
    ]
}

/// An archive of one stored file with that name.
fn archive(name: &str) -> Vec<u8> {
    let size = (name.len() as u16).to_le_bytes();
    let local = [
        b"PK\x03\x04\x14\0",
        &[0; 20][..],
        &size,
        &[0, 0],
        name.as_bytes(),
    ]
    .concat();
    let entry = [
        b"PK\x01\x02\x14\0\x14\0",
        &[0; 20][..],
        &size,
        &[0; 16],
        name.as_bytes(),
    ]
    .concat();
    let directory = [
        (entry.len() as u32).to_le_bytes(),
        (local.len() as u32).to_le_bytes(),
    ]
    .concat();
    [
        &local[..],
        &entry,
        b"PK\x05\x06\0\0\0\0\x01\0\x01\0",
        &directory,
        &[0, 0],
    ]
    .concat()
}

/// Three hundred megabytes of nothing, in three hundred kilobytes.
fn bomb() -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let block = vec![b' '; 1 << 20];
    for _ in 0..300 {
        encoder.write_all(&block).unwrap();
    }
    encoder.finish().unwrap()
}

/// It ended by itself, and as a user can understand; the arguments are right.
#[track_caller]
fn is_orderly(name: &str, finished: &Finished) {
    let told = &finished.stderr;
    assert!(
        (0..=2).contains(&finished.code),
        "{name}: {}\n{told}",
        finished.code
    );
    assert!(
        finished.code != 2 || told.contains("error: "),
        "{name}: {told}"
    );
    assert!(!told.contains("Usage:"), "{name}: {told}");
    let everything = [told.as_str(), &finished.stdout].concat();
    assert!(
        !everything.contains("hahaha"),
        "{name}: expanded\n{everything}"
    );
}

#[test]
fn no_command_falls_over_any_input() {
    let env = with_news();
    env.write("en.txt", "Yes. No.\n");
    for (name, bytes) in inputs() {
        env.write(name, bytes);
        let before = env.files();
        for args in [
            &["--memory", "new", "import", name][..],
            &[
                "--memory",
                "m",
                "pretranslate",
                name,
                "-o",
                "out",
                "--source",
                "en",
            ],
            &["--memory", "m", "lookup", name],
            &["align", name, "en.txt", "--format", "tsv", "-o", "out.tsv"],
            &["align", "en.txt", name, "--format", "tsv", "-o", "out.tsv"],
        ] {
            is_orderly(name, &env.run(args));
        }
        let kept = |file: &String| {
            !file.starts_with("new") && !file.starts_with("out") && !file.starts_with("m-")
        };
        let after: Vec<_> = env.files().into_iter().filter(kept).collect();
        let before: Vec<_> = before.into_iter().filter(kept).collect();
        assert_eq!(after, before, "{name}");
        for file in ["out", "out.tsv"] {
            let _ = std::fs::remove_file(env.path(file));
        }
    }
}

#[test]
fn a_segment_without_end_is_told_and_left() {
    let env = with_news();
    let endless = "word ".repeat(500_000);
    env.write(
        "a.json",
        format!("{{\"a\": \"{endless}\",\n\"b\": \"The headmaster thanked those present.\"}}"),
    );
    let args = [
        "--memory",
        "m",
        "pretranslate",
        "a.json",
        "-o",
        "b.json",
        "--source",
        "en",
    ];
    let said = env.run(&args).stderr();
    let warning =
        "a.json:1: a segment of 2500000 bytes is longer than 1048576; it is not looked up";
    assert!(said.contains(warning), "{said}");
    let filled = env.read("b.json");
    assert!(filled.contains("وشكر المدير الحاضرين."));
    assert!(filled.contains(&endless));
    env.write(
        "a.txt",
        format!("{endless}\nThe headmaster thanked those present.\n"),
    );
    let args = ["--memory", "m", "lookup", "a.txt", "--format", "tsv"];
    let warning = "segment 0: 2500000 bytes are more than 1048576; it is not looked up";
    assert!(env.run(&args).stderr().contains(warning));
    assert!(env.run(&args).stdout().starts_with("1\t1\texact\t100\t"));
}
