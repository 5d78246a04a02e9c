//! `dhakira align`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::import::{describe_counts, finish_import};
use super::{Outcome, parse_confidence, session_info};
use crate::align::Lexicon;
use crate::cli::aligned::{AlignedDocument, BeadReport};
use crate::cli::args::{Context, TargetMemory};
use crate::cli::clock::now;
use crate::cli::error::CommandError;
use crate::cli::interrupt;
use crate::cli::output::Destination;
use crate::cli::pairs::{DocumentPair, pairs_of_folder};
use crate::cli::progress::Kind;
use crate::cli::render::plural;
use crate::cli::text_input::{DocumentCut, read_document};
use crate::format::document::Document;
use crate::format::{Columns, FormatError, UnitFormat, WriteOptions, unit_writer};
use crate::lang::{Lang, Sides};
use crate::memory::TranslationMemory;
use crate::score::Confidence;

/// The columns of `--format tsv`.
const TSV_COLUMNS: &str = "doc,index,ar,en,confidence";

/// Align documents with their translations, and import what belongs together
///
/// Give an Arabic document and its English one, or a folder with pairs NAME.ar.EXT and NAME.en.EXT (plain text or
/// Markdown). Both are cut into sentences, and those that translate each other become units, with document, place and
/// confidence. What the memory holds already helps to align. All documents of one command are one session: kept whole, or not at all.
#[derive(Debug, Args)]
pub(crate) struct AlignArgs {
    /// The Arabic document, or a folder of pairs
    #[arg(value_name = "AR|FOLDER")]
    ar: PathBuf,

    /// The English document
    #[arg(value_name = "EN")]
    en: Option<PathBuf>,

    /// Write what was aligned instead of importing it
    #[arg(long, value_name = "FORMAT")]
    format: Option<BeadFormat>,

    /// Write to this file [default: stdout]
    #[arg(long, short, value_name = "FILE", requires = "format")]
    output: Option<PathBuf>,

    /// Take each line as a segment instead of cutting the text into sentences
    #[arg(long)]
    sentences: bool,

    /// Leave out what the aligner is less sure of than this, 0 to 1
    #[arg(long, value_name = "CONFIDENCE", default_value = "0", value_parser = parse_confidence)]
    min_confidence: Confidence,

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
    /// Segment numbers from 0, one bead a line, such as `[0]:[0,1]`; unaligned segments too
    Links,
}

/// What becomes of the beads.
enum Goal {
    Import(Box<TargetMemory>),
    Write(BeadFormat),
}

/// Aligns the documents, then imports or writes the units.
pub(crate) fn run(context: &Context, args: &AlignArgs) -> Result<Outcome, CommandError> {
    let pairs = pairs(context, args)?;
    let output = Destination::from_option(args.output.as_deref());
    let inputs = pairs
        .iter()
        .flat_map(|pair| [&pair.paths.ar, &pair.paths.en]);
    context.refuse_overwriting(&output, inputs)?;
    if args.format == Some(BeadFormat::Links) && pairs.len() > 1 {
        return Err(CommandError::user(
            "links of more than one pair can't be told apart in one output",
        )
        .hint("align the pairs one by one, or use --format tsv"));
    }
    let documents = read_all(context, args, pairs)?;
    // The memory is opened before the work: a place that can't be written to shows early, and what is in it helps.
    let mut goal = match args.format {
        Some(format) => Goal::Write(format),
        None if args.dry_run => Goal::Import(Box::new(context.open_memory_to_try()?)),
        None => Goal::Import(Box::new(context.open_memory_to_write()?.into())),
    };
    let lexicon = match &goal {
        Goal::Import(target) => learned_lexicon(&target.memory)?,
        Goal::Write(_) if context.memory_path()?.exists() => {
            learned_lexicon(&context.open_memory()?)?
        }
        Goal::Write(_) => Lexicon::merged(&[Lexicon::seed()]),
    };
    let aligned = align_all(context, documents, &lexicon)?;
    let report = report(context, args, &aligned);
    match &mut goal {
        Goal::Import(target) => import(context, target, &aligned, args)?,
        Goal::Write(format) => write_beads(&output, *format, &aligned, args)?,
    }
    Ok(if report.units() > 0 {
        Outcome::Done
    } else {
        Outcome::NothingFound
    })
}

/// The pairs that the arguments name; says which files of a folder are in none.
fn pairs(context: &Context, args: &AlignArgs) -> Result<Vec<DocumentPair>, CommandError> {
    let Some(en) = &args.en else {
        if !args.ar.is_dir() {
            return Err(CommandError::user(format!(
                "`{}` is no folder, and the English document is missing",
                args.ar.display()
            ))
            .hint("give both, as in `dhakira align news.ar.txt news.en.txt`"));
        }
        let found = pairs_of_folder(&args.ar)?;
        for path in &found.left_over {
            context
                .ui
                .warn(format!("`{}` is in no pair", path.display()));
        }
        if found.pairs.is_empty() {
            return Err(CommandError::user(format!(
                "the folder `{}` holds no pairs",
                args.ar.display()
            ))
            .hint("name the files of a pair NAME.ar.txt and NAME.en.txt"));
        }
        return Ok(found.pairs);
    };
    Ok(vec![DocumentPair::of_files(&args.ar, en)])
}

