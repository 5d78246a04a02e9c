use serde_json::json;

use super::{TestEnv, with_news};

fn concordance(env: &TestEnv, args: &[&str]) -> super::Finished {
    let all: Vec<_> = ["--memory", "m", "concordance"]
        .iter()
        .chain(args)
        .collect();
    env.run(&all)
}

#[test]
fn a_phrase_is_marked_in_its_units() {
    let env = with_news();
    assert_eq!(
        concordance(&env, &["حفل"]).stdout(),
        "(unit 5, news)\n  ar  وانتهى [[الحفل]] مساء.\n  en  The ceremony ended in the evening.\n\n\
         (unit 2, news)\n  ar  وحضر [[الحفل]] 120 طالبا.\n  en  The ceremony was attended by 120 students.\n"
    );
}

#[test]
fn spelling_does_not_count() {
    let env = with_news();
    for phrase in ["وقال الوزير ان", "وَقالَ الوزيـــر أنّ", "THE MINISTER SAID"]
    {
        let out = concordance(&env, &[phrase, "--format", "jsonl"]).ends_with(0);
        assert_eq!(out.json_lines()[0]["unit"], 3, "{phrase}");
    }
}

#[test]
fn json_spans_are_bytes_of_their_side() {
    let env = with_news();
    let out = concordance(&env, &["students", "--format", "jsonl"]).ends_with(0);
    let hit = &out.json_lines()[0];
    assert_eq!((&hit["v"], &hit["side"]), (&json!(1), &json!("en")));
    let span = &hit["spans"][0];
    let (from, to) = (
        span[0].as_u64().unwrap() as usize,
        span[1].as_u64().unwrap() as usize,
    );
    assert_eq!(&hit["en"].as_str().unwrap()[from..to], "students");
}

#[test]
fn the_limit_is_said_and_the_side_obeyed() {
    let env = with_news();
    let out = concordance(&env, &["حفل", "--limit", "1", "--format", "tsv"]).ends_with(0);
    assert_eq!(out.stdout.lines().count(), 1);
    assert!(out.stderr.contains("--limit"), "{}", out.stderr);
    concordance(&env, &["حفل", "--side", "en"]).ends_with(1);
}

#[test]
fn words_are_whole_unless_asked() {
    let env = with_news();
    let out = concordance(&env, &["eremon"]).ends_with(1);
    assert_eq!(out.stdout, "");
    assert_eq!(out.stderr, "no unit holds the phrase\n");
    concordance(&env, &["eremon", "--substring"]).ends_with(0);
    assert!(concordance(&env, &[" "]).error().contains("blank"));
}
