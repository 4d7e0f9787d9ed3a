//! Handlers that read a features file a few rows at a time, without loading it whole.

use std::io::{self, Read, Seek, SeekFrom};

use js_sys::{Float32Array, Float64Array, Uint8Array};
use shoal::archive::npz::NpzReader;
use shoal_browser::api_error::{ApiError, thrown_message};
use shoal_browser::worker_scope::Handle;
use shoal_protocol::{CloseFeatures, FeatureRows, FeaturesHead, FileUnreadable, OpenFeatures, ReadFeatures};
use wasm_bindgen::JsValue;
use web_sys::{Blob, FileReaderSync};

use crate::WorkerState;
use crate::error::WorkerError;

/// How many bytes are read at once.
const BUFFER_BYTES: u64 = 1 << 20;

/// An open features file.
pub struct OpenFile(NpzReader<BlobReader>);

impl Handle<OpenFeatures> for WorkerState {
    async fn handle(&self, OpenFeatures { file }: OpenFeatures) -> Result<FeaturesHead, ApiError> {
        self.features_file.take();
        let reader = NpzReader::open(BlobReader::new(file.into())?)?;
        let head = reader.head();
        let byte_sizes: Vec<f64> = head.byte_sizes.iter().flatten().map(|&bytes| bytes as f64).collect();
        let hashes: Vec<u8> = head.content_hashes.iter().flatten().flatten().copied().collect();
        let reply = FeaturesHead {
            columns: head.dims,
            names: head.names.clone(),
            spec: head.spec.clone(),
            byte_sizes: Float64Array::from(byte_sizes.as_slice()),
            content_hashes: Uint8Array::from(hashes.as_slice()),
        };
        self.features_file.replace(Some(OpenFile(reader)));
        Ok(reply)
    }
}

impl Handle<ReadFeatures> for WorkerState {
    async fn handle(&self, _: ReadFeatures) -> Result<FeatureRows, ApiError> {
        let mut file = self.features_file.borrow_mut();
        let OpenFile(reader) = file.as_mut().ok_or(WorkerError::NoFeaturesFile)?;
        let values = match reader.next_rows()? {
            Some(rows) => Float32Array::from(rows.values()),
            None => Float32Array::new_with_length(0),
        };
        Ok(FeatureRows { values })
    }
}

impl Handle<CloseFeatures> for WorkerState {
    async fn handle(&self, _: CloseFeatures) -> Result<(), ApiError> {
        self.features_file.take();
        Ok(())
    }
}

/// A reader of a blob, which has at most [`BUFFER_BYTES`] in memory.
struct BlobReader {
    blob: Blob,
    files: FileReaderSync,
    byte_size: u64,
    position: u64,
    buffer: Vec<u8>,
    /// The buffer's position in the blob.
    buffer_start: u64,
}

impl BlobReader {
    fn new(blob: Blob) -> Result<Self, FileUnreadable> {
        let files = FileReaderSync::new().map_err(|thrown| FileUnreadable(thrown_message(&thrown)))?;
        let byte_size = blob.size() as u64;
        Ok(Self { blob, files, byte_size, position: 0, buffer: Vec::new(), buffer_start: 0 })
    }

    /// The buffer's bytes from the position on. Refills the buffer if it does not cover the position. Empty at the end of the
    /// file.
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
    io::Error::other(thrown_message(thrown))
}
