//! Shoal sorts a folder of pictures by what they show.
//!
//! The core is a line of plain functions over plain data, natively tested; a stage does not know the next:
//!
//! ```text
//! files -> preprocess -> embed (model) -> reduce -> cluster -> library -> archive, plot
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
