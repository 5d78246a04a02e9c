//! What is said to people on stderr, and what stdout can show.

use std::fmt;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use super::error::CommandError;
use super::progress::Progress;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// The user's wishes about messages, and the streams they go to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ui {
    /// Leave out notes, warnings and progress.
    pub(crate) quiet: bool,
    /// Show progress bars where they make sense.
    pub(crate) progress: bool,
    /// When to colour.
    pub(crate) color: ColorChoice,
}

impl Ui {
    /// Says something that the user may want to know, such as counts.
    pub(crate) fn note(&self, message: impl fmt::Display) {
        if !self.quiet {
            self.say(format_args!("{message}"));
        }
    }

    /// Says that something is odd though the work goes on.
    pub(crate) fn warn(&self, message: impl fmt::Display) {
        if !self.quiet {
            self.say(format_args!("{WARNING}warning:{WARNING:#} {message}"));
        }
    }

    /// Says why the work ended; `--quiet` does not silence it.
    pub(crate) fn error(&self, error: &CommandError) {
        self.say(format_args!("{ERROR}error:{ERROR:#} {error}"));
    }

    /// A progress bar over `total` units of work; `None` where nobody can know how much there is.
    pub(crate) fn progress(&self, kind: super::progress::Kind, total: Option<u64>) -> Progress {
        let shown = self.progress && !self.quiet && io::stderr().is_terminal();
        Progress::new(kind, total, shown)
    }

    /// Whether to colour what goes to stdout: `--color`, then `NO_COLOR`, `CLICOLOR_FORCE`, `TERM=dumb`, then whether it
    /// is a terminal.
    pub(crate) fn colors_stdout(&self) -> bool {
        let choice = match self.color {
            ColorChoice::Auto => AutoStream::choice(&io::stdout()),
            choice => choice,
        };
        choice != ColorChoice::Never
    }

    fn say(&self, message: fmt::Arguments<'_>) {
        let mut stderr = AutoStream::new(io::stderr(), self.color);
        // There is nobody left to tell that stderr is gone.
        let _ = writeln!(stderr, "{message}");
    }
}
