//! The configuration: what holds for every command of a user or in a project, unless an option says otherwise.
//!
//! Every [`Settings`] key has a value from the first of these that names it:
//!
//! 1. a command's option, such as `--threshold`
//! 2. an environment variable: `DHAKIRA_` and the key in capitals with `_` for `.` and `-`, such as
//!    `DHAKIRA_LOOKUP_THRESHOLD`; an empty one counts as unset
//! 3. the project's file, `.dhakira.toml` in the working directory or the nearest folder above it that has one
//! 4. the user's file, `dhakira/config.toml` in the configuration folder (`$XDG_CONFIG_HOME` or `~/.config`)
//! 5. the default
//!
//! A key that nobody knows and a value that can't be are errors that name the key and the file or variable.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::args::ColorWhen;
use super::bidi::BidiMode;
use super::error::{CommandError, Doing};
use super::paths;
use crate::matching::penalty::PenaltyPolicy;
use crate::text::segment::SegmentOptions;

/// The name of a project's file.
pub(crate) const PROJECT_FILE: &str = ".dhakira.toml";

const MEMORY: &str = "memory";

/// Everything that can be configured, as the files have it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// The memory file. In a file, relative to the folder of that file; `~/` is the home folder.
    pub(crate) memory: Option<PathBuf>,
    /// When to colour.
    pub(crate) color: ColorWhen,
    /// When to isolate right-to-left text.
    pub(crate) bidi: BidiMode,
    /// What `lookup` does.
    pub(crate) lookup: LookupSettings,
    /// What `pretranslate` does.
    pub(crate) pretranslate: PretranslateSettings,
    /// How text is cut.
    pub(crate) segmentation: SegmentationSettings,
    /// What penalties cost.
    pub(crate) penalties: PenaltyPolicy,
}

/// `[lookup]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LookupSettings {
    /// Matches from this score on are shown.
    pub(crate) threshold: Threshold,
    /// The most matches that are shown of a segment.
    pub(crate) limit: NonZeroUsize,
}

impl Default for LookupSettings {
    fn default() -> Self {
        Self {
            threshold: Threshold(70),
            limit: const { NonZeroUsize::new(5).unwrap() },
        }
    }
}

/// `[pretranslate]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PretranslateSettings {
    /// Matches from this score on are used.
    pub(crate) threshold: Threshold,
}

impl Default for PretranslateSettings {
    fn default() -> Self {
        Self {
            threshold: Threshold(75),
        }
    }
}

/// `[segmentation]`
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SegmentationSettings {
    /// Whether `؛` and `;` end a segment.
    pub(crate) semicolon_ends: bool,
}

impl SegmentationSettings {
    /// The options of the segmenter.
    pub(crate) fn options(&self) -> SegmentOptions {
        SegmentOptions {
            semicolon_ends: self.semicolon_ends,
            ..SegmentOptions::default()
        }
    }
}

/// A score in whole points, 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub(crate) struct Threshold(u8);

impl TryFrom<u8> for Threshold {
    type Error = String;

    fn try_from(points: u8) -> Result<Self, String> {
        if (1..=100).contains(&points) {
            Ok(Self(points))
        } else {
            Err(format!("{points} is no score from 1 to 100"))
        }
    }
}

impl From<Threshold> for u8 {
    fn from(threshold: Threshold) -> Self {
        threshold.0
    }
}

/// What gave a setting its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Layer {
    /// Nobody.
    Default,
    /// The user's file.
    User(PathBuf),
    /// The project's file.
    Project(PathBuf),
    /// An environment variable.
    Variable(String),
    /// An option of all commands.
    Option(&'static str),
}

/// A setting with its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// The key with its table's, such as `lookup.threshold`.
    pub(crate) key: String,
    /// The value; `None` where nobody named a memory.
    pub(crate) value: Option<Value>,
    /// Where it comes from.
    pub(crate) layer: Layer,
}

/// The settings, and where they come from.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The values.
    pub(crate) settings: Settings,
    /// The same one by one, in the order of the declarations above, for people to see.
    pub(crate) entries: Vec<Entry>,
    /// The memory that was named; a path need not be UTF-8, as an entry's value is.
    memory: Option<PathBuf>,
}

