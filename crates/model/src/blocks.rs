//! The parts of a network as burn modules: its convolutions and the inverted residual.
//!
//! Source: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018.

use burn::config::Config;
use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Initializer, PaddingConfig2d};
use burn::tensor::{Device, Tensor};
use shoal::backbones::Padding;

/// A 1x1 convolution with bias, `[n, channels_in, h, w]` to `[n, channels_out, h, w]`.
pub(super) fn pointwise(channels_in: usize, channels_out: usize, device: &Device) -> Conv2d {
    Conv2dConfig::new([channels_in, channels_out], [1, 1]).with_initializer(Initializer::Zeros).init(device)
}

/// A `kernel` x `kernel` convolution with bias, `[n, channels_in, h, w]` to `[n, channels_out, h / stride, w / stride]`,
/// rounded up.
pub(super) fn spatial(
    channels: [usize; 2],
    kernel: usize,
    stride: usize,
    groups: usize,
    padding: Padding,
    device: &Device,
) -> Conv2d {
    let half = kernel / 2;
    let padding = match padding {
        Padding::Tensorflow => PaddingConfig2d::Same,
        Padding::Torch => PaddingConfig2d::Explicit(half, half, half, half),
    };
    Conv2dConfig::new(channels, [kernel, kernel])
        .with_stride([stride, stride])
        .with_groups(groups)
        .with_padding(padding)
        .with_initializer(Initializer::Zeros)
        .init(device)
}

/// Clamps every value to 0..=6; any shape.
pub(super) fn relu6(x: Tensor<4>) -> Tensor<4> {
    x.clamp(0.0, 6.0)
}

/// Configuration of an [`InvertedResidual`].
#[derive(Config, Debug)]
pub struct InvertedResidualConfig {
    /// Channels of the input and of the output.
    pub channels: [usize; 2],
    /// How many times wider the inside is than the input; 1 leaves the expansion out.
    pub expansion: usize,
    /// The side of the depthwise filters: 3 or 5.
    pub kernel: usize,
    /// Stride of the depthwise convolution: 1 or 2.
    pub stride: usize,
    /// Where the depthwise convolution pads.
    pub padding: Padding,
}

/// A 1x1 expansion, a depthwise convolution and a 1x1 projection; where stride and channels allow, the input is added.
#[derive(Module, Debug)]
pub struct InvertedResidual {
    /// Weight `[hidden, channels_in, 1, 1]`, bias `[hidden]`; ReLU6 follows. `None` where the expansion is 1.
    pub expand: Option<Conv2d>,
    /// Weight `[hidden, 1, kernel, kernel]`, bias `[hidden]`; ReLU6 follows.
    pub depthwise: Conv2d,
    /// Weight `[channels_out, hidden, 1, 1]`, bias `[channels_out]`; linear.
    pub project: Conv2d,
    /// Whether the input is added to the output.
    pub residual: bool,
}

impl InvertedResidualConfig {
    /// The block with all weights zero, on `device`.
    pub fn init(&self, device: &Device) -> InvertedResidual {
        let [channels_in, channels_out] = self.channels;
        let hidden = channels_in * self.expansion;
        InvertedResidual {
            expand: (self.expansion != 1).then(|| pointwise(channels_in, hidden, device)),
            depthwise: spatial([hidden, hidden], self.kernel, self.stride, hidden, self.padding, device),
            project: pointwise(hidden, channels_out, device),
            residual: self.stride == 1 && channels_in == channels_out,
        }
    }
}

impl InvertedResidual {
    /// # Shapes
    /// - input: `[n, channels_in, h, w]`
    /// - output: `[n, channels_out, h / stride, w / stride]`, rounded up
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let shortcut = self.residual.then(|| input.clone());
        let wide = match &self.expand {
            Some(expand) => relu6(expand.forward(input)),
            None => input,
        };
        let output = self.project.forward(relu6(self.depthwise.forward(wide)));
        match shortcut {
            Some(shortcut) => output + shortcut,
            None => output,
        }
    }
}
