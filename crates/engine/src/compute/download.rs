//! Downloads: with progress, without waiting for ever for a server that has stalled, and aborted when they are dropped.

use js_sys::{Object, Promise, Reflect, Uint8Array};
use shoal_browser::api_error::thrown_message;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

use super::error::ComputeError;
use super::signs::{SILENCE_MS, Signs};

#[wasm_bindgen]
extern "C" {
    type AbortController;

    #[wasm_bindgen(constructor)]
    fn new() -> AbortController;

    #[wasm_bindgen(method, getter)]
    fn signal(this: &AbortController) -> JsValue;

    #[wasm_bindgen(method)]
    fn abort(this: &AbortController);

    #[wasm_bindgen(catch, js_name = fetch)]
    fn start_fetch(url: &str, options: &Object) -> Result<Promise, JsValue>;
}

/// Why one attempt has failed.
enum Failure {
    /// The server refuses: another attempt would fail too.
    Refused(String),
    /// Nothing arrives, or not everything.
    Interrupted(String),
}

/// Aborts a request when dropped, which has no effect on one that has ended.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Downloads the file at `url`. `on_progress` gets the number of bytes so far and, if it is known, their total. A download that
/// stalls or breaks off is tried once more. Dropping the future aborts the download.
///
/// # Errors
/// [`ComputeError::WeightsUnreachable`].
pub async fn download(url: &str, on_progress: impl Fn(u64, Option<u64>)) -> Result<Uint8Array, ComputeError> {
    let reason = match attempt(url, &on_progress).await {
        Ok(bytes) => return Ok(bytes),
        Err(Failure::Refused(reason)) => reason,
        Err(Failure::Interrupted(_)) => match attempt(url, &on_progress).await {
            Ok(bytes) => return Ok(bytes),
            Err(Failure::Refused(reason) | Failure::Interrupted(reason)) => reason,
        },
    };
    Err(ComputeError::WeightsUnreachable(reason))
}

async fn attempt(url: &str, on_progress: &impl Fn(u64, Option<u64>)) -> Result<Uint8Array, Failure> {
    let controller = AbortOnDrop(AbortController::new());
    let signs = Signs::default();
    let finished = signs.watch(
        SILENCE_MS,
        receive(url, &controller.0, |received, total| {
            signs.give();
            on_progress(received, total);
        }),
    );
    let stalled = || format!("{url} was not answered for {} seconds", SILENCE_MS / 1000);
    finished.await.unwrap_or_else(|| Err(Failure::Interrupted(stalled())))
}

async fn receive(
    url: &str,
    controller: &AbortController,
    on_progress: impl Fn(u64, Option<u64>),
) -> Result<Uint8Array, Failure> {
    let interrupted = |thrown: JsValue| Failure::Interrupted(thrown_message(&thrown));
    let options = Object::new();
    Reflect::set(&options, &"signal".into(), &controller.signal()).map_err(interrupted)?;
    let started = start_fetch(url, &options).map_err(interrupted)?;
    let response: Response = JsFuture::from(started).await.map_err(interrupted)?.unchecked_into();
    if !response.ok() {
        return Err(Failure::Refused(format!("{url} answered {}", response.status())));
    }
    let headers = response.headers();
    // The length of a compressed response is not that of the decompressed bytes.
    let total = match headers.get("content-encoding").map_err(interrupted)? {
        Some(_) => None,
        None => headers.get("content-length").map_err(interrupted)?.and_then(|length| length.parse().ok()),
    };
    let body = response.body().ok_or_else(|| Failure::Refused("the response has no body".into()))?;
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut parts: Vec<Uint8Array> = Vec::new();
    let mut received: u64 = 0;
    loop {
        let step = JsFuture::from(reader.read()).await.map_err(interrupted)?;
        if Reflect::get(&step, &"done".into()).map_err(interrupted)?.is_truthy() {
            break;
        }
        let part: Uint8Array = Reflect::get(&step, &"value".into()).map_err(interrupted)?.unchecked_into();
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
