//! What can go wrong with a chart.

use thiserror::Error;

use crate::error::Coded;

/// A chart that cannot be drawn.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PlotError {
    /// There is no curve over the number of groups.
    #[error("there is no curve: the number of groups was not left to the program")]
    NoCurve,
    /// Drawing failed.
    #[error("the chart could not be drawn: {0}")]
    Draw(String),
}

impl Coded for PlotError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoCurve => "no-curve",
            Self::Draw(_) => "plot-failed",
        }
    }
}
