//! Copies into a folder on disk, where nothing is ever written over.

use std::collections::HashMap;

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, DomException, File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemWritableFileStream,
};

use crate::Operation;
use shoal::archive::file_names::{Kind, numbered};
use shoal_browser::api_error::ApiError;

/// A file is copied so many bytes at a time: between two pieces it can be stopped.
const PIECE_BYTES: f64 = (16 << 20) as f64;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It was written.
    Written,
    /// The same was there already.
    Present,
}

/// The folder, and those that were made in it.
pub struct FolderWriter<'a> {
    operation: &'a Operation<'a>,
    /// By their paths as planned; the empty path is the folder itself.
    folders: HashMap<String, FileSystemDirectoryHandle>,
}

impl<'a> FolderWriter<'a> {
    /// Writes into `root` for as long as `turn` lasts.
    pub fn new(root: FileSystemDirectoryHandle, operation: &'a Operation<'a>) -> Self {
        Self { operation, folders: HashMap::from([(String::new(), root)]) }
    }

    /// Copies `body` to `name`, or to the first of `name (2)`, `name (3)`, .. that is free. Where a file of the same size is
    /// found there, `is_same` says whether it is the same.
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
                    let there: File = awaited(handle.get_file()).await.map_err(|thrown| trouble(&thrown))?;
                    if there.size() == body.size() && is_same(there).await? {
                        return Ok(Put::Present);
                    }
                }
                Err(thrown) if name_of(&thrown) == "NotFoundError" => {
                    self.write(&folder, &candidate, body).await?;
                    return Ok(Put::Written);
                }
                // A folder is called so.
                Err(thrown) if name_of(&thrown) == "TypeMismatchError" => {}
                Err(thrown) => return Err(trouble(&thrown)),
            }
            number += 1;
            candidate = numbered(name, number, Kind::File);
        }
    }

    /// The folder planned as `path`, made where it is missing.
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

    /// Writes a new file; what could not be written to its end is taken away again.
    async fn write(&self, folder: &FileSystemDirectoryHandle, name: &str, body: &Blob) -> Result<(), ApiError> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let handle: FileSystemFileHandle =
            awaited(folder.get_file_handle_with_options(name, &options)).await.map_err(|thrown| trouble(&thrown))?;
        let written = match awaited::<FileSystemWritableFileStream>(handle.create_writable()).await {
            Ok(stream) => match self.fill(&stream, body).await {
                Ok(()) => Ok(()),
                Err(failure) => {
                    // What was not closed is gone either way.
                    let _ = JsFuture::from(stream.abort()).await;
                    Err(failure)
                }
            },
            Err(thrown) => Err(trouble(&thrown)),
        };
        if written.is_err() {
            // A browser that refused to write may refuse this too; then an empty file is left.
            let _ = JsFuture::from(folder.remove_entry(name)).await;
        }
        written
    }

    async fn fill(&self, stream: &FileSystemWritableFileStream, body: &Blob) -> Result<(), ApiError> {
        let mut start = 0.0;
        while start < body.size() {
            self.operation.check()?;
            let end = (start + PIECE_BYTES).min(body.size());
            let piece = body.slice_with_f64_and_f64(start, end).map_err(|thrown| trouble(&thrown))?;
            let writing = stream.write_with_blob(&piece).map_err(|thrown| trouble(&thrown))?;
            JsFuture::from(writing).await.map_err(|thrown| trouble(&thrown))?;
            start = end;
        }
        JsFuture::from(stream.close()).await.map_err(|thrown| trouble(&thrown))?;
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
            Err(thrown) => return Err(trouble(&thrown)),
        }
    }
}

async fn awaited<T: JsCast>(promise: Promise) -> Result<T, JsValue> {
    Ok(JsFuture::from(promise).await?.unchecked_into())
}

/// The name of a DOM exception, which says what kind it is.
fn name_of(thrown: &JsValue) -> String {
    thrown.dyn_ref::<DomException>().map(DomException::name).unwrap_or_default()
}

/// What the file system refused, by a code of ours.
fn trouble(thrown: &JsValue) -> ApiError {
    let (code, words) = match name_of(thrown).as_str() {
        "QuotaExceededError" => ("storage-full", "there is no room left for the file"),
        "NotAllowedError" | "SecurityError" | "NoModificationAllowedError" => {
            ("permission-denied", "the browser may not write the file there")
        }
        "NotReadableError" => ("file-changed", "the file has changed or vanished since it was added"),
        _ => ("write-failed", "the file could not be written"),
    };
    ApiError::thrown(code, words, thrown)
}
