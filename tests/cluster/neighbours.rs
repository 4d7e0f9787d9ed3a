//! Nearest neighbours: against sorting, and in tiles.

use proptest::prelude::*;
use shoal::cluster::neighbours::nearest_rows;

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
