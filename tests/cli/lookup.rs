use serde_json::{Value, json};

use super::{TestEnv, with_news};

fn lookup(env: &TestEnv, args: &[&str]) -> super::Finished {
    let all: Vec<_> = ["--memory", "m", "lookup"].iter().chain(args).collect();
    env.run(&all)
}

#[test]
fn jsonl_is_as_promised_to_scripts() {
    let env = with_news();
    env.write("queries.txt", "وحضر الحفل 150 طالبا.\n\nلا شيء من هذا\r\n");
    let args = [
        "--source",
        "ar",
        "--format",
        "jsonl",
        "--limit",
        "1",
        "--threshold",
        "60",
        "queries.txt",
    ];
    let answers = lookup(&env, &args).ends_with(0).json_lines();
    let heads: Vec<_> = answers
        .iter()
        .map(|a| (&a["v"], &a["index"], &a["source"]))
        .collect();
    assert_eq!(
        heads,
        [
            (&json!(1), &json!(0), &json!("وحضر الحفل 150 طالبا.")),
            (&json!(1), &json!(1), &json!("")),
            (&json!(1), &json!(2), &json!("لا شيء من هذا")),
        ]
    );
    assert_eq!(answers[1]["matches"], json!([]));
    assert_eq!(answers[2]["matches"], json!([]));
    let found = &answers[0]["matches"][0];
    assert_eq!(found["unit"], 2);
    assert_eq!(found["kind"], "fuzzy");
    assert!(
        found["score"]
            .as_f64()
            .is_some_and(|s| (60.0..=98.0).contains(&s))
    );
    assert_eq!(found["source"], "وحضر الحفل 120 طالبا.");
    assert_eq!(
        found["target"],
        "The ceremony was attended by 120 students."
    );
    assert_eq!(found["doc"], "news");
    assert_eq!(found["flags"], json!(["number"]));
    let keys: Vec<_> = found
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert!(
        ["unit", "kind", "score", "source", "target", "doc", "flags"]
            .iter()
            .all(|key| keys.contains(key))
    );
}

#[test]
fn neighbouring_lines_make_a_context_match() {
    let env = with_news();
    env.write(
        "article.txt",
        "وحضر الحفل 120 طالبا.\nوقال الوزير إن العمل مستمر.\nوانتهى الحفل مساء.\n",
    );
    let kinds = |text: &str| -> Vec<Value> {
        env.write("article.txt", text);
        lookup(&env, &["--format", "jsonl", "article.txt"])
            .json_lines()
            .iter()
            .map(|a| a["matches"][0]["kind"].clone())
            .collect()
    };
    assert_eq!(
        kinds("وشكر المدير الحاضرين.\nوانتهى الحفل مساء.\n"),
        ["context", "context"]
    );
    assert_eq!(
        kinds("وانتهى الحفل مساء.\nوقال الوزير ان العمل مستمر.\n"),
        ["exact", "orthographic"]
    );
}

#[test]
fn both_directions_are_told_by_script() {
    let env = with_news();
    let args = ["--format", "tsv", "The headmaster thanked those present."];
    assert_eq!(
        lookup(&env, &args).stdout(),
        "0\t1\texact\t100\t4\tnews\t\tThe headmaster thanked those present.\tوشكر المدير الحاضرين.\n"
    );
}

#[test]
fn an_argument_is_a_file_where_one_has_its_name() {
    let env = with_news();
    env.write("وشكر المدير الحاضرين.", "وانتهى الحفل مساء.");
    let first = |args: &[&str]| lookup(&env, args).ends_with(0).json_lines()[0]["source"].clone();
    let name = "وشكر المدير الحاضرين.";
    assert_eq!(first(&["--format", "jsonl", name]), "وانتهى الحفل مساء.");
    assert_eq!(first(&["--format", "jsonl", "--text", name]), name);
}

#[test]
fn a_file_name_that_was_mistyped_is_noticed() {
    let env = with_news();
    let said = lookup(&env, &["artcle.txt"]).ends_with(1).stderr;
    assert_eq!(
        said,
        "there is no file `artcle.txt`; looking up its name as text\n"
    );
    assert_eq!(lookup(&env, &["وشكر المدير الحاضرين."]).stderr(), "");
}

