//! The arguments that all commands share.

use std::path::{Path, PathBuf};

use anstream::ColorChoice;
use clap::{Args, Parser, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::matching::penalty::PenaltyPolicy;
use crate::memory::{MemoryError, TranslationMemory};
use crate::score::Score;

use super::clock::now;
use super::command::Command;
use super::config::{Config, Settings};
use super::error::{CommandError, Doing};
use super::output::Destination;
use super::paths;
use super::ui::Ui;

/// An Arabic–English translation memory at the command line.
///
/// Fill a memory from translated documents (`align`) or from files of translation units (`import`), then ask it for
/// what has been translated before (`lookup`, `concordance`) or let it translate what it knows (`pretranslate`).
/// `dhakira demo` shows all of it on texts of its own. Defaults can be configured: `dhakira config` shows them.
#[derive(Debug, Parser)]
#[command(
    name = "dhakira",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 done, 1 ran well and found nothing, 2 wrong arguments or input, \
                  3 a fault of the program, 130 interrupted."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArgs {
    /// The memory file [default: $DHAKIRA_MEMORY, else `memory` of the configuration, else memory.dhakira in your data
    /// folder]
    #[arg(long, global = true, value_name = "FILE")]
    memory: Option<PathBuf>,

    /// Say nothing on stderr but errors
    #[arg(long, short, global = true)]
    quiet: bool,

    /// When to colour; NO_COLOR and CLICOLOR_FORCE count for `auto` [default: auto]
    #[arg(long, global = true, value_name = "WHEN")]
    color: Option<ColorWhen>,

    /// Show no progress bars
    #[arg(long, global = true)]
    no_progress: bool,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ColorWhen {
    #[default]
    Auto,
    Always,
    Never,
}

impl From<ColorWhen> for ColorChoice {
    fn from(when: ColorWhen) -> Self {
        match when {
            ColorWhen::Auto => Self::Auto,
            ColorWhen::Always => Self::AlwaysAnsi,
            ColorWhen::Never => Self::Never,
        }
    }
}

impl GlobalArgs {
    /// How to speak to the user before the configuration is known.
    pub(crate) fn ui(&self) -> Ui {
        Ui {
            quiet: self.quiet,
            progress: !self.no_progress,
            color: self.color.unwrap_or_default().into(),
        }
    }

    /// What commands work with.
    pub(crate) fn context(&self, mut config: Config) -> Context {
        if let Some(memory) = &self.memory {
            config.note_option("memory", memory.to_string_lossy().into(), "--memory");
        }
        if let Some(color) = self.color.and_then(|color| color.to_possible_value()) {
            config.note_option("color", color.get_name().to_owned(), "--color");
        }
        Context {
            memory: self.memory.clone(),
            ui: Ui {
                color: self.color.unwrap_or(config.settings.color).into(),
                ..self.ui()
            },
            config,
        }
    }
}

/// Options of the commands that penalties matter to.
#[derive(Debug, Args)]
pub(crate) struct PenaltyArgs {
    /// Prefer units of the documents with that name, in which * stands for any characters; others lose points
    #[arg(long, value_name = "PATTERN")]
    prefer_document: Option<String>,
}

impl PenaltyArgs {
    /// The configured penalties, with what the options say.
    pub(crate) fn policy(&self, context: &Context) -> PenaltyPolicy {
        let mut policy = context.settings().penalties.clone();
        if let Some(pattern) = &self.prefer_document {
            policy.prefer_document = pattern.clone().into();
            if policy.other_document == Score::default() {
                context.ui.warn(
                    "--prefer-document changes nothing while penalties.other_document is configured to be 0",
                );
            }
        }
        policy
    }
}

/// What every command is given beside its own arguments.
#[derive(Debug)]
pub(crate) struct Context {
    /// What is said and shown.
    pub(crate) ui: Ui,
    /// What files and environment say.
    pub(crate) config: Config,
    memory: Option<PathBuf>,
}

impl Context {
    /// The same with another memory.
    pub(crate) fn with_memory(&self, memory: PathBuf) -> Self {
        Self {
            memory: Some(memory),
            config: self.config.clone(),
            ui: self.ui,
        }
    }

    /// Where the memory is or will be: `--memory`, else that of the configuration, else [`paths::default_memory`].
    pub(crate) fn memory_path(&self) -> Result<PathBuf, CommandError> {
        match self.memory.as_ref().or(self.settings().memory.as_ref()) {
            Some(path) => Ok(path.clone()),
            None => paths::default_memory(),
        }
    }

    /// What holds where no option says otherwise.
    pub(crate) fn settings(&self) -> &Settings {
        &self.config.settings
    }

    /// Refuses a destination that is one of `inputs` or the memory itself.
    pub(crate) fn refuse_overwriting<'p>(
        &self,
        destination: &Destination,
        inputs: impl IntoIterator<Item = &'p PathBuf>,
    ) -> Result<(), CommandError> {
        destination.refuse_inputs(inputs)?;
        destination.refuse_inputs([&self.memory_path()?])
    }

    /// Opens the memory for reading; one that an older version wrote is brought up to date first.
    pub(crate) fn open_memory(&self) -> Result<TranslationMemory, CommandError> {
        let path = self.memory_path()?;
        match TranslationMemory::open(&path) {
            Err(MemoryError::Older { .. }) => {
                self.ui.note(format!(
                    "bringing the memory `{}` up to date",
                    path.display()
                ));
                Ok(TranslationMemory::open_or_create(&path, now())?)
            }
            opened => Ok(opened?),
        }
    }

    /// Opens the memory for writing; makes it where there is none, and its folder unless `--memory` names it.
    pub(crate) fn open_memory_to_write(&self) -> Result<TranslationMemory, CommandError> {
        let path = self.memory_path()?;
        match path.parent() {
            Some(folder) if self.memory.is_none() => std::fs::create_dir_all(folder)
                .doing(|| format!("can't make the folder `{}`", folder.display()))
                .map_err(|error| error.hint("name another memory with --memory FILE"))?,
            // A folder that the user named may be mistyped.
            Some(folder) if folder != Path::new("") && !folder.exists() => {
                return Err(CommandError::user(format!(
                    "there is no folder `{}` for the memory",
                    folder.display()
                ))
                .hint("make it, or name another memory with --memory FILE"));
            }
            _ => {}
        }
        Ok(TranslationMemory::open_or_create(&path, now())?)
    }

    /// Opens the memory for a change to what is there already; makes none.
    pub(crate) fn open_memory_to_change(&self) -> Result<TranslationMemory, CommandError> {
        drop(self.open_memory()?);
        self.open_memory_to_write()
    }

    /// Opens the memory for an import that is thrown away: the memory itself, or an empty one where there is none.
    pub(crate) fn open_memory_to_try(&self) -> Result<TargetMemory, CommandError> {
        if self.memory_path()?.exists() {
            return Ok(self.open_memory_to_write()?.into());
        }
        let folder = tempfile::tempdir().doing(|| "can't make a temporary folder".into())?;
        let path = folder.path().join("dry-run.dhakira");
        Ok(TargetMemory {
            memory: self.with_memory(path).open_memory_to_write()?,
            _folder: Some(folder),
        })
    }
}

/// A memory to import into, for good or for a dry run.
#[derive(Debug)]
pub(crate) struct TargetMemory {
    pub(crate) memory: TranslationMemory,
    /// Where it is, if it is only for this run; removed after the memory is closed.
    _folder: Option<tempfile::TempDir>,
}

impl From<TranslationMemory> for TargetMemory {
    fn from(memory: TranslationMemory) -> Self {
        Self {
            memory,
            _folder: None,
        }
    }
}
