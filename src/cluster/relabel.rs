//! Renumbering of labels: by size, and without gaps.

use std::cmp::Reverse;

/// The order of `k` clusters by size, the largest first, ties by their first row. Labels must be below `k`.
pub fn order_by_size<L: Copy + Into<Option<u32>>>(labels: &[L], k: usize) -> Vec<usize> {
    let mut counts = vec![0_usize; k];
    let mut first_rows = vec![usize::MAX; k];
    for (row, &label) in labels.iter().enumerate().rev() {
        if let Some(cluster) = label.into() {
            counts[cluster as usize] += 1;
            first_rows[cluster as usize] = row;
        }
    }
    let mut order: Vec<usize> = (0..k).collect();
    order.sort_by_key(|&cluster| (Reverse(counts[cluster]), first_rows[cluster]));
    order
}

/// The position of each cluster in `order`, a permutation.
pub fn positions(order: &[usize]) -> Vec<u32> {
    let mut positions = vec![0; order.len()];
    for (position, &cluster) in order.iter().enumerate() {
        positions[cluster] = position as u32;
    }
    positions
}

/// Labels renumbered without gaps, in the order of their values, and the value that each number stands for.
///
/// The ids of edited clusters may be far apart; a table indexed by id would be as long as the largest one.
pub fn dense(labels: &[u32]) -> (Vec<usize>, Vec<u32>) {
    let mut distinct = labels.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let renumbered = labels.iter().map(|label| distinct.partition_point(|known| known < label)).collect();
    (renumbered, distinct)
}
