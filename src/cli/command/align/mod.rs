//! `dhakira align`.
//!
//! Paths → pairs and segments (`inputs`) → beads, by what is known of the words (`lexicon`) and with what people decided
//! about them (`cli::aligned`) → a review where
//! one is asked for (`review`, `keys`) → units in the memory (`import`) or a file (`write`), and figures (`report`).

mod import;
mod inputs;
mod keys;
mod lexicon;
mod report;
mod review;
mod write;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Outcome, parse_confidence};
use crate::align::Lexicon;
use crate::align_review::Decisions;
use crate::align_review::likeness::Equivalents;
use crate::cli::aligned::{AlignedDocument, DocumentSegments};
use crate::cli::args::{Context, TargetMemory};
use crate::cli::error::CommandError;
use crate::cli::interrupt;
use crate::cli::output::Destination;
use crate::cli::pairs::DocumentPair;
use crate::cli::progress::Kind;
use crate::lang::Sides;
use crate::memory::TranslationMemory;
use crate::score::Confidence;

/// Align documents with their translations, and import what belongs together
///
/// Give an Arabic document and its English one, a folder with pairs (NAME.ar.EXT and NAME.en.EXT, or folders ar and en),
/// or two folders with the same files in either; plain text, such as that of a PDF, Markdown, HTML, DOCX or subtitles. Both documents are cut
/// into sentences, and those that translate each other become units, with document, place and confidence. What the memory
/// holds already helps to align, and so do the other documents of the command. A document that is aligned again updates its units: new ones are added, those that are
/// no longer in it go, the others keep their history. All documents of one command are one session: kept whole, or not at all.
#[derive(Debug, Args)]
pub(crate) struct AlignArgs {
    /// The Arabic document, a folder of pairs, or the folder of the Arabic documents
    #[arg(value_name = "AR|FOLDER")]
    ar: PathBuf,

    /// The English document, or the folder of the English documents
    #[arg(value_name = "EN")]
    en: Option<PathBuf>,

    /// Write what was aligned instead of importing it
    #[arg(long, value_name = "FORMAT")]
    format: Option<BeadFormat>,

    /// Write to this file [default: stdout]
    #[arg(long, short, value_name = "FILE", requires = "format")]
    output: Option<PathBuf>,

    /// Write the figures of each document to this file as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// A word list that helps to align: lines of an Arabic word, a tab and its English equivalents, or the other way round
    #[arg(long, value_name = "FILE")]
    lexicon: Vec<PathBuf>,

    /// Take each line as a segment instead of cutting the text into sentences
    #[arg(long)]
    sentences: bool,

    /// Leave out what the aligner is less sure of than this, 0 to 1; not what a person accepted
    #[arg(long, value_name = "CONFIDENCE", default_value = "0", value_parser = parse_confidence)]
    min_confidence: Confidence,

    /// Go through doubtful beads at the terminal: accept, split, merge, shift, drop. Each decision is kept in the memory
    /// at once, and holds whenever the document is aligned again, as long as its segments are unchanged
    #[arg(long, conflicts_with = "dry_run")]
    review: bool,

    /// Review what the aligner is less sure of than this, 0 to 1; with 1, everything
    #[arg(long, value_name = "CONFIDENCE", default_value = "0.8", value_parser = parse_confidence, requires = "review")]
    below: Confidence,

    /// Put this before the names of the documents, such as client/, to tell them from others of the same name
    #[arg(long, value_name = "TEXT")]
    prefix: Option<String>,

    /// Let a document take the place of one of the same name that it has no segment in common with
    #[arg(long)]
    replace: bool,

    /// Align and report, but change nothing
    #[arg(long, conflicts_with = "format")]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum BeadFormat {
    /// Units: document, index, Arabic, English, confidence
    Tsv,
    /// Units as TMX 1.4b
    Tmx,
    /// Units, one JSON object a line
    Jsonl,
    /// Segment numbers from 0, one bead a line, such as `[0]:[0,1]`; unaligned segments too
    Links,
    /// A page to read: both texts side by side, coloured by confidence
    Html,
}

