//! Common parts of the tests: golden figures, files outside the repository, and how features are compared.

use std::future::Future;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};
use std::{env, fs};

/// The MobileNetV2 that is shipped.
pub const MOBILENET_V2: &[u8] = include_bytes!("../../../../weights/mobilenet_v2_backbone.safetensors");
pub const MOBILENET_V2_CLASSIFIER: &[u8] = include_bytes!("../../../../weights/mobilenet_v2_classifier.safetensors");
pub const MANIFEST: &str = include_str!("../../../../weights/manifest.json");
/// PyTorch's figures for MobileNetV2 and for EfficientNet-Lite0.
pub const MOBILENET_V2_GOLDEN: &[u8] = include_bytes!("../../../../tests/fixtures/golden.npz");
pub const EFFICIENTNET_GOLDEN: &[u8] = include_bytes!("../../../../tests/fixtures/efficientnet_lite0.golden.npz");

/// Runs a future that never waits, as all of the CPU's do.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a future of the CPU waited"),
    }
}

/// The raw values of an array in an `.npz`.
pub fn npz(npz: &[u8], name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(npz)).unwrap();
    let mut bytes = Vec::new();
    archive.by_name(&format!("{name}.npy")).unwrap().read_to_end(&mut bytes).unwrap();
    let header_end = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    bytes.split_off(header_end)
}

pub fn npz_f32(bytes: &[u8], name: &str) -> Vec<f32> {
    npz(bytes, name).as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

/// Skips a test that needs a file which is not part of the repository.
pub fn skip<T>(reason: &str) -> Option<T> {
    println!("skipped: {reason}");
    None
}

/// A file or folder of `../shared`, if it is there.
pub fn shared(path: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let path = env::var_os("SHOAL_SHARED").map_or_else(beside, PathBuf::from).join(path);
    if path.exists() { Some(path) } else { skip(&format!("there is no {}", path.display())) }
}

/// EfficientNet-Lite0's checkpoint, as `scripts/fetch-weights` keeps it.
pub static EFFICIENTNET: LazyLock<Option<Vec<u8>>> = LazyLock::new(|| {
    let home = || Path::new(&env::var_os("HOME").unwrap_or_default()).join(".cache/shoal/weights");
    let folder = env::var_os("SHOAL_WEIGHTS").map_or_else(home, PathBuf::from);
    fs::read(folder.join("efficientnet-lite0-57934424.pth")).ok()
});

pub fn efficientnet() -> Option<&'static [u8]> {
    match &*EFFICIENTNET {
        Some(bytes) => Some(bytes),
        None => skip("EfficientNet-Lite0 is not there: run scripts/fetch-weights"),
    }
}

/// Every photograph in `../shared/photos`.
pub fn photographs() -> Option<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![shared("photos")?];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "jpg") {
                found.push(path);
            }
        }
    }
    found.sort();
    Some(found)
}

/// The length of the difference of two vectors, in lengths of `wanted`.
pub fn relative_error(found: &[f32], wanted: &[f32]) -> f64 {
    assert_eq!(found.len(), wanted.len());
    let length = |values: &mut dyn Iterator<Item = f64>| values.map(|value| value * value).sum::<f64>().sqrt();
    let difference = length(&mut found.iter().zip(wanted).map(|(f, w)| f64::from(f - w)));
    difference / length(&mut wanted.iter().map(|value| f64::from(*value)))
}

/// The cosine of the angle between two vectors.
pub fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}
