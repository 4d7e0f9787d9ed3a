//! Records with features and appearance of images, read and written in batches.

use std::rc::Rc;

use js_sys::{Array, Float32Array, Uint8Array};
use shoal::archive::npz::FeatureSpec;
use shoal::capture::Capture;
use shoal::collection::{Image, content_hash};
use shoal::options::FeatureKind;
use shoal::preprocess::Fingerprint;
use shoal_browser::api_error::thrown_message;
use shoal_browser::blob::{self, blob_of};
use shoal_protocol::FileDigest;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

use super::database::{Database, FEATURES, USES, Writer, end_of, field, list, number, object};
use super::error::CacheError;
use crate::collection::{FeatureOrigin, Processor, SourceFile, StoredImage};

/// How many images are read or written in one transaction, about a megabyte.
pub const IMAGES_AT_ONCE: usize = 64;

/// How many records of one file size are searched for one with the same path and modification time.
const RECORDS_PER_SIZE: u32 = 8;

/// How many uses are written in one transaction.
const USES_AT_ONCE: usize = 512;

/// The key of an image's record: how its features were computed and from which bytes, or which row of which file they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// The key of an image with features of this origin.
    pub fn of(origin: &FeatureOrigin, image: &Image) -> Self {
        match (origin, image.known_sha256()) {
            (FeatureOrigin::Network(spec), Some(sha256)) => Self::by_content(spec, image.byte_size, sha256),
            (FeatureOrigin::Network(spec), None) => Self(format!("{}/{}", prefix(spec), image.path)),
            (FeatureOrigin::File { token }, _) => Self(format!("file/{token}/{}", image.path)),
        }
    }

    /// The key of a file of this size and content.
    pub fn by_content(spec: &FeatureSpec, byte_size: u64, sha256: &[u8; 32]) -> Self {
        Self(format!("{}/{byte_size}/{}", prefix(spec), content_hash::to_hex(sha256)))
    }

    /// The first and the last key that a file of this size may have.
    pub fn range_of_size(spec: &FeatureSpec, byte_size: u64) -> (String, String) {
        let first = format!("{}/{byte_size}/", prefix(spec));
        let last = end_of(&first);
        (first, last)
    }

    /// The key as the database stores it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn js(&self) -> JsValue {
        self.0.as_str().into()
    }
}

/// The SHA-256 at the end of a key that [`Key::by_content`] made.
fn sha256_of(key: &JsValue) -> Option<[u8; 32]> {
    content_hash::from_hex(key.as_string()?.rsplit('/').next()?)
}

fn prefix(spec: &FeatureSpec) -> String {
    let kind = match spec.features {
        FeatureKind::Pooled => "pooled",
        FeatureKind::Flat => "flat",
    };
    // The first version's keys have none, and are still those of collections that it stored.
    let version = if spec.preprocessing == 1 { String::new() } else { format!("-{}", spec.preprocessing) };
    format!("{}/{}/{kind}{version}", spec.weights_sha256, spec.size_px)
}

/// The state of an image's source file when it was read.
pub struct ReadFile {
    /// The image's path.
    pub path: String,
    /// When the file was last modified, in milliseconds since 1970 (UTC).
    pub modified_ms: f64,
    /// CRC-32 of its bytes.
    pub crc32: u32,
}

impl ReadFile {
    /// The file of a record.
    fn of_record(record: &JsValue) -> Option<Self> {
        let parts = field::<Array>(record, "file")?;
        let [path, modified_ms, crc32] = [0, 1, 2].map(|index| parts.get(index));
        Some(Self { path: path.as_string()?, modified_ms: modified_ms.as_f64()?, crc32: crc32.as_f64()? as u32 })
    }
}

