//! Prompts: editing and history by rustyline.
//!
//! Ctrl-C clears the line, and leaves where the line is empty already; Ctrl-D leaves.

use std::io::{self, IsTerminal};

use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{
    Behavior, Cmd, ConditionalEventHandler, Config, Editor, Event, EventContext, EventHandler,
    KeyEvent, Movement, RepeatCount,
};

use super::error::{CommandError, Doing};
use super::paths;

/// Asks for lines until the user leaves; blank ones are passed over.
pub(crate) fn each_line(
    prompt: &str,
    mut answer: impl FnMut(&str) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let mut editor = editor(Config::default())?;
    let history = paths::prompt_history();
    if let Some(path) = &history {
        // The first time there is none.
        let _ = editor.load_history(path);
    }
    let result = loop {
        match editor.readline(prompt) {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => {
                // A line that is not remembered can still be answered.
                let _ = editor.add_history_entry(line.as_str());
                if let Err(error) = answer(line.trim()) {
                    break Err(error);
                }
            }
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => break Ok(()),
            Err(error) => break Err(error).doing(|| "can't read from the terminal".into()),
        }
    };
    if let Some(path) = &history {
        // A history is a convenience; a read-only home takes nothing from the answers.
        let _ = path.parent().map(std::fs::create_dir_all);
        let _ = editor.append_history(path);
    }
    result
}

fn editor(config: Config) -> Result<Editor<(), DefaultHistory>, CommandError> {
    let mut editor = Editor::with_config(config).doing(|| "can't open the prompt".into())?;
    editor.bind_sequence(
        KeyEvent::ctrl('C'),
        EventHandler::Conditional(Box::new(ClearOrLeave)),
    );
    Ok(editor)
}

/// What came from a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A line, without its end.
    Text(String),
    /// Nothing more will come.
    End,
    /// Ctrl-C.
    Interrupted,
}

/// Reads lines from the user at a terminal, else from stdin as they come. Nothing is written to stdout.
pub(crate) enum LineReader {
    /// With a prompt and a line editor.
    Terminal(Box<Editor<(), DefaultHistory>>),
    /// Without either.
    Plain(io::Stdin),
}

impl LineReader {
    /// A reader of stdin.
    pub(crate) fn open() -> Result<Self, CommandError> {
        if !io::stdin().is_terminal() {
            return Ok(Self::Plain(io::stdin()));
        }
        // The terminal itself: stdout may be a file that beads are written to.
        let config = Config::builder().behavior(Behavior::PreferTerm).build();
        Ok(Self::Terminal(Box::new(editor(config)?)))
    }

    /// The next line.
    pub(crate) fn next(&mut self, prompt: &str) -> Result<Line, CommandError> {
        let cant = || "can't read from the terminal".to_owned();
        match self {
            Self::Terminal(editor) => match editor.readline(prompt) {
                Ok(line) => Ok(Line::Text(line)),
                Err(ReadlineError::Eof) => Ok(Line::End),
                Err(ReadlineError::Interrupted) => Ok(Line::Interrupted),
                Err(error) => Err(error).doing(cant),
            },
            Self::Plain(stdin) => {
                let mut line = String::new();
                let read = stdin.read_line(&mut line).doing(cant)?;
                Ok(if read == 0 {
                    Line::End
                } else {
                    Line::Text(line)
                })
            }
        }
    }
}

/// Clears a line that has text; lets Ctrl-C through to where there is none.
struct ClearOrLeave;

impl ConditionalEventHandler for ClearOrLeave {
    fn handle(
        &self,
        _: &Event,
        _: RepeatCount,
        _: bool,
        context: &EventContext<'_>,
    ) -> Option<Cmd> {
        (!context.line().is_empty()).then_some(Cmd::Kill(Movement::WholeBuffer))
    }
}
