//! The layout: stochastic gradient descent along the edges of the graph, with negative samples.
//!
//! Section 4.2, algorithm 5, of McInnes, Healy and Melville, 2018, in umap-learn's form: edges are visited in
//! proportion to their weights, and with each visit the edge's first row is pushed away from a few random rows.

use super::UmapParams;
use super::curve::Curve;
use super::forces::Force;
use super::generator::Generator;
use super::graph::Graph;
use super::start;
use crate::cluster::neighbours::Neighbours;
use crate::cluster::{ClusterError, check_finite};
use crate::matrix::Matrix;

/// The maximum number of rows for [`MANY_EPOCHS`]; above, [`FEW_EPOCHS`].
const SMALL: usize = 10_000;
const MANY_EPOCHS: u32 = 500;
const FEW_EPOCHS: u32 = 200;
/// With fewer epochs, weak edges are dropped as if the number of epochs were the default.
const LEAST_EPOCHS: u32 = 11;
/// The number of negative samples for each visit of an edge.
const NEGATIVE_SAMPLES: f32 = 5.0;
/// The maximum move of a coordinate, in units of the learning rate.
const MAX_MOVE: f32 = 4.0;

/// A layout in progress, between two epochs.
///
/// The result has the same bits however the epochs are divided among calls of [`Self::run`]. Memory is that of the graph's
/// edges.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The rows' coordinates, each row padded with zeros, which stay zero.
    places: Vec<f32>,
    padded: usize,
    dimensions: usize,
    edges: Vec<Edge>,
    attraction: Force,
    repulsion: Force,
    generator: Generator,
    epochs: u32,
    epochs_done: u32,
}

/// An edge and its schedule, in epochs.
#[derive(Clone, Copy, Debug)]
struct Edge {
    head: u32,
    tail: u32,
    /// The interval between two visits, at least 1.
    period: f32,
    next: f32,
    /// The time up to which negative samples have been taken.
    sampled: f32,
}

impl Layout {
    /// Starts a layout of `points`, shape `[n, d]`, over the neighbours of all rows: those that
    /// [`nearest_rows`](crate::cluster::neighbours::nearest_rows) finds with a count of
    /// [`UmapParams::others`].
    ///
    /// # Errors
    /// [`ClusterError::NoRows`] without rows, [`ClusterError::Option`] if a parameter is out of range,
    /// [`ClusterError::NotFinite`] if a point is not finite or a distance overflows an `f32`, [`ClusterError::Shape`] if the
    /// neighbours are not [`UmapParams::others`] for every row, and [`ClusterError::RowsOutOfRange`] if one is not a row.
    pub fn new(points: &Matrix, neighbours: &Neighbours, params: &UmapParams) -> Result<Self, ClusterError> {
        params.check()?;
        check(points, neighbours, params)?;
        let mut generator = Generator::new(params.seed);
        let usual = if points.rows() <= SMALL { MANY_EPOCHS } else { FEW_EPOCHS };
        let epochs = params.epochs.unwrap_or(usual);
        let edges = edges(&Graph::new(neighbours), if epochs < LEAST_EPOCHS { usual } else { epochs });
        let curve = Curve::fit(params.min_dist.into());
        let start = start::places(points, params.dimensions, &mut generator);
        let padded = params.dimensions.next_power_of_two().max(4);
        let mut places = vec![0.0; points.rows() * padded];
        for (row, place) in places.chunks_exact_mut(padded).enumerate() {
            place[..params.dimensions].copy_from_slice(start.row(row));
        }
        Ok(Self {
            places,
            padded,
            dimensions: params.dimensions,
            edges,
            attraction: Force::attraction(curve),
            repulsion: Force::repulsion(curve),
            generator,
            epochs,
            epochs_done: 0,
        })
    }

    /// The total number of epochs.
    pub fn epochs(&self) -> u32 {
        self.epochs
    }

    /// The number of finished epochs.
    pub fn epochs_done(&self) -> u32 {
        self.epochs_done
    }

