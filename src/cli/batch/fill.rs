//! One file of a batch: read and filled.

use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use super::BatchFile;
use super::report::{FileRecord, Status};
use super::write::Writing;
use crate::cli::error::CommandError;
use crate::cli::interrupt;
use crate::diagnostic::Diagnostic;
use crate::format::fill::{
    FileBytes, FileKind, FillOptions, FillableFile, Filling, HEAD_BYTES, OpenOptions, Slot, Stamp,
};
use crate::lang::{Lang, Sides};
use crate::memory::{LookupOptions, Query, SEGMENT_LIMIT, TranslationMemory};
use crate::pretranslate::{
    FileFill, FillPolicy, Found, KnownTranslations, LookupCache, Tally, fill,
};

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
pub(super) struct Opened {
    kind: FileKind,
    pub(super) compressed: bool,
    pub(super) stamp: Option<Stamp>,
    pub(super) file: Box<dyn FillableFile>,
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
        let name = &result.record.document;
        let long = too_long(name, opened.file.slots());
        result.record.warnings.extend(long);
        let filled = self.fillings(&opened, lang).map_err(Failure::Run)?;
        result.tally = filled.tally;
        result.record.counts = (&filled.tally).into();
        writing.fillings = filled.fillings;
        writing.options.target = Some(lang.other());
        writing.write(batch.dry_run, &mut result.record)
    }

    /// What is to be written into a file.
    fn fillings(&mut self, opened: &Opened, lang: Lang) -> Result<FileFill, CommandError> {
        let batch = self.batch;
        let memory_name = batch.memory.file_stem().unwrap_or_default();
        let memory_name = memory_name.to_string_lossy();
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
        fill(
            opened.file.slots(),
            opened.kind.shape(),
            lang,
            &batch.policy,
            batch.known.get(lang),
            lookup,
        )
    }
}

/// What stops a file, or the run.
pub(super) enum Failure {
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
pub(super) fn warning(name: &str, diagnostic: &Diagnostic) -> String {
    match diagnostic.location {
        Some(_) => format!("{name}:{diagnostic}"),
        None => format!("{name}: {diagnostic}"),
    }
}

/// What to say of segments that are not looked up.
fn too_long(name: &str, slots: &[Slot]) -> Vec<String> {
    let long = slots
        .iter()
        .filter(|slot| slot.source.text.len() > SEGMENT_LIMIT);
    long.map(|slot| {
        format!(
            "{name}:{}: a segment of {} bytes is longer than {SEGMENT_LIMIT}; it is not looked up",
            slot.line,
            slot.source.text.len()
        )
    })
    .collect()
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
