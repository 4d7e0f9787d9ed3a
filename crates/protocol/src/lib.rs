//! Every message between the page and its workers, the workers and the GPU's, one enum each way.
//!
//! A message travels as `{ id, message, file?, bulk }`: the enum in `message`, a `File` beside it where one is needed,
//! and everything bulky as typed arrays in `bulk`, moved rather than copied where the sender no longer needs it.
//! Each variant says what its `bulk` holds.

pub mod error;

use serde::{Deserialize, Serialize};

use shoal::archive::npz::FeatureSpec;
use shoal::options::{FeatureKind, Recipe};
pub use shoal::step_times::StepTimes;

/// How many pictures the GPU embeds at once, and the most that a message to its worker holds. At 224 px a
/// layer of 16 is 77 MB large; 128 MiB is the most that every adapter gives room for.
pub const GPU_BATCH_PICTURES: usize = 16;

/// Names a matrix that a worker keeps between messages.
pub type MatrixId = u32;

/// No cluster, where labels travel as whole numbers.
pub const NONE: u32 = u32::MAX;

/// What the page asks of a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ToWorker {
    /// Load the network. Bulk: the weights file (`Uint8Array`). Answer: [`FromWorker::Started`].
    Start {
        /// The SHA-256 that the weights must have, in hexadecimal; `None` accepts any.
        expected_sha256: Option<String>,
    },
    /// Read the message's file and hash it. Answer: [`FromWorker::Identified`].
    Identify,
    /// Read a part of the message's file, a little at a time. Answer: [`FromWorker::Checksummed`].
    Checksum {
        /// The part's first byte.
        start: u64,
        /// One past its last byte.
        end: u64,
    },
    /// Read, hash, decode and embed the message's file. Answer: [`FromWorker::Embedded`].
    Embed {
        /// The side the picture is resized to, in pixels.
        size_px: u32,
        /// What becomes its features.
        features: FeatureKind,
    },
    /// Read, hash and decode the message's file, whose features may be known. Answer: [`FromWorker::Recognised`].
    Preview {
        /// The side the picture is resized to, in pixels.
        size_px: u32,
        /// What its features were made from.
        features: FeatureKind,
    },
    /// Embed made-up pictures, once to warm up and once against the clock. Answer: [`FromWorker::Measured`].
    Measure {
        /// The pictures' side, in pixels.
        size_px: u32,
        /// How many pictures.
        pictures: u32,
    },
    /// Read, hash and decode the message's file, for another to embed. Answer: [`FromWorker::PixelsRead`].
    ReadPixels {
        /// The side the picture is resized to, in pixels.
        size_px: u32,
        /// What will become its features.
        features: FeatureKind,
    },
    /// Embed pictures that are pixels already. Bulk: their pixels (`Uint8Array`, `[n, size_px, size_px, 3]`).
    /// Answer: [`FromWorker::PixelsEmbedded`].
    EmbedPixels {
        /// The side of the pictures, in pixels.
        size_px: u32,
        /// What becomes their features.
        features: FeatureKind,
    },
    /// Draw one of the program's own sample pictures. Answer: [`FromWorker::SampleDrawn`].
    DrawSample {
        /// Which one, below `samples::COUNT`.
        index: usize,
    },
    /// Keep rows of a matrix, making it first where it is unknown. Bulk: the rows (`Float32Array`).
    /// Answer: [`FromWorker::Done`].
    PutRows {
        /// The matrix to write to.
        matrix: MatrixId,
        /// How many rows it has in all.
        rows: usize,
        /// How many columns it has.
        columns: usize,
        /// Which row the first of these is.
        first_row: usize,
    },
    /// Forget a matrix. Answer: [`FromWorker::Done`].
    DropMatrix {
        /// The matrix to forget.
        matrix: MatrixId,
    },
    /// Apply a recipe to a matrix of features. Answer: [`FromWorker::Prepared`].
    Prepare {
        /// The features, `[n, d]`.
        matrix: MatrixId,
        /// The recipe to apply.
        recipe: Recipe,
    },
    /// The nearest neighbours of some rows. Answer: [`FromWorker::Neighbours`].
    Neighbours {
        /// The points, `[n, d]`.
        matrix: MatrixId,
        /// The first row.
        first_row: usize,
        /// One past the last row.
        end_row: usize,
        /// How many neighbours of each, where there are as many.
        count: usize,
    },
    /// Begin a UMAP layout, in place of one that was begun. Bulk: every row's neighbours (`Uint32Array`) and their
    /// distances (`Float32Array`, both `[n, count]`). Answer: [`FromWorker::LayoutBegun`].
    BeginLayout {
        /// The points, `[n, d]`.
        matrix: MatrixId,
        /// How many neighbours each row has.
        count: usize,
        /// Where the random numbers start.
        seed: u32,
    },
    /// Run some epochs of the layout. Answer: [`FromWorker::Done`].
    RunLayout {
        /// How many.
        epochs: u32,
    },
    /// End the layout. Answer: [`FromWorker::LaidOut`].
    EndLayout,
    /// Run one start of KMeans. Bulk: nothing, or the clusters of the rows that must stay (`Uint32Array`, `[n]`, [`NONE`] for
    /// a row that is free). Answer: [`FromWorker::Fitted`].
    FitKMeans {
        /// The points, `[n, d]`.
        matrix: MatrixId,
        /// How many clusters.
        k: usize,
        /// Where the random numbers start.
        seed: u32,
        /// Which of the restarts this is.
        restart: u32,
    },
    /// Find dense regions. Answer: [`FromWorker::Labelled`].
    FitHdbscan {
        /// The points, `[n, d]`.
        matrix: MatrixId,
        /// The fewest rows of a cluster; `None` leaves it to the number of rows.
        min_cluster_size: Option<usize>,
    },
    /// Merge the nearest clusters until as many are left. Answer: [`FromWorker::Labelled`].
    FitWard {
        /// The points, `[n, d]`.
        matrix: MatrixId,
        /// How many clusters.
        k: usize,
        /// Where the random numbers start.
        seed: u32,
    },
    /// Silhouettes of some rows. Bulk: the labels of all rows (`Uint32Array`, [`NONE`] for one without) and, where not all
    /// rows are to be compared with, those that are (`Uint32Array`). Answer: [`FromWorker::Silhouettes`].
    Silhouettes {
        /// The points, `[n, d]`.
        matrix: MatrixId,
        /// The first row.
        first_row: usize,
        /// One past the last row.
        end_row: usize,
    },
    /// Judge a clustering as a whole. Bulk: the labels (`Uint32Array`, [`NONE`] for a row without). Answer:
    /// [`FromWorker::Judged`].
    Evaluate {
        /// The points, `[n, d]`.
        matrix: MatrixId,
        /// How many clusters.
        k: usize,
        /// How many representatives of each cluster to name.
        representatives: usize,
    },
    /// The nearest cluster of some rows. Bulk: the labels of all rows (`Uint32Array`, [`NONE`] for one without) and the rows
    /// (`Uint32Array`). Answer: [`FromWorker::Joined`].
    Join {
        /// The points, `[n, d]`.
        matrix: MatrixId,
        /// How many clusters.
        k: usize,
    },
    /// The cosines of pairs of rows. Bulk: the pairs (`Uint32Array`, `[m, 2]`). Answer: [`FromWorker::Cosines`].
    Cosines {
        /// The rows, `[n, d]`.
        matrix: MatrixId,
    },
    /// Keep the classifier. Bulk: its file (`Uint8Array`). Answer: [`FromWorker::Done`].
    LoadClassifier {
        /// The SHA-256 that the file must have, in hexadecimal.
        expected_sha256: String,
    },
    /// Read all of the message's features file but the features. Answer: [`FromWorker::FeaturesOpened`].
    OpenFeatures,
    /// The next features of the open features file. Answer: [`FromWorker::FeaturesRead`].
    ReadFeatures,
    /// Let go of the open features file, if there is one. Answer: [`FromWorker::Done`].
    CloseFeatures,
    /// Put names to clusters, by the classifier. Bulk: pooled features (`Float32Array`), cluster after cluster. Answer:
    /// [`FromWorker::Named`].
    SuggestNames {
        /// How many rows of features each cluster has.
        rows: Vec<usize>,
    },
}

