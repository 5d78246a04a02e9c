use super::TestEnv;

#[test]
fn people_and_scripts_get_the_same_list() {
    let env = TestEnv::new();
    let human = env.run(&["formats"]).stdout();
    let json = env.run(&["formats", "--format", "json"]).stdout();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    for format in json.as_array().unwrap() {
        assert_eq!(format["v"], 1);
        for key in ["title", "name", "limits"] {
            let text = format[key].as_str().unwrap();
            assert!(human.contains(text), "{text}");
        }
    }
}

#[test]
fn what_is_listed_is_taken() {
    let env = super::with_news();
    let json = env.run(&["formats", "--format", "json"]).stdout();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    for format in json.as_array().unwrap() {
        let name = format["name"].as_str().unwrap();
        let does = |key: &str, command: &str| {
            let commands = format[key].as_array().unwrap();
            commands.iter().any(|c| c == command)
        };
        // Refused for its name it would be before the file is looked for.
        for command in ["import", "pretranslate", "term import"] {
            if does("read_by", command) && name != "moses" {
                let mut args = vec!["--memory", "m"];
                args.extend(command.split(' '));
                args.extend(["missing", "--format", name]);
                let said = env.run(&args).ends_with(2).stderr;
                assert!(said.contains("can't open `missing`"), "{said}");
            }
        }
        if does("written_by", "export") {
            let args = ["--memory", "m", "export", "--format", name, "-o", "out"];
            env.run(&args).ends_with(0);
        }
        if does("written_by", "term export") {
            let args = [
                "--memory", "m", "term", "export", "--format", name, "-o", "out",
            ];
            // There are no terms.
            env.run(&args).ends_with(1);
        }
    }
}
