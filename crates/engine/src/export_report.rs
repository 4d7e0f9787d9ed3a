//! `exportReport`: the clusters, their scores and charts in one HTML file.

use js_sys::Array;
use web_sys::Blob;

use crate::{Engine, Stage};
use shoal::archive::Report;
use shoal::collection::Clustering;
use shoal::plot::{ChartData, ChartKind};
use shoal_browser::api_error::ApiError;
use shoal_browser::blob::blob_of;
use shoal_browser::pause::Slices;

impl Engine {
    /// The latest result as a self-contained HTML file.
    pub async fn export_report(&self) -> Result<Blob, ApiError> {
        let operation = self.begin().await?;
        let clustering = self.current()?;
        let samples = clustering.clusters.iter().flat_map(|group| &group.representatives);
        let data = ChartData::from(&*clustering);
        let kinds: Vec<ChartKind> = ChartKind::ALL.iter().copied().filter(|kind| kind.info().in_report).collect();
        let total = kinds.len() + 1;
        self.progress(Stage::Exporting, 0, total);
        let thumbnails = self.data_uris(&operation, samples.map(String::as_str)).await?;
        let mut charts = Vec::new();
        let mut slices = Slices::start();
        for (index, kind) in kinds.into_iter().enumerate() {
            if kind.check(&data).is_ok() {
                charts.push((kind.info().caption.to_owned(), kind.svg(&data, &thumbnails)?));
            }
            self.progress(Stage::Exporting, index + 1, total);
            slices.pause_when_due().await;
            operation.check()?;
        }
        let facts = self.report_facts(&clustering);
        let report =
            Report { clustering: &clustering, made_ms: js_sys::Date::now(), facts, charts, thumbnails: &thumbnails };
        blob_of(&Array::of1(&report.html().into()), "text/html;charset=utf-8")
    }

    /// The settings and the network behind the clustering: names and values.
    fn report_facts(&self, clustering: &Clustering) -> Vec<(String, String)> {
        let made = {
            let store = self.0.store.borrow();
            let first = store.collection.in_path_order().next();
            first.and_then(|(id, _)| store.stored(id)).map(|stored| stored.made.clone())
        };
        let mut facts = vec![
            ("Pictures", clustering.items.len().to_string()),
            ("Groups (k)", clustering.k.to_string()),
            ("Seed", clustering.seed.to_string()),
            ("Method", name_of(&clustering.method)),
            ("Recipe", name_of(&clustering.recipe)),
            ("Inertia", format!("{:.4}", clustering.inertia)),
            ("Features computed by", clustering.backend.clone()),
        ];
        if let Some(made) = made.as_ref().and_then(|made| made.made()) {
            facts.push(("Network", made.model.clone()));
            facts.push(("Features", format!("{} of pictures of {} px", name_of(&made.features), made.size_px)));
            facts.push(("SHA-256 of the weights", made.weights_sha256.clone()));
        }
        facts.push(("Program", format!("Shoal {}", env!("CARGO_PKG_VERSION"))));
        facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect()
    }
}

/// An option's value as it is written in an attribute.
fn name_of(option: &impl serde::Serialize) -> String {
    serde_json::to_value(option).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
