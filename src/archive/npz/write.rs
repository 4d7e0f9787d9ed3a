//! Everything in a features file but the features, a few rows at a time.

use super::{Document, FEATURES_FORMAT, FEATURES_VERSION, FeatureSpec, npy};
use crate::archive::ArchiveError;
use crate::collection::hex;

/// What a picture's row says beside its features.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The picture's path.
    pub name: String,
    /// Its cluster's id, where it has one.
    pub label: Option<u32>,
    /// Number of bytes of the file.
    pub byte_size: u64,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
}

/// An array with one value a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The paths.
    Names,
    /// The clusters' ids.
    Labels,
    /// The files' sizes.
    ByteSizes,
    /// The files' hashes.
    ContentHashes,
}

impl Column {
    /// All of them, in the order in which they are written.
    pub const ALL: [Self; 4] = [Self::Names, Self::Labels, Self::ByteSizes, Self::ContentHashes];

    /// The member that holds it.
    pub fn member(self) -> &'static str {
        match self {
            Self::Names => "names.npy",
            Self::Labels => "labels.npy",
            Self::ByteSizes => "byte_sizes.npy",
            Self::ContentHashes => "content_hashes.npy",
        }
    }
}

/// The rows of a features file, ready to be written.
pub struct Columns {
    rows: Vec<Row>,
    /// Characters of the longest name: numpy's texts are all as long as the longest.
    name_characters: usize,
}

impl Columns {
    /// Takes the rows in the order of the features.
    pub fn new(rows: Vec<Row>) -> Self {
        let name_characters = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or_default().max(1);
        Self { rows, name_characters }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The header of a column's array.
    pub fn header(&self, column: Column) -> Vec<u8> {
        let descr = match column {
            Column::Names => format!("<U{}", self.name_characters),
            Column::Labels => "<i4".into(),
            Column::ByteSizes => "<i8".into(),
            Column::ContentHashes => "<U64".into(),
        };
        npy::write(&descr, &[self.rows.len()])
    }

    /// The values of some rows. Panics when `rows` is out of range, as a slice does.
    pub fn values(&self, column: Column, rows: std::ops::Range<usize>) -> Vec<u8> {
        let mut values = Vec::new();
        for row in &self.rows[rows] {
            match column {
                Column::Names => put_text(&mut values, &row.name, self.name_characters),
                // A cluster's id beyond 2^31 is never reached: there would have to be as many clusters.
                Column::Labels => values.extend(row.label.map_or(-1, |id| id as i32).to_le_bytes()),
                Column::ByteSizes => values.extend((row.byte_size as i64).to_le_bytes()),
                Column::ContentHashes => put_text(&mut values, &hex::to_hex(&row.sha256), 64),
            }
        }
        values
    }
}

/// The header of the features' array, shape `[rows, dims]`.
pub fn features_header(rows: usize, dims: usize) -> Vec<u8> {
    npy::write("<f4", &[rows, dims])
}

/// `shoal.json`.
///
/// # Errors
/// [`ArchiveError::Json`] when it cannot be written.
pub fn made_json(made: &FeatureSpec) -> Result<Vec<u8>, ArchiveError> {
    let document = Document { format: FEATURES_FORMAT.into(), version: FEATURES_VERSION, made: made.clone() };
    Ok(serde_json::to_vec_pretty(&document)?)
}

/// A text as numpy keeps it: 4 bytes a character, and zeros up to the common length.
fn put_text(values: &mut Vec<u8>, text: &str, characters: usize) {
    let end = values.len() + 4 * characters;
    values.extend(text.chars().flat_map(|character| u32::from(character).to_le_bytes()));
    values.resize(end, 0);
}
