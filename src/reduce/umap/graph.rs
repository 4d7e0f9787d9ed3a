//! The fuzzy simplicial set: the neighbour graph, weighted by membership.
//!
//! Sections 3.1 and 4.1, algorithms 2 and 3, of McInnes, Healy and Melville, 2018, in umap-learn's form: a local
//! connectivity of 1, and the fuzzy union of both directions of an edge.

use std::f64::consts::LN_2;

use super::elementary::{exp, ln};
use crate::cluster::neighbours::Neighbours;

/// The maximum number of bisections in the search for a bandwidth.
const MAX_BISECTIONS: u32 = 64;
/// The search ends when the sum of memberships is this near to its target.
const TOLERANCE: f64 = 1e-5;
/// The minimum bandwidth, as a share of the mean distance.
const MIN_BANDWIDTH: f64 = 1e-3;

/// A symmetric graph of rows. The neighbours of row `i` are `columns[starts[i]..starts[i + 1]]`, in ascending order.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    /// The index of each row's first edge, then the number of edges, shape `[n + 1]`.
    pub starts: Vec<usize>,
    /// The other row of each edge, shape `[edges]`.
    pub columns: Vec<u32>,
    /// The membership of each edge, above 0 and up to 1, shape `[edges]`.
    pub weights: Vec<f32>,
}

impl Graph {
    /// The graph of the neighbours of all rows; all distances are finite.
    pub fn new(neighbours: &Neighbours) -> Self {
        let count = neighbours.count;
        let outward = memberships(neighbours);
        let inward = Inward::new(neighbours, &outward);
        let mut graph = Self { starts: vec![0], columns: Vec::new(), weights: Vec::new() };
        let mut edges = Vec::new();
        for (row, inward) in inward.by_row().enumerate() {
            let own = row * count..(row + 1) * count;
            edges.clear();
            edges.extend(neighbours.rows[own.clone()].iter().copied().zip(outward[own].iter().copied()));
            edges.extend_from_slice(inward);
            edges.sort_by_key(|&(column, _)| column);
            for same in edges.chunk_by(|one, other| one.0 == other.0) {
                // In this form of the union, a membership of 1 stays exactly 1.
                let weight = match same {
                    &[(_, weight)] => weight,
                    same => 1.0 - same.iter().map(|&(_, weight)| 1.0 - weight).product::<f32>(),
                };
                if weight > 0.0 {
                    graph.columns.push(same[0].0);
                    graph.weights.push(weight);
                }
            }
            graph.starts.push(graph.columns.len());
        }
        graph
    }
}

/// For each row, the rows that have it as a neighbour, with their memberships.
struct Inward {
    starts: Vec<usize>,
    edges: Vec<(u32, f32)>,
}

impl Inward {
    fn new(neighbours: &Neighbours, outward: &[f32]) -> Self {
        let n = neighbours.rows.len().checked_div(neighbours.count).unwrap_or(0);
        let mut starts = vec![0; n + 1];
        for &column in &neighbours.rows {
            starts[column as usize + 1] += 1;
        }
        for row in 0..n {
            starts[row + 1] += starts[row];
        }
        let mut free = starts.clone();
        let mut edges = vec![(0, 0.0); neighbours.rows.len()];
        for (index, (&column, &weight)) in neighbours.rows.iter().zip(outward).enumerate() {
            let place = &mut free[column as usize];
            edges[*place] = ((index / neighbours.count) as u32, weight);
            *place += 1;
        }
        Self { starts, edges }
    }

    fn by_row(&self) -> impl Iterator<Item = &[(u32, f32)]> {
        self.starts.windows(2).map(|ends| &self.edges[ends[0]..ends[1]])
    }
}

