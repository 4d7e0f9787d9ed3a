//! Clustering of points: methods, the number of clusters, and evaluation.
//!
//! Every function is pure and gives the same bits on every machine, however the work is divided: sums are taken in row order,
//! and random numbers come from generators seeded by the arguments alone.

pub mod auto_k;
pub mod evaluate;
pub mod hdbscan;
pub mod join;
pub mod kmeans;
pub mod methods;
pub mod metrics;
pub mod neighbour_cells;
pub mod neighbours;
pub mod silhouette;
pub mod ward;

mod assign;
mod best_of;
mod distances;
mod error;
mod init;
mod means;
mod mini_batch;
mod pinned;
mod relabel;
mod sampling;
mod tiles;
mod update;
mod validate;

#[cfg(test)]
#[path = "../../tests/cluster/support.rs"]
pub(crate) mod test_support;

pub use best_of::{BestOf, best_of};
pub use error::ClusterError;
pub(crate) use validate::check_finite;
pub use validate::check_k;
