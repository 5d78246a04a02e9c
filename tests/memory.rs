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

#[test]
fn an_index_of_another_version_is_made_anew_and_answers_the_same() {
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
    drop(memory);
    let raw = rusqlite::Connection::open(&fixture.path).unwrap();
    raw.execute_batch("update memory set index_version = 1; delete from index_list")
        .unwrap();
    drop(raw);
    let older = TranslationMemory::open(&fixture.path);
    assert!(matches!(older, Err(MemoryError::Older { .. })), "{older:?}");
    let memory = fixture.open();
    memory.check().unwrap();
    assert_eq!(lookup(&memory, "الجملة 77 من النص", (None, None)), before);
}
