//! torchvision's `mobilenet_v2`: parts are numbered within a block.

use super::{Convention, Outer, Part, Place};
use shoal::backbones::Backbone;

pub(super) const CONVENTION: Convention = Convention {
    name: "torchvision",
    backbone: Backbone::MobilenetV2,
    stem_weight: "features.0.0.weight",
    outer: Outer {
        stem: ["features.0.0", "features.0.1"],
        head: ["features.18.0", "features.18.1"],
        classifier: "classifier.1",
    },
    block,
};

fn block(place: &Place) -> Vec<Part> {
    let block = format!("features.{}.conv", place.index + 1);
    let inner: &[&str] = if place.expands { &["expand", "depthwise"] } else { &["depthwise"] };
    let mut parts: Vec<Part> = inner
        .iter()
        .enumerate()
        .map(|(part, ours)| Part { convolution: format!("{block}.{part}.0"), norm: format!("{block}.{part}.1"), ours })
        .collect();
    let last = inner.len();
    parts.push(Part { convolution: format!("{block}.{last}"), norm: format!("{block}.{}", last + 1), ours: "project" });
    parts
}
