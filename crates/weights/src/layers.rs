//! The convolutions that a backbone consists of, with our names and their shapes.

use shoal::backbones::Descriptor;

/// A convolution: its weights are `NAME.weight`, its bias is `NAME.bias`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// `stem`, `blocks.N.expand`, `blocks.N.depthwise`, `blocks.N.project` or `head`.
    pub name: String,
    /// The shape of the weights: `[out, in, kernel, kernel]`, where a depthwise layer has 1 for `in`.
    pub shape: [usize; 4],
}

impl Layer {
    /// Whether this is the stem, the last layer of a block, or the head.
    pub fn ends_block(&self) -> bool {
        !self.name.ends_with("expand") && !self.name.ends_with("depthwise")
    }
}

/// All layers at a width multiplier, from the stem to the head.
pub fn layers(descriptor: &Descriptor, width: f64) -> Vec<Layer> {
    let blocks = descriptor.blocks(width);
    let mut layers = vec![Layer { name: "stem".into(), shape: [descriptor.stem_columns(width), 3, 3, 3] }];
    for (index, block) in blocks.iter().enumerate() {
        let hidden = block.hidden();
        let mut push = |part: &str, shape| layers.push(Layer { name: format!("blocks.{index}.{part}"), shape });
        if block.expansion != 1 {
            push("expand", [hidden, block.channels_in, 1, 1]);
        }
        push("depthwise", [hidden, 1, block.kernel, block.kernel]);
        push("project", [block.channels_out, hidden, 1, 1]);
    }
    let channels_in = blocks.last().map_or(0, |block| block.channels_out);
    layers.push(Layer { name: "head".into(), shape: [descriptor.feature_columns(width), channels_in, 1, 1] });
    layers
}

#[cfg(test)]
mod tests {
    use super::*;
    use shoal::backbones::Backbone;

    #[test]
    fn efficientnet_lite0_has_the_published_number_of_convolution_weights() {
        let layers = layers(Backbone::EfficientnetLite0.descriptor(), 1.0);
        let weights: usize = layers.iter().map(|layer| layer.shape.iter().product::<usize>()).sum();
        assert_eq!((layers.len(), weights), (49, 3_328_992));
    }
}
