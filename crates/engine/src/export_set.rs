//! What is taken home: every file with its place, each looked at again before it goes.

use std::rc::Rc;

use futures_util::stream::{self, StreamExt};
use js_sys::Array;
use serde::Deserialize;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

use crate::add::unexpected;
use crate::pool::Pool;
use crate::{Engine, Operation};
use shoal::archive::{
    ASSIGNMENTS_CSV, ASSIGNMENTS_JSON, Placed, Planner, REASONS_CSV, UNREADABLE_FOLDER, assignments_csv,
    assignments_json, reasons_csv,
};
use shoal::collection::{Clustering, Rejection};
use shoal_browser::api_error::ApiError;
use shoal_browser::pause::Slices;
use shoal_protocol::{FromWorker, ToWorker};

/// A worker checksums so many bytes of a file at a time: between two such parts it can be stopped, and other workers take others.
const PART_BYTES: u64 = 64 << 20;
/// So many files are looked at side by side.
const LOOKED_AT_ONCE: usize = 32;

/// What a call that takes files home may say.
#[derive(Clone, Copy, Debug, Default, Deserialize, tsify::Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct ExportOptions {
    /// Whether what could not be read goes along, in a folder of its own.
    pub include_unreadable: bool,
    /// Whether the folders that files came in are kept below those of the groups.
    pub keep_folders: bool,
}

/// A file and its place.
#[derive(Clone)]
pub struct ExportFile {
    /// The place.
    pub placed: Placed,
    /// The file.
    pub file: File,
    /// Its number of bytes when it was added.
    pub byte_size: u64,
    /// CRC-32 of its bytes then, where that was found out.
    pub crc32: Option<u32>,
    /// When it was last changed, in milliseconds since 1970 (UTC).
    pub modified_ms: f64,
}

/// Everything that is taken home.
pub struct ExportSet {
    /// The groups.
    pub clustering: Rc<Clustering>,
    /// The files.
    pub files: Vec<ExportFile>,
    /// The files that stay behind, and why.
    pub left_out: Vec<Rejection>,
    unread: Vec<(Placed, Rejection)>,
}

impl ExportSet {
    /// Takes out the parcels that something is wrong with; `troubles` are in the order of the parcels.
    pub fn leave_out(&mut self, troubles: Vec<Option<ApiError>>) {
        let files = std::mem::take(&mut self.files);
        for (file, trouble) in files.into_iter().zip(troubles) {
            match trouble {
                None => self.files.push(file),
                Some(ApiError { code, message }) => {
                    self.unread.retain(|(placed, _)| *placed != file.placed);
                    self.left_out.push(Rejection { path: file.placed.path, code, reason: message });
                }
            }
        }
    }
}

impl Engine {
    /// The files of the latest result and their places, in the order of its items.
    pub(super) async fn export_set(
        &self,
        operation: &Operation<'_>,
        options: ExportOptions,
    ) -> Result<ExportSet, ApiError> {
        let clustering = self
            .clustering()
            .ok_or_else(|| ApiError::new("nothing-clustered", "there are no groups to take home yet"))?;
        self.originals(&self.known(&clustering.items.iter().map(|item| item.path.clone()).collect::<Vec<_>>())?)?;
        let mut planner = Planner::new(&clustering.clusters, options.keep_folders);
        let mut export_set =
            ExportSet { clustering: clustering.clone(), files: Vec::new(), left_out: Vec::new(), unread: Vec::new() };
        let mut slices = Slices::start();
        for item in &clustering.items {
            self.pack(&mut planner, item, &mut export_set);
            slices.pause_when_due().await;
            operation.check()?;
        }
        if options.include_unreadable {
            for unread in self.0.beside.borrow().unread() {
                match &unread.file {
                    Some(file) => {
                        let placed = planner.place_unreadable(&unread.rejection.path);
                        export_set.unread.push((placed.clone(), unread.rejection.clone()));
                        export_set.files.push(found_parcel(placed, file));
                    }
                    None => export_set.left_out.push(unread.rejection.clone()),
                }
            }
        }
        Ok(export_set)
    }

