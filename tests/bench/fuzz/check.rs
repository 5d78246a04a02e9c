//! What must hold of a reader for any bytes at all: it gives units or says why not, and what it read can be written.

use std::io::Cursor;
use std::ops::ControlFlow;

use dhakira::coded::{Code, CodeKind, Coded};
use dhakira::format::document::{Document, DocumentKind};
use dhakira::format::fill::{
    FileKind, FillOptions, FillableFile, Filling, OpenOptions, Shape, Slot, SlotState,
};
use dhakira::format::terms::{
    TermFormat, TermReadOptions, TermWriteOptions, read_terms, term_writer,
};
use dhakira::format::{
    Columns, Input, Output, ReadOptions, Record, UnitFormat, WriteOptions, read_units, unit_writer,
};
use dhakira::lang::Lang;
use dhakira::term::TermEntry;
use dhakira::unit::DraftUnit;

/// What reads the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A reader of units.
    Units(UnitFormat),
    /// A reader of terms.
    Terms(TermFormat),
    /// A file to be filled.
    File(FileKind),
    /// A text to be aligned or looked up.
    Document(DocumentKind),
}

impl Target {
    /// All of them.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let units = UnitFormat::ALL.into_iter().map(Self::Units);
        let terms = TermFormat::ALL.into_iter().map(Self::Terms);
        let files = FileKind::ALL.into_iter().map(Self::File);
        let documents = [DocumentKind::Plain, DocumentKind::Markdown].map(Self::Document);
        units.chain(terms).chain(files).chain(documents)
    }

    /// The name in arguments: `units-tmx`, `terms-tbx`, `file-po`, `document-markdown`.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Units(format) => format!("units-{}", format.name()),
            Self::Terms(format) => format!("terms-{}", format.name()),
            Self::File(kind) => format!("file-{}", kind.name()),
            Self::Document(DocumentKind::Plain) => "document-plain".to_owned(),
            Self::Document(DocumentKind::Markdown) => "document-markdown".to_owned(),
        }
    }

    /// The ends of the names of files that it reads.
    pub(crate) fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Units(format) => format.extensions(),
            Self::Terms(format) => format.extensions(),
            Self::File(kind) => kind.extensions(),
            Self::Document(DocumentKind::Plain) => FileKind::Text.extensions(),
            Self::Document(DocumentKind::Markdown) => FileKind::Markdown.extensions(),
        }
    }

    /// Reads `bytes` and checks what is made of them.
    ///
    /// # Errors
    /// What doesn't hold.
    pub(crate) fn check(self, bytes: &[u8]) -> Result<(), String> {
        match self {
            Self::Units(UnitFormat::Xlsx) => {
                units(UnitFormat::Xlsx, &packed(FileKind::Xlsx, bytes))
            }
            Self::Units(format) => units(format, bytes),
            Self::Terms(TermFormat::Xlsx) => {
                terms(TermFormat::Xlsx, &packed(FileKind::Xlsx, bytes))
            }
            Self::Terms(format) => terms(format, bytes),
            Self::File(kind) => file(kind, &packed(kind, bytes)),
            Self::Document(kind) => document(kind, bytes),
        }
    }
}

