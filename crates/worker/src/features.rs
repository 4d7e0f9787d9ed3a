//! The features file that is open: read from where it lies, a little at a time.

use std::io::{self, Read, Seek, SeekFrom};

use js_sys::{Array, Float32Array, Float64Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::{Blob, File, FileReaderSync};

use crate::Answer;
use shoal::archive::npz::NpzReader;
use shoal_browser::api_error::ApiError;
use shoal_protocol::FromWorker;

/// So many bytes are asked of the browser at once.
const BUFFER_BYTES: u64 = 1 << 20;

/// The open features file, if there is one.
#[derive(Default)]
pub struct OpenFeatures(Option<NpzReader<BlobReader>>);

impl OpenFeatures {
    /// Opens a file in place of one that is open.
    pub fn open(&mut self, file: File) -> Answer {
        self.0 = None;
        let reader = NpzReader::open(BlobReader::new(file.into())?)?;
        let head = reader.head();
        let byte_sizes: Vec<f64> = head.byte_sizes.iter().flatten().map(|&bytes| bytes as f64).collect();
        let hashes: Vec<u8> = head.content_hashes.iter().flatten().flatten().copied().collect();
        let message =
            FromWorker::FeaturesOpened { columns: head.dims, names: head.names.clone(), made: head.spec.clone() };
        let bulk = Array::of2(&Float64Array::from(byte_sizes.as_slice()), &Uint8Array::from(hashes.as_slice()));
        self.0 = Some(reader);
        Ok((message, bulk))
    }

    /// The next rows.
    pub fn read(&mut self) -> Answer {
        let reader = self.0.as_mut().ok_or_else(|| ApiError::new("bad-message", "no features file is open"))?;
        let values = match reader.next_rows()? {
            Some(rows) => Float32Array::from(rows.values()),
            None => Float32Array::new_with_length(0),
        };
        Ok((FromWorker::FeaturesRead, Array::of1(&values)))
    }

    /// Lets go of the file.
    pub fn close(&mut self) -> Answer {
        self.0 = None;
        Ok((FromWorker::Done, Array::new()))
    }
}

/// Reads a blob without ever holding more of it than [`BUFFER_BYTES`].
struct BlobReader {
    blob: Blob,
    files: FileReaderSync,
    byte_size: u64,
    position: u64,
    buffer: Vec<u8>,
    /// Where in the blob the buffer begins.
    buffer_start: u64,
}

impl BlobReader {
    fn new(blob: Blob) -> Result<Self, ApiError> {
        let no_reader = |thrown| ApiError::thrown("file-unreadable", "the features file could not be read", &thrown);
        let files = FileReaderSync::new().map_err(no_reader)?;
        let byte_size = blob.size() as u64;
        Ok(Self { blob, files, byte_size, position: 0, buffer: Vec::new(), buffer_start: 0 })
    }

    /// The buffer's bytes from the position on, read anew where they do not cover it; none at the file's end.
    fn at_position(&mut self) -> io::Result<&[u8]> {
        let covered = self.buffer_start..self.buffer_start + self.buffer.len() as u64;
        if !covered.contains(&self.position) && self.position < self.byte_size {
            let end = (self.position + BUFFER_BYTES).min(self.byte_size);
            let bytes = self.slice(self.position, end).map_err(|thrown| unreadable(&thrown))?;
            self.buffer = bytes.to_vec();
            self.buffer_start = self.position;
        }
        let skipped = self.position.checked_sub(self.buffer_start).and_then(|bytes| usize::try_from(bytes).ok());
        Ok(skipped.and_then(|skipped| self.buffer.get(skipped..)).unwrap_or_default())
    }

    fn slice(&self, start: u64, end: u64) -> Result<Uint8Array, JsValue> {
        let part = self.blob.slice_with_f64_and_f64(start as f64, end as f64)?;
        let buffer = self.files.read_as_array_buffer(&part)?;
        Ok(Uint8Array::new(&buffer))
    }
}

impl Read for BlobReader {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let count = self.at_position()?.read(target)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for BlobReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.byte_size.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.position)
    }
}

fn unreadable(thrown: &JsValue) -> io::Error {
    io::Error::other(ApiError::thrown("file-unreadable", "the browser cannot read it", thrown).message)
}
