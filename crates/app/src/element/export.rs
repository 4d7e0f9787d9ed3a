//! The members that take something home.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::Blob;

use super::{ShoalEngine, argument, told};
use shoal_browser::api_error::ApiError;
use shoal_engine::{ChartKind, ExportOptions, PlotFormat};

#[wasm_bindgen]
impl ShoalEngine {
    /// The zip, a `Blob`.
    #[wasm_bindgen(js_name = exportZip)]
    pub fn export_zip(&self, options: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.give(async move { engine.export_zip(take_home("exportZip", options)?).await })
    }

    /// Copies everything into a folder.
    #[wasm_bindgen(js_name = exportFolder)]
    pub fn export_folder(&self, target: JsValue, options: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.export_folder(target, take_home("exportFolder", options)?).await })
    }

    /// The scripts that move pictures into place, a `Blob` of a zip.
    #[wasm_bindgen(js_name = exportScripts)]
    pub fn export_scripts(&self, options: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.give(async move { engine.export_scripts(take_home("exportScripts", options)?).await })
    }

    /// A chart or the contact sheet, a `Blob`.
    #[wasm_bindgen(js_name = exportPlot)]
    pub fn export_plot(&self, kind: JsValue, format: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.give(async move {
            let kind = argument::<String>("kind", kind)?.parse::<ChartKind>()?;
            let format = argument::<String>("format", format)?.parse::<PlotFormat>()?;
            engine.export_plot(kind, format, None).await
        })
    }

    /// The report, a `Blob` of an HTML file.
    #[wasm_bindgen(js_name = exportReport)]
    pub fn export_report(&self) -> Promise {
        let engine = self.engine.clone();
        self.give(async move { engine.export_report().await })
    }

    /// The session, a `Blob`.
    #[wasm_bindgen(js_name = exportSession)]
    pub fn export_session(&self) -> Promise {
        let engine = self.engine.clone();
        self.give(async move { engine.export_session().await })
    }

    /// The features, a `Blob` of a `.npz`.
    #[wasm_bindgen(js_name = exportFeatures)]
    pub fn export_features(&self) -> Promise {
        let engine = self.engine.clone();
        self.give(async move { engine.export_features().await })
    }

    /// Resolves with a blob as it is.
    fn give(&self, work: impl Future<Output = Result<Blob, ApiError>> + 'static) -> Promise {
        let engine = self.engine.clone();
        future_to_promise(async move { told(&engine, work.await).map(JsValue::from) })
    }
}

/// What a caller said about how to take files home; nothing is the default.
fn take_home(member: &str, options: JsValue) -> Result<ExportOptions, ApiError> {
    Ok(argument::<Option<ExportOptions>>(&format!("{member}'s options"), options)?.unwrap_or_default())
}
