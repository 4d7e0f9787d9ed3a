//! Rows that a person has put in a cluster, where they stay.

use super::checks::check_labels;
use crate::cluster::ClusterError;

/// Each row's cluster where it is held, shape `[n]`, or nothing where no row is.
#[derive(Clone, Copy)]
pub struct Held<'a>(&'a [Option<u32>]);

impl<'a> Held<'a> {
    /// No row at all.
    pub const NONE: Held<'static> = Held(&[]);

    /// Checks `held`, shape `[rows]`, for `k` clusters.
    ///
    /// # Errors
    /// [`ClusterError::LabelCount`], [`ClusterError::UnknownCluster`], and [`ClusterError::TooFewPictures`] when the
    /// clusters without held rows cannot get one row each of those that are free.
    pub fn checked(held: &'a [Option<u32>], rows: usize, k: usize) -> Result<Self, ClusterError> {
        check_labels(held, rows, k)?;
        let mut empty = vec![true; k];
        for &cluster in held.iter().flatten() {
            empty[cluster as usize] = false;
        }
        let needed = held.iter().flatten().count() + empty.iter().filter(|&&empty| empty).count();
        if needed > rows { Err(ClusterError::TooFewPictures { found: rows, needed }) } else { Ok(Self(held)) }
    }

    /// The cluster in which `row` is held.
    pub fn cluster(self, row: usize) -> Option<u32> {
        self.0.get(row).copied().flatten()
    }

    /// The clusters of the held rows; of no length where there are none.
    pub fn labels(self) -> &'a [Option<u32>] {
        self.0
    }

    /// Those of `rows` rows that are not held.
    pub fn free_rows(self, rows: usize) -> Vec<usize> {
        (0..rows).filter(|&row| self.cluster(row).is_none()).collect()
    }
}
