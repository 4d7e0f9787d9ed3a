//! Scores of a clustering: internal ones, and agreement with known classes.

mod agreement;
mod matching;
mod spread;

pub use agreement::{ari, nmi};
pub use matching::accuracy;
pub use spread::{calinski_harabasz, davies_bouldin};
