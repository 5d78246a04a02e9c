//! `pretranslate` of many files, and of files with room for source and target.

use super::{Finished, TestEnv, names_in, with_news};

const KNOWN: &str = "The headmaster thanked those present.";
const KNOWN_AR: &str = "وشكر المدير الحاضرين.";
const SIMILAR: &str = "The headmaster thanked all those present.";
const NEW: &str = "Nothing of the kind was ever said.";

fn pretranslate(env: &TestEnv, args: &[&str]) -> Finished {
    let all: Vec<_> = ["--memory", "m", "pretranslate"]
        .iter()
        .chain(args)
        .collect();
    env.run(&all)
}

/// An XLIFF file of sources with the targets that they have.
fn xliff(units: &[(&str, &str)]) -> String {
    let mut file = "<xliff version=\"1.2\"><file original=\"a\" source-language=\"en\" target-language=\"ar\" \
                    datatype=\"plaintext\"><body>\n"
        .to_owned();
    for (i, (source, target)) in units.iter().enumerate() {
        file.push_str(&format!(
            "<trans-unit id=\"{i}\"><source>{source}</source>{target}</trans-unit>\n"
        ));
    }
    file + "</body></file></xliff>\n"
}

/// The unit of that number in a file, as written.
fn unit(file: &str, number: usize) -> &str {
    let start = file.find(&format!("<trans-unit id=\"{number}\"")).unwrap();
    let rest = &file[start..];
    &rest[..rest.find("</trans-unit>").unwrap()]
}

fn report(env: &TestEnv) -> serde_json::Value {
    serde_json::from_str(&env.read("r.json")).unwrap()
}

#[test]
fn offers_begin_at_the_threshold_and_targets_at_fill() {
    let env = with_news();
    env.write("a.xlf", xliff(&[(KNOWN, ""), (SIMILAR, ""), (NEW, "")]));
    pretranslate(
        &env,
        &["a.xlf", "-o", "b.xlf", "--threshold", "60", "--fill", "100"],
    )
    .ends_with(0);
    let filled = env.read("b.xlf");
    assert!(
        unit(&filled, 0).contains(&format!(">{KNOWN_AR}</target>")),
        "{filled}"
    );
    let similar = unit(&filled, 1);
    assert!(
        similar.contains(&format!("{SIMILAR}</source><alt-trans")),
        "{similar}"
    );
    assert_eq!(unit(&filled, 2), unit(&env.read("a.xlf"), 2));
    let said = pretranslate(&env, &["a.xlf", "--threshold", "80", "--fill", "70"]).error();
    assert!(said.contains("hint: say --threshold 70 too"), "{said}");
}

#[test]
fn what_counts_as_done_is_the_users_wish_and_never_a_fuzzy_match() {
    let env = with_news();
    env.write("a.xlf", xliff(&[(NEW, ""), (KNOWN, ""), (SIMILAR, "")]));
    for (confirm, done) in [("exact", true), ("context", false), ("none", false)] {
        let args = ["a.xlf", "--threshold", "60", "--confirm", confirm];
        let filled = pretranslate(&env, &args).stdout();
        let is_done = |n| unit(&filled, n).contains("state=\"translated\"");
        assert_eq!(
            (is_done(1), is_done(2)),
            (done, false),
            "{confirm}: {filled}"
        );
        assert!(unit(&filled, 2).contains("state=\"needs-review-translation\""));
    }
}

#[test]
fn targets_are_replaced_only_on_demand() {
    let env = with_news();
    let draft = "<target state=\"needs-translation\">مسودة</target>";
    let done = "<target state=\"final\">قديم</target>";
    env.write("a.xlf", xliff(&[(KNOWN, draft), (KNOWN, done)]));
    for (overwrite, replaced) in [
        ("none", [false, false]),
        ("unconfirmed", [true, false]),
        ("all", [true, true]),
    ] {
        let filled = pretranslate(&env, &["a.xlf", "--overwrite", overwrite]).stdout();
        let is_replaced = |n, old: &str| !unit(&filled, n).contains(old);
        assert_eq!(
            [is_replaced(0, "مسودة"), is_replaced(1, "قديم")],
            replaced,
            "{filled}"
        );
    }
}

#[test]
fn the_same_file_done_twice_is_filled_whole() {
    let env = with_news();
    let done = "<target state=\"final\">قديم</target>";
    env.write(
        "in/1-done.xlf",
        xliff(&[(NEW, done), (SIMILAR, done), (KNOWN, done)]),
    );
    env.write(
        "in/2-again.xlf",
        xliff(&[(NEW, ""), (SIMILAR, ""), (KNOWN, "")]),
    );
    pretranslate(
        &env,
        &["in", "-o", "out", "--repetitions", "--report", "r.json"],
    )
    .ends_with(0);
    let again = env.read("out/2-again.xlf");
    for number in 0..3 {
        let unit = unit(&again, number);
        assert!(
            unit.contains("state=\"translated\"") && unit.contains(">قديم</target>"),
            "{unit}"
        );
    }
    let file = &report(&env)["files"][1];
    assert_eq!(
        (&file["filled"]["segments"], &file["confirmed"]["segments"]),
        (&3.into(), &3.into())
    );
    // Without it the memory alone fills.
    pretranslate(&env, &["in", "-o", "plain", "--fill", "100"]).ends_with(0);
    assert!(!env.read("plain/2-again.xlf").contains("قديم"));
}

