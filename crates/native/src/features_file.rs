//! Features files: reading them whole, and writing them with bounded memory.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::SystemTime;

use shoal::archive::npz::{
    Column, Columns, FEATURES_NPY, FeatureSpec, FeaturesError, Head, NpzReader, Row, SHOAL_JSON, feature_spec_json,
    features_header,
};
use shoal::archive::{Entry, ZipWriter};
use shoal::collection::UNKNOWN_SHA256;
use shoal::matrix::Matrix;

use crate::output::Draft;
use crate::{NativeError, Observer, Stage};

/// How many rows of the columns other than the features are in memory at once.
const COLUMN_ROWS: usize = 2048;

/// The contents of a features file, in path order as in the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    /// The images, `[n]`. A size of 0 and [`UNKNOWN_SHA256`] stand for what the file does not say.
    pub rows: Vec<Row>,
    /// Their features, shape `[n, d]`.
    pub values: Matrix,
    /// How the features were computed, if the file says so.
    pub spec: Option<FeatureSpec>,
}

impl Features {
    /// Keeps only some rows.
    ///
    /// # Errors
    /// [`NativeError::NoImages`] if none is left.
    pub fn retain(&mut self, wanted: impl Fn(&Row) -> bool) -> Result<(), NativeError> {
        let kept: Vec<usize> = (0..self.rows.len()).filter(|&row| wanted(&self.rows[row])).collect();
        if kept.is_empty() {
            return Err(NativeError::NoImages);
        }
        if kept.len() < self.rows.len() {
            let mut values = Matrix::zeros(kept.len(), self.values.columns());
            for (target, &row) in kept.iter().enumerate() {
                values.row_mut(target).copy_from_slice(self.values.row(row));
            }
            self.values = values;
            self.rows = kept.iter().map(|&row| self.rows[row].clone()).collect();
        }
        Ok(())
    }
}

/// Opens a features file and reads everything but the features.
///
/// # Errors
/// [`NativeError::Unreadable`], [`NativeError::Features`].
pub fn open(path: &Path) -> Result<NpzReader<BufReader<File>>, NativeError> {
    let file = File::open(path).map_err(NativeError::unreadable(path))?;
    if path.is_dir() {
        return Err(NativeError::unreadable(path)(io::ErrorKind::IsADirectory.into()));
    }
    NpzReader::open(BufReader::with_capacity(1 << 20, file)).map_err(features_error(path))
}

/// For `map_err`: what is wrong with the features file at `path`.
pub(crate) fn features_error(path: &Path) -> impl Fn(FeaturesError) -> NativeError + '_ {
    move |error| NativeError::Features { path: path.to_owned(), error }
}

/// Reads a features file.
///
/// # Errors
/// [`NativeError::Unreadable`], [`NativeError::Features`], [`NativeError::NoImages`], [`NativeError::Stopped`].
pub fn read(path: &Path, observer: &dyn Observer) -> Result<Features, NativeError> {
    let mut reader = open(path)?;
    let head = reader.head().clone();
    let (n, columns) = (head.names.len(), head.dims);
    if n == 0 {
        return Err(NativeError::NoImages);
    }
    let rows = rows_of(head.clone());
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&one, &other| rows[one].name.cmp(&rows[other].name));
    let mut place = vec![0; n];
    for (sorted, &row) in order.iter().enumerate() {
        place[row] = sorted;
    }
    let mut values = Matrix::zeros(n, columns);
    let mut done = 0;
    while let Some(chunk) = reader.next_rows().map_err(features_error(path))? {
        for row in 0..chunk.rows() {
            values.row_mut(place[done + row]).copy_from_slice(chunk.row(row));
        }
        done += chunk.rows();
        observer.progress(Stage::Reading, done, n);
        observer.check()?;
    }
    let rows = order.into_iter().map(|row| rows[row].clone()).collect();
    Ok(Features { rows, values, spec: head.spec })
}

