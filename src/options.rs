//! What a caller may choose, with defaults, names and allowed values: the vocabulary of the public API.

use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use thiserror::Error;

use crate::error::Coded;

/// The sides, in pixels, that a picture may be resized to; multiples of 32 only, the network's stride.
pub const SIZE_PX_RANGE: RangeInclusive<u32> = 64..=320;
/// The side, in pixels, that a picture is resized to when nothing else is said.
pub const DEFAULT_SIZE_PX: u32 = 128;
/// How many sample pictures the program can draw.
pub const SAMPLE_COUNT: usize = 60;
/// How many times KMeans starts anew when nothing else is said.
pub const DEFAULT_RESTARTS: u32 = 10;

/// What of the network's output becomes a picture's features.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum FeatureKind {
    /// The mean of the last map over its places: 1280 values. The picture is cropped to a square at its centre.
    #[default]
    Pooled,
    /// The last map flattened (5,120 values at 64 px). The picture is stretched to a square of 64 px.
    Flat,
}

impl FeatureKind {
    /// How many features a picture of `size_px` has, where the network pools `pooled_columns`: the last map has one place
    /// for every 32 x 32 pixels.
    pub fn columns(self, pooled_columns: usize, size_px: u32) -> usize {
        let places_a_side = size_px.div_ceil(32) as usize;
        match self {
            Self::Pooled => pooled_columns,
            Self::Flat => pooled_columns * places_a_side * places_a_side,
        }
    }
}

/// What is done to features before they are grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Recipe {
    /// Square root (when no value is negative), L2, PCA to 32, L2.
    #[default]
    Spherical,
    /// The features as they are.
    Plain,
    /// Square root (when no value is negative), L2, PCA to 64, and UMAP over that.
    Umap,
}

/// How clusters are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum ClusterMethod {
    /// KMeans: every picture has a cluster, and clusters are round.
    #[default]
    KMeans,
    /// HDBSCAN: dense regions of any shape; what lies between them is in no cluster. It finds the count by itself.
    Hdbscan,
    /// Ward's agglomerative clustering.
    Ward,
}

/// How many groups to make.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClusterCount {
    /// The count with the best mean silhouette.
    #[default]
    Auto,
    /// This many.
    Fixed(usize),
}

/// How pictures are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClusterOptions {
    /// How many groups.
    pub k: ClusterCount,
    /// Where the random numbers start.
    pub seed: u32,
    /// How many times KMeans starts anew; the best start is kept. At least 1.
    pub restarts: u32,
    /// What is done to the features first.
    pub recipe: Recipe,
    /// How clusters are found.
    pub method: ClusterMethod,
    /// The fewest pictures of a cluster that HDBSCAN finds; `None` leaves it to the number of pictures.
    pub min_cluster_size: Option<usize>,
}

impl Default for ClusterOptions {
    fn default() -> Self {
        Self {
            k: ClusterCount::Auto,
            seed: 0,
            restarts: DEFAULT_RESTARTS,
            recipe: Recipe::Spherical,
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

impl FromStr for ClusterMethod {
    type Err = OptionError;

    fn from_str(value: &str) -> Result<Self, OptionError> {
        match value {
            "kmeans" => Ok(Self::KMeans),
            "hdbscan" => Ok(Self::Hdbscan),
            "ward" => Ok(Self::Ward),
            _ => Err(OptionError { name: "method", value: value.into(), allowed: "kmeans, hdbscan or ward" }),
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

/// Reads a picture side in pixels from an attribute's text.
///
/// # Errors
/// [`OptionError`] unless it is a multiple of 32 in [`SIZE_PX_RANGE`].
pub fn parse_size_px(value: &str) -> Result<u32, OptionError> {
    match value.parse::<u32>() {
        Ok(size_px) if SIZE_PX_RANGE.contains(&size_px) && size_px.is_multiple_of(32) => Ok(size_px),
        _ => Err(OptionError { name: "size", value: value.into(), allowed: "a multiple of 32 from 64 to 320" }),
    }
}

/// An option whose value is not one of those allowed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{name} is \"{value}\", but must be {allowed}")]
pub struct OptionError {
    /// The option's name, for instance `recipe`.
    pub name: &'static str,
    /// What it was set to.
    pub value: String,
    /// What it may be, in words.
    pub allowed: &'static str,
}

impl Coded for OptionError {
    fn code(&self) -> &'static str {
        "bad-option"
    }
}
