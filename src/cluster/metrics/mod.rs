//! Scores of a clustering as a whole: by its own shape, and against labels known beforehand.

mod agreement;
mod matching;
mod spread;

pub use agreement::{ari, nmi};
pub use matching::accuracy;
pub use spread::{calinski_harabasz, davies_bouldin};
