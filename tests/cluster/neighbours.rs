//! Nearest neighbours: against sorting, and in tiles.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use shoal::cluster::neighbour_cells;
use shoal::cluster::neighbours::nearest_rows;
use shoal::error::Coded;
use shoal::matrix::Matrix;

use crate::points::{anywhere, by_distance, lattice, squared};
use crate::support::bits;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn neighbours_are_those_of_sorting(points in lattice(), count in 0_usize..12) {
        let found = nearest_rows(&points, 0..points.rows(), count).unwrap();
        prop_assert_eq!(found.count, count.min(points.rows() - 1));
        let expected: Vec<Vec<usize>> = (0..points.rows()).map(|row| by_distance(&points, row)).collect();
        let rows: Vec<u32> =
            expected.iter().flat_map(|others| &others[..found.count]).map(|&other| other as u32).collect();
        prop_assert_eq!(&found.rows, &rows);
        for (index, (&other, &distance)) in found.rows.iter().zip(&found.distances).enumerate() {
            prop_assert_eq!(distance, squared(&points, index / found.count, other as usize).sqrt() as f32);
        }
    }

    #[test]
    fn neighbours_do_not_depend_on_tiles(
        points in prop_oneof![lattice(), anywhere()],
        count in 1_usize..12,
        cuts in prop::collection::vec(0.0_f64..1.0, 0..5),
    ) {
        let n = points.rows();
        let whole = nearest_rows(&points, 0..n, count).unwrap();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| (cut * n as f64) as usize).chain([0, n]).collect();
        cuts.sort_unstable();
        let parts = cuts.windows(2).map(|pair| nearest_rows(&points, pair[0]..pair[1], count).unwrap());
        let (mut rows, mut distances) = (Vec::new(), Vec::new());
        for part in parts {
            prop_assert_eq!(part.count, whole.count);
            rows.extend(part.rows);
            distances.extend(part.distances);
        }
        prop_assert_eq!(&rows, &whole.rows);
        prop_assert_eq!(bits(&distances), bits(&whole.distances));
        prop_assert_eq!(rows.len(), n * whole.count);
        prop_assert!(rows.iter().enumerate().all(|(index, &other)| other as usize != index / whole.count));
    }
}

/// Overlapping clusters, `rows` rows of 16 columns around 40 centres.
fn overlapping(rows: usize) -> Matrix {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let centres: Vec<f32> = (0..40 * 16).map(|_| rng.random::<f32>() * 3.0).collect();
    // The sum of a few uniform numbers is bell-shaped.
    let mut noise = || (0..4).map(|_| rng.random::<f32>() - 0.5).sum::<f32>();
    Matrix::from_rows((0..rows * 16).map(|index| centres[index / 16 % 40 * 16 + index % 16] + noise()).collect(), 16)
        .unwrap()
}

#[test]
fn cells_find_nearly_all_neighbours_of_overlapping_clusters() {
    let points = overlapping(6000);
    let cells = neighbour_cells::divide(&points).unwrap();
    let distinct: BTreeSet<u32> = cells.iter().copied().collect();
    assert!((30..=77).contains(&distinct.len()), "{} cells", distinct.len());
    let found = neighbour_cells::nearest_rows(&points, &cells, 0..6000, 7).unwrap();
    let exact = nearest_rows(&points, 0..6000, 7).unwrap();
    let rows = found.rows.chunks(7).zip(exact.rows.chunks(7));
    let hits: usize = rows.map(|(found, exact)| found.iter().filter(|row| exact.contains(row)).count()).sum();
    let recall = hits as f64 / exact.rows.len() as f64;
    assert!(recall > 0.97, "recall {recall}");
    assert!(found.distances.chunks(7).all(|distances| distances.is_sorted()));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn few_rows_are_searched_completely_in_any_division(points in lattice(), count in 1_usize..12, cut in 0.0_f64..1.0) {
        // There are fewer cells than a row searches.
        let n = points.rows();
        let cells = neighbour_cells::divide(&points).unwrap();
        prop_assert_eq!(cells.len(), n);
        let whole = neighbour_cells::nearest_rows(&points, &cells, 0..n, count).unwrap();
        let exact = nearest_rows(&points, 0..n, count).unwrap();
        prop_assert_eq!(bits(&whole.distances), bits(&exact.distances));
        let cut = (cut * n as f64) as usize;
        let [first, second] = [0..cut, cut..n].map(|rows| neighbour_cells::nearest_rows(&points, &cells, rows, count).unwrap());
        prop_assert_eq!([first.rows, second.rows].concat(), whole.rows);
    }
}

#[test]
fn cells_that_do_not_fit_the_points_are_refused() {
    let points = overlapping(80);
    let cells = neighbour_cells::divide(&points).unwrap();
    assert_eq!(neighbour_cells::nearest_rows(&points, &cells[1..], 0..80, 7).unwrap_err().code(), "bad-shape");
    assert_eq!(neighbour_cells::nearest_rows(&points, &cells, 0..81, 7).unwrap_err().code(), "bad-shape");
}
