//! A backbone's tensors, packed into the order in which the kernels read them.

use shoal_weights::backbone::BackboneWeights;
use shoal_weights::error::ModelError;
use shoal_weights::fold::Tensors;

use crate::block::Block;
use crate::depthwise::Depthwise;
use crate::pointwise::Pointwise;
use crate::stem::Stem;

/// The layers of a network.
#[derive(Debug)]
pub struct Layers {
    pub stem: Stem,
    pub blocks: Vec<Block>,
    pub head: Pointwise,
}

impl Layers {
    /// Packs `weights`.
    ///
    /// # Errors
    /// [`ModelError::Architecture`] when a tensor is missing.
    pub fn pack(weights: BackboneWeights) -> Result<Self, ModelError> {
        let BackboneWeights { info, width, mut tensors } = weights;
        let (weight, bias) = take(&mut tensors, "stem")?;
        let stem = Stem::new(&weight, bias);
        let shapes = info.backbone.descriptor().blocks(width);
        let blocks = shapes.iter().enumerate().map(|(index, shape)| {
            let layer = |part: &str| format!("blocks.{index}.{part}");
            let is_expanded = shape.expansion != 1;
            let expand = is_expanded.then(|| pointwise(&mut tensors, &layer("expand"))).transpose()?;
            let (filters, bias) = take(&mut tensors, &layer("depthwise"))?;
            Ok(Block {
                expand,
                depthwise: Depthwise::new(&filters, shape.kernel, &bias),
                project: pointwise(&mut tensors, &layer("project"))?,
                stride: shape.stride,
                residual: shape.stride == 1 && shape.channels_in == shape.channels_out,
                padding: info.padding,
            })
        });
        let blocks = blocks.collect::<Result<_, ModelError>>()?;
        Ok(Self { stem, blocks, head: pointwise(&mut tensors, "head")? })
    }
}

fn pointwise(tensors: &mut Tensors, layer: &str) -> Result<Pointwise, ModelError> {
    let (weight, bias) = take(tensors, layer)?;
    Ok(Pointwise::new(&weight, bias))
}

/// A layer's weights and bias.
fn take(tensors: &mut Tensors, layer: &str) -> Result<(Vec<f32>, Vec<f32>), ModelError> {
    let mut values = |parameter: &str| {
        let name = format!("{layer}.{parameter}");
        let missing = || ModelError::Architecture(format!("{name} is missing"));
        tensors.remove(&name).map(|tensor| tensor.values).ok_or_else(missing)
    };
    Ok((values("weight")?, values("bias")?))
}