/// What is stored about an image.
pub struct Record {
    /// Its features.
    pub features: Float32Array,
    /// What computed them.
    pub processor: Processor,
    /// Width as displayed, in pixels.
    pub width_px: u32,
    /// Height as displayed, in pixels.
    pub height_px: u32,
    /// How the image was taken, if its file says so.
    pub capture: Option<Capture>,
    /// The fingerprint, which identifies copies, if the image was decoded.
    pub fingerprint: Option<Fingerprint>,
    /// The thumbnail, if the image was decoded.
    pub thumbnail: Option<Blob>,
    /// The source file, if it was read.
    pub file: Option<ReadFile>,
}

impl Record {
    /// The record of an image in the collection.
    pub fn of(image: &Image, stored: &StoredImage) -> Self {
        Self {
            features: stored.features.clone(),
            processor: stored.processor,
            width_px: image.width_px,
            height_px: image.height_px,
            capture: image.capture.clone(),
            fingerprint: stored.fingerprint,
            thumbnail: stored.thumbnail.clone(),
            file: image.known_sha256().map(|_| ReadFile {
                path: image.path.clone(),
                modified_ms: image.modified_ms,
                crc32: image.crc32,
            }),
        }
    }

    /// The record as the database stores it, and how many bytes it takes. A thumbnail is stored as bytes, because a blob
    /// becomes a separate file, which takes several times as long.
    async fn into_js(self) -> Result<(JsValue, u64), CacheError> {
        let bytes = match &self.thumbnail {
            Some(thumbnail) => {
                let unreadable = |thrown| CacheError::Unavailable(thrown_message(&thrown));
                Some(blob::bytes_of(thumbnail).await.map_err(unreadable)?)
            }
            None => None,
        };
        // Copied, because a view would be stored with the whole array that it is a view of.
        let features = self.features.slice(0, self.features.length());
        let byte_size = u64::from(features.byte_length() + bytes.as_ref().map_or(0, Uint8Array::length));
        let fingerprint = self.fingerprint.map_or(JsValue::NULL, |found| {
            let [high, low] = [(found.dhash >> 32) as u32, found.dhash as u32].map(f64::from);
            list([high.into(), low.into(), f64::from(found.sharpness).into()]).into()
        });
        let capture =
            self.capture.and_then(|capture| serde_json::to_string(&capture).ok()).map_or(JsValue::NULL, JsValue::from);
        let file = self.file.map_or(JsValue::NULL, |ReadFile { path, modified_ms, crc32 }| {
            list([path.into(), modified_ms.into(), crc32.into()]).into()
        });
        let record = object(&[
            ("features", features.into()),
            ("processor", self.processor.name().into()),
            ("widthPx", self.width_px.into()),
            ("heightPx", self.height_px.into()),
            ("capture", capture),
            ("fingerprint", fingerprint),
            ("thumbnail", bytes.map_or(JsValue::NULL, JsValue::from)),
            ("file", file),
        ]);
        Ok((record, byte_size))
    }

    /// Reads a record; `None` if it is not one.
    fn from_js(record: &JsValue) -> Option<Self> {
        let fingerprint = field::<Array>(record, "fingerprint").and_then(|parts| {
            let part = |index| parts.get(index).as_f64();
            let dhash = (part(0)? as u64) << 32 | part(1)? as u64;
            Some(Fingerprint { dhash, sharpness: part(2)? as f32 })
        });
        let is_gpu = field::<js_sys::JsString>(record, "processor").is_some_and(|name| name == "webgpu");
        Some(Self {
            features: field(record, "features")?,
            processor: if is_gpu { Processor::WebGpu } else { Processor::Cpu },
            width_px: number(record, "widthPx")? as u32,
            height_px: number(record, "heightPx")? as u32,
            capture: field::<js_sys::JsString>(record, "capture")
                .and_then(|text| serde_json::from_str(&String::from(text)).ok()),
            fingerprint,
            thumbnail: field::<Uint8Array>(record, "thumbnail")
                .and_then(|bytes| blob_of(&Array::of1(&bytes), "image/jpeg").ok()),
            file: ReadFile::of_record(record),
        })
    }
}

