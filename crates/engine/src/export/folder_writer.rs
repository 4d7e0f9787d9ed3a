//! Writing into a folder on disk without overwriting anything.

use std::collections::HashMap;

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, DomException, File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemWritableFileStream,
};

use shoal::archive::file_names::{Kind, numbered};
use shoal_browser::api_error::{ApiError, thrown_message};

use super::error::ExportError;
use crate::operation::Operation;

/// How many bytes are copied at a time. Between two pieces, the copy can be cancelled.
const PIECE_BYTES: f64 = (16 << 20) as f64;

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It was written.
    Written,
    /// The same file already existed.
    Present,
}

/// A folder to write into, with the folders that were created in it.
pub struct FolderWriter<'a> {
    operation: &'a Operation,
    /// By planned path; the empty path is the folder itself.
    folders: HashMap<String, FileSystemDirectoryHandle>,
}

impl<'a> FolderWriter<'a> {
    /// Writes into `root` until `operation` is cancelled.
    pub fn new(root: FileSystemDirectoryHandle, operation: &'a Operation) -> Self {
        Self { operation, folders: HashMap::from([(String::new(), root)]) }
    }

    /// Copies `body` to `entry_name` or, if that exists, to the first of `name (2)`, `name (3)`, .. that is free. `is_same`
    /// says whether an existing file of the same size is the same file.
    pub async fn put(
        &mut self,
        entry_name: &str,
        body: &Blob,
        is_same: impl AsyncFn(File) -> Result<bool, ApiError>,
    ) -> Result<Put, ApiError> {
        let (folder, name) = entry_name.rsplit_once('/').unwrap_or(("", entry_name));
        let folder = self.folder(folder).await?;
        let mut candidate = name.to_owned();
        let mut number = 1;
        loop {
            match awaited::<FileSystemFileHandle>(folder.get_file_handle(&candidate)).await {
                Ok(handle) => {
                    let existing: File = awaited(handle.get_file()).await.map_err(|thrown| write_error(&thrown))?;
                    if existing.size() == body.size() && is_same(existing).await? {
                        return Ok(Put::Present);
                    }
                }
                Err(thrown) if name_of(&thrown) == "NotFoundError" => {
                    self.write(&folder, &candidate, body).await?;
                    return Ok(Put::Written);
                }
                // A folder has this name.
                Err(thrown) if name_of(&thrown) == "TypeMismatchError" => {}
                Err(thrown) => return Err(write_error(&thrown).into()),
            }
            number += 1;
            candidate = numbered(name, number, Kind::File);
        }
    }

    /// The folder with the planned `path`, created if it is missing.
    async fn folder(&mut self, path: &str) -> Result<FileSystemDirectoryHandle, ApiError> {
        let mut ends: Vec<usize> = path.match_indices('/').map(|(end, _)| end).collect();
        ends.push(path.len());
        let mut folder = self.folders[""].clone();
        let mut start = 0;
        for end in ends {
            folder = match self.folders.get(&path[..end]) {
                Some(known) => known.clone(),
                None => {
                    let made = make_folder(&folder, &path[start..end]).await?;
                    self.folders.insert(path[..end].to_owned(), made.clone());
                    made
                }
            };
            start = end + 1;
        }
        Ok(folder)
    }

    /// Writes a new file, which is removed again if it cannot be written completely.
    async fn write(&self, folder: &FileSystemDirectoryHandle, name: &str, body: &Blob) -> Result<(), ApiError> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let handle: FileSystemFileHandle = awaited(folder.get_file_handle_with_options(name, &options))
            .await
            .map_err(|thrown| write_error(&thrown))?;
        let written = match awaited::<FileSystemWritableFileStream>(handle.create_writable()).await {
            Ok(stream) => match self.fill(&stream, body).await {
                Ok(()) => Ok(()),
                Err(failure) => {
                    // Even if aborting fails, a stream that is not closed writes nothing.
                    let _ = JsFuture::from(stream.abort()).await;
                    Err(failure)
                }
            },
            Err(thrown) => Err(write_error(&thrown).into()),
        };
        if written.is_err() {
            // A browser that refuses to write may refuse this too, and an empty file is left.
            let _ = JsFuture::from(folder.remove_entry(name)).await;
        }
        written
    }

    async fn fill(&self, stream: &FileSystemWritableFileStream, body: &Blob) -> Result<(), ApiError> {
        let mut start = 0.0;
        while start < body.size() {
            self.operation.check()?;
            let end = (start + PIECE_BYTES).min(body.size());
            let piece = body.slice_with_f64_and_f64(start, end).map_err(|thrown| write_error(&thrown))?;
            let writing = stream.write_with_blob(&piece).map_err(|thrown| write_error(&thrown))?;
            JsFuture::from(writing).await.map_err(|thrown| write_error(&thrown))?;
            start = end;
        }
        JsFuture::from(stream.close()).await.map_err(|thrown| write_error(&thrown))?;
        Ok(())
    }
}

/// The folder `name` in `parent`, or the first of `name (2)`, .. that is not a file.
async fn make_folder(parent: &FileSystemDirectoryHandle, name: &str) -> Result<FileSystemDirectoryHandle, ApiError> {
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(true);
    let mut candidate = name.to_owned();
    let mut number = 1;
    loop {
        match awaited(parent.get_directory_handle_with_options(&candidate, &options)).await {
            Ok(made) => return Ok(made),
            Err(thrown) if name_of(&thrown) == "TypeMismatchError" => {
                number += 1;
                candidate = numbered(name, number, Kind::Folder);
            }
            Err(thrown) => return Err(write_error(&thrown).into()),
        }
    }
}

async fn awaited<T: JsCast>(promise: Promise) -> Result<T, JsValue> {
    Ok(JsFuture::from(promise).await?.unchecked_into())
}

/// The name of a DOM exception, which is its kind.
fn name_of(thrown: &JsValue) -> String {
    thrown.dyn_ref::<DomException>().map(DomException::name).unwrap_or_default()
}

fn write_error(thrown: &JsValue) -> ExportError {
    let message = thrown_message(thrown);
    match name_of(thrown).as_str() {
        "QuotaExceededError" => ExportError::StorageFull(message),
        "NotAllowedError" | "SecurityError" | "NoModificationAllowedError" => ExportError::PermissionDenied(message),
        "NotReadableError" => ExportError::FileChanged,
        _ => ExportError::WriteFailed(message),
    }
}
