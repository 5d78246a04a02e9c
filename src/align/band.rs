//! The part of the matrix of segments that a search looks at.
//!
//! A *node* `(i, j)` stands for the place before Arabic segment `i` and English segment `j`. A band holds, for each row
//! `i` from 0 to `n`, the nodes of an interval of columns; the intervals move to the right as `i` grows, overlap from row
//! to row, and hold `(0, 0)` and `(n, m)`.

use std::ops::Range;

/// A band of nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Band {
    /// For each row its first column, the end of its columns, and the number of its first node.
    rows: Vec<(usize, usize, usize)>,
    columns: usize,
    cells: usize,
}

impl Band {
    /// All nodes.
    pub(super) fn full(n: usize, m: usize) -> Self {
        Self::new(n, m, |_| (0, m))
    }

    /// The nodes that are at most `half` columns from the line through `points`, which must grow in both coordinates.
    pub(super) fn around(
        n: usize,
        m: usize,
        points: &[(usize, usize)],
        half: impl Fn(usize) -> usize,
    ) -> Self {
        let mut line = vec![(0, 0)];
        line.extend(points.iter().copied().filter(|&(i, j)| i <= n && j <= m));
        line.push((n, m));
        let mut k = 0;
        Self::new(n, m, |i| {
            while k + 2 < line.len() && line[k + 1].0 < i {
                k += 1;
            }
            let ((i0, j0), (i1, j1)) = (line[k], line[k + 1]);
            let j = if i1 > i0 {
                j0 + (j1.saturating_sub(j0)) * (i.clamp(i0, i1) - i0) / (i1 - i0)
            } else {
                j1
            };
            // A steep piece of the line crosses many columns in one row.
            let slope = if i1 > i0 {
                j1.saturating_sub(j0) / (i1 - i0) + 1
            } else {
                j1.saturating_sub(j0)
            };
            let half = half(i) + slope;
            (j.saturating_sub(half), j + half)
        })
    }

    /// A band from first and last columns, brought in order.
    fn new(n: usize, m: usize, mut limits: impl FnMut(usize) -> (usize, usize)) -> Self {
        let mut limits: Vec<(usize, usize)> = (0..=n)
            .map(|i| {
                let (lo, hi) = limits(i);
                (lo.min(m), hi.min(m))
            })
            .collect();
        limits[0].0 = 0;
        limits[n].1 = m;
        for i in 1..=n {
            limits[i].1 = limits[i].1.max(limits[i - 1].1);
        }
        for i in (0..n).rev() {
            limits[i].0 = limits[i].0.min(limits[i + 1].0);
        }
        // Each row reaches at least to the beginning of the next.
        for i in 0..n {
            limits[i].1 = limits[i].1.max(limits[i + 1].0);
        }
        let mut cells = 0;
        let rows = limits
            .into_iter()
            .map(|(lo, hi)| {
                let row = (lo, hi + 1, cells);
                cells += hi + 1 - lo;
                row
            })
            .collect();
        Self {
            rows,
            columns: m,
            cells,
        }
    }

    /// The last row and column.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.rows.len() - 1, self.columns)
    }

    /// How many nodes it has.
    pub(super) fn cells(&self) -> usize {
        self.cells
    }

    /// The columns of a row.
    pub(super) fn columns(&self, row: usize) -> Range<usize> {
        let (lo, end, _) = self.rows[row];
        lo..end
    }

    /// The rows of a column.
    pub(super) fn rows(&self, column: usize) -> Range<usize> {
        let from = self.rows.partition_point(|&(_, end, _)| end <= column);
        let to = self.rows.partition_point(|&(lo, ..)| lo <= column);
        from..to.max(from)
    }

    /// The number of a node; `None` outside.
    pub(super) fn cell(&self, i: usize, j: usize) -> Option<usize> {
        let &(lo, end, first) = self.rows.get(i)?;
        (lo <= j && j < end).then(|| first + j - lo)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_full_band_holds_every_node() {
        let band = Band::full(2, 3);
        assert_eq!(band.cells(), 12);
        assert_eq!(band.cell(2, 3), Some(11));
        assert_eq!(band.cell(0, 4), None);
        assert_eq!(band.rows(1), 0..3);
    }

    proptest! {
        #[test]
        fn a_band_can_be_walked(n in 0_usize..40, m in 0_usize..40, half in 0_usize..5,
                                points in proptest::collection::btree_set((0_usize..40, 0_usize..40), 0..4)) {
            let mut chain: Vec<(usize, usize)> = Vec::new();
            for (i, j) in points {
                if i <= n && j <= m && chain.last().is_none_or(|&(x, y)| x < i && y < j) {
                    chain.push((i, j));
                }
            }
            let band = Band::around(n, m, &chain, |_| half);
            prop_assert!(band.cell(0, 0).is_some() && band.cell(n, m).is_some());
            for i in 1..=n {
                let (above, here) = (band.columns(i - 1), band.columns(i));
                prop_assert!(above.start <= here.start && above.end <= here.end);
                prop_assert!(above.end > here.start);
            }
            for &(i, j) in &chain {
                prop_assert!(band.cell(i, j).is_some());
            }
            for j in 0..=m {
                for i in band.rows(j) {
                    prop_assert!(band.cell(i, j).is_some());
                }
            }
        }
    }
}
