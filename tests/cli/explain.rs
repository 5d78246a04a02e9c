//! Penalties and `lookup --explain`.

use serde_json::{Value, json};

use super::{TestEnv, with_news};

fn lookup(env: &TestEnv, args: &[&str]) -> super::Finished {
    let all: Vec<_> = ["--memory", "m", "lookup"].iter().chain(args).collect();
    env.run(&all)
}

fn first(env: &TestEnv, args: &[&str]) -> Value {
    let all: Vec<_> = ["--format", "jsonl"].iter().chain(args).copied().collect();
    lookup(env, &all).ends_with(0).json_lines()[0]["matches"][0].clone()
}

/// In hundredths of a point.
fn hundredths(points: &Value) -> i64 {
    (points.as_f64().unwrap() * 100.0).round() as i64
}

#[test]
fn a_levelled_spelling_can_cost_points_and_stays_orthographic() {
    let env = with_news();
    let query = "وقال الوزير ان العمل مستمر.";
    env.write(".dhakira.toml", "penalties.levelled.tashkeel = 1.5\n");
    let found = first(&env, &[query]);
    assert_eq!(found["kind"], "orthographic");
    assert_eq!(found["score"], 97.5);
    assert_eq!(
        found["penalties"],
        json!([{"cause": "levelled.tashkeel", "points": 1.5}])
    );
    let shown = lookup(&env, &[query]).stdout();
    assert!(
        shown.contains("  1. 97.5 orthographic (unit 3, news); differs in tashkeel, hamza; -1.5 differs in tashkeel\n"),
        "{shown}"
    );
}

#[test]
fn a_document_can_be_preferred() {
    let env = with_news();
    let query = "وشكر المدير الحاضرين.";
    let scores = |args: &[&str]| {
        let found = first(&env, &[args, &[query]].concat());
        (found["kind"].clone(), found["score"].clone())
    };
    assert_eq!(scores(&[]), (json!("exact"), json!(100.0)));
    assert_eq!(
        scores(&["--prefer-document", "ne*"]),
        (json!("exact"), json!(100.0))
    );
    assert_eq!(
        scores(&["--prefer-document", "law"]),
        (json!("exact"), json!(99.0))
    );
    env.write(
        ".dhakira.toml",
        "[penalties]\nother_document = 3\nprefer_document = \"law*\"\n",
    );
    assert_eq!(scores(&[]), (json!("exact"), json!(97.0)));
}

#[test]
fn several_translations_are_counted_in_the_whole_memory() {
    let env = with_news();
    let query = "وشكر المدير الحاضرين.";
    let add = env.run(&["--memory", "m", "add", "وشكر المدير الحاضرين", "x"]);
    add.ends_with(0);
    env.write(".dhakira.toml", "penalties.several_translations = 2\n");
    let score = || first(&env, &["--limit", "1", query])["score"].clone();
    // Without its stop it is another segment.
    assert_eq!(score(), 100.0);
    let spelled_differently = [
        "--memory",
        "m",
        "add",
        "وَشكر المدير الحاضرين.",
        "The director thanked all.",
    ];
    env.run(&spelled_differently).ends_with(0);
    assert_eq!(score(), 98.0);
}

#[test]
fn the_numbers_of_an_explanation_add_up() {
    let env = with_news();
    env.write(
        ".dhakira.toml",
        "[penalties]\nage = 1\nolder_than_days = 0\nother_document = 2\n",
    );
    for query in [
        "وشكر المدير الحاضرين.",
        "وقال الوزير ان العمل مستمر.",
        "وحضر الحفل 150 طالبا.",
        "افتتح المدير المدرسة في القرية الجديدة.",
    ] {
        let found = first(&env, &["--explain", "--prefer-document", "x", query]);
        let explain = &found["explain"];
        let off: i64 = explain["deductions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| hundredths(&d["points"]))
            .sum();
        assert_eq!(
            hundredths(&explain["similarity"]) - off,
            hundredths(&found["score"]),
            "{explain}"
        );
        let last = explain["deductions"].as_array().unwrap().last().unwrap();
        assert_eq!(
            last,
            &json!({"reason": "penalty", "points": 2.0, "cause": "other_document"})
        );
    }
    assert_eq!(first(&env, &["وشكر المدير الحاضرين."]).get("explain"), None);
}

#[test]
fn a_translation_that_like_segments_do_not_bear_out_costs_points_that_are_told() {
    let env = with_news();
    let steady = [
        ("أغلق النافذة الكبيرة", "Close the big window"),
        ("أغلق النافذة الصغيرة", "Close the small window"),
        ("أغلق النافذة المفتوحة", "Mind the draught"),
    ];
    for (ar, en) in steady {
        env.run(&["--memory", "m", "add", ar, en]).ends_with(0);
    }
    let query = "أغلق النافذة الزرقاء";
    let args = ["--explain", "--threshold", "30", query];
    let all: Vec<_> = ["--format", "jsonl"].iter().chain(&args).copied().collect();
    let found = lookup(&env, &all).ends_with(0).json_lines()[0]["matches"].clone();
    let unconfirmed = |source: &str| {
        let matches = found.as_array().unwrap();
        let matched = matches.iter().find(|m| m["source"] == source).unwrap();
        let deductions = matched["explain"]["deductions"].as_array().unwrap();
        let unconfirmed = deductions.iter().find(|d| d["reason"] == "unconfirmed");
        unconfirmed.map_or(0, |d| hundredths(&d["points"]))
    };
    let [big, small, free] = steady.map(|(ar, _)| unconfirmed(ar));
    assert!(big < free && small < free, "{big} {small} {free}");
    let shown = lookup(&env, &args).stdout();
    let told = "no translations of like segments bear its translation out";
    assert!(shown.contains(told), "{shown}");
    let by_score = lookup(&env, &[&["--rank", "score"][..], &args].concat()).stdout();
    assert!(!by_score.contains(told), "{by_score}");
}

#[test]
fn people_see_the_sum_and_the_words() {
    let env = with_news();
    let query = "وحضر الاحتفال 150 طالبا.";
    let args = [
        "--explain",
        "--threshold",
        "50",
        "--prefer-document",
        "law",
        query,
    ];
    let shown = lookup(&env, &args).stdout();
    let explained: Vec<&str> = shown
        .lines()
        .skip_while(|line| !line.starts_with("     score "))
        .collect();
    assert!(
        explained[0].contains("letter triples shared, of "),
        "{shown}"
    );
    assert!(
        explained
            .iter()
            .any(|line| line.trim_start().starts_with("= ")),
        "{shown}"
    );
    assert!(
        explained.last().unwrap().starts_with(
            "     words   3 the same; changed: [-الحفل-] {+الاحتفال+}, [-120-] {+150+}"
        ),
        "{shown}"
    );
    let said = lookup(&env, &["--explain", "--format", "tsv", query]).error();
    assert!(said.starts_with("error: tsv has no place"), "{said}");
}

#[test]
fn a_preference_that_is_switched_off_is_noticed() {
    let env = with_news();
    env.write(".dhakira.toml", "penalties.other_document = 0\n");
    let args = ["--prefer-document", "law", "وشكر المدير الحاضرين."];
    let said = lookup(&env, &args).stderr();
    assert!(
        said.starts_with("warning: --prefer-document changes nothing"),
        "{said}"
    );
}
