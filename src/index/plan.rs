//! How many lists of a query are counted in each block, and how many are only asked.
//!
//! With a larger `k` ([`super::search`]) one more list is counted and fewer units are left over; where the next list costs
//! more than the units that it would rule out, it is left to be asked. Units of later blocks are larger and need more of
//! the features (2 in [`super::bound`]), so that fewer lists have to be counted for them. A list that is counted in a
//! block is counted in all blocks of the stretch before it, too: it is read as one piece.

use std::ops::Range;

use super::cache::List;

/// What it costs that a unit is expected to be left over, in postings counted. Finding it and asking for it costs about
/// as much as a hundred; and many times more are left over than are expected, since features come together, word by word.
const UNIT_LEFT: f32 = 4096.0;

/// What is counted in the blocks of a stretch.
#[derive(Debug)]
pub(super) struct Plan {
    /// The share of the run's members that is in each list, the rarest first.
    shares: Vec<f32>,
    first: u32,
    steps: Vec<Step>,
}

/// What is counted in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// How many lists are counted, the rarest ones.
    pub(super) counted: usize,
    /// The count that every unit reaches which has enough: `k`.
    pub(super) least: usize,
    /// How many of the lists the units need.
    needed: usize,
}

impl Plan {
    /// Nothing is counted yet; `lists` go by length.
    pub(super) fn new(lists: &[&List], members: u32) -> Self {
        let share = |list: &&List| list.count() as f32 / members.max(1) as f32;
        Self {
            shares: lists.iter().map(share).collect(),
            first: 0,
            steps: Vec::new(),
        }
    }

    /// Begins a stretch with the block `first`.
    pub(super) fn begin(&mut self, first: u32) {
        self.first = first;
        self.steps.clear();
    }

    /// Adds the next block, whose units need `needed` of the lists, no less than those before; `false` where they need
    /// more than there are.
    pub(super) fn add(&mut self, needed: usize) -> bool {
        let lists = self.shares.len();
        if needed > lists {
            return false;
        }
        let step = match self.steps.last() {
            Some(&last) if last.needed == needed => last,
            last => {
                let before = last.map_or(lists, |last| last.counted);
                // By the order of the blocks this is `lists + 1 - needed` at least, and `least` 1 at least.
                let counted = self.worth(needed).min(before);
                Step {
                    counted,
                    least: (counted + needed).saturating_sub(lists),
                    needed,
                }
            }
        };
        self.steps.push(step);
        true
    }

    /// How many lists it is worth to count for units that need `needed` of them.
    fn worth(&self, needed: usize) -> usize {
        let lists = self.shares.len();
        let (mut counted, mut least) = (lists + 1 - needed, 1);
        let mut expected: f32 = self.shares[..counted].iter().sum();
        // The share of units with a count of `least` or more, were features independent: about λᵏ / k! (Poisson).
        let mut left = expected;
        while counted < lists && left * UNIT_LEFT > self.shares[counted] {
            expected += self.shares[counted];
            counted += 1;
            least += 1;
            left = (1..=least).fold(1.0, |product, i| product * expected / i as f32);
        }
        counted
    }

    /// The blocks.
    pub(super) fn blocks(&self) -> Range<u32> {
        self.first..self.first + self.steps.len() as u32
    }

    /// What is counted in each block.
    pub(super) fn steps(&self) -> impl Iterator<Item = Step> {
        self.steps.iter().copied()
    }

    /// The blocks in which the list at this place is counted.
    pub(super) fn counted_in(&self, list: usize) -> Range<u32> {
        let blocks = self.steps.partition_point(|step| step.counted > list);
        self.first..self.first + blocks as u32
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::postings::Postings;
    use super::*;

    proptest! {
        #[test]
        fn whatever_is_needed_is_seen_in_what_is_counted(
            mut lengths in proptest::collection::vec(0..100_000_u32, 1..60),
            mut needed in proptest::collection::vec(1..70_usize, 1..16),
        ) {
            lengths.sort_unstable();
            needed.sort_unstable();
            let lists: Vec<List> = lengths
                .iter()
                .map(|&count| List::Decoded(Postings::default(), count))
                .collect();
            let mut plan = Plan::new(&lists.iter().collect::<Vec<_>>(), 100_000);
            plan.begin(7);
            let added = needed.iter().take_while(|&&needed| plan.add(needed)).count();
            prop_assert_eq!(added, needed.iter().filter(|&&needed| needed <= lists.len()).count());
            prop_assert_eq!(plan.blocks(), 7..7 + added as u32);
            for ((block, step), needed) in plan.blocks().zip(plan.steps()).zip(needed) {
                // Of any `needed` lists, `least` are counted.
                prop_assert!(step.least >= 1 && step.counted <= lists.len());
                prop_assert_eq!(lists.len() - step.counted + step.least, needed);
                for list in 0..lists.len() {
                    prop_assert_eq!(plan.counted_in(list).contains(&block), list < step.counted);
                }
            }
        }
    }
}
