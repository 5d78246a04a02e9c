//! One file of a batch: read, filled, written.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use super::plan::backup_path;
use super::report::{FileRecord, Status};
use super::{BatchFile, Place};
use crate::cli::error::{CommandError, Doing};
use crate::cli::interrupt;
use crate::diagnostic::Diagnostic;
use crate::format::fill::{
    FileBytes, FileKind, FillOptions, FillableFile, Filling, HEAD_BYTES, OpenOptions, Slot, Stamp,
};
use crate::format::{FormatError, Output};
use crate::lang::{Lang, Sides};
use crate::memory::{LookupOptions, Query, SEGMENT_LIMIT, TranslationMemory};
use crate::pretranslate::{FillPolicy, Found, KnownTranslations, LookupCache, Tally, fill};

/// How much of a file's text is looked at to tell its language, in bytes.
const LANGUAGE_BYTES: usize = 1024 * 1024;

/// What the files of a batch are done with; shared by the threads.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The memory file.
    pub(crate) memory: PathBuf,
    /// What the files are; told from each where the user doesn't say.
    pub(crate) format: Option<FileKind>,
    /// Their language; the same.
    pub(crate) source: Option<Lang>,
    pub(crate) open: OpenOptions,
    pub(crate) policy: FillPolicy,
    /// How the memory is asked; the limit is each lookup's.
    pub(crate) lookup: LookupOptions,
    pub(crate) dry_run: bool,
    /// What the files have translated, by the language of the source.
    pub(crate) known: Sides<KnownTranslations>,
    pub(crate) cache: LookupCache,
}

/// What became of a file.
#[derive(Debug)]
pub(crate) struct FileResult {
    pub(crate) record: FileRecord,
    pub(crate) tally: Tally,
    /// Why it is not done.
    pub(crate) error: Option<CommandError>,
}

/// A file that was read.
struct Opened {
    kind: FileKind,
    compressed: bool,
    stamp: Option<Stamp>,
    file: Box<dyn FillableFile>,
    warnings: Vec<String>,
}

impl Batch {
    /// What one thread works with.
    pub(crate) fn worker(&self) -> Result<Worker<'_>, CommandError> {
        Ok(Worker {
            batch: self,
            memory: TranslationMemory::open(&self.memory)?,
            lookup: self.lookup.clone(),
        })
    }

    /// What a file has translated, by the language of its source. Nothing, where it can't be read: that is said when it is
    /// its turn to be filled.
    pub(crate) fn translations_of(
        &self,
        file: &BatchFile,
    ) -> Result<Sides<KnownTranslations>, CommandError> {
        interrupt::check()?;
        let mut known = Sides::default();
        if is_stdin(&file.input) {
            return Ok(known);
        }
        let opened = panic::catch_unwind(AssertUnwindSafe(|| self.open(file)));
        if let Ok(Ok(Some(opened))) = opened
            && let Ok(lang) = self.language(&*opened.file)
        {
            *known.get_mut(lang) = KnownTranslations::of(opened.file.slots());
        }
        Ok(known)
    }

    /// Reads a file; `None` where it was found in a folder and is of no kind that can be filled.
    fn open(&self, file: &BatchFile) -> Result<Option<Opened>, CommandError> {
        let name = name_of(&file.input);
        let read = if is_stdin(&file.input) {
            FileBytes::stdin()?
        } else {
            FileBytes::read(&file.input)?
        };
        let head = &read.bytes[..read.bytes.len().min(HEAD_BYTES)];
        let kind = match self.format.or_else(|| FileKind::of(&name, head)) {
            Some(kind) => kind,
            None if file.found => return Ok(None),
            None if head.contains(&0) => {
                return Err(CommandError::user(format!("can't tell what `{name}` is"))
                    .hint("say it with --format; `dhakira formats` lists what can be filled"));
            }
            None => FileKind::Text,
        };
        let mut warnings = Vec::new();
        let file = kind.open(read.bytes, &name, &self.open, &mut |diagnostic| {
            warnings.push(warning(&name, &diagnostic));
        })?;
        Ok(Some(Opened {
            kind,
            compressed: read.compressed,
            stamp: read.stamp,
            file,
            warnings,
        }))
    }

    /// The language that the file is to be translated from; the reason, where it is no work for a memory of Arabic and
    /// English.
    fn language(&self, file: &dyn FillableFile) -> Result<Lang, String> {
        let known = |tag: Option<String>, side: &str| match tag {
            Some(tag) if !tag.trim().is_empty() => match Lang::from_tag(&tag) {
                Some(lang) => Ok(Some(lang)),
                None => Err(format!("its {side} language is `{tag}`")),
            },
            _ => Ok(None),
        };
        let languages = file.languages();
        let target = known(languages.target, "target")?;
        let source = match self.source {
            Some(lang) => Some(lang),
            None => known(languages.source, "source")?,
        };
        let source = source.or_else(|| language_of(file.slots()));
        match (source, target) {
            (Some(source), Some(target)) if source == target => {
                Err(format!("its source and its target are both `{source}`"))
            }
            (Some(source), _) => Ok(source),
            (None, Some(target)) => Ok(target.other()),
            (None, None) => Ok(Lang::Arabic),
        }
    }
}

