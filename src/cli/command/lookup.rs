//! `dhakira lookup`.

use std::io::{self, IsTerminal};
use std::path::Path;

use clap::Args;

use super::Outcome;
use crate::cli::args::{Context, PenaltyArgs};
use crate::cli::bidi::BidiMode;
use crate::cli::clock::now;
use crate::cli::error::CommandError;
use crate::cli::interrupt;
use crate::cli::output::Destination;
use crate::cli::progress::Kind;
use crate::cli::prompt;
use crate::cli::render::{Answer, AnswerFormat, LangArg, RankArg, Renderer};
use crate::cli::text_input::{TextInput, read_document};
use crate::lang::Lang;
use crate::memory::{LookupOptions, Query, SEGMENT_LIMIT, TermHit, TranslationMemory};
use crate::score::Score;
use crate::text::segment::segments;

const PROMPT: &str = "dhakira> ";

/// Look up what has been translated before
///
/// An argument that names an existing file is read as a file, one segment a line; anything else is looked up as it
/// stands. Without an argument segments are read from stdin or, at a terminal, from a prompt. Neighbouring lines count
/// as context. The terms of a segment (`dhakira term`) are shown below its matches, but in tsv.
#[derive(Debug, Args)]
pub(crate) struct LookupArgs {
    /// The text to look up, a file with one segment a line, an HTML, DOCX or subtitles file, or - for stdin
    #[arg(value_name = "TEXT|FILE|-")]
    input: Option<String>,

    /// Take the argument as text even where a file has that name
    #[arg(long, requires = "input")]
    text: bool,

    /// The language of the segments [default: told from the script of each]
    #[arg(long, value_name = "LANG")]
    source: Option<LangArg>,

    /// Show matches from this score on, 1 to 100 [default: 70]
    #[arg(long, value_name = "SCORE", value_parser = clap::value_parser!(u8).range(1..=100))]
    threshold: Option<u8>,

    /// Show at most this many matches a segment [default: 5]
    #[arg(long, value_name = "N",
        value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
    limit: Option<usize>,

    #[command(flatten)]
    penalties: PenaltyArgs,

    /// Show how each score comes about, and word by word what is the same; not in tsv
    #[arg(long)]
    explain: bool,

    /// What fuzzy matches are scored and ordered by
    #[arg(long, value_name = "BY", default_value = "usefulness")]
    rank: RankArg,

    /// Cut running text into sentences instead of taking each line as a segment
    #[arg(long)]
    segment: bool,

    /// How to print matches; tsv columns are segment from 0, rank, kind, score, unit, document, flags, source, target
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: AnswerFormat,

    /// When to isolate right-to-left text for people [default: auto]
    #[arg(long, value_name = "WHEN")]
    bidi: Option<BidiMode>,
}

/// Looks segments up and prints the answers.
pub(crate) fn run(context: &Context, args: &LookupArgs) -> Result<Outcome, CommandError> {
    if args.explain && args.format == AnswerFormat::Tsv {
        return Err(CommandError::user("tsv has no place for an explanation")
            .hint("use --format human, json or jsonl"));
    }
    let settings = context.settings();
    let threshold = args.threshold.unwrap_or(settings.lookup.threshold.into());
    let lookup = Lookup {
        memory: context.open_memory()?,
        source: args.source.map(Lang::from),
        options: LookupOptions {
            cutoff: Score::from_points(threshold),
            limit: args.limit.unwrap_or(settings.lookup.limit.get()),
            penalties: args.penalties.policy(context),
            now: now(),
            rank: args.rank.into(),
        },
        explain: args.explain,
    };
    let options = context.settings().segmentation.options();
    let read = |path: &str| read_document(Path::new(path), &options, &context.ui);
    let input = match args.input.as_deref() {
        None if io::stdin().is_terminal() => return answer_prompt(context, args, &lookup),
        None => read("-")?,
        Some(input) if !args.text && (input == "-" || Path::new(input).exists()) => read(input)?,
        Some(input) => {
            if !args.text && looks_like_a_file(input) {
                context.ui.note(format!(
                    "there is no file `{input}`; looking up its name as text"
                ));
            }
            TextInput::Text(input.to_owned())
        }
    };
    let segments: Vec<&str> = match &input {
        TextInput::Text(text) => cut(context, text, args.segment),
        TextInput::Segments(segments) => segments.iter().map(|(text, _)| text.as_str()).collect(),
    };
    warn_of_long(context, &segments);
    let document_lang = match &input {
        TextInput::Text(text) => Lang::of_text(text),
        TextInput::Segments(_) => Lang::of_text(&segments.concat()),
    };
    let found = Destination::Stdout.write(|out| {
        let mut renderer = args.format.renderer(out, context, args.bidi);
        let progress = context
            .ui
            .progress(Kind::Items("segments"), Some(segments.len() as u64));
        progress.message("looking up");
        let mut found = false;
        for index in 0..segments.len() {
            interrupt::check()?;
            found |= lookup.answer(&mut *renderer, &segments, index, document_lang)?;
            progress.at(index as u64 + 1);
        }
        renderer.finish()?;
        Ok(found)
    })?;
    Ok(if found {
        Outcome::Done
    } else {
        Outcome::NothingFound
    })
}

