use proptest::prelude::*;

use super::*;
use crate::lang::Lang;

fn bead(ar: Range<usize>, en: Range<usize>, thousandths: u16) -> Bead {
    Bead {
        range: Sides { ar, en },
        confidence: Confidence::from_thousandths(thousandths),
    }
}

/// A document with one segment per word.
fn text(ar: &str, en: &str, beads: Vec<Bead>) -> ReviewText {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    ReviewText {
        name: "news".into(),
        segments: Sides {
            ar: words(ar),
            en: words(en),
        },
        beads: beads.into_iter().map(ReviewBead::from).collect(),
        steps: Vec::new(),
    }
}

fn below(thousandths: u16) -> Confidence {
    Confidence::from_thousandths(thousandths)
}

/// Three beads, of which the second is doubtful.
fn three() -> Review {
    let beads = vec![
        bead(0..1, 0..1, 980),
        bead(1..3, 1..2, 410),
        bead(3..4, 2..3, 950),
    ];
    Review::new(
        vec![text("واحد اثنان ثلاثة أربعة", "one two four", beads)],
        below(800),
    )
}

fn shapes(review: &Review) -> Vec<String> {
    let beads = review.texts().iter().flat_map(|text| &text.beads);
    beads
        .map(|bead| {
            let mark = match bead.standing {
                Standing::Open(_) => "",
                Standing::Edited => "e",
                Standing::Confirmed => "c",
                Standing::Dropped => "d",
            };
            format!("{}-{}{mark}", bead.range.ar.len(), bead.range.en.len())
        })
        .collect()
}

fn at_hand(review: &Review) -> Option<usize> {
    review.at_hand().map(|(_, bead)| bead)
}

#[test]
fn only_doubtful_beads_come_up() {
    let mut review = three();
    assert_eq!(at_hand(&review), Some(1));
    assert_eq!(
        review.handle(Event::Accept),
        Effect::Changed { document: 0 }
    );
    assert_eq!(at_hand(&review), None);
    assert_eq!(shapes(&review), ["1-1", "2-1c", "1-1"]);
    assert_eq!(
        review.handle(Event::Accept),
        Effect::Refused(Refusal::NoBead)
    );
    assert_eq!(review.handle(Event::Undo), Effect::Changed { document: 0 });
    assert_eq!(at_hand(&review), Some(1));
    assert_eq!(
        review.handle(Event::Undo),
        Effect::Refused(Refusal::NothingToUndo)
    );
    review.handle(Event::Drop);
    let progress = review.progress();
    assert_eq!((progress.doubtful, progress.dropped), (0, 1));
}

#[test]
fn edited_beads_stay_doubtful_until_they_are_accepted() {
    let mut review = three();
    review.handle(Event::Split(Some(Sides { ar: 1, en: 1 })));
    assert_eq!(shapes(&review), ["1-1", "1-1e", "1-0e", "1-1"]);
    review.handle(Event::Accept);
    assert_eq!(at_hand(&review), Some(2));
    review.handle(Event::Merge(Neighbour::Next));
    assert_eq!(shapes(&review), ["1-1", "1-1c", "2-1e"]);
    review.handle(Event::Merge(Neighbour::Previous));
    assert_eq!(shapes(&review), ["1-1", "3-2e"]);
    assert_eq!(at_hand(&review), Some(1));
    for _ in 0..4 {
        review.handle(Event::Undo);
    }
    assert_eq!(shapes(&review), ["1-1", "2-1", "1-1"]);
}

#[test]
fn a_split_goes_by_length_where_nothing_is_said() {
    let beads = vec![bead(0..2, 0..3, 100)];
    let text = text("كلمةطويلةجدا قصير", "verylongword sh ort", beads);
    let mut review = Review::new(vec![text], below(800));
    review.handle(Event::Split(None));
    assert_eq!(shapes(&review), ["1-1e", "1-2e"]);
    let single = vec![bead(0..1, 0..0, 100)];
    let mut review = Review::new(vec![super::tests::text("وحيد", "", single)], below(800));
    let refused = review.handle(Event::Split(None));
    assert_eq!(refused, Effect::Refused(Refusal::WouldBeEmpty));
}

