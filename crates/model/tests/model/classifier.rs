//! The classifier against a plain implementation and PyTorch's logits, and the label suggestions that scores give.

use proptest::prelude::*;
use shoal::collection::label_suggestion::{CLASSES, suggest};
use shoal::error::Coded;
use shoal::matrix::Matrix;
use shoal_kernels::Classifier;
use shoal_kernels::error::ModelError;
use shoal_model::tensors::{NamedTensor, WeightsFile};

use crate::support::{MANIFEST, MOBILENET_V2, MOBILENET_V2_CLASSIFIER, MOBILENET_V2_GOLDEN, npz_f32};

const BANANA: usize = 954;
const CUCUMBER: usize = 943;
const LEMON: usize = 951;

fn shipped() -> Classifier {
    Classifier::from_bytes(MOBILENET_V2_CLASSIFIER, None).unwrap()
}

/// An array in the golden figures.
fn golden(name: &str, columns: usize) -> Matrix {
    Matrix::from_rows(npz_f32(MOBILENET_V2_GOLDEN, name), columns).unwrap()
}

/// The mean over rows of the softmax of logits, computed plainly.
fn mean_softmax(logits: &[Vec<f64>]) -> Vec<f64> {
    let mut mean = vec![0.0; logits[0].len()];
    for row in logits {
        let total: f64 = row.iter().map(|logit| logit.exp()).sum();
        mean.iter_mut().zip(row).for_each(|(mean, logit)| *mean += logit.exp() / total / logits.len() as f64);
    }
    mean
}

fn largest_difference(found: &[f32], wanted: &[f64]) -> f64 {
    assert_eq!(found.len(), wanted.len());
    found.iter().zip(wanted).map(|(found, wanted)| (f64::from(*found) - wanted).abs()).fold(0.0, f64::max)
}

#[test]
fn scores_agree_with_pytorch() {
    for size_px in [96, 128, 224] {
        let logits = golden(&format!("logits_{size_px}"), CLASSES);
        let rows: Vec<Vec<f64>> =
            (0..logits.rows()).map(|row| logits.row(row).iter().map(|logit| f64::from(*logit)).collect()).collect();
        let found = shipped().mean_scores(&golden(&format!("features_{size_px}"), 1280)).unwrap();
        let wanted = mean_softmax(&rows);
        let difference = largest_difference(&found, &wanted);
        println!("{size_px} px: {difference:.1e} of {:.1e}", wanted.iter().copied().fold(0.0, f64::max));
        // PyTorch's weights were not rounded to f16.
        assert!(difference < 1e-3);
    }
}

#[test]
fn scores_agree_with_a_plain_implementation() {
    let file = WeightsFile::read(MOBILENET_V2_CLASSIFIER).unwrap();
    let (weight, bias) = (&file.tensors["classifier.weight"], &file.tensors["classifier.bias"]);
    // Features far larger than a network's give logits whose exponentials overflow.
    for scale in [1.0, 40.0] {
        let values = (0..3 * 1280).map(|i: usize| scale * (i * i % 97) as f32 / 97.0).collect();
        let features = Matrix::from_rows(values, 1280).unwrap();
        let logit = |row: usize, class: usize| -> f64 {
            let weights = &weight.values[class * 1280..(class + 1) * 1280];
            let products = weights.iter().zip(features.row(row)).map(|(w, f)| f64::from(*w) * f64::from(*f));
            products.sum::<f64>() + f64::from(bias.values[class])
        };
        let logits: Vec<Vec<f64>> = (0..3).map(|row| (0..CLASSES).map(|class| logit(row, class)).collect()).collect();
        let found = shipped().mean_scores(&features).unwrap();
        assert!(largest_difference(&found, &mean_softmax(&logits)) < 1e-4);
        assert!((found.iter().sum::<f32>() - 1.0).abs() < 1e-4);
    }
    assert_eq!(shipped().mean_scores(&Matrix::zeros(0, 1280)).unwrap(), [0.0; CLASSES]);
}

#[test]
fn the_manifest_names_the_shipped_classifier() {
    let manifest: serde_json::Value = serde_json::from_str(MANIFEST).unwrap();
    let classifier =
        Classifier::from_bytes(MOBILENET_V2_CLASSIFIER, manifest["classifier"]["sha256"].as_str()).unwrap();
    assert_eq!(classifier.classes(), CLASSES);
}

