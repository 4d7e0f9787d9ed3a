//! Which way pictures are embedded: the one that the `backend` attribute names or, left to the program, the quicker one.

use std::rc::Rc;

use futures_util::future::{try_join, try_join_all};
use js_sys::Uint8Array;

use crate::embedding::{Embedder, embed_pixels};
use crate::gpu::{Gpu, GpuProgram};
use crate::pool::{Pool, Started};
use crate::settings::Backend;
use crate::{Engine, Event, Origin, Stage, adapter};
use shoal::options::{DEFAULT_SIZE_PX, FeatureKind, SIZE_PX_RANGE};
use shoal_browser::api_error::ApiError;
use shoal_browser::pause::now_ms;
use shoal_protocol::GPU_BATCH_PICTURES;
use shoal_protocol::error::GpuError;

/// Features of the same pixels must agree this well, as a cosine, before the GPU is trusted.
const LEAST_AGREEMENT: f64 = 0.999;
/// Opening the device, comparing features, and timing both ways.
const STEPS: usize = 4;

/// What was decided on, for as long as files and attribute stay the same.
pub struct Decision {
    origin: Origin,
    wanted: Backend,
    gpu: Option<Rc<Gpu>>,
    timing: Timing,
}

/// Time that a picture of 128 px took in a batch of them, in milliseconds, by each way that was tried.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Timing {
    /// In all workers together.
    pub workers_ms: Option<f64>,
    /// On the GPU.
    pub webgpu_ms: Option<f64>,
}

/// The running workers, what embeds, and what was measured to choose it.
pub struct Chosen {
    /// What embeds.
    pub embedder: Embedder,
    /// What the first worker told.
    pub started: Started,
    /// What was measured.
    pub timing: Timing,
}

impl Decision {
    /// Forgets what the GPU is at.
    pub fn cancel(&self) {
        if let Some(gpu) = &self.gpu {
            gpu.cancel();
        }
    }
}

impl Engine {
    /// The workers and, where the settings or a comparison want it, the GPU; started where needed.
    ///
    /// # Errors
    /// Those of the workers; `webgpu-unavailable` when the attribute asks for what cannot be had.
    pub(super) async fn embedder(&self) -> Result<Chosen, ApiError> {
        let wanted = self.0.settings.borrow().backend()?;
        let (pool, started) = self.pool().await?;
        let origin = self.0.settings.borrow().origin();
        let known = self.0.decision.borrow().as_ref().and_then(|known| {
            (known.origin == origin && known.wanted == wanted).then(|| (known.gpu.clone(), known.timing))
        });
        let (gpu, timing) = match known {
            Some(known) => known,
            None => {
                let decided = match wanted {
                    Backend::Cpu => Ok((None, Timing::default())),
                    Backend::WebGpu => self.insist_on_gpu(&pool, &origin).await,
                    Backend::Auto => self.choose(&pool, &origin).await,
                };
                if !decided.as_ref().is_err_and(ApiError::is_cancelled) {
                    // From here on the decision keeps it, or nobody.
                    self.0.opening.replace(None);
                }
                let (gpu, timing) = decided?;
                if let Some(gpu) = &gpu {
                    let engine = Rc::downgrade(&self.0);
                    gpu.on_loss(move |failure| {
                        if let Some(engine) = engine.upgrade() {
                            Engine(engine).tell(Event::Notice(failure));
                        }
                    });
                }
                self.0.decision.replace(Some(Decision { origin, wanted, gpu: gpu.clone(), timing }));
                (gpu, timing)
            }
        };
        Ok(Chosen { embedder: Embedder::new(pool, gpu), started, timing })
    }

    /// A GPU that was lost is tried once more when the attribute is set anew.
    pub(super) fn forgive_loss(&self) {
        self.0.decision.borrow_mut().take_if(|known| known.gpu.as_ref().is_some_and(|gpu| gpu.is_lost()));
    }

    /// The GPU because it was asked for, one that is played in software included.
    async fn insist_on_gpu(&self, pool: &Rc<Pool>, origin: &Origin) -> Result<(Option<Rc<Gpu>>, Timing), ApiError> {
        let none = || ApiError::from(GpuError::Unavailable("this browser offers no adapter for WebGPU".into()));
        let adapter = adapter::ask().await.ok_or_else(none)?;
        let gpu = self.open_gpu(pool, origin).await?;
        // In software the answer is known, and finding it out would take seconds.
        let webgpu_ms = if adapter.is_fallback { None } else { Some(time_gpu(&gpu).await?) };
        Ok((Some(gpu), Timing { webgpu_ms, workers_ms: None }))
    }

    /// The quicker way. Nothing of the GPU's is downloaded where there is no real one.
    async fn choose(&self, pool: &Rc<Pool>, origin: &Origin) -> Result<(Option<Rc<Gpu>>, Timing), ApiError> {
        if adapter::ask().await.is_none_or(|adapter| adapter.is_fallback) {
            return Ok((None, Timing::default()));
        }
        match self.compare(pool, origin).await {
            Err(failure) if !failure.is_cancelled() => Ok((None, Timing::default())),
            compared => compared,
        }
    }

