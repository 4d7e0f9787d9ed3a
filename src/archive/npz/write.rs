//! Writing a features file: everything but the features, in chunks of rows.

use super::{Document, FEATURES_FORMAT, FEATURES_VERSION, FeatureSpec, npy};
use crate::archive::ArchiveError;
use crate::collection::{UNKNOWN_SHA256, content_hash};

/// A row of a features file without its features.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The image's path.
    pub name: String,
    /// The cluster's id; `None` if the image is in no cluster.
    pub label: Option<u32>,
    /// The file's size in bytes.
    pub byte_size: u64,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// When the image was taken by the camera's clock, in milliseconds since 1970; `None` if unknown.
    pub taken_ms: Option<i64>,
}

/// An array with one value per row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The paths.
    Names,
    /// The cluster ids.
    Labels,
    /// The files' sizes.
    ByteSizes,
    /// SHA-256 of the files.
    ContentHashes,
    /// When the images were taken.
    Taken,
}

impl Column {
    /// All columns, in the order in which they are written.
    pub const ALL: [Self; 5] = [Self::Names, Self::Labels, Self::ByteSizes, Self::ContentHashes, Self::Taken];

    /// The name of the member with this array.
    pub fn member(self) -> &'static str {
        match self {
            Self::Names => "names.npy",
            Self::Labels => "labels.npy",
            Self::ByteSizes => "byte_sizes.npy",
            Self::ContentHashes => "content_hashes.npy",
            Self::Taken => "taken.npy",
        }
    }
}

/// The rows of a features file, for writing.
pub struct Columns {
    rows: Vec<Row>,
    /// The number of characters of the longest name: NumPy pads all texts to this length.
    name_characters: usize,
}

impl Columns {
    /// Creates the columns from rows in the order of the features.
    pub fn new(rows: Vec<Row>) -> Self {
        let name_characters = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or_default().max(1);
        Self { rows, name_characters }
    }

    /// Whether a column says something of the rows: sizes and hashes are written for all images or for none.
    pub fn has(&self, column: Column) -> bool {
        match column {
            Column::Names | Column::Labels => true,
            Column::ByteSizes | Column::ContentHashes => self.rows.iter().all(|row| row.sha256 != UNKNOWN_SHA256),
            Column::Taken => self.rows.iter().any(|row| row.taken_ms.is_some()),
        }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The `.npy` header of a column.
    pub fn header(&self, column: Column) -> Vec<u8> {
        let descr = match column {
            Column::Names => format!("<U{}", self.name_characters),
            Column::Labels => "<i4".into(),
            Column::ByteSizes => "<i8".into(),
            Column::ContentHashes => "<U64".into(),
            Column::Taken => "<M8[ms]".into(),
        };
        npy::write(&descr, &[self.rows.len()])
    }

    /// The values of a range of rows.
    ///
    /// # Panics
    /// Panics if `rows` is out of range.
    pub fn values(&self, column: Column, rows: std::ops::Range<usize>) -> Vec<u8> {
        let mut values = Vec::new();
        for row in &self.rows[rows] {
            match column {
                Column::Names => put_text(&mut values, &row.name, self.name_characters),
                // Ids are assigned consecutively, so none reaches 2^31.
                Column::Labels => values.extend(row.label.map_or(-1, |id| id as i32).to_le_bytes()),
                Column::ByteSizes => values.extend((row.byte_size as i64).to_le_bytes()),
                Column::ContentHashes => put_text(&mut values, &content_hash::to_hex(&row.sha256), 64),
                // NumPy's "not a time" is the least integer.
                Column::Taken => values.extend(row.taken_ms.unwrap_or(i64::MIN).to_le_bytes()),
            }
        }
        values
    }
}

/// The `.npy` header of the features, shape `[rows, dims]`.
pub fn features_header(rows: usize, dims: usize) -> Vec<u8> {
    npy::write("<f4", &[rows, dims])
}

/// The contents of `shoal.json`.
///
/// # Errors
/// [`ArchiveError::Json`] if the document cannot be serialised.
pub fn feature_spec_json(spec: &FeatureSpec) -> Result<Vec<u8>, ArchiveError> {
    let document = Document { format: FEATURES_FORMAT.into(), version: FEATURES_VERSION, spec: spec.clone() };
    Ok(serde_json::to_vec_pretty(&document)?)
}

/// Appends a text in NumPy's format: 4 bytes per character, padded with zeros.
fn put_text(values: &mut Vec<u8>, text: &str, characters: usize) {
    let end = values.len() + 4 * characters;
    values.extend(text.chars().flat_map(|character| u32::from(character).to_le_bytes()));
    values.resize(end, 0);
}
