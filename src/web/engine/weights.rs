//! Fetching the network's weights, with progress.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

use crate::web::failure::Failure;

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
