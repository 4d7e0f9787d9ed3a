//! Errors of a worker, apart from those of the stages that it runs.

use shoal::error::Coded;
use shoal_browser::api_error::thrown_message;
use shoal_protocol::FileUnreadable;
use thiserror::Error;
use wasm_bindgen::JsValue;

/// Errors of a worker.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum WorkerError {
    /// The browser cannot read a file.
    #[error(transparent)]
    FileUnreadable(#[from] FileUnreadable),
    /// The browser has no memory for an image.
    #[error("there was no memory for the picture's pixels: {0}")]
    OutOfMemory(String),
    /// The decoders that stand in for the browser's cannot be loaded.
    #[error("the program that opens this kind of picture could not be loaded: {0}")]
    DecodersUnreachable(String),
    /// The browser has no canvas in workers.
    #[error("this browser offers no canvas to its workers")]
    NoCanvas,
    /// The network is not loaded.
    #[error("the network is not loaded")]
    NoNetwork,
    /// The classifier is not loaded.
    #[error("the classifier is not loaded")]
    NoClassifier,
    /// A requested matrix is not in this worker.
    #[error("the worker does not keep this matrix")]
    UnknownMatrix,
    /// Rows lie outside their matrix.
    #[error("the matrix does not have these rows")]
    NoSuchRows,
    /// No layout was begun.
    #[error("no layout was begun")]
    NoLayout,
    /// No features file is open.
    #[error("no features file is open")]
    NoFeaturesFile,
    /// There are fewer features than the request says.
    #[error("there are fewer features than the request says")]
    MissingFeatures,
}

/// The error of a call of the browser that fails for lack of memory.
pub fn out_of_memory(thrown: &JsValue) -> WorkerError {
    WorkerError::OutOfMemory(thrown_message(thrown))
}

impl Coded for WorkerError {
    fn code(&self) -> &'static str {
        match self {
            Self::FileUnreadable(error) => error.code(),
            Self::OutOfMemory(_) => "out-of-memory",
            Self::DecodersUnreachable(_) => "program-unreachable",
            Self::NoCanvas => "no-canvas",
            Self::NoNetwork | Self::NoClassifier => "not-started",
            Self::UnknownMatrix | Self::NoSuchRows | Self::NoLayout | Self::NoFeaturesFile | Self::MissingFeatures => {
                "bad-message"
            }
        }
    }
}
