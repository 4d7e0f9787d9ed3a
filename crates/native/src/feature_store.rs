//! A features file that is added to. Rows go to a partial file beside it (`NAME.partial`); [`FeatureStore::finish`] writes both
//! as one features file, in path order, and puts it in the place of the old one. Memory holds everything but the features.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use shoal::archive::npz::{FeatureSpec, FeaturesError, Row};
use shoal::collection::UNKNOWN_SHA256;

use crate::embedding::Image;
use crate::features_file::{self, features_error};
use crate::folder::Listed;
use crate::output::Draft;
use crate::partial_file::{Facts, PartialFile, Place};
use crate::{NativeError, Observer, Stage};

/// How often rows are written out, so that a crash loses no more work than this.
const FLUSH_EVERY: Duration = Duration::from_secs(5);

/// A features file that is being added to.
pub struct FeatureStore {
    output: PathBuf,
    spec: FeatureSpec,
    columns: usize,
    partial: PartialFile,
    rows: BTreeMap<String, Stored>,
    /// When the file that is there was begun; `None` if there is none. Files that have not been modified since are unchanged.
    written: Option<SystemTime>,
    started: SystemTime,
    is_changed: bool,
    flushed: Instant,
    /// Where the features of an image with this SHA-256 are; filled when it is first needed.
    places: HashMap<[u8; 32], Place>,
}

/// A row.
struct Stored {
    byte_size: u64,
    sha256: [u8; 32],
    label: Option<u32>,
    source: Source,
}

/// Where a row's features are.
#[derive(Clone, Copy)]
enum Source {
    /// In the file that is there.
    File,
    /// In the partial file; with the time at which the image was last modified.
    Partial(Place, Option<u64>),
}

impl FeatureStore {
    /// Opens the features file at `output`, if there is one, and what an interrupted run has left.
    ///
    /// # Errors
    /// [`NativeError::Incompatible`] if the features there are not those of `spec`, [`NativeError::InUse`],
    /// [`NativeError::Unreadable`], [`NativeError::Unwritable`], [`NativeError::Features`].
    pub fn open(output: &Path, spec: &FeatureSpec, columns: usize) -> Result<Self, NativeError> {
        let started = SystemTime::now();
        let mut rows = BTreeMap::new();
        let mut written = None;
        if output.try_exists().map_err(NativeError::unreadable(output))? {
            let reader = features_file::open(output)?;
            let head = reader.head();
            check_spec(head.spec.as_ref(), head.dims, spec, columns)
                .map_err(|reason| NativeError::Incompatible { path: output.to_owned(), reason })?;
            let modified = fs::metadata(output).and_then(|facts| facts.modified());
            written = Some(modified.map_err(NativeError::unreadable(output))?);
            // What another version prepared is computed again when its file is read; until then it counts as being of unknown bytes.
            let is_current = head.spec.as_ref().is_some_and(|found| found.preprocessing == spec.preprocessing);
            for Row { name, label, byte_size, sha256, .. } in features_file::rows_of(head.clone()) {
                let sha256 = if is_current { sha256 } else { UNKNOWN_SHA256 };
                rows.insert(name, Stored { byte_size, sha256, label, source: Source::File });
            }
        }
        let path = partial_path(output);
        let (partial, left) = PartialFile::open(&path, spec, columns)?;
        let mut is_changed = false;
        for (Facts { name, byte_size, sha256, modified_ms }, place) in left {
            let label = rows.get(&name).and_then(|row| row.label);
            rows.insert(name, Stored { byte_size, sha256, label, source: Source::Partial(place, modified_ms) });
            is_changed = true;
        }
        Ok(Self {
            output: output.to_owned(),
            spec: spec.clone(),
            columns,
            partial,
            rows,
            written,
            started,
            is_changed,
            flushed: Instant::now(),
            places: HashMap::new(),
        })
    }

    /// The path of the partial file of `output`.
    pub fn partial_of(output: &Path) -> PathBuf {
        partial_path(output)
    }

    /// The number of images.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The indices of those of `files` whose features are not here. A file of the same size that has not been modified since it
    /// was read counts as unchanged, as in make.
    pub fn missing(&self, files: &[Listed]) -> Vec<usize> {
        (0..files.len()).filter(|&index| !self.has(&files[index])).collect()
    }

