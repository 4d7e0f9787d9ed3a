//! A lane: one worker that reads, decodes and embeds pictures and runs the clustering's parts.
//!
//! It answers every message with one message of the same id and keeps only the network and the matrices it was given.

mod matrices;
pub mod picture;
pub mod read;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Float32Array, Uint8Array};
use web_sys::{Blob, DedicatedWorkerGlobalScope, File};

use crate::embed::Embedder;
use crate::options::{DEFAULT_SIZE_PX, FeatureKind, SAMPLE_COUNT};
use crate::protocol::{FromLane, Identity, ModelSummary, ToLane};
use crate::samples;
use crate::web::failure::Failure;
use crate::web::wire::{Envelope, bulk_as};
use crate::web::worker_scope;
use matrices::Matrices;

// The page asks for as many as it was told of, without carrying the drawings itself.
const _: () = assert!(samples::COUNT == SAMPLE_COUNT);

/// An answer and its bulk.
type Answer = worker_scope::Answer<FromLane>;

#[derive(Default)]
struct Lane {
    embedder: RefCell<Option<Rc<Embedder>>>,
    matrices: RefCell<Matrices>,
}

/// Starts listening, and says so. Called once, by the worker's program.
pub fn start() {
    let lane = Rc::new(Lane::default());
    worker_scope::listen(move |envelope| {
        let lane = lane.clone();
        async move { lane.answer(envelope, &worker_scope::scope()).await }
    });
}

/// A picture as the network takes it, and what else was found out about its file.
struct Pixels {
    identity: Identity,
    width_px: u32,
    height_px: u32,
    rgb_hwc_u8: Vec<u8>,
    thumbnail: Blob,
}

impl Lane {
    async fn answer(&self, envelope: Envelope<ToLane>, scope: &DedicatedWorkerGlobalScope) -> Answer {
        let Envelope { message, file, bulk, .. } = envelope;
        match message {
            ToLane::Start { expected_sha256 } => self.load(&bulk, expected_sha256.as_deref(), scope).await,
            ToLane::Identify => {
                let bytes = read::bytes(&required(file)?).await?;
                Ok((FromLane::Identified { identity: read::identity(&bytes) }, Array::new()))
            }
            ToLane::Embed { size_px, features } => self.embed(&required(file)?, size_px, features).await,
            ToLane::ReadPixels { size_px, features } => {
                let Pixels { identity, width_px, height_px, rgb_hwc_u8, thumbnail } =
                    read_pixels(&required(file)?, size_px, features).await?;
                let bulk = Array::of2(&Uint8Array::from(rgb_hwc_u8.as_slice()), &thumbnail);
                Ok((FromLane::PixelsRead { identity, width_px, height_px }, bulk))
            }
            ToLane::EmbedPixels { size_px, features } => {
                let rgb_hwc_u8 = bulk_as::<Uint8Array>(&bulk, 0)?.to_vec();
                let features = self.embedder()?.embed(&rgb_hwc_u8, size_px, features).await?;
                Ok((FromLane::PixelsEmbedded, Array::of1(&Float32Array::from(features.values()))))
            }
            ToLane::DrawSample { index } => {
                let picture = samples::draw(index);
                let bytes = Array::of1(&Uint8Array::from(picture.bytes.as_slice()));
                Ok((FromLane::SampleDrawn { path: picture.path }, bytes))
            }
            other => self.matrices.borrow_mut().answer(other, &bulk),
        }
    }

    /// Loads the network and runs it once, so that the first picture does not pay for the warming up.
    async fn load(&self, bulk: &Array, sha256: Option<&str>, scope: &DedicatedWorkerGlobalScope) -> Answer {
        let weights = bulk_as::<Uint8Array>(bulk, 0)?.to_vec();
        let embedder = Embedder::from_weights(&weights, sha256)?;
        let blank = vec![128_u8; (DEFAULT_SIZE_PX * DEFAULT_SIZE_PX * 3) as usize];
        let now_ms = || scope.performance().map_or(0.0, |performance| performance.now());
        let mut cpu_ms = 0.0;
        for _ in 0..2 {
            let started_ms = now_ms();
            embedder.embed(&blank, DEFAULT_SIZE_PX, FeatureKind::Pooled).await?;
            cpu_ms = now_ms() - started_ms;
        }
        let info = embedder.info();
        let model = ModelSummary {
            name: info.name.clone(),
            width: info.width,
            sha256: info.sha256.clone(),
            feature_columns: info.feature_columns,
        };
        self.embedder.replace(Some(Rc::new(embedder)));
        Ok((FromLane::Started { model, cpu_ms }, Array::new()))
    }

    fn embedder(&self) -> Result<Rc<Embedder>, Failure> {
        self.embedder.borrow().clone().ok_or_else(|| Failure::new("not-started", "the network is not loaded"))
    }

    async fn embed(&self, file: &File, size_px: u32, kind: FeatureKind) -> Answer {
        let embedder = self.embedder()?;
        let Pixels { identity, width_px, height_px, rgb_hwc_u8, thumbnail } = read_pixels(file, size_px, kind).await?;
        let features = embedder.embed(&rgb_hwc_u8, size_px, kind).await?;
        let bulk = Array::of2(&Float32Array::from(features.values()), &thumbnail);
        Ok((FromLane::Embedded { identity, width_px, height_px }, bulk))
    }
}

async fn read_pixels(file: &File, size_px: u32, kind: FeatureKind) -> Result<Pixels, Failure> {
    let bytes = read::bytes(file).await?;
    let identity = read::identity(&bytes);
    let decoded = picture::decode(file, &bytes).await?;
    let rgb_hwc_u8 = decoded.fit(size_px, kind)?;
    let thumbnail = decoded.thumbnail().await?;
    let (width_px, height_px) = (decoded.width_px(), decoded.height_px());
    decoded.close();
    Ok(Pixels { identity, width_px, height_px, rgb_hwc_u8, thumbnail })
}

fn required(file: Option<File>) -> Result<File, Failure> {
    file.ok_or_else(|| Failure::new("bad-message", "a message came without its file"))
}