/// What a worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FromWorker {
    /// The worker listens. Sent once, unasked, with the id 0: nothing may be sent before.
    Ready,
    /// The network is loaded and warm.
    Started {
        /// What the network is.
        model: ModelSummary,
        /// Time to embed one picture of the default size on this worker, in milliseconds.
        cpu_ms: f64,
    },
    /// The file was read.
    Identified {
        /// Who the file is.
        identity: Identity,
    },
    /// The part was read.
    Checksummed {
        /// CRC-32 of its bytes.
        crc32: u32,
    },
    /// The picture was embedded. Bulk: features (`Float32Array`) and thumbnail (`Blob`).
    Embedded {
        /// Who the file is.
        identity: Identity,
        /// Width as displayed, in pixels.
        width_px: u32,
        /// Height as displayed, in pixels.
        height_px: u32,
        /// What tells copies of the picture.
        fingerprint: Fingerprint,
        /// Where the time went.
        times: StepTimes,
    },
    /// The picture was read, but not embedded. Bulk: its thumbnail (`Blob`).
    Previewed {
        /// Who the file is.
        identity: Identity,
        /// Width as displayed, in pixels.
        width_px: u32,
        /// Height as displayed, in pixels.
        height_px: u32,
        /// What tells copies of the picture.
        fingerprint: Fingerprint,
        /// Where the time went; nothing was embedded.
        times: StepTimes,
    },
    /// Made-up pictures were embedded.
    Measured {
        /// Time for all of them, from their pixels to their features, in milliseconds.
        elapsed_ms: f64,
    },
    /// The picture was read. Bulk: its pixels (`Uint8Array`, `[size_px, size_px, 3]`) and thumbnail (`Blob`).
    PixelsRead {
        /// Who the file is.
        identity: Identity,
        /// Width as displayed, in pixels.
        width_px: u32,
        /// Height as displayed, in pixels.
        height_px: u32,
        /// What tells copies of the picture.
        fingerprint: Fingerprint,
        /// Where the time went; nothing was embedded.
        times: StepTimes,
    },
    /// Bulk: the features of the pictures asked for (`Float32Array`, `[n, columns]`).
    PixelsEmbedded,
    /// A sample picture was drawn. Bulk: the file's bytes (`Uint8Array`).
    SampleDrawn {
        /// The picture's path.
        path: String,
    },
    /// Nothing to say beyond that it is done.
    Done,
    /// The recipe was applied, and the features are gone. Bulk: the points (`Float32Array`, `[n, columns]`; empty where they
    /// are the features as they were), the first three principal components
    /// (`Float32Array`, `[n, 3]`) and, where judging takes other points, these (`Float32Array`, `[n, judged_columns]`).
    Prepared {
        /// How many columns the points have.
        columns: usize,
        /// How many columns the points have by which clusters are judged, where these are others.
        evaluated_columns: Option<usize>,
        /// The share of variance that each of the three components explains.
        explained: [Option<f32>; 3],
        /// The share of variance that the points keep, where the recipe reduces.
        variance_kept: Option<f32>,
    },
    /// Bulk: the neighbours of the rows asked for (`Uint32Array`) and their distances (`Float32Array`), both
    /// `[rows, count]`, the nearest first.
    Neighbours {
        /// How many neighbours each row has.
        count: usize,
    },
    /// A layout was begun.
    LayoutBegun {
        /// How many epochs it takes.
        epochs: u32,
    },
    /// Bulk: the layout (`Float32Array`, `[n, columns]`).
    LaidOut {
        /// How many columns it has.
        columns: usize,
    },
    /// One start of KMeans ended. Bulk: labels (`Uint32Array`).
    Fitted {
        /// The sum of squared distances to the centres.
        inertia: f64,
    },
    /// Bulk: labels (`Uint32Array`, [`NONE`] for a row without).
    Labelled {
        /// How many clusters there are.
        k: usize,
    },
    /// Bulk: the silhouettes of the rows asked for (`Float32Array`, NaN where there is none) and the cluster that each is
    /// nearest to among the others (`Uint32Array`, [`NONE`] where there is none).
    Silhouettes,
    /// Bulk: each row's distance to its centre (`Float32Array`, NaN for a row without).
    Evaluated {
        /// Davies and Bouldin's index, where defined.
        davies_bouldin: Option<f64>,
        /// Calinski and Harabasz's index, where defined.
        calinski_harabasz: Option<f64>,
        /// The sum of squared distances to the centres.
        inertia: f64,
        /// The rows nearest to each cluster's centre, nearest first.
        representatives: Vec<Vec<usize>>,
    },
    /// Bulk: the nearest cluster of each row asked for (`Uint32Array`, [`NONE`] where there is none) and the cosine with its
    /// centre (`Float32Array`).
    Joined,
    /// Bulk: the cosines asked for (`Float32Array`).
    Cosines,
    /// A features file was opened. Bulk: the pictures' numbers of bytes (`Float64Array`, `[n]`) and the SHA-256 of their
    /// bytes (`Uint8Array`, `[n, 32]`), either of them empty where the file does not say it.
    FeaturesOpened {
        /// How many features a picture has.
        columns: usize,
        /// The pictures' paths, one a row.
        names: Vec<String>,
        /// How the features were made, where the file says it.
        made: Option<FeatureSpec>,
    },
    /// Bulk: the features of the next rows (`Float32Array`, `[rows, columns]`), empty after the last: only then is the file
    /// known to be whole.
    FeaturesRead,
    /// What the clusters show, where that is plain.
    Named {
        /// A name for each cluster.
        names: Vec<Option<String>>,
    },
    /// What was asked could not be done.
    Failed {
        /// The error's stable code.
        code: String,
        /// What happened, in words.
        message: String,
    },
}

