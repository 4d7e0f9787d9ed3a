//! Options of the public API, with their names, defaults and allowed values.

use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use crate::cluster::methods::ClusterMethod;
pub use crate::error::OptionError;
pub use crate::recipe::Recipe;

/// The allowed input sizes of the network: the side of a square image, in pixels. Only multiples of 32, the network's stride.
pub const SIZE_PX_RANGE: RangeInclusive<u32> = 64..=320;
/// The default input size, in pixels.
pub const DEFAULT_SIZE_PX: u32 = 128;
/// The number of sample images.
pub const SAMPLE_COUNT: usize = 60;
/// The default number of KMeans restarts.
pub const DEFAULT_RESTARTS: u32 = 10;

/// The part of the network's output that becomes an image's features.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum FeatureKind {
    /// The last feature map, averaged over its positions: 1,280 values. The image is cropped to a square at its centre.
    #[default]
    Pooled,
    /// The last feature map, flattened: 5,120 values at 64 px. The image is stretched to a square of 64 px.
    Flat,
}

impl FeatureKind {
    /// The number of features of an image of `size_px`, for a network with `pooled_columns` pooled features. The last feature
    /// map has one position for every 32 x 32 pixels.
    pub fn columns(self, pooled_columns: usize, size_px: u32) -> usize {
        let positions_per_side = size_px.div_ceil(32) as usize;
        match self {
            Self::Pooled => pooled_columns,
            Self::Flat => pooled_columns * positions_per_side * positions_per_side,
        }
    }
}

/// The number of clusters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClusterCount {
    /// The count with the best mean silhouette.
    #[default]
    Auto,
    /// A given number.
    Fixed(usize),
}

/// The options of clustering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClusterOptions {
    /// The number of clusters; ignored by methods that find it.
    pub k: ClusterCount,
    /// The seed of all random numbers.
    pub seed: u32,
    /// The number of restarts of a randomised method, of which the best is kept; at least 1.
    pub restarts: u32,
    /// The feature transform; `None` for that of the method, see [`Self::recipe`].
    pub recipe: Option<Recipe>,
    /// The clustering method.
    pub method: ClusterMethod,
    /// The minimum size of a cluster, for HDBSCAN; `None` derives it from the number of images.
    pub min_cluster_size: Option<usize>,
}

impl ClusterOptions {
    /// The feature transform: the one that was chosen, or else the method's default.
    pub fn recipe(&self) -> Recipe {
        self.recipe.or(self.method.info().default_recipe).unwrap_or_default()
    }

    /// How often the method runs for one number of clusters: once if it is not randomised.
    pub fn runs(&self) -> u32 {
        if self.method.info().randomised { self.restarts } else { 1 }
    }
}

impl Default for ClusterOptions {
    fn default() -> Self {
        Self {
            k: ClusterCount::Auto,
            seed: 0,
            restarts: DEFAULT_RESTARTS,
            recipe: None,
            method: ClusterMethod::KMeans,
            min_cluster_size: None,
        }
    }
}

impl FromStr for FeatureKind {
    type Err = OptionError;

    fn from_str(value: &str) -> Result<Self, OptionError> {
        match value {
            "pooled" => Ok(Self::Pooled),
            "flat" => Ok(Self::Flat),
            _ => Err(OptionError { name: "features", value: value.into(), allowed: "pooled or flat" }),
        }
    }
}

impl FromStr for ClusterCount {
    type Err = OptionError;

    fn from_str(value: &str) -> Result<Self, OptionError> {
        if value == "auto" {
            return Ok(Self::Auto);
        }
        value.parse().map(Self::Fixed).map_err(|_| OptionError {
            name: "k",
            value: value.into(),
            allowed: "auto or a whole number",
        })
    }
}

/// Parses an input size in pixels.
///
/// # Errors
/// [`OptionError`] unless it is a multiple of 32 in [`SIZE_PX_RANGE`].
pub fn parse_size_px(value: &str) -> Result<u32, OptionError> {
    match value.parse::<u32>() {
        Ok(size_px) if SIZE_PX_RANGE.contains(&size_px) && size_px.is_multiple_of(32) => Ok(size_px),
        _ => Err(OptionError { name: "size", value: value.into(), allowed: "a multiple of 32 from 64 to 320" }),
    }
}
