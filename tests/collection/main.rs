//! The collection: images, clusters and how they are edited, orders, duplicates, eviction.

mod arrangement;
mod clustering;
mod clustering_edits;
mod duplicates;
mod eviction;
mod grid;
mod images;
mod order;
