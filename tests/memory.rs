//! What a memory promises over time: nothing twice, everything undone, one state seen, files that are not ours refused.

use std::path::{Path, PathBuf};

use dhakira::coded::{Code, CodeKind, Coded};
use dhakira::lang::Lang;
use dhakira::matching::penalty::PenaltyPolicy;
use dhakira::matching::{MatchKind, Suggestion};
use dhakira::memory::{
    ConcordanceQuery, LookupOptions, MemoryError, Query, Rank, TranslationMemory,
};
use dhakira::score::Score;
use dhakira::session::{ImportCounts, SessionInfo};
use dhakira::unit::{DraftUnit, Origin, SessionId, UnixSeconds};

const NOW: UnixSeconds = UnixSeconds(1_700_000_000);

struct Fixture {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            path: folder.path().join("test.dhakira"),
            _folder: folder,
        }
    }

    fn open(&self) -> TranslationMemory {
        TranslationMemory::open_or_create(&self.path, NOW).unwrap()
    }
}

/// A unit of a document, or of none.
fn unit(ar: &str, en: &str, place: Option<(&str, u32)>) -> DraftUnit {
    let origin = Origin {
        document: place.map(|(document, _)| document.to_owned()),
        position: place.map(|(_, position)| position),
        ..Origin::default()
    };
    DraftUnit::new(ar, en, origin).unwrap()
}

fn import(memory: &mut TranslationMemory, drafts: &[DraftUnit]) -> ImportCounts {
    let mut import = memory.begin(&SessionInfo::default(), NOW).unwrap();
    for draft in drafts {
        import.push(draft).unwrap();
    }
    import.finish().unwrap()
}

fn lookup(
    memory: &TranslationMemory,
    text: &str,
    around: (Option<&str>, Option<&str>),
) -> Vec<Suggestion> {
    let query = Query {
        text,
        lang: Lang::of_text(text).unwrap(),
        previous: around.0,
        next: around.1,
    };
    memory
        .lookup(
            &query,
            &LookupOptions {
                cutoff: Score::from_points(50),
                limit: 10,
                rank: Rank::default(),
                penalties: PenaltyPolicy::default(),
                now: NOW,
            },
        )
        .unwrap()
}

fn article() -> Vec<DraftUnit> {
    vec![
        unit(
            "افتتح الوزير المعرض.",
            "The minister opened the fair.",
            Some(("fair", 0)),
        ),
        unit(
            "حضر الافتتاح جمهور كبير.",
            "A large audience attended the opening.",
            Some(("fair", 1)),
        ),
        unit(
            "يستمر المعرض أسبوعين.",
            "The fair runs for two weeks.",
            Some(("fair", 2)),
        ),
    ]
}

#[test]
fn a_large_import_finds_what_it_has_and_what_was_there() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    let numbered = |n: u32, place| {
        let (ar, en) = (
            format!("بلغ العدد {n} سهما."),
            format!("There were {n} shares."),
        );
        unit(&ar, &en, Some(("report", place)))
    };
    let old: Vec<DraftUnit> = (0..500).map(|n| numbered(n, n)).collect();
    assert_eq!(import(&mut memory, &old).added, 500);
    // All that was there, many new ones, and each of these again: once where it is, once elsewhere.
    let new = || (500..4_000).map(|n| numbered(n, n));
    let all: Vec<DraftUnit> = old.iter().cloned().chain(new()).chain(new()).collect();
    let elsewhere = (500..4_000).map(|n| numbered(n, n + 10_000));
    let all: Vec<DraftUnit> = all.into_iter().chain(elsewhere).collect();
    let counts = import(&mut memory, &all);
    assert_eq!(
        (counts.added, counts.merged, counts.duplicates),
        (3_500, 3_500, 4_000)
    );
    memory.check().unwrap();
    assert_eq!(memory.stats().unwrap().units, 4_000);
    let best = &lookup(&memory, "بلغ العدد 3999 سهما.", (None, None))[0];
    assert_eq!(best.matched.kind, MatchKind::Exact);
    memory.undo(SessionId(2), NOW).unwrap();
    memory.check().unwrap();
    assert_eq!(memory.stats().unwrap().units, 500);
}

