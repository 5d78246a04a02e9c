use super::with_news;

#[test]
fn people_and_scripts_get_the_same_figures() {
    let env = with_news();
    let out = env.run(&["--memory", "m", "stats"]).stdout();
    for line in [
        "memory       m\n",
        "units        5\n",
        "documents    1\n",
        "sessions     1\n",
    ] {
        assert!(out.contains(line), "{out}");
    }
    let json = env
        .run(&["--memory", "m", "stats", "--format", "json"])
        .ends_with(0);
    let stats = &json.json_lines()[0];
    assert_eq!(stats["v"], 1);
    assert_eq!(
        (stats["units"].as_u64(), stats["occurrences"].as_u64()),
        (Some(5), Some(5))
    );
    assert_eq!(stats["memory"], "m");
    assert!(stats["words"]["ar"].as_u64() > Some(15));
}

#[test]
fn the_default_memory_is_named() {
    let env = super::TestEnv::new();
    env.run(&["add", "نعم", "yes"]).ends_with(0);
    let out = env.run(&["stats"]).stdout();
    assert!(out.contains("/data/dhakira/memory.dhakira\n"), "{out}");
}
