//! The partial file: rows of features in the order in which they were computed, each complete by itself, so that whatever
//! ends the program loses at most the row that it was writing.
//!
//! One line of JSON says how the features are computed. Each row is the length of its facts (u32), the facts as JSON, the
//! features (f32) and the CRC-32 of all that (u32), little-endian.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use shoal::archive::npz::FeatureSpec;
use shoal::collection::content_hash;

use crate::NativeError;

/// The longest facts of a row, in bytes: a path and little else.
const FACTS_BYTES_MAX: u32 = 1 << 20;

/// A row without its features.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The image's path.
    pub name: String,
    /// The file's number of bytes.
    pub byte_size: u64,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// When the file was last modified before it was read, in milliseconds since 1970; `None` if unknown.
    pub modified_ms: Option<u64>,
}

/// Where a row's features are in the file.
pub type Place = u64;

/// An open partial file, locked against other programs.
pub struct PartialFile {
    path: PathBuf,
    file: BufWriter<File>,
    end: u64,
}

#[derive(Serialize, Deserialize, PartialEq)]
struct Head {
    format: String,
    version: u32,
    columns: usize,
    spec: FeatureSpec,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SavedFacts {
    name: String,
    byte_size: u64,
    sha256: String,
    modified_ms: Option<u64>,
}

impl PartialFile {
    /// Opens or creates the partial file at `path`. Returns the rows that it has; what comes after a damaged one is removed.
    ///
    /// # Errors
    /// [`NativeError::InUse`], [`NativeError::Incompatible`] if its features were computed in another way,
    /// [`NativeError::OutputExists`] if it is something else, [`NativeError::Unwritable`].
    pub fn open(path: &Path, spec: &FeatureSpec, columns: usize) -> Result<(Self, Vec<(Facts, Place)>), NativeError> {
        let unwritable = || NativeError::unwritable(path);
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let file = file.map_err(unwritable())?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(NativeError::InUse(path.to_owned())),
            // A file system without locks.
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        let head = Head { format: "shoal-partial".into(), version: 1, columns, spec: spec.clone() };
        let (rows, end) = match read_rows(&file, &head).map_err(unwritable())? {
            Found::Rows { rows, end } => (rows, end),
            Found::OtherFeatures => {
                let reason =
                    "an interrupted run computed other features: finish it with its options, or delete the file";
                return Err(NativeError::Incompatible { path: path.to_owned(), reason: reason.into() });
            }
            Found::OtherFile => return Err(NativeError::OutputExists(path.to_owned())),
        };
        let mut partial = Self { path: path.to_owned(), file: BufWriter::new(file), end };
        partial.file.get_mut().set_len(end).map_err(unwritable())?;
        partial.file.seek(SeekFrom::Start(end)).map_err(unwritable())?;
        if end == 0 {
            let mut line = serde_json::to_vec(&head).map_err(|error| unwritable()(error.into()))?;
            line.push(b'\n');
            partial.write(&line)?;
        }
        Ok((partial, rows))
    }

    /// Appends a row.
    pub fn push(&mut self, facts: &Facts, features: &[f32]) -> Result<Place, NativeError> {
        let saved = SavedFacts {
            name: facts.name.clone(),
            byte_size: facts.byte_size,
            sha256: content_hash::to_hex(&facts.sha256),
            modified_ms: facts.modified_ms,
        };
        let json = serde_json::to_vec(&saved).map_err(|error| NativeError::unwritable(&self.path)(error.into()))?;
        let mut record = Vec::with_capacity(8 + json.len() + 4 * features.len());
        record.extend((json.len() as u32).to_le_bytes());
        record.extend(json);
        let place = self.end + record.len() as u64;
        record.extend(features.iter().flat_map(|value| value.to_le_bytes()));
        record.extend(crc32fast::hash(&record).to_le_bytes());
        self.write(&record)?;
        Ok(place)
    }

    /// Writes what is buffered, so that it survives the program.
    pub fn flush(&mut self) -> Result<(), NativeError> {
        self.file.flush().map_err(NativeError::unwritable(&self.path))
    }

    /// Reads features into `bytes`, little-endian.
    pub fn read(&mut self, place: Place, bytes: &mut [u8]) -> Result<(), NativeError> {
        let (path, end) = (&self.path, self.end);
        let mut read = || -> io::Result<()> {
            self.file.flush()?;
            let file = self.file.get_mut();
            file.seek(SeekFrom::Start(place))?;
            file.read_exact(bytes)?;
            file.seek(SeekFrom::Start(end)).map(drop)
        };
        read().map_err(NativeError::unreadable(path))
    }

