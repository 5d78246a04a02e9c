//! `dhakira config`.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde::Serialize;
use toml::Value;

use super::Outcome;
use crate::cli::args::Context;
use crate::cli::config::{Entry, Layer, PROJECT_FILE};
use crate::cli::error::CommandError;
use crate::cli::output::Destination;
use crate::cli::paths;

/// Show every setting with its value and where it comes from
///
/// An option of a command comes before the environment variable of a setting (lookup.limit is DHAKIRA_LOOKUP_LIMIT),
/// that before .dhakira.toml in the working directory or the nearest folder above it, that before dhakira/config.toml
/// in your configuration folder, that before the default. What is printed for people is a file as it may stand there.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: ConfigFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ConfigFormat {
    /// For people: TOML
    Human,
    /// One JSON object
    Json,
}

/// Prints the settings.
pub(crate) fn run(context: &Context, args: &ConfigArgs) -> Result<Outcome, CommandError> {
    let memory = context.memory_path()?.to_string_lossy().into_owned();
    let settings: Vec<Setting> = context
        .config
        .entries
        .iter()
        .map(|entry| Setting::of(entry, &memory))
        .collect();
    let user_file = paths::user_config();
    Destination::Stdout.write(|out| {
        match args.format {
            ConfigFormat::Human => write_human(out, &settings)?,
            ConfigFormat::Json => {
                let record = ConfigRecord {
                    v: 1,
                    user_file: user_file.as_ref().map(|path| path.to_string_lossy()),
                    project_file: PROJECT_FILE,
                    settings: &settings,
                };
                serde_json::to_writer(&mut *out, &record).map_err(io::Error::from)?;
                writeln!(out)?;
            }
        }
        Ok(())
    })?;
    Ok(Outcome::Done)
}

/// Version 1 of the JSON object; fields are only ever added.
#[derive(Serialize)]
struct ConfigRecord<'s> {
    v: u32,
    /// Where the user's file is or would be.
    user_file: Option<std::borrow::Cow<'s, str>>,
    /// The name of a project's file.
    project_file: &'static str,
    settings: &'s [Setting],
}

#[derive(Serialize)]
struct Setting {
    key: String,
    value: Value,
    /// `default`, `user`, `project`, `variable` or `option`.
    from: &'static str,
    /// The file, the variable or the option; null for the default.
    place: Option<String>,
}

impl Setting {
    /// The setting of an entry; `memory` is where the memory is in the end.
    fn of(entry: &Entry, memory: &str) -> Self {
        let (from, place) = match &entry.layer {
            Layer::Default => ("default", None),
            Layer::User(path) => ("user", Some(path.display().to_string())),
            Layer::Project(path) => ("project", Some(path.display().to_string())),
            Layer::Variable(name) => ("variable", Some(name.clone())),
            Layer::Option(name) => ("option", Some((*name).to_owned())),
        };
        let value = match &entry.value {
            // Costs are whole points nearly always.
            Some(Value::Float(number)) if number.fract() == 0.0 => Value::Integer(*number as i64),
            Some(value) => value.clone(),
            None => Value::String(memory.to_owned()),
        };
        Self {
            key: entry.key.clone(),
            value,
            from,
            place,
        }
    }
}

fn write_human(out: &mut dyn Write, settings: &[Setting]) -> io::Result<()> {
    for setting in settings {
        let place = setting.place.as_deref().unwrap_or(setting.from);
        writeln!(out, "{} = {}  # {place}", setting.key, setting.value)?;
    }
    Ok(())
}
