//! Converted weights against the f32 weights that they are made from, on every photograph at hand.

use std::path::PathBuf;
use std::{fs, thread};

use shoal::options::FeatureKind;
use shoal::preprocess::{Framing, decode, fit};
use shoal_kernels::CpuNet;
use shoal_model::convert::convert;

use crate::support::{cosine, efficientnet, photographs, shared};

/// Cosines between the features of two networks on photographs, in ascending order.
fn cosines(paths: &[PathBuf], size_px: u32, weights: [&[u8]; 2]) -> Vec<f64> {
    let of = |paths: &[PathBuf]| -> Vec<f64> {
        let mut networks = weights.map(|bytes| CpuNet::from_weights(bytes, None).unwrap());
        let one = |path: &PathBuf| {
            let image = decode(&fs::read(path).unwrap()).unwrap();
            let square = fit(&image.pixels_rgba_u8, image.width, image.height, size_px, Framing::CropCentre).unwrap();
            let [a, b] = networks
                .each_mut()
                .map(|network| network.embed(&square, size_px, FeatureKind::Pooled).unwrap().into_values());
            cosine(&a, &b)
        };
        paths.iter().map(one).collect()
    };
    let share = paths.len().div_ceil(thread::available_parallelism().map_or(1, usize::from));
    let mut cosines: Vec<f64> = thread::scope(|scope| {
        let workers: Vec<_> = paths.chunks(share).map(|paths| scope.spawn(move || of(paths))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    cosines.sort_by(f64::total_cmp);
    let (lowest, median) = (cosines[0], cosines[cosines.len() / 2]);
    println!("{} photographs at {size_px} px: lowest cosine {lowest:.5}, median {median:.5}", paths.len());
    cosines
}

#[test]
fn converting_mobilenet_v2_keeps_the_features_of_every_photograph() {
    let (Some(paths), Some(file)) = (photographs(), shared("weights/mobilenet_v2.safetensors")) else { return };
    let whole = fs::read(file).unwrap();
    let cosines = cosines(&paths, 128, [&whole, &convert(&whole).unwrap().backbone]);
    assert!(cosines[0] >= 0.9995);
}

#[test]
fn converting_efficientnet_keeps_the_features_of_every_photograph() {
    let (Some(paths), Some(checkpoint)) = (photographs(), efficientnet()) else { return };
    let cosines = cosines(&paths, 224, [checkpoint, &convert(checkpoint).unwrap().backbone]);
    assert!(cosines[0] >= 0.993 && cosines[cosines.len() / 2] >= 0.998);
}
