//! Reading and hashing files.

use std::ops::Range;

use js_sys::{Promise, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use shoal_browser::api_error::thrown_message;
use shoal_browser::blob::bytes_of;
use shoal_browser::worker_scope::scope;
use shoal_protocol::{FileDigest, FileUnreadable};

/// How many bytes are copied into this program's memory, which never shrinks, at a time. The browser hashes longer files.
const CHUNK_BYTES: usize = 1 << 20;
/// How many bytes of a file are read at a time for its CRC-32.
const PIECE_BYTES: usize = 8 << 20;

/// All bytes of a file, outside this program's memory.
///
/// # Errors
/// [`FileUnreadable`].
pub async fn read(file: &File) -> Result<Uint8Array, FileUnreadable> {
    bytes_of(file).await.map_err(unreadable)
}

/// Size and checksums of the bytes.
pub async fn digest(bytes: &Uint8Array) -> FileDigest {
    let byte_size = u64::from(bytes.length());
    // Started first, so that the browser hashes while the other checksum is computed here.
    let started = (byte_size > CHUNK_BYTES as u64).then(|| browser_sha256(bytes)).flatten();
    let mut crc32 = crc32fast::Hasher::new();
    for_each_chunk(bytes, |chunk| crc32.update(chunk));
    let finished = match started {
        Some(promise) => JsFuture::from(promise).await.ok(),
        None => None,
    };
    let sha256 = finished.and_then(|buffer| Uint8Array::new(&buffer).to_vec().try_into().ok()).unwrap_or_else(|| {
        let mut sha256 = Sha256::new();
        for_each_chunk(bytes, |chunk| sha256.update(chunk));
        sha256.finalize().into()
    });
    FileDigest { byte_size, sha256, crc32: crc32.finalize() }
}

/// CRC-32 of a part of a file, of which `PIECE_BYTES` are in memory at a time.
///
/// # Errors
/// [`FileUnreadable`].
pub async fn crc32(file: &File, part: Range<u64>) -> Result<u32, FileUnreadable> {
    let mut crc32 = crc32fast::Hasher::new();
    for start in part.clone().step_by(PIECE_BYTES) {
        let end = (start + PIECE_BYTES as u64).min(part.end);
        let piece = file.slice_with_f64_and_f64(start as f64, end as f64).map_err(unreadable)?;
        for_each_chunk(&bytes_of(&piece).await.map_err(unreadable)?, |chunk| crc32.update(chunk));
    }
    Ok(crc32.finalize())
}

/// Starts the browser's own SHA-256, which only secure contexts have.
fn browser_sha256(bytes: &Uint8Array) -> Option<Promise> {
    let subtle = scope().crypto().ok()?.subtle();
    if subtle.is_undefined() {
        return None;
    }
    subtle.digest_with_str_and_buffer_source("SHA-256", bytes).ok()
}

fn unreadable(thrown: JsValue) -> FileUnreadable {
    FileUnreadable(thrown_message(&thrown))
}

fn for_each_chunk(bytes: &Uint8Array, mut take: impl FnMut(&[u8])) {
    let total = bytes.length() as usize;
    let mut chunk = vec![0; CHUNK_BYTES.min(total)];
    for start in (0..total).step_by(CHUNK_BYTES) {
        let end = (start + CHUNK_BYTES).min(total);
        let part = &mut chunk[..end - start];
        bytes.subarray(start as u32, end as u32).copy_to(part);
        take(part);
    }
}
