//! Reading weights as they are found: ours, torchvision's or timm's, in safetensors or in PyTorch's own format.

use super::fold::{Tensors, is_torchvision, parts};
use super::mobilenet::MobileNetV2Config;
use super::names::Naming;
use super::tensors::WeightsFile;
use crate::error::ModelError;

/// The widths that are in use; tried first, as several widths have the same channels.
const USUAL_WIDTHS: [f64; 6] = [1.0, 0.35, 0.5, 0.75, 1.3, 1.4];
/// All others that are tried, in hundredths.
const WIDTHS_PERCENT: std::ops::RangeInclusive<u32> = 35..=140;

/// Reads a file of weights: safetensors, and with the feature `pth` what `torch.save` wrote, a network's `state_dict` or a
/// training's checkpoint that holds one. Tensors with torchvision's or timm's names come out with torchvision's, without
/// what stood before them, such as `state_dict.` or `module.`, and without whatever else a checkpoint keeps. Where the
/// metadata says no `width`, it is taken from the tensors' shapes.
///
/// # Errors
/// [`ModelError::Format`] when the file cannot be read, [`ModelError::Architecture`] when these are not the channels of a
/// MobileNetV2 of any width, [`ModelError::NotFinite`] when a value is NaN or infinite.
pub fn read(bytes: &[u8]) -> Result<WeightsFile, ModelError> {
    let mut file = if is_pytorch(bytes) { super::pytorch::read(bytes)? } else { renamed(WeightsFile::read(bytes)?) };
    if is_torchvision(&file.tensors) && !file.metadata.contains_key("width") {
        file.metadata.insert("width".into(), width(&file.tensors)?.to_string());
    }
    Ok(file)
}

fn renamed(file: WeightsFile) -> WeightsFile {
    let Some(naming) = Naming::of(file.tensors.keys().map(String::as_str)) else { return file };
    let tensors = file.tensors.into_iter().filter_map(|(name, tensor)| Some((naming.torchvision(&name)?, tensor)));
    WeightsFile { metadata: file.metadata, tensors: tensors.collect() }
}

/// Whether the bytes begin as a zip or as a pickle does, of which one or the other holds whatever `torch.save` writes.
fn is_pytorch(bytes: &[u8]) -> bool {
    // A safetensors file begins with its header's length, which may look like a pickle; its header begins with a brace.
    (bytes.starts_with(b"PK") || bytes.starts_with(b"\x80")) && bytes.get(8) != Some(&b'{')
}

/// The width multiplier that gives a network these channels.
fn width(tensors: &Tensors) -> Result<f64, ModelError> {
    let channels: Vec<usize> = parts()
        .into_iter()
        .filter(|part| part.ends_block())
        .map(|part| {
            let name = format!("{}.weight", part.convolution);
            let tensor = tensors.get(&name).ok_or_else(|| ModelError::Architecture(format!("{name} is missing")))?;
            Ok(tensor.shape.first().copied().unwrap_or(0))
        })
        .collect::<Result<_, ModelError>>()?;
    USUAL_WIDTHS
        .into_iter()
        .chain(WIDTHS_PERCENT.map(|percent| f64::from(percent) / 100.0))
        .find(|width| MobileNetV2Config::channels(*width) == channels)
        .ok_or_else(|| ModelError::Architecture("no width from 0.35 to 1.4 has its channels".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensors::NamedTensor;

    /// Tensors of which only the first dimension says something.
    fn with_channels(channels: &[usize]) -> Tensors {
        let convolutions = parts().into_iter().filter(|part| part.ends_block());
        let name = |convolution: String| format!("{convolution}.weight");
        convolutions
            .zip(channels)
            .map(|(part, &count)| {
                (name(part.convolution), NamedTensor { shape: vec![count, 1], values: vec![0.0; count] })
            })
            .collect()
    }

    #[test]
    fn the_width_follows_from_the_channels() {
        for wanted in [0.35, 0.5, 0.75, 1.0, 1.3, 1.4] {
            assert_eq!(width(&with_channels(&MobileNetV2Config::channels(wanted))), Ok(wanted));
        }
        // A width between the usual ones comes out as one that has the same channels.
        let odd = MobileNetV2Config::channels(0.87);
        assert_eq!(MobileNetV2Config::channels(width(&with_channels(&odd)).unwrap()), odd);
    }

    #[test]
    fn other_channels_are_refused() {
        let mut channels = MobileNetV2Config::channels(1.0);
        channels[5] += 8;
        assert!(matches!(width(&with_channels(&channels)), Err(ModelError::Architecture(_))));
        channels.truncate(4);
        assert!(matches!(width(&with_channels(&channels)), Err(ModelError::Architecture(_))));
    }
}
