//! From points to groups: KMeans, Ward, HDBSCAN, how many groups, and how good they are.
//!
//! Every function is pure and gives the same bits on every machine and however its work is divided: sums are taken in row
//! order, and random numbers come from a generator that is derived from what was asked alone.

pub mod auto_k;
mod best_of;
mod error;
pub mod evaluate;
pub mod hdbscan;
pub mod join;
pub mod kmeans;
pub mod methods;
pub mod metrics;
pub mod neighbours;
pub mod silhouette;
pub mod ward;

mod assign;
mod checks;
mod draw;
mod held;
mod init;
mod means;
mod mini_batch;
mod nearness;
mod numbering;
mod tiles;
mod update;

pub use best_of::{BestOf, best_of};
pub(crate) use checks::check_finite;
pub use checks::check_k;
pub use error::ClusterError;
