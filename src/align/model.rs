//! The parameters of the model, each with what it stands for, and the prior over beads.

/// The most segments that a bead holds on one side.
pub const WIDEST: usize = 8;

/// The shapes of beads with both sides filled, as numbers of Arabic and English segments.
pub(super) const SHAPES: [(usize, usize); 2 * WIDEST] = {
    let mut shapes = [(1, 1); 2 * WIDEST];
    let mut k = 2;
    while k <= WIDEST {
        shapes[k - 1] = (1, k);
        shapes[WIDEST + k - 2] = (k, 1);
        k += 1;
    }
    shapes[2 * WIDEST - 1] = (2, 2);
    shapes
};

/// What the aligner believes about Arabic–English bitext before it sees the document.
///
/// The defaults were chosen by strict F1 and the likelihood of the confidences, over news, medical, technical, scriptural
/// and children's text with few and with many gaps and merged segments: a search on half of the documents, checked on the
/// other half, then rounded towards where both agree. `doubt` alone is half of what that search preferred: with a
/// lexicon from a memory, text with few gaps lost true beads to it. The spread and scale of places and the shares of moved
/// words and of rivals were chosen afterwards on such text alone, without and with a memory; their optimum is flat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Model {
    /// Arabic characters for each English character, as a logarithm.
    pub length_mean: f64,
    /// Standard deviation of that logarithm between translations of 100 characters; shorter ones vary more.
    pub length_deviation: f64,
    /// Standard deviation of the same logarithm between segments that have nothing to do with each other.
    pub chance_deviation: f64,
    /// How much of the evidence from words counts: their occurrences are not independent, and the two directions tell
    /// the same story twice.
    pub word_weight: f64,
    /// Factor on the probabilities of the lexicon.
    pub lexicon_trust: f64,
    /// Factor on words that were found by a guess.
    pub guess_trust: f64,
    /// Share of words that a translation of an English name is written like.
    pub name_trust: f64,
    /// Share of numbers that reappear.
    pub number_trust: f64,
    /// Share of Latin words on the Arabic side that reappear.
    pub latin_trust: f64,
    /// Share of question marks, quotes, brackets and other marks that reappear.
    pub mark_trust: f64,
    /// What is left of a trust where nothing on the whole other side matches.
    pub absent_trust: f64,
    /// What a translation that the document does not hold keeps of its probability, when the rest of it goes to the
    /// translations that the document does hold.
    pub absent_share: f64,
    /// Segments added to a document's in estimating how often a thing occurs by chance.
    pub chance_smoothing: f64,
    /// Probability that a gap opens after a bead.
    pub gap_open: f64,
    /// Probability that a gap goes on on the same side.
    pub gap_extend: f64,
    /// Probability that a gap of the other side follows.
    pub gap_switch: f64,
    /// Share of 1-1 among the beads with both sides filled.
    pub one_one: f64,
    /// Share of 2-2 among them.
    pub two_two: f64,
    /// How much rarer 1-(k+1) is than 1-k, from 1-2 on.
    pub wider: f64,
    /// How many beads the shares of shapes count for, against the beads that a first search finds in the document.
    pub shape_weight: f64,
    /// Share of paragraph beginnings that the other side has as well.
    pub paragraph_trust: f64,
    /// How far the two sides agree, at the ends of beads, in whether a sentence ends there.
    pub edge_trust: f64,
    /// The same where no mark tells.
    pub unmarked_trust: f64,
    /// Share of 2-2 where, between the two segments, one side is inside a sentence and the other is not.
    pub moved_trust: f64,
    /// Share of the words of either half of a 2-2 that are translated in the other half, where a piece moved.
    pub moved_share: f64,
    /// Share of places inside 1-k where a sentence was cut.
    pub cut_trust: f64,
    /// What a word of one of several segments counts where the segment beside it has the same word, and both one
    /// counterpart.
    pub rival_share: f64,
    /// How fast a counterpart counts less the further from its cue it stands, as a share of the segment.
    pub place_spread: f64,
    /// What a counterpart in the very same place counts of its evidence.
    pub place_scale: f64,
    /// What a bead loses whose sides have nothing in common, beside what its words say.
    pub doubt: f64,
    /// The evidence from words, for each segment, that takes most of that doubt.
    pub doubt_scale: f64,
    /// What is added to the probabilities of beads before their logarithms are added up to find the best path. With 0
    /// that is the path of the highest product, with much the one of the highest sum.
    pub tolerance: f64,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            length_mean: -0.11,
            length_deviation: 0.18,
            chance_deviation: 1.4,
            word_weight: 0.5,
            lexicon_trust: 0.9,
            guess_trust: 0.65,
            name_trust: 0.45,
            number_trust: 0.8,
            latin_trust: 0.4,
            mark_trust: 0.5,
            absent_trust: 0.35,
            absent_share: 0.12,
            chance_smoothing: 2.0,
            gap_open: 0.06,
            gap_extend: 0.35,
            gap_switch: 0.1,
            one_one: 0.65,
            two_two: 0.03,
            wider: 0.45,
            shape_weight: 10.0,
            paragraph_trust: 0.3,
            edge_trust: 0.95,
            unmarked_trust: 0.6,
            moved_trust: 0.8,
            moved_share: 0.35,
            cut_trust: 0.1,
            rival_share: 0.65,
            place_spread: 0.35,
            place_scale: 1.2,
            doubt: 0.75,
            doubt_scale: 3.0,
            tolerance: 0.3,
        }
    }
}

