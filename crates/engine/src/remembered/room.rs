//! How much room features may take, and making it.

use std::collections::HashSet;

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageEstimate;

use crate::remembered::database::{Database, FEATURES, USES};
use shoal::collection::eviction::{CacheEntry, to_evict};
use shoal_browser::api_error::ApiError;

/// Features and thumbnails take at most this many bytes, and at most a third of what the browser gives the page.
pub const MOST_BYTES: u64 = 512 << 20;
/// So many uses are read at once, so that reading them does not hold up the page.
const USES_AT_ONCE: u32 = 4096;
/// So many records are deleted in one transaction.
const DELETED_AT_ONCE: usize = 256;

/// The most bytes that features may take here.
pub async fn most_bytes(wanted: Option<u64>) -> u64 {
    let share = estimated_quota().await.map_or(MOST_BYTES, |quota| (quota / 3.0) as u64);
    wanted.unwrap_or(MOST_BYTES).min(share)
}

async fn estimated_quota() -> Option<f64> {
    let storage = web_sys::window()?.navigator().storage();
    // Only secure contexts have it.
    if storage.is_undefined() {
        return None;
    }
    let estimate: StorageEstimate = JsFuture::from(storage.estimate().ok()?).await.ok()?.unchecked_into();
    estimate.get_quota()
}

/// Forgets what was not used for longest until the rest fits. Gives the keys of what went.
pub async fn make_room(database: &Database, most_bytes: u64) -> Result<HashSet<String>, ApiError> {
    let mut keys: Vec<JsValue> = Vec::new();
    let mut uses = Vec::new();
    loop {
        let part = database.scan(USES, keys.last(), USES_AT_ONCE).await?;
        if part.is_empty() {
            break;
        }
        for (key, value) in part {
            keys.push(key);
            let value: Array = value.unchecked_into();
            let [used_ms, byte_size] = [0, 1].map(|index| value.get(index).as_f64().unwrap_or_default());
            uses.push(CacheEntry { used_ms, byte_size: byte_size as u64 });
        }
    }
    let gone = to_evict(&uses, most_bytes);
    for part in gone.chunks(DELETED_AT_ONCE) {
        let delete = |writer: &super::database::Writer<'_>| {
            part.iter().try_for_each(|&place| {
                writer.delete(FEATURES, &keys[place])?;
                writer.delete(USES, &keys[place])
            })
        };
        database.write(&[FEATURES, USES], delete).await?;
    }
    Ok(gone.into_iter().filter_map(|place| keys[place].as_string()).collect())
}
