//! The sample images: they decode, and the network, not their colours, distinguishes their kinds.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use shoal::cluster::auto_k;
use shoal::cluster::kmeans::{KMeansParams, kmeans};
use shoal::cluster::metrics::nmi;
use shoal::cluster::silhouette::{mean, silhouette_rows};
use shoal::matrix::Matrix;
use shoal::options::{DEFAULT_RESTARTS, DEFAULT_SIZE_PX, FeatureKind, Recipe, SAMPLE_COUNT};
use shoal::preprocess::{Framing, Rgba, decode, fit};
use shoal::reduce::prepare;
use shoal_model::embed::Embedder;
use shoal_samples::{COUNT, KINDS, SampleImage, draw};

use crate::support::{MOBILENET_V2, now};

const BYTES_MAX: usize = 120_000;
const SEEDS: [u32; 5] = [0, 1, 2, 3, 4];

static DRAWN: LazyLock<Vec<SampleImage>> = LazyLock::new(|| (0..COUNT).map(draw).collect());
static DECODED: LazyLock<Vec<Rgba>> = LazyLock::new(|| DRAWN.iter().map(|one| decode(&one.bytes).unwrap()).collect());

fn kinds() -> Vec<u32> {
    DRAWN.iter().map(|picture| picture.kind as u32).collect()
}

/// How well as many groups as there are kinds agree with the kinds: the lowest and the highest of several seeds.
fn agreement(points: &Matrix) -> (f64, f64) {
    let params = KMeansParams::new(KINDS.len());
    let groups = |seed| kmeans(points, &params, seed, DEFAULT_RESTARTS).unwrap().labels;
    let scores = SEEDS.map(|seed| nmi(&kinds(), &groups(seed)).unwrap());
    (scores.into_iter().fold(1.0, f64::min), scores.into_iter().fold(0.0, f64::max))
}

/// The mean silhouette of `k` groups.
fn silhouette(points: &Matrix, k: usize, seed: u32) -> Option<f32> {
    let labels = kmeans(points, &KMeansParams::new(k), seed, DEFAULT_RESTARTS).unwrap().labels;
    let labels: Vec<Option<u32>> = labels.into_iter().map(Some).collect();
    let rows = silhouette_rows(points, &labels, 0..COUNT, None).unwrap();
    mean(&rows.iter().map(|silhouette| silhouette.value).collect::<Vec<_>>(), k, COUNT)
}

/// The network's features of all pictures, shape `[60, 1280]`.
fn features() -> Matrix {
    let embedder = Embedder::from_weights(MOBILENET_V2, None).unwrap();
    let squares = DECODED.iter().flat_map(|picture| {
        fit(&picture.pixels_rgba_u8, picture.width, picture.height, DEFAULT_SIZE_PX, Framing::CropCentre).unwrap()
    });
    let squares: Vec<u8> = squares.collect();
    now(embedder.embed(&squares, DEFAULT_SIZE_PX, FeatureKind::Pooled)).unwrap()
}

/// The mean red, green and blue of all pictures, shape `[60, 3]`.
fn mean_colours() -> Matrix {
    let mean = |picture: &Rgba, channel: usize| {
        let values = picture.pixels_rgba_u8.iter().skip(channel).step_by(4);
        let sum: f64 = values.map(|value| f64::from(*value)).sum();
        (sum / f64::from(picture.width * picture.height)) as f32
    };
    let means = DECODED.iter().flat_map(|picture| [0, 1, 2].map(|channel| mean(picture, channel)));
    Matrix::from_rows(means.collect(), 3).unwrap()
}

#[test]
fn there_are_ten_of_each_kind_with_distinct_paths() {
    assert_eq!(COUNT, SAMPLE_COUNT);
    let paths: BTreeSet<&str> = DRAWN.iter().map(|picture| picture.path.as_str()).collect();
    assert_eq!(paths.len(), COUNT);
    for (kind, name) in KINDS.iter().enumerate() {
        let of_kind: Vec<_> = DRAWN.iter().filter(|picture| picture.kind == kind).collect();
        assert_eq!(of_kind.len(), COUNT / KINDS.len());
        assert!(of_kind.iter().all(|picture| picture.path.starts_with(&format!("samples/{name}-"))));
    }
}

#[test]
fn drawing_a_sample_again_gives_the_same_bytes() {
    for (index, first) in DRAWN.iter().enumerate().step_by(7) {
        assert!(draw(index) == *first, "{}", first.path);
        assert!(draw(index + COUNT) == *first, "{} a round later", first.path);
    }
    let contents: BTreeSet<&[u8]> = DRAWN.iter().map(|picture| picture.bytes.as_slice()).collect();
    assert_eq!(contents.len(), COUNT, "no two pictures are alike");
}

#[test]
fn samples_are_small_and_of_both_orientations() {
    for (picture, pixels) in DRAWN.iter().zip(DECODED.iter()) {
        assert!(picture.bytes.len() < BYTES_MAX, "{}: {} bytes", picture.path, picture.bytes.len());
        let longer = pixels.width.max(pixels.height);
        assert!((300..=330).contains(&longer), "{}: {longer} px", picture.path);
    }
    for (kind, name) in KINDS.iter().enumerate() {
        let of_kind = || DRAWN.iter().zip(DECODED.iter()).filter(|(picture, _)| picture.kind == kind);
        assert!(of_kind().any(|(_, pixels)| pixels.width > pixels.height), "{name} has a wide one");
        assert!(of_kind().any(|(_, pixels)| pixels.width < pixels.height), "{name} has a tall one");
    }
}

#[test]
fn colours_do_not_distinguish_the_kinds() {
    let (_, best) = agreement(&mean_colours());
    println!("mean colours: at most {best:.3}");
    assert!(best < 0.5, "NMI {best}");
}

#[test]
fn the_network_finds_the_kinds_and_their_number() {
    let prepared = prepare(&features(), Recipe::Spherical).unwrap();
    let (worst, _) = agreement(&prepared.points);
    println!("{DEFAULT_SIZE_PX} px: at least {worst:.3}");
    assert!(worst >= 0.9, "NMI {worst}");
    for seed in SEEDS {
        let curve: Vec<_> =
            auto_k::candidates(COUNT).unwrap().map(|k| (k, silhouette(&prepared.points, k, seed))).collect();
        assert_eq!(auto_k::best(&curve), Some(KINDS.len()), "{curve:?}");
    }
}
