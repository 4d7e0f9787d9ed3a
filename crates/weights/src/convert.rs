//! OperationQueue a training's weights file into the files that are shipped, with a manifest and the model card's figures.

use std::collections::BTreeMap;

use burn::tensor::Device;
use serde::Serialize;

use super::fold::{Tensors, fold, is_torchvision};
use super::info::Settings;
use super::tensors::WeightsFile;
use super::{checkpoint, load, sha256_hex};
use crate::error::ModelError;

/// The name of the file that holds the network.
pub const BACKBONE_FILE: &str = "mobilenet_v2_backbone.safetensors";
/// The name of the file that holds its classifier.
pub const CLASSIFIER_FILE: &str = "mobilenet_v2_classifier.safetensors";
/// What the shipped files say of their tensors.
const FOLDED: &str = "folded";
/// What a classifier's rows stand for when a file with the names of torchvision or timm has this many and says nothing: both
/// have ImageNet's classes in the same order.
const IMAGENET: (usize, &str) = (1000, "ImageNet-1k, torchvision order");
const FIGURES_BEGIN: &str = "<!-- figures: written by the converter -->";
const FIGURES_END: &str = "<!-- end of figures -->";

/// What a conversion gives. The same source always gives the same bytes.
#[derive(Clone, Debug)]
pub struct Converted {
    /// The network, folded, in f16: a safetensors file.
    pub backbone: Vec<u8>,
    /// Its classifier; `None` when the source has none, so that groups cannot be named.
    pub classifier: Option<Classifier>,
    /// What the files are.
    pub manifest: Manifest,
}

/// The network's last layer, which puts names to pictures.
#[derive(Clone, Debug)]
pub struct Classifier {
    /// In f16: a safetensors file.
    pub bytes: Vec<u8>,
    /// How many classes it tells apart.
    pub classes: usize,
    /// What they are, for instance `ImageNet-1k, torchvision order`; `None` when the source does not say, so that groups
    /// cannot be named with it.
    pub names: Option<String>,
}

/// Says what the shipped files are; written beside them as `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// The network.
    pub backbone: ShippedFile,
    /// Its classifier, where there is one.
    pub classifier: Option<ShippedFile>,
    /// SHA-256 of the file that they were made from, in hexadecimal.
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

/// Folds and shortens `source`: any file that [`checkpoint::read`] reads, batch norm not folded. What it does not say of
/// itself is as torchvision has it.
///
/// # Errors
/// Those of [`load`], and [`ModelError::NotFinite`] when a value is beyond f16's range.
pub fn convert(source: &[u8]) -> Result<Converted, ModelError> {
    let source_sha256 = sha256_hex(source);
    let file = checkpoint::read(source)?;
    if !is_torchvision(&file.tensors) {
        return Err(ModelError::Architecture("its tensors go neither by torchvision's names nor by timm's".into()));
    }
    let settings = Settings::read(&file.metadata, source_sha256.clone())?;
    let folded = fold(file.tensors, settings.batch_norm_epsilon)?;
    let classes = count_classes(&folded.classifier, settings.info.feature_columns)?;
    let is_imagenet = classes == Some(IMAGENET.0);
    let class_names = settings.info.classes.clone().or_else(|| is_imagenet.then(|| IMAGENET.1.to_owned()));
    let write = |part: &str, tensors: Tensors| {
        let mut metadata = BTreeMap::new();
        let info = &settings.info;
        let mut say = |key: &str, value: String| metadata.insert(key.to_owned(), value);
        say("architecture", info.name.clone());
        say("part", part.into());
        say("layout", FOLDED.into());
        say("width", settings.config.width.to_string());
        say("padding", info.padding.name().into());
        say("input_mean", info.input_mean.map(|value| value.to_string()).join(" "));
        say("input_std", info.input_std.map(|value| value.to_string()).join(" "));
        say("source_sha256", source_sha256.clone());
        if let Some(pictures_seen) = info.pictures_seen {
            say("pictures_seen", pictures_seen.to_string());
        }
        if let Some(names) = &class_names {
            say("classes", names.clone());
        }
        WeightsFile { metadata, tensors }.write_f16()
    };
    let backbone = write("backbone", folded.backbone)?;
    // Every shape is compared with what the width asks for.
    load(&backbone, None, &Device::flex())?;
    let classifier = match classes {
        None => None,
        Some(classes) => {
            Some(Classifier { bytes: write("classifier", folded.classifier)?, classes, names: class_names.clone() })
        }
    };
    let shipped =
        |file: &str, bytes: &[u8]| ShippedFile { file: file.to_owned(), bytes: bytes.len(), sha256: sha256_hex(bytes) };
    let manifest = Manifest {
        backbone: shipped(BACKBONE_FILE, &backbone),
        classifier: classifier.as_ref().map(|classifier| shipped(CLASSIFIER_FILE, &classifier.bytes)),
        source_sha256,
        pictures_seen: settings.info.pictures_seen,
    };
    Ok(Converted { backbone, classifier, manifest })
}