/// The rows of a file without their features, in the file's order.
pub(crate) fn rows_of(head: Head) -> Vec<Row> {
    let byte_size = |row: usize| head.byte_sizes.as_ref().map_or(0, |sizes| sizes[row]);
    let sha256 = |row: usize| head.content_hashes.as_ref().map_or(UNKNOWN_SHA256, |hashes| hashes[row]);
    let label = |row: usize| head.labels.as_ref().and_then(|labels| labels[row]);
    let names = head.names.iter().cloned().enumerate();
    names
        .map(|(row, name)| Row {
            name,
            label: label(row),
            byte_size: byte_size(row),
            sha256: sha256(row),
            taken_ms: None,
        })
        .collect()
}

/// Writes a features file into `draft`. `fill` puts the features of a row, little-endian, into the bytes that it gets, one row
/// after the other.
pub(crate) fn write(
    draft: &mut Draft,
    path: &Path,
    rows: Vec<Row>,
    columns: usize,
    spec: Option<&FeatureSpec>,
    mut fill: impl FnMut(usize, &mut [u8]) -> Result<(), NativeError>,
) -> Result<(), NativeError> {
    let failed = || NativeError::unwritable(path);
    let mut zip = Zip { writer: ZipWriter::default(), file: BufWriter::with_capacity(1 << 20, draft.file()), at: 0 };
    let mut bytes = vec![0; 4 * columns];
    let count = rows.len();
    zip.member(FEATURES_NPY, path, &features_header(count, columns), bytes.len() * count, |body| {
        for row in 0..count {
            fill(row, &mut bytes)?;
            body.push(&bytes).map_err(failed())?;
        }
        Ok(())
    })?;
    let table = Columns::new(rows);
    for column in Column::ALL.into_iter().filter(|&column| table.has(column)) {
        let row_bytes = table.values(column, 0..1.min(count)).len();
        zip.member(column.member(), path, &table.header(column), row_bytes * count, |body| {
            for start in (0..count).step_by(COLUMN_ROWS) {
                body.push(&table.values(column, start..(start + COLUMN_ROWS).min(count))).map_err(failed())?;
            }
            Ok(())
        })?;
    }
    if let Some(spec) = spec {
        zip.member(SHOAL_JSON, path, &feature_spec_json(spec)?, 0, |_| Ok(()))?;
    }
    let Zip { writer, mut file, .. } = zip;
    file.write_all(&writer.end()?).and_then(|()| file.flush()).map_err(failed())
}

/// A zip that is being written. A member's header has the body's checksum and is therefore written after it.
struct Zip<'a> {
    writer: ZipWriter,
    file: BufWriter<&'a mut File>,
    at: u64,
}

struct Body<'a, 'b> {
    file: &'b mut BufWriter<&'a mut File>,
    crc32: crc32fast::Hasher,
}

impl Zip<'_> {
    /// A member of `beginning` and the `more_bytes` that `write` pushes.
    fn member(
        &mut self,
        name: &str,
        path: &Path,
        beginning: &[u8],
        more_bytes: usize,
        write: impl FnOnce(&mut Body<'_, '_>) -> Result<(), NativeError>,
    ) -> Result<(), NativeError> {
        let failed = || NativeError::unwritable(path);
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let byte_size = (beginning.len() + more_bytes) as u64;
        let mut entry = Entry { name: name.into(), byte_size, crc32: 0, modified_ms: since_1970.as_millis() as f64 };
        let header_bytes = ZipWriter::default().begin(&entry)?.len() as u64;
        self.file.seek(SeekFrom::Start(self.at + header_bytes)).map_err(failed())?;
        let mut body = Body { file: &mut self.file, crc32: crc32fast::Hasher::new() };
        body.push(beginning).map_err(failed())?;
        write(&mut body)?;
        entry.crc32 = body.crc32.finalize();
        let header = self.writer.begin(&entry)?;
        self.file.seek(SeekFrom::Start(self.at)).map_err(failed())?;
        self.file.write_all(&header).map_err(failed())?;
        self.at += header_bytes + byte_size;
        self.file.seek(SeekFrom::Start(self.at)).map_err(failed()).map(drop)
    }
}

impl Body<'_, '_> {
    fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.crc32.update(bytes);
        self.file.write_all(bytes)
    }
}
