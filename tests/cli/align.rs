use super::{TestEnv, units};
use crate::common::docx;

const AR: &str =
    "افتتح الوزير 12 مدرسة في القاهرة.\nوحضر الحفل 120 طالبا. وغنى الأطفال.\nوانتهى الحفل مساء.\n";
const EN: &str = "The minister opened 12 schools in Cairo.\nThe ceremony was attended by 120 students, and the children sang.\n\
                  The ceremony ended in the evening.\n";

fn with_pair() -> TestEnv {
    let env = TestEnv::new();
    env.write("news.ar.txt", AR);
    env.write("news.en.txt", EN);
    env
}

fn align(env: &TestEnv, args: &[&str]) -> super::Finished {
    let all: Vec<_> = ["--memory", "m", "align"].iter().chain(args).collect();
    env.run(&all)
}

#[test]
fn links_number_segments_from_zero_and_need_no_memory() {
    let env = with_pair();
    let out = align(
        &env,
        &[
            "--sentences",
            "--format",
            "links",
            "news.ar.txt",
            "news.en.txt",
        ],
    )
    .stdout();
    assert_eq!(out, "[0]:[0]\n[1]:[1]\n[2]:[2]\n");
    let out = align(&env, &["--format", "links", "news.ar.txt", "news.en.txt"]).stdout();
    assert_eq!(out, "[0]:[0]\n[1,2]:[1]\n[3]:[2]\n");
    assert!(!env.path("m").exists());
}

#[test]
fn beads_are_imported_with_document_place_and_confidence() {
    let env = with_pair();
    let said = align(&env, &["news.ar.txt", "news.en.txt"]).stderr();
    assert!(
        said.starts_with("news: 3 beads (2 of 1-1, 1 of 2-1), mean confidence "),
        "{said}"
    );
    assert!(
        said.ends_with("3 units read: 3 added, 0 merged, 0 duplicates, 0 rejected\n"),
        "{said}"
    );
    let columns = ["--memory", "m", "export", "--columns", "doc,index,state,en"];
    let said = env.run(&columns).error();
    assert!(said.contains("lack the segments in `ar`"), "{said}");
    let columns = [
        "--memory",
        "m",
        "export",
        "--columns",
        "doc,index,state,ar,en",
    ];
    let out = env.run(&columns).stdout();
    assert!(
        out.contains("news\t1\tinitial\tوحضر الحفل 120 طالبا. وغنى الأطفال.\t"),
        "{out}"
    );
    let again = align(&env, &["news.ar.txt", "news.en.txt"]).stderr();
    assert!(
        again.ends_with("3 units read: 0 added, 0 merged, 3 duplicates, 0 rejected\n"),
        "{again}"
    );
}

#[test]
fn a_folder_is_one_session_of_all_its_pairs() {
    let env = TestEnv::new();
    env.write("texts/a.ar.txt", AR);
    env.write("texts/a.en.txt", EN);
    env.write("texts/b.ar.md", "# خبر\n\nوصل 7 وزراء.\n");
    env.write("texts/b.en.md", "# News\n\n7 ministers arrived.\n");
    env.write("texts/c.ar.txt", "وحيد");
    let said = align(&env, &["texts"]).stderr();
    assert!(
        said.contains("warning: `texts/c.ar.txt` is in no pair\n"),
        "{said}"
    );
    assert!(
        said.starts_with("2 pairs by name:\n  a: texts/a.ar.txt + texts/a.en.txt\n"),
        "{said}"
    );
    assert!(said.contains("2 documents: 5 beads"), "{said}");
    let sessions = env
        .run(&["--memory", "m", "sessions", "--format", "jsonl"])
        .ends_with(0);
    assert_eq!(sessions.json_lines().len(), 1);
    assert_eq!(sessions.json_lines()[0]["source"], "texts");
    let said = align(&env, &["texts", "--format", "links"]).error();
    assert!(said.contains("can't be told apart"), "{said}");
}

#[test]
fn beads_can_be_written_instead() {
    let env = with_pair();
    let args = [
        "news.ar.txt",
        "news.en.txt",
        "--format",
        "tsv",
        "-o",
        "beads.tsv",
    ];
    align(&env, &args).ends_with(0);
    let out = env.read("beads.tsv");
    assert!(
        out.starts_with("news\t0\tافتتح الوزير 12 مدرسة في القاهرة.\tThe minister"),
        "{out}"
    );
    let args = ["news.ar.txt", "news.en.txt", "--format", "tmx"];
    assert!(
        align(&env, &args)
            .stdout()
            .contains("<tmx version=\"1.4\">")
    );
    assert!(!env.path("m").exists());
}

