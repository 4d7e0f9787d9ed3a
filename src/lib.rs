//! The core of Shoal, which sorts a folder of images by visual content.
//!
//! The core is a pipeline of pure functions over plain data, without browser or GPU. Each stage is a module that does not
//! depend on the next:
//!
//! ```text
//! files -> preprocess -> embed (the crate `shoal-model`) -> reduce -> cluster -> collection -> archive, plot
//! ```
//!
//! | module | contents |
//! | --- | --- |
//! | [`preprocess`] | decoding and resizing images, hashes and sharpness of an image |
//! | [`reduce`] | feature transforms: normalisation, PCA, UMAP |
//! | [`cluster`] | clustering methods, silhouettes, scores |
//! | [`collection`] | the images, their clusters, and editing these |
//! | [`archive`] | exports: zip, tables, session, features, scripts, report |
//! | [`plot`] | charts |
//! | [`matrix`], [`options`], [`error`], [`escape`], [`step_times`] | types and helpers that several stages share |
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
//! `ARCHITECTURE.md` describes where each part runs and where to change what.

pub mod archive;
pub mod backbones;
pub mod capture;
pub mod cluster;
pub mod collection;
pub mod error;
pub mod escape;
pub mod matrix;
pub mod options;
pub mod plot;
pub mod preprocess;
mod recipe;
pub mod reduce;
pub mod step_times;