    fn has(&self, file: &Listed) -> bool {
        let Some(row) = self.rows.get(&file.path) else { return false };
        let is_unmodified = match row.source {
            Source::File => file.modified.zip(self.written).is_some_and(|(modified, written)| modified < written),
            Source::Partial(_, read) => read.is_some() && read == file.modified.and_then(milliseconds),
        };
        row.sha256 != UNKNOWN_SHA256 && row.byte_size == file.byte_size && is_unmodified
    }

    /// The SHA-256 of all images that are here.
    pub fn hashes(&self) -> HashSet<[u8; 32]> {
        self.rows.values().map(|row| row.sha256).filter(|sha256| *sha256 != UNKNOWN_SHA256).collect()
    }

    /// Copies the features of the file that is there, so that rows can be added to them.
    ///
    /// # Errors
    /// [`NativeError::Unreadable`], [`NativeError::Unwritable`], [`NativeError::Features`].
    pub fn begin(&mut self, observer: &dyn Observer) -> Result<(), NativeError> {
        if !self.rows.values().any(|row| matches!(row.source, Source::File)) {
            return Ok(());
        }
        let mut reader = features_file::open(&self.output)?;
        let names = reader.head().names.clone();
        let mut done = 0;
        while let Some(chunk) = reader.next_rows().map_err(features_error(&self.output))? {
            for row in 0..chunk.rows() {
                let name = &names[done + row];
                let Some(stored) = self.rows.get_mut(name) else { continue };
                if matches!(stored.source, Source::File) {
                    let (byte_size, sha256) = (stored.byte_size, stored.sha256);
                    let facts = Facts { name: name.clone(), byte_size, sha256, modified_ms: None };
                    stored.source = Source::Partial(self.partial.push(&facts, chunk.row(row))?, None);
                }
            }
            done += chunk.rows();
            observer.progress(Stage::Reading, done, names.len());
        }
        Ok(())
    }

    /// Adds an image. Its features are `None` if an image with the same SHA-256 is here.
    ///
    /// # Errors
    /// [`NativeError::Unwritable`].
    pub fn add(&mut self, file: &Listed, image: &Image) -> Result<(), NativeError> {
        let modified_ms = file.modified.and_then(milliseconds);
        let before = self.rows.get(&file.path);
        let (label, is_same) = before.map_or((None, false), |row| (row.label, row.sha256 == image.sha256));
        let place = match &image.features {
            Some(features) => {
                let (byte_size, sha256) = (image.byte_size, image.sha256);
                self.partial.push(&Facts { name: file.path.clone(), byte_size, sha256, modified_ms }, features)?
            }
            None => match self.place_of(&image.sha256) {
                Some(place) => place,
                // Only what is here counts as known.
                None => return Ok(()),
            },
        };
        self.is_changed |= !is_same;
        self.places.insert(image.sha256, place);
        let source = Source::Partial(place, modified_ms);
        let stored = Stored { byte_size: image.byte_size, sha256: image.sha256, label, source };
        self.rows.insert(file.path.clone(), stored);
        if self.flushed.elapsed() > FLUSH_EVERY {
            self.partial.flush()?;
            self.flushed = Instant::now();
        }
        Ok(())
    }

    fn place_of(&mut self, sha256: &[u8; 32]) -> Option<Place> {
        if self.places.is_empty() {
            for row in self.rows.values() {
                if let Source::Partial(place, _) = row.source {
                    self.places.insert(row.sha256, place);
                }
            }
        }
        self.places.get(sha256).copied()
    }

    /// Writes the features file, and removes the partial file. Without images there is no file.
    ///
    /// # Errors
    /// [`NativeError::Unwritable`], [`NativeError::OutputExists`] if a file has appeared meanwhile. The partial file stays then.
    pub fn finish(mut self, observer: &dyn Observer) -> Result<(), NativeError> {
        if self.is_changed && !self.rows.is_empty() {
            self.begin(observer)?;
            self.write(observer)?;
        } else if self.written.is_some() {
            // What was read again has proved to be unchanged.
            let file = File::options().write(true).open(&self.output);
            // The next run reads it once more if the time cannot be set.
            let _ = file.and_then(|file| file.set_modified(self.started));
        }
        self.partial.remove()
    }

