//! Weights: those that are shipped with the program, and files that the user chose.

use js_sys::Uint8Array;
use serde::Deserialize;
use shoal_browser::api_error::thrown_message;
use shoal_browser::blob::bytes_of;
use web_sys::File;

use super::download::download;
use super::error::ComputeError;

/// The largest weights file that is read, in bytes: larger than a checkpoint of any supported network, optimiser state
/// included.
const WEIGHTS_BYTES_MAX: f64 = (256 << 20) as f64;

/// A network whose weights the site has, as the converter describes them.
#[derive(Clone, Debug, Deserialize)]
pub struct SiteNetwork {
    /// The network's name; see [`shoal::backbones::Backbone::name`].
    pub model: String,
    /// The network without its classes.
    pub backbone: ManifestFile,
    /// From features to classes, if the training had classes.
    pub classifier: Option<ManifestFile>,
}

/// A file of weights on the site.
#[derive(Clone, Debug, Deserialize)]
pub struct ManifestFile {
    file: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// The networks whose weights are below `base_url`, the default one first. `build_query` is appended to the list's URL.
///
/// # Errors
/// [`ComputeError::WeightsUnreachable`], [`ComputeError::Manifest`].
pub async fn site_networks(base_url: &str, build_query: &str) -> Result<Vec<SiteNetwork>, ComputeError> {
    let bytes = download(&format!("{base_url}weights/networks.json{build_query}"), |_, _| {}).await?.to_vec();
    serde_json::from_slice(&bytes).map_err(|error| ComputeError::Manifest(error.to_string()))
}

impl ManifestFile {
    /// The file's URL below `base_url`, with its checksum, so that a cache never serves an older file.
    pub fn url(&self, base_url: &str) -> String {
        format!("{base_url}weights/{}?v={}", self.file, &self.sha256[..12.min(self.sha256.len())])
    }
}

/// Reads a weights file.
///
/// # Errors
/// [`ComputeError::WeightsTooLarge`], [`ComputeError::WeightsUnreadable`].
pub async fn read(file: &File) -> Result<Uint8Array, ComputeError> {
    if file.size() > WEIGHTS_BYTES_MAX {
        return Err(ComputeError::WeightsTooLarge { name: file.name(), byte_size: file.size() as u64 });
    }
    bytes_of(file).await.map_err(|thrown| ComputeError::WeightsUnreadable(thrown_message(&thrown)))
}
