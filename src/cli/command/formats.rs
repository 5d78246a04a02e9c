//! `dhakira formats`.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::Outcome;
use crate::cli::error::CommandError;
use crate::cli::output::Destination;
use crate::format::fill::Shape;
use crate::format::registry::{self, FormatInfo};

/// List the formats that are read and written, with the names and limits of their files
#[derive(Debug, Args)]
pub(crate) struct FormatsArgs {
    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: ListFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ListFormat {
    /// For people
    Human,
    /// One JSON array
    Json,
}

/// Prints the list.
pub(crate) fn run(args: &FormatsArgs) -> Result<Outcome, CommandError> {
    let formats = registry::all();
    Destination::Stdout.write(|out| {
        match args.format {
            ListFormat::Human => write_human(out, &formats)?,
            ListFormat::Json => write_json(out, &formats)?,
        }
        Ok(())
    })?;
    Ok(Outcome::Done)
}

fn write_human(out: &mut dyn Write, formats: &[FormatInfo]) -> io::Result<()> {
    for format in formats {
        let ends: Vec<_> = format
            .extensions
            .iter()
            .map(|end| format!(".{end}"))
            .collect();
        writeln!(out, "{} ({})", format.title, ends.join(" "))?;
        let mut row = |name: &str, value: &str| writeln!(out, "  {name:<10} {value}");
        row("name", format.name)?;
        row("read by", &format.read_by().join(", "))?;
        if !format.written_by().is_empty() {
            row("written by", &format.written_by().join(", "))?;
        }
        if let Some(shape) = format.fill {
            row("filled", place(shape))?;
        }
        row("limits", format.limits)?;
    }
    writeln!(
        out,
        "All of them may be compressed, as NAME.gz or NAME.zst."
    )
}

fn place(shape: Shape) -> &'static str {
    match shape {
        Shape::Monolingual => "translations take the place of the text",
        Shape::Bilingual => "translations stand beside the text, with their state",
    }
}

/// Version 1; fields are only ever added.
#[derive(Serialize)]
struct Record {
    v: u32,
    name: &'static str,
    title: &'static str,
    extensions: &'static [&'static str],
    read_by: Vec<&'static str>,
    written_by: Vec<&'static str>,
    /// `monolingual` or `bilingual`; null where it can't be filled.
    fill: Option<&'static str>,
    limits: &'static str,
}

fn write_json(out: &mut dyn Write, formats: &[FormatInfo]) -> io::Result<()> {
    let records: Vec<_> = formats
        .iter()
        .map(|format| Record {
            v: 1,
            name: format.name,
            title: format.title,
            extensions: format.extensions,
            read_by: format.read_by(),
            written_by: format.written_by(),
            fill: format.fill.map(|shape| match shape {
                Shape::Monolingual => "monolingual",
                Shape::Bilingual => "bilingual",
            }),
            limits: format.limits,
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &records)?;
    writeln!(out)
}
