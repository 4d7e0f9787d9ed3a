//! `exportReport`: everything that is known of the groups, in one file for reading and printing.

use js_sys::Array;
use web_sys::Blob;

use crate::{Engine, Stage};
use shoal::archive::Report;
use shoal::collection::Clustering;
use shoal::plot::Figure;
use shoal_browser::api_error::ApiError;
use shoal_browser::blob::blob_of;
use shoal_browser::pause::Slices;

/// The report's charts.
const CHARTS: [(Figure, &str); 4] = [
    (Figure::Pca2d, "Map of the pictures: those that look alike lie near each other"),
    (Figure::Pca3d, "The same map in three dimensions"),
    (Figure::Silhouette, "How well pictures fit: each is a bar as long as its silhouette; the line is the mean of all"),
    (Figure::Curve, "How many groups? The mean silhouette for every number that was tried"),
];

impl Engine {
    /// The latest result as an HTML file that needs nothing beside it.
    pub async fn export_report(&self) -> Result<Blob, ApiError> {
        let operation = self.begin().await?;
        let clustering = self.current()?;
        let samples = clustering.clusters.iter().flat_map(|group| &group.representatives);
        let total = CHARTS.len() + 1;
        self.progress(Stage::Exporting, 0, total);
        let thumbnails = self.data_uris(&operation, samples.map(String::as_str)).await?;
        let mut charts = Vec::new();
        let mut slices = Slices::start();
        for (index, (figure, title)) in CHARTS.into_iter().enumerate() {
            if figure.check(&clustering).is_ok() {
                charts.push((title.to_owned(), figure.svg(&clustering)?));
            }
            self.progress(Stage::Exporting, index + 1, total);
            slices.pause_when_due().await;
            operation.check()?;
        }
        let facts = self.report_facts(&clustering);
        let report =
            Report { clustering: &clustering, created_ms: js_sys::Date::now(), facts, charts, thumbnails: &thumbnails };
        blob_of(&Array::of1(&report.html().into()), "text/html;charset=utf-8")
    }

    /// How the groups were made.
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

/// An option's value as attributes have it.
fn name_of(option: &impl serde::Serialize) -> String {
    serde_json::to_value(option).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
