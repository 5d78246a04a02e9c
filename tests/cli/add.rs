use super::{TestEnv, units};

fn add(env: &TestEnv, args: &[&str]) -> super::Finished {
    let all: Vec<_> = ["--memory", "m", "add"].iter().chain(args).collect();
    env.run(&all)
}

#[test]
fn the_script_tells_which_segment_is_which() {
    let env = TestEnv::new();
    assert_eq!(add(&env, &["yes", "نعم"]).stderr(), "added unit 1\n");
    assert_eq!(
        add(&env, &["نعم", "yes"]).stderr(),
        "the memory has this already: unit 1\n"
    );
    let out = env.run(&["--memory", "m", "export"]).stdout();
    assert_eq!(out, "نعم\tyes\n");
}

#[test]
fn where_scripts_do_not_tell_the_user_does() {
    let env = TestEnv::new();
    for args in [&["12", "12:00"][..], &["GNU", "Linux"]] {
        let said = add(&env, args).error();
        assert!(said.contains("hint: say which language"), "{said}");
    }
    assert!(!env.path("m").exists());
    add(&env, &["--source", "en", "GNU", "GNU"]).ends_with(0);
    assert_eq!(units(&env), 1);
}

#[test]
fn a_blank_segment_is_no_unit() {
    let env = TestEnv::new();
    let said = add(&env, &["نعم", " "]).error();
    assert!(said.contains("the English side is blank"), "{said}");
    assert!(!env.path("m").exists());
}

#[test]
fn document_and_notes_are_kept() {
    let env = TestEnv::new();
    add(&env, &["نعم", "yes", "--document", "d", "--note", "formal"]).ends_with(0);
    let out = env
        .run(&["--memory", "m", "export", "--format", "jsonl"])
        .ends_with(0);
    let unit = &out.json_lines()[0];
    assert!(
        unit.to_string().contains("\"formal\"") && unit.to_string().contains("\"d\""),
        "{unit}"
    );
    assert!(unit.to_string().contains("tester"), "{unit}");
}
