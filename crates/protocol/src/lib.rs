//! The messages between the page and its workers, one file per topic.
//!
//! A request is a struct with an associated reply:
//!
//! ```
//! # use serde::{Deserialize, Serialize};
//! # use shoal_protocol::Request;
//! #[derive(Serialize, Deserialize)]
//! struct Add { one: u32, other: u32 }
//!
//! impl Request for Add {
//!     const NAME: &'static str = "add";
//!     type Reply = u32;
//! }
//! ```
//!
//! A request is posted as `{ id, name, body }` and answered by `{ id, body }` or `{ id, error: { code, message } }`
//! (`shoal_browser::wire`). Typed arrays, files and blobs are ordinary fields of a message, and never pass through the
//! program's memory.
//!
//! | file | topic |
//! | --- | --- |
//! | `network` | loading the network |
//! | `images` | reading, decoding and embedding files |
//! | `matrices` | matrices that a worker keeps |
//! | `transform` | from features to the points that are clustered |
//! | `clustering` | finding and evaluating clusters, and finding the nearest cluster |
//! | `duplicates` | finding duplicates |
//! | `labels` | suggested names of clusters |
//! | `features_file` | reading a features file |
//! | `gpu` | embedding on the GPU |

mod clustering;
mod duplicates;
mod features_file;
mod gpu;
mod images;
mod labels;
mod matrices;
mod network;
mod transform;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use clustering::{
    ClusterEvaluation, Evaluate, FindNearestClusters, Fit, Fitted, NearestClusters, RowSilhouettes, Silhouettes,
};
pub use duplicates::{
    CompareTurned, DuplicatePairs, GroupDuplicates, HashThumbnails, MeasureDetail, PairDuplicates, PairTurned,
    ThumbnailHashes, TurnedPairs, hashes_from_wire, hashes_to_wire,
};
pub use features_file::{CloseFeatures, FeatureRows, FeaturesHead, OpenFeatures, ReadFeatures};
pub use gpu::{EmbedBatch, EmbeddedBatch, GPU_BATCH_IMAGES, GpuError, OpenGpu};
pub use images::{
    ChecksumPart, Decoding, DigestFile, DrawSample, DrawnSample, EmbedFile, EmbedPixels, EmbeddedFile, EmbeddedPixels,
    FileDigest, FileUnreadable, ImageFacts, ImagePixels, InspectFile, ReadPixels,
};
pub use labels::{LoadClassifier, SuggestLabels, SuggestedLabels};
pub use matrices::{DropMatrix, MatrixId, PutRows};
pub use network::{LoadNetwork, LoadedNetwork, ModelSummary};
pub use transform::{
    ApplyRecipe, BeginLayout, Cells, DivideIntoCells, EndLayout, FindNeighbours, LayoutPoints, NeighbourRows,
    RunLayout, SmoothPoints, Transformed,
};

/// A request from the page to a worker.
pub trait Request: Serialize + DeserializeOwned + 'static {
    /// The request's name on the wire: distinct among the requests to one program.
    const NAME: &'static str;
    /// The reply.
    type Reply: Serialize + DeserializeOwned + 'static;
    /// What it changes in what the worker keeps, apart from matrices.
    const EFFECT: Effect = Effect::Nothing;
}

/// What a worker keeps between requests, besides the network and matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptState {
    /// The layout of UMAP, while it is computed.
    Layout,
    /// An open features file, and the position in it.
    FeaturesFile,
    /// The classifier.
    Classifier,
}

/// How a request changes what a worker keeps. A worker that replaces another gets the requests that began and advanced it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It changes nothing.
    Nothing,
    /// The state exists from here on, and replaces an older one.
    Begins(KeptState),
    /// The state advances.
    Advances(KeptState),
    /// The state is gone.
    Ends(KeptState),
}

/// The label of a row in no cluster, in arrays of labels.
pub const NO_CLUSTER: u32 = u32::MAX;

/// Encodes labels for a message.
pub fn labels_to_wire(labels: &[Option<u32>]) -> Vec<u32> {
    labels.iter().map(|label| label.unwrap_or(NO_CLUSTER)).collect()
}

/// Decodes labels from a message.
pub fn labels_from_wire(labels: Vec<u32>) -> Vec<Option<u32>> {
    labels.into_iter().map(|label| (label != NO_CLUSTER).then_some(label)).collect()
}

/// Declares requests: their names on the wire, their replies, and what they change in what the worker keeps.
macro_rules! requests {
    ($($request:ident = $name:literal -> $reply:ty $(, $effect:ident $state:ident)?;)+) => {
        $(impl crate::Request for $request {
            const NAME: &'static str = $name;
            type Reply = $reply;
            $(const EFFECT: crate::Effect = crate::Effect::$effect(crate::KeptState::$state);)?
        })+
    };
}
pub(crate) use requests;