/// Units are written in their own format, as TMX and as JSON Lines, and the same texts and codes are read again.
fn units(format: UnitFormat, bytes: &[u8]) -> Result<(), String> {
    let Ok(read) = read(format, None, bytes.to_vec()) else {
        return Ok(());
    };
    let formats = [format, UnitFormat::Tmx, UnitFormat::Jsonl].into_iter();
    for written in formats.filter(|format| format.is_written()) {
        let mut out = Vec::new();
        let output = Output::from_writer("out", &mut out);
        let mut writer = unit_writer(written, output, &WriteOptions::default())
            .map_err(|e| format!("no writer: {e}"))?;
        for unit in &read {
            writer
                .write(unit.view())
                .map_err(|e| format!("not written: {e}"))?;
        }
        let counts = writer.finish().map_err(|e| format!("no end: {e}"))?;
        let text = String::from_utf8_lossy(&out).into_owned();
        let columns = Some(Columns::bitext());
        let again = self::read(written, columns, out)
            .map_err(|e| format!("not read again: {e}\n{text}"))?;
        // A compendium has each message once.
        let is_merged = written == UnitFormat::Po;
        if again.len() != read.len() && !(is_merged && again.len() < read.len()) {
            return Err(format!(
                "{} units, {} read again from {}\n{text}",
                read.len(),
                again.len(),
                written.name()
            ));
        }
        // Formats of columns have no codes, and codes that another format writes otherwise may be paired otherwise. Those
        // of lines have no line ends; the writer counts what it alters.
        let keeps_all = match written {
            UnitFormat::Tsv | UnitFormat::Csv | UnitFormat::Xlsx | UnitFormat::Po => false,
            UnitFormat::Tmx | UnitFormat::Jsonl | UnitFormat::Xliff => counts.altered == 0,
        };
        for (one, other) in read.iter().zip(&again).filter(|_| keeps_all) {
            let same = match written == format {
                true => shape(one) == shape(other),
                false => one.text == other.text,
            };
            if !same {
                return Err(format!(
                    "{one:?}\nis written as {} and read as\n{other:?}",
                    written.name()
                ));
            }
        }
    }
    Ok(())
}

fn read(
    format: UnitFormat,
    columns: Option<Columns>,
    bytes: Vec<u8>,
) -> Result<Vec<DraftUnit>, String> {
    let input = Input::from_reader("in", Cursor::new(bytes)).map_err(|e| e.to_string())?;
    let options = ReadOptions {
        format: Some(format),
        columns,
        ..ReadOptions::default()
    };
    let mut units = Vec::new();
    read_units(input, &options, &mut |record| {
        if let Record::Unit(unit) = record {
            units.push(unit);
        }
        ControlFlow::Continue(())
    })
    .map_err(|e| e.to_string())?;
    Ok(units)
}

/// The texts and where which codes stand in them.
fn shape(unit: &DraftUnit) -> [(&str, Vec<(usize, CodeKind)>); 2] {
    let places = |codes: &[Code]| codes.iter().map(|code| (code.at, code.kind)).collect();
    [
        (unit.text.ar.as_str(), places(&unit.codes.ar)),
        (unit.text.en.as_str(), places(&unit.codes.en)),
    ]
}

/// Entries are written as TBX and in columns and read again: each has all its languages and terms, and from TBX it is
/// the same.
fn terms(format: TermFormat, bytes: &[u8]) -> Result<(), String> {
    let Ok(read) = read_entries(format, bytes.to_vec()) else {
        return Ok(());
    };
    for written in TermFormat::ALL {
        let Some(options) = TermWriteOptions::of(written, &read) else {
            continue;
        };
        let mut out = Vec::new();
        let mut writer = term_writer(Output::from_writer("out", &mut out), options)
            .map_err(|e| format!("no writer: {e}"))?;
        for entry in &read {
            writer
                .write(entry)
                .map_err(|e| format!("not written: {e}"))?;
        }
        let counts = writer.finish().map_err(|e| format!("no end: {e}"))?;
        let text = String::from_utf8_lossy(&out).into_owned();
        let again =
            read_entries(written, out).map_err(|e| format!("not read again: {e}\n{text}"))?;
        if written != TermFormat::Tbx || counts.altered > 0 {
            continue;
        }
        if let Some((one, other)) = read.iter().zip(&again).find(|(one, other)| one != other) {
            return Err(format!(
                "{one:?}\nis written and read as\n{other:?}\n{text}"
            ));
        }
        if again.len() != read.len() {
            return Err(format!(
                "{} entries, {} read again\n{text}",
                read.len(),
                again.len()
            ));
        }
    }
    Ok(())
}

