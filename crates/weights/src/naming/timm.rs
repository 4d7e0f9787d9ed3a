//! timm's `mobilenetv2_*`: blocks are numbered within their stage.

use super::{Convention, Outer, Part, Place};
use shoal::backbones::Backbone;

pub(super) const CONVENTION: Convention = Convention {
    name: "timm",
    backbone: Backbone::MobilenetV2,
    stem_weight: "conv_stem.weight",
    outer: Outer { stem: ["conv_stem", "bn1"], head: ["conv_head", "bn2"], classifier: "classifier" },
    block,
};

fn block(place: &Place) -> Vec<Part> {
    let parts: &[(&str, &str, &str)] = if place.expands {
        &[("conv_pw", "bn1", "expand"), ("conv_dw", "bn2", "depthwise"), ("conv_pwl", "bn3", "project")]
    } else {
        &[("conv_dw", "bn1", "depthwise"), ("conv_pw", "bn2", "project")]
    };
    let block = format!("blocks.{}.{}", place.stage, place.index_in_stage);
    let part = |(convolution, norm, ours): &(&str, &str, &'static str)| Part {
        convolution: format!("{block}.{convolution}"),
        norm: format!("{block}.{norm}"),
        ours,
    };
    parts.iter().map(part).collect()
}
