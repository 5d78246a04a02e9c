//! Where in a segment a cue and its counterpart stand.
//!
//! Arabic and English order the words of a clause differently, but what begins a segment is seldom translated at its end.
//! A counterpart that is there by chance stands anywhere. So where the cue is at `u` and the counterpart at `v`, both
//! from 0 at the beginning to 1 at the end of their side of the bead, its lift is multiplied by
//!
//! ```text
//! f(u, v) = scale · e^(−|u − v| / spread)
//! ```
//!
//! ([`Model::place_scale`], [`Model::place_spread`]). With a scale of 2.1 the factor would be 1 in the mean over all
//! places. Less is better: a text repeats itself close by, so that a counterpart in the wrong segment is there more
//! often than its share of the whole text says.
//!
//! Worked example: with a spread of 0.35 and a scale of 1.2 a word at 0.2 whose equivalent stands at 0.3 counts
//! `1.2 · e^(−0.29) = 0.90`, with one at 0.9 `1.2 · e^(−2) = 0.16`.

use super::model::Model;

/// The factor, as [`Model`] has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places {
    pub(super) scale: f32,
    /// One over the spread.
    pub(super) steepness: f32,
}

impl Places {
    pub(super) fn new(model: &Model) -> Self {
        Self {
            scale: model.place_scale as f32,
            steepness: (1.0 / model.place_spread) as f32,
        }
    }

    /// The factor for a cue and its counterpart at these places, 0 to 1.
    pub(super) fn factor(self, here: f32, there: f32) -> f32 {
        self.scale * (-(here - there).abs() * self.steepness).exp()
    }
}

/// How much likelier than by chance a cue of the first of two segments at `here` has its counterpart at `there` in the
/// second segment of the other side, where a piece of a sentence moved from one to the other: the end of the one becomes
/// the beginning of the other. For a cue of the second segment both are to be counted from the end.
pub(super) fn across(here: f32, there: f32) -> f32 {
    4.0 * here * (1.0 - there)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_example_comes_out() {
        let model = Model {
            place_spread: 0.35,
            place_scale: 1.2,
            ..Model::default()
        };
        let places = Places::new(&model);
        assert!((places.factor(0.2, 0.3) - 0.90).abs() < 0.02);
        assert!((places.factor(0.2, 0.9) - 0.16).abs() < 0.01);
        assert_eq!(places.factor(0.0, 1.0), places.factor(1.0, 0.0));
    }

    #[test]
    fn a_piece_moves_from_the_end_to_the_beginning() {
        assert!(across(0.9, 0.1) > 3.0 && across(0.1, 0.9) < 0.1);
    }
}
