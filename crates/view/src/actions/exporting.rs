//! Actions that export: zip, folder, scripts, report, charts, session, features.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

use crate::download::download;
use crate::save_plot::file_name;
use crate::state::{Notice, State, Toast};
use crate::text;
use shoal::plot::{ChartKind, ChartView};
use shoal_browser::api_error::ApiError;
use shoal_browser::folder_picker;
use shoal_engine::{ExportFormat, ExportOptions, PlotFormat};

impl State {
    /// Downloads an export.
    pub fn export(self, format: ExportFormat) {
        spawn_local(async move {
            self.notice.set(None);
            self.save(self.engine().export(format, self.export_options()).await, format.info().file_name);
        });
    }

    /// Lets the user choose a folder and copies everything into it.
    pub fn save_into_folder(self) {
        spawn_local(async move {
            let engine = self.engine();
            // Before any other await: a browser shows its folder picker only in response to a click.
            let report = match folder_picker::choose(&[("mode", "readwrite")]).await {
                Ok(Some(folder)) => {
                    self.notice.set(None);
                    engine.export_folder(folder, self.export_options()).await
                }
                Ok(None) => return,
                Err(error) => Err(error.into()),
            };
            match report {
                Ok(report) => {
                    self.notice.set(Some(Notice::info(&text::exported_to_folder(&report))));
                    self.skipped_files.set(report.skipped);
                }
                Err(error) => engine.report(&error),
            }
        });
    }

    /// Downloads a chart in a view, or the contact sheet.
    pub fn save_plot(self, kind: ChartKind, format: PlotFormat, view: ChartView) {
        spawn_local(async move {
            let plot = self.engine().export_plot(kind, format, view, self.sweep.get_untracked()).await;
            self.save(plot, &file_name(kind, format));
        });
    }

    fn export_options(self) -> ExportOptions {
        ExportOptions {
            include_unreadable: self.include_unreadable.get_untracked(),
            keep_folders: self.keep_folders.get_untracked(),
        }
    }

    /// Downloads what an export made, or reports its failure.
    fn save(self, blob: Result<Blob, ApiError>, name: &str) {
        match blob.and_then(|blob| Ok(download(&blob, name)?)) {
            Ok(()) => self.toast.set(Some(Toast { message: text::downloaded_file(name), can_undo: false })),
            Err(error) => self.engine().report(&error),
        }
    }
}
