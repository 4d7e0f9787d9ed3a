//! Embedding files: entirely in a worker, or decoded in a worker and embedded on the GPU.

use std::rc::Rc;

use shoal_browser::api_error::ApiError;
use shoal_protocol::{EmbedFile, GPU_BATCH_IMAGES, ReadPixels};
use web_sys::File;

use super::batches::BATCHES_IN_FLIGHT;
use super::client::Client;
use super::gpu::Gpu;
use crate::collection::{EmbeddedImage, Processor};
use crate::settings::Embedding;

/// How many files per worker may be in flight: results are taken in order, so finished ones wait for earlier ones.
const AHEAD_PER_WORKER: usize = 8;

/// Embeds files. Images may be embedded concurrently; the features of each do not depend on the others.
pub struct Embedder {
    client: Client,
    gpu: Option<Rc<Gpu>>,
}

impl Embedder {
    /// Embeds on the GPU or, without one, in the workers.
    pub fn new(client: Client, gpu: Option<Rc<Gpu>>) -> Self {
        Self { client, gpu }
    }

    /// The workers.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// What embeds the next image.
    pub fn processor(&self) -> Processor {
        if self.gpu().is_some() { Processor::WebGpu } else { Processor::Cpu }
    }

    /// How many images to embed concurrently: enough to keep everything busy, few enough to bound memory.
    pub fn concurrency(&self) -> usize {
        let images = files_in_flight(&self.client);
        // The batches in flight, and the one that is being gathered.
        if self.gpu().is_some() { images + GPU_BATCH_IMAGES * (BATCHES_IN_FLIGHT + 1) } else { images }
    }

    /// Embeds a file.
    pub async fn embed(&self, file: &File, embedding: Embedding) -> Result<EmbeddedImage, ApiError> {
        match self.gpu() {
            Some(gpu) => self.embed_on_gpu(gpu, file, embedding).await,
            None => self.embed_in_worker(file, embedding).await,
        }
    }

    fn gpu(&self) -> Option<&Gpu> {
        self.gpu.as_deref().filter(|gpu| !gpu.is_lost())
    }

    async fn embed_in_worker(&self, file: &File, embedding: Embedding) -> Result<EmbeddedImage, ApiError> {
        let Embedding { features, size_px } = embedding;
        let request = |memory_bytes| EmbedFile { file: file.clone(), size_px, features, memory_bytes };
        let reply = self.client.decode(file, request).await?;
        Ok(EmbeddedImage { facts: reply.facts, features: reply.features, processor: Processor::Cpu })
    }

    async fn embed_on_gpu(&self, gpu: &Gpu, file: &File, embedding: Embedding) -> Result<EmbeddedImage, ApiError> {
        let announced = gpu.announce();
        let Embedding { features, size_px } = embedding;
        let request = |memory_bytes| ReadPixels { file: file.clone(), size_px, features, memory_bytes };
        let read = self.client.decode(file, request).await?;
        let (features, processor) = match gpu.embed(announced, read.rgb_hwc_u8.clone(), embedding).await? {
            Some(features) => (features, Processor::WebGpu),
            None => (self.client.embed_pixels(None, &read.rgb_hwc_u8, embedding).await?, Processor::Cpu),
        };
        Ok(EmbeddedImage { facts: read.facts, features, processor })
    }
}

/// How many files the workers may process concurrently.
pub fn files_in_flight(client: &Client) -> usize {
    client.workers() * AHEAD_PER_WORKER
}
