//! Graph smoothing: each row moves towards its nearest neighbours, so that groups become denser and further apart.
//!
//! Personalised PageRank propagation over the neighbour graph: Gasteiger, Bojchevski and Günnemann, "Predict then Propagate:
//! Graph Neural Networks meet Personalized PageRank", 2019, and Wu et al., "Simplifying Graph Convolutional Networks", 2019. It
//! is deterministic, linear in the number of rows once the neighbours are known, and independent of the number of clusters.

use crate::cluster::neighbours::Neighbours;
use crate::cluster::{ClusterError, check_finite};
use crate::matrix::Matrix;

/// The number of neighbours of a row, without the row itself; all other rows if there are fewer.
pub const NEIGHBOURS: usize = 7;
/// The number of propagation steps.
const STEPS: usize = 10;
/// The share of a row's own start in each step; the rest comes from its neighbours.
const OWN_SHARE: f64 = 0.1;

/// Smooths `points`, shape `[n, d]`, over the graph of their nearest neighbours: those that
/// [`nearest_rows`](crate::cluster::neighbours::nearest_rows) finds for all rows with a count of [`NEIGHBOURS`]. Returns
/// rows of length 1, or zeros if a row and its surroundings are zeros; shape `[n, d]`.
///
/// With `Y = points`, ten steps of `Y = 0.9 A Y + 0.1 points`, where `A` is `(N + Nᵀ) / 2` with rows normalised to sum 1 and
/// `N[i, j]` is 1 if row `j` is a neighbour of row `i` and 0 otherwise. The distances of the neighbours are not used.
///
/// # Errors
/// [`ClusterError::NoRows`] without rows, [`ClusterError::NotFinite`], [`ClusterError::Shape`] if the neighbours are not
/// [`NEIGHBOURS`] for every row, or all other rows if there are fewer, and [`ClusterError::RowsOutOfRange`] if a neighbour is
/// not a row.
///
/// # Examples
/// ```
/// use shoal::cluster::neighbours::nearest_rows;
/// use shoal::matrix::Matrix;
/// use shoal::options::Recipe;
/// use shoal::reduce::{prepare, smooth};
///
/// let features = Matrix::from_rows((0..60).map(|value| (value * value % 17) as f32).collect(), 3)?;
/// let points = prepare(&features, Recipe::Smooth)?.points;
/// let neighbours = nearest_rows(&points, 0..points.rows(), smooth::NEIGHBOURS)?;
/// assert_eq!(smooth::smooth(&points, &neighbours)?.rows(), 20);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn smooth(points: &Matrix, neighbours: &Neighbours) -> Result<Matrix, ClusterError> {
    let (n, columns) = (points.rows(), points.columns());
    if n == 0 {
        return Err(ClusterError::NoRows);
    }
    check_finite(points)?;
    neighbours.check(n, NEIGHBOURS)?;
    let graph = Graph::new(neighbours, n);
    // Double precision keeps the rounding of ten steps below that of the result.
    let start: Vec<f64> = points.values().iter().map(|&value| value.into()).collect();
    let mut current = start.clone();
    let mut next = vec![0.0; start.len()];
    for _ in 0..STEPS {
        for (row, target) in next.chunks_exact_mut(columns).enumerate() {
            for (target, own) in target.iter_mut().zip(&start[row * columns..]) {
                *target = OWN_SHARE * own;
            }
            for &(neighbour, weight) in graph.edges(row) {
                let values = &current[neighbour as usize * columns..][..columns];
                for (target, value) in target.iter_mut().zip(values) {
                    *target += (1.0 - OWN_SHARE) * weight * value;
                }
            }
        }
        std::mem::swap(&mut current, &mut next);
    }
    let mut smoothed = Matrix::zeros(n, columns);
    for (row, values) in current.chunks_exact(columns).enumerate() {
        let length = values.iter().map(|value| value * value).sum::<f64>().sqrt();
        if length > 0.0 {
            for (target, value) in smoothed.row_mut(row).iter_mut().zip(values) {
                *target = (value / length) as f32;
            }
        }
    }
    Ok(smoothed)
}

/// The symmetrised neighbour graph, weights normalised to sum 1 for each row.
struct Graph {
    /// The index of each row's first edge, then the number of edges, shape `[n + 1]`.
    starts: Vec<usize>,
    /// The other row and the weight of each edge, by row in ascending order.
    edges: Vec<(u32, f64)>,
}

