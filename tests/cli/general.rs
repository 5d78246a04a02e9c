//! What holds for every command.

use super::{TestEnv, with_news};

#[test]
fn wrong_arguments_are_the_users_error() {
    let env = TestEnv::new();
    for args in [
        &["no-such-command"][..],
        &["lookup", "--threshold", "0", "x"],
        &["lookup", "--threshold", "101", "x"],
        &["lookup", "--limit", "0", "x"],
        &["import"],
        &["import", "--columns", "ar,fr", "x.tsv"],
        &["align"],
        &["sessions", "undo"],
        &["--color", "sometimes", "stats"],
    ] {
        let said = env.run(args).error();
        assert!(said.contains("--help"), "{args:?}: {said}");
    }
}

#[test]
fn without_arguments_the_help_is_shown() {
    let env = TestEnv::new();
    let none: [&str; 0] = [];
    let said = env.run(&none).error();
    assert!(said.contains("Usage: dhakira"), "{said}");
    assert!(env.run(&["--help"]).stdout().contains("Exit codes: 0 done"));
    assert!(env.run(&["--version"]).stdout().starts_with("dhakira "));
}

#[test]
fn a_missing_memory_is_named_with_a_way_out() {
    let env = TestEnv::new();
    let said = env.run(&["--memory", "none", "stats"]).error();
    assert_eq!(
        said,
        "error: there is no memory at `none`\n\
         hint: fill one with `dhakira import FILE` or `dhakira align AR EN`\n\
         hint: see how it works with `dhakira demo`\n"
    );
    assert!(env.files().is_empty());
}

#[test]
fn the_memory_is_told_by_option_then_variable_then_default() {
    let env = TestEnv::new();
    let default = env.path("data").join("dhakira/memory.dhakira");
    let add = ["add", "نعم", "yes"];
    env.command(&add)
        .env("DHAKIRA_MEMORY", "")
        .status()
        .unwrap();
    assert!(default.exists());
    env.command(&add)
        .env("DHAKIRA_MEMORY", "variable")
        .status()
        .unwrap();
    assert!(env.path("variable").exists());
    let option = ["--memory", "option", "add", "نعم", "yes"];
    env.command(&option)
        .env("DHAKIRA_MEMORY", "other")
        .status()
        .unwrap();
    assert!(env.path("option").exists() && !env.path("other").exists());
}

#[test]
fn an_empty_data_home_counts_as_unset() {
    let env = TestEnv::new();
    env.command(&["add", "نعم", "yes"])
        .env("XDG_DATA_HOME", "")
        .status()
        .unwrap();
    assert!(
        env.path("home/.local/share/dhakira/memory.dhakira")
            .exists()
    );
}

#[test]
fn what_is_no_memory_is_refused() {
    let env = TestEnv::new();
    env.write(
        "text",
        "this is no memory, though it is long enough to be one\n".repeat(100),
    );
    env.write("folder/x", "");
    for name in ["text", "folder"] {
        for command in [&["stats"][..], &["add", "نعم", "yes"]] {
            let args = [&["--memory", name], command].concat();
            let said = env.run(&args).error();
            assert!(said.starts_with("error: ") && said.contains(name), "{said}");
        }
    }
    assert!(env.read("text").starts_with("this is no memory"));
}

#[test]
fn a_memory_in_no_folder_is_refused() {
    let env = TestEnv::new();
    let said = env
        .run(&["--memory", "no/such/m", "add", "نعم", "yes"])
        .error();
    assert!(
        said.starts_with("error: there is no folder `no/such` for the memory\nhint: "),
        "{said}"
    );
}

#[test]
fn quiet_leaves_errors_alone() {
    let env = with_news();
    let said = env
        .run(&["--memory", "m", "--quiet", "import", "none.tsv"])
        .ends_with(2)
        .stderr;
    assert!(said.starts_with("error: "), "{said}");
    let args = [
        "-q",
        "--memory",
        "m",
        "import",
        "--columns",
        "doc,index,ar,en",
        "news.tsv",
    ];
    assert_eq!(env.run(&args).stderr(), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_a_closed_pipe_is_none() {
    use std::fs::File;
    use std::process::Stdio;

    let env = with_news();
    let full = || File::options().write(true).open("/dev/full").unwrap();
    for args in [
        &["export"][..],
        &["lookup", "--format", "jsonl", "نعم"],
        &["man"],
        &["completions", "bash"],
    ] {
        let args: Vec<_> = ["--memory", "m"].iter().chain(args).collect();
        let output = env.command(&args).stdout(full()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains("No space left"), "{args:?}: {said}");

        let mut child = env.command(&args).stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {said}");
        assert!(!said.contains("error"), "{args:?}: {said}");
    }
}
