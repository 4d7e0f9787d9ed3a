//! Weights, fetched with progress or read from a file that the user chose.

use js_sys::{Reflect, Uint8Array};
use serde::Deserialize;
use shoal_browser::api_error::thrown_message;
use shoal_browser::blob::bytes_of;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ReadableStreamDefaultReader, Response};

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
    let bytes = fetch(&format!("{base_url}weights/networks.json{build_query}"), |_, _| {}).await?.to_vec();
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

/// Fetches the file at `url`. `on_progress` gets the number of bytes so far and, if it is known, their total.
///
/// # Errors
/// [`ComputeError::WeightsUnreachable`].
pub async fn fetch(url: &str, on_progress: impl Fn(u64, Option<u64>)) -> Result<Uint8Array, ComputeError> {
    let unreachable = |thrown: JsValue| ComputeError::WeightsUnreachable(thrown_message(&thrown));
    let window = web_sys::window().ok_or(ComputeError::NoWindow)?;
    let response: Response = JsFuture::from(window.fetch_with_str(url)).await.map_err(unreachable)?.unchecked_into();
    if !response.ok() {
        return Err(ComputeError::WeightsUnreachable(format!("{url} answered {}", response.status())));
    }
    let headers = response.headers();
    // The length of a compressed response is not that of the decompressed bytes.
    let total = match headers.get("content-encoding").map_err(unreachable)? {
        Some(_) => None,
        None => headers.get("content-length").map_err(unreachable)?.and_then(|length| length.parse().ok()),
    };
    let body = response.body().ok_or_else(|| ComputeError::WeightsUnreachable("the response has no body".into()))?;
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut parts: Vec<Uint8Array> = Vec::new();
    let mut received: u64 = 0;
    loop {
        let step = JsFuture::from(reader.read()).await.map_err(unreachable)?;
        if Reflect::get(&step, &"done".into()).map_err(unreachable)?.is_truthy() {
            break;
        }
        let part: Uint8Array = Reflect::get(&step, &"value".into()).map_err(unreachable)?.unchecked_into();
        received += u64::from(part.length());
        parts.push(part);
        on_progress(received, total);
    }
    let bytes = Uint8Array::new_with_length(received as u32);
    let mut offset = 0;
    for part in parts {
        bytes.set(&part, offset);
        offset += part.length();
    }
    Ok(bytes)
}
