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
use crate::cli::render::{UnitFormatArg, entries, grouped, plural, visible};
use crate::cli::ui::Ui;
use crate::diagnostic::Diagnostic;
use crate::format::ahead::read_ahead;
use crate::format::key_pairs::{self, KeyFile};
use crate::format::terms::{TermFormat, TermReadOptions, TermRecord, read_terms};
use crate::format::{
    Columns, FormatError, Input, ReadOptions, Record, RejectsWriter, Sink, moses, read_units,
};
use crate::lang::{Lang, Sides};
use crate::memory::{Import, ReadyUnit};
use crate::session::ImportCounts;

/// How many diagnostics are shown; `--rejects` keeps all of the rejected units.
pub(crate) const SHOWN_DIAGNOSTICS: usize = 20;

/// A file that is shorter is read without a thread of its own.
const READ_AHEAD_BYTES: u64 = 256 * 1024;

/// Import translation units from files
///
/// Reads TMX, XLIFF (SDLXLIFF, MQXLIFF, MXLIFF, TTX and TXML as well), PO, TSV, CSV, XLSX, JSON Lines and Moses pairs, plain or compressed (.gz, .zst). TBX is taken for terms, as `dhakira term import` does. All files of one command are one
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

    #[command(flatten)]
    keeping: KeepingArgs,
}

/// What becomes of what can't be taken, and what is said.
#[derive(Debug, Args)]
pub(super) struct KeepingArgs {
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
    let inputs = args.files.iter().chain(&args.pair);
    args.keeping.refuse_overwriting(context, inputs)?;
    let sources = Source::open_all(args)?;
    import_all(context, "import", sources, &args.keeping)
}

impl KeepingArgs {
    /// Refuses to write rejected units over what is read.
    pub(super) fn refuse_overwriting<'i>(
        &self,
        context: &Context,
        inputs: impl IntoIterator<Item = &'i PathBuf>,
    ) -> Result<(), CommandError> {
        match &self.rejects {
            Some(path) => context.refuse_overwriting(&Destination::from_option(Some(path)), inputs),
            None => Ok(()),
        }
    }
}

