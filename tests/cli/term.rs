use serde_json::{Value, json};

use super::{Finished, TestEnv, with_news};

fn run(env: &TestEnv, args: &[&str]) -> Finished {
    let all: Vec<_> = ["--memory", "m"].iter().chain(args).collect();
    env.run(&all)
}

const TERMS: &str = "\
id,Arabic,English,status_en,domain,definition
s1,مدرسة,school | college,preferred | forbidden,education,where children learn
s2,المدرسة الجديدة,new school,,,
s3,وزير,minister,,government,
";

/// A place with the units of `NEWS` and the terms of [`TERMS`].
fn with_terms() -> TestEnv {
    let env = with_news();
    env.write("terms.csv", TERMS);
    let said = run(&env, &["term", "import", "terms.csv"]).stderr();
    assert_eq!(
        said,
        "terms.csv:1:1: taken as a header that names the columns, not as a unit\n\
         3 term entries read: 3 added, 0 duplicates, 0 rejected\n"
    );
    env
}

#[test]
fn terms_stand_beside_the_matches() {
    let env = with_terms();
    let shown = run(
        &env,
        &[
            "lookup",
            "افتتح الوزيران المدرسة الجديدة في القرية.",
            "--limit",
            "1",
        ],
    )
    .stdout();
    let lines: Vec<_> = shown.lines().skip(3).collect();
    assert_eq!(
        lines,
        [
            "     target  The minister opened the new school in the village.",
            "     term    الوزيران: minister (government)",
            "     term    المدرسة الجديدة: new school",
        ],
        "{shown}"
    );
    let shown = run(&env, &["lookup", "The colleges closed"]).stdout();
    assert!(
        shown.ends_with("     term    colleges (not to be used): مدرسة (education)\n"),
        "{shown}"
    );
    let shown = run(&env, &["lookup", "مدارس ومدرستان"]).stdout();
    assert!(
        shown.ends_with("     term    ومدرستان: school; not college (education)\n"),
        "{shown}"
    );
}

#[test]
fn scripts_get_terms_and_what_matches_make_of_them() {
    let env = with_terms();
    run(
        &env,
        &["add", "زار المدرسة أمس", "He visited the college yesterday"],
    )
    .ends_with(0);
    run(
        &env,
        &["add", "زار المدرسة اليوم", "He visited the academy today"],
    )
    .ends_with(0);
    run(
        &env,
        &["add", "زار المدرسة غدا", "He visits the schools tomorrow"],
    )
    .ends_with(0);
    let args = [
        "lookup",
        "زار المدرسة",
        "--format",
        "jsonl",
        "--threshold",
        "50",
    ];
    let answer = &run(&env, &args).ends_with(0).json_lines()[0];
    assert_eq!(
        answer["terms"],
        json!([{
            "entry": 1, "span": [7, 21], "term": "مدرسة", "status": null, "form": "exact",
            "targets": [{"term": "school", "status": "preferred"}, {"term": "college", "status": "deprecated"}],
            "domains": ["education"], "definition": "where children learn"
        }])
    );
    let uses = |word: &str| -> Value {
        let matches = answer["matches"].as_array().unwrap();
        let of_word = |m: &&Value| m["target"].as_str().unwrap().contains(word);
        matches.iter().find(of_word).unwrap()["terms"].clone()
    };
    for (word, of_match) in [
        ("college", "forbidden"),
        ("academy", "missing"),
        ("schools", "used"),
    ] {
        assert_eq!(uses(word), json!([{"entry": 1, "use": of_match}]), "{word}");
    }
    let shown = run(&env, &["lookup", "زار المدرسة", "--threshold", "50"]).stdout();
    assert!(
        shown.contains("     terms   has the forbidden college\n"),
        "{shown}"
    );
    assert!(shown.contains("     terms   lacks school\n"), "{shown}");
}

#[test]
fn a_glossary_goes_out_and_comes_back() {
    let env = with_terms();
    for file in ["out.tbx", "out.tsv", "out.csv.gz"] {
        let said = run(&env, &["term", "export", "-o", file]).stderr();
        assert_eq!(said, "3 term entries written\n", "{file}");
        let out = run(&env, &["term", "import", "--json", file]).ends_with(0);
        let counts = &out.json_lines()[0];
        assert_eq!(
            (&counts["read"], &counts["duplicates"]),
            (&json!(3), &json!(3)),
            "{file}"
        );
        assert_eq!(counts["term_entries"]["duplicates"], 3);
    }
    assert!(env.read("out.tbx").contains("type=\"TBX-Basic\""));
    let school = run(
        &env,
        &[
            "term",
            "export",
            "--text",
            "SCHOOL",
            "--format",
            "csv",
            "--columns",
            "en,ar",
        ],
    );
    assert_eq!(
        school.stdout(),
        "en,ar\nschool | college,مدرسة\nnew school,المدرسة الجديدة\n"
    );
    let said = run(&env, &["term", "export", "-o", "out.xlsx"]).error();
    assert!(
        said.starts_with("error: terms are not written to XLSX\nhint: "),
        "{said}"
    );
    let all = run(&env, &["sessions"]).stdout();
    assert_eq!(all.matches("term import").count(), 1, "{all}");
}

