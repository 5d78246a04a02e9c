//! Writes a PO compendium: every message once, with what the memory says of it, as `msgmerge --compendium` takes it.
//!
//! From English into Arabic. Units with the same English segment and the same `msgctxt` are one message. Its translation is
//! the one that has come furthest, of several the one that was changed last, of these the first; the others stand in
//! comments, `# or: "…"`. A message is fuzzy where its translation is `initial`, or has other placeholders than its flags
//! ask for. Notes are comments, documents and positions references.
//!
//! Memory: the texts of all messages, since a translation that comes last may be the best one.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write;

use super::placeholders::placeholders;
use super::quote::quote;
use super::units::{CONTEXT, FLAGS, ISOLATES, SOURCE_LANGUAGE};
use crate::format::error::FormatError;
use crate::format::output::Output;
use crate::format::{UnitWriter, WriteCounts};
use crate::unit::{UnitState, UnitView, UnixSeconds};

/// The most references of a message that are written.
const MOST_REFERENCES: usize = 20;

/// Writes a compendium, at the end.
pub struct PoWriter<'w> {
    output: Output<'w>,
    messages: Vec<Message>,
    /// By context and segment.
    by_source: HashMap<(Option<String>, String), usize>,
    newest: Option<UnixSeconds>,
    counts: WriteCounts,
}

#[derive(Default)]
struct Message {
    context: Option<String>,
    source: String,
    best: Translation,
    others: Vec<String>,
    references: Vec<String>,
    notes: Vec<String>,
    flags: Option<String>,
}

#[derive(Default)]
struct Translation {
    text: String,
    /// The further the better.
    rank: (UnitState, Option<UnixSeconds>),
}

impl<'w> PoWriter<'w> {
    /// A writer without any message yet.
    pub fn new(output: Output<'w>) -> Self {
        Self {
            output,
            messages: Vec::new(),
            by_source: HashMap::new(),
            newest: None,
            counts: WriteCounts::default(),
        }
    }

    /// The header, with all that `msgfmt --check` asks for.
    fn header(&self) -> String {
        let newest = self.newest.unwrap_or(UnixSeconds(0)).to_rfc3339();
        let text = format!(
            "Project-Id-Version: dhakira {}\nPO-Revision-Date: {} {}+0000\n\
             Last-Translator: Automatically generated\nLanguage-Team: none\nLanguage: ar\nMIME-Version: 1.0\n\
             Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n{SOURCE_LANGUAGE}: en\n",
            env!("CARGO_PKG_VERSION"),
            &newest[..10],
            &newest[11..16],
        );
        let quoted = quote(&text, "msgstr", "", "\n");
        format!("msgid \"\"\nmsgstr {quoted}\n")
    }
}

impl UnitWriter for PoWriter<'_> {
    fn write(&mut self, unit: UnitView<'_>) -> Result<(), FormatError> {
        let origin = unit.origin;
        let property = |name: &str| {
            let mut properties = origin.properties.iter();
            let found = properties.find(|(property, _)| property == name);
            found.map(|(_, value)| value.clone())
        };
        let context = property(CONTEXT);
        let key = (context.clone(), unit.text.en.clone());
        let index = *self.by_source.entry(key).or_insert_with(|| {
            self.messages.push(Message {
                context,
                source: unit.text.en.clone(),
                ..Message::default()
            });
            self.messages.len() - 1
        });
        let message = &mut self.messages[index];
        message.flags = message.flags.take().or_else(|| property(FLAGS));
        message.add(Translation {
            text: unit.text.ar.clone(),
            rank: (origin.state, origin.changed.or(origin.created)),
        });
        for note in &origin.notes {
            if !message.notes.contains(note) {
                message.notes.push(note.clone());
            }
        }
        if let Some(document) = &origin.document
            && message.references.len() < MOST_REFERENCES
        {
            let reference = reference(document, origin.position);
            if !message.references.contains(&reference) {
                message.references.push(reference);
            }
        }
        self.newest = self.newest.max(origin.changed.or(origin.created));
        self.counts.units += 1;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<WriteCounts, FormatError> {
        let mut text = self.header();
        for message in &self.messages {
            message.write(&mut text);
            self.output
                .write_all(text.as_bytes())
                .map_err(|e| self.output.write_error(e))?;
            text.clear();
        }
        self.output
            .write_all(text.as_bytes())
            .map_err(|e| self.output.write_error(e))?;
        self.output.finish()?;
        Ok(self.counts)
    }
}

/// A place in a document, as a line of references has it.
fn reference(document: &str, position: Option<u32>) -> String {
    let place = match position {
        Some(position) => format!("{document}:{position}"),
        None => document.to_owned(),
    };
    let place = place.replace(['\n', '\r'], " ");
    if place.contains(char::is_whitespace) {
        format!("{}{place}{}", ISOLATES[0], ISOLATES[1])
    } else {
        place
    }
}

impl Message {
    fn add(&mut self, translation: Translation) {
        if self.best.text == translation.text {
            self.best.rank = self.best.rank.max(translation.rank);
            return;
        }
        let is_first = self.best.text.is_empty();
        let spare = if is_first || translation.rank > self.best.rank {
            std::mem::replace(&mut self.best, translation).text
        } else {
            translation.text
        };
        self.others.retain(|other| *other != self.best.text);
        if !is_first && !self.others.contains(&spare) {
            self.others.push(spare);
        }
    }

    fn is_fuzzy(&self) -> bool {
        let flags = self.flags.iter().flat_map(|flags| flags.split(','));
        let mut flags = flags.map(str::trim);
        let is_checked = flags.any(|flag| flag.ends_with("-format") && !flag.starts_with("no-"));
        self.best.rank.0 == UnitState::Initial
            || (is_checked && placeholders(&self.best.text) != placeholders(&self.source))
    }

    fn write(&self, out: &mut String) {
        out.push('\n');
        for line in self.notes.iter().flat_map(|note| note.split(['\n', '\r'])) {
            let _ = writeln!(out, "{}", format!("# {line}").trim_end());
        }
        for other in &self.others {
            let _ = writeln!(out, "# or: {}", quote(other, "or:", "# ", "\n"));
        }
        for reference in &self.references {
            let _ = writeln!(out, "#: {reference}");
        }
        let fuzzy = self.is_fuzzy().then_some("fuzzy");
        let flags: Vec<&str> = fuzzy.into_iter().chain(self.flags.as_deref()).collect();
        if !flags.is_empty() {
            let _ = writeln!(out, "#, {}", flags.join(", ").replace(['\n', '\r'], " "));
        }
        if let Some(context) = &self.context {
            let _ = writeln!(out, "msgctxt {}", quote(context, "msgctxt", "", "\n"));
        }
        let _ = writeln!(out, "msgid {}", quote(&self.source, "msgid", "", "\n"));
        let _ = writeln!(out, "msgstr {}", quote(&self.best.text, "msgstr", "", "\n"));
    }
}
