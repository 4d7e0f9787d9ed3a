//! EfficientNet-Lite0: Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", 2019, in the
//! variant for phones (`efficientnet/lite` in tensorflow/tpu): ReLU6, no squeeze-and-excite, fixed stem and head.

use super::{Conventions, Descriptor, Padding, Stage};

const fn stage(repeats: usize, kernel: usize, stride: usize, expansion: usize, channels: usize) -> Stage {
    Stage { repeats, kernel, stride, expansion, channels }
}

pub(super) const DESCRIPTOR: Descriptor = Descriptor {
    name: "efficientnet-lite0",
    label: "EfficientNet-Lite0",
    hint: "Finds better groups; takes about four times as long per picture.",
    default_size_px: 224,
    architecture: "efficientnet_lite0",
    widths: 1.0..=1.0,
    stem_channels: 32,
    stages: &[
        stage(1, 3, 1, 1, 16),
        stage(2, 3, 2, 6, 24),
        stage(2, 5, 2, 6, 40),
        stage(3, 3, 2, 6, 80),
        stage(3, 5, 1, 6, 112),
        stage(4, 5, 2, 6, 192),
        stage(1, 3, 1, 6, 320),
    ],
    head_channels: 1280,
    conventions: Conventions {
        padding: Padding::Tensorflow,
        input_mean: [127.0 / 255.0; 3],
        input_std: [128.0 / 255.0; 3],
        batch_norm_epsilon: 1e-3,
    },
};
