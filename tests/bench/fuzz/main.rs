//! Feeds readers with damaged files, for as long as one likes.
//!
//! `cargo bench --bench fuzz -- [READER]... [--seconds N] [--seed N] [--corpus FOLDER] [--found FOLDER]`
//!
//! Without a name all readers are tried in turn ([`Target`]), each for N seconds (2). Inputs are files of the corpus folder
//! and its subfolders whose names end as the reader's do, beside small ones of our own, with a few changes each
//! ([`mutate`]). The same seed gives the same inputs, as long as nothing else is changed.
//!
//! Each input is held to [`Target::check`]. One that panics, breaks an invariant, takes longer than [`PATIENCE`] or more
//! memory than [`MEMORY_LIMIT`] is kept in the folder of `--found` (the system's temporary folder where it isn't given),
//! and the run ends with exit code 1. `--replay FILE` checks that file alone.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod check;
mod mutate;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, exit};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use check::Target;

/// How long one input may take, at most 64 KiB of it.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many bytes the process may take at its most.
const MEMORY_LIMIT: u64 = 1 << 30;

/// How many faults of a reader are kept before it is left.
const FAULTS: usize = 20;

/// A small generator of random numbers: SplitMix64 (Steele, Lea & Flood 2014).
pub(crate) struct Random(u64);

impl Random {
    /// A number below `n`, which is not 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ z >> 31) % n as u64) as usize
    }
}

/// What the command line says.
struct Options {
    targets: Vec<Target>,
    seconds: u64,
    seed: u64,
    corpus: Option<PathBuf>,
    found: PathBuf,
    replay: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    std::panic::set_hook(Box::new(|_| {}));
    let watch = Watch::start(options.found.clone());
    let mut sound = true;
    for target in &options.targets {
        let run = Run {
            target: *target,
            options: &options,
            watch: &watch,
        };
        sound &= match &options.replay {
            Some(path) => run.replay(path),
            None => run.mutations(),
        };
    }
    if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

impl Options {
    fn parse() -> Self {
        let mut options = Self {
            targets: Vec::new(),
            seconds: 2,
            seed: 1,
            corpus: None,
            found: std::env::temp_dir(),
            replay: None,
        };
        let mut args = std::env::args().skip(1);
        while let Some(arg) = args.next() {
            let mut value = || args.next().unwrap_or_else(|| usage(&arg));
            match arg.as_str() {
                // What cargo says to every bench.
                "--bench" => {}
                "--seconds" => options.seconds = value().parse().unwrap_or_else(|_| usage(&arg)),
                "--seed" => options.seed = value().parse().unwrap_or_else(|_| usage(&arg)),
                "--corpus" => options.corpus = Some(value().into()),
                "--found" => options.found = value().into(),
                "--replay" => options.replay = Some(value().into()),
                name => {
                    let target = Target::all().find(|target| target.name() == name);
                    options.targets.push(target.unwrap_or_else(|| usage(name)));
                }
            }
        }
        if options.targets.is_empty() {
            options.targets = Target::all().collect();
        }
        options
    }
}

fn usage(arg: &str) -> ! {
    let names: Vec<_> = Target::all().map(Target::name).collect();
    eprintln!(
        "`{arg}` is not understood; readers are {}",
        names.join(", ")
    );
    exit(2)
}

/// One reader's turn.
struct Run<'r> {
    target: Target,
    options: &'r Options,
    watch: &'r Watch,
}

impl Run<'_> {
    /// Checks damaged inputs for as long as it was asked; whether all was well.
    fn mutations(&self) -> bool {
        let seeds = self.seeds();
        let mut random = Random(self.options.seed);
        let end = Instant::now() + Duration::from_secs(self.options.seconds);
        let mut inputs = 0_u64;
        let mut faults = BTreeSet::new();
        while Instant::now() < end && faults.len() < FAULTS {
            let seed = &seeds[random.below(seeds.len())];
            let other = &seeds[random.below(seeds.len())];
            let input = mutate::mutated(seed, other, &mut random);
            inputs += 1;
            if let Err(fault) = self.check(&input) {
                // The same fault has many inputs.
                let kind: String = fault
                    .chars()
                    .filter(|c| !c.is_ascii_digit())
                    .take(60)
                    .collect();
                if faults.insert(kind) {
                    self.keep(&input, &fault);
                }
            }
        }
        let target = self.target.name();
        println!(
            "{target}: {inputs} inputs of {} seeds, {} faults",
            seeds.len(),
            faults.len()
        );
        faults.is_empty()
    }

    fn replay(&self, path: &Path) -> bool {
        let input =
            std::fs::read(path).unwrap_or_else(|e| usage(&format!("{}: {e}", path.display())));
        let result = self.check(&input);
        println!(
            "{}: {}",
            self.target.name(),
            result.as_ref().err().map_or("sound", |e| e)
        );
        result.is_ok()
    }

    fn check(&self, input: &[u8]) -> Result<(), String> {
        self.watch.begin(self.target, input);
        let result = catch_unwind(AssertUnwindSafe(|| self.target.check(input)));
        self.watch.end();
        result.unwrap_or_else(|cause| {
            let text = cause.downcast_ref::<String>().map(String::as_str);
            let text = text.or(cause.downcast_ref::<&str>().copied());
            Err(format!("panic: {}", text.unwrap_or_default()))
        })
    }

    fn keep(&self, input: &[u8], fault: &str) {
        keep(&self.options.found, self.target, input, fault);
    }

    /// Inputs to be changed.
    fn seeds(&self) -> Vec<Vec<u8>> {
        let mut seeds: Vec<Vec<u8>> = SEEDS.iter().map(|seed| seed.as_bytes().to_vec()).collect();
        if let Some(folder) = &self.options.corpus {
            let before = seeds.len();
            add_files(folder, self.target.extensions(), &mut seeds);
            if seeds.len() > before {
                // Seeds of other formats are of use only where there are none of the own.
                seeds.drain(..before);
            }
        }
        seeds
    }
}