    /// Removes the file, whose rows have been written elsewhere.
    pub fn remove(self) -> Result<(), NativeError> {
        std::fs::remove_file(&self.path).map_err(NativeError::unwritable(&self.path))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), NativeError> {
        self.file.write_all(bytes).map_err(NativeError::unwritable(&self.path))?;
        self.end += bytes.len() as u64;
        Ok(())
    }
}

/// What is in a file that may be a partial file.
enum Found {
    /// The complete rows, and where they end; the end is 0 if the file is empty.
    Rows {
        rows: Vec<(Facts, Place)>,
        end: u64,
    },
    OtherFeatures,
    OtherFile,
}

fn read_rows(file: &File, expected: &Head) -> io::Result<Found> {
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let mut line = Vec::new();
    (&mut reader).take(u64::from(FACTS_BYTES_MAX)).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(Found::Rows { rows: Vec::new(), end: 0 });
    }
    match serde_json::from_slice::<Head>(&line) {
        Ok(head) if head == *expected => {}
        Ok(head) if head.format == expected.format => return Ok(Found::OtherFeatures),
        _ => return Ok(Found::OtherFile),
    }
    let (mut rows, mut end) = (Vec::new(), line.len() as u64);
    while let Some((facts, bytes)) = read_row(&mut reader, expected.columns)? {
        let next = end + bytes;
        rows.push((facts, next - 4 - 4 * expected.columns as u64));
        end = next;
    }
    Ok(Found::Rows { rows, end })
}

/// The next complete row without its features, and its length in bytes.
fn read_row(reader: &mut impl Read, columns: usize) -> io::Result<Option<(Facts, u64)>> {
    let mut length = [0; 4];
    if !fill(reader, &mut length)? || u32::from_le_bytes(length) > FACTS_BYTES_MAX {
        return Ok(None);
    }
    let json_bytes = u32::from_le_bytes(length) as usize;
    let mut rest = vec![0; json_bytes + 4 * columns + 4];
    if !fill(reader, &mut rest)? {
        return Ok(None);
    }
    let (body, crc32) = rest.split_at(rest.len() - 4);
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length);
    hasher.update(body);
    if hasher.finalize().to_le_bytes() != crc32 {
        return Ok(None);
    }
    let facts = serde_json::from_slice::<SavedFacts>(&body[..json_bytes]).ok().and_then(|saved| {
        let sha256 = content_hash::from_hex(&saved.sha256)?;
        Some(Facts { name: saved.name, byte_size: saved.byte_size, sha256, modified_ms: saved.modified_ms })
    });
    Ok(facts.map(|facts| (facts, 4 + rest.len() as u64)))
}

/// Fills `bytes`; returns `false` at the end of the file.
fn fill(reader: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match reader.read_exact(bytes) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        other => other.map(|()| true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shoal::options::FeatureKind;

    fn spec(size_px: u32) -> FeatureSpec {
        let (model, weights_sha256) = ("m".into(), "0".into());
        FeatureSpec { model, weights_sha256, size_px, features: FeatureKind::Pooled, preprocessing: 1 }
    }

    fn features(partial: &mut PartialFile, place: Place, count: usize) -> Vec<f32> {
        let mut bytes = vec![0; 4 * count];
        partial.read(place, &mut bytes).unwrap();
        bytes.as_chunks().0.iter().map(|value| f32::from_le_bytes(*value)).collect()
    }

    fn facts(name: &str) -> Facts {
        Facts { name: name.into(), byte_size: 7, sha256: [3; 32], modified_ms: None }
    }

    #[test]
    fn complete_rows_survive_and_others_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f.partial");
        let (mut partial, rows) = PartialFile::open(&path, &spec(64), 2).unwrap();
        assert!(rows.is_empty());
        partial.push(&facts("a"), &[1.0, 2.0]).unwrap();
        let place = partial.push(&facts("b/ü"), &[3.0, 4.0]).unwrap();
        assert_eq!(features(&mut partial, place, 2), [3.0, 4.0]);
        assert!(matches!(PartialFile::open(&path, &spec(64), 2), Err(NativeError::InUse(_))));
        drop(partial);
        // As if the program had ended in the middle of a row.
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, [&whole[..], &whole[whole.len() - 20..]].concat()).unwrap();
        let (mut partial, rows) = PartialFile::open(&path, &spec(64), 2).unwrap();
        assert_eq!(rows.iter().map(|(facts, _)| facts.name.as_str()).collect::<Vec<_>>(), ["a", "b/ü"]);
        assert_eq!(features(&mut partial, rows[0].1, 2), [1.0, 2.0]);
        partial.push(&facts("c"), &[5.0, 6.0]).unwrap();
        drop(partial);
        let (mut partial, rows) = PartialFile::open(&path, &spec(64), 2).unwrap();
        assert_eq!(rows.len(), 3);
        assert_eq!(features(&mut partial, rows[2].1, 2), [5.0, 6.0]);
        drop(partial);
        let other = PartialFile::open(&path, &spec(128), 2);
        assert!(matches!(other, Err(NativeError::Incompatible { .. })));
        std::fs::write(&path, b"my notes").unwrap();
        assert!(matches!(PartialFile::open(&path, &spec(64), 2), Err(NativeError::OutputExists(_))));
        assert_eq!(std::fs::read(&path).unwrap(), b"my notes");
    }

    #[test]
    fn a_damaged_row_ends_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f.partial");
        let (mut partial, _) = PartialFile::open(&path, &spec(64), 1).unwrap();
        let places = ["a", "b", "c"].map(|name| partial.push(&facts(name), &[1.0]).unwrap());
        drop(partial);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[places[1] as usize] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        let (_, rows) = PartialFile::open(&path, &spec(64), 1).unwrap();
        assert_eq!(rows.len(), 1);
    }
}
