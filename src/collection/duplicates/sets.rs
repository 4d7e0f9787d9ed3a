//! Disjoint sets of rows: pairs into groups.
//!
//! Galler and Fischer, "An improved equivalence algorithm", 1964, with the halving of paths of van Leeuwen and van der
//! Weide, 1977.

/// A partition of the rows from 0 to n - 1.
pub(super) struct Sets {
    /// Another row of the same set, which is lower; the row itself for the lowest.
    parents: Vec<usize>,
}

impl Sets {
    /// Every row on its own.
    pub fn new(rows: usize) -> Self {
        Self { parents: (0..rows).collect() }
    }

    /// Makes one set of the two that hold these rows.
    pub fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.lowest(one), self.lowest(other));
        self.parents[one.max(other)] = one.min(other);
    }

    /// The sets in the order of their lowest rows, each ascending.
    pub fn into_groups(mut self) -> Vec<Vec<usize>> {
        let mut groups = vec![Vec::new(); self.parents.len()];
        for row in 0..groups.len() {
            groups[self.lowest(row)].push(row);
        }
        groups.retain(|rows| !rows.is_empty());
        groups
    }

    fn lowest(&mut self, mut row: usize) -> usize {
        while self.parents[row] != row {
            self.parents[row] = self.parents[self.parents[row]];
            row = self.parents[row];
        }
        row
    }
}
