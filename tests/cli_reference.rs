//! The help of every command as a snapshot: what users are told changes only on purpose.

use insta::Settings;

use super::common::TestEnv;

const COMMANDS: [&[&str]; 21] = [
    &[],
    &["align"],
    &["import"],
    &["add"],
    &["export"],
    &["lookup"],
    &["concordance"],
    &["pretranslate"],
    &["term"],
    &["term", "import"],
    &["term", "add"],
    &["term", "list"],
    &["term", "export"],
    &["term", "remove"],
    &["stats"],
    &["sessions"],
    &["sessions", "undo"],
    &["config"],
    &["demo"],
    &["completions"],
    &["man"],
];

#[test]
fn help_is_as_reviewed() {
    let env = TestEnv::new();
    let mut reference = String::new();
    for command in COMMANDS {
        let mut args = command.to_vec();
        args.push("--help");
        let help = env.run(&args).stdout();
        reference.push_str(&format!("## dhakira {}\n\n{help}\n", command.join(" ")));
    }
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("data");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!("cli-reference", reference));
}
