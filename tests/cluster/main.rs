//! From features to clusters: feature transforms, clustering methods, neighbours and evaluation.

mod cosines;
mod evaluation;
mod hdbscan;
mod kmeans;
mod methods;
mod neighbours;
mod oracle;
mod points;
mod principal_components;
mod scores;
mod silhouettes;
mod smooth;
mod support;
mod umap;
mod ward;
