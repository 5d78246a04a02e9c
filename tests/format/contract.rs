//! The contract suite: every test runs for every format.

use std::io::Write;

use proptest::prelude::*;

use super::*;
use dhakira::coded::{Code, CodeKind};
use dhakira::format::LINE_LIMIT;
use dhakira::lang::Lang;
use dhakira::score::Confidence;
use dhakira::unit::{UnitState, UnixSeconds};

/// All columns that TSV and CSV have, so that they can be held to the same as the others.
fn all_columns(format: UnitFormat) -> Option<Columns> {
    let names = "doc,index,ar,en,author,created,changed,state,confidence,note,note";
    matches!(format, UnitFormat::Tsv | UnitFormat::Csv).then(|| Columns::parse(names).unwrap())
}

/// Texts such as memories hold: both scripts, marks, direction marks, digits of three kinds, markup, and line ends
/// where the format can hold them.
fn text(format: UnitFormat) -> impl Strategy<Value = String> {
    let white = match format {
        UnitFormat::Tsv => " ",
        _ => " |\t|\n|\r\n|\r",
    };
    let piece = "[ء-ي]{1,6}|[ً-ْ]|ـ|ﻛﺘﺎب|[a-zA-Z]{1,6}|[0-9٠-٩۰-۹]{1,3}|\u{200F}|\u{2067}|\u{2069}|😀\
         |[&<>\"',;#\\\\=]|]]>|<!--|</tu>|&amp;|\\{1\\}|";
    let piece = proptest::string::string_regex(&(piece.to_owned() + white)).unwrap();
    proptest::collection::vec(piece, 1..12)
        .prop_map(|pieces| pieces.concat().trim().to_owned())
        .prop_filter("a segment is not blank", |text| !text.is_empty())
}

/// What PO has room for.
fn po_origin() -> impl Strategy<Value = Origin> {
    let text = || text(UnitFormat::Tsv);
    let file = "[a-zء-ي]{1,6}(/[a-z]{1,3}\\.c)?( [0-9])?";
    (
        proptest::option::of((file, any::<u32>())),
        proptest::sample::select(&[UnitState::Initial, UnitState::Translated][..]),
        proptest::collection::vec(text(), 0..2),
        proptest::option::of(self::text(UnitFormat::Csv)),
        any::<bool>(),
    )
        .prop_map(|(place, state, notes, context, is_flagged)| {
            let context = context.map(|context| ("msgctxt".to_owned(), context));
            let flags = is_flagged.then(|| ("flags".to_owned(), "no-wrap".to_owned()));
            let (document, position) = place.unzip();
            Origin {
                document,
                position,
                state,
                notes,
                properties: context.into_iter().chain(flags).collect(),
                ..Origin::default()
            }
        })
}

fn origin(format: UnitFormat) -> BoxedStrategy<Origin> {
    if format == UnitFormat::Po {
        return po_origin().boxed();
    }
    let time = || proptest::option::of((0_i64..4_000_000_000).prop_map(UnixSeconds));
    let name = || proptest::option::of(text(format));
    let properties = match format {
        // A format of columns has none for them.
        UnitFormat::Tsv | UnitFormat::Csv => Just(Vec::new()).boxed(),
        // Those that are attributes in TMX, and those that are not.
        _ => proptest::collection::btree_map("[a-z:]{1,5}|tuid|changeid", text(format), 0..4)
            .prop_map(|map| map.into_iter().collect())
            .boxed(),
    };
    (
        (
            name(),
            proptest::option::of(any::<u32>()),
            name(),
            time(),
            time(),
        ),
        proptest::sample::select(&UnitState::ALL[..]),
        proptest::option::of((0..=1000_u16).prop_map(Confidence::from_thousandths)),
        proptest::collection::vec(text(format), 0..3),
        properties,
    )
        .prop_map(
            |(
                (document, position, author, created, changed),
                state,
                confidence,
                notes,
                properties,
            )| Origin {
                document,
                position,
                author,
                created,
                changed,
                state,
                confidence,
                notes,
                properties,
            },
        )
        .boxed()
}

