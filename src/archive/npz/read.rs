//! Reading a features file that anyone may have written.
//!
//! Nothing is held because the file says so: sizes are compared with what is there, and rows come a few at a time.

use std::collections::HashMap;
use std::io::{Read, Seek};

use super::body::Body;
use super::directory::Member;
use super::{Column, Document, FEATURES_FORMAT, FEATURES_NPY, FEATURES_VERSION, FeatureSpec, SHOAL_JSON};
use super::{columns, directory, npy};
use crate::archive::npz::FeaturesError;
use crate::matrix::Matrix;

/// The most features a picture may have.
const MOST_DIMS: u64 = 1 << 20;
/// About so many values are handed out at once.
const VALUES_AT_ONCE: usize = 1 << 20;
/// Deflate makes at most this of one byte.
const DEFLATE_RATIO: u64 = 1032;

/// Under which names other programs keep the paths.
const OTHER_NAMES: [&str; 2] = ["paths.npy", "filenames.npy"];

/// What a features file says beside the features.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of features of a picture.
    pub dims: usize,
    /// The pictures' paths, one a row; no two are alike.
    pub names: Vec<String>,
    /// Their clusters, where the file says it.
    pub labels: Option<Vec<Option<u32>>>,
    /// Their numbers of bytes, where the file says it.
    pub byte_sizes: Option<Vec<u64>>,
    /// SHA-256 of their bytes, where the file says it.
    pub content_hashes: Option<Vec<[u8; 32]>>,
    /// How the features were made, where the file says it.
    pub made: Option<FeatureSpec>,
}

/// An open features file.
pub struct NpzReader<R> {
    head: Head,
    features: Option<Body<R>>,
    next_row: usize,
}

impl<R: Read + Seek> NpzReader<R> {
    /// Reads everything but the features.
    ///
    /// # Errors
    /// [`FeaturesError`]: whatever is wrong with the file but the features' values.
    pub fn open(reader: R) -> Result<Self, FeaturesError> {
        let (members, reader) = directory::read(reader)?;
        let (made, reader) = match members.get(SHOAL_JSON) {
            Some(member) => {
                let (json, reader) = columns::small(reader, member)?;
                (Some(made(&json)?), reader)
            }
            None => (None, reader),
        };
        let missing = |name: &str| FeaturesError::Format(format!("it has no {name} that can be read"));
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
                (Some(sizes.map_err(|_| FeaturesError::Format("a picture's size is below zero".into()))?), reader)
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
        let (table, reader) = match members.get(FEATURES_NPY) {
            Some(member) => (Some(member), reader),
            None => only_table(&members, reader)?,
        };
        let member = table.ok_or_else(|| missing(FEATURES_NPY))?;
        if member.is_deflated && member.byte_size > member.stored_bytes.saturating_mul(DEFLATE_RATIO) {
            return Err(FeaturesError::Format("the features claim more than can have been deflated".into()));
        }
        let mut features = Body::open(reader, member)?;
        let dims = check_features(&mut features, rows)?;
        let head = Head { dims, names, labels, byte_sizes, content_hashes, made };
        Ok(Self { head, features: Some(features), next_row: 0 })
    }

    /// What the file says beside the features.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The next rows' features, about 4 MB of them, or nothing after the last. Only then are they known to be whole.
    ///
    /// # Errors
    /// [`FeaturesError`] when the features are damaged or not finite.
    pub fn next_rows(&mut self) -> Result<Option<Matrix>, FeaturesError> {
        let (rows, dims) = (self.head.names.len(), self.head.dims);
        let count = (VALUES_AT_ONCE / dims).max(1).min(rows - self.next_row);
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

/// The one member that is a table of single-precision numbers: other programs call their features what they like.
fn only_table<R: Read + Seek>(
    members: &HashMap<String, Member>,
    mut reader: R,
) -> Result<(Option<&Member>, R), FeaturesError> {
    let mut found = None;
    for member in members.iter().filter(|(name, _)| name.ends_with(".npy")).map(|(_, member)| member) {
        let mut body = Body::open(reader, member)?;
        let is_table = npy::read(&mut body)
            .is_ok_and(|(header, _)| header.element == npy::Element::F32 && header.shape.len() == 2);
        reader = body.into_reader();
        if is_table && found.replace(member).is_some() {
            let words = "it has several tables of numbers: call the one that is meant features";
            return Err(FeaturesError::Format(words.into()));
        }
    }
    Ok((found, reader))
}

/// Reads the features' header; how many each of `rows` pictures has.
fn check_features<R: Read + Seek>(body: &mut Body<R>, rows: usize) -> Result<usize, FeaturesError> {
    let (header, _) = npy::read(body)?;
    if header.element != npy::Element::F32 {
        return Err(FeaturesError::Format("the features are no single-precision numbers: save them as float32".into()));
    }
    let [found, dims] = header.shape[..] else {
        let axes = header.shape.len();
        return Err(FeaturesError::Shape(format!("the features have {axes} axes, but must have two")));
    };
    if found != rows as u64 {
        return Err(FeaturesError::Shape(format!("there are {found} rows of features, but {rows} names")));
    }
    if !(1..=MOST_DIMS).contains(&dims) {
        return Err(FeaturesError::Shape(format!("a picture has {dims} features, but must have 1 to {MOST_DIMS}")));
    }
    if found.checked_mul(dims).and_then(|values| values.checked_mul(4)) != Some(body.left()) {
        return Err(FeaturesError::Shape(format!(
            "the features say {found} x {dims}, which is not what the file holds"
        )));
    }
    Ok(dims as usize)
}

fn made(json: &[u8]) -> Result<FeatureSpec, FeaturesError> {
    let document: Document =
        serde_json::from_slice(json).map_err(|error| FeaturesError::Format(format!("shoal.json: {error}")))?;
    if document.format != FEATURES_FORMAT || document.version > FEATURES_VERSION {
        return Err(FeaturesError::Format("shoal.json is of a newer version, or of something else".into()));
    }
    Ok(document.made)
}