/// A thread's handle of the memory.
#[derive(Debug)]
pub(crate) struct Worker<'b> {
    batch: &'b Batch,
    memory: TranslationMemory,
    lookup: LookupOptions,
}

impl Worker<'_> {
    /// Fills a file.
    ///
    /// # Errors
    /// What concerns all files: the memory can't be read, the user wants to stop, nobody reads stdout. What concerns the
    /// file is in the result.
    pub(crate) fn file(&mut self, file: &BatchFile) -> Result<FileResult, CommandError> {
        interrupt::check()?;
        let mut result = FileResult {
            record: FileRecord {
                document: name_of(&file.input),
                status: Status::Failed,
                kind: None,
                source: None,
                output: None,
                backup: None,
                error: None,
                warnings: Vec::new(),
                counts: (&Tally::default()).into(),
            },
            tally: Tally::default(),
            error: None,
        };
        let done = panic::catch_unwind(AssertUnwindSafe(|| self.fill(file, &mut result)));
        let error = match done {
            Ok(Ok(())) => return Ok(result),
            Ok(Err(Failure::Run(error))) => return Err(error),
            Ok(Err(Failure::File(error))) => error,
            Err(_) => {
                // Its handle of the memory may be in the middle of something.
                self.memory = TranslationMemory::open(&self.batch.memory)?;
                CommandError::panicked()
            }
        };
        let error = error.about(&result.record.document);
        result.record.status = Status::Failed;
        result.record.error = Some(error.to_string());
        result.record.counts = (&Tally::default()).into();
        result.tally = Tally::default();
        result.error = Some(error);
        Ok(result)
    }

    fn fill(&mut self, file: &BatchFile, result: &mut FileResult) -> Result<(), Failure> {
        let batch = self.batch;
        let Some(opened) = batch.open(file)? else {
            result.record.status = Status::Skipped;
            return Ok(());
        };
        result.record.kind = Some(opened.kind.name());
        result.record.warnings.clone_from(&opened.warnings);
        let mut writing = Writing {
            file,
            opened: &opened,
            fillings: vec![Filling::default(); opened.file.slots().len()],
            options: FillOptions::default(),
        };
        let lang = match batch.language(&*opened.file) {
            Ok(lang) => lang,
            Err(reason) => {
                let name = &result.record.document;
                let message = format!("{name}: nothing is filled, since {reason}");
                result.record.warnings.push(message);
                result.tally = Tally::locked(opened.file.slots());
                result.record.counts = (&result.tally).into();
                return writing.write(batch.dry_run, &mut result.record);
            }
        };
        result.record.source = Some(lang.code());
        for slot in opened.file.slots() {
            let bytes = slot.source.text.len();
            if bytes > SEGMENT_LIMIT {
                let name = &result.record.document;
                result.record.warnings.push(format!(
                    "{name}:{}: a segment of {bytes} bytes is longer than {SEGMENT_LIMIT}; it is not looked up",
                    slot.line
                ));
            }
        }
        let memory_name = batch
            .memory
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        let shape = opened.kind.shape();
        let lookup = |query: &Query<'_>, limit: usize| {
            interrupt::check()?;
            batch.cache.get(query, limit, |query, limit| {
                self.lookup.limit = limit;
                let found = self.memory.lookup(query, &self.lookup)?;
                let found = found.into_iter();
                Ok(found
                    .map(|found| Found::of(found, lang, &memory_name))
                    .collect())
            })
        };
        let filled = fill(
            opened.file.slots(),
            shape,
            lang,
            &batch.policy,
            batch.known.get(lang),
            lookup,
        )
        .map_err(Failure::Run)?;
        result.tally = filled.tally;
        result.record.counts = (&filled.tally).into();
        writing.fillings = filled.fillings;
        writing.options.target = Some(lang.other());
        writing.write(batch.dry_run, &mut result.record)
    }
}

/// A filled file that is to be written.
struct Writing<'w> {
    file: &'w BatchFile,
    opened: &'w Opened,
    fillings: Vec<Filling>,
    options: FillOptions,
}