#[test]
fn a_dry_run_changes_nothing() {
    let env = with_pair();
    let said = align(&env, &["--dry-run", "news.ar.txt", "news.en.txt"]).stderr();
    assert!(
        said.contains("3 units read, nothing kept: 3 added"),
        "{said}"
    );
    assert!(!env.path("m").exists());
}

#[test]
fn documents_in_the_wrong_order_are_turned() {
    let env = with_pair();
    let said = align(&env, &["news.en.txt", "news.ar.txt"]).stderr();
    assert!(said.contains("taken the other way round"), "{said}");
    assert_eq!(units(&env), 3);
    let args = ["--format", "links", "news.en.txt", "news.ar.txt"];
    assert!(
        align(&env, &args)
            .error()
            .contains("hint: name the Arabic document first")
    );
}

#[test]
fn confidence_can_be_asked_for() {
    let env = with_pair();
    let args = ["--min-confidence", "1.5", "news.ar.txt", "news.en.txt"];
    align(&env, &args).ends_with(2);
    env.write("x.ar.txt", "كلام عن الطقس.\n");
    env.write("x.en.txt", "Nothing of the kind at all, 1999.\n");
    let args = ["--min-confidence", "1", "x.ar.txt", "x.en.txt"];
    let out = align(&env, &args);
    assert!(out.code == 0 || out.code == 1, "{out:?}");
}

#[test]
fn what_is_missing_is_said() {
    let env = with_pair();
    let said = align(&env, &["news.ar.txt"]).error();
    assert!(said.contains("the English document is missing"), "{said}");
    let said = align(&env, &["news.ar.txt", "none"]).error();
    assert!(said.starts_with("error: can't open `none`"), "{said}");
    env.write("empty/x.txt", "");
    let said = align(&env, &["empty"]).error();
    assert!(
        said.contains("holds no pairs\nhint: name the files"),
        "{said}"
    );
    assert!(!env.path("m").exists());
}

#[test]
fn two_folders_are_parallel_and_nested() {
    let env = TestEnv::new();
    env.write("ar/sub/a.txt", AR);
    env.write("en/sub/a.txt", EN);
    env.write("ar/a.txt", AR);
    env.write("en/a.txt", EN);
    env.write("en/alone.txt", EN);
    let said = align(&env, &["ar", "en"]).stderr();
    assert!(
        said.contains("  sub/a: ar/sub/a.txt + en/sub/a.txt\n"),
        "{said}"
    );
    assert!(said.contains("warning: `en/alone.txt` is in no pair\n"));
    // One folder over both means the same.
    env.write("site/ar/a.txt", AR);
    env.write("site/en/a.txt", EN);
    let said = align(&env, &["--dry-run", "site"]).stderr();
    assert!(
        said.contains("  a: site/ar/a.txt + site/en/a.txt\n"),
        "{said}"
    );
    let said = align(&env, &["ar", "en/a.txt"]).error();
    assert!(
        said.contains("`ar` is a folder and `en/a.txt` is a file\nhint: "),
        "{said}"
    );
}

#[test]
fn a_changed_document_is_updated_in_a_session_that_can_be_undone() {
    let env = with_pair();
    align(&env, &["news.ar.txt", "news.en.txt"]).ends_with(0);
    env.write("news.ar.txt", AR.replace("مساء", "ليلا"));
    env.write("news.en.txt", EN.replace("in the evening", "at night"));
    let said = align(&env, &["news.ar.txt", "news.en.txt"]).stderr();
    assert!(
        said.ends_with(
            "news: 2 units unchanged, 0 added, 1 changed, 0 gone\n\
             3 units read: 1 added, 0 merged, 2 duplicates, 0 rejected\n"
        ),
        "{said}"
    );
    assert_eq!(units(&env), 3);
    let listed = env.run(&["--memory", "m", "sessions"]).stdout();
    assert!(
        listed.ends_with("; 1 earlier occurrence moved, changed or removed\n"),
        "{listed}"
    );
    let undo = |n| env.run(&["--memory", "m", "sessions", "undo", n]);
    let said = undo("1").error();
    assert!(
        said.contains("hint: undo that one first: `dhakira sessions undo 2`"),
        "{said}"
    );
    assert_eq!(
        undo("2").stderr(),
        "undid session 2: 1 unit and 1 occurrence; 1 occurrence as before\n"
    );
    let args = ["--memory", "m", "export", "--columns", "ar,en"];
    assert!(env.run(&args).stdout().contains("ended in the evening."));
}

