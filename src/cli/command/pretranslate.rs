//! `dhakira pretranslate`.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::Outcome;
use crate::cli::args::{Context, PenaltyArgs};
use crate::cli::batch::fill::{Batch, FileResult, Worker};
use crate::cli::batch::parallel::{default_jobs, in_order};
use crate::cli::batch::report::{FileRecord, Report, Signature};
use crate::cli::batch::{Outputs, plan};
use crate::cli::clock::now;
use crate::cli::error::CommandError;
use crate::cli::output::Destination;
use crate::cli::progress::Kind;
use crate::cli::render::{LangArg, RankArg, grouped, plural};
use crate::cli::ui::Ui;
use crate::format::fill::{FileKind, OpenOptions};
use crate::lang::{Lang, Sides};
use crate::memory::LookupOptions;
use crate::pretranslate::policy::PROPOSALS;
use crate::pretranslate::{
    Confirm, FillPolicy, KnownTranslations, Leverage, LookupCache, Overwrite, Tally, Untranslated,
    Volume,
};
use crate::score::Score;

/// How many warnings of a file are shown; the report has all.
const SHOWN_WARNINGS: usize = 10;

/// Translate what the memory knows of files
///
/// Reads documents (text, Markdown and more) and files with room for translations; `dhakira formats` lists them. Each
/// segment with a match is filled, everything else in a file stays as it is. Of folders all files that can be filled are
/// done, and a file that can't be read doesn't keep the others from being done.
///
/// What matches save is counted by band: on stderr, and with --report as JSON.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 done, 1 no segment has a match, 2 wrong arguments, or some files could not be \
                        read or written (the others are done), 3 a fault of the program, 130 interrupted (files are \
                        whole, done or not)."
)]
pub(crate) struct PretranslateArgs {
    /// Files, and folders to look through; - is stdin
    #[arg(value_name = "IN", required = true)]
    inputs: Vec<PathBuf>,

    /// Write to this file, or into this folder [default: stdout]
    #[arg(long, short, value_name = "OUT|FOLDER")]
    output: Option<PathBuf>,

    /// Replace the files; what they were is kept as NAME.bak (NAME.bak2 and so on, where that is taken)
    #[arg(long, conflicts_with = "output")]
    in_place: bool,

    /// Write no files but the report
    #[arg(long)]
    dry_run: bool,

    /// Offer matches from this score on, 1 to 100, where a file has room for them [default: 75]
    #[arg(long, value_name = "SCORE", value_parser = clap::value_parser!(u8).range(1..=100))]
    threshold: Option<u8>,

    /// Fill targets with matches from this score on [default: that of --threshold]
    #[arg(long, value_name = "SCORE", value_parser = clap::value_parser!(u8).range(1..=100))]
    fill: Option<u8>,

    /// Which fillings count as done; never a match that lost points, has flags, or was seen by nobody
    #[arg(long, value_name = "WHAT", default_value = "exact")]
    confirm: ConfirmArg,

    /// Which translations that a file has may be replaced
    #[arg(long, value_name = "WHICH", default_value = "none")]
    overwrite: OverwriteArg,

    /// Fill repeats of what one of the files has translated
    #[arg(long)]
    repetitions: bool,

    #[command(flatten)]
    penalties: PenaltyArgs,

    /// What fuzzy matches are scored and ordered by
    #[arg(long, value_name = "BY", default_value = "usefulness")]
    rank: RankArg,

    /// What to write for a segment without a match, in files that have no room for both source and target
    #[arg(long, value_name = "WHAT", default_value = "source")]
    untranslated: UntranslatedArg,

    /// Write the counts, file by file, to this file as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// What the files are [default: told from their names and first bytes]
    #[arg(long, value_name = "FORMAT", value_parser = file_kinds())]
    format: Option<FileKind>,

    /// The language of the files [default: as they say, else told from their script]
    #[arg(long, value_name = "LANG")]
    source: Option<LangArg>,

    /// The columns of a table that are to be translated, by name or letter, such as B,D [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    columns: Vec<String>,

    /// Take each line as a segment instead of cutting the text into sentences
    #[arg(long)]
    sentences: bool,

