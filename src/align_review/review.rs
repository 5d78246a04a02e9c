//! The state machine.

use std::ops::Range;

use super::{ReviewBead, Standing, Step, covering, ends, starts};
use crate::lang::{Lang, Sides};
use crate::score::Confidence;

/// A document under review: its segments and the beads between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewText {
    /// The document's name.
    pub name: String,
    /// The segments of each side.
    pub segments: Sides<Vec<String>>,
    /// The beads, in order; together they hold each segment of either side once.
    pub beads: Vec<ReviewBead>,
    /// What undoes the last decisions about it, at most [`MOST_STEPS`], the latest last.
    pub steps: Vec<Step>,
}

/// How many decisions about a document can be undone, the latest.
pub const MOST_STEPS: usize = 1000;

/// A bead beside the one at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neighbour {
    /// The one before.
    Previous,
    /// The one behind.
    Next,
}

/// An edge of the bead at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Its beginning, towards the bead before.
    Start,
    /// Its end, towards the bead behind.
    End,
}

/// What a person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The bead is right; on to the next doubtful one.
    Accept,
    /// The bead is no translation; on to the next doubtful one.
    Drop,
    /// Cut the bead in two. The first part has so many segments of each side; where nothing is said, the lengths of the
    /// segments decide.
    Split(Option<Sides<usize>>),
    /// Make one bead of this one and its neighbour.
    Merge(Neighbour),
    /// Move one edge of the bead by one segment of one side.
    Shift {
        /// The edge.
        edge: Edge,
        /// The side of the segment.
        side: Lang,
        /// Whether the bead takes the segment from its neighbour; else it gives one away.
        takes: bool,
    },
    /// Take the last decision back.
    Undo,
    /// On to the next doubtful bead; this one stays as it is.
    Skip,
    /// Back to the bead before, doubtful or not.
    Back,
}

/// What follows from an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The beads of that document have changed and should be saved.
    Changed {
        /// Its index.
        document: usize,
    },
    /// Another bead is at hand, or none.
    Moved,
    /// Nothing, since it can't be done.
    Refused(Refusal),
}

/// Why an event changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No bead is at hand.
    #[error("no doubtful bead is left; go back or undo to change something")]
    NoBead,
    /// Nothing has been decided yet.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// The bead is the first or the last of its document.
    #[error("there is no bead on that side")]
    NoNeighbour,
    /// No bead on that side has a segment to give.
    #[error("there is no segment to take on that side")]
    NothingToTake,
    /// The bead has no segment of that side to give.
    #[error("the bead has no segment of that side to give")]
    NothingToGive,
    /// One of the beads would be left with nothing.
    #[error("one of the beads would be left with nothing")]
    WouldBeEmpty,
    /// It is the first bead of all.
    #[error("this is the first bead")]
    AtStart,
}

/// How far the review has come, in all documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Beads.
    pub beads: usize,
    /// Doubtful ones.
    pub doubtful: usize,
    /// Accepted ones.
    pub confirmed: usize,
    /// Dropped ones.
    pub dropped: usize,
}

/// A bead by its document and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cursor {
    document: usize,
    bead: usize,
}

/// A review of documents, with the bead at hand.
#[derive(Clone, Debug)]
pub struct Review {
    texts: Vec<ReviewText>,
    below: Confidence,
    /// `None` behind the last doubtful bead.
    cursor: Option<Cursor>,
}

impl Review {
    /// A review that opens at the first doubtful bead: one that the aligner is less sure of than `below`.
    pub fn new(texts: Vec<ReviewText>, below: Confidence) -> Self {
        let mut review = Self {
            texts,
            below,
            cursor: None,
        };
        review.cursor = review.first_doubtful(0, 0);
        review
    }

    /// The documents.
    pub fn texts(&self) -> &[ReviewText] {
        &self.texts
    }

