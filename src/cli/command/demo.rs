//! `dhakira demo`.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::{Args, Parser};

use super::Outcome;
use crate::cli::args::{Cli, Context};
use crate::cli::bidi::{BidiMode, isolate};
use crate::cli::clock::now;
use crate::cli::error::{CommandError, Doing};
use crate::cli::output::Destination;
use crate::cli::render::{Answer, AnswerFormat, shortened};
use crate::lang::Lang;
use crate::matching::{MatchKind, Suggestion};
use crate::memory::{LookupOptions, Query, Rank};
use crate::score::Score;
use crate::text::segment::{SegmentOptions, segments};

/// An article in both languages.
struct Pair {
    name: &'static str,
    ar: &'static str,
    en: &'static str,
}

macro_rules! pair {
    ($name:literal) => {
        Pair {
            name: $name,
            ar: include_str!(concat!("../../demo/", $name, ".ar.txt")),
            en: include_str!(concat!("../../demo/", $name, ".en.txt")),
        }
    };
}

/// The built-in articles.
const PAIRS: [Pair; 10] = [
    pair!("01-desalination-plant"),
    pair!("02-desalination-second-phase"),
    pair!("03-library-book-fair"),
    pair!("04-solar-plant"),
    pair!("05-date-palm-research"),
    pair!("06-port-expansion"),
    pair!("07-health-campaign"),
    pair!("08-railway-line"),
    pair!("09-heritage-museum"),
    pair!("10-storm-marathon"),
];

/// An article without a translation, about the same things.
const NEW_ARTICLE: &str = include_str!("../../demo/new-article.ar.txt");

/// Matches from this score on are shown and used, in points.
const THRESHOLD: u8 = 70;

/// The most characters of a sentence in a line of the overview.
const OVERVIEW_WIDTH: usize = 60;

/// See it all at work on built-in articles
///
/// Writes ten article pairs and a new article into a folder, aligns the pairs into a memory there, looks up the new
/// article, pre-translates it, and prints each command, so that you can go on from there. Touches nothing else.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Work in this folder, which must be new or empty [default: a fresh one among the temporary files]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Fills a folder and runs the commands in it.
pub(crate) fn run(context: &Context, args: &DemoArgs) -> Result<Outcome, CommandError> {
    let folder = folder(args.dir.as_deref())?;
    let demo = Demo {
        context: context.with_memory(folder.join("memory.dhakira")),
        articles: folder.join("articles"),
        new_article: folder.join("new-article.ar.txt"),
        translation: folder.join("new-article.en.txt"),
    };
    demo.write_articles()?;
    say(&format!(
        "{} article pairs and a new article are in {}\n\n\
         1. Align the pairs; sentences that translate each other go into a memory.\n",
        PAIRS.len(),
        folder.display()
    ))?;
    demo.run(&["align".into(), demo.articles.as_os_str().into()])?;

    say("\n2. Look up the sentences of the new article.\n")?;
    demo.show(&[
        "lookup".into(),
        "--segment".into(),
        demo.new_article.as_os_str().into(),
    ])?;
    demo.lookup()?;

    say("\n3. Translate what the memory knows, and mark the rest.\n")?;
    demo.run(&[
        "pretranslate".into(),
        demo.new_article.as_os_str().into(),
        "--output".into(),
        demo.translation.as_os_str().into(),
        "--threshold".into(),
        THRESHOLD.to_string().into(),
        "--untranslated".into(),
        "mark".into(),
    ])?;
    say(&format!(
        "The translation is in {}\n",
        demo.translation.display()
    ))?;

    say("\nGo on with these:\n")?;
    demo.show(&["lookup".into()])?;
    demo.show(&["concordance".into(), "التحلية".into()])?;
    demo.show(&["stats".into()])?;
    Ok(Outcome::Done)
}

/// The folder of the user's choice, made where it is missing, or a fresh one.
fn folder(chosen: Option<&Path>) -> Result<PathBuf, CommandError> {
    let Some(folder) = chosen else {
        let fresh = tempfile::Builder::new()
            .prefix("dhakira-demo-")
            .tempdir()
            .doing(|| "can't make a folder among the temporary files".into())
            .map_err(|error| error.hint("name a folder with --dir DIR"))?;
        return Ok(fresh.keep());
    };
    let cant = || format!("can't use the folder `{}`", folder.display());
    std::fs::create_dir_all(folder).doing(cant)?;
    if std::fs::read_dir(folder).doing(cant)?.next().is_some() {
        return Err(CommandError::user(cant())
            .because("it is not empty")
            .hint("name a new folder with --dir DIR"));
    }
    Ok(folder.to_owned())
}

/// The demo's files, and its memory as the context's.
struct Demo {
    context: Context,
    articles: PathBuf,
    new_article: PathBuf,
    translation: PathBuf,
}

impl Demo {
    fn write_articles(&self) -> Result<(), CommandError> {
        let write = |path: &Path, text: &str| {
            std::fs::write(path, text).doing(|| format!("can't write `{}`", path.display()))
        };
        let cant = || format!("can't make the folder `{}`", self.articles.display());
        std::fs::create_dir_all(&self.articles).doing(cant)?;
        for Pair { name, ar, en } in &PAIRS {
            write(&self.articles.join(format!("{name}.ar.txt")), ar)?;
            write(&self.articles.join(format!("{name}.en.txt")), en)?;
        }
        write(&self.new_article, NEW_ARTICLE)
    }

