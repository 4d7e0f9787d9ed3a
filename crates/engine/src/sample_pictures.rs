//! The program's own sample pictures, drawn in the workers.

use futures_util::stream::{self, StreamExt};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use web_sys::{File, FilePropertyBag};

use crate::add::unexpected;
use crate::{Engine, Stage};
use shoal::collection::file_name;
use shoal::options::SAMPLE_COUNT;
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::bulk_as;
use shoal_protocol::{FromWorker, ToWorker};

impl Engine {
    /// Draws the program's own sample pictures, as files.
    pub async fn draw_samples(&self) -> Result<Array, ApiError> {
        let operation = self.begin().await?;
        let (pool, _) = self.pool().await?;
        let mut drawn = stream::iter(0..SAMPLE_COUNT)
            .map(|index| pool.run(ToWorker::DrawSample { index }, None, Array::new()))
            .buffered(SAMPLE_COUNT)
            .enumerate();
        let files = Array::new();
        while let Some((index, reply)) = drawn.next().await {
            operation.check()?;
            let (FromWorker::SampleDrawn { path }, bulk) = reply? else { return Err(unexpected()) };
            let file = sample_file(&path, &bulk_as::<Uint8Array>(&bulk, 0)?)?;
            files.push(&file);
            self.progress(Stage::Drawing, index + 1, SAMPLE_COUNT);
        }
        Ok(files)
    }
}

/// A file whose path is kept as a chosen folder's files keep theirs.
fn sample_file(path: &str, bytes: &Uint8Array) -> Result<File, ApiError> {
    let could_not = |thrown| ApiError::thrown("out-of-memory", "a sample picture could not be made", &thrown);
    let name = file_name(path);
    let options = FilePropertyBag::new();
    options.set_type(if name.ends_with(".png") { "image/png" } else { "image/jpeg" });
    let file = File::new_with_u8_array_sequence_and_options(&Array::of1(bytes), name, &options).map_err(could_not)?;
    let value = js_sys::Object::new();
    js_sys::Reflect::set(&value, &"value".into(), &path.into()).map_err(could_not)?;
    js_sys::Object::define_property(file.unchecked_ref::<js_sys::Object>(), &"webkitRelativePath".into(), &value);
    Ok(file)
}
