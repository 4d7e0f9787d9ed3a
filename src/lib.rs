//! Shoal sorts a folder of pictures by what they show.
//!
//! The core is a line of plain functions over plain data, natively tested; a stage does not know the next:
//!
//! ```text
//! files -> preprocess -> embed (model) -> reduce -> cluster -> library -> archive, plot
//! ```
//!
//! The whole way, natively:
//!
//! ```
//! use shoal::cluster::kmeans::{KMeansParams, kmeans};
//! use shoal::matrix::Matrix;
//! use shoal::model::CpuNet;
//! use shoal::options::{FeatureKind, Recipe};
//! use shoal::preprocess::{Framing, decode, fit};
//! use shoal::{reduce, samples};
//!
//! let weights = std::fs::read("weights/mobilenet_v2_backbone.safetensors")?;
//! let mut net = CpuNet::from_weights(&weights, None)?;
//! let (size_px, kind) = (96, FeatureKind::Pooled);
//! let mut features = Vec::new();
//! // Two kinds of pictures, by turns.
//! for index in [0, 1, 6, 7, 12, 13] {
//!     let picture = decode(&samples::draw(index).bytes)?;
//!     let rgb = fit(&picture.pixels_rgba_u8, picture.width, picture.height, size_px, Framing::for_kind(kind))?;
//!     features.extend_from_slice(net.embed(&rgb, size_px, kind)?.values());
//! }
//! let columns = features.len() / 6;
//! let prepared = reduce::prepare(&Matrix::from_rows(features, columns)?, Recipe::Spherical)?;
//! let groups = kmeans(&prepared.points, &KMeansParams::new(2), 0, 10)?;
//! assert_eq!(groups.labels, [0, 1, 0, 1, 0, 1]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The browser appears only in `web` and in the programs under `src/bin`.
//! `ARCHITECTURE.md` says who runs where and where a newcomer changes what.

#![forbid(unsafe_code)]

pub mod archive;
pub mod cluster;
pub mod error;
pub mod library;
pub mod markup;
pub mod matrix;
pub mod options;
pub mod plot;
pub mod protocol;
pub mod reduce;

#[cfg(feature = "model")]
pub mod embed;
#[cfg(feature = "model")]
pub mod model;
#[cfg(feature = "pictures")]
pub mod preprocess;
#[cfg(feature = "pictures")]
pub mod samples;

#[cfg(target_arch = "wasm32")]
pub mod web;
