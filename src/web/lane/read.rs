//! Reading a file, and telling who it is by its bytes.

use js_sys::Uint8Array;
use sha2::{Digest, Sha256};
use web_sys::File;

use crate::protocol::Identity;
use crate::web::failure::Failure;

/// Hashing copies this many bytes at a time into this program's memory, which never shrinks again.
const CHUNK_BYTES: usize = 1 << 20;

/// All bytes of a file, kept outside this program's memory.
pub async fn bytes(file: &File) -> Result<Uint8Array, Failure> {
    let buffer = wasm_bindgen_futures::JsFuture::from(file.array_buffer())
        .await
        .map_err(|thrown| Failure::thrown("unreadable-file", "the file could not be read", &thrown))?;
    Ok(Uint8Array::new(&buffer))
}

/// Size and checksums of the bytes.
pub fn identity(bytes: &Uint8Array) -> Identity {
    let mut sha256 = Sha256::new();
    let mut crc32 = crc32fast::Hasher::new();
    let total = bytes.length() as usize;
    let mut chunk = vec![0; CHUNK_BYTES.min(total)];
    for start in (0..total).step_by(CHUNK_BYTES) {
        let end = (start + CHUNK_BYTES).min(total);
        let part = &mut chunk[..end - start];
        bytes.subarray(start as u32, end as u32).copy_to(part);
        sha256.update(&*part);
        crc32.update(part);
    }
    Identity { byte_size: total as u64, sha256: sha256.finalize().into(), crc32: crc32.finalize() }
}
