//! Division of a search over k into parts that run in parallel.

use super::MethodInfo;

/// About how many distances of rows to centres one iteration over a part takes at most: more would run too long to be cancelled.
const DISTANCES_PER_PART: usize = 2_000_000;
/// Parts per worker and restart, so that no worker waits long for the others.
const PARTS_PER_WORKER: usize = 2;

/// Divides the numbers of clusters in `counts` into parts, each for one [`fit_counts`](super::Method::fit_counts): their indices
/// in `counts`. Few parts share most work; many keep all `workers` busy. One part without counts if `counts` is empty.
///
/// Which part a number is in changes nothing about its clusters.
pub fn parts(info: &MethodInfo, counts: &[usize], rows: usize, restarts: usize, workers: usize) -> Vec<Vec<usize>> {
    let distances = counts.iter().sum::<usize>().saturating_mul(rows);
    let busy = (PARTS_PER_WORKER * workers).div_ceil(restarts.max(1));
    let wanted = if info.nested { 1 } else { busy.max(distances / DISTANCES_PER_PART) };
    let parts = wanted.clamp(1, counts.len().max(1));
    // Every part has small and large numbers.
    (0..parts).map(|part| (part..counts.len()).step_by(parts).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::ClusterMethod;
    use super::parts;

    #[test]
    fn every_number_is_in_one_part() {
        let counts: Vec<usize> = (2..=30).collect();
        for (restarts, workers, rows) in [(10, 2, 300), (1, 4, 300), (10, 8, 40_000), (1, 100, 9_000_000)] {
            for &method in ClusterMethod::ALL {
                let parts = parts(method.info(), &counts, rows, restarts, workers);
                let mut indices = parts.concat();
                indices.sort_unstable();
                assert_eq!(indices, (0..counts.len()).collect::<Vec<_>>());
                assert!(parts.iter().all(|part| !part.is_empty()));
            }
        }
    }

    #[test]
    fn there_are_as_few_parts_as_keep_all_workers_busy() {
        let counts: Vec<usize> = (2..=30).collect();
        let count = |method: ClusterMethod, rows, restarts, workers| {
            parts(method.info(), &counts, rows, restarts, workers).len()
        };
        assert_eq!(count(ClusterMethod::KMeans, 300, 10, 2), 1);
        assert_eq!(count(ClusterMethod::KMeans, 300, 10, 8), 2);
        assert_eq!(count(ClusterMethod::KMeans, 300, 1, 8), 16);
        assert_eq!(count(ClusterMethod::KMeans, 50_000, 10, 2), 11);
        assert_eq!(count(ClusterMethod::Ward, 50_000, 1, 8), 1);
        assert_eq!(parts(ClusterMethod::Hdbscan.info(), &[], 300, 1, 8), [Vec::<usize>::new()]);
    }
}