/// The directed membership of each neighbour of each row, shape `[n, count]`.
fn memberships(neighbours: &Neighbours) -> Vec<f32> {
    let mut memberships = Vec::with_capacity(neighbours.distances.len());
    for distances in neighbours.distances.chunks_exact(neighbours.count.max(1)) {
        let nearest = distances.iter().copied().find(|&distance| distance > 0.0).unwrap_or(0.0);
        let least = MIN_BANDWIDTH * mean_with_itself(distances);
        let bandwidth = bandwidth(distances, nearest).max(least);
        memberships.extend(distances.iter().map(|&distance| membership(distance, nearest, bandwidth) as f32));
    }
    memberships
}

/// The mean of a row's distances, including that to itself, which is 0.
fn mean_with_itself(distances: &[f32]) -> f64 {
    distances.iter().map(|&distance| f64::from(distance)).sum::<f64>() / (distances.len() + 1) as f64
}

/// The membership at `distance`: 1 up to the distance of the `nearest` neighbour, decaying beyond.
fn membership(distance: f32, nearest: f32, bandwidth: f64) -> f64 {
    let beyond = f64::from(distance - nearest);
    if beyond > 0.0 && bandwidth > 0.0 { exp(-beyond / bandwidth) } else { 1.0 }
}

/// The bandwidth for which the sum of a row's memberships is the binary logarithm of the number of its neighbours, itself
/// included.
fn bandwidth(distances: &[f32], nearest: f32) -> f64 {
    let target = ln((distances.len() + 1) as f64) / LN_2;
    let (mut low, mut high, mut middle) = (0.0, f64::INFINITY, 1.0);
    for _ in 0..MAX_BISECTIONS {
        let sum: f64 = distances.iter().map(|&distance| membership(distance, nearest, middle)).sum();
        if (sum - target).abs() < TOLERANCE {
            break;
        }
        if sum > target {
            high = middle;
        } else {
            low = middle;
        }
        middle = if high.is_finite() { (low + high) / 2.0 } else { middle * 2.0 };
    }
    middle
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::Graph;
    use crate::cluster::neighbours::nearest_rows;
    use crate::cluster::test_support::{lattice, read_oracle};
    use crate::matrix::Matrix;

    #[derive(Deserialize)]
    struct GraphCase {
        columns: usize,
        points: Vec<f32>,
        neighbours: usize,
        starts: Vec<usize>,
        ends: Vec<u32>,
        weights: Vec<f32>,
    }

    /// The graph over `neighbours` near rows, the row itself included.
    fn graph(points: &Matrix, neighbours: usize) -> Graph {
        Graph::new(&nearest_rows(points, 0..points.rows(), neighbours - 1).unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

        #[test]
        fn graphs_are_symmetric_and_connect_every_row(
            (values, columns) in lattice(1..40, 1..12),
            neighbours in 2_usize..8,
        ) {
            let points = Matrix::from_rows(values, columns).unwrap();
            prop_assume!(points.rows() > 1);
            let graph = graph(&points, neighbours);
            prop_assert_eq!(graph.starts.len(), points.rows() + 1);
            for row in 0..points.rows() {
                let edges = graph.starts[row]..graph.starts[row + 1];
                prop_assert!(graph.weights[edges.clone()].contains(&1.0));
                prop_assert!(graph.columns[edges.clone()].is_sorted_by(|one, next| one < next));
                for edge in edges {
                    let other = graph.columns[edge] as usize;
                    let back =
                        (graph.starts[other]..graph.starts[other + 1]).find(|&back| graph.columns[back] as usize == row);
                    prop_assert_eq!(back.map(|back| graph.weights[back]), Some(graph.weights[edge]));
                }
            }
        }
    }

    #[test]
    fn memberships_are_umap_learns() {
        for case in read_oracle::<GraphCase>("umap_graphs") {
            let graph = graph(&Matrix::from_rows(case.points, case.columns).unwrap(), case.neighbours);
            assert_eq!((graph.starts, graph.columns), (case.starts, case.ends));
            for (found, expected) in graph.weights.iter().zip(&case.weights) {
                assert!((found - expected).abs() < 2e-5, "{found} is not {expected}");
            }
        }
    }
}