#[test]
fn unusable_classifiers_have_their_codes() {
    let code = |bytes: &[u8], sha256: Option<&str>| Classifier::from_bytes(bytes, sha256).unwrap_err().code();
    let altered = |alter: &dyn Fn(&mut WeightsFile)| {
        let mut file = WeightsFile::read(MOBILENET_V2_CLASSIFIER).unwrap();
        alter(&mut file);
        file.write_f16().unwrap()
    };
    assert_eq!(code(MOBILENET_V2_CLASSIFIER, Some(&"0".repeat(64))), "weights-checksum");
    assert_eq!(code(&MOBILENET_V2_CLASSIFIER[..MOBILENET_V2_CLASSIFIER.len() - 1], None), "weights-format");
    assert_eq!(code(MOBILENET_V2, None), "weights-architecture");
    let lacking = altered(&|file| drop(file.tensors.remove("classifier.bias")));
    assert_eq!(code(&lacking, None), "weights-architecture");
    let short = NamedTensor { shape: vec![7], values: vec![0.0; 7] };
    let shorter = altered(&|file| drop(file.tensors.insert("classifier.bias".into(), short.clone())));
    assert_eq!(code(&shorter, None), "weights-architecture");
    let more = altered(&|file| drop(file.tensors.insert("stem.bias".into(), short.clone())));
    assert_eq!(code(&more, None), "weights-architecture");
    let error = shipped().mean_scores(&Matrix::zeros(2, 5120)).unwrap_err();
    assert_eq!(error, ModelError::BadBatch { expected: 1280, found: 5120 });
}

/// Scores of a cluster: these, and the rest spread evenly over the other classes.
fn scores(certain: &[(usize, f32)]) -> Vec<f32> {
    let rest = 1.0 - certain.iter().map(|(_, score)| score).sum::<f32>();
    let mut scores = vec![rest / CLASSES as f32; CLASSES];
    certain.iter().for_each(|&(class, score)| scores[class] = score);
    scores
}

fn suggested(clusters: &[&[(usize, f32)]]) -> Vec<Option<String>> {
    suggest(&clusters.iter().map(|certain| scores(certain)).collect::<Vec<_>>())
}

fn words<const N: usize>(words: [&str; N]) -> Vec<Option<String>> {
    words.map(|word| (!word.is_empty()).then(|| word.to_owned())).to_vec()
}

#[test]
fn words_are_in_the_order_of_the_classes() {
    let tops = [0, 134, 517, 948, 957, 999];
    let clusters: Vec<Vec<f32>> = tops.iter().map(|&class| scores(&[(class, 0.9)])).collect();
    let expected = ["Tench", "Crane bird", "Crane", "Granny Smith", "Pomegranate", "Toilet tissue"];
    assert_eq!(suggest(&clusters), words(expected));
}

#[test]
fn unsure_scores_give_no_label() {
    let expected = words(["Banana", "", ""]);
    assert_eq!(suggested(&[&[(BANANA, 0.8)], &[(LEMON, 0.05), (CUCUMBER, 0.05)], &[]]), expected);
    assert_eq!(suggested(&[&[(LEMON, 0.4), (CUCUMBER, 0.3)], &[]]), words(["", ""]));
    assert_eq!(suggest(&[vec![0.5; 7], vec![f32::NAN; CLASSES]]), words(["", ""]));
    assert_eq!((suggest(&[]), suggested(&[&[(BANANA, 0.8)]])), (vec![], words(["Banana"])));
}

#[test]
fn a_word_goes_to_the_cluster_with_the_best_score() {
    let clusters: &[&[(usize, f32)]] =
        &[&[(BANANA, 0.5), (LEMON, 0.3)], &[(BANANA, 0.7), (CUCUMBER, 0.2)], &[(BANANA, 0.4)], &[(CUCUMBER, 0.9)], &[]];
    assert_eq!(suggested(clusters), words(["", "Banana", "", "Cucumber", ""]));
    // Of equal scores, the first.
    assert_eq!(suggested(&[&[], &[(LEMON, 0.6)], &[(LEMON, 0.6)], &[], &[]]), words(["", "Lemon", "", "", ""]));
}

#[test]
fn a_word_for_all_clusters_names_none() {
    let everywhere: &[(usize, f32)] = &[(BANANA, 0.6)];
    let expected = words(["", "", "Lemon"]);
    assert_eq!(suggested(&[everywhere, everywhere, &[(BANANA, 0.2), (LEMON, 0.6)]]), expected);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn names_are_distinct_and_come_with_their_clusters(
        clusters in prop::collection::vec(prop::collection::vec((BANANA - 5..BANANA + 5, 0.0_f32..0.3), 0..3), 0..8),
    ) {
        let clusters: Vec<Vec<f32>> = clusters.iter().map(|certain| scores(certain)).collect();
        let names = suggest(&clusters);
        prop_assert_eq!(names.len(), clusters.len());
        let mut said: Vec<&String> = names.iter().flatten().collect();
        said.sort_unstable();
        prop_assert!(said.is_sorted_by(|one, next| one < next));
    }
}
