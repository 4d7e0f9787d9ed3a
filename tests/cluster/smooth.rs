//! Graph smoothing: against numpy and scipy, and what the recipe prepares.

use proptest::prelude::*;
use serde::Deserialize;
use shoal::cluster::neighbours::nearest_rows;
use shoal::matrix::Matrix;
use shoal::options::Recipe;
use shoal::reduce::{prepare, smooth};

use crate::points::{anywhere, lattice};
use crate::support::{assert_all_near, bits, read_oracle};

#[derive(Deserialize)]
struct PointsCase {
    columns: usize,
    points: Vec<f32>,
    smoothed: Vec<f64>,
}

#[derive(Deserialize)]
struct FeaturesCase {
    columns: usize,
    features: Vec<f32>,
    cosines: Vec<f64>,
}

fn smoothed(points: &Matrix) -> Matrix {
    let neighbours = nearest_rows(points, 0..points.rows(), smooth::NEIGHBOURS).unwrap();
    smooth::smooth(points, &neighbours).unwrap()
}

fn features(rows: usize, columns: usize) -> Matrix {
    let values = (0..rows * columns).map(|value| ((value as u32).wrapping_mul(2_654_435_761) >> 20) as f32);
    Matrix::from_rows(values.collect(), columns).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn smoothed_rows_have_length_one_or_zero(features in prop_oneof![lattice(), anywhere()]) {
        let points = prepare(&features, Recipe::Smooth).unwrap().points;
        let columns = 64.min(features.columns()).min(features.rows() - 1).max(1);
        prop_assert_eq!((points.rows(), points.columns()), (features.rows(), columns));
        let found = smoothed(&points);
        prop_assert_eq!((found.rows(), found.columns()), (features.rows(), columns));
        for row in 0..found.rows() {
            let length = found.row(row).iter().map(|value| value * value).sum::<f32>().sqrt();
            prop_assert!(length == 0.0 || (length - 1.0).abs() < 1e-5, "{}", length);
        }
        prop_assert_eq!(bits(found.values()), bits(smoothed(&points).values()));
    }
}

#[test]
fn smoothed_points_are_numpys() {
    for case in read_oracle::<PointsCase>("smooth_points") {
        let found = smoothed(&Matrix::from_rows(case.points, case.columns).unwrap());
        assert_eq!(found.values().len(), case.smoothed.len());
        assert_all_near(found.values(), &case.smoothed, 1e-6);
    }
}

#[test]
fn smoothed_features_are_numpys() {
    for case in read_oracle::<FeaturesCase>("smooth_features") {
        let features = Matrix::from_rows(case.features, case.columns).unwrap();
        let found = smoothed(&prepare(&features, Recipe::Smooth).unwrap().points);
        let cosine =
            |one: usize, other: usize| -> f32 { found.row(one).iter().zip(found.row(other)).map(|(a, b)| a * b).sum() };
        let n = found.rows();
        let cosines: Vec<f32> = (0..case.cosines.len()).map(|index| cosine(index / n, index % n)).collect();
        assert_all_near(&cosines, &case.cosines, 1e-4);
    }
}

#[test]
fn the_recipe_prepares_unit_rows_and_evaluates_the_spherical_points() {
    let features = features(80, 90);
    let [smooth, umap, spherical] =
        [Recipe::Smooth, Recipe::Umap, Recipe::Spherical].map(|recipe| prepare(&features, recipe).unwrap());
    // The directions are those of the scores that UMAP starts from.
    assert_eq!((smooth.points.rows(), smooth.points.columns()), (80, 64));
    for row in 0..80 {
        let length = umap.points.row(row).iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt();
        for (found, &score) in smooth.points.row(row).iter().zip(umap.points.row(row)) {
            assert_eq!(*found, (f64::from(score) / length) as f32);
        }
    }
    assert_eq!((&smooth.evaluated, &smooth.pca3), (&umap.evaluated, &umap.pca3));
    assert_eq!((smooth.explained, smooth.variance_kept), (umap.explained, umap.variance_kept));
    let evaluated = smooth.evaluated.unwrap();
    for (found, expected) in evaluated.values().iter().zip(spherical.points.values()) {
        assert!((found - expected).abs() < 1e-5);
    }
}

/// The bits of what each recipe prepares, to be the same on every machine and in every version.
#[test]
fn prepared_points_do_not_change() {
    let hash = |values: &[f32]| bits(values).iter().fold(0_u32, |hash, bits| hash.rotate_left(5) ^ bits);
    let features = features(40, 30);
    let prepared = |recipe| prepare(&features, recipe).unwrap();
    let recipes = [Recipe::Spherical, Recipe::Plain, Recipe::Umap];
    let hashes = recipes.map(|recipe| hash(prepared(recipe).points.values()));
    assert_eq!(hashes, [1_819_723_155, 4_142_472_447, 1_334_460_191]);
    let points = prepared(Recipe::Smooth).points;
    assert_eq!([hash(points.values()), hash(smoothed(&points).values())], [1_819_723_155, 3_781_644_504]);
}

#[test]
fn the_recipe_has_a_name() {
    assert_eq!("smooth".parse(), Ok(Recipe::Smooth));
    assert_eq!(serde_json::to_string(&Recipe::Smooth).unwrap(), "\"smooth\"");
    assert_eq!(Recipe::default(), Recipe::Spherical);
}
