//! Errors of charts.

use thiserror::Error;

use crate::error::Coded;

/// A chart that cannot be drawn.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PlotError {
    /// The clustering lacks what the chart shows.
    #[error("{reason}")]
    Unavailable {
        /// The stable code.
        code: &'static str,
        /// What is missing, in words.
        reason: &'static str,
    },
    /// Drawing failed.
    #[error("the chart could not be drawn: {0}")]
    Draw(String),
}

impl Coded for PlotError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable { code, .. } => code,
            Self::Draw(_) => "plot-failed",
        }
    }
}
