use serde_json::{Value, json};

use super::{TestEnv, with_news};

/// A setting as `dhakira config` has it: value, layer, place.
fn setting(env: &TestEnv, variables: &[(&str, &str)], key: &str) -> (Value, String, String) {
    let output = env
        .command(&["--memory", "m", "config", "--format", "json"])
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let record: Value = serde_json::from_slice(&output.stdout).unwrap();
    let settings = record["settings"].as_array().unwrap();
    let found = settings.iter().find(|s| s["key"] == key).unwrap();
    let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    (found["value"].clone(), text("from"), text("place"))
}

#[test]
fn each_layer_comes_before_the_next() {
    let env = TestEnv::new();
    let limit = |variables: &[(&str, &str)]| setting(&env, variables, "lookup.limit");
    assert_eq!(limit(&[]), (json!(5), "default".into(), String::new()));
    env.write(
        "config/dhakira/config.toml",
        "[lookup]\nlimit = 2\nthreshold = 80\n",
    );
    let user = env.path("config/dhakira/config.toml").display().to_string();
    assert_eq!(limit(&[]), (json!(2), "user".into(), user.clone()));
    env.write(".dhakira.toml", "lookup.limit = 3\n");
    let (value, from, place) = limit(&[]);
    assert_eq!((value, from.as_str()), (json!(3), "project"));
    assert!(place.ends_with(".dhakira.toml"), "{place}");
    assert_eq!(
        limit(&[("DHAKIRA_LOOKUP_LIMIT", "4")]),
        (json!(4), "variable".into(), "DHAKIRA_LOOKUP_LIMIT".into())
    );
    // What a nearer file does not name stands.
    assert_eq!(
        setting(&env, &[], "lookup.threshold"),
        (json!(80), "user".into(), user)
    );
    assert_eq!(
        setting(&env, &[("DHAKIRA_MEMORY", "other")], "memory"),
        (json!("m"), "option".into(), "--memory".into())
    );
}

#[test]
fn settings_are_what_commands_do() {
    let env = with_news();
    let shown = |args: &[&str]| {
        let all: Vec<_> = ["--memory", "m", "lookup", "--format", "tsv"]
            .iter()
            .chain(args)
            .copied()
            .chain(["افتتح المدير المدرسة الجديدة في القرية."])
            .collect();
        env.run(&all).stdout.lines().count()
    };
    assert_eq!(shown(&[]), 1);
    env.write(".dhakira.toml", "[lookup]\nthreshold = 99\n");
    assert_eq!((shown(&[]), shown(&["--threshold", "70"])), (0, 1));
}

#[test]
fn a_project_file_above_names_a_memory_beside_it() {
    let env = with_news();
    env.write(".dhakira.toml", "memory = \"m\"\n");
    env.write("inner/x", "");
    let output = env
        .command(&["stats", "--format", "json"])
        .current_dir(env.path("inner"))
        .output()
        .unwrap();
    let stats: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(stats["units"], 5);
    let mut command = env.command(&["stats"]);
    let output = command.env("DHAKIRA_MEMORY", "none").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn semicolons_end_segments_where_that_is_configured() {
    let env = with_news();
    let text = "وشكر المدير الحاضرين؛ وانتهى الحفل مساء.";
    let args = [
        "--memory",
        "m",
        "lookup",
        "--segment",
        "--format",
        "jsonl",
        text,
    ];
    let count = || env.run(&args).json_lines().len();
    assert_eq!(count(), 1);
    env.write(".dhakira.toml", "segmentation.semicolon_ends = true\n");
    assert_eq!(count(), 2);
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let env = TestEnv::new();
    for (file, named) in [
        ("[penalties]\nunread = 2\n", "line 2: unknown key `unread`"),
        ("\n\nthreshhold = 2\n", "line 3: unknown key `threshhold`"),
        ("[penalties.levelled]\nhamzah = 1\n", "unknown key `hamzah`"),
        ("lookup.threshold = 101\n", "101 is no score from 1 to 100"),
        ("penalties.age = \"much\"\n", "line 1: "),
        ("[lookup\n", "line 1: "),
    ] {
        env.write(".dhakira.toml", file);
        let said = env.run(&["config"]).error();
        assert!(said.contains(".dhakira.toml`"), "{said}");
        assert!(said.contains(named), "{said}");
    }
    // A shell that completes goes on.
    assert!(!env.run(&["completions", "bash"]).stdout().is_empty());
}

#[test]
fn what_is_printed_is_a_file_that_says_the_same() {
    let env = TestEnv::new();
    env.write(".dhakira.toml", "[penalties]\nunreviewed = 2\nage = 0.5\n");
    let bare = |text: String| -> Vec<String> {
        let line = |line: &str| line.split("  # ").next().unwrap_or_default().to_owned();
        text.lines().map(line).collect()
    };
    let printed = env.run(&["config"]).stdout();
    assert!(
        printed.contains("penalties.unreviewed = 2  # "),
        "{printed}"
    );
    assert!(printed.contains("penalties.age = 0.5  # "), "{printed}");
    env.write(".dhakira.toml", &printed);
    assert_eq!(bare(env.run(&["config"]).stdout()), bare(printed));
}

#[cfg(target_os = "linux")]
#[test]
fn a_memory_may_have_any_name() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let env = with_news();
    let name = OsStr::from_bytes(b"m\xFF");
    std::fs::copy(env.path("m"), env.path("").join(name)).unwrap();
    let mut command = env.command(&["stats"]);
    let output = command.env("DHAKIRA_MEMORY", name).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}