impl Graph {
    fn new(neighbours: &Neighbours, n: usize) -> Self {
        let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(2 * neighbours.rows.len());
        for (index, &neighbour) in neighbours.rows.iter().enumerate() {
            let row = (index / neighbours.count) as u32;
            pairs.extend([(row, neighbour), (neighbour, row)]);
        }
        pairs.sort_unstable();
        let mut graph = Self { starts: Vec::with_capacity(n + 1), edges: Vec::new() };
        let mut rest = pairs.as_slice();
        for row in 0..n as u32 {
            graph.starts.push(graph.edges.len());
            let (own, others) = rest.split_at(rest.partition_point(|&(first, _)| first == row));
            rest = others;
            // A mutual neighbour occurs twice and weighs twice as much.
            for same in own.chunk_by(|one, other| one == other) {
                graph.edges.push((same[0].1, same.len() as f64 / own.len() as f64));
            }
        }
        graph.starts.push(graph.edges.len());
        graph
    }

    fn edges(&self, row: usize) -> &[(u32, f64)] {
        &self.edges[self.starts[row]..self.starts[row + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::neighbours::nearest_rows;
    use crate::error::Coded;

    fn matrix(values: &[f32], columns: usize) -> Matrix {
        Matrix::from_rows(values.to_vec(), columns).unwrap()
    }

    fn smoothed(points: &Matrix) -> Matrix {
        smooth(points, &nearest_rows(points, 0..points.rows(), NEIGHBOURS).unwrap()).unwrap()
    }

    #[test]
    fn mutual_neighbours_weigh_twice_as_much() {
        // Rows 0 and 1 are neighbours of each other; row 2 has row 1 as its neighbour.
        let neighbours = Neighbours { count: 1, rows: vec![1, 0, 1], distances: vec![0.0; 3] };
        let graph = Graph::new(&neighbours, 3);
        assert_eq!(graph.edges(0), [(1, 1.0)]);
        assert_eq!(graph.edges(1), [(0, 2.0 / 3.0), (2, 1.0 / 3.0)]);
        assert_eq!(graph.edges(2), [(1, 1.0)]);
    }

    #[test]
    fn a_single_row_and_two_rows_keep_their_directions() {
        assert_eq!(smoothed(&matrix(&[0.0, 3.0], 2)).values(), [0.0, 1.0]);
        assert_eq!(smoothed(&matrix(&[2.0, -2.0], 1)).values(), [1.0, -1.0]);
    }

    #[test]
    fn identical_rows_stay_identical() {
        assert_eq!(smoothed(&Matrix::zeros(9, 2)), Matrix::zeros(9, 2));
        let ones = smoothed(&matrix(&[0.5; 12], 1));
        assert_eq!(ones.values(), [1.0; 12]);
    }

    #[test]
    fn rows_of_a_group_come_closer() {
        // Two groups of eight, each spread over 40 degrees, around opposite directions.
        let angle = |row: usize| (row % 8) as f32 * 0.1 + if row < 8 { 0.0 } else { 3.0 };
        let points = matrix(&(0..16).flat_map(|row| [angle(row).cos(), angle(row).sin()]).collect::<Vec<_>>(), 2);
        let smoothed = smoothed(&points);
        let cosine = |matrix: &Matrix, one: usize, other: usize| {
            matrix.row(one).iter().zip(matrix.row(other)).map(|(a, b)| a * b).sum::<f32>()
        };
        assert!(cosine(&smoothed, 0, 7) > 0.99 && cosine(&points, 0, 7) < 0.8);
        assert!(cosine(&smoothed, 3, 11) < -0.9);
    }

    #[test]
    fn invalid_input_is_rejected() {
        let points = matrix(&[0.0, 1.0, 3.0], 1);
        let neighbours = nearest_rows(&points, 0..3, NEIGHBOURS).unwrap();
        let none = Neighbours { count: 0, rows: Vec::new(), distances: Vec::new() };
        assert_eq!(smooth(&Matrix::zeros(0, 1), &none).unwrap_err(), ClusterError::NoRows);
        assert_eq!(smooth(&points, &none).unwrap_err().code(), "bad-shape");
        let one_each = nearest_rows(&points, 0..3, 1).unwrap();
        assert_eq!(smooth(&points, &one_each).unwrap_err().code(), "bad-shape");
        let elsewhere = Neighbours { rows: vec![1, 2, 0, 3, 0, 1], ..neighbours.clone() };
        let out_of_range = ClusterError::RowsOutOfRange { start: 3, end: 4, rows: 3 };
        assert_eq!(smooth(&points, &elsewhere).unwrap_err(), out_of_range);
        let not_finite = matrix(&[0.0, f32::NAN, 3.0], 1);
        assert_eq!(smooth(&not_finite, &neighbours).unwrap_err(), ClusterError::NotFinite { row: 1 });
    }
}
