use super::{TestEnv, with_news};

const ARTICLE: &str = "# خبر قديم\n\nوشكر المدير الحاضرين. وانتهى الحفل مساء.\n\n- وَحضر الحفل 120 طالبا.\n- جملة لم تُترجم.\n- جملة لم تُترجم.\n";

fn pretranslate(env: &TestEnv, args: &[&str]) -> super::Finished {
    let all: Vec<_> = ["--memory", "m", "pretranslate"]
        .iter()
        .chain(args)
        .collect();
    env.run(&all)
}

#[test]
fn markdown_keeps_all_but_its_segments() {
    let env = with_news();
    env.write("in.md", ARTICLE);
    let said = pretranslate(&env, &["in.md", "-o", "out.md", "--untranslated", "mark"]).stderr();
    assert_eq!(
        env.read("out.md"),
        "# ⟦خبر قديم⟧\n\nThe headmaster thanked those present. The ceremony ended in the evening.\n\n\
         - The ceremony was attended by 120 students.\n- ⟦جملة لم تُترجم.⟧\n- ⟦جملة لم تُترجم.⟧\n"
    );
    let rows: Vec<_> = said
        .lines()
        .map(|line| line.split_whitespace().take(2).collect::<Vec<_>>())
        .collect();
    assert_eq!(
        rows,
        [
            ["segments", "words"],
            ["context", "2"],
            ["repetition", "1"],
            ["orthographic", "1"],
            ["none", "2"],
            ["total", "6"],
        ]
    );
}

#[test]
fn what_has_no_match_stays_or_goes() {
    let env = with_news();
    env.write("in.txt", "وشكر المدير الحاضرين.\nكلام جديد تماما.\n");
    let out = |what: &str| pretranslate(&env, &["in.txt", "--untranslated", what]).stdout();
    assert_eq!(
        out("source"),
        "The headmaster thanked those present.\nكلام جديد تماما.\n"
    );
    assert_eq!(out("empty"), "The headmaster thanked those present.\n\n");
}

#[test]
fn the_report_adds_up() {
    let env = with_news();
    env.write("in.md", ARTICLE);
    pretranslate(&env, &["in.md", "-o", "out.md", "--report", "report.json"]).ends_with(0);
    let report: serde_json::Value = serde_json::from_str(&env.read("report.json")).unwrap();
    assert_eq!(report["v"], 1);
    assert_eq!(
        (&report["source"], &report["threshold"]),
        (&"ar".into(), &75.into())
    );
    let bands = report["bands"].as_array().unwrap();
    let names: Vec<_> = bands.iter().map(|b| b["band"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "context",
            "exact",
            "repetition",
            "orthographic",
            "95-99",
            "85-94",
            "75-84",
            "50-74",
            "0-49",
            "none"
        ]
    );
    for key in ["segments", "words", "characters"] {
        let sum: u64 = bands.iter().map(|b| b[key].as_u64().unwrap()).sum();
        assert_eq!(Some(sum), report["total"][key].as_u64(), "{key}");
    }
}

#[test]
fn nothing_known_is_exit_code_1_and_the_output_is_there() {
    let env = with_news();
    env.write("in.txt", "كلام جديد تماما.\n");
    pretranslate(&env, &["in.txt", "-o", "out.txt"]).ends_with(1);
    assert_eq!(env.read("out.txt"), "كلام جديد تماما.\n");
}

#[test]
fn the_input_is_never_the_output() {
    let env = with_news();
    env.write("in.txt", "نعم");
    for args in [
        ["in.txt", "-o", "in.txt"],
        ["in.txt", "--report", "./in.txt"],
    ] {
        let said = pretranslate(&env, &args).error();
        assert!(said.contains("is an input as well"), "{said}");
    }
    assert_eq!(env.read("in.txt"), "نعم");
}

#[test]
fn files_of_strings_are_told_by_name_or_root_and_say_which_language_they_are_in() {
    let env = with_news();
    env.write(
        "in/en.yml",
        "en:\n  thanks: 'The headmaster thanked those present.' # c\n  end: |\n    The ceremony ended in the evening.\n",
    );
    let android = "<resources>\n  <string name=\"a\">The ceremony <b>ended</b> in the evening.</string>\n</resources>\n";
    env.write("in/values/strings.xml", android);
    env.write(
        "in/pom.xml",
        "<project>The ceremony ended in the evening.</project>",
    );
    let said = pretranslate(&env, &["in", "-o", "out"]).ends_with(0);
    assert_eq!(
        env.read("out/en.yml"),
        "ar:\n  thanks: 'وشكر المدير الحاضرين.' # c\n  end: |\n    وانتهى الحفل مساء.\n",
        "{}",
        said.stderr
    );
    assert!(
        env.read("out/values/strings.xml")
            .contains("وانتهى الحفل مساء.")
    );
    assert!(!env.path("out/pom.xml").exists());
}

#[test]
fn what_was_packed_stays_packed() {
    use std::io::{Read, Write};
    let env = with_news();
    let text = "وشكر المدير الحاضرين.\n";
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(text.as_bytes()).unwrap();
    let gz = gz.finish().unwrap();
    env.write("a.txt.gz", &gz);
    env.write("b.txt.zst", zstd::encode_all(text.as_bytes(), 1).unwrap());
    pretranslate(&env, &["a.txt.gz", "b.txt.zst", "--in-place"]).ends_with(0);
    let expected = "The headmaster thanked those present.\n";
    let mut unpacked = String::new();
    let packed = std::fs::File::open(env.path("a.txt.gz")).unwrap();
    flate2::read::GzDecoder::new(packed)
        .read_to_string(&mut unpacked)
        .unwrap();
    assert_eq!(unpacked, expected);
    let packed = std::fs::File::open(env.path("b.txt.zst")).unwrap();
    assert_eq!(zstd::decode_all(packed).unwrap(), expected.as_bytes());
    assert_eq!(std::fs::read(env.path("a.txt.gz.bak")).unwrap(), gz);
}