/// Whether a text that names no file was meant to: one word with a short ending behind a dot.
fn looks_like_a_file(text: &str) -> bool {
    let ending = Path::new(text).extension().and_then(|e| e.to_str());
    let is_ending =
        |e: &str| (1..=5).contains(&e.len()) && e.bytes().all(|b| b.is_ascii_alphanumeric());
    ending.is_some_and(is_ending) && !text.contains(char::is_whitespace)
}

/// The segments of the input: its lines, or its sentences.
fn cut<'t>(context: &Context, text: &'t str, into_sentences: bool) -> Vec<&'t str> {
    if into_sentences {
        segments(text, &context.settings().segmentation.options())
            .into_iter()
            .map(|range| &text[range])
            .collect()
    } else {
        text.lines().collect()
    }
}

/// Says which segments are too long to be looked up.
fn warn_of_long(context: &Context, segments: &[&str]) {
    let all = segments.iter().enumerate();
    for (index, segment) in all.filter(|(_, segment)| segment.len() > SEGMENT_LIMIT) {
        let bytes = segment.len();
        context.ui.warn(format!(
            "segment {index}: {bytes} bytes are more than {SEGMENT_LIMIT}; it is not looked up"
        ));
    }
}

/// Answers each line of the prompt; ends well whatever was found.
fn answer_prompt(
    context: &Context,
    args: &LookupArgs,
    lookup: &Lookup,
) -> Result<Outcome, CommandError> {
    prompt::each_line(PROMPT, |line| {
        let segments = cut(context, line, args.segment);
        warn_of_long(context, &segments);
        Destination::Stdout.write(|out| {
            let mut renderer = args.format.renderer(out, context, args.bidi);
            for index in 0..segments.len() {
                lookup.answer(&mut *renderer, &segments, index, Lang::of_text(line))?;
            }
            renderer.finish()?;
            Ok(())
        })
    })?;
    Ok(Outcome::Done)
}

/// A memory with what to ask it for.
#[derive(Debug)]
struct Lookup {
    memory: TranslationMemory,
    source: Option<Lang>,
    options: LookupOptions,
    explain: bool,
}

impl Lookup {
    /// Writes the answer for one of `segments`; whether anything was found. The language is the one that was asked for,
    /// else that of the segment's script, else `document_lang`; numbers that stand alone are looked up as Arabic.
    fn answer(
        &self,
        renderer: &mut dyn Renderer,
        segments: &[&str],
        index: usize,
        document_lang: Option<Lang>,
    ) -> Result<bool, CommandError> {
        let query = segments[index];
        let lang = self
            .source
            .or_else(|| Lang::of_text(query))
            .or(document_lang)
            .unwrap_or(Lang::Arabic);
        let is_looked_up = !query.trim().is_empty() && query.len() <= SEGMENT_LIMIT;
        let terms = match is_looked_up {
            true => self.terms(query, lang)?,
            false => Vec::new(),
        };
        let suggestions = if !is_looked_up {
            Vec::new()
        } else {
            self.memory.lookup(
                &Query {
                    text: query,
                    lang,
                    previous: index.checked_sub(1).map(|before| segments[before]),
                    next: segments.get(index + 1).copied(),
                },
                &self.options,
            )?
        };
        renderer.answer(&Answer {
            index,
            query,
            lang,
            threshold: self.options.cutoff,
            explain: self.explain,
            suggestions: &suggestions,
            terms: &terms,
        })?;
        Ok(!suggestions.is_empty() || !terms.is_empty())
    }

    /// The terms of a segment that there is something to say about: what they are in the other language, or that they
    /// are not to be used.
    fn terms(&self, segment: &str, lang: Lang) -> Result<Vec<TermHit>, CommandError> {
        let mut terms = self.memory.terms_in(segment, lang)?;
        terms.retain(|hit| hit.entry.has(lang.other()) || hit.source().is_forbidden());
        Ok(terms)
    }
}
