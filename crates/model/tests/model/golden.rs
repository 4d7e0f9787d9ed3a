//! The shipped MobileNetV2 against PyTorch's features, against a plain implementation, and damaged files.

use shoal::error::Coded;
use shoal::options::FeatureKind;
use shoal_kernels::CpuNet;
use shoal_kernels::error::ModelError;
use shoal_model::embed::Embedder;
use shoal_model::tensors::WeightsFile;

use crate::plain;
use crate::support::{
    MANIFEST, MOBILENET_V2, MOBILENET_V2_CLASSIFIER, MOBILENET_V2_GOLDEN, now, npz, npz_f32, relative_error, shared,
};

const SIZES_PX: [u32; 3] = [96, 128, 224];

fn golden(name: &str) -> Vec<u8> {
    npz(MOBILENET_V2_GOLDEN, name)
}

fn shipped() -> Embedder {
    Embedder::from_weights(MOBILENET_V2, None).unwrap()
}

/// The worst relative error of an image's features against PyTorch's, by burn and by the CPU kernels.
fn worst_error(weights: &[u8]) -> f64 {
    let embedder = Embedder::from_weights(weights, None).unwrap();
    let mut cpu = CpuNet::from_weights(weights, None).unwrap();
    let mut worst: f64 = 0.0;
    for size_px in SIZES_PX {
        let rgb_hwc_u8 = golden(&format!("rgb_hwc_u8_{size_px}"));
        let wanted = npz_f32(MOBILENET_V2_GOLDEN, &format!("features_{size_px}"));
        let by_burn = now(embedder.embed(&rgb_hwc_u8, size_px, FeatureKind::Pooled)).unwrap();
        let by_kernels = cpu.embed(&rgb_hwc_u8, size_px, FeatureKind::Pooled).unwrap();
        for (row, wanted) in wanted.chunks_exact(by_burn.columns()).enumerate() {
            let errors = [&by_burn, &by_kernels].map(|found| relative_error(found.row(row), wanted));
            println!("{size_px} px, image {row}: {:.2e} by burn, {:.2e} by kernels", errors[0], errors[1]);
            worst = errors.into_iter().fold(worst, f64::max);
        }
    }
    worst
}

#[test]
fn the_shipped_f16_network_agrees_with_pytorch() {
    assert!(worst_error(MOBILENET_V2) <= 2e-2);
}

#[test]
fn the_f32_network_agrees_with_pytorch() {
    let Some(path) = shared("weights/mobilenet_v2.safetensors") else { return };
    assert!(worst_error(&std::fs::read(path).unwrap()) <= 1e-3);
}

#[test]
fn manifest_and_model_card_name_the_shipped_file() {
    let manifest: serde_json::Value = serde_json::from_str(MANIFEST).unwrap();
    let sha256 = manifest["backbone"]["sha256"].as_str().unwrap();
    assert_eq!(manifest["backbone"]["bytes"], MOBILENET_V2.len());
    let embedder = Embedder::from_weights(MOBILENET_V2, Some(sha256)).unwrap();
    let info = embedder.info();
    assert_eq!((info.sha256.as_str(), info.feature_columns, info.width), (sha256, 1280, 1.0));
    assert_eq!(info.pictures_seen, manifest["pictures_seen"].as_u64());
    assert!(include_str!("../../../../weights/README.md").contains(sha256));
}

#[test]
fn an_image_has_the_same_features_in_any_batch() {
    let embedder = shipped();
    let pair = golden("rgb_hwc_u8_96");
    let (first, second) = pair.split_at(pair.len() / 2);
    for kind in [FeatureKind::Pooled, FeatureKind::Flat] {
        let alone = now(embedder.embed(second, 96, kind)).unwrap();
        let batch = [first, second, first, first, second].concat();
        let together = now(embedder.embed(&batch, 96, kind)).unwrap();
        assert_eq!(together.rows(), 5);
        assert_eq!((together.row(1), together.row(4)), (alone.row(0), alone.row(0)));
        assert_ne!(together.row(0), alone.row(0));
    }
}

