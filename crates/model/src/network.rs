//! MobileNetV2 without its classifier, batch norm folded into the convolutions.
//!
//! Source: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018, table 2; channels are rounded
//! as torchvision rounds them.

use burn::config::Config;
use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor};

use super::blocks::{InvertedResidual, InvertedResidualConfig, Padding, pointwise, relu6, spatial};

/// Groups of blocks: expansion, channels at width 1, blocks, stride of the first.
const GROUPS: [(usize, usize, usize, usize); 7] =
    [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];
/// How many inverted residuals there are.
pub(super) const BLOCK_COUNT: usize = 17;
/// How many there are in each group; a group ends where channels or stride change.
pub(super) const BLOCKS_IN_GROUPS: [usize; GROUPS.len()] = {
    let mut counts = [0; GROUPS.len()];
    let mut group = 0;
    while group < GROUPS.len() {
        counts[group] = GROUPS[group].2;
        group += 1;
    }
    counts
};
const STEM_CHANNELS: usize = 32;
const HEAD_CHANNELS: usize = 1280;

/// Configuration of a [`MobileNetV2`].
#[derive(Config, Debug)]
pub struct MobileNetV2Config {
    /// Width multiplier, 0.35 to 1.4.
    pub width: f64,
    /// Where the 3x3 convolutions pad.
    pub padding: Padding,
}

/// The network from scaled pixels to its last map.
#[derive(Module, Debug)]
pub struct MobileNetV2 {
    /// Weight `[c0, 3, 3, 3]`, bias `[c0]`, stride 2; c0 is 32 at width 1. ReLU6 follows.
    pub stem: Conv2d,
    /// 17 blocks; strides multiply to 16; the last gives 320 channels at width 1.
    pub blocks: Vec<InvertedResidual>,
    /// Weight `[features, c17, 1, 1]`, bias `[features]`; features is 1280 up to width 1. ReLU6 follows.
    pub head: Conv2d,
}

impl MobileNetV2Config {
    /// How many channels the stem, every block and the head give at this width: 19 counts.
    pub(super) fn channels(width: f64) -> Vec<usize> {
        let scaled = |channels: usize| divisible_by_8(channels as f64 * width);
        let blocks = GROUPS.iter().flat_map(|(_, channels, count, _)| std::iter::repeat_n(scaled(*channels), *count));
        let head = divisible_by_8(HEAD_CHANNELS as f64 * width.max(1.0));
        std::iter::once(scaled(STEM_CHANNELS)).chain(blocks).chain(std::iter::once(head)).collect()
    }

    /// How many channels the last map has: 1280, more only above width 1.
    pub fn feature_columns(&self) -> usize {
        divisible_by_8(HEAD_CHANNELS as f64 * self.width.max(1.0))
    }

    /// The network with all weights zero, on `device`.
    pub fn init(&self, device: &Device) -> MobileNetV2 {
        let scaled = |channels: usize| divisible_by_8(channels as f64 * self.width);
        let mut channels_in = scaled(STEM_CHANNELS);
        let stem = spatial([3, channels_in], 2, 1, self.padding, device);
        let mut blocks = Vec::with_capacity(BLOCK_COUNT);
        for (expansion, channels, count, first_stride) in GROUPS {
            let channels_out = scaled(channels);
            for index in 0..count {
                let stride = if index == 0 { first_stride } else { 1 };
                let config = InvertedResidualConfig::new([channels_in, channels_out], expansion, stride, self.padding);
                blocks.push(config.init(device));
                channels_in = channels_out;
            }
        }
        MobileNetV2 { stem, blocks, head: pointwise(channels_in, self.feature_columns(), device) }
    }
}

impl MobileNetV2 {
    /// # Shapes
    /// - input: `[n, 3, h, w]`, RGB scaled as the weights want it
    /// - output: `[n, features, h / 32, w / 32]`, rounded up, values 0..=6
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let stem = relu6(self.stem.forward(input));
        let narrow = self.blocks.iter().fold(stem, |x, block| block.forward(x));
        relu6(self.head.forward(narrow))
    }

    /// The last map's mean over its places.
    ///
    /// # Shapes
    /// - input: `[n, 3, h, w]`, as for [`Self::forward`]
    /// - output: `[n, features]`, values 0..=6
    pub fn forward_pooled(&self, input: Tensor<4>) -> Tensor<2> {
        let map = self.forward(input);
        let [n, features, _, _] = map.dims();
        map.mean_dims(&[2, 3]).reshape([n, features])
    }

    /// The last map flattened place after place, each with all its channels, as Keras flattens it.
    ///
    /// # Shapes
    /// - input: `[n, 3, h, w]`, as for [`Self::forward`]
    /// - output: `[n, (h / 32) * (w / 32) * features]`, values 0..=6
    pub fn forward_flat(&self, input: Tensor<4>) -> Tensor<2> {
        let map = self.forward(input);
        let [n, features, height, width] = map.dims();
        map.permute([0, 2, 3, 1]).reshape([n, height * width * features])
    }
}

/// The multiple of 8 nearest to `channels`, but never over 10 % less; at least 8. This is torchvision's rule.
fn divisible_by_8(channels: f64) -> usize {
    let nearest = (((channels + 4.0) / 8.0).floor() * 8.0).max(8.0);
    let enough = if nearest < 0.9 * channels { nearest + 8.0 } else { nearest };
    enough as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_rounded_as_torchvision_rounds_them() {
        let rounded = |width: f64| [32, 16, 24, 32, 64, 96, 160, 320].map(|c| divisible_by_8(f64::from(c) * width));
        assert_eq!(rounded(1.0), [32, 16, 24, 32, 64, 96, 160, 320]);
        assert_eq!(rounded(0.35), [16, 8, 8, 16, 24, 32, 56, 112]);
        assert_eq!(rounded(0.75), [24, 16, 24, 24, 48, 72, 120, 240]);
        assert_eq!(rounded(1.4), [48, 24, 32, 48, 88, 136, 224, 448]);
    }

    #[test]
    fn maps_shrink_32_times_whatever_the_padding() {
        let device = Device::flex();
        for padding in [Padding::Tensorflow, Padding::Torch] {
            let net = MobileNetV2Config::new(0.35, padding).init(&device);
            assert_eq!(net.blocks.len(), BLOCK_COUNT);
            for (side_px, places) in [(64, 2), (96, 3), (65, 3)] {
                let map = net.forward(Tensor::zeros([1, 3, side_px, side_px], &device));
                assert_eq!(map.dims(), [1, 1280, places, places], "{padding:?} at {side_px} px");
            }
        }
    }

    #[test]
    fn only_a_wider_network_has_more_features() {
        let columns = |width| MobileNetV2Config::new(width, Padding::Torch).feature_columns();
        assert_eq!([columns(0.35), columns(1.0), columns(1.4)], [1280, 1280, 1792]);
    }
}