/// Keys of records that were used, with the time and size to store.
#[derive(Default)]
pub struct UsedRecords(Vec<(JsValue, JsValue)>);

impl UsedRecords {
    /// Adds others.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Stores in the background that these were used just now. If that fails, they are evicted earlier than necessary.
    pub fn record(self, database: Rc<Database>) {
        spawn_local(async move {
            let _ = self.write(&database).await;
        });
    }

    async fn write(self, database: &Database) -> Result<(), CacheError> {
        for part in self.0.chunks(USES_AT_ONCE) {
            database
                .write(&[USES], |writer| part.iter().try_for_each(|(key, used)| writer.put(USES, key, used)))
                .await?;
        }
        Ok(())
    }
}

/// The records of these keys.
pub async fn look_up(database: &Database, keys: &[Key]) -> Result<(Vec<Option<Record>>, UsedRecords), CacheError> {
    let keys_js: Vec<JsValue> = keys.iter().map(Key::js).collect();
    let found = database.get(FEATURES, &keys_js).await?;
    let records: Vec<Option<Record>> = found.iter().map(|record| record.as_ref().and_then(Record::from_js)).collect();
    let known = keys_js.iter().zip(&found).filter_map(|(key, record)| Some((key, record.as_ref()?)));
    let used = known.map(|(key, record)| (key.clone(), use_of(bytes_of(record)))).collect();
    Ok((records, UsedRecords(used)))
}

/// The digests and records of files that have the same path, size and modification time as when they were read; `None` for
/// any other file, and for files that these do not identify.
pub async fn look_up_unchanged(
    database: &Database,
    spec: &FeatureSpec,
    files: &[&SourceFile],
) -> Result<(Vec<Option<(FileDigest, Record)>>, UsedRecords), CacheError> {
    let ranges: Vec<(String, String)> = files.iter().map(|found| Key::range_of_size(spec, found.byte_size())).collect();
    let mut used = Vec::new();
    let found = database.get_ranges(FEATURES, &ranges, RECORDS_PER_SIZE).await?;
    let known = found.into_iter().zip(files).map(|(candidates, found)| {
        candidates.into_iter().filter(|_| found.is_identified).find_map(|(key, value)| {
            let file = ReadFile::of_record(&value)?;
            if file.path != found.path || file.modified_ms != found.file.last_modified() {
                return None;
            }
            let byte_size = found.byte_size();
            let digest = FileDigest { byte_size, sha256: sha256_of(&key)?, crc32: file.crc32 };
            let record = Record::from_js(&value)?;
            used.push((key, use_of(bytes_of(&value))));
            Some((digest, record))
        })
    });
    let known = known.collect();
    Ok((known, UsedRecords(used)))
}

/// Stores these records.
pub async fn store(database: &Database, records: Vec<(Key, Record)>) -> Result<(), CacheError> {
    let mut written = Vec::with_capacity(records.len());
    for (key, record) in records {
        let (record, byte_size) = record.into_js().await?;
        written.push((key.js(), record, use_of(byte_size)));
    }
    let fill = |(key, record, used): &(JsValue, JsValue, JsValue), writer: &Writer<'_>| {
        writer.put(FEATURES, key, record)?;
        writer.put(USES, key, used)
    };
    database.write(&[FEATURES, USES], |writer| written.iter().try_for_each(|one| fill(one, writer))).await
}

/// The current time and the size of a record, as the database stores them.
fn use_of(byte_size: u64) -> JsValue {
    list([js_sys::Date::now().into(), (byte_size as f64).into()]).into()
}

fn bytes_of(record: &JsValue) -> u64 {
    let features = field::<Float32Array>(record, "features").map_or(0, |features| features.byte_length());
    let thumbnail = field::<Uint8Array>(record, "thumbnail").map_or(0, |thumbnail| thumbnail.length());
    u64::from(features + thumbnail)
}