fn units(format: UnitFormat) -> impl Strategy<Value = Vec<DraftUnit>> {
    let unit = (text(format), text(format), origin(format)).prop_filter_map(
        "a side of invisible characters is blank",
        |(ar, en, origin)| DraftUnit::new(&ar, &en, origin).ok(),
    );
    proptest::collection::vec(unit, 0..8).prop_map(move |mut units| {
        // A compendium has each message once.
        if format == UnitFormat::Po {
            units.sort_by(|a, b| a.text.en.cmp(&b.text.en));
            units.dedup_by(|a, b| a.text.en == b.text.en);
        }
        units
    })
}

fn units_of_a_format() -> impl Strategy<Value = (UnitFormat, Vec<DraftUnit>)> {
    proptest::sample::select(&WRITTEN[..])
        .prop_flat_map(|format| units(format).prop_map(move |units| (format, units)))
}

/// A file of the format with these units.
fn file(format: UnitFormat, units: &[DraftUnit]) -> String {
    write(format, None, units).0
}

fn some_units() -> Vec<DraftUnit> {
    vec![
        unit("افتُتح المعرض صباح اليوم.", "The fair opened this morning."),
        unit(
            "حضر ٣٢٠ زائرًا و«ضيوف» آخرون",
            "320 visitors and \"guests\" came",
        ),
        unit("أُغلقت الأبواب مساءً.", "The doors closed in the evening."),
    ]
}

/// What means something to one reader or another.
const SOUP: [&str; 46] = [
    "\t",
    "\n",
    "\r",
    "\r\n",
    ",",
    "\"",
    "ar",
    "en",
    "source",
    "target",
    "نعم",
    "yes",
    "7",
    " ",
    "\0",
    "{",
    "}",
    ":",
    "[",
    "]",
    "\\",
    "null",
    "<",
    ">",
    "/",
    "&",
    ";",
    "&#1;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "<!DOCTYPE",
    "<tmx>",
    "</tmx>",
    "<body>",
    "</body>",
    "<tu>",
    "</tu>",
    "<tuv xml:lang='ar'>",
    "<tuv lang=\"en\">",
    "</tuv>",
    "<seg>",
    "</seg>",
];

