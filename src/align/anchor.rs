//! A rough path through a long bitext, from things that occur a few times only.
//!
//! Cues that match and are rare on both sides give points, most of them right. The chain of points that grow in both
//! coordinates and have the highest sum of weights is found with a Fenwick tree over prefix maxima; points that no other
//! one near them confirms are dropped. Cost: `O(p log m)` for `p` points.

/// Points in order, growing strictly in both coordinates.
pub(super) type Chain = Vec<(usize, usize)>;

/// The chain through weighted points of a bitext of `n` and `m` segments.
pub(super) fn chain(mut points: Vec<(u32, u32, f32)>, n: usize, m: usize) -> Chain {
    // From left to right within a row backwards, so that a row gives one point at most.
    points.sort_unstable_by_key(|&(i, j, _)| (i, std::cmp::Reverse(j)));
    let mut tree = PrefixMaximum::new(m);
    let mut before: Vec<Option<usize>> = Vec::with_capacity(points.len());
    for (number, &(_, j, weight)) in points.iter().enumerate() {
        let (sum, last) = tree.below(j as usize);
        before.push(last);
        tree.raise(j as usize, (sum + weight, Some(number)));
    }
    let mut chain = Vec::new();
    let mut at = tree.below(m).1;
    while let Some(number) = at {
        chain.push((points[number].0 as usize, points[number].1 as usize));
        at = before[number];
    }
    chain.reverse();
    confirmed(&chain, m as f64 / n.max(1) as f64)
}

/// The points that another one of the chain confirms: close by, and about where the ratio of the sizes puts it.
fn confirmed(chain: &[(usize, usize)], slope: f64) -> Chain {
    const NEAR: usize = 3;
    const DRIFT: f64 = 4.0;
    let confirms = |a: (usize, usize), b: (usize, usize)| {
        let rows = a.0.abs_diff(b.0) as f64;
        let columns = a.1.abs_diff(b.1) as f64;
        rows <= 60.0 && (columns - slope * rows).abs() <= DRIFT + 0.2 * rows
    };
    (0..chain.len())
        .filter(|&k| {
            let from = k.saturating_sub(NEAR);
            let to = (k + NEAR + 1).min(chain.len());
            (from..to)
                .filter(|&l| l != k && confirms(chain[k], chain[l]))
                .count()
                >= 2
        })
        .map(|k| chain[k])
        .collect()
}

/// Sums and the points that they end in, by column: the best of all columns to the left.
struct PrefixMaximum {
    nodes: Vec<(f32, Option<usize>)>,
}

impl PrefixMaximum {
    fn new(columns: usize) -> Self {
        Self {
            nodes: vec![(0.0, None); columns + 1],
        }
    }

    /// The best of the columns under `column`.
    fn below(&self, column: usize) -> (f32, Option<usize>) {
        let mut best = (0.0, None);
        let mut at = column;
        while at > 0 {
            if self.nodes[at].0 > best.0 {
                best = self.nodes[at];
            }
            at &= at - 1;
        }
        best
    }

    fn raise(&mut self, column: usize, value: (f32, Option<usize>)) {
        let mut at = column + 1;
        while at < self.nodes.len() {
            if value.0 > self.nodes[at].0 {
                self.nodes[at] = value;
            }
            at += at & at.wrapping_neg();
        }
    }
}

/// The point of the line through a chain, from (0, 0) to (n, m), whose coordinates add up to about `sum`.
pub(super) fn on_line(chain: &[(usize, usize)], n: usize, m: usize, sum: usize) -> (usize, usize) {
    let mut from = (0, 0);
    for &to in chain.iter().chain([&(n, m)]) {
        let (low, high) = (from.0 + from.1, to.0 + to.1);
        if high >= sum {
            let along = |a: usize, b: usize| a + (b - a) * (sum - low) / (high - low).max(1);
            return (along(from.0, to.0), along(from.1, to.1));
        }
        from = to;
    }
    (n, m)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_passes_by_the_point_that_is_off() {
        let mut points: Vec<(u32, u32, f32)> = (0..20).map(|k| (k * 3, k * 3, 1.0)).collect();
        points.push((10, 55, 3.0));
        points.push((40, 2, 3.0));
        let chain = chain(points, 60, 60);
        assert_eq!(chain.len(), 20);
        assert!(chain.iter().all(|&(i, j)| i == j));
    }

    #[test]
    fn a_lonely_point_is_not_trusted() {
        assert!(chain(vec![(5, 50, 9.0)], 60, 60).is_empty());
    }

    #[test]
    fn the_line_goes_from_corner_to_corner() {
        let chain = [(10, 30)];
        assert_eq!(on_line(&chain, 40, 60, 0), (0, 0));
        assert_eq!(on_line(&chain, 40, 60, 20), (5, 15));
        assert_eq!(on_line(&chain, 40, 60, 100), (40, 60));
    }
}