    async fn compare(&self, pool: &Rc<Pool>, origin: &Origin) -> Result<(Option<Rc<Gpu>>, Timing), ApiError> {
        let gpu = self.open_gpu(pool, origin).await?;
        // One after the other, so that neither slows the other down.
        let workers_ms = time_workers(pool).await?;
        self.progress(Stage::Comparing, STEPS - 1, STEPS);
        let webgpu_ms = time_gpu(&gpu).await?;
        self.progress(Stage::Comparing, STEPS, STEPS);
        let timing = Timing { workers_ms: Some(workers_ms), webgpu_ms: Some(webgpu_ms) };
        Ok(((webgpu_ms < workers_ms).then_some(gpu), timing))
    }

    /// Starts the GPU's worker and makes sure that it computes what the workers do.
    async fn open_gpu(&self, pool: &Rc<Pool>, origin: &Origin) -> Result<Rc<Gpu>, ApiError> {
        self.progress(Stage::Comparing, 0, STEPS);
        // One that was still starting when `cancel()` came is waited for again.
        let starting = self.0.opening.borrow().clone().filter(|(known, gpu)| known == origin && !gpu.is_lost());
        let gpu = match starting {
            Some((_, gpu)) => gpu,
            None => {
                let (weights, expected_sha256) = pool.weights();
                let module_url = format!("{}gpu-loader.js{}", origin.asset_base, self.0.build_query);
                let gpu = Rc::new(Gpu::open(GpuProgram { module_url, weights, expected_sha256 }));
                self.0.opening.replace(Some((origin.clone(), gpu.clone())));
                gpu
            }
        };
        gpu.started().await?;
        self.progress(Stage::Comparing, 1, STEPS);
        let embedding = (FeatureKind::Pooled, *SIZE_PX_RANGE.start());
        let pixels = made_up_pictures(1, embedding.1);
        let by_worker = embed_pixels(pool, None, &pixels, embedding);
        let (by_worker, by_gpu) = try_join(by_worker, gpu.embed(gpu.expect(), pixels.clone(), embedding)).await?;
        let agreement = by_gpu.map_or(0.0, |by_gpu| cosine(&by_worker.to_vec(), &by_gpu.to_vec()));
        if agreement < LEAST_AGREEMENT {
            let words = format!("it does not compute what the processor does (cosine {agreement:.4})");
            return Err(GpuError::Unavailable(words).into());
        }
        self.progress(Stage::Comparing, 2, STEPS);
        Ok(gpu)
    }
}

/// Milliseconds a picture when every worker embeds its share of a batch, all at the same time, the way there and back
/// included. Each worker has embedded one picture before.
async fn time_workers(pool: &Pool) -> Result<f64, ApiError> {
    let embedding = (FeatureKind::Pooled, DEFAULT_SIZE_PX);
    let workers = pool.workers();
    let share = GPU_BATCH_PICTURES.div_ceil(workers);
    let one = made_up_pictures(1, DEFAULT_SIZE_PX);
    try_join_all((0..workers).map(|worker| embed_pixels(pool, Some(worker), &one, embedding))).await?;
    let pictures = made_up_pictures(share, DEFAULT_SIZE_PX);
    let started_ms = now_ms();
    try_join_all((0..workers).map(|worker| embed_pixels(pool, Some(worker), &pictures, embedding))).await?;
    Ok((now_ms() - started_ms) / (share * workers) as f64)
}

/// Milliseconds a picture when the GPU embeds a full batch, the way there and back included. It has embedded
/// one before.
async fn time_gpu(gpu: &Gpu) -> Result<f64, ApiError> {
    let picture = made_up_pictures(1, DEFAULT_SIZE_PX);
    let mut elapsed_ms = 0.0;
    for _ in 0..2 {
        let announced: Vec<_> = (0..GPU_BATCH_PICTURES).map(|_| gpu.expect()).collect();
        let started_ms = now_ms();
        let embedding = (FeatureKind::Pooled, DEFAULT_SIZE_PX);
        let embedded = announced.into_iter().map(|announced| gpu.embed(announced, picture.clone(), embedding));
        if try_join_all(embedded).await?.iter().any(Option::is_none) {
            return Err(GpuError::Lost("it failed at its first batch".into()).into());
        }
        elapsed_ms = now_ms() - started_ms;
    }
    Ok(elapsed_ms / GPU_BATCH_PICTURES as f64)
}

/// Pictures that are none, back to back, with values all over the range.
fn made_up_pictures(count: usize, size_px: u32) -> Uint8Array {
    let picture: Vec<u8> =
        (0..size_px * size_px * 3).map(|place| (place.wrapping_mul(place) / 7 % 251) as u8).collect();
    Uint8Array::from(picture.repeat(count).as_slice())
}

fn cosine(one: &[f32], other: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    if one.len() == other.len() { dot(one, other) / (dot(one, one) * dot(other, other)).sqrt() } else { 0.0 }
}