#[test]
fn folders_keep_their_structure_and_results_do_not_depend_on_threads() {
    let env = with_news();
    for n in 0..20 {
        env.write(
            &format!("in/{}/{n}.txt", n % 3),
            format!("{KNOWN} Segment {n}.\n"),
        );
    }
    env.write("in/photo.png", "no text");
    env.write("in/.hidden.txt", KNOWN);
    let mut reports = Vec::new();
    for (jobs, out) in [("1", "one"), ("7", "seven")] {
        let args = ["in", "-o", out, "--jobs", jobs, "--report", "r.json"];
        let said = pretranslate(&env, &args).stderr();
        assert!(said.contains("1 file of other kinds left alone"), "{said}");
        assert!(said.contains("signature: dhakira="), "{said}");
        reports.push(env.read("r.json").replace(&format!("{out}/"), "OUT/"));
        assert_eq!(names_in(&env.path(out)), ["0", "1", "2"]);
        assert_eq!(names_in(&env.path(out).join("0")).len(), 7);
        assert_eq!(
            env.read(&format!("{out}/1/4.txt")),
            format!("{KNOWN_AR} Segment 4.\n")
        );
    }
    assert_eq!(reports[0], reports[1]);
    let report = report(&env);
    let files = report["files"].as_array().unwrap();
    assert_eq!(files.len(), 20);
    assert_eq!(files[0]["document"], "in/0/0.txt");
    let sum: u64 = files
        .iter()
        .map(|f| f["total"]["segments"].as_u64().unwrap())
        .sum();
    assert_eq!(Some(sum), report["total"]["segments"].as_u64());
}

#[test]
fn in_place_keeps_what_was_there() {
    let env = with_news();
    env.write("a.txt", format!("{KNOWN}\n"));
    env.write("b.txt", format!("{NEW}\n"));
    pretranslate(
        &env,
        &["a.txt", "b.txt", "--in-place", "--report", "r.json"],
    )
    .ends_with(0);
    assert_eq!(env.read("a.txt"), format!("{KNOWN_AR}\n"));
    assert_eq!(env.read("a.txt.bak"), format!("{KNOWN}\n"));
    // Nothing was found for it, so it is not touched.
    assert!(!env.files().contains(&"b.txt.bak".to_owned()));
    let report = report(&env);
    assert!(
        report["files"][0]["backup"]
            .as_str()
            .unwrap()
            .ends_with("a.txt.bak")
    );
    assert_eq!(report["files"][1]["status"], "unchanged");
    env.write("a.txt", format!("{KNOWN} {NEW}\n"));
    pretranslate(&env, &["a.txt", "--in-place"]).ends_with(0);
    assert_eq!(env.read("a.txt.bak"), format!("{KNOWN}\n"));
    assert_eq!(env.read("a.txt.bak2"), format!("{KNOWN} {NEW}\n"));
    // What comes out as it was is left alone, though there are matches to offer for it.
    env.write("c.xlf", xliff(&[(KNOWN, ""), (SIMILAR, ""), (NEW, "")]));
    pretranslate(&env, &["c.xlf", "--in-place"]).ends_with(0);
    let filled = env.read("c.xlf");
    pretranslate(&env, &["c.xlf", "--in-place"]);
    assert_eq!(env.read("c.xlf"), filled);
    assert!(!env.files().contains(&"c.xlf.bak2".to_owned()));
    let said = pretranslate(&env, &["-", "--in-place"]).error();
    assert!(said.contains("stdin has no place"), "{said}");
}

#[test]
fn a_dry_run_writes_the_report_alone() {
    let env = with_news();
    env.write("in/a.txt", KNOWN);
    // The log of a memory that is read stays.
    let files = || {
        let mut files = env.files();
        files.retain(|name| !name.starts_with("m-"));
        files
    };
    let before = files();
    for place in [&["-o", "out"][..], &["--in-place"]] {
        let mut args = vec!["in", "--dry-run", "--report", "r.json"];
        args.extend(place);
        pretranslate(&env, &args).ends_with(0);
        std::fs::remove_file(env.path("r.json")).unwrap();
        assert_eq!(files(), before);
        assert_eq!(names_in(&env.path("in")), ["a.txt"]);
    }
}

