//! The worker that embeds on the GPU. It owns the device and receives pixels, which the other workers decode.
//!
//! After an error the device is unusable: the page ends this worker and sends the images to the others.

pub mod device;

use std::cell::RefCell;
use std::rc::Rc;

use device::GpuDevice;
use js_sys::Float32Array;
use shoal::error::Coded;
use shoal::options::FeatureKind;
use shoal_browser::api_error::ApiError;
use shoal_browser::worker_scope::{Handle, Router};
use shoal_model::embed::Embedder;
use shoal_protocol::{EmbedBatch, EmbeddedBatch, GPU_BATCH_IMAGES, GpuError, OpenGpu};
use thiserror::Error;

/// The device with the network on it, once it is open.
#[derive(Default)]
struct WorkerState(RefCell<Option<Rc<OpenDevice>>>);

struct OpenDevice {
    device: GpuDevice,
    embedder: Embedder,
}

/// A batch arrived before the device was open.
#[derive(Clone, Copy, Debug, Error)]
#[error("the network is not loaded")]
struct NoNetwork;

impl Coded for NoNetwork {
    fn code(&self) -> &'static str {
        "not-started"
    }
}

/// Starts listening. Called once, by the worker's program.
pub fn start() {
    Router::<WorkerState>::new().handle::<OpenGpu>().handle::<EmbedBatch>().listen(WorkerState::default());
}

impl Handle<OpenGpu> for WorkerState {
    async fn handle(&self, OpenGpu { weights, expected_sha256 }: OpenGpu) -> Result<(), ApiError> {
        let opened = OpenDevice::open(&weights.to_vec(), expected_sha256.as_deref()).await?;
        self.0.replace(Some(Rc::new(opened)));
        Ok(())
    }
}

impl Handle<EmbedBatch> for WorkerState {
    async fn handle(&self, request: EmbedBatch) -> Result<EmbeddedBatch, ApiError> {
        let EmbedBatch { rgb_nhwc_u8, size_px, features } = request;
        let opened = self.0.borrow().clone().ok_or(NoNetwork)?;
        let features = opened.embed(&rgb_nhwc_u8.to_vec(), size_px, features).await?;
        Ok(EmbeddedBatch { features: Float32Array::from(features.as_slice()) })
    }
}

impl OpenDevice {
    async fn open(weights: &[u8], expected_sha256: Option<&str>) -> Result<Self, ApiError> {
        let device = GpuDevice::open().await?;
        let embedder = Embedder::on_device(weights, expected_sha256, device.tensors(), GPU_BATCH_IMAGES)?;
        Ok(Self { device, embedder })
    }

    /// The features of at most [`GPU_BATCH_IMAGES`] images, shape `[n, columns]`.
    async fn embed(&self, rgb_nhwc_u8: &[u8], size_px: u32, kind: FeatureKind) -> Result<Vec<f32>, ApiError> {
        let features = self.device.watched(self.embedder.embed(rgb_nhwc_u8, size_px, kind)).await??;
        if features.values().iter().all(|value| value.is_finite()) {
            Ok(features.into_values())
        } else {
            Err(GpuError::Lost("it answered with values that are not numbers".into()).into())
        }
    }
}
