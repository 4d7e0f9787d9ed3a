//! Conversion of a training's weights into the files that the site ships, with a manifest and the model card's figures.

use std::collections::BTreeMap;

use serde::Serialize;
use shoal::backbones::Backbone;

use super::fold::{Tensors, fold, has_norms};
use super::info::Settings;
use super::layers::layers;
use super::storage::Storage;
use super::tensors::WeightsFile;
use super::{backbone, checkpoint, sha256_hex};
use crate::error::ModelError;

/// The `layout` in the metadata of converted files.
const FOLDED: &str = "folded";
/// What a classifier's rows stand for when a file has this many and does not say: torchvision, timm and efficientnet_pytorch
/// order ImageNet's classes alike.
const IMAGENET: (usize, &str) = (1000, "ImageNet-1k, torchvision order");

const FIGURES_END: &str = "<!-- end of figures -->";

/// What a conversion returns. The same source always gives the same bytes.
#[derive(Clone, Debug)]
pub struct Converted {
    /// The network with batch norm folded: a safetensors file.
    pub backbone: Vec<u8>,
    /// Its classifier; `None` when the source has none, so that groups cannot be named.
    pub classifier: Option<Classifier>,
    /// What the files are.
    pub manifest: Manifest,
}

/// The network's last layer, which scores the classes of its training.
#[derive(Clone, Debug)]
pub struct Classifier {
    /// A safetensors file.
    pub bytes: Vec<u8>,
    /// How many classes it distinguishes.
    pub classes: usize,
    /// What they are, for instance `ImageNet-1k, torchvision order`; `None` when the source does not say, so that groups
    /// cannot be named with it.
    pub names: Option<String>,
}

/// Describes the converted files; `manifest.json` in the same folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// Which network they hold.
    pub model: Backbone,
    /// The network.
    pub backbone: ShippedFile,
    /// Its classifier, where there is one.
    pub classifier: Option<ShippedFile>,
    /// SHA-256 of the file that they were made from, in hexadecimal.
    pub source_sha256: String,
    /// How many images training saw, where the source says it.
    pub pictures_seen: Option<u64>,
}

/// A file that the site ships.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShippedFile {
    /// Its name.
    pub file: String,
    /// Its size in bytes.
    pub bytes: usize,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Folds and shortens `source`: any file that [`checkpoint::read`] reads, batch norm not folded. Metadata that it lacks
/// follows the conventions of its network.
///
/// # Errors
/// Those of [`backbone::read`], and [`ModelError::NotFinite`] when a value is beyond f16's range.
pub fn convert(source: &[u8]) -> Result<Converted, ModelError> {
    convert_with(source, default_storage)
}

/// Like [`convert`], with every tensor stored as `storage` says for its name and shape: to measure what storage costs.
///
/// # Errors
/// As for [`convert`].
pub fn convert_with(
    source: &[u8],
    storage: impl Fn(Backbone, &str, &[usize]) -> Storage,
) -> Result<Converted, ModelError> {
    let source_sha256 = sha256_hex(source);
    let file = checkpoint::read(source)?;
    if !has_norms(&file.tensors) {
        return Err(ModelError::Architecture("it has no batch norm, or its names follow no known convention".into()));
    }
    let Settings { info, width, batch_norm_epsilon } = Settings::read(&file.metadata, source_sha256.clone())?;
    let model = info.backbone;
    let folded = fold(file.tensors, &layers(model.descriptor(), width), batch_norm_epsilon)?;
    let classes = count_classes(&folded.classifier, info.feature_columns)?;
    let is_imagenet = classes == Some(IMAGENET.0);
    let class_names = info.classes.clone().or_else(|| is_imagenet.then(|| IMAGENET.1.to_owned()));
    let write = |part: &str, tensors: Tensors| {
        let mut metadata = BTreeMap::new();
        let mut insert = |key: &str, value: String| metadata.insert(key.to_owned(), value);
        insert("architecture", info.name.clone());
        insert("part", part.into());
        insert("layout", FOLDED.into());
        insert("width", width.to_string());
        insert("padding", info.padding.name().into());
        insert("input_mean", info.input_mean.map(|value| value.to_string()).join(" "));
        insert("input_std", info.input_std.map(|value| value.to_string()).join(" "));
        insert("source_sha256", source_sha256.clone());
        if let Some(pictures_seen) = info.pictures_seen {
            insert("pictures_seen", pictures_seen.to_string());
        }
        if let Some(names) = &class_names {
            insert("classes", names.clone());
        }
        WeightsFile { metadata, tensors }.write(|name, shape| storage(model, name, shape))
    };
    let backbone = write("backbone", folded.backbone)?;
    // Every shape is compared with what the width requires.
    backbone::read(&backbone, None)?;
    let classifier = match classes {
        None => None,
        Some(classes) => {
            Some(Classifier { bytes: write("classifier", folded.classifier)?, classes, names: class_names.clone() })
        }
    };
    let shipped = |part: &str, bytes: &[u8]| ShippedFile {
        file: file_name(model, part),
        bytes: bytes.len(),
        sha256: sha256_hex(bytes),
    };
    let manifest = Manifest {
        model,
        backbone: shipped("backbone", &backbone),
        classifier: classifier.as_ref().map(|classifier| shipped("classifier", &classifier.bytes)),
        source_sha256,
        pictures_seen: info.pictures_seen,
    };
    Ok(Converted { backbone, classifier, manifest })
}

