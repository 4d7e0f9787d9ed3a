//! The choice of backend: the one that the `backend` attribute names or, with `auto`, the faster one.

use std::rc::Rc;

use futures_util::future::{try_join, try_join_all};
use js_sys::Uint8Array;
use shoal::options::{FeatureKind, SIZE_PX_RANGE};
use shoal_browser::api_error::ApiError;
use shoal_browser::yielding::now_ms;
use shoal_protocol::{GPU_BATCH_IMAGES, GpuError};

use super::adapter::Adapter;
use super::client::Client;
use super::gpu::Gpu;
use super::program_worker::Program;
use super::{Compute, adapter};
use crate::events::Stage;
use crate::settings::{Assets, Backend, Embedding};

/// The lowest cosine between the features of the GPU and of a worker, for the same pixels, at which the GPU is used.
const AGREEMENT_MIN: f64 = 0.999;
/// Opening the device, comparing features, and timing both backends.
const STEPS: usize = 4;

/// The chosen backend, valid while assets and attribute stay the same.
pub struct Decision {
    pub(super) assets: Assets,
    pub(super) wanted: Backend,
    pub(super) gpu: Option<Rc<Gpu>>,
    pub(super) timing: Timing,
}

/// Time per image of the network's default size as part of a batch, in milliseconds, by each backend that was tried.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Timing {
    /// In all workers together.
    pub workers_ms: Option<f64>,
    /// On the GPU.
    pub webgpu_ms: Option<f64>,
}

impl Compute {
    /// The GPU to embed on, if any, and the measurements that the choice is based on.
    ///
    /// # Errors
    /// `webgpu-unavailable` if the GPU is required and unavailable.
    pub(super) async fn decide(
        &self,
        client: &Client,
        assets: &Assets,
        wanted: Backend,
    ) -> Result<(Option<Rc<Gpu>>, Timing), ApiError> {
        match wanted {
            Backend::Cpu => Ok((None, Timing::default())),
            Backend::WebGpu => self.require_gpu(client, assets).await,
            Backend::Auto => self.choose_faster(client, assets).await,
        }
    }

    /// The GPU, because the attribute requires it. A software implementation counts.
    async fn require_gpu(&self, client: &Client, assets: &Assets) -> Result<(Option<Rc<Gpu>>, Timing), ApiError> {
        let unavailable = || GpuError::Unavailable("this browser offers no adapter for WebGPU".into());
        let adapter = self.adapter().await?.ok_or_else(unavailable)?;
        let gpu = self.open_gpu(client, assets).await?;
        // A software implementation is known to be slow, and measuring it would take seconds.
        let webgpu_ms = if adapter.is_fallback { None } else { Some(time_gpu(&gpu, default_embedding(client)).await?) };
        Ok((Some(gpu), Timing { webgpu_ms, workers_ms: None }))
    }

    /// The faster backend. The GPU's program is not downloaded where there is no real GPU.
    async fn choose_faster(&self, client: &Client, assets: &Assets) -> Result<(Option<Rc<Gpu>>, Timing), ApiError> {
        if self.adapter().await?.is_none_or(|adapter| adapter.is_fallback) {
            return Ok((None, Timing::default()));
        }
        match self.compare(client, assets).await {
            Err(error) if !error.is_cancelled() => Ok((None, Timing::default())),
            compared => compared,
        }
    }

    async fn adapter(&self) -> Result<Option<Adapter>, ApiError> {
        self.cancellation.or_cancelled(adapter::request()).await
    }

    async fn compare(&self, client: &Client, assets: &Assets) -> Result<(Option<Rc<Gpu>>, Timing), ApiError> {
        let gpu = self.open_gpu(client, assets).await?;
        // One after the other, so that neither slows down the other.
        let workers_ms = time_workers(client).await?;
        self.events.progress(Stage::Comparing, STEPS - 1, STEPS);
        let webgpu_ms = time_gpu(&gpu, default_embedding(client)).await?;
        self.events.progress(Stage::Comparing, STEPS, STEPS);
        let timing = Timing { workers_ms: Some(workers_ms), webgpu_ms: Some(webgpu_ms) };
        Ok(((webgpu_ms < workers_ms).then_some(gpu), timing))
    }

