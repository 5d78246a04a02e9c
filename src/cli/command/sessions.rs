//! `dhakira sessions`.

use std::io::{self, Write};

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::Outcome;
use crate::cli::args::Context;
use crate::cli::clock::now;
use crate::cli::error::CommandError;
use crate::cli::output::Destination;
use crate::cli::render::{entries, grouped, plural, shortened, tsv_field, visible};
use crate::session::{ImportCounts, Session};
use crate::unit::{SessionId, UnixSeconds};

/// List what was imported when, and undo it
///
/// Every import, alignment and addition is a session. Without a subcommand the sessions are listed, oldest first.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct SessionsArgs {
    #[command(subcommand)]
    action: Option<Action>,

    /// How to print the list; tsv columns are number, time, command, author, source, added, merged, duplicates,
    /// rejected, time of undoing
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: SessionsFormat,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Take back what one session brought; units that other sessions brought as well stay
    Undo {
        /// The number of the session, as listed
        #[arg(value_name = "N")]
        session: i64,

        /// Only say what would go
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SessionsFormat {
    /// For people
    Human,
    /// One JSON array
    Json,
    /// One JSON object a line
    Jsonl,
    /// One session a line, fields between tabs
    Tsv,
}

/// Lists the sessions or undoes one.
pub(crate) fn run(context: &Context, args: &SessionsArgs) -> Result<Outcome, CommandError> {
    match args.action {
        None => list(context, args.format),
        Some(Action::Undo { session, dry_run }) => undo(context, SessionId(session), dry_run),
    }
}

fn list(context: &Context, format: SessionsFormat) -> Result<Outcome, CommandError> {
    let sessions = context.open_memory()?.sessions()?;
    Destination::Stdout.write(|out| Ok(write_list(out, &sessions, format)?))?;
    Ok(if sessions.is_empty() {
        Outcome::NothingFound
    } else {
        Outcome::Done
    })
}

fn undo(context: &Context, session: SessionId, dry_run: bool) -> Result<Outcome, CommandError> {
    let mut memory = context.open_memory_to_change()?;
    let listed = memory.sessions()?;
    let Some(found) = listed.iter().find(|s| s.id == session) else {
        return Err(CommandError::user(format!("there is no session {session}"))
            .hint("list them with `dhakira sessions`"));
    };
    if let Some(time) = found.undone {
        return Err(CommandError::user(format!(
            "session {session} was undone at {}",
            time.to_rfc3339()
        )));
    }
    let undone = if dry_run {
        memory.undo_dry_run(session, now())?
    } else {
        memory.undo(session, now())?
    };
    let back = match undone.restored {
        0 => String::new(),
        n => format!("; {} as before", plural(n, "occurrence")),
    };
    let terms = match (undone.term_entries, undone.restored_term_entries) {
        (0, 0) => String::new(),
        (gone, 0) => format!("; {}", entries(gone)),
        (0, restored) => format!("; {} there again", entries(restored)),
        (gone, restored) => format!("; {}, {} there again", entries(gone), grouped(restored)),
    };
    context.ui.note(format!(
        "{} session {session}: {} and {}{back}{terms}",
        if dry_run {
            "undoing would remove what came with"
        } else {
            "undid"
        },
        plural(undone.units, "unit"),
        plural(undone.occurrences, "occurrence"),
    ));
    Ok(Outcome::Done)
}

/// Version 1 of the JSON object; fields are only ever added.
#[derive(Serialize)]
struct SessionRecord<'s> {
    v: u32,
    session: SessionId,
    started: String,
    command: &'s str,
    author: Option<&'s str>,
    source: Option<&'s str>,
    counts: ImportCounts,
    replaced: u64,
    undone: Option<String>,
}

impl<'s> From<&'s Session> for SessionRecord<'s> {
    fn from(session: &'s Session) -> Self {
        Self {
            v: 1,
            session: session.id,
            started: session.started.to_rfc3339(),
            command: &session.info.command,
            author: session.info.author.as_deref(),
            source: session.info.source.as_deref(),
            counts: session.counts,
            replaced: session.replaced,
            undone: session.undone.map(UnixSeconds::to_rfc3339),
        }
    }
}

fn write_list(out: &mut dyn Write, sessions: &[Session], format: SessionsFormat) -> io::Result<()> {
    let records: Vec<_> = sessions.iter().map(SessionRecord::from).collect();
    if let SessionsFormat::Json = format {
        serde_json::to_writer(&mut *out, &records)?;
        return writeln!(out);
    }
    for record in &records {
        match format {
            SessionsFormat::Human => write_human(out, record)?,
            SessionsFormat::Tsv => write_tsv(out, record)?,
            SessionsFormat::Json | SessionsFormat::Jsonl => {
                serde_json::to_writer(&mut *out, record)?;
                writeln!(out)?;
            }
        }
    }
    Ok(())
}

/// As much of a session's source is shown to people, in characters; the other formats have all of it.
const SOURCE_WIDTH: usize = 160;

fn write_human(out: &mut dyn Write, record: &SessionRecord<'_>) -> io::Result<()> {
    write!(
        out,
        "{:>4}  {}  {}",
        record.session, record.started, record.command
    )?;
    if let Some(source) = record.source {
        write!(out, " {}", shortened(&visible(source), SOURCE_WIDTH))?;
    }
    if let Some(author) = record.author {
        write!(out, ", by {}", visible(author))?;
    }
    let ImportCounts {
        added,
        merged,
        duplicates,
        rejected,
        ..
    } = record.counts;
    write!(
        out,
        "\n      {} added, {} merged, {} duplicates, {} rejected",
        grouped(added),
        grouped(merged),
        grouped(duplicates),
        grouped(rejected)
    )?;
    if record.replaced > 0 {
        let replaced = plural(record.replaced, "earlier occurrence");
        write!(out, "; {replaced} moved, changed or removed")?;
    }
    if let Some(time) = &record.undone {
        write!(out, "; undone {time}")?;
    }
    writeln!(out)
}

fn write_tsv(out: &mut dyn Write, record: &SessionRecord<'_>) -> io::Result<()> {
    let ImportCounts {
        added,
        merged,
        duplicates,
        rejected,
        ..
    } = record.counts;
    writeln!(
        out,
        "{}\t{}\t{}\t{}\t{}\t{added}\t{merged}\t{duplicates}\t{rejected}\t{}",
        record.session,
        record.started,
        record.command,
        tsv_field(record.author.unwrap_or_default()),
        tsv_field(record.source.unwrap_or_default()),
        record.undone.as_deref().unwrap_or_default(),
    )
}