#[test]
fn the_same_import_twice_adds_nothing_and_leaves_no_session() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    let first = import(&mut memory, &article());
    assert_eq!((first.read, first.added, first.duplicates), (3, 3, 0));
    let second = import(&mut memory, &article());
    assert_eq!(
        (second.read, second.added, second.merged, second.duplicates),
        (3, 0, 0, 3)
    );
    assert_eq!(memory.sessions().unwrap().len(), 1);
    memory.check().unwrap();
}

#[test]
fn a_pair_without_a_place_is_told_apart_by_its_properties() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    let with = |client: &str| {
        let mut draft = unit("نعم", "yes", None);
        let property = ("client".to_owned(), client.to_owned());
        draft.origin.properties.push(property);
        draft
    };
    let drafts = [unit("نعم", "yes", None), with("A"), with("B"), with("A")];
    let counts = import(&mut memory, &drafts);
    assert_eq!((counts.added, counts.merged, counts.duplicates), (1, 2, 1));
    let again = import(&mut memory, &drafts);
    assert_eq!((again.merged, again.duplicates), (0, 4));
}

#[test]
fn a_pair_at_another_place_is_merged_and_told_apart_by_its_neighbours() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    import(&mut memory, &article());
    let moved = [
        unit(
            "انتهى المؤتمر.",
            "The conference ended.",
            Some(("other", 0)),
        ),
        unit(
            "حضر الافتتاح جمهور كبير.",
            "A large audience attended the opening.",
            Some(("other", 1)),
        ),
    ];
    let counts = import(&mut memory, &moved);
    assert_eq!((counts.added, counts.merged), (1, 1));
    let document = |around| {
        let best = lookup(&memory, "حضر الافتتاح جمهور كبير.", around).remove(0);
        (best.matched.kind, best.unit.origin.document.unwrap())
    };
    assert_eq!(
        document((Some("افتتح الوزير المعرض."), None)),
        (MatchKind::Context, "fair".into())
    );
    assert_eq!(
        document((Some("انتهى المؤتمر."), Some("شيء آخر"))),
        (MatchKind::Context, "other".into())
    );
    assert_eq!(
        document((Some("جملة أخرى."), None)),
        (MatchKind::Exact, "other".into())
    );
    assert_eq!(document((None, None)), (MatchKind::Exact, "other".into()));
}

#[test]
fn units_that_differ_in_codes_are_different_units() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    let bold = |at| {
        let code = |at, kind, raw: &str| Code {
            at,
            kind,
            number: 1,
            raw: raw.to_owned(),
        };
        let codes = vec![
            code(at, CodeKind::Open, "<b>"),
            code(5, CodeKind::Close, "</b>"),
        ];
        Coded::new("Open!".to_owned(), codes).unwrap()
    };
    let draft = |en: Coded| DraftUnit::coded(&"افتح!".into(), &en, Origin::default()).unwrap();
    let drafts = [
        draft("Open!".into()),
        draft(bold(0)),
        draft(bold(2)),
        draft(bold(0)),
    ];
    let counts = import(&mut memory, &drafts);
    assert_eq!((counts.added, counts.duplicates), (3, 1));
    let mut found = lookup(&memory, "افتح!", (None, None));
    found.sort_by_key(|suggestion| suggestion.unit.id);
    let sides: Vec<_> = found
        .iter()
        .map(|s| s.unit.view().side(Lang::English))
        .collect();
    assert_eq!(sides, ["Open!".into(), bold(0), bold(2)]);
}

#[test]
fn a_memory_has_a_name_that_it_keeps() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    import(&mut memory, &article());
    let identity = memory.identity().unwrap();
    assert_eq!(
        (identity.id.len(), identity.units),
        (32, article().len() as u64)
    );
    drop(memory);
    assert_eq!(fixture.open().identity().unwrap(), identity);
    assert_ne!(Fixture::new().open().identity().unwrap().id, identity.id);
}