/// Files below a folder with names that end like that, in the order of their paths.
fn add_files(folder: &Path, extensions: &[&str], into: &mut Vec<Vec<u8>>) {
    let entries =
        std::fs::read_dir(folder).unwrap_or_else(|e| usage(&format!("{}: {e}", folder.display())));
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let end = path.extension().and_then(|end| end.to_str());
        if path.is_dir() {
            add_files(&path, extensions, into);
        } else if end.is_some_and(|end| extensions.contains(&end.to_ascii_lowercase().as_str())) {
            into.extend(std::fs::read(&path));
        }
    }
}

fn keep(folder: &Path, target: Target, input: &[u8], fault: &str) {
    let mut sum = flate2::Crc::new();
    sum.update(input);
    let name = format!("{}-{:08x}", target.name(), sum.sum());
    let path = folder.join(name);
    let kept = std::fs::write(&path, input);
    let fault: String = fault.chars().take(2000).collect();
    match kept {
        Ok(()) => eprintln!("{}: {fault}", path.display()),
        Err(e) => eprintln!("{} can't be kept ({e}): {fault}", path.display()),
    }
}

/// The input that is being read: when that began, by which reader.
type Current = Option<(Instant, Target, Vec<u8>)>;

/// Ends the process when an input takes too long or too much.
struct Watch {
    current: Arc<Mutex<Current>>,
}

impl Watch {
    fn start(found: PathBuf) -> Self {
        let current: Arc<Mutex<Current>> = Arc::default();
        let watched = Arc::clone(&current);
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_millis(100));
                let current = watched.lock().unwrap_or_else(PoisonError::into_inner);
                let Some((since, target, input)) = &*current else {
                    continue;
                };
                let memory = memory_peak();
                let fault = if since.elapsed() > PATIENCE {
                    format!("longer than {} s", PATIENCE.as_secs())
                } else if memory > MEMORY_LIMIT {
                    format!("{} MiB of memory", memory >> 20)
                } else {
                    continue;
                };
                keep(&found, *target, input, &fault);
                exit(1);
            }
        });
        Self { current }
    }

    fn begin(&self, target: Target, input: &[u8]) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), target, input.to_vec()));
    }

    fn end(&self) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The most bytes that the process held so far; 0 where the system doesn't tell.
fn memory_peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kibibytes.unwrap_or(0) * 1024
}

