//! Writing files as a whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, PersistError};

use crate::NativeError;

/// A file that is written under another name, and appears when it is complete.
pub(crate) struct Draft {
    path: PathBuf,
    file: NamedTempFile,
}

impl Draft {
    /// Begins a file that is to appear at `path`.
    pub fn begin(path: &Path) -> Result<Self, NativeError> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".shoal-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // Temporary files are private otherwise; the user's mask applies as to any new file.
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder).map_err(NativeError::unwritable(path))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// The file, to write into.
    pub fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Makes the file appear, unless there is one already.
    pub fn finish_new(self) -> Result<(), NativeError> {
        let (path, file) = self.synced()?;
        file.persist_noclobber(&path).map(drop).map_err(|error| persist_error(&path, error))
    }

    /// Makes the file appear in place of the one that is there.
    pub fn finish_replacing(self) -> Result<(), NativeError> {
        let (path, file) = self.synced()?;
        file.persist(&path).map(drop).map_err(|error| persist_error(&path, error))
    }

    fn synced(self) -> Result<(PathBuf, NamedTempFile), NativeError> {
        let Self { path, file } = self;
        file.as_file().sync_all().map_err(NativeError::unwritable(&path))?;
        Ok((path, file))
    }
}

fn persist_error(path: &Path, PersistError { error, .. }: PersistError) -> NativeError {
    match error.kind() {
        io::ErrorKind::AlreadyExists => NativeError::OutputExists(path.to_owned()),
        _ => NativeError::Unwritable { path: path.to_owned(), error },
    }
}

/// Writes `bytes` to `path`, where no file may be.
///
/// # Errors
/// [`NativeError::OutputExists`], [`NativeError::Unwritable`].
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), NativeError> {
    check_new(path)?;
    let mut draft = Draft::begin(path)?;
    let mut writer = BufWriter::new(draft.file());
    writer.write_all(bytes).and_then(|()| writer.flush()).map_err(NativeError::unwritable(path))?;
    drop(writer);
    draft.finish_new()
}

/// Checks early that no file is at `path`.
///
/// # Errors
/// [`NativeError::OutputExists`].
pub(crate) fn check_new(path: &Path) -> Result<(), NativeError> {
    match path.try_exists() {
        Ok(true) => Err(NativeError::OutputExists(path.to_owned())),
        _ => Ok(()),
    }
}
