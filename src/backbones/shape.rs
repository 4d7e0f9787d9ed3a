//! Channels of every part of a backbone at a width multiplier.

use super::Descriptor;

/// One inverted residual: a 1x1 expansion, a depthwise convolution, a 1x1 projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Channels of the input.
    pub channels_in: usize,
    /// Channels of the output.
    pub channels_out: usize,
    /// How many times wider the inside is than the input; 1 leaves the expansion out.
    pub expansion: usize,
    /// The side of the depthwise filters.
    pub kernel: usize,
    /// The stride of the depthwise convolution: 1 or 2.
    pub stride: usize,
}

impl Block {
    /// Channels inside, between expansion and projection.
    pub fn hidden(&self) -> usize {
        self.channels_in * self.expansion
    }

    /// Whether the input is added to the output.
    pub fn is_residual(&self) -> bool {
        self.stride == 1 && self.channels_in == self.channels_out
    }
}

impl Descriptor {
    /// Output channels of the stem.
    pub fn stem_columns(&self, width: f64) -> usize {
        divisible_by_8(self.stem_channels as f64 * width)
    }

    /// Output channels of the head, and so pooled features: more than [`Descriptor::head_channels`] only above width 1.
    pub fn feature_columns(&self, width: f64) -> usize {
        divisible_by_8(self.head_channels as f64 * width.max(1.0))
    }

    /// All blocks, from the stem to the head.
    pub fn blocks(&self, width: f64) -> Vec<Block> {
        let mut channels_in = self.stem_columns(width);
        let mut blocks = Vec::new();
        for stage in self.stages {
            let channels_out = divisible_by_8(stage.channels as f64 * width);
            for index in 0..stage.repeats {
                let stride = if index == 0 { stage.stride } else { 1 };
                let (expansion, kernel) = (stage.expansion, stage.kernel);
                blocks.push(Block { channels_in, channels_out, expansion, kernel, stride });
                channels_in = channels_out;
            }
        }
        blocks
    }
}

/// The multiple of 8 nearest to `channels`, at least 8, and at most 10 % below `channels`: torchvision's `_make_divisible`.
fn divisible_by_8(channels: f64) -> usize {
    let nearest = (((channels + 4.0) / 8.0).floor() * 8.0).max(8.0);
    let enough = if nearest < 0.9 * channels { nearest + 8.0 } else { nearest };
    enough as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backbones::Backbone;

    #[test]
    fn channels_are_rounded_as_torchvision_rounds_them() {
        let rounded = |width: f64| [32, 16, 24, 32, 64, 96, 160, 320].map(|c| divisible_by_8(f64::from(c) * width));
        assert_eq!(rounded(1.0), [32, 16, 24, 32, 64, 96, 160, 320]);
        assert_eq!(rounded(0.35), [16, 8, 8, 16, 24, 32, 56, 112]);
        assert_eq!(rounded(0.75), [24, 16, 24, 24, 48, 72, 120, 240]);
        assert_eq!(rounded(1.4), [48, 24, 32, 48, 88, 136, 224, 448]);
    }

    #[test]
    fn only_widths_above_one_have_more_features() {
        let columns = |width| Backbone::MobilenetV2.descriptor().feature_columns(width);
        assert_eq!([columns(0.35), columns(1.0), columns(1.4)], [1280, 1280, 1792]);
    }

    #[test]
    fn blocks_chain_from_the_stem_to_the_head() {
        for &backbone in Backbone::ALL {
            let descriptor = backbone.descriptor();
            let blocks = descriptor.blocks(1.0);
            assert_eq!(blocks[0].channels_in, descriptor.stem_columns(1.0));
            assert!(blocks.windows(2).all(|pair| pair[0].channels_out == pair[1].channels_in));
            // Kernels compute eight channels at a time.
            assert!(blocks.iter().all(|block| block.channels_out % 8 == 0 && block.hidden() % 8 == 0));
        }
        assert_eq!(Backbone::MobilenetV2.descriptor().blocks(0.35).len(), 17);
        let lite = Backbone::EfficientnetLite0.descriptor().blocks(1.0);
        assert_eq!(lite.len(), 16);
        let fifth = Block { channels_in: 40, channels_out: 80, expansion: 6, kernel: 3, stride: 2 };
        assert_eq!(lite[5], fifth);
        assert!(!fifth.is_residual() && lite[6].is_residual());
    }
}
