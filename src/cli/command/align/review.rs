//! The review at the terminal: shows a bead, reads a line, keeps what was decided.
//!
//! It works line by line, so that it can be driven by a person, a test or a script. The screens go to stderr; stdout
//! is for beads that are written with `--format`.

use std::io::{self, IsTerminal, Write};

use anstream::AutoStream;

use super::keys::{self, Input};
use crate::align_review::{Decisions, Effect, Event, Review};
use crate::cli::aligned::AlignedDocument;
use crate::cli::args::Context;
use crate::cli::clock::now;
use crate::cli::error::CommandError;
use crate::cli::prompt::{Line, LineReader};
use crate::cli::render::{BeadScreen, Look, grouped, plural};
use crate::memory::TranslationMemory;
use crate::score::Confidence;

const PROMPT: &str = "review> ";

/// Goes through the doubtful beads of the documents and puts the result in their place.
pub(super) fn review(
    context: &Context,
    memory: &mut TranslationMemory,
    aligned: &mut [AlignedDocument],
    below: Confidence,
) -> Result<(), CommandError> {
    let texts = aligned.iter().map(|document| document.text().clone());
    let mut review = Review::new(texts.collect(), below);
    let start = review.progress();
    // What was decided can be looked at again, from the end backwards.
    if review.at_hand().is_none() && start.confirmed + start.dropped == 0 {
        context
            .ui
            .note(format!("no bead below {below} is left to review"));
        return Ok(());
    }
    let screen = BeadScreen::for_stderr(Look {
        // Colours that the terminal can't show are taken out on the way.
        color: true,
        isolates: context.settings().bidi.isolates(io::stderr().is_terminal()),
    });
    let mut console = Console {
        out: AutoStream::new(io::stderr(), context.ui.color),
        lines: LineReader::open()?,
    };
    console.say(keys::KEYS)?;
    let end = console.go_through(&mut review, memory, &screen)?;
    let progress = review.progress();
    let summary = format!(
        "{} confirmed, {} dropped, {} doubtful left",
        grouped(progress.confirmed as u64),
        grouped(progress.dropped as u64),
        grouped(progress.doubtful as u64)
    );
    if end == End::Abandoned {
        return Err(CommandError::stopped(format!(
            "review stopped: {summary}; all decisions are kept, but nothing was imported"
        ))
        .hint("the same command goes on from here"));
    }
    context.ui.note(format!("review: {summary}"));
    for (document, text) in aligned.iter_mut().zip(review.into_texts()) {
        document.set_text(text);
    }
    Ok(())
}

/// How a review ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The person, or the script, is done for now.
    Left,
    /// By Ctrl-C.
    Abandoned,
}

struct Console {
    out: AutoStream<io::Stderr>,
    lines: LineReader,
}

impl Console {
    fn go_through(
        &mut self,
        review: &mut Review,
        memory: &mut TranslationMemory,
        screen: &BeadScreen,
    ) -> Result<End, CommandError> {
        self.show(review, screen)?;
        loop {
            let line = match self.lines.next(PROMPT)? {
                Line::Text(line) => line,
                Line::End => return Ok(End::Left),
                Line::Interrupted => return Ok(End::Abandoned),
            };
            match keys::parse(&line) {
                Err(message) => self.say(&message)?,
                Ok(Input::Help) => self.say(keys::KEYS)?,
                Ok(Input::Show) => self.show(review, screen)?,
                Ok(Input::Quit) => return Ok(End::Left),
                Ok(Input::Event(event)) => self.take(event, review, memory, screen)?,
            }
        }
    }

    fn take(
        &mut self,
        event: Event,
        review: &mut Review,
        memory: &mut TranslationMemory,
        screen: &BeadScreen,
    ) -> Result<(), CommandError> {
        match review.handle(event) {
            Effect::Changed { document } => {
                let text = &review.texts()[document];
                let decisions = Decisions::of(text);
                memory.save_decisions(&text.name, &decisions, now())?;
                self.show(review, screen)
            }
            Effect::Moved => self.show(review, screen),
            Effect::Refused(refusal) => self.say(&refusal.to_string()),
        }
    }

    fn show(&mut self, review: &Review, screen: &BeadScreen) -> Result<(), CommandError> {
        match review.at_hand() {
            Some((text, bead)) => {
                let shown = screen.show(text, bead, &review.progress());
                self.say(&format!("\n{shown}"))
            }
            None => {
                let doubtful = review.progress().doubtful as u64;
                let left = match doubtful {
                    0 => "nothing doubtful is left".to_owned(),
                    n => format!("{} passed over", plural(n, "doubtful bead")),
                };
                self.say(&format!("\nthe end: {left}; u undo, b back, q leave"))
            }
        }
    }

    fn say(&mut self, text: &str) -> Result<(), CommandError> {
        // Whoever can't see the beads can't judge them.
        Ok(writeln!(self.out, "{text}")?)
    }
}
