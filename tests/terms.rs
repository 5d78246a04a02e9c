//! What a memory promises about terms: found in any form, nothing twice, everything undone.

use dhakira::lang::Lang;
use dhakira::memory::{TermFilter, TermUse, TranslationMemory};
use dhakira::session::{ImportCounts, SessionInfo};
use dhakira::term::{LanguageSection, Term, TermEntry, TermEntryId, Words};
use dhakira::unit::{SessionId, UnixSeconds};
use proptest::prelude::*;

const NOW: UnixSeconds = UnixSeconds(1_700_000_000);

struct Fixture {
    folder: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn open(&self) -> TranslationMemory {
        TranslationMemory::open_or_create(&self.folder.path().join("m"), NOW).unwrap()
    }
}

fn entry(ar: &[&str], en: &[&str]) -> TermEntry {
    let section = |tag: &str, terms: &[&str]| LanguageSection {
        tag: tag.to_owned(),
        terms: terms
            .iter()
            .map(|text| Term {
                text: (*text).to_owned(),
                ..Term::default()
            })
            .collect(),
        ..LanguageSection::default()
    };
    let languages = [section("ar-EG", ar), section("EN", en)];
    TermEntry {
        languages: languages
            .into_iter()
            .filter(|s| !s.terms.is_empty())
            .collect(),
        ..TermEntry::default()
    }
}

fn import(memory: &mut TranslationMemory, entries: &[TermEntry]) -> ImportCounts {
    let mut import = memory.begin(&SessionInfo::default(), NOW).unwrap();
    for entry in entries {
        import.push_term(entry).unwrap();
    }
    let counts = import.term_counts();
    import.finish().unwrap();
    counts
}

/// What a segment holds, each with the number of its entry.
fn found<'t>(memory: &TranslationMemory, text: &'t str) -> Vec<(&'t str, i64)> {
    let lang = Lang::of_text(text).unwrap();
    let hits = memory.terms_in(text, lang).unwrap();
    hits.into_iter()
        .map(|hit| (&text[hit.range], hit.id.0))
        .collect()
}

fn entries_of(memory: &TranslationMemory) -> Vec<TermEntry> {
    let mut entries = Vec::new();
    memory
        .for_each_term_entry(&TermFilter::default(), |_, entry| {
            entries.push(entry);
            Ok::<_, dhakira::memory::MemoryError>(())
        })
        .unwrap();
    entries
}

#[test]
fn terms_are_found_in_both_directions_and_the_longest_wins() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    let entries = [
        entry(&["وزارة الصحة"], &["Ministry of Health", "MoH"]),
        entry(&["الصحة"], &["health"]),
        entry(&["مستشفى", "مشفى"], &["hospital"]),
    ];
    let counts = import(&mut memory, &entries);
    assert_eq!((counts.read, counts.added), (3, 3));
    assert_eq!(
        found(&memory, "افتتحت وزارةُ الصحة المستشفيات وتعنى بالصحة."),
        [("وزارةُ الصحة", 1), ("المستشفيات", 3), ("بالصحة", 2)]
    );
    assert_eq!(
        found(&memory, "The Ministry of Health (MoH) and hospitals"),
        [("Ministry of Health", 1), ("MoH", 1), ("hospitals", 3)]
    );
    assert_eq!(found(&memory, "لا شيء"), []);
    memory.check().unwrap();
    drop(memory);
    let memory = TranslationMemory::open(&fixture.folder.path().join("m")).unwrap();
    // More lookups than are made key by key.
    for _ in 0..250 {
        assert_eq!(
            found(&memory, "مشفانا وللمشفى"),
            [("للمشفى", 3)].map(|(t, n)| {
                let _ = t;
                ("وللمشفى", n)
            })
        );
    }
}

#[test]
fn the_same_entry_twice_is_counted_and_undoing_takes_it_back() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    let bank = entry(&["بنك"], &["bank"]);
    import(&mut memory, std::slice::from_ref(&bank));
    let again = import(&mut memory, &[bank.clone(), entry(&["مصرف"], &["bank"])]);
    assert_eq!((again.added, again.duplicates), (1, 1));
    assert_eq!(memory.sessions().unwrap()[1].counts.duplicates, 1);
    assert_eq!(found(&memory, "bank"), [("bank", 1), ("bank", 2)]);
    let undone = memory.undo(SessionId(2), NOW).unwrap();
    assert_eq!((undone.term_entries, undone.units), (1, 0));
    assert_eq!(entries_of(&memory), [bank]);
    assert_eq!(found(&memory, "bank"), [("bank", 1)]);
    memory.check().unwrap();
}

