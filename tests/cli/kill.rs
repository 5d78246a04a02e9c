//! Imports that are killed at any moment leave the memory as it was before, or as it is after.
//!
//! `DHAKIRA_TEST_KILLS` sets how many imports are killed; 6 where it is not set.

use std::time::{Duration, Instant};

use dhakira::memory::TranslationMemory;

use super::TestEnv;

/// Units of the import that is killed.
const UNITS: u64 = 4_000;

#[test]
fn a_killed_import_leaves_the_state_before_it_or_after_it() {
    let kills = std::env::var("DHAKIRA_TEST_KILLS").map_or(6, |n| n.parse().unwrap());
    let env = TestEnv::new();
    let lines = |range: std::ops::Range<u64>| -> String {
        let line =
            |i| format!("الجملة {i} من نص طويل بعض الشيء\tsentence {i} of a text of some length\n");
        range.map(line).collect()
    };
    env.write("before.tsv", lines(0..300));
    env.write("import.tsv", lines(300..300 + UNITS));
    let import = |memory: &str, file: &str| env.command(&["--memory", memory, "import", file]);

    env.run(&["--memory", "m", "import", "before.tsv"])
        .ends_with(0);
    std::fs::copy(env.path("m"), env.path("whole")).unwrap();
    let start = Instant::now();
    assert!(import("whole", "import.tsv").status().unwrap().success());
    let whole = start.elapsed();

    let (mut before, mut after) = (0, 0);
    for i in 0..kills {
        let memory = format!("m{i}");
        std::fs::copy(env.path("m"), env.path(&memory)).unwrap();
        let mut child = import(&memory, "import.tsv").spawn().unwrap();
        // Spread over the whole import, its start and its commit included.
        let share = (f64::from(i) + 0.5) / f64::from(kills);
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * share));
        child.kill().unwrap();
        child.wait().unwrap();

        let opened = TranslationMemory::open(&env.path(&memory)).unwrap();
        opened.check().unwrap();
        match opened.stats().unwrap().units {
            300 => before += 1,
            units if units == 300 + UNITS => after += 1,
            units => panic!("{units} units after kill {i}"),
        }
    }
    assert_eq!(before + after, kills);
}
