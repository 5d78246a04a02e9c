use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use super::{Finished, TestEnv};

const AR: &str = "افتتح الوزير 12 مدرسة في القاهرة.\nوحضر الحفل 120 طالبا.\nوغنى الأطفال أغنية.\nوانتهى الحفل مساء.\n";
const EN: &str = "The minister opened 12 schools in Cairo.\nThe ceremony was attended by 120 students.\n\
                  The children sang a song.\nThe ceremony ended in the evening.\n";

fn with_pair() -> TestEnv {
    let env = TestEnv::new();
    env.write("news.ar.txt", AR);
    env.write("news.en.txt", EN);
    env
}

/// A review of all beads, driven by `keys`.
fn review(env: &TestEnv, keys: &str, more: &[&str]) -> Finished {
    let mut args = vec!["--memory", "m", "align", "--review", "--below", "1"];
    args.extend(["--sentences", "news.ar.txt", "news.en.txt"]);
    args.extend(more);
    env.run_with_input(&args, keys.as_bytes())
}

fn align(env: &TestEnv) -> String {
    let args = [
        "--memory",
        "m",
        "align",
        "--sentences",
        "news.ar.txt",
        "news.en.txt",
    ];
    env.run(&args).stderr()
}

/// Position, state, confidence and English of the units.
fn units(env: &TestEnv) -> Vec<String> {
    let args = [
        "--memory",
        "m",
        "export",
        "--columns",
        "index,state,confidence,en,ar",
    ];
    let out = env.run(&args).stdout();
    out.lines()
        .map(|line| {
            let fields: Vec<_> = line.split('\t').take(4).collect();
            fields.join(" ")
        })
        .collect()
}

#[test]
fn decisions_are_made_line_by_line_and_become_units() {
    let env = with_pair();
    // Merges the first two beads and takes that back, accepts the first, drops the second, leaves.
    let finished = review(&env, "m\nu\na\nd\nq\n", &[]).ends_with(0);
    assert_eq!(finished.stdout, "");
    let said = finished.stderr;
    assert!(said.contains("> 2-2 edited"), "{said}");
    assert!(said.contains("news · bead 3 of 4 · confidence"), "{said}");
    assert!(
        said.contains("review: 1 confirmed, 1 dropped, 2 doubtful left\n"),
        "{said}"
    );
    let units = units(&env);
    assert_eq!(units.len(), 3);
    assert_eq!(
        units[0],
        "0 translated 1.000 The minister opened 12 schools in Cairo."
    );
    assert!(units[1].starts_with("2 initial 0."), "{units:?}");
}

#[test]
fn the_screen_lists_the_keys_and_bad_lines_are_explained() {
    let env = with_pair();
    let said = review(&env, "nonsense\nu\ns\ns 5 5\n\n", &[]).stderr();
    assert!(
        said.contains("a  accept, next          d  drop, next"),
        "{said}"
    );
    assert!(
        said.contains("`nonsense` is no key here; ? lists them\n"),
        "{said}"
    );
    assert!(said.contains("there is nothing to undo\n"), "{said}");
    assert!(said.contains("would be left with nothing\n"), "{said}");
}

#[test]
fn a_review_goes_on_where_it_was_left_and_aligning_keeps_to_it() {
    let env = with_pair();
    review(&env, "a\na\nq\n", &[]).ends_with(0);
    let said = review(&env, "d\n", &[]).stderr();
    assert!(said.contains("bead 3 of 4"), "{said}");
    assert!(!said.contains("bead 2 of 4"), "{said}");
    assert!(
        said.contains("news: 2 units unchanged, 0 added, 0 changed, 1 gone\n")
            || said.contains("news: 3 units unchanged, 0 added, 0 changed, 1 gone\n"),
        "{said}"
    );
    // Without a review too: what was dropped stays out, what was accepted stays accepted.
    align(&env);
    let units = units(&env);
    assert_eq!(units.len(), 3);
    assert!(units[1].starts_with("1 translated 1.000"), "{units:?}");
    assert!(units[2].starts_with("3 initial"), "{units:?}");
}

#[test]
fn what_was_decided_can_be_decided_anew() {
    let env = with_pair();
    review(&env, "a\na\na\nd\n", &[]).ends_with(0);
    assert_eq!(units(&env).len(), 3);
    let said = review(&env, "b\na\n", &[]).stderr();
    assert!(said.contains("the end: nothing doubtful is left"), "{said}");
    assert!(said.contains("news · bead 4 of 4 · dropped"), "{said}");
    assert_eq!(units(&env).len(), 4);
}