    /// Packs a picture and its sidecars.
    fn pack(&self, planner: &mut Planner, item: &shoal::collection::Assignment, export_set: &mut ExportSet) {
        let store = self.0.store.borrow();
        let Some((id, picture)) = store.collection.by_path(&item.path) else { return };
        let beside = self.0.beside.borrow();
        let sidecars = beside.sidecars(id);
        let paths: Vec<&str> = sidecars.iter().map(|found| found.path.as_str()).collect();
        let (placed, others) = planner.place(item, &paths);
        if let Some(stored) = store.stored(id)
            && let Some(file) = &stored.file
        {
            export_set.files.push(ExportFile {
                placed,
                file: file.clone(),
                byte_size: picture.byte_size,
                crc32: (!stored.is_unread).then_some(picture.crc32),
                modified_ms: picture.modified_ms,
            });
        }
        let others = others.into_iter().zip(sidecars);
        export_set.files.extend(others.map(|(placed, found)| found_parcel(placed, &found.file)));
    }

    /// The tables that lie beside the files, by name.
    pub(super) fn tables(&self, export_set: &ExportSet) -> Result<Vec<(String, Vec<u8>)>, ApiError> {
        let store = self.0.store.borrow();
        let session = assignments_json(&export_set.clustering, &store.collection, &self.0.arrangement.borrow())?;
        let mut tables = vec![
            (ASSIGNMENTS_CSV.into(), assignments_csv(&export_set.clustering)?),
            (ASSIGNMENTS_JSON.into(), session),
        ];
        if !export_set.unread.is_empty() {
            tables.push((format!("{UNREADABLE_FOLDER}/{REASONS_CSV}"), reasons_csv(&export_set.unread)?));
        }
        Ok(tables)
    }

    /// Leaves out every file that is not what it was when it was added; `tell` hears of each that was looked at.
    pub(super) async fn look_again(
        &self,
        operation: &Operation<'_>,
        export_set: &mut ExportSet,
        mut tell: impl FnMut(usize),
    ) -> Result<(), ApiError> {
        let files = export_set.files.clone();
        let mut looks = stream::iter(&files).map(look).buffered(LOOKED_AT_ONCE);
        let mut troubles = Vec::with_capacity(files.len());
        while let Some(trouble) = looks.next().await {
            operation.check()?;
            troubles.push(trouble);
            tell(troubles.len());
        }
        export_set.leave_out(troubles);
        Ok(())
    }

    /// CRC-32 of a whole file, by the workers; memory does not depend on its size.
    pub(super) async fn crc32_of(&self, pool: &Pool, file: &File) -> Result<u32, ApiError> {
        let byte_size = file.size() as u64;
        let mut parts = stream::iter((0..byte_size).step_by(PART_BYTES as usize))
            .map(async |start| {
                let end = (start + PART_BYTES).min(byte_size);
                let reply = pool.run(ToWorker::Checksum { start, end }, Some(file.clone()), Array::new()).await?;
                let FromWorker::Checksummed { crc32 } = reply.0 else { return Err(unexpected()) };
                Ok(crc32fast::Hasher::new_with_initial_len(crc32, end - start))
            })
            .buffered(2 * pool.workers());
        let mut whole = crc32fast::Hasher::new();
        while let Some(part) = parts.next().await {
            whole.combine(&part?);
        }
        Ok(whole.finalize())
    }
}

fn found_parcel(placed: Placed, file: &File) -> ExportFile {
    ExportFile {
        placed,
        file: file.clone(),
        byte_size: file.size() as u64,
        crc32: None,
        modified_ms: file.last_modified(),
    }
}

/// What is wrong with a file that is to go, if anything.
pub async fn look(file: &ExportFile) -> Option<ApiError> {
    let unchanged = file.file.size() as u64 == file.byte_size && is_readable(&file.file).await;
    (!unchanged).then(file_changed)
}

/// The failure of a file that is not what it was.
pub fn file_changed() -> ApiError {
    ApiError::new("file-changed", "the file has changed or vanished since it was added; drop it again")
}

async fn is_readable(file: &Blob) -> bool {
    match file.slice_with_i32_and_i32(0, 1) {
        Ok(start) => JsFuture::from(start.array_buffer()).await.is_ok(),
        Err(_) => false,
    }
}