#[test]
fn another_document_of_the_same_name_takes_no_place_unasked() {
    let env = TestEnv::new();
    let text = |letters: &str, lang: &str| {
        let lines = letters.chars().map(|c| format!("{c} {lang} {c}.\n"));
        lines.collect::<String>()
    };
    env.write("x.ar.txt", text("ابتثج", "كلام"));
    env.write("x.en.txt", text("abcde", "speech"));
    let args = ["--sentences", "x.ar.txt", "x.en.txt"];
    align(&env, &args).ends_with(0);
    let before = units(&env);
    env.write("x.ar.txt", text("حخدذر", "نص"));
    env.write("x.en.txt", text("vwxyz", "text"));
    let said = align(&env, &args).error();
    assert!(said.contains("another document named `x`"), "{said}");
    assert!(
        said.contains("hint: tell them apart with --prefix"),
        "{said}"
    );
    assert_eq!(units(&env), before);
    align(&env, &[&args[..], &["--prefix", "client/"]].concat()).ends_with(0);
    assert!(units(&env) > before);
    align(&env, &[&args[..], &["--replace"]].concat()).ends_with(0);
    assert!(units(&env) <= before);
}

#[test]
fn figures_are_written_as_json_and_odd_pairs_are_named() {
    let env = TestEnv::new();
    env.write("t/good.ar.txt", AR);
    env.write("t/good.en.txt", EN);
    env.write(
        "t/odd.ar.txt",
        "هطلت أمطار غزيرة على الساحل.\n\nأغلقت البلدية ثلاثة جسور أمام السيارات.\n\nنصح الخبراء السكان بالبقاء في بيوتهم.\n\n\
         وصلت فرق الإنقاذ من المدن المجاورة.\n\nتوقفت القطارات يومين كاملين.\n\nعادت الكهرباء إلى معظم الأحياء.\n",
    );
    env.write(
        "t/odd.en.txt",
        "Our hotel has a pool, a sauna and a small garden behind the kitchen.\n\nBreakfast is served until ten.\n\n\
         Children under six stay free.\n\nDogs are welcome, cats are not, and parrots must ask first.\n\n\
         Bicycles can be hired.\n\nThe bar closes when the last guest has gone to bed.\n",
    );
    let said = align(&env, &["t", "--report", "report.json"]).stderr();
    assert!(
        said.contains("warning: odd: the two documents look like no translations of each other\n"),
        "{said}"
    );
    assert!(!said.contains("good: the two documents look"), "{said}");
    let report: serde_json::Value = serde_json::from_str(&env.read("report.json")).unwrap();
    assert_eq!(report["v"], 1);
    let [good, odd] = report["documents"].as_array().unwrap().as_slice() else {
        panic!("{report}");
    };
    assert_eq!(
        (&good["suspicious"], &odd["suspicious"]),
        (&false.into(), &true.into())
    );
    assert_eq!(good["document"], "good");
    assert_eq!(good["units"], 3);
    assert_eq!(good["segments"]["ar"], 4);
    assert_eq!(good["update"]["added"], 3);
    assert_eq!(good["beads"][1]["shape"], "2-1");
    let args = [
        "t",
        "--format",
        "tsv",
        "-o",
        "t.tsv",
        "--report",
        "t/good.ar.txt",
    ];
    assert!(align(&env, &args).error().contains("is an input as well"));
}

#[test]
fn a_page_can_be_written() {
    let env = with_pair();
    let args = ["news.ar.txt", "news.en.txt", "--format", "html"];
    let page = align(&env, &args).stdout();
    assert!(page.starts_with("<!DOCTYPE html>"));
    assert!(
        page.contains("lang=\"ar\" dir=\"rtl\"><p>وحضر الحفل 120 طالبا.</p><p>وغنى الأطفال.</p>")
    );
    let args = ["news.ar.txt", "news.en.txt", "--format", "jsonl"];
    let units = align(&env, &args).ends_with(0).json_lines();
    assert_eq!(units.len(), 3);
    assert_eq!(units[0]["doc"], "news");
}