impl Config {
    /// The defaults.
    pub(crate) fn defaults() -> Self {
        // Settings are numbers, strings, truth values and tables of them, all of which TOML has.
        let table = Table::try_from(Settings::default()).expect("settings are TOML");
        let mut entries = vec![Entry {
            key: MEMORY.to_owned(),
            value: None,
            layer: Layer::Default,
        }];
        each_leaf("", &table, &mut |key, value| {
            entries.push(Entry {
                key,
                value: Some(value.clone()),
                layer: Layer::Default,
            });
        });
        Self {
            settings: Settings::default(),
            entries,
            memory: None,
        }
    }

    /// The configuration of this process: files and environment.
    pub(crate) fn load() -> Result<Self, CommandError> {
        let mut config = Self::defaults();
        if let Some(path) = paths::user_config() {
            config.read_file(&path, Layer::User)?;
        }
        // Without a working directory there is no project.
        for folder in std::env::current_dir().unwrap_or_default().ancestors() {
            if config.read_file(&folder.join(PROJECT_FILE), Layer::Project)? {
                break;
            }
        }
        config.read_variables(|name| std::env::var_os(name))?;
        config.settle()
    }

    /// Notes that an option of all commands says otherwise.
    pub(crate) fn note_option(&mut self, key: &str, value: String, option: &'static str) {
        self.set(key, Value::String(value), Layer::Option(option));
    }

    /// Takes the settings of a file; whether it is there.
    fn read_file(
        &mut self,
        path: &Path,
        layer: fn(PathBuf) -> Layer,
    ) -> Result<bool, CommandError> {
        let cant = || format!("can't use the configuration `{}`", path.display());
        let text = match std::fs::read_to_string(path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            read => read.doing(cant)?,
        };
        let broken =
            |error: toml::de::Error| CommandError::user(cant()).because(said(&error, &text));
        toml::from_str::<Settings>(&text).map_err(broken)?;
        let table: Table = text.parse().map_err(broken)?;
        each_leaf("", &table, &mut |key, value| match value {
            Value::String(memory) if key == MEMORY => {
                let folder = path.parent().unwrap_or(Path::new(""));
                let memory = folder.join(paths::at_home(memory));
                self.set_memory(memory, layer(path.to_owned()));
            }
            value => self.set(&key, value.clone(), layer(path.to_owned())),
        });
        Ok(true)
    }

    /// Takes the settings that environment variables name.
    fn read_variables(
        &mut self,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<(), CommandError> {
        for i in 0..self.entries.len() {
            let Entry { key, value, .. } = &self.entries[i];
            let name = variable_name(key);
            let Some(raw) = variable(&name).filter(|raw| !raw.is_empty()) else {
                continue;
            };
            if key == MEMORY {
                self.set_memory(raw.into(), Layer::Variable(name));
                continue;
            }
            let cant = || format!("can't use the variable `{name}`");
            let Some(text) = raw.to_str() else {
                return Err(CommandError::user(cant()).because("it is not UTF-8"));
            };
            let value = if matches!(value, Some(Value::String(_))) {
                Value::String(text.to_owned())
            } else {
                // What is no TOML value is a string where none may stand, and is refused below.
                text.parse()
                    .unwrap_or_else(|_| Value::String(text.to_owned()))
            };
            nested(key, value.clone())
                .try_into::<Settings>()
                .map_err(|e| CommandError::user(cant()).because(e.message().to_owned()))?;
            let key = key.clone();
            self.set(&key, value, Layer::Variable(name));
        }
        Ok(())
    }

    /// Gives a key that was checked to be one of [`Settings`] its value.
    fn set(&mut self, key: &str, value: Value, layer: Layer) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.key == key) {
            entry.value = Some(value);
            entry.layer = layer;
        }
    }

    fn set_memory(&mut self, path: PathBuf, layer: Layer) {
        self.set(MEMORY, path.to_string_lossy().as_ref().into(), layer);
        self.memory = Some(path);
    }

    /// Makes the settings what the entries say.
    fn settle(mut self) -> Result<Self, CommandError> {
        let mut table = Table::new();
        for entry in &self.entries {
            if let Some(value) = &entry.value {
                merge(&mut table, nested(&entry.key, value.clone()));
            }
        }
        let settings: Settings = table
            .try_into()
            .doing(|| "can't use the configuration".to_owned())?;
        self.settings = Settings {
            memory: self.memory.clone(),
            ..settings
        };
        Ok(self)
    }
}

/// The environment variable of a key.
fn variable_name(key: &str) -> String {
    format!("DHAKIRA_{}", key.to_uppercase().replace(['.', '-'], "_"))
}

