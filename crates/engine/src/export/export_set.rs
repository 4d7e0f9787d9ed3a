//! The export set: every file with its place. Files are checked again before they are exported.

use std::rc::Rc;

use futures_util::stream::{self, StreamExt};
use js_sys::JsString;
use shoal::archive::{
    ASSIGNMENTS_CSV, ASSIGNMENTS_JSON, Placed, Planner, REASONS_CSV, UNREADABLE_FOLDER, assignments_csv,
    assignments_json, reasons_csv,
};
use shoal::collection::{Assignment, Clustering, Rejection};
use shoal_browser::api_error::ApiError;
use shoal_browser::yielding::Slices;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

use super::error::ExportError;
use super::{ExportContext, ExportOptions};
use crate::events::Event;

/// How many files are checked at once.
const CHECKS_AT_ONCE: usize = 32;

/// A file and its place.
#[derive(Clone)]
pub struct ExportFile {
    /// The place.
    pub placed: Placed,
    /// The file.
    pub file: File,
    /// Its number of bytes when it was added.
    pub byte_size: u64,
    /// CRC-32 of its bytes when it was added, if it is known.
    pub crc32: Option<u32>,
    /// When it was last modified, in milliseconds since 1970 (UTC).
    pub modified_ms: f64,
}

/// Everything that is exported.
pub struct ExportSet {
    /// The clusters.
    pub clustering: Rc<Clustering>,
    /// The files, in the order of the clustering's items.
    pub files: Vec<ExportFile>,
    /// The files that are left out, and why.
    pub left_out: Vec<Rejection>,
    unreadable: Vec<(Placed, Rejection)>,
}

impl ExportSet {
    /// The files of the latest result and their places.
    ///
    /// # Errors
    /// [`ExportError::NothingClustered`]; `originals-missing`.
    pub async fn of(context: &ExportContext<'_>, options: ExportOptions) -> Result<Self, ApiError> {
        let ExportContext { operation, collection, clusters, .. } = context;
        let clustering = clusters.result().ok_or(ExportError::NothingClustered)?;
        let paths: Vec<String> = clustering.items.iter().map(|item| item.path.clone()).collect();
        collection.source_files(&collection.ids_of(&paths)?)?;
        let mut planner = Planner::new(&clustering.clusters, options.keep_folders, normalized);
        let mut set = Self { clustering, files: Vec::new(), left_out: Vec::new(), unreadable: Vec::new() };
        let mut slices = Slices::start();
        for item in &set.clustering.clone().items {
            set.push(context, &mut planner, item);
            slices.pause_when_due().await;
            operation.check()?;
        }
        if options.include_unreadable {
            for unreadable in collection.sidecars().unreadable() {
                match &unreadable.file {
                    Some(file) => {
                        let placed = planner.place_unreadable(&unreadable.rejection.path);
                        set.unreadable.push((placed.clone(), unreadable.rejection.clone()));
                        set.files.push(never_read(placed, file));
                    }
                    None => set.left_out.push(unreadable.rejection.clone()),
                }
            }
        }
        let long = set.files.iter().filter(|file| file.placed.is_long()).count();
        if long > 0 {
            operation.emit(Event::Notice(ExportError::LongPaths { count: long }.into()));
        }
        Ok(set)
    }

    /// Adds an image and its sidecars.
    fn push(&mut self, context: &ExportContext<'_>, planner: &mut Planner, item: &Assignment) {
        let images = context.collection.images();
        let Some((id, image)) = images.collection.by_path(&item.path) else { return };
        let sidecars = context.collection.sidecars();
        let sidecars = sidecars.of(id);
        let paths: Vec<&str> = sidecars.iter().map(|source| source.path.as_str()).collect();
        let (placed, others) = planner.place(item, &paths);
        if let Some(stored) = images.stored(id)
            && let Some(file) = &stored.file
        {
            self.files.push(ExportFile {
                placed,
                file: file.clone(),
                byte_size: image.byte_size,
                crc32: (!stored.is_unread).then_some(image.crc32),
                modified_ms: image.modified_ms,
            });
        }
        let others = others.into_iter().zip(sidecars);
        self.files.extend(others.map(|(placed, source)| never_read(placed, &source.file)));
    }

    /// The tables that go with the files, by name.
    pub fn tables(&self, context: &ExportContext<'_>) -> Result<Vec<(String, Vec<u8>)>, ApiError> {
        let images = context.collection.images();
        let session = assignments_json(
            &self.clustering,
            &images.collection,
            &context.clusters.arrangement(),
            &context.clusters.kept_duplicates(),
        )?;
        let mut tables =
            vec![(ASSIGNMENTS_CSV.into(), assignments_csv(&self.clustering)?), (ASSIGNMENTS_JSON.into(), session)];
        if !self.unreadable.is_empty() {
            tables.push((format!("{UNREADABLE_FOLDER}/{REASONS_CSV}"), reasons_csv(&self.unreadable)?));
        }
        Ok(tables)
    }

    /// Leaves out every file that has changed since it was added. `on_checked` gets the number of files checked so far.
    pub async fn check_files(
        &mut self,
        context: &ExportContext<'_>,
        on_checked: impl Fn(usize),
    ) -> Result<(), ApiError> {
        let files = self.files.clone();
        let mut checks = stream::iter(&files).map(check_file).buffered(CHECKS_AT_ONCE);
        let mut errors = Vec::with_capacity(files.len());
        while let Some(check) = checks.next().await {
            context.operation.check()?;
            errors.push(check.err());
            on_checked(errors.len());
        }
        self.leave_out(errors);
        Ok(())
    }

    /// Leaves out the files that have an error; `errors` are in the order of the files.
    pub fn leave_out(&mut self, errors: Vec<Option<ExportError>>) {
        let files = std::mem::take(&mut self.files);
        for (file, error) in files.into_iter().zip(errors) {
            match error {
                None => self.files.push(file),
                Some(error) => {
                    self.unreadable.retain(|(placed, _)| *placed != file.placed);
                    self.left_out.push(ApiError::from(error).into_rejection(file.placed.path));
                }
            }
        }
    }
}

/// Checks that a file has not changed since it was added.
///
/// # Errors
/// [`ExportError::FileChanged`].
pub async fn check_file(file: &ExportFile) -> Result<(), ExportError> {
    let is_unchanged = file.file.size() as u64 == file.byte_size && is_readable(&file.file).await;
    if is_unchanged { Ok(()) } else { Err(ExportError::FileChanged) }
}

/// `text` in Normalization Form C.
fn normalized(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { JsString::from(text).normalize("NFC").into() }
}

fn never_read(placed: Placed, file: &File) -> ExportFile {
    ExportFile {
        placed,
        file: file.clone(),
        byte_size: file.size() as u64,
        crc32: None,
        modified_ms: file.last_modified(),
    }
}

async fn is_readable(file: &Blob) -> bool {
    match file.slice_with_i32_and_i32(0, 1) {
        Ok(start) => JsFuture::from(start.array_buffer()).await.is_ok(),
        Err(_) => false,
    }
}
