//! Backbones: the networks that turn an image into features, as plain data.
//!
//! A backbone is one file with a [`Descriptor`] and one line in the list below. Option parsing, settings, the burn module,
//! the CPU kernels and the weights converter read the descriptor; none of them names a network.

mod shape;

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::options::OptionError;

pub use shape::Block;

/// What a network is called, what it costs, and how it is built.
#[derive(Debug)]
pub struct Descriptor {
    /// The value of the attribute and option `model`.
    pub name: &'static str,
    /// The name that the interface shows.
    pub label: &'static str,
    /// What the network costs and brings, in one sentence for the interface.
    pub hint: &'static str,
    /// The side in pixels that images are resized to by default; a multiple of 32.
    pub default_size_px: u32,
    /// The `architecture` in the metadata of a weights file.
    pub architecture: &'static str,
    /// The width multipliers that weights may have.
    pub widths: RangeInclusive<f64>,
    /// Output channels of the stem, a 3x3 convolution at stride 2, at width 1.
    pub stem_channels: usize,
    /// The inverted residuals between stem and head.
    pub stages: &'static [Stage],
    /// Output channels of the head, a 1x1 convolution, up to width 1: the number of pooled features.
    pub head_channels: usize,
    /// What holds for a weights file that does not say otherwise.
    pub conventions: Conventions,
}

/// A run of inverted residuals with the same number of output channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// How many blocks there are; at least 1.
    pub repeats: usize,
    /// The side of the depthwise filters: 3 or 5.
    pub kernel: usize,
    /// The stride of the first block, 1 or 2; it is 1 in the others.
    pub stride: usize,
    /// How many times wider a block is inside than at its input; 1 leaves the expansion out.
    pub expansion: usize,
    /// Output channels at width 1.
    pub channels: usize,
}

/// What training assumed and the tensors do not show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conventions {
    /// Where convolutions pad.
    pub padding: Padding,
    /// Subtracted from red, green and blue, each on a scale of 0 to 1.
    pub input_mean: [f32; 3],
    /// What red, green and blue are divided by after that; above 0.
    pub input_std: [f32; 3],
    /// What batch norm adds to its variances.
    pub batch_norm_epsilon: f64,
}

/// Where a convolution pads. The two differ only at stride 2 on an even side, and weights trained with one lose accuracy with
/// the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Padding {
    /// TensorFlow's SAME: at stride 2 an even side gets one place less before it than after it.
    Tensorflow,
    /// PyTorch's: half the kernel on every side.
    Torch,
}

impl Padding {
    /// The name that a weights file gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tensorflow => "tensorflow",
            Self::Torch => "torch",
        }
    }

    /// How many places of padding come before a side of `length` places, for a filter of `kernel` places.
    pub fn before(self, kernel: usize, stride: usize, length: usize) -> usize {
        let even = stride == 2 && length.is_multiple_of(2);
        (kernel - if self == Self::Tensorflow && even { 2 } else { 1 }) / 2
    }
}

macro_rules! backbones {
    ($first:literal $first_variant:ident $first_module:ident; $($name:literal $variant:ident $module:ident;)*) => {
        mod $first_module;
        $(mod $module;)*

        /// A network that turns an image into features.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
        pub enum Backbone {
            #[doc = concat!("`", $first, "`")]
            #[serde(rename = $first)]
            $first_variant,
            $(
                #[doc = concat!("`", $name, "`")]
                #[serde(rename = $name)]
                $variant,
            )*
        }

        impl Backbone {
            /// All backbones, the best clusters first.
            pub const ALL: &[Self] = &[Self::$first_variant, $(Self::$variant),*];
            /// Their names in words.
            const NAMES: &str = concat!($first, $(" or ", $name),*);

            /// What is known of this network without its weights.
            pub fn descriptor(self) -> &'static Descriptor {
                match self {
                    Self::$first_variant => &$first_module::DESCRIPTOR,
                    $(Self::$variant => &$module::DESCRIPTOR,)*
                }
            }

            /// The name that options, exports and the page's files use.
            pub fn name(self) -> &'static str {
                match self {
                    Self::$first_variant => $first,
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

backbones! {
    "efficientnet-lite0" EfficientnetLite0 efficientnet_lite0;
    "mobilenet-v2" MobilenetV2 mobilenet_v2;
}

impl Backbone {
    /// The backbone whose weights files say `architecture`.
    pub fn of_architecture(architecture: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|backbone| backbone.descriptor().architecture == architecture)
    }
}

impl fmt::Display for Backbone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Backbone {
    type Err = OptionError;

    /// # Errors
    /// [`OptionError`], code `bad-option`, for a name that is not in the list.
    fn from_str(value: &str) -> Result<Self, OptionError> {
        let found = Self::ALL.iter().copied().find(|backbone| backbone.name() == value);
        found.ok_or_else(|| OptionError { name: "model", value: value.into(), allowed: Self::NAMES })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Coded;
    use crate::options::SIZE_PX_RANGE;

    #[test]
    fn names_are_read_back_and_others_are_refused() {
        for &backbone in Backbone::ALL {
            assert_eq!(backbone.name().parse(), Ok(backbone));
            assert_eq!(serde_json::to_string(&backbone).unwrap(), format!("\"{backbone}\""));
            assert_eq!(backbone.descriptor().name, backbone.name());
            assert_eq!(Backbone::of_architecture(backbone.descriptor().architecture), Some(backbone));
        }
        let error = "resnet50".parse::<Backbone>().unwrap_err();
        assert_eq!(error.code(), "bad-option");
        assert_eq!(error.to_string(), "model is \"resnet50\", but must be efficientnet-lite0 or mobilenet-v2");
        assert_eq!(Backbone::of_architecture("resnet50"), None);
    }

    #[test]
    fn every_descriptor_describes_a_network_that_shrinks_32_times() {
        for descriptor in Backbone::ALL.iter().map(|backbone| backbone.descriptor()) {
            let strides: usize = descriptor.stages.iter().map(|stage| stage.stride).product();
            assert_eq!(2 * strides, 32, "{}", descriptor.name);
            let size_px = descriptor.default_size_px;
            assert!(SIZE_PX_RANGE.contains(&size_px) && size_px.is_multiple_of(32));
            assert!(descriptor.widths.contains(&1.0));
            assert!(descriptor.stages.iter().all(|stage| stage.repeats > 0 && matches!(stage.kernel, 3 | 5)));
        }
    }

    #[test]
    fn padding_is_tensorflows_same() {
        // TensorFlow: total = max((ceil(n / stride) - 1) * stride + kernel - n, 0), of which half, rounded down, comes first.
        for kernel in [3_usize, 5] {
            for stride in [1_usize, 2] {
                for length in 1..20_usize {
                    let needed = (length.div_ceil(stride) - 1) * stride + kernel;
                    assert_eq!(Padding::Tensorflow.before(kernel, stride, length), (needed - length) / 2);
                    assert_eq!(Padding::Torch.before(kernel, stride, length), kernel / 2);
                }
            }
        }
    }
}
