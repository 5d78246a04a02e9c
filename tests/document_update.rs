//! What a memory promises of documents that are aligned again: their units are updated, their history is kept, and
//! each update can be taken back.

use dhakira::lang::Lang;
use dhakira::memory::{DocumentUpdate, MemoryError, TranslationMemory};
use dhakira::score::Confidence;
use dhakira::session::SessionInfo;
use dhakira::unit::{DraftUnit, Origin, SessionId, TranslationUnit, UnitState, UnixSeconds};
use proptest::prelude::*;

const NOW: UnixSeconds = UnixSeconds(1_700_000_000);
const LATER: UnixSeconds = UnixSeconds(1_800_000_000);

fn memory() -> (tempfile::TempDir, TranslationMemory) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m");
    let memory = TranslationMemory::open_or_create(&path, NOW).unwrap();
    (folder, memory)
}

/// The units of a version of a document, each named by a letter of either language.
fn version(document: &str, pairs: &[(&str, &str)], time: UnixSeconds) -> Vec<DraftUnit> {
    let unit = |(position, (ar, en)): (usize, &(&str, &str))| {
        let origin = Origin {
            document: Some(document.to_owned()),
            position: Some(position as u32),
            created: Some(time),
            changed: Some(time),
            state: UnitState::Initial,
            confidence: Some(Confidence::from_thousandths(900)),
            ..Origin::default()
        };
        DraftUnit::new(ar, en, origin).unwrap()
    };
    pairs.iter().enumerate().map(unit).collect()
}

fn session(command: &str) -> SessionInfo {
    SessionInfo {
        command: command.to_owned(),
        ..SessionInfo::default()
    }
}

fn update(memory: &mut TranslationMemory, document: &str, units: &[DraftUnit]) -> DocumentUpdate {
    let mut import = memory.begin(&session("align"), NOW).unwrap();
    let update = import.update_document(document, units, false).unwrap();
    import.finish().unwrap();
    update
}

fn all(memory: &TranslationMemory) -> Vec<TranslationUnit> {
    let mut units = Vec::new();
    memory
        .for_each_unit(|unit| {
            units.push(unit);
            Ok::<_, MemoryError>(())
        })
        .unwrap();
    units
}

/// What is in the memory but for the numbers of units, which are never given twice.
fn contents(memory: &TranslationMemory) -> Vec<(String, String, Origin)> {
    let units = all(memory).into_iter();
    units
        .map(|unit| (unit.text.ar, unit.text.en, unit.origin))
        .collect()
}

const FIRST: [(&str, &str); 4] = [("ا", "a"), ("ب", "b"), ("ج", "c"), ("د", "d")];
const SECOND: [(&str, &str); 5] = [
    ("ا", "a"),
    ("س", "x"),
    ("جديد", "c"),
    ("د", "d"),
    ("ه", "e"),
];

#[test]
fn a_document_is_updated_and_the_update_undone() {
    let (_folder, mut memory) = memory();
    update(&mut memory, "news", &version("news", &FIRST, NOW));
    let before = contents(&memory);
    let done = update(&mut memory, "news", &version("news", &SECOND, LATER));
    let expected = DocumentUpdate {
        before: 4,
        unchanged: 2,
        confirmed: 0,
        retracted: 0,
        changed: 2,
        alike: 1,
        added: 1,
        gone: 0,
    };
    assert_eq!(done, expected);
    memory.check().unwrap();
    let units = all(&memory);
    assert_eq!(units.len(), 5);
    let created = |i: usize| units[i].origin.created;
    assert_eq!(created(0), Some(NOW), "unchanged units keep their history");
    assert_eq!(
        created(2),
        Some(NOW),
        "a changed unit is the old one, changed"
    );
    assert_eq!(units[2].origin.changed, Some(LATER));
    assert_eq!(created(4), Some(LATER));

    // What the second session changed can't be taken away below it.
    let refused = memory.undo(SessionId(1), NOW);
    assert!(
        matches!(
            refused,
            Err(MemoryError::UndoLaterFirst {
                id: 1,
                later: 2,
                ..
            })
        ),
        "{refused:?}"
    );
    let undone = memory.undo(SessionId(2), NOW).unwrap();
    assert_eq!((undone.units, undone.restored), (3, 2));
    assert_eq!(contents(&memory), before);
    memory.check().unwrap();
    memory.undo(SessionId(1), NOW).unwrap();
    assert!(all(&memory).is_empty());
}

#[test]
fn a_document_can_lose_everything_and_nothing_makes_no_session() {
    let (_folder, mut memory) = memory();
    update(&mut memory, "news", &version("news", &FIRST, NOW));
    let again = update(&mut memory, "news", &version("news", &FIRST, LATER));
    assert_eq!((again.unchanged, again.added), (4, 0));
    assert_eq!(memory.sessions().unwrap().len(), 1);
    assert_eq!(update(&mut memory, "news", &[]).gone, 4);
    assert!(all(&memory).is_empty());
    memory.undo(SessionId(2), NOW).unwrap();
    assert_eq!(all(&memory).len(), 4);
    memory.check().unwrap();
}

