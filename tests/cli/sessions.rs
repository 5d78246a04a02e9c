use super::{units, with_news};

#[test]
fn sessions_are_listed_and_undone_once() {
    let env = with_news();
    env.run(&["--memory", "m", "add", "نعم", "yes"])
        .ends_with(0);
    let list = env.run(&["--memory", "m", "sessions"]).stdout();
    assert!(
        list.contains("  import news.tsv, by tester\n      5 added, "),
        "{list}"
    );
    assert!(list.contains("  add, by tester\n      1 added, "), "{list}");

    let dry = env
        .run(&["--memory", "m", "sessions", "undo", "1", "--dry-run"])
        .stderr();
    assert!(dry.contains("5 units and 5 occurrences"), "{dry}");
    assert_eq!(units(&env), 6);

    let done = env
        .run(&["--memory", "m", "sessions", "undo", "1"])
        .stderr();
    assert!(
        done.contains("undid session 1: 5 units and 5 occurrences"),
        "{done}"
    );
    assert_eq!(units(&env), 1);

    let said = env.run(&["--memory", "m", "sessions", "undo", "1"]).error();
    assert!(said.contains("was undone at "), "{said}");
    let json = env
        .run(&["--memory", "m", "sessions", "--format", "jsonl"])
        .ends_with(0);
    let sessions = json.json_lines();
    assert!(sessions[0]["undone"].is_string() && sessions[1]["undone"].is_null());
    assert_eq!(sessions[1]["counts"]["added"], 1);
}

#[test]
fn a_session_that_is_not_there_is_an_error() {
    let env = with_news();
    let said = env.run(&["--memory", "m", "sessions", "undo", "9"]).error();
    assert_eq!(
        said,
        "error: there is no session 9\nhint: list them with `dhakira sessions`\n"
    );
    env.run(&["--memory", "none", "sessions", "undo", "1"])
        .ends_with(2);
    assert!(!env.path("none").exists());
}
