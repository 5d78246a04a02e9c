//! `dhakira import`.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::Args;
use serde::Serialize;

use super::{Outcome, session_info};
use crate::cli::args::Context;
use crate::cli::clock::now;
use crate::cli::error::CommandError;
use crate::cli::interrupt;
use crate::cli::output::Destination;
use crate::cli::progress::{Kind, Progress};
use crate::cli::render::{UnitFormatArg, grouped, plural, visible};
use crate::cli::ui::Ui;
use crate::diagnostic::Diagnostic;
use crate::format::key_pairs::{self, KeyFile};
use crate::format::{
    Columns, FormatError, Input, ReadOptions, Record, RejectsWriter, Sink, moses, read_units,
};
use crate::lang::Sides;
use crate::memory::Import;
use crate::session::ImportCounts;

/// How many diagnostics are shown; `--rejects` keeps all of the rejected units.
pub(crate) const SHOWN_DIAGNOSTICS: usize = 20;

/// Import translation units from files
///
/// Reads TMX, XLIFF (SDLXLIFF, MQXLIFF, MXLIFF, TTX and TXML as well), PO, TSV, CSV, XLSX, JSON Lines and Moses pairs, plain or compressed (.gz, .zst). All files of one command are one
/// session: kept whole, or not at all. Units that the memory has already are counted and not doubled. Units that can't
/// be taken are shown with their place and, with --rejects, written to a file that can be mended and imported.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The files; - is stdin
    #[arg(value_name = "FILE", required_unless_present_any = ["moses", "pair"])]
    files: Vec<PathBuf>,

    /// Import the pair PREFIX.ar and PREFIX.en, line by line; may be given more than once
    #[arg(long, value_name = "PREFIX")]
    moses: Vec<PathBuf>,

    /// Import what two files have under the same keys: JSON, YAML, Java properties, Android strings; may be given more than
    /// once
    #[arg(long, value_names = ["AR", "EN"], num_args = 2)]
    pair: Vec<PathBuf>,

    /// The format of the files [default: told from their names, else from their first bytes]
    #[arg(long, value_name = "FORMAT")]
    format: Option<UnitFormatArg>,

    /// The columns of TSV, CSV and XLSX, such as doc,index,ar,en: ar, en, doc, index, author, created, changed, state,
    /// confidence, note, - for one to skip [default: a header line, else the first two, told by script]
    #[arg(long, value_name = "NAMES")]
    columns: Option<Columns>,

    /// Leave out messages of PO files that are commented out (#~)
    #[arg(long)]
    skip_obsolete: bool,

    /// Write the units that could not be taken to this file
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,

    /// Keep nothing where a unit could not be taken or had to be mended
    #[arg(long)]
    strict: bool,

    /// Only count what would become of the units
    #[arg(long)]
    dry_run: bool,

    /// Print the counts on stdout as one JSON object
    #[arg(long)]
    json: bool,
}

/// Imports the files in one session.
pub(crate) fn run(context: &Context, args: &ImportArgs) -> Result<Outcome, CommandError> {
    let rejects = match &args.rejects {
        Some(path) => {
            let destination = Destination::from_option(Some(path));
            context.refuse_overwriting(&destination, args.files.iter().chain(&args.pair))?;
            Some(RejectsWriter::new(destination.open()?))
        }
        None => None,
    };
    let sources = Source::open_all(args)?;
    let names: Vec<&str> = sources.iter().map(|source| &*source.name).collect();
    let info = session_info("import", Some(names.join(" ")));
    let mut target = if args.dry_run {
        context.open_memory_to_try()?
    } else {
        context.open_memory_to_write()?.into()
    };
    let mut run = Run {
        import: target.memory.begin(&info, now())?,
        rejects,
        findings: Findings::default(),
        units: 0,
    };
    let options = ReadOptions {
        format: args.format.map(Into::into),
        columns: args.columns.clone(),
        skip_obsolete: args.skip_obsolete,
    };
    for source in sources {
        let result = run.read(&context.ui, source, &options);
        if result.is_err() {
            run.findings.show(&context.ui, args.rejects.as_deref());
        }
        result?;
    }
    run.findings.show(&context.ui, args.rejects.as_deref());
    if args.strict && run.findings.all > 0 {
        let what = plural(run.findings.all, "finding");
        return Err(
            CommandError::user(format!("{what}; with --strict nothing is kept"))
                .hint("mend the files, or leave --strict out"),
        );
    }
    let Run {
        import,
        rejects,
        units,
        ..
    } = run;
    let counts = finish_import(context, import, args.dry_run)?;
    if let Some(rejects) = rejects {
        rejects.finish()?;
    }
    report(context, args, &counts, units)?;
    match counts {
        ImportCounts { read: 0, .. } => Ok(Outcome::NothingFound),
        _ if counts.rejected == counts.read => {
            Err(CommandError::user("none of the units could be taken"))
        }
        _ => Ok(Outcome::Done),
    }
}

