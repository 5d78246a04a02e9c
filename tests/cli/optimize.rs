use super::with_news;

#[test]
fn people_and_scripts_are_told_what_has_changed() {
    let env = with_news();
    let run = env.run(&["--memory", "m", "optimize", "--format", "json"]);
    let run = run.ends_with(0);
    let record = &run.json_lines()[0];
    assert_eq!(record["v"], 1);
    assert_eq!(record["before"]["waiting"], 5);
    assert_eq!(record["after"]["waiting"], 0);
    assert_eq!(record["after"]["runs"], 2);
    let out = env.run(&["--memory", "m", "optimize"]).stdout();
    assert!(
        out.contains("index runs              2            2\n"),
        "{out}"
    );
}

#[test]
fn there_has_to_be_a_memory() {
    let env = with_news();
    env.run(&["--memory", "none", "optimize"]).ends_with(2);
    assert!(!env.path("none").exists());
}
