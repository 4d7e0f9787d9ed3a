//! Where a picture's pixels go: through a worker all the way, or from a worker to the GPU.

use std::rc::Rc;

use js_sys::{Array, Float32Array, Uint8Array};
use web_sys::{Blob, File};

use crate::Engine;
use crate::add::unexpected;
use crate::batches::BATCHES_IN_FLIGHT;
use crate::gpu::Gpu;
use crate::pool::Pool;
use shoal::archive::npz::FeatureSpec;
use shoal::options::FeatureKind;
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::bulk_as;
use shoal_protocol::{Fingerprint, FromWorker, GPU_BATCH_PICTURES, Identity, StepTimes, ToWorker};

/// What a picture is embedded as: the kind of its features, and the side that it is resized to, in pixels.
pub type Embedding = (FeatureKind, u32);

/// Pictures whose answers may wait for that of an earlier one, a worker.
const AHEAD_PER_WORKER: usize = 8;

/// What computes features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Processor {
    /// The workers.
    Cpu,
    /// The GPU.
    WebGpu,
}

impl Processor {
    /// The name in results: `cpu` or `webgpu`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "webgpu",
        }
    }
}

/// An embedded file.
pub struct Embedded {
    /// Who the file is.
    pub identity: Identity,
    /// Width as displayed, in pixels.
    pub width_px: u32,
    /// Height as displayed, in pixels.
    pub height_px: u32,
    /// Its features.
    pub features: Float32Array,
    /// What computed them.
    pub processor: Processor,
    /// What tells copies of the picture.
    pub fingerprint: Fingerprint,
    /// A small picture of it.
    pub thumbnail: Blob,
    /// Where the worker's time went.
    pub times: StepTimes,
}

/// OperationQueue files into features. Pictures may be embedded side by side; each comes out the same in any company.
pub struct Embedder {
    pool: Rc<Pool>,
    gpu: Option<Rc<Gpu>>,
}

impl Embedder {
    /// Embeds in these workers, or in workers and on the GPU.
    pub fn new(pool: Rc<Pool>, gpu: Option<Rc<Gpu>>) -> Self {
        Self { pool, gpu }
    }

    /// The workers.
    pub fn pool(&self) -> &Rc<Pool> {
        &self.pool
    }

    /// What computes the features of the next picture.
    pub fn processor(&self) -> Processor {
        if self.gpu().is_some() { Processor::WebGpu } else { Processor::Cpu }
    }

    /// How many pictures to embed side by side: enough to keep everyone at work, few enough to bound memory.
    pub fn ahead(&self) -> usize {
        let workers = self.pool.workers() * AHEAD_PER_WORKER;
        // One more batch than is under way: the one that is being gathered.
        if self.gpu().is_some() { workers + GPU_BATCH_PICTURES * (BATCHES_IN_FLIGHT + 1) } else { workers }
    }

    /// Embeds one file.
    pub async fn embed(&self, file: &File, embedding: Embedding) -> Result<Embedded, ApiError> {
        match self.gpu() {
            Some(gpu) => self.embed_on(gpu, file, embedding).await,
            None => self.embed_in_worker(file, embedding).await,
        }
    }

    fn gpu(&self) -> Option<&Gpu> {
        self.gpu.as_deref().filter(|gpu| !gpu.is_lost())
    }

    async fn embed_in_worker(&self, file: &File, (features, size_px): Embedding) -> Result<Embedded, ApiError> {
        let reply = self.pool.run(ToWorker::Embed { size_px, features }, Some(file.clone()), Array::new()).await?;
        let (FromWorker::Embedded { identity, width_px, height_px, fingerprint, times }, bulk) = reply else {
            return Err(unexpected());
        };
        let features = bulk_as(&bulk, 0)?;
        let thumbnail = bulk_as(&bulk, 1)?;
        let processor = Processor::Cpu;
        Ok(Embedded { identity, width_px, height_px, features, processor, fingerprint, thumbnail, times })
    }

    async fn embed_on(&self, gpu: &Gpu, file: &File, embedding: Embedding) -> Result<Embedded, ApiError> {
        let announced = gpu.expect();
        let (features, size_px) = embedding;
        let message = ToWorker::ReadPixels { size_px, features };
        let reply = self.pool.run(message, Some(file.clone()), Array::new()).await?;
        let (FromWorker::PixelsRead { identity, width_px, height_px, fingerprint, times }, bulk) = reply else {
            return Err(unexpected());
        };
        let pixels: Uint8Array = bulk_as(&bulk, 0)?;
        let thumbnail = bulk_as(&bulk, 1)?;
        let (features, processor) = match gpu.embed(announced, pixels.clone(), embedding).await? {
            Some(features) => (features, Processor::WebGpu),
            None => (embed_pixels(&self.pool, None, &pixels, embedding).await?, Processor::Cpu),
        };
        Ok(Embedded { identity, width_px, height_px, features, processor, fingerprint, thumbnail, times })
    }
}

impl Engine {
    /// How features are made now: as the settings say, by the network that these workers hold.
    pub(super) async fn made(&self, pool: &Pool) -> Result<Rc<FeatureSpec>, ApiError> {
        let (features, size_px) = self.0.settings.borrow().embedding()?;
        let model = pool.started().await?.model;
        Ok(Rc::new(FeatureSpec { model: model.name, weights_sha256: model.sha256, size_px, features }))
    }
}

/// Has pictures that are pixels already (`[n, size_px, size_px, 3]`) embedded by one worker or, without one, by any. Gives
/// `[n, columns]`.
pub async fn embed_pixels(
    pool: &Pool,
    worker: Option<usize>,
    rgb_hwc_u8: &Uint8Array,
    (features, size_px): Embedding,
) -> Result<Float32Array, ApiError> {
    let message = ToWorker::EmbedPixels { size_px, features };
    let bulk = Array::of1(rgb_hwc_u8);
    let reply = match worker {
        Some(worker) => pool.run_on(worker, message, bulk).await?,
        None => pool.run(message, None, bulk).await?,
    };
    let (FromWorker::PixelsEmbedded, bulk) = reply else { return Err(unexpected()) };
    bulk_as(&bulk, 0)
}
