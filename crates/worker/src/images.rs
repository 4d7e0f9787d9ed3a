//! Handlers that load the network, and read, decode and embed files.

use js_sys::{Float32Array, Uint8Array};
use shoal::capture;
use shoal::options::FeatureKind;
use shoal::step_times::StepTimes;
use shoal_browser::api_error::ApiError;
use shoal_browser::worker_scope::Handle;
use shoal_kernels::CpuNet;
use shoal_kernels::error::ModelError;
use shoal_protocol::{
    ChecksumPart, Decoding, DigestFile, DrawSample, DrawnSample, EmbedFile, EmbedPixels, EmbeddedFile, EmbeddedPixels,
    FileDigest, ImageFacts, ImagePixels, InspectFile, LoadNetwork, LoadedNetwork, ModelSummary, ReadPixels,
};
use web_sys::File;

use crate::decode::{self, DecodingPlan, Fitted};
use crate::error::WorkerError;
use crate::step_clock::now_ms;
use crate::{WorkerState, digest};

/// How many bytes at the beginning of a file are searched for capture data.
const CAPTURE_BYTES: u32 = 1 << 20;
/// How many bytes are searched in a format that may have these data at its end.
const CAPTURE_BYTES_ANYWHERE: u32 = 16 << 20;

/// The beginning of a file, in which its capture data are.
fn beginning(bytes: &Uint8Array) -> Vec<u8> {
    let magic = bytes.subarray(0, 12).to_vec();
    let is_anywhere = magic.starts_with(b"\x89PNG") || magic.starts_with(b"RIFF") || magic.get(4..8) == Some(b"ftyp");
    let length = if is_anywhere { CAPTURE_BYTES_ANYWHERE } else { CAPTURE_BYTES };
    bytes.subarray(0, length.min(bytes.length())).to_vec()
}

impl Handle<LoadNetwork> for WorkerState {
    async fn handle(&self, request: LoadNetwork) -> Result<LoadedNetwork, ApiError> {
        let mut net = CpuNet::from_weights(&request.weights.to_vec(), request.expected_sha256.as_deref())?;
        let size_px = net.info().backbone.descriptor().default_size_px;
        let blank = vec![128_u8; (size_px * size_px * 3) as usize];
        let mut cpu_ms = 0.0;
        for _ in 0..2 {
            let started_ms = now_ms();
            net.embed(&blank, size_px, FeatureKind::Pooled)?;
            cpu_ms = now_ms() - started_ms;
        }
        let info = net.info();
        let model = ModelSummary {
            backbone: info.backbone,
            name: info.name.clone(),
            width: info.width,
            sha256: info.sha256.clone(),
            feature_columns: info.feature_columns,
        };
        self.net.replace(Some(net));
        Ok(LoadedNetwork { model, cpu_ms })
    }
}

impl Handle<DigestFile> for WorkerState {
    async fn handle(&self, DigestFile { file }: DigestFile) -> Result<FileDigest, ApiError> {
        Ok(digest::digest(&digest::read(&file).await?).await)
    }
}

impl Handle<ChecksumPart> for WorkerState {
    async fn handle(&self, ChecksumPart { file, start, end }: ChecksumPart) -> Result<u32, ApiError> {
        Ok(digest::crc32(&file, start..end).await?)
    }
}

impl Handle<EmbedFile> for WorkerState {
    async fn handle(&self, request: EmbedFile) -> Result<Decoding<EmbeddedFile>, ApiError> {
        let EmbedFile { file, size_px, features: kind, memory_bytes } = request;
        let (mut facts, rgb_hwc_u8) = match self.read(&file, size_px, kind, memory_bytes).await? {
            Decoding::Done(read) => read,
            Decoding::NeedsMemory { bytes } => return Ok(Decoding::NeedsMemory { bytes }),
        };
        let embedding = async { self.with_net(|net| net.embed(&rgb_hwc_u8, size_px, kind)) };
        let (features, embed_ms) = self.clock.time(embedding).await;
        facts.times.embed_ms = embed_ms;
        Ok(Decoding::Done(EmbeddedFile { facts, features: Float32Array::from(features?.values()) }))
    }
}