/// Imports all sources in one session of a command.
pub(super) fn import_all(
    context: &Context,
    command: &str,
    sources: Vec<Source>,
    args: &KeepingArgs,
) -> Result<Outcome, CommandError> {
    let rejects = match &args.rejects {
        Some(path) => {
            let destination = Destination::from_option(Some(path));
            Some(RejectsWriter::new(destination.open()?))
        }
        None => None,
    };
    let names: Vec<&str> = sources.iter().map(|source| &*source.name).collect();
    let info = session_info(command, Some(names.join(" ")));
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
        one_sided: 0,
    };
    for source in sources {
        let result = run.read(&context.ui, source);
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
        one_sided,
        ..
    } = run;
    let terms = import.term_counts();
    let counts = finish_import(context, import, args.dry_run)?;
    if let Some(rejects) = rejects {
        rejects.finish()?;
    }
    let imported = Imported {
        units,
        counts,
        terms,
        one_sided,
    };
    report(context, args, &imported)?;
    match imported.all() {
        ImportCounts { read: 0, .. } => Ok(Outcome::NothingFound),
        all if all.rejected == all.read => {
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
    let all = counts + import.term_counts();
    if dry_run || all.read == all.rejected {
        return Ok(counts);
    }
    let progress = context.ui.progress(Kind::Nothing, None);
    progress.message("indexing");
    Ok(import.finish()?)
}

/// What became of an import.
struct Imported {
    /// Units as the files have them: `tu`, `trans-unit`, lines. Each may make several, which the counts have.
    units: u64,
    counts: ImportCounts,
    /// Of term entries.
    terms: ImportCounts,
    /// Term entries that lack one of our languages.
    one_sided: u64,
}

impl Imported {
    /// Units and term entries.
    fn all(&self) -> ImportCounts {
        self.counts + self.terms
    }
}

/// Version 1 of the JSON object; fields are only ever added.
#[derive(Serialize)]
struct CountsRecord {
    v: u32,
    dry_run: bool,
    /// As the files have them, term entries included.
    units: u64,
    #[serde(flatten)]
    counts: ImportCounts,
    /// How many of `counts` are term entries.
    term_entries: ImportCounts,
}

fn report(context: &Context, args: &KeepingArgs, imported: &Imported) -> Result<(), CommandError> {
    let Imported {
        units,
        counts,
        terms,
        one_sided,
    } = imported;
    if args.json {
        Destination::Stdout.write(|out| {
            let record = CountsRecord {
                v: 1,
                dry_run: args.dry_run,
                units: units + terms.read,
                counts: imported.all(),
                term_entries: *terms,
            };
            serde_json::to_writer(&mut *out, &record).map_err(std::io::Error::from)?;
            Ok(writeln!(out)?)
        })?;
    }
    if terms.read > 0 {
        context.ui.note(describe_terms(terms, args.dry_run));
    }
    if *one_sided > 0 {
        context.ui.note(format!(
            "{} without an Arabic or without an English term: kept, but shown beside no match",
            grouped(*one_sided)
        ));
    }
    if counts.read > 0 || terms.read == 0 {
        let described = describe_counts(counts, args.dry_run);
        context.ui.note(if *units == counts.read {
            described
        } else {
            format!("{} in the files; {described}", plural(*units, "unit"))
        });
    }
    Ok(())
}

/// The counts of term entries in words.
fn describe_terms(counts: &ImportCounts, dry_run: bool) -> String {
    format!(
        "{} read{}: {} added, {} duplicates, {} rejected",
        entries(counts.read),
        if dry_run { ", nothing kept" } else { "" },
        grouped(counts.added),
        grouped(counts.duplicates),
        grouped(counts.rejected)
    )
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
pub(super) struct Source {
    name: String,
    reader: Reader,
}

enum Reader {
    Units(Input, ReadOptions),
    Terms(Input, TermReadOptions),
    Moses(Sides<Input>),
    Keys(Sides<KeyFile>),
}

impl Source {
    /// Opens everything before anything is read, so that a name that was mistyped costs no time.
    fn open_all(args: &ImportArgs) -> Result<Vec<Self>, CommandError> {
        let format = args.format.map(UnitFormatArg::unit_format);
        let mut sources = Vec::with_capacity(args.files.len() + args.moses.len());
        for path in &args.files {
            let input = open(path)?;
            let is_terms = match format {
                Some(format) => format.is_none(),
                None => TermFormat::is_told_by(&input),
            };
            sources.push(if is_terms {
                let options = TermReadOptions {
                    format: Some(TermFormat::Tbx),
                    columns: None,
                };
                Self::of_terms(input, options)
            } else {
                let options = ReadOptions {
                    format: format.flatten(),
                    columns: args.columns.clone(),
                    skip_obsolete: args.skip_obsolete,
                };
                Self {
                    name: input.name().to_owned(),
                    reader: Reader::Units(input, options),
                }
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

    /// A file of terms.
    pub(super) fn of_terms(input: Input, options: TermReadOptions) -> Self {
        Self {
            name: input.name().to_owned(),
            reader: Reader::Terms(input, options),
        }
    }
}

/// Opens a file, or stdin.
pub(super) fn open(path: &Path) -> Result<Input, FormatError> {
    if path == Path::new("-") {
        Input::stdin()
    } else {
        Input::open(path)
    }
}

impl Reader {
    /// The bytes to read in all, where known, and the counters of those that were read.
    fn meter(&self) -> (Option<u64>, Vec<Arc<AtomicU64>>) {
        match self {
            Self::Units(input, _) | Self::Terms(input, _) => (input.size(), vec![input.consumed()]),
            Self::Moses(sides) => {
                let size = sides.ar.size().zip(sides.en.size()).map(|(ar, en)| ar + en);
                (size, vec![sides.ar.consumed(), sides.en.consumed()])
            }
            Self::Keys(_) => (None, Vec::new()),
        }
    }
}

/// A record on its way into a memory.
enum Ready {
    Unit(Box<ReadyUnit>),
    Rejected { diagnostic: Diagnostic, raw: String },
    Remark(Diagnostic),
}

impl From<Record> for Ready {
    fn from(record: Record) -> Self {
        match record {
            Record::Unit(draft) => Self::Unit(Box::new(draft.into())),
            Record::Rejected { diagnostic, raw } => Self::Rejected { diagnostic, raw },
            Record::Remark(diagnostic) => Self::Remark(diagnostic),
        }
    }
}

/// Hands what `read` reads to `sink`; returns what it returns, or `None` where `sink` broke off.
fn read_bitext(
    is_small: bool,
    read: impl FnOnce(&mut Sink<'_>) -> Result<Option<u64>, FormatError> + Send + 'static,
    sink: &mut dyn FnMut(Ready) -> ControlFlow<()>,
) -> Result<Option<u64>, FormatError> {
    if is_small {
        read(&mut |record| sink(record.into()))
    } else {
        Ok(read_ahead(read, Ready::from, sink)?.flatten())
    }
}

/// An import under way.
struct Run<'m> {
    import: Import<'m>,
    rejects: Option<RejectsWriter<'static>>,
    findings: Findings,
    /// Units as the files have them.
    units: u64,
    /// Term entries that lack one of our languages.
    one_sided: u64,
}

impl Run<'_> {
    fn read(&mut self, ui: &Ui, source: Source) -> Result<(), CommandError> {
        let Source { name, reader } = source;
        let (size, consumed) = reader.meter();
        let progress = ui.progress(Kind::Bytes, size);
        let short = Path::new(&name).file_name().unwrap_or_default();
        progress.message(format!("importing {}", short.to_string_lossy()));
        let before = self.import.counts().read;
        let mut steps = Steps {
            progress,
            consumed,
            failure: None,
        };
        // How many units of its own kind a file has is told where that is not the number of records.
        let is_small = size.is_some_and(|bytes| bytes < READ_AHEAD_BYTES);
        let units = match reader {
            Reader::Units(input, options) => read_bitext(
                is_small,
                move |sink| read_units(input, &options, sink),
                &mut |record| steps.step(|| self.take(&name, record)),
            )?,
            Reader::Moses(sides) => read_bitext(
                is_small,
                move |sink| moses::read(sides, sink).map(|()| None),
                &mut |record| steps.step(|| self.take(&name, record)),
            )?,
            Reader::Keys(files) => Some(key_pairs::read(files, &mut |record| {
                steps.step(|| self.take(&name, record.into()))
            })),
            Reader::Terms(input, options) => {
                read_terms(input, &options, &mut |record| {
                    steps.step(|| self.take_term(&name, record))
                })?;
                None
            }
        };
        self.units += units.unwrap_or(self.import.counts().read - before);
        steps.failure.map_or(Ok(()), Err)
    }

    fn take(&mut self, name: &str, record: Ready) -> Result<(), CommandError> {
        match record {
            Ready::Unit(unit) => {
                self.import.push_ready(&unit)?;
            }
            Ready::Rejected { diagnostic, raw } => {
                self.import.reject();
                self.rejected(name, &diagnostic, &raw)?;
            }
            Ready::Remark(diagnostic) => self.findings.add(name, &diagnostic),
        }
        Ok(())
    }

    fn take_term(&mut self, name: &str, record: TermRecord) -> Result<(), CommandError> {
        match record {
            Record::Unit(entry) => {
                self.one_sided += u64::from(!Lang::BOTH.iter().all(|lang| entry.has(*lang)));
                self.import.push_term(&entry)?;
            }
            Record::Rejected { diagnostic, raw } => {
                self.import.reject_term();
                self.rejected(name, &diagnostic, &raw)?;
            }
            Record::Remark(diagnostic) => self.findings.add(name, &diagnostic),
        }
        Ok(())
    }

    fn rejected(
        &mut self,
        name: &str,
        diagnostic: &Diagnostic,
        raw: &str,
    ) -> Result<(), CommandError> {
        if let Some(rejects) = &mut self.rejects {
            rejects.write(name, diagnostic, raw)?;
        }
        self.findings.add(name, diagnostic);
        Ok(())
    }
}

/// Shows how far a source is read, and keeps what stopped it.
struct Steps {
    progress: Progress,
    consumed: Vec<Arc<AtomicU64>>,
    failure: Option<CommandError>,
}

impl Steps {
    fn step(&mut self, take: impl FnOnce() -> Result<(), CommandError>) -> ControlFlow<()> {
        let bytes = self.consumed.iter().map(|c| c.load(Ordering::Relaxed));
        self.progress.at(bytes.sum());
        match interrupt::check().and_then(|()| take()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.failure = Some(error);
                ControlFlow::Break(())
            }
        }
    }
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
