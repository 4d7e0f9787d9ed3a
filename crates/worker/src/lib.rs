//! A worker: it decodes and embeds images, and runs the parts of clustering.
//!
//! Between requests it keeps the network, the classifier, matrices, a layout and an open features file.
//!
//! | file | what |
//! | --- | --- |
//! | `images` | handlers: reading, decoding and embedding files |
//! | `decode`, `reduced_decode`, `decoders`, `heif`, `decoded` | from a file to pixels |
//! | `digest` | sizes and checksums of files |
//! | `step_clock` | timing of concurrent steps |
//! | `matrices`, `transform`, `clustering` | handlers: the parts of clustering |
//! | `duplicates`, `grey` | handlers: finding duplicates |
//! | `labels` | handlers: suggesting names |
//! | `features_file` | handlers: reading a features file |

mod canvas;
mod clustering;
pub mod decode;
mod decoded;
mod decoders;
pub mod digest;
mod duplicates;
mod error;
mod features_file;
mod grey;
mod heif;
mod images;
mod labels;
mod matrices;
mod reduced_decode;
mod step_clock;
mod transform;

use std::cell::RefCell;

use features_file::OpenFile;
use labels::LoadedClassifier;
use matrices::Matrices;
use shoal::options::SAMPLE_COUNT;
use shoal::reduce::umap::Layout;
use shoal_browser::worker_scope::Router;
use shoal_kernels::CpuNet;
use shoal_protocol::{
    ApplyRecipe, BeginLayout, ChecksumPart, CloseFeatures, CompareTurned, DigestFile, DivideIntoCells, DrawSample,
    DropMatrix, EmbedFile, EmbedPixels, EndLayout, Evaluate, FindNearestClusters, FindNeighbours, Fit, GroupDuplicates,
    HashThumbnails, InspectFile, LoadClassifier, LoadNetwork, MeasureDetail, OpenFeatures, PairDuplicates, PairTurned,
    PutRows, ReadFeatures, ReadPixels, RunLayout, Silhouettes, SmoothPoints, SuggestLabels,
};
use step_clock::StepClock;

pub use error::WorkerError;

// The page, which does not contain the drawings, requests this many.
const _: () = assert!(shoal_samples::COUNT == SAMPLE_COUNT);

/// What a worker keeps between requests.
#[derive(Default)]
struct WorkerState {
    net: RefCell<Option<CpuNet>>,
    matrices: RefCell<Matrices>,
    layout: RefCell<Option<Layout>>,
    classifier: RefCell<Option<LoadedClassifier>>,
    features_file: RefCell<Option<OpenFile>>,
    clock: StepClock,
}

/// Starts listening. Called once, by the worker's program.
pub fn start() {
    Router::<WorkerState>::new()
        .handle::<LoadNetwork>()
        .handle::<DigestFile>()
        .handle::<ChecksumPart>()
        .handle::<EmbedFile>()
        .handle::<InspectFile>()
        .handle::<ReadPixels>()
        .handle::<EmbedPixels>()
        .handle::<DrawSample>()
        .handle::<PutRows>()
        .handle::<DropMatrix>()
        .handle::<ApplyRecipe>()
        .handle::<DivideIntoCells>()
        .handle::<FindNeighbours>()
        .handle::<SmoothPoints>()
        .handle::<BeginLayout>()
        .handle::<RunLayout>()
        .handle::<EndLayout>()
        .handle::<Fit>()
        .handle::<Silhouettes>()
        .handle::<Evaluate>()
        .handle::<FindNearestClusters>()
        .handle::<PairDuplicates>()
        .handle::<GroupDuplicates>()
        .handle::<MeasureDetail>()
        .handle::<HashThumbnails>()
        .handle::<PairTurned>()
        .handle::<CompareTurned>()
        .handle::<LoadClassifier>()
        .handle::<SuggestLabels>()
        .handle::<OpenFeatures>()
        .handle::<ReadFeatures>()
        .handle::<CloseFeatures>()
        .listen(WorkerState::default());
}