#[test]
fn pages_of_a_pdf_are_one_text() {
    let env = TestEnv::new();
    env.write(
        "p.ar.txt",
        "افتتح الوزير أمس 12 مدرسة جديدة في القاهرة، وقال إن المدارس سوف تستقبل\n\
         في بداية العام الدراسي القادم 3000 تلميذ من أبناء الحي، ثم شكر كل من\n\n- ١ -\n\u{C}\
         ساهم في بنائها من المهندسين والعمال وأهل الخير في جميع أنحاء المدينة.\n\n٢\n\u{C}",
    );
    env.write(
        "p.en.txt",
        "Yesterday the minister opened 12 new schools in Cairo and said that the\n\
         schools would receive 3000 pupils of the quarter at the beginning of the\n\
         next school year; then he thanked everyone who had helped to build them,\n\nPage 1\n\u{C}\
         engineers, workers and good people from all over the city.\n\nPage 2\n\u{C}",
    );
    let args = ["p.ar.txt", "p.en.txt", "--format", "links"];
    assert_eq!(align(&env, &args).stdout(), "[0]:[0]\n");
}

#[test]
fn documents_with_markup_are_cut_by_their_own_format() {
    let env = TestEnv::new();
    let ar: Vec<_> = AR.lines().collect();
    env.write("texts/news.ar.docx", docx(&ar));
    let en = EN.replace("12 schools", "<b>12 schools</b>");
    let en: String = en.lines().map(|line| format!("<p>{line}</p>\n")).collect();
    env.write(
        "texts/news.en.html",
        format!("<html><body>{en}</body></html>"),
    );
    let args = ["--format", "tsv", "texts"];
    let from_markup = align(&env, &args).ends_with(0);
    assert!(
        from_markup.stderr.contains("news: "),
        "{}",
        from_markup.stderr
    );
    let plain = with_pair();
    let from_text = align(&plain, &["--format", "tsv", "news.ar.txt", "news.en.txt"]).stdout();
    assert_eq!(from_markup.stdout, from_text);
    let said = align(&env, &["--sentences", "texts"]).error();
    assert!(said.contains("no lines that could be taken"), "{said}");
}

#[test]
fn subtitles_are_aligned_by_their_cues() {
    let env = TestEnv::new();
    let srt = |text: &str| -> String {
        let cues = text.lines().enumerate();
        cues.map(|(i, line)| format!("{i}\n00:00:0{i},000 --> 00:00:0{i},900\n{line}\n\n"))
            .collect()
    };
    env.write("film.ar.srt", srt(AR));
    env.write("film.en.srt", srt(EN));
    let links = align(&env, &["--format", "links", "film.ar.srt", "film.en.srt"]).stdout();
    assert_eq!(links, "[0]:[0]\n[1]:[1]\n[2]:[2]\n");
}

#[test]
fn word_lists_of_either_direction_help() {
    let env = TestEnv::new();
    // Words that nothing else knows.
    env.write("things.ar.txt", "زغلبوط قرنفوش\nدرقلاش شنقبور\n");
    env.write("things.en.txt", "widget gadget\nblorp snork\n");
    env.write("words.tsv", "# things\nزغلبوط\twidget\ngadget\tقرنفوش\n");
    env.write("nothing.tsv", "no tab here\n");
    let run = |more: &[&str]| {
        let mut args = vec!["--sentences", "--format", "tsv"];
        args.extend(more);
        args.extend(["things.ar.txt", "things.en.txt"]);
        align(&env, &args)
    };
    let confidence = |out: &str| -> f64 {
        let line = out.lines().find(|line| line.contains("widget")).unwrap();
        line.rsplit('\t').next().unwrap().parse().unwrap()
    };
    let without = run(&[]).ends_with(0);
    let with = run(&["--lexicon", "words.tsv"]).ends_with(0);
    assert!(confidence(&with.stdout) > confidence(&without.stdout));
    let said = with.stderr;
    assert!(said.contains("words.tsv: 2 Arabic words\n"), "{said}");
    let said = run(&["--lexicon", "nothing.tsv"]).error();
    assert!(
        said.contains("the word list `nothing.tsv` has no words"),
        "{said}"
    );
}
