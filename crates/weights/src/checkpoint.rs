//! Checkpoints as they are found: our files, or those of a known naming convention, in safetensors or in PyTorch's format.

use shoal::backbones::Descriptor;

use super::fold::{Tensors, has_norms};
use super::info::backbone_of;
use super::layers::layers;
use super::naming::Naming;
use super::tensors::WeightsFile;
use crate::error::ModelError;

/// Common width multipliers; tried first, as several widths have the same channels.
const COMMON_WIDTHS: [f64; 6] = [1.0, 0.35, 0.5, 0.75, 1.3, 1.4];
/// The other widths that are tried, in hundredths.
const WIDTHS_PERCENT: std::ops::RangeInclusive<u32> = 1..=200;

/// Reads a file of weights: safetensors, or what `torch.save` wrote, a network's `state_dict` or a training's checkpoint that
/// holds one. Tensors that follow torchvision's, timm's or efficientnet_pytorch's names are renamed to ours, without a
/// prefix such as `state_dict.` or `module.`, and without whatever else a checkpoint keeps. Metadata that is missing is
/// filled in: `architecture` from the names, `width` from the shapes.
///
/// # Errors
/// [`ModelError::Format`] when the file cannot be read, [`ModelError::Architecture`] when its channels are those of no width
/// of its network, [`ModelError::NotFinite`] when a value is NaN or infinite.
pub fn read(bytes: &[u8]) -> Result<WeightsFile, ModelError> {
    let (mut file, naming) = if is_pytorch(bytes) {
        let (file, naming) = super::pytorch::read(bytes)?;
        (file, Some(naming))
    } else {
        renamed(WeightsFile::read(bytes)?)
    };
    if let Some(naming) = naming {
        let architecture = naming.backbone.descriptor().architecture;
        file.metadata.entry("architecture".into()).or_insert_with(|| architecture.into());
    }
    if has_norms(&file.tensors) && !file.metadata.contains_key("width") {
        let width = width(backbone_of(&file.metadata)?.descriptor(), &file.tensors)?;
        file.metadata.insert("width".into(), width.to_string());
    }
    Ok(file)
}

fn renamed(file: WeightsFile) -> (WeightsFile, Option<Naming>) {
    let Some(naming) = Naming::of(file.tensors.keys().map(String::as_str)) else { return (file, None) };
    let tensors = file.tensors.into_iter().filter_map(|(name, tensor)| Some((naming.ours(&name)?, tensor)));
    (WeightsFile { metadata: file.metadata, tensors: tensors.collect() }, Some(naming))
}

/// Whether the bytes begin as a zip or as a pickle does; `torch.save` writes one or the other.
fn is_pytorch(bytes: &[u8]) -> bool {
    // A safetensors file begins with its header's length, which may look like a pickle; its header begins with a brace.
    (bytes.starts_with(b"PK") || bytes.starts_with(b"\x80")) && bytes.get(8) != Some(&b'{')
}

/// The width multiplier that gives a network these channels.
fn width(descriptor: &Descriptor, tensors: &Tensors) -> Result<f64, ModelError> {
    let channels_at = |width: f64| layers(descriptor, width).into_iter().filter(|layer| layer.ends_block());
    let mut channels = Vec::new();
    for layer in channels_at(*descriptor.widths.start()) {
        let name = format!("{}.weight", layer.name);
        let tensor = tensors.get(&name).ok_or_else(|| ModelError::Architecture(format!("{name} is missing")))?;
        channels.push(tensor.shape.first().copied().unwrap_or(0));
    }
    COMMON_WIDTHS
        .into_iter()
        .chain(WIDTHS_PERCENT.map(|percent| f64::from(percent) / 100.0))
        .filter(|width| descriptor.widths.contains(width))
        .find(|width| channels_at(*width).map(|layer| layer.shape[0]).eq(channels.iter().copied()))
        .ok_or_else(|| ModelError::Architecture(format!("its channels are not those of {}", descriptor.label)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensors::NamedTensor;
    use shoal::backbones::Backbone;

    fn mobilenet_v2() -> &'static Descriptor {
        Backbone::MobilenetV2.descriptor()
    }

    fn channels(width: f64) -> Vec<usize> {
        layers(mobilenet_v2(), width).iter().filter(|layer| layer.ends_block()).map(|layer| layer.shape[0]).collect()
    }

    /// Tensors whose first dimensions are these channels.
    fn with_channels(channels: &[usize]) -> Tensors {
        let names = layers(mobilenet_v2(), 1.0).into_iter().filter(Layer::ends_block).map(|layer| layer.name);
        names
            .zip(channels)
            .map(|(name, &count)| {
                (format!("{name}.weight"), NamedTensor { shape: vec![count, 1], values: vec![0.0; count] })
            })
            .collect()
    }

    use crate::layers::Layer;

    #[test]
    fn the_width_follows_from_the_channels() {
        for wanted in [0.35, 0.5, 0.75, 1.0, 1.3, 1.4] {
            assert_eq!(width(mobilenet_v2(), &with_channels(&channels(wanted))), Ok(wanted));
        }
        // A width between the common ones comes out as one that has the same channels.
        let odd = channels(0.87);
        assert_eq!(channels(width(mobilenet_v2(), &with_channels(&odd)).unwrap()), odd);
    }

    #[test]
    fn other_channels_are_refused() {
        let mut channels = channels(1.0);
        channels[5] += 8;
        let refused = |channels: &[usize]| {
            matches!(width(mobilenet_v2(), &with_channels(channels)), Err(ModelError::Architecture(_)))
        };
        assert!(refused(&channels));
        channels.truncate(4);
        assert!(refused(&channels));
        let wide = with_channels(&self::channels(1.0));
        assert!(width(Backbone::EfficientnetLite0.descriptor(), &wide).is_err());
    }
}