#[test]
fn removing_is_a_session_that_can_be_undone() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    let bank = entry(&["بنك"], &["bank"]);
    import(&mut memory, std::slice::from_ref(&bank));
    let info = SessionInfo::default();
    let first = [TermEntryId(1)];
    assert!(
        memory
            .remove_term_entries(&[TermEntryId(1), TermEntryId(9)], &info, NOW)
            .is_err()
    );
    assert_eq!(found(&memory, "bank"), [("bank", 1)]);
    memory.remove_term_entries(&first, &info, NOW).unwrap();
    assert_eq!(found(&memory, "bank"), []);
    assert!(memory.remove_term_entries(&first, &info, NOW).is_err());
    assert_eq!(memory.stats().unwrap().term_entries, 0);
    let undone = memory.undo(SessionId(2), NOW).unwrap();
    assert_eq!(undone.restored_term_entries, 1);
    assert_eq!(found(&memory, "bank"), [("bank", 1)]);
    // What was removed may come again.
    memory.remove_term_entries(&first, &info, NOW).unwrap();
    assert_eq!(import(&mut memory, &[bank]).added, 1);
}

#[test]
fn a_session_that_is_not_finished_leaves_nothing() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    let mut session = memory.begin(&SessionInfo::default(), NOW).unwrap();
    session.push_term(&entry(&["بنك"], &["bank"])).unwrap();
    drop(session);
    assert_eq!(entries_of(&memory), []);
    assert_eq!(found(&memory, "bank"), []);
}

#[test]
fn another_process_sees_what_was_added() {
    let fixture = Fixture::new();
    let mut writer = fixture.open();
    let reader = fixture.open();
    assert_eq!(found(&reader, "bank"), []);
    import(&mut writer, &[entry(&["بنك"], &["bank"])]);
    assert_eq!(found(&reader, "bank"), [("bank", 1)]);
}

#[test]
fn a_translation_is_held_against_the_terms() {
    let fixture = Fixture::new();
    let mut memory = fixture.open();
    let mut hospital = entry(&["مستشفى"], &["hospital", "infirmary"]);
    hospital.languages[1].terms[1]
        .facts
        .push(dhakira::term::Fact::new(
            dhakira::term::FactKind::TermNote,
            dhakira::term::category::STATUS,
            "deprecatedTerm-admn-sts",
        ));
    import(&mut memory, &[hospital]);
    let hits = memory.terms_in("المستشفيات", Lang::Arabic).unwrap();
    for (translation, expected) in [
        ("The hospitals are open.", TermUse::Used),
        ("The infirmaries are open.", TermUse::Forbidden),
        ("The clinics are open.", TermUse::Missing),
    ] {
        let words = Words::new(translation);
        assert_eq!(hits[0].use_in(&words, Lang::English), Some(expected));
    }
}

fn word() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[بتدرسعفقلمنهويا]{2,5}|[a-d]{1,3}|[0-9]{1,2}").unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_lookup_tells_what_looking_at_every_term_tells(
        terms in proptest::collection::vec(proptest::collection::vec(word(), 1..4), 1..20),
        text in proptest::collection::vec(word(), 1..12),
    ) {
        let fixture = Fixture::new();
        let mut memory = fixture.open();
        let terms: Vec<_> = terms.into_iter().map(|words| words.join(" ")).collect();
        let entries: Vec<_> = terms.iter().map(|term| entry(&[term], &[])).collect();
        import(&mut memory, &entries);
        let text = text.join(" ");
        let words = Words::new(&text);
        let mut seen = Vec::new();
        memory.for_each_term_entry(&TermFilter::default(), |id, entry| {
            seen.push((id, entry.languages[0].terms[0].text.clone()));
            Ok::<_, dhakira::memory::MemoryError>(())
        }).unwrap();
        let all = dhakira::term::recognise(&words, seen.iter().map(|(id, text)| (*id, text.as_str())));
        let expected: Vec<_> = all.into_iter().map(|f| (f.range, f.closeness, f.term)).collect();
        for _ in 0..2 {
            let hits = memory.terms_in(&text, Lang::Arabic).unwrap();
            let told: Vec<_> = hits.into_iter().map(|h| (h.range, h.closeness, h.id)).collect();
            prop_assert_eq!(&told, &expected);
        }
    }
}