fn file_name(model: Backbone, part: &str) -> String {
    format!("{}_{part}.safetensors", model.descriptor().architecture)
}

/// The blocks whose 1x1 convolutions are stored with more bits: they are small, and errors in them grow through the network.
const EARLY_BLOCKS: std::ops::Range<usize> = 0..8;

/// How the shipped files of EfficientNet-Lite0 store a tensor. 1x1 convolutions take integers: 10 bits in the early blocks, then 7
/// for expansions, which are the least sensitive, and 9 for projections, which are the most; 8 for head and classifier.
/// Everything else is f16, and so is all of MobileNetV2. `weights/README.md` has the measurements.
pub fn default_storage(backbone: Backbone, name: &str, shape: &[usize]) -> Storage {
    let is_pointwise = shape.len() == 2 || matches!(shape, [_, _, 1, 1]);
    if backbone != Backbone::EfficientnetLite0 || !is_pointwise {
        return Storage::F16;
    }
    let block = name.strip_prefix("blocks.").and_then(|rest| rest.split('.').next()?.parse::<usize>().ok());
    Storage::Bits(match block {
        None => 8,
        Some(block) if EARLY_BLOCKS.contains(&block) => 10,
        Some(_) if name.ends_with("expand.weight") => 7,
        Some(_) => 9,
    })
}

/// Whether `bytes` are a file that [`convert`] has made.
pub fn is_converted(bytes: &[u8]) -> bool {
    WeightsFile::read(bytes).is_ok_and(|file| file.metadata.get("layout").is_some_and(|layout| layout == FOLDED))
}

/// How many classes a classifier of `columns` features distinguishes; `None` when there is no classifier.
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
    /// What the conversion did with the classifier, in a sentence.
    pub fn classifier_note(&self) -> String {
        match &self.classifier {
            None => "The source has no classifier: none is written, and groups cannot be named.".into(),
            Some(Classifier { classes, names: Some(names), .. }) => {
                format!("The classifier distinguishes {classes} classes: {names}.")
            }
            Some(Classifier { classes, names: None, .. }) => format!(
                "The classifier distinguishes {classes} classes, but the source does not say which: it is written, but groups \
                 cannot be named with it."
            ),
        }
    }
}

impl Manifest {
    /// The name of the classifier's file, whether there is one or not.
    pub fn classifier_file(&self) -> String {
        file_name(self.model, "classifier")
    }

    /// The model card `card` with this manifest's figures between the two marks of its network; `None` when it lacks the
    /// marks.
    pub fn fill_card(&self, card: &str) -> Option<String> {
        let begin = format!("<!-- figures of {}: written by the converter -->", self.model);
        let (before, rest) = card.split_once(&begin)?;
        let (_, after) = rest.split_once(FIGURES_END)?;
        Some(format!("{before}{begin}\n\n{}\n{FIGURES_END}{after}", self.table()))
    }

    fn table(&self) -> String {
        let row = |file: &ShippedFile| format!("| `{}` | {} | `{}` |\n", file.file, file.bytes, file.sha256);
        let seen = match self.pictures_seen {
            Some(pictures) => format!("- `pictures_seen`, the images that training saw: {pictures}\n"),
            None => String::new(),
        };
        format!(
            "| file | bytes | SHA-256 |\n| --- | --- | --- |\n{}{}\n- SHA-256 of the weights that they are converted from: \
             `{}`\n{seen}",
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
            model: Backbone::MobilenetV2,
            backbone: file("b"),
            classifier: Some(file("c")),
            source_sha256: "cd".into(),
            pictures_seen: Some(12),
        }
    }

    #[test]
    fn figures_replace_those_between_the_marks_of_their_network() {
        let begin = "<!-- figures of mobilenet-v2: written by the converter -->";
        let card = format!("top\n{begin}\nold\n{FIGURES_END}\nbottom\n");
        let filled = manifest().fill_card(&card).unwrap();
        assert!(filled.starts_with("top\n") && filled.ends_with("\nbottom\n") && !filled.contains("old"));
        assert!(filled.contains("| `b` | 7 | `ab` |") && filled.contains("saw: 12"));
        assert_eq!(manifest().fill_card(&filled).unwrap(), filled);
        let alone = Manifest { classifier: None, ..manifest() }.fill_card(&filled).unwrap();
        assert!(alone.contains("| `b` | 7 |") && !alone.contains("`c`"));
    }

    #[test]
    fn a_card_without_the_networks_marks_is_refused() {
        assert_eq!(manifest().fill_card("nothing here"), None);
        let other = format!("<!-- figures of efficientnet-lite0: written by the converter -->{FIGURES_END}");
        assert_eq!(manifest().fill_card(&other), None);
    }
}
