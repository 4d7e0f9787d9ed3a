//! What the GPU computes, in a real worker of a real browser, against the processor and against itself.

#![cfg(target_arch = "wasm32")]

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::future::join;
use shoal::matrix::Matrix;
use shoal::options::FeatureKind;
use shoal_gpu::device::GpuDevice;
use shoal_kernels::CpuNet;
use shoal_model::embed::Embedder;
use shoal_model::tensors::WeightsFile;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

#[path = "../../model/tests/parity/pictures.rs"]
mod pictures;
use pictures::{COUNT, LEAST_COSINE, SHIPPED, SIZE_PX, least_cosine};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const REFERENCE: &[u8] = include_bytes!("../../../tests/fixtures/sample_features.safetensors");
/// Fewer than in the program: these tests run where the GPU is played in software.
const PICTURES_AT_ONCE: usize = 8;
const PICTURE_VALUES: usize = (SIZE_PX * SIZE_PX * 3) as usize;

thread_local! {
    static OPENED: RefCell<Option<(Rc<GpuDevice>, Rc<Embedder>)>> = const { RefCell::new(None) };
}

/// The device and the network on it. A program opens its device once, so these tests share it.
async fn gpu() -> (Rc<GpuDevice>, Rc<Embedder>) {
    let opened = OPENED.with_borrow(|opened| opened.clone());
    if let Some(opened) = opened {
        return opened;
    }
    let device = GpuDevice::open().await.unwrap();
    let embedder = Embedder::on_device(SHIPPED, None, device.tensors(), PICTURES_AT_ONCE).unwrap();
    let opened = (Rc::new(device), Rc::new(embedder));
    OPENED.set(Some(opened.clone()));
    opened
}

async fn embedded(embedder: &Embedder, rgb_hwc_u8: &[u8], kind: FeatureKind) -> Matrix {
    embedder.embed(rgb_hwc_u8, SIZE_PX, kind).await.unwrap()
}

fn reference() -> Matrix {
    let mut file = WeightsFile::read(REFERENCE).unwrap();
    let tensor = file.tensors.remove("features").unwrap();
    Matrix::from_rows(tensor.values, tensor.shape[1]).unwrap()
}

/// The reference's pictures, back to back: `[COUNT, SIZE_PX, SIZE_PX, 3]`.
fn rgb_hwc_u8() -> Vec<u8> {
    let file = WeightsFile::read(REFERENCE).unwrap();
    let pixels: Vec<u8> = file.tensors["rgb_hwc"].values.iter().map(|value| *value as u8).collect();
    assert_eq!(pixels.len(), COUNT * PICTURE_VALUES);
    pixels
}

fn halves(features: &Matrix) -> [Matrix; 2] {
    let (first, second) = features.values().split_at(features.values().len() / 2);
    [first, second].map(|half| Matrix::from_rows(half.to_vec(), features.columns()).unwrap())
}

#[wasm_bindgen_test]
async fn both_processors_agree_with_the_native_features() {
    let pixels = rgb_hwc_u8();
    let reference = reference();

    let on_cpu = embedded(&Embedder::from_weights(SHIPPED, None).unwrap(), &pixels, FeatureKind::Pooled).await;
    let worst = least_cosine(&on_cpu, &reference);
    console_log!("worst cosine, processor: {worst:.7}");
    assert!(worst > LEAST_COSINE);

    let in_workers = CpuNet::from_weights(SHIPPED, None).unwrap().embed(&pixels, SIZE_PX, FeatureKind::Pooled).unwrap();
    let worst = least_cosine(&in_workers, &reference);
    console_log!("worst cosine, workers: {worst:.7}");
    assert!(worst > LEAST_COSINE);

    let (_, embedder) = gpu().await;
    let (first, second) = pixels.split_at(pixels.len() / 2);
    // Both are read back while the other is under way: that reads once came back swapped.
    let [first, second] = [first, second].map(|half| embedded(&embedder, half, FeatureKind::Pooled));
    let (first, second) = join(first, second).await;
    let again = embedded(&embedder, &pixels, FeatureKind::Pooled).await;
    for (on_gpu, wanted) in [first, second].iter().zip(&halves(&reference)) {
        let worst = least_cosine(on_gpu, wanted);
        console_log!("worst cosine, GPU: {worst:.7}");
        assert!(worst > LEAST_COSINE);
    }
    assert!(least_cosine(&again, &reference) > LEAST_COSINE);
}

#[wasm_bindgen_test]
async fn a_picture_has_the_same_features_in_any_company() {
    let (_, embedder) = gpu().await;
    let pixels = rgb_hwc_u8();
    let picture = |index: usize| &pixels[index * PICTURE_VALUES..(index + 1) * PICTURE_VALUES];
    let alone = embedded(&embedder, picture(0), FeatureKind::Pooled).await;
    let company = [picture(1), picture(2), picture(0), picture(3), picture(0)].concat();
    let together = embedded(&embedder, &company, FeatureKind::Pooled).await;
    assert_eq!((together.row(2), together.row(4)), (alone.row(0), alone.row(0)));
    assert_ne!(together.row(0), alone.row(0));
}

#[wasm_bindgen_test]
async fn flat_features_agree_too() {
    let (_, embedder) = gpu().await;
    let pixels = &rgb_hwc_u8()[..PICTURES_AT_ONCE * PICTURE_VALUES];
    let on_cpu = embedded(&Embedder::from_weights(SHIPPED, None).unwrap(), pixels, FeatureKind::Flat).await;
    let on_gpu = embedded(&embedder, pixels, FeatureKind::Flat).await;
    assert_eq!((on_gpu.rows(), on_gpu.columns()), (PICTURES_AT_ONCE, 5120));
    assert!(least_cosine(&on_gpu, &on_cpu) > LEAST_COSINE);
}

#[wasm_bindgen_test]
async fn memory_is_level_after_the_third_batch() {
    let (device, embedder) = gpu().await;
    let pixels = &rgb_hwc_u8()[..PICTURES_AT_ONCE * PICTURE_VALUES];
    let mut reserved_bytes = Vec::new();
    for _ in 0..30 {
        device.watched(embedded(&embedder, pixels, FeatureKind::Pooled)).await.unwrap();
        reserved_bytes.push(device.memory_use().unwrap().reserved_bytes);
    }
    console_log!("bytes reserved after each batch: {reserved_bytes:?}");
    assert!(reserved_bytes[2] > 0);
    assert!(reserved_bytes[2..].iter().all(|bytes| *bytes <= reserved_bytes[2]), "{reserved_bytes:?}");
}