#[test]
fn flat_features_are_the_map_place_by_place() {
    let embedder = shipped();
    let pixels: Vec<u8> = (0..64 * 64 * 3).map(|i: usize| (i * 7 % 251) as u8).collect();
    let flat = now(embedder.embed(&pixels, 64, FeatureKind::Flat)).unwrap();
    assert_eq!((flat.rows(), flat.columns()), (1, 5120));
    let pooled = now(embedder.embed(&pixels, 64, FeatureKind::Pooled)).unwrap();
    for channel in 0..1280 {
        let mean = (0..4).map(|place| flat.row(0)[place * 1280 + channel]).sum::<f32>() / 4.0;
        assert!((mean - pooled.row(0)[channel]).abs() < 1e-5, "channel {channel}");
    }
}

#[test]
fn part_of_an_image_is_refused() {
    let error = now(shipped().embed(&[0; 100], 64, FeatureKind::Pooled)).unwrap_err();
    assert_eq!(error, ModelError::BadBatch { expected: 64 * 64 * 3, found: 100 });
}

fn code(bytes: &[u8], sha256: Option<&str>) -> &'static str {
    Embedder::from_weights(bytes, sha256).unwrap_err().code()
}

/// The shipped file with a change.
fn altered(alter: impl FnOnce(&mut WeightsFile)) -> Vec<u8> {
    let mut file = WeightsFile::read(MOBILENET_V2).unwrap();
    alter(&mut file);
    file.write_f16().unwrap()
}

#[test]
fn damaged_files_have_their_codes() {
    assert_eq!(code(&MOBILENET_V2[..MOBILENET_V2.len() - 1], None), "weights-format");
    assert_eq!(code(&MOBILENET_V2[..1000], None), "weights-format");
    assert_eq!(code(&[], None), "weights-format");
    assert_eq!(code(b"<html>404</html>", None), "weights-format");
    assert_eq!(code(MOBILENET_V2, Some(&"0".repeat(64))), "weights-checksum");
    let mut not_a_number = MOBILENET_V2.to_vec();
    let end = not_a_number.len();
    not_a_number[end - 2..].copy_from_slice(&0x7e00_u16.to_le_bytes());
    assert_eq!(code(&not_a_number, None), "weights-not-finite");
}

#[test]
fn other_networks_have_their_code() {
    let another = altered(|file| drop(file.metadata.insert("architecture".into(), "resnet50".into())));
    assert_eq!(code(&another, None), "weights-architecture");
    let narrower = altered(|file| drop(file.metadata.insert("width".into(), "0.5".into())));
    assert_eq!(code(&narrower, None), "weights-architecture");
    let lacking = altered(|file| drop(file.tensors.remove("blocks.3.expand.bias")));
    assert_eq!(code(&lacking, None), "weights-architecture");
    let one_more = altered(|file| {
        let tensor = file.tensors["stem.bias"].clone();
        file.tensors.insert("blocks.17.expand.bias".into(), tensor);
    });
    assert_eq!(code(&one_more, None), "weights-architecture");
    assert_eq!(code(MOBILENET_V2_CLASSIFIER, None), "weights-architecture");
}

#[test]
fn a_folded_network_computes_the_same_as_the_unfolded_one() {
    for padding in ["tensorflow", "torch"] {
        let made = plain::made_network(padding);
        let bytes = made.write_f16().unwrap();
        // The plain implementation takes the values rounded to f16, so that only the computation is compared.
        let stored = WeightsFile::read(&bytes).unwrap();
        let embedder = Embedder::from_weights(&bytes, None).unwrap();
        let pixels: Vec<u8> = (0..64 * 64 * 3).map(|i: usize| (i * i / 7 % 256) as u8).collect();
        let found = now(embedder.embed(&pixels, 64, FeatureKind::Pooled)).unwrap();
        let wanted = plain::features(&stored, &pixels, 64, padding == "tensorflow");
        let error = relative_error(found.row(0), &wanted);
        println!("{padding}: {error:.2e}");
        assert!(wanted.iter().any(|value| *value > 0.1) && error < 1e-4, "{padding}: {error:.2e}");
    }
}