#[test]
fn an_edge_moves_one_segment() {
    let shift = |edge, side, takes| Event::Shift { edge, side, takes };
    let (start, end) = (Edge::Start, Edge::End);
    let (ar, en) = (Lang::Arabic, Lang::English);
    for (event, after) in [
        (shift(end, ar, false), ["1-1", "1-1e", "2-1e"].as_slice()),
        (shift(end, ar, true), &["1-1", "3-1e", "0-1e"]),
        (shift(start, ar, false), &["2-1e", "1-1e", "1-1"]),
        (shift(start, en, true), &["1-0e", "2-2e", "1-1"]),
        (shift(end, en, false), &["1-1", "2-0e", "1-2e"]),
    ] {
        let mut review = three();
        assert_eq!(review.handle(event), Effect::Changed { document: 0 });
        assert_eq!(shapes(&review), after, "{event:?}");
        assert_eq!(at_hand(&review), Some(1));
    }
    let mut review = three();
    review.handle(shift(start, en, true));
    review.handle(shift(start, ar, true));
    assert_eq!(
        shapes(&review),
        ["3-2e", "1-1"],
        "what gave its last is gone"
    );
    assert_eq!(at_hand(&review), Some(0));
    let refused = review.handle(shift(start, ar, true));
    assert_eq!(refused, Effect::Refused(Refusal::NothingToTake));
}

#[test]
fn a_segment_is_taken_across_beads_that_have_none() {
    let beads = vec![
        bead(0..1, 0..1, 100),
        bead(1..1, 1..2, 900),
        bead(1..3, 2..3, 900),
    ];
    let text = text("ا ب ج", "a x b", beads);
    let mut review = Review::new(vec![text], below(800));
    review.handle(Event::Shift {
        edge: Edge::End,
        side: Lang::Arabic,
        takes: true,
    });
    assert_eq!(shapes(&review), ["2-1e", "0-1", "1-1e"]);
    assert_eq!(review.texts()[0].beads[1].range.ar, 2..2);
}

#[test]
fn going_back_crosses_documents() {
    let one = || text("ا", "a", vec![bead(0..1, 0..1, 900)]);
    let two = text("ا", "a", vec![bead(0..1, 0..1, 100)]);
    let mut review = Review::new(vec![one(), two], below(800));
    assert_eq!(review.handle(Event::Back), Effect::Moved);
    assert_eq!(
        review.handle(Event::Back),
        Effect::Refused(Refusal::AtStart)
    );
    assert_eq!(review.handle(Event::Skip), Effect::Moved);
    assert_eq!(at_hand(&review), Some(0));
    review.handle(Event::Skip);
    assert_eq!(at_hand(&review), None);
    review.handle(Event::Back);
    assert_eq!(at_hand(&review), Some(0));
}

#[test]
fn decisions_are_found_again_in_a_changed_document() {
    let words = |ar: &str, en: &str| text(ar, en, Vec::new()).segments;
    let old = words("ا ب ج د ه", "a b c d e");
    let beads: Vec<_> = (0..5)
        .map(|i| ReviewBead {
            range: Sides {
                ar: i..i + 1,
                en: i..i + 1,
            },
            standing: match i {
                1 => Standing::Confirmed,
                3 => Standing::Dropped,
                _ => Standing::Open(below(100)),
            },
        })
        .collect();
    let decisions = Decisions::of(&ReviewText {
        segments: old.clone(),
        beads,
        ..ReviewText::default()
    });
    assert_eq!(decisions.carried_to(&old).0, decisions.beads);
    let (carried, _) = decisions.carried_to(&words("جديد ا ب ج د ه", "new a b c changed e"));
    assert_eq!(carried.len(), 1);
    assert_eq!(carried[0].range, Sides { ar: 2..3, en: 2..3 });
    assert_eq!(carried[0].standing, Standing::Confirmed);
    assert!(decisions.carried_to(&words("س", "z")).0.is_empty());
}