/// Keeps what was pushed, unless it is a dry run or there is nothing to keep.
pub(super) fn finish_import(
    context: &Context,
    import: Import<'_>,
    dry_run: bool,
) -> Result<ImportCounts, CommandError> {
    let counts = import.counts();
    if dry_run || counts.read == counts.rejected {
        return Ok(counts);
    }
    let progress = context.ui.progress(Kind::Nothing, None);
    progress.message("indexing");
    Ok(import.finish()?)
}

/// Version 1 of the JSON object; fields are only ever added.
#[derive(Serialize)]
struct CountsRecord<'c> {
    v: u32,
    dry_run: bool,
    /// Units as the files have them: `tu`, `trans-unit`, lines. Each may make several, which `read` counts.
    units: u64,
    #[serde(flatten)]
    counts: &'c ImportCounts,
}

fn report(
    context: &Context,
    args: &ImportArgs,
    counts: &ImportCounts,
    units: u64,
) -> Result<(), CommandError> {
    if args.json {
        Destination::Stdout.write(|out| {
            let record = CountsRecord {
                v: 1,
                dry_run: args.dry_run,
                units,
                counts,
            };
            serde_json::to_writer(&mut *out, &record).map_err(std::io::Error::from)?;
            Ok(writeln!(out)?)
        })?;
    }
    let described = describe_counts(counts, args.dry_run);
    context.ui.note(if units == counts.read {
        described
    } else {
        format!("{} in the files; {described}", plural(units, "unit"))
    });
    Ok(())
}

/// The counts in words.
pub(super) fn describe_counts(counts: &ImportCounts, dry_run: bool) -> String {
    format!(
        "{} read{}: {} added, {} merged, {} duplicates, {} rejected",
        plural(counts.read, "unit"),
        if dry_run { ", nothing kept" } else { "" },
        grouped(counts.added),
        grouped(counts.merged),
        grouped(counts.duplicates),
        grouped(counts.rejected)
    )
}

/// One thing to read units from.
struct Source {
    name: String,
    reader: Reader,
}

enum Reader {
    File(Input),
    Moses(Sides<Input>),
    Keys(Sides<KeyFile>),
}

impl Source {
    /// Opens everything before anything is read, so that a name that was mistyped costs no time.
    fn open_all(args: &ImportArgs) -> Result<Vec<Self>, CommandError> {
        let mut sources = Vec::with_capacity(args.files.len() + args.moses.len());
        for path in &args.files {
            let input = if path == Path::new("-") {
                Input::stdin()?
            } else {
                Input::open(path)?
            };
            sources.push(Self {
                name: input.name().to_owned(),
                reader: Reader::File(input),
            });
        }
        for prefix in &args.moses {
            sources.push(Self {
                name: prefix.display().to_string(),
                reader: Reader::Moses(moses::open(prefix)?),
            });
        }
        for pair in args.pair.chunks_exact(2) {
            let files = Sides {
                ar: KeyFile::open(&pair[0])?,
                en: KeyFile::open(&pair[1])?,
            };
            sources.push(Self {
                name: files.ar.name().to_owned(),
                reader: Reader::Keys(files),
            });
        }
        Ok(sources)
    }
}

