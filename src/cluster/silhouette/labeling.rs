//! The clusters of one of several labelings, and the sums of distances that their silhouettes are made of.

use super::Silhouette;
use crate::cluster::relabel::dense;
use crate::cluster::tiles::{LANES, Packed, TILE_ROWS};
use crate::matrix::Matrix;

/// The clusters of a labeling that are not empty.
pub struct Labeling {
    /// Their ids, in order.
    ids: Vec<u32>,
    /// Their numbers of rows.
    sizes: Vec<usize>,
    /// Their numbers of reference rows.
    references: Vec<usize>,
    /// Each row's index in `ids`, shape `[n]`.
    cluster_of: Vec<Option<usize>>,
}

impl Labeling {
    /// The clusters of `labels`, shape `[n]`.
    pub fn new(labels: &[Option<u32>], is_reference: &[bool]) -> Self {
        let (indices, ids) = dense(&labels.iter().copied().flatten().collect::<Vec<_>>());
        let mut indices = indices.into_iter();
        let cluster_of: Vec<Option<usize>> = labels.iter().map(|label| label.and_then(|_| indices.next())).collect();
        let (mut sizes, mut references) = (vec![0; ids.len()], vec![0; ids.len()]);
        for (cluster, &is_reference) in cluster_of.iter().zip(is_reference) {
            if let Some(cluster) = *cluster {
                sizes[cluster] += 1;
                references[cluster] += usize::from(is_reference);
            }
        }
        Self { ids, sizes, references, cluster_of }
    }

    /// The number of places that distances are added up in: one for each cluster, and one for rows in none.
    pub fn places(&self) -> usize {
        self.ids.len() + 1
    }

    /// Whether a row is in a cluster.
    pub fn is_in_cluster(&self, row: usize) -> bool {
        self.cluster_of[row].is_some()
    }

    /// The place of a row's distances.
    fn place_of(&self, row: usize) -> usize {
        self.cluster_of[row].unwrap_or(self.ids.len())
    }

    /// The silhouette of a row, whose distances to the references of each cluster have the sums `totals`.
    pub fn silhouette(&self, row: usize, is_reference: bool, totals: &[f64]) -> Silhouette {
        let Some(own) = self.cluster_of[row] else { return Silhouette::UNDEFINED };
        let mut nearest: Option<(usize, f64)> = None;
        for (other, (total, &references)) in totals.iter().zip(&self.references).enumerate() {
            let mean = total / references as f64;
            if other != own && references > 0 && nearest.is_none_or(|(_, nearest)| mean < nearest) {
                nearest = Some((other, mean));
            }
        }
        let Some((other, nearest)) = nearest else { return Silhouette::UNDEFINED };
        let nearest_other = Some(self.ids[other]);
        if self.sizes[own] == 1 {
            return Silhouette { value: 0.0, nearest_other };
        }
        // The distance of a row to itself is 0, so that only the count must leave it out. Without other rows this is 0 / 0.
        let own = totals[own] / (self.references[own] - usize::from(is_reference)) as f64;
        let larger = own.max(nearest);
        // Coincident rows are as near to their own cluster as to the next.
        let value = if larger == 0.0 && !own.is_nan() { 0.0 } else { ((nearest - own) / larger) as f32 };
        Silhouette { value, nearest_other }
    }
}

/// Calls `visit` with each wanted row and the sums of its distances to the references at every place of the first labeling, then
/// at those of the next, and so on.
pub fn total_distances(
    points: &Matrix,
    wanted: &[usize],
    references: &[usize],
    labelings: &[Labeling],
    mut visit: impl FnMut(usize, &[f64]),
) {
    let starts = labelings.iter().scan(0, |next, labeling| Some(std::mem::replace(next, *next + labeling.places())));
    let starts: Vec<(&Labeling, usize)> = labelings.iter().zip(starts).collect();
    // The places of each reference's distances, shape `[references, labelings]`.
    let places: Vec<usize> = references
        .iter()
        .flat_map(|&row| starts.iter().map(move |(labeling, start)| start + labeling.place_of(row)))
        .collect();
    let packed = Packed::new(references.iter().map(|&row| points.row(row)), points.columns());
    let last_block = references.len().div_ceil(LANES).saturating_sub(1);
    // A place holds one sum for each row of a tile, which vectorises.
    let mut sums = vec![[0.0_f64; TILE_ROWS]; labelings.iter().map(Labeling::places).sum()];
    let mut totals = vec![0.0; sums.len()];
    packed.squared_tiles(points, wanted, |first, block, tile| {
        if block == 0 {
            sums.fill([0.0; TILE_ROWS]);
        }
        let mut roots = [[0.0_f32; LANES]; TILE_ROWS];
        for (roots, squared) in roots.iter_mut().zip(tile) {
            *roots = squared.map(f32::sqrt);
        }
        let places = places[block * LANES * labelings.len()..].chunks_exact(labelings.len());
        for (lane, places) in places.take(LANES).enumerate() {
            let distances = roots.map(|roots| f64::from(roots[lane]));
            for &place in places {
                for (sum, distance) in sums[place].iter_mut().zip(distances) {
                    *sum += distance;
                }
            }
        }
        if block == last_block {
            for (offset, &row) in wanted[first..][..tile.len()].iter().enumerate() {
                for (total, sums) in totals.iter_mut().zip(&sums) {
                    *total = sums[offset];
                }
                visit(row, &totals);
            }
        }
    });
}