    fn write(&mut self, observer: &dyn Observer) -> Result<(), NativeError> {
        let mut places = Vec::with_capacity(self.rows.len());
        let mut rows = Vec::with_capacity(self.rows.len());
        for (name, row) in &self.rows {
            let Source::Partial(place, _) = row.source else { continue };
            places.push(place);
            rows.push(Row {
                name: name.clone(),
                label: row.label,
                byte_size: row.byte_size,
                sha256: row.sha256,
                taken_ms: None,
            });
        }
        let mut draft = Draft::begin(&self.output)?;
        let total = places.len();
        let partial = &mut self.partial;
        features_file::write(&mut draft, &self.output, rows, self.columns, Some(&self.spec), |row, bytes| {
            observer.progress(Stage::Writing, row + 1, total);
            partial.read(places[row], bytes)
        })?;
        // What is modified from now on is read again by the next run.
        draft.file().set_modified(self.started).map_err(NativeError::unwritable(&self.output))?;
        if self.written.is_some() { draft.finish_replacing() } else { draft.finish_new() }
    }
}

fn partial_path(output: &Path) -> PathBuf {
    let mut name: OsString = output.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

fn milliseconds(time: SystemTime) -> Option<u64> {
    let since_1970 = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    u64::try_from(since_1970.as_millis()).ok()
}

/// Checks that features can be added to those of a file. The error says what differs.
fn check_spec(
    found: Option<&FeatureSpec>,
    found_columns: usize,
    spec: &FeatureSpec,
    columns: usize,
) -> Result<(), String> {
    let Some(found) = found else {
        return Err("it does not say how its features were computed (it has no shoal.json)".into());
    };
    if found.weights_sha256 != spec.weights_sha256 {
        return Err("its features are those of other weights".into());
    }
    if found.features != spec.features || found.size_px != spec.size_px {
        return Err(format!(
            "its features are of images of {} px, not {} px, or of another kind",
            found.size_px, spec.size_px
        ));
    }
    if found_columns != columns {
        return Err(FeaturesError::Shape(format!("an image has {found_columns}, not {columns}")).to_string());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Silent;
    use shoal::options::FeatureKind;

    fn spec(preprocessing: u32) -> FeatureSpec {
        let (model, weights_sha256) = ("m".into(), "0".into());
        FeatureSpec { model, weights_sha256, size_px: 64, features: FeatureKind::Pooled, preprocessing }
    }

    #[test]
    fn images_that_another_version_prepared_are_computed_again() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("features.npz");
        let listed = |name: &str| Listed {
            path: name.into(),
            file: folder.path().join(name),
            byte_size: 3,
            modified: Some(SystemTime::UNIX_EPOCH),
        };
        let files = [listed("a.png"), listed("b.png")];
        let image = |sha256: [u8; 32], value| Image { byte_size: 3, sha256, features: Some(vec![value, 1.0]) };
        let mut store = FeatureStore::open(&output, &spec(1), 2).unwrap();
        store.add(&files[0], &image([7; 32], 0.5)).unwrap();
        store.add(&files[1], &image([8; 32], 0.25)).unwrap();
        store.finish(&Silent).unwrap();
        let store = FeatureStore::open(&output, &spec(1), 2).unwrap();
        assert_eq!((store.missing(&files), store.hashes().len()), (vec![], 2));
        store.finish(&Silent).unwrap();

        let mut store = FeatureStore::open(&output, &spec(2), 2).unwrap();
        assert_eq!((store.missing(&files), store.hashes().len()), (vec![0, 1], 0));
        store.begin(&Silent).unwrap();
        store.add(&files[0], &image([7; 32], 0.75)).unwrap();
        store.finish(&Silent).unwrap();
        // The other keeps its features, and is still to be computed: a file has the hashes of all images or of none.
        let store = FeatureStore::open(&output, &spec(2), 2).unwrap();
        assert_eq!((store.missing(&files), store.len(), store.hashes().len()), (vec![0, 1], 2, 0));
    }
}
