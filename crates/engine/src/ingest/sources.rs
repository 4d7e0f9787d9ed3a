//! The files in what the user drops or chooses, with their paths.
//!
//! The custom element hands over an array of `File`, `FileSystemEntry` (from a drop), `FileSystemFileHandle` and
//! `FileSystemDirectoryHandle`.

use std::future::Future;
use std::pin::Pin;

use js_sys::{Array, AsyncIterator, Function, IteratorNext, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

use shoal::collection::{Rejection, file_name, is_ignored, is_ignored_folder, is_in_cloud};
use shoal_browser::api_error::{ApiError, thrown_message};
use shoal_browser::yielding::Slices;

use super::listings::{Child, Listings};
use crate::collection::{CollectionError, SourceFile};

/// The files that were found, and those that could not be opened.
#[derive(Default)]
pub struct Gathered {
    /// The files, in path order.
    pub found: Vec<SourceFile>,
    /// What could not be opened.
    pub rejected: Vec<Rejection>,
}

/// Lists everything in `sources`, folders recursively. `on_progress` gets the number of files found so far and returns whether
/// to continue.
pub async fn gather(sources: &Array, on_progress: &dyn Fn(usize) -> bool) -> Gathered {
    let mut gathered = Gathered::default();
    let mut slices = Slices::start();
    for source in sources.iter() {
        gathered.take(source, on_progress).await;
        slices.pause_when_due().await;
    }
    gathered.found.sort_by(|one, other| one.path.cmp(&other.path));
    gathered.mark_clashes();
    gathered
}

impl Gathered {
    async fn take(&mut self, source: JsValue, on_progress: &dyn Fn(usize) -> bool) {
        if let Some(file) = source.dyn_ref::<File>() {
            self.push(path_of(file), file.clone());
        } else if is_entry(&source) {
            self.walk_entry(source.unchecked_into(), Listings::default(), on_progress).await;
        } else if is_directory_handle(&source) {
            let name = text(&source, "name");
            self.walk_handle(source, name, Listings::default(), on_progress).await;
        } else if text(&source, "kind") == "file" {
            let name = text(&source, "name");
            match opened(&source).await {
                Ok(file) => self.push(name, file),
                Err(error) => self.reject(name, error),
            }
        } else {
            self.reject(text(&source, "name"), CollectionError::NotAFile);
        }
        on_progress(self.found.len());
    }

    fn push(&mut self, path: String, file: File) {
        if is_ignored(&path) {
            return;
        }
        if is_in_cloud(&path) {
            self.reject(path, CollectionError::InCloud);
        } else {
            let is_identified = path.contains('/');
            self.found.push(SourceFile { path, file, is_identified });
        }
    }

    /// Marks the files whose paths are not unique. They are in path order.
    fn mark_clashes(&mut self) {
        for same in self.found.chunk_by_mut(|one, other| one.path == other.path).filter(|same| same.len() > 1) {
            same.iter_mut().for_each(|source| source.is_identified = false);
        }
    }

    fn reject(&mut self, path: String, error: CollectionError) {
        self.rejected.push(ApiError::from(error).into_rejection(path));
    }

    fn walk_entry<'a>(
        &'a mut self,
        entry: FileSystemEntry,
        above: Listings,
        on_progress: &'a dyn Fn(usize) -> bool,
    ) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
        Box::pin(async move {
            let path = entry.full_path().trim_start_matches('/').to_owned();
            let is_folder = entry.is_directory();
            if if is_folder { is_ignored_folder(file_name(&path)) } else { is_ignored(&path) } {
                return;
            }
            if !is_folder {
                return match file_of(entry.unchecked_ref()).await {
                    Ok(file) => self.push(path, file),
                    Err(error) => self.reject(path, error),
                };
            }
            match children(entry.unchecked_ref()).await {
                Ok(children) => {
                    let names =
                        children.iter().map(|child| Child { name: child.name(), is_folder: child.is_directory() });
                    let Some(listings) = above.with(names.collect()) else {
                        return self.reject(path, CollectionError::FolderLoop);
                    };
                    for child in children {
                        if !on_progress(self.found.len()) {
                            return;
                        }
                        self.walk_entry(child, listings.clone(), on_progress).await;
                    }
                }
                Err(error) => self.reject(path, error),
            }
        })
    }

    fn walk_handle<'a>(
        &'a mut self,
        handle: JsValue,
        path: String,
        above: Listings,
        on_progress: &'a dyn Fn(usize) -> bool,
    ) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
        Box::pin(async move {
            let values = match call(&handle, "values") {
                Ok(values) => values.unchecked_into::<AsyncIterator>(),
                Err(error) => return self.reject(path, error),
            };
            let mut children = Vec::new();
            loop {
                match next_value(&values).await {
                    Ok(Some(child)) => children.push(child),
                    Ok(None) => break,
                    Err(error) => return self.reject(path, error),
                }
                if !on_progress(self.found.len()) {
                    return;
                }
            }
            let names =
                children.iter().map(|child| Child { name: text(child, "name"), is_folder: is_directory_handle(child) });
            let Some(listings) = above.with(names.collect()) else {
                return self.reject(path, CollectionError::FolderLoop);
            };
            for child in children {
                if !on_progress(self.found.len()) {
                    return;
                }
                let name = text(&child, "name");
                let child_path = format!("{path}/{name}");
                if is_directory_handle(&child) {
                    if !is_ignored_folder(&name) {
                        self.walk_handle(child, child_path, listings.clone(), on_progress).await;
                    }
                    continue;
                }
                if is_ignored(&child_path) {
                    continue;
                }
                match opened(&child).await {
                    Ok(file) => self.push(child_path, file),
                    Err(error) => self.reject(child_path, error),
                }
            }
        })
    }
}