#[test]
fn both_directions_answer() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    import(&mut memory, &article());
    let best = lookup(&memory, "The fair runs for three weeks.", (None, None)).remove(0);
    assert_eq!(best.unit.text.ar, "يستمر المعرض أسبوعين.");
    let best = lookup(&memory, "يَسْتَمِرُّ المعرض أسبوعين.", (None, None)).remove(0);
    assert_eq!(best.matched.kind, MatchKind::Orthographic);
    assert_eq!(best.matched.levelled.to_string(), "tashkeel");
}

#[test]
fn undoing_a_session_takes_back_what_only_it_brought() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    import(&mut memory, &article()[..2]);
    import(&mut memory, &article()[1..]);
    let undone = memory.undo_dry_run(SessionId(2), NOW).unwrap();
    assert_eq!(memory.stats().unwrap().units, 3);
    assert_eq!(memory.undo(SessionId(2), NOW).unwrap(), undone);
    assert_eq!((undone.units, undone.occurrences), (1, 1));
    assert_eq!(memory.stats().unwrap().units, 2);
    assert!(lookup(&memory, "يستمر المعرض أسبوعين.", (None, None)).is_empty());
    memory.check().unwrap();
    let again = memory.undo(SessionId(2), NOW);
    assert!(
        matches!(again, Err(MemoryError::NoSession { id: 2, .. })),
        "{again:?}"
    );
    // What was undone can come again, under new numbers.
    assert_eq!(import(&mut memory, &article()).added, 1);
    memory.check().unwrap();
}

#[test]
fn large_sessions_come_and_go_through_runs() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    let numbered = |range: std::ops::Range<u32>| -> Vec<DraftUnit> {
        range
            .map(|i| {
                unit(
                    &format!("الجملة رقم {i} من النص"),
                    &format!("sentence number {i} of the text"),
                    None,
                )
            })
            .collect()
    };
    for start in [0, 1000, 2000, 3000, 4000] {
        import(&mut memory, &numbered(start..start + 600));
        memory.check().unwrap();
    }
    memory.undo(SessionId(3), NOW).unwrap();
    memory.check().unwrap();
    assert_eq!(memory.stats().unwrap().units, 2400);
    let kinds = |text: &str| {
        lookup(&memory, text, (None, None))
            .first()
            .map(|s| s.matched.kind)
    };
    assert_eq!(kinds("الجملة رقم 4321 من النص"), Some(MatchKind::Exact));
    assert_eq!(kinds("الجملة رقم 2321 من النص"), Some(MatchKind::Fuzzy));
}

#[test]
fn an_import_that_is_dropped_leaves_nothing() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    import(&mut memory, &article()[..1]);
    let mut dropped = memory.begin(&SessionInfo::default(), NOW).unwrap();
    dropped.push(&article()[1]).unwrap();
    drop(dropped);
    assert_eq!(memory.stats().unwrap().units, 1);
    memory.check().unwrap();
}

#[test]
fn readers_see_one_state_while_another_writes_and_a_second_writer_is_told() {
    let fixture = Fixture::new();
    let mut writer = fixture.open();
    import(&mut writer, &article()[..1]);
    let reader = TranslationMemory::open(&fixture.path).unwrap();
    let mut second = fixture.open();
    let mut open = writer.begin(&SessionInfo::default(), NOW).unwrap();
    open.push(&article()[2]).unwrap();
    assert!(lookup(&reader, "يستمر المعرض أسبوعين.", (None, None)).is_empty());
    let busy = second.begin(&SessionInfo::default(), NOW).map(drop);
    assert!(matches!(busy, Err(MemoryError::Busy { .. })), "{busy:?}");
    open.finish().unwrap();
    assert_eq!(
        lookup(&reader, "يستمر المعرض أسبوعين.", (None, None)).len(),
        1
    );
}