#[test]
fn import_takes_tbx_for_terms() {
    let env = TestEnv::new();
    env.write("a.tbx", include_str!("../data/terms.tbx"));
    env.write("b.tsv", "نعم\tyes\n");
    let said = run(&env, &["import", "a.tbx", "b.tsv"]).stderr();
    assert_eq!(
        said,
        "1 term entry read: 1 added, 0 duplicates, 0 rejected\n\
         1 unit read: 1 added, 0 merged, 0 duplicates, 0 rejected\n"
    );
    let session = &run(&env, &["sessions", "--format", "jsonl"])
        .ends_with(0)
        .json_lines()[0];
    assert_eq!(session["counts"]["added"], 2);
    let said = run(&env, &["sessions", "undo", "1"]).stderr();
    assert!(
        said.ends_with("1 unit and 1 occurrence; 1 term entry\n"),
        "{said}"
    );
    env.write("c.TBX", "<!-- tags -->\n<TAGTABLE/>");
    let said = run(&env, &["import", "c.TBX"]).error();
    assert_eq!(
        said,
        "error: `c.TBX` is no TBX: line 2, column 1, has `<TAGTABLE/>` where `<tbx>` or `<martif>` should be\n"
    );
    let other = "<tbx><text><body><conceptEntry><langSec xml:lang='fr'><termSec><term>oui</term></termSec></langSec>\
                 </conceptEntry></body></text></tbx>";
    env.write("d.tbx", other);
    let said = run(&env, &["import", "d.tbx"]).stderr();
    assert!(
        said.contains("1 without an Arabic or without an English term: kept"),
        "{said}"
    );
}

#[test]
fn entries_are_added_listed_and_removed() {
    let env = TestEnv::new();
    let args = [
        "term",
        "add",
        "مستشفى",
        "hospital",
        "infirmary",
        "--forbid",
        "مارستان",
        "--status",
        "preferred",
        "--domain",
        "health",
        "--definition",
        "where the sick are cared for",
        "--pos",
        "noun",
        "--note",
        "sg.",
    ];
    assert_eq!(run(&env, &args).stderr(), "added term entry 1\n");
    assert_eq!(
        run(&env, &args).stderr(),
        "the memory has this already: term entry 1\n"
    );
    let list = run(&env, &["term", "list"]).stdout();
    assert_eq!(
        list,
        "   1  ar  مستشفى (preferred), مارستان (deprecated)\n\
        \x20     en  hospital (preferred), infirmary\n\
        \x20     domain      health\n\
        \x20     definition  where the sick are cared for\n\
        \x20     note        sg.\n"
    );
    let json = run(&env, &["term", "list", "مُستشفى", "--format", "jsonl"]).ends_with(0);
    let entry = &json.json_lines()[0];
    assert_eq!((&entry["v"], &entry["entry"]), (&json!(1), &json!(1)));
    assert_eq!(
        entry["terms"][0],
        json!({"lang": "ar", "term": "مستشفى", "status": "preferred", "pos": "noun"})
    );
    assert_eq!(
        run(&env, &["term", "list", "--format", "tsv"]).stdout(),
        "1\tمستشفى | مارستان\thospital | infirmary\thealth\twhere the sick are cared for\n"
    );
    run(&env, &["term", "list", "bank"]).ends_with(1);
    run(&env, &["term", "list", "--domain", "law"]).ends_with(1);
    run(&env, &["term", "list", "--status", "forbidden"]).ends_with(0);
    let said = run(&env, &["term", "remove", "1", "7"]).error();
    assert_eq!(
        said,
        "error: there is no term entry 7 in `m`\nhint: list them with `dhakira term list`\n"
    );
    assert_eq!(
        run(&env, &["term", "remove", "1"]).stderr(),
        "removed 1 term entry\n"
    );
    run(&env, &["term", "list"]).ends_with(1);
    let said = run(&env, &["sessions", "undo", "2"]).stderr();
    assert!(said.ends_with("; 1 term entry there again\n"), "{said}");
    run(&env, &["term", "list"]).ends_with(0);
}

#[test]
fn what_cannot_be_told_is_asked_for() {
    let env = TestEnv::new();
    let said = run(&env, &["term", "add", "12", "x"]).error();
    assert!(
        said.contains("the script of `12` doesn't tell its language\nhint: "),
        "{said}"
    );
    env.write("a.csv", "a,b\n");
    let said = run(&env, &["term", "import", "a.csv"]).error();
    assert!(
        said.contains("hint: name them, as in --columns ar,en"),
        "{said}"
    );
    let said = run(&env, &["term", "import", "--columns", "ar,colour", "a.csv"]).error();
    assert!(said.contains("`colour` is no column of terms"), "{said}");
}

#[test]
fn what_is_rejected_can_be_kept_and_strict_keeps_nothing() {
    let env = TestEnv::new();
    env.write("a.tsv", "ar\ten\nبنك\tbank\n\t\n \tx\u{1}\n");
    let said = run(&env, &["term", "import", "--strict", "a.tsv"]).error();
    assert!(said.contains("with --strict nothing is kept"), "{said}");
    let said = run(&env, &["term", "import", "--rejects", "bad.tsv", "a.tsv"]).stderr();
    assert!(said.contains("a.tsv:3:1: the row has no term\n"), "{said}");
    assert_eq!(env.read("bad.tsv").lines().count(), 2);
    let said = run(&env, &["term", "import", "--dry-run", "a.tsv"]).stderr();
    assert!(
        said.contains("3 term entries read, nothing kept: 0 added, 1 duplicates"),
        "{said}"
    );
}
