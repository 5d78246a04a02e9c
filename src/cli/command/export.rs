//! `dhakira export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use regex::Regex;

use super::{Outcome, parse_confidence};
use crate::cli::args::Context;
use crate::cli::error::CommandError;
use crate::cli::interrupt;
use crate::cli::output::Destination;
use crate::cli::progress::Kind;
use crate::cli::render::plural;
use crate::format::moses::MosesWriter;
use crate::format::{Columns, UnitFormat, UnitWriter, WriteOptions, unit_writer};
use crate::memory::{TextPattern, UnitFilter};
use crate::score::Confidence;
use crate::unit::{SessionId, UnitState, UnixSeconds};

/// Write units of the memory to a file or to stdout
///
/// Documents come in the order of their names, each in its own order; a unit that occurs more than once is written for
/// each place.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The format [default: told from the name of the output, else tsv]
    #[arg(long, value_name = "FORMAT")]
    format: Option<ExportFormat>,

    /// Write to this file (for moses: to PREFIX.ar and PREFIX.en); .gz and .zst compress [default: stdout]
    #[arg(long, short, value_name = "FILE|PREFIX")]
    output: Option<PathBuf>,

    /// The columns of TSV and CSV, such as doc,index,ar,en [default: ar,en]
    #[arg(long, value_name = "NAMES")]
    columns: Option<Columns>,

    #[command(flatten)]
    filter: FilterArgs,
}

/// Which units to take. A unit must meet every kind of condition, and one of several of a kind.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which units")]
struct FilterArgs {
    /// Of the documents with that name, in which * stands for any characters; may be given more than once, as all below
    #[arg(long, value_name = "PATTERN")]
    document: Vec<String>,

    /// Brought by that session, as `dhakira sessions` numbers them
    #[arg(long, value_name = "N")]
    session: Vec<i64>,

    /// By that author
    #[arg(long, value_name = "NAME")]
    author: Vec<String>,

    /// Last changed on that day or later; 2024-03-01, or with a time 2024-03-01T12:00:00Z
    #[arg(long, value_name = "DATE", value_parser = parse_since)]
    since: Option<UnixSeconds>,

    /// Last changed on that day or earlier, or before that time
    #[arg(long, value_name = "DATE", value_parser = parse_until)]
    until: Option<UnixSeconds>,

    /// In that state
    #[arg(long, value_name = "STATE")]
    state: Vec<StateArg>,

    /// Aligned with at least that confidence, 0 to 1, or not by the aligner
    #[arg(long, value_name = "CONFIDENCE", value_parser = parse_confidence)]
    min_confidence: Option<Confidence>,

    /// With that text on one of its sides, in any spelling
    #[arg(long, value_name = "TEXT")]
    text: Vec<String>,

    /// With a side that the regular expression fits, as written
    #[arg(long, value_name = "EXPRESSION")]
    regex: Vec<Regex>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum StateArg {
    /// Made by a machine, seen by nobody
    Initial,
    /// Made or confirmed by a translator
    Translated,
    /// Checked by a second person
    Reviewed,
    /// Delivered
    Final,
}

impl From<StateArg> for UnitState {
    fn from(arg: StateArg) -> Self {
        match arg {
            StateArg::Initial => Self::Initial,
            StateArg::Translated => Self::Translated,
            StateArg::Reviewed => Self::Reviewed,
            StateArg::Final => Self::Final,
        }
    }
}

impl FilterArgs {
    fn filter(&self) -> UnitFilter {
        let folded = self.text.iter().map(|text| TextPattern::folded(text));
        let expressions = self.regex.iter().cloned().map(TextPattern::Regex);
        UnitFilter {
            documents: self.document.iter().cloned().map(Into::into).collect(),
            sessions: self.session.iter().copied().map(SessionId).collect(),
            authors: self.author.clone(),
            since: self.since,
            before: self.until,
            states: self.state.iter().copied().map(Into::into).collect(),
            min_confidence: self.min_confidence,
            texts: folded.chain(expressions).collect(),
        }
    }
}

const DAY_SECONDS: i64 = 86_400;

/// The time of a date, and whether the date is a whole day.
fn parse_date(text: &str) -> Result<(UnixSeconds, bool), String> {
    let day = UnixSeconds::parse(&format!("{text}T00:00:00Z"));
    let time = day.map(|day| (day, true));
    time.or_else(|| Some((UnixSeconds::parse(text)?, false)))
        .ok_or_else(|| "it is no date such as 2024-03-01 or 2024-03-01T12:00:00Z".to_owned())
}

fn parse_since(text: &str) -> Result<UnixSeconds, String> {
    parse_date(text).map(|(time, _)| time)
}

/// The time before which units must be: that of the date, or the end of the day.
fn parse_until(text: &str) -> Result<UnixSeconds, String> {
    let (UnixSeconds(time), is_day) = parse_date(text)?;
    Ok(UnixSeconds(if is_day { time + DAY_SECONDS } else { time }))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    /// TMX 1.4b
    Tmx,
    /// Tab-separated values
    Tsv,
    /// Comma-separated values
    Csv,
    /// One JSON object a line; keeps everything
    Jsonl,
    /// XLIFF 2.1, from English into Arabic
    Xliff,
    /// A PO compendium for gettext, from English into Arabic
    Po,
    /// Two files, one segment a line
    Moses,
}

/// Writes the units.
pub(crate) fn run(context: &Context, args: &ExportArgs) -> Result<Outcome, CommandError> {
    let destination = Destination::from_option(args.output.as_deref());
    context.refuse_overwriting(&destination, [])?;
    let memory = context.open_memory()?;
    let mut writer = writer(args, &destination)?;
    let progress = context.ui.progress(Kind::Items("units"), None);
    progress.message("exporting");
    let mut done = 0;
    memory.for_each_unit_of(&args.filter.filter(), |unit| {
        interrupt::check()?;
        writer.write(unit.view())?;
        done += 1;
        progress.at(done);
        Ok::<_, CommandError>(())
    })?;
    let counts = writer.finish()?;
    drop(progress);
    if counts.altered > 0 {
        context.ui.warn(format!(
            "{} held characters that the format can't; they were replaced",
            plural(counts.altered, "unit")
        ));
    }
    context
        .ui
        .note(format!("{} written", plural(counts.units, "unit")));
    Ok(if counts.units == 0 {
        Outcome::NothingFound
    } else {
        Outcome::Done
    })
}

fn writer(
    args: &ExportArgs,
    destination: &Destination,
) -> Result<Box<dyn UnitWriter>, CommandError> {
    let by_name = || {
        let name = args.output.as_ref()?.to_str()?;
        UnitFormat::of_name(name)
    };
    let format = match args.format {
        Some(ExportFormat::Moses) => {
            let Destination::File(prefix) = destination else {
                return Err(
                    CommandError::user("moses makes two files, which stdout can't hold")
                        .hint("name their prefix with --output PREFIX"),
                );
            };
            return Ok(Box::new(MosesWriter::create(prefix)?));
        }
        Some(ExportFormat::Tmx) => UnitFormat::Tmx,
        Some(ExportFormat::Tsv) => UnitFormat::Tsv,
        Some(ExportFormat::Csv) => UnitFormat::Csv,
        Some(ExportFormat::Jsonl) => UnitFormat::Jsonl,
        Some(ExportFormat::Xliff) => UnitFormat::Xliff,
        Some(ExportFormat::Po) => UnitFormat::Po,
        None => by_name().unwrap_or(UnitFormat::Tsv),
    };
    let options = WriteOptions {
        columns: args.columns.clone(),
    };
    Ok(unit_writer(format, destination.open()?, &options)?)
}
