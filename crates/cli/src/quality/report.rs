//! The table that is printed.

use shoal::backbones::Backbone;
use shoal::options::{FeatureKind, Recipe};

use super::embedding::Setting;
use super::networks::Network;
use super::score::{SEEDS, Scores};

/// What the table is about.
pub struct About<'a> {
    /// The folder's name.
    pub folder: &'a str,
    /// How many images were clustered.
    pub images: usize,
    /// How many folders there are.
    pub folders: usize,
    /// How many images could not be read.
    pub skipped: usize,
    /// The networks.
    pub networks: &'a [Network],
}

/// One row: scores of a setting after a transform.
pub struct Row {
    pub backbone: Backbone,
    pub setting: Setting,
    pub recipe: Recipe,
    pub scores: Scores,
}

/// What was measured, a Markdown table, and the best row.
pub fn table(about: &About<'_>, rows: &[Row]) -> String {
    let About { folder, images, folders, skipped, networks } = about;
    let mut lines = vec![format!("{folder}: {images} images in {folders} folders, {skipped} skipped.")];
    lines.extend(networks.iter().map(|network| format!("{}: weights {}.", network.backbone, network.sha256)));
    lines.extend([
        format!("Means over {} seeds, in brackets the first seed; NMI, ARI and accuracy with the true k.", SEEDS.len()),
        String::new(),
        "| network | size | recipe | NMI | ARI | accuracy | silhouette | automatic k | its NMI |".into(),
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |".into(),
    ]);
    lines.extend(rows.iter().map(row));
    if let Some(best) = rows.iter().max_by(|a, b| a.scores.nmi.total_cmp(&b.scores.nmi)) {
        let (backbone, size_px, recipe) = (best.backbone, best.setting.size_px, recipe(best));
        lines.push(format!("\nHighest NMI: {backbone} at {size_px} px, {recipe}."));
    }
    lines.join("\n")
}

fn row(row: &Row) -> String {
    let Row { backbone, setting, scores, .. } = row;
    let silhouette = scores.silhouette.map_or_else(|| "undefined".to_owned(), |value| format!("{value:.3}"));
    let Scores { nmi, ari, accuracy, nmi_first_seed, .. } = scores;
    let (size_px, recipe) = (setting.size_px, recipe(row));
    let automatic = match &scores.automatic {
        Some(automatic) => format!("{:.1} | {:.3}", automatic.k, automatic.nmi),
        None => " | ".into(),
    };
    format!(
        "| {backbone} | {size_px} px | {recipe} | {nmi:.3} ({nmi_first_seed:.3}) | {ari:.3} | {accuracy:.3} | {silhouette} \
         | {automatic} |"
    )
}

fn recipe(row: &Row) -> String {
    match (row.setting.kind, row.recipe) {
        (FeatureKind::Flat, _) => "the notebook's: stretched, flattened, plain".into(),
        (FeatureKind::Pooled, recipe) => format!("{recipe:?}").to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::score::Automatic;
    use super::*;

    #[test]
    fn every_setting_has_a_row_and_the_best_is_named() {
        let row = |kind, size_px, recipe, nmi| {
            let automatic = (recipe == Recipe::Umap).then_some(Automatic { k: 11.0, nmi: 0.5 });
            let scores = Scores { nmi, ari: 0.25, accuracy: 0.5, silhouette: None, nmi_first_seed: 0.125, automatic };
            let setting = Setting { network: 0, kind, size_px, recipes: &[] };
            Row { backbone: Backbone::MobilenetV2, setting, recipe, scores }
        };
        let rows = [
            row(FeatureKind::Pooled, 128, Recipe::Spherical, 0.52),
            row(FeatureKind::Pooled, 128, Recipe::Umap, 0.5625),
            row(FeatureKind::Flat, 64, Recipe::Plain, 0.3),
        ];
        let about = About { folder: "pets", images: 9, folders: 3, skipped: 1, networks: &[] };
        let text = table(&about, &rows);
        assert!(text.starts_with("pets: 9 images in 3 folders, 1 skipped."));
        assert!(
            text.contains("| mobilenet-v2 | 128 px | spherical | 0.520 (0.125) | 0.250 | 0.500 | undefined |  |  |")
        );
        assert!(text.contains("umap | 0.562 (0.125) | 0.250 | 0.500 | undefined | 11.0 | 0.500 |"), "{text}");
        assert!(text.contains("| 64 px | the notebook's"));
        assert!(text.ends_with("Highest NMI: mobilenet-v2 at 128 px, umap."), "{text}");
    }
}