impl Reader {
    /// The bytes to read in all, where known, and the counters of those that were read.
    fn meter(&self) -> (Option<u64>, Vec<Arc<AtomicU64>>) {
        match self {
            Self::File(input) => (input.size(), vec![input.consumed()]),
            Self::Moses(sides) => {
                let size = sides.ar.size().zip(sides.en.size()).map(|(ar, en)| ar + en);
                (size, vec![sides.ar.consumed(), sides.en.consumed()])
            }
            Self::Keys(_) => (None, Vec::new()),
        }
    }

    /// Returns how many units of its own kind a file has, where that is not the number of records.
    fn read(self, options: &ReadOptions, sink: &mut Sink<'_>) -> Result<Option<u64>, FormatError> {
        match self {
            Self::File(input) => read_units(input, options, sink),
            Self::Moses(sides) => moses::read(sides, sink).map(|()| None),
            Self::Keys(files) => Ok(Some(key_pairs::read(files, sink))),
        }
    }
}

/// An import under way.
struct Run<'m> {
    import: Import<'m>,
    rejects: Option<RejectsWriter<'static>>,
    findings: Findings,
    /// Units as the files have them.
    units: u64,
}

impl Run<'_> {
    fn read(&mut self, ui: &Ui, source: Source, options: &ReadOptions) -> Result<(), CommandError> {
        let Source { name, reader } = source;
        let (size, consumed) = reader.meter();
        let progress = ui.progress(Kind::Bytes, size);
        let short = Path::new(&name).file_name().unwrap_or_default();
        progress.message(format!("importing {}", short.to_string_lossy()));
        let mut failure = None;
        let before = self.import.counts().read;
        let units = reader.read(options, &mut |record| {
            advance(&progress, &consumed);
            match interrupt::check().and_then(|()| self.take(&name, record)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failure = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        self.units += units.unwrap_or(self.import.counts().read - before);
        failure.map_or(Ok(()), Err)
    }

    fn take(&mut self, name: &str, record: Record) -> Result<(), CommandError> {
        match record {
            Record::Unit(draft) => {
                self.import.push(&draft)?;
            }
            Record::Rejected { diagnostic, raw } => {
                self.import.reject();
                if let Some(rejects) = &mut self.rejects {
                    rejects.write(name, &diagnostic, &raw)?;
                }
                self.findings.add(name, &diagnostic);
            }
            Record::Remark(diagnostic) => self.findings.add(name, &diagnostic),
        }
        Ok(())
    }
}

fn advance(progress: &Progress, consumed: &[Arc<AtomicU64>]) {
    let bytes = consumed.iter().map(|c| c.load(Ordering::Relaxed)).sum();
    progress.at(bytes);
}

/// The first [`SHOWN_DIAGNOSTICS`] diagnostics, and how many there were.
#[derive(Debug, Default)]
struct Findings {
    first: Vec<String>,
    all: u64,
}

impl Findings {
    fn add(&mut self, name: &str, diagnostic: &Diagnostic) {
        self.all += 1;
        if self.first.len() < SHOWN_DIAGNOSTICS {
            let colon = if diagnostic.location.is_some() {
                ":"
            } else {
                ": "
            };
            let line = format!("{name}{colon}{diagnostic}");
            self.first.push(visible(&line));
        }
    }

    fn show(&self, ui: &Ui, rejects: Option<&Path>) {
        for line in &self.first {
            ui.note(line);
        }
        let more = self.all - self.first.len() as u64;
        if more > 0 {
            ui.note(match rejects {
                Some(path) => format!(
                    "and {} more; rejected units are in `{}`",
                    grouped(more),
                    path.display()
                ),
                None => format!(
                    "and {} more; --rejects FILE keeps the rejected units",
                    grouped(more)
                ),
            });
        }
    }
}
