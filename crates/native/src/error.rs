//! Errors of the native pipeline.

use std::io;
use std::path::{Path, PathBuf};

use shoal::archive::npz::FeaturesError;
use shoal::archive::{ArchiveError, SessionError};
use shoal::backbones::Backbone;
use shoal::cluster::ClusterError;
use shoal::collection::arrangement::EditError;
use shoal::error::{Coded, OptionError};
use shoal::plot::PlotError;
use shoal_weights::error::ModelError;
use thiserror::Error;

/// Why a whole operation failed. What is wrong with a single image is a [`Rejection`](shoal::collection::Rejection).
#[derive(Debug, Error)]
pub enum NativeError {
    /// A file or folder cannot be read.
    #[error("{} cannot be read: {error}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        error: io::Error,
    },
    /// A file or folder cannot be written.
    #[error("{} cannot be written: {error}", path.display())]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        error: io::Error,
    },
    /// A file to write exists already.
    #[error("{} is there already, and nothing is overwritten: choose another name", .0.display())]
    OutputExists(PathBuf),
    /// A folder holds the result of sorting other images.
    #[error("{} holds the result of sorting other images: choose another folder", .0.display())]
    SortedOthers(PathBuf),
    /// Another program is adding to the same features file.
    #[error("another program is adding to {}", .0.display())]
    InUse(PathBuf),
    /// Features cannot be compared with those of a file.
    #[error("{} cannot be added to: {reason}", path.display())]
    Incompatible {
        /// The features file.
        path: PathBuf,
        /// What differs.
        reason: String,
    },
    /// The weights of a network have not been fetched.
    #[error("the weights of {backbone} are not in {}: run scripts/fetch-weights, or name a file", file.display())]
    ModelMissing {
        /// The network.
        backbone: Backbone,
        /// Where they should be.
        file: PathBuf,
    },
    /// There is no image in what was given.
    #[error("there are no images")]
    NoImages,
    /// HDBSCAN found no cluster.
    #[error("no dense clusters were found: try a smaller least cluster size")]
    NoDenseClusters,
    /// The operation was stopped.
    #[error("stopped")]
    Stopped,
    /// A features file cannot be read.
    #[error("{}: {error}", path.display())]
    Features {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: FeaturesError,
    },
    /// A session file cannot be read.
    #[error("{}: {error}", path.display())]
    Session {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: SessionError,
    },
    /// Weights cannot be used.
    #[error("{}: {error}", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: ModelError,
    },
    /// An option has a value that is not allowed.
    #[error(transparent)]
    Option(#[from] OptionError),
    /// Clustering failed.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// A network failed.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A table or a session cannot be written.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Clusters cannot be arranged.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// A chart cannot be drawn.
    #[error(transparent)]
    Plot(#[from] PlotError),
}

impl NativeError {
    /// For `map_err`: `path` cannot be read.
    pub fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |error| Self::Unreadable { path: path.to_owned(), error }
    }

    /// For `map_err`: `path` cannot be written.
    pub fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |error| Self::Unwritable { path: path.to_owned(), error }
    }
}

impl Coded for NativeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "file-unreadable",
            Self::Unwritable { .. } => "write-failed",
            Self::OutputExists(_) | Self::SortedOthers(_) => "output-exists",
            Self::InUse(_) => "output-in-use",
            Self::Incompatible { .. } => "features-incompatible",
            Self::ModelMissing { .. } => "model-missing",
            Self::NoImages => "no-pictures",
            Self::NoDenseClusters => "no-groups",
            Self::Stopped => "cancelled",
            Self::Features { error, .. } => error.code(),
            Self::Session { error, .. } => error.code(),
            Self::Weights { error, .. } => error.code(),
            Self::Option(error) => error.code(),
            Self::Cluster(error) => error.code(),
            Self::Model(error) => error.code(),
            Self::Archive(error) => error.code(),
            Self::Edit(error) => error.code(),
            Self::Plot(error) => error.code(),
        }
    }
}