    /// The arguments of a command on this demo's memory.
    fn command_line(&self, args: &[OsString]) -> Result<Vec<OsString>, CommandError> {
        let mut line = vec![program()];
        line.push("--memory".into());
        line.push(self.context.memory_path()?.into());
        line.extend_from_slice(args);
        Ok(line)
    }

    /// Prints a command as it can be typed.
    fn show(&self, args: &[OsString]) -> Result<(), CommandError> {
        let words: Vec<_> = self
            .command_line(args)?
            .iter()
            .map(|word| quoted(&word.to_string_lossy()))
            .collect();
        say(&format!("$ {}\n", words.join(" ")))
    }

    /// Prints a command and runs it as if it had been typed.
    fn run(&self, args: &[OsString]) -> Result<(), CommandError> {
        self.show(args)?;
        let cli = Cli::try_parse_from(self.command_line(args)?)
            .doing(|| "the demo has a command wrong".into())?;
        super::run(&self.context, &cli.command)?;
        Ok(())
    }

    /// Shows the best match of each sentence in a line, and then one of each kind in full.
    fn lookup(&self) -> Result<(), CommandError> {
        let memory = self.context.open_memory()?;
        let options = LookupOptions {
            cutoff: Score::from_points(THRESHOLD),
            limit: 1,
            rank: Rank::default(),
            penalties: self.context.settings().penalties.clone(),
            now: now(),
        };
        let sentences: Vec<&str> = segments(NEW_ARTICLE, &SegmentOptions::default())
            .into_iter()
            .map(|range| &NEW_ARTICLE[range])
            .collect();
        let mut found: Vec<Option<Suggestion>> = Vec::with_capacity(sentences.len());
        for (i, &text) in sentences.iter().enumerate() {
            let query = Query {
                text,
                lang: Lang::Arabic,
                previous: i.checked_sub(1).map(|before| sentences[before]),
                next: sentences.get(i + 1).copied(),
            };
            found.push(memory.lookup(&query, &options)?.into_iter().next());
        }
        say(&overview(&sentences, &found))?;
        say("\nOne of each kind in full:\n\n")?;
        Destination::Stdout.write(|out| {
            let format = AnswerFormat::Human;
            let mut renderer = format.renderer(out, &self.context, None);
            for (index, suggestion) in one_of_each_kind(&found) {
                renderer.answer(&Answer {
                    index,
                    query: sentences[index],
                    lang: Lang::Arabic,
                    threshold: options.cutoff,
                    explain: false,
                    suggestions: std::slice::from_ref(suggestion),
                    terms: &[],
                })?;
            }
            Ok(renderer.finish()?)
        })
    }
}

/// A line for each sentence: score and kind of its best match, and how it begins.
fn overview(sentences: &[&str], found: &[Option<Suggestion>]) -> String {
    let isolates = BidiMode::Auto.isolates(io::stdout().is_terminal());
    let mut out = String::new();
    for (sentence, suggestion) in sentences.iter().zip(found) {
        let (score, kind) = match suggestion {
            Some(s) => (s.matched.score.to_string(), s.matched.kind.name()),
            None => ("-".to_owned(), "no match"),
        };
        let beginning = shortened(sentence, OVERVIEW_WIDTH);
        out.push_str(&format!(
            "{score:>6}  {kind:<12}  {}\n",
            isolate(&beginning, isolates)
        ));
    }
    out
}

/// The first suggestion of each kind, the best kind first, and the first that has a flag.
fn one_of_each_kind(found: &[Option<Suggestion>]) -> Vec<(usize, &Suggestion)> {
    let all = || {
        found
            .iter()
            .enumerate()
            .filter_map(|(i, s)| Some((i, s.as_ref()?)))
    };
    let flagged = |s: &Suggestion| !s.matched.flags.is_empty();
    let kinds = [
        MatchKind::Context,
        MatchKind::Exact,
        MatchKind::Orthographic,
        MatchKind::Fuzzy,
    ];
    let of_kinds = kinds
        .into_iter()
        .filter_map(|kind| all().find(|(_, s)| s.matched.kind == kind && !flagged(s)));
    of_kinds.chain(all().find(|(_, s)| flagged(s))).collect()
}

/// The program as the user called it, where that says where it is; else its name.
fn program() -> OsString {
    std::env::args_os()
        .next()
        .filter(|name| Path::new(name).components().count() > 1)
        .unwrap_or_else(|| "dhakira".into())
}

/// A word of a command line, quoted where a shell would take it apart.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Prints to stdout: here the course of things is the data.
fn say(text: &str) -> Result<(), CommandError> {
    Destination::Stdout.write(|out| Ok(out.write_all(text.as_bytes())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_a_shell() {
        assert_eq!(quoted("/tmp/a-b_c.txt"), "/tmp/a-b_c.txt");
        assert_eq!(quoted("التحلية"), "التحلية");
        assert_eq!(quoted("it's here"), r"'it'\''s here'");
        assert_eq!(quoted(""), "''");
    }
}
