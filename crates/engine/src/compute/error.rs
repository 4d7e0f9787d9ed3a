//! Errors of the workers, their programs and the weights.

use shoal::backbones::Backbone;
use shoal::error::Coded;
use shoal_browser::api_error::ApiError;
use thiserror::Error;

/// Errors of the workers, their programs and the weights.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ComputeError {
    /// A worker cannot be started.
    #[error("a worker could not be started: {0}")]
    WorkerFailed(String),
    /// No worker is left.
    #[error("no worker is left to do this")]
    NoWorker,
    /// A worker ended unexpectedly.
    #[error("the worker ended unexpectedly: {0}")]
    WorkerCrashed(String),
    /// The GPU's worker answered a request that was not the next one.
    #[error("it answered out of order")]
    OutOfOrder,
    /// A worker did not answer in time.
    #[error("it was silent for {seconds} seconds")]
    Silent {
        /// The time limit.
        seconds: i32,
    },
    /// Weights cannot be fetched.
    #[error("the weights could not be fetched: {0}")]
    WeightsUnreachable(String),
    /// A weights file cannot be read.
    #[error("the weights could not be read: {0}")]
    WeightsUnreadable(String),
    /// A weights file is larger than any network that is supported.
    #[error("{name} has {byte_size} bytes: no supported network is that large")]
    WeightsTooLarge {
        /// The file's name.
        name: String,
        /// Its number of bytes.
        byte_size: u64,
    },
    /// The site has no weights of this network.
    #[error("this page comes without the weights of {0}")]
    ModelMissing(Backbone),
    /// The list of the site's weights cannot be read.
    #[error("the list of weights cannot be read: {0}")]
    Manifest(String),
}

impl ComputeError {
    /// Whether this error means that no worker can run anything: it says nothing about the file or the points of a request.
    pub fn is_worker_failure(error: &ApiError) -> bool {
        error.code == Self::NoWorker.code()
    }
}

impl Coded for ComputeError {
    fn code(&self) -> &'static str {
        match self {
            Self::WorkerFailed(_) | Self::NoWorker | Self::Silent { .. } => "worker-failed",
            Self::WorkerCrashed(_) => "worker-crashed",
            Self::OutOfOrder => "bad-message",
            Self::WeightsUnreachable(_) => "weights-unreachable",
            Self::WeightsUnreadable(_) => "weights-unreadable",
            Self::WeightsTooLarge { .. } => "weights-too-large",
            Self::ModelMissing(_) => "model-missing",
            Self::Manifest(_) => "weights-format",
        }
    }
}
