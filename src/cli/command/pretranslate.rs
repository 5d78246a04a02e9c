//! `dhakira pretranslate`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::Outcome;
use crate::cli::args::{Context, PenaltyArgs};
use crate::cli::clock::now;
use crate::cli::error::CommandError;
use crate::cli::interrupt;
use crate::cli::output::Destination;
use crate::cli::progress::Kind;
use crate::cli::render::{LangArg, RankArg, grouped};
use crate::cli::text_input::{DocumentCut, read_document};
use crate::cli::ui::Ui;
use crate::lang::Lang;
use crate::memory::LookupOptions;
use crate::pretranslate::{Leverage, Pretranslation, Untranslated, Volume, pretranslate};
use crate::score::Score;

/// Translate what the memory knows of a document
///
/// Reads plain text and Markdown (.md) and writes the document with each segment replaced by its best match. What a
/// match saves is counted by band: on stderr, and with --report as JSON.
#[derive(Debug, Args)]
pub(crate) struct PretranslateArgs {
    /// The document; - is stdin
    #[arg(value_name = "IN")]
    input: PathBuf,

    /// Write the translation to this file [default: stdout]
    #[arg(long, short, value_name = "OUT")]
    output: Option<PathBuf>,

    /// Use matches from this score on, 1 to 100 [default: 75]
    #[arg(long, value_name = "SCORE", value_parser = clap::value_parser!(u8).range(1..=100))]
    threshold: Option<u8>,

    #[command(flatten)]
    penalties: PenaltyArgs,

    /// What fuzzy matches are scored and ordered by
    #[arg(long, value_name = "BY", default_value = "usefulness")]
    rank: RankArg,

    /// What to write for a segment without a match
    #[arg(long, value_name = "WHAT", default_value = "source")]
    untranslated: UntranslatedArg,

    /// Write the counts to this file as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// The language of the document [default: told from its script]
    #[arg(long, value_name = "LANG")]
    source: Option<LangArg>,

    /// Take each line as a segment instead of cutting the text into sentences
    #[arg(long)]
    sentences: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum UntranslatedArg {
    /// The segment itself
    Source,
    /// Nothing
    Empty,
    /// The segment between ⟦ and ⟧
    Mark,
}

impl From<UntranslatedArg> for Untranslated {
    fn from(arg: UntranslatedArg) -> Self {
        match arg {
            UntranslatedArg::Source => Self::Source,
            UntranslatedArg::Empty => Self::Empty,
            UntranslatedArg::Mark => Self::Mark,
        }
    }
}

/// Translates the document.
pub(crate) fn run(context: &Context, args: &PretranslateArgs) -> Result<Outcome, CommandError> {
    let output = Destination::from_option(args.output.as_deref());
    let report = args
        .report
        .as_deref()
        .map(|path| Destination::from_option(Some(path)));
    for destination in [Some(&output), report.as_ref()].into_iter().flatten() {
        context.refuse_overwriting(destination, [&args.input])?;
    }
    let memory = context.open_memory()?;
    let settings = context.settings();
    let document = read_document(
        &args.input,
        DocumentCut::of_option(args.sentences),
        &settings.segmentation.options(),
    )?;
    let lang = args
        .source
        .map(Lang::from)
        .or_else(|| Lang::of_text(document.text()))
        .unwrap_or(Lang::Arabic);
    let texts: Vec<_> = document.segments().map(|segment| segment.text()).collect();
    let segments: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    let threshold = args
        .threshold
        .unwrap_or(settings.pretranslate.threshold.into());
    let options = LookupOptions {
        cutoff: Score::from_points(threshold),
        limit: 1,
        rank: args.rank.into(),
        penalties: args.penalties.policy(context),
        now: now(),
    };
    let progress = context
        .ui
        .progress(Kind::Items("segments"), Some(segments.len() as u64));
    progress.message("pre-translating");
    let mut looked_up = 0;
    let done = pretranslate(&segments, lang, |query| {
        interrupt::check()?;
        looked_up += 1;
        progress.at(looked_up);
        Ok::<_, CommandError>(memory.lookup(query, &options)?.into_iter().next())
    })?;
    drop(progress);

    let untranslated = Untranslated::from(args.untranslated);
    let translation = document.splice(|i| {
        let segment = done.segments[i].as_ref()?;
        match &segment.suggestion {
            Some(suggestion) => Some(suggestion.unit.text.get(lang.other()).as_str().into()),
            None if untranslated == Untranslated::Source => None,
            None => Some(untranslated.text(segments[i])),
        }
    });
    output.write(|out| Ok(out.write_all(translation.as_bytes())?))?;
    if let Some(report) = report {
        write_report(&report, args, threshold, lang, &done)?;
    }
    say_counts(&context.ui, &done);
    let found = done
        .segments
        .iter()
        .flatten()
        .any(|s| s.suggestion.is_some());
    Ok(if found {
        Outcome::Done
    } else {
        Outcome::NothingFound
    })
}

/// Version 1 of the report; fields are only ever added.
#[derive(Serialize)]
struct Report<'r> {
    v: u32,
    document: &'r Path,
    source: &'static str,
    threshold: u8,
    total: Volume,
    /// All of them, in the order of [`Leverage::ALL`]; they add up to the total.
    bands: Vec<BandRecord>,
}

#[derive(Serialize)]
struct BandRecord {
    band: &'static str,
    #[serde(flatten)]
    volume: Volume,
}

fn write_report(
    report: &Destination,
    args: &PretranslateArgs,
    threshold: u8,
    lang: Lang,
    done: &Pretranslation,
) -> Result<(), CommandError> {
    let record = Report {
        v: 1,
        document: &args.input,
        source: lang.code(),
        threshold,
        total: done.total(),
        bands: Leverage::ALL
            .into_iter()
            .map(|leverage| BandRecord {
                band: leverage.name(),
                volume: done.volume(leverage),
            })
            .collect(),
    };
    report.write(|out| {
        serde_json::to_writer_pretty(&mut *out, &record).map_err(std::io::Error::from)?;
        Ok(writeln!(out)?)
    })
}

/// A line for each kind of leverage that there is, and one for the whole.
fn say_counts(ui: &Ui, done: &Pretranslation) {
    let row = |name: &str, [segments, words, characters]: [String; 3]| {
        ui.note(format!(
            "{name:<12} {segments:>9} {words:>11} {characters:>11}"
        ));
    };
    let figures = |volume: Volume| [volume.segments, volume.words, volume.characters].map(grouped);
    row("", ["segments", "words", "characters"].map(str::to_owned));
    for leverage in Leverage::ALL {
        let volume = done.volume(leverage);
        if volume.segments > 0 {
            row(leverage.name(), figures(volume));
        }
    }
    row("total", figures(done.total()));
}
