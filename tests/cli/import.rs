use std::fmt::Write;

use super::{TestEnv, units, with_news};

fn import(env: &TestEnv, args: &[&str]) -> super::Finished {
    let all: Vec<_> = ["--memory", "m", "import"].iter().chain(args).collect();
    env.run(&all)
}

const COLUMNS: [&str; 2] = ["--columns", "doc,index,ar,en"];

#[test]
fn files_of_the_same_keys_are_paired() {
    let env = super::TestEnv::new();
    env.write("ar.json", "{\"a\": \"نعم\", \"b\": \"لا\"}");
    env.write("en.yml", "a: 'Yes'\nb: 'No'\n");
    let args = ["--memory", "m", "import", "--pair", "ar.json", "en.yml"];
    let said = env.run(&args).ends_with(0).stderr;
    assert_eq!(
        said,
        "2 units read: 2 added, 0 merged, 0 duplicates, 0 rejected\n"
    );
    env.write("a.txt", "a");
    let said = env
        .run(&["--memory", "m", "import", "--pair", "ar.json", "a.txt"])
        .error();
    assert!(said.contains("`a.txt` has no keys to go by"), "{said}");
}

#[test]
fn the_same_file_twice_adds_nothing() {
    let env = with_news();
    let said = import(&env, &[COLUMNS[0], COLUMNS[1], "news.tsv"]).stderr();
    assert_eq!(
        said,
        "5 units read: 0 added, 0 merged, 5 duplicates, 0 rejected\n"
    );
    assert_eq!(units(&env), 5);
}

#[test]
fn a_dry_run_counts_exactly_and_keeps_nothing() {
    let env = TestEnv::new();
    env.write("a.tsv", "نعم\tyes\nلا\tno\nنعم\tyes\n\tblank\n");
    let counts = |args: &[&str]| {
        let out = import(&env, args).ends_with(0);
        out.json_lines()[0].clone()
    };
    let dry = counts(&["--json", "--dry-run", "a.tsv"]);
    assert!(!env.path("m").exists());
    let wet = counts(&["--json", "a.tsv"]);
    for key in ["read", "added", "merged", "duplicates", "rejected"] {
        assert_eq!(dry[key], wet[key], "{key}");
    }
    assert_eq!(
        (&wet["read"], &wet["added"], &wet["rejected"]),
        (&4.into(), &2.into(), &1.into())
    );
    let again = counts(&["--json", "--dry-run", "a.tsv"]);
    assert_eq!(
        (&again["added"], &again["duplicates"]),
        (&0.into(), &3.into())
    );
    assert_eq!(units(&env), 2);
}

#[test]
fn bad_units_are_shown_with_their_place_and_kept_in_a_file() {
    let env = TestEnv::new();
    let mut text = String::from("نعم\tyes\n");
    for i in 0..30 {
        writeln!(text, "\tno Arabic {i}").unwrap();
    }
    env.write("a.tsv", &text);
    let said = import(&env, &["--rejects", "bad.tsv", "a.tsv"]).stderr();
    assert!(
        said.starts_with("a.tsv:2:1: the Arabic side is blank\n"),
        "{said}"
    );
    assert_eq!(said.matches("a.tsv:").count(), 20, "{said}");
    assert!(
        said.contains("and 10 more; rejected units are in `bad.tsv`\n"),
        "{said}"
    );
    assert!(said.ends_with("31 units read: 1 added, 0 merged, 0 duplicates, 30 rejected\n"));
    assert_eq!(env.read("bad.tsv").lines().count(), 30);
    assert!(
        import(&env, &["a.tsv"])
            .stderr()
            .contains("--rejects FILE keeps")
    );
}

#[test]
fn a_file_that_cannot_be_read_keeps_the_others_out() {
    let env = TestEnv::new();
    env.write("good.tsv", "نعم\tyes\n");
    env.write(
        "broken.tmx",
        "<tmx version=\"1.4\"><body><tu><tuv xml:lang=\"ar\"><seg>لا",
    );
    let said = import(&env, &["good.tsv", "missing.tsv"]).error();
    assert!(
        said.starts_with("error: can't open `missing.tsv`\n  caused by: "),
        "{said}"
    );
    assert!(!env.path("m").exists());
    import(&env, &["good.tsv"]).ends_with(0);
    env.write("more.tsv", "لا\tno\n");
    env.write("pair.ar", "واحد\nاثنان\n");
    env.write("pair.en", "one\n");
    let said = import(&env, &["more.tsv", "--moses", "pair"]).error();
    assert!(
        said.contains("pair.ar") && said.contains("pair.en"),
        "{said}"
    );
    assert_eq!(units(&env), 1);
}

#[test]
fn all_bad_is_an_error_and_all_empty_finds_nothing() {
    let env = TestEnv::new();
    env.write("bad.tsv", "\tno Arabic\n");
    let said = import(&env, &["--columns", "ar,en", "bad.tsv"]).error();
    assert!(
        said.ends_with("error: none of the units could be taken\n"),
        "{said}"
    );
    env.write("empty.jsonl", "");
    import(&env, &["empty.jsonl"]).ends_with(1);
    env.write("junk", (0..=255).collect::<Vec<u8>>());
    let said = import(&env, &["junk"]).error();
    assert!(said.starts_with("error: can't tell "), "{said}");
    let sessions = env.run(&["--memory", "m", "sessions"]).ends_with(1);
    assert_eq!(sessions.stdout, "");
}

#[test]
fn stdin_compressed_files_and_moses_pairs_are_read() {
    let env = TestEnv::new();
    let out = env.run_with_input(&["--memory", "m", "import", "-"], "نعم\tyes\n".as_bytes());
    out.ends_with(0);
    env.write("c.ar", "واحد\nاثنان\n");
    env.write("c.en", "one\ntwo\n");
    let said = import(&env, &["--moses", "c"]).stderr();
    assert!(said.starts_with("2 units read: 2 added"), "{said}");
    let packed = zstd::encode_all("ثلاثة\tthree\n".as_bytes(), 3).unwrap();
    env.write("d.tsv.zst", packed);
    import(&env, &["d.tsv.zst"]).ends_with(0);
    assert_eq!(units(&env), 4);
}

#[test]
fn rejects_never_go_over_an_input() {
    let env = TestEnv::new();
    env.write("a.tsv", "نعم\tyes\n");
    let said = import(&env, &["--rejects", "a.tsv", "a.tsv"]).error();
    assert!(said.contains("is an input as well"), "{said}");
    assert_eq!(env.read("a.tsv"), "نعم\tyes\n");
}
