//! MobileNetV2: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018, table 2.

use super::{Conventions, Descriptor, Padding, Stage};

const fn stage(repeats: usize, stride: usize, expansion: usize, channels: usize) -> Stage {
    Stage { repeats, kernel: 3, stride, expansion, channels }
}

/// Files that do not say otherwise follow torchvision's conventions.
pub(super) const DESCRIPTOR: Descriptor = Descriptor {
    name: "mobilenet-v2",
    label: "MobileNetV2",
    hint: "Takes about a quarter of the time per picture; the groups are coarser.",
    default_size_px: 128,
    architecture: "mobilenet_v2",
    widths: 0.35..=1.4,
    stem_channels: 32,
    stages: &[
        stage(1, 1, 1, 16),
        stage(2, 2, 6, 24),
        stage(3, 2, 6, 32),
        stage(4, 2, 6, 64),
        stage(3, 1, 6, 96),
        stage(3, 2, 6, 160),
        stage(1, 1, 6, 320),
    ],
    head_channels: 1280,
    conventions: Conventions {
        padding: Padding::Torch,
        input_mean: [0.485, 0.456, 0.406],
        input_std: [0.229, 0.224, 0.225],
        batch_norm_epsilon: 1e-5,
    },
};