/// An error of a file in one line: where, and what.
fn said(error: &toml::de::Error, text: &str) -> String {
    // TOML's word for what serde calls a field.
    let message = error.message().replacen("unknown field", "unknown key", 1);
    let line = error
        .span()
        .and_then(|span| text.get(..span.start))
        .map(|before| 1 + before.bytes().filter(|&b| b == b'\n').count());
    match line {
        Some(line) => format!("line {line}: {message}"),
        None => message,
    }
}

/// Calls `visit` with each value that is no table, and its key from the top.
fn each_leaf(prefix: &str, table: &Table, visit: &mut impl FnMut(String, &Value)) {
    for (key, value) in table {
        let key = format!("{prefix}{key}");
        match value {
            Value::Table(inner) => each_leaf(&format!("{key}."), inner, visit),
            value => visit(key, value),
        }
    }
}

/// A table with one value, at a key such as `lookup.threshold`.
fn nested(key: &str, value: Value) -> Table {
    let mut table = Table::new();
    match key.split_once('.') {
        Some((outer, inner)) => table.insert(outer.to_owned(), nested(inner, value).into()),
        None => table.insert(key.to_owned(), value),
    };
    table
}

/// Puts what is in `other` into `table`.
fn merge(table: &mut Table, other: Table) {
    for (key, value) in other {
        match (table.get_mut(&key), value) {
            (Some(Value::Table(inner)), Value::Table(value)) => merge(inner, value),
            (_, value) => {
                table.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_variables(variables: &[(&str, &str)]) -> Result<Config, CommandError> {
        let mut config = Config::defaults();
        config.read_variables(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.into())
        })?;
        config.settle()
    }

    #[test]
    fn the_defaults_are_settings_that_can_be_read_back() {
        let config = Config::defaults().settle().unwrap();
        let again = toml::to_string(&config.settings).unwrap();
        assert_eq!(again, toml::to_string(&Settings::default()).unwrap());
        let keys: Vec<&str> = config.entries.iter().map(|e| e.key.as_str()).collect();
        for key in [
            "memory",
            "lookup.threshold",
            "penalties.levelled.alef-maksura",
        ] {
            assert!(keys.contains(&key), "{keys:?}");
        }
    }

    #[test]
    fn the_readme_shows_the_defaults() {
        let readme = include_str!("../../README.md");
        let block = readme.split("```toml\n").nth(1).unwrap();
        let shown: Table = block.split("```").next().unwrap().parse().unwrap();
        let mut settings: Settings = shown.clone().try_into().unwrap();
        settings.memory = None;
        assert_eq!(
            toml::to_string(&settings).unwrap(),
            toml::to_string(&Settings::default()).unwrap()
        );
        let mut keys = Vec::new();
        each_leaf("", &shown, &mut |key, _| keys.push(key));
        for entry in Config::defaults().entries {
            let is_spelling = entry.key.starts_with("penalties.levelled.");
            assert!(is_spelling || keys.contains(&entry.key), "{}", entry.key);
        }
    }

    #[test]
    fn every_setting_has_a_variable() {
        let config = with_variables(&[
            ("DHAKIRA_MEMORY", "1"),
            ("DHAKIRA_LOOKUP_LIMIT", "9"),
            ("DHAKIRA_SEGMENTATION_SEMICOLON_ENDS", "true"),
            ("DHAKIRA_PENALTIES_LEVELLED_ALEF_MAKSURA", "0.5"),
            ("DHAKIRA_BIDI", ""),
        ])
        .unwrap();
        let settings = &config.settings;
        assert_eq!(settings.memory.as_deref(), Some(Path::new("1")));
        assert_eq!(settings.lookup.limit.get(), 9);
        assert!(settings.segmentation.semicolon_ends);
        assert_eq!(
            settings
                .penalties
                .levelled
                .get(crate::text::fold::Levelling::AlefMaksura)
                .hundredths(),
            50
        );
        let changed = config.entries.iter().filter(|e| e.layer != Layer::Default);
        assert_eq!(changed.count(), 4);
    }

    #[test]
    fn a_variable_that_can_not_be_is_named() {
        for (name, value) in [
            ("DHAKIRA_LOOKUP_THRESHOLD", "0"),
            ("DHAKIRA_LOOKUP_LIMIT", "0"),
            ("DHAKIRA_LOOKUP_LIMIT", "many"),
            ("DHAKIRA_COLOR", "sometimes"),
            ("DHAKIRA_PENALTIES_AGE", "200"),
            ("DHAKIRA_SEGMENTATION_SEMICOLON_ENDS", "1\nx = 2"),
        ] {
            let error = with_variables(&[(name, value)]).unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}
