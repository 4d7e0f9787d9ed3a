//! Shoal sorts a folder of images by visual content.
//!
//! The core is a line of plain functions over plain data, natively tested; a stage does not know the next:
//!
//! ```text
//! files -> preprocess -> embed (the crate `shoal-model`) -> reduce -> cluster -> library -> archive, plot
//! ```
//!
//! From features to clusters:
//!
//! ```
//! use shoal::cluster::kmeans::{KMeansParams, kmeans};
//! use shoal::matrix::Matrix;
//! use shoal::options::Recipe;
//! use shoal::reduce;
//!
//! let features = Matrix::from_rows(vec![9.0, 1.0, 1.0, 9.0, 8.0, 1.0, 1.0, 8.0], 2)?;
//! let prepared = reduce::prepare(&features, Recipe::Spherical)?;
//! let clusters = kmeans(&prepared.points, &KMeansParams::new(2), 0, 10)?;
//! assert_eq!(clusters.labels[0], clusters.labels[2]);
//! assert_ne!(clusters.labels[0], clusters.labels[1]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `ARCHITECTURE.md` says who runs where and where a newcomer changes what.

pub mod archive;
pub mod backbones;
pub mod cluster;
pub mod collection;
pub mod error;
pub mod markup;
pub mod matrix;
pub mod options;
pub mod plot;
pub mod preprocess;
pub mod reduce;
pub mod samples;
pub mod step_times;