    /// Runs up to `epochs` of the remaining epochs.
    pub fn run(&mut self, epochs: u32) {
        for _ in 0..epochs.min(self.epochs - self.epochs_done) {
            // Loops over a constant number of coordinates vectorise.
            match self.padded {
                4 => self.epoch::<4>(),
                8 => self.epoch::<8>(),
                16 => self.epoch::<16>(),
                32 => self.epoch::<32>(),
                _ => self.epoch::<64>(),
            }
            self.epochs_done += 1;
        }
    }

    /// The rows' coordinates, shape `[n, dimensions]`, all finite.
    pub fn finish(self) -> Matrix {
        let n = self.places.len() / self.padded;
        let mut places = Matrix::zeros(n, self.dimensions);
        for (row, place) in self.places.chunks_exact(self.padded).enumerate() {
            places.row_mut(row).copy_from_slice(&place[..self.dimensions]);
        }
        places
    }

    fn epoch<const WIDTH: usize>(&mut self) {
        let (places, _) = self.places.as_chunks_mut::<WIDTH>();
        let n = places.len() as u32;
        let epoch = self.epochs_done as f32;
        // As in umap-learn, the first two epochs have the full learning rate.
        let rate = 1.0 - self.epochs_done.saturating_sub(1) as f32 / self.epochs as f32;
        let mut generator = self.generator.clone();
        for edge in self.edges.iter_mut().filter(|edge| edge.next <= epoch) {
            let (head, tail) = (edge.head as usize, edge.tail as usize);
            let (mut place, mut other) = (places[head], places[tail]);
            let move_ = pull(&place, &other, &self.attraction, -rate);
            for index in 0..WIDTH {
                place[index] += move_[index];
                other[index] -= move_[index];
            }
            places[tail] = other;
            edge.next += edge.period;

            let sample_period = edge.period / NEGATIVE_SAMPLES;
            let samples = ((epoch - edge.sampled) / sample_period) as u32;
            for _ in 0..samples {
                let other = generator.below(n);
                if other == head {
                    continue;
                }
                let move_ = pull(&place, &places[other], &self.repulsion, rate);
                for index in 0..WIDTH {
                    place[index] += move_[index];
                }
            }
            places[head] = place;
            edge.sampled += samples as f32 * sample_period;
        }
        self.generator = generator;
    }
}

/// The move of `place` due to `force` with `other`: towards it at a negative rate, away from it at a positive one.
#[inline]
fn pull<const WIDTH: usize>(place: &[f32; WIDTH], other: &[f32; WIDTH], force: &Force, rate: f32) -> [f32; WIDTH] {
    let mut difference = [0.0; WIDTH];
    let mut squares = [0.0; WIDTH];
    for index in 0..WIDTH {
        difference[index] = place[index] - other[index];
        squares[index] = difference[index] * difference[index];
    }
    // Adding halves pairwise fills vector registers.
    let mut width = WIDTH;
    while width > 1 {
        width /= 2;
        for index in 0..width {
            squares[index] += squares[index + width];
        }
    }
    let force = force.at(squares[0]);
    difference.map(|difference| (force * difference).clamp(-MAX_MOVE, MAX_MOVE) * rate)
}

/// The edges that are visited at least once in `epochs`.
fn edges(graph: &Graph, epochs: u32) -> Vec<Edge> {
    let largest = graph.weights.iter().copied().fold(0.0, f32::max);
    let least = largest / epochs as f32;
    let mut edges = Vec::new();
    for (head, ends) in graph.starts.windows(2).enumerate() {
        for index in (ends[0]..ends[1]).filter(|&index| graph.weights[index] >= least) {
            let period = largest / graph.weights[index];
            let sampled = period / NEGATIVE_SAMPLES;
            edges.push(Edge { head: head as u32, tail: graph.columns[index], period, next: period, sampled });
        }
    }
    edges
}

/// Validates the arguments of [`Layout::new`].
fn check(points: &Matrix, neighbours: &Neighbours, params: &UmapParams) -> Result<(), ClusterError> {
    let n = points.rows();
    if n == 0 {
        return Err(ClusterError::NoRows);
    }
    check_finite(points)?;
    neighbours.check(n, params.others())?;
    match neighbours.distances.iter().position(|distance| !distance.is_finite()) {
        Some(index) => Err(ClusterError::NotFinite { row: index / neighbours.count }),
        None => Ok(()),
    }
}
