//! What the commands promise: arguments, outputs, errors, exit codes.

mod add;
mod align;
mod align_review;
mod batch;
mod concordance;
mod config;
mod demo;
mod explain;
mod export;
mod formats;
mod general;
mod hostile;
mod import;
mod interrupt;
#[cfg(unix)]
mod kill;
mod lookup;
mod optimize;
mod pages;
mod pretranslate;
mod sessions;
mod stats;
mod term;

use super::common::{Finished, TestEnv, names_in};

/// Five units of one document, in its order.
const NEWS: &str = "\
news\t0\tافتتح الوزير المدرسة الجديدة في القرية.\tThe minister opened the new school in the village.\n\
news\t1\tوحضر الحفل 120 طالبا.\tThe ceremony was attended by 120 students.\n\
news\t2\tوَقَالَ الوزير إنّ العمل مستمرّ.\tThe minister said that the work was going on.\n\
news\t3\tوشكر المدير الحاضرين.\tThe headmaster thanked those present.\n\
news\t4\tوانتهى الحفل مساء.\tThe ceremony ended in the evening.\n";

/// A place with [`NEWS`] in the memory `m`.
fn with_news() -> TestEnv {
    let env = TestEnv::new();
    env.write("news.tsv", NEWS);
    let args = [
        "--memory",
        "m",
        "import",
        "--columns",
        "doc,index,ar,en",
        "news.tsv",
    ];
    let said = env.run(&args).stderr();
    assert_eq!(
        said,
        "5 units read: 5 added, 0 merged, 0 duplicates, 0 rejected\n"
    );
    env
}

/// How many units the memory `m` has.
fn units(env: &TestEnv) -> u64 {
    let stats = env
        .run(&["--memory", "m", "stats", "--format", "json"])
        .ends_with(0);
    stats.json_lines()[0]["units"].as_u64().unwrap()
}
