//! Completion scripts and manual pages.

use super::{TestEnv, names_in};

#[test]
fn shells_get_their_completions() {
    let env = TestEnv::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = env.run(&["completions", shell]).stdout();
        assert!(script.contains("pretranslate"), "{shell}");
    }
    env.run(&["completions", "tcsh"]).ends_with(2);
}

#[test]
fn every_command_has_a_manual_page() {
    let env = TestEnv::new();
    assert!(env.run(&["man"]).stdout().contains(".TH dhakira 1"));
    env.run(&["man", "--dir", "man/man1"]).ends_with(0);
    let pages = names_in(&env.path("man/man1"));
    for page in ["dhakira.1", "dhakira-lookup.1", "dhakira-sessions-undo.1"] {
        assert!(pages.iter().any(|name| name == page), "{page}: {pages:?}");
    }
}