/// What is known before about which words translate which: the built-in words, and what the memory teaches.
fn learned_lexicon(memory: &TranslationMemory) -> Result<Lexicon, CommandError> {
    Ok(Lexicon::merged(&[Lexicon::seed(), &memory.lexicon()?]))
}

/// The name and the two documents of each pair.
fn read_all(
    context: &Context,
    args: &AlignArgs,
    pairs: Vec<DocumentPair>,
) -> Result<Vec<(String, Sides<Document>)>, CommandError> {
    let cut = DocumentCut::of_option(args.sentences);
    let mut read = Vec::with_capacity(pairs.len());
    for pair in pairs {
        interrupt::check()?;
        let documents = read_pair(context, args, &pair, cut)?;
        read.push((pair.name, documents));
    }
    Ok(read)
}

fn align_all(
    context: &Context,
    documents: Vec<(String, Sides<Document>)>,
    lexicon: &Lexicon,
) -> Result<Vec<AlignedDocument>, CommandError> {
    let total = documents.len() as u64;
    let progress = context.ui.progress(Kind::Items("documents"), Some(total));
    let mut aligned = Vec::with_capacity(documents.len());
    for (name, documents) in documents {
        interrupt::check()?;
        progress.message(format!("aligning {name}"));
        progress.at(aligned.len() as u64);
        aligned.push(AlignedDocument::new(name, &documents, lexicon));
    }
    Ok(aligned)
}

/// Reads the two documents. Where their scripts say that they were named the other way round they are turned, which
/// links, being numbers alone, must not be.
fn read_pair(
    context: &Context,
    args: &AlignArgs,
    pair: &DocumentPair,
    cut: DocumentCut,
) -> Result<Sides<Document>, CommandError> {
    let Sides { ar, en } = &pair.paths;
    let options = context.settings().segmentation.options();
    let documents = Sides {
        ar: read_document(ar, cut, &options)?,
        en: read_document(en, cut, &options)?,
    };
    let scripts = (
        Lang::of_text(documents.ar.text()),
        Lang::of_text(documents.en.text()),
    );
    let (ar, en) = (ar.display(), en.display());
    match scripts {
        (Some(Lang::English), Some(Lang::Arabic)) => {
            if args.format == Some(BeadFormat::Links) {
                return Err(
                    CommandError::user(format!("`{ar}` is English and `{en}` is Arabic"))
                        .hint("name the Arabic document first"),
                );
            }
            context.ui.warn(format!(
                "`{ar}` is English and `{en}` is Arabic; taken the other way round"
            ));
            Ok(Sides {
                ar: documents.en,
                en: documents.ar,
            })
        }
        (Some(a), Some(b)) if a == b => {
            context.ui.warn(format!(
                "`{ar}` and `{en}` are in one script; are they translations of each other?"
            ));
            Ok(documents)
        }
        _ => Ok(documents),
    }
}

/// Imports the units in one session.
fn import(
    context: &Context,
    target: &mut TargetMemory,
    aligned: &[AlignedDocument],
    args: &AlignArgs,
) -> Result<(), CommandError> {
    let mut source = args.ar.display().to_string();
    if let Some(en) = &args.en {
        source.push_str(&format!(" {}", en.display()));
    }
    let info = session_info("align", Some(source));
    let time = now();
    let mut import = target.memory.begin(&info, time)?;
    for document in aligned {
        interrupt::check()?;
        for unit in document.units(args.min_confidence, time) {
            import.push(&unit)?;
        }
    }
    let counts = finish_import(context, import, args.dry_run)?;
    context.ui.note(describe_counts(&counts, args.dry_run));
    Ok(())
}

fn write_beads(
    output: &Destination,
    format: BeadFormat,
    aligned: &[AlignedDocument],
    args: &AlignArgs,
) -> Result<(), CommandError> {
    let format = match format {
        BeadFormat::Links => {
            return output.write(|out| {
                for document in aligned {
                    document.write_links(out)?;
                }
                Ok(())
            });
        }
        BeadFormat::Tsv => UnitFormat::Tsv,
        BeadFormat::Tmx => UnitFormat::Tmx,
    };
    let options = WriteOptions {
        columns: Some(Columns::parse(TSV_COLUMNS).map_err(FormatError::from)?),
    };
    let time = now();
    let mut writer = unit_writer(format, output.open()?, &options)?;
    for document in aligned {
        for unit in document.units(args.min_confidence, time) {
            writer.write(unit.view())?;
        }
    }
    writer.finish()?;
    Ok(())
}

/// Says for each document, and for all of them together, what was aligned.
fn report(context: &Context, args: &AlignArgs, aligned: &[AlignedDocument]) -> BeadReport {
    let mut total = BeadReport::default();
    for document in aligned {
        let report = document.report(args.min_confidence);
        context.ui.note(format!("{}: {report}", document.name()));
        total += &report;
    }
    if aligned.len() > 1 {
        let documents = plural(aligned.len() as u64, "document");
        context.ui.note(format!("{documents}: {total}"));
    }
    total
}
