//! The reference of the parity tests in browsers: decoded sample images, and the features that burn's CPU backend computes
//! for them natively. The pixels are kept since decoding and resizing may differ in the last bit between processors. After a
//! change of the network or the sample images, rewrite it: `SHOAL_WRITE_FIXTURES=1 cargo test -p shoal-model --test model`.

use std::collections::BTreeMap;
use std::path::Path;

use shoal::matrix::Matrix;
use shoal::options::FeatureKind;
use shoal::preprocess::{Framing, decode, fit};
use shoal_model::embed::Embedder;
use shoal_model::tensors::{NamedTensor, WeightsFile};

#[path = "../parity/pictures.rs"]
mod pictures;
use crate::support::now;
use pictures::{COUNT, LEAST_COSINE, SHIPPED, SIZE_PX, least_cosine};

const REFERENCE: &str = "../../tests/fixtures/sample_features.safetensors";

/// The first of the sample images: `[COUNT, SIZE_PX, SIZE_PX, 3]`.
fn rgb_hwc_u8() -> Vec<u8> {
    let pixels = |index| {
        let rgba = decode(&shoal_samples::draw(index).bytes).unwrap();
        let framing = Framing::new(FeatureKind::Pooled, rgba.width, rgba.height);
        fit(&rgba.pixels_rgba_u8, rgba.width, rgba.height, SIZE_PX, framing).unwrap()
    };
    (0..COUNT).flat_map(pixels).collect()
}

#[test]
fn the_browsers_reference_agrees_with_burn() {
    let pixels = rgb_hwc_u8();
    let embedder = Embedder::from_weights(SHIPPED, None).unwrap();
    let features = now(embedder.embed(&pixels, SIZE_PX, FeatureKind::Pooled)).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(REFERENCE);
    if std::env::var_os("SHOAL_WRITE_FIXTURES").is_some() {
        let tensor =
            NamedTensor { shape: vec![features.rows(), features.columns()], values: features.values().to_vec() };
        let values = pixels.iter().map(|value| f32::from(*value)).collect();
        let pixels = NamedTensor { shape: vec![COUNT, SIZE_PX as usize, SIZE_PX as usize, 3], values };
        let tensors = BTreeMap::from([("features".into(), tensor), ("rgb_hwc".into(), pixels)]);
        let file = WeightsFile { metadata: BTreeMap::new(), tensors };
        std::fs::write(&path, file.write_f16().unwrap()).unwrap();
    }
    let mut file = WeightsFile::read(&std::fs::read(&path).unwrap()).unwrap();
    let kept = file.tensors.remove("rgb_hwc").unwrap();
    let difference = kept.values.iter().zip(&pixels).map(|(kept, drawn)| (kept - f32::from(*drawn)).abs());
    assert!(kept.values.len() == pixels.len() && difference.fold(0.0, f32::max) <= 8.0, "the images differ");
    let tensor = file.tensors.remove("features").unwrap();
    assert_eq!(tensor.shape, [COUNT, features.columns()]);
    let reference = Matrix::from_rows(tensor.values, features.columns()).unwrap();
    let worst = least_cosine(&features, &reference);
    println!("worst cosine with the reference: {worst:.7}");
    assert!(worst > LEAST_COSINE);
    let others = Matrix::from_rows(reference.values()[features.columns()..].to_vec(), features.columns()).unwrap();
    let shifted = Matrix::from_rows(features.values()[..others.values().len()].to_vec(), features.columns()).unwrap();
    assert!(least_cosine(&shifted, &others) < LEAST_COSINE, "images are distinguished");
}
