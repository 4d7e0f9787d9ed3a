//! Reading an untrusted features file.
//!
//! Declared sizes are compared with the actual ones before memory is allocated, and rows are read in chunks.

use std::collections::HashMap;
use std::io::{Read, Seek};

use super::body::Body;
use super::directory::Member;
use super::{
    Column, Document, FEATURES_FORMAT, FEATURES_NPY, FEATURES_VERSION, FeatureSpec, FeaturesError, SHOAL_JSON,
};
use super::{columns, directory, npy};
use crate::matrix::Matrix;

/// The most features of an image.
const DIMS_MAX: u64 = 1 << 20;
/// The approximate number of values in a chunk.
const CHUNK_VALUES: usize = 1 << 20;
/// The maximum compression ratio of deflate.
const DEFLATE_RATIO: u64 = 1032;

/// Names that other programs use for the array of paths.
const OTHER_NAMES: [&str; 2] = ["paths.npy", "filenames.npy"];

/// The contents of a features file without the features.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of features per image.
    pub dims: usize,
    /// The images' paths, one per row, all distinct.
    pub names: Vec<String>,
    /// The images' clusters, if the file has them.
    pub labels: Option<Vec<Option<u32>>>,
    /// The files' sizes in bytes, if the file has them.
    pub byte_sizes: Option<Vec<u64>>,
    /// SHA-256 of the files, if the file has them.
    pub content_hashes: Option<Vec<[u8; 32]>>,
    /// How the features were computed, if the file says so.
    pub spec: Option<FeatureSpec>,
}

/// An open features file.
pub struct NpzReader<R> {
    head: Head,
    features: Option<Body<R>>,
    next_row: usize,
}

impl<R: Read + Seek> NpzReader<R> {
    /// Opens a file and reads everything but the features.
    ///
    /// # Errors
    /// [`FeaturesError`] for anything that is wrong with the file, except for the features' values.
    pub fn open(reader: R) -> Result<Self, FeaturesError> {
        let (members, reader) = directory::read(reader)?;
        let (spec, reader) = match members.get(SHOAL_JSON) {
            Some(member) => {
                let (json, reader) = columns::small(reader, member)?;
                (Some(feature_spec(&json)?), reader)
            }
            None => (None, reader),
        };
        let missing = |name: &str| FeaturesError::Format(format!("it has no readable {name}"));
        let member = |column: Column| members.get(column.member());
        let others = || OTHER_NAMES.iter().find_map(|name| members.get(*name));
        let names = member(Column::Names).or_else(others).ok_or_else(|| missing(Column::Names.member()))?;
        let (names, reader) = columns::names(Body::open(reader, names)?)?;
        let rows = names.len();
        let (labels, reader) = match member(Column::Labels) {
            Some(member) => {
                let (labels, reader) = columns::integers("labels", Body::open(reader, member)?, rows)?;
                (Some(labels.into_iter().map(|label| u32::try_from(label).ok()).collect()), reader)
            }
            None => (None, reader),
        };
        let (byte_sizes, reader) = match member(Column::ByteSizes) {
            Some(member) => {
                let (sizes, reader) = columns::integers("byte_sizes", Body::open(reader, member)?, rows)?;
                let sizes: Result<_, _> = sizes.into_iter().map(u64::try_from).collect();
                (Some(sizes.map_err(|_| FeaturesError::Format("a file's size is negative".into()))?), reader)
            }
            None => (None, reader),
        };
        let (content_hashes, reader) = match member(Column::ContentHashes) {
            Some(member) => {
                let (hashes, reader) = columns::hashes(Body::open(reader, member)?, rows)?;
                (Some(hashes), reader)
            }
            None => (None, reader),
        };
        let (matrix, reader) = match members.get(FEATURES_NPY) {
            Some(member) => (Some(member), reader),
            None => only_matrix(&members, reader)?,
        };
        let member = matrix.ok_or_else(|| missing(FEATURES_NPY))?;
        if member.is_deflated && member.byte_size > member.stored_bytes.saturating_mul(DEFLATE_RATIO) {
            return Err(FeaturesError::Format("the features' declared size exceeds what deflate can produce".into()));
        }
        let mut features = Body::open(reader, member)?;
        let dims = check_features(&mut features, rows)?;
        let head = Head { dims, names, labels, byte_sizes, content_hashes, spec };
        Ok(Self { head, features: Some(features), next_row: 0 })
    }

