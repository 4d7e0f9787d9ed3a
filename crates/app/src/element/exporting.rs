//! The members that export.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::Blob;

use super::{ShoalEngine, report};
use crate::arguments::{parse, parse_options};
use shoal::plot::{ChartKind, ChartView};
use shoal_browser::api_error::ApiError;
use shoal_engine::{ExportFormat, ExportOptions, PlotFormat};

#[wasm_bindgen]
impl ShoalEngine {
    /// A zip with one folder per cluster, as a `Blob`.
    #[wasm_bindgen(js_name = exportZip)]
    pub fn export_zip(&self, options: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run_blob(async move {
            engine.export(ExportFormat::Zip, parse_options::<ExportOptions>("exportZip", options)?).await
        })
    }

    /// Copies the same files into a folder.
    #[wasm_bindgen(js_name = exportFolder)]
    pub fn export_folder(&self, target: JsValue, options: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(
            async move { engine.export_folder(target, parse_options::<ExportOptions>("exportFolder", options)?).await },
        )
    }

    /// The scripts that move the source files into folders, as a `Blob` of a zip.
    #[wasm_bindgen(js_name = exportScripts)]
    pub fn export_scripts(&self, options: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run_blob(async move {
            engine.export(ExportFormat::Scripts, parse_options::<ExportOptions>("exportScripts", options)?).await
        })
    }

    /// A chart or the contact sheet, as a `Blob`.
    #[wasm_bindgen(js_name = exportPlot)]
    pub fn export_plot(&self, kind: JsValue, format: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run_blob(async move {
            let kind: ChartKind = parse::<String>("kind", kind)?.parse()?;
            let format: PlotFormat = parse::<String>("format", format)?.parse()?;
            engine.export_plot(kind, format, ChartView::default(), None).await
        })
    }

    /// The report, as a `Blob` of an HTML file.
    #[wasm_bindgen(js_name = exportReport)]
    pub fn export_report(&self) -> Promise {
        let engine = self.engine.clone();
        self.run_blob(async move { engine.export(ExportFormat::Report, ExportOptions::default()).await })
    }

    /// The session, as a `Blob` of a JSON file.
    #[wasm_bindgen(js_name = exportSession)]
    pub fn export_session(&self) -> Promise {
        let engine = self.engine.clone();
        self.run_blob(async move { engine.export(ExportFormat::Session, ExportOptions::default()).await })
    }

    /// The features, as a `Blob` of a `.npz` file.
    #[wasm_bindgen(js_name = exportFeatures)]
    pub fn export_features(&self) -> Promise {
        let engine = self.engine.clone();
        self.run_blob(async move { engine.export(ExportFormat::Features, ExportOptions::default()).await })
    }

    /// A promise of the blob that an operation makes.
    fn run_blob(&self, operation: impl Future<Output = Result<Blob, ApiError>> + 'static) -> Promise {
        let (engine, operation) = (self.engine.clone(), self.in_call(operation));
        future_to_promise(async move { report(&engine, operation.await).map(JsValue::from) })
    }
}
