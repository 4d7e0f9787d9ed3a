//! What a weights file says of itself; what it leaves out is as torchvision has it.

use std::collections::BTreeMap;

use super::blocks::Padding;
use super::mobilenet::MobileNetV2Config;
use crate::error::ModelError;

const ARCHITECTURE: &str = "mobilenet_v2";
const WIDTHS: std::ops::RangeInclusive<f64> = 0.35..=1.4;
const TORCHVISION_MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const TORCHVISION_STD: [f32; 3] = [0.229, 0.224, 0.225];
const TORCHVISION_EPSILON: f64 = 1e-5;

/// What is known of a loaded network.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightsInfo {
    /// The network's name, for instance `mobilenet_v2`.
    pub name: String,
    /// The width multiplier, 0.35 to 1.4.
    pub width: f32,
    /// Where the 3x3 convolutions pad.
    pub padding: Padding,
    /// Subtracted from red, green and blue, each on a scale of 0 to 1.
    pub input_mean: [f32; 3],
    /// What red, green and blue are divided by after that; above 0.
    pub input_std: [f32; 3],
    /// What the classifier's rows stand for, where the file says it.
    pub classes: Option<String>,
    /// How many pictures training saw, where the file says it.
    pub pictures_seen: Option<u64>,
    /// SHA-256 of the whole file, in hexadecimal.
    pub sha256: String,
    /// How many pooled features there are: the channels of the last map.
    pub feature_columns: usize,
}

/// A file's metadata, checked.
pub(super) struct Settings {
    pub info: WeightsInfo,
    pub config: MobileNetV2Config,
    pub batch_norm_epsilon: f64,
}

impl Settings {
    /// # Errors
    /// [`ModelError::Architecture`] when an entry is not one of those known, or out of its range.
    pub fn read(metadata: &BTreeMap<String, String>, sha256: String) -> Result<Self, ModelError> {
        let entry = |key: &str| metadata.get(key).map(String::as_str);
        let refuse = |key: &str, value: &str| ModelError::Architecture(format!("{key} is \"{value}\""));
        let name = entry("architecture").unwrap_or(ARCHITECTURE);
        if name != ARCHITECTURE {
            return Err(refuse("architecture", name));
        }
        let number = |key: &str, default: f64, allowed: &dyn Fn(f64) -> bool| match entry(key) {
            None => Ok(default),
            Some(text) => text.parse().ok().filter(|value| allowed(*value)).ok_or_else(|| refuse(key, text)),
        };
        let width = number("width", 1.0, &|width| WIDTHS.contains(&width))?;
        let batch_norm_epsilon =
            number("batch_norm_epsilon", TORCHVISION_EPSILON, &|epsilon| epsilon >= 0.0 && epsilon.is_finite())?;
        let padding = match entry("padding") {
            None => Padding::Torch,
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
        let input_mean = channels("input_mean", TORCHVISION_MEAN, f32::is_finite)?;
        let input_std = channels("input_std", TORCHVISION_STD, |std| std > 0.0 && std.is_finite())?;
        let pictures_seen =
            entry("pictures_seen").map(|text| text.parse().map_err(|_| refuse("pictures_seen", text))).transpose()?;
        let config = MobileNetV2Config::new(width, padding);
        let info = WeightsInfo {
            name: name.to_owned(),
            width: width as f32,
            padding,
            input_mean,
            input_std,
            classes: entry("classes").map(str::to_owned),
            pictures_seen,
            sha256,
            feature_columns: config.feature_columns(),
        };
        Ok(Self { info, config, batch_norm_epsilon })
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
    fn without_metadata_it_is_torchvisions() {
        let settings = read(&[]).unwrap();
        assert_eq!(settings.info.padding, Padding::Torch);
        assert_eq!(settings.info.input_mean, [0.485, 0.456, 0.406]);
        assert_eq!(settings.info.input_std, [0.229, 0.224, 0.225]);
        assert_eq!((settings.info.width, settings.batch_norm_epsilon), (1.0, 1e-5));
    }

    #[test]
    fn what_the_file_says_holds() {
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
    fn nonsense_is_refused() {
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
}
