//! Reading bytes that are outside this program's memory.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use js_sys::Uint8Array;

/// How many bytes are copied into this program's memory at a time.
const BUFFER_BYTES: usize = 256 << 10;

/// A reader of these bytes.
pub fn reader(bytes: &Uint8Array) -> BufReader<BytesReader> {
    BufReader::with_capacity(BUFFER_BYTES, BytesReader { bytes: bytes.clone(), position: 0 })
}

/// Reads bytes without a buffer.
pub struct BytesReader {
    bytes: Uint8Array,
    position: u64,
}

impl Read for BytesReader {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let length = self.bytes.length();
        let start = u32::try_from(self.position).unwrap_or(length).min(length);
        let count = target.len().min((length - start) as usize);
        self.bytes.subarray(start, start + count as u32).copy_to(&mut target[..count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for BytesReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => u64::from(self.bytes.length()).checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.position)
    }
}
