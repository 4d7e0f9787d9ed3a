//! Benchmarks of the native kernels: clustering at moderate sizes, and one image through each network.
//!
//! EfficientNet-Lite0 is measured where `scripts/fetch-weights` has fetched it.

use std::hint::black_box;
use std::path::Path;
use std::{env, fs};

use criterion::{Criterion, criterion_group, criterion_main};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use shoal::cluster::kmeans::{KMeansParams, fit_restart};
use shoal::cluster::silhouette::silhouette_rows;
use shoal::matrix::Matrix;
use shoal::options::{FeatureKind, Recipe};
use shoal::reduce::prepare;
use shoal_kernels::CpuNet;

const MOBILENET_V2: &[u8] = include_bytes!("../../../weights/mobilenet_v2_backbone.safetensors");
const EFFICIENTNET: &str = "efficientnet-lite0/efficientnet_lite0_backbone.safetensors";
/// Rows for the clustering kernels, and the columns after a transform.
const ROWS: usize = 2_000;
const REDUCED_COLUMNS: usize = 32;
/// An image's features, and rows of them for PCA.
const FEATURE_COLUMNS: usize = 1_280;
const FEATURE_ROWS: usize = 500;
const CLUSTERS: usize = 12;

/// Non-negative rows around `CLUSTERS` centres.
fn points(rows: usize, columns: usize) -> Matrix {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let centres: Vec<f32> = (0..CLUSTERS * columns).map(|_| rng.random::<f32>()).collect();
    let values = (0..rows * columns).map(|index| {
        let (row, column) = (index / columns, index % columns);
        centres[row % CLUSTERS * columns + column] + 0.5 * rng.random::<f32>()
    });
    Matrix::from_rows(values.collect(), columns).expect("the rows are whole")
}

fn clustering(criterion: &mut Criterion) {
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
    let home = || Path::new(&env::var_os("HOME").unwrap_or_default()).join(".cache/shoal/weights");
    let fetched = env::var_os("SHOAL_WEIGHTS").map_or_else(home, Into::into).join(EFFICIENTNET);
    for weights in [Some(MOBILENET_V2.to_vec()), fs::read(fetched).ok()].into_iter().flatten() {
        let mut net = CpuNet::from_weights(&weights, None).expect("the weights are those that the site ships");
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        for size_px in [128_u32, 224] {
            let rgb_hwc_u8: Vec<u8> = (0..size_px * size_px * 3).map(|_| rng.random()).collect();
            let name = format!("embed/{}, one image of {size_px} px", net.info().backbone);
            criterion.bench_function(&name, |bencher| {
                bencher.iter(|| net.embed(black_box(&rgb_hwc_u8), size_px, FeatureKind::Pooled));
            });
        }
    }
}

criterion_group! {
    name = kernels;
    config = Criterion::default().sample_size(20);
    targets = clustering, embedding
}
criterion_main!(kernels);
