//! Turns a training's weights file into the two files that are shipped, with a manifest and the model card's figures.

use serde::Serialize;

use super::fold::{Tensors, fold, is_torchvision};
use super::info::Settings;
use super::sha256_hex;
use super::tensors::WeightsFile;
use crate::error::ModelError;

/// The name of the file that holds the network.
pub const BACKBONE_FILE: &str = "mobilenet_v2_backbone.safetensors";
/// The name of the file that holds its classifier.
pub const CLASSIFIER_FILE: &str = "mobilenet_v2_classifier.safetensors";
const FIGURES_BEGIN: &str = "<!-- figures: written by the converter -->";
const FIGURES_END: &str = "<!-- end of figures -->";

/// What a conversion gives. The same source always gives the same bytes.
#[derive(Clone, Debug)]
pub struct Converted {
    /// The network, folded, in f16: a safetensors file.
    pub backbone: Vec<u8>,
    /// Its classifier in f16: a safetensors file.
    pub classifier: Vec<u8>,
    /// What the two files are.
    pub manifest: Manifest,
}

/// Says what the shipped files are; written beside them as `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// The network.
    pub backbone: ShippedFile,
    /// Its classifier.
    pub classifier: ShippedFile,
    /// SHA-256 of the file that both were made from, in hexadecimal.
    pub source_sha256: String,
    /// How many pictures training saw, where the source says it.
    pub pictures_seen: Option<u64>,
}

/// A file that is shipped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShippedFile {
    /// Its name.
    pub file: String,
    /// Its size in bytes.
    pub bytes: usize,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Folds and shortens `source`, a safetensors file with torchvision's names and its classifier.
///
/// # Errors
/// Those of [`super::load`], and [`ModelError::NotFinite`] when a value is beyond f16's range.
pub fn convert(source: &[u8]) -> Result<Converted, ModelError> {
    let source_sha256 = sha256_hex(source);
    let file = WeightsFile::read(source)?;
    if !is_torchvision(&file.tensors) {
        return Err(ModelError::Architecture("its tensors do not go by torchvision's names".into()));
    }
    let settings = Settings::read(&file.metadata, source_sha256.clone())?;
    let folded = fold(file.tensors, settings.batch_norm_epsilon)?;
    if folded.classifier.len() != 2 {
        return Err(ModelError::Architecture("classifier.1 is missing".into()));
    }
    let write = |part: &str, tensors: Tensors| {
        let mut metadata = std::collections::BTreeMap::new();
        let info = &settings.info;
        let mut say = |key: &str, value: String| metadata.insert(key.to_owned(), value);
        say("architecture", info.name.clone());
        say("part", part.into());
        say("layout", "folded".into());
        say("width", settings.config.width.to_string());
        say("padding", info.padding.name().into());
        say("input_mean", info.input_mean.map(|value| value.to_string()).join(" "));
        say("input_std", info.input_std.map(|value| value.to_string()).join(" "));
        say("source_sha256", source_sha256.clone());
        if let Some(pictures_seen) = info.pictures_seen {
            say("pictures_seen", pictures_seen.to_string());
        }
        if let Some(classes) = &info.classes {
            say("classes", classes.clone());
        }
        WeightsFile { metadata, tensors }.write_f16()
    };
    let backbone = write("backbone", folded.backbone)?;
    let classifier = write("classifier", folded.classifier)?;
    let shipped =
        |file: &str, bytes: &[u8]| ShippedFile { file: file.to_owned(), bytes: bytes.len(), sha256: sha256_hex(bytes) };
    let manifest = Manifest {
        backbone: shipped(BACKBONE_FILE, &backbone),
        classifier: shipped(CLASSIFIER_FILE, &classifier),
        source_sha256,
        pictures_seen: settings.info.pictures_seen,
    };
    Ok(Converted { backbone, classifier, manifest })
}

impl Manifest {
    /// The model card `card` with this manifest's figures between its two marks; `None` when it lacks the marks.
    pub fn fill_card(&self, card: &str) -> Option<String> {
        let (before, rest) = card.split_once(FIGURES_BEGIN)?;
        let (_, after) = rest.split_once(FIGURES_END)?;
        Some(format!("{before}{FIGURES_BEGIN}\n\n{}\n{FIGURES_END}{after}", self.table()))
    }

    fn table(&self) -> String {
        let row = |file: &ShippedFile| format!("| `{}` | {} | `{}` |\n", file.file, file.bytes, file.sha256);
        let seen = self.pictures_seen.map_or_else(|| "not stated".to_owned(), |pictures| pictures.to_string());
        format!(
            "| file | bytes | SHA-256 |\n| --- | --- | --- |\n{}{}\n- SHA-256 of the weights they were made from: `{}`\n- \
             `pictures_seen`, the pictures that training looked at: {seen}\n",
            row(&self.backbone),
            row(&self.classifier),
            self.source_sha256,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let file = |name: &str| ShippedFile { file: name.into(), bytes: 7, sha256: "ab".into() };
        Manifest { backbone: file("b"), classifier: file("c"), source_sha256: "cd".into(), pictures_seen: Some(12) }
    }

    #[test]
    fn a_card_is_filled_between_its_marks_as_often_as_one_likes() {
        let card = format!("top\n{FIGURES_BEGIN}\nold\n{FIGURES_END}\nbottom\n");
        let filled = manifest().fill_card(&card).unwrap();
        assert!(filled.starts_with("top\n") && filled.ends_with("\nbottom\n") && !filled.contains("old"));
        assert!(filled.contains("| `b` | 7 | `ab` |") && filled.contains("at: 12"));
        assert_eq!(manifest().fill_card(&filled).unwrap(), filled);
    }

    #[test]
    fn a_card_without_marks_is_left_alone() {
        assert_eq!(manifest().fill_card("nothing here"), None);
    }
}
