//! `efficientnet_pytorch` and its Lite variants: norms are numbered within a block, from 1 where nothing expands.

use super::{Convention, Outer, Part, Place};
use shoal::backbones::Backbone;

pub(super) const CONVENTION: Convention = Convention {
    name: "efficientnet_pytorch",
    backbone: Backbone::EfficientnetLite0,
    stem_weight: "_conv_stem.weight",
    outer: Outer { stem: ["_conv_stem", "_bn0"], head: ["_conv_head", "_bn1"], classifier: "_fc" },
    block,
};

fn block(place: &Place) -> Vec<Part> {
    let parts = [
        ("_expand_conv", "_bn0", "expand"),
        ("_depthwise_conv", "_bn1", "depthwise"),
        ("_project_conv", "_bn2", "project"),
    ];
    let part = |(convolution, norm, ours)| Part {
        convolution: format!("_blocks.{}.{convolution}", place.index),
        norm: format!("_blocks.{}.{norm}", place.index),
        ours,
    };
    parts.into_iter().skip(usize::from(!place.expands)).map(part).collect()
}