#[test]
fn whoever_fills_a_new_file_and_is_killed_leaves_an_empty_memory() {
    let fixture = Fixture::new();
    drop(fixture.open());
    let file = rusqlite::Connection::open(&fixture.path).unwrap();
    let journal = |of: &Path| of.with_extension("dhakira-journal");
    // Of so little memory nearly all pages go to the file at once, and the first page with them.
    file.execute_batch("pragma cache_size = 2; begin immediate; insert into session (command, started_at) values ('x', 1)")
        .unwrap();
    for unit in 1..3000 {
        let sql = "insert into unit (ar, en) values (zeroblob(50 + ?1 % 50), zeroblob(50))";
        file.execute(sql, [unit]).unwrap();
    }
    let killed = fixture.path.with_file_name("killed.dhakira");
    std::fs::copy(&fixture.path, &killed).unwrap();
    std::fs::copy(journal(&fixture.path), journal(&killed)).unwrap();
    assert!(std::fs::metadata(&killed).unwrap().len() > 300_000);

    let memory = TranslationMemory::open(&killed).unwrap();
    assert_eq!(memory.stats().unwrap().units, 0);
    assert!(!journal(&killed).exists());
}

#[test]
fn a_new_file_has_a_log_once_it_is_filled() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    let mode = || -> String {
        let file = rusqlite::Connection::open(&fixture.path).unwrap();
        file.query_row("pragma journal_mode", [], |row| row.get(0))
            .unwrap()
    };
    assert_eq!(mode(), "delete");
    import(&mut memory, &article());
    assert_eq!(mode(), "wal");
}

#[test]
fn concordance_finds_either_side_in_any_orthography() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    import(&mut memory, &article());
    let search = |phrase: &str, side, limit| {
        let query = ConcordanceQuery {
            phrase,
            side,
            substring: false,
            limit,
        };
        let found = memory.concordance(&query).unwrap();
        let texts = found
            .hits
            .iter()
            .map(|hit| hit.unit.text.get(hit.side)[hit.spans[0].clone()].to_owned());
        (texts.collect::<Vec<_>>(), found.more)
    };
    assert_eq!(
        search("الْمَعْرِض", None, 10),
        (vec!["المعرض".to_owned(), "المعرض".to_owned()], false)
    );
    assert_eq!(
        search("FAIR", Some(Lang::English), 1),
        (vec!["fair".to_owned()], true)
    );
    assert_eq!(search("fair", Some(Lang::Arabic), 10), (Vec::new(), false));
    assert_eq!(
        search("اسبوعين", None, 10),
        (vec!["أسبوعين".to_owned()], false)
    );
    assert_eq!(search("", None, 10), (Vec::new(), false));
}

#[test]
fn files_that_are_no_memory_are_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let open = |path: &Path| {
        (
            TranslationMemory::open(path),
            TranslationMemory::open_or_create(path, NOW),
        )
    };
    let missing = TranslationMemory::open(&folder.path().join("none"));
    assert!(
        matches!(missing, Err(MemoryError::Missing { .. })),
        "{missing:?}"
    );

    let junk = folder.path().join("junk");
    let bytes: Vec<u8> = (0..9000_u32).map(|i| (i * 7919 % 251) as u8).collect();
    std::fs::write(&junk, &bytes).unwrap();
    let (read, write) = open(&junk);
    assert!(
        matches!(read, Err(MemoryError::NotAMemory { .. })),
        "{read:?}"
    );
    assert!(
        matches!(write, Err(MemoryError::NotAMemory { .. })),
        "{write:?}"
    );
    assert_eq!(std::fs::read(&junk).unwrap(), bytes);

    let foreign = folder.path().join("foreign");
    rusqlite::Connection::open(&foreign)
        .unwrap()
        .execute_batch("create table t (x)")
        .unwrap();
    let (read, write) = open(&foreign);
    assert!(
        matches!(read, Err(MemoryError::NotAMemory { .. })),
        "{read:?}"
    );
    assert!(
        matches!(write, Err(MemoryError::NotAMemory { .. })),
        "{write:?}"
    );

    let (read, write) = open(folder.path());
    assert!(
        matches!(read, Err(MemoryError::CantOpen { .. })),
        "{read:?}"
    );
    assert!(
        matches!(write, Err(MemoryError::CantOpen { .. })),
        "{write:?}"
    );
}

