//! Tests of the networks and their weights, natively.
//!
//! Some need what the repository does not hold: photographs and f32 weights in `../shared` (or `SHOAL_SHARED`), and the
//! weights that `scripts/fetch-weights` fetches. Without them they are skipped.

mod checkpoints;
mod classifier;
mod efficientnet;
mod golden;
mod kernels;
mod photographs;
mod plain;
mod sample_features;
mod samples;
mod support;
mod torch_save;