    /// How many files to work on at once [default: the number of processors]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

fn file_kinds() -> impl TypedValueParser<Value = FileKind> {
    let parser = PossibleValuesParser::new(FileKind::ALL.map(FileKind::name));
    parser.try_map(|name| FileKind::from_name(&name).ok_or("no such format"))
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

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ConfirmArg {
    /// Context and exact matches, and repetitions
    Exact,
    /// Context matches, and repetitions under the same key
    Context,
    /// Nothing
    None,
}

impl From<ConfirmArg> for Confirm {
    fn from(arg: ConfirmArg) -> Self {
        match arg {
            ConfirmArg::Exact => Self::Exact,
            ConfirmArg::Context => Self::Context,
            ConfirmArg::None => Self::None,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OverwriteArg {
    /// None
    None,
    /// Those that nobody has confirmed
    Unconfirmed,
    /// All
    All,
}

impl From<OverwriteArg> for Overwrite {
    fn from(arg: OverwriteArg) -> Self {
        match arg {
            OverwriteArg::None => Self::None,
            OverwriteArg::Unconfirmed => Self::Unconfirmed,
            OverwriteArg::All => Self::All,
        }
    }
}

/// Fills the files.
pub(crate) fn run(context: &Context, args: &PretranslateArgs) -> Result<Outcome, CommandError> {
    let policy = policy(context, args)?;
    let outputs = Outputs::of(&args.inputs, args.output.as_deref(), args.in_place)?;
    let plan = plan(&args.inputs, &outputs)?;
    let report = args
        .report
        .as_deref()
        .map(|path| Destination::from_option(Some(path)));
    let inputs = || plan.files.iter().map(|file| &file.input);
    if let Some(report) = &report {
        context.refuse_overwriting(report, inputs())?;
    }
    if let Outputs::File(path) = &outputs {
        context.refuse_overwriting(&Destination::File(path.clone()), inputs())?;
    }
    let memory = context.open_memory()?;
    let identity = memory.identity()?;
    drop(memory);
    let penalties = args.penalties.policy(context);
    let (program, score_version, fold_version) = Signature::versions();
    let signature = Signature {
        program,
        score_version,
        fold_version,
        threshold: policy.threshold.points(),
        fill: policy.fill.points(),
        confirm: name_of(&args.confirm),
        overwrite: name_of(&args.overwrite),
        repetitions: policy.repetitions,
        rank: name_of(&args.rank),
        penalties: penalties.clone(),
        memory: identity,
    };
    let mut batch = Batch {
        memory: context.memory_path()?,
        format: args.format,
        source: args.source.map(Lang::from),
        open: OpenOptions {
            segmentation: context.settings().segmentation.options(),
            one_segment_a_line: args.sentences,
            source: args.source.map(Lang::from),
            columns: args.columns.clone(),
        },
        policy,
        lookup: LookupOptions {
            cutoff: policy.threshold,
            limit: PROPOSALS,
            rank: args.rank.into(),
            penalties,
            now: now(),
        },
        dry_run: args.dry_run,
        known: Sides::default(),
        cache: LookupCache::default(),
    };
    let jobs = args.jobs.unwrap_or_else(default_jobs);
    if policy.repetitions && plan.files.len() > 1 {
        let mut known = Sides::<KnownTranslations>::default();
        let work = |(): &mut (), file: &_| batch.translations_of(file);
        in_order(
            &plan.files,
            jobs,
            || Ok(()),
            work,
            |_, of_file| {
                known.ar.append(of_file.ar);
                known.en.append(of_file.en);
                Ok(())
            },
        )?;
        batch.known = known;
    }

    let progress = context
        .ui
        .progress(Kind::Items("files"), Some(plan.files.len() as u64));
    progress.message("pre-translating");
    let mut done = Done::default();
    let start = || batch.worker();
    in_order(&plan.files, jobs, start, Worker::file, |_, result| {
        done.take(&context.ui, result);
        progress.at(done.records.len() as u64);
        Ok(())
    })
    .map_err(|error| match done.records.len() {
        0 => error,
        files => error.after(&format!(
            "{} done before are whole",
            plural(files as u64, "file")
        )),
    })?;
    drop(progress);

    if let Some(report) = report {
        let only = match &done.records[..] {
            [only] => Some(only),
            _ => None,
        };
        Report {
            v: 1,
            signature: signature.line(),
            settings: &signature,
            threshold: signature.threshold,
            dry_run: args.dry_run,
            document: only.map(|only| Path::new(&only.document)),
            source: only.and_then(|only| only.source),
            counts: (&done.tally).into(),
            files: &done.records,
        }
        .write(&report)?;
    }
    done.end(context, &signature, plan.others)
}

/// What the options and the configuration say about matches.
fn policy(context: &Context, args: &PretranslateArgs) -> Result<FillPolicy, CommandError> {
    let configured = context.settings().pretranslate.threshold.into();
    let threshold = args.threshold.unwrap_or(configured);
    let fill = args.fill.unwrap_or(threshold);
    if fill < threshold {
        return Err(CommandError::user(format!(
            "--fill {fill} is below --threshold {threshold}, and nothing below that is looked up"
        ))
        .hint(format!("say --threshold {fill} too")));
    }
    Ok(FillPolicy {
        threshold: Score::from_points(threshold),
        fill: Score::from_points(fill),
        confirm: args.confirm.into(),
        overwrite: args.overwrite.into(),
        repetitions: args.repetitions,
        untranslated: args.untranslated.into(),
    })
}

fn name_of(value: &impl ValueEnum) -> String {
    let value = value.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}

/// What has been done so far.
#[derive(Debug, Default)]
struct Done {
    records: Vec<FileRecord>,
    tally: Tally,
    failed: u64,
    faults: u64,
}

impl Done {
    /// Takes the next file's result, and says what is wrong with it.
    fn take(&mut self, ui: &Ui, result: FileResult) {
        let warnings = &result.record.warnings;
        for warning in warnings.iter().take(SHOWN_WARNINGS) {
            ui.warn(warning);
        }
        if warnings.len() > SHOWN_WARNINGS {
            let more = warnings.len() - SHOWN_WARNINGS;
            ui.warn(format!(
                "{}: {} more; --report has all",
                result.record.document,
                plural(more as u64, "warning")
            ));
        }
        if let Some(error) = result.error {
            ui.error(&error);
            self.failed += 1;
            self.faults += u64::from(error.is_internal());
        }
        self.tally += result.tally;
        self.records.push(result.record);
    }

    /// Says the counts; fails where a file did.
    fn end(
        &self,
        context: &Context,
        signature: &Signature,
        others: u64,
    ) -> Result<Outcome, CommandError> {
        let ui = &context.ui;
        say_counts(ui, &self.tally);
        if self.records.len() > 1 {
            ui.note(format!("signature: {}", signature.line()));
        }
        if others > 0 {
            ui.note(format!(
                "{} of other kinds left alone; `dhakira formats` lists what can be filled",
                plural(others, "file")
            ));
        }
        let all = self.records.len() as u64;
        if self.failed > 0 {
            let message = format!(
                "{} of {} could not be pre-translated",
                grouped(self.failed),
                plural(all, "file")
            );
            let error = if self.faults > 0 {
                CommandError::fault(message)
            } else {
                CommandError::user(message)
            };
            return Err(match all - self.failed {
                0 => error,
                _ => error.hint("the others are done; see what is wrong with these above"),
            });
        }
        let nothing_to_do = self.tally.total().segments == 0 && self.tally.translated.segments > 0;
        Ok(if self.tally.matched.segments > 0 || nothing_to_do {
            Outcome::Done
        } else {
            Outcome::NothingFound
        })
    }
}

/// A line for each kind of leverage that there is, and one for the whole.
fn say_counts(ui: &Ui, tally: &Tally) {
    let row = |name: &str, [segments, words, characters]: [String; 3]| {
        ui.note(format!(
            "{name:<12} {segments:>9} {words:>11} {characters:>11}"
        ));
    };
    let figures = |volume: Volume| [volume.segments, volume.words, volume.characters].map(grouped);
    row("", ["segments", "words", "characters"].map(str::to_owned));
    let bands = Leverage::ALL.map(|leverage| (leverage.name(), tally.volume(leverage)));
    let before = [("translated", tally.translated), ("locked", tally.locked)];
    for (name, volume) in bands {
        if volume.segments > 0 {
            row(name, figures(volume));
        }
    }
    row("total", figures(tally.total()));
    for (name, volume) in before {
        if volume.segments > 0 {
            row(name, figures(volume));
        }
    }
}
