//! Numbers for clusters: the largest first.

use std::cmp::Reverse;

/// The order of `k` clusters by size, the largest first, ties by the first row they hold. Labels must be below `k`.
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

/// The place of each cluster in an order of them.
pub fn places(order: &[usize]) -> Vec<u32> {
    let mut places = vec![0; order.len()];
    for (place, &cluster) in order.iter().enumerate() {
        places[cluster] = place as u32;
    }
    places
}
