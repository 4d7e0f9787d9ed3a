//! The session as a file.

use js_sys::{Array, Uint8Array};
use shoal::archive::assignments_json;
use shoal_browser::api_error::ApiError;
use web_sys::Blob;

use super::zip_blob::blob;
use super::{ExportContext, ExportOptions, Format, FormatInfo, FormatPlace};

/// The clusters, names and pins of the latest result, as JSON, to be opened again later.
pub struct Session;

impl Format for Session {
    const INFO: FormatInfo = FormatInfo {
        label: "Save session",
        hint: "Groups, names and pins, to continue another day",
        file_name: "shoal-session.json",
        place: FormatPlace::BesideOpen,
    };

    async fn export(context: &ExportContext<'_>, _: ExportOptions) -> Result<Blob, ApiError> {
        let clustering = context.clusters.require_result()?;
        let images = context.collection.images();
        let bytes = assignments_json(
            &clustering,
            &images.collection,
            &context.clusters.arrangement(),
            &context.clusters.kept_duplicates(),
        )?;
        Ok(blob(&Array::of1(&Uint8Array::from(bytes.as_slice())), "application/json")?)
    }
}