#[test]
fn a_newer_memory_is_refused_with_both_versions() {
    let fixture = Fixture::new();
    import(&mut fixture.open(), &article());
    rusqlite::Connection::open(&fixture.path)
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    for result in [
        TranslationMemory::open(&fixture.path),
        TranslationMemory::open_or_create(&fixture.path, NOW),
    ] {
        assert!(
            matches!(result, Err(MemoryError::Newer { found: 99, .. })),
            "{result:?}"
        );
    }
}

/// The English stems of the learned lexicon, in alphabetical order.
fn stems(memory: &TranslationMemory) -> Vec<String> {
    let lexicon = memory.lexicon().unwrap();
    let mut stems: Vec<String> = lexicon.words(Lang::English).map(|word| word.stem).collect();
    stems.sort_unstable();
    stems
}

#[test]
fn an_index_of_another_version_is_made_anew_with_its_lexicon_and_answers_the_same() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    let many: Vec<DraftUnit> = (0..700)
        .map(|i| {
            unit(
                &format!("الجملة {i} من النص"),
                &format!("sentence {i} of the text"),
                None,
            )
        })
        .collect();
    import(&mut memory, &many);
    let before = lookup(&memory, "الجملة 77 من النص", (None, None));
    let learned = stems(&memory);
    assert!(!learned.is_empty());
    drop(memory);
    let raw = rusqlite::Connection::open(&fixture.path).unwrap();
    raw.execute_batch(
        "update memory set index_version = 1; delete from index_list;
         update lexicon set stem = stem || 'x'",
    )
    .unwrap();
    drop(raw);
    let older = TranslationMemory::open(&fixture.path);
    assert!(matches!(older, Err(MemoryError::Older { .. })), "{older:?}");
    let memory = fixture.open();
    memory.check().unwrap();
    assert_eq!(lookup(&memory, "الجملة 77 من النص", (None, None)), before);
    assert_eq!(stems(&memory), learned);
}

/// A memory as version 4 of the schema had it: three units in a document and one without, one in two places, and a session
/// that has moved one and removed another.
fn memory_of_schema_4(path: &Path) {
    let file = rusqlite::Connection::open(path).unwrap();
    for sql in [
        include_str!("../migrations/0001_initial.sql"),
        include_str!("../migrations/0002_lexicon.sql"),
        include_str!("../migrations/0003_codes.sql"),
        include_str!("../migrations/0004_alignment_review.sql"),
    ] {
        file.execute_batch(sql).unwrap();
    }
    file.execute_batch(
        "pragma journal_mode = wal; pragma application_id = 0x64686B72; pragma user_version = 4;
         insert into memory (id, created_at, index_version, uid) values (1, 0, 1, '0123');
         insert into session (command, started_at) values ('align', 1), ('import', 2), ('align', 3);
         insert into document (id, name) values (1, 'fair');
         insert into unit (id, pair_hash, ar, en) values
             (1, 11, 'افتتح الوزير المعرض.', 'The minister opened the fair.'),
             (2, 12, 'حضر الافتتاح جمهور كبير.', 'A large audience attended the opening.'),
             (5, 15, 'نعم', 'yes'),
             (9, 19, 'gone', 'gone');
         delete from unit where id = 9;
         insert into occurrence (id, unit, session, document, position, state) values
             (1, 1, 1, 1, 0, 1), (2, 2, 1, 1, 7, 1), (3, 5, 2, null, null, 2), (5, 5, 2, 1, 8, 2);
         insert into replaced_occurrence
                (session, occurrence, brought_by, document, position, state, ar, en) values
             (3, 2, 1, 'fair', 1, 1, null, null),
             (3, 4, 1, 'fair', 2, 1, 'يستمر المعرض أسبوعين.', 'The fair runs for two weeks.');
         insert into index_pending (unit, ar, en) values (5, x'', x'');",
    )
    .unwrap();
}