/// Codes as TMX, XLIFF 1.2, XLIFF 2 and HTML write them, and none at all.
const CODES: [(CodeKind, &str); 17] = [
    (CodeKind::Open, "<bpt i='1' x='2'>&lt;b&gt;</bpt>"),
    (CodeKind::Close, "<ept i='1'/>"),
    (CodeKind::Alone, "<ph x='1'>[<sub>s</sub>]</ph>"),
    (CodeKind::Alone, "<it pos='begin'>i</it>"),
    (CodeKind::Open, "<hi type='x'>"),
    (CodeKind::Close, "</hi>"),
    (CodeKind::Open, "<g id='7' ctype='bold'>"),
    (CodeKind::Close, "</g>"),
    (CodeKind::Alone, "<x id='8'/>"),
    (CodeKind::Alone, "<ph id='4' dataRef='d9' equiv='e'/>"),
    (CodeKind::Open, "<pc id='1' canCopy='no'>"),
    (CodeKind::Close, "</pc>"),
    (CodeKind::Open, "<sc id='3' dataRef='d1'/>"),
    (CodeKind::Open, "<b class=\"&\">"),
    (CodeKind::Close, "</b>"),
    (CodeKind::Alone, "%s & \u{1B}"),
    (CodeKind::Open, ""),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_written_is_read_again((format, units) in units_of_a_format()) {
        let columns = all_columns(format);
        let (text, counts) = write(format, columns.clone(), &units);
        prop_assert_eq!((counts.units, counts.altered), (units.len() as u64, 0));
        let grammar = match format {
            UnitFormat::Tmx => grammar::TMX.check(&text),
            UnitFormat::Xliff => grammar::XLIFF_2.check(&text),
            _ => Ok(()),
        };
        prop_assert_eq!(grammar, Ok(()), "{}", text);
        let read = read_with(format, columns, text).unwrap();
        prop_assert_eq!(read.reasons(), Vec::<String>::new());
        // Their order may change where a format has a place of its own for some.
        let sorted = |mut units: Vec<DraftUnit>| {
            units.iter_mut().for_each(|unit| unit.origin.properties.sort());
            units
        };
        prop_assert_eq!(sorted(read.units), sorted(units));
    }

    #[test]
    fn codes_of_any_format_are_written_as_the_standards_have_them(
        ar in proptest::collection::vec(("[ء-ي]{0,3}", 0..CODES.len(), 1..4_u32), 0..6),
        en in proptest::collection::vec(("[a-z]{0,3}", 0..CODES.len(), 1..4_u32), 0..6),
    ) {
        let mut draft = unit("نعم", "yes");
        for (lang, pieces) in [(Lang::Arabic, ar), (Lang::English, en)] {
            for (text, code, number) in pieces {
                let (kind, raw) = CODES[code];
                let segment = draft.text.get_mut(lang);
                let at = segment.len();
                segment.push_str(&text);
                draft.codes.get_mut(lang).push(Code { at, kind, number, raw: raw.to_owned() });
            }
        }
        for (format, grammar) in [(UnitFormat::Tmx, &grammar::TMX), (UnitFormat::Xliff, &grammar::XLIFF_2)] {
            let (text, _) = write(format, None, &[draft.clone()]);
            prop_assert_eq!(grammar.check(&text), Ok(()), "{}", text);
            let again = read(format, text.as_str());
            prop_assert_eq!(again.reasons(), Vec::<String>::new());
            prop_assert_eq!(&again.units[0].text, &draft.text);
            for lang in Lang::BOTH {
                let places = |unit: &DraftUnit| -> Vec<usize> {
                    unit.codes.get(lang).iter().map(|code| code.at).collect()
                };
                prop_assert_eq!(places(&again.units[0]), places(&draft), "{}", text);
            }
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        format in proptest::sample::select(&UnitFormat::ALL[..]),
    ) {
        let _ = read_with(format, None, bytes.clone());
        let _ = read_with(format, all_columns(format), bytes);
    }

    #[test]
    fn no_soup_of_a_format_makes_a_reader_panic(pieces in proptest::collection::vec(0..SOUP.len(), 0..40)) {
        let soup: String = pieces.into_iter().map(|piece| SOUP[piece]).collect();
        for format in UnitFormat::ALL {
            for columns in [None, all_columns(format)] {
                let _ = read_with(format, columns, soup.as_str());
            }
            let _ = read_with(format, None, format!("<tmx>{soup}"));
        }
    }

    #[test]
    fn every_line_is_a_unit_or_a_rejection(pieces in proptest::collection::vec(0..SOUP.len(), 0..40)) {
        let soup: String = pieces.into_iter().map(|piece| SOUP[piece]).collect();
        let lines = soup.split('\n').filter(|line| !line.trim_end_matches('\r').is_empty()).count();
        let tsv = read_with(UnitFormat::Tsv, all_columns(UnitFormat::Tsv), soup.as_str()).unwrap();
        prop_assert_eq!(tsv.units.len() + tsv.rejected.len(), lines);
        let lines = soup.split('\n').filter(|line| !line.trim().is_empty()).count();
        let jsonl = read(UnitFormat::Jsonl, soup.as_str());
        prop_assert_eq!(jsonl.units.len() + jsonl.rejected.len(), lines);
    }

    #[test]
    fn no_damage_makes_a_reader_panic(
        (format, units) in units_of_a_format(),
        cut in any::<prop::sample::Index>(),
        bytes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut damaged = write(format, all_columns(format), &units).0.into_bytes();
        for (at, byte) in bytes {
            if !damaged.is_empty() {
                let at = at.index(damaged.len());
                damaged[at] = byte;
            }
        }
        damaged.truncate(cut.index(damaged.len() + 1));
        let _ = read_with(format, all_columns(format), damaged);
    }

    #[test]
    fn a_file_cut_anywhere_gives_its_whole_units_and_says_so(cut in any::<prop::sample::Index>()) {
        let text = file(UnitFormat::Tmx, &some_units());
        let cut = text.floor_char_boundary(cut.index(text.len() - "</tmx>\n".len()));
        if let Ok(read) = read_with(UnitFormat::Tmx, None, &text[..cut]) {
            prop_assert_eq!(&read.units[..], &some_units()[..read.units.len()]);
            prop_assert!(!read.remarks.is_empty());
        }
    }
}

#[test]
fn an_empty_input_has_no_units() {
    for format in WRITTEN {
        match read_with(format, None, "") {
            Ok(read) => assert!(read.units.is_empty() && read.rejected.is_empty()),
            Err(error) => assert!(
                format == UnitFormat::Tmx && matches!(error, FormatError::NotTmx { .. }),
                "{error:?}"
            ),
        }
        let none = read(format, file(format, &[]));
        assert!(none.units.is_empty() && none.rejected.is_empty());
    }
}

#[test]
fn marks_encodings_and_line_ends_make_no_difference() {
    for format in WRITTEN {
        let text = file(format, &some_units());
        let crlf = text.replace('\n', "\r\n");
        let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            let marked = format!("\u{FEFF}{text}");
            marked.encode_utf16().flat_map(bytes).collect()
        };
        let without_declaration = text.replace(" encoding=\"UTF-8\"", "");
        for bytes in [
            crlf.clone().into_bytes(),
            format!("\u{FEFF}{text}").into_bytes(),
            text.trim_end().as_bytes().to_vec(),
            utf16(&without_declaration, u16::to_le_bytes),
            utf16(&crlf, u16::to_be_bytes),
        ] {
            let read = read(format, bytes);
            assert_eq!(read.units, some_units(), "{format:?}");
            assert!(
                read.rejected.is_empty() && read.remarks.is_empty(),
                "{read:?}"
            );
        }
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

#[test]
fn compressed_inputs_are_read_and_cut_ones_are_errors() {
    let many: Vec<_> = (0..3000)
        .map(|n| unit(&format!("الوحدة {n}"), &format!("Unit {n}")))
        .collect();
    for format in WRITTEN {
        for compress in [gzip, zstd] {
            let text = file(format, &many);
            let (first, second) = text.as_bytes().split_at(text.len() / 2);
            let members = [compress(first), compress(second)].concat();
            assert_eq!(read(format, members.clone()).units, many);
            let cut = &members[..members.len() - 6];
            assert!(
                matches!(
                    read_with(format, None, cut),
                    Err(FormatError::Truncated { .. })
                ),
                "{format:?}"
            );
        }
    }
}

#[test]
fn one_bad_unit_leaves_the_others_and_has_its_place() {
    for (format, text, reason) in [
        (
            UnitFormat::Tsv,
            "نعم\tYes\nلا\nربما\tMaybe\n",
            "2:3: 1 column where 2 are needed",
        ),
        (
            UnitFormat::Csv,
            "نعم,Yes\nلا\nربما,Maybe\n",
            "2:3: 1 column where 2 are needed",
        ),
        (
            UnitFormat::Jsonl,
            "{\"ar\":\"نعم\",\"en\":\"Yes\"}\n{\"ar\":\"لا\"\n{\"ar\":\"ربما\",\"en\":\"Maybe\"}\n",
            "2:10: EOF while parsing an object",
        ),
        (
            UnitFormat::Po,
            "msgid \"Yes\"\nmsgstr \"نعم\"\n\nmsgid \"No\nmsgstr \"لا\"\n\nmsgid \"Maybe\"\nmsgstr \"ربما\"\n",
            "4:7: a string that doesn't end on its line",
        ),
        (
            UnitFormat::Tmx,
            "<tmx><body>\n<tu><tuv lang='ar'><seg>نعم</seg></tuv><tuv lang='en'><seg>Yes</seg></tuv></tu>\n \
             <tu><tuv lang='ar'><seg>لا &no; كلا</seg></tuv></tu>\n\
             <tu><tuv lang='ar'><seg>ربما</seg></tuv><tuv lang='en'><seg>Maybe</seg></tuv></tu></body></tmx>",
            "3:29: the entity `&no;` is not one of XML's own, and others are not expanded",
        ),
    ] {
        let read = read(format, text);
        assert_eq!(read.english(), ["Yes", "Maybe"], "{format:?}");
        assert_eq!(read.reasons(), [reason]);
        assert!(read.rejected[0].1.contains("لا"), "{read:?}");
    }
}

#[test]
fn bytes_that_are_no_text_cost_one_unit() {
    for format in WRITTEN {
        let text = file(format, &some_units());
        let at = text.find("visitors").unwrap();
        let mut bytes = text.clone().into_bytes();
        bytes[at] = 0xFF;
        let read = read(format, bytes);
        let whole = some_units();
        assert_eq!(
            read.units,
            [whole[0].clone(), whole[2].clone()],
            "{format:?}"
        );
        let before = &text[..at];
        let line = 1 + before.matches('\n').count();
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        assert_eq!(
            read.reasons(),
            [format!("{line}:{column}: bytes that are no UTF-8 text")]
        );
    }
}

#[test]
fn control_characters_cost_one_unit() {
    for format in WRITTEN {
        let read = read(
            format,
            file(format, &some_units()).replace("visitors", "vis\0itors"),
        );
        if matches!(format, UnitFormat::Tmx | UnitFormat::Xliff) {
            // XML has them from tools that escape too little, and a memory is not to lose units for it.
            assert_eq!((read.units, read.remarks.len()), (some_units(), 1));
            continue;
        }
        assert_eq!(read.units.len(), 2, "{format:?}");
        assert_eq!(read.rejected.len(), 1, "{format:?}");
    }
}

#[test]
fn a_huge_unit_costs_itself() {
    for format in WRITTEN {
        let huge = "x".repeat(LINE_LIMIT);
        let read = read(
            format,
            file(format, &some_units()).replace("320 visitors", &huge),
        );
        assert_eq!(read.units.len(), 2, "{format:?}");
        let [(diagnostic, raw)] = &read.rejected[..] else {
            panic!("{:?}", read.reasons())
        };
        assert!(diagnostic.message.contains("longer than"), "{diagnostic}");
        assert!(raw.len() <= dhakira::format::RAW_LIMIT);
    }
}

/// Hands out a few bytes at a time.
struct Trickle(Cursor<Vec<u8>>, usize);

impl std::io::Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let some = buffer.len().min(self.1);
        self.0.read(&mut buffer[..some])
    }
}