impl Writing<'_> {
    fn write(&self, dry_run: bool, record: &mut FileRecord) -> Result<(), Failure> {
        let is_unchanged = self
            .fillings
            .iter()
            .all(|filling| *filling == Filling::default());
        record.status = if is_unchanged {
            Status::Unchanged
        } else {
            Status::Written
        };
        let mut left_out =
            |diagnostic: Diagnostic| record.warnings.push(warning(&record.document, &diagnostic));
        self.opened
            .file
            .check(&self.fillings, &self.options, &mut left_out);
        if dry_run {
            // What the format refuses is found all the same.
            let written =
                self.opened
                    .file
                    .write(&self.fillings, &self.options, &mut std::io::sink());
            return Ok(written?);
        }
        match &self.file.place {
            Place::Stdout => Ok(self.to(Output::stdout())?),
            Place::File(path) => {
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder)
                        .doing(|| format!("can't make the folder `{}`", folder.display()))?;
                }
                self.to(Output::create(path)?)?;
                record.output = Some(path.display().to_string());
                Ok(())
            }
            Place::Itself if is_unchanged => Ok(()),
            Place::Itself => self.in_place(record),
        }
    }

    fn to(&self, mut output: Output<'_>) -> Result<(), CommandError> {
        self.opened
            .file
            .write(&self.fillings, &self.options, &mut output)?;
        if let Some(stamp) = self.opened.stamp {
            stamp.check(&self.file.input)?;
        }
        Ok(output.finish()?)
    }

    /// Whether what is to be written is what the file holds: fillings may say what stands there already.
    fn gives_again(&self, path: &Path) -> Result<bool, FormatError> {
        let failed = |source| FormatError::Open {
            path: path.to_owned(),
            source,
        };
        let mut comparison = Comparison {
            file: BufReader::new(File::open(path).map_err(failed)?),
            is_same: !self.opened.compressed,
        };
        if !comparison.is_same {
            return Ok(false);
        }
        self.opened
            .file
            .write(&self.fillings, &self.options, &mut comparison)?;
        let is_at_end = comparison.file.fill_buf().map_err(failed)?.is_empty();
        Ok(comparison.is_same && is_at_end)
    }

    /// Puts the filled file into the place of the file, once a copy of that is beside it.
    fn in_place(&self, record: &mut FileRecord) -> Result<(), Failure> {
        let cant = || format!("can't replace `{}`", self.file.input.display());
        // A link stays, and what it points to is replaced.
        let path = self.file.input.canonicalize().doing(cant)?;
        if self.opened.compressed != Output::is_compressed_at(&path) {
            return Err(CommandError::user(format!(
                "`{}` is compressed, and its name does not say so",
                path.display()
            ))
            .hint("unpack it, or give it a name that ends in .gz or .zst")
            .into());
        }
        if self.gives_again(&path)? {
            record.status = Status::Unchanged;
            return Ok(());
        }
        let mut output = Output::create(&path)?;
        self.opened
            .file
            .write(&self.fillings, &self.options, &mut output)?;
        if let Some(stamp) = self.opened.stamp {
            stamp.check(&path)?;
        }
        let backup = backup_path(&path);
        std::fs::hard_link(&path, &backup)
            .or_else(|_| std::fs::copy(&path, &backup).map(drop))
            .doing(|| format!("can't keep a copy of `{}`", path.display()))?;
        if let Err(error) = output.finish() {
            // The file is as it was, so that its copy is of no use.
            let _ = std::fs::remove_file(&backup);
            return Err(error.into());
        }
        record.output = Some(path.display().to_string());
        record.backup = Some(backup.display().to_string());
        Ok(())
    }
}

/// Holds what is written against a file.
struct Comparison {
    file: BufReader<File>,
    is_same: bool,
}

impl Write for Comparison {
    fn write(&mut self, mut bytes: &[u8]) -> std::io::Result<usize> {
        let len = bytes.len();
        while self.is_same && !bytes.is_empty() {
            let there = self.file.fill_buf()?;
            let (common, _) = bytes.split_at(bytes.len().min(there.len()));
            self.is_same = !common.is_empty() && there.starts_with(common);
            let common = common.len();
            self.file.consume(common);
            bytes = &bytes[common..];
        }
        Ok(len)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What stops a file, or the run.
enum Failure {
    File(CommandError),
    Run(CommandError),
}

impl<E: Into<CommandError>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = error.into();
        if error.is_broken_pipe() {
            Self::Run(error)
        } else {
            Self::File(error)
        }
    }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

fn name_of(path: &Path) -> String {
    if is_stdin(path) {
        "<stdin>".to_owned()
    } else {
        path.display().to_string()
    }
}

/// A finding about a file, with its name.
fn warning(name: &str, diagnostic: &Diagnostic) -> String {
    match diagnostic.location {
        Some(_) => format!("{name}:{diagnostic}"),
        None => format!("{name}: {diagnostic}"),
    }
}

/// The language of the sources' script, as far as [`LANGUAGE_BYTES`] of them tell it.
fn language_of(slots: &[Slot]) -> Option<Lang> {
    let mut text = String::new();
    for slot in slots {
        if text.len() >= LANGUAGE_BYTES {
            break;
        }
        text.push_str(&slot.source.text);
        text.push(' ');
    }
    Lang::of_text(&text)
}