    /// The documents, once the review is over.
    pub fn into_texts(self) -> Vec<ReviewText> {
        self.texts
    }

    /// The document of the bead at hand and the bead's number in it; `None` behind the last doubtful one.
    pub fn at_hand(&self) -> Option<(&ReviewText, usize)> {
        self.cursor
            .map(|cursor| (&self.texts[cursor.document], cursor.bead))
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        let mut progress = Progress::default();
        for bead in self.texts.iter().flat_map(|text| &text.beads) {
            progress.beads += 1;
            progress.doubtful += usize::from(bead.standing.is_doubtful(self.below));
            progress.confirmed += usize::from(bead.standing == Standing::Confirmed);
            progress.dropped += usize::from(bead.standing == Standing::Dropped);
        }
        progress
    }

    /// Does what `event` asks for.
    pub fn handle(&mut self, event: Event) -> Effect {
        let done = match event {
            Event::Accept => self.judge(Standing::Confirmed),
            Event::Drop => self.judge(Standing::Dropped),
            Event::Split(first) => self.split(first),
            Event::Merge(neighbour) => self.merge(neighbour),
            Event::Shift { edge, side, takes } => self.shift(edge, side, takes),
            Event::Undo => self.undo(),
            Event::Skip => self.skip(),
            Event::Back => self.back(),
        };
        done.unwrap_or_else(Effect::Refused)
    }

    fn here(&self) -> Result<Cursor, Refusal> {
        self.cursor.ok_or(Refusal::NoBead)
    }

    fn judge(&mut self, standing: Standing) -> Result<Effect, Refusal> {
        let cursor = self.here()?;
        let bead = ReviewBead {
            standing,
            ..self.texts[cursor.document].beads[cursor.bead].clone()
        };
        let effect = self.replace(cursor, cursor.bead..cursor.bead + 1, vec![bead]);
        self.cursor = self.first_doubtful(cursor.document, cursor.bead + 1);
        Ok(effect)
    }

    fn split(&mut self, first: Option<Sides<usize>>) -> Result<Effect, Refusal> {
        let cursor = self.here()?;
        let text = &self.texts[cursor.document];
        let range = &text.beads[cursor.bead].range;
        let first = first
            .or_else(|| likely_split(text, range))
            .ok_or(Refusal::WouldBeEmpty)?;
        if Lang::BOTH
            .iter()
            .any(|&lang| *first.get(lang) > range.get(lang).len())
        {
            return Err(Refusal::WouldBeEmpty);
        }
        let middle = Sides::from_fn(|lang| range.get(lang).start + first.get(lang));
        let parts = [
            edited(Sides::from_fn(|lang| {
                range.get(lang).start..*middle.get(lang)
            })),
            edited(Sides::from_fn(|lang| {
                *middle.get(lang)..range.get(lang).end
            })),
        ];
        if parts.iter().any(ReviewBead::is_empty) {
            return Err(Refusal::WouldBeEmpty);
        }
        Ok(self.replace(cursor, cursor.bead..cursor.bead + 1, parts.to_vec()))
    }

    fn merge(&mut self, neighbour: Neighbour) -> Result<Effect, Refusal> {
        let cursor = self.here()?;
        let beads = &self.texts[cursor.document].beads;
        let first = match neighbour {
            Neighbour::Previous => cursor.bead.checked_sub(1).ok_or(Refusal::NoNeighbour)?,
            Neighbour::Next => cursor.bead,
        };
        let (Some(a), Some(b)) = (beads.get(first), beads.get(first + 1)) else {
            return Err(Refusal::NoNeighbour);
        };
        let merged = edited(Sides::from_fn(|lang| {
            a.range.get(lang).start..b.range.get(lang).end
        }));
        let effect = self.replace(cursor, first..first + 2, vec![merged]);
        self.cursor = Some(Cursor {
            bead: first,
            ..cursor
        });
        Ok(effect)
    }

