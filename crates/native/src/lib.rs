//! The pipeline on a machine of one's own: files, embedding and clustering, on all cores and without a browser.
//!
//! The command `shoal` and the Python package are made of this. The stages are those of the core; what the page does in web
//! workers, this crate does in threads, so that the same features file, k and seed give the same clusters in both.
//!
//! | module | contents |
//! | --- | --- |
//! | [`folder`] | the files below folders, with the paths that the page gives them |
//! | [`network`] | networks, and reading their weights |
//! | [`embedding`] | from images to features, on all cores |
//! | [`feature_store`] | a features file that is added to, a row at a time |
//! | [`features_file`] | reading features files, and writing them whole |
//! | [`clustering`] | from features to clusters |
//! | [`result`] | the public result of a clustering, and its session file |
//! | [`names`] | suggested names of clusters |
//! | [`report`] | the report |
//! | [`sorting`] | copying or moving images into the folders of their clusters |
//! | [`observer`] | progress and cancellation |
//! | [`error`] | what can go wrong |

pub mod clustering;
pub mod embedding;
pub mod error;
pub mod feature_store;
pub mod features_file;
pub mod folder;
pub mod names;
pub mod network;
pub mod observer;
mod output;
mod partial_file;
pub mod report;
pub mod result;
pub mod sorting;

pub use error::NativeError;
pub use observer::{Observer, Silent, Stage};
pub use output::write_new;
