//! What pictures were embedded to, so that none is embedded twice: written some pictures at a time, looked up likewise.

use std::rc::Rc;

use js_sys::{Array, Float32Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

use crate::embedding::Processor;
use crate::feature_origin::FeatureOrigin;
use crate::remembered::database::{Database, FEATURES, USES, end_of, field, list, number, object};
use crate::sources::Found;
use crate::store::StoredImage;
use shoal::archive::npz::FeatureSpec;
use shoal::collection::{Image, content_hash};
use shoal::options::FeatureKind;
use shoal_browser::api_error::ApiError;
use shoal_browser::blob::{self, blob_of};
use shoal_protocol::{Fingerprint, Identity};

/// So many pictures are read or written in one transaction: about a megabyte.
pub const PICTURES_AT_ONCE: usize = 64;

/// So many records of one size are looked through for a file that looks as it did.
const OF_ONE_SIZE: u32 = 8;

/// So many uses are written in one transaction.
const USES_AT_ONCE: usize = 512;

/// What a picture's features are kept under: how they were made and which bytes they are of, or which row of which file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// Of a picture with these features.
    pub fn of(made: &FeatureOrigin, picture: &Image) -> Self {
        match (made, picture.known_sha256()) {
            (FeatureOrigin::Network(made), Some(sha256)) => Self::by_bytes(made, picture.byte_size, sha256),
            (FeatureOrigin::Network(made), None) => Self(format!("{}/{}", prefix(made), picture.path)),
            (FeatureOrigin::File { token }, _) => Self(format!("file/{token}/{}", picture.path)),
        }
    }

    /// Of a file of these bytes.
    pub fn by_bytes(made: &FeatureSpec, byte_size: u64, sha256: &[u8; 32]) -> Self {
        Self(format!("{}/{byte_size}/{}", prefix(made), content_hash::to_hex(sha256)))
    }

    /// The first and the last key that a file of this size may have.
    pub fn range_of_size(made: &FeatureSpec, byte_size: u64) -> (String, String) {
        let first = format!("{}/{byte_size}/", prefix(made));
        let last = end_of(&first);
        (first, last)
    }

    /// As the database has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn js(&self) -> JsValue {
        self.0.as_str().into()
    }
}

/// The SHA-256 at the end of a key that [`Key::by_bytes`] made.
fn sha256_of(key: &JsValue) -> Option<[u8; 32]> {
    content_hash::from_hex(key.as_string()?.rsplit('/').next()?)
}

fn prefix(made: &FeatureSpec) -> String {
    let kind = match made.features {
        FeatureKind::Pooled => "pooled",
        FeatureKind::Flat => "flat",
    };
    format!("{}/{}/{kind}", made.weights_sha256, made.size_px)
}

/// The file that a picture was read from, as it was then.
pub struct SeenFile {
    /// The picture's path.
    pub path: String,
    /// When the file was last changed, in milliseconds since 1970 (UTC).
    pub modified_ms: f64,
    /// CRC-32 of its bytes.
    pub crc32: u32,
}

impl SeenFile {
    /// That of a record as the database holds it.
    fn of_record(record: &JsValue) -> Option<Self> {
        let parts = field::<Array>(record, "file")?;
        let [path, modified_ms, crc32] = [0, 1, 2].map(|index| parts.get(index));
        Some(Self { path: path.as_string()?, modified_ms: modified_ms.as_f64()?, crc32: crc32.as_f64()? as u32 })
    }
}

/// What is kept of a picture.
pub struct Record {
    /// Its features.
    pub features: Float32Array,
    /// What computed them.
    pub processor: Processor,
    /// Width as displayed, in pixels.
    pub width_px: u32,
    /// Height as displayed, in pixels.
    pub height_px: u32,
    /// What tells copies of the picture, where somebody has seen it.
    pub fingerprint: Option<Fingerprint>,
    /// A small picture of it, likewise.
    pub thumbnail: Option<Blob>,
    /// The file that it was read from, likewise.
    pub file: Option<SeenFile>,
}

impl Record {
    /// Of a picture at hand.
    pub fn of(picture: &Image, stored: &StoredImage) -> Self {
        let fingerprint = stored
            .dhash
            .zip(stored.sharpness)
            .map(|(dhash, sharpness)| Fingerprint { dhash: [(dhash >> 32) as u32, dhash as u32], sharpness });
        Self {
            features: stored.features.clone(),
            processor: stored.processor,
            width_px: picture.width_px,
            height_px: picture.height_px,
            fingerprint,
            thumbnail: stored.thumbnail.clone(),
            file: picture.known_sha256().map(|_| SeenFile {
                path: picture.path.clone(),
                modified_ms: picture.modified_ms,
                crc32: picture.crc32,
            }),
        }
    }