fn exported(memory: &TranslationMemory) -> Vec<(i64, String, Option<u32>)> {
    let mut units = Vec::new();
    let visit = |unit: dhakira::unit::TranslationUnit| -> Result<(), MemoryError> {
        units.push((unit.id.0, unit.text.ar, unit.origin.position));
        Ok(())
    };
    memory.for_each_unit(visit).unwrap();
    units
}

#[test]
fn a_memory_of_an_older_schema_is_brought_up_to_date_with_all_that_it_has() {
    let fixture = Fixture::new();
    memory_of_schema_4(&fixture.path);
    let older = TranslationMemory::open(&fixture.path);
    assert!(matches!(older, Err(MemoryError::Older { .. })), "{older:?}");
    let mut memory = fixture.open();
    memory.check().unwrap();
    let texts = ["افتتح الوزير المعرض.", "حضر الافتتاح جمهور كبير.", "نعم"];
    let row = |id, text: &str, position| (id, text.to_owned(), position);
    let before = [
        row(1, texts[0], Some(0)),
        row(2, texts[1], Some(7)),
        row(5, texts[2], Some(8)),
        row(5, texts[2], None),
    ];
    assert_eq!(exported(&memory), before);
    let best = lookup(&memory, texts[1], (Some(texts[0]), None)).remove(0);
    assert_eq!(best.matched.kind, MatchKind::Context);

    // Known pairs are known still, a unit's number is not used again.
    let drafts = [
        unit(texts[2], "yes", None),
        unit("لا", "no", None),
        unit(texts[2], "yes", Some(("fair", 9))),
    ];
    let counts = import(&mut memory, &drafts);
    assert_eq!((counts.added, counts.merged, counts.duplicates), (1, 1, 1));
    assert_eq!(exported(&memory).last().unwrap().0, 10);
    memory.undo(SessionId(4), NOW).unwrap();

    // What the last session replaced comes back.
    let undone = memory.undo(SessionId(3), NOW).unwrap();
    assert_eq!(undone.restored, 2);
    let after = [
        row(1, texts[0], Some(0)),
        row(2, texts[1], Some(1)),
        row(11, "يستمر المعرض أسبوعين.", Some(2)),
        row(5, texts[2], Some(8)),
        row(5, texts[2], None),
    ];
    assert_eq!(exported(&memory), after);
    memory.check().unwrap();
}

#[test]
fn optimizing_leaves_one_run_a_language_and_every_answer() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    let numbered = |range: std::ops::Range<u32>| -> Vec<DraftUnit> {
        let of = |i| {
            let (ar, en) = (
                format!("الجملة رقم {i} من النص"),
                format!("sentence {i} of the text"),
            );
            unit(&ar, &en, Some(("text", i)))
        };
        range.map(of).collect()
    };
    for start in [0, 500, 1000, 1500] {
        import(
            &mut memory,
            &numbered(start..start + if start == 1500 { 9 } else { 400 }),
        );
    }
    memory.undo(SessionId(2), NOW).unwrap();
    let reader = TranslationMemory::open(&fixture.path).unwrap();
    let before = lookup(&reader, "الجملة رقم 123 من النص", (None, None));
    let optimized = memory.optimize().unwrap();
    assert_eq!(optimized.before.waiting, 9);
    assert!(optimized.before.runs > 2);
    let after = optimized.after;
    assert_eq!(
        (after.runs, after.waiting, after.gone, after.free_bytes),
        (2, 0, 0, 0)
    );
    assert!(after.file_bytes < optimized.before.file_bytes);
    memory.check().unwrap();
    for memory in [&memory, &reader] {
        assert_eq!(
            lookup(memory, "الجملة رقم 123 من النص", (None, None)),
            before
        );
    }
    assert_eq!(memory.optimize().unwrap().after, after);
    // It can go on growing.
    import(&mut memory, &numbered(3000..3400));
    memory.check().unwrap();
    assert_eq!(reader.stats().unwrap().units, 1209);
}
