//! Errors of exports on the page.

use shoal::archive::LEFT_OUT_CSV;
use shoal::error::Coded;
use thiserror::Error;

/// Errors of exports on the page.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ExportError {
    /// Nothing has been clustered.
    #[error("there are no groups to export yet")]
    NothingClustered,
    /// There are no images.
    #[error("there are no pictures whose features could be saved")]
    NoImages,
    /// A file has changed since it was added.
    #[error("the file has changed or vanished since it was added; drop it again")]
    FileChanged,
    /// The browser has no room for the zip.
    #[error("the zip could not be assembled: {0}")]
    ZipFailed(String),
    /// `exportFolder` was not given a folder.
    #[error("exportFolder takes a FileSystemDirectoryHandle")]
    NotAFolder,
    /// The disk is full.
    #[error("there is no room left for the file: {0}")]
    StorageFull(String),
    /// The browser may not write there.
    #[error("the browser may not write the file there: {0}")]
    PermissionDenied(String),
    /// A file cannot be written.
    #[error("the file could not be written: {0}")]
    WriteFailed(String),
    /// There is no canvas.
    #[error("there is no canvas to draw on")]
    NoCanvas,
    /// A chart cannot be drawn.
    #[error("the chart could not be drawn: {0}")]
    NotDrawn(String),
    /// The browser has no memory for a chart.
    #[error("there is not enough memory for the chart's pixels")]
    OutOfMemory,
    /// Paths of an export are long.
    #[error("{} longer than 240 characters, which Windows may not open: give long folders shorter names, or export without your \
        folders", if *count == 1 { "1 path is".to_owned() } else { format!("{count} paths are") })]
    LongPaths {
        /// How many.
        count: usize,
    },
    /// Files were left out of a zip.
    #[error("{} not be exported: {LEFT_OUT_CSV} in the zip says which, and why",
        if *count == 1 { "1 file could".to_owned() } else { format!("{count} files could") })]
    FilesLeftOut {
        /// How many.
        count: usize,
    },
}

impl Coded for ExportError {
    fn code(&self) -> &'static str {
        match self {
            Self::NothingClustered => "nothing-clustered",
            Self::NoImages => "no-pictures",
            Self::FileChanged => "file-changed",
            Self::ZipFailed(_) => "zip-failed",
            Self::NotAFolder => "bad-option",
            Self::StorageFull(_) => "storage-full",
            Self::PermissionDenied(_) => "permission-denied",
            Self::WriteFailed(_) => "write-failed",
            Self::NoCanvas | Self::NotDrawn(_) => "no-canvas",
            Self::OutOfMemory => "out-of-memory",
            Self::LongPaths { .. } => "long-paths",
            Self::FilesLeftOut { .. } => "files-left-out",
        }
    }
}