/// The length of a range of segments, and what follows from it alone.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extent {
    characters: f64,
    /// `ln(characters + 2)`
    log: f64,
    /// The deviation of the length of a translation of it, as a logarithm.
    deviation: f64,
    log_deviation: f64,
}

impl Model {
    /// What words in common say about a bead of so many segments. `sum` is the sum of the log ratios of its cues, which
    /// counts in full near 0, where a little tells much, and by `word_weight` beyond.
    pub(super) fn word_score(&self, sum: f64, segments: usize) -> f64 {
        let scale = self.doubt_scale * segments as f64;
        self.word_weight * sum + self.doubt * ((sum / scale).tanh() - 1.0)
    }

    /// The extent of a text of so many characters.
    pub(super) fn extent(&self, characters: f64) -> Extent {
        // Half of the deviation stays for long segments, half shrinks with the root of the length.
        let own = self.length_deviation * (0.5 + 0.5 * (100.0 / characters.max(4.0)).sqrt());
        let deviation = own.min(self.chance_deviation);
        Extent {
            characters,
            log: (characters + 2.0).ln(),
            deviation,
            log_deviation: deviation.ln(),
        }
    }

    /// The logarithm of how much likelier it is that translations have these lengths in characters than that segments
    /// of no relation do: two normal distributions of the logarithm of the ratio.
    pub(super) fn length_score(&self, ar: &Extent, en: &Extent) -> f64 {
        let ratio = ar.log - en.log - self.length_mean;
        let shorter = if ar.characters < en.characters {
            ar
        } else {
            en
        };
        let squares = (ratio / self.chance_deviation).powi(2) - (ratio / shorter.deviation).powi(2);
        0.5 * squares + self.chance_deviation.ln() - shorter.log_deviation
    }
}

/// What the bead before was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// A bead with both sides filled, or the beginning.
    Filled = 0,
    /// An Arabic segment without a counterpart.
    ArabicGap = 1,
    /// An English segment without a counterpart.
    EnglishGap = 2,
}

impl State {
    pub(super) const ALL: [Self; 3] = [Self::Filled, Self::ArabicGap, Self::EnglishGap];
}

/// Log probabilities of shapes and gaps.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Prior {
    /// Of each of [`SHAPES`], among filled beads.
    pub(super) shapes: [f64; SHAPES.len()],
    /// From a state (row) to a state.
    pub(super) steps: [[f64; 3]; 3],
}

/// How many beads of each of [`SHAPES`] are expected in a document.
pub(super) type Counts = [f64; SHAPES.len()];

impl Prior {
    /// The prior that a document with these counts leaves, where this one counts as `weight` beads.
    pub(super) fn adapted(&self, counts: &Counts, weight: f64) -> Self {
        let all = weight + counts.iter().sum::<f64>();
        let shape = |k: usize| ((weight * self.shapes[k].exp() + counts[k]) / all).ln();
        Self {
            shapes: std::array::from_fn(shape),
            steps: self.steps,
        }
    }

    /// The prior of a model.
    pub(super) fn new(model: &Model) -> Self {
        let rest = (1.0 - model.one_one - model.two_two).max(0.0) / 2.0;
        let sum: f64 = (0..WIDEST - 1).map(|k| model.wider.powi(k as i32)).sum();
        let shapes = SHAPES.map(|shape| match shape {
            (1, 1) => model.one_one,
            (2, 2) => model.two_two,
            (a, e) => rest * model.wider.powi(a.max(e) as i32 - 2) / sum,
        });
        let (open, extend, switch) = (model.gap_open, model.gap_extend, model.gap_switch);
        let steps = [
            [1.0 - open, open / 2.0, open / 2.0],
            [1.0 - extend - switch, extend, switch],
            // No Arabic gap behind an English one: the same gaps the other way round are the same alignment. The chances
            // need not add up to one for that; either side's gaps shall cost the same.
            [1.0 - extend - switch, 0.0, extend],
        ];
        Self {
            shapes: shapes.map(f64::ln),
            steps: steps.map(|row| row.map(f64::ln)),
        }
    }
}
