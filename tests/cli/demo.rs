use super::{TestEnv, names_in};

#[test]
fn the_demo_shows_each_kind_and_leaves_a_memory_to_go_on_with() {
    let env = TestEnv::new();
    let out = env.run(&["demo", "--dir", "show"]).ends_with(0);
    for kind in [
        " context ",
        " exact ",
        " orthographic ",
        " fuzzy ",
        "numbers or dates differ",
    ] {
        assert!(out.stdout.contains(kind), "{kind}: {}", out.stdout);
    }
    assert!(!out.stderr.contains("warning"), "{}", out.stderr);
    let files = names_in(&env.path("show"));
    for name in ["articles", "memory.dhakira", "new-article.ar.txt"] {
        assert!(files.iter().any(|file| file == name), "{name}: {files:?}");
    }
    assert!(env.read("show/new-article.en.txt").contains('⟦'));
    // Every printed command works as it stands.
    let commands: Vec<_> = out
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("$ "))
        .collect();
    assert_eq!(commands.len(), 6);
    for command in commands {
        let words: Vec<_> = command.split(' ').skip(1).collect();
        let code = env.run(&words).code;
        // A lookup without input finds nothing.
        let expected = i32::from(words.last() == Some(&"lookup"));
        assert_eq!(code, expected, "{command}");
    }
}

#[test]
fn the_demo_touches_no_folder_that_is_in_use() {
    let env = TestEnv::new();
    env.write("used/x", "mine");
    let said = env.run(&["demo", "--dir", "used"]).error();
    assert!(
        said.contains("it is not empty\nhint: name a new folder"),
        "{said}"
    );
    assert_eq!(names_in(&env.path("used")), ["x"]);
}

#[test]
fn without_a_folder_it_makes_one_among_the_temporary_files() {
    let env = TestEnv::new();
    env.run(&["demo"]).ends_with(0);
    assert!(
        env.files()
            .iter()
            .any(|name| name.starts_with("dhakira-demo-"))
    );
    assert!(!env.path("data").exists());
}
