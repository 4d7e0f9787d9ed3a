//! The report: clusters, scores and charts in one HTML file.

use js_sys::Array;
use shoal::archive::report_facts;
use shoal::plot::{ChartData, ChartKind};
use shoal_browser::api_error::ApiError;
use shoal_browser::yielding::Slices;
use web_sys::Blob;

use super::thumbnails::data_uris;
use super::zip_blob::blob;
use super::{ExportContext, ExportOptions, Format, FormatInfo, FormatPlace};
use crate::events::Stage;

/// The latest result as a self-contained HTML file.
pub struct Report;

impl Format for Report {
    const INFO: FormatInfo = FormatInfo {
        label: "Report",
        hint: "Groups, scores and charts in one HTML file, to read, print and keep",
        file_name: "shoal-report.html",
        place: FormatPlace::Panel,
    };

    async fn export(context: &ExportContext<'_>, _: ExportOptions) -> Result<Blob, ApiError> {
        let operation = context.operation;
        let clustering = context.clusters.require_result()?;
        let samples = clustering.clusters.iter().flat_map(|cluster| &cluster.representatives);
        let data = ChartData::from(&*clustering);
        let kinds: Vec<ChartKind> = ChartKind::ALL.iter().copied().filter(|kind| kind.info().in_report).collect();
        let total = kinds.len() + 1;
        operation.progress(Stage::Exporting, 0, total);
        let thumbnails = data_uris(operation, context.collection, samples.map(String::as_str)).await?;
        let mut charts = Vec::new();
        let mut slices = Slices::start();
        for (index, kind) in kinds.into_iter().enumerate() {
            if kind.check(&data).is_ok() {
                charts.push((kind.info().caption.to_owned(), kind.svg(&data, &thumbnails)?));
            }
            operation.progress(Stage::Exporting, index + 1, total);
            slices.pause_when_due().await;
            operation.check()?;
        }
        let origin = {
            let images = context.collection.images();
            let first = images.collection.in_path_order().next();
            first.and_then(|(id, _)| images.stored(id)).map(|stored| stored.origin.clone())
        };
        let report = shoal::archive::Report {
            clustering: &clustering,
            created_ms: js_sys::Date::now(),
            facts: report_facts(&clustering, origin.as_ref().and_then(|origin| origin.spec())),
            charts,
            thumbnails: &thumbnails,
        };
        Ok(blob(&Array::of1(&report.html().into()), "text/html;charset=utf-8")?)
    }
}
