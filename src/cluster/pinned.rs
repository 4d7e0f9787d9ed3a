//! Pinned rows, which stay in a given cluster.

use super::validate::check_labels;
use crate::cluster::ClusterError;

/// The cluster that each row is pinned to, shape `[n]`, or empty if no row is pinned.
#[derive(Clone, Copy)]
pub struct Pinned<'a>(&'a [Option<u32>]);

impl<'a> Pinned<'a> {
    /// No pinned rows.
    pub const NONE: Pinned<'static> = Pinned(&[]);

    /// Checks `pinned`, shape `[rows]`, against `k` clusters.
    ///
    /// # Errors
    /// [`ClusterError::LabelCount`], [`ClusterError::UnknownCluster`], and [`ClusterError::TooFewRows`] if there
    /// are fewer free rows than clusters without a pinned row.
    pub fn checked(pinned: &'a [Option<u32>], rows: usize, k: usize) -> Result<Self, ClusterError> {
        check_labels(pinned, rows, k)?;
        let mut empty = vec![true; k];
        for &cluster in pinned.iter().flatten() {
            empty[cluster as usize] = false;
        }
        let needed = pinned.iter().flatten().count() + empty.iter().filter(|&&empty| empty).count();
        if needed > rows { Err(ClusterError::TooFewRows { found: rows, needed }) } else { Ok(Self(pinned)) }
    }

    /// The cluster that `row` is pinned to.
    pub fn cluster(self, row: usize) -> Option<u32> {
        self.0.get(row).copied().flatten()
    }

    /// The clusters as they were given; empty if no row is pinned.
    pub fn labels(self) -> &'a [Option<u32>] {
        self.0
    }

    /// The rows below `rows` that are not pinned.
    pub fn free_rows(self, rows: usize) -> Vec<usize> {
        (0..rows).filter(|&row| self.cluster(row).is_none()).collect()
    }
}
