//! A tensor of a weights file.

/// One tensor: its shape and its values, the last dimension varying fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTensor {
    /// The length of every dimension.
    pub shape: Vec<usize>,
    /// As many values as the shape's product.
    pub values: Vec<f32>,
}