/// What the page asks of the GPU's worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ToGpu {
    /// Open the device and load the network onto it. Bulk: the weights file (`Uint8Array`). Answer: [`FromGpu::Started`].
    Start {
        /// The SHA-256 that the weights must have, in hexadecimal; `None` accepts any.
        expected_sha256: Option<String>,
    },
    /// Embed up to [`GPU_BATCH_PICTURES`] pictures. Bulk: their pixels (`Uint8Array`, `[n, size_px, size_px, 3]`).
    /// Answer: [`FromGpu::Embedded`].
    Embed {
        /// The side of the pictures, in pixels.
        size_px: u32,
        /// What becomes their features.
        features: FeatureKind,
    },
}

/// What the GPU's worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FromGpu {
    /// The worker listens. Sent once, unasked, with the id 0: nothing may be sent before.
    Ready,
    /// The device is open and the network on it.
    Started,
    /// Bulk: the features, all of them finite (`Float32Array`, `[n, columns]`).
    Embedded,
    /// What was asked could not be done. The device is not to be relied on from here on.
    Failed {
        /// The error's stable code.
        code: String,
        /// What happened, in words.
        message: String,
    },
}

/// Who a file is: what of its bytes is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Number of bytes.
    pub byte_size: u64,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// CRC-32 of the bytes, as zip files use it.
    pub crc32: u32,
}

/// What tells copies of a picture, and which of them is the best.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fingerprint {
    /// The difference hash, its higher half first: JavaScript has no whole numbers of 64 bits.
    pub dhash: [u32; 2],
    /// How sharp the picture is, from 0; see `preprocess::fingerprint`.
    pub sharpness: f32,
}

/// What is told of the network in use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelSummary {
    /// The network's name.
    pub name: String,
    /// Its width multiplier.
    pub width: f32,
    /// SHA-256 of the weights file, in hexadecimal.
    pub sha256: String,
    /// Number of pooled features.
    pub feature_columns: usize,
}