/// The document as a later run finds it: aligned alike, with what was decided.
fn later(text: &ReviewText, alignment: &[Bead], segments: &Sides<Vec<String>>) -> ReviewText {
    let (pins, steps) = Decisions::of(text).carried_to(segments);
    let again = |range: Sides<Range<usize>>| {
        let held = alignment.iter().filter(|bead| {
            range.ar.start <= bead.range.ar.start
                && bead.range.ar.end <= range.ar.end
                && range.en.start <= bead.range.en.start
                && bead.range.en.end <= range.en.end
        });
        let moved = held.map(|held| {
            let ar = held.range.ar.start - range.ar.start..held.range.ar.end - range.ar.start;
            let en = held.range.en.start - range.en.start..held.range.en.end - range.en.start;
            bead(ar, en, held.confidence.thousandths())
        });
        moved.collect()
    };
    ReviewText {
        beads: weave(alignment, pins, again),
        segments: segments.clone(),
        steps,
        ..text.clone()
    }
}

#[test]
fn a_later_run_takes_back_what_an_earlier_one_decided() {
    let alignment = [
        bead(0..1, 0..1, 980),
        bead(1..3, 1..2, 410),
        bead(3..4, 2..3, 950),
    ];
    let mut review = three();
    review.handle(Event::Split(Some(Sides { ar: 1, en: 1 })));
    review.handle(Event::Accept);
    let was = review.texts()[0].clone();

    let mut review = Review::new(vec![later(&was, &alignment, &was.segments)], below(800));
    assert_eq!(shapes(&review), ["1-1", "1-1c", "1-0e", "1-1"]);
    assert_eq!(review.handle(Event::Undo), Effect::Changed { document: 0 });
    assert_eq!(shapes(&review), ["1-1", "1-1e", "1-0e", "1-1"]);
    assert_eq!(at_hand(&review), Some(1));
    review.handle(Event::Undo);
    assert_eq!(shapes(&review), ["1-1", "2-1", "1-1"]);
    let refused = review.handle(Event::Undo);
    assert_eq!(refused, Effect::Refused(Refusal::NothingToUndo));

    // A sentence in front moves all; one that is gone takes what was decided about it along, and what was before.
    let mut longer = was.segments.clone();
    longer.ar.insert(0, "صفر".to_owned());
    longer.en.insert(0, "zero".to_owned());
    let mut shifted = vec![bead(0..1, 0..1, 900)];
    shifted.extend(alignment.iter().map(|held| {
        let by_one = |range: &Range<usize>| range.start + 1..range.end + 1;
        bead(
            by_one(&held.range.ar),
            by_one(&held.range.en),
            held.confidence.thousandths(),
        )
    }));
    let mut review = Review::new(vec![later(&was, &shifted, &longer)], below(800));
    review.handle(Event::Undo);
    review.handle(Event::Undo);
    assert_eq!(shapes(&review), ["1-1", "1-1", "2-1", "1-1"]);
    let mut changed = was.segments.clone();
    changed.ar[2] = "أخرى".to_owned();
    let mut review = Review::new(vec![later(&was, &alignment, &changed)], below(800));
    assert_eq!(review.handle(Event::Undo), Effect::Changed { document: 0 });
    let refused = review.handle(Event::Undo);
    assert_eq!(refused, Effect::Refused(Refusal::NothingToUndo));
}

#[test]
fn decisions_about_several_documents_are_taken_back_in_their_order() {
    let one = || text("ا", "a", vec![bead(0..1, 0..1, 100)]);
    let mut review = Review::new(vec![one(), one()], below(800));
    review.handle(Event::Skip);
    review.handle(Event::Drop);
    review.handle(Event::Back);
    review.handle(Event::Back);
    review.handle(Event::Accept);
    let mut review = Review::new(review.into_texts(), below(800));
    assert_eq!(shapes(&review), ["1-1c", "1-1d"]);
    assert_eq!(review.handle(Event::Undo), Effect::Changed { document: 0 });
    assert_eq!(shapes(&review), ["1-1", "1-1d"]);
    assert_eq!(review.handle(Event::Undo), Effect::Changed { document: 1 });
}