/// Aligns the documents, then imports or writes the units.
pub(crate) fn run(context: &Context, args: &AlignArgs) -> Result<Outcome, CommandError> {
    let pairs = inputs::pairs(context, args)?;
    let output = Destination::from_option(args.output.as_deref());
    let report = args
        .report
        .as_deref()
        .map(|path| Destination::from_option(Some(path)));
    for destination in [Some(&output), report.as_ref()].into_iter().flatten() {
        let inputs = pairs.iter().flat_map(|p| [&p.paths.ar, &p.paths.en]);
        context.refuse_overwriting(destination, inputs.chain(&args.lexicon))?;
    }
    if args.format == Some(BeadFormat::Links) && pairs.len() > 1 {
        return Err(CommandError::user(
            "links of more than one pair can't be told apart in one output",
        )
        .hint("align the pairs one by one, or use --format tsv"));
    }
    let documents = inputs::read_all(context, args, &pairs)?;
    // The memory is opened before the work: a place that can't be written to shows early, and what is in it helps.
    let mut target = open_memory(context, args)?;
    let memory = target.as_ref().map(|target| &target.memory);
    let lexicon = lexicon::known(context, memory, &args.lexicon)?;
    let equivalents = Equivalents::of(&lexicon);
    let mut aligned = align_all(context, &pairs, documents, &lexicon, memory)?;
    if let Some(target) = target.as_mut().filter(|_| args.review) {
        review::review(context, &mut target.memory, &mut aligned, args.below)?;
    }
    let summary = report::say(context, args, &aligned, &equivalents);
    let updates = match (args.format, &mut target) {
        (Some(format), _) => {
            write::write_beads(&output, format, &aligned, args)?;
            Vec::new()
        }
        (None, Some(target)) => import::import(context, &mut target.memory, &aligned, args)?,
        (None, None) => Vec::new(),
    };
    if let Some(report) = report {
        report::write(&report, &pairs, &aligned, &summary, &updates)?;
    }
    Ok(if summary.total.units() > 0 {
        Outcome::Done
    } else {
        Outcome::NothingFound
    })
}

/// The memory, as the command needs it: to import into, to keep decisions in, to try, or, where the beads are written
/// to a file, to read, if there is one.
fn open_memory(context: &Context, args: &AlignArgs) -> Result<Option<TargetMemory>, CommandError> {
    Ok(if args.dry_run {
        Some(context.open_memory_to_try()?)
    } else if args.format.is_none() || args.review {
        Some(context.open_memory_to_write()?.into())
    } else if context.memory_path()?.exists() {
        Some(context.open_memory()?.into())
    } else {
        None
    })
}

/// Aligns all documents, then again those that leave a doubt, with what the sure beads of all of them teach.
fn align_all(
    context: &Context,
    pairs: &[DocumentPair],
    documents: Vec<Sides<DocumentSegments>>,
    lexicon: &Lexicon,
    memory: Option<&TranslationMemory>,
) -> Result<Vec<AlignedDocument>, CommandError> {
    let total = documents.len() as u64;
    let progress = context.ui.progress(Kind::Items("documents"), Some(total));
    let mut aligned = Vec::with_capacity(documents.len());
    for (pair, documents) in pairs.iter().zip(documents) {
        interrupt::check()?;
        progress.message(format!("aligning {}", pair.name));
        progress.at(aligned.len() as u64);
        let decisions = match memory {
            Some(memory) => memory.decisions(&pair.name)?,
            None => Decisions::default(),
        };
        let name = pair.name.clone();
        aligned.push(AlignedDocument::new(name, documents, lexicon, decisions));
    }
    if let Some(lexicon) = lexicon::taught(lexicon, &aligned) {
        for (i, document) in (0..).zip(&mut aligned) {
            interrupt::check()?;
            progress.message(format!("aligning {} again", document.name()));
            progress.at(i);
            document.align_again(&lexicon);
        }
    }
    Ok(aligned)
}