impl Handle<InspectFile> for WorkerState {
    async fn handle(&self, request: InspectFile) -> Result<Decoding<ImageFacts>, ApiError> {
        let InspectFile { file, size_px, features, memory_bytes } = request;
        Ok(self.read(&file, size_px, features, memory_bytes).await?.map(|(facts, _)| facts))
    }
}

impl Handle<ReadPixels> for WorkerState {
    async fn handle(&self, request: ReadPixels) -> Result<Decoding<ImagePixels>, ApiError> {
        let ReadPixels { file, size_px, features, memory_bytes } = request;
        let read = self.read(&file, size_px, features, memory_bytes).await?;
        Ok(read.map(|(facts, pixels)| ImagePixels { facts, rgb_hwc_u8: Uint8Array::from(pixels.as_slice()) }))
    }
}

impl Handle<EmbedPixels> for WorkerState {
    async fn handle(&self, request: EmbedPixels) -> Result<EmbeddedPixels, ApiError> {
        let EmbedPixels { rgb_nhwc_u8, size_px, features } = request;
        let features = self.with_net(|net| net.embed(&rgb_nhwc_u8.to_vec(), size_px, features))?;
        Ok(EmbeddedPixels { features: Float32Array::from(features.values()) })
    }
}

impl Handle<DrawSample> for WorkerState {
    async fn handle(&self, DrawSample { index }: DrawSample) -> Result<DrawnSample, ApiError> {
        let sample = shoal_samples::draw(index);
        Ok(DrawnSample { path: sample.path, bytes: Uint8Array::from(sample.bytes.as_slice()) })
    }
}

impl WorkerState {
    /// Reads, hashes and decodes a file, which may take `memory_bytes`. The pixels have shape `[size_px, size_px, 3]`.
    async fn read(
        &self,
        file: &File,
        size_px: u32,
        kind: FeatureKind,
        memory_bytes: u64,
    ) -> Result<Decoding<(ImageFacts, Vec<u8>)>, ApiError> {
        let clock = &self.clock;
        let (bytes, read_ms) = clock.time(digest::read(file)).await;
        let bytes = bytes?;
        let (source, source_bytes) = decode::source(file, &bytes).await?;
        let plan = DecodingPlan::of(&source_bytes, size_px)?;
        if plan.memory_bytes > memory_bytes {
            return Ok(Decoding::NeedsMemory { bytes: plan.memory_bytes });
        }
        let capture = capture::read(&beginning(&bytes));
        let (digest, hash_ms) = clock.time(digest::digest(&bytes)).await;
        let (decoded, decode_ms) = clock.time(decode::decode(&source, &source_bytes, &plan, memory_bytes)).await;
        let decoded = match decoded? {
            Decoding::Done(decoded) => decoded,
            Decoding::NeedsMemory { bytes } => return Ok(Decoding::NeedsMemory { bytes }),
        };
        let (fitted, resize_ms) = clock.time(async { decoded.fit(size_px, kind) }).await;
        let Fitted { rgb_hwc_u8, fingerprint } = fitted?;
        let (thumbnail, thumbnail_ms) = clock.time(decoded.thumbnail()).await;
        let thumbnail = thumbnail?;
        let (width_px, height_px) = (decoded.width_px(), decoded.height_px());
        let times = StepTimes { read_ms, hash_ms, decode_ms, resize_ms, thumbnail_ms, embed_ms: 0.0 };
        let pages = decoded.pages();
        let facts = ImageFacts { digest, width_px, height_px, pages, capture, fingerprint, times, thumbnail };
        Ok(Decoding::Done((facts, rgb_hwc_u8)))
    }

    /// Runs `work` with the network, which keeps its buffers between images.
    fn with_net<T>(&self, work: impl FnOnce(&mut CpuNet) -> Result<T, ModelError>) -> Result<T, ApiError> {
        match &mut *self.net.borrow_mut() {
            Some(net) => Ok(work(net)?),
            None => Err(WorkerError::NoNetwork.into()),
        }
    }
}
