//! The networks that turn images into features, as burn modules.
//!
//! Which networks there are, and how they are built, is in [`shoal::backbones`]; reading and converting their weights is in
//! [`shoal_weights`].
//!
//! | module | job |
//! | --- | --- |
//! | `blocks` | burn modules: convolutions and inverted residuals |
//! | `network` | a whole network as a burn module, from pixels to the last map |
//! | `load` | a file's weights into a burn module |
//! | [`embed`] | pixels to features with burn, on any device |
//!
//! The crate `shoal-kernels` has the same networks for one CPU thread, without burn.

mod blocks;
pub mod embed;
mod load;
mod network;

pub use blocks::{InvertedResidual, InvertedResidualConfig};
pub use load::load;
pub use network::{MobileNet, MobileNetConfig};
pub use shoal::backbones::{Backbone, Padding};
pub use shoal_weights::{WeightsInfo, checkpoint, convert, error, fold, storage, tensors};
