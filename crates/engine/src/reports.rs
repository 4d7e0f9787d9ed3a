//! Results of calls and payloads of events, as plain data.

use serde::Serialize;
use shoal::collection::Rejection;
use shoal::step_times::StepTimes;

/// What `ready` resolves with.
#[derive(Clone, Debug, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct EngineInfo {
    /// What embeds images: `cpu` or `webgpu`.
    #[tsify(type = "'cpu' | 'webgpu'")]
    pub backend: &'static str,
    /// How many workers run.
    pub workers: usize,
    /// The network's architecture, as weights files name it.
    pub model: String,
    /// The network, as the option `model` names it.
    pub network: String,
    /// The networks whose weights the site has, as the option `model` names them; empty with weights from elsewhere.
    pub networks: Vec<String>,
    /// The side that images are resized to, in pixels.
    pub size_px: u32,
    /// Number of features of an image.
    pub dims: usize,
    /// Time to embed one image of the network's default size, in milliseconds, by each backend that was tried.
    pub measured: Measured,
}

/// Time to embed one image, in milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Measured {
    /// In one worker, one image at a time.
    pub cpu_ms: f64,
    /// In all workers together, as part of a batch; `null` unless the backends were compared.
    pub workers_ms: Option<f64>,
    /// On the GPU, as part of a batch; `null` unless it was tried.
    pub webgpu_ms: Option<f64>,
}

/// What `add` resolves with.
#[derive(Clone, Debug, Default, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Added {
    /// Images of this call that are in the collection, the reused ones included.
    pub added: usize,
    /// Images of this call that were in the collection before.
    pub reused: usize,
    /// Images of this call that were not embedded, because a features file or the cache has their features.
    pub matched: usize,
    /// Files of this call that belong to an image and are exported with it.
    pub sidecars: usize,
    /// Files that could not be read, and why.
    pub rejected: Vec<Rejection>,
    /// Files with several pages that were read in this call: their first pages are the images.
    pub paged: Vec<PagedFile>,
    /// Whether the call was cancelled.
    pub cancelled: bool,
}

/// A file with several pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, tsify::Tsify)]
pub struct PagedFile {
    /// The file's path.
    pub path: String,
    /// How many pages it has.
    pub pages: u32,
}

/// What `importFeatures` resolves with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// How many images the file has features for.
    pub rows: usize,
    /// How many features each has.
    pub dims: usize,
    /// How many images of the collection take their features from it.
    pub reused: usize,
    /// Paths of its images that are not in the collection.
    pub missing: Vec<String>,
    /// Paths of images in the collection whose bytes differ.
    pub changed: Vec<String>,
}

/// What `importSession` resolves with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Reopened {
    /// How many images of the collection are in the session.
    pub matched: usize,
    /// Paths of its images that are not in the collection.
    pub missing: Vec<String>,
    /// Paths of images whose bytes differ.
    pub changed: Vec<String>,
}

/// What `exportFolder` resolves with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct FolderReport {
    /// How many files were written, tables not counted.
    pub written: usize,
    /// How many already existed.
    pub present: usize,
    /// The files that were not written, and why.
    pub skipped: Vec<Rejection>,
}

/// How long each step has taken since the collection was last empty: sums over the embedded images, in milliseconds of worker
/// time. Their total is about the elapsed time multiplied by the number of workers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Timings {
    /// How many images were embedded. An image that was embedded twice counts twice.
    pub pictures: u64,
    /// The sum of each step.
    #[serde(flatten)]
    pub steps: StepTimes,
    /// Elapsed time while images were embedded, in milliseconds.
    pub wall_ms: f64,
}

/// A preliminary cluster, found while images are still being read.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviewCluster {
    /// How many images it has so far.
    pub size: usize,
    /// Paths of the images nearest to its centre, nearest first.
    pub representatives: Vec<String>,
}

/// Whether this page keeps features and the latest collection in the browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CacheState {
    /// The attribute `remember` is not set.
    #[default]
    Off,
    /// Everything is kept.
    On,
    /// Features are kept; the stored collection belongs to another tab.
    OtherTab,
    /// The user opted out.
    OptedOut,
    /// The browser refuses.
    Refused,
    /// Another tab erased everything: nothing is kept until the page is loaded again.
    ErasedElsewhere,
}

impl CacheState {
    /// Whether features are kept.
    pub fn is_on(self) -> bool {
        matches!(self, Self::On | Self::OtherTab)
    }
}

/// An image, and how similar it is to another one.
#[derive(Clone, Debug, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Neighbour {
    /// The image's path.
    pub path: String,
    /// The cosine of the two images' features, as the network computed them.
    pub cosine: f32,
}