    fn shift(&mut self, edge: Edge, side: Lang, takes: bool) -> Result<Effect, Refusal> {
        let cursor = self.here()?;
        let beads = &self.texts[cursor.document].beads;
        // The other bead: next to this one, but where one is taken from, those without a segment to give are passed over.
        let has_segment = |&i: &usize| !takes || !beads[i].range.get(side).is_empty();
        let mut beyond = cursor.bead + 1..beads.len();
        let other = match edge {
            Edge::Start => (0..cursor.bead).rev().find(has_segment),
            Edge::End => beyond.find(has_segment),
        };
        let other = other.ok_or(if takes {
            Refusal::NothingToTake
        } else {
            Refusal::NoNeighbour
        })?;
        let range = cursor.bead.min(other)..cursor.bead.max(other) + 1;
        let mut changed = beads[range.clone()].to_vec();
        let (here, there) = (cursor.bead - range.start, other - range.start);
        if !takes && changed[here].range.get(side).is_empty() {
            return Err(Refusal::NothingToGive);
        }
        for (i, bead) in changed.iter_mut().enumerate() {
            move_edges(bead.range.get_mut(side), i.cmp(&here), edge, takes);
            if i == here || i == there {
                bead.standing = Standing::Edited;
            }
        }
        if changed[here].is_empty() {
            return Err(Refusal::WouldBeEmpty);
        }
        // A neighbour that has given its last segment is gone.
        let is_gone = changed[there].is_empty();
        if is_gone {
            changed.remove(there);
        }
        let effect = self.replace(cursor, range, changed);
        self.cursor = Some(Cursor {
            bead: cursor.bead - usize::from(is_gone && other < cursor.bead),
            ..cursor
        });
        Ok(effect)
    }

    /// Takes the latest decision back. In a document that has changed since, or that was aligned otherwise, what a step
    /// was about may be gone; then it and all before it are of no use.
    fn undo(&mut self) -> Result<Effect, Refusal> {
        loop {
            let latest = |text: &ReviewText| text.steps.last().map(|step| step.number);
            let texts = self.texts.iter().enumerate();
            let (_, document) = texts
                .filter_map(|(i, text)| Some((latest(text)?, i)))
                .max()
                .ok_or(Refusal::NothingToUndo)?;
            let text = &mut self.texts[document];
            let undone = text.steps.pop().and_then(|step| {
                let (first, last) = (step.before.first()?, step.before.last()?);
                let stretch = (starts(&first.range), ends(&last.range));
                let held = covering(&text.beads, |bead| &bead.range, stretch)?;
                Some((held, step))
            });
            let Some((held, step)) = undone else {
                text.steps.clear();
                continue;
            };
            self.cursor = Some(Cursor {
                document,
                bead: held.start + step.at_hand,
            });
            text.beads.splice(held, step.before);
            return Ok(Effect::Changed { document });
        }
    }

    fn skip(&mut self) -> Result<Effect, Refusal> {
        let cursor = self.here()?;
        self.cursor = self.first_doubtful(cursor.document, cursor.bead + 1);
        Ok(Effect::Moved)
    }

    fn back(&mut self) -> Result<Effect, Refusal> {
        let end = Cursor {
            document: self.texts.len(),
            bead: 0,
        };
        let mut at = self.cursor.unwrap_or(end);
        while at.bead == 0 {
            at.document = at.document.checked_sub(1).ok_or(Refusal::AtStart)?;
            at.bead = self.texts[at.document].beads.len();
        }
        at.bead -= 1;
        self.cursor = Some(at);
        Ok(Effect::Moved)
    }