    /// The record as the database holds it, and how many bytes that takes. A thumbnail's bytes are kept with the rest: as
    /// blobs they would be a file each, which takes several times as long.
    async fn into_js(self) -> Result<(JsValue, u64), ApiError> {
        let bytes = match &self.thumbnail {
            Some(thumbnail) => {
                let unreadable =
                    |thrown| ApiError::thrown("storage-unavailable", "a thumbnail could not be read", &thrown);
                Some(blob::bytes_of(thumbnail).await.map_err(unreadable)?)
            }
            None => None,
        };
        // A view of a larger array would be kept with all of that.
        let features = self.features.slice(0, self.features.length());
        let byte_size = u64::from(features.byte_length() + bytes.as_ref().map_or(0, Uint8Array::length));
        let fingerprint = self.fingerprint.map_or(JsValue::NULL, |found| {
            let [high, low] = found.dhash.map(f64::from);
            list([high.into(), low.into(), f64::from(found.sharpness).into()]).into()
        });
        let file = self.file.map_or(JsValue::NULL, |SeenFile { path, modified_ms, crc32 }| {
            list([path.into(), modified_ms.into(), crc32.into()]).into()
        });
        let record = object(&[
            ("features", features.into()),
            ("processor", self.processor.name().into()),
            ("widthPx", self.width_px.into()),
            ("heightPx", self.height_px.into()),
            ("fingerprint", fingerprint),
            ("thumbnail", bytes.map_or(JsValue::NULL, JsValue::from)),
            ("file", file),
        ]);
        Ok((record, byte_size))
    }

    /// Reads a record back; `None` where it is not one.
    fn from_js(record: &JsValue) -> Option<Self> {
        let fingerprint = field::<Array>(record, "fingerprint").and_then(|parts| {
            let part = |index| parts.get(index).as_f64();
            Some(Fingerprint { dhash: [part(0)? as u32, part(1)? as u32], sharpness: part(2)? as f32 })
        });
        let is_gpu = field::<js_sys::JsString>(record, "processor").is_some_and(|name| name == "webgpu");
        Some(Self {
            features: field(record, "features")?,
            processor: if is_gpu { Processor::WebGpu } else { Processor::Cpu },
            width_px: number(record, "widthPx")? as u32,
            height_px: number(record, "heightPx")? as u32,
            fingerprint,
            thumbnail: field::<Uint8Array>(record, "thumbnail")
                .and_then(|bytes| blob_of(&Array::of1(&bytes), "image/jpeg").ok()),
            file: SeenFile::of_record(record),
        })
    }
}

/// Which records were used, and how large they are, to be noted some at a time.
#[derive(Default)]
pub struct Used(Vec<(JsValue, JsValue)>);

impl Used {
    /// Takes others along.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Writes in the background that these were used just now. Not noted, they are merely forgotten sooner.
    pub fn note(self, database: Rc<Database>) {
        spawn_local(async move {
            let _ = self.write(&database).await;
        });
    }

    async fn write(self, database: &Database) -> Result<(), ApiError> {
        for part in self.0.chunks(USES_AT_ONCE) {
            database
                .write(&[USES], |writer| part.iter().try_for_each(|(key, used)| writer.put(USES, key, used)))
                .await?;
        }
        Ok(())
    }
}

/// What is known under these keys.
pub async fn look_up(database: &Database, keys: &[Key]) -> Result<(Vec<Option<Record>>, Used), ApiError> {
    let keys_js: Vec<JsValue> = keys.iter().map(Key::js).collect();
    let found = database.get(FEATURES, &keys_js).await?;
    let records: Vec<Option<Record>> = found.iter().map(|record| record.as_ref().and_then(Record::from_js)).collect();
    let known = keys_js.iter().zip(&found).filter_map(|(key, record)| Some((key, record.as_ref()?)));
    let used = known.map(|(key, record)| (key.clone(), use_of(bytes_of(record)))).collect();
    Ok((records, Used(used)))
}

/// What is known of files that look as they did when they were read: the same path, size and time of the last change. `None`
/// for any other.
pub async fn look_up_unchanged(
    database: &Database,
    made: &FeatureSpec,
    files: &[&Found],
) -> Result<(Vec<Option<(Identity, Record)>>, Used), ApiError> {
    let ranges: Vec<(String, String)> =
        files.iter().map(|found| Key::range_of_size(made, found.file.size() as u64)).collect();
    let mut used = Vec::new();
    let found = database.get_ranges(FEATURES, &ranges, OF_ONE_SIZE).await?;
    let known = found.into_iter().zip(files).map(|(candidates, found)| {
        candidates.into_iter().find_map(|(key, value)| {
            let file = SeenFile::of_record(&value)?;
            if file.path != found.path || file.modified_ms != found.file.last_modified() {
                return None;
            }
            let byte_size = found.file.size() as u64;
            let identity = Identity { byte_size, sha256: sha256_of(&key)?, crc32: file.crc32 };
            let record = Record::from_js(&value)?;
            used.push((key, use_of(bytes_of(&value))));
            Some((identity, record))
        })
    });
    let known = known.collect();
    Ok((known, Used(used)))
}

/// Keeps these records.
pub async fn keep(database: &Database, records: Vec<(Key, Record)>) -> Result<(), ApiError> {
    let mut written = Vec::with_capacity(records.len());
    for (key, record) in records {
        let (record, byte_size) = record.into_js().await?;
        written.push((key.js(), record, use_of(byte_size)));
    }
    let fill = |(key, record, used): &(JsValue, JsValue, JsValue), writer: &super::database::Writer<'_>| {
        writer.put(FEATURES, key, record)?;
        writer.put(USES, key, used)
    };
    database.write(&[FEATURES, USES], |writer| written.iter().try_for_each(|one| fill(one, writer))).await
}

/// When and how large, as the database holds it.
fn use_of(byte_size: u64) -> JsValue {
    list([js_sys::Date::now().into(), (byte_size as f64).into()]).into()
}

fn bytes_of(record: &JsValue) -> u64 {
    let features = field::<Float32Array>(record, "features").map_or(0, |features| features.byte_length());
    let thumbnail = field::<Uint8Array>(record, "thumbnail").map_or(0, |thumbnail| thumbnail.length());
    u64::from(features + thumbnail)
}