fn read_entries(format: TermFormat, bytes: Vec<u8>) -> Result<Vec<TermEntry>, String> {
    let input = Input::from_reader("in", Cursor::new(bytes)).map_err(|e| e.to_string())?;
    let options = TermReadOptions {
        format: Some(format),
        columns: None,
    };
    let mut entries = Vec::new();
    read_terms(input, &options, &mut |record| {
        if let Record::Unit(entry) = record {
            entries.push(entry);
        }
        ControlFlow::Continue(())
    })
    .map_err(|e| e.to_string())?;
    Ok(entries)
}

/// What a translator might write and a careless writer would spoil.
const FILLINGS: [&str; 6] = [
    "نعم",
    "\"نعم\" و'لا' \\ & < > &amp;",
    "100 % %s {0} ${x}",
    "كِتَابٌ \u{200F}نعم\u{200E} 🙂",
    "# = : ! - [x] @y ?z",
    "]]> --> <!-- </target> \\u0041",
];

/// A file that isn't filled is the same bytes; one that is filled reads again with the same segments.
fn file(kind: FileKind, bytes: &[u8]) -> Result<(), String> {
    let options = OpenOptions::default();
    let open = |bytes: Vec<u8>| kind.open(bytes, "in", &options, &mut |_| {});
    let Ok(file) = open(bytes.to_vec()) else {
        return Ok(());
    };
    if written(&*file, &[])? != bytes {
        return Err("other bytes though nothing is filled".to_owned());
    }
    for (i, slot) in file.slots().iter().enumerate() {
        codes_are_sound(&slot.source).map_err(|e| format!("slot {i}: {e}"))?;
    }
    for text in FILLINGS {
        let fillings: Vec<_> = file
            .slots()
            .iter()
            .map(|slot| filling(slot, text))
            .collect();
        let mut left_out = 0;
        file.check(&fillings, &FillOptions::default(), &mut |_| left_out += 1);
        let out = written(&*file, &fillings)?;
        let shown = String::from_utf8_lossy(&out).into_owned();
        let again = open(out).map_err(|e| format!("filled, it can't be read: {e}\n{shown}"))?;
        // Running text may be cut elsewhere when it says something else.
        let is_cut = matches!(
            kind,
            FileKind::Text | FileKind::Markdown | FileKind::Html | FileKind::Docx
        );
        if is_cut {
            continue;
        }
        // A message gets the plural forms that it lacks.
        let has_forms = kind.shape() == Shape::Monolingual
            && file.slots().iter().any(|slot| slot.form.is_some());
        if again.slots().len() != file.slots().len() && !has_forms {
            return Err(format!(
                "{} segments, {} when filled\n{shown}",
                file.slots().len(),
                again.slots().len()
            ));
        }
        for (slot, after) in file.slots().iter().zip(again.slots()) {
            if kind.shape() == Shape::Monolingual || slot.state == SlotState::Locked {
                continue;
            }
            if after.source.text != slot.source.text {
                return Err(format!(
                    "source {:?} becomes {:?}\n{shown}",
                    slot.source, after.source
                ));
            }
            let target = after.target.as_ref().map_or("", |t| &t.text);
            // PO has a line end at the ends of a target where its source has one.
            if left_out == 0 && target.trim() != text {
                return Err(format!("{text:?} is read as {target:?}\n{shown}"));
            }
        }
    }
    Ok(())
}

/// `text` with the codes of the slot: those at its start there, all others at the end.
fn filling(slot: &Slot, text: &str) -> Filling {
    let mut target = slot.source.clone();
    target.text = text.to_owned();
    for code in &mut target.codes {
        code.at = if code.at == 0 { 0 } else { text.len() };
    }
    Filling {
        target: Some(target),
        confirmed: true,
        ..Filling::default()
    }
}

fn written(file: &dyn FillableFile, fillings: &[Filling]) -> Result<Vec<u8>, String> {
    let options = FillOptions {
        target: Some(Lang::Arabic),
    };
    let mut out = Vec::new();
    file.write(fillings, &options, &mut out)
        .map_err(|e| format!("not written: {e}"))?;
    Ok(out)
}

