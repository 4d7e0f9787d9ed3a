//! The choice of the feature transform, which precedes clustering.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::OptionError;

/// The feature transform that is applied before clustering.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Recipe {
    /// Square root (unless any value is negative), rows to length 1, PCA to 32 components, rows to length 1.
    #[default]
    Spherical,
    /// The features as they are.
    Plain,
    /// Square root (unless any value is negative), rows to length 1, PCA to 64 components, UMAP.
    Umap,
    /// The spherical transform with 64 components, smoothed over the graph of nearest neighbours.
    Smooth,
}

impl FromStr for Recipe {
    type Err = OptionError;

    fn from_str(value: &str) -> Result<Self, OptionError> {
        match value {
            "spherical" => Ok(Self::Spherical),
            "plain" => Ok(Self::Plain),
            "umap" => Ok(Self::Umap),
            "smooth" => Ok(Self::Smooth),
            _ => Err(OptionError { name: "recipe", value: value.into(), allowed: "spherical, plain, umap or smooth" }),
        }
    }
}