    /// Starts the GPU's worker and checks that it computes what the workers compute.
    async fn open_gpu(&self, client: &Client, assets: &Assets) -> Result<Rc<Gpu>, ApiError> {
        self.events.progress(Stage::Comparing, 0, STEPS);
        // If an earlier call was cancelled while the GPU started, wait for that GPU.
        let starting = self.opening.borrow().clone().filter(|(known, gpu)| known == assets && !gpu.is_lost());
        let gpu = match starting {
            Some((_, gpu)) => gpu,
            None => {
                let (weights, expected_sha256) = client.weights();
                let module_url = format!("{}gpu-loader.js{}", assets.base_url, self.build_query);
                let gpu = Rc::new(Gpu::open(Program { module_url, weights, expected_sha256 }));
                self.opening.replace(Some((assets.clone(), gpu.clone())));
                gpu
            }
        };
        gpu.opened().await?;
        self.events.progress(Stage::Comparing, 1, STEPS);
        let embedding = Embedding { features: FeatureKind::Pooled, size_px: *SIZE_PX_RANGE.start() };
        let pixels = synthetic_images(1, embedding.size_px);
        let by_worker = client.embed_pixels(None, &pixels, embedding);
        let (by_worker, by_gpu) = try_join(by_worker, gpu.embed(gpu.announce(), pixels.clone(), embedding)).await?;
        let agreement = by_gpu.map_or(0.0, |by_gpu| cosine(&by_worker.to_vec(), &by_gpu.to_vec()));
        if agreement < AGREEMENT_MIN {
            let message = format!("it does not compute what the processor computes (cosine {agreement:.4})");
            return Err(GpuError::Unavailable(message).into());
        }
        self.events.progress(Stage::Comparing, 2, STEPS);
        Ok(gpu)
    }
}

/// What the backends are timed with: the network's default size.
fn default_embedding(client: &Client) -> Embedding {
    let size_px = client.network().model.backbone.descriptor().default_size_px;
    Embedding { features: FeatureKind::Pooled, size_px }
}

/// Milliseconds per image when every worker embeds its share of a batch at the same time, transfers included, after each has
/// embedded one image.
async fn time_workers(client: &Client) -> Result<f64, ApiError> {
    let embedding = default_embedding(client);
    let workers = client.workers();
    let share = GPU_BATCH_IMAGES.div_ceil(workers);
    let one = synthetic_images(1, embedding.size_px);
    try_join_all((0..workers).map(|worker| client.embed_pixels(Some(worker), &one, embedding))).await?;
    let images = synthetic_images(share, embedding.size_px);
    let started_ms = now_ms();
    try_join_all((0..workers).map(|worker| client.embed_pixels(Some(worker), &images, embedding))).await?;
    Ok((now_ms() - started_ms) / (share * workers) as f64)
}

/// Milliseconds per image when the GPU embeds a full batch, transfers included, after it has embedded one batch.
async fn time_gpu(gpu: &Gpu, embedding: Embedding) -> Result<f64, ApiError> {
    let image = synthetic_images(1, embedding.size_px);
    let mut elapsed_ms = 0.0;
    for _ in 0..2 {
        let announced: Vec<_> = (0..GPU_BATCH_IMAGES).map(|_| gpu.announce()).collect();
        let started_ms = now_ms();
        let embedded = announced.into_iter().map(|announced| gpu.embed(announced, image.clone(), embedding));
        if try_join_all(embedded).await?.iter().any(Option::is_none) {
            return Err(GpuError::Lost("it failed at its first batch".into()).into());
        }
        elapsed_ms = now_ms() - started_ms;
    }
    Ok(elapsed_ms / GPU_BATCH_IMAGES as f64)
}

/// Synthetic images with values across the whole range, shape `[count, size_px, size_px, 3]`.
fn synthetic_images(count: usize, size_px: u32) -> Uint8Array {
    let image: Vec<u8> = (0..size_px * size_px * 3).map(|place| (place.wrapping_mul(place) / 7 % 251) as u8).collect();
    Uint8Array::from(image.repeat(count).as_slice())
}

fn cosine(one: &[f32], other: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    if one.len() == other.len() { dot(one, other) / (dot(one, one) * dot(other, other)).sqrt() } else { 0.0 }
}
