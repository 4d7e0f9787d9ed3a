//! The feature transform: what is done to features before they are clustered.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::OptionError;

/// The feature transform that is applied before clustering.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Recipe {
    /// Square root (when no value is negative), L2, PCA to 32, L2.
    #[default]
    Spherical,
    /// The features as they are.
    Plain,
    /// Square root (when no value is negative), L2, PCA to 64, then UMAP.
    Umap,
}

impl FromStr for Recipe {
    type Err = OptionError;

    fn from_str(value: &str) -> Result<Self, OptionError> {
        match value {
            "spherical" => Ok(Self::Spherical),
            "plain" => Ok(Self::Plain),
            "umap" => Ok(Self::Umap),
            _ => Err(OptionError { name: "recipe", value: value.into(), allowed: "spherical, plain or umap" }),
        }
    }
}
