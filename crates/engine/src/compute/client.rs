//! The typed client of the workers: a method per request that needs more than [`Client::call`].

use std::rc::Rc;

use futures_util::stream::{self, StreamExt};
use js_sys::{Float32Array, Uint8Array};
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::{from_js, to_js};
use shoal_protocol::{
    ChecksumPart, Decoding, DigestFile, DropMatrix, EmbedPixels, FileDigest, LoadedNetwork, MatrixId, Request,
};
use web_sys::File;

use super::kept::Kept;
use super::points::{MATRICES, Points};
use super::slot::JOBS_PER_WORKER;
use super::worker_pool::WorkerPool;
use crate::settings::Embedding;

/// How many bytes of a file one request checksums. Between two requests the checksum can be cancelled, and other workers can
/// take parts of the file.
const CHECKSUM_PART_BYTES: u64 = 64 << 20;

/// The client. Clones are handles to the same workers.
#[derive(Clone)]
pub struct Client {
    pool: Rc<WorkerPool>,
    network: LoadedNetwork,
}

impl Client {
    /// The client of a pool whose first worker has loaded this network.
    pub fn new(pool: Rc<WorkerPool>, network: LoadedNetwork) -> Self {
        Self { pool, network }
    }

    /// How many workers there are.
    pub fn workers(&self) -> usize {
        self.pool.len()
    }

    /// The network that the workers run.
    pub fn network(&self) -> &LoadedNetwork {
        &self.network
    }

    /// The weights file, and the SHA-256 that it must have, in hexadecimal.
    pub fn weights(&self) -> (Uint8Array, Option<String>) {
        self.pool.weights()
    }

    /// Runs a request on any worker that is free.
    pub async fn call<R: Request>(&self, request: R) -> Result<R::Reply, ApiError> {
        Ok(from_js(self.pool.run::<R>(to_js(&request)?, None).await?)?)
    }

    /// Runs a request on one worker, after the requests that were sent to that worker before.
    pub async fn call_on<R: Request>(&self, worker: usize, request: R) -> Result<R::Reply, ApiError> {
        Ok(from_js(self.pool.run::<R>(to_js(&request)?, Some(worker)).await?)?)
    }

    /// Sends a request to one worker, after the requests that were sent to that worker before, without waiting for the reply.
    pub fn send_to<R: Request>(&self, worker: usize, request: R) {
        if let Ok(body) = to_js(&request) {
            self.pool.send::<R>(body, worker);
        }
    }

    /// Records that a worker keeps these points as `matrix` from here on: a worker that replaces it gets them.
    pub fn keep(&self, worker: usize, matrix: MatrixId, points: &Points) {
        self.pool.change_kept(worker, |kept| kept.put(matrix, points.clone()));
    }

    /// Records that a request has consumed a worker's matrix.
    pub fn consumed(&self, worker: usize, matrix: MatrixId) {
        self.pool.change_kept(worker, |kept| kept.remove(matrix));
    }

    /// Frees the matrices of all workers, before they run any later request.
    pub fn free_matrices(&self) {
        for worker in 0..self.workers() {
            self.pool.change_kept(worker, Kept::remove_matrices);
            for matrix in MATRICES {
                self.send_to(worker, DropMatrix { matrix });
            }
        }
    }

    /// Size and checksums of a file.
    pub async fn digest(&self, file: &File) -> Result<FileDigest, ApiError> {
        self.call(DigestFile { file: file.clone() }).await
    }

    /// CRC-32 of a whole file. Memory does not grow with its size.
    pub async fn crc32(&self, file: &File) -> Result<u32, ApiError> {
        let byte_size = file.size() as u64;
        let mut parts = stream::iter((0..byte_size).step_by(CHECKSUM_PART_BYTES as usize))
            .map(async |start| {
                let end = (start + CHECKSUM_PART_BYTES).min(byte_size);
                let crc32 = self.call(ChecksumPart { file: file.clone(), start, end }).await?;
                Ok::<_, ApiError>(crc32fast::Hasher::new_with_initial_len(crc32, end - start))
            })
            .buffered(2 * self.workers());
        let mut whole = crc32fast::Hasher::new();
        while let Some(part) = parts.next().await {
            whole.combine(&part?);
        }
        Ok(whole.finalize())
    }

    /// Runs a request that decodes a file, on any worker that is free: `request` makes it, with the number of bytes that decoding
    /// may take. A large image waits until there is memory for it.
    pub async fn decode<R, T>(&self, file: &File, request: impl Fn(u64) -> R) -> Result<T, ApiError>
    where
        R: Request<Reply = Decoding<T>>,
    {
        let memory = &self.pool.memory;
        let mut bytes = memory.bytes_per_job(self.workers() * JOBS_PER_WORKER);
        // The file's bytes are in memory while it is decoded.
        let mut reserved = if file.size() as u64 > bytes { memory.reserve(file.size() as u64).await } else { None };
        loop {
            match self.call(request(bytes)).await? {
                Decoding::Done(reply) => return Ok(reply),
                Decoding::NeedsMemory { bytes: needed } => {
                    drop(reserved.take());
                    reserved = memory.reserve(needed).await;
                    bytes = needed.max(bytes + 1);
                }
            }
        }
    }

    /// Embeds decoded images, shape `[n, size_px, size_px, 3]`, on one worker or, without one, on any. The
    /// features have shape `[n, columns]`.
    pub async fn embed_pixels(
        &self,
        worker: Option<usize>,
        rgb_nhwc_u8: &Uint8Array,
        embedding: Embedding,
    ) -> Result<Float32Array, ApiError> {
        let Embedding { features, size_px } = embedding;
        let request = EmbedPixels { rgb_nhwc_u8: rgb_nhwc_u8.clone(), size_px, features };
        let reply = match worker {
            Some(worker) => self.call_on(worker, request).await?,
            None => self.call(request).await?,
        };
        Ok(reply.features)
    }
}
