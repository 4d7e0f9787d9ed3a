//! Where the network's weights lie, and fetching them, with progress.

use js_sys::{Reflect, Uint8Array};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

use crate::web::engine::Origin;
use crate::web::failure::Failure;

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
pub fn shipped() -> Result<Manifest, Failure> {
    serde_json::from_str(include_str!("../../../weights/manifest.json"))
        .map_err(|error| Failure::new("weights-format", error.to_string()))
}

impl ManifestFile {
    /// Named by its checksum, so that a cache gives it again only while it is the same.
    pub(super) fn url(&self, origin: &Origin) -> String {
        format!("{}weights/{}?v={}", origin.asset_base, self.file, &self.sha256[..12.min(self.sha256.len())])
    }
}

/// Fetches the file at `url`; `tell` hears the bytes so far and, where it is known, their total.
pub async fn fetch(url: &str, tell: impl Fn(u64, Option<u64>)) -> Result<Uint8Array, Failure> {
    let unreachable =
        |thrown: JsValue| Failure::thrown("weights-unreachable", "the weights could not be fetched", &thrown);
    let window = web_sys::window().ok_or_else(|| Failure::new("no-window", "there is no page to fetch for"))?;
    let response: Response = JsFuture::from(window.fetch_with_str(url)).await.map_err(unreachable)?.unchecked_into();
    if !response.ok() {
        let message = format!("the weights could not be fetched: {} answered {}", url, response.status());
        return Err(Failure::new("weights-unreachable", message));
    }
    let headers = response.headers();
    // A compressed answer's length says nothing of the bytes that come out.
    let total = match headers.get("content-encoding").map_err(unreachable)? {
        Some(_) => None,
        None => headers.get("content-length").map_err(unreachable)?.and_then(|length| length.parse().ok()),
    };
    let Some(body) = response.body() else {
        return Err(Failure::new("weights-unreachable", "the weights came without a body"));
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
