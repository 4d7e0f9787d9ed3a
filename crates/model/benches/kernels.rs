//! Times the native kernels: the grouping's at moderate sizes, and one picture through the network.

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use criterion::{Criterion, criterion_group, criterion_main};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use shoal::cluster::kmeans::{KMeansParams, fit_restart};
use shoal::cluster::silhouette::silhouette_rows;
use shoal::matrix::Matrix;
use shoal::options::{FeatureKind, Recipe};
use shoal::reduce::prepare;
use shoal_model::embed::Embedder;

const WEIGHTS: &[u8] = include_bytes!("../../../weights/mobilenet_v2_backbone.safetensors");
/// Rows that the grouping's kernels get, and the columns that a recipe leaves them.
const ROWS: usize = 2_000;
const REDUCED_COLUMNS: usize = 32;
/// A picture's features, and rows of them that PCA gets.
const FEATURE_COLUMNS: usize = 1_280;
const FEATURE_ROWS: usize = 500;
const CLUSTERS: usize = 12;

/// Runs a future that never waits, as all of the CPU's do.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the CPU's futures never wait"),
    }
}

/// Rows around `CLUSTERS` centres, no value negative.
fn points(rows: usize, columns: usize) -> Matrix {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let centres: Vec<f32> = (0..CLUSTERS * columns).map(|_| rng.random::<f32>()).collect();
    let values = (0..rows * columns).map(|index| {
        let (row, column) = (index / columns, index % columns);
        centres[row % CLUSTERS * columns + column] + 0.5 * rng.random::<f32>()
    });
    Matrix::from_rows(values.collect(), columns).expect("the rows are whole")
}

fn grouping(criterion: &mut Criterion) {
    let reduced = points(ROWS, REDUCED_COLUMNS);
    let params = KMeansParams::new(CLUSTERS);
    criterion.bench_function("kmeans/one start, 2000 x 32, k 12", |bencher| {
        bencher.iter(|| fit_restart(black_box(&reduced), &params, 0, 0));
    });
    let labels: Vec<Option<u32>> = (0..ROWS).map(|row| Some((row % CLUSTERS) as u32)).collect();
    criterion.bench_function("silhouette/2000 x 32, k 12", |bencher| {
        bencher.iter(|| silhouette_rows(black_box(&reduced), &labels, 0..ROWS, None));
    });
    let features = points(FEATURE_ROWS, FEATURE_COLUMNS);
    criterion.bench_function("pca/spherical recipe, 500 x 1280", |bencher| {
        bencher.iter(|| prepare(black_box(&features), Recipe::Spherical));
    });
}

fn embedding(criterion: &mut Criterion) {
    let embedder = Embedder::from_weights(WEIGHTS, None).expect("the shipped weights are sound");
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    for size_px in [128_u32, 224] {
        let rgb_hwc_u8: Vec<u8> = (0..size_px * size_px * 3).map(|_| rng.random()).collect();
        criterion.bench_function(&format!("embed/one picture of {size_px} px"), |bencher| {
            bencher.iter(|| now(embedder.embed(black_box(&rgb_hwc_u8), size_px, FeatureKind::Pooled)));
        });
    }
}

criterion_group! {
    name = kernels;
    config = Criterion::default().sample_size(20);
    targets = grouping, embedding
}
criterion_main!(kernels);