#[test]
fn stdin_is_read_without_an_argument_and_for_a_dash() {
    let env = with_news();
    for args in [
        &["--memory", "m", "lookup", "--format", "tsv"][..],
        &["--memory", "m", "lookup", "--format", "tsv", "-"],
    ] {
        let out = env
            .run_with_input(args, "وانتهى الحفل مساء.\n".as_bytes())
            .stdout();
        assert!(out.starts_with("0\t1\texact\t100\t5\tnews\t"), "{out}");
    }
}

#[test]
fn running_text_is_cut_on_demand() {
    let env = with_news();
    let text = "وشكر المدير الحاضرين. وانتهى الحفل مساء.";
    let answers = lookup(&env, &["--segment", "--format", "jsonl", text]).json_lines();
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[1]["source"], "وانتهى الحفل مساء.");
}

#[test]
fn finding_nothing_is_exit_code_1() {
    let env = with_news();
    let nothing = "كلام لم يترجم قط";
    for (format, printed) in [
        ("tsv", String::new()),
        (
            "json",
            format!("[{{\"v\":1,\"index\":0,\"source\":\"{nothing}\",\"matches\":[]}}]\n"),
        ),
        ("human", format!("{nothing}\n     no match of 70 or more\n")),
    ] {
        let out = lookup(&env, &["--format", format, nothing]).ends_with(1);
        assert_eq!((out.stdout, out.stderr), (printed, String::new()));
    }
    env.write("empty", "");
    assert_eq!(
        lookup(&env, &["--format", "json", "empty"])
            .ends_with(1)
            .stdout,
        "[]\n"
    );
}

#[test]
fn people_see_records_with_the_difference_marked() {
    let env = with_news();
    let query = "افتتح المدير المدرسة الجديدة في القرية.";
    let plain = lookup(&env, &[query]).stdout();
    let score = plain
        .split_whitespace()
        .skip_while(|w| *w != "1.")
        .nth(1)
        .unwrap();
    assert_eq!(
        plain,
        format!(
            "{query}\n  1. {score} fuzzy (unit 1, news)\n     \
             match   افتتح [-الوزير-] {{+المدير+}} المدرسة الجديدة في القرية.\n     \
             target  The minister opened the new school in the village.\n"
        )
    );
    let colored = lookup(&env, &["--color", "always", query]).stdout();
    assert!(
        colored.contains("\u{1b}[") && !colored.contains("[-"),
        "{colored:?}"
    );
    let isolated = lookup(&env, &["--bidi", "isolate", query]).stdout();
    assert!(isolated.starts_with(&format!("\u{2068}{query}\u{2069}\n")));
    assert!(!plain.contains('\u{2068}'));
}

#[test]
fn an_orthographic_match_says_what_was_levelled() {
    let env = with_news();
    let out = lookup(&env, &["وقال الوزير ان العمل مستمر."]).stdout();
    assert!(
        out.contains("  1. 99 orthographic (unit 3, news); differs in tashkeel, hamza\n"),
        "{out}"
    );
    assert!(
        out.contains("     match   وَقَالَ الوزير إنّ العمل مستمرّ.\n"),
        "{out}"
    );
}

#[test]
fn files_that_are_no_text_are_refused() {
    let env = with_news();
    env.write("junk", [0x80, 0xFF, 0x00, 0xC3, b'\n']);
    env.write("folder/x", "");
    for name in ["junk", "folder"] {
        let said = lookup(&env, &[name]).error();
        assert!(said.starts_with("error: ") && said.contains(name), "{said}");
    }
}

#[test]
fn documents_with_markup_are_looked_up_by_their_segments() {
    let env = super::with_news();
    let page = "<!DOCTYPE html><p>The <b>headmaster</b> thanked those present.</p><p>The ceremony ended in the evening.</p>";
    env.write("page.html", page);
    env.write(
        "page.docx",
        crate::common::docx(&[
            "The headmaster thanked those present.",
            "The ceremony ended in the evening.",
        ]),
    );
    let of = |file: &str| lookup(&env, &["--format", "tsv", file]).ends_with(0).stdout;
    let found = of("page.html");
    assert_eq!(found, of("page.docx"));
    assert_eq!(found.lines().count(), 2, "{found}");
    assert!(found.starts_with("0\t1\tcontext\t"), "{found}");
}
