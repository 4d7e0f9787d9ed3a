//! A worker: one worker that reads, decodes and embeds pictures and runs the clustering's parts.
//!
//! It answers every message with one message of the same id and keeps only the network and the matrices it was given.

mod clock;
mod features;
mod matrices;
mod names;
pub mod picture;
pub mod read;
mod reduced;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Float32Array, Uint8Array};
use web_sys::{Blob, File};

use clock::{Clock, now_ms};
use features::OpenFeatures;
use matrices::Matrices;
use names::Names;
use picture::Fitted;
use shoal::options::{DEFAULT_SIZE_PX, FeatureKind, SAMPLE_COUNT};
use shoal::samples;
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::{Envelope, bulk_as};
use shoal_browser::worker_scope;
use shoal_model::CpuNet;
use shoal_model::error::ModelError;
use shoal_protocol::{Fingerprint, FromWorker, Identity, ModelSummary, StepTimes, ToWorker};

// The page asks for as many as it was told of, without carrying the drawings itself.
const _: () = assert!(samples::COUNT == SAMPLE_COUNT);

/// An answer and its bulk.
type Answer = worker_scope::Answer<FromWorker>;

#[derive(Default)]
struct WorkerState {
    net: RefCell<Option<CpuNet>>,
    matrices: RefCell<Matrices>,
    names: RefCell<Names>,
    features: RefCell<OpenFeatures>,
    clock: Clock,
}

/// A picture as the network takes it, and what else was found out about its file.
struct Pixels {
    identity: Identity,
    width_px: u32,
    height_px: u32,
    rgb_hwc_u8: Vec<u8>,
    fingerprint: Fingerprint,
    thumbnail: Blob,
    /// Where the time went so far.
    times: StepTimes,
}

/// Starts listening, and says so. Called once, by the worker's program.
pub fn start() {
    let worker = Rc::new(WorkerState::default());
    worker_scope::listen(move |envelope| {
        let worker = worker.clone();
        async move { worker.answer(envelope).await }
    });
}

impl WorkerState {
    async fn answer(&self, envelope: Envelope<ToWorker>) -> Answer {
        let Envelope { message, file, bulk, .. } = envelope;
        match message {
            ToWorker::Start { expected_sha256 } => self.load(&bulk, expected_sha256.as_deref()),
            ToWorker::Identify => {
                let bytes = read::bytes(&required(file)?).await?;
                Ok((FromWorker::Identified { identity: read::identity(&bytes).await }, Array::new()))
            }
            ToWorker::Checksum { start, end } => {
                let crc32 = read::crc32(&required(file)?, start..end).await?;
                Ok((FromWorker::Checksummed { crc32 }, Array::new()))
            }
            ToWorker::Embed { size_px, features } => self.embed(&required(file)?, size_px, features).await,
            ToWorker::Preview { size_px, features } => {
                let Pixels { identity, width_px, height_px, fingerprint, thumbnail, times, .. } =
                    self.read_pixels(&required(file)?, size_px, features).await?;
                let message = FromWorker::Previewed { identity, width_px, height_px, fingerprint, times };
                Ok((message, Array::of1(&thumbnail)))
            }
            ToWorker::ReadPixels { size_px, features } => {
                let Pixels { identity, width_px, height_px, rgb_hwc_u8, fingerprint, thumbnail, times } =
                    self.read_pixels(&required(file)?, size_px, features).await?;
                let bulk = Array::of2(&Uint8Array::from(rgb_hwc_u8.as_slice()), &thumbnail);
                Ok((FromWorker::PixelsRead { identity, width_px, height_px, fingerprint, times }, bulk))
            }
            ToWorker::EmbedPixels { size_px, features } => {
                let rgb_hwc_u8 = bulk_as::<Uint8Array>(&bulk, 0)?.to_vec();
                let features = self.with_net(|net| net.embed(&rgb_hwc_u8, size_px, features))?;
                Ok((FromWorker::PixelsEmbedded, Array::of1(&Float32Array::from(features.values()))))
            }
            ToWorker::Measure { size_px, pictures } => self.measure(size_px, pictures),
            ToWorker::DrawSample { index } => {
                let picture = samples::draw(index);
                let bytes = Array::of1(&Uint8Array::from(picture.bytes.as_slice()));
                Ok((FromWorker::SampleDrawn { path: picture.path }, bytes))
            }
            ToWorker::LoadClassifier { expected_sha256 } => self.names.borrow_mut().load(&bulk, expected_sha256),
            ToWorker::SuggestNames { rows } => self.names.borrow().suggest(&bulk, &rows),
            ToWorker::OpenFeatures => self.features.borrow_mut().open(required(file)?),
            ToWorker::ReadFeatures => self.features.borrow_mut().read(),
            ToWorker::CloseFeatures => self.features.borrow_mut().close(),
            other => self.matrices.borrow_mut().answer(other, &bulk),
        }
    }