fn codes_are_sound(coded: &Coded) -> Result<(), String> {
    Coded::new(coded.text.clone(), coded.codes.clone())
        .map(drop)
        .map_err(|fault| fault.to_string())
}

/// Segments are in order, apart, and put back as they were.
fn document(kind: DocumentKind, bytes: &[u8]) -> Result<(), String> {
    let Ok(text) = Input::from_reader("in", Cursor::new(bytes.to_vec()))
        .and_then(dhakira::format::Input::read_to_string)
    else {
        return Ok(());
    };
    let document = Document::parse(text.clone(), kind, &Default::default());
    let mut end = 0;
    for segment in document.segments() {
        if segment.range.start < end || text.get(segment.range.clone()).is_none() {
            return Err(format!("a segment at {:?} behind {end}", segment.range));
        }
        end = segment.range.end;
    }
    if document.splice(|_| None::<&str>) != text {
        return Err("other text though nothing is replaced".to_owned());
    }
    document.splice(|_| Some("# نعم | - لا"));
    Ok(())
}

/// Office files are archives, in which a changed byte is an error of its sum and nothing else. So bytes that are none
/// stand for the part that holds the text, and are packed into an archive.
fn packed(kind: FileKind, bytes: &[u8]) -> Vec<u8> {
    let parts: &[(&str, &str)] = match kind {
        _ if bytes.starts_with(b"PK") => return bytes.to_vec(),
        FileKind::Docx => DOCX,
        FileKind::Xlsx => XLSX,
        _ => return bytes.to_vec(),
    };
    let parts = parts.iter().map(|(name, text)| {
        let text = if *text == PART {
            bytes
        } else {
            text.as_bytes()
        };
        (*name, text)
    });
    stored_zip(parts)
}

/// Stands for the bytes.
const PART: &str = "";

const DOCX: &[(&str, &str)] = &[
    (
        "[Content_Types].xml",
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>",
    ),
    (
        "_rels/.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>",
    ),
    ("word/document.xml", PART),
];

const XLSX: &[(&str, &str)] = &[
    (
        "[Content_Types].xml",
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/><Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml\"/></Types>",
    ),
    (
        "_rels/.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
    ),
    (
        "xl/workbook.xml",
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>",
    ),
    (
        "xl/worksheets/sheet1.xml",
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"B2\" t=\"s\"><v>2</v></c></row></sheetData></worksheet>",
    ),
    ("xl/sharedStrings.xml", PART),
];

/// A ZIP archive whose files are stored as they are.
fn stored_zip<'p>(parts: impl Iterator<Item = (&'p str, &'p [u8])>) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    let mut count = 0_u16;
    for (name, bytes) in parts {
        let mut sum = flate2::Crc::new();
        sum.update(bytes);
        let size = (bytes.len() as u32).to_le_bytes();
        // Version, flags, method, time and date; then what the two headers share.
        let mut shared = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        shared.extend(sum.sum().to_le_bytes());
        shared.extend(size);
        shared.extend(size);
        shared.extend((name.len() as u16).to_le_bytes());
        shared.extend([0, 0]);
        let at = (archive.len() as u32).to_le_bytes();
        for piece in [b"PK\x03\x04", &shared[..], name.as_bytes(), bytes] {
            archive.extend_from_slice(piece);
        }
        for piece in [
            b"PK\x01\x02\x14\0",
            &shared[..],
            &[0; 10],
            &at,
            name.as_bytes(),
        ] {
            directory.extend_from_slice(piece);
        }
        count += 1;
    }
    let at = (archive.len() as u32).to_le_bytes();
    let size = (directory.len() as u32).to_le_bytes();
    let count = count.to_le_bytes();
    archive.extend(directory);
    for piece in [
        b"PK\x05\x06\0\0\0\0",
        &count[..],
        &count,
        &size,
        &at,
        &[0, 0],
    ] {
        archive.extend_from_slice(piece);
    }
    archive
}
