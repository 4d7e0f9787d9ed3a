//! From features to the points that are clustered.

use js_sys::{Float32Array, Uint32Array};
use serde::{Deserialize, Serialize};
use shoal::options::Recipe;

use crate::{MatrixId, requests};

requests! {
    ApplyRecipe = "applyRecipe" -> Transformed;
    DivideIntoCells = "divideIntoCells" -> Cells;
    FindNeighbours = "findNeighbours" -> NeighbourRows;
    SmoothPoints = "smoothPoints" -> LayoutPoints;
    BeginLayout = "beginLayout" -> u32, Begins Layout;
    RunLayout = "runLayout" -> (), Advances Layout;
    EndLayout = "endLayout" -> LayoutPoints, Ends Layout;
}

/// Applies a recipe to a matrix of features, and frees that matrix.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ApplyRecipe {
    /// The features, shape `[n, d]`.
    pub matrix: MatrixId,
    /// The recipe.
    pub recipe: Recipe,
}

/// Features, transformed by a recipe.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Transformed {
    /// The points to cluster, shape `[n, columns]`; empty if they are the unchanged features.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub points: Float32Array,
    /// How many columns the points have.
    pub columns: usize,
    /// The points used to evaluate clusters, shape `[n, evaluated_columns]`; empty if they are the points to cluster.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub evaluated: Float32Array,
    /// How many columns the points for evaluation have; `None` if they are the points to cluster.
    pub evaluated_columns: Option<usize>,
    /// The first three principal components, shape `[n, 3]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub pca3: Float32Array,
    /// The share of variance that each of the three components explains.
    pub explained: [Option<f32>; 3],
    /// The share of variance that the points keep, if the recipe reduces dimensions.
    pub variance_kept: Option<f32>,
}

/// Divides points into cells, for the approximate search of nearest neighbours.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct DivideIntoCells {
    /// The points, shape `[n, d]`.
    pub matrix: MatrixId,
}

/// The cells of points.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cells {
    /// The cell of each row, shape `[n]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub cells: Uint32Array,
}

/// Finds the nearest neighbours of some rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FindNeighbours {
    /// The points, shape `[n, d]`.
    pub matrix: MatrixId,
    /// The first row.
    pub first_row: usize,
    /// One past the last row.
    pub end_row: usize,
    /// How many neighbours to find for each row, if there are as many.
    pub count: usize,
    /// The cells of all rows for an approximate search; empty for an exact one.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub cells: Uint32Array,
}

/// The nearest neighbours of some rows, the nearest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NeighbourRows {
    /// How many neighbours each row has.
    pub count: usize,
    /// The neighbours, shape `[rows, count]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub rows: Uint32Array,
    /// Their distances, shape `[rows, count]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub distances: Float32Array,
}

/// Smooths points over the graph of their nearest neighbours; see `shoal::reduce::smooth`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SmoothPoints {
    /// The points, shape `[n, d]`.
    pub matrix: MatrixId,
    /// Every row's neighbours.
    pub neighbours: NeighbourRows,
}

/// Begins a UMAP layout, replacing an unfinished one. The reply is the number of its epochs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BeginLayout {
    /// The points, shape `[n, d]`.
    pub matrix: MatrixId,
    /// Every row's neighbours.
    pub neighbours: NeighbourRows,
    /// Seed of the random numbers.
    pub seed: u32,
}

/// Runs some epochs of the layout.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct RunLayout {
    /// How many.
    pub epochs: u32,
}

/// Ends the layout, and returns its points.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct EndLayout {}

/// Points that replace those that were clustered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LayoutPoints {
    /// The points, shape `[n, columns]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub points: Float32Array,
    /// How many columns they have.
    pub columns: usize,
}
