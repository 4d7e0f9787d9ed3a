//! Where the network's weights come from: fetching them, with progress, or reading a file that a person chose.

use js_sys::{Reflect, Uint8Array};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, ReadableStreamDefaultReader, Response};

use crate::{Engine, EngineInfo, Origin};
use shoal_browser::api_error::ApiError;
use shoal_browser::blob::bytes_of;

/// A larger file is no MobileNetV2, not even with all that a training keeps beside it.
const WEIGHTS_BYTES_MAX: f64 = (256 << 20) as f64;

/// Where the network's weights come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum WeightsSource {
    /// They lie beside the program.
    #[default]
    Shipped,
    /// They lie at this address.
    Url(String),
    /// A person chose them.
    File(File),
}

/// The shipped weights, as the converter described them.
#[derive(Deserialize)]
pub struct Manifest {
    /// The network without its classes.
    pub backbone: ManifestFile,
    /// What makes classes of features.
    pub classifier: ManifestFile,
}

/// One of the files.
#[derive(Deserialize)]
pub struct ManifestFile {
    file: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// The weights that lie beside the program.
pub fn shipped() -> Result<Manifest, ApiError> {
    serde_json::from_str(include_str!("../../../weights/manifest.json"))
        .map_err(|error| ApiError::new("weights-format", error.to_string()))
}

impl ManifestFile {
    /// Named by its checksum, so that a cache gives it again only while it is the same.
    pub(super) fn url(&self, origin: &Origin) -> String {
        format!("{}weights/{}?v={}", origin.asset_base, self.file, &self.sha256[..12.min(self.sha256.len())])
    }
}

impl Engine {
    /// Embeds with the network in this file from here on, or again as the attributes say. Where it cannot be used, all
    /// stays as it was.
    ///
    /// # Errors
    /// As [`Engine::ready`]; `weights-too-large` and `weights-unreadable` for the file.
    pub async fn use_weights(&self, file: Option<File>) -> Result<EngineInfo, ApiError> {
        let before = self.0.settings.borrow_mut().choose_weights(file);
        let ready = self.ready().await;
        if ready.is_err() {
            self.0.settings.borrow_mut().choose_weights(before);
        }
        ready
    }
}

/// Reads a file of weights.
pub(super) async fn read(file: &File) -> Result<Uint8Array, ApiError> {
    if file.size() > WEIGHTS_BYTES_MAX {
        let message = format!("{} has {} bytes: no MobileNetV2 is that large", file.name(), file.size());
        return Err(ApiError::new("weights-too-large", message));
    }
    let unreadable = |thrown| ApiError::thrown("weights-unreadable", "the weights could not be read", &thrown);
    bytes_of(file).await.map_err(unreadable)
}

/// Fetches the file at `url`; `tell` hears the bytes so far and, where it is known, their total.
pub async fn fetch(url: &str, tell: impl Fn(u64, Option<u64>)) -> Result<Uint8Array, ApiError> {
    let unreachable =
        |thrown: JsValue| ApiError::thrown("weights-unreachable", "the weights could not be fetched", &thrown);
    let window = web_sys::window().ok_or_else(|| ApiError::new("no-window", "there is no page to fetch for"))?;
    let response: Response = JsFuture::from(window.fetch_with_str(url)).await.map_err(unreachable)?.unchecked_into();
    if !response.ok() {
        let message = format!("the weights could not be fetched: {} answered {}", url, response.status());
        return Err(ApiError::new("weights-unreachable", message));
    }
    let headers = response.headers();
    // A compressed answer's length says nothing of the bytes that come out.
    let total = match headers.get("content-encoding").map_err(unreachable)? {
        Some(_) => None,
        None => headers.get("content-length").map_err(unreachable)?.and_then(|length| length.parse().ok()),
    };
    let Some(body) = response.body() else {
        return Err(ApiError::new("weights-unreachable", "the weights came without a body"));
    };
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
        tell(received, total);
    }
    let bytes = Uint8Array::new_with_length(received as u32);
    let mut offset = 0;
    for part in parts {
        bytes.set(&part, offset);
        offset += part.length();
    }
    Ok(bytes)
}
