//! Reading a file, and telling who it is by its bytes.

use std::ops::Range;

use js_sys::{Promise, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, File};

use shoal_browser::api_error::ApiError;
use shoal_browser::blob::bytes_of;
use shoal_protocol::Identity;

/// Hashing copies this many bytes at a time into this program's memory, which never shrinks again. A file that is longer is
/// worth asking the browser for its hash.
const CHUNK_BYTES: usize = 1 << 20;
/// What is only checksummed is asked of the browser in pieces of this many bytes.
const PIECE_BYTES: usize = 8 << 20;

/// All bytes of a file, kept outside this program's memory.
pub async fn bytes(file: &File) -> Result<Uint8Array, ApiError> {
    let unreadable = |thrown| ApiError::thrown("file-unreadable", "the file could not be read", &thrown);
    bytes_of(file).await.map_err(unreadable)
}

/// Size and checksums of the bytes.
pub async fn identity(bytes: &Uint8Array) -> Identity {
    let byte_size = u64::from(bytes.length());
    // Asked first, so that the browser is at it while the other checksum is made here.
    let asked = (byte_size > CHUNK_BYTES as u64).then(|| ask_for_sha256(bytes)).flatten();
    let mut crc32 = crc32fast::Hasher::new();
    for_each_chunk(bytes, |chunk| crc32.update(chunk));
    let answered = match asked {
        Some(promise) => JsFuture::from(promise).await.ok(),
        None => None,
    };
    let sha256 = answered.and_then(|buffer| Uint8Array::new(&buffer).to_vec().try_into().ok()).unwrap_or_else(|| {
        let mut sha256 = Sha256::new();
        for_each_chunk(bytes, |chunk| sha256.update(chunk));
        sha256.finalize().into()
    });
    Identity { byte_size, sha256, crc32: crc32.finalize() }
}

/// CRC-32 of a part of a file, of which only a little is in memory at a time.
pub async fn crc32(file: &File, part: Range<u64>) -> Result<u32, ApiError> {
    let unreadable = |thrown| ApiError::thrown("file-unreadable", "the file could not be read", &thrown);
    let mut crc32 = crc32fast::Hasher::new();
    for start in part.clone().step_by(PIECE_BYTES) {
        let end = (start + PIECE_BYTES as u64).min(part.end);
        let piece = file.slice_with_f64_and_f64(start as f64, end as f64).map_err(unreadable)?;
        for_each_chunk(&bytes_of(&piece).await.map_err(unreadable)?, |chunk| crc32.update(chunk));
    }
    Ok(crc32.finalize())
}

/// The browser's own SHA-256, which only secure contexts have.
fn ask_for_sha256(bytes: &Uint8Array) -> Option<Promise> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let subtle = scope.crypto().ok()?.subtle();
    if subtle.is_undefined() {
        return None;
    }
    subtle.digest_with_str_and_buffer_source("SHA-256", bytes).ok()
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