    /// Loads the network and runs it once, so that the first picture does not pay for the warming up.
    fn load(&self, bulk: &Array, sha256: Option<&str>) -> Answer {
        let weights = bulk_as::<Uint8Array>(bulk, 0)?.to_vec();
        let mut net = CpuNet::from_weights(&weights, sha256)?;
        let blank = vec![128_u8; (DEFAULT_SIZE_PX * DEFAULT_SIZE_PX * 3) as usize];
        let mut cpu_ms = 0.0;
        for _ in 0..2 {
            let started_ms = now_ms();
            net.embed(&blank, DEFAULT_SIZE_PX, FeatureKind::Pooled)?;
            cpu_ms = now_ms() - started_ms;
        }
        let info = net.info();
        let model = ModelSummary {
            name: info.name.clone(),
            width: info.width,
            sha256: info.sha256.clone(),
            feature_columns: info.feature_columns,
        };
        self.net.replace(Some(net));
        Ok((FromWorker::Started { model, cpu_ms }, Array::new()))
    }

    async fn embed(&self, file: &File, size_px: u32, kind: FeatureKind) -> Answer {
        let Pixels { identity, width_px, height_px, rgb_hwc_u8, fingerprint, thumbnail, mut times } =
            self.read_pixels(file, size_px, kind).await?;
        let embedding = async { self.with_net(|net| net.embed(&rgb_hwc_u8, size_px, kind)) };
        let (features, embed_ms) = self.clock.time(embedding).await;
        times.embed_ms = embed_ms;
        let bulk = Array::of2(&Float32Array::from(features?.values()), &thumbnail);
        Ok((FromWorker::Embedded { identity, width_px, height_px, fingerprint, times }, bulk))
    }

    async fn read_pixels(&self, file: &File, size_px: u32, kind: FeatureKind) -> Result<Pixels, ApiError> {
        let clock = &self.clock;
        let (bytes, read_ms) = clock.time(read::bytes(file)).await;
        let bytes = bytes?;
        let (identity, hash_ms) = clock.time(read::identity(&bytes)).await;
        let (decoded, decode_ms) = clock.time(picture::decode(file, &bytes, size_px)).await;
        let decoded = decoded?;
        let (fitted, resize_ms) = clock.time(async { decoded.fit(size_px, kind) }).await;
        let Fitted { rgb_hwc_u8, fingerprint } = fitted?;
        let dhash = [(fingerprint.dhash >> 32) as u32, fingerprint.dhash as u32];
        let fingerprint = Fingerprint { dhash, sharpness: fingerprint.sharpness };
        let (thumbnail, thumbnail_ms) = clock.time(decoded.thumbnail()).await;
        let thumbnail = thumbnail?;
        let (width_px, height_px) = (decoded.width_px(), decoded.height_px());
        let times = StepTimes { read_ms, hash_ms, decode_ms, resize_ms, thumbnail_ms, embed_ms: 0.0 };
        Ok(Pixels { identity, width_px, height_px, rgb_hwc_u8, fingerprint, thumbnail, times })
    }

    fn measure(&self, size_px: u32, pictures: u32) -> Answer {
        let values = size_px as usize * size_px as usize * 3 * pictures as usize;
        // Knuth's multiplicative hash: no two pictures are alike, and none is flat.
        let rgb_hwc_u8: Vec<u8> =
            (0..values as u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        self.with_net(|net| net.embed(&rgb_hwc_u8, size_px, FeatureKind::Pooled))?;
        let started_ms = now_ms();
        self.with_net(|net| net.embed(&rgb_hwc_u8, size_px, FeatureKind::Pooled))?;
        Ok((FromWorker::Measured { elapsed_ms: now_ms() - started_ms }, Array::new()))
    }

    /// Lets `work` have the network, which keeps its buffers between pictures.
    fn with_net<T>(&self, work: impl FnOnce(&mut CpuNet) -> Result<T, ModelError>) -> Result<T, ApiError> {
        match &mut *self.net.borrow_mut() {
            Some(net) => Ok(work(net)?),
            None => Err(ApiError::new("not-started", "the network is not loaded")),
        }
    }
}

fn required(file: Option<File>) -> Result<File, ApiError> {
    file.ok_or_else(|| ApiError::new("bad-message", "a message came without its file"))
}