#[test]
fn one_bad_file_does_not_keep_the_others_from_being_done() {
    let env = with_news();
    env.write("in/a.txt", KNOWN);
    env.write("in/b.txt", b"\xFF\xFF no text");
    env.write("in/c.xlf", "<xliff version=\"1.2\"><file>");
    env.write("in/e.txt", KNOWN);
    let done = pretranslate(
        &env,
        &["in", "missing.txt", "-o", "out", "--report", "r.json"],
    )
    .ends_with(2);
    for said in [
        "in/b.txt",
        "in/c.xlf",
        "missing.txt",
        "3 of 5 files could not be pre-translated",
    ] {
        assert!(done.stderr.contains(said), "{said}: {}", done.stderr);
    }
    assert_eq!(names_in(&env.path("out")), ["a.txt", "e.txt"]);
    let report = report(&env);
    let status: Vec<_> = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["status"].as_str().unwrap())
        .collect();
    assert_eq!(status, ["written", "failed", "failed", "written", "failed"]);
    assert!(
        report["files"][1]["error"]
            .as_str()
            .unwrap()
            .contains("in/b.txt")
    );
    assert_eq!(report["total"]["segments"], 2);
}

#[test]
fn files_of_other_languages_are_given_back_as_they_are() {
    let env = with_news();
    let done = "<target state=\"final\">fini</target>";
    let french = xliff(&[(NEW, done), (KNOWN, "")]).replace("\"ar\"", "\"fr\"");
    let english = xliff(&[(KNOWN, "")]).replace("\"ar\"", "\"en-GB\"");
    env.write("in/1.xlf", &french);
    env.write("in/2.xlf", &english);
    env.write("in/3.xlf", xliff(&[(NEW, ""), (KNOWN, "")]));
    let args = ["in", "-o", "out", "--repetitions", "--report", "r.json"];
    let said = pretranslate(&env, &args).stderr();
    for reason in [
        "in/1.xlf: nothing is filled, since its target language is `fr`",
        "in/2.xlf: nothing is filled, since its source and its target are both `en`",
    ] {
        assert!(said.contains(reason), "{said}");
    }
    assert_eq!(env.read("out/1.xlf"), french);
    assert_eq!(env.read("out/2.xlf"), english);
    // What is translated into another language is no repetition.
    assert!(!env.read("out/3.xlf").contains("fini"));
    let report = report(&env);
    assert_eq!(report["files"][0]["status"], "unchanged");
    assert_eq!(report["locked"]["segments"], 3);
    pretranslate(&env, &["in/1.xlf"]).ends_with(1);
}

#[test]
fn an_output_is_never_an_input_and_never_written_twice() {
    let env = with_news();
    env.write("in/a.txt", KNOWN);
    env.write("other/a.txt", KNOWN);
    for (args, reason) in [
        (&["in", "-o", "in"][..], "is an input as well"),
        (&["in/a.txt", "-o", "./in/a.txt"], "is an input as well"),
        (&["in/a.txt", "-o", "in"], "is an input as well"),
        (&["in", "other", "-o", "out"], "the same file"),
        (&["in", "other"], "several files can't go to stdout"),
        (&["in/a.txt", "-o", "m"], "is an input as well"),
        (
            &["in", "-o", "out", "--report", "in/a.txt"],
            "is an input as well",
        ),
    ] {
        let said = pretranslate(&env, args).error();
        assert!(said.contains(reason), "{args:?}: {said}");
    }
    assert_eq!(env.read("in/a.txt"), KNOWN);
}

#[test]
fn a_folder_in_the_folder_that_is_read_can_take_the_output() {
    let env = with_news();
    env.write("in/a.txt", KNOWN);
    for _ in 0..2 {
        pretranslate(&env, &["in", "-o", "in/out"]).ends_with(0);
        assert_eq!(names_in(&env.path("in/out")), ["a.txt"]);
    }
}

#[test]
fn the_format_can_be_named() {
    let env = with_news();
    env.write("a.strange", xliff(&[(KNOWN, "")]));
    let filled = pretranslate(&env, &["a.strange", "--format", "xliff"]).stdout();
    assert!(filled.contains(KNOWN_AR));
    env.write("a.bin", b"\0\x01\x02");
    let said = pretranslate(&env, &["a.bin"]).error();
    assert!(said.contains("can't tell what `a.bin` is"), "{said}");
}

#[test]
fn a_signature_tells_runs_apart() {
    let env = with_news();
    env.write("a.txt", KNOWN);
    let signature = |more: &[&str]| {
        let mut args = vec!["a.txt", "-o", "b.txt", "--report", "r.json"];
        args.extend(more);
        pretranslate(&env, &args).ends_with(0);
        report(&env)["signature"].as_str().unwrap().to_owned()
    };
    let first = signature(&[]);
    assert_eq!(signature(&[]), first);
    assert_ne!(signature(&["--confirm", "none"]), first);
    env.run(&["--memory", "m", "add", "نعم", "yes"])
        .ends_with(0);
    assert_ne!(signature(&[]), first);
}

#[test]
fn the_empty_memory_changes_nothing() {
    let env = with_news();
    env.run(&["--memory", "empty", "add", "ظ", "z"])
        .ends_with(0);
    let file = xliff(&[(KNOWN, ""), (NEW, "<target/>")]);
    env.write("a.xlf", &file);
    let out = env
        .run(&["--memory", "empty", "pretranslate", "a.xlf"])
        .ends_with(1);
    assert_eq!(out.stdout, file);
}