    /// The contents of the file without the features.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Reads the features of the next rows, about 4 MB, or returns `None` after the last. The checksum is verified only then.
    ///
    /// # Errors
    /// [`FeaturesError`] if the features are damaged or not finite.
    pub fn next_rows(&mut self) -> Result<Option<Matrix>, FeaturesError> {
        let (rows, dims) = (self.head.names.len(), self.head.dims);
        let count = (CHUNK_VALUES / dims).max(1).min(rows - self.next_row);
        if count == 0 {
            if let Some(features) = self.features.take() {
                features.finish()?;
            }
            return Ok(None);
        }
        let Some(features) = &mut self.features else { return Ok(None) };
        let mut bytes = vec![0; 4 * dims];
        let mut values = Vec::with_capacity(count * dims);
        for row in self.next_row..self.next_row + count {
            features.read_exact(&mut bytes)?;
            values.extend(bytes.as_chunks().0.iter().map(|value| f32::from_le_bytes(*value)));
            if !values[values.len() - dims..].iter().all(|value| value.is_finite()) {
                return Err(FeaturesError::NotFinite { row });
            }
        }
        self.next_row += count;
        Matrix::from_rows(values, dims).map(Some).map_err(|error| FeaturesError::Shape(error.to_string()))
    }
}

/// The only member that is a matrix of single-precision floats, whatever its name: other programs name their features
/// differently.
fn only_matrix<R: Read + Seek>(
    members: &HashMap<String, Member>,
    mut reader: R,
) -> Result<(Option<&Member>, R), FeaturesError> {
    let mut found = None;
    for member in members.iter().filter(|(name, _)| name.ends_with(".npy")).map(|(_, member)| member) {
        let mut body = Body::open(reader, member)?;
        let is_matrix = npy::read(&mut body)
            .is_ok_and(|(header, _)| header.element == npy::Element::F32 && header.shape.len() == 2);
        reader = body.into_reader();
        if is_matrix && found.replace(member).is_some() {
            let message = "it has several matrices: name the one with the features features.npy";
            return Err(FeaturesError::Format(message.into()));
        }
    }
    Ok((found, reader))
}

/// Reads the features' header and returns the number of features per image.
fn check_features<R: Read + Seek>(body: &mut Body<R>, rows: usize) -> Result<usize, FeaturesError> {
    let (header, _) = npy::read(body)?;
    if header.element != npy::Element::F32 {
        return Err(FeaturesError::Format("the features are not single-precision floats: save them as float32".into()));
    }
    let [found, dims] = header.shape[..] else {
        let axes = header.shape.len();
        return Err(FeaturesError::Shape(format!("the features have {axes} axes, but must have two")));
    };
    if found != rows as u64 {
        return Err(FeaturesError::Shape(format!("there are {found} rows of features, but {rows} names")));
    }
    if !(1..=DIMS_MAX).contains(&dims) {
        return Err(FeaturesError::Shape(format!("a picture has {dims} features, but must have 1 to {DIMS_MAX}")));
    }
    if found.checked_mul(dims).and_then(|values| values.checked_mul(4)) != Some(body.left()) {
        return Err(FeaturesError::Shape(format!(
            "the features declare {found} x {dims} values, but the file has a different number"
        )));
    }
    Ok(dims as usize)
}

fn feature_spec(json: &[u8]) -> Result<FeatureSpec, FeaturesError> {
    let document: Document =
        serde_json::from_slice(json).map_err(|error| FeaturesError::Format(format!("shoal.json: {error}")))?;
    if document.format != FEATURES_FORMAT || document.version > FEATURES_VERSION {
        return Err(FeaturesError::Format("shoal.json has a newer version or another format".into()));
    }
    Ok(document.spec)
}