    /// Puts `beads` in the place of those in `range`, in the document of `cursor`, so that it can be undone.
    fn replace(&mut self, cursor: Cursor, range: Range<usize>, beads: Vec<ReviewBead>) -> Effect {
        let document = cursor.document;
        let numbers = self.texts.iter().filter_map(|text| text.steps.last());
        let number = numbers.map(|step| step.number + 1).max().unwrap_or(0);
        let text = &mut self.texts[document];
        let at_hand = cursor.bead - range.start;
        let before = text.beads.splice(range, beads).collect();
        if text.steps.len() == MOST_STEPS {
            text.steps.remove(0);
        }
        text.steps.push(Step {
            number,
            before,
            at_hand,
        });
        Effect::Changed { document }
    }

    /// The first doubtful bead from that one on.
    fn first_doubtful(&self, document: usize, bead: usize) -> Option<Cursor> {
        let texts = self.texts.iter().enumerate().skip(document);
        texts
            .flat_map(|(d, text)| {
                let from = if d == document { bead } else { 0 };
                let beads = text.beads.iter().enumerate().skip(from);
                beads.map(move |(b, bead)| (d, b, bead))
            })
            .find(|(_, _, bead)| bead.standing.is_doubtful(self.below))
            .map(|(document, bead, _)| Cursor { document, bead })
    }
}

fn edited(range: Sides<Range<usize>>) -> ReviewBead {
    ReviewBead {
        range,
        standing: Standing::Edited,
    }
}

/// Moves the range of one bead by the segment that crosses `edge` of the bead at hand. `place` is where the bead stands,
/// seen from that one: `Less` before it, `Equal` the same.
fn move_edges(range: &mut Range<usize>, place: std::cmp::Ordering, edge: Edge, takes: bool) {
    use std::cmp::Ordering::{Equal, Greater, Less};
    // Every edge between the giver and the taker moves by one segment, those of empty ranges in between on both ends.
    let forward = (edge == Edge::End) == takes;
    let by_one = |edge: &mut usize| {
        if forward {
            *edge += 1;
        } else {
            *edge -= 1;
        }
    };
    match (edge, place) {
        (Edge::End, Equal) => by_one(&mut range.end),
        (Edge::Start, Equal) => by_one(&mut range.start),
        (Edge::End, Greater) => {
            let is_passed = takes && range.start == range.end;
            by_one(&mut range.start);
            if is_passed {
                by_one(&mut range.end);
            }
        }
        (Edge::Start, Less) => {
            let is_passed = takes && range.start == range.end;
            by_one(&mut range.end);
            if is_passed {
                by_one(&mut range.start);
            }
        }
        (Edge::End, Less) | (Edge::Start, Greater) => {}
    }
}

/// What a part without a counterpart costs, beside the logarithms of the parts' ratios of length.
const UNPAIRED_COST: f64 = 10.0;

/// The split whose parts are the most alike in length on both sides; `None` for a bead of one segment.
fn likely_split(text: &ReviewText, range: &Sides<Range<usize>>) -> Option<Sides<usize>> {
    let lengths = Sides::from_fn(|lang| {
        let segments = &text.segments.get(lang)[range.get(lang).clone()];
        segments
            .iter()
            .map(|segment| segment.chars().count() as f64)
            .collect::<Vec<_>>()
    });
    let cost = |ar: &[f64], en: &[f64]| {
        if ar.is_empty() || en.is_empty() {
            return UNPAIRED_COST;
        }
        let length = |side: &[f64]| side.iter().sum::<f64>().max(1.0).ln();
        (length(ar) - length(en)).abs()
    };
    let mut best: Option<(f64, Sides<usize>)> = None;
    for ar in 0..=lengths.ar.len() {
        for en in 0..=lengths.en.len() {
            let is_whole = ar + en == 0 || ar + en == lengths.ar.len() + lengths.en.len();
            if is_whole {
                continue;
            }
            let (first_ar, last_ar) = lengths.ar.split_at(ar);
            let (first_en, last_en) = lengths.en.split_at(en);
            let cost = cost(first_ar, first_en) + cost(last_ar, last_en);
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, Sides { ar, en }));
            }
        }
    }
    best.map(|(_, split)| split)
}