#[test]
fn what_other_commands_brought_is_left_alone() {
    let (_folder, mut memory) = memory();
    let mut import = memory.begin(&session("import"), NOW).unwrap();
    for unit in version("news", &FIRST, NOW) {
        import.push(&unit).unwrap();
    }
    import.finish().unwrap();
    update(&mut memory, "news", &version("news", &SECOND, LATER));
    let done = update(&mut memory, "news", &version("news", &SECOND[..1], LATER));
    assert_eq!((done.before, done.changed + done.gone), (3, 3));
    let texts: Vec<_> = all(&memory).into_iter().map(|unit| unit.text.en).collect();
    assert_eq!(texts, ["a", "b", "c", "d"]);
}

#[test]
fn confirming_keeps_the_unit_and_is_undone_with_the_session() {
    let (_folder, mut memory) = memory();
    update(&mut memory, "news", &version("news", &FIRST, NOW));
    let number = all(&memory)[1].id;
    let mut units = version("news", &FIRST, LATER);
    units[1].origin.state = UnitState::Translated;
    units[1].origin.confidence = Some(Confidence::from_thousandths(1000));
    let done = update(&mut memory, "news", &units);
    assert_eq!((done.unchanged, done.confirmed), (4, 1));
    let unit = all(&memory).remove(1);
    assert_eq!(unit.id, number);
    assert_eq!(unit.origin.state, UnitState::Translated);
    assert_eq!(
        unit.origin.confidence,
        Some(Confidence::from_thousandths(1000))
    );
    assert_eq!(unit.origin.created, Some(NOW));
    // An alignment that nobody looked at takes no confirmation back.
    update(&mut memory, "news", &version("news", &FIRST, LATER));
    assert_eq!(all(&memory)[1].origin.state, UnitState::Translated);
    // A review does.
    let mut import = memory.begin(&session("align"), NOW).unwrap();
    let first = version("news", &FIRST, LATER);
    let done = import.update_document("news", &first, true).unwrap();
    import.finish().unwrap();
    assert_eq!((done.unchanged, done.retracted), (4, 1));
    assert_eq!(all(&memory)[1].origin.state, UnitState::Initial);
    memory.undo(SessionId(3), NOW).unwrap();
    assert_eq!(all(&memory)[1].origin.state, UnitState::Translated);
    memory.undo(SessionId(2), NOW).unwrap();
    assert_eq!(all(&memory)[1].origin.state, UnitState::Initial);
}

/// Versions of a document, of few words, so that segments repeat, move and come back.
fn any_version() -> impl Strategy<Value = Vec<(u8, u8)>> {
    prop::collection::vec((0..4_u8, 0..4_u8), 0..7)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn a_document_has_the_units_of_its_last_version_and_undoing_goes_back_version_by_version(
        versions in prop::collection::vec((any::<bool>(), any_version()), 1..6),
    ) {
        const AR: [&str; 4] = ["واحد", "اثنان", "ثلاثة", "أربعة"];
        const EN: [&str; 4] = ["one", "two", "three", "four"];
        let (_folder, mut memory) = memory();
        let mut states = vec![contents(&memory)];
        for (i, (is_other, words)) in versions.iter().enumerate() {
            // Two documents share the units.
            let name = if *is_other { "other" } else { "news" };
            let pairs: Vec<_> = words
                .iter()
                .map(|&(ar, en)| (AR[usize::from(ar)], EN[usize::from(en)]))
                .collect();
            let sessions = memory.sessions().unwrap().len();
            let done = update(&mut memory, name, &version(name, &pairs, UnixSeconds(i as i64)));
            prop_assert_eq!(done.unchanged + done.changed + done.added, pairs.len() as u64);
            prop_assert_eq!(done.unchanged + done.changed + done.gone, done.before);
            let found = contents(&memory);
            let texts: Vec<_> = found
                .iter()
                .filter(|(.., origin)| origin.document.as_deref() == Some(name))
                .map(|(ar, en, _)| (ar.as_str(), en.as_str()))
                .collect();
            prop_assert_eq!(texts, pairs);
            memory.check().unwrap();
            if memory.sessions().unwrap().len() > sessions {
                states.push(found);
            } else {
                prop_assert_eq!(&found, states.last().unwrap());
            }
        }
        for (session, state) in (1..states.len()).zip(&states).rev() {
            memory.undo(SessionId(session as i64), NOW).unwrap();
            prop_assert_eq!(&contents(&memory), state);
            memory.check().unwrap();
        }
        let languages = Lang::BOTH.map(|lang| memory.stats().unwrap().words.get(lang).to_owned());
        prop_assert_eq!(languages, [0, 0]);
    }
}
