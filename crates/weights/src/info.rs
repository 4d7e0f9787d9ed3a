//! The metadata of a weights file, checked; what it leaves out follows the backbone's conventions.

use std::collections::BTreeMap;

use shoal::backbones::{Backbone, Padding};

use crate::error::ModelError;

/// The architecture of a file that does not name one.
const DEFAULT_BACKBONE: Backbone = Backbone::MobilenetV2;

/// What is known of a loaded network.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightsInfo {
    /// Which network it is.
    pub backbone: Backbone,
    /// The architecture as weights files name it, for instance `mobilenet_v2`.
    pub name: String,
    /// The width multiplier.
    pub width: f32,
    /// Where convolutions pad.
    pub padding: Padding,
    /// Subtracted from red, green and blue, each on a scale of 0 to 1.
    pub input_mean: [f32; 3],
    /// What red, green and blue are divided by after that; above 0.
    pub input_std: [f32; 3],
    /// What the classifier's rows stand for, where the file says it.
    pub classes: Option<String>,
    /// How many images training saw, where the file says it.
    pub pictures_seen: Option<u64>,
    /// SHA-256 of the whole file, in hexadecimal.
    pub sha256: String,
    /// How many pooled features there are: the channels of the last map.
    pub feature_columns: usize,
}

/// A file's metadata, checked.
pub(crate) struct Settings {
    pub info: WeightsInfo,
    /// The width multiplier, before it is rounded to [`WeightsInfo::width`].
    pub width: f64,
    pub batch_norm_epsilon: f64,
}

/// The backbone that the metadata names.
///
/// # Errors
/// [`ModelError::Architecture`] when it names an unknown one.
pub(crate) fn backbone_of(metadata: &BTreeMap<String, String>) -> Result<Backbone, ModelError> {
    match metadata.get("architecture") {
        None => Ok(DEFAULT_BACKBONE),
        Some(name) => Backbone::of_architecture(name).ok_or_else(|| refuse("architecture", name)),
    }
}

fn refuse(key: &str, value: &str) -> ModelError {
    ModelError::Architecture(format!("{key} is \"{value}\""))
}

impl Settings {
    /// # Errors
    /// [`ModelError::Architecture`] when an entry has an unknown value or is out of range.
    pub fn read(metadata: &BTreeMap<String, String>, sha256: String) -> Result<Self, ModelError> {
        let backbone = backbone_of(metadata)?;
        let descriptor = backbone.descriptor();
        let conventions = descriptor.conventions;
        let entry = |key: &str| metadata.get(key).map(String::as_str);
        let number = |key: &str, default: f64, allowed: &dyn Fn(f64) -> bool| match entry(key) {
            None => Ok(default),
            Some(text) => text.parse().ok().filter(|value| allowed(*value)).ok_or_else(|| refuse(key, text)),
        };
        let width = number("width", 1.0, &|width| descriptor.widths.contains(&width))?;
        let batch_norm_epsilon = number("batch_norm_epsilon", conventions.batch_norm_epsilon, &|epsilon| {
            epsilon >= 0.0 && epsilon.is_finite()
        })?;
        let padding = match entry("padding") {
            None => conventions.padding,
            Some(text) => [Padding::Tensorflow, Padding::Torch]
                .into_iter()
                .find(|padding| padding.name() == text)
                .ok_or_else(|| refuse("padding", text))?,
        };
        let channels = |key: &str, default: [f32; 3], allowed: fn(f32) -> bool| match entry(key) {
            None => Ok(default),
            Some(text) => {
                three(text).filter(|values| values.iter().all(|v| allowed(*v))).ok_or_else(|| refuse(key, text))
            }
        };
        let input_mean = channels("input_mean", conventions.input_mean, f32::is_finite)?;
        let input_std = channels("input_std", conventions.input_std, |std| std > 0.0 && std.is_finite())?;
        let pictures_seen =
            entry("pictures_seen").map(|text| text.parse().map_err(|_| refuse("pictures_seen", text))).transpose()?;
        let info = WeightsInfo {
            backbone,
            name: descriptor.architecture.to_owned(),
            width: width as f32,
            padding,
            input_mean,
            input_std,
            classes: entry("classes").map(str::to_owned),
            pictures_seen,
            sha256,
            feature_columns: descriptor.feature_columns(width),
        };
        Ok(Self { info, width, batch_norm_epsilon })
    }
}

fn three(text: &str) -> Option<[f32; 3]> {
    let values: Vec<f32> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?;
    values.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(entries: &[(&str, &str)]) -> Result<Settings, ModelError> {
        let metadata = entries.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        Settings::read(&metadata, String::new())
    }

    #[test]
    fn without_metadata_torchvisions_conventions_hold() {
        let settings = read(&[]).unwrap();
        assert_eq!(settings.info.padding, Padding::Torch);
        assert_eq!(settings.info.input_mean, [0.485, 0.456, 0.406]);
        assert_eq!(settings.info.input_std, [0.229, 0.224, 0.225]);
        assert_eq!((settings.width, settings.batch_norm_epsilon), (1.0, 1e-5));
    }

    #[test]
    fn metadata_overrides_the_conventions() {
        let settings = read(&[
            ("padding", "tensorflow"),
            ("width", "1.4"),
            ("input_std", "0.5 0.25 1"),
            ("batch_norm_epsilon", "1e-3"),
            ("pictures_seen", "12"),
        ])
        .unwrap();
        assert_eq!((settings.info.padding, settings.info.feature_columns), (Padding::Tensorflow, 1792));
        assert_eq!((settings.info.input_std, settings.info.pictures_seen), ([0.5, 0.25, 1.0], Some(12)));
        assert_eq!(settings.batch_norm_epsilon, 1e-3);
    }

    #[test]
    fn unknown_values_are_refused() {
        for entry in [
            ("architecture", "resnet50"),
            ("width", "0.2"),
            ("width", "wide"),
            ("width", "NaN"),
            ("padding", "reflect"),
            ("input_mean", "0.5 0.5"),
            ("input_std", "0.5 0 0.5"),
            ("batch_norm_epsilon", "-1"),
            ("pictures_seen", "many"),
        ] {
            assert!(matches!(read(&[entry]), Err(ModelError::Architecture(_))), "{entry:?}");
        }
    }

    #[test]
    fn efficientnet_has_its_own_conventions_and_one_width() {
        let settings = read(&[("architecture", "efficientnet_lite0")]).unwrap();
        assert_eq!((settings.info.backbone, settings.info.padding), (Backbone::EfficientnetLite0, Padding::Tensorflow));
        assert_eq!(settings.batch_norm_epsilon, 1e-3);
        let scaled = |value: f32| (value / 255.0 - settings.info.input_mean[0]) / settings.info.input_std[0];
        assert!((scaled(127.0)).abs() < 1e-6 && (scaled(255.0) - 1.0).abs() < 1e-6);
        assert!(read(&[("architecture", "efficientnet_lite0"), ("width", "1.4")]).is_err());
    }
}