/// Whether `bytes` are a file that [`convert`] has made, with batch norm folded.
pub fn is_converted(bytes: &[u8]) -> bool {
    WeightsFile::read(bytes).is_ok_and(|file| file.metadata.get("layout").is_some_and(|layout| layout == FOLDED))
}

/// How many classes a classifier of `columns` features tells apart; `None` when there is no classifier.
fn count_classes(classifier: &Tensors, columns: usize) -> Result<Option<usize>, ModelError> {
    let shape = |part: &str| classifier.get(&format!("classifier.{part}")).map(|tensor| tensor.shape.as_slice());
    match (shape("weight"), shape("bias")) {
        (None, None) => Ok(None),
        (Some(&[classes, width]), Some(&[biases])) if classes == biases && width == columns => Ok(Some(classes)),
        (weight, bias) => {
            let message = format!("the classifier has the shapes {weight:?} and {bias:?} on {columns} features");
            Err(ModelError::Architecture(message))
        }
    }
}

impl Converted {
    /// What becomes of the classifier, in a sentence.
    pub fn classifier_note(&self) -> String {
        match &self.classifier {
            None => "The source has no classifier: none is written, and groups cannot be named.".into(),
            Some(Classifier { classes, names: Some(names), .. }) => {
                format!("The classifier tells {classes} classes apart: {names}.")
            }
            Some(Classifier { classes, names: None, .. }) => format!(
                "The classifier tells {classes} classes apart, but the source does not say which: it is written, and groups \
                 cannot be named with it."
            ),
        }
    }
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
            self.classifier.as_ref().map(row).unwrap_or_default(),
            self.source_sha256,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let file = |name: &str| ShippedFile { file: name.into(), bytes: 7, sha256: "ab".into() };
        Manifest {
            backbone: file("b"),
            classifier: Some(file("c")),
            source_sha256: "cd".into(),
            pictures_seen: Some(12),
        }
    }

    #[test]
    fn a_card_is_filled_between_its_marks_as_often_as_one_likes() {
        let card = format!("top\n{FIGURES_BEGIN}\nold\n{FIGURES_END}\nbottom\n");
        let filled = manifest().fill_card(&card).unwrap();
        assert!(filled.starts_with("top\n") && filled.ends_with("\nbottom\n") && !filled.contains("old"));
        assert!(filled.contains("| `b` | 7 | `ab` |") && filled.contains("at: 12"));
        assert_eq!(manifest().fill_card(&filled).unwrap(), filled);
        let alone = Manifest { classifier: None, ..manifest() }.fill_card(&filled).unwrap();
        assert!(alone.contains("| `b` | 7 |") && !alone.contains("`c`"));
    }

    #[test]
    fn a_card_without_marks_is_left_alone() {
        assert_eq!(manifest().fill_card("nothing here"), None);
    }
}
