//! Ctrl-C in the middle of work.

#![cfg(unix)]

use std::io::Write;
use std::process::{Command, Stdio};

use super::{Finished, TestEnv, units};

#[test]
fn an_interrupted_import_leaves_the_memory_as_it_was() {
    let env = TestEnv::new();
    env.run(&["--memory", "m", "add", "نعم", "yes"])
        .ends_with(0);
    let args = ["--memory", "m", "import", "--rejects", "bad", "-"];
    let mut child = env.command(&args).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for i in 0..20_000 {
        writeln!(stdin, "الجملة رقم {i}\tSentence number {i}").unwrap();
    }
    stdin.flush().unwrap();
    let pid = child.id().to_string();
    Command::new("kill").args(["-INT", &pid]).status().unwrap();
    Finished::of(child).ends_with(130);
    drop(stdin);
    assert_eq!(units(&env), 1);
    assert!(!env.path("bad").exists());
}
