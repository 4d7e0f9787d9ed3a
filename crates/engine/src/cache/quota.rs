//! The quota for features, and eviction.

use std::collections::HashSet;

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageEstimate;

use shoal::collection::eviction::{CacheEntry, to_evict};

use super::database::{Database, FEATURES, USES, Writer};
use super::error::CacheError;

/// The most bytes that features and thumbnails may take, unless a third of the browser's quota is less.
const BYTES_MAX: u64 = 512 << 20;
/// How many uses are read at once, so that reading them does not block the page.
const USES_AT_ONCE: u32 = 4096;
/// How many records are deleted in one transaction.
const DELETED_AT_ONCE: usize = 256;

/// The most bytes that features may take in this browser.
pub async fn quota_bytes(wanted: Option<u64>) -> u64 {
    let share = estimated_quota().await.map_or(BYTES_MAX, |quota| (quota / 3.0) as u64);
    wanted.unwrap_or(BYTES_MAX).min(share)
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

/// Deletes the least recently used records until the rest fits into `quota_bytes`. Returns the keys of the deleted records.
pub async fn evict(database: &Database, quota_bytes: u64) -> Result<HashSet<String>, CacheError> {
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
    let gone = to_evict(&uses, quota_bytes);
    for part in gone.chunks(DELETED_AT_ONCE) {
        let delete = |writer: &Writer<'_>| {
            part.iter().try_for_each(|&place| {
                writer.delete(FEATURES, &keys[place])?;
                writer.delete(USES, &keys[place])
            })
        };
        database.write(&[FEATURES, USES], delete).await?;
    }
    Ok(gone.into_iter().filter_map(|place| keys[place].as_string()).collect())
}