#[test]
fn a_decided_bead_takes_the_place_of_what_crosses_it() {
    let alignment = vec![
        bead(0..1, 0..1, 900),
        bead(1..3, 1..3, 900),
        bead(3..4, 3..4, 900),
    ];
    let pin = ReviewBead {
        range: Sides { ar: 1..2, en: 1..2 },
        standing: Standing::Confirmed,
    };
    let mut asked = Vec::new();
    let woven = weave(&alignment, vec![pin.clone()], |range| {
        asked.push(range);
        vec![bead(0..2, 0..2, 500)]
    });
    assert_eq!(asked, [Sides { ar: 2..4, en: 2..4 }]);
    assert_eq!(woven.len(), 3);
    assert_eq!(woven[1], pin);
    assert_eq!(woven[2].range, Sides { ar: 2..4, en: 2..4 });
}

/// Beads of any shapes and confidences, from those of the segments `0..`.
fn any_beads() -> impl Strategy<Value = Vec<Bead>> {
    let shape = prop::sample::select(vec![(1, 1), (1, 0), (0, 1), (2, 1), (1, 3), (2, 2)]);
    prop::collection::vec((shape, 0..=1000_u16), 0..8).prop_map(|beads| {
        let (mut ar, mut en) = (0, 0);
        let place = |((a, e), thousandths)| {
            let bead = bead(ar..ar + a, en..en + e, thousandths);
            (ar, en) = (ar + a, en + e);
            bead
        };
        beads.into_iter().map(place).collect()
    })
}

fn end(beads: &[Bead]) -> (usize, usize) {
    beads
        .last()
        .map_or((0, 0), |bead| (bead.range.ar.end, bead.range.en.end))
}

fn any_text() -> impl Strategy<Value = ReviewText> {
    // Few words, so that the same segment occurs more than once.
    (any_beads(), prop::collection::vec(0..6_u8, 64)).prop_map(|(beads, words)| {
        let (ar, en) = end(&beads);
        let list = |n: usize, from: usize| {
            let words = words[from..].iter().take(n).map(u8::to_string);
            words.collect()
        };
        ReviewText {
            name: "x".into(),
            segments: Sides {
                ar: list(ar, 0),
                en: list(en, 32),
            },
            beads: beads.into_iter().map(ReviewBead::from).collect(),
            steps: Vec::new(),
        }
    })
}

fn any_event() -> impl Strategy<Value = Event> {
    let side = prop::sample::select(Lang::BOTH.to_vec());
    let edge = prop::sample::select(vec![Edge::Start, Edge::End]);
    prop_oneof![
        Just(Event::Accept),
        Just(Event::Drop),
        Just(Event::Split(None)),
        (0..4_usize, 0..4_usize).prop_map(|(ar, en)| Event::Split(Some(Sides { ar, en }))),
        Just(Event::Merge(Neighbour::Next)),
        Just(Event::Merge(Neighbour::Previous)),
        (edge, side, any::<bool>()).prop_map(|(edge, side, takes)| Event::Shift {
            edge,
            side,
            takes
        }),
        Just(Event::Undo),
        Just(Event::Skip),
        Just(Event::Back),
    ]
}

/// Whether the beads hold each segment once, in order, and none is empty.
fn covers(text: &ReviewText) -> Result<(), TestCaseError> {
    let mut from = Sides { ar: 0, en: 0 };
    for bead in &text.beads {
        prop_assert!(!bead.is_empty());
        for lang in Lang::BOTH {
            let range = bead.range.get(lang);
            prop_assert_eq!(range.start, *from.get(lang), "{:?}", &text.beads);
            prop_assert!(range.start <= range.end);
            *from.get_mut(lang) = range.end;
        }
    }
    prop_assert_eq!(from.ar, text.segments.ar.len());
    prop_assert_eq!(from.en, text.segments.en.len());
    Ok(())
}

