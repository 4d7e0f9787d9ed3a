//! The one worker that embeds on the GPU. It owns the device and is handed pixels: workers decode.
//!
//! After a failure it is not to be relied on: the page ends it and takes its pictures to the workers.

pub mod device;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Float32Array, Uint8Array};

use device::GpuDevice;
use shoal::options::FeatureKind;
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::{Envelope, bulk_as};
use shoal_browser::worker_scope;
use shoal_model::embed::Embedder;
use shoal_protocol::error::GpuError;
use shoal_protocol::{FromGpu, GPU_BATCH_PICTURES, ToGpu};

/// An answer and its bulk.
type Answer = worker_scope::Answer<FromGpu>;

/// The device with the network on it.
struct Running {
    device: GpuDevice,
    embedder: Embedder,
}

/// Starts listening, and says so. Called once, by the worker's program.
pub fn start() {
    let running: Rc<RefCell<Option<Rc<Running>>>> = Rc::default();
    worker_scope::listen(move |envelope| {
        let running = running.clone();
        async move { answer(&running, envelope).await }
    });
}

async fn answer(running: &RefCell<Option<Rc<Running>>>, envelope: Envelope<ToGpu>) -> Answer {
    let bytes = bulk_as::<Uint8Array>(&envelope.bulk, 0)?.to_vec();
    match envelope.message {
        ToGpu::Start { expected_sha256 } => {
            let started = Running::start(&bytes, expected_sha256.as_deref()).await?;
            running.replace(Some(Rc::new(started)));
            Ok((FromGpu::Started, Array::new()))
        }
        ToGpu::Embed { size_px, features } => {
            let running = running.borrow().clone();
            let running = running.ok_or_else(|| ApiError::new("not-started", "the network is not loaded"))?;
            let features = running.embed(&bytes, size_px, features).await?;
            Ok((FromGpu::Embedded, Array::of1(&Float32Array::from(features.as_slice()))))
        }
    }
}

impl Running {
    async fn start(weights: &[u8], expected_sha256: Option<&str>) -> Result<Self, ApiError> {
        let device = GpuDevice::open().await?;
        let embedder = Embedder::on_device(weights, expected_sha256, device.tensors(), GPU_BATCH_PICTURES)?;
        Ok(Self { device, embedder })
    }

    /// The features of at most [`GPU_BATCH_PICTURES`] pictures, `[n, columns]`.
    async fn embed(&self, rgb_hwc_u8: &[u8], size_px: u32, kind: FeatureKind) -> Result<Vec<f32>, ApiError> {
        let features = self.device.watched(self.embedder.embed(rgb_hwc_u8, size_px, kind)).await??;
        if features.values().iter().all(|value| value.is_finite()) {
            Ok(features.into_values())
        } else {
            Err(GpuError::Lost("it answered with values that are not numbers".into()).into())
        }
    }
}
