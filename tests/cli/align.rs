use super::{TestEnv, units};

const AR: &str =
    "افتتح الوزير 12 مدرسة في القاهرة.\nوحضر الحفل 120 طالبا. وغنى الأطفال.\nوانتهى الحفل مساء.\n";
const EN: &str = "The minister opened 12 schools in Cairo.\nThe ceremony was attended by 120 students, and the children sang.\n\
                  The ceremony ended in the evening.\n";

fn with_pair() -> TestEnv {
    let env = TestEnv::new();
    env.write("news.ar.txt", AR);
    env.write("news.en.txt", EN);
    env
}

fn align(env: &TestEnv, args: &[&str]) -> super::Finished {
    let all: Vec<_> = ["--memory", "m", "align"].iter().chain(args).collect();
    env.run(&all)
}

#[test]
fn links_number_segments_from_zero_and_need_no_memory() {
    let env = with_pair();
    let out = align(
        &env,
        &[
            "--sentences",
            "--format",
            "links",
            "news.ar.txt",
            "news.en.txt",
        ],
    )
    .stdout();
    assert_eq!(out, "[0]:[0]\n[1]:[1]\n[2]:[2]\n");
    let out = align(&env, &["--format", "links", "news.ar.txt", "news.en.txt"]).stdout();
    assert_eq!(out, "[0]:[0]\n[1,2]:[1]\n[3]:[2]\n");
    assert!(!env.path("m").exists());
}

#[test]
fn beads_are_imported_with_document_place_and_confidence() {
    let env = with_pair();
    let said = align(&env, &["news.ar.txt", "news.en.txt"]).stderr();
    assert!(
        said.starts_with("news: 3 beads (2 of 1-1, 1 of 2-1), mean confidence "),
        "{said}"
    );
    assert!(
        said.ends_with("3 units read: 3 added, 0 merged, 0 duplicates, 0 rejected\n"),
        "{said}"
    );
    let columns = ["--memory", "m", "export", "--columns", "doc,index,state,en"];
    let said = env.run(&columns).error();
    assert!(said.contains("lack the segments in `ar`"), "{said}");
    let columns = [
        "--memory",
        "m",
        "export",
        "--columns",
        "doc,index,state,ar,en",
    ];
    let out = env.run(&columns).stdout();
    assert!(
        out.contains("news\t1\tinitial\tوحضر الحفل 120 طالبا. وغنى الأطفال.\t"),
        "{out}"
    );
    let again = align(&env, &["news.ar.txt", "news.en.txt"]).stderr();
    assert!(
        again.ends_with("3 units read: 0 added, 0 merged, 3 duplicates, 0 rejected\n"),
        "{again}"
    );
}

#[test]
fn a_folder_is_one_session_of_all_its_pairs() {
    let env = TestEnv::new();
    env.write("texts/a.ar.txt", AR);
    env.write("texts/a.en.txt", EN);
    env.write("texts/b.ar.md", "# خبر\n\nوصل 7 وزراء.\n");
    env.write("texts/b.en.md", "# News\n\n7 ministers arrived.\n");
    env.write("texts/c.ar.txt", "وحيد");
    let said = align(&env, &["texts"]).stderr();
    assert!(
        said.contains("warning: `texts/c.ar.txt` is in no pair\n"),
        "{said}"
    );
    assert!(said.contains("2 documents: 5 beads"), "{said}");
    let sessions = env
        .run(&["--memory", "m", "sessions", "--format", "jsonl"])
        .ends_with(0);
    assert_eq!(sessions.json_lines().len(), 1);
    assert_eq!(sessions.json_lines()[0]["source"], "texts");
    let said = align(&env, &["texts", "--format", "links"]).error();
    assert!(said.contains("can't be told apart"), "{said}");
}

#[test]
fn beads_can_be_written_instead() {
    let env = with_pair();
    let args = [
        "news.ar.txt",
        "news.en.txt",
        "--format",
        "tsv",
        "-o",
        "beads.tsv",
    ];
    align(&env, &args).ends_with(0);
    let out = env.read("beads.tsv");
    assert!(
        out.starts_with("news\t0\tافتتح الوزير 12 مدرسة في القاهرة.\tThe minister"),
        "{out}"
    );
    let args = ["news.ar.txt", "news.en.txt", "--format", "tmx"];
    assert!(
        align(&env, &args)
            .stdout()
            .contains("<tmx version=\"1.4\">")
    );
    assert!(!env.path("m").exists());
}

#[test]
fn a_dry_run_changes_nothing() {
    let env = with_pair();
    let said = align(&env, &["--dry-run", "news.ar.txt", "news.en.txt"]).stderr();
    assert!(
        said.contains("3 units read, nothing kept: 3 added"),
        "{said}"
    );
    assert!(!env.path("m").exists());
}

#[test]
fn documents_in_the_wrong_order_are_turned() {
    let env = with_pair();
    let said = align(&env, &["news.en.txt", "news.ar.txt"]).stderr();
    assert!(said.contains("taken the other way round"), "{said}");
    assert_eq!(units(&env), 3);
    let args = ["--format", "links", "news.en.txt", "news.ar.txt"];
    assert!(
        align(&env, &args)
            .error()
            .contains("hint: name the Arabic document first")
    );
}

#[test]
fn confidence_can_be_asked_for() {
    let env = with_pair();
    let args = ["--min-confidence", "1.5", "news.ar.txt", "news.en.txt"];
    align(&env, &args).ends_with(2);
    env.write("x.ar.txt", "كلام عن الطقس.\n");
    env.write("x.en.txt", "Nothing of the kind at all, 1999.\n");
    let args = ["--min-confidence", "1", "x.ar.txt", "x.en.txt"];
    let out = align(&env, &args);
    assert!(out.code == 0 || out.code == 1, "{out:?}");
}

#[test]
fn what_is_missing_is_said() {
    let env = with_pair();
    let said = align(&env, &["news.ar.txt"]).error();
    assert!(said.contains("the English document is missing"), "{said}");
    let said = align(&env, &["news.ar.txt", "none"]).error();
    assert!(said.starts_with("error: can't open `none`"), "{said}");
    env.write("empty/x.txt", "");
    let said = align(&env, &["empty"]).error();
    assert!(
        said.contains("holds no pairs\nhint: name the files"),
        "{said}"
    );
    assert!(!env.path("m").exists());
}