#[test]
fn a_later_run_takes_decisions_back_and_the_units_follow() {
    let env = with_pair();
    let first = units_after(&env, "q\n");
    // Accepts the first, merges the next two and drops them; a plain alignment in between.
    assert_eq!(units_after(&env, "a\nm\nd\nq\n").len(), 2);
    align(&env);
    let finished = review(&env, "u\nq\n", &[]).ends_with(0);
    let said = finished.stderr;
    assert!(said.contains("> 2-2 edited"), "{said}");
    assert!(said.contains("review: 1 confirmed, 0 dropped"), "{said}");
    let said = review(&env, "u\nu\nu\nq\n", &[]).stderr();
    assert!(said.contains("there is nothing to undo\n"), "{said}");
    assert!(said.contains("review: 0 confirmed, 0 dropped"), "{said}");
    assert!(said.contains("unchanged (1 confirmed no longer)"), "{said}");
    assert_eq!(units(&env), first);
    // Nothing is left of the decisions.
    assert!(align(&env).contains("4 units read: 0 added"), "{said}");
}

/// The units once a review has been driven by `keys`.
fn units_after(env: &TestEnv, keys: &str) -> Vec<String> {
    review(env, keys, &[]).ends_with(0);
    units(env)
}

#[cfg(unix)]
#[test]
fn a_killed_review_has_lost_nothing() {
    let env = with_pair();
    let args = [
        "--memory",
        "m",
        "align",
        "--review",
        "--below",
        "1",
        "--sentences",
    ];
    let args = [&args[..], &["news.ar.txt", "news.en.txt"]].concat();
    let mut child = env.command(&args).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"a\nd\n").unwrap();
    stdin.flush().unwrap();
    // The third bead is at hand once both decisions are kept.
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("bead 3 of 4")));
    child.kill().unwrap();
    child.wait().unwrap();
    let said = review(&env, "q\n", &[]).stderr();
    assert!(
        said.contains("review: 1 confirmed, 1 dropped, 2 doubtful left\n"),
        "{said}"
    );
}

#[test]
fn decisions_survive_a_change_elsewhere_in_the_document() {
    let env = with_pair();
    review(&env, "a\nd\nm\na\nq\n", &[]).ends_with(0);
    assert_eq!(units(&env).len(), 2);
    env.write("news.ar.txt", format!("عنوان الخبر 7.\n{AR}"));
    env.write("news.en.txt", format!("News headline 7.\n{EN}"));
    let said = align(&env);
    assert!(
        said.contains("news: 2 units unchanged, 1 added, 0 changed, 0 gone\n"),
        "{said}"
    );
    let units = units(&env);
    assert!(units[0].starts_with("0 initial"), "{units:?}");
    assert!(
        units[1].starts_with("1 translated 1.000 The minister"),
        "{units:?}"
    );
    assert!(
        units[2].ends_with("The children sang a song. The ceremony ended in the evening."),
        "what was merged by hand stays merged: {units:?}"
    );
}

#[test]
fn a_review_can_write_its_beads() {
    let env = with_pair();
    let finished = review(&env, "d\na\n", &["--format", "jsonl"]).ends_with(0);
    let units = finished.json_lines();
    assert_eq!(units.len(), 3);
    assert_eq!(units[0]["state"], "translated");
    assert_eq!(units[0]["confidence"], 1.0);
    let page = review(&env, "", &["--format", "html"]).stdout();
    assert!(page.contains("class=\"bead confirmed\"") && page.contains("class=\"bead dropped\""));
}

#[test]
fn nothing_doubtful_needs_no_review() {
    let env = with_pair();
    let args = ["--memory", "m", "align", "--review", "--below", "0"];
    let args = [&args[..], &["news.ar.txt", "news.en.txt"]].concat();
    let said = env.run(&args).stderr();
    assert!(
        said.starts_with("no bead below 0.000 is left to review\n"),
        "{said}"
    );
    let args = [
        "--memory",
        "m",
        "align",
        "--below",
        "0.5",
        "news.ar.txt",
        "news.en.txt",
    ];
    env.run(&args).ends_with(2);
}
