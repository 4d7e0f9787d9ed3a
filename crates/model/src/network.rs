//! A network of inverted residuals without its classifier, batch norm folded into the convolutions.

use burn::config::Config;
use burn::module::Module;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor};
use shoal::backbones::{Backbone, Padding};

use super::blocks::{InvertedResidual, InvertedResidualConfig, pointwise, relu6, spatial};

/// Configuration of a [`MobileNet`].
#[derive(Config, Debug)]
pub struct MobileNetConfig {
    /// Which network.
    pub backbone: Backbone,
    /// Width multiplier, one of the descriptor's widths.
    pub width: f64,
    /// Where convolutions pad.
    pub padding: Padding,
}

/// The network from scaled pixels to its last map.
#[derive(Module, Debug)]
pub struct MobileNet {
    /// Weight `[c0, 3, 3, 3]`, bias `[c0]`, stride 2. ReLU6 follows.
    pub stem: Conv2d,
    /// The inverted residuals; their strides multiply to 16.
    pub blocks: Vec<InvertedResidual>,
    /// Weight `[features, c_last, 1, 1]`, bias `[features]`. ReLU6 follows.
    pub head: Conv2d,
}

impl MobileNetConfig {
    /// The network with all weights zero, on `device`.
    pub fn init(&self, device: &Device) -> MobileNet {
        let Self { backbone, width, padding } = *self;
        let descriptor = backbone.descriptor();
        let shapes = descriptor.blocks(width);
        let channels_in = shapes.last().map_or(0, |block| block.channels_out);
        let block = |block: &shoal::backbones::Block| {
            let channels = [block.channels_in, block.channels_out];
            InvertedResidualConfig::new(channels, block.expansion, block.kernel, block.stride, padding).init(device)
        };
        MobileNet {
            stem: spatial([3, descriptor.stem_columns(width)], 3, 2, 1, padding, device),
            blocks: shapes.iter().map(block).collect(),
            head: pointwise(channels_in, descriptor.feature_columns(width), device),
        }
    }
}

impl MobileNet {
    /// # Shapes
    /// - input: `[n, 3, h, w]`, RGB scaled as the weights require
    /// - output: `[n, features, h / 32, w / 32]`, rounded up, values 0..=6
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let stem = relu6(self.stem.forward(input));
        let narrow = self.blocks.iter().fold(stem, |x, block| block.forward(x));
        relu6(self.head.forward(narrow))
    }

    /// The mean of the last map over its places.
    ///
    /// # Shapes
    /// - input: `[n, 3, h, w]`, as for [`Self::forward`]
    /// - output: `[n, features]`, values 0..=6
    pub fn forward_pooled(&self, input: Tensor<4>) -> Tensor<2> {
        let map = self.forward(input);
        let [n, features, _, _] = map.dims();
        map.mean_dims(&[2, 3]).reshape([n, features])
    }

    /// The last map flattened place by place, each with all its channels, as Keras flattens it.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_shrink_32_times_with_every_padding() {
        let device = Device::flex();
        for (backbone, width) in [(Backbone::MobilenetV2, 0.35), (Backbone::EfficientnetLite0, 1.0)] {
            for padding in [Padding::Tensorflow, Padding::Torch] {
                let net = MobileNetConfig::new(backbone, width, padding).init(&device);
                for (side_px, places) in [(64, 2), (96, 3), (65, 3)] {
                    let map = net.forward(Tensor::zeros([1, 3, side_px, side_px], &device));
                    assert_eq!(map.dims(), [1, 1280, places, places], "{backbone}, {padding:?} at {side_px} px");
                }
            }
        }
    }
}
