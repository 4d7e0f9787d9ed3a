//! What can go wrong with the GPU.

use shoal::error::Coded;
use thiserror::Error;

/// A GPU that cannot be had, or that failed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum GpuError {
    /// There is none, or it cannot be opened.
    #[error("the GPU cannot be used here: {0}")]
    Unavailable(String),
    /// It failed at work that it had taken on.
    #[error("the GPU failed: {0}")]
    Lost(String),
}

impl Coded for GpuError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "webgpu-unavailable",
            Self::Lost(_) => "webgpu-lost",
        }
    }
}
