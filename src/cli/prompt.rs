//! A prompt that answers each line: editing and history by rustyline.
//!
//! Ctrl-C clears the line, and leaves where the line is empty already; Ctrl-D leaves.

use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{
    Cmd, ConditionalEventHandler, Editor, Event, EventContext, EventHandler, KeyEvent, Movement,
    RepeatCount,
};

use super::error::{CommandError, Doing};
use super::paths;

/// Asks for lines until the user leaves; blank ones are passed over.
pub(crate) fn each_line(
    prompt: &str,
    mut answer: impl FnMut(&str) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let mut editor =
        Editor::<(), DefaultHistory>::new().doing(|| "can't open the prompt".into())?;
    editor.bind_sequence(
        KeyEvent::ctrl('C'),
        EventHandler::Conditional(Box::new(ClearOrLeave)),
    );
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