/// Small files of all formats.
const SEEDS: &[&str] = &[
    "<tmx version='1.4'><header srclang='en'/><body>\n<tu tuid='1'><note>n</note><prop type='p'>v</prop><tuv xml:lang='en'><seg>Press <bpt i='1'>&lt;b></bpt>Save<ept i='1'/> &amp; go<ph/></seg></tuv>\
     <tuv xml:lang='ar'><seg>اضغط <hi>حفظ</hi></seg></tuv></tu>\n</body></tmx>",
    "<martif type='TBX-Basic'><martifHeader/><text><body>\n<termEntry id='c1'><descripGrp><descrip type='definition'>d</descrip><admin type='source'>WHO</admin></descripGrp>\
     <langSet xml:lang='ar-EG'><ntig><termGrp><term id='t1'>مستشفى</term><termNote type='partOfSpeech'>noun</termNote></termGrp></ntig></langSet>\
     <langSet xml:lang='en'><tig><term>hospital</term><ref type='crossReference' target='t1'>x</ref></tig></langSet></termEntry>\n</body></text></martif>",
    "<tbx type='TBX-Basic' style='dct' xml:lang='en' xmlns='urn:iso:std:iso:30042:ed-2' xmlns:min='http://www.tbxinfo.net/ns/min'><text><body><conceptEntry id='1'>\
     <min:subjectField>health</min:subjectField><transacGrp><date>2010-04-17</date></transacGrp><langSec xml:lang='ar'><termSec><term>بنك</term><note>n</note></termSec></langSec>\
     <langSec xml:lang='en'><termSec><term>bank</term><min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec></langSec></conceptEntry></body></text></tbx>",
    "<TBX dialect='TBX-Min'><header/><body><entry id='C2'><subjectField>s</subjectField><langGroup xml:lang='en'><termGroup><term>dog</term><termStatus>notRecommended</termStatus>\
     <noteGrp><note><noteKey>use</noteKey><noteValue>never</noteValue></note></noteGrp></termGroup></langGroup></entry></body></TBX>",
    "<xliff version='1.2'><file original='a' source-language='en' target-language='ar' datatype='plaintext'><body>\n<trans-unit id='1'><source>Press <g id='1'>Save</g><x id='2'/></source>\
     <target state='new'>اضغط <g id='1'>حفظ</g></target></trans-unit>\n<trans-unit id='2'><source>One. Two.</source><seg-source><mrk mtype='seg' mid='1'>One.</mrk> <mrk mtype='seg' mid='2'>Two.</mrk></seg-source></trans-unit></body></file></xliff>",
    "<xliff xmlns='urn:oasis:names:tc:xliff:document:2.0' version='2.0' srcLang='en' trgLang='ar'><file id='f'>\n<unit id='1'><originalData><data id='d1'>x</data></originalData>\
     <segment id='s'><source>Press <pc id='1'>Save</pc><ph id='2' dataRef='d1'/></source><target>اضغط</target></segment></unit></file></xliff>",
    "# c\nmsgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\n#: a.c:1\n#, fuzzy\n#| msgid \"Opened\"\nmsgctxt \"menu\"\nmsgid \"Open\"\nmsgstr \"افتح\"\n\nmsgid \"One\"\nmsgid_plural \"%d\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n\n#~ msgid \"x\"\n#~ msgstr \"\"\n",
    "<!DOCTYPE html><html lang=en><title>Home &amp; more</title><p title=\"A tip\">Go <b>there</b> now.<p>It<br>is.<script>x<y</script><table><tr><td>1<td>2</table>",
    "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:pPr><w:pStyle w:val=\"a\"/></w:pPr><w:r><w:t xml:space=\"preserve\">Press </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>Save</w:t><w:br/></w:r></w:p></w:body></w:document>",
    "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>One</t></si><si><r><t>Two</t></r><r><rPr><b/></rPr><t> bold</t></r></si><si><t xml:space=\"preserve\"> x </t></si></sst>",
    "{\n  \"en\": { \"open\": \"Open {0}\", \"days\": [\"Sunday\", 7, \"\", null] },\r\n  \"x\": \"\\u0643\"}\n",
    "# c\n---\nen: # e\n  title: Home # c\n  'q' : 'It''s'\n  a: &x Hi\n  b: *x\n  d: \"caf\\u00E9 \\\n    now\"\n  l: |+\n    Line\n      two\n\n  f: >2-\n     Folded\n    text\n  m: {a: One, b: [Two, \"x\"]}\n  n: ~\n  s: !!str 1\n  ? k\n  : v\n  files:\n    one: file\n    other: \"%{count}\"\n...\n",
    "<?xml version=\"1.0\"?>\n<resources xmlns:tools=\"t\" tools:locale=\"en\"><string name=\"a\" translatable=\"false\">App</string>\n<string name=\"b\">Don\\'t <b>go</b>  \\u0643&amp;\\n<xliff:g id=\"n\">%s</xliff:g></string><string name=\"r\">@string/a</string>\
     <string name=\"q\">\" two  \"</string><string name=\"c\"><![CDATA[Read <a href=\"x\">this</a>]]></string><string-array name=\"d\"><item>Sun</item></string-array><plurals name=\"f\"><item quantity=\"one\">%d</item><item quantity=\"other\">%d files</item></plurals></resources>\n",
    "# c\na = One \\\n   more\nb: نعم\n\n c d\\u0020e\n! x\n",
    "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>Hello</i>\r\nworld\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nBye\r\n",
    "WEBVTT\n\nNOTE n\n\na\n00:01.000 --> 00:02.000 line:0\n<v Bob>- Hello &amp; welcome</v>\n",
    "# Title\n\nOne *two* three. Four `code` [five](x).\n\n- a\n- b\n  > c\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n",
    "نعم\tYes\nلا\tNo\n",
    "id\tar\ten\tstatus\tdefinition_en\n1\tبنك | مصرف\tbank\tpreferred | obsolete\twhere money is kept\n",
    "ar,en,note\n\"نعم, نعم\",\"He said \"\"yes\"\"\",\n",
    "{\"ar\":\"نعم\",\"en\":\"Yes\",\"codes\":{\"en\":[{\"at\":0,\"kind\":\"alone\",\"number\":1,\"raw\":\"<br/>\"}]},\"doc\":\"d\",\"index\":3}\n",
];
