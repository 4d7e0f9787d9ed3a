//! Disjoint sets (union-find), which merge pairs of rows into groups.
//!
//! Source: Galler and Fischer, "An improved equivalence algorithm", 1964, with the path halving of van Leeuwen and van der
//! Weide, 1977.

/// A partition of the rows from 0 to n - 1.
pub(super) struct Sets {
    /// A lower row of the same set; the row itself for the lowest.
    parents: Vec<usize>,
}

impl Sets {
    /// Puts every row into a set of its own.
    pub fn new(rows: usize) -> Self {
        Self { parents: (0..rows).collect() }
    }

    /// Merges the sets of these two rows.
    pub fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.lowest(one), self.lowest(other));
        self.parents[one.max(other)] = one.min(other);
    }

    /// The sets in the order of their lowest rows, each in ascending order.
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
