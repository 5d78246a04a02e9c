use super::{TestEnv, units, with_news};

fn export(env: &TestEnv, args: &[&str]) -> super::Finished {
    let all: Vec<_> = ["--memory", "m", "export"].iter().chain(args).collect();
    env.run(&all)
}

#[test]
fn what_is_exported_can_be_imported() {
    for output in ["out.tmx", "out.tsv", "out.csv.gz", "out.jsonl.zst"] {
        let env = with_news();
        let said = export(&env, &["-o", output]).stderr();
        assert_eq!(said, "5 units written\n");
        let args = ["--memory", "other", "import", output];
        env.run(&args).ends_with(0);
        let again = env.run(&["--memory", "other", "export"]).stdout();
        assert_eq!(again, export(&env, &[]).stdout(), "{output}");
        let said = export(&env, &["-o", output]).stderr();
        assert_eq!(said, "5 units written\n", "{output} a second time");
    }
}

#[test]
fn columns_and_order_are_those_of_the_import() {
    let env = with_news();
    let out = export(&env, &["--columns", "doc,index,ar,en"]).stdout();
    assert_eq!(out, super::NEWS);
}

#[test]
fn moses_needs_a_prefix() {
    let env = with_news();
    let said = export(&env, &["--format", "moses"]).error();
    assert!(said.contains("hint: name their prefix"), "{said}");
    export(&env, &["--format", "moses", "-o", "c"]).ends_with(0);
    assert_eq!(env.read("c.ar").lines().count(), 5);
    assert_eq!(
        env.read("c.en").lines().next(),
        Some("The minister opened the new school in the village.")
    );
}

#[test]
fn the_memory_itself_is_never_the_output() {
    let env = with_news();
    let said = export(&env, &["-o", "m"]).error();
    assert!(said.contains("is an input as well"), "{said}");
    assert_eq!(units(&env), 5);
}

#[test]
fn an_output_that_cannot_be_written_is_named() {
    let env = with_news();
    env.write("folder/x", "");
    for (output, name) in [("folder", "folder"), ("no/such/place.tsv", "place.tsv")] {
        let said = export(&env, &["-o", output]).error();
        assert!(said.starts_with("error: ") && said.contains(name), "{said}");
    }
}

#[test]
fn units_are_chosen_by_what_they_are() {
    let env = with_news();
    let units = concat!(
        r#"{"ar":"نعم بالتأكيد","en":"Yes, certainly","doc":"talk","author":"huda","changed":"2024-03-01T22:00:00Z","state":"final"}"#,
        "\n",
        r#"{"ar":"كَلّا","en":"No","doc":"talk","author":"omar","created":"2023-01-05T00:00:00Z","state":"initial","confidence":0.3}"#,
        "\n"
    );
    env.write("talk.jsonl", units);
    env.run(&["--memory", "m", "import", "talk.jsonl"])
        .ends_with(0);
    let english = |args: &[&str]| {
        let done = export(&env, args);
        assert_eq!(
            done.code,
            i32::from(done.stdout.is_empty()),
            "{args:?}: {}",
            done.stderr
        );
        let sides = done
            .stdout
            .lines()
            .map(|line| line.split_once('\t').unwrap());
        sides.map(|(_, en)| en.to_owned()).collect::<Vec<_>>()
    };
    let (yes, no) = ("Yes, certainly", "No");
    for (args, expected) in [
        (&["--document", "ta*"][..], &[yes, no][..]),
        (&["--session", "2"], &[yes, no]),
        (&["--session", "2", "--author", "huda"], &[yes]),
        (&["--author", "huda", "--author", "omar"], &[yes, no]),
        (&["--since", "2024-03-01"], &[yes]),
        (&["--since", "2024-03-01T23:00:00Z"], &[]),
        (&["--until", "2024-03-01"], &[yes, no]),
        (&["--until", "2024-02-29", "--since", "2023-01-01"], &[no]),
        (&["--state", "initial", "--state", "final"], &[yes, no]),
        (&["--document", "talk", "--min-confidence", "0.5"], &[yes]),
        (&["--text", "كلا"], &[no]),
        (&["--text", "CERTAINLY"], &[yes]),
        (&["--regex", "^No$"], &[no]),
        (&["--document", "none"], &[]),
    ] {
        assert_eq!(english(args), expected, "{args:?}");
    }
    assert_eq!(english(&["--session", "1"]).len(), 5);
    for args in [
        ["--session", "9"],
        ["--since", "2024-02-30"],
        ["--regex", "("],
        ["--state", "done"],
    ] {
        let said = export(&env, &args).error();
        assert!(said.starts_with("error: "), "{said}");
    }
}
