//! The table that is printed.

use shoal::options::{DEFAULT_SIZE_PX, FeatureKind};

use crate::embedding::Setting;
use crate::score::{SEEDS, Scores};

/// What the table is about.
pub struct About<'a> {
    /// The folder's name.
    pub folder: &'a str,
    /// How many pictures were grouped.
    pub pictures: usize,
    /// How many folders, and so groups, there are.
    pub folders: usize,
    /// How many pictures could not be read.
    pub skipped: usize,
    /// SHA-256 of the weights, in hexadecimal.
    pub weights_sha256: &'a str,
}

/// A sentence, a Markdown table, and a sentence on the size.
pub fn table(about: &About<'_>, rows: &[(Setting, Scores)]) -> String {
    let About { folder, pictures, folders, skipped, weights_sha256 } = about;
    let mut lines = vec![
        format!("{folder}: {pictures} pictures in {folders} folders, {skipped} skipped; weights {weights_sha256}."),
        format!("Means over {} seeds; in brackets the first seed alone.", SEEDS.len()),
        String::new(),
        "| way | size | NMI | ARI | accuracy | silhouette |".into(),
        "| --- | --- | --- | --- | --- | --- |".into(),
    ];
    lines.extend(rows.iter().map(|(setting, scores)| row(setting, scores)));
    lines.extend(size(rows).map(|sentence| format!("\n{sentence}")));
    lines.join("\n")
}

fn row(setting: &Setting, scores: &Scores) -> String {
    let way = match setting.kind {
        FeatureKind::Pooled => "the shipped recipe",
        FeatureKind::Flat => "the notebook's: stretched, flattened, as it is",
    };
    let silhouette = scores.silhouette.map_or_else(|| "undefined".to_owned(), |value| format!("{value:.3}"));
    let Scores { nmi, ari, accuracy, nmi_first_seed, .. } = scores;
    let size_px = setting.size_px;
    format!("| {way} | {size_px} px | {nmi:.3} ({nmi_first_seed:.3}) | {ari:.3} | {accuracy:.3} | {silhouette} |")
}

/// Which size is best for the shipped recipe, and by how much.
fn size(rows: &[(Setting, Scores)]) -> Option<String> {
    let pooled = || rows.iter().filter(|(setting, _)| setting.kind == FeatureKind::Pooled);
    let (_, default) = pooled().find(|(setting, _)| setting.size_px == DEFAULT_SIZE_PX)?;
    let (best, scores) = pooled().max_by(|(_, a), (_, b)| a.nmi.total_cmp(&b.nmi))?;
    Some(match best.size_px {
        DEFAULT_SIZE_PX => format!("The default size, {DEFAULT_SIZE_PX} px, has the highest NMI."),
        size_px => {
            let gain = scores.nmi - default.nmi;
            format!("The highest NMI is at {size_px} px, {gain:.3} over the default size, {DEFAULT_SIZE_PX} px.")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedding::SETTINGS;

    #[test]
    fn every_setting_has_a_row_and_the_best_size_is_named() {
        let scores = |nmi| Scores { nmi, ari: 0.25, accuracy: 0.5, silhouette: None, nmi_first_seed: 0.125 };
        let rows: Vec<_> = SETTINGS.into_iter().zip([0.5, 0.52, 0.5625, 0.51, 0.9].map(scores)).collect();
        let about = About { folder: "pets", pictures: 9, folders: 3, skipped: 1, weights_sha256: "ab" };
        let text = table(&about, &rows);
        assert!(text.starts_with("pets: 9 pictures in 3 folders, 1 skipped; weights ab."));
        assert!(text.contains("| the shipped recipe | 128 px | 0.520 (0.125) | 0.250 | 0.500 | undefined |"));
        assert!(text.contains("64 px | 0.900"));
        // The notebook's way is no size to choose.
        assert!(text.ends_with("The highest NMI is at 160 px, 0.042 over the default size, 128 px."), "{text}");
    }
}