proptest! {
    #[test]
    fn beads_always_cover_both_sides_and_undo_is_the_inverse(
        texts in prop::collection::vec(any_text(), 0..3),
        events in prop::collection::vec(any_event(), 0..40),
    ) {
        let mut review = Review::new(texts.clone(), below(500));
        let mut before = vec![(texts, at_hand(&review))];
        for event in events {
            let was = (review.texts().to_vec(), at_hand(&review));
            let effect = review.handle(event);
            for text in review.texts() {
                covers(text)?;
            }
            if let Some((text, bead)) = review.at_hand() {
                prop_assert!(bead < text.beads.len());
            }
            match (event, effect) {
                (Event::Undo, Effect::Changed { .. }) => {
                    let (texts, bead) = before.pop().unwrap();
                    prop_assert_eq!(review.texts(), &texts[..]);
                    prop_assert_eq!(at_hand(&review), bead);
                }
                (_, Effect::Changed { .. }) => before.push(was),
                (_, Effect::Moved) => prop_assert_eq!(review.texts(), &was.0[..]),
                (_, Effect::Refused(_)) => {
                    prop_assert_eq!(review.texts(), &was.0[..]);
                    prop_assert_eq!(at_hand(&review), was.1);
                }
            }
        }
    }

    #[test]
    fn what_was_decided_can_be_taken_back_in_a_later_run(
        text in any_text(),
        events in prop::collection::vec(any_event(), 0..12),
    ) {
        let mut review = Review::new(vec![text.clone()], below(1000));
        for event in events {
            review.handle(event);
        }
        let decided = review.into_texts();
        let mut review = Review::new(decided.clone(), below(1000));
        for _ in 0..decided[0].steps.len() {
            prop_assert_eq!(review.handle(Event::Undo), Effect::Changed { document: 0 });
        }
        prop_assert_eq!(&review.texts()[0], &text);
        let refused = review.handle(Event::Undo);
        prop_assert_eq!(refused, Effect::Refused(Refusal::NothingToUndo));
    }

    #[test]
    fn what_was_decided_is_kept_whole_in_any_other_alignment(
        text in any_text(),
        events in prop::collection::vec(any_event(), 0..12),
        cuts in prop::collection::vec(any::<bool>(), 16),
        other in any_text(),
    ) {
        let mut review = Review::new(vec![text], below(1000));
        for event in events {
            review.handle(event);
        }
        let text = review.into_texts().remove(0);
        let decisions = Decisions::of(&text);
        // The same document: all decisions stand. Another one: those that can, in order and apart.
        prop_assert_eq!(
            decisions.carried_to(&text.segments),
            (decisions.beads.clone(), decisions.steps.clone())
        );
        let mut shortened = text.segments.clone();
        let mut keep = cuts.iter().cycle();
        shortened.ar.retain(|_| *keep.next().unwrap());
        shortened.en.retain(|_| *keep.next().unwrap());
        for segments in [&text.segments, &shortened, &other.segments] {
            let (pins, _) = decisions.carried_to(segments);
            let whole = || vec![bead(0..segments.ar.len(), 0..segments.en.len(), 500)];
            let is_blank = segments.ar.is_empty() && segments.en.is_empty();
            let alignment = if is_blank { Vec::new() } else { whole() };
            let woven = weave(&alignment, pins.clone(), |range| {
                vec![bead(0..range.ar.len(), 0..range.en.len(), 500)]
            });
            let by_hand: Vec<_> = woven.iter().filter(|b| b.standing.is_by_hand()).cloned().collect();
            prop_assert_eq!(by_hand, pins);
            covers(&ReviewText { segments: segments.clone(), beads: woven, ..ReviewText::default() })?;
        }
    }
}
