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