#[test]
fn small_reads_make_no_difference() {
    for format in WRITTEN {
        let text = file(format, &vec![some_units(); 40].concat())
            .replace("320 visitors", "<!-- <tu> --><![CDATA[</tu>]]>&amp; \u{1}");
        let records = |input: Input| {
            let mut records = Vec::new();
            let options = ReadOptions {
                format: Some(format),
                ..ReadOptions::default()
            };
            read_units(input, &options, &mut |record| {
                records.push(record);
                ControlFlow::Continue(())
            })
            .unwrap();
            records
        };
        let whole = records(input(text.as_str()).unwrap());
        let units = |record: &&Record| !matches!(record, Record::Remark(_));
        let all = if format == UnitFormat::Po { 3 } else { 120 };
        assert_eq!(whole.iter().filter(units).count(), all, "{format:?}");
        for step in [1, 3, 7] {
            let trickle = Trickle(Cursor::new(text.clone().into_bytes()), step);
            let input = Input::from_reader("trickle", trickle).unwrap();
            assert_eq!(records(input), whole, "{format:?} by {step}");
        }
    }
}

#[test]
fn a_sink_can_break_off_anywhere() {
    for format in WRITTEN {
        for stop in 1..=3 {
            let mut seen = 0;
            let options = ReadOptions {
                format: Some(format),
                ..ReadOptions::default()
            };
            let input = input(file(format, &some_units())).unwrap();
            read_units(input, &options, &mut |_| {
                seen += 1;
                if seen == stop {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })
            .unwrap();
            assert_eq!(seen, stop, "{format:?}");
        }
    }
}

#[test]
fn the_format_is_told_by_content_where_the_name_says_nothing() {
    for format in [
        UnitFormat::Tmx,
        UnitFormat::Tsv,
        UnitFormat::Jsonl,
        UnitFormat::Po,
    ] {
        let input = input(gzip(file(format, &some_units()).as_bytes())).unwrap();
        assert_eq!(UnitFormat::of_input(&input).unwrap(), format);
    }
}
