//! `exportReport`: everything that is known of the groups, in one file for reading and printing.

use js_sys::Array;
use web_sys::Blob;

use crate::{Engine, Stage};
use shoal::archive::Report;
use shoal::library::Outcome;
use shoal::plot::Figure;
use shoal_browser::blob::blob_of;
use shoal_browser::failure::Failure;
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
    pub async fn export_report(&self) -> Result<Blob, Failure> {
        let turn = self.begin().await?;
        let outcome = self.current()?;
        let samples = outcome.clusters.iter().flat_map(|group| &group.representatives);
        let total = CHARTS.len() + 1;
        self.progress(Stage::Exporting, 0, total);
        let thumbnails = self.data_uris(&turn, samples.map(String::as_str)).await?;
        let mut charts = Vec::new();
        let mut slices = Slices::start();
        for (index, (figure, title)) in CHARTS.into_iter().enumerate() {
            if figure.check(&outcome).is_ok() {
                charts.push((title.to_owned(), figure.svg(&outcome)?));
            }
            self.progress(Stage::Exporting, index + 1, total);
            slices.pause_when_due().await;
            turn.check()?;
        }
        let facts = self.report_facts(&outcome);
        let report = Report { outcome: &outcome, made_ms: js_sys::Date::now(), facts, charts, thumbnails: &thumbnails };
        blob_of(&Array::of1(&report.html().into()), "text/html;charset=utf-8")
    }

    /// How the groups were made.
    fn report_facts(&self, outcome: &Outcome) -> Vec<(String, String)> {
        let made = {
            let store = self.0.store.borrow();
            let first = store.collection.in_path_order().next();
            first.and_then(|(id, _)| store.holding(id)).map(|holding| holding.made.clone())
        };
        let mut facts = vec![
            ("Pictures", outcome.items.len().to_string()),
            ("Groups (k)", outcome.k.to_string()),
            ("Seed", outcome.seed.to_string()),
            ("Method", name_of(&outcome.method)),
            ("Recipe", name_of(&outcome.recipe)),
            ("Inertia", format!("{:.4}", outcome.inertia)),
            ("Features computed by", outcome.backend.clone()),
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