/// A file's path: that in the chosen folder, or its name.
pub fn path_of(file: &File) -> String {
    let relative = text(file, "webkitRelativePath");
    if relative.is_empty() { file.name() } else { relative }
}

/// All entries of a dropped folder. `readEntries` returns them in batches, the last of which is empty.
async fn children(directory: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, CollectionError> {
    let reader = directory.create_reader();
    let mut children = Vec::new();
    loop {
        let batch = callback_pair(|success, failure| {
            reader.read_entries_with_callback_and_callback(success, failure).map_err(|thrown| unreadable(&thrown))
        })
        .await?;
        let batch: Array = batch.unchecked_into();
        if batch.length() == 0 {
            return Ok(children);
        }
        children.extend(batch.iter().map(|entry| entry.unchecked_into::<FileSystemEntry>()));
    }
}

async fn file_of(entry: &FileSystemFileEntry) -> Result<File, CollectionError> {
    let file = callback_pair(|success, failure| {
        entry.file_with_callback_and_callback(success, failure);
        Ok(())
    })
    .await?;
    Ok(file.unchecked_into())
}

/// Awaits a function that takes one callback for success and one for failure.
async fn callback_pair(
    start: impl Fn(&Function, &Function) -> Result<(), CollectionError>,
) -> Result<JsValue, CollectionError> {
    let mut started = Ok(());
    let promise = Promise::new(&mut |resolve, reject| started = start(&resolve, &reject));
    started?;
    JsFuture::from(promise).await.map_err(|thrown| unreadable(&thrown))
}

async fn next_value(values: &AsyncIterator) -> Result<Option<JsValue>, CollectionError> {
    let promise = values.next().map_err(|thrown| unreadable(&thrown))?;
    let next: IteratorNext = JsFuture::from(promise).await.map_err(|thrown| unreadable(&thrown))?.unchecked_into();
    Ok((!next.done()).then(|| next.value()))
}

async fn opened(handle: &JsValue) -> Result<File, CollectionError> {
    let promise: Promise = call(handle, "getFile")?.unchecked_into();
    let file = JsFuture::from(promise).await.map_err(|thrown| unreadable(&thrown))?;
    Ok(file.unchecked_into())
}

/// Whether this is an entry of a drop. Chromium does not expose its interface, so `instanceof` does not work.
fn is_entry(value: &JsValue) -> bool {
    !text(value, "fullPath").is_empty()
}

fn is_directory_handle(value: &JsValue) -> bool {
    text(value, "kind") == "directory"
}

fn call(object: &JsValue, method: &str) -> Result<JsValue, CollectionError> {
    Reflect::get(object, &method.into())
        .and_then(|method| method.dyn_into::<Function>())
        .and_then(|method| method.call0(object))
        .map_err(|thrown| unreadable(&thrown))
}

fn text(object: &JsValue, property: &str) -> String {
    Reflect::get(object, &property.into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
}

fn unreadable(thrown: &JsValue) -> CollectionError {
    CollectionError::Unreadable(thrown_message(thrown))
}
