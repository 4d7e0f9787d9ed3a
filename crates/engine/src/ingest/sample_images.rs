//! The built-in sample images, drawn in the workers.

use futures_util::stream::{self, StreamExt};
use js_sys::{Array, Uint8Array};
use shoal::collection::file_name;
use shoal::error::Coded;
use shoal::options::SAMPLE_COUNT;
use shoal_browser::api_error::{ApiError, thrown_message};
use shoal_protocol::DrawSample;
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, FilePropertyBag};

use super::Ingest;
use super::sources::path_of;
use crate::collection::ImageCollection;
use crate::compute::Client;
use crate::events::Stage;
use crate::operation::Operation;

/// The browser has no memory for a sample image.
#[derive(Clone, Debug, Error)]
#[error("a sample picture could not be created: {0}")]
struct SampleFailed(String);

impl Coded for SampleFailed {
    fn code(&self) -> &'static str {
        "out-of-memory"
    }
}

impl Ingest {
    /// Draws the built-in sample images, as files.
    pub async fn draw_samples(&self, operation: &Operation, client: &Client) -> Result<Array, ApiError> {
        let mut drawn = stream::iter(0..SAMPLE_COUNT)
            .map(|index| client.call(DrawSample { index }))
            .buffered(SAMPLE_COUNT)
            .enumerate();
        let files = Array::new();
        while let Some((index, sample)) = drawn.next().await {
            operation.check()?;
            let sample = sample?;
            let file = sample_file(&sample.path, &sample.bytes)?;
            files.push(&file);
            operation.progress(Stage::Drawing, index + 1, SAMPLE_COUNT);
        }
        Ok(files)
    }

    /// Draws the source files of restored sample images.
    pub async fn restore_samples(
        &self,
        operation: &Operation,
        collection: &ImageCollection,
        client: &Client,
    ) -> Result<(), ApiError> {
        let files = self.draw_samples(operation, client).await?;
        let mut images = collection.images_mut();
        for file in files.iter().map(|file| file.unchecked_into::<File>()) {
            let known = images.collection.by_path(&path_of(&file)).map(|(id, _)| id);
            if let Some(id) = known {
                // Another version of the program may draw other bytes.
                images.set_source_file(id, file, true);
            }
        }
        Ok(())
    }
}

/// A file that has its path where files of a chosen folder have theirs.
fn sample_file(path: &str, bytes: &Uint8Array) -> Result<File, SampleFailed> {
    let failed = |thrown: JsValue| SampleFailed(thrown_message(&thrown));
    let name = file_name(path);
    let options = FilePropertyBag::new();
    options.set_type(if name.ends_with(".png") { "image/png" } else { "image/jpeg" });
    let file = File::new_with_u8_array_sequence_and_options(&Array::of1(bytes), name, &options).map_err(failed)?;
    let value = js_sys::Object::new();
    js_sys::Reflect::set(&value, &"value".into(), &path.into()).map_err(failed)?;
    js_sys::Object::define_property(file.unchecked_ref::<js_sys::Object>(), &"webkitRelativePath".into(), &value);
    Ok(file)
}
