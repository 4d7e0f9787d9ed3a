//! EfficientNet-Lite0 against PyTorch: features and logits of made-up images, and the classes of photographs.

use shoal::error::Coded;
use shoal::matrix::Matrix;
use shoal::options::FeatureKind;
use shoal::preprocess::{Framing, decode, fit};
use shoal_kernels::{Classifier, CpuNet};
use shoal_model::convert::convert;
use shoal_model::embed::Embedder;
use shoal_model::error::ModelError;
use shoal_model::{Backbone, checkpoint};

use crate::support::{EFFICIENTNET_GOLDEN, efficientnet, now, npz, npz_f32, photographs, relative_error};

const SIZES_PX: [u32; 3] = [128, 160, 224];
const ERROR_MAX: f64 = 1e-3;

/// The classifier in f32.
fn unconverted_classifier(checkpoint: &[u8]) -> Classifier {
    let mut tensors = checkpoint::read(checkpoint).unwrap().tensors;
    let mut take = |name: &str| tensors.remove(name).unwrap();
    Classifier::new(take("classifier.weight"), take("classifier.bias")).unwrap()
}

#[test]
fn features_and_logits_agree_with_pytorch() {
    let Some(checkpoint) = efficientnet() else { return };
    let embedder = Embedder::from_weights(checkpoint, None).unwrap();
    assert_eq!((embedder.info().backbone, embedder.info().feature_columns), (Backbone::EfficientnetLite0, 1280));
    let mut cpu = CpuNet::from_weights(checkpoint, None).unwrap();
    let classifier = unconverted_classifier(checkpoint);
    for size_px in SIZES_PX {
        let rgb_hwc_u8 = npz(EFFICIENTNET_GOLDEN, &format!("rgb_{size_px}"));
        let features = Matrix::from_rows(npz_f32(EFFICIENTNET_GOLDEN, &format!("features_{size_px}")), 1280).unwrap();
        let logits = npz_f32(EFFICIENTNET_GOLDEN, &format!("logits_{size_px}"));
        let by_burn = now(embedder.embed(&rgb_hwc_u8, size_px, FeatureKind::Pooled)).unwrap();
        let by_kernels = cpu.embed(&rgb_hwc_u8, size_px, FeatureKind::Pooled).unwrap();
        for (row, logits) in logits.chunks_exact(1000).enumerate() {
            for (what, found) in [("burn", &by_burn), ("kernels", &by_kernels)] {
                let of_features = relative_error(found.row(row), features.row(row));
                let found: Vec<f32> = classifier.logits(found.row(row)).iter().map(|logit| *logit as f32).collect();
                let of_logits = relative_error(&found, logits);
                println!("{size_px} px, image {row}, {what}: features {of_features:.2e}, logits {of_logits:.2e}");
                assert!(of_features <= ERROR_MAX && of_logits <= ERROR_MAX);
            }
        }
    }
}

/// Folders of photographs and the classes of ImageNet that they are, in torchvision's order.
const CLASSES: [(&str, &[usize]); 4] = [
    ("grocery/banana", &[954]),
    ("grocery/cucumber", &[943, 939]),
    ("grocery/pineapple", &[953]),
    ("clothing/shoes", &[514, 630, 770, 774, 788]),
];

#[test]
fn the_classes_are_in_torchvisions_order() {
    let (Some(checkpoint), Some(photographs)) = (efficientnet(), photographs()) else { return };
    let converted = convert(checkpoint).unwrap();
    let mut net = CpuNet::from_weights(&converted.backbone, None).unwrap();
    let classifier = Classifier::from_bytes(&converted.classifier.unwrap().bytes, None).unwrap();
    assert_eq!(classifier.classes(), 1000);
    for (folder, classes) in CLASSES {
        let of_folder = photographs.iter().filter(|path| path.parent().is_some_and(|parent| parent.ends_with(folder)));
        let (mut right, mut count, mut found) = (0, 0, Vec::new());
        for path in of_folder.take(12) {
            let image = decode(&std::fs::read(path).unwrap()).unwrap();
            let square = fit(&image.pixels_rgba_u8, image.width, image.height, 224, Framing::CropCentre).unwrap();
            let features = net.embed(&square, 224, FeatureKind::Pooled).unwrap();
            let logits = classifier.logits(features.row(0));
            let best = (0..1000).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap();
            right += usize::from(classes.contains(&best));
            count += 1;
            found.push(best);
        }
        println!("{folder}: {right} of {count}");
        // In another order next to none would be right.
        assert!(count > 0 && 2 * right >= count, "{folder}: {right} of {count}, found {found:?}");
    }
}

#[test]
fn a_truncated_checkpoint_is_refused() {
    let Some(checkpoint) = efficientnet() else { return };
    let code = |bytes: &[u8], sha256: Option<&str>| CpuNet::from_weights(bytes, sha256).unwrap_err().code();
    for length in [0, 4, 1000, checkpoint.len() / 2, checkpoint.len() - 1] {
        assert_eq!(code(&checkpoint[..length], None), "weights-format", "cut to {length}");
    }
    assert_eq!(code(checkpoint, Some(&"0".repeat(64))), "weights-checksum");
    let converted = convert(checkpoint).unwrap().backbone;
    assert_eq!(code(&converted[..converted.len() - 1], None), "weights-format");
    assert!(matches!(convert(&converted), Err(ModelError::Architecture(_))));
}
